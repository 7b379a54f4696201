"""The blank form as a PDF of one page, with room to write by hand."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from consent.documents.form import EntryKind
from consent.documents.receipt_pdf import set_foot
from consent.documents.sheet import Look, fill, sheet_of, write_pdf

if TYPE_CHECKING:
    from consent.documents.form import Entry, FormPage, FormSection
    from consent.documents.sheet import Column

_LIBRARY = Look(12, bold=True, most_lines=2)
_TITLE = Look(18, bold=True, leading=1.2, most_lines=2)
_LEAD = Look(9.5, leading=1.35)
_HEADING = Look(10.5, bold=True, most_lines=2)
_LABEL = Look(9.5, most_lines=1)
_READ = Look(9, leading=1.3, most_lines=4)
# A line to write on: 8 mm of room.
_ROW = 22.0
_TICK = 9.0
_GAP = 10.0
# A label leaves at least this part of its entry to write in.
_WRITING = 0.3


def render_form(page: FormPage, size: str = "letter") -> bytes:
    """Return the blank form as PDF: always one page, the same bytes for the same content.

    Args:
        page: what it asks.
        size: letter or a4.

    Raises:
        BadInputError: there is no such size.
    """
    full = fill(sheet_of(size), partial(_body, page), partial(set_foot, page.foot), None)
    return write_pdf(full, page.title, page.library, page.language)


def _body(page: FormPage, column: Column) -> None:
    column.paragraph(page.library, _LIBRARY)
    column.space(3)
    column.rule(weight=1.4)
    column.space(8)
    column.paragraph(page.title, _TITLE)
    column.space(3)
    column.paragraph(page.lead, _LEAD)
    for section in page.sections:
        _section(section, column)


def _section(section: FormSection, column: Column) -> None:
    column.space(9)
    top = column.y
    if section.for_office:
        column.space(4)
    inset = _GAP if section.for_office else 0.0
    column.paragraph(section.heading, _HEADING, inset)
    for row in section.rows:
        _row(row, column, inset)
    if section.for_office:
        column.space(7)
        column.box(0, top, column.sheet.width, column.y - top, weight=1.0)


def _row(row: tuple[Entry, ...], column: Column, inset: float) -> None:
    if len(row) == 1 and row[0].kind is EntryKind.READ:
        column.space(5)
        column.paragraph(row[0].label, _READ)
        return
    column.space(_ROW - _LABEL.size * _LABEL.leading)
    x, whole = inset, column.sheet.width - 2 * inset
    height = 0.0
    for entry in row:
        width = entry.share * whole
        gap = 0.0 if x + width >= inset + whole - 1 else _GAP
        height = max(height, _entry(entry, column, x, width - gap))
        x += width
    column.y += height


def _entry(entry: Entry, column: Column, x: float, width: float) -> float:
    """Set an entry from here down without moving on; return its height."""
    left = x
    if entry.kind in {EntryKind.TICK, EntryKind.TICK_AND_WRITE}:
        side = _TICK * column.scale
        column.box(x, column.y + 2 * column.scale, side, side)
        left += side + 5 * column.scale
    writes = entry.kind in {EntryKind.WRITE, EntryKind.TICK_AND_WRITE}
    room = x + width - left - (_WRITING * width if writes else 0)
    look = _narrowed(entry.label, column, room)
    column.text(entry.label, look, left, room)
    height = _LABEL.size * _LABEL.leading * column.scale
    if writes:
        label = min(column.width_of(entry.label, look), room)
        start = left + label + (4 if entry.label else 0)
        column.rule(start, x + width - start, dy=height - 1.5 * column.scale)
    return height


def _narrowed(label: str, column: Column, room: float) -> Look:
    """Return the look in which a label fits its room: down to three quarters; then it is cut."""
    # A little less than the room, so that rounding breaks no line.
    fits = 0.99 * room / max(column.width_of(label, _LABEL), 1.0)
    return _LABEL._replace(size=_LABEL.size * min(1.0, max(fits, 0.75)))
