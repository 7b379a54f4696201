"""The same face, asked in another photo of the event: an editor accepts that, or does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consent.domain import same_face
from consent.errors import ConflictError, NotFoundError
from consent.matching.gallery import Gallery, passing_template
from consent.printing.audit_findings import AskedElsewhere
from consent.verbal import Answer, record_answers
from consent.wording import rarity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.channels import Use
    from consent.domain import Actor, VerbalConsent
    from consent.services import Services
    from consent.store import UnitOfWork
    from consent.verdicts import PhotoFacts
    from media_index.types import Box, Face


class AskedFaces:
    """The faces of people who were asked by themselves, ready to be compared."""

    def __init__(
        self,
        services: Services,
        unit: UnitOfWork,
        consents: Sequence[VerbalConsent],
        use: Use,
    ) -> None:
        """Load the faces of those who were asked for a use.

        Args:
            services: calibration, policy, today.
            unit: open; not kept.
            consents: on file.
            use: that the answers must be for.
        """
        today = services.today()
        asked = [
            one
            for one in consents
            # Of an answer that was accepted for another photo, only the first counts: likeness
            # is not handed on from photo to photo.
            if one.photo_sha256 and one.box and one.same_as is None
            if one.is_for(use.channel, today)
        ]
        shas = sorted({one.photo_sha256 for one in asked if one.photo_sha256})
        photos = unit.photos.fingerprints(shas)
        self._events = unit.photos.events_of(shas)
        self._consents = {one.id: one for one in asked}
        templates = [
            passing_template(one.id, photo.sha256, face, services.now())
            for one in asked
            if (photo := photos.get(one.photo_sha256 or "")) is not None
            for face in photo.faces
            if same_face(face.box, one.box)
        ]
        self._gallery = Gallery(templates, services.calibration, services.policy.matching)

    def alike(self, face: Face, photo: PhotoFacts) -> AskedElsewhere | None:
        """Return the answer of whoever looks most like a face, asked at the same event."""
        events = {event.id for event in photo.events}
        found = sorted(self._gallery.of_faces([face]), key=lambda one: -one.match.score)
        for one in found:
            consent = self._consents[one.revocation_id]
            other, box = consent.photo_sha256, consent.box
            if other is None or box is None or other == photo.sha256:
                continue
            if events & {event.id for event in self._events.get(other, ())}:
                rate = one.match.false_matches_per_million
                return AskedElsewhere(consent.id, consent.given, other, box, rarity(rate))
        return None


def accept_elsewhere(
    services: Services, photo_sha256: str, box: Box, consent_id: str, actor: Actor
) -> VerbalConsent:
    """Keep that a face is that of somebody who answered in another photo.

    Args:
        services: adapters.
        photo_sha256: the photo that is audited.
        box: the face in it.
        consent_id: the answer about the other photo.
        actor: who saw that they are the same.

    Raises:
        NotFoundError: there is no such answer.
        ConflictError: it was itself taken over from another photo.
    """
    with services.reading() as unit:
        answers = {one.id: one for one in unit.decisions.consents()}
    answer = answers.get(consent_id)
    if answer is None:
        message = "That answer is not on file: audit again."
        raise NotFoundError(message)
    if answer.same_as is not None:
        message = "That answer was itself taken over: take it over from the photo first asked."
        raise ConflictError(message)
    taken_over = Answer(
        given=answer.given,
        asked_on=answer.asked_on,
        kinds=answer.kinds,
        channels=answer.channels,
        photo_sha256=photo_sha256,
        boxes=(box,),
        asked_by=answer.asked_by,
        name=answer.name,
        guardian=answer.guardian,
        note=f"{actor.id} saw the same face in another photo of the event",
        same_as=answer.id,
    )
    return record_answers(services, [taken_over], actor)[0]
