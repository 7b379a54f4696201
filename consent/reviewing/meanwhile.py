"""What became of a pair that somebody had before them while another decided on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consent.domain import SightingState
from consent.matching.comparison import RegisterView
from consent.revocations import find_revocation
from consent.rules import last_on
from consent.wording import DECISIONS

if TYPE_CHECKING:
    from consent.domain import Actor
    from consent.review import Pair
    from consent.services import Services
    from consent.store import UnitOfWork


def decided_meanwhile(services: Services, pair: Pair) -> str:
    """Say who decided on a pair that is not asked about any more, and what.

    Raises:
        NotFoundError: the case is not there.
    """
    with services.reading() as unit:
        found = _look(unit, pair) if pair.label is None else _decision(services, unit, pair)
    if found is None:
        return "That pair is not asked about any more: something else has changed meanwhile."
    actor, words = found
    return f"Decided meanwhile by {actor.id}: {words}."


def _decision(services: Services, unit: UnitOfWork, pair: Pair) -> tuple[Actor, str] | None:
    """Return the last decision on the photo, or on one that it is a copy of."""
    photo = unit.photos.fingerprints([pair.photo_sha256]).get(pair.photo_sha256)
    if photo is None:
        return None
    case = find_revocation(unit, pair.label or "")
    decided = RegisterView(services, unit).decisions_on(photo)
    last = last_on(pair.box, [one for one in decided if one.revocation_id == case.id])
    if last is None or last.state is SightingState.SUGGESTED:
        return None
    return last.actor, DECISIONS[last.state]


def _look(unit: UnitOfWork, pair: Pair) -> tuple[Actor, str] | None:
    """Return who knew nobody of the register in faces that cannot be compared."""
    last = next(
        (
            one
            for one in reversed(unit.decisions.looks())
            if one.photo_sha256 == pair.photo_sha256 and one.box in pair.boxes
        ),
        None,
    )
    return None if last is None or last.taken_back else (last.actor, "nobody of the register")
