"""Verbal consents from a list, such as one kept on paper at an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from consent.cases.references import photo_named
from consent.csv_rows import BadRow, day_of, keep_rows, read_rows
from consent.domain.actors import Actor
from consent.domain.channels import ChannelKind
from consent.domain.decisions import VerbalConsent
from consent.domain.errors import BadInputError, NotFoundError
from consent.domain.events import Event
from consent.domain.roles import Duty, for_roles
from consent.indexing.events import event_named
from consent.printing.answers import Answer
from consent.printing.asking import photo_to_ask, record_in_photo
from consent.services import Services
from media_index.files.places import is_file_now
from media_index.fingerprinting import file_sha256
from media_index.types import Box

COLUMNS = (
    "photo",
    "event",
    "faces",
    "answer",
    "uses",
    "asked_by",
    "asked_on",
    "name",
    "child",
    "guardian",
    "note",
)
_REQUIRED = ("answer", "uses", "asked_on")
_YES, _NO = frozenset({"yes", "y", "true", "1"}), frozenset({"no", "n", "false", "0", ""})


@dataclass(slots=True)
class ConsentImport:
    """What came of an import.

    Attributes:
        already: rows of the same list that an import before has entered.
        hidden: how many rows and columns the spreadsheet hides, in a sentence.
    """

    recorded: list[VerbalConsent] = field(default_factory=list)
    already: int = 0
    bad: list[BadRow] = field(default_factory=list)
    hidden: str = ""


@for_roles(Duty.ASK)
def import_consents(services: Services, file: Path, actor: Actor) -> ConsentImport:
    """Record the answers of a list; bad rows are named, and the others recorded.

    A row of the CSV names a photo (path or SHA-256) or an event; `faces` are numbers from the left,
    or all; `uses` are kinds or channels.

    Raises:
        BadInputError: the list cannot be read, or lacks a column.
    """
    read = read_rows(file, COLUMNS, _REQUIRED)
    report = ConsentImport(hidden=read.hidden)
    # By its content and its row: the import that was cut off before is gone on with.
    digest, number = file_sha256(file), count(1)

    def record(row: Mapping[str, str]) -> None:
        entered_as = f"{digest} {next(number)}"
        answer = replace(_answer(services, row, file.parent, actor), entered_as=entered_as)
        kept = record_in_photo(services, answer, actor)
        report.recorded += kept.answers
        report.already += not kept.answers
        if kept.left_out:
            raise BadInputError(f"Recorded for the others. {kept.remark}")

    report.bad = keep_rows(read.rows, record)
    return report


def _answer(services: Services, row: Mapping[str, str], folder: Path, actor: Actor) -> Answer:
    def said(column: str) -> str:
        return row.get(column, "").strip()

    photo = said("photo")
    if photo and is_file_now(folder / photo):
        photo = str(folder / photo)
    sha256 = photo_named(services, photo) if photo else None
    kinds, channels = read_uses(services, said("uses"))
    return Answer(
        given=_truth(said("answer"), "answer"),
        asked_on=day_of(said("asked_on"), services.settings.date_order),
        kinds=kinds,
        channels=channels,
        photo_sha256=sha256,
        boxes=() if sha256 is None else _boxes(services, sha256, said("faces"), actor),
        event_id=event_asked(services, said("event")).id if sha256 is None else None,
        asked_by=said("asked_by"),
        name=said("name"),
        minor=_truth(said("child"), "child"),
        guardian=said("guardian"),
        note=said("note"),
    )


def _boxes(services: Services, sha256: str, faces: str, actor: Actor) -> tuple[Box, ...]:
    if faces.casefold() in {"", "all"}:
        return ()
    return photo_to_ask(services, sha256, actor).boxes(face_numbers(faces))


def face_numbers(text: str) -> list[int]:
    """Read faces such as 1,3,4.

    Raises:
        BadInputError: they are no numbers.
    """
    parts = [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]
    if not parts or not all(part.isdecimal() for part in parts):
        raise BadInputError(
            f"{text!r} is not a list of faces: write their numbers from the left, as 1,3,4, or all."
        )
    return [int(part) for part in parts]


def read_uses(services: Services, text: str) -> tuple[frozenset[ChannelKind], frozenset[str]]:
    """Read uses such as print,facebook into kinds and channels.

    Raises:
        BadInputError: one of them is neither.
    """
    kinds: set[ChannelKind] = set()
    channels: set[str] = set()
    for part in text.replace(";", ",").split(","):
        wanted = part.strip().casefold()
        if wanted == "all":
            kinds |= set(ChannelKind)
        elif wanted in set(ChannelKind):
            kinds.add(ChannelKind(wanted))
        elif wanted:
            channels.add(services.policy.channel(wanted).id)
    return frozenset(kinds), frozenset(channels)


def event_asked(services: Services, named: str) -> Event:
    """Return the event that was asked as a whole, where no photo is named.

    Raises:
        NotFoundError: none is named.
        NoSuchEventError: there is none of that name or id.
    """
    if not named.strip():
        raise NotFoundError("Name the photo, or the event that was asked as a whole.")
    return event_named(services, named)


def _truth(text: str, column: str) -> bool:
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO and (text or column != "answer"):
        return False
    raise BadInputError(f"{column}: {text!r} is not yes or no.")
