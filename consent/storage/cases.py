"""People, revocations, evidence and templates in the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    UniqueConstraint,
    delete,
    func,
)
from sqlmodel import Field, Session, SQLModel, col, select

from consent.domain.actors import Actor
from consent.domain.cases import CaseEvent, CaseStep, Person, Revocation, Template, number_in
from consent.domain.errors import LostEntriesError, NotFoundError
from consent.domain.terms import Method, Requester, Scope, Submission, Terms
from consent.storage.sealed import SealedBytes, SealedJson, SealedText, seal_rows
from media_index.storage.columns import Columns, Store
from media_index.storage.contents import pack, unpacked
from media_index.storage.tables import UtcDateTime, Wide
from media_index.types import Vector


class TermsInJson(SealedJson):
    """What a revocation says, encrypted, where the letter is called the receipt."""

    cache_ok = True

    def to_plain(self, value: Any) -> Any:  # noqa: ANN401 - terms, or as older versions kept them
        """Return them as plain data."""
        if not isinstance(value, Terms):
            return value
        # A letter's files are in the vault, and `Terms.evidence` names them.
        plain = _TERMS.dump_python(value, mode="json", exclude={"submission": {"evidence"}})
        return {"receipt" if key == "submission" else key: plain[key] for key in plain}

    def from_plain(self, value: Any) -> Terms:  # noqa: ANN401 - as it was kept
        """Return the terms; of whom the key was destroyed, that they covered all."""
        if not value:
            return GONE
        return _TERMS.validate_python({**value, "submission": value["receipt"]})


_TERMS: TypeAdapter[Terms] = TypeAdapter(Terms)
# What is left of the terms of somebody whose key was destroyed.
GONE = Terms(Scope(), Submission(date.min, Method.OTHER_WRITING), Requester(""), date.min)


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
    name: str | None = Field(default=None, sa_type=SealedText("person_event.name"))
    facts: dict[str, Any] = Field(sa_type=SealedJson("person_event.facts"))


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
    terms: Terms | None = Field(default=None, sa_type=TermsInJson("revocation_event.terms"))
    lapses_on: date | None = None
    reason: str = Field(default="", sa_type=SealedText("revocation_event.reason"))


class EvidenceRow(SQLModel, table=True):
    """A file in the vault and the case it belongs to; what stays when the file is erased."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("sha256", "revocation_id"),)

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(index=True, max_length=64)
    revocation_id: str = Field(foreign_key="revocation.id", index=True, max_length=32)
    file_name: str = Field(sa_type=SealedText("evidence.file_name"))
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
    vector: bytes = Field(sa_type=SealedBytes("template_encoding.vector"))


for _kind in (PersonEventRow, RevocationEventRow, EvidenceRow, TemplateEncodingRow):
    seal_rows(_kind)

# Whatever is known of a person beside their name lies in the column `facts`.
_FACTS = tuple(field.name for field in fields(Person) if field.name not in {"id", "name"})
_PEOPLE = Columns(Person, PersonEventRow, apart=_FACTS, id="person_id")
_CASES = Columns(Revocation, RevocationRow, apart=("person", "history", "none_ends_after"))
_STEPS = Columns(CaseEvent, RevocationEventRow)
_TEMPLATES = Columns(Template, TemplateRow, apart=("encodings",))


class Register(Store):
    """People, revocations, evidence and templates.

    Attributes:
        unsound: ids of the reference faces that were read, and had a damaged encoding.
        none_ends_after: gives the cases that are read what their attribute of this name says.
    """

    def __init__(self, session: Session) -> None:
        """Work inside the session's transaction."""
        super().__init__(session)
        self.unsound: set[str] = set()
        self.none_ends_after: Callable[[], date | None] = lambda: None

    def add_person(self, person: Person, at: datetime, actor: Actor) -> None:
        """Enter a person."""
        self._add(PersonRow(id=person.id, created_at=at))
        self._add_person_event(person, 1, "entered", at, actor)

    def append_merger(self, person_id: str, into: str | None, at: datetime, actor: Actor) -> None:
        """Say that a person was found to be another, or (None) that this was wrong."""
        step = "unmerged" if into is None else "merged"
        self._append_person(person_id, step, at, actor, {"merged_into": into})

    def correct_person(self, person: Person, at: datetime, actor: Actor) -> None:
        """Say what is right of a person; what was entered before stays beside it."""
        said = {name: getattr(person, name) for name in ("name", "minor", "birth_year", "guardian")}
        self._append_person(person.id, "corrected", at, actor, said)

    def _append_person(
        self, person_id: str, step: str, at: datetime, actor: Actor, said: dict[str, Any]
    ) -> None:
        last = self._session.exec(
            select(func.max(PersonEventRow.place)).where(PersonEventRow.person_id == person_id)
        ).one()
        if last is None:
            raise NotFoundError("The person is not in the register.")
        person = replace(self._people([person_id])[person_id], **said)
        self._add_person_event(person, last + 1, step, at, actor)

    def _add_person_event(
        self, person: Person, place: int, step: str, at: datetime, actor: Actor
    ) -> None:
        self._add(
            _PEOPLE.row(
                person,
                place=place,
                step=step,
                at=at,
                actor_id=actor.id,
                actor_role=actor.role.value,
                facts={name: getattr(person, name) for name in _FACTS},
            )
        )

    def next_number(self) -> int:
        """Return the next free case number."""
        return self._next(RevocationRow.number)

    def open_case(self, revocation_id: str, number: int, person_id: str, at: datetime) -> None:
        """Open a case; its terms come with the first event."""
        self._add(
            RevocationRow(id=revocation_id, number=number, person_id=person_id, created_at=at)
        )

    def append(self, event: CaseEvent) -> None:
        """Append a step to a case."""
        steps = select(func.count(col(RevocationEventRow.id))).where(
            RevocationEventRow.revocation_id == event.revocation_id
        )
        self._add(
            _STEPS.row(
                event,
                place=self._session.exec(steps).one() + 1,
                received_on=None if event.terms is None else event.terms.submission.on,
            )
        )

    def revocations(self) -> list[Revocation]:
        """Return every case, by number."""
        return self._cases()

    def by_ids(self, ids: Collection[str]) -> list[Revocation]:
        """Return the cases with these ids, by number."""
        return self._cases(col(RevocationRow.id).in_(sorted(ids)))

    def holds_between(self, first: date, last: date) -> list[str]:
        """Return the ids of the cases with a hold that was to lapse on one of these days."""
        query = (
            select(RevocationEventRow.revocation_id)
            .where(col(RevocationEventRow.lapses_on).between(first, last))
            .distinct()
        )
        return list(self._session.exec(query))

    def that_ever_had(self, step: CaseStep) -> list[str]:
        """Return the ids of the cases in which a step was ever taken, whatever came of it."""
        query = (
            select(RevocationEventRow.revocation_id)
            .where(col(RevocationEventRow.step) == step)
            .distinct()
        )
        return list(self._session.exec(query))

    def who_they_are(self, ids: Collection[str] | None = None) -> dict[str, str]:
        """Return by case the person it is of, through any number of mergers: ids, by number.

        Of all cases, or of some and the other cases of the same people.
        """
        into = self._mergers()

        def who(person_id: str) -> str:
            seen = {person_id}
            while (found_to_be := into.get(person_id)) is not None and found_to_be not in seen:
                person_id = found_to_be
                seen.add(person_id)
            return person_id

        query = select(RevocationRow.id, RevocationRow.person_id)
        if ids is not None:
            of = select(RevocationRow.person_id).where(col(RevocationRow.id).in_(sorted(ids)))
            people = {who(person_id) for person_id in self._session.exec(of)}
            people |= {merged for merged in into if who(merged) in people}
            query = query.where(col(RevocationRow.person_id).in_(sorted(people)))
        rows = self._session.execute(query.order_by(col(RevocationRow.number))).all()
        return {case_id: who(person_id) for case_id, person_id in rows}

    def _mergers(self) -> dict[str, str | None]:
        """Return by person whom they were found to be, of those who ever were."""
        merged = select(PersonEventRow.person_id).where(PersonEventRow.step == "merged")
        ever_merged = set(self._session.exec(merged))
        people = self._people(sorted(ever_merged)) if ever_merged else {}
        return {person_id: person.merged_into for person_id, person in people.items()}

    def of_same_people(self, ids: Collection[str]) -> set[str]:
        """Return the ids of all cases of the people of these cases, these included."""
        return set(self.who_they_are(ids))

    def last_entered(self) -> tuple[int, int]:
        """Return the ids of the last step of a case, and of what was entered of a person last."""
        steps = self._session.exec(select(func.max(RevocationEventRow.id))).one()
        facts = self._session.exec(select(func.max(PersonEventRow.id))).one()
        return steps or 0, facts or 0

    def entered_since(self, last: tuple[int, int]) -> set[str]:
        """Return the ids of the cases of which anything was entered after these."""
        step, fact = last
        steps = select(RevocationEventRow.revocation_id).where(col(RevocationEventRow.id) > step)
        facts = select(PersonEventRow.person_id).where(col(PersonEventRow.id) > fact)
        people = select(RevocationRow.id).where(col(RevocationRow.person_id).in_(facts))
        return {*self._session.exec(steps), *self._session.exec(people)}

    def by_number(self, number: int) -> Revocation | None:
        """Return a case by its number."""
        found = self._cases(col(RevocationRow.number) == number)
        return found[0] if found else None

    def find(self, label: str) -> Revocation:
        """Return the case of a label such as R-0042, 42 or r42.

        Raises:
            NotFoundError: there is none.
        """
        number = number_in(label, "R")
        found = None if number is None else self.by_number(number)
        if found is None:
            raise NotFoundError(
                f"There is no revocation {label}: look for its number in the register.",
                command="likeness register list",
            )
        return found

    def _cases(self, meant: ColumnElement[bool] | None = None) -> list[Revocation]:
        cases = _CASES.select(RevocationRow.person_id).order_by(col(RevocationRow.number))
        steps = _STEPS.select().order_by(
            col(RevocationEventRow.revocation_id), col(RevocationEventRow.place)
        )
        if meant is not None:
            cases = cases.where(meant)
        rows = self._session.execute(cases).all()
        if meant is not None:
            ids = [row.id for row in rows]
            steps = steps.where(col(RevocationEventRow.revocation_id).in_(ids))
        history: dict[str, list[CaseEvent]] = defaultdict(list)
        for step in self._read(_STEPS, steps):
            history[step.revocation_id].append(step)
        people = self._people(None if meant is None else [row.person_id for row in rows])
        for row in rows:
            if row.person_id not in people:
                raise LostEntriesError(row.number)
        after = self.none_ends_after()
        return [
            _CASES.read(
                row,
                person=people[row.person_id],
                history=tuple(history[row.id]),
                none_ends_after=after,
            )
            for row in rows
        ]

    def _people(self, only: Sequence[str] | None) -> dict[str, Person]:
        query = _PEOPLE.select(PersonEventRow.facts).order_by(
            col(PersonEventRow.person_id), col(PersonEventRow.place)
        )
        if only is not None:
            query = query.where(col(PersonEventRow.person_id).in_(only))
        rows = self._session.execute(query)
        # Of each person, what was entered last.
        return {row.person_id: _PEOPLE.read(row, **row.facts) for row in rows}

    def add_evidence(
        self,
        sha256: str,
        revocation_id: str,
        file_name: str,
        byte_size: int,
        at: datetime,
    ) -> None:
        """Say that a file of the vault belongs to a case; once is enough."""
        known = select(EvidenceRow.id).where(
            EvidenceRow.sha256 == sha256, EvidenceRow.revocation_id == revocation_id
        )
        if self._session.exec(known).first() is None:
            self._add(
                EvidenceRow(
                    sha256=sha256,
                    revocation_id=revocation_id,
                    file_name=file_name,
                    byte_size=byte_size,
                    added_at=at,
                )
            )

    def evidence_of(self, revocation_id: str) -> list[tuple[str, str, int, datetime]]:
        """Return SHA-256, file name, bytes and moment of each file of a case, oldest first."""
        query = select(
            EvidenceRow.sha256, EvidenceRow.file_name, EvidenceRow.byte_size, EvidenceRow.added_at
        ).where(EvidenceRow.revocation_id == revocation_id)
        return [
            (sha256, name, size, at)
            for sha256, name, size, at in self._session.exec(query.order_by(col(EvidenceRow.id)))
        ]

    def person_of(self, revocation_id: str) -> str:
        """Return the id of the person that a case is of."""
        query = select(RevocationRow.person_id).where(RevocationRow.id == revocation_id)
        return self._session.exec(query).one()

    def cases_of_evidence(self, beginning: str) -> list[int]:
        """Return the numbers of the cases that a writing belongs to, by how its names begin."""
        query = (
            select(RevocationRow.number)
            .join(EvidenceRow, col(EvidenceRow.revocation_id) == col(RevocationRow.id))
            .where(col(EvidenceRow.sha256).startswith(beginning))
        )
        return sorted(self._session.exec(query))

    def names(self) -> list[tuple[int, str]]:
        """Return the number of each case with the name of its person as it is right now."""
        last = (
            select(PersonEventRow.person_id, func.max(PersonEventRow.place).label("place"))
            .group_by(col(PersonEventRow.person_id))
            .subquery()
        )
        query = (
            select(RevocationRow.number, PersonEventRow.name)
            .join(PersonEventRow, col(PersonEventRow.person_id) == col(RevocationRow.person_id))
            .join(
                last,
                (last.c.person_id == col(PersonEventRow.person_id))
                & (last.c.place == col(PersonEventRow.place)),
            )
            .order_by(col(RevocationRow.number))
        )
        return [(number, name or "") for number, name in self._session.exec(query)]

    def erase_templates(self, ids: Collection[str]) -> list[tuple[str, str]]:
        """Remove reference faces; see `consent.cases.erase`, which alone does it.

        Returns template and model of each encoding that goes with them, damaged ones too.
        """
        meant = col(TemplateEncodingRow.template_id).in_(ids)
        encoded = select(TemplateEncodingRow.template_id, TemplateEncodingRow.model_id)
        gone = [(own, model) for own, model in self._session.exec(encoded.where(meant))]
        self._session.exec(delete(TemplateEncodingRow).where(meant))
        self._session.exec(delete(TemplateRow).where(col(TemplateRow.id).in_(ids)))
        return gone

    def add_template(self, template: Template) -> None:
        """Add a reference face."""
        self._add(_TEMPLATES.row(template))
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

    def count_templates(self) -> int:
        """Return how many templates there are."""
        return self._session.exec(select(func.count()).select_from(TemplateRow)).one()

    def template_ids(self) -> list[str]:
        """Return the ids of all reference faces."""
        return list(self._session.exec(select(TemplateRow.id)))

    def encoded_by(self) -> set[str]:
        """Return the ids of the models that some reference face is encoded by."""
        return set(self._session.exec(select(TemplateEncodingRow.model_id).distinct()))

    def owners(self, template_ids: Collection[str]) -> set[str]:
        """Return the ids of the cases that some reference faces are of."""
        query = select(TemplateRow.revocation_id).where(col(TemplateRow.id).in_(template_ids))
        return set(self._session.exec(query.distinct()))

    def newest_references(self) -> dict[str, datetime]:
        """Return by case when its newest reference face was added."""
        query = select(TemplateRow.revocation_id, func.max(TemplateRow.added_at))
        rows = self._session.exec(query.group_by(col(TemplateRow.revocation_id)))
        return dict(rows.all())

    def templates(self, revocation_id: str | None = None) -> list[Template]:
        """Return the reference faces of one case, or of all."""
        query = _TEMPLATES.select().order_by(col(TemplateRow.added_at), col(TemplateRow.id))
        # As plain rows: there are tens of thousands.
        vectors = select(
            TemplateEncodingRow.template_id,
            TemplateEncodingRow.model_id,
            TemplateEncodingRow.vector,
        )
        if revocation_id is not None:
            query = query.where(col(TemplateRow.revocation_id) == revocation_id)
            vectors = vectors.join(TemplateRow).where(TemplateRow.revocation_id == revocation_id)
        packed: dict[str, dict[str, bytes]] = defaultdict(dict)
        for template_id, model_id, kept in self._session.execute(vectors):
            packed[model_id][template_id] = kept
        encodings: dict[str, dict[str, Vector]] = defaultdict(dict)
        for model_id, of_model in packed.items():
            for template_id, vector in zip(
                of_model, unpacked(model_id, list(of_model.values())), strict=True
            ):
                if vector is None:
                    self.unsound.add(template_id)
                else:
                    encodings[template_id][model_id] = vector
        return [
            _TEMPLATES.read(row, encodings=encodings[row.id])
            for row in self._session.execute(query)
        ]
