"""What the rules say of permission by word of mouth and by the place. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consent.domain import same_face
from consent.verdicts import Reason, ReasonCode, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from consent.channels import Use
    from consent.domain import VerbalConsent
    from consent.policy import Policy
    from consent.verdicts import FaceInPhoto, PhotoFacts


def space(
    photo: PhotoFacts,
    use: Use,
    consents: Sequence[VerbalConsent],
    today: date,
) -> Iterator[Reason]:
    """Yield a reason where implied permission is lacking: the event was in no public space."""
    private = [event for event in photo.events if not event.public_space]
    people = [face for face in photo.faces if face.recognisable]
    if not private or not people:
        return
    if all(_answer(photo, face, use, consents, today) is True for face in people):
        return
    yield Reason(ReasonCode.NO_PUBLIC_SPACE, Verdict.REVIEW, detail=private[0].name)


def verbal(
    photo: PhotoFacts,
    use: Use,
    consents: Sequence[VerbalConsent],
    policy: Policy,
    today: date,
) -> Iterator[Reason]:
    """Yield a reason for each recognisable face that was not asked, or said no."""
    if not policy.asks_first(use.channel):
        return
    for face in photo.faces:
        if not face.recognisable:
            continue
        answer = _answer(photo, face, use, consents, today)
        if answer is None:
            code = ReasonCode.VERBAL_CONSENT_MISSING
        elif not answer:
            code = ReasonCode.CONSENT_REFUSED
        else:
            continue
        yield Reason(code, Verdict.CONSENT_MISSING, face=face.index, box=face.box)


def _answer(
    photo: PhotoFacts,
    face: FaceInPhoto,
    use: Use,
    consents: Sequence[VerbalConsent],
    today: date,
) -> bool | None:
    """Return yes, no, or None for not asked. The latest answer nearest to the face holds."""
    answers = [
        consent
        for consent in consents
        if use.channel.kind in consent.kinds
        and (consent.expires_on is None or today <= consent.expires_on)
        and _applies(consent, photo, face)
    ]
    if not answers:
        return None
    return max(answers, key=_weight).given


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
