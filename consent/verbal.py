"""Record what people said when they were asked: yes or no, for which photo, event and use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from consent.audit_log import Action
from consent.domain import VerbalConsent
from consent.errors import BadInputError, NotFoundError

if TYPE_CHECKING:
    from datetime import date

    from consent.channels import ChannelKind
    from consent.domain import Actor
    from consent.services import Services
    from media_index.types import Box


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered when somebody was asked.

    Attributes:
        photo_sha256: a photo in the index.
        given: whether the answer was yes.
        kinds: of channel that it was asked for.
        asked_on: the day.
        asked_by: who asked; empty for the one who records it.
        box: the face; None for everybody in the photo.
        note: how, in words.
    """

    photo_sha256: str
    given: bool
    kinds: frozenset[ChannelKind]
    asked_on: date
    asked_by: str = ""
    box: Box | None = None
    note: str = ""


def record_consent(services: Services, answer: Answer, actor: Actor) -> VerbalConsent:
    """Record the answer of one person in a photo, or of everybody in it.

    Raises:
        NotFoundError: the photo is not in the index.
        BadInputError: no use is named, or the day is to come.
    """
    if not answer.kinds:
        message = "Say for which kind of use it was asked: print, online or press."
        raise BadInputError(message)
    if answer.asked_on > services.today():
        message = f"Nobody can have been asked on {answer.asked_on}, which is to come."
        raise BadInputError(message)
    consent = VerbalConsent(
        id=uuid4().hex,
        asked_by=answer.asked_by.strip() or actor.id,
        asked_on=answer.asked_on,
        given=answer.given,
        kinds=answer.kinds,
        photo_sha256=answer.photo_sha256,
        box=answer.box,
        note=answer.note.strip(),
    )
    with services.writing() as unit:
        if not unit.photos.known([answer.photo_sha256]):
            message = "The photo is not in the index: check or index it first."
            raise NotFoundError(message)
        unit.decisions.add_consent(consent, services.now())
        details = {
            "photo": answer.photo_sha256,
            "given": answer.given,
            "kinds": sorted(answer.kinds),
        }
        action = Action.VERBAL_CONSENT_RECORDED
        unit.audit.append(action, consent.id, actor, services.now(), details)
        unit.commit()
    return consent
