"""What people decided in the database: people, looks, consents, overrides; and clearances."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Text, cast, delete, func, or_
from sqlmodel import Field, SQLModel, col, select

from consent.domain.actors import Actor
from consent.domain.decisions import (
    ConsentCorrection,
    FaceDecision,
    FaceLook,
    Override,
    OverrideStep,
    PersonDecision,
    VerbalConsent,
)
from consent.domain.verdicts import Clearance, ReasonCode, Verdict
from consent.storage.sealed import SealedText, seal_rows
from media_index.storage.columns import Columns, Store
from media_index.storage.contents import in_chunks
from media_index.storage.tables import UtcDateTime


class SightingRow(SQLModel, table=True):
    """A decision on (face or photo, revocation).

    Keyed by the photo's bytes and the place in it, not by a row of the index, so that it
    survives re-indexing.
    """

    __tablename__ = "sighting"

    id: int | None = Field(default=None, primary_key=True)
    photo_sha256: str = Field(index=True, max_length=64)
    revocation_id: str = Field(foreign_key="revocation.id", index=True, max_length=32)
    x1: int | None = None
    y1: int | None = None
    x2: int | None = None
    y2: int | None = None
    state: str = Field(max_length=16)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    note: str = Field(default="", sa_type=SealedText("sighting.note"))
    wearing: str = Field(default="", sa_type=SealedText("sighting.wearing"))


class FaceLookRow(SQLModel, table=True):
    """Somebody looked at a face that cannot be compared, and found nobody of the register."""

    __tablename__ = "face_look"

    id: int | None = Field(default=None, primary_key=True)
    photo_sha256: str = Field(index=True, max_length=64)
    x1: int
    y1: int
    x2: int
    y2: int
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    taken_back: bool = False


class FaceDecisionRow(SQLModel, table=True):
    """Somebody said what a face is of: a person, a picture of one, or no person."""

    __tablename__ = "face_decision"

    id: int | None = Field(default=None, primary_key=True)
    photo_sha256: str = Field(index=True, max_length=64)
    x1: int
    y1: int
    x2: int
    y2: int
    kind: str = Field(max_length=16)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    note: str = ""
    despite: list[str] = Field(default_factory=list, sa_type=JSON)


class OverrideRow(SQLModel, table=True):
    """A decision to use a photo although something speaks against it."""

    __tablename__ = "override"

    id: str = Field(primary_key=True, max_length=32)
    photo_sha256: str = Field(index=True, max_length=64)
    channel: str = Field(max_length=64)
    issue: str | None = Field(default=None, sa_column_kwargs={"name": "publication"})
    lifts: list[list[str | None]] = Field(sa_type=JSON)
    reason: str
    expires_on: date
    needs_second: bool
    at: datetime = Field(sa_type=UtcDateTime)
    granted_by_id: str = Field(sa_column_kwargs={"name": "actor_id"})
    granted_by_role: str = Field(max_length=32, sa_column_kwargs={"name": "actor_role"})


class OverrideStepRow(SQLModel, table=True):
    """What happened to an override afterwards: seconded, withdrawn."""

    __tablename__ = "override_step"

    id: int | None = Field(default=None, primary_key=True)
    override_id: str = Field(foreign_key="override.id", index=True, max_length=32)
    step: str = Field(max_length=16)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    reason: str = ""


class VerbalConsentRow(SQLModel, table=True):
    """Asked and answered by word of mouth."""

    __tablename__ = "verbal_consent"

    id: str = Field(primary_key=True, max_length=32)
    asked_by: str
    asked_on: date
    given: bool
    kinds: list[str] = Field(sa_type=JSON)
    photo_sha256: str | None = Field(default=None, index=True, max_length=64)
    x1: int | None = None
    y1: int | None = None
    x2: int | None = None
    y2: int | None = None
    event_id: str | None = Field(default=None, foreign_key="event.id", index=True)
    expires_on: date | None = None
    note: str = Field(default="", sa_type=SealedText("verbal_consent.note"))
    channels: list[str] = Field(default_factory=list, sa_type=JSON)
    name: str = Field(default="", sa_type=SealedText("verbal_consent.name"))
    guardian: str = Field(default="", sa_type=SealedText("verbal_consent.guardian"))
    same_as: str | None = Field(default=None, max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)


class ConsentCorrectionRow(SQLModel, table=True):
    """An answer was entered by mistake."""

    __tablename__ = "verbal_consent_correction"

    consent_id: str = Field(primary_key=True, foreign_key="verbal_consent.id", max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)
    reason: str


class ClearanceRow(SQLModel, table=True):
    """A verdict as it was given."""

    __tablename__ = "clearance"

    id: int | None = Field(default=None, primary_key=True)
    photo_sha256: str | None = Field(default=None, index=True, max_length=64)
    path: str
    channel: str = Field(max_length=64)
    issue: str | None = Field(default=None, sa_column_kwargs={"name": "publication"})
    verdict: str = Field(max_length=16)
    reasons: list[dict[str, Any]] = Field(sa_type=JSON)
    register_version: int = Field(index=True)
    policy_version: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor_id: str
    actor_role: str = Field(max_length=32)


for _kind in (SightingRow, VerbalConsentRow):
    seal_rows(_kind)


@dataclass(frozen=True, slots=True)
class Check:
    """That a photo was checked for a use."""

    photo_sha256: str
    channel: str
    issue: str | None
    verdict: Verdict
    at: datetime


# Of which photo it is a copy is known again from the photo.
_SIGHTINGS = Columns(PersonDecision, SightingRow, apart=("carried_from",))
_LOOKS = Columns(FaceLook, FaceLookRow)
_FACES = Columns(FaceDecision, FaceDecisionRow, apart=("carried_from",))
_CONSENTS = Columns(VerbalConsent, VerbalConsentRow)
_CORRECTIONS = Columns(ConsentCorrection, ConsentCorrectionRow)
_OVERRIDES = Columns(Override, OverrideRow, apart=("second", "withdrawn"))
_ANSWERABLE = Columns(Actor, OverrideStepRow, id="actor_id", role="actor_role")
_CLEARANCES = Columns(
    Clearance, ClearanceRow, apart=("use", "decision", "faces"), sha256="photo_sha256"
)
_CHECKS = Columns(Check, ClearanceRow)


class Decisions(Store):
    """Who is in a photo, looks, verbal consents, overrides and clearances."""

    def add_person_decision(self, decision: PersonDecision) -> None:
        """Append a decision."""
        self._add(_SIGHTINGS.row(decision))

    def person_decisions(
        self,
        *,
        photos: Collection[str] | None = None,
        cases: Collection[str] | None = None,
    ) -> list[PersonDecision]:
        """Return every decision, or those on some photos or about some cases; oldest first."""
        query = _SIGHTINGS.select().order_by(col(SightingRow.id))
        if photos is None and cases is None:
            return self._read(_SIGHTINGS, query)
        meant = or_(
            col(SightingRow.photo_sha256).in_(sorted(photos or ())),
            col(SightingRow.revocation_id).in_(sorted(cases or ())),
        )
        return self._read(_SIGHTINGS, query.where(meant))

    def add_consent(self, consent: VerbalConsent, at: datetime) -> None:
        """Append an answer."""
        self._add(_CONSENTS.row(consent, at=at))

    def consents(self) -> list[VerbalConsent]:
        """Return every answer that counts, oldest first: without those entered by mistake."""
        mistaken = select(ConsentCorrectionRow.consent_id)
        query = _CONSENTS.select().where(col(VerbalConsentRow.id).not_in(mistaken))
        return self._read(_CONSENTS, query.order_by(col(VerbalConsentRow.at)))

    def known_consents(self, ids: Sequence[str]) -> set[str]:
        """Return which answers were entered already, whatever became of them."""
        return {
            found
            for chunk in in_chunks(ids)
            for found in self._session.exec(
                select(VerbalConsentRow.id).where(col(VerbalConsentRow.id).in_(chunk))
            )
        }

    def take_back_consent(self, correction: ConsentCorrection) -> None:
        """Append that an answer was entered by mistake."""
        self._add(_CORRECTIONS.row(correction))

    def consent_corrections(self) -> list[ConsentCorrection]:
        """Return which answers were entered by mistake, oldest first."""
        return self._read(
            _CORRECTIONS, _CORRECTIONS.select().order_by(col(ConsentCorrectionRow.at))
        )

    def add_look(self, look: FaceLook) -> None:
        """Append a look at a face."""
        self._add(_LOOKS.row(look))

    def looks(self) -> list[FaceLook]:
        """Return every look at a face, oldest first."""
        return self._read(_LOOKS, _LOOKS.select().order_by(col(FaceLookRow.id)))

    def add_face_decision(self, decision: FaceDecision) -> None:
        """Append what a face is of."""
        self._add(_FACES.row(decision))

    def face_decisions(self) -> list[FaceDecision]:
        """Return everything that was said of what faces are of, oldest first."""
        return self._read(_FACES, _FACES.select().order_by(col(FaceDecisionRow.id)))

    def add_override(self, override: Override) -> None:
        """Append an override as it was asked for."""
        self._add(_OVERRIDES.row(override))

    def add_override_step(
        self, override_id: str, step: OverrideStep, at: datetime, actor: Actor, reason: str = ""
    ) -> None:
        """Append what happened to an override."""
        self._add(
            _ANSWERABLE.row(actor, override_id=override_id, step=step.value, at=at, reason=reason)
        )

    def overrides(self) -> list[Override]:
        """Return every override as it stands, oldest first."""
        steps = _ANSWERABLE.select(OverrideStepRow.override_id, OverrideStepRow.step)
        seconds: dict[str, Actor] = {}
        withdrawn: set[str] = set()
        for row in self._session.execute(steps.order_by(col(OverrideStepRow.id))):
            if row.step == OverrideStep.SECONDED:
                seconds.setdefault(row.override_id, _ANSWERABLE.read(row))
            elif row.step == OverrideStep.WITHDRAWN:
                withdrawn.add(row.override_id)
        rows = self._session.execute(_OVERRIDES.select().order_by(col(OverrideRow.at)))
        return [
            _OVERRIDES.read(row, second=seconds.get(row.id), withdrawn=row.id in withdrawn)
            for row in rows
        ]

    def add_clearances(
        self,
        clearances: Sequence[Clearance],
        reasons: Callable[[Clearance], list[dict[str, object]]],
    ) -> None:
        """Append verdicts as they were given, with the reasons as plain data."""
        self._add(
            *(
                _CLEARANCES.row(
                    given,
                    channel=given.use.channel.id,
                    issue=given.use.issue,
                    verdict=given.decision.verdict.value,
                    reasons=reasons(given),
                )
                for given in clearances
            )
        )

    def checked_since(self, moment: datetime, photos: Collection[str] | None = None) -> list[Check]:
        """Return the last check of each (photo, use) since a moment, the newest first.

        Of some photos, or of all by default.
        """
        query = (
            _CHECKS.select()
            .where(col(ClearanceRow.at) >= moment, col(ClearanceRow.photo_sha256).is_not(None))
            .order_by(col(ClearanceRow.id).desc())
        )
        queries = (
            [query]
            if photos is None
            else [
                query.where(col(ClearanceRow.photo_sha256).in_(chunk))
                for chunk in in_chunks(sorted(photos))
            ]
        )
        last: dict[tuple[str, str, str | None], Check] = {}
        for query in queries:
            for check in self._read(_CHECKS, query):
                last.setdefault((check.photo_sha256, check.channel, check.issue), check)
        return list(last.values())

    def checked_with_nobody(self, moment: datetime) -> set[Check]:
        """Return the checks since a moment that cleared a photo while the register was empty."""
        said = cast(col(ClearanceRow.reasons), Text)
        query = _CHECKS.select().where(
            col(ClearanceRow.at) >= moment,
            col(ClearanceRow.photo_sha256).is_not(None),
            col(ClearanceRow.verdict) == Verdict.CLEAR.value,
            said.contains(ReasonCode.NOTHING_TO_COMPARE.value),
        )
        return set(self._read(_CHECKS, query))

    def clearances_of(self, photos: Collection[str]) -> list[int]:
        """Return the ids of the verdicts that were given on photos."""
        found: list[int] = []
        for chunk in in_chunks(sorted(photos)):
            query = select(ClearanceRow.id).where(col(ClearanceRow.photo_sha256).in_(chunk))
            found += [row for row in self._session.exec(query) if row is not None]
        return found

    def count_clearances_naming(self, label: str) -> int:
        """Return how many verdicts have a reason that names a case."""
        named = cast(col(ClearanceRow.reasons), Text).contains(f'"{label}"')
        return self._session.exec(select(func.count()).where(named)).one()

    def clearances_before(self, moment: datetime) -> list[int]:
        """Return the ids of the verdicts that were given before a moment."""
        query = select(ClearanceRow.id).where(col(ClearanceRow.at) < moment)
        return [row for row in self._session.exec(query) if row is not None]

    def remove_clearances(self, ids: Sequence[int]) -> None:
        """Remove verdicts; the log is told by whoever asks."""
        for chunk in in_chunks(ids):
            self._session.exec(delete(ClearanceRow).where(col(ClearanceRow.id).in_(chunk)))

    def last_check(self) -> int:
        """Return the highest id of a check; 0 if there is none."""
        return self._session.exec(select(func.max(ClearanceRow.id))).one() or 0

    def checked_above(self, check: int) -> set[str]:
        """Return the photos of the checks with a higher id."""
        query = select(ClearanceRow.photo_sha256).where(
            col(ClearanceRow.id) > check, col(ClearanceRow.photo_sha256).is_not(None)
        )
        return {sha256 for sha256 in self._session.exec(query.distinct()) if sha256 is not None}

    def flagged_since(self, moment: datetime) -> set[str]:
        """Return the photos of which a check since a moment, not only the last, found anything."""
        query = select(ClearanceRow.photo_sha256).where(
            col(ClearanceRow.at) >= moment,
            col(ClearanceRow.photo_sha256).is_not(None),
            col(ClearanceRow.verdict) != Verdict.CLEAR.value,
        )
        return {sha256 for sha256 in self._session.exec(query.distinct()) if sha256 is not None}
