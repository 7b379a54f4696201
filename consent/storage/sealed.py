"""Encrypted columns: each value by the key of the person that its row is about.

What is kept says whose key it needs; the key is in `sealed_key`, wrapped by the secret of the home.
When a key is destroyed, what it sealed is unreadable everywhere, in backups too. Column and owner
are bound in: a value that is put elsewhere does not open.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    Connection,
    Dialect,
    LargeBinary,
    String,
    Table,
    delete,
    event,
    insert,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

from consent.domain.errors import SetupError
from consent.storage.keys import HomeKeys
from media_index.clock import utc_now
from media_index.files.seal import KEY_BYTES, Seal
from media_index.storage.tables import UtcDateTime

# Of what belongs to nobody in particular.
HOME = "home"
_MARK = "enc1:"


class SealedKeyRow(SQLModel, table=True):
    """The key of a person, or of an appeal, wrapped by the home's secret."""

    __tablename__ = "sealed_key"

    owner: str = Field(primary_key=True, max_length=32)
    wrapped: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = Field(sa_type=UtcDateTime)


class KeyRing:
    """The keys of a home's people, as far as they were needed; shared by its transactions."""

    def __init__(self, keys: HomeKeys) -> None:
        """Unwrap by the home's secret."""
        self._home, self._keys = keys.seal, keys
        self._seals: dict[str, Seal] = {HOME: keys.seal}
        self._wrapped: dict[str, bytes] = {}
        self._once_more: frozenset[str] = frozenset()

    def known(self, owner: str) -> Seal | None:
        """Return a seal that was needed before."""
        return self._seals.get(owner)

    def of(self, owner: str, connection: Connection) -> Seal | None:
        """Return what was sealed for an owner is opened by; None if their key was destroyed."""
        if (known := self._seals.get(owner)) is not None:
            return known
        if owner not in self._wrapped:
            # All at once: whoever needs one usually needs many.
            rows = connection.execute(select(_KEYS.c.owner, _KEYS.c.wrapped))
            buried = self.buried()
            self._wrapped = {name: wrapped for name, wrapped in rows if name not in buried}
        wrapped = self._wrapped.get(owner)
        key = None if wrapped is None else self._home.opened(wrapped, _about_key(owner))
        if key is None:
            return None
        return self._seals.setdefault(owner, Seal(key))

    def made(self, owner: str, connection: Connection) -> Seal:
        """Return an owner's seal; made where there is none."""
        if (known := self.of(owner, connection)) is not None:
            return known
        key = os.urandom(KEY_BYTES)
        values = {
            "owner": owner,
            "wrapped": self._home.sealed(key, _about_key(owner)),
            "made_at": utc_now(),
        }
        connection.execute(insert(_KEYS).values(**values))
        return self._seals.setdefault(owner, Seal(key))

    def destroy(self, owner: str, connection: Connection) -> None:
        """Remove an owner's key: nothing that it sealed can be read any more."""
        connection.execute(delete(_KEYS).where(_KEYS.c.owner == owner))
        self.forget()

    def once_more(self, owners: Collection[str]) -> None:
        """Read what is noted as destroyed, and still has its key, until it is destroyed indeed."""
        self.forget()
        self._once_more = frozenset(owners)

    def retire(self, owner: str, connection: Connection) -> None:
        """Destroy a key, and leave its name until it is noted outside the home that it is gone."""
        connection.execute(update(_KEYS).where(_KEYS.c.owner == owner).values(wrapped=b""))
        # The others stay, with those that are read once more.
        self._seals.pop(owner, None)
        self._wrapped.pop(owner, None)

    def retired(self, connection: Connection) -> list[str]:
        """Return the owners of whose keys that is not noted yet."""
        return sorted(
            connection.execute(select(_KEYS.c.owner).where(_KEYS.c.wrapped == b"")).scalars()
        )

    def buried(self) -> frozenset[str]:
        """Return the owners whose keys are noted outside the home as destroyed."""
        return self._keys.buried() - self._once_more

    def forget(self) -> None:
        """Read the keys again when they are needed: a transaction that made some has failed."""
        self._seals = {HOME: self._home}
        self._wrapped = {}
        self._once_more = frozenset()


@dataclass(frozen=True, slots=True)
class Sealing:
    """The keys of the transaction at work."""

    ring: KeyRing
    connection: Callable[[], Connection]


@dataclass(frozen=True, slots=True)
class _Owned:
    """A value on its way into a column, with whose it is."""

    owner: str
    value: Any


def at_work() -> Sealing | None:
    """Return the keys of the transaction at work in this thread."""
    return _now.get()


_now: ContextVar[Sealing | None] = ContextVar("sealing", default=None)


@contextmanager
def sealing(keys: Sealing | None) -> Iterator[None]:
    """Seal and open by the keys of a transaction."""
    before = _now.set(keys)
    try:
        yield
    finally:
        _now.reset(before)


def _sealed(about: str, value: bytes, owner: str) -> bytes:
    keys = _now.get()
    if keys is None:
        return b""
    return keys.ring.made(owner, keys.connection()).sealed(value, f"{about}/{owner}")


def open_value(about: str, owner: str, sealed: bytes) -> bytes | None:
    """Open a value of a column by its owner's key; None if that was destroyed.

    Raises:
        SetupError: there is no key, or the value was changed.
    """
    keys = _now.get()
    if keys is None:
        raise SetupError(
            "The encrypted data can't be read without the key: see likeness key check."
        )
    # Thousands at a time: asking the session for its connection takes as long as all the rest.
    seal = keys.ring.known(owner) or keys.ring.of(owner, keys.connection())
    if seal is None:
        return None
    opened = seal.opened(sealed, f"{about}/{owner}")
    if opened is None:
        raise SetupError(
            f"The data in {about} was changed by another program: see likeness log verify, and "
            "restore a backup."
        )
    return opened


class SealedText(TypeDecorator[str]):
    """Text, encrypted; of an owner whose key was destroyed, nothing."""

    impl = String
    cache_ok = True

    def __init__(self, about: str) -> None:
        """Name the column, which is bound in."""
        super().__init__()
        self.about = about

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401
        """Give it to the database encrypted."""
        del dialect
        owned = value if isinstance(value, _Owned) else _Owned(HOME, value)
        if owned.value is None or owned.value == "" or _now.get() is None:
            return None if owned.value is None else str(owned.value)
        return _as_text(self.about, owned.owner, owned.value.encode())

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Give the text back; that of older versions as it is."""
        del dialect
        if value is None or not value.startswith(_MARK):
            return value
        return (_from_text(self.about, value) or b"").decode()


class SealedJson(TypeDecorator[Any]):
    """Plain data, encrypted as one text; of an owner whose key was destroyed, nothing."""

    impl = JSON
    cache_ok = True
    nothing: ClassVar[Any] = {}

    def __init__(self, about: str) -> None:
        """Name the column, which is bound in."""
        super().__init__()
        self.about = about

    def to_plain(self, value: Any) -> Any:  # noqa: ANN401 - whatever the column is of
        """Return what is written."""
        return value

    def from_plain(self, value: Any) -> Any:  # noqa: ANN401 - whatever the column is of
        """Return what is read."""
        return value

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401
        """Give it to the database encrypted."""
        del dialect
        owned = value if isinstance(value, _Owned) else _Owned(HOME, value)
        if owned.value is None:
            return None
        plain = self.to_plain(owned.value)
        if _now.get() is None:
            return plain
        return _as_text(self.about, owned.owner, json.dumps(plain).encode())

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ANN401
        """Give the data back; that of older versions as it is."""
        del dialect
        if value is None:
            return None
        if isinstance(value, str) and value.startswith(_MARK):
            opened = _from_text(self.about, value)
            value = self.nothing if opened is None else json.loads(opened)
        return self.from_plain(value)


class SealedBytes(TypeDecorator[bytes]):
    """Bytes, encrypted; of an owner whose key was destroyed, none."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, about: str) -> None:
        """Name the column, which is bound in."""
        super().__init__()
        self.about = about

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ANN401
        """Give them to the database encrypted."""
        del dialect
        owned = value if isinstance(value, _Owned) else _Owned(HOME, value)
        if owned.value is None or _now.get() is None:
            return None if owned.value is None else bytes(owned.value)
        owner = owned.owner.encode()
        return (
            _MARK.encode()
            + bytes([len(owner)])
            + owner
            + _sealed(self.about, owned.value, owned.owner)
        )

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Give the bytes back; those of older versions as they are."""
        del dialect
        if value is None or not value.startswith(_MARK.encode()):
            return value
        begin = len(_MARK) + 1
        end = begin + value[begin - 1]
        return open_value(self.about, value[begin:end].decode(), value[end:]) or b""


SEALED = (SealedText, SealedJson, SealedBytes)


def _as_text(about: str, owner: str, value: bytes) -> str:
    sealed = base64.b64encode(_sealed(about, value, owner)).decode()
    return f"{_MARK}{owner}:{sealed}"


def _from_text(about: str, value: str) -> bytes | None:
    head, _, sealed = value.rpartition(":")
    return open_value(about, head.removeprefix(_MARK), base64.b64decode(sealed))


def _about_key(owner: str) -> str:
    return f"key of {owner}"


_KEYS: Table = SQLModel.metadata.tables["sealed_key"]
_OF_CASE = "SELECT person_id FROM revocation WHERE id = :revocation_id"
# By table whose a row is, as SQL of its columns.
OWNERS = {
    "template": _OF_CASE,
    "person_event": "SELECT :person_id",
    "revocation_event": _OF_CASE,
    "evidence": _OF_CASE,
    "sighting": _OF_CASE,
    "template_encoding": "SELECT person_id FROM revocation WHERE id = (SELECT revocation_id FROM "
    "template WHERE id = :template_id)",
    "takedown_event": "SELECT person_id FROM revocation WHERE id = (SELECT revocation_id FROM "
    "takedown WHERE id = :takedown_id)",
    "appeal": "SELECT :id",
    "appeal_step": "SELECT :appeal_id",
    "verbal_consent": "SELECT 'home'",
}


# By table the columns that name a file of the vault.
FILES = {
    "template": ("crop",),
    "evidence": ("sha256",),
    "takedown_event": ("proof", "kept_copy"),
    "appeal": ("statement",),
}


def _owner(table: str, row: Callable[[str], Any], connection: Connection) -> str:
    query = OWNERS[table]
    names = text(query).compile().params
    if query.startswith("SELECT :"):
        return str(row(next(iter(names))))
    found = connection.execute(text(query), {name: row(name) for name in names}).scalar()
    return HOME if found is None else str(found)


def seal_rows(kind: type[SQLModel]) -> None:
    """Have the encrypted columns of a table's rows sealed for whom each row is about."""
    table = SQLModel.metadata.tables[str(kind.__tablename__)]
    keys = {column.name: column for column in table.columns if isinstance(column.type, SEALED)}

    def before(mapper: Mapper[Any], connection: Connection, row: Any) -> None:  # noqa: ANN401
        if _now.get() is None:
            return
        owner = _owner(table.name, lambda name: _attribute(mapper, row, name), connection)
        for column in keys.values():
            name = mapper.get_property_by_column(column).key
            value = getattr(row, name)
            if value is not None:
                setattr(row, name, _Owned(owner, value))

    def after(mapper: Mapper[Any], _connection: Connection, row: Any) -> None:  # noqa: ANN401
        for column in keys.values():
            name = mapper.get_property_by_column(column).key
            value = getattr(row, name)
            if isinstance(value, _Owned):
                set_committed_value(row, name, value.value)

    for when, what in (("insert", before), ("update", before)):
        event.listen(kind, f"before_{when}", what)
    for when in ("insert", "update"):
        event.listen(kind, f"after_{when}", after)


def _attribute(mapper: Mapper[Any], row: Any, column: str) -> Any:  # noqa: ANN401 - of any row
    return getattr(row, mapper.get_property_by_column(mapper.columns[column]).key)


def seal_existing(
    connection: Connection, rename: Callable[[str, str], str]
) -> dict[str, list[tuple[Any, ...]]]:
    """Encrypt what older versions have written plain; return the keys of those rows by table.

    `rename` encrypts a file of the vault for an owner, and says what it is called now.
    """
    changed: dict[str, list[tuple[Any, ...]]] = {}
    for name in OWNERS:
        table = SQLModel.metadata.tables[name]
        ours = [column for column in table.columns if isinstance(column.type, SEALED)]
        raw = [type_coerce(column, _plain_type(column.type)).label(column.name) for column in ours]
        others = [column for column in table.columns if column not in ours]
        for row in connection.execute(select(*others, *raw)).mappings().all():
            owner = _owner(name, row.__getitem__, connection)
            plain: dict[str, Any] = {
                column.name: _Owned(owner, row[column.name])
                for column in ours
                if row[column.name] and not _is_sealed(row[column.name])
            }
            terms = plain.get("terms")
            if terms is not None:
                files = [rename(name, owner) for name in terms.value.get("evidence", ())]
                plain["terms"] = _Owned(owner, {**terms.value, "evidence": files})
            for column_name in FILES.get(name, ()):
                if row[column_name]:
                    plain[column_name] = rename(row[column_name], owner)
            if plain:
                key = tuple(row[column.name] for column in table.primary_key.columns)
                meant = [
                    column == part
                    for column, part in zip(table.primary_key.columns, key, strict=True)
                ]
                connection.execute(update(table).where(*meant).values(plain))
                changed.setdefault(name, []).append(key)
    return changed


def _is_sealed(value: object) -> bool:
    if isinstance(value, bytes):
        return value.startswith(_MARK.encode())
    return isinstance(value, str) and value.startswith(_MARK)


def _plain_type(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    assert isinstance(kind, TypeDecorator)  # noqa: S101 - one of ours
    return kind.impl_instance
