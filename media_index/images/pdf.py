"""The pictures of a laid-out PDF, page by page, and the pages themselves as they will be printed.

PDFium reads the file, through pypdfium2. A picture is given as it stands on the printed page, but
before any clipping path: what is hidden by one is judged too, rather than missed. What PDF readers
do not look at is left out: the orientation that a camera wrote into a JPEG.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import io
import math
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from media_index.errors import MediaIndexError
from media_index.files.bounded import BOUNDS, MEBIBYTE, Bounds, BoundsError, bounded
from media_index.files.kinds import may_be_looked_at
from media_index.images.seams import Seam, seam_between
from media_index.types import Box

# A face of 20 px, the least that is compared, is then 3.4 mm wide in print.
RENDER_DPI = 150
# Where photos fill shapes, as office programs write them, so that they cannot be taken out, a page
# is rendered as fine as it is printed.
_FINE_DPI = 300
# That is where so many blocks, of so many px, beside the pictures are neither paper nor flat: most
# of their px lie between these gray levels, and they vary by more.
_MANY_BLOCKS, _TONE_BLOCK, _TONES, _MOST_OF_BLOCK, _FLAT = 12, 16, (25, 235), 0.7, 3.0
_POINTS_PER_INCH = 72
_QUALITY = 92
_ORIENTATION_TAG = 0x0112
# Deeper nesting of forms is no layout program's.
_DEPTH = 12
_STRAIGHT = 1e-3
# So many attached files are opened, and the rest named.
_MOST_ATTACHED = 100
# Where a PDF says what is on a layer and what annotations show; and how objects are packed, in
# which that may stand. A letter of a name may be written as #, and two hexadecimal digits.
_OF_LAYERS, _OF_APPEARANCES = (b"/OCProperties", b"/OCG", b"/OCMD", b"/Usage"), b"/AP"
_MAY_HIDE = re.compile(
    b"|".join(
        b"/" + b"".join(b"(?:%c|#(?i:%02x))" % (letter, letter) for letter in name[1:])
        for name in (*_OF_LAYERS, _OF_APPEARANCES, b"/ObjStm")
    )
)
# As PDFium saves it: the longer names that begin like it, and accidents within pictures, are many.
_SAVED_APPEARANCES = re.compile(rb"/AP(?=<<| \d)")
# Other pictures that a reader may put in the place of one, and pages of other files: PDFium draws
# neither. They stand in what is never packed.
_ALTERNATES = re.compile(rb"/Alternates\s*[\[\d]")
_OTHER_FILE = re.compile(rb"/Ref\s*(<<|\d+\s+\d+\s+R)")
_ALTERNATES_WHY = (
    "The PDF has pictures with others in reserve, which a printer may print instead and which were "
    "not looked at: export it again, as PDF/X or PDF/A."
)
_OTHER_FILE_WHY = (
    "The PDF shows a page of another file, which was not looked at: export it again with "
    "everything in it, as PDF/X or PDF/A."
)
_NOT_DRAWN_WHY = (
    "A button, stamp or the like shows a picture that cannot be drawn ({}): look at it yourself, "
    "or export the PDF again."
)
# What moves or is turned about; on paper a picture of it stands, which is drawn.
_MOVING = frozenset(
    {
        pdfium.FPDF_ANNOT_MOVIE,
        pdfium.FPDF_ANNOT_SCREEN,
        pdfium.FPDF_ANNOT_RICHMEDIA,
        pdfium.FPDF_ANNOT_THREED,
    }
)
_MOVING_WHY = (
    "The page has a video or something similar, which the program did not look at: "
    "look at it yourself."
)
_XFA_WHY = (
    "The PDF is a form (XFA) whose pages only Adobe's readers can make: print it to a new PDF "
    "there, and upload that."
)
# What Illustrator writes on the page of a file for itself alone.
_FOR_ILLUSTRATOR = "without PDF Content"
_FOR_ILLUSTRATOR_WHY = (
    "The file was saved only for Illustrator, so the program did not look at its page: save it "
    "with \u201cCreate PDF Compatible File\u201d, and upload that."
)
# Of what its data should be, a picture has at least so much; a larger one is not measured.
_WHOLE, _MEASURED_PIXELS = 0.98, 40_000_000
# By the color space that the PDF names, the inks that a JPEG must have.
_INKS = {
    pdfium.FPDF_COLORSPACE_DEVICEGRAY: 1,
    pdfium.FPDF_COLORSPACE_CALGRAY: 1,
    pdfium.FPDF_COLORSPACE_SEPARATION: 1,
    pdfium.FPDF_COLORSPACE_DEVICERGB: 3,
    pdfium.FPDF_COLORSPACE_CALRGB: 3,
    pdfium.FPDF_COLORSPACE_LAB: 3,
    pdfium.FPDF_COLORSPACE_DEVICECMYK: 4,
}
# A page is rendered so large at least, px of the longer side: it may be meant to be enlarged.
_LEAST_RENDERED = 1_000
_JPX = ("JPEG2000",)
# Tiles of one picture stand so near, px of the page as rendered, or overlap by this part of the
# smaller one.
_TOUCH = 3
_TILES_OVERLAP = 0.2
# Of what may be a collage of photos, or one picture in tiles, the least that may be a photo.
_LEAST_PART = 1 / 12
_MADE_OF_TILES = 0.9
# Grey levels, mean over a small copy, by which a JPEG may differ from what PDFium makes of it:
# beyond are the inks, the inversion or the mask of the layout, which its own bytes do not show.
_AS_STORED = 10.0
_COMPARED_SIDE = 64
# Grey levels, in blocks of so many px of a page, by which it is printed otherwise than shown.
_OTHER_GRAY, _COMPARED_BLOCK = 24.0, 8
_HIDING = (
    pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW | pdfium.FPDF_ANNOT_FLAG_INVISIBLE
)
# By quarters of a turn clockwise.
_PAGE_TURNS = (
    None,
    Image.Transpose.ROTATE_270,
    Image.Transpose.ROTATE_180,
    Image.Transpose.ROTATE_90,
)


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """What is accepted of a PDF, a page and a picture.

    A larger page than `max_page_pixels` is rendered coarser. A picture whose shorter side is below
    `least_side` (px) is an ornament.

    Attributes:
        max_content: bytes of all that is taken out of the PDF.
        bounds: of opening the PDF, and of each page.
        seconds_a_page: the PDF as a whole may take the time of `bounds` and this for each page.
    """

    max_pages: int = 400
    max_pictures: int = 400
    max_pixels: int = 100_000_000
    max_page_pixels: int = 40_000_000
    least_side: int = 48
    max_content: int = 400 * MEBIBYTE
    bounds: Bounds = BOUNDS
    seconds_a_page: float = 5.0


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A JPEG or PNG file on a page.

    Attributes:
        number: on the page, from 1.
        bounds: where it stands, px of the page as rendered.
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
        number: what it is called beside the page's pictures: one more than the last of them.
        content: of a JPEG file, at `RENDER_DPI` or finer, with its forms and annotations.
    """

    page: int
    number: int
    content: bytes


class PdfError(MediaIndexError):
    """A PDF that cannot be read."""


Found = PlacedPicture | UnreadablePicture | RenderedPage


def pictures_in(content: bytes, limits: PdfLimits | None = None) -> Iterator[Found]:
    """Yield the pictures of a PDF by page, and after them each page as a whole.

    Each page is read in a process of its own: one that takes too long or too much memory is said to
    be unreadable, and the others are read.

    Raises:
        PdfError: it is no PDF, is protected, or has too many pages.
    """
    limits = limits or PdfLimits()
    digest = hashlib.sha256(content).digest()
    try:
        count, notes = bounded(limits.bounds, _counted, content, digest, limits)
    except BoundsError as error:
        raise PdfError(f"The PDF cannot be read. {error}") from error
    until = time.monotonic() + limits.bounds.seconds + count * limits.seconds_a_page
    left = limits.max_content
    number = 0
    for index in range(count):
        found: list[Found]
        seconds = min(limits.bounds.seconds, until - time.monotonic())
        if seconds <= 0 or left <= 0:
            why = "The PDF as a whole takes too much time or memory: upload a part of it."
            found = [UnreadablePicture(index + 1, 1, why)]
        else:
            page_limits = replace(
                limits, bounds=replace(limits.bounds, seconds=seconds), max_content=left
            )
            found = _read_page(content, digest, index, page_limits)
        left -= sum(len(one.content) for one in found if not isinstance(one, UnreadablePicture))
        number = max([0, *(one.number for one in found)])
        yield from found
    for further, why in enumerate(notes, start=1):
        yield UnreadablePicture(max(count, 1), number + further, why)


def _read_page(content: bytes, digest: bytes, index: int, limits: PdfLimits) -> list[Found]:
    try:
        try:
            return bounded(limits.bounds, _page, None, digest, index, limits)
        except _NotOpenError:
            # Another process has it, or the one that had it is no more.
            return bounded(limits.bounds, _page, content, digest, index, limits)
    except BoundsError as error:
        return [UnreadablePicture(index + 1, 1, f"The page cannot be read. {error}")]


def text_by_page(content: bytes, limits: PdfLimits | None = None) -> list[str]:
    """Return the text of a PDF's pages, as it is selected and copied in a reader.

    Text that is drawn as shapes, or stands in a picture, is no text.

    Raises:
        PdfError: it cannot be read, or takes too much.
    """
    limits = limits or PdfLimits()
    digest = hashlib.sha256(content).digest()
    try:
        return bounded(limits.bounds, _texts, content, digest, limits)
    except BoundsError as error:
        raise PdfError(f"The text of the PDF cannot be read. {error}") from error


def _texts(content: bytes, digest: bytes, limits: PdfLimits) -> list[str]:
    document = _opened(content, digest).document
    texts = []
    for index in range(min(len(document), limits.max_pages)):
        try:
            page = document[index]
            with contextlib.closing(page), contextlib.closing(page.get_textpage()) as text:
                texts.append(str(text.get_text_range()))
        except pypdfium2.PdfiumError as error:
            raise PdfError(f"The text of page {index + 1} cannot be read ({error}).") from error
    return texts


class _NotOpenError(PdfError):
    """The process does not have the PDF that is asked for."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A PDF that was opened.

    Attributes:
        bare: once more without its form, which PDFium draws as it pleases, and with every layer
            switched on; None without a form or layers.
        appearances: copies of its pages with what else annotations show; None without any.
        copies: of a page, from 0, the pages of `appearances`.
        notes: of a page, from 0, what of that is not shown, in sentences.
        problem: of the PDF as a whole, in a sentence.
    """

    document: pypdfium2.PdfDocument
    bare: pypdfium2.PdfDocument | None
    appearances: pypdfium2.PdfDocument | None
    copies: Mapping[int, range]
    notes: Mapping[int, Sequence[str]]
    problem: str | None

    def close(self) -> None:
        for document in filter(None, (self.document, self.bare, self.appearances)):
            document.close()


# In the process that reads: the one that was read last, by its SHA-256, and its bytes.
_open: dict[bytes, _Open] = {}


def _opened(content: bytes | None, digest: bytes) -> _Open:
    if digest not in _open:
        if content is None:
            raise _NotOpenError
        for old in [_open.pop(other) for other in list(_open)]:
            old.close()
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise PdfError(
                "The PDF is protected by a password: export it again without one."
                if "password" in str(error).lower()
                else f"The PDF cannot be read ({error}): export it again."
            ) from error
        # Without it the pictures of buttons and signature fields are not drawn.
        document.init_forms()
        _open[digest] = _with_other_looks(document, content)
    return _open[digest]


def _with_other_looks(document: pypdfium2.PdfDocument, content: bytes) -> _Open:
    """Open beside a PDF what it shows once its layers and buttons are switched, if it has any."""
    plain = _saved_plainly(document, content)
    layers = any(key in plain for key in _OF_LAYERS)
    if not layers and not _SAVED_APPEARANCES.search(plain):
        bare = None if document.formenv is None else pypdfium2.PdfDocument(content)
        return _Open(document, bare, None, {}, {}, None)
    from media_index.images.pdf_looks import other_looks  # noqa: PLC0415 - slow to import, for few

    looks = other_looks(plain, pages=len(document), layers=layers)
    bare = None
    if looks.layered is not None or document.formenv is not None:
        bare = pypdfium2.PdfDocument(looks.layered or content)
    appearances = None
    if looks.appearances is not None:
        appearances = pypdfium2.PdfDocument(looks.appearances)
    return _Open(document, bare, appearances, looks.copies, looks.notes, looks.problem)


def _saved_plainly(document: pypdfium2.PdfDocument, content: bytes) -> bytes:
    """Return the PDF as PDFium saves it: nothing packed, and every name spelled in one way.

    Nothing where no layer nor appearance is in it.
    """
    if not _MAY_HIDE.search(content):
        return b""
    saved = io.BytesIO()
    document.save(saved, flags=pdfium.FPDF_REMOVE_SECURITY)
    return saved.getvalue()


def _counted(content: bytes, digest: bytes, limits: PdfLimits) -> tuple[int, list[str]]:
    """Return the number of pages, and what of the PDF as a whole is not looked at, in sentences."""
    opened = _opened(content, digest)
    document = opened.document
    count = len(document)
    if count > limits.max_pages:
        raise PdfError(f"The PDF has more than {limits.max_pages} pages: upload a part of it.")
    notes = [_XFA_WHY] if document.get_formtype() == pdfium.FORMTYPE_XFA_FULL else []
    notes += [opened.problem] if opened.problem is not None else []
    notes += [_ALTERNATES_WHY] if _ALTERNATES.search(content) else []
    notes += [_OTHER_FILE_WHY] if _OTHER_FILE.search(content) else []
    files = document.count_attachments()
    every = (document.get_attachment(index) for index in range(min(files, _MOST_ATTACHED)))
    attached = _that_may_show_people(every)
    if files > _MOST_ATTACHED:
        attached = [*attached[:2], f"{files - _MOST_ATTACHED} more"]
    return count, notes + _attached_words(attached)


def _attached_words(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    some = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")  # noqa: PLR2004
    return [f"The program did not look at files attached to the PDF: {some}. Upload them too."]


def _that_may_show_people(files: Iterable[pypdfium2.PdfAttachment]) -> list[str]:
    names = []
    for file in files:
        name = file.get_name()
        try:
            data = bytes(file.get_data())
        except pypdfium2.PdfiumError:
            data = b""
        if may_be_looked_at(name, partial(_first, data)):
            names.append(name)
    return names


def _first(data: bytes, size: int) -> bytes:
    return data[:size]


def _page(content: bytes | None, digest: bytes, index: int, limits: PdfLimits) -> list[Found]:
    opened = _opened(content, digest)
    try:
        page = opened.document[index]
        bare = None if opened.bare is None else opened.bare[index]
        appearances = (
            []
            if opened.appearances is None
            else [opened.appearances[copy] for copy in opened.copies.get(index, ())]
        )
    except pypdfium2.PdfiumError as error:
        return [_unreadable_page(index + 1, 1, error)]
    with contextlib.ExitStack() as stack:
        for open_page in (page, bare or page, *appearances):
            stack.enter_context(contextlib.closing(open_page))
        looks = _Looks(page, bare or page, appearances, opened.notes.get(index, ()))
        return list(_of_page(looks, index + 1, limits))


@dataclass(frozen=True, slots=True)
class _Looks:
    """A page, and its pages in the other PDFs that `_Open` has; what none of them shows."""

    page: pypdfium2.PdfPage
    bare: pypdfium2.PdfPage
    appearances: Sequence[pypdfium2.PdfPage]
    notes: Sequence[str]


def _unreadable_page(page: int, number: int, error: Exception) -> UnreadablePicture:
    why = f"The page cannot be read ({error}): look at it yourself, or export the PDF again."
    return UnreadablePicture(page, number, why)


def _of_page(looks: _Looks, number: int, limits: PdfLimits) -> Iterator[Found]:
    page, count = looks.page, 0
    try:
        wholes, scale, notes = _rendered(looks, limits)
        finest = math.sqrt(limits.max_page_pixels / math.prod(page.get_size()))
        may_be_finer = min(finest, _FINE_DPI / _POINTS_PER_INCH) > scale
        if may_be_finer and _has_photos_beside(_grays(wholes[0]), _images(page, scale, limits)):
            wholes, scale, notes = _rendered(looks, limits, _FINE_DPI)
    except (pypdfium2.PdfiumError, ValueError) as error:
        yield _unreadable_page(number, 1, error)
        return
    found = _images(page, scale, limits)
    left = limits.max_content - sum(map(len, wholes))
    for tiles in _tiled(found[: limits.max_pictures], _grays(wholes[0])):
        # An ornament; whoever shows in it shows on the page as well.
        if len(tiles) == 1 and min(tiles[0].size) < limits.least_side:
            continue
        count += 1
        picture = _picture(page, tiles, number, count, limits)
        left -= len(picture.content) if isinstance(picture, PlacedPicture) else 0
        if left < 0:
            many = limits.max_content // MEBIBYTE
            why = f"The pictures of the PDF take more than {many} MiB: split it."
            yield UnreadablePicture(number, count, why)
            break
        yield picture
    if len(found) > limits.max_pictures:
        count += 1
        why = f"The page has more than {limits.max_pictures} pictures: split it."
        yield UnreadablePicture(number, count, why)
    for why in (*notes, *_not_looked_at(page, has_pictures=bool(found))):
        count += 1
        yield UnreadablePicture(number, count, why)
    for further, whole in enumerate(wholes, start=1):
        yield RenderedPage(number, count + further, whole)


def _not_looked_at(page: pypdfium2.PdfPage, *, has_pictures: bool) -> Iterator[str]:
    """Yield what of a page is looked at by nobody, in sentences."""
    annotations = [
        (pdfium.FPDFAnnot_GetSubtype(annotation), pdfium.FPDFAnnot_GetFileAttachment(annotation))
        for annotation in _annotations(page)
    ]
    if any(kind in _MOVING for kind, _ in annotations):
        yield _MOVING_WHY
    files = (pypdfium2.PdfAttachment(file, page.pdf) for _, file in annotations if file)
    yield from _attached_words(_that_may_show_people(files))
    if not has_pictures:
        with contextlib.closing(page.get_textpage()) as text:
            if _FOR_ILLUSTRATOR in " ".join(str(text.get_text_range()).split()):
                yield _FOR_ILLUSTRATOR_WHY


@dataclass(frozen=True, slots=True)
class _Image:
    """An image of a page, and where it stands there: px of the page as rendered."""

    placed: pypdfium2.PdfImage
    bounds: Box

    @property
    def size(self) -> tuple[int, int]:
        wide, high = self.placed.get_px_size()
        return int(wide), int(high)


def _images(page: pypdfium2.PdfPage, scale: float, limits: PdfLimits) -> list[_Image]:
    """Return the images of a page; one more than is looked at tells that there are too many."""
    images = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_DEPTH)
    return [
        _Image(placed, _on_page(page, placed, scale))
        for placed in islice(images, limits.max_pictures + 1)
    ]


def _has_photos_beside(page: NDArray[np.uint8], images: Sequence[_Image]) -> bool:
    """Say whether something like a photo is to be seen where no image is."""
    rest = page.copy()
    for image in images:
        box = image.bounds
        rest[max(box.y1, 0) : max(box.y2, 0), max(box.x1, 0) : max(box.x2, 0)] = 255
    across = rest.shape[1] // _TONE_BLOCK
    # Band by band: all of a large page would take more memory than there is.
    bands = (
        rest[top : top + _TONE_BLOCK, : across * _TONE_BLOCK].reshape(
            _TONE_BLOCK, across, _TONE_BLOCK
        )
        for top in range(0, rest.shape[0] - _TONE_BLOCK + 1, _TONE_BLOCK)
    )
    return sum(_blocks_of_tones(band) for band in bands) >= _MANY_BLOCKS


def _blocks_of_tones(blocks: NDArray[np.uint8]) -> int:
    """Count the blocks, (height, n, width), that are neither paper nor ink nor flat."""
    dark, light = _TONES
    toned = ((blocks > dark) & (blocks < light)).mean(axis=(0, 2)) > _MOST_OF_BLOCK
    varied = blocks.std(axis=(0, 2), dtype=np.float32) > _FLAT
    return int((toned & varied).sum())


def _picture(
    page: pypdfium2.PdfPage,
    tiles: Sequence[_Image],
    number: int,
    count: int,
    limits: PdfLimits,
) -> PlacedPicture | UnreadablePicture:
    """Take out a picture, or put one together of its tiles."""
    if sum(wide * high for wide, high in (tile.size for tile in tiles)) > limits.max_pixels:
        many = limits.max_pixels // 1_000_000
        why = f"The picture has more than {many} megapixels: place a smaller copy."
        return UnreadablePicture(number, count, why)
    bounds = _around(tiles)
    try:
        if len(tiles) > 1:
            content = _jpeg(_joined(page, tiles, bounds, limits))
        else:
            (image,) = tiles
            _require_whole(image.placed, limits)
            content = _untouched(page, image.placed) or _jpeg(_turned(page, _drawn(image.placed)))
    except MemoryError:
        why = "The picture takes too much memory to take out: place a smaller copy."
        return UnreadablePicture(number, count, why)
    except (pypdfium2.PdfiumError, ValueError, OSError, SyntaxError) as error:
        why = f"The picture cannot be taken out ({error}): upload its file."
        return UnreadablePicture(number, count, why)
    return PlacedPicture(number, count, content, bounds)


def _grays(page: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(page)) as opened:
        return np.asarray(opened.convert("L"))


def _tiled(images: Sequence[_Image], page: NDArray[np.uint8]) -> list[list[_Image]]:
    """Put images together that are tiles or strips of one picture, in the order of the page.

    What may be strips of one picture, or photos side by side, is given both ways.
    """
    seams = {
        (first, second): _seam(page, images[first], images[second])
        for second in range(len(images))
        for first in range(second)
        if _are_tiles(images[first], images[second])
    }
    surely = [pair for pair, seam in seams.items() if seam is Seam.ONE_PICTURE]
    perhaps = [pair for pair, seam in seams.items() if seam is not Seam.TWO_PICTURES]
    whole = _joined_up(len(images), perhaps)
    parts = [
        part
        for part in _joined_up(len(images), surely)
        for group in whole
        if set(part) < set(group)
        and _may_be_photo([images[place] for place in part], [images[place] for place in group])
    ]
    return [[images[place] for place in group] for group in sorted([*whole, *parts])]


def _may_be_photo(part: Sequence[_Image], group: Sequence[_Image]) -> bool:
    """Say whether some tiles make a rectangle, of a photo's size in what may be a collage."""
    area, of_all = (box.width * box.height for box in (_around(part), _around(group)))
    covered = sum(tile.bounds.width * tile.bounds.height for tile in part)
    return covered >= _MADE_OF_TILES * area and area >= _LEAST_PART * of_all


def _joined_up(count: int, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Return the groups that pairs of so many things make, in order."""
    group_of = [{place} for place in range(count)]
    for first, second in pairs:
        together = group_of[first] | group_of[second]
        for place in together:
            group_of[place] = together
    return list(dict.fromkeys(tuple(sorted(group)) for group in group_of))


def _seam(page: NDArray[np.uint8], below: _Image, above: _Image) -> Seam:
    """Say whether a picture goes on from one image to one beside it that is drawn later."""
    corner = below.bounds.x1 + below.bounds.y1
    if corner <= above.bounds.x1 + above.bounds.y1:
        return seam_between(page, below.bounds, above.bounds, second_above=True)
    return seam_between(page, above.bounds, below.bounds, second_above=False)


def _are_tiles(one: _Image, other: _Image) -> bool:
    """Say whether two images stand edge to edge, or overlap by little, and are as wide or high."""
    a, b = one.bounds, other.bounds
    return _in_a_row((a.x1, a.x2), (b.x1, b.x2), (a.y1, a.y2), (b.y1, b.y2)) or _in_a_row(
        (a.y1, a.y2), (b.y1, b.y2), (a.x1, a.x2), (b.x1, b.x2)
    )


def _in_a_row(
    one: tuple[int, int], other: tuple[int, int], along: tuple[int, int], beyond: tuple[int, int]
) -> bool:
    """Say whether two spans are the same, and what stands across them follows on closely."""
    if max(abs(one[0] - other[0]), abs(one[1] - other[1])) > _TOUCH:
        return False
    first, second = sorted((along, beyond))
    shorter = min(first[1] - first[0], second[1] - second[0])
    return -_TOUCH <= first[1] - second[0] <= max(_TOUCH, _TILES_OVERLAP * shorter)


def _around(tiles: Sequence[_Image]) -> Box:
    boxes = [tile.bounds for tile in tiles]
    return Box(
        min(box.x1 for box in boxes),
        min(box.y1 for box in boxes),
        max(box.x2 for box in boxes),
        max(box.y2 for box in boxes),
    )


def _joined(
    page: pypdfium2.PdfPage, tiles: Sequence[_Image], bounds: Box, limits: PdfLimits
) -> Image.Image:
    """Return the picture that tiles make, the later ones above, as fine as the finest of them."""
    finest = max(max(tile.size) / max(tile.bounds.width, tile.bounds.height, 1) for tile in tiles)
    most = math.sqrt(limits.max_page_pixels / max(bounds.width * bounds.height, 1))
    scale = min(finest, most)

    def scaled(px: int) -> int:
        return round(px * scale)

    paper = Image.new("RGB", (scaled(bounds.width), scaled(bounds.height)), "white")
    for tile in tiles:
        box = tile.bounds
        size = max(1, scaled(box.width)), max(1, scaled(box.height))
        drawn = _on_paper(_turned(page, _drawn(tile.placed))).resize(size)
        paper.paste(drawn, (scaled(box.x1 - bounds.x1), scaled(box.y1 - bounds.y1)))
    return paper


def _require_whole(placed: pypdfium2.PdfImage, limits: PdfLimits) -> None:
    """Require that a picture can be decoded to its end, and is as the PDF says it is.

    PDFium shows nothing of it otherwise, or something else than other readers.

    Raises:
        OSError: it is damaged or cut off.
        ValueError: it is not what it says in the PDF.
    """
    filters = placed.get_filters(skip_simple=True)
    if filters == ["JPXDecode"]:
        _require_whole_jpx(placed, limits)
    elif filters == ["DCTDecode"]:
        with Image.open(io.BytesIO(bytes(placed.get_data(decode_simple=True)))) as image:
            inks = _INKS.get(placed.get_metadata().colorspace)
            if inks not in {None, len(image.getbands())}:
                raise ValueError("it has other inks than it says")
    elif not filters:
        wide, high = placed.get_px_size()
        line = -(-wide * placed.get_metadata().bits_per_pixel // 8)
        there = pdfium.FPDFImageObj_GetImageDataDecoded(placed, None, 0)
        if wide * high <= _MEASURED_PIXELS and there < _WHOLE * line * high:
            raise ValueError("it ends too early")


def _require_whole_jpx(placed: pypdfium2.PdfImage, limits: PdfLimits) -> None:
    try:
        image = Image.open(io.BytesIO(bytes(placed.get_data(decode_simple=True))), formats=_JPX)
    except UnidentifiedImageError:
        # Of a kind that Pillow does not know; PDFium may.
        return
    with image:
        if image.width * image.height > limits.max_pixels:
            raise ValueError("it is larger than it says")
        image.load()


def _untouched(page: pypdfium2.PdfPage, placed: pypdfium2.PdfImage) -> bytes | None:
    """Return the JPEG file that was placed, byte for byte, if that is what is printed."""
    matrix = placed.get_matrix()
    upright = matrix.a > 0 and matrix.d > 0 and max(abs(matrix.b), abs(matrix.c)) < _STRAIGHT
    if not upright or page.get_rotation() or placed.get_filters(skip_simple=True) != ["DCTDecode"]:
        return None
    content = bytes(placed.get_data(decode_simple=True))
    with Image.open(io.BytesIO(content)) as image:
        # Inks: PDFium knows how the layout program meant them.
        if image.mode not in {"RGB", "L"} or image.getexif().get(_ORIENTATION_TAG, 1) != 1:
            return None
        image.draft(image.mode, (_COMPARED_SIDE, _COMPARED_SIDE))
        stored = _small(image)
    printed = _small(placed.get_bitmap(render=True, scale_to_original=False).to_pil())
    return content if np.abs(stored - printed).mean() <= _AS_STORED else None


def _small(image: Image.Image) -> NDArray[np.float64]:
    grey = _on_paper(image).convert("L").resize((_COMPARED_SIDE, _COMPARED_SIDE))
    return np.asarray(grey, dtype=float)


def _drawn(placed: pypdfium2.PdfImage) -> Image.Image:
    """Return the picture as PDFium draws it: colors, masks and turn applied.

    Raises:
        ValueError: PDFium cannot decode it, and leaves it blank.
    """
    drawn: Image.Image = placed.get_bitmap(render=True, scale_to_original=True).to_pil()
    if drawn.mode == "RGBA" and drawn.getchannel("A").getbbox() is None:
        _require_decoded(placed)
    return drawn


def _require_decoded(placed: pypdfium2.PdfImage) -> None:
    decoded = pdfium.FPDFImageObj_GetBitmap(placed)
    if not decoded:
        raise ValueError("it is damaged, or of an unknown kind")
    pdfium.FPDFBitmap_Destroy(decoded)


def _turned(page: pypdfium2.PdfPage, image: Image.Image) -> Image.Image:
    turn = _PAGE_TURNS[page.get_rotation() // 90]
    return image if turn is None else image.transpose(turn)


def _rendered(
    of: _Looks, limits: PdfLimits, dpi: int = RENDER_DPI
) -> tuple[list[bytes], float, list[str]]:
    """Return a page as it is shown, and as it is otherwise; px per point; and what is not drawn.

    Stamps, buttons and layers may be meant for the screen or for paper alone; and what is hidden,
    or not drawn by PDFium, may be seen in another reader, or once a button is pressed.
    """
    page, bare = of.page, of.bare
    wide, high = page.get_size()
    if min(wide, high) <= 0:
        raise ValueError("the part of it that is shown has no width or height")
    usual = max(dpi / _POINTS_PER_INCH, _LEAST_RENDERED / max(wide, high))
    scale = min(usual, math.sqrt(limits.max_page_pixels / (wide * high)))
    looks = [page.render(scale=scale).to_pil()]
    ways: tuple[
        tuple[pypdfium2.PdfPage, Callable[[pypdfium2.PdfPage], bool], dict[str, str]], ...
    ] = (
        (page, _let_printed_be_seen, {"optimize_mode": "print"}),
        (bare, _let_all_be_seen, {}),
    )
    for seen, let_be_seen, how in ways:
        if let_be_seen(seen) or how or seen is not page:
            further = seen.render(scale=scale, **how).to_pil()
            if all(_differ(look, further) for look in looks):
                looks.append(further)
    notes = list(of.notes)
    for seen in of.appearances:
        for annotation in _annotations(seen):
            notes += map(_NOT_DRAWN_WHY.format, _blank_in(seen, annotation, limits))
        further = seen.render(scale=scale).to_pil()
        if all(_differ(look, further) for look in looks):
            looks.append(further)
    return [_jpeg(image) for image in looks], scale, list(dict.fromkeys(notes))


def _let_printed_be_seen(page: pypdfium2.PdfPage) -> bool:
    """Let the annotations and buttons be drawn that are hidden but printed: PDFium leaves some."""
    changed = False
    for annotation in _annotations(page):
        flags = pdfium.FPDFAnnot_GetFlags(annotation)
        if flags & pdfium.FPDF_ANNOT_FLAG_PRINT and flags & pdfium.FPDF_ANNOT_FLAG_NOVIEW:
            pdfium.FPDFAnnot_SetFlags(annotation, flags & ~pdfium.FPDF_ANNOT_FLAG_NOVIEW)
            changed = True
    return changed


def _let_all_be_seen(page: pypdfium2.PdfPage) -> bool:
    """Let every annotation be drawn that has an appearance; say whether that is any more.

    Buttons and signatures are drawn as they are in the file, as stamps are: PDFium draws none where
    the PDF lists no form, and makes them anew where the form asks for it.
    """
    changed = False
    for annotation in _annotations(page):
        flags = pdfium.FPDFAnnot_GetFlags(annotation)
        if flags & _HIDING:
            pdfium.FPDFAnnot_SetFlags(annotation, flags & ~_HIDING)
            changed = True
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        if kind in {pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_POPUP}:
            stamp = (ctypes.c_ushort * 6)(*b"Stamp", 0)
            pdfium.FPDFAnnot_SetStringValue(annotation, b"Subtype", stamp)
            changed = True
    return changed


def _blank_in(
    page: pypdfium2.PdfPage, annotation: pdfium.FPDF_ANNOTATION, limits: PdfLimits
) -> Iterator[Exception]:
    """Yield why pictures that an annotation shows are left blank, or drawn otherwise elsewhere."""
    count = pdfium.FPDFAnnot_GetObjectCount(annotation)
    parts = [(pdfium.FPDFAnnot_GetObject(annotation, index), 1) for index in range(count)]
    while parts:
        part, depth = parts.pop()
        kind = pdfium.FPDFPageObj_GetType(part)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEPTH:
            within = range(pdfium.FPDFFormObj_CountObjects(part))
            parts += [(pdfium.FPDFFormObj_GetObject(part, index), depth + 1) for index in within]
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            try:
                image = pypdfium2.PdfImage(part, page=page, pdf=page.pdf)
                _require_whole(image, limits)
                _require_decoded(image)
            except (pypdfium2.PdfiumError, ValueError, OSError, SyntaxError) as error:
                yield error


def _annotations(page: pypdfium2.PdfPage) -> Iterator[pdfium.FPDF_ANNOTATION]:
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        yield annotation
        pdfium.FPDFPage_CloseAnnot(annotation)


def _differ(one: Image.Image, other: Image.Image) -> bool:
    """Say whether two renderings of a page differ by more than the edges of letters."""
    first, second = (
        np.asarray(image.convert("L").reduce(_COMPARED_BLOCK), dtype=float)
        for image in (one, other)
    )
    return bool((np.abs(first - second) > _OTHER_GRAY).any())


def _jpeg(image: Image.Image) -> bytes:
    made = io.BytesIO()
    _on_paper(image).save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()


def _on_paper(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA"}:
        paper = Image.new("RGBA", image.size, "white")
        paper.alpha_composite(image.convert("RGBA"))
        image = paper
    return image.convert("RGB")


def _on_page(page: pypdfium2.PdfPage, placed: pypdfium2.PdfImage, scale: float) -> Box:
    """Return where a picture stands on the page as it is rendered, px."""
    left, bottom, right, top = placed.get_bounds()
    # Within a form they are the form's, which is placed itself.
    form = placed.container
    while form is not None:
        left, bottom, right, top = form.get_matrix().on_rect(left, bottom, right, top)
        form = form.container
    x0, y0, x1, y1 = page.get_bbox()
    edges = (
        (left - x0, y1 - top, right - x0, y1 - bottom),
        (bottom - y0, left - x0, top - y0, right - x0),
        (x1 - right, bottom - y0, x1 - left, top - y0),
        (y1 - top, x1 - right, y1 - bottom, x1 - left),
    )[page.get_rotation() // 90]
    return Box(*(round(edge * scale) for edge in edges))
