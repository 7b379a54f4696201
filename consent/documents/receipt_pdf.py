"""A receipt as a PDF of one page, readable in black and white."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from consent.documents.sheet import Look, fill, sheet_of, write_pdf

if TYPE_CHECKING:
    from consent.documents.receipt import ReceiptPage, Row, Section
    from consent.documents.sheet import Column

_LIBRARY = Look(12, bold=True, most_lines=2)
_SMALL = Look(8, most_lines=2)
_SMALL_RIGHT = Look(8, most_lines=1, right=True)
_NUMBER = Look(20, bold=True, leading=1.15, most_lines=1, right=True)
_TITLE = Look(17, bold=True, leading=1.2, most_lines=3)
_LEAD = Look(10.5, leading=1.4)
_LABEL = Look(10, bold=True, most_lines=2)
_VALUE = Look(10, leading=1.35, most_lines=5)
_HEADING = Look(11.5, bold=True, most_lines=2)
_BODY = Look(10, leading=1.38)
_LABEL_WIDTH = 128.0
_NUMBER_WIDTH = 120.0
_INDENT = 12.0


def render_receipt(page: ReceiptPage, size: str = "letter") -> bytes:
    """Return the receipt as PDF: always one page, the same bytes for the same content.

    Args:
        page: what it says.
        size: letter or a4.

    Raises:
        BadInputError: there is no such size.
    """
    full = fill(sheet_of(size), partial(_body, page), partial(set_foot, page.foot), page.notes)
    return write_pdf(full, f"{page.number}: {page.title}", page.library, page.language)


def set_foot(lines: tuple[str, ...], column: Column, notes: tuple[str, ...]) -> None:
    """Set the notes, then the lines of the foot below a rule."""
    column.space(6)
    for note in notes:
        column.paragraph(note, _SMALL)
    column.space(4)
    column.rule()
    column.space(4)
    for line in lines:
        column.paragraph(line, _SMALL)


def _body(page: ReceiptPage, column: Column) -> None:
    _head(page, column)
    column.paragraph(page.title, _TITLE)
    column.space(7)
    column.paragraph(page.lead, _LEAD)
    column.space(12)
    column.rule()
    for row in page.rows:
        _row(row, column)
    for section in page.sections:
        _section(section, column)


def _head(page: ReceiptPage, column: Column) -> None:
    left = column.sheet.width - _NUMBER_WIDTH
    label = column.text(page.number_label, _SMALL_RIGHT, left)
    high = column.text(page.library, _LIBRARY, width=left - _INDENT)
    column.y += label
    number = column.text(page.number, _NUMBER, left)
    column.y += max(number, high - label)
    column.space(5)
    column.rule(weight=1.4)
    column.space(18)


def _row(row: Row, column: Column) -> None:
    column.space(4)
    label = column.text(row.label, _LABEL, width=_LABEL_WIDTH - _INDENT)
    value = column.text(row.value, _VALUE, _LABEL_WIDTH)
    column.y += max(label, value)
    column.space(4.5)
    column.rule(weight=0.3)


def _section(section: Section, column: Column) -> None:
    column.space(13)
    column.paragraph(section.heading, _HEADING)
    column.space(3)
    if len(section.paragraphs) == 1:
        column.paragraph(section.paragraphs[0], _BODY)
        return
    for paragraph in section.paragraphs:
        column.text("•", _BODY, 1, _INDENT)
        column.paragraph(paragraph, _BODY, _INDENT)
        column.space(2)
