"""Sightings, verbal consents and clearances in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlmodel import Session, col, select

from consent.channels import ChannelKind
from consent.domain import Actor, Role, Sighting, SightingState, VerbalConsent
from consent.tables import ClearanceRow, SightingRow, VerbalConsentRow
from media_index.types import Box

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from consent.verdicts import Clearance


class Decisions:
    """Sightings, verbal consents and clearances."""

    def __init__(self, session: Session) -> None:
        """Work inside the session's transaction."""
        self._session = session

    def add_sighting(self, sighting: Sighting) -> None:
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
            ),
        )

    def sightings(self) -> list[Sighting]:
        """Return every decision, oldest first."""
        rows = self._session.exec(select(SightingRow).order_by(col(SightingRow.id)))
        return [
            Sighting(
                photo_sha256=row.photo_sha256,
                revocation_id=row.revocation_id,
                box=_box(row),
                state=SightingState(row.state),
                at=row.at,
                actor=Actor(row.actor_id, Role(row.actor_role)),
                note=row.note,
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
            )
            for row in rows
        ]

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
                publication=given.use.publication,
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


def _corners(box: Box | None) -> dict[str, Any]:
    if box is None:
        return {}
    return {"x1": box.x1, "y1": box.y1, "x2": box.x2, "y2": box.y2}


def _box(row: SightingRow | VerbalConsentRow) -> Box | None:
    if row.x1 is None or row.y1 is None or row.x2 is None or row.y2 is None:
        return None
    return Box(row.x1, row.y1, row.x2, row.y2)
