"""A person decides whether a photo shows somebody of the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consent.audit_log import Action
from consent.domain import Sighting, SightingState
from consent.errors import NotFoundError
from consent.revocations import find_revocation

if TYPE_CHECKING:
    from consent.domain import Actor
    from consent.services import Services
    from media_index.types import Box


def decide_sighting(
    services: Services,
    label: str,
    photo_sha256: str,
    box: Box | None,
    state: SightingState,
    actor: Actor,
    note: str = "",
) -> Sighting:
    """Keep a decision on (face or photo, revocation); an earlier one stays in the history.

    Args:
        services: adapters.
        label: of the case, R-0042.
        photo_sha256: the photo.
        box: the face; None for the photo as a whole.
        state: what was decided.
        actor: who decided.
        note: in words.

    Raises:
        NotFoundError: no such case, or the photo is not in the index.
    """
    with services.writing() as unit:
        case = find_revocation(unit, label)
        if not unit.photos.known([photo_sha256]):
            message = f"The photo {photo_sha256[:12]}... is not in the index: index it first."
            raise NotFoundError(message)
        sighting = Sighting(photo_sha256, case.id, box, state, services.now(), actor, note)
        unit.decisions.add_sighting(sighting)
        unit.audit.append(
            Action.SIGHTING_DECIDED,
            case.id,
            actor,
            services.now(),
            {"photo": photo_sha256, "state": state.value},
        )
        unit.commit()
    return sighting
