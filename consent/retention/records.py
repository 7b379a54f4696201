"""A records request: tables of a period or a topic, without names and biometrics of anybody.

Each cell that is left out says so, and is listed with the ground that the policy file gives. First
a draft, to be looked at; then the same again, as it is handed out.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path, PurePath

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable

from consent.csv_rows import as_csv
from consent.documents.report import make_report, paragraph
from consent.documents.sheet import BOLD, REGULAR, space
from consent.domain.actors import Actor
from consent.domain.decisions import VerbalConsent
from consent.domain.errors import (
    BadInputError,
    ConflictError,
    NoSuchEventError,
    NotFoundError,
    SetupError,
)
from consent.domain.events import Event
from consent.domain.log import Action
from consent.domain.names import name_parts
from consent.domain.print import PrintPiece
from consent.domain.publications import Publication
from consent.domain.records import GROUNDS, Ground, RecordsPeriod
from consent.domain.roles import Duty, for_roles
from consent.domain.takedowns import Takedown
from consent.domain.verdicts import NOTHING_TO_COMPARE, Verdict
from consent.domain.withheld import NamesOut, names_of
from consent.domain.wording import counted, long_day
from consent.indexing.events import event_named
from consent.printing.pieces import piece_named
from consent.services import Services
from consent.storage.decisions import Check
from consent.storage.photo_files import UPLOADED
from consent.storage.unit_of_work import UnitOfWork

_TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=15, leading=19, tag="H1")
_TEXT = ParagraphStyle("text", fontName=REGULAR, fontSize=10, leading=14)
_LOG = "log.csv"
_WITHHELD = "withheld.csv"
_COVER = "read-me-first.pdf"
_FILE_NAME = "file name"
# Of the log.
_SUBJECT = "records"


class NoGroundError(SetupError):
    """The policy file says nothing of why something is withheld."""

    def __init__(self, missing: Sequence[Ground]) -> None:
        keys = ", ".join(f"withhold_{ground.value}" for ground in missing)
        super().__init__(
            f"The policy file has no grounds for withholding: add {keys} under [records], in the"
            " words of your records officer."
        )


@dataclass(frozen=True, slots=True)
class RecordsExport:
    """What was handed out, or would be.

    Attributes:
        path: the folder or ZIP file.
        rows: how many each table has.
        withheld: how many cells and records were left out, by ground.
        digest: SHA-256 of the tables but the log's.
    """

    path: Path
    draft: bool
    rows: Mapping[str, int]
    withheld: Mapping[Ground, int]
    digest: str


class _Left(str):
    """A cell that is left out, with its ground."""

    __slots__ = ("ground",)
    ground: Ground


class _FileName(str):
    """How the file of a photo is called, which may be after who is in it."""

    __slots__ = ()


def _left(ground: Ground, what: str = "") -> _Left:
    cell = _Left(f"(withheld: {what or ground.value})")
    cell.ground = ground
    return cell


@dataclass(slots=True)
class _Tables:
    """Tables as they grow; a cell with the name of somebody protected is left out.

    Attributes:
        names: the parts of their names, by how many they are.
        of_files: the same, each part of which is left out of how files are called.
    """

    names: Mapping[int, Collection[tuple[str, ...]]]
    of_files: NamesOut
    tables: dict[str, tuple[Sequence[str], list[list[object]]]] = field(default_factory=dict)
    left: list[tuple[str, str, str, Ground]] = field(default_factory=list)

    def add(
        self,
        name: str,
        heading: Sequence[str],
        rows: Iterable[Sequence[object]],
        staff: Collection[str] = (),
    ) -> None:
        """Add a table; its first column says which row it is. `staff` are columns of staff."""
        kept: list[list[object]] = []
        for row in rows:
            cells = [
                cell if title in staff else self._safe(cell)
                for title, cell in zip(heading, row, strict=True)
            ]
            kept.append(cells)
            self.left += [
                (name, str(len(kept)), title, cell.ground)
                for title, cell in zip(heading, cells, strict=True)
                if isinstance(cell, _Left)
            ]
        self.tables[name] = heading, kept

    def _safe(self, cell: object) -> object:
        if not isinstance(cell, str) or isinstance(cell, _Left):
            return cell
        # Of a file, one part of a name tells who it is: few files are called anything else.
        if isinstance(cell, _FileName) and self.of_files.out_of(cell) != cell:
            return _left(Ground.NAMES, _FILE_NAME)
        parts = name_parts(cell)
        for length, names in self.names.items():
            windows = (
                tuple(sorted(parts[at : at + length])) for at in range(len(parts) - length + 1)
            )
            if any(window in names for window in windows):
                return _left(Ground.NAMES)
        return cell


@for_roles(Duty.RECORDS_REQUEST)
def export_records(
    services: Services,
    period: RecordsPeriod,
    path: Path,
    actor: Actor,
    *,
    about: str = "",
    draft: bool = False,
) -> RecordsExport:
    """Write the records of a period, or of an event or print piece in it, as tables.

    Raises:
        BadInputError: the period makes no sense, or the file or folder is not new.
        NotFoundError: there is no such event or piece.
        NoGroundError: the policy file gives no ground for withholding.
        ConflictError: nobody has looked at a draft of it, or what is in it is another by now.
    """
    if period.first > services.today():
        raise BadInputError("The first day is in the future: begin the period today or before.")
    if period.last > services.today():
        raise BadInputError("The last day is in the future: end the period today or before.")
    grounds = {ground: services.policy.records.of(ground) for ground in Ground}
    if missing := [ground for ground, text in grounds.items() if not text]:
        raise NoGroundError(missing)
    with services.reading() as unit:
        asked = _Asked(services, unit, period, about)
        made, topic = asked.tables(), asked.topic
        earlier = [
            entry
            for entry in unit.audit.entries_of([_SUBJECT])
            if entry.action == Action.RECORDS_DRAFTED
        ]
    digest = _digest(made)
    said = {"from": str(period.first), "to": str(period.last), "about": topic}
    if not draft:
        drafts = [
            entry for entry in earlier if {key: entry.details.get(key) for key in said} == said
        ]
        if not drafts:
            raise ConflictError("There is no draft of it yet: make one with --draft, and read it.")
        if drafts[-1].details.get("digest") != digest:
            raise ConflictError(
                "The records have changed since the last draft: make a new draft, and read it."
            )
    withheld = Counter(ground for *_, ground in made.left)
    rows = {name: len(kept) for name, (_, kept) in made.tables.items()}
    export = RecordsExport(path, draft, rows, withheld, digest)
    files = {name: as_csv(heading, kept) for name, (heading, kept) in made.tables.items()}
    files[_WITHHELD] = as_csv(
        ("table", "row", "column", "what", "ground"),
        [
            (name, row, column, GROUNDS[ground], grounds[ground])
            for name, row, column, ground in made.left
        ],
    )
    cover = _cover(services, period, about, export, grounds)
    _write(path, {name: text.encode("utf-8-sig") for name, text in files.items()} | {_COVER: cover})
    with services.writing() as unit:
        action = Action.RECORDS_DRAFTED if draft else Action.RECORDS_EXPORTED
        counts = {ground.value: withheld[ground] for ground in Ground}
        details = {**said, "rows": rows, "withheld": counts, "digest": digest}
        unit.audit.append(action, _SUBJECT, actor, services.now(), details)
        unit.commit()
    return export


class _Asked:
    """The records of a period and a topic, row by row."""

    def __init__(
        self, services: Services, unit: UnitOfWork, period: RecordsPeriod, about: str
    ) -> None:
        self._services, self._unit, self._period = services, unit, period
        self._cases = unit.register.revocations()
        self._labels = {case.id: case.label for case in self._cases}
        self._answers = unit.decisions.consents()
        self._event: Event | None = None
        self._piece: PrintPiece | None = None
        # SHA-256 of the photos that it is about; None for all.
        self._photos: set[str] | None = None
        if about.strip():
            self._ask_about(about)
        self._published = [
            made
            for made in unit.publications.all(planned=True)
            if self._is_meant(made.photo_sha256) and not made.planned
        ]

    def _ask_about(self, about: str) -> None:
        try:
            self._event = event_named(self._services, about)
            self._photos = set(self._unit.photos.photos_of_event(self._event.id))
        except NoSuchEventError:
            try:
                self._piece = piece_named(self._unit, about)
            except NotFoundError as error:
                raise NotFoundError(
                    f"There is no event and no print piece {about}: check the name, or leave it "
                    "out."
                ) from error
            self._photos = {
                placed.photo_sha256
                for placed in self._unit.pieces.placed(self._piece.id)
                if placed.photo_sha256 is not None
            }

    @property
    def topic(self) -> str:
        """What it is about, for the log, which holds no names."""
        if self._piece is not None:
            return self._piece.label
        return "" if self._event is None else self._event.id

    def _is_meant(self, sha256: str | None) -> bool:
        return self._photos is None or sha256 in self._photos

    def tables(self) -> _Tables:
        people = self._protected()
        made = _Tables(_by_length(people), NamesOut(people))
        day, label = self._day, self._label
        takedowns = self._takedowns()
        came_down = {takedown.publication_id for takedown in self._unit.takedowns.all()}
        if self._photos is None:
            self._cases_table(made)
            self._appeals(made)
            self._disposals(made)
        made.add(
            "published.csv",
            ("day", "where", "issue", "address", "photo", "recorded by"),
            (
                (
                    publication.published_on,
                    label(publication.channel),
                    publication.issue,
                    # Who is in a copy that had to come down asked not to be shown.
                    _left(Ground.NAMES) if publication.id in came_down else publication.url,
                    _left(Ground.NAMES)
                    if publication.id in came_down
                    else self._name(publication.photo_sha256),
                    publication.by,
                )
                for publication in self._published
                if self._period.holds(publication.published_on)
            ),
            staff=("recorded by",),
        )
        made.add(
            "takedowns.csv",
            ("number", "case", "found on", "due on", "where", "address", "photo", "stands today",
             "what was written"),
            (
                (
                    takedown.label,
                    self._labels.get(takedown.revocation_id),
                    day(takedown.history[0].at),
                    takedown.due_on,
                    label(copy.channel),
                    # Who is in the copy asked not to be shown.
                    _left(Ground.NAMES) if copy.url else "",
                    _left(Ground.NAMES),
                    takedown.state.words,
                    _left(Ground.WRITINGS) if any(step.note for step in takedown.history) else "",
                )
                for takedown, copy in takedowns
            ),
        )  # fmt: skip
        made.add(
            "checks.csv",
            ("day", "for", "issue", "photo", "verdict"),
            (
                (
                    day(check.at),
                    label(check.channel),
                    check.issue,
                    # What speaks against a photo may be who is in it.
                    self._name(check.photo_sha256)
                    if check.verdict is Verdict.CLEAR
                    else _left(Ground.NAMES),
                    words,
                )
                for check, words in self._checks()
            ),
        )
        self._answers_table(made)
        self._pieces(made)
        self._events(made)
        made.add(
            _LOG,
            ("entry", "day", "what", "by", "role"),
            (
                (
                    entry.sequence,
                    day(entry.at),
                    re.sub("[:_]", " ", entry.action),
                    entry.actor_id,
                    entry.actor_role,
                )
                for entry in self._unit.audit.entries()
                if self._photos is None and self._period.holds(day(entry.at))
            ),
            staff=("by",),
        )
        return made

    def _protected(self) -> set[str]:
        """Return the names that nobody is to read."""
        people = {name for case in self._cases for name in names_of(case)}
        people |= {answer.name for answer in self._answers}
        people |= {answer.guardian for answer in self._answers}
        return people

    def _cases_table(self, made: _Tables) -> None:
        templates = Counter(template.revocation_id for template in self._unit.register.templates())
        heading = (
            "number", "kind", "received on", "came as", "holds from", "covers", "state today",
            "name", "guardian", "contact", "what was written", "letters", "face templates",
        )  # fmt: skip

        def rows() -> Iterator[Sequence[object]]:
            for case in self._cases:
                if not any(self._period.holds(self._day(step.at)) for step in case.history):
                    continue
                terms = case.terms
                scope = terms.scope
                yield (
                    case.label,
                    "revocation" if case.in_writing else "hold",
                    case.submission.on,
                    case.submission.method.words,
                    case.history[0].effective_on,
                    "all channels"
                    if scope.all_channels
                    else ", ".join(
                        [
                            *sorted(kind.value for kind in scope.kinds),
                            *map(self._label, sorted(scope.channels)),
                        ]
                    ),
                    case.state(self._services.today()).words,
                    _left(Ground.NAMES),
                    _left(Ground.NAMES) if case.person.guardian else "",
                    _left(Ground.NAMES) if terms.requester.contact else "",
                    _left(Ground.WRITINGS)
                    if terms.note or any(step.reason for step in case.history)
                    else "",
                    _left(Ground.WRITINGS) if case.submission.evidence else "",
                    _left(Ground.BIOMETRICS) if templates[case.id] else "",
                )

        made.add("cases.csv", heading, rows())

    def _takedowns(self) -> list[tuple[Takedown, Publication]]:
        copies = {made.id: made for made in self._unit.publications.all(planned=True)}
        return [
            (takedown, copy)
            for takedown in self._unit.takedowns.all()
            if (copy := copies.get(takedown.publication_id)) is not None
            and self._is_meant(copy.photo_sha256)
            and any(self._period.holds(self._day(step.at)) for step in takedown.history)
        ]

    def _appeals(self, made: _Tables) -> None:
        made.add(
            "appeals.csv",
            ("number", "received on", "due on", "answers", "name", "contact", "what was written"),
            (
                (
                    appeal.label,
                    appeal.received_on,
                    appeal.due_on,
                    "; ".join(f"{step.on}: {step.kind.words}" for step in appeal.steps),
                    _left(Ground.NAMES),
                    _left(Ground.NAMES) if appeal.contact else "",
                    _left(Ground.WRITINGS),
                )
                for appeal in self._unit.takedowns.appeals()
                if self._period.holds(appeal.received_on)
            ),
        )

    def _disposals(self, made: _Tables) -> None:
        made.add(
            "disposals.csv",
            ("number", "series", "cases", "steps"),
            (
                (
                    disposal.label,
                    disposal.series,
                    len(disposal.revocation_ids),
                    "; ".join(
                        f"{self._day(step.at)}: {step.step.words}" for step in disposal.history
                    ),
                )
                for disposal in self._unit.retention.disposals()
                if any(self._period.holds(self._day(step.at)) for step in disposal.history)
            ),
        )

    def _checks(self) -> Iterator[tuple[Check, str]]:
        """Yield each check with what the screen said of it."""
        first = datetime.combine(self._period.first - timedelta(days=1), datetime.min.time())
        since = first.replace(tzinfo=self._services.now().tzinfo)
        with_nobody = self._unit.decisions.checked_with_nobody(since)
        for check in self._unit.decisions.checked_since(since, self._photos):
            if self._period.holds(self._day(check.at)):
                yield check, NOTHING_TO_COMPARE if check in with_nobody else check.verdict.words

    def _answers_table(self, made: _Tables) -> None:
        made.add(
            "asked.csv",
            ("asked on", "asked by", "answer", "for", "photo", "name", "guardian", "note"),
            (
                (
                    answer.asked_on,
                    answer.asked_by,
                    "yes" if answer.given else "no",
                    self._for(answer),
                    # Who refused is in it.
                    self._name(answer.photo_sha256) if answer.given else _left(Ground.NAMES),
                    _left(Ground.NAMES) if answer.name else "",
                    _left(Ground.NAMES) if answer.guardian else "",
                    _left(Ground.WRITINGS) if answer.note else "",
                )
                for answer in self._answers
                if self._period.holds(answer.asked_on)
                and (
                    self._is_meant(answer.photo_sha256)
                    or (self._event is not None and answer.event_id == self._event.id)
                )
            ),
            staff=("asked by",),
        )

    def _for(self, answer: VerbalConsent) -> str:
        kinds = sorted(kind.value for kind in answer.kinds)
        return ", ".join([*kinds, *map(self._label, sorted(answer.channels))])

    def _pieces(self, made: _Tables) -> None:
        made.add(
            "print.csv",
            ("number", "title", "issue", "where", "steps", "what was written"),
            (
                (
                    piece.label,
                    piece.title,
                    piece.issue,
                    self._label(piece.channel),
                    "; ".join(
                        f"{self._day(step.at)}: {step.state.words}"
                        for step in piece.history
                        if step.state is not None
                    ),
                    _left(Ground.WRITINGS) if any(step.reason for step in piece.history) else "",
                )
                for piece in self._unit.pieces.all()
                if (self._piece is None or piece.id == self._piece.id)
                and self._event is None
                and any(self._period.holds(self._day(step.at)) for step in piece.history)
            ),
        )

    def _events(self, made: _Tables) -> None:
        made.add(
            "events.csv",
            ("name", "day", "place", "space"),
            (
                (event.name, event.held_on, event.place, event.space)
                for event in self._unit.events.all()
                if self._piece is None
                and (self._event is None or event.id == self._event.id)
                and (self._event is not None or self._period.holds(event.held_on))
            ),
        )

    def _name(self, sha256: str | None) -> str:
        if sha256 is None:
            return ""
        paths = self._unit.photos.places_of([sha256]).get(sha256, ())
        if not paths:
            return sha256[:12]
        # What somebody uploads is called as they like, also after a person whose name is destroyed
        # by now, so that nobody can tell any more.
        lying = [path for path in paths if not self._is_upload(path)]
        return _FileName(PurePath(lying[0]).name) if lying else _left(Ground.NAMES, _FILE_NAME)

    def _is_upload(self, path: str) -> bool:
        uploads = self._services.settings.uploads
        return path.startswith(UPLOADED) or Path(path).is_relative_to(uploads)

    def _label(self, channel: str) -> str:
        known = {channel.id: channel.label for channel in self._services.policy.channels}
        return known.get(channel, channel)

    def _day(self, moment: datetime) -> date:
        return self._services.day(moment)


def _by_length(names: Iterable[str]) -> dict[int, set[tuple[str, ...]]]:
    """Return the parts of names, by how many they are."""
    found: dict[int, set[tuple[str, ...]]] = defaultdict(set)
    for parts in map(name_parts, names):
        if parts:
            found[len(parts)].add(tuple(sorted(parts)))
    return dict(found)


def _digest(made: _Tables) -> str:
    """Return what tells these records from others; the log has grown by the draft itself."""
    text = "".join(
        f"{name}\n{as_csv(heading, kept)}"
        for name, (heading, kept) in sorted(made.tables.items())
        if name != _LOG
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _cover(
    services: Services,
    period: RecordsPeriod,
    about: str,
    export: RecordsExport,
    grounds: Mapping[Ground, str],
) -> bytes:
    title = "Draft, not released: records" if export.draft else "Records"
    topic = f" about {about.strip()}" if about.strip() and not export.draft else ""
    texts = [
        f"From {long_day(period.first)} to {long_day(period.last)}{topic}.",
        "Each table is a file for a spreadsheet. The first line names the columns.",
        *(f"{name}: {counted(count, 'row')}" for name, count in export.rows.items()),
        "What is withheld is marked in its cell, and listed in withheld.csv with the ground:",
        *(
            f"{GROUNDS[ground]} ({export.withheld.get(ground, 0):,}): {text}"
            for ground, text in grounds.items()
        ),
        "Pictures of faces, letters and saved face measurements are in no table.",
        f"SHA-256 of the tables, without the log: {export.digest}",
    ]
    lines: list[Flowable] = [
        paragraph(services.policy.library, _TEXT),
        paragraph(title, _TITLE),
        space(12),
    ]
    for text in texts:
        lines += [paragraph(text, _TEXT), space(6)]
    return make_report(lines, title, services.policy.library)


def _write(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a new ZIP file, or into a new or empty folder; readable for this account alone."""
    zipped = path.suffix.lower() == ".zip"
    if path.exists() and (zipped or not path.is_dir() or any(path.iterdir())):
        raise BadInputError(f"{path} already exists: name a new file or an empty folder.")
    try:
        with tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=".records-") as made:
            draft = Path(made) / "draft"
            if zipped:
                with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
                    for name, content in files.items():
                        archive.writestr(name, content)
                draft.chmod(0o600)
            else:
                draft.mkdir(mode=0o700)
                for name, content in files.items():
                    (draft / name).write_bytes(content)
                    (draft / name).chmod(0o600)
                if path.exists():
                    path.rmdir()
            draft.rename(path)
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be written ({error.strerror}): name a file in a folder that exists."
        ) from error
