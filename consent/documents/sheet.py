"""One sheet of paper: text set top down, shrunk and then cut until it fits."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

import fontpkg_fira_sans
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from consent.domain.errors import BadInputError, SetupError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from consent.documents.receipt import PageNotes

_SIZES = {"letter": LETTER, "a4": A4}
_MARGIN_X = 58.0
_MARGIN_Y = 44.0
_NO_LIMIT = 12
# Scale and most lines of a paragraph, in the order tried: first smaller, then cut.
_ATTEMPTS = (
    *((scale / 100, _NO_LIMIT) for scale in range(100, 76, -3)),
    *((0.76, lines) for lines in (8, 6, 4, 3, 2, 1)),
)


class Sheet(NamedTuple):
    """The part of a page that is printed on, in points.

    Attributes:
        width: between the margins.
        height: between the margins.
        page: width and height of the paper.
    """

    width: float
    height: float
    page: tuple[float, float]


def sheet_of(size: str) -> Sheet:
    """Return the sheet of a paper size, letter or a4.

    Raises:
        BadInputError: it is another.
    """
    page = _SIZES.get(size.strip().casefold())
    if page is None:
        message = f"There is no paper size {size!r} here: use letter or a4."
        raise BadInputError(message)
    return Sheet(page[0] - 2 * _MARGIN_X, page[1] - 2 * _MARGIN_Y, page)


class Look(NamedTuple):
    """How a text is set.

    Attributes:
        size: of the letters at full scale, points.
        bold: its weight.
        leading: distance of lines, in sizes.
        most_lines: before it is cut, however much room there is.
        right: set against the right margin.
    """

    size: float
    bold: bool = False
    leading: float = 1.3
    most_lines: int = _NO_LIMIT
    right: bool = False


@dataclass(slots=True)
class Column:
    """What is set so far, top down; y is in points below the top of the sheet.

    Attributes:
        sheet: where it goes.
        scale: of letters and spaces.
        most_lines: of any paragraph.
        y: where the next thing goes.
        cut: whether a text was too long.
        fonts: that were used.
        boxed_letters: whether a letter could not be printed.
    """

    sheet: Sheet
    scale: float = 1.0
    most_lines: int = _NO_LIMIT
    y: float = 0.0
    cut: bool = False
    fonts: set[str] = field(default_factory=set)
    boxed_letters: bool = False
    _marks: list[Callable[[Canvas, float, float], None]] = field(default_factory=list)

    def space(self, points: float) -> None:
        """Leave room."""
        self.y += points * self.scale

    def text(self, text: str, look: Look, x: float = 0.0, width: float | None = None) -> float:
        """Set a text from here down without moving on; return its height.

        Args:
            text: plain.
            look: how.
            x: from the left margin.
            width: None for up to the right margin.
        """
        room = self.sheet.width - x if width is None else width
        paragraph, height = self._fitted(text, look, room)
        top = self.y

        def draw(canvas: Canvas, left: float, upper: float) -> None:
            paragraph.drawOn(canvas, left + x, upper - top - height)

        self._marks.append(draw)
        return height

    def paragraph(self, text: str, look: Look, x: float = 0.0) -> None:
        """Set a text and move on below it."""
        self.y += self.text(text, look, x)

    def rule(
        self, x: float = 0.0, width: float | None = None, *, dy: float = 0.0, weight: float = 0.6
    ) -> None:
        """Draw a line, `dy` points below here."""
        long, down = self.sheet.width - x if width is None else width, self.y + dy

        def draw(canvas: Canvas, left: float, upper: float) -> None:
            canvas.setLineWidth(weight)
            canvas.line(left + x, upper - down, left + x + long, upper - down)

        self._marks.append(draw)

    def box(self, x: float, top: float, width: float, height: float, weight: float = 0.8) -> None:
        """Draw a frame; `top` is below the top of the sheet."""

        def draw(canvas: Canvas, left: float, upper: float) -> None:
            canvas.setLineWidth(weight)
            canvas.rect(left + x, upper - top - height, width, height)

        self._marks.append(draw)

    def width_of(self, text: str, look: Look) -> float:
        """Return how wide a text is on one line, in points."""
        size = look.size * self.scale
        return sum(
            float(pdfmetrics.stringWidth(part, font, size))
            for font, part in runs(text, bold=look.bold)
        )

    def draw(self, canvas: Canvas, top: float = 0.0) -> None:
        """Draw everything, beginning `top` points below the top of the sheet."""
        for mark in self._marks:
            mark(canvas, _MARGIN_X, self.sheet.page[1] - _MARGIN_Y - top)

    def _fitted(self, text: str, look: Look, width: float) -> tuple[Paragraph, float]:
        most = min(look.most_lines, self.most_lines)
        paragraph, lines, height = _set(text, look, self.scale, width)
        if lines > most:
            text = _longest(text, lambda part: _set(part, look, self.scale, width)[1] <= most)
            paragraph, _, height = _set(text, look, self.scale, width)
        self.cut = self.cut or "…" in text
        for font, letters in runs(text, bold=look.bold):
            self.fonts.add(font)
            self.boxed_letters = self.boxed_letters or MISSING in letters
        return paragraph, height


def _paragraph(text: str, look: Look, scale: float) -> Paragraph:
    size = look.size * scale
    style = ParagraphStyle(
        "look",
        fontName=BOLD if look.bold else REGULAR,
        fontSize=size,
        leading=size * look.leading,
        alignment=2 if look.right else 0,
        splitLongWords=1,
    )
    return Paragraph(markup(text, bold=look.bold), style)


def _set(text: str, look: Look, scale: float, width: float) -> tuple[Paragraph, int, float]:
    """Return the paragraph, its number of lines and its height."""
    paragraph = _paragraph(text, look, scale)
    _, height = paragraph.wrap(width, 100_000)
    return paragraph, len(paragraph.blPara.lines) if text.strip() else 0, float(height)


def _longest(text: str, fits: Callable[[str], bool]) -> str:
    """Return the longest beginning that fits with an ellipsis, not cut inside a word if it can."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle] + "…") else (low, middle - 1)
    whole_words = text[:low].rsplit(" ", 1)[0]
    kept = whole_words if len(whole_words) > low * 0.8 else text[:low]
    return kept.rstrip(" ,;:") + "…"


class Sheetful(NamedTuple):
    """What is set on a sheet: the body from the top, the foot at the bottom."""

    body: Column
    foot: Column


def fill(
    sheet: Sheet,
    set_body: Callable[[Column], None],
    set_foot: Callable[[Column, tuple[str, ...]], None],
    notes: PageNotes | None,
) -> Sheetful:
    """Set body and foot in the largest scale, with the fewest cuts, that fits the sheet.

    Args:
        sheet: to fill.
        set_body: sets the body.
        set_foot: sets the foot, with the notes that the body calls for.
        notes: to choose from; None for none.
    """
    for scale, most_lines in _ATTEMPTS:
        tried = _try(sheet, scale, most_lines, set_body, set_foot, notes)
        if tried.body.y + tried.foot.y <= sheet.height:
            return tried
    message = "The receipt texts do not fit on one page: shorten those that you changed."
    raise SetupError(message)


def _try(
    sheet: Sheet,
    scale: float,
    most_lines: int,
    set_body: Callable[[Column], None],
    set_foot: Callable[[Column, tuple[str, ...]], None],
    notes: PageNotes | None,
) -> Sheetful:
    body = Column(sheet, scale, most_lines)
    set_body(body)
    foot = Column(sheet, scale, most_lines)
    set_foot(foot, tuple(_called_for(body, notes)))
    return Sheetful(body, foot)


def _called_for(body: Column, notes: PageNotes | None) -> Iterator[str]:
    if notes is None:
        return
    if body.cut:
        yield notes.cut
    if body.boxed_letters:
        yield notes.glyphs
    if body.fonts & {CHINESE, KOREAN}:
        yield notes.asian


def write_pdf(full: Sheetful, title: str, author: str, language: str) -> bytes:
    """Draw a sheet as PDF; the same content gives the same bytes."""
    out = BytesIO()
    sheet = full.body.sheet
    canvas = Canvas(out, pagesize=sheet.page, invariant=1, lang=language, initialFontName=REGULAR)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    full.body.draw(canvas)
    full.foot.draw(canvas, sheet.height - full.foot.y)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


REGULAR = "FiraSans"
BOLD = "FiraSans-Bold"
CHINESE = "STSong-Light"
KOREAN = "HYGothic-Medium"
MISSING = "▯"
# Control characters, and marks that only steer how others are set.
_UNSEEN = frozenset({"Cc", "Cf"})
_FILES = {REGULAR: "FiraSans-Regular.ttf", BOLD: "FiraSans-Bold.ttf"}
# Kana and the ideographs of Adobe-GB1, traditional ones among them; full-width signs.
_IDEOGRAPHS = ((0x3001, 0x3011), (0x3041, 0x3093), (0x30A1, 0x30FC), (0x4E00, 0x9FA5))
_HANGUL = ((0xAC00, 0xD7A3),)


@cache
def _letters() -> frozenset[int]:
    """Register the fonts, and return the code points that both weights of Fira Sans have."""
    fonts = [
        TTFont(name, str(fontpkg_fira_sans.ROOT / "files" / file)) for name, file in _FILES.items()
    ]
    for font in (*fonts, UnicodeCIDFont(CHINESE), UnicodeCIDFont(KOREAN)):
        pdfmetrics.registerFont(font)
    regular, bold = (frozenset(font.face.charToGlyph) for font in fonts)
    return regular & bold


def runs(text: str, *, bold: bool = False) -> Iterator[tuple[str, str]]:
    """Split a text into (font, text), with a box for each letter that no font has."""
    clean = unicodedata.normalize("NFC", " ".join(text.split()))
    printable = [letter for letter in clean if unicodedata.category(letter) not in _UNSEEN]
    latin = BOLD if bold else REGULAR
    for font, group in groupby(printable, key=_font):
        letters = "".join(group)
        yield font or latin, MISSING * len(letters) if font is None else letters


def _font(letter: str) -> str | None:
    """Return the font of a letter: empty for Fira Sans, None where no font has it."""
    point = ord(letter)
    if point in _letters():
        return ""
    if any(first <= point <= last for first, last in _IDEOGRAPHS):
        return CHINESE
    return KOREAN if any(first <= point <= last for first, last in _HANGUL) else None


def markup(text: str, *, bold: bool = False) -> str:
    """Return a text as markup of a reportlab paragraph, each part in its font."""
    return "".join(
        f'<font name="{font}">{escape(part)}</font>' for font, part in runs(text, bold=bold)
    )
