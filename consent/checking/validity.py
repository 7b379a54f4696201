"""How long a verdict holds: until what it depends on changes, also by a day that comes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol

from consent.domain.log import Action, Entry
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork


class Judged(Protocol):
    """A verdict or an audit, as made at a moment."""

    @property
    def register_version(self) -> int:
        """The register it was made from."""

    @property
    def policy_version(self) -> str:
        """The policy it was made under."""

    @property
    def at(self) -> datetime:
        """The moment."""


def still_holds(services: Services, unit: UnitOfWork, judged: Judged) -> bool:
    """Say whether a verdict would be made from the same register and policy today."""
    return judged_otherwise(services, unit, judged) == frozenset()


def judged_otherwise(services: Services, unit: UnitOfWork, judged: Judged) -> frozenset[str] | None:
    """Return the photos (SHA-256) on which a verdict made then does not hold today; None for all.

    A decision on who is in one photo may change what is said of all others: it lends a face to
    compare with, or takes one away.
    """
    if services.policy.version != judged.policy_version:
        return None
    if changed_between(unit, services.day(judged.at), services.today()):
        return None
    return concerned_since(unit, judged.register_version)


def concerned_since(unit: UnitOfWork, version: int) -> frozenset[str] | None:
    """Return the photos (SHA-256) that changes of the register concern; None for all."""
    concerned: set[str] = set()
    if unit.audit.register_version() == version:
        return frozenset()
    for entry in unit.audit.entries_after(version):
        if not entry.changes_register:
            continue
        photo = _ALONE[entry.action](entry) if entry.action in _ALONE else None
        if photo is None:
            return None
        concerned.add(photo)
    return frozenset(concerned)


def _subject(entry: Entry) -> str | None:
    return entry.subject


def _photo(entry: Entry) -> str | None:
    photo = entry.details.get("photo")
    return None if photo is None else str(photo)


# What concerns one photo alone, and which; neither its copies nor other photos of the people in it.
_ALONE: dict[str, Callable[[Entry], str | None]] = {
    Action.FACE_LOOKED_AT: _subject,
    Action.OVERRIDE_GRANTED: _photo,
    Action.OVERRIDE_WITHDRAWN: _photo,
    # Of a whole event where no photo is named.
    Action.VERBAL_CONSENT_RECORDED: _photo,
    Action.VERBAL_CONSENT_TAKEN_BACK: _photo,
}


def changed_between(unit: UnitOfWork, then: date, today: date) -> bool:
    """Say whether the days since changed what holds, without anybody entering anything.

    Revocations begin, amendments take effect, holds lapse, terms end; overrides and verbal
    consents run out.
    """
    if then == today:
        return False
    return (
        any(
            case.state(then) != case.state(today) or case.terms_on(then) != case.terms_on(today)
            for case in unit.register.revocations()
        )
        or any(
            override.in_force(then) != override.in_force(today)
            for override in unit.decisions.overrides()
        )
        or any(
            consent.expires_on is not None and then <= consent.expires_on < today
            for consent in unit.decisions.consents()
        )
    )
