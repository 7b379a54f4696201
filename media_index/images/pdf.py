"""The pictures of a laid-out PDF, page by page, and the pages themselves as they will be printed.

PDFium reads the file, through pypdfium2. A picture is given as the layout program placed it, before
any clipping path: what is hidden by one is judged too, rather than missed.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from media_index.errors import MediaIndexError
from media_index.types import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A face of 20 px, the least that is compared, is then 3.4 mm wide in print.
RENDER_DPI = 150
_POINTS_PER_INCH = 72
_QUALITY = 92
# Deeper nesting of forms is no layout program's.
_DEPTH = 12
# Two placed pictures touch within so many points: then they are strips of one.
_TOUCH = 1.0
_STRAIGHT = 1e-3


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """What is accepted of a PDF, a page and a picture.

    A picture whose shorter side is below `least_side` (px) is an ornament, and only counted.
    """

    max_pages: int = 400
    max_pictures: int = 400
    max_pixels: int = 150_000_000
    least_side: int = 48


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A JPEG or PNG file on a page.

    Attributes:
        page: from 1.
        number: on the page, from 1.
        content: of the file.
        bounds: where it stands, px of the page at `RENDER_DPI`.
    """

    page: int
    number: int
    content: bytes
    bounds: Box


@dataclass(frozen=True, slots=True)
class UnreadablePicture:
    """A picture that could not be taken out, and why: a sentence with what to do."""

    page: int
    number: int
    why: str


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page as it will be printed.

    Attributes:
        page: from 1.
        number: what it is called beside the page's pictures: one more than the last of them.
        content: of a JPEG file, at `RENDER_DPI`.
        pictures: where the pictures taken out of it stand, px.
        in_strips: pictures on it are cut into strips, each of which shows only a part of a face.
        ornaments: pictures too small to show anybody.
    """

    page: int
    number: int
    content: bytes
    pictures: tuple[Box, ...]
    in_strips: bool
    ornaments: int


class PdfError(MediaIndexError):
    """A PDF that cannot be read."""


Found = PlacedPicture | UnreadablePicture | RenderedPage


def pictures_in(content: bytes, limits: PdfLimits | None = None) -> Iterator[Found]:
    """Yield the pictures of a PDF by page, and after them each page as a whole.

    Not for several threads at once: PDFium is not made for that.

    Raises:
        PdfError: it is no PDF, is protected, or has too many pages.
    """
    limits = limits or PdfLimits()
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise PdfError(
            "The PDF is protected by a password: export it again without one."
            if "password" in str(error).lower()
            else f"The PDF cannot be read ({error}): export it again."
        ) from error
    with document:
        if len(document) > limits.max_pages:
            raise PdfError(f"The PDF has more than {limits.max_pages} pages: hand in a part of it.")
        for index in range(len(document)):
            try:
                page = document[index]
            except pypdfium2.PdfiumError as error:
                why = f"The page cannot be read ({error}): export the PDF again."
                yield UnreadablePicture(index + 1, 1, why)
                continue
            yield from _of_page(page, index + 1, limits)
            page.close()


def _of_page(page: pypdfium2.PdfPage, number: int, limits: PdfLimits) -> Iterator[Found]:
    bounds: list[Box] = []
    count = ornaments = 0
    for placed in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_DEPTH):
        wide, high = placed.get_px_size()
        if min(wide, high) < limits.least_side:
            ornaments += 1
            continue
        count += 1
        if count > limits.max_pictures:
            yield UnreadablePicture(
                number, count, f"The page has more than {limits.max_pictures} pictures: split it."
            )
            break
        found = _picture(page, placed, number, count, limits)
        bounds += [found.bounds] if isinstance(found, PlacedPicture) else []
        yield found
    yield RenderedPage(
        number, count + 1, _rendered(page), tuple(bounds), _in_strips(bounds), ornaments
    )


def _picture(
    page: pypdfium2.PdfPage,
    placed: pypdfium2.PdfImage,
    number: int,
    count: int,
    limits: PdfLimits,
) -> PlacedPicture | UnreadablePicture:
    wide, high = placed.get_px_size()
    if wide * high > limits.max_pixels:
        many = limits.max_pixels // 1_000_000
        why = f"The picture has more than {many} megapixels: place a smaller copy."
        return UnreadablePicture(number, count, why)
    try:
        content = _untouched(placed) or _drawn(placed)
    except (pypdfium2.PdfiumError, ValueError, OSError) as error:
        why = f"The picture cannot be taken out ({error}): hand in its file."
        return UnreadablePicture(number, count, why)
    return PlacedPicture(number, count, content, _on_page(page, placed))


def _untouched(placed: pypdfium2.PdfImage) -> bytes | None:
    """Return the JPEG file that was placed, byte for byte, if it stands upright."""
    matrix = placed.get_matrix()
    upright = matrix.a > 0 and matrix.d > 0 and max(abs(matrix.b), abs(matrix.c)) < _STRAIGHT
    if not upright or placed.get_filters(skip_simple=True) != ["DCTDecode"]:
        return None
    content = bytes(placed.get_data(decode_simple=True))
    with Image.open(io.BytesIO(content)) as image:
        # Inks: PDFium knows how the layout program meant them.
        return content if image.mode in {"RGB", "L"} else None


def _drawn(placed: pypdfium2.PdfImage) -> bytes:
    """Return the picture as PDFium draws it: colours, masks and turn applied."""
    return _jpeg(placed.get_bitmap(render=True, scale_to_original=True).to_pil())


def _rendered(page: pypdfium2.PdfPage) -> bytes:
    return _jpeg(page.render(scale=RENDER_DPI / _POINTS_PER_INCH).to_pil())


def _jpeg(image: Image.Image) -> bytes:
    if image.mode in {"RGBA", "LA", "PA"}:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        image = paper
    made = io.BytesIO()
    image.convert("RGB").save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()


def _on_page(page: pypdfium2.PdfPage, placed: pypdfium2.PdfImage) -> Box:
    left, bottom, right, top = placed.get_bounds()
    x0, _, _, y1 = page.get_bbox()
    scale = RENDER_DPI / _POINTS_PER_INCH
    return Box(
        round((left - x0) * scale),
        round((y1 - top) * scale),
        round((right - x0) * scale),
        round((y1 - bottom) * scale),
    )


def _in_strips(bounds: Sequence[Box]) -> bool:
    """Say whether two pictures stand edge to edge, with the same width or the same height."""
    near = _TOUCH * RENDER_DPI / _POINTS_PER_INCH

    def same(px: int, other: int) -> bool:
        return abs(px - other) <= near

    return any(
        (same(first.x1, second.x1) and same(first.x2, second.x2) and same(first.y2, second.y1))
        or (same(first.y1, second.y1) and same(first.y2, second.y2) and same(first.x2, second.x1))
        for first, second in permutations(bounds, 2)
    )
