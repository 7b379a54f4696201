"""Damage that decoders paint over: a face in it would be gray, green or somebody else's.

libjpeg goes on after what it calls a warning, and Pillow tells nobody; of PNG it takes no notice of
the sums at the end of each part of the picture. WebP and AVIF have no sums, and damage in them
becomes other pixels; but then the decoder is done before the end of the data, or comes to the end
before it is done. The latter it says. The former shows when the last bytes are taken away: a whole
picture cannot be decoded without them, and one that is damaged can. Of HEIC both are asked of the
decoder itself, of which libheif passes on nothing; of AVIF, a stricter decoder than Pillow's.

Pixels that are not compressed (TIFF), or whose code finds its feet again at once (lossless WebP),
tell nothing of the kind: other pixels are as good. Only how many and where is looked at.
"""

from __future__ import annotations

import io
import os
import re
import struct
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

import numpy as np
import simplejpeg
from PIL import Image
from PIL.TiffImagePlugin import TiffImageFile

from media_index.images.boxes import DAMAGED, data_of_picture
from media_index.images.hevc import faults_of

# Of libjpeg's jerror.h, those by which pixels are wrong. Not: odd color profiles and revisions, and
# what Samsung's phones of some years write about their scans.
_OF_PIXELS = re.compile(
    r"Corrupt JPEG data(?!: bad ICC)|Premature end of JPEG file|Inconsistent progression sequence"
)
# What some cameras write between the last pixel and the end.
_SURPLUS = re.compile(r"Corrupt JPEG data: (\d+) extraneous bytes before marker 0xd9")
_LITTLE, _FILLING = 16, frozenset({0x00, 0xFF})
# The coarsest that libjpeg can decode to: all data is read, and hardly a pixel computed.
_REDUCTION = 8
_PNG_SIGNATURE = 8
_PIXELS_OF_PNG = frozenset({b"PLTE", b"tRNS", b"IDAT", b"acTL", b"fcTL", b"fdAT"})
# Of WebP's container: place, size and time of a frame stand before its pixels; what announces a
# transparent one is large enough for any.
_FRAME_HEAD, _WITH_ALPHA = 16, 0x10
# Of GIF89a: sizes of the screen's and a frame's head, and the marks that begin what follows.
_GIF_SCREEN, _GIF_FRAME = 13, 10
_GIF_EXTENSION, _GIF_IMAGE, _GIF_END = 0x21, 0x2C, 0x3B
# The code that ends a frame, and at least one before it, lie in the last so many bytes.
_LAST_CODES = 4
# The brand of AVIF that stands first where pictures follow one another.
_AVIF_SEQUENCE = b"avis"
_RIFF_HEAD = 12
_PIXELS_OF_WEBP = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
# Whole pictures of all sizes and qualities need all but the last 3 bytes of WebP, of AVIF all but
# the last 3 of the last tile.
_SURELY_NEEDED = 6
_STDERR = 2
# Of TIFF 6.0 and its technical note 2.
_COMPRESSION, _JPEG_IN_TIFF, _JPEG_TABLES = 259, 7, 347
_UNCOMPRESSED, _DEFLATED = 1, frozenset({8, 32946})
_AT_A_TIME = 1024 * 1024
_STRIPS, _STRIP_SIZES, _TILES, _TILE_SIZES = 273, 279, 324, 325
_WIDTH, _HEIGHT, _BITS, _PHOTOMETRIC, _SAMPLES = 256, 257, 258, 262, 277
_ROWS_OF_STRIP, _PLANES, _TILE_WIDTH, _TILE_ROWS = 278, 284, 322, 323
_CLASSIC, _TIFF_HEAD, _APART, _YCBCR = 42, 8, 2, 6
_PACKBITS, _RUNS = 32773, 128
# A JPEG is made of squares of at most so many px.
_JPEG_BLOCK = 16
_OF_ANOTHER_LENGTH = "a part of it is too short, or too long"
# Of AV1's open bitstream units, by the specification's table of types; the last is left unread.
_FRAMES, _PADDING_HEAD = frozenset({4, 6}), 15 << 3 | 2


# Of what libtiff writes on standard error, that which is about pixels.
_OF_TIFF = re.compile(
    rb"(Decode\w*|JPEGLib): |Using code not yet in table|Not enough data|Read error on strip|"
    rb"Can not read (strip|tile)"
)
_MOST_SAID = 64 * 1024


class DamagedError(ValueError):
    """A picture was decoded, but not all of what is seen is what was once taken."""


def require_undamaged(content: bytes, image_format: str) -> None:
    """Look strictly at a picture that can be decoded.

    Args:
        content: of the file.
        image_format: Pillow's name.

    Raises:
        DamagedError: a part of its pixels is wrong.
    """
    look = _LOOKS.get(image_format)
    if look is not None:
        look(content)


@contextmanager
def undamaged_tiff() -> Iterator[None]:
    """Hear what libtiff says while a picture is decoded; Pillow goes on, and tells nobody.

    Raises:
        DamagedError: a part of its pixels is wrong.
    """
    with tempfile.TemporaryFile() as said:
        kept = _another(_STDERR)
        os.dup2(said.fileno(), _STDERR)
        try:
            yield
        finally:
            if kept is None:
                os.close(_STDERR)
            else:
                os.dup2(kept, _STDERR)
                os.close(kept)
        said.seek(0)
        found = _OF_TIFF.search(said.read(_MOST_SAID))
    if found:
        raise DamagedError(found[0].decode("ascii", "replace"))


def _another(descriptor: int) -> int | None:
    """Return another descriptor of the same file; None where it is not open."""
    try:
        return os.dup(descriptor)
    except OSError:
        return None


def _require_undamaged_tiff(content: bytes) -> None:
    """Look strictly at the strips or tiles of a TIFF, each by itself."""
    with Image.open(io.BytesIO(content), formats=("TIFF",)) as image:
        tags = dict(image.tag_v2) if isinstance(image, TiffImageFile) else {}
    compression, tables = tags.get(_COMPRESSION), bytes(tags.get(_JPEG_TABLES, b""))
    lengths = list(map(_Length.of_part, repeat(tags), range(_count_of_parts(tags))))
    starts = tags.get(_STRIPS, tags.get(_TILES, ()))
    sizes = tags.get(_STRIP_SIZES, tags.get(_TILE_SIZES, ()))
    if compression == _UNCOMPRESSED and not sizes:
        # Some old programs leave them out, and readers know them all the same.
        sizes = tuple(length.least for length in lengths)
    if not len(starts) == len(sizes) == len(lengths):
        raise DamagedError("it has more or fewer parts than it says")
    _require_places([_directory(content), *zip(starts, sizes, strict=True)], len(content))
    # In another color space there are fewer values than pixels.
    is_plain = tags.get(_PHOTOMETRIC) != _YCBCR
    for length, start, size in zip(lengths, starts, sizes, strict=True):
        part = content[start : start + size]
        if compression in _DEFLATED:
            unpacked = _require_undamaged_zlib(part)
            # Whether there are pixels enough is libtiff's to say.
            if is_plain and unpacked > length.most:
                raise DamagedError(_OF_ANOTHER_LENGTH)
        elif compression == _JPEG_IN_TIFF:
            whole = tables[:-2] + part[2:] if tables else part
            _require_undamaged_jpeg(whole)
            _require_sides(whole, length)
        elif compression == _UNCOMPRESSED and is_plain:
            length.require(size)
        elif compression == _PACKBITS and is_plain and _unpacked(part) != length.least:
            raise DamagedError(_OF_ANOTHER_LENGTH)


def _directory(content: bytes) -> tuple[int, int]:
    """Return where a TIFF's list of tags stands, and its size; nothing of one above 4 GiB."""
    order = "<" if content.startswith(b"II") else ">"
    kind, start = struct.unpack_from(f"{order}HI", content, 2)
    if kind != _CLASSIC:
        return _TIFF_HEAD, 0
    (entries,) = struct.unpack_from(f"{order}H", content, start)
    return start, 2 + 12 * entries


def _require_places(parts: Iterable[tuple[int, int]], end: int) -> None:
    """Require that parts of a TIFF lie in the file, behind its head, and beside one another.

    A part of size 0 at 0 is one that was left out.
    """
    before = _TIFF_HEAD
    for start, size in sorted(part for part in parts if part != (0, 0)):
        if start < before or start + size > end:
            raise DamagedError("a part of it is not where it should be")
        before = start + size


def _count_of_parts(tags: Mapping[int, Any]) -> int:
    """Return how many strips or tiles a TIFF must have."""
    wide, high = tags[_WIDTH], tags[_HEIGHT]
    planes = tags.get(_SAMPLES, 1) if tags.get(_PLANES, 1) == _APART else 1
    if _TILE_WIDTH not in tags:
        return int(-(-high // _rows_of_strips(tags)) * planes)
    across, down = max(tags[_TILE_WIDTH], 1), max(tags[_TILE_ROWS], 1)
    return int(-(-wide // across) * -(-high // down) * planes)


def _rows_of_strips(tags: Mapping[int, Any]) -> int:
    height = int(tags[_HEIGHT])
    return max(1, min(int(tags.get(_ROWS_OF_STRIP, height)), height))


@dataclass(frozen=True, slots=True)
class _Length:
    """How large a strip or tile of a TIFF is.

    Attributes:
        wide: px.
        rows: px; of the last strip, what is left.
        most_rows: px; some programs write the last strip as high as the others.
        row: bytes before it is compressed.
    """

    wide: int
    rows: int
    most_rows: int
    row: int

    @classmethod
    def of_part(cls, tags: Mapping[int, Any], place: int) -> _Length:
        samples = tags.get(_SAMPLES, 1)
        bits = sum((tags.get(_BITS, (1,)) * samples)[:samples])
        if tags.get(_PLANES, 1) == _APART:
            bits //= samples
        if _TILE_WIDTH in tags:
            wide, rows = int(tags[_TILE_WIDTH]), int(tags[_TILE_ROWS])
            return cls(wide, rows, rows, -(-wide * bits // 8))
        wide, height, each = int(tags[_WIDTH]), int(tags[_HEIGHT]), _rows_of_strips(tags)
        rows = min(each, height - place % -(-height // each) * each)
        return cls(wide, rows, each, -(-wide * bits // 8))

    @property
    def least(self) -> int:
        """Bytes."""
        return self.row * self.rows

    @property
    def most(self) -> int:
        """Bytes, with a few behind as programs fill up, but no further row."""
        return self.row * (self.most_rows + 1) - 1

    def require(self, there: int) -> None:
        """Require as many bytes as it has.

        Raises:
            DamagedError: there are fewer or more: one of the sizes is wrong.
        """
        if not self.least <= there <= self.most:
            raise DamagedError(_OF_ANOTHER_LENGTH)


def _require_sides(jpeg: bytes, length: _Length) -> None:
    """Require that a strip or tile is a JPEG as large as it must be, up to the blocks of a JPEG."""
    try:
        height, width, _, _ = simplejpeg.decode_jpeg_header(jpeg, strict=False)
    except ValueError:
        # Of a kind that Pillow decodes and this library does not.
        return
    across, down = width - length.wide, height - length.rows
    if not (0 <= across < _JPEG_BLOCK and 0 <= down < length.most_rows - length.rows + _JPEG_BLOCK):
        raise DamagedError(_OF_ANOTHER_LENGTH)


def _unpacked(content: bytes) -> int:
    """Return how many bytes PackBits unpacks to, of all that is there; less where it is cut."""
    place = made = 0
    while place < len(content):
        head = content[place]
        if head < _RUNS:
            made += head + 1
            place += head + 2
        elif head > _RUNS:
            made += 2 * _RUNS + 1 - head
            place += 2
        else:
            place += 1
    return made if place == len(content) else made - (place - len(content))


def _require_undamaged_zlib(content: bytes) -> int:
    """Read to the checksum at the end, and count the bytes; libtiff stops where it has enough.

    Some programs write no end.

    Raises:
        zlib.error: a part is damaged.
    """
    reader = zlib.decompressobj()
    unpacked = 0
    while content and not reader.eof:
        unpacked += len(reader.decompress(content, _AT_A_TIME))
        content = reader.unconsumed_tail
    return unpacked


def _require_undamaged_jpeg(content: bytes) -> None:
    try:
        height, width, color, _ = simplejpeg.decode_jpeg_header(content, strict=False)
        simplejpeg.decode_jpeg(
            content,
            colorspace="CMYK" if color in {"CMYK", "YCCK"} else "GRAY",
            min_height=max(1, height // _REDUCTION),
            min_width=max(1, width // _REDUCTION),
            min_factor=1,
            strict=True,
        )
    except ValueError as error:
        # Other errors are of kinds that Pillow decodes and this library does not.
        said = str(error)
        surplus = _SURPLUS.search(said)
        is_filling = surplus is not None and _is_filling(content, int(surplus[1]))
        if _OF_PIXELS.search(said) and not is_filling:
            raise DamagedError(said) from error


def _is_filling(content: bytes, surplus: int) -> bool:
    """Say whether so many bytes before the end of a JPEG's pixels hold none: a few, all alike."""
    place = 2
    while content[place : place + 1] == b"\xff" and content[place + 1 : place + 2] != b"\xda":
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
    end = content.find(b"\xff\xd9", place)
    return surplus <= _LITTLE and set(content[max(place, end - surplus) : end]) <= _FILLING


def _require_undamaged_png(content: bytes) -> None:
    """Compare the sums of those parts of a PNG file that make its pixels, and count its frames."""
    announced = counted = 0
    for kind, body, kept in _chunks(memoryview(content)):
        if kind in _PIXELS_OF_PNG and zlib.crc32(body, zlib.crc32(kind)) != kept:
            raise DamagedError(f"the checksum of a part is wrong: {kind.decode()}")
        if kind == b"acTL":
            announced += int.from_bytes(body[:4], "big")
        counted += kind == b"fcTL"
    if announced != counted:
        # Browsers differ in which frames they show then.
        raise DamagedError("it has more or fewer frames than it says")


def _chunks(content: memoryview) -> Iterator[tuple[bytes, memoryview, int]]:
    place = _PNG_SIGNATURE
    while place + 12 <= len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        end = place + 8 + length
        kind = bytes(content[place + 4 : place + 8])
        yield kind, content[place + 8 : end], int.from_bytes(content[end : end + 4], "big")
        place = end + 4


def _require_undamaged_gif(content: bytes) -> None:
    """Look strictly at each frame of a GIF, as a picture by itself.

    Raises:
        DamagedError: one is damaged.
        IndexError: one is cut off.
    """
    colors = _GIF_SCREEN + _size_of_colors(content[10])
    place, number = colors, 0
    while place < len(content) and content[place] != _GIF_END:
        if content[place] == _GIF_EXTENSION:
            place, _ = _sub_blocks(content, place + 2)
        elif content[place] == _GIF_IMAGE:
            head = content[place : place + _GIF_FRAME]
            pixels = place + _GIF_FRAME + _size_of_colors(head[-1])
            local = content[place + _GIF_FRAME : pixels + 1]
            place, data = _sub_blocks(content, pixels + 1)
            number += 1
            # Alone, it fills its own screen.
            screen = content[:6] + head[5:9] + content[10:colors]
            alone = b"\x2c" + bytes(4) + head[5:]
            _require_all(screen + alone + local + _in_sub_blocks(data[:-_LAST_CODES]) + b";")
        else:
            raise DamagedError("a part of it has an unknown mark")
    # Some programs write no end.
    if not number:
        raise DamagedError("there is no picture in it")


def _size_of_colors(flags: int) -> int:
    """Return how many bytes the table of colors takes that a head of a GIF announces."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _sub_blocks(content: bytes, place: int) -> tuple[int, bytes]:
    """Return where the blocks of a part of a GIF end, and what is in them.

    Raises:
        IndexError: they do not end.
    """
    parts = []
    while size := content[place]:
        parts.append(content[place + 1 : place + 1 + size])
        place += 1 + size
    return place + 1, b"".join(parts)


def _in_sub_blocks(data: bytes) -> bytes:
    blocks = (data[start : start + 255] for start in range(0, len(data), 255))
    return b"".join(bytes([len(block)]) + block for block in blocks) + b"\0"


def _require_undamaged_webp(content: bytes) -> None:
    for kind, start, size in _riff_chunks(content):
        if kind == b"ANMF":
            _require_undamaged_webp(_frame_alone(content[start + 8 : start + 8 + size]))
        if kind in _PIXELS_OF_WEBP and size > _SURELY_NEEDED:
            _require_all(_shorter_webp(content, start, size - _SURELY_NEEDED))


def _frame_alone(frame: bytes) -> bytes:
    """Return a frame of an animated WebP as a file by itself."""
    pixels = frame[_FRAME_HEAD:]
    head = struct.pack("<4sIB3x", b"VP8X", 10, _WITH_ALPHA) + frame[6:12]
    made = (head if pixels.startswith(b"ALPH") else b"") + pixels
    return b"RIFF" + struct.pack("<I", len(made) + 4) + b"WEBP" + made


def _riff_chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, place and size of each part."""
    place = _RIFF_HEAD
    while place + 8 <= len(content):
        (size,) = struct.unpack_from("<I", content, place + 4)
        yield content[place : place + 4], place, size
        place += 8 + size + size % 2


def _shorter_webp(content: bytes, start: int, size: int) -> bytes:
    """Return the file with a part cut to a size; what is behind the pixels is left out."""
    (before,) = struct.unpack_from("<I", content, start + 4)
    body = content[start + 8 : start + 8 + size] + bytes(size % 2)
    # The decoder would read on into it.
    is_mask = content.startswith(b"ALPH", start)
    after = content[start + 8 + before + before % 2 :] if is_mask else b""
    made = content[_RIFF_HEAD : start + 4] + struct.pack("<I", size) + body + after
    return b"RIFF" + struct.pack("<I", len(made) + 4) + b"WEBP" + made


def _require_undamaged_avif(content: bytes) -> None:
    """Look strictly at an AVIF, all of its tiles, by libaom; where that is not there, at the last.

    At the end of a tile libaom wants the bits that the specification wants there; dav1d, by which
    Pillow decodes, does not look.
    """
    import cv2  # noqa: PLC0415 - takes 0.2 s, and few photos are AVIF files

    if cv2.haveImageWriter(".avif"):
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
        data = np.frombuffer(content, np.uint8)
        if cv2.imdecode(data, cv2.IMREAD_UNCHANGED) is None:
            raise DamagedError("a tile does not end as it should")
        if content[8:12] == _AVIF_SEQUENCE:
            try:
                is_whole, _ = cv2.imdecodeanimation(data)
            except cv2.error as error:
                raise DamagedError("a frame does not end as it should") from error
            if not is_whole:
                raise DamagedError("a frame does not end as it should")
        return
    try:
        items = data_of_picture(memoryview(content))
    except DAMAGED:
        # Whether it can be decoded all the same is the decoder's to say.
        return
    for start, size in chain.from_iterable(items.values()):
        shorter = _shorter_av1(content, start, start + size)
        if shorter is not None:
            _require_all(shorter)


def _require_undamaged_heic(content: bytes) -> None:
    try:
        fault = next(faults_of(memoryview(content)), None)
    except DAMAGED:
        return
    if fault is not None:
        raise DamagedError(fault)


def _shorter_av1(content: bytes, start: int, end: int) -> bytes | None:
    """Return the file with the last frame of an item shorter, and padding after it.

    None where it is no item of AV1's, or its units do not say how long they are.
    """
    place, last = start, None
    while place < end:
        head = content[place]
        extended, sized = head >> 2 & 1, head >> 1 & 1
        if head & 0x81 or not sized:
            return None
        at = place + 1 + extended
        size, length = _leb128(content[at : at + 8])
        if head >> 3 & 15 in _FRAMES and size > _SURELY_NEEDED:
            last = at, size, length
        place = at + length + size
    if place != end or last is None:
        return None
    at, size, length = last
    left = size - _SURELY_NEEDED
    filled = bytes([_PADDING_HEAD, _SURELY_NEEDED - 2]) + bytes(_SURELY_NEEDED - 3) + b"\x80"
    shorter = bytes(
        left >> 7 * place & 127 | (128 if place < length - 1 else 0) for place in range(length)
    )
    behind = at + length + size
    return (
        content[:at] + shorter + content[at + length : behind - _SURELY_NEEDED] + filled
    ) + content[behind:]


def _leb128(content: bytes) -> tuple[int, int]:
    """Return a number as AV1 writes it, and how many bytes it takes."""
    number = 0
    for place, byte in enumerate(content):
        number |= (byte & 127) << 7 * place
        if not byte & 128:
            return number, place + 1
    return number, len(content)


def _require_all(shorter: bytes) -> None:
    """Require that a picture of which the end was taken away cannot be decoded."""
    try:
        with Image.open(io.BytesIO(shorter), formats=("WEBP", "AVIF", "GIF")) as image:
            image.load()
    except (OSError, ValueError, SyntaxError, RuntimeError, IndexError, EOFError):
        return
    raise DamagedError("not all of its data make up the picture")


_LOOKS: dict[str, Callable[[bytes], None]] = {
    "JPEG": _require_undamaged_jpeg,
    "MPO": _require_undamaged_jpeg,
    "PNG": _require_undamaged_png,
    "GIF": _require_undamaged_gif,
    "WEBP": _require_undamaged_webp,
    "AVIF": _require_undamaged_avif,
    "HEIF": _require_undamaged_heic,
    "TIFF": _require_undamaged_tiff,
}
