"""Legal holds and disposals in the database, and what is left of a destroyed case there."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, delete, text, update
from sqlmodel import Field, SQLModel, col, select

from consent.domain.cases import Revocation
from consent.domain.retention import Disposal, DisposalEvent, DisposalStep, LegalHold
from consent.domain.terms import Requester, Submission, Terms
from consent.storage.cases import EvidenceRow, PersonEventRow, RevocationEventRow, TemplateRow
from consent.storage.decisions import SightingRow, VerbalConsentRow
from consent.storage.log import AuditTrail
from consent.storage.named import NamedPhotoRow
from consent.storage.takedowns import AppealRow, AppealStepRow, TakedownEventRow, TakedownRow
from media_index.storage.columns import Columns, Store
from media_index.storage.tables import UtcDateTime, Wide


class LegalHoldRow(SQLModel, table=True):
    """A case must be kept whatever the schedule says, or no longer must."""

    __tablename__ = "legal_hold"

    id: int | None = Field(default=None, primary_key=True)
    revocation_id: str = Field(foreign_key="revocation.id", index=True, max_length=32)
    step: str = Field(max_length=16)
    matter: str
    ordered_by: str
    reason: str
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)


class DisposalRow(SQLModel, table=True):
    """Cases that are destroyed together; how far it came is in its steps."""

    __tablename__ = "disposal"

    id: str = Field(primary_key=True, max_length=32)
    number: int = Field(unique=True)
    series: str
    revocation_ids: list[str] = Field(sa_type=JSON)
    first_day: date
    last_day: date
    volume_bytes: int = Field(sa_type=Wide)


class DisposalStepRow(SQLModel, table=True):
    """A step of a disposal."""

    __tablename__ = "disposal_step"

    id: int | None = Field(default=None, primary_key=True)
    disposal_id: str = Field(foreign_key="disposal.id", index=True, max_length=32)
    step: str = Field(max_length=16)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    note: str = ""
    digest: str = Field(default="", max_length=64)


_HOLDS = Columns(LegalHold, LegalHoldRow)
_DISPOSALS = Columns(Disposal, DisposalRow, apart=("history",))
_STEPS = Columns(DisposalEvent, DisposalStepRow)
# What is left where a file's name was: nothing says what it held.
_DESTROYED = "destroyed-{}"


class Retention(Store):
    """Holds, disposals, and destruction."""

    def add_hold(self, hold: LegalHold) -> None:
        """Append that a case is held, or no longer."""
        self._add(_HOLDS.row(hold))

    def holds(self) -> list[LegalHold]:
        """Return every step of every hold, oldest first."""
        return self._read(_HOLDS, _HOLDS.select().order_by(col(LegalHoldRow.id)))

    def next_number(self) -> int:
        """Return the next free number of a disposal."""
        return self._next(DisposalRow.number)

    def add_disposal(self, disposal: Disposal) -> None:
        """Add a disposal with its first steps."""
        self._add(_DISPOSALS.row(disposal))
        for step in disposal.history:
            self.append(step)

    def append(self, step: DisposalEvent) -> None:
        """Append a step."""
        self._add(_STEPS.row(step))

    def disposals(self) -> list[Disposal]:
        """Return all, by number."""
        steps = self._read_by(DisposalStepRow.disposal_id, _STEPS)
        rows = self._session.execute(_DISPOSALS.select().order_by(col(DisposalRow.number)))
        return [_DISPOSALS.read(row, history=tuple(steps[row.id])) for row in rows]

    def destroyed(self) -> dict[str, Disposal]:
        """Return by which disposal each case was destroyed, by its id."""
        return {
            case_id: disposal
            for disposal in self.disposals()
            if disposal.state is DisposalStep.DESTROYED
            for case_id in disposal.revocation_ids
        }

    def appeals_of(self, revocation_id: str) -> list[str]:
        """Return the ids of the appeals about takedowns of a case."""
        query = (
            select(AppealRow.id)
            .join(TakedownRow, col(AppealRow.takedown_id) == col(TakedownRow.id))
            .where(TakedownRow.revocation_id == revocation_id)
        )
        return sorted(self._session.exec(query))

    def files_of(self, revocation_id: str) -> list[tuple[str, int]]:
        """Return the files of the vault that go with a case, with their bytes where known."""
        evidence = select(EvidenceRow.sha256, EvidenceRow.byte_size).where(
            EvidenceRow.revocation_id == revocation_id
        )
        found = [
            (name, size)
            for name, size in self._session.exec(evidence)
            if not name.startswith("destroyed-")
        ]
        taken = select(TakedownEventRow.proof, TakedownEventRow.kept_copy).join(TakedownRow)
        for names in self._session.exec(taken.where(TakedownRow.revocation_id == revocation_id)):
            found += [(name, 0) for name in names if name]
        stated = select(AppealRow.statement).where(
            col(AppealRow.id).in_(self.appeals_of(revocation_id))
        )
        return sorted({*found, *((name, 0) for name in self._session.exec(stated) if name)})

    def names_in_vault(self, names: Collection[str]) -> set[str]:
        """Return those of some files of the vault that belong to anything."""
        columns = (
            EvidenceRow.sha256,
            TemplateRow.crop,
            TakedownEventRow.proof,
            TakedownEventRow.kept_copy,
            AppealRow.statement,
        )
        return {
            name
            for column in columns
            for name in self._session.exec(select(column).where(col(column).in_(names)))
            if name
        }

    def digest_of(self, cases: Sequence[Revocation]) -> str:
        """Return the digest of the files and rows that go with cases."""
        lines = []
        for case in cases:
            lines += [f"{case.label} {name} {size}" for name, size in self.files_of(case.id)]
            steps = text("SELECT id, terms FROM revocation_event WHERE revocation_id = :id")
            lines += [
                f"{case.label} step {key} {terms}"
                for key, terms in self._session.execute(steps, {"id": case.id})
            ]
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()

    def destroy_case(
        self, case: Revocation, trail: AuditTrail, *, until: date | None = None
    ) -> None:
        """Leave number, dates and scope of a case, and no word more.

        `until`: when it ended, where its terms do not say so.
        """
        files = select(EvidenceRow.id).where(EvidenceRow.revocation_id == case.id)
        for key in self._session.exec(files).all():
            blank = {"sha256": _DESTROYED.format(key), "file_name": ""}
            self._blank(EvidenceRow, key, blank, trail)
        columns: list[Any] = [RevocationEventRow.id, RevocationEventRow.terms]
        steps: Any = select(*columns).where(RevocationEventRow.revocation_id == case.id)
        for key, terms in self._session.exec(steps).all():
            left = None if terms is None else _bare(terms)
            if left is not None and until is not None:
                left = replace(left, until=until)
            self._blank(RevocationEventRow, key, {"terms": left, "reason": ""}, trail)
        seen = select(SightingRow.id).where(SightingRow.revocation_id == case.id)
        trail.touched("sighting", [(key,) for key in self._session.exec(seen)])
        self._session.exec(delete(SightingRow).where(col(SightingRow.revocation_id) == case.id))
        named = NamedPhotoRow.revocation_id
        self._session.exec(delete(NamedPhotoRow).where(col(named) == case.id))
        taken = select(TakedownEventRow.id).join(TakedownRow)
        for key in self._session.exec(taken.where(TakedownRow.revocation_id == case.id)).all():
            self._blank(
                TakedownEventRow, key, {"note": "", "proof": None, "kept_copy": None}, trail
            )
        for appeal in self.appeals_of(case.id):
            gone = {"name": "", "contact": "", "about": "", "statement": None, "statement_name": ""}
            self._blank(AppealRow, appeal, gone, trail)
            answers = select(AppealStepRow.id).where(AppealStepRow.appeal_id == appeal)
            for key in self._session.exec(answers).all():
                self._blank(AppealStepRow, key, {"reason": ""}, trail)

    def destroy_person(self, person_id: str, trail: AuditTrail) -> None:
        """Leave that there was a person."""
        entered = select(PersonEventRow.id).where(PersonEventRow.person_id == person_id)
        for key in self._session.exec(entered).all():
            self._blank(PersonEventRow, key, {"name": "", "facts": {}}, trail)

    def forget_copies(self, day: date, trail: AuditTrail) -> list[str]:
        """Forget the copies of what was taken down that were kept until before a day."""
        query = select(TakedownEventRow.id, TakedownEventRow.kept_copy).where(
            col(TakedownEventRow.kept_copy).is_not(None), col(TakedownEventRow.kept_until) < day
        )
        found = self._session.exec(query).all()
        for key, _ in found:
            self._blank(TakedownEventRow, key, {"kept_copy": None}, trail)
        return [name for _, name in found if name]

    def forget_answers(self, day: date, trail: AuditTrail) -> int:
        """Forget who answered by word of mouth before a day; the answers stay."""
        query = select(VerbalConsentRow).where(col(VerbalConsentRow.asked_on) < day)
        old = [row.id for row in self._session.exec(query) if row.name or row.guardian or row.note]
        for key in old:
            self._blank(VerbalConsentRow, key, {"name": "", "guardian": "", "note": ""}, trail)
        return len(old)

    def _blank(
        self, kind: type[SQLModel], key: int | str | None, values: dict[str, Any], trail: AuditTrail
    ) -> None:
        table = SQLModel.metadata.tables[str(kind.__tablename__)]
        self._session.execute(update(table).where(table.c.id == key).values(**values))
        trail.touched(table.name, [(key,)])
        self._session.expire_all()


def _bare(terms: Terms) -> Terms:
    letter = Submission(terms.submission.on, terms.submission.method)
    return replace(
        Terms(terms.scope, letter, Requester(""), terms.effective_from), until=terms.until
    )
