"""The paper register of the last years in one go: one CSV row per revocation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from consent.cases.intake import QuestionKind, UnansweredError, scope_from_text
from consent.cases.open import record_revocation
from consent.cases.references import is_sha256_start, read_reference
from consent.csv_rows import BadRow, day_of, read_rows, value_of
from consent.domain.actors import Actor
from consent.domain.errors import BadInputError, ConsentError
from consent.domain.fields import Door, fields_at
from consent.domain.intake import EvidenceFile, Reference
from consent.domain.roles import Duty, for_roles
from consent.domain.takedowns import Takedown
from consent.domain.terms import Method, NewRevocation, Scope, Submission
from consent.domain.wording import counted
from consent.services import Services
from media_index.errors import MediaIndexError
from media_index.files.places import is_file_now

COLUMNS = tuple(column.name for column in fields_at(Door.CSV))
REQUIRED = ("name", "received")
_ALSO = {heading: column.name for column in fields_at(Door.CSV) for heading in column.headings}
# Read with the services, or from several columns; all others say what they say by themselves.
_READ_APART = frozenset({Scope, EvidenceFile, Reference})
# One scan often holds many letters, and labels of old paper are what they are: these are said
# beside the row. The same person on the same day is the same row twice, and a row of two people
# would end for both at once: these are refused.
_ONLY_REMARKED = frozenset(QuestionKind) - {
    QuestionKind.SAME_PERSON_AND_DAY,
    QuestionKind.SEVERAL_NAMES,
    QuestionKind.UNLIKE_FACES,
}


@dataclass(slots=True)
class ImportReport:
    """What came of an import.

    Attributes:
        recorded: line and label of each row recorded.
        bad: rows that were not recorded.
        remarks: by line, what staff should look at.
        takedowns: opened, since photos of somebody are out.
        stopped_at: line of the row that was at hand when Ctrl-C was pressed; nobody knows whether
            it was recorded, and no later one was.
        hidden: how many rows and columns the spreadsheet hides, in a sentence.
    """

    recorded: list[tuple[int, str]] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    remarks: list[tuple[int, str]] = field(default_factory=list)
    takedowns: list[Takedown] = field(default_factory=list)
    stopped_at: int | None = None
    hidden: str = ""


@for_roles(Duty.TAKE_LETTERS)
def import_revocations(
    services: Services,
    file: Path,
    actor: Actor,
    progress: Callable[[int, int], None] | None = None,
    *,
    confirmed: frozenset[QuestionKind] = frozenset(),
    received_by: str = "",
) -> ImportReport:
    """Record every good row of a CSV file and report the bad ones by line.

    `photo` may hold several references separated by `;`, and `face` as many numbers; `evidence` may
    be empty for old paper, then the note says where it lies; paths are relative to the file.
    `received_by` is meant where a row does not say who received the letter.

    Raises:
        BadInputError: the file cannot be read, or lacks a column.
    """
    read = read_rows(file, COLUMNS, REQUIRED, _ALSO)
    rows, report = read.rows, ImportReport(hidden=read.hidden)
    tell = progress or (lambda _done, _total: None)

    def record(line: int, row: Mapping[str, str]) -> None:
        try:
            new = _revocation(services, row, file.parent, received_by)
            answered = _ONLY_REMARKED | confirmed
            recorded = record_revocation(services, new, actor, confirmed=answered)
        except (ConsentError, MediaIndexError) as error:
            report.bad.append(BadRow(line, _reason(error)))
        else:
            report.recorded.append((line, recorded.revocation.label))
            report.takedowns.extend(recorded.takedowns)
            report.remarks.extend((line, remark) for remark in recorded.remarks)

    line = 1
    try:
        for done, row in enumerate(rows):
            tell(done, len(rows))
            if isinstance(row, BadRow):
                report.bad.append(row)
            else:
                line = row[0]
                record(*row)
        tell(len(rows), len(rows))
    except KeyboardInterrupt:
        # The rows before are recorded, and would be refused if the file were read again.
        report.stopped_at = line
    return report


def _reason(error: ConsentError | MediaIndexError) -> str:
    """Return why a row was not recorded, without saying again that it was not."""
    if isinstance(error, UnansweredError):
        asked = " ".join(question.sentence for question in error.questions)
        return f"{asked} To record it anyway, import this row by itself with --confirm."
    said = str(error).removeprefix("Not recorded: ")
    return said[:1].upper() + said[1:]


def _revocation(
    services: Services, row: Mapping[str, str], folder: Path, received_by: str
) -> NewRevocation:
    def cell(name: str) -> str:
        return row.get(name, "").strip()

    order = services.settings.date_order
    letter = Submission(
        day_of(cell("received"), order),
        Method.OTHER_WRITING,
        evidence=[read_evidence(folder / name) for name in _several(cell("evidence"))],
        by=received_by,
    )
    new = NewRevocation(
        cell("name"),
        letter,
        scope=scope_from_text(services, cell("scope")) if cell("scope") else Scope(),
        references=_references(services, cell("photo"), cell("face"), folder),
    )
    for column in fields_at(Door.CSV):
        if column.kind not in _READ_APART and (text := cell(column.name)):
            new = column.put(new, value_of(text, column.kind, column.name, order))
    return new


def read_evidence(path: Path) -> EvidenceFile:
    """Read a file of the writing.

    Raises:
        BadInputError: it cannot be read.
    """
    try:
        return EvidenceFile(path.name, path.read_bytes())
    except OSError as error:
        raise BadInputError(
            f"The evidence {path} cannot be read ({error.strerror}): check the path."
        ) from error


def _references(services: Services, photos: str, faces: str, folder: Path) -> list[Reference]:
    names, numbers = _several(photos), [part.strip() for part in faces.split(";")]
    if faces.strip() and len(numbers) not in {1, len(names)}:
        raise BadInputError(
            f"{counted(len(names), 'photo')} but {counted(len(numbers), 'face')}: give one number "
            "per photo."
        )
    if len(numbers) == 1:
        numbers *= len(names)
    references = []
    for name, number in zip(names, numbers, strict=True):
        if number and not number.isdecimal():
            raise BadInputError(
                f"The face {number!r} is not a number: count from 0, from the left."
            )
        # Relative to the file, and nowhere else; what is no file there is one of the index.
        local = folder / name
        source = name if is_sha256_start(name) and not is_file_now(local) else str(local)
        references.append(read_reference(services, source, int(number) if number else None))
    return references


def _several(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
