"""People, revocations, evidence and templates in the database."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter
from sqlalchemy import JSON, LargeBinary, UniqueConstraint, delete, func, inspect
from sqlalchemy import select as select_columns
from sqlmodel import Field, Session, SQLModel, col, select

from consent.domain.actors import Actor, Role
from consent.domain.cases import CaseEvent, CaseStep, Person, Revocation, Template, number_in
from consent.domain.errors import NotFoundError
from consent.domain.terms import Terms
from media_index.storage.rows import pack, unpack
from media_index.storage.tables import UtcDateTime, Wide
from media_index.types import Box

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Column, Row

    from media_index.types import Vector


class PersonRow(SQLModel, table=True):
    """Somebody the register knows, as first entered."""

    __tablename__ = "person"

    id: str = Field(primary_key=True, max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)


class PersonEventRow(SQLModel, table=True):
    """What was entered of a person: their facts, a correction, a merger."""

    __tablename__ = "person_event"
    __table_args__ = (UniqueConstraint("person_id", "place"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: str = Field(foreign_key="person.id", index=True, max_length=32)
    place: int
    step: str = Field(max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    name: str | None = Field(default=None, index=True)
    facts: dict[str, Any] = Field(sa_type=JSON)


class RevocationRow(SQLModel, table=True):
    """A case number and its person; all else is in its events."""

    __tablename__ = "revocation"

    id: str = Field(primary_key=True, max_length=32)
    number: int = Field(unique=True)
    person_id: str = Field(foreign_key="person.id", index=True, max_length=32)
    created_at: datetime = Field(sa_type=UtcDateTime)


class RevocationEventRow(SQLModel, table=True):
    """A step in the life of a case."""

    __tablename__ = "revocation_event"
    __table_args__ = (UniqueConstraint("revocation_id", "place"),)

    id: int | None = Field(default=None, primary_key=True)
    revocation_id: str = Field(foreign_key="revocation.id", index=True, max_length=32)
    place: int
    step: str = Field(max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    effective_on: date
    received_on: date | None = Field(default=None, index=True)
    actor_id: str
    actor_role: str = Field(max_length=32)
    terms: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    lapses_on: date | None = None
    reason: str = ""


class EvidenceRow(SQLModel, table=True):
    """A file in the vault and the case it belongs to; what stays when the file is erased."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("sha256", "revocation_id"),)

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(index=True, max_length=64)
    revocation_id: str = Field(foreign_key="revocation.id", index=True, max_length=32)
    file_name: str
    byte_size: int = Field(sa_type=Wide)
    added_at: datetime = Field(sa_type=UtcDateTime)


class TemplateRow(SQLModel, table=True):
    """A reference face. The box is in px of the reference photo after EXIF rotation."""

    __tablename__ = "template"

    id: str = Field(primary_key=True, max_length=32)
    revocation_id: str = Field(foreign_key="revocation.id", index=True, max_length=32)
    photo_sha256: str = Field(index=True, max_length=64)
    x1: int
    y1: int
    x2: int
    y2: int
    crop: str = Field(max_length=64)
    added_at: datetime = Field(sa_type=UtcDateTime)
    norm: float | None = Field(default=None)


class TemplateEncodingRow(SQLModel, table=True):
    """An encoding of a template by one model: (d,) float32, little-endian."""

    __tablename__ = "template_encoding"

    template_id: str = Field(foreign_key="template.id", primary_key=True, max_length=32)
    model_id: str = Field(primary_key=True, max_length=64)
    vector: bytes = Field(sa_type=LargeBinary)


_TERMS: TypeAdapter[Terms] = TypeAdapter(Terms)
# A letter's files are in the vault, and `Terms.evidence` names them.
_IN_THE_VAULT = {"submission": {"evidence"}}


def _as_stored(terms: Terms) -> dict[str, Any]:
    """Return terms as JSON, where the letter is called the receipt."""
    plain = _TERMS.dump_python(terms, mode="json", exclude=_IN_THE_VAULT)
    return {"receipt" if key == "submission" else key: value for key, value in plain.items()}


def _from_stored(stored: Mapping[str, Any]) -> Terms:
    return _TERMS.validate_python({**stored, "submission": stored["receipt"]})


class Register:
    """People, revocations, evidence and templates."""

    def __init__(self, session: Session) -> None:
        """Work inside the session's transaction."""
        self._session = session

    def add_person(self, person: Person, at: datetime, actor: Actor) -> None:
        """Enter a person."""
        self._session.add(PersonRow(id=person.id, created_at=at))
        self._session.flush()
        self._session.add(
            PersonEventRow(
                person_id=person.id,
                place=1,
                step="entered",
                at=at,
                actor_id=actor.id,
                actor_role=actor.role.value,
                name=person.name,
                facts={
                    "minor": person.minor,
                    "birth_year": person.birth_year,
                    "guardian": person.guardian,
                },
            ),
        )

    def append_merger(self, person_id: str, into: str | None, at: datetime, actor: Actor) -> None:
        """Say that a person was found to be another, or (None) that this was wrong."""
        last = self._session.exec(
            select(PersonEventRow)
            .where(PersonEventRow.person_id == person_id)
            .order_by(col(PersonEventRow.place).desc()),
        ).first()
        if last is None:
            message = "The person is not in the register."
            raise NotFoundError(message)
        self._session.add(
            PersonEventRow(
                person_id=person_id,
                place=last.place + 1,
                step="unmerged" if into is None else "merged",
                at=at,
                actor_id=actor.id,
                actor_role=actor.role.value,
                name=last.name,
                facts={**last.facts, "merged_into": into},
            ),
        )
        self._session.flush()

    def next_number(self) -> int:
        """Return the next free case number; safe because a writing unit of work is alone."""
        return (self._session.exec(select(func.max(RevocationRow.number))).one() or 0) + 1

    def open_case(self, revocation_id: str, number: int, person_id: str, at: datetime) -> None:
        """Open a case; its terms come with the first event."""
        self._session.add(
            RevocationRow(id=revocation_id, number=number, person_id=person_id, created_at=at),
        )
        self._session.flush()

    def append(self, event: CaseEvent) -> None:
        """Append a step to a case."""
        place = self._session.exec(
            select(func.count())
            .select_from(RevocationEventRow)
            .where(RevocationEventRow.revocation_id == event.revocation_id),
        ).one()
        self._session.add(
            RevocationEventRow(
                revocation_id=event.revocation_id,
                place=place + 1,
                step=event.step.value,
                at=event.at,
                effective_on=event.effective_on,
                received_on=None if event.terms is None else event.terms.submission.on,
                actor_id=event.actor.id,
                actor_role=event.actor.role.value,
                terms=None if event.terms is None else _as_stored(event.terms),
                lapses_on=event.lapses_on,
                reason=event.reason,
            ),
        )
        self._session.flush()

    def revocations(self) -> list[Revocation]:
        """Return every case, by number."""
        return self._cases(None)

    def by_number(self, number: int) -> Revocation | None:
        """Return a case by its number."""
        found = self._session.exec(
            select(RevocationRow.id).where(RevocationRow.number == number),
        ).first()
        return None if found is None else self._cases(found)[0]

    def find(self, label: str) -> Revocation:
        """Return the case of a label such as R-0042, 42 or r42.

        Raises:
            NotFoundError: there is none.
        """
        number = number_in(label, "R")
        found = None if number is None else self.by_number(number)
        if found is None:
            message = (
                f"There is no revocation {label}: look its number up with likeness register list."
            )
            raise NotFoundError(message)
        return found

    def _cases(self, only: str | None) -> list[Revocation]:
        # Plain columns: for thousands of cases the objects of the mapper cost more than the query.
        cases, steps = _columns(RevocationRow), _columns(RevocationEventRow)
        query = select_columns(*cases).order_by(col(RevocationRow.number))
        events = select_columns(*steps).order_by(
            col(RevocationEventRow.revocation_id), col(RevocationEventRow.place)
        )
        if only is not None:
            query = query.where(col(RevocationRow.id) == only)
            events = events.where(col(RevocationEventRow.revocation_id) == only)
        history: dict[str, list[CaseEvent]] = defaultdict(list)
        for step in self._session.execute(events):
            history[step.revocation_id].append(_case_event(step))
        rows = self._session.execute(query).all()
        people = self._people([row.person_id for row in rows] if only is not None else None)
        return [
            Revocation(row.id, row.number, people[row.person_id], tuple(history[row.id]))
            for row in rows
        ]

    def _people(self, only: Sequence[str] | None) -> dict[str, Person]:
        query = select_columns(*_columns(PersonEventRow)).order_by(
            col(PersonEventRow.person_id), col(PersonEventRow.place)
        )
        if only is not None:
            query = query.where(col(PersonEventRow.person_id).in_(only))
        return {
            row.person_id: Person(
                id=row.person_id,
                name=row.name or "",
                minor=bool(row.facts.get("minor")),
                birth_year=row.facts.get("birth_year"),
                guardian=row.facts.get("guardian"),
                merged_into=row.facts.get("merged_into"),
            )
            for row in self._session.execute(query)
        }

    def add_evidence(
        self,
        sha256: str,
        revocation_id: str,
        file_name: str,
        byte_size: int,
        at: datetime,
    ) -> None:
        """Say that a file of the vault belongs to a case; once is enough."""
        if self._session.exec(
            select(EvidenceRow.id).where(
                EvidenceRow.sha256 == sha256, EvidenceRow.revocation_id == revocation_id
            ),
        ).first():
            return
        self._session.add(
            EvidenceRow(
                sha256=sha256,
                revocation_id=revocation_id,
                file_name=file_name,
                byte_size=byte_size,
                added_at=at,
            ),
        )

    def evidence_of(self, revocation_id: str) -> list[tuple[str, str, int, datetime]]:
        """Return SHA-256, file name, bytes and moment of each file of a case, oldest first."""
        rows = self._session.exec(
            select(EvidenceRow)
            .where(EvidenceRow.revocation_id == revocation_id)
            .order_by(col(EvidenceRow.id)),
        )
        return [(row.sha256, row.file_name, row.byte_size, row.added_at) for row in rows]

    def cases_of_evidence(self, sha256: str) -> list[int]:
        """Return the numbers of the cases that a writing belongs to."""
        query = (
            select(RevocationRow.number)
            .join(EvidenceRow, col(EvidenceRow.revocation_id) == col(RevocationRow.id))
            .where(EvidenceRow.sha256 == sha256)
        )
        return sorted(self._session.exec(query))

    def cases_received(self, name: str, on: date) -> list[int]:
        """Return the numbers of the cases of a person of that name, received on that day."""
        wanted = name.strip().casefold()
        query = (
            select(RevocationRow.number, PersonEventRow.name)
            .join(PersonEventRow, col(PersonEventRow.person_id) == col(RevocationRow.person_id))
            .join(
                RevocationEventRow,
                col(RevocationEventRow.revocation_id) == col(RevocationRow.id),
            )
            .where(RevocationEventRow.received_on == on)
        )
        return sorted(
            {
                number
                for number, entered in self._session.exec(query)
                if (entered or "").casefold() == wanted
            },
        )

    def erase_templates(self, ids: Collection[str]) -> None:
        """Remove reference faces; see `consent.cases.erase`, which alone does it."""
        self._session.exec(
            delete(TemplateEncodingRow).where(col(TemplateEncodingRow.template_id).in_(ids))
        )
        self._session.exec(delete(TemplateRow).where(col(TemplateRow.id).in_(ids)))

    def add_template(self, template: Template) -> None:
        """Add a reference face."""
        box = template.box
        self._session.add(
            TemplateRow(
                id=template.id,
                revocation_id=template.revocation_id,
                photo_sha256=template.photo_sha256,
                x1=box.x1,
                y1=box.y1,
                x2=box.x2,
                y2=box.y2,
                crop=template.crop,
                added_at=template.added_at,
                norm=template.norm,
            ),
        )
        self._session.flush()
        self.add_encodings(template.id, template.encodings)

    def add_encodings(self, template_id: str, encodings: Mapping[str, Vector]) -> None:
        """Add encodings of a reference face by further models."""
        self._session.add_all(
            TemplateEncodingRow(template_id=template_id, model_id=model_id, vector=pack(vector))
            for model_id, vector in encodings.items()
        )

    def lacks_encoding(self, template_id: str, model_id: str) -> bool:
        """Say whether a reference face is there, and not encoded by a model."""
        there = self._session.get(TemplateRow, template_id) is not None
        return there and self._session.get(TemplateEncodingRow, (template_id, model_id)) is None

    def templates(self, revocation_id: str | None = None) -> list[Template]:
        """Return the reference faces of one case, or of all."""
        query = select(TemplateRow).order_by(col(TemplateRow.added_at), col(TemplateRow.id))
        vectors = select(TemplateEncodingRow)
        if revocation_id is not None:
            query = query.where(TemplateRow.revocation_id == revocation_id)
            vectors = vectors.join(TemplateRow).where(TemplateRow.revocation_id == revocation_id)
        encodings: dict[str, dict[str, Any]] = defaultdict(dict)
        for vector in self._session.exec(vectors):
            encodings[vector.template_id][vector.model_id] = unpack(vector.vector)
        return [
            Template(
                id=row.id,
                revocation_id=row.revocation_id,
                photo_sha256=row.photo_sha256,
                box=Box(row.x1, row.y1, row.x2, row.y2),
                encodings=encodings[row.id],
                crop=row.crop,
                added_at=row.added_at,
                norm=row.norm,
            )
            for row in self._session.exec(query)
        ]


def _columns(table: type[SQLModel]) -> list[Column[Any]]:
    return list(inspect(table).local_table.columns)


def _case_event(row: Row[Any]) -> CaseEvent:
    return CaseEvent(
        revocation_id=row.revocation_id,
        step=CaseStep(row.step),
        at=row.at,
        actor=Actor(row.actor_id, Role(row.actor_role)),
        effective_on=row.effective_on,
        terms=None if row.terms is None else _from_stored(row.terms),
        lapses_on=row.lapses_on,
        reason=row.reason,
    )
