"""Ask the people in a photo: its faces with what they answered, and photos taken on the spot."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from consent.channels import ChannelKind, Use
from consent.errors import BadInputError, NotFoundError
from consent.events import NewEvent
from consent.indexing import IndexRequest, index_photos
from consent.jobs.uploads import safe_names
from consent.matching.comparison import RegisterView
from consent.printing.coverage import Coverage
from consent.rules_consent import answer_for
from consent.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.domain import Actor, VerbalConsent
    from consent.services import Services
    from consent.verdicts import FaceInPhoto, Reason
    from media_index.types import Box, Event

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
                message = f"There is no face {number}: the photo has {_listed(list(known))}."
                raise BadInputError(message)
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
        view = RegisterView(services, unit)
        photo = unit.photos.fingerprints([photo_sha256]).get(photo_sha256)
        events = unit.photos.events_of([photo_sha256]).get(photo_sha256, ())
    if photo is None:
        message = "The photo is not in the index: check or index it first."
        raise NotFoundError(message)
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
