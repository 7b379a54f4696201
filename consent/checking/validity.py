"""How long a verdict holds: until the register or the policy changes, also by a day that comes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

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
    same = unit.audit.register_version() == judged.register_version
    if not same or services.policy.version != judged.policy_version:
        return False
    return not changed_between(unit, services.day(judged.at), services.today())


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
