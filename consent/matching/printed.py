"""What is said of a photo where a picture made from it stands in print: the stricter of the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from consent.domain.channels import Use
from consent.domain.decisions import DecisionState, latest_of_each, same_face
from consent.domain.events import Event
from consent.domain.signals import Evidence
from consent.domain.verdicts import Decision, PhotoFacts, Reason, ReasonCode, Verdict
from consent.matching.register_snapshot import RegisterSnapshot, lies_in
from media_index.types import Box, Fingerprint


@dataclass(frozen=True, slots=True)
class Placed:
    """The original of a picture, as it was judged.

    Attributes:
        region: the part of it that the picture shows; None for all of it.
        facts: of that part.
    """

    photo: Fingerprint
    region: Box | None
    events: tuple[Event, ...]
    facts: PhotoFacts


def as_printed(
    view: RegisterSnapshot, use: Use, printed: Fingerprint, original: Placed, decision: Decision
) -> Decision:
    """Return a decision on an original with what only the picture made from it says of people.

    The picture may be a copy of more photos than one, and what somebody said of one of them
    acquits none of the others.
    """
    # It shows the same moment.
    printed = replace(printed, exif=original.photo.exif)
    own = view.facts(printed, (), ())
    if not own.events:
        own = view.facts(printed, original.events, ())
    found = view.decide(replace(own, sha256=original.photo.sha256), use, printed)
    stricter = [
        reason
        for reason in found.reasons
        if _is_of_picture(reason) and reason.rank < _worst_of(reason.revocation, decision.reasons)
    ]
    if not stricter:
        return decision
    overridden = _overridden(decision) | _overridden(view.decide(own, use, printed))
    rejected = _rejected(view, original)
    stricter = [
        _brought_over(reason, printed, original)
        for reason in stricter
        if reason.revocation not in overridden
        # A possible match of a face that somebody looked at is not asked once more; a sure one is.
        if not (_is_doubt_about_face(reason) and reason.revocation in rejected)
    ]
    reasons = sorted((*stricter, *decision.reasons), key=lambda reason: reason.rank)
    return Decision.of(tuple(reasons), decision.notes)


def _is_of_picture(reason: Reason) -> bool:
    """Say whether a face or the picture itself speaks for somebody, and not the occasion."""
    return reason.match is not None and reason.match.signal.evidence is not Evidence.SCENE


def _is_doubt_about_face(reason: Reason) -> bool:
    of_face = reason.match is not None and reason.match.signal.evidence is Evidence.FACE
    return of_face and reason.verdict is not Verdict.BLOCKED


def _worst_of(label: str | None, reasons: Sequence[Reason]) -> int:
    ranks = [reason.rank for reason in reasons if reason.revocation == label]
    return min(ranks, default=Verdict.CLEAR.rank)


def _overridden(decision: Decision) -> set[str | None]:
    """Return the labels of those whose reasons were overridden."""
    if not any(note.code == ReasonCode.OVERRIDDEN for note in decision.notes):
        return set()
    return {
        note.revocation
        for note in decision.notes
        if _is_of_picture(note) and note.code != ReasonCode.OUTSIDE_SCOPE
    }


def _rejected(view: RegisterSnapshot, original: Placed) -> set[str]:
    """Return the labels of those whom somebody did not see in the part that is shown."""
    labels = {case.id: case.label for case in view.revocations}
    return {
        labels[last.revocation_id]
        for last in latest_of_each(view.decisions_on(original.photo))
        if last.state is DecisionState.REJECTED and last.revocation_id in labels
        if original.region is None or lies_in(original.region, last.box)
    }


def _brought_over(reason: Reason, printed: Fingerprint, original: Placed) -> Reason:
    """Return a reason about a picture as one about its original, with the face if it is there."""
    part = original.region or Box(0, 0, original.photo.width, original.photo.height)
    box = reason.box
    if box is not None:
        box = box.carried_to(part, printed.width, printed.height)
    face = next((face for face in original.facts.faces if same_face(face.box, box)), None)
    if face is None:
        return replace(reason, face=None, box=None)
    return replace(reason, face=face.index, box=face.box)
