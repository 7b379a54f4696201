"""The blank form as a PDF of one page, with room to write by hand."""

from __future__ import annotations

from functools import partial

from reportlab.lib.colors import black
from reportlab.platypus import Flowable

from consent.documents.form import Entry, EntryKind, FormPage, FormSection
from consent.documents.sheet import Look, Typesetter, logo, one_page, rule, space, table
from consent.documents.tags import decoration

_LIBRARY = Look(12, bold=True, most_lines=2)
_TITLE = Look(18, bold=True, leading=1.2, most_lines=2, tag="H1")
_LEAD = Look(9.5, leading=1.35)
_HEADING = Look(10.5, bold=True, most_lines=2, tag="H2")
_LABEL = Look(9.5, most_lines=1)
_READ = Look(9, leading=1.3, most_lines=4)
# A line to write on: 8 mm of room.
_ROW = 22.0
_LINE = _LABEL.size * _LABEL.leading
_TICK = 9.0
_GAP = 10.0
# A label leaves at least this part of its entry to write in.
_WRITING = 0.3


def render_form(page: FormPage, size: str = "letter") -> bytes:
    """Return the blank form as PDF: always one page, the same bytes for the same content.

    Raises:
        BadInputError: the size is neither letter nor a4.
    """
    body = partial(_body, page)
    return one_page(size, body, page.foot, None, page.title, page.library, page.language)


def _body(page: FormPage, texts: Typesetter) -> list[Flowable]:
    return [
        *logo(page.logo),
        texts.text(page.library, _LIBRARY),
        space(3),
        rule(1.4),
        space(8),
        texts.text(page.title, _TITLE),
        space(3),
        texts.text(page.lead, _LEAD),
        *[piece for section in page.sections for piece in _section(section, texts)],
    ]


def _section(section: FormSection, texts: Typesetter) -> list[Flowable]:
    width = texts.width - 2 * _GAP if section.for_office else texts.width
    pieces: list[Flowable] = [texts.text(section.heading, _HEADING, width)]
    for row in section.rows:
        if len(row) == 1 and row[0].kind is EntryKind.READ:
            pieces += [space(5), texts.text(row[0].label, _READ, width)]
        else:
            pieces.append(_Entries(row, width))
    if section.for_office:
        pieces = [_boxed(pieces, texts.width)]
    return [space(9), *pieces]


def _boxed(pieces: list[Flowable], width: float) -> Flowable:
    sides = {"LEFT": _GAP, "RIGHT": _GAP, "TOP": 4, "BOTTOM": 7}
    padding = [(f"{side}PADDING", (0, 0), (0, 0), room) for side, room in sides.items()]
    return table([[pieces]], [width], ("BOX", (0, 0), (0, 0), 1, black), *padding)


class _Entries(Flowable):  # type: ignore[misc]  # no types
    """Entries beside one another: box to tick, label, line to write on, as each has them."""

    def __init__(self, row: tuple[Entry, ...], width: float) -> None:
        super().__init__()
        self._row = row
        self.width, self.height = width, _ROW

    def draw(self) -> None:
        left = 0.0
        for entry in self._row:
            right = left + entry.share * self.width
            self._draw(entry, left, right if right >= self.width - 1 else right - _GAP)
            left = right

    def _draw(self, entry: Entry, left: float, right: float) -> None:
        writes = entry.kind in {EntryKind.WRITE, EntryKind.TICK_AND_WRITE}
        room = (right - left) * (1 - _WRITING if writes else 1)
        if entry.kind in {EntryKind.TICK, EntryKind.TICK_AND_WRITE}:
            with decoration(self.canv):
                self.canv.setLineWidth(0.8)
                self.canv.rect(left, _LINE - _TICK - 2, _TICK, _TICK)
            left += _TICK + 5
            room -= _TICK + 5
        look = _narrowed(entry.label, room)
        label = Typesetter(room, 1).text(entry.label, look)
        _, height = label.wrapOn(self.canv, room, _LINE)
        label.drawOn(self.canv, left, _LINE - height)
        if writes:
            start = left + min(look.width_of(entry.label), room) + (4 if entry.label else 0)
            with decoration(self.canv):
                self.canv.setLineWidth(0.6)
                self.canv.line(start, 1.5, right, 1.5)


def _narrowed(label: str, room: float) -> Look:
    """Return the look in which a label fits its room: down to three quarters; then it is cut."""
    # A little less than the room, so that rounding breaks no line.
    fits = 0.99 * room / max(_LABEL.width_of(label), 1.0)
    return _LABEL._replace(size=_LABEL.size * min(1.0, max(fits, 0.75)))
