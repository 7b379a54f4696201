"""The register as CSV, for those whose role allows it, with a reason, in the log."""

from __future__ import annotations

import csv
import io
import os
from typing import TYPE_CHECKING

from consent.cases.search import RegisterQuery, search_register
from consent.csv_rows import cell
from consent.domain.errors import BadInputError, RefusedError
from consent.domain.log import Action

if TYPE_CHECKING:
    from pathlib import Path

    from consent.cases.search import RegisterEntry
    from consent.domain.actors import Actor
    from consent.services import Services

COLUMNS = (
    "number",
    "name",
    "minor",
    "guardian",
    "state",
    "received",
    "method",
    "branch",
    "scope",
    "effective_from",
    "until",
    "safety",
    "contact",
    "note",
)


def export_register(services: Services, query: RegisterQuery, reason: str, actor: Actor) -> str:
    """Return the cases that answer a query as CSV.

    Args:
        services: adapters.
        query: what to export.
        reason: why, for the log.
        actor: who exports; the policy's roles that may export.

    Raises:
        RefusedError: the role may not.
        BadInputError: no reason was given.
    """
    if actor.role not in services.policy.may_export:
        roles = ", ".join(sorted(services.policy.may_export))
        message = f"The register may be exported by: {roles}. Ask one of them."
        raise RefusedError(message)
    if not reason.strip():
        message = "Say what the export is for; it is kept in the log."
        raise BadInputError(message)
    entries = search_register(services, query, actor)
    with services.writing() as unit:
        details = {"reason": reason.strip(), "cases": len(entries)}
        unit.audit.append(Action.REGISTER_EXPORTED, "register", actor, services.now(), details)
        unit.commit()
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([cell(value) for value in _row(entry)] for entry in entries)
    return text.getvalue()


def _row(entry: RegisterEntry) -> list[object]:
    terms, person = entry.terms, entry.case.person
    return [
        entry.case.label,
        entry.name if entry.name is not None else "(withheld)",
        "yes" if person.minor else "no",
        (person.guardian or "") if entry.name is not None else "(withheld)",
        entry.state.value,
        entry.case.receipt.on.isoformat(),
        entry.case.receipt.method.value,
        entry.case.receipt.branch,
        scope_as_text(entry),
        terms.effective_from.isoformat(),
        terms.until.isoformat() if terms.until else "",
        "yes" if terms.safety else "no",
        terms.requester.contact if entry.name is not None else "(withheld)",
        terms.note if entry.name is not None else "(withheld)",
    ]


def scope_as_text(entry: RegisterEntry) -> str:
    """Return the channels of a scope as `likeness revoke --scope` reads them."""
    scope = entry.terms.scope
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
        message = f"{file} cannot be written ({error.strerror}): name a new file."
        raise BadInputError(message) from error
