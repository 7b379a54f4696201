"""What people decided in the database: sightings, looks, consents, overrides; and clearances."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON
from sqlmodel import Field, Session, SQLModel, col, select

from consent.domain.actors import Actor, Role
from consent.domain.channels import ChannelKind
from consent.domain.decisions import (
    DecisionState,
    FaceLook,
    Override,
    OverrideStep,
    PersonDecision,
    VerbalConsent,
)
from consent.domain.verdicts import Verdict
from media_index.storage.tables import UtcDateTime
from media_index.types import Box

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from consent.domain.verdicts import Clearance


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
    note: str = ""
    wearing: str = ""


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


class OverrideRow(SQLModel, table=True):
    """A decision to use a photo although something speaks against it."""

    __tablename__ = "override"

    id: str = Field(primary_key=True, max_length=32)
    photo_sha256: str = Field(index=True, max_length=64)
    channel: str = Field(max_length=64)
    publication: str | None = None
    lifts: list[list[str | None]] = Field(sa_type=JSON)
    reason: str
    expires_on: date
    needs_second: bool
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)


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
    note: str = ""
    channels: list[str] = Field(default_factory=list, sa_type=JSON)
    name: str = ""
    guardian: str = ""
    same_as: str | None = Field(default=None, max_length=32)
    at: datetime = Field(sa_type=UtcDateTime)


class ClearanceRow(SQLModel, table=True):
    """A verdict as it was given."""

    __tablename__ = "clearance"

    id: int | None = Field(default=None, primary_key=True)
    photo_sha256: str | None = Field(default=None, index=True, max_length=64)
    path: str
    channel: str = Field(max_length=64)
    publication: str | None = None
    verdict: str = Field(max_length=16)
    reasons: list[dict[str, Any]] = Field(sa_type=JSON)
    register_version: int = Field(index=True)
    policy_version: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    actor_id: str
    actor_role: str = Field(max_length=32)


@dataclass(frozen=True, slots=True)
class Check:
    """That a photo was checked for a use."""

    photo_sha256: str
    channel: str
    publication: str | None
    verdict: Verdict
    at: datetime


class Decisions:
    """Sightings, looks, verbal consents, overrides and clearances."""

    def __init__(self, session: Session) -> None:
        """Work inside the session's transaction."""
        self._session = session

    def add_sighting(self, sighting: PersonDecision) -> None:
        """Append a decision."""
        self._session.add(
            SightingRow(
                photo_sha256=sighting.photo_sha256,
                revocation_id=sighting.revocation_id,
                **_corners(sighting.box),
                state=sighting.state.value,
                at=sighting.at,
                actor_id=sighting.actor.id,
                actor_role=sighting.actor.role.value,
                note=sighting.note,
                wearing=sighting.wearing,
            ),
        )

    def sightings(self) -> list[PersonDecision]:
        """Return every decision, oldest first."""
        rows = self._session.exec(select(SightingRow).order_by(col(SightingRow.id)))
        return [
            PersonDecision(
                photo_sha256=row.photo_sha256,
                revocation_id=row.revocation_id,
                box=_box(row),
                state=DecisionState(row.state),
                at=row.at,
                actor=Actor(row.actor_id, Role(row.actor_role)),
                note=row.note,
                wearing=row.wearing,
            )
            for row in rows
        ]

    def add_consent(self, consent: VerbalConsent, at: datetime) -> None:
        """Append an answer."""
        self._session.add(
            VerbalConsentRow(
                id=consent.id,
                asked_by=consent.asked_by,
                asked_on=consent.asked_on,
                given=consent.given,
                kinds=sorted(kind.value for kind in consent.kinds),
                photo_sha256=consent.photo_sha256,
                **_corners(consent.box),
                event_id=consent.event_id,
                expires_on=consent.expires_on,
                note=consent.note,
                channels=sorted(consent.channels),
                name=consent.name,
                guardian=consent.guardian,
                same_as=consent.same_as,
                at=at,
            ),
        )

    def consents(self) -> list[VerbalConsent]:
        """Return every answer, oldest first."""
        rows = self._session.exec(select(VerbalConsentRow).order_by(col(VerbalConsentRow.at)))
        return [
            VerbalConsent(
                id=row.id,
                asked_by=row.asked_by,
                asked_on=row.asked_on,
                given=row.given,
                kinds=frozenset(ChannelKind(kind) for kind in row.kinds),
                photo_sha256=row.photo_sha256,
                box=_box(row),
                event_id=row.event_id,
                expires_on=row.expires_on,
                note=row.note,
                channels=frozenset(row.channels),
                name=row.name,
                guardian=row.guardian,
                same_as=row.same_as,
            )
            for row in rows
        ]

    def add_look(self, look: FaceLook) -> None:
        """Append a look at a face."""
        self._session.add(
            FaceLookRow(
                photo_sha256=look.photo_sha256,
                x1=look.box.x1,
                y1=look.box.y1,
                x2=look.box.x2,
                y2=look.box.y2,
                at=look.at,
                actor_id=look.actor.id,
                actor_role=look.actor.role.value,
                taken_back=look.taken_back,
            ),
        )

    def looks(self) -> list[FaceLook]:
        """Return every look at a face, oldest first."""
        rows = self._session.exec(select(FaceLookRow).order_by(col(FaceLookRow.id)))
        return [
            FaceLook(
                row.photo_sha256,
                Box(row.x1, row.y1, row.x2, row.y2),
                row.at,
                Actor(row.actor_id, Role(row.actor_role)),
                row.taken_back,
            )
            for row in rows
        ]

    def add_override(self, override: Override) -> None:
        """Append an override as it was asked for."""
        self._session.add(
            OverrideRow(
                id=override.id,
                photo_sha256=override.photo_sha256,
                channel=override.channel,
                publication=override.issue,
                lifts=sorted(
                    ([code, case] for code, case in override.lifts),
                    key=lambda pair: (pair[0] or "", pair[1] or ""),
                ),
                reason=override.reason,
                expires_on=override.expires_on,
                needs_second=override.needs_second,
                at=override.at,
                actor_id=override.granted_by.id,
                actor_role=override.granted_by.role.value,
            ),
        )

    def add_override_step(
        self, override_id: str, step: OverrideStep, at: datetime, actor: Actor, reason: str = ""
    ) -> None:
        """Append what happened to an override."""
        self._session.add(
            OverrideStepRow(
                override_id=override_id,
                step=step.value,
                at=at,
                actor_id=actor.id,
                actor_role=actor.role.value,
                reason=reason,
            ),
        )

    def overrides(self) -> list[Override]:
        """Return every override as it stands, oldest first."""
        steps: dict[str, list[OverrideStepRow]] = defaultdict(list)
        for step in self._session.exec(select(OverrideStepRow).order_by(col(OverrideStepRow.id))):
            steps[step.override_id].append(step)
        rows = self._session.exec(select(OverrideRow).order_by(col(OverrideRow.at)))
        return [_override(row, steps[row.id]) for row in rows]

    def add_clearances(
        self,
        clearances: Sequence[Clearance],
        reasons: Callable[[Clearance], list[dict[str, object]]],
    ) -> None:
        """Append verdicts as they were given.

        Args:
            clearances: what was decided.
            reasons: gives the reasons as plain data.
        """
        self._session.add_all(
            ClearanceRow(
                photo_sha256=given.sha256,
                path=given.path,
                channel=given.use.channel.id,
                publication=given.use.issue,
                verdict=given.decision.verdict.value,
                reasons=reasons(given),
                register_version=given.register_version,
                policy_version=given.policy_version,
                at=given.at,
                actor_id=given.actor.id,
                actor_role=given.actor.role.value,
            )
            for given in clearances
        )

    def checked_since(self, moment: datetime) -> list[Check]:
        """Return the last check of each (photo, use) since a moment, the newest first."""
        rows = self._session.exec(
            select(ClearanceRow)
            .where(col(ClearanceRow.at) >= moment)
            .order_by(col(ClearanceRow.id).desc())
        )
        last: dict[tuple[str, str, str | None], Check] = {}
        for row in rows:
            if row.photo_sha256 is not None:
                use = row.photo_sha256, row.channel, row.publication
                last.setdefault(use, Check(*use, Verdict(row.verdict), row.at))
        return list(last.values())


def _override(row: OverrideRow, steps: Sequence[OverrideStepRow]) -> Override:
    seconded = next((one for one in steps if one.step == OverrideStep.SECONDED), None)
    return Override(
        id=row.id,
        photo_sha256=row.photo_sha256,
        channel=row.channel,
        issue=row.publication,
        lifts=frozenset((str(code), case) for code, case in row.lifts),
        reason=row.reason,
        expires_on=row.expires_on,
        granted_by=Actor(row.actor_id, Role(row.actor_role)),
        at=row.at,
        needs_second=row.needs_second,
        second=None if seconded is None else Actor(seconded.actor_id, Role(seconded.actor_role)),
        withdrawn=any(one.step == OverrideStep.WITHDRAWN for one in steps),
    )


def _corners(box: Box | None) -> dict[str, Any]:
    if box is None:
        return {}
    return {"x1": box.x1, "y1": box.y1, "x2": box.x2, "y2": box.y2}


def _box(row: SightingRow | VerbalConsentRow) -> Box | None:
    if row.x1 is None or row.y1 is None or row.x2 is None or row.y2 is None:
        return None
    return Box(row.x1, row.y1, row.x2, row.y2)
