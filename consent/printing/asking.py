"""Ask the people in a photo: its faces with what they answered, and photos taken on the spot."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from consent.domain.channels import ChannelKind, Use
from consent.domain.decisions import same_face
from consent.domain.errors import BadInputError, ConflictError, NotFoundError
from consent.domain.permission import answer_for
from consent.domain.print import AskedElsewhere, Coverage
from consent.domain.verdicts import Verdict
from consent.domain.wording import rarity
from consent.indexing.events import NewEvent
from consent.indexing.index import IndexRequest, index_photos
from consent.matching.gallery import Gallery, passing_template
from consent.matching.register_snapshot import RegisterSnapshot
from consent.printing.answers import Answer, record_answers
from consent.storage.files import safe_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.domain.actors import Actor
    from consent.domain.decisions import VerbalConsent
    from consent.domain.verdicts import FaceInPhoto, PhotoFacts, Reason
    from consent.services import Services
    from consent.storage.unit_of_work import UnitOfWork
    from media_index.types import Box, Event, Face

# Below the uploads; what is handed in at an event may be the original of what is printed later.
_FOLDER = "asked"


@dataclass(frozen=True, slots=True)
class PersonToAsk:
    """Somebody in a photo.

    Attributes:
        number: as drawn, from 1.
        box: px of the photo.
        answer: what was answered; None if nobody asked.
        revoked: cases of who asked not to be shown, and is, or surely looks like, this person.
        perhaps: cases of who may be this person.
    """

    number: int
    box: Box
    answer: VerbalConsent | None
    revoked: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PhotoToAsk:
    """A photo with the people in it.

    Attributes:
        photo_sha256: the photo.
        people: whom a person could recognise, left to right.
        unclear: faces that nobody could recognise.
    """

    photo_sha256: str
    people: tuple[PersonToAsk, ...]
    unclear: int

    @property
    def coverage(self) -> Coverage:
        """How many were asked."""
        answers = [one.answer for one in self.people if one.answer is not None]
        given = [answer for answer in answers if answer.given]
        return Coverage(
            len(self.people),
            len(given),
            sum(answer.photo_sha256 is None for answer in given),
            len(answers) - len(given),
        )

    def boxes(self, numbers: list[int]) -> tuple[Box, ...]:
        """Return the boxes of people by their numbers.

        Raises:
            BadInputError: there is no such number.
        """
        known = {one.number: one.box for one in self.people}
        for number in numbers:
            if number not in known:
                raise BadInputError(
                    f"There is no face {number}: the photo has {_listed(list(known))}."
                )
        return tuple(known[number] for number in numbers)


def _listed(numbers: list[int]) -> str:
    return f"faces {', '.join(map(str, numbers))}" if numbers else "no recognisable face"


def printed_use(services: Services) -> Use:
    """Return the use that people are asked for above all: the policy's first channel of print."""
    channels = services.policy.channels
    printed = (one for one in channels if one.kind is ChannelKind.PRINT)
    return Use(next(printed, channels[0]))


def photo_to_ask(services: Services, photo_sha256: str, use: Use | None = None) -> PhotoToAsk:
    """Return the people in a photo with what they answered.

    Args:
        services: adapters.
        photo_sha256: in the index.
        use: that they are asked for; print by default.

    Raises:
        NotFoundError: the photo is not in the index.
    """
    wanted = use or printed_use(services)
    with services.reading() as unit:
        view = RegisterSnapshot(services, unit)
        photo = unit.photos.fingerprints([photo_sha256]).get(photo_sha256)
        events = unit.photos.events_of([photo_sha256]).get(photo_sha256, ())
    if photo is None:
        raise NotFoundError("The photo is not in the index: check or index it first.")
    facts = view.facts(photo, events, ())
    today = services.today()
    recognisable = [face for face in facts.faces if face.recognisable]
    reasons = view.decide(facts, wanted, photo).reasons
    people = tuple(
        PersonToAsk(
            number,
            face.box,
            answer_for(facts, face, wanted, view.consents, today),
            _cases(reasons, face, Verdict.BLOCKED),
            _cases(reasons, face, Verdict.REVIEW),
        )
        for number, face in enumerate(recognisable, start=1)
    )
    return PhotoToAsk(photo_sha256, people, len(facts.faces) - len(people))


def _cases(reasons: Sequence[Reason], face: FaceInPhoto, verdict: Verdict) -> tuple[str, ...]:
    """Return the cases that a face speaks for."""
    about = (
        one.revocation
        for one in reasons
        if one.face == face.index and one.verdict is verdict and one.revocation is not None
    )
    return tuple(dict.fromkeys(about))


def take_photo(services: Services, event: Event, name: str, content: bytes, actor: Actor) -> str:
    """Put a photo that was taken or handed in at an event into the index.

    Args:
        services: adapters.
        event: that it belongs to.
        name: of the file.
        content: its bytes; they are looked at and not kept.
        actor: who took it.

    Returns:
        Its SHA-256.

    Raises:
        BadInputError: it is no photo that can be read.
    """
    uploads = services.settings.uploads
    uploads.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=uploads) as made:
        path = Path(made) / _FOLDER / next(iter(safe_names([name])))
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        request = IndexRequest(
            [path], event=NewEvent.again(event), jobs=1, retry=True, upload_root=Path(made)
        )
        report = index_photos(services, request, actor)
    if report.problems:
        raise BadInputError(report.problems[0].reason)
    return next(iter(report.photos.values()))


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
        raise NotFoundError("That answer is not on file: audit again.")
    if answer.same_as is not None:
        raise ConflictError(
            "That answer was itself taken over: take it over from the photo first asked."
        )
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
