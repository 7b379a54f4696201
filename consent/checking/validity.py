"""How long a verdict holds: until the register or the policy changes, also by a day that comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime

    from consent.services import Services
    from consent.storage.unit_of_work import UnitOfWork


def still_holds(
    services: Services,
    unit: UnitOfWork,
    *,
    register_version: int,
    policy_version: str,
    at: datetime,
) -> bool:
    """Say whether a verdict would be made from the same register and policy today."""
    same = unit.audit.register_version() == register_version
    if not same or services.policy.version != policy_version:
        return False
    return not changed_between(unit, services.day(at), services.today())


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
        or any(one.in_force(then) != one.in_force(today) for one in unit.decisions.overrides())
        or any(
            one.expires_on is not None and then <= one.expires_on < today
            for one in unit.decisions.consents()
        )
    )
