"""Two entries of the register that are one person: merged, and un-merged if that was wrong."""

from __future__ import annotations

from consent.domain.actors import Actor
from consent.domain.cases import Revocation, canonical, cases_of_one_person
from consent.domain.changes import RegisterChanged
from consent.domain.errors import ConflictError, NoReasonError
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.typed_texts import NOTE, require_fit
from consent.domain.withheld import for_the_log, names_of
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork


@for_roles(Duty.AMEND)
def merge_people(services: Services, label: str, into: str, reason: str, actor: Actor) -> None:
    """Say that the person of one case is the person of another.

    The cases stay as they are, with their own terms; they are shown under one person.

    Raises:
        NotFoundError: there is no such case.
        BadInputError: no reason was given.
        ConflictError: they are already one person.
    """
    if not reason.strip():
        raise NoReasonError("they are the same person")
    require_fit(the_reason=(reason, NOTE))
    with services.writing() as unit:
        one, other = unit.register.find(label), unit.register.find(into)
        join_people(services, unit, one, other, reason.strip(), actor)
        unit.commit()


def join_people(
    services: Services,
    unit: UnitOfWork,
    one: Revocation,
    other: Revocation,
    reason: str,
    actor: Actor,
) -> None:
    """Enter that the person of one case is that of another; the caller commits.

    Raises:
        ConflictError: they are already one person.
    """
    people = {case.person.id: case.person for case in unit.register.revocations()}
    person, target = canonical(one.person, people), canonical(other.person, people)
    if person.id == target.id:
        raise ConflictError(f"{one.label} and {other.label} are already one person.")
    said = for_the_log(reason, (*names_of(one), *names_of(other)))
    now, details = services.now(), {"into": target.id, "reason": said}
    unit.register.append_merger(person.id, target.id, now, actor)
    unit.audit.append(Action.PERSON_MERGED, one.person.id, actor, now, details)
    # What was confirmed for one of their cases counts for the other.
    unit.changes(RegisterChanged(actor, one.label))


@for_roles(Duty.AMEND)
def unmerge_person(services: Services, label: str, reason: str, actor: Actor) -> None:
    """Take a merger back.

    Raises:
        NotFoundError: there is no such case.
        BadInputError: no reason was given.
        ConflictError: the person of that case was not merged into another.
    """
    if not reason.strip():
        raise NoReasonError("they are not the same person")
    require_fit(the_reason=(reason, NOTE))
    with services.writing() as unit:
        case = unit.register.find(label)
        if case.person.merged_into is None:
            raise ConflictError(
                f"{case.label} was not joined with another case, so there is nothing to undo."
            )
        cases = cases_of_one_person(case, unit.register.revocations())
        said = for_the_log(reason.strip(), (name for one in cases for name in names_of(one)))
        now, details = services.now(), {"reason": said}
        unit.register.append_merger(case.person.id, None, now, actor)
        unit.audit.append(Action.PERSON_UNMERGED, case.person.id, actor, now, details)
        unit.commit()
