"""Dataclasses in the columns of tables, both ways, by the names and the types of their fields."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from enum import EnumType
from functools import partial
from operator import attrgetter
from types import NoneType, UnionType
from typing import (
    Any,
    Generic,
    NamedTuple,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import TypeAdapter
from sqlalchemy import JSON, ColumnElement, Select, String, func, inspect, literal
from sqlalchemy import select as select_columns
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel

from media_index.errors import DamagedRowError

# From a value to what is stored of it, or back; None where they are the same.
Change = Callable[[Any], Any] | None

Item = TypeVar("Item")
Table = TypeVar("Table", bound=SQLModel)


class _Field(NamedTuple):
    """A field, where it lies in a row, and how it is written and read."""

    name: str
    at: int | slice
    write: Change
    read: Change


class Columns(Generic[Item, Table]):
    """How a dataclass lies in a table.

    A field lies in the column of its name: an enum as its value; in a JSON column, what pydantic
    makes of it, sets in order. A dataclass without a column is spread over one for each of its own
    fields, such as x1 of a box and actor_id of an actor. A field whose metadata says
    `"stored": False` lies nowhere, and comes back as its default.
    """

    def __init__(
        self, item: type[Item], table: type[Table], *, apart: Sequence[str] = (), **renamed: str
    ) -> None:
        """Pair the fields with columns.

        Args:
            item: the dataclass.
            table: where it lies.
            apart: fields that lie elsewhere; `read` takes them.
            renamed: columns, by field, that are not called as the field.

        Raises:
            TypeError: a field has no column.
        """
        self.item, self.table = item, table
        self.names: list[str] = []
        hints = _stored(item)
        self._fields = [
            self._field(name, hint, renamed.get(name, name))
            for name, hint in hints.items()
            if name not in apart
        ]
        # Such as boxes, which are read by the million.
        self._as_it_is = not apart and all(field.read is None for field in self._fields)

    def _field(self, name: str, hint: object, column: str) -> _Field:
        known = inspect(self.table).columns
        kind, optional = _without_none(hint)
        start = len(self.names)
        if column in known:
            self.names.append(column)
            return _Field(name, start, *_changes(kind, known[column].type))
        if not (isinstance(kind, type) and is_dataclass(kind)):
            raise TypeError(f"{self.table.__name__} has no column for {self.item.__name__}.{name}")
        begun = {part: f"{column}_{part}" for part in _stored(kind)}
        spread: Columns[Any, Table] = Columns(
            kind, self.table, **{part: begun[part] for part in begun if begun[part] in known}
        )
        self.names += spread.names
        read = spread._read_if_any if optional else spread.read
        return _Field(name, slice(start, len(self.names)), spread._cells, read)

    def select(self, *further: object) -> Select[Any]:
        """Return the query for the rows that `read` takes; further columns come after its own."""
        columns: list[Any] = [*(getattr(self.table, name) for name in self.names), *further]
        return select_columns(*columns)

    def values(self, item: Item) -> dict[str, Any]:
        """Return what the columns hold of an item."""
        return dict(zip(self.names, self._cells(item), strict=True))

    def row(self, item: Item, **others: object) -> Table:
        """Return the row of an item, with what its other columns hold."""
        return self.table(**self.values(item), **others)

    def read(self, row: Sequence[Any], **apart: object) -> Item:
        """Return the item of a row, with its fields that lie elsewhere."""
        if self._as_it_is:
            return self.item(*row[: len(self.names)])
        try:
            found = {
                name: row[at] if read is None else read(row[at])
                for name, at, _, read in self._fields
            }
        except ValueError as error:
            raise DamagedRowError(str(self.table.__tablename__)) from error
        return self.item(**found, **apart)

    def _cells(self, item: Item) -> list[Any]:
        cells: list[Any] = [None] * len(self.names)
        for name, at, write, _ in self._fields:
            if (value := getattr(item, name)) is not None:
                cells[at] = value if write is None else write(value)
        return cells

    def _read_if_any(self, row: Sequence[Any]) -> Item | None:
        return None if None in row else self.read(row)


def _stored(item: type[Any]) -> dict[str, Any]:
    """Return the types of a dataclass's fields that are stored, by name."""
    # Vectors lie apart, whoever has them.
    hints = get_type_hints(item, localns={"Vector": object})
    kept = {field.name for field in fields(item) if field.metadata.get("stored", True)}
    return {name: hint for name, hint in hints.items() if name in kept}


def _without_none(hint: object) -> tuple[Any, bool]:
    """Return a type without None, and whether that was in it."""
    kinds = [kind for kind in get_args(hint) if kind is not NoneType]
    return (kinds[0], True) if isinstance(hint, UnionType) and len(kinds) == 1 else (hint, False)


def _changes(kind: type[Any], stored: TypeEngine[Any]) -> tuple[Change, Change]:
    if isinstance(stored, JSON) and get_origin(kind) is Mapping:
        return dict, None
    if isinstance(stored, JSON):
        adapter: TypeAdapter[Any] = TypeAdapter(kind)
        write = partial(adapter.dump_python, mode="json")
        read = _unless_none(adapter.validate_python)
        if get_origin(kind) is frozenset:
            return lambda values: sorted(write(values), key=str), read
        return write, read
    if isinstance(kind, EnumType):
        return attrgetter("value"), _unless_none(kind)
    return None, None


def _unless_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda cell: None if cell is None else read(cell)


class _ListedTexts(GenericFunction[Any]):
    """The texts of a list in JSON, one a row."""

    name = "listed_texts"
    inherit_cache = True


@compiles(_ListedTexts)
def _in_sqlite(texts: _ListedTexts, compiler: Any, **how: Any) -> str:  # noqa: ANN401 - untyped
    return f"json_each({compiler.process(texts.clauses, **how)})"


@compiles(_ListedTexts, "postgresql")
def _in_postgres(texts: _ListedTexts, compiler: Any, **how: Any) -> str:  # noqa: ANN401 - untyped
    return f"json_array_elements_text(CAST({compiler.process(texts.clauses, **how)} AS JSON))"


def among(column: Any, texts: Collection[str]) -> ColumnElement[bool]:  # noqa: ANN401 - see `_next`
    """Say that a column holds one of any number of texts.

    They are bound as one value: of 15,000 that are bound one by one, a few hundred at a time,
    binding takes longer than the search.
    """
    listed = _ListedTexts(literal(json.dumps(list(texts)), String)).table_valued("value")
    found: ColumnElement[bool] = column.in_(select_columns(listed.c.value))
    return found


@dataclass(slots=True)
class Numbers:
    """The numbers that are given in a transaction, and the highest that were before, by table."""

    before: Callable[[], Mapping[str, int]] = dict
    given: dict[str, int] = field(default_factory=dict)


class Store:
    """What reads and writes tables inside the transaction of a session."""

    def __init__(self, session: Session) -> None:
        """Work inside the session's transaction."""
        self._session = session

    def _add(self, *rows: SQLModel) -> None:
        self._session.add_all(rows)
        self._session.flush()

    def _read(self, columns: Columns[Item, Any], query: Select[Any]) -> list[Item]:
        return [columns.read(row) for row in self._session.execute(query)]

    def _read_by(self, key: object, columns: Columns[Item, Any]) -> defaultdict[str, list[Item]]:
        """Return items, oldest first, by what else their table holds of them."""
        found = defaultdict(list)
        for row in self._session.execute(columns.select(key).order_by(columns.table.id)):
            found[row[-1]].append(columns.read(row))
        return found

    def _next(self, number: Any) -> int:  # noqa: ANN401 - a column, which SQLModel types as its value
        """Return the next free number; safe because a writing unit of work is alone.

        One that this home has given before is not given again, though the database be an older
        copy; see `Numbers`.
        """
        highest: Any = func.max(number)
        table = str(number.class_.__tablename__)
        numbers: Numbers = self._session.info.setdefault(Numbers, Numbers())
        there = self._session.execute(select_columns(highest)).scalar() or 0
        numbers.given[table] = max(there, numbers.before().get(table, 0)) + 1
        return numbers.given[table]
