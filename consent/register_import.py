"""The paper register of the last years in one go: one CSV row per revocation."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from consent.errors import BadInputError, ConsentError
from consent.intake import EvidenceFile, NewRevocation, scope_from_text
from consent.questions import QuestionKind
from consent.references import is_sha256_start, read_reference
from consent.revocations import record_revocation
from consent.terms import Method, Scope
from media_index.errors import MediaIndexError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from consent.domain import Actor
    from consent.references import Reference
    from consent.services import Services

COLUMNS = (
    "name",
    "received",
    "method",
    "evidence",
    "photo",
    "face",
    "scope",
    "minor",
    "guardian",
    "note",
)
# One scan often holds many letters, and labels of old paper are what they are: these are said
# beside the row. The same person on the same day is the same row twice: that is refused.
_ONLY_REMARKED = frozenset({QuestionKind.SAME_WRITING, QuestionKind.LOOKS_LIKE_ANOTHER})
_REQUIRED = ("name", "received")
_YES = frozenset({"yes", "y", "true", "1", "x"})
_NO = frozenset({"", "no", "n", "false", "0"})


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not recorded.

    Attributes:
        line: of the file, from 1; the heading is line 1.
        reason: what is wrong and what to do.
    """

    line: int
    reason: str


Row = BadRow | tuple[int, dict[str, str]]


@dataclass(slots=True)
class ImportReport:
    """What came of an import.

    Attributes:
        recorded: line and label of each row recorded.
        bad: rows that were not.
        remarks: by line, what staff should look at.
    """

    recorded: list[tuple[int, str]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    remarks: list[tuple[int, str]] = field(default_factory=list)


def import_revocations(
    services: Services,
    file: Path,
    actor: Actor,
    progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Record every good row of a CSV file and report the bad ones by line.

    Args:
        services: adapters.
        file: columns as COLUMNS; `photo` may hold several references separated by `;`, and
            `face` as many numbers; `evidence` may be empty for old paper, then the note says
            where it lies; paths are relative to the file.
        actor: who imports.
        progress: told how many rows are done, of how many.

    Raises:
        BadInputError: the file cannot be read, or lacks a column.
    """
    rows = _rows(file)
    report = ImportReport()
    tell = progress or (lambda _done, _total: None)
    for done, one in enumerate(rows, start=1):
        tell(done - 1, len(rows))
        if isinstance(one, BadRow):
            report.bad.append(one)
            continue
        line, row = one
        try:
            recorded = record_revocation(
                services, _revocation(services, row, file.parent), actor, confirmed=_ONLY_REMARKED
            )
        except (ConsentError, MediaIndexError) as error:
            report.bad.append(BadRow(line, str(error)))
        else:
            report.recorded.append((line, recorded.revocation.label))
            report.remarks.extend((line, remark) for remark in recorded.remarks)
    tell(len(rows), len(rows))
    return report


def _rows(file: Path) -> list[Row]:
    try:
        # utf-8-sig: spreadsheets put a byte order mark first.
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f'{file} is not UTF-8: save it from the spreadsheet as "CSV UTF-8".'
        raise BadInputError(message) from error
    except OSError as error:
        message = f"{file} cannot be read ({error.strerror}): check the path."
        raise BadInputError(message) from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    heading = _heading(file, reader)
    rows: list[Row] = []
    while True:
        # A quoted cell may run over several lines; the row is named by its first.
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return rows
        except csv.Error as error:
            rows.append(
                BadRow(
                    line,
                    f"The row cannot be read ({error}): check its quotation marks. What follows "
                    "may have been swallowed by them.",
                ),
            )
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(heading) :]):
            rows.append(
                BadRow(
                    line,
                    "The row has more cells than the heading: put quotation marks around a cell "
                    "that holds a comma.",
                ),
            )
            continue
        # A row may stop short; the cells it lacks are empty.
        rows.append((line, dict(zip(heading, cells, strict=False))))


def _heading(file: Path, reader: Iterator[list[str]]) -> list[str]:
    try:
        heading = [name.strip().casefold() for name in next(reader, [])]
    except csv.Error as error:
        message = f"{file}: the heading cannot be read ({error}): check its quotation marks."
        raise BadInputError(message) from error
    while heading and not heading[-1]:
        # Spreadsheets leave empty columns at the end.
        heading.pop()
    if missing := [name for name in _REQUIRED if name not in heading]:
        message = f"{file} lacks the column {missing[0]!r}; it has {', '.join(heading) or 'none'}."
        raise BadInputError(message)
    if unknown := [name for name in heading if name not in COLUMNS]:
        message = f"{file} has a column {unknown[0]!r}; the columns are {', '.join(COLUMNS)}."
        raise BadInputError(message)
    if twice := [name for name in heading if heading.count(name) > 1]:
        message = f"{file} has the column {twice[0]!r} twice: remove one."
        raise BadInputError(message)
    return heading


def _revocation(services: Services, row: Mapping[str, str], folder: Path) -> NewRevocation:
    def cell(name: str) -> str:
        return row.get(name, "").strip()

    return NewRevocation(
        name=cell("name"),
        received_on=_date(cell("received")),
        method=_method(cell("method")),
        scope=scope_from_text(services, cell("scope")) if cell("scope") else Scope(),
        evidence=[read_evidence(folder / name) for name in _several(cell("evidence"))],
        references=_references(services, cell("photo"), cell("face"), folder),
        minor=_yes_or_no(cell("minor")),
        guardian=cell("guardian"),
        note=cell("note"),
    )


def read_evidence(path: Path) -> EvidenceFile:
    """Read a file of the writing.

    Raises:
        BadInputError: it cannot be read.
    """
    try:
        return EvidenceFile(path.name, path.read_bytes())
    except OSError as error:
        message = f"The evidence {path} cannot be read ({error.strerror}): check the path."
        raise BadInputError(message) from error


def _references(services: Services, photos: str, faces: str, folder: Path) -> list[Reference]:
    names, numbers = _several(photos), [part.strip() for part in faces.split(";")]
    if faces.strip() and len(numbers) not in {1, len(names)}:
        message = f"{len(names)} photos but {len(numbers)} faces: give one number per photo."
        raise BadInputError(message)
    if len(numbers) == 1:
        numbers *= len(names)
    references = []
    for name, number in zip(names, numbers, strict=True):
        if number and not number.isdecimal():
            message = f"The face {number!r} is no number: count from 0, from the left."
            raise BadInputError(message)
        # Relative to the file, and nowhere else; what is no file there is one of the index.
        local = folder / name
        source = name if is_sha256_start(name) and not local.is_file() else str(local)
        references.append(read_reference(services, source, int(number) if number else None))
    return references


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is no date: write it as 2026-05-14."
        raise BadInputError(message) from error


def _method(text: str) -> Method:
    try:
        return Method(text.casefold().replace(" ", "_") or Method.OTHER_WRITING)
    except ValueError as error:
        message = f"{text!r} is no method: use {', '.join(Method)}."
        raise BadInputError(message) from error


def _yes_or_no(text: str) -> bool:
    if text.casefold() in _YES | _NO:
        return text.casefold() in _YES
    message = f"minor is {text!r}: write yes or no."
    raise BadInputError(message)
