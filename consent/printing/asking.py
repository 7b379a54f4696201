"""Ask the people in a photo: its faces with what they answered, and photos taken on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from consent.domain.actors import Actor
from consent.domain.channels import ChannelKind, Use
from consent.domain.decisions import VerbalConsent, same_face
from consent.domain.errors import (
    BadInputError,
    ConflictError,
    NotFoundError,
    PhotoNotIndexedError,
)
from consent.domain.events import Event
from consent.domain.permission import answer_for
from consent.domain.print import AskedElsewhere, Coverage
from consent.domain.roles import Duty, for_roles
from consent.domain.verdicts import FaceInPhoto, PhotoFacts, Reason, Verdict
from consent.domain.wording import faces_named, numbers_in_short, rarity
from consent.indexing.events import NewEvent
from consent.indexing.index import index_handed_in
from consent.matching.gallery import Gallery, passing_template
from consent.matching.register_snapshot import RegisterSnapshot
from consent.printing.answers import Answer, record_answers
from consent.printing.people import drawn_by_hand, numbered
from consent.services import Services
from consent.storage.files import safe_names
from consent.storage.unit_of_work import UnitOfWork
from media_index.types import Box, Face

# Below the uploads; what is handed in at an event may be the original of what is printed later.
_FOLDER = "asked"


@dataclass(frozen=True, slots=True)
class PersonToAsk:
    """Somebody in a photo.

    Attributes:
        number: as drawn; see `consent.printing.people`.
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

    @property
    def unwilling(self) -> bool:
        """Whether they said no, or asked in writing not to be shown."""
        return bool(self.revoked) or (self.answer is not None and not self.answer.given)


@dataclass(frozen=True, slots=True)
class PhotoToAsk:
    """A photo with the people in it.

    Attributes:
        people: whom a person could recognize, by their numbers.
        unclear: faces that nobody could recognize.
        events: that it is known to be of.
    """

    photo_sha256: str
    people: tuple[PersonToAsk, ...]
    unclear: int
    events: tuple[Event, ...] = ()

    @property
    def coverage(self) -> Coverage:
        """How many were asked."""
        answers = [
            person.answer
            for person in self.people
            if person.answer is not None and not person.revoked
        ]
        given = [answer for answer in answers if answer.given]
        return Coverage(
            people=len(self.people),
            said_yes=len(given),
            said_no=len(answers) - len(given),
            as_a_room=sum(answer.photo_sha256 is None for answer in given),
            unwilling=sum(bool(person.revoked) for person in self.people),
        )

    @property
    def together(self) -> list[int]:
        """Numbers of those for whom one answer may be entered together.

        Not of who said no or asked not to be shown, nor of who may be somebody that did: that is
        looked into before they are asked.
        """
        return [person.number for person in self.people if not (person.unwilling or person.perhaps)]

    def boxes(self, numbers: list[int]) -> tuple[Box, ...]:
        """Return the boxes of people by their numbers.

        Raises:
            BadInputError: there is no such number.
        """
        known = {person.number: person.box for person in self.people}
        for number in numbers:
            if number not in known:
                raise BadInputError(
                    f"There is no face {number}: the photo has {_listed(list(known))}."
                )
        return tuple(known[number] for number in numbers)


def _listed(numbers: list[int]) -> str:
    return f"faces {numbers_in_short(numbers)}" if numbers else "no recognizable face"


class NoYesError(BadInputError):
    """A yes is entered for somebody who said no, or who asked in writing not to be shown."""

    def __init__(self, people: Sequence[PersonToAsk]) -> None:
        said = [
            f"Face {person.number}: {' and '.join(person.revoked)} asked not to be shown, so no "
            "yes is recorded"
            if person.revoked
            else f"Face {person.number} said no: undo that first, if it was a mistake"
            for person in people
        ]
        super().__init__(f"{'; '.join(said)}.")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded, and for whom nothing was: who said no, or asked not to be shown."""

    answers: tuple[VerbalConsent, ...]
    left_out: tuple[PersonToAsk, ...] = ()

    @property
    def remark(self) -> str:
        """For whom nothing was recorded, in words; empty if for nobody."""
        if not self.left_out:
            return ""
        numbers = faces_named([person.number for person in self.left_out])
        return f"Nothing was recorded for {numbers}, who said no or asked not to be shown."


@for_roles(Duty.ASK)
def record_in_photo(
    services: Services, answer: Answer, actor: Actor, *, spare: bool = False
) -> Recorded:
    """Record what people in a photo, or a whole room, answered.

    A yes of everybody in a photo is none of who said no, or asked in writing not to be shown: they
    are left out. An answer without faces is of everybody; one that is to `spare` them too, whatever
    faces it names.

    Raises:
        NoYesError: a yes is entered for a face of one of them, or there are no others.
        PhotoNotIndexedError: nothing is known of the photo.
        NoSuchEventError: the event is not in the index.
        BadInputError: no use is named, the day is to come, or a child's yes has no guardian.
    """
    unwilling: list[PersonToAsk] = []
    if answer.given and answer.photo_sha256 is not None:
        people = photo_to_ask(services, answer.photo_sha256, actor).people
        meant = [person for person in people if _is_meant(person, answer.boxes)]
        unwilling = [person for person in meant if person.unwilling]
        willing = [person.box for person in meant if not person.unwilling]
        if unwilling and (not willing or (answer.boxes and not spare)):
            raise NoYesError(unwilling)
        if unwilling:
            answer = replace(answer, boxes=tuple(willing))
    return Recorded(tuple(record_answers(services, [answer], actor)), tuple(unwilling))


def _is_meant(person: PersonToAsk, boxes: Sequence[Box]) -> bool:
    return not boxes or any(same_face(person.box, box) for box in boxes)


def printed_use(services: Services) -> Use:
    """Return the use that people are asked for above all: the policy's first channel of print."""
    channels = services.policy.channels
    printed = (channel for channel in channels if channel.kind is ChannelKind.PRINT)
    return Use(next(printed, channels[0]))


@for_roles(Duty.READ_ANSWERS)
def photo_to_ask(
    services: Services, photo_sha256: str, actor: Actor, use: Use | None = None
) -> PhotoToAsk:
    """Return the people in a photo with what they answered.

    Raises:
        PhotoNotIndexedError: nothing is known of it.
    """
    wanted = use or printed_use(services)
    with services.holding_faces(), services.reading() as unit:
        view = RegisterSnapshot(services, unit)
        photo = unit.photos.with_features([photo_sha256]).get(photo_sha256)
        events = unit.events.of_photos([photo_sha256]).get(photo_sha256, ())
    if photo is None:
        raise PhotoNotIndexedError(photo_sha256)
    facts = view.facts(photo, events, ())
    facts = replace(facts, faces=(*facts.faces, *drawn_by_hand(view, photo)))
    numbers = numbered(facts, len(photo.faces))
    today = services.today()
    reasons = view.decide(facts, wanted, photo).reasons
    # What somebody took for no person is left out, unless it surely is like somebody after all.
    recognizable = [
        face
        for face in facts.faces
        if face.of_somebody or (face.recognizable and _cases(reasons, face, Verdict.BLOCKED))
    ]
    people = tuple(
        PersonToAsk(
            numbers[face.box],
            face.box,
            answer_for(facts, face, wanted, view.consents, today),
            _cases(reasons, face, Verdict.BLOCKED),
            _cases(reasons, face, Verdict.REVIEW),
        )
        for face in sorted(recognizable, key=lambda face: numbers[face.box])
    )
    unclear = sum(not face.recognizable for face in facts.faces)
    return PhotoToAsk(photo_sha256, people, unclear, tuple(events))


def _cases(reasons: Sequence[Reason], face: FaceInPhoto, verdict: Verdict) -> tuple[str, ...]:
    """Return the cases that a face speaks for."""
    about = (
        reason.revocation
        for reason in reasons
        if reason.face == face.index and reason.verdict is verdict and reason.revocation is not None
    )
    return tuple(dict.fromkeys(about))


@for_roles(Duty.ASK)
def take_photo(services: Services, event: Event, name: str, content: bytes, actor: Actor) -> str:
    """Put a photo that was taken or handed in at an event into the index.

    Its content is looked at and not kept. Returns its SHA-256.

    Raises:
        BadInputError: it is no photo that can be read.
    """
    files = {f"{_FOLDER}/{next(safe_names([name]))}": content}
    report = index_handed_in(services, files, actor, NewEvent.again(event))
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
        """Load the faces of those who were asked for a use."""
        today = services.today()
        asked = [
            consent
            for consent in consents
            # Of an answer that was accepted for another photo, only the first counts: likeness
            # is not handed on from photo to photo.
            if consent.photo_sha256 and consent.box and consent.same_as is None
            if consent.is_for(use.channel, today)
        ]
        shas = sorted({consent.photo_sha256 for consent in asked if consent.photo_sha256})
        photos = unit.photos.fingerprints(shas)
        self._events = unit.events.of_photos(shas)
        self._consents = {consent.id: consent for consent in asked}
        templates = [
            passing_template(consent.id, photo.sha256, face, services.now())
            for consent in asked
            if (photo := photos.get(consent.photo_sha256 or "")) is not None
            for face in photo.faces
            if same_face(face.box, consent.box)
        ]
        self._gallery = Gallery(templates, services.calibration, services.policy.matching)

    def alike(self, face: Face, photo: PhotoFacts) -> AskedElsewhere | None:
        """Return the answer of whoever looks like a face, and was asked at the same event.

        A no comes before a yes, and then the likest.
        """
        events = {event.id for event in photo.events}
        found = sorted(
            self._gallery.of_faces([face]),
            key=lambda match: (
                self._consents[match.revocation_id].given,
                -match.match.score,
            ),
        )
        for match in found:
            consent = self._consents[match.revocation_id]
            other, box = consent.photo_sha256, consent.box
            if other is None or box is None or other == photo.sha256:
                continue
            if events & {event.id for event in self._events.get(other, ())}:
                rate = match.match.false_matches_per_million
                return AskedElsewhere(consent.id, consent.given, other, box, rarity(rate))
        return None


@for_roles(Duty.ASK)
def accept_elsewhere(
    services: Services, photo_sha256: str, box: Box, consent_id: str, actor: Actor
) -> VerbalConsent:
    """Keep that a face is that of somebody who answered in another photo.

    Raises:
        NotFoundError: there is no such answer.
        ConflictError: it was itself taken over from another photo.
    """
    with services.reading() as unit:
        answers = {consent.id: consent for consent in unit.decisions.consents()}
    answer = answers.get(consent_id)
    if answer is None:
        raise NotFoundError("That answer is not on file: audit again.")
    if answer.same_as is not None:
        raise ConflictError(
            "That answer came from another photo: use the photo in which the person was asked."
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
