"""Use a photo although something speaks against it: with a role, a reason, and an end."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from consent.access.second import require_another
from consent.domain.actors import Actor
from consent.domain.channels import Use
from consent.domain.decisions import Override, OverrideStep
from consent.domain.errors import (
    BadInputError,
    ConflictError,
    NotFoundError,
    PhotoNotIndexedError,
)
from consent.domain.log import Action
from consent.domain.override_rules import lift_key
from consent.domain.roles import Duty, for_roles
from consent.domain.verdicts import Decision, ReasonCode, Verdict
from consent.domain.withheld import override_without_reason
from consent.domain.wording import counted, long_day
from consent.matching.register_snapshot import RegisterSnapshot
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork

# Neither is a decision that anybody could answer for: one must be checked, the other looked at.
_NOT_LIFTED = {ReasonCode.UNCOMPARABLE_FACE}


@for_roles(Duty.OVERRIDE)
def propose_override(
    services: Services,
    photo_sha256: str,
    use: Use,
    reason: str,
    expires_on: date,
    actor: Actor,
) -> Override:
    """Override what speaks against a photo for a use today; whatever comes later still counts.

    Where a minor is concerned it holds only once a second person agrees.

    Raises:
        WrongRoleError: the role may not.
        BadInputError: no reason, an impossible term, or something that cannot be overridden.
        ConflictError: nothing speaks against it.
        PhotoNotIndexedError: nothing is known of the photo.
    """
    policy, today = services.policy, services.today()
    if not reason.strip():
        raise BadInputError(
            "Enter why the photo may be used: the reason is kept with the override."
        )
    last = today + timedelta(days=policy.override_days)
    if not today <= expires_on <= last:
        raise BadInputError(
            f"An override lasts at most {counted(policy.override_days, 'day')}: choose a last day "
            f"from {long_day(today)} to {long_day(last)}."
        )
    with services.holding_faces(), services.writing() as unit:
        view = RegisterSnapshot(services, unit)
        decision = _decision(unit, view, photo_sha256, use)
        lifted = {lift_key(reason) for reason in decision.reasons}
        minors = {case.label for case in view.revocations if case.person.minor}
        override = Override(
            id=uuid4().hex,
            photo_sha256=photo_sha256,
            channel=use.channel.id,
            issue=use.issue,
            lifts=frozenset(lifted),
            reason=reason.strip(),
            expires_on=expires_on,
            granted_by=actor,
            at=services.now(),
            needs_second=any(label in minors for _, label in lifted),
        )
        unit.decisions.add_override(override)
        action = Action.OVERRIDE_PROPOSED if override.needs_second else Action.OVERRIDE_GRANTED
        details = {
            "photo": photo_sha256,
            "channel": use.channel.id,
            "lifts": sorted(f"{code} {label or ''}".strip() for code, label in lifted),
            "expires_on": expires_on.isoformat(),
        }
        unit.audit.append(action, override.id, actor, services.now(), details)
        unit.commit()
    return override


@for_roles(Duty.OVERRIDE)
def asked_not_to_be_shown(
    services: Services, photo_sha256: str, use: Use, actor: Actor
) -> list[tuple[str, bool]]:
    """Return whom an override of a photo would concern: each case, and whether of a child.

    Raises as `propose_override` does of the photo.
    """
    del actor
    with services.holding_faces(), services.reading() as unit:
        view = RegisterSnapshot(services, unit)
        decision = _decision(unit, view, photo_sha256, use)
        minors = {case.label for case in view.revocations if case.person.minor}
        labels = dict.fromkeys(reason.revocation for reason in decision.reasons)
        return [(label, label in minors) for label in labels if label is not None]


def _decision(unit: UnitOfWork, view: RegisterSnapshot, photo_sha256: str, use: Use) -> Decision:
    """Return what speaks against a use of a photo, if it can be overridden."""
    photo = unit.photos.with_features([photo_sha256]).get(photo_sha256)
    if photo is None:
        raise PhotoNotIndexedError(photo_sha256)
    events = unit.events.of_photos([photo_sha256]).get(photo_sha256, ())
    posted = [publication.url for publication in unit.publications.all([photo_sha256])]
    decision = view.decide(view.facts(photo, events, posted), use, photo)
    if decision.verdict is Verdict.CLEAR:
        raise ConflictError("This photo has no warning, so there is nothing to override.")
    if any(reason.code in _NOT_LIFTED for reason in decision.reasons):
        raise BadInputError(
            "A face in the photo can't be compared, and that can't be overridden: look at it in "
            "Review, and say whether it is anyone in the register."
        )
    return decision


@for_roles(Duty.SECOND)
def second_override(services: Services, override_id: str, actor: Actor) -> Override:
    """Agree, as the second person, to an override that concerns a minor.

    Raises:
        NotFoundError: there is no such override.
        RefusedError: the role may not, it is the same person, or they have not just shown who they
            are.
        ConflictError: it does not wait for anybody.
    """
    with services.writing() as unit:
        override = _named(unit, override_id)
        if not override.waits_for_second or override.withdrawn:
            raise ConflictError("This override does not wait for a second person.")
        require_another(unit, actor, override.granted_by)
        agreed = _step(services, unit, override, OverrideStep.SECONDED, actor)
    return _as_seen(services, agreed, actor)


@for_roles(Duty.WITHDRAW_OVERRIDE)
def withdraw_override(services: Services, override_id: str, reason: str, actor: Actor) -> Override:
    """Take an override back; from now on the verdict is what it would be without it.

    Raises:
        NotFoundError: there is no such override.
        ConflictError: it was taken back already.
    """
    with services.writing() as unit:
        override = _named(unit, override_id)
        if override.withdrawn:
            raise ConflictError("This override was undone already.")
        taken = _step(services, unit, override, OverrideStep.WITHDRAWN, actor, reason)
    return _as_seen(services, taken, actor)


@for_roles(Duty.READ_OVERRIDES)
def list_overrides(services: Services, actor: Actor) -> list[Override]:
    """Return overrides that hold, or wait for a second person, the newest first.

    Why one was given may name somebody: it is told to roles with names, and to who wrote it.
    """
    today = services.today()
    with services.reading() as unit:
        every = unit.decisions.overrides()
    return [
        _as_seen(services, override, actor)
        for override in reversed(every)
        if not override.withdrawn and today <= override.expires_on
    ]


def _as_seen(services: Services, override: Override, actor: Actor) -> Override:
    if services.policy.sees_names(actor) or actor.is_same_person(override.granted_by):
        return override
    return override_without_reason(override)


def _named(unit: UnitOfWork, override_id: str) -> Override:
    for override in unit.decisions.overrides():
        if override.id == override_id:
            return override
    raise NotFoundError("There is no such override: reload the page.")


def _step(
    services: Services,
    unit: UnitOfWork,
    override: Override,
    step: OverrideStep,
    actor: Actor,
    reason: str = "",
) -> Override:
    now = services.now()
    unit.decisions.add_override_step(override.id, step, now, actor, reason.strip())
    granted = step is OverrideStep.SECONDED
    action = Action.OVERRIDE_GRANTED if granted else Action.OVERRIDE_WITHDRAWN
    unit.audit.append(action, override.id, actor, now, {"photo": override.photo_sha256})
    unit.commit()
    return _named(unit, override.id)
