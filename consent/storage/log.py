"""The log in the database: appended, chained, never changed; triggers refuse the rest.

With an entry are kept the digests of the rows of the register that were written in its transaction,
so that a row changed behind the log's back is found.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import JSON, Table, func, insert, inspect, text, type_coerce
from sqlalchemy import event as sql_event
from sqlalchemy import select as select_columns
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.types import NullType
from sqlmodel import Field, Session, SQLModel, col, select

from consent.domain.actors import Actor, Role
from consent.domain.errors import SetupError
from consent.domain.log import BEGINNING, Action, Entry, Fault, FaultKind, Head, chained
from consent.storage.keys import HomeKeyRow, HomeKeys
from media_index.clock import as_utc, utc_now
from media_index.storage.columns import Columns, Store
from media_index.storage.contents import in_chunks
from media_index.storage.tables import UtcDateTime

# What is decided of people, and what is out. A row of these that no entry tells of was not written
# by this program.
LOGGED = frozenset(
    {
        "person",
        "person_event",
        "revocation",
        "revocation_event",
        "evidence",
        "template",
        "template_encoding",
        "sighting",
        "face_look",
        "face_decision",
        "override",
        "override_step",
        "verbal_consent",
        "verbal_consent_correction",
        "clearance",
        "publication",
        "publication_undone",
        "made_copy",
        "takedown",
        "takedown_event",
        "appeal",
        "appeal_step",
        "legal_hold",
        "disposal",
        "disposal_step",
    }
)
_BY_ITSELF = Actor("likeness", Role.ADMIN)
# Rows read at a time: 100,000 entries are verified in few megabytes.
_AT_ONCE = 2000
# What a column holds that a later version adds: its absence says the same.
_EMPTY: tuple[object, ...] = (None, "", 0, 0.0, "[]", "{}", "null")
_AT_OPENING = frozenset({Action.LOG_KEYED, Action.REGISTER_SEALED, Action.INDEX_SEALED})
# Digest of a row that is no longer there.
_GONE = ""


class AuditEventRow(SQLModel, table=True):
    """An entry of the log, chained to the one before by its digest."""

    __tablename__ = "audit_event"

    sequence: int = Field(
        primary_key=True, sa_column_kwargs={"name": "place", "autoincrement": False}
    )
    at: datetime = Field(sa_type=UtcDateTime)
    action: str = Field(max_length=64, index=True)
    subject: str = Field(index=True, max_length=128)
    actor_id: str
    actor_role: str = Field(max_length=32)
    details: dict[str, Any] = Field(sa_type=JSON)
    changes_register: bool = Field(index=True)
    previous: str = Field(max_length=64)
    digest: str = Field(max_length=64, unique=True)
    rows: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": text("''")})
    scheme: int = Field(default=1, sa_column_kwargs={"server_default": text("1")})


class LogRowRow(SQLModel, table=True):
    """The digest of a row of the register as it was written with an entry; empty if removed."""

    __tablename__ = "log_row"

    id: int | None = Field(default=None, primary_key=True)
    sequence: int = Field(index=True)
    table_name: str = Field(max_length=32)
    row_key: str = Field(max_length=128)
    digest: str = Field(max_length=32)


_ENTRIES = Columns(Entry, AuditEventRow)
_RAW = text(
    "SELECT place, at, action, subject, actor_id, actor_role, details, previous, digest, "
    "changes_register, rows, scheme FROM audit_event WHERE place > :after AND place < :before "
    "ORDER BY place"
)
# The number of the first entry, and one that no log reaches (a column of PostgreSQL holds it).
_FIRST, _FAR = 1, 2**31 - 1

_END = text("SELECT place, digest FROM audit_event ORDER BY place DESC LIMIT 1")
_LISTED = text("SELECT place, rows FROM audit_event WHERE rows <> ''")
_LISTS = text("SELECT sequence, table_name, row_key, digest FROM log_row ORDER BY sequence, id")


class AuditTrail(Store):
    """The log in the database.

    What is appended is written when the transaction is committed, or when the log is asked for
    something: then it is known which rows belong to it.
    """

    def __init__(self, session: Session, keys: HomeKeys | None) -> None:
        """Work inside the session's transaction; without keys, only reading."""
        super().__init__(session)
        self._keys = keys
        self._waiting: list[tuple[Action, str, Actor, datetime, dict[str, Any]]] = []
        self._touched: dict[str, dict[tuple[Any, ...], None]] = defaultdict(dict)
        self.appended: Head | None = None
        # How many rows were removed on purpose, by table.
        self.removed: Counter[str] = Counter()
        sql_event.listen(session, "after_flush", self._note)

    # When the last entry was made here, and whether any changed the register.
    last_at: datetime | None = None
    changes_register: bool = False

    def append(
        self,
        action: Action,
        subject: str,
        actor: Actor,
        at: datetime,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Append an entry, chained to the last."""
        self._waiting.append((action, subject, actor, at, dict(details or {})))
        if action not in _AT_OPENING:
            # Those the program makes by itself when a home is opened: nobody saw the day.
            self.last_at = at
        self.changes_register = self.changes_register or action.changes_register

    def touched(self, table: str, keys: Collection[tuple[Any, ...]]) -> None:
        """Have rows told of that are written or removed past the session's own notice."""
        self._touched[table].update(dict.fromkeys(keys))

    def finish(self) -> None:
        """Write what waits, with the digests of the rows that were written since.

        Raises:
            SetupError: there is no key.
        """
        self._session.flush()
        if not self._waiting and not any(self._touched.values()):
            return
        if not self._waiting:
            self._waiting.append((Action.ROWS_WRITTEN, "register", _BY_ITSELF, utc_now(), {}))
        if self._keys is None:
            raise SetupError("The log's key is not there: see likeness key check.")
        rows = self._written()
        self.removed.update(table for table, _, digest in rows if digest == _GONE)
        head = self._last()
        for index, (action, subject, actor, at, details) in enumerate(self._waiting):
            # All rows of a transaction belong to its last entry.
            own = rows if index == len(self._waiting) - 1 else []
            entry = chained(
                self._keys.log, head, at, action, subject, actor, details, _digest_of_rows(own)
            )
            self._add(_ENTRIES.row(entry))
            if own:
                self._session.execute(
                    insert(LogRowRow),
                    [
                        {"sequence": entry.sequence} | dict(zip(_OF_ROW, row, strict=True))
                        for row in own
                    ],
                )
            head = Head(entry.sequence, entry.digest)
        self._waiting.clear()
        self.appended = head

    def _note(self, session: OrmSession, _context: object) -> None:
        for row in (*session.new, *session.dirty, *session.deleted):
            table = row.__tablename__
            if table in LOGGED:
                key = tuple(inspect(row).mapper.primary_key_from_instance(row))
                self._touched[table][key] = None

    def _written(self) -> list[tuple[str, str, str]]:
        """Return table, key and digest of the rows that were written and not yet told of."""
        found = []
        for name, keys in sorted(self._touched.items()):
            there = _digests(self._session, name, sorted(keys))
            found += [(name, key, there.get(key, _GONE)) for key in map(_key, sorted(keys))]
        self._touched.clear()
        return found

    def _last(self) -> Head:
        row = self._session.execute(_END).first()
        return BEGINNING if row is None else Head(*row)

    def head(self) -> Head:
        """Return the last entry's number and digest."""
        self.finish_if_writing()
        return self._last()

    def digest_at(self, sequence: int) -> str:
        """Return the digest of an entry; empty if there is none."""
        query = select(AuditEventRow.digest).where(AuditEventRow.sequence == sequence)
        return self._session.exec(query).first() or ""

    def has(self, head: Head) -> bool:
        """Say whether an entry is there with the digest it had."""
        query = select(AuditEventRow.digest).where(AuditEventRow.sequence == head.sequence)
        return self._session.exec(query).first() == head.digest

    def finish_if_writing(self) -> None:
        """Write what waits before the log is read in the same transaction."""
        if self._waiting:
            self.finish()

    def digest_of(self, sequence: int) -> str | None:
        """Return the digest of an entry; None if there is none of that number."""
        query = select(AuditEventRow.digest).where(AuditEventRow.sequence == sequence)
        return self._session.exec(query).first()

    def entries(self) -> Iterator[Entry]:
        """Yield the log, oldest first."""
        return self.raw_entries(0)

    def raw_entries(self, after: int) -> Iterator[Entry]:
        """Yield the log after an entry, oldest first, as quickly as it can be read.

        What somebody put before the first entry comes before all.
        """
        self.finish_if_writing()
        yield from self._between(-_FAR, _FIRST)
        yield from self._between(after, _FAR)

    def _between(self, after: int, before: int) -> Iterator[Entry]:
        result = self._session.execute(
            _RAW, {"after": after, "before": before}, execution_options={"yield_per": _AT_ONCE}
        )
        for row in result:
            sequence, at, action, subject, actor, role, details, previous, digest = row[:9]
            flag, written, scheme = row[9:]
            moment = datetime.fromisoformat(at) if isinstance(at, str) else at
            yield Entry(
                sequence,
                as_utc(moment, naive_is_utc=True),
                action,
                subject,
                actor,
                role,
                json.loads(details) if isinstance(details, str) else details,
                previous,
                digest,
                bool(flag),
                written,
                scheme,
            )

    def keyed_from(self) -> int:
        """Return the first entry that must be keyed; those before are of older versions."""
        return self._session.exec(select(HomeKeyRow.keyed_from)).first() or 1

    def entries_of(self, subjects: Sequence[str]) -> list[Entry]:
        """Return what the log says of some subjects, oldest first."""
        self.finish_if_writing()
        found = [
            entry
            for chunk in in_chunks(sorted(set(subjects)))
            for entry in self._read(
                _ENTRIES, _ENTRIES.select().where(col(AuditEventRow.subject).in_(chunk))
            )
        ]
        return sorted(found, key=attrgetter("sequence"))

    def entries_after(self, sequence: int) -> list[Entry]:
        """Return what came after an entry, oldest first."""
        self.finish_if_writing()
        query = _ENTRIES.select().where(col(AuditEventRow.sequence) > sequence)
        return self._read(_ENTRIES, query.order_by(col(AuditEventRow.sequence)))

    def last_sequence(self, action: Action | None = None) -> int:
        """Return the number of the last entry, or of the last of a kind; 0 if there is none."""
        self.finish_if_writing()
        query = select(func.max(AuditEventRow.sequence))
        if action is not None:
            query = query.where(AuditEventRow.action == action)
        return self._session.exec(query).one() or 0

    def last_of(self, subject: str) -> int:
        """Return the number of the last entry about a subject; 0 if there is none."""
        self.finish_if_writing()
        query = select(func.max(AuditEventRow.sequence)).where(AuditEventRow.subject == subject)
        return self._session.exec(query).one() or 0

    def register_version(self) -> int:
        """Return the number of the last entry that changed the register; 0 if none did."""
        self.finish_if_writing()
        query = select(func.max(AuditEventRow.sequence))
        return self._session.exec(query.where(col(AuditEventRow.changes_register))).one() or 0

    def tell_of_all(self) -> int:
        """Have every row of the register told of that is there, and return how many."""
        count = 0
        for name in sorted(LOGGED):
            table = SQLModel.metadata.tables[name]
            keys = self._session.execute(select_columns(*table.primary_key.columns)).all()
            self.touched(name, [tuple(key) for key in keys])
            count += len(keys)
        return count

    def faulty_rows(self) -> Iterator[Fault]:
        """Name the rows of the register that are not as the log tells.

        What it tells of them is held to the entries by the digest in each of these.
        """
        told: dict[tuple[str, str], tuple[str, int]] = {}
        yield from self._lists(told)
        for name in sorted(LOGGED):
            for key, digest in _all_digests(self._session, name):
                written, sequence = told.pop((name, key), ("", 0))
                if written == _GONE:
                    yield Fault(FaultKind.ROW_INSERTED, sequence, _PUT_IN.format(name, key))
                elif written != digest:
                    yield Fault(FaultKind.ROW_CHANGED, sequence, _OTHER.format(name, key, sequence))
        for (name, key), (digest, sequence) in told.items():
            if digest != _GONE:
                yield Fault(FaultKind.ROW_REMOVED, sequence, _LESS.format(name, key, sequence))

    def _lists(self, told: dict[tuple[str, str], tuple[str, int]]) -> Iterator[Fault]:
        """Read what was last told of each row; name the lists that are not those of an entry."""
        entries = self._session.execute(_LISTED)
        expected: dict[int, str] = {sequence: digest for sequence, digest in entries}  # noqa: C416
        rows = self._session.execute(_LISTS, execution_options={"yield_per": _AT_ONCE})
        for sequence, some in groupby(rows, key=itemgetter(0)):
            own = [tuple(row[1:]) for row in some]
            if _digest_of_rows(own) != expected.pop(sequence, ""):
                yield Fault(FaultKind.CHANGED, sequence, _LIST.format(sequence))
            told.update({(table, key): (digest, sequence) for table, key, digest in own})
        for sequence in expected:
            yield Fault(FaultKind.CHANGED, sequence, _LIST.format(sequence))


_OF_ROW = ("table_name", "row_key", "digest")
_LIST = "The list of rows written with entry {} was changed."
_PUT_IN = "In the table {}, row {} was put in behind the log's back."
_OTHER = "In the table {}, row {} is not as it was written with entry {}."
_LESS = "In the table {}, row {} was removed behind the log's back; entry {} tells of it."


def _digest_of_rows(rows: Sequence[tuple[Any, ...]]) -> str:
    if not rows:
        return ""
    lines = "\n".join("\t".join(row) for row in rows)
    return hashlib.sha256(lines.encode()).hexdigest()


def _key(parts: Sequence[Any]) -> str:
    return "|".join(map(str, parts))


def _digests(session: Session, name: str, keys: Sequence[tuple[Any, ...]]) -> dict[str, str]:
    """Return by key the digests of the rows that are there."""
    table = SQLModel.metadata.tables[name]
    first = next(iter(table.primary_key.columns))
    wanted = {_key(key) for key in keys}
    found: dict[str, str] = {}
    for chunk in in_chunks(sorted({key[0] for key in keys})):
        rows = session.execute(_raw(table).where(first.in_(chunk)))
        found.update(_digested(table, rows.mappings()))
    return {key: digest for key, digest in found.items() if key in wanted}


def _all_digests(session: Session, name: str) -> Iterator[tuple[str, str]]:
    table = SQLModel.metadata.tables[name]
    rows = session.execute(_raw(table), execution_options={"yield_per": _AT_ONCE})
    yield from _digested(table, rows.mappings())


def _raw(table: Table) -> Any:  # noqa: ANN401 - a query of any columns
    """Return the query for rows as the database holds them, whatever is made of it here."""
    columns = [type_coerce(column, NullType()).label(column.name) for column in table.columns]
    return select_columns(*columns)


def _digested(table: Table, rows: Iterable[Mapping[Any, Any]]) -> Iterator[tuple[str, str]]:
    of_key = [column.name for column in table.primary_key.columns]
    names = sorted(column.name for column in table.columns)
    for row in rows:
        cells = [(name, row[name]) for name in names if row[name] not in _EMPTY]
        plain = json.dumps(cells, sort_keys=True, default=_as_text).encode()
        digest = hashlib.sha256(plain).hexdigest()[:32]
        yield _key([row[name] for name in of_key]), digest


def _as_text(cell: object) -> str:
    return hashlib.sha256(cell).hexdigest() if isinstance(cell, bytes) else str(cell)
