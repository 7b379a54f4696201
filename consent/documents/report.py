"""A paper of several pages, for staff: tagged, titled, with the number of each page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from io import BytesIO

from reportlab.lib.colors import black
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Image, Paragraph, SimpleDocTemplate

from consent.documents.sheet import BOLD, REGULAR, Columns, Text, markup, page_size, register_fonts
from consent.documents.tags import Tags, decoration, marked

MARGIN = 18 * mm
_LANGUAGE = "en-US"
_BOTTOM = 20 * mm
# A frame keeps so many points free on both sides.
_FRAME = 6.0
_SMALL = ParagraphStyle("foot", fontName=REGULAR, fontSize=7.5, leading=9.5)
_NAMED = ParagraphStyle("line", fontName=REGULAR, fontSize=8, leading=10)


def make_report(
    story: Sequence[Flowable], title: str, author: str, size: str = "letter", foot: str = ""
) -> bytes:
    """Return a PDF of as many pages as it takes, the same bytes for the same content.

    Raises:
        BadInputError: the size is neither letter nor a4.
    """
    made = BytesIO()
    register_fonts()
    document = SimpleDocTemplate(
        made,
        pagesize=page_size(size),
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=_BOTTOM,
        title=title,
        author=author,
        lang=_LANGUAGE,
        invariant=1,
    )
    document.build(list(story), canvasmaker=partial(_Numbered, foot, title, author))
    return made.getvalue()


def report_width(size: str = "letter") -> float:
    """Return how wide a report is set, in points."""
    return float(page_size(size)[0] - 2 * MARGIN - 2 * _FRAME)


def paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    """Set a text in a style; the style's `tag` says what it is, such as H1, else P."""
    return Text(markup(text, bold=style.fontName == BOLD), style)


class Figure(Image):  # type: ignore[misc]  # no types
    """A picture with what is said in its place."""

    def __init__(self, content: bytes, alt: str, most: float) -> None:
        """Take an encoded picture; it is at most so many points wide and high."""
        super().__init__(BytesIO(content), hAlign="LEFT")
        self._alt = alt
        scale = min(most / self.imageWidth, most / self.imageHeight)
        self.drawWidth, self.drawHeight = self.imageWidth * scale, self.imageHeight * scale

    def draw(self) -> None:
        """Draw it."""
        with marked(self.canv, "Figure", self._alt):
            super().draw()


def lines_to_sign(names: Sequence[str], widths: Sequence[float]) -> Flowable:
    """Leave lines to write on beside one another, each with what belongs there below it."""
    rows = [["" for _ in names], [paragraph(name, _NAMED) for name in names]]
    lines = Columns(rows, colWidths=list(widths), rowHeights=[30, 14])
    lines.setStyle([("LINEABOVE", (0, 1), (-1, 1), 0.6, black)])
    return lines


class _Numbered(Canvas):  # type: ignore[misc]  # no types
    """A canvas with tags, that writes the foot once it knows how many pages there are."""

    def __init__(
        self, foot: str, title: str, author: str, *arguments: object, **named: object
    ) -> None:
        super().__init__(*arguments, **{**named, "initialFontName": REGULAR})
        self._foot, self._about = foot, (title, author, _LANGUAGE)
        self._pages: list[dict[str, object]] = []
        self.tags = Tags()

    def showPage(self) -> None:  # noqa: N802 - as reportlab calls it
        self._pages.append(dict(self.__dict__))
        self._startPage()
        self.tags.turn_to(len(self._pages))

    def save(self) -> None:
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self.tags.turn_to(number - 1)
            self._write_foot(number, len(self._pages))
            super().showPage()
        self.tags.write(self, *self._about)
        super().save()

    def _write_foot(self, number: int, count: int) -> None:
        wide = self._pagesize[0]
        foot = Paragraph(markup(self._foot), _SMALL)
        _, high = foot.wrap(wide - 2 * MARGIN - 30 * mm, _BOTTOM)
        # Read out once, at the end.
        with marked(self, "P") if number == count and self._foot else decoration(self):
            foot.drawOn(self, MARGIN, 16 * mm - high)
        with decoration(self):
            self.setFont(REGULAR, 7.5)
            self.drawRightString(wide - MARGIN, 16 * mm - 7.5, f"Page {number} of {count}")
