"""How many rows the register should have, and the moment that its log has reached.

The program counts what it writes in the same transaction. Rows that get lost in any other way are
not counted out, so that a check sees that they are missing before it says that nothing was found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import event, func, select, update
from sqlalchemy.orm import Session as AnySession
from sqlmodel import Field, Session, SQLModel, col
from sqlmodel import select as select_rows

from consent.domain.clock import ClockDoubt, ClockLooks, clock_doubt
from consent.storage.keys import HomeKeyRow
from media_index.storage.columns import Store
from media_index.storage.tables import UtcDateTime

# Without one of these rows somebody might not be found. In words, for one and for many.
SEALED = {
    "person": ("person", "people"),
    "person_event": ("entry of a person", "entries of people"),
    "revocation": ("case", "cases"),
    "revocation_event": ("entry of a case", "entries of cases"),
    "template": ("photo of the person", "photos of the person"),
    "template_encoding": ("encoding of a photo of the person", "encodings of photos of the person"),
    "sighting": ("decision on a photo", "decisions on photos"),
}


class RegisterSealRow(SQLModel, table=True):
    """How many rows a table of the register should have."""

    __tablename__ = "register_seal"

    part: str = Field(primary_key=True, max_length=32)
    rows: int


class HomeMarkRow(SQLModel, table=True):
    """The latest moment at which the clock was trusted; see `ClockLooks` for the others."""

    __tablename__ = "home_mark"

    id: int = Field(primary_key=True)
    clock: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sure: datetime | None = Field(default=None, sa_type=UtcDateTime)
    looked: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Loss:
    """A table of the register that has other rows than were written.

    Attributes:
        expected: how many were written and not erased; None if even that is not known.
    """

    part: str
    there: int
    expected: int | None


class Seal(Store):
    """What the register should hold."""

    def losses(self) -> list[Loss]:
        """Return the tables that have other rows than were written."""
        sealed = self._session.exec(select_rows(RegisterSealRow)).all()
        known = {row.part: row.rows for row in sealed}
        counts = [
            select(func.count()).select_from(SQLModel.metadata.tables[part]).scalar_subquery()
            for part in SEALED
        ]
        there = dict(zip(SEALED, self._session.execute(select(*counts)).one(), strict=True))
        return [
            Loss(part, there[part], known.get(part))
            for part in SEALED
            if there[part] != known.get(part)
        ]

    def anybody(self) -> bool:
        """Say whether a case was ever entered."""
        row = self._session.get(RegisterSealRow, "revocation")
        return row is not None and row.rows > 0

    def count_out(self, removed: Mapping[str, int]) -> None:
        """Say how many rows were removed on purpose, by table."""
        _count(self._session, Counter({part: -removed[part] for part in SEALED if part in removed}))

    def accept(self) -> None:
        """Take the rows that are there for what should be there."""
        for loss in self.losses():
            self._session.merge(RegisterSealRow(part=loss.part, rows=loss.there))
        self._session.flush()

    def home(self) -> str:
        """Return the id of this register; empty if it has none."""
        return self._session.exec(select_rows(HomeKeyRow.home)).first() or ""

    def clock(self) -> datetime | None:
        """Return the latest moment at which the clock was trusted; None before any entry."""
        row = self._session.get(HomeMarkRow, 1)
        return None if row is None else row.clock

    def clock_doubt(self, now: datetime) -> ClockDoubt | None:
        """Say what is wrong with the clock, as far as the log can tell."""
        return clock_doubt(now, self.clock())

    def unsure_since(self, now: datetime) -> datetime | None:
        """Return the moment after which nothing has ended yet that has an end; None if all has."""
        looks = _looks(self._session.get(HomeMarkRow, 1))
        return None if looks.trusts(now) else looks.sure

    def saw_clock(self, now: datetime, *, surely: bool = False) -> None:
        """Note the moment of an entry; one that cannot be right only where a person says it is."""
        row = self._session.get(HomeMarkRow, 1)
        if row is None:
            row = HomeMarkRow(id=1)
            self._session.add(row)
        if surely or clock_doubt(now, row.clock) is None:
            looks = ClockLooks(now) if surely else _looks(row).at(now)
            row.sure, row.looked = looks.sure, looks.looked
            row.clock = now if surely or row.clock is None else max(now, row.clock)
            self._session.add(row)
            self._session.flush()


def _looks(row: HomeMarkRow | None) -> ClockLooks:
    # Older code knew of no second look.
    return ClockLooks() if row is None else ClockLooks(row.sure or row.clock, row.looked)


def count_what_is_written(session: Session) -> None:
    """Have every row of the register counted that this session adds."""

    @event.listens_for(session, "after_flush")
    def _after_flush(flushed: AnySession, _context: object) -> None:
        added = Counter(_part(row) for row in flushed.new)
        _count(flushed, Counter({part: added[part] for part in SEALED if added[part]}))


def _part(row: object) -> str:
    return str(getattr(row, "__tablename__", ""))


def _count(session: AnySession, changes: Counter[str]) -> None:
    for part, rows in changes.items():
        session.connection().execute(
            update(RegisterSealRow)
            .where(col(RegisterSealRow.part) == part)
            .values(rows=RegisterSealRow.rows + rows)
        )
