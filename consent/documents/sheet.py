"""One sheet of paper: shrunk, and then cut, until all of it fits."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache, partial
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import fontpkg_fira_sans
from reportlab.lib.colors import black
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, HRFlowable, Image, KeepInFrame, Paragraph, Spacer, Table

from consent.documents.receipt import PageNotes
from consent.documents.scripts import JOINERS, Script, in_latin, joined, script_of, set_in
from consent.documents.tags import Tags, decoration, marked, within
from consent.domain.errors import BadInputError, SetupError

SetPieces = Callable[["Typesetter"], list[Flowable]]

_SIZES: dict[str, tuple[float, float]] = {"letter": LETTER, "a4": A4}
_MARGIN_X = 58.0
_MARGIN_Y = 44.0
_NO_LIMIT = 12
# Most points, across and down, that a logo takes.
_LOGO = 220.0, 34.0
# Most lines of a paragraph, in the order tried.
_MOST_LINES = (_NO_LIMIT, 8, 6, 4, 3, 2, 1)
# Letters are not made smaller than this share of their size; rather is a text cut.
_LEAST_SCALE = 0.76


def page_size(size: str) -> tuple[float, float]:
    """Return width and height of a paper size, letter or a4, in points.

    Raises:
        BadInputError: it is another.
    """
    page = _SIZES.get(size.strip().casefold())
    if page is None:
        raise BadInputError(f"There is no paper size {size!r} here: use letter or a4.")
    return page


class Look(NamedTuple):
    """How a text is set.

    Attributes:
        leading: distance of lines, in sizes.
        most_lines: before it is cut, however much room there is.
        right: set against the right margin.
        tag: what a screen reader takes it for: H1, H2, P.
    """

    size: float
    bold: bool = False
    leading: float = 1.3
    most_lines: int = _NO_LIMIT
    right: bool = False
    bullet: bool = False
    tag: str = "P"

    def width_of(self, text: str) -> float:
        """Return how wide a text is on one line, in points."""
        parts = runs(text, bold=self.bold)
        return sum(float(pdfmetrics.stringWidth(part, font, self.size)) for font, part in parts)


_SMALL = Look(8, most_lines=2)


class Typesetter:
    """Sets texts in a width, each with so many lines at most, and knows what became of them."""

    def __init__(self, width: float, most_lines: int) -> None:
        self.width = width
        self._most_lines = most_lines
        self._cut = self._in_latin = False

    def text(self, text: str, look: Look, width: float | None = None) -> Paragraph:
        """Set a text, cut where it would take too many lines; None for the whole width."""
        most_lines = min(self._most_lines, look.most_lines)

        def fits(part: str, paragraph: Paragraph | None = None) -> bool:
            paragraph = paragraph or _paragraph(part, look)
            paragraph.wrap(width or self.width, 100_000)
            return not part.strip() or len(paragraph.blPara.lines) <= most_lines

        shown, paragraph = text, _paragraph(text, look)
        if not fits(text, paragraph):
            shown = _longest(text, fits)
            paragraph = _paragraph(shown, look)
        self._cut = self._cut or "…" in shown
        self._in_latin = self._in_latin or bool(not_printed(shown))
        return paragraph

    def called_for(self, notes: PageNotes | None, already: Sequence[str]) -> Iterator[str]:
        """Yield the notes that the texts call for, and those that were called for already."""
        if notes is None:
            return
        if notes.cut in already or self._cut:
            yield notes.cut
        if notes.glyphs in already or self._in_latin:
            yield notes.glyphs


def _paragraph(text: str, look: Look) -> Paragraph:
    style = ParagraphStyle(
        "look",
        fontName=BOLD if look.bold else REGULAR,
        fontSize=look.size,
        leading=look.size * look.leading,
        alignment=2 if look.right else 0,
        splitLongWords=1,
        leftIndent=12 if look.bullet else 0,
        bulletIndent=1,
        bulletFontName=REGULAR,
        bulletFontSize=look.size,
        tag=look.tag,
    )
    return Text(markup(text, bold=look.bold), style, bulletText="•" if look.bullet else None)


class Text(Paragraph):  # type: ignore[misc]  # no types
    """A paragraph that a screen reader finds; its style may say what it is, such as H1."""

    def draw(self) -> None:
        """Draw it."""
        with marked(self.canv, getattr(self.style, "tag", "P")):
            super().draw()


class _Rule(HRFlowable):  # type: ignore[misc]  # no types
    def draw(self) -> None:
        with decoration(self.canv):
            super().draw()


class Columns(Table):  # type: ignore[misc]  # no types
    """Things beside one another: its lines are passed over, its cells are read row by row."""

    def _drawLines(self) -> None:  # noqa: N802 - as reportlab calls it
        with decoration(self.canv):
            super()._drawLines()

    def _drawBkgrnd(self) -> None:  # noqa: N802 - as reportlab calls it
        with decoration(self.canv):
            super()._drawBkgrnd()


class _OfData(Columns):
    """A table that a screen reader goes through by rows and columns.

    Attributes:
        heads: what its headings are for: Column if they are its first row, Row if each row begins
            with one, empty if it has none.
    """

    heads = ""

    def draw(self) -> None:
        self._line, self._height = 0, -1.0
        with within(self.canv, "Table"), ExitStack() as self._row:
            super().draw()

    def _drawCell(  # noqa: N802 - as reportlab calls it
        self, cell: object, style: object, place: tuple[float, float], size: tuple[float, float]
    ) -> None:
        begins = place[1] != self._height
        if begins:
            self._line, self._height = self._line + 1, place[1]
            self._row.close()
            self._row.enter_context(within(self.canv, "TR"))
        is_head = self._line == 1 if self.heads == "Column" else begins and bool(self.heads)
        with within(self.canv, "TH" if is_head else "TD", self.heads if is_head else ""):
            super()._drawCell(cell, style, place, size)


class ByColumn(_OfData):
    """A table whose first row says what the columns are."""

    heads = "Column"
    _longTableOptimize = 1  # noqa: N815 - as reportlab calls it


class ByRow(_OfData):
    """A table whose rows begin with what they are about."""

    heads = "Row"


def _longest(text: str, fits: Callable[[str], bool]) -> str:
    """Return the longest beginning that fits with an ellipsis, not cut inside a word if it can."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle] + "…") else (low, middle - 1)
    whole_words = text[:low].rsplit(" ", 1)[0]
    kept = whole_words if len(whole_words) > low * 0.8 else text[:low]
    return kept.rstrip(" ,;:") + "…"


def space(points: float) -> Flowable:
    """Leave room."""
    return Spacer(0, points)


def rule(weight: float = 0.6) -> Flowable:
    """Draw a line across."""
    return _Rule("100%", weight, "butt", black, spaceBefore=0, spaceAfter=0)


class _Logo(Image):  # type: ignore[misc]  # no types
    """A library's logo; its name stands beside it."""

    def draw(self) -> None:
        with decoration(self.canv):
            super().draw()


def logo(picture: bytes) -> list[Flowable]:
    """Set a library's logo above its name; nothing where it has none."""
    if not picture:
        return []
    set_logo = _Logo(BytesIO(picture), hAlign="LEFT")
    scale = min(_LOGO[0] / set_logo.imageWidth, _LOGO[1] / set_logo.imageHeight)
    set_logo.drawWidth, set_logo.drawHeight = (
        set_logo.imageWidth * scale,
        set_logo.imageHeight * scale,
    )
    return [set_logo, space(4)]


def table(
    cells: list[list[Any]],
    widths: list[float],
    *style: tuple[Any, ...],
    kind: type[Columns] = Columns,
) -> Table:
    """Set a table, its cells without padding and hanging from their upper edge."""
    everywhere = (0, 0), (-1, -1)
    bare = [(f"{side}PADDING", *everywhere, 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    return kind(cells, widths, style=[*bare, ("VALIGN", *everywhere, "TOP"), *style])


class _Column(Flowable):  # type: ignore[misc]  # no types
    """Pieces below one another, set anew for each width tried: a Table takes its width but once.

    Attributes:
        texts: as they were set last.
    """

    def __init__(self, set_pieces: SetPieces, most_lines: int) -> None:
        super().__init__()
        self._set_pieces = set_pieces
        self._most_lines = most_lines
        self._set_for = 0.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        # Asked again before it is drawn.
        if width != self._set_for:
            self.texts = Typesetter(width, self._most_lines)
            self._stack = KeepInFrame(0, 0, self._set_pieces(self.texts), mode="overflow")
            _, self.height = self._stack.wrapOn(self.canv, width, height)
            self._set_for = width
        return width, self.height

    def draw(self) -> None:
        self._stack.drawOn(self.canv, 0, 0)


def one_page(
    size: str,
    set_body: SetPieces,
    foot: Sequence[str],
    notes: PageNotes | None,
    title: str,
    author: str,
    language: str,
) -> bytes:
    """Return a PDF of one page, the body from the top, the lines of the foot at the bottom.

    The body is as large, and has as few cuts, as fits; of the notes, those that it calls for are
    said. The same content gives the same bytes.

    Raises:
        BadInputError: the size is neither letter nor a4.
        SetupError: however much is cut, it does not fit.
    """
    page = page_size(size)
    # The canvas begins in one of the fonts that this registers.
    _letters()
    out = BytesIO()
    canvas = Canvas(out, pagesize=page, invariant=1, lang=language, initialFontName=REGULAR)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.tags = Tags()
    for most_lines in _MOST_LINES:
        if _drawn(canvas, page, _Column(set_body, most_lines), foot, notes):
            canvas.showPage()
            canvas.tags.write(canvas, title, author, language)
            canvas.save()
            return out.getvalue()
    raise SetupError("The receipt texts do not fit on one page: shorten those that you changed.")


def _drawn(
    canvas: Canvas,
    page: tuple[float, float],
    body: _Column,
    lines: Sequence[str],
    notes: PageNotes | None,
    called_for: Sequence[str] = (),
) -> bool:
    """Draw body and foot if they fit; say whether they did."""
    width, height = page[0] - 2 * _MARGIN_X, page[1] - 2 * _MARGIN_Y
    foot = _Column(partial(_foot, lines, called_for), _NO_LIMIT)
    _, foot_height = foot.wrapOn(canvas, width, height)
    shrunk = KeepInFrame(0, 0, [body], mode="shrink")
    _, body_height = shrunk.wrapOn(canvas, width, height - foot_height)
    if body_height + foot_height > height or body.texts.width > width / _LEAST_SCALE:
        return False
    wanted = tuple(body.texts.called_for(notes, called_for))
    if wanted != called_for:
        # The notes take room from the body.
        return _drawn(canvas, page, body, lines, notes, wanted)
    shrunk.drawOn(canvas, _MARGIN_X, page[1] - _MARGIN_Y - body_height)
    foot.drawOn(canvas, _MARGIN_X, _MARGIN_Y)
    return True


def _foot(lines: Sequence[str], notes: Sequence[str], texts: Typesetter) -> list[Flowable]:
    said = [texts.text(note, _SMALL) for note in notes]
    return [
        space(6),
        *said,
        space(4),
        rule(),
        space(4),
        *[texts.text(line, _SMALL) for line in lines],
    ]


REGULAR = "FiraSans"
BOLD = "FiraSans-Bold"
# Control characters, and marks that only steer how others are set.
_UNSEEN = frozenset({"Cc", "Cf"})
_FILES = {REGULAR: "FiraSans-Regular.ttf", BOLD: "FiraSans-Bold.ttf"}


def register_fonts() -> None:
    """Let reportlab know the fonts."""
    _letters()


@cache
def _letters() -> frozenset[int]:
    """Register the fonts, and return the code points that both weights of Fira Sans have."""
    fonts = [
        TTFont(name, str(fontpkg_fira_sans.ROOT / "files" / file)) for name, file in _FILES.items()
    ]
    for font in fonts:
        pdfmetrics.registerFont(font)
    regular, bold = (frozenset(font.face.charToGlyph) for font in fonts)
    return regular & bold


@cache
def _plain() -> frozenset[str]:
    """Return the letters that are in Fira Sans and mean nothing but themselves."""
    letters = map(chr, _letters())
    return frozenset(
        letter for letter in letters if unicodedata.category(letter) not in _UNSEEN
    ) - frozenset(JOINERS)


def runs(text: str, *, bold: bool = False) -> Iterator[tuple[str, str]]:
    """Split a text into (font, text); what no font has is said in Latin letters."""
    latin = BOLD if bold else REGULAR
    for font, letters in _parts(text):
        if isinstance(font, Script):
            yield set_in(font, letters)
        else:
            yield latin, in_latin(letters) if font is None else letters


def not_printed(text: str) -> list[str]:
    """Return the parts of a text whose letters no font has."""
    return [letters for font, letters in _parts(text) if font is None]


def _parts(text: str) -> Iterator[tuple[Script | str | None, str]]:
    """Split a text into (font, text): empty for Fira Sans, None where no font has it."""
    clean = unicodedata.normalize("NFC", " ".join(text.split()))
    if _plain().issuperset(clean):
        # Nearly all texts: what follows takes a fifth of the time of a paper.
        yield from joined([("", clean)] if clean else [])
        return
    printable = [
        _with_a_font(letter)
        for letter in clean
        if letter in JOINERS or unicodedata.category(letter) not in _UNSEEN
    ]
    parts = [
        (font, "".join(letter for _, letter in group))
        for font, group in groupby(_fonts(printable), key=itemgetter(0))
    ]
    yield from joined(parts)


def _with_a_font(letter: str) -> str:
    """Return a capital that no font has as its small letter: Georgian ones are rare."""
    small = letter.lower()
    lacking = ord(letter) not in _letters() and script_of(letter) is None
    return small if lacking and len(small) == 1 and script_of(small) else letter


def _fonts(letters: Sequence[str]) -> Iterator[tuple[Script | str | None, str]]:
    """Yield each letter with its font: empty for Fira Sans, None where no font has it."""
    font: Script | str | None = ""
    for letter in letters:
        belongs = letter in JOINERS or unicodedata.combining(letter)
        # A mark is set with the letter before it; what joins letters does so in their font alone.
        if not (isinstance(font, Script) and belongs):
            if letter in JOINERS:
                continue
            font = "" if ord(letter) in _letters() else script_of(letter)
        yield font, letter


def markup(text: str, *, bold: bool = False) -> str:
    """Return a text as markup of a reportlab paragraph, each part in its font."""
    return "".join(
        f'<font name="{font}">{escape(part)}</font>' for font, part in runs(text, bold=bold)
    )
