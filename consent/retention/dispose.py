"""Destroy records that are due, once somebody of the records role has approved.

What is due is the policy's to say (`[retention]`), and so is how the schedule calls it. What stays
of a case: its number, dates and scope, and no name. Killed at any step, doing it again ends it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import uuid4

from consent.cases.erase import erase_templates
from consent.cases.handed_in import handed_in_for
from consent.cases.known_cases import KnownCases
from consent.domain.actors import Actor
from consent.domain.cases import Revocation
from consent.domain.errors import (
    BadInputError,
    ConflictError,
    NoReasonError,
    NotFoundError,
)
from consent.domain.log import Action
from consent.domain.retention import (
    Disposal,
    DisposalEvent,
    DisposalStep,
    HoldStep,
    LegalHold,
    due_on,
    ended_on,
    matters_of,
)
from consent.domain.review import Origin
from consent.domain.roles import Duty, for_roles
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork

SERIES = "Written revocations of likeness"
# By which the log's entry of a destruction says how many there were of each case.
FILES = "files"
AGAIN = "Destroyed before; an earlier backup was restored."


@dataclass(frozen=True, slots=True)
class DueRecord:
    """A case whose term has ended.

    Attributes:
        due: since when it may be destroyed.
        held: the legal holds that keep it.
        byte_size: of its files.
    """

    revocation_id: str
    label: str
    ended: date
    due: date
    held: tuple[LegalHold, ...]
    files: int
    byte_size: int


@for_roles(Duty.READ_DISPOSALS)
def list_due(services: Services, actor: Actor) -> list[DueRecord]:
    """Return the cases that are due today, by number, with what holds them."""
    del actor
    today = services.today()
    with services.reading() as unit:
        return [
            _record(unit, case, today, services.policy.evidence_days)
            for case in _due(services, unit)
        ]


@for_roles(Duty.DISPOSE)
def count_due(services: Services, actor: Actor) -> int:
    """Count the cases to propose: due, not held, in no disposal. Reads no more than is new."""
    today, days = services.today(), services.policy.evidence_days
    with services.reading() as unit:
        known = services.memory.of(KnownCases).of(services, unit).cases
        due = {
            case_id
            for case_id, one in known.items()
            if (since := due_on(one.case, today, days)) is not None and since <= today
        }
        if not due:
            return 0
        settled = {
            case_id
            for disposal in unit.retention.disposals()
            if disposal.state is not DisposalStep.REFUSED
            for case_id in disposal.revocation_ids
        }
        return len(due - settled - matters_of(unit.retention.holds()).keys())


@for_roles(Duty.LEGAL_HOLD)
def place_legal_hold(
    services: Services, label: str, matter: str, ordered_by: str, reason: str, actor: Actor
) -> None:
    """Keep a case whatever the schedule says, for a matter such as a lawsuit.

    Raises:
        RefusedError: the role may not.
        BadInputError: it is not said for what, by whom or why.
        ConflictError: the case is held for that matter already.
    """
    if not (matter.strip() and ordered_by.strip() and reason.strip()):
        raise BadInputError("Enter the matter that the case is kept for, who ordered it, and why.")
    _hold(services, label, matter, ordered_by, reason, actor, HoldStep.PLACED)


@for_roles(Duty.LEGAL_HOLD)
def lift_legal_hold(services: Services, label: str, matter: str, reason: str, actor: Actor) -> None:
    """Say that a matter no longer keeps a case.

    Raises:
        RefusedError: the role may not.
        NotFoundError: the case is not held for that matter.
    """
    if not reason.strip():
        raise NoReasonError("the hold is lifted")
    _hold(services, label, matter, actor.id, reason, actor, HoldStep.LIFTED)


@for_roles(Duty.DISPOSE)
def propose_disposal(services: Services, actor: Actor, *, dry_run: bool = False) -> Disposal:
    """Put everything that is due and not held before the records officer.

    Raises:
        NotFoundError: nothing is due.
    """
    with services.writing() as unit:
        today, days = services.today(), services.policy.evidence_days
        waiting = {
            case
            for other in unit.retention.disposals()
            if other.state in {DisposalStep.PROPOSED, DisposalStep.APPROVED}
            for case in other.revocation_ids
        }
        records = [_record(unit, case, today, days) for case in _due(services, unit)]
        free = [
            record for record in records if not record.held and record.revocation_id not in waiting
        ]
        if not free:
            raise NotFoundError(
                "Nothing new is due: the rest is on hold or already proposed. likeness dispose "
                "due lists what is."
            )
        own = uuid4().hex
        first = DisposalEvent(own, DisposalStep.PROPOSED, services.now(), actor)
        disposal = Disposal(
            own,
            unit.retention.next_number(),
            SERIES,
            tuple(record.revocation_id for record in free),
            min(record.ended for record in free),
            max(record.ended for record in free),
            sum(record.byte_size for record in free),
            (first,),
        )
        if not dry_run:
            unit.retention.add_disposal(disposal)
            _log(services, unit, disposal, actor)
            unit.commit()
    return disposal


@for_roles(Duty.DISPOSE)
def decide_disposal(
    services: Services, label: str, note: str, actor: Actor, *, approved: bool
) -> Disposal:
    """Approve a disposal, or refuse it, with the number of the signed paper.

    Raises:
        RefusedError: only the records role may.
        ConflictError: it is decided already.
    """
    if not note.strip():
        raise BadInputError("Say which signed paper approves or refuses it.")
    with services.writing() as unit:
        disposal = _named(unit, label)
        if disposal.state is not DisposalStep.PROPOSED:
            raise ConflictError(f"{disposal.label} is {disposal.state.words.lower()} already.")
        step = DisposalStep.APPROVED if approved else DisposalStep.REFUSED
        return _append(services, unit, disposal, step, actor, note.strip())


@for_roles(Duty.DISPOSE)
def destroy(services: Services, label: str, actor: Actor, *, dry_run: bool = False) -> Disposal:
    """Destroy what a disposal lists; return it with the digest of what went.

    Raises:
        RefusedError: only the records role may.
        ConflictError: it is not approved, or a case is held or no longer due.
    """
    with services.writing() as unit:
        disposal = _named(unit, label)
        if disposal.state is not DisposalStep.APPROVED:
            raise ConflictError(
                f"{disposal.label} is {disposal.state.words.lower()}: only an approved disposal "
                "can be destroyed."
            )
        # Killed before, it may have noted that they are gone.
        unit.read_once_more(_owners(unit, disposal.revocation_ids))
        cases = unit.register.by_ids(disposal.revocation_ids)
        _require_free(services, unit, cases)
        digest = unit.retention.digest_of(cases)
        if dry_run:
            gone = DisposalEvent(
                disposal.id, DisposalStep.DESTROYED, services.now(), actor, digest=digest
            )
            return replace(disposal, history=(*disposal.history, gone))
        files = _files(unit, cases)
        owners = [owner for case in cases for owner in _destroy(services, unit, case)]
        people = {case.person.id for case in cases}
        left = {
            case.person.id
            for case in unit.register.revocations()
            if case.id not in set(disposal.revocation_ids) and not _is_destroyed(unit, case.id)
        }
        for person in sorted(people - left):
            unit.retention.destroy_person(person, unit.audit)
            owners.append(person)
        for owner in owners:
            services.keys.bury(owner)
            unit.destroy_key(owner)
        services.vectors.forget()
        unit.erases(copies_in=services.settings.home)
        gone = DisposalEvent(
            disposal.id, DisposalStep.DESTROYED, services.now(), actor, digest=digest
        )
        done = _destroyed(services, unit, disposal, gone, files)
        unit.commit()
    services.vectors.forget()
    return done


def destroy_again(services: Services, actor: Actor) -> list[Disposal]:
    """Destroy what a backup brought back of cases that were destroyed after it was made.

    Their keys are remembered as gone, so that nobody can read it. A disposal that the backup has as
    not done yet ends with it; the rest is a disposal of its own. Returns them, if any.
    """
    with services.writing() as unit:
        unit.keep_replaced()
        buried = services.keys.buried()
        ids = tuple(
            case.id
            for case in unit.register.revocations()
            if case.person.id in buried and not _is_destroyed(unit, case.id)
        )
        if not ids:
            return []
        unit.read_once_more(_owners(unit, ids))
        cases = unit.register.by_ids(ids)
        today = services.today()
        # How it had ended by the time it was destroyed, the backup may not tell.
        ended = {case.id: ended_on(case, today) for case in cases}
        lasted = today - timedelta(days=1)
        done = [
            (disposal, unit.retention.digest_of(own), _files(unit, own), is_new)
            for disposal, own, is_new in _repeated(unit, cases, ended, lasted)
        ]
        owners = []
        for case in cases:
            until = None if ended[case.id] else lasted
            owners += [*_destroy(services, unit, case, until=until), case.person.id]
            unit.retention.destroy_person(case.person.id, unit.audit)
        for owner in owners:
            unit.destroy_key(owner)
        disposals = []
        for disposal, digest, files, is_new in done:
            if is_new:
                unit.retention.add_disposal(disposal)
            gone = DisposalEvent(
                disposal.id, DisposalStep.DESTROYED, services.now(), actor, AGAIN, digest=digest
            )
            disposals.append(_destroyed(services, unit, disposal, gone, files))
        services.vectors.forget()
        unit.erases(copies_in=services.settings.home)
        unit.commit()
    return disposals


def _repeated(
    unit: UnitOfWork, cases: list[Revocation], ended: dict[str, date | None], lasted: date
) -> list[tuple[Disposal, list[Revocation], bool]]:
    """Return of which disposals cases are, with whether it is a new one."""
    left = {case.id: case for case in cases}
    found: list[tuple[Disposal, list[Revocation], bool]] = []
    for disposal in unit.retention.disposals():
        waits = disposal.state in {DisposalStep.PROPOSED, DisposalStep.APPROVED}
        if waits and set(disposal.revocation_ids) <= left.keys():
            found.append((disposal, [left.pop(one) for one in disposal.revocation_ids], False))
    if left:
        days = [ended[case_id] or lasted for case_id in left]
        volume = sum(size for case_id in left for _, size in unit.retention.files_of(case_id))
        disposal = Disposal(
            uuid4().hex,
            unit.retention.next_number(),
            SERIES,
            tuple(left),
            min(days),
            max(days),
            volume,
        )
        found.append((disposal, [*left.values()], True))
    return found


@for_roles(Duty.READ_DISPOSALS)
def list_disposals(services: Services, actor: Actor) -> list[Disposal]:
    """Return all disposals, by number."""
    del actor
    with services.reading() as unit:
        return unit.retention.disposals()


def disposal_named(services: Services, label: str) -> tuple[Disposal, list[Revocation]]:
    """Return a disposal with its cases.

    Raises:
        NotFoundError: there is none.
    """
    with services.reading() as unit:
        found = _named(unit, label)
        return found, unit.register.by_ids(found.revocation_ids)


def _destroy(
    services: Services, unit: UnitOfWork, case: Revocation, *, until: date | None = None
) -> list[str]:
    """Destroy a case; return whose keys go with it."""
    for name, _ in unit.retention.files_of(case.id):
        services.vault.erase(name)
    erase_templates(services, unit, case.id)
    unit.review.remove_of_cases([case.id], Origin.SEARCH)
    unit.review.forget_searches([case.id])
    unit.jobs.forget(unit.jobs.mentioning({case.label}))
    appeals = unit.retention.appeals_of(case.id)
    unit.retention.destroy_case(case, unit.audit, until=until)
    return appeals


@for_roles(Duty.DISPOSE)
def would_go(services: Services, case_ids: Collection[str], actor: Actor) -> dict[str, int]:
    """Return how much of what would be destroyed with cases, by words for people."""
    del actor
    with services.reading() as unit:
        files = sum(len(unit.retention.files_of(case_id)) for case_id in case_ids)
        letters = sum(len(unit.register.evidence_of(case_id)) for case_id in case_ids)
        faces = sum(len(unit.register.templates(case_id)) for case_id in case_ids)
        handed_in = handed_in_for(services, unit, case_ids)
    return {
        "letters": letters,
        "files of takedowns and appeals": files - letters,
        "photos of the person": faces,
        "thumbnails of portraits": len(handed_in.thumbnails),
        "uploads of portraits": len(handed_in.uploads),
        "verdicts on portraits": len(handed_in.clearances),
    }


def files_destroyed(services: Services, disposal: Disposal) -> dict[str, int]:
    """Return how many files each case had when it was destroyed, by its label.

    The log tells it: what a file was of is destroyed with it.
    """
    found: dict[str, int] = {}
    with services.reading() as unit:
        for entry in unit.audit.entries_of([disposal.id]):
            said = entry.details.get(FILES)
            if isinstance(said, dict):
                found |= {label: int(count) for label, count in said.items()}
        for case in unit.register.by_ids(disposal.revocation_ids):
            # Of an older version, which did not log it.
            found.setdefault(case.label, len(unit.register.evidence_of(case.id)))
    return found


def _files(unit: UnitOfWork, cases: list[Revocation]) -> dict[str, int]:
    return {case.label: len(unit.retention.files_of(case.id)) for case in cases}


def _owners(unit: UnitOfWork, ids: Collection[str]) -> list[str]:
    """Return by whose keys cases are kept."""
    appeals = [appeal for case_id in ids for appeal in unit.retention.appeals_of(case_id)]
    return [*(unit.register.person_of(case_id) for case_id in ids), *appeals]


def _is_destroyed(unit: UnitOfWork, case_id: str) -> bool:
    return case_id in unit.retention.destroyed()


def _require_free(services: Services, unit: UnitOfWork, cases: list[Revocation]) -> None:
    held = matters_of(unit.retention.holds())
    due = {case.id for case in _due(services, unit)}
    for case in cases:
        if case.id in held:
            matters = ", ".join(hold.matter for hold in held[case.id])
            raise ConflictError(
                f"{case.label} is held for {matters}: lift the hold, or propose the other cases "
                "again."
            )
        if case.id not in due:
            raise ConflictError(f"{case.label} is no longer due: propose the other cases again.")


def _due(services: Services, unit: UnitOfWork) -> list[Revocation]:
    today, days = services.today(), services.policy.evidence_days
    gone = unit.retention.destroyed()
    return [
        case
        for case in unit.register.revocations()
        if case.id not in gone
        and (since := due_on(case, today, days)) is not None
        and since <= today
    ]


def _record(unit: UnitOfWork, case: Revocation, today: date, days: int) -> DueRecord:
    files = unit.retention.files_of(case.id)
    ended, due = ended_on(case, today), due_on(case, today, days)
    assert ended is not None  # noqa: S101 - only ended cases are due
    assert due is not None  # noqa: S101 - the same
    held = matters_of(unit.retention.holds()).get(case.id, [])
    size = sum(size for _, size in files)
    return DueRecord(case.id, case.label, ended, due, tuple(held), len(files), size)


def _hold(
    services: Services,
    label: str,
    matter: str,
    ordered_by: str,
    reason: str,
    actor: Actor,
    step: HoldStep,
) -> None:
    with services.writing() as unit:
        case = unit.register.find(label)
        held = {hold.matter for hold in matters_of(unit.retention.holds()).get(case.id, [])}
        if step is HoldStep.LIFTED and matter.strip() not in held:
            raise NotFoundError(f"{case.label} is not held for {matter.strip()!r}.")
        if step is HoldStep.PLACED and matter.strip() in held:
            raise ConflictError(f"{case.label} is already held for {matter.strip()}.")
        hold = LegalHold(
            case.id, step, matter.strip(), ordered_by.strip(), reason.strip(), services.now(), actor
        )
        unit.retention.add_hold(hold)
        placed = step is HoldStep.PLACED
        action = Action.LEGAL_HOLD_PLACED if placed else Action.LEGAL_HOLD_LIFTED
        unit.audit.append(action, case.id, actor, services.now())
        unit.commit()


def _append(
    services: Services,
    unit: UnitOfWork,
    disposal: Disposal,
    step: DisposalStep,
    actor: Actor,
    note: str = "",
) -> Disposal:
    event = DisposalEvent(disposal.id, step, services.now(), actor, note)
    unit.retention.append(event)
    done = replace(disposal, history=(*disposal.history, event))
    _log(services, unit, done, actor)
    unit.commit()
    return done


def _destroyed(
    services: Services,
    unit: UnitOfWork,
    disposal: Disposal,
    gone: DisposalEvent,
    files: dict[str, int],
) -> Disposal:
    """Append that a disposal is done, with how many files each case had."""
    unit.retention.append(gone)
    done = replace(disposal, history=(*disposal.history, gone))
    _log(services, unit, done, gone.actor, files)
    return done


def _log(
    services: Services,
    unit: UnitOfWork,
    disposal: Disposal,
    actor: Actor,
    files: dict[str, int] | None = None,
) -> None:
    last = disposal.history[-1]
    details: dict[str, object] = {
        "disposal": disposal.label,
        "cases": len(disposal.revocation_ids),
    }
    if files is not None:
        details[FILES] = files
    if last.digest:
        details["digest"] = last.digest
    unit.audit.append(_ACTIONS[last.step], disposal.id, actor, services.now(), details)


_ACTIONS = {
    DisposalStep.PROPOSED: Action.DISPOSAL_PROPOSED,
    DisposalStep.APPROVED: Action.DISPOSAL_APPROVED,
    DisposalStep.REFUSED: Action.DISPOSAL_REFUSED,
    DisposalStep.DESTROYED: Action.DISPOSAL_DONE,
}


def _named(unit: UnitOfWork, label: str) -> Disposal:
    wanted = label.strip().upper()
    for disposal in unit.retention.disposals():
        if disposal.label == wanted:
            return disposal
    raise NotFoundError(f"There is no disposal {label}: likeness dispose list lists them.")
