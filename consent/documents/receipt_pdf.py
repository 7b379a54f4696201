"""A receipt as a PDF of one page, readable in black and white."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import segno
from reportlab.lib.colors import black
from reportlab.platypus import Flowable

from consent.documents.receipt import ReceiptPage, Row, Section
from consent.documents.sheet import ByRow, Look, Typesetter, logo, one_page, space, table
from consent.documents.tags import marked

_LIBRARY = Look(12, bold=True, most_lines=2)
_SMALL_RIGHT = Look(8, most_lines=1, right=True)
_NUMBER = Look(20, bold=True, leading=1.15, most_lines=1, right=True)
_TITLE = Look(17, bold=True, leading=1.2, most_lines=3, tag="H1")
_LEAD = Look(10.5, leading=1.4)
_LABEL = Look(10, bold=True, most_lines=2)
_VALUE = Look(10, leading=1.35, most_lines=5)
_HEADING = Look(11.5, bold=True, most_lines=2, tag="H2")
_BODY = Look(10, leading=1.38)
_POINT = _BODY._replace(bullet=True)
_LABEL_WIDTH = 128.0
_NUMBER_WIDTH = 120.0
_QR_SIZE = 78.0
_GAP = 12.0
_ALL = (0, 0), (-1, -1)


def render_receipt(page: ReceiptPage, size: str = "letter") -> bytes:
    """Return the receipt as PDF: always one page, the same bytes for the same content.

    Raises:
        BadInputError: the size is neither letter nor a4.
    """
    return one_page(
        size,
        partial(_body, page),
        page.foot,
        page.notes,
        title=f"{page.number}: {page.title}",
        author=page.library,
        language=page.language,
    )


def _body(page: ReceiptPage, texts: Typesetter) -> list[Flowable]:
    return [
        _head(page, texts),
        space(18),
        texts.text(page.title, _TITLE),
        space(7),
        texts.text(page.lead, _LEAD),
        space(12),
        _facts(page.rows, texts),
        *[piece for section in page.sections for piece in _section(section, texts)],
        *(
            [space(10), QrCode(page.code, f"{page.number_label} {page.number} (QR)")]
            if page.code
            else []
        ),
    ]


class QrCode(Flowable):  # type: ignore[misc]  # no types
    """A text as a QR code, as large as a phone reads it from paper."""

    def __init__(self, text: str, alt: str = "") -> None:
        """Take the text, and what is read out in its place."""
        super().__init__()
        self._alt = alt
        self._rows = [bytes(row) for row in segno.make(text, error="m").matrix]
        self.width = self.height = _QR_SIZE

    def draw(self) -> None:
        """Draw it, dark squares alone."""
        with marked(self.canv, "Figure", self._alt):
            self._draw_squares()

    def _draw_squares(self) -> None:
        module = _QR_SIZE / len(self._rows)
        self.canv.setFillColor(black)
        for line, row in enumerate(self._rows):
            for column, dark in enumerate(row):
                if dark:
                    bottom = _QR_SIZE - (line + 1) * module
                    self.canv.rect(column * module, bottom, module, module, stroke=0, fill=1)


def _head(page: ReceiptPage, texts: Typesetter) -> Flowable:
    left = texts.width - _NUMBER_WIDTH
    library = texts.text(page.library, _LIBRARY, left - _GAP)
    label = texts.text(page.number_label, _SMALL_RIGHT, _NUMBER_WIDTH)
    number = texts.text(page.number, _NUMBER, _NUMBER_WIDTH)
    return table(
        [[[*logo(page.logo), library], [label, number]]],
        [left, _NUMBER_WIDTH],
        ("RIGHTPADDING", (0, 0), (0, 0), _GAP),
        ("BOTTOMPADDING", *_ALL, 5),
        ("LINEBELOW", *_ALL, 1.4, black),
    )


def _facts(rows: Sequence[Row], texts: Typesetter) -> Flowable:
    left, right = _LABEL_WIDTH - _GAP, texts.width - _LABEL_WIDTH
    return table(
        [
            [texts.text(row.label, _LABEL, left), texts.text(row.value, _VALUE, right)]
            for row in rows
        ],
        [_LABEL_WIDTH, right],
        ("RIGHTPADDING", (0, 0), (0, -1), _GAP),
        ("TOPPADDING", *_ALL, 4),
        ("BOTTOMPADDING", *_ALL, 4.5),
        ("LINEBELOW", *_ALL, 0.3, black),
        ("LINEABOVE", (0, 0), (-1, 0), 0.6, black),
        kind=ByRow,
    )


def _section(section: Section, texts: Typesetter) -> list[Flowable]:
    pieces: list[Flowable] = [space(13), texts.text(section.heading, _HEADING), space(3)]
    if len(section.paragraphs) == 1:
        return [*pieces, texts.text(section.paragraphs[0], _BODY)]
    for paragraph in section.paragraphs:
        pieces += [texts.text(paragraph, _POINT), space(2)]
    return pieces
