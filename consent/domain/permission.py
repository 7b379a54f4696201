"""What the rules say of permission by word of mouth and by the place. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from consent.domain.channels import Use
from consent.domain.decisions import VerbalConsent, same_face
from consent.domain.policy import Policy
from consent.domain.verdicts import (
    DO_NOT_ASK,
    FaceInPhoto,
    PhotoFacts,
    Reason,
    ReasonCode,
    Verdict,
)


def private_event_reasons(
    photo: PhotoFacts,
    use: Use,
    consents: Sequence[VerbalConsent],
    today: date,
) -> Iterator[Reason]:
    """Yield a reason where implied permission is lacking: the event was in no public space."""
    private = [event for event in photo.events if not event.public_space]
    people = [face for face in photo.faces if face.of_somebody]
    if not private or not people:
        return
    answers = [answer_for(photo, face, use, consents, today) for face in people]
    if all(answer is not None and answer.given for answer in answers):
        return
    yield Reason(ReasonCode.NO_PUBLIC_SPACE, Verdict.REVIEW, detail=private[0].name)


def missing_consent_reasons(
    photo: PhotoFacts,
    use: Use,
    consents: Sequence[VerbalConsent],
    policy: Policy,
    today: date,
    *,
    against: Sequence[Reason] = (),
) -> Iterator[Reason]:
    """Yield a reason for each recognizable face that was not asked, or said no.

    An answer of a whole room is weaker than one's own: that is noted. Whom a reason `against` the
    photo says to have asked not to be shown is not to be asked.
    """
    unwilling = [
        reason
        for reason in against
        if reason.verdict is Verdict.BLOCKED or reason.code == ReasonCode.HOLD
    ]
    if not policy.asks_first(use.channel):
        return
    for face in photo.faces:
        if not face.of_somebody:
            continue
        answer = answer_for(photo, face, use, consents, today)
        verdict: Verdict | None = Verdict.CONSENT_MISSING
        if answer is None:
            code = ReasonCode.VERBAL_CONSENT_MISSING
        elif not answer.given:
            code = ReasonCode.CONSENT_REFUSED
        elif answer.photo_sha256 is None:
            code, verdict = ReasonCode.ASKED_AS_A_ROOM, None
        else:
            continue
        detail = ""
        if code is ReasonCode.VERBAL_CONSENT_MISSING and any(
            _may_be_of(face, reason) for reason in unwilling
        ):
            detail = DO_NOT_ASK
        yield Reason(code, verdict, face=face.index, box=face.box, detail=detail)


def _may_be_of(face: FaceInPhoto, reason: Reason) -> bool:
    """Say whether a reason is about a face; one without a place in the photo may be about any."""
    if reason.face is not None:
        return reason.face == face.index
    return reason.box is None or same_face(reason.box, face.box)


def answer_for(
    photo: PhotoFacts,
    face: FaceInPhoto,
    use: Use,
    consents: Sequence[VerbalConsent],
    today: date,
) -> VerbalConsent | None:
    """Return what was answered for a face and a use; None if nobody asked.

    The answer nearest to the face holds, of several the latest: one on the face itself before one
    on the photo, and that before one on the whole event.
    """
    answers = [
        consent
        for consent in consents
        if consent.is_for(use.channel, today) and _applies(consent, photo, face)
    ]
    return max(answers, key=_weight, default=None)


def _weight(consent: VerbalConsent) -> tuple[int, date, bool]:
    """Order answers: on a face, on a photo, on an event; then the later; then the refusal."""
    nearness = 2 if consent.box is not None else 1 if consent.photo_sha256 is not None else 0
    return nearness, consent.asked_on, not consent.given


def _applies(consent: VerbalConsent, photo: PhotoFacts, face: FaceInPhoto) -> bool:
    if consent.photo_sha256 is not None:
        return consent.photo_sha256 == photo.sha256 and (
            consent.box is None or same_face(consent.box, face.box)
        )
    return any(event.id == consent.event_id for event in photo.events)
