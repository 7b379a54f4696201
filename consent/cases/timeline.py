"""What happened to a case, in words: its own steps, and what the log says around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from consent.domain.cases import CaseEvent, CaseStep, Revocation
from consent.domain.decisions import DecisionState
from consent.domain.fields import BY_NAME
from consent.domain.log import Action, Entry
from consent.domain.takedowns import TakedownState
from consent.domain.terms import Terms
from consent.domain.wording import counted

# What the case's own steps tell already, and more of it.
_TOLD = {
    Action.REVOCATION_RECORDED,
    Action.HOLD_PLACED,
    Action.REVOCATION_AMENDED,
    Action.REVOCATION_CORRECTED,
    Action.REVOCATION_MISTAKEN,
    Action.REVOCATION_RESCINDED,
    Action.RESCISSION_ASKED,
    Action.REVOCATION_DISPUTED,
    Action.DISPUTE_SETTLED,
    Action.TEMPLATES_ERASED,
    # Who looked is for the log: the story of a case is what was done.
    Action.NAMES_SEEN,
    Action.TEMPLATE_SEEN,
}
_LOGGED = {
    Action.PERSON_MERGED: "Found to be the same person as in another case",
    Action.PERSON_UNMERGED: "Joining of the two cases undone",
    Action.EVIDENCE_OPENED: "Written request opened",
    Action.NAME_REVEALED: "Asked whom it is about",
    Action.RECEIPT_GIVEN: "Receipt given",
    Action.SWEEP_RUN: "All photos searched",
    Action.TEMPLATE_REMOVED: "Photo of the person removed",
    Action.TEMPLATE_WITHHELD: "Photo of the person set aside, as it matches too many photos",
    Action.TEMPLATE_CONFIRMED: "Photo of the person in use",
    Action.TAKEDOWN_OPENED: "Takedown opened for a published copy",
    Action.TAKEDOWN_MOVED: "Step of a takedown entered",
    Action.TAKEDOWN_ASSIGNED: "Takedown taken over",
    Action.CLOSE_OUT_LETTER_GIVEN: "Closing letter given",
}
_TITLES = {
    CaseStep.RESCISSION_ASKED: "Withdrawn by someone else: it stays in effect until a second "
    "person agrees",
    CaseStep.RESCINDED: "Withdrawn",
    CaseStep.CORRECTED: "A mistake corrected",
    CaseStep.MISTAKEN: "Entered by mistake: not in effect",
    CaseStep.DISPUTED: "Objection filed: it stays in effect until a director decides",
    CaseStep.SETTLED: "Objection decided",
}
# What one person does of one kind without a longer pause is one moment.
_SITTING = timedelta(minutes=15)
# A reference face and the decision that comes with it are entered in one transaction.
_AT_ONCE = timedelta(milliseconds=200)
_DECIDED = {state: state.words.lower() for state in DecisionState} | {
    DecisionState.SUGGESTED: "taken back"
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened.

    Attributes:
        at: of several alike in a row, the last.
        facts: what it changed, in sentences.
        why: the reason as entered; may name people, and is None for those who need not know.
    """

    at: datetime
    who: str
    role: str
    kind: CaseStep | Action
    title: str
    facts: tuple[str, ...] = ()
    why: str | None = ""


@dataclass(frozen=True, slots=True)
class TimelineWords:
    """How days and scopes are said."""

    day: Callable[[date], str]
    scope: Callable[[Terms], str]


def timeline(case: Revocation, entries: Sequence[Entry], words: TimelineWords) -> list[Moment]:
    """Return what happened by a case's steps and the log's entries on it, the latest first."""
    moments = [*_steps(case, entries, words), *_logged(entries)]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def _steps(case: Revocation, entries: Sequence[Entry], words: TimelineWords) -> Iterator[Moment]:
    before: Terms | None = None
    last: CaseEvent | None = None
    for step in case.history:
        # A correction restates whatever is stated for later days, and is one thing all the same.
        again = step.step is CaseStep.CORRECTED and last is not None and last.at == step.at
        last = step
        if again:
            before = step.terms or before
            continue
        title = _title(step, before)
        if step.step is CaseStep.CORRECTED:
            facts = tuple(_corrected(step, entries))
        else:
            facts = tuple(_facts(step, before, words))
        yield Moment(step.at, step.actor.id, step.actor.role, step.step, title, facts, step.reason)
        before = step.terms or before


def _title(step: CaseEvent, before: Terms | None) -> str:
    if step.step is CaseStep.HOLD_PLACED:
        return "Hold placed after a spoken request"
    if step.step is CaseStep.RECORDED:
        return (
            "Revocation recorded"
            if before is None
            else "The written request came: now a revocation"
        )
    if step.step in _TITLES:
        return _TITLES[step.step]
    gone = step.terms is not None and step.terms.template_agreement is None
    kept = before is not None and before.template_agreement is not None
    return "Saved face measurements erased" if gone and kept else "Changed"


def _facts(step: CaseEvent, before: Terms | None, words: TimelineWords) -> Iterator[str]:
    now = step.terms
    if now is not None and (before is None or now.submission != before.submission):
        how = now.submission.method.words.lower()
        yield f"Received on {words.day(now.submission.on)} ({how}), by {now.submission.by}."
    if step.lapses_on is not None:
        yield f"Ends on {words.day(step.lapses_on)} unless the written request comes."
    if now is not None and (before is None or now.scope != before.scope):
        yield f"{'Covers' if before is None else 'Covers from then on'}: {words.scope(now)}"
    if now is not None and before is not None:
        yield from _changes(now, before, words)
    if step.step not in {CaseStep.HOLD_PLACED, CaseStep.DISPUTED, CaseStep.SETTLED}:
        yield f"In effect from {words.day(step.effective_on)}."


def _corrected(step: CaseEvent, entries: Sequence[Entry]) -> Iterator[str]:
    """Say what was corrected, without what stood there or stands there now: it may name people."""
    for entry in entries:
        if entry.action == Action.REVOCATION_CORRECTED and entry.at == step.at:
            names = [str(name) for name in entry.details.get("fields", ())]
            yield f"Corrected: {', '.join(map(_called, names))}."


def _called(corrected: str) -> str:
    field = BY_NAME.get(corrected)
    return "a face picked wrongly" if field is None else field.called or field.name


def _changes(now: Terms, before: Terms, words: TimelineWords) -> Iterator[str]:
    if now.until != before.until:
        lasting = "No longer temporary."
        yield lasting if now.until is None else f"Ends after {words.day(now.until)}."
    if now.requester.contact != before.requester.contact:
        yield "New contact."
    if now.safety != before.safety:
        yield "A safety concern." if now.safety else "No safety concern any more."
    if added := len(now.locators) - len(before.locators):
        yield f"{added} hint{'' if added == 1 else 's'} added where to look."


def _logged(entries: Sequence[Entry]) -> Iterator[Moment]:
    """Tell what the log holds; a hundred photos decided at a sitting are one moment."""
    references = [entry.at for entry in entries if entry.action == Action.TEMPLATE_ADDED]
    sittings: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        # That the person is in their own reference photo goes without saying.
        of_reference = entry.action == Action.SIGHTING_DECIDED and any(
            abs(entry.at - at) < _AT_ONCE for at in references
        )
        if entry.action in _TOLD or of_reference:
            continue
        key = entry.action, entry.actor_id
        if key in sittings and entry.at - sittings[key][-1].at > _SITTING:
            yield _moment(sittings.pop(key))
        sittings.setdefault(key, []).append(entry)
    yield from map(_moment, sittings.values())


def _moment(run: Sequence[Entry]) -> Moment:
    last = run[-1]
    times = "" if len(run) == 1 else f", {len(run)} times"
    title = _LOGGED.get(Action(last.action), _in_words(last.action)) + times
    if last.action == Action.TEMPLATE_ADDED:
        title = (
            "Photo of the person added"
            if len(run) == 1
            else f"{len(run)} photos of the person added"
        )
    elif last.action == Action.SIGHTING_DECIDED:
        title = _decided(run)
    facts = tuple(dict.fromkeys(fact for entry in run if (fact := _detail(entry.details))))
    why = str(last.details.get("reason", ""))
    return Moment(last.at, last.actor_id, last.actor_role, Action(last.action), title, facts, why)


def _in_words(action: str) -> str:
    """Say what the log says; nobody reads its codes."""
    return action.replace(":", " ").replace("_", " ").capitalize()


def _decided(run: Sequence[Entry]) -> str:
    # The last decision on a photo is the one that counts.
    last = {entry.details.get("photo"): str(entry.details.get("state")) for entry in run}
    counts = Counter(last.values())
    parts = [f"{counts[state]} {words}" for state, words in _DECIDED.items() if counts[state]]
    return f"{counted(len(last), 'photo')} looked at: {', '.join(parts)}"


def _detail(details: Mapping[str, object]) -> str:
    if "takedown" in details:
        state = details.get("state")
        step = "" if state is None else f": {TakedownState(str(state)).words.lower()}"
        return f"{details['takedown']}{step}."
    if "hits" in details:
        return f"{counted(int(str(details['hits'])), 'photo')} that may show the person."
    if "language" in details:
        return {"en": "In English.", "es": "In Spanish."}.get(str(details["language"]), "")
    return ""
