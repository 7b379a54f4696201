"""Draw numbered boxes on a thumbnail. Boxes differ by line as well as by colour."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageDraw, ImageFont

from media_index.types import Box

# Red, green, blue, 0 to 255.
Colour = tuple[int, int, int]

# Shares of the picture's long side, so that a mark looks the same on every thumbnail.
_TEXT_SHARE = 0.042
_LINE_SHARE = 0.007
_LEAST_TEXT_PX = 11
# Smaller boxes, in px of the thumbnail, would vanish behind their own number.
_LEAST_NUMBERED_PX = 14
# The square around a face: times its size, and at least this share of the picture's long side.
_AROUND = 3.0
_LEAST_SHARE = 0.3
# The same of a face alone.
_BESIDE = 1.6
_SMALL_QUALITY = 72
_UNDERLAY: Colour = (255, 255, 255)


class Line(StrEnum):
    """How a box is drawn."""

    SOLID = "solid"
    DASHED = "dashed"
    THIN = "thin"


@dataclass(frozen=True, slots=True)
class Mark:
    """A box to draw, in px of the full-size photo, with its number.

    The number is left out where the box is too small for it, unless it is kept always.
    """

    box: Box
    text: str
    line: Line
    colour: Colour
    always: bool = False


def draw_marks(
    thumbnail: bytes, size: tuple[int, int], marks: Sequence[Mark], part: Box | None = None
) -> bytes:
    """Draw boxes on a thumbnail, the last on top, and give a part of it back, or all.

    Thumbnail and answer are JPEG bytes; `size` is (width, height) in px of the full-size photo that
    boxes and part refer to.
    """
    picture = _opened(thumbnail)
    _draw_all(picture, size, marks)
    return _as_jpeg(picture if part is None else _cut(picture, size, part))


def _cut(picture: Image.Image, size: tuple[int, int], part: Box) -> Image.Image:
    wide, high = picture.width / size[0], picture.height / size[1]
    left, upper = max(0, round(part.x1 * wide)), max(0, round(part.y1 * high))
    right = min(picture.width, max(left + 1, round(part.x2 * wide)))
    lower = min(picture.height, max(upper + 1, round(part.y2 * high)))
    return picture.crop((left, upper, right, lower))


def draw_around(thumbnail: bytes, size: tuple[int, int], mark: Mark) -> bytes:
    """Draw one box and cut a square around it, with enough beside it to know the occasion.

    Thumbnail and answer are JPEG bytes; `size` is as for `draw_marks`.
    """
    picture = _opened(thumbnail)
    _draw_all(picture, size, [mark])
    scale = picture.width / size[0], picture.height / size[1]
    x1, y1, x2, y2 = _scaled(mark.box, scale, picture.size)
    wanted = max(_AROUND * max(x2 - x1, y2 - y1), _LEAST_SHARE * max(picture.size))
    side = int(min(wanted, *picture.size))
    left = min(max((x1 + x2 - side) // 2, 0), picture.width - side)
    top = min(max((y1 + y2 - side) // 2, 0), picture.height - side)
    return _as_jpeg(picture.crop((left, top, left + side, top + side)))


def cut_out(
    thumbnail: bytes, size: tuple[int, int], boxes: Sequence[Box], side: int
) -> list[bytes]:
    """Cut a square out of a picture around each box, with a little beside it; `side` px wide.

    Thumbnail and answers are JPEG bytes; `size` is as for `draw_marks`.
    """
    picture = _opened(thumbnail)
    scale = picture.width / size[0], picture.height / size[1]
    cut = []
    for box in boxes:
        x1, y1, x2, y2 = _scaled(box, scale, picture.size)
        half = max(x2 - x1, y2 - y1, 2) * _BESIDE / 2
        across, down = (x1 + x2) / 2, (y1 + y2) / 2
        around = (across - half, down - half, across + half, down + half)
        left, upper, right, lower = map(round, around)
        square = picture.crop((left, upper, right, lower)).resize((side, side))
        cut.append(_as_jpeg(square))
    return cut


def smaller(thumbnail: bytes, side: int) -> bytes:
    """Return a JPEG made so small that its long side has at most `side` px."""
    with Image.open(io.BytesIO(thumbnail)) as opened:
        # Decoded at a fraction of its size, where that is large enough.
        opened.draft("RGB", (side, side))
        picture = opened.convert("RGB")
    picture.thumbnail((side, side), Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=_SMALL_QUALITY)
    return buffer.getvalue()


def _opened(thumbnail: bytes) -> Image.Image:
    with Image.open(io.BytesIO(thumbnail)) as opened:
        return opened.convert("RGB")


def _as_jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _draw_all(picture: Image.Image, size: tuple[int, int], marks: Sequence[Mark]) -> None:
    scale = picture.width / size[0], picture.height / size[1]
    long_side = max(picture.size)
    font = ImageFont.load_default(max(_LEAST_TEXT_PX, long_side * _TEXT_SHARE))
    width = max(2, round(long_side * _LINE_SHARE))
    canvas = ImageDraw.Draw(picture)
    for mark in marks:
        _draw(canvas, mark, _scaled(mark.box, scale, picture.size), width, font)


def _scaled(
    box: Box,
    scale: tuple[float, float],
    size: tuple[int, int],
) -> tuple[int, int, int, int]:
    """Bring a box to the thumbnail's px, inside its edges."""
    x1, x2 = (min(max(round(x * scale[0]), 0), size[0] - 1) for x in (box.x1, box.x2))
    y1, y2 = (min(max(round(y * scale[1]), 0), size[1] - 1) for y in (box.y1, box.y2))
    return x1, y1, max(x1, x2), max(y1, y2)


def _draw(
    canvas: ImageDraw.ImageDraw,
    mark: Mark,
    corners: tuple[int, int, int, int],
    width: int,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    line = max(1, width // 2) if mark.line is Line.THIN else width
    # Around the face, not over it: small ones would vanish below their own box.
    out = line + 2
    corners = corners[0] - out, corners[1] - out, corners[2] + out, corners[3] + out
    x1, y1, x2, y2 = corners
    # A light line below keeps the box visible on dark clothes and the gaps visible on light ones.
    canvas.rectangle(corners, outline=_UNDERLAY, width=line + 2)
    if mark.line is Line.DASHED:
        for segment in _dashes(corners, dash=4 * width):
            canvas.line(segment, fill=mark.colour, width=line)
    else:
        canvas.rectangle(
            (x1 + 1, y1 + 1, x2 - 1, y2 - 1)
            if x2 - x1 > 2 * line and y2 - y1 > 2 * line
            else corners,
            outline=mark.colour,
            width=line,
        )
    if mark.text and (mark.always or x2 - x1 >= _LEAST_NUMBERED_PX):
        _write(canvas, mark, (x1, y1), font)


def _dashes(
    corners: tuple[int, int, int, int],
    dash: int,
) -> Iterator[tuple[int, int, int, int]]:
    x1, y1, x2, y2 = corners
    for x in range(x1, x2, 2 * dash):
        for y in (y1 + 1, y2 - 1):
            yield x, y, min(x + dash, x2), y
    for y in range(y1, y2, 2 * dash):
        for x in (x1 + 1, x2 - 1):
            yield x, y, x, min(y + dash, y2)


def _write(
    canvas: ImageDraw.ImageDraw,
    mark: Mark,
    corner: tuple[int, int],
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    """Write the number on a tag above the box, or inside it at the picture's upper edge."""
    left, top, right, bottom = font.getbbox(mark.text)
    pad = max(2, round((bottom - top) * 0.3))
    wide = max(right - left, bottom - top) + 2 * pad
    high = bottom - top + 2 * pad
    x = corner[0]
    y = corner[1] - high if corner[1] >= high else corner[1]
    canvas.rectangle((x, y, x + wide, y + high), fill=mark.colour, outline=_UNDERLAY)
    canvas.text(
        (x + wide / 2, y + high / 2),
        mark.text,
        fill=(255, 255, 255),
        font=font,
        anchor="mm",
    )
