"""The register in columns: as a CSV file for those whose role allows it, and for JSON."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from consent.cases.search import RegisterEntry, RegisterQuery, search_register
from consent.csv_rows import as_csv
from consent.domain.actors import Actor
from consent.domain.errors import BadInputError
from consent.domain.fields import FIELDS, Door, Field, Part, fields_at
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.terms import Scope
from consent.domain.typed_texts import NOTE, require_fit
from consent.domain.withheld import WITHHELD, for_the_log, names_of
from consent.services import Services


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it is for the documentation, and what a case has there."""

    name: str
    what: str
    of: Callable[[RegisterEntry], object]


def _column(field: Field) -> Column:
    return Column(field.name, field.what, partial(_value, field))


def _value(field: Field, entry: RegisterEntry) -> object:
    if field.names_people and entry.name is None:
        return WITHHELD
    return field.kept(entry.case, entry.terms)


_NUMBER = Column("number", "Number of the case, such as R-0042.", lambda entry: entry.case.label)
_STATE = Column("state", "Where the case stands today.", lambda entry: entry.state)
_ENDS_ON = Column(
    "ends_on", "Day a hold or a temporary revocation ends.", lambda entry: entry.ends_on
)
_WHO = [field for field in fields_at(Door.EXPORT) if field.part is Part.PERSON]
_ELSE = [field for field in fields_at(Door.EXPORT) if field.part is not Part.PERSON]
_NAME, *_LISTED = (field for field in FIELDS if field.listed)

EXPORTED = (_NUMBER, *map(_column, _WHO), _STATE, *map(_column, _ELSE))
LISTED = (
    Column("revocation", _NUMBER.what, _NUMBER.of),
    _column(_NAME),
    _STATE,
    *(_ENDS_ON if field.name == "until" else _column(field) for field in _LISTED),
)


@for_roles(Duty.EXPORT)
def export_register(services: Services, query: RegisterQuery, reason: str, actor: Actor) -> str:
    """Return the cases that answer a query as CSV; why is kept in the log.

    Raises:
        RefusedError: the role may not.
        BadInputError: no reason was given.
    """
    if not reason.strip():
        raise BadInputError("Enter what the export is for. The log keeps it.")
    require_fit(the_reason=(reason, NOTE))
    entries = search_register(services, query, actor)
    with services.writing() as unit:
        cases = unit.register.revocations()
        said = for_the_log(reason.strip(), (name for case in cases for name in names_of(case)))
        details = {"reason": said, "cases": len(entries)}
        unit.audit.append(Action.REGISTER_EXPORTED, "register", actor, services.now(), details)
        unit.commit()
    heading = [column.name for column in EXPORTED]
    return as_csv(
        heading, ([_as_words(column.of(entry)) for column in EXPORTED] for entry in entries)
    )


def listed(entry: RegisterEntry) -> dict[str, object]:
    """Return a case as data for JSON; what names people is null to roles without names."""
    return {column.name: _as_data(column.of(entry)) for column in LISTED}


def _as_words(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return scope_as_text(value) if isinstance(value, Scope) else value


def _as_data(value: object) -> object:
    if value is None or isinstance(value, int):
        return value
    return None if value is WITHHELD else str(_as_words(value))


def scope_as_text(scope: Scope) -> str:
    """Return the channels of a scope as `likeness revoke --scope` reads them."""
    if scope.all_channels:
        return "all"
    return ",".join([*sorted(kind.value for kind in scope.kinds), *sorted(scope.channels)])


def write_export(file: Path, content: str) -> None:
    """Write an export, readable by its owner only.

    Raises:
        BadInputError: the file is there already or cannot be written.
    """
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        # A byte order mark, so that spreadsheets read the names right.
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as stream:
            stream.write(content)
    except OSError as error:
        raise BadInputError(
            f"{file} cannot be written ({error.strerror}): name a new file."
        ) from error
