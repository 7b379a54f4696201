"""decide(): everything known of a photo in, the verdict and every reason out. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from consent.domain.cases import Revocation, State
from consent.domain.channels import Channel, Use
from consent.domain.decisions import (
    DecisionState,
    FaceKind,
    PersonDecision,
    VerbalConsent,
    last_on,
    latest,
    same_face,
)
from consent.domain.exact import EXACT
from consent.domain.permission import missing_consent_reasons, private_event_reasons
from consent.domain.policy import Policy
from consent.domain.scope import Coverage, covers, looks_anywhere, looks_of, points_at
from consent.domain.signals import Evidence
from consent.domain.verdicts import (
    FACES_OFF,
    Decision,
    FaceInPhoto,
    PersonMatch,
    PhotoFacts,
    Reason,
    ReasonCode,
    Verdict,
)
from consent.domain.wording import long_day
from media_index.types import Box, Turning

_SETTLED = frozenset({DecisionState.CONFIRMED, DecisionState.REJECTED})
_UNKNOWN = {
    Coverage.EVENT_UNKNOWN: ReasonCode.EVENT_UNKNOWN,
    Coverage.TIME_UNKNOWN: ReasonCode.TIME_UNKNOWN,
}
_KINDS = {
    FaceKind.NO_PERSON: ReasonCode.NO_PERSON,
    FaceKind.PICTURE: ReasonCode.PICTURE_OF_PERSON,
}
IN_FORCE = frozenset({State.ACTIVE, State.HELD})


class CasesInForce:
    """The revocations and holds that stand on a day, found once for any number of photos."""

    def __init__(self, cases: Iterable[Revocation], today: date) -> None:
        """Pick them of cases in any state, and keep their order."""
        self.today = today
        self._by_id = {case.id: case for case in cases if case.state(today) in IN_FORCE}
        # What nobody was matched with may still be where they say that they were.
        self._located = [case.id for case in self._by_id.values() if case.terms_on(today).locators]
        self._order = {case_id: place for place, case_id in enumerate(self._by_id)}
        self._wanted: dict[Channel, frozenset[str]] = {}

    def __iter__(self) -> Iterator[Revocation]:
        """Return each of them, in their order."""
        return iter(self._by_id.values())

    def speaking_of(self, ids: Iterable[str]) -> list[Revocation]:
        """Return those of these ids, and those that say where a person was, in their order."""
        meant = {*ids, *self._located} & self._by_id.keys()
        return [self._by_id[case_id] for case_id in sorted(meant, key=self._order.__getitem__)]

    def concerned_by(self, channel: Channel) -> frozenset[str]:
        """Return the ids of those that a channel concerns."""
        if channel not in self._wanted:
            self._wanted[channel] = frozenset(
                case.id for case in self if case.terms_on(self.today).scope.covers_channel(channel)
            )
        return self._wanted[channel]


def decide(
    photo: PhotoFacts,
    use: Use,
    *,
    matches: Sequence[PersonMatch],
    decided: Sequence[PersonDecision],
    in_force: CasesInForce,
    consents: Sequence[VerbalConsent],
    policy: Policy,
    day_of: Callable[[datetime], date],
) -> Decision:
    """Return the first verdict of DESIGN's table that holds, with all reasons and notes.

    Matches reach at least the review threshold; decided are oldest first; consents are those
    on file for the photo and its events. `day_of` gives the library's day of a moment.
    """
    today = in_force.today
    named = {found.revocation_id for found in matches}
    named |= {decision.revocation_id for decision in decided}
    of_people = [
        reason
        for case in in_force.speaking_of(named)
        for reason in _of_person(photo, use, case, matches, decided, policy, today)
    ]
    rejected = [
        note
        for case in in_force.speaking_of(decision.revocation_id for decision in decided)
        for note in _rejected(photo, case, decided, day_of)
    ]
    found = [
        *_problem(photo),
        *of_people,
        *_uncomparable(photo, in_force.concerned_by(use.channel)),
        *private_event_reasons(photo, use, consents, today),
        *missing_consent_reasons(photo, use, consents, policy, today, against=of_people),
        *rejected,
        *_notes(photo, {found.match.face for found in matches}, of_people),
    ]
    reasons = sorted(
        (reason for reason in found if reason.verdict is not None),
        key=lambda reason: reason.rank,
    )
    notes = tuple(reason for reason in found if reason.verdict is None)
    return Decision.of(tuple(reasons), notes)


def _problem(photo: PhotoFacts) -> Iterator[Reason]:
    if photo.problem is not None:
        yield Reason(
            ReasonCode(photo.problem.code),
            Verdict.NOT_CHECKED,
            detail=photo.problem.sentence,
        )
    if photo.least_face:
        least = str(math.ceil(photo.least_face))
        yield Reason(ReasonCode.SMALL_FACES_NOT_SOUGHT, Verdict.NOT_CHECKED, detail=least)
    if photo.not_encoded:
        count = str(photo.not_encoded)
        yield Reason(ReasonCode.ENCODINGS_MISSING, Verdict.NOT_CHECKED, detail=count)
    if photo.not_reached:
        count = str(photo.not_reached)
        yield Reason(ReasonCode.FACES_NOT_REACHED, Verdict.NOT_CHECKED, detail=count)
    if photo.frames_seen < photo.frames:
        seen = f"{photo.frames_seen:,} of its {photo.frames:,}"
        yield Reason(ReasonCode.FRAMES_NOT_SEEN, Verdict.NOT_CHECKED, detail=seen)


def _of_person(
    photo: PhotoFacts,
    use: Use,
    case: Revocation,
    matches: Sequence[PersonMatch],
    decided: Sequence[PersonDecision],
    policy: Policy,
    today: date,
) -> Iterator[Reason]:
    mine = [match for match in matches if match.revocation_id == case.id]
    decided = [decision for decision in decided if decision.revocation_id == case.id]
    known = frozenset(match.known_photo for match in mine if match.known_photo)
    coverage = covers(case.terms_on(today), photo, use, known)
    unknown = _UNKNOWN.get(coverage)
    in_scope = coverage is Coverage.COVERED or unknown is not None
    held = case.state(today) is State.HELD
    for reason in _signals(case, photo, mine, decided):
        if reason.match is not None and reason.match.signal.evidence is Evidence.SCENE:
            if in_scope:
                yield reason if policy.same_scene.asks else replace(reason, verdict=None)
        elif not in_scope:
            yield _instead(reason, ReasonCode.OUTSIDE_SCOPE, None, coverage.value)
        elif unknown is not None:
            clock = "" if photo.taken_on is None else long_day(photo.taken_on)
            yield _instead(reason, unknown, Verdict.REVIEW, clock)
        elif held:
            yield _instead(reason, ReasonCode.HOLD, Verdict.REVIEW)
        else:
            yield reason
    if in_scope:
        yield from _located(case, photo, decided, today)


def _located(
    case: Revocation, photo: PhotoFacts, decided: Sequence[PersonDecision], today: date
) -> Iterator[Reason]:
    """Yield a reason where a locator hits: the event, or the day, that the person was at.

    Who has no reference face cannot be found otherwise, and a child's face outgrows its
    reference: then somebody must look. For others it is a note.
    """
    if any(decision.box is None and decision.state in _SETTLED for decision in latest(decided)):
        return
    terms = case.terms_on(today)
    by_face = terms.template_agreement is not None and not case.person.minor
    # What fits no occasion by itself is looked for wherever the person may have been.
    anywhere = looks_anywhere(terms.locators)
    fitting = [locator for locator in terms.locators if points_at(locator, photo)]
    for locator in fitting:
        hint = ", ".join(part for part in (looks_of(locator), *anywhere) if part)
        yield Reason(
            ReasonCode.LOCATOR, None if by_face else Verdict.REVIEW, case.label, detail=hint
        )
    of_event = terms.scope.event_ids & {event.id for event in photo.events}
    if anywhere and of_event and not fitting:
        yield Reason(
            ReasonCode.LOCATOR,
            None if by_face else Verdict.REVIEW,
            case.label,
            detail=", ".join(anywhere),
        )


def _instead(reason: Reason, code: ReasonCode, verdict: Verdict | None, detail: str = "") -> Reason:
    """Return what a match means for this case and use, of which more is to be said."""
    return Reason(code, verdict, reason.revocation, reason.match, reason.face, reason.box, detail)


def _signals(
    case: Revocation,
    photo: PhotoFacts,
    matches: Sequence[PersonMatch],
    decided: Sequence[PersonDecision],
) -> Iterator[Reason]:
    """Yield what speaks for the person's being in the photo, as if in scope and written."""
    for decision in latest(decided):
        # What was decided on a copy is said by the copy's match.
        if decision.confirmed_here:
            yield _known(case, photo, decision)
    for found in matches:
        last = _decision_on(found, decided)
        ruling = None if last is None else last.state
        # A face that was confirmed here is a reason already, and surer than any score.
        said = found.is_of_face and last is not None and last.confirmed_here
        if said or ruling is DecisionState.REJECTED:
            continue
        blocks = found.blocks and ruling is not DecisionState.CANNOT_TELL
        yield Reason(
            found.match.signal.code,
            Verdict.BLOCKED if blocks else Verdict.REVIEW,
            case.label,
            found.match,
            found.match.face,
            found.match.box,
            found.hint,
            found.known_photo,
        )


def _rejected(
    photo: PhotoFacts,
    case: Revocation,
    decided: Sequence[PersonDecision],
    day_of: Callable[[datetime], date],
) -> Iterator[Reason]:
    """Yield who said that somebody is not the person, for nothing is said of that match then."""
    own = [decision for decision in decided if decision.revocation_id == case.id]
    for decision in reversed(latest(own)):
        if decision.state is DecisionState.REJECTED:
            face = _face_at(photo, decision.box)
            copied = ", of a photo that this is a copy of," if decision.carried_from else ""
            yield Reason(
                ReasonCode.NOT_THIS_PERSON,
                None,
                case.label,
                face=face.index if face else None,
                box=decision.box,
                detail=f"{decision.actor.id} said on {long_day(day_of(decision.at))}{copied}",
            )


def _known(case: Revocation, photo: PhotoFacts, decision: PersonDecision) -> Reason:
    """Return the reason for a photo in which a person confirmed the decision."""
    face = _face_at(photo, decision.box)
    match = EXACT.match(decision.box, face.index if face else None)
    return Reason(EXACT.code, Verdict.BLOCKED, case.label, match, match.face, match.box)


def _decision_on(found: PersonMatch, decided: Sequence[PersonDecision]) -> PersonDecision | None:
    """Return what a person said of the face (or, for copies, the photo) that matched."""
    if found.is_of_copy:
        # That another copy does not show somebody says nothing against a confirmed one; nor does
        # what was said of this photo before.
        confirmed = [
            decision.at
            for decision in decided
            if decision.carried_from == found.known_photo
            and decision.state is DecisionState.CONFIRMED
        ]
        since = max(confirmed, default=None)
        decided = [
            decision
            for decision in decided
            if decision.carried_from is None and (since is None or decision.at > since)
        ]
    return last_on(found.match.box if found.is_of_face else None, decided)


def _face_at(photo: PhotoFacts, box: Box | None) -> FaceInPhoto | None:
    if box is None:
        return None
    return next((face for face in photo.faces if same_face(face.box, box)), None)


def _uncomparable(photo: PhotoFacts, wanted: frozenset[str]) -> Iterator[Reason]:
    for face in photo.faces:
        if not face.unclear:
            continue
        # Whom somebody has looked for in this face need not be looked for again.
        left = not wanted <= face.looked_for
        if left or not wanted:
            yield Reason(
                ReasonCode.UNCOMPARABLE_FACE,
                Verdict.REVIEW if left else None,
                face=face.index,
                box=face.box,
                detail=FACES_OFF if photo.faces_off else "",
            )


def _notes(
    photo: PhotoFacts, matched: Collection[int | None], of_people: Sequence[Reason]
) -> Iterator[Reason]:
    if photo.problem is not None:
        return
    if not photo.events:
        yield Reason(ReasonCode.NO_EVENT, None)
    if photo.turning not in {None, Turning.AGREED}:
        yield Reason(ReasonCode.TURNED_OTHERWISE, None, detail=str(photo.turning))
    if photo.frames:
        yield Reason(ReasonCode.SIDE_BY_SIDE, None)
    for face in photo.faces:
        if face.kind in _KINDS:
            yield Reason(
                _KINDS[face.kind], None, face=face.index, box=face.box, detail=face.kind_by
            )
    said = {*matched, *(reason.face for reason in of_people)}
    small = sum(
        not face.recognizable and face.kind is not FaceKind.NO_PERSON and face.index not in said
        for face in photo.faces
    )
    if small:
        yield Reason(ReasonCode.SMALL_FACES, None, detail=str(small))
