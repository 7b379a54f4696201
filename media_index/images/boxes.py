"""The boxes of which HEIC and AVIF files are made (ISO/IEC 14496-12)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

_BOX = 8
_LARGE_BOX = 16
# What damaged boxes were seen to raise.
DAMAGED = (IndexError, ValueError, KeyError)


def boxes(content: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Yield name and content of each box."""
    place = 0
    while place + _BOX <= len(content):
        size, head = number(content[place : place + 4]), _BOX
        kind = bytes(content[place + 4 : place + 8])
        if size == 1:
            size, head = number(content[place + 8 : place + 16]), _LARGE_BOX
        elif size == 0:
            size = len(content) - place
        if size < head:
            return
        yield kind, content[place + head : place + size]
        place += size


def number(content: bytes | memoryview) -> int:
    """Return a number as boxes hold it."""
    return int.from_bytes(content, "big")


def primary_item(inside: Mapping[bytes, memoryview]) -> int:
    """Return the picture that is shown, by what is inside the box meta.

    Raises:
        KeyError: the box pitm is missing.
    """
    pitm = inside[b"pitm"]
    return number(pitm[4:8] if pitm[0] else pitm[4:6])


def data_of_picture(content: memoryview) -> dict[int, list[tuple[int, int]]]:
    """Return where the data of the picture that is shown begin, and how long they are, by item.

    Of one that is put together of tiles, those of each tile. No previews, masks or light maps.

    Raises:
        IndexError: the boxes are damaged.
        KeyError: a box is missing.
    """
    inside = dict(boxes(dict(boxes(content))[b"meta"][4:]))
    shown = primary_item(inside)
    items: dict[int, list[tuple[int, int]]] = {
        item: [] for item in (shown, *_tiles(inside.get(b"iref", memoryview(b"")), shown))
    }
    for item, start, size in _extents(inside[b"iloc"]):
        if item in items and size and start + size <= len(content):
            items[item].append((start, size))
    return items


def properties_of_items(content: memoryview) -> dict[int, list[tuple[bytes, memoryview]]]:
    """Return name and content of the properties of each item, in order.

    Raises:
        IndexError: the boxes are damaged.
        KeyError: a box is missing.
    """
    properties = dict(boxes(dict(boxes(dict(boxes(content))[b"meta"][4:]))[b"iprp"]))
    kept = list(boxes(properties[b"ipco"]))
    return {
        item: [kept[place - 1] for place in places if place]
        for item, places in _associated(properties[b"ipma"])
    }


def _associated(ipma: memoryview) -> Iterator[tuple[int, list[int]]]:
    """Yield each item with the numbers of its properties, from 1, in order."""
    item_bytes = 4 if ipma[0] else 2
    bytes_each = 2 if ipma[3] & 1 else 1
    stream = io.BytesIO(ipma[4:])
    for _ in range(number(stream.read(4))):
        item = number(stream.read(item_bytes))
        listed = [number(stream.read(bytes_each)) for _ in range(stream.read(1)[0])]
        # The first bit says whether the property is essential.
        yield item, [one & (0x7FFF if bytes_each > 1 else 0x7F) for one in listed]


def _tiles(iref: memoryview, grid: int) -> Iterator[int]:
    wide = 4 if number(iref[:1]) == 1 else 2
    for kind, body in boxes(iref[4:]):
        if kind == b"dimg" and number(body[:wide]) == grid:
            listed = body[wide + 2 :]
            yield from (number(listed[at : at + wide]) for at in range(0, len(listed), wide))


def _extents(iloc: memoryview) -> Iterator[tuple[int, int, int]]:
    """Yield each item, where a part of its data begins in the file, and its size."""
    version, sizes = iloc[0], (iloc[4] >> 4, iloc[4] & 15, iloc[5] >> 4, iloc[5] & 15)
    of_offset, of_length, of_base = sizes[:3]
    of_index = sizes[3] if version else 0
    stream = io.BytesIO(iloc[6:])
    wide = 4 if version > 1 else 2
    for _ in range(number(stream.read(wide))):
        item = number(stream.read(wide))
        # 0 where the data lie in the file itself.
        method = number(stream.read(2)) & 15 if version else 0
        stream.seek(2, io.SEEK_CUR)
        base = number(stream.read(of_base))
        count = stream.read(2)
        if not count:
            return
        for _ in range(number(count)):
            stream.seek(of_index, io.SEEK_CUR)
            start, size = base + number(stream.read(of_offset)), number(stream.read(of_length))
            if method == 0:
                yield item, start, size
