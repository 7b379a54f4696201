"""Record what people said when they were asked: yes or no, for which photo, event and use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import NAMESPACE_OID, uuid4, uuid5

from consent.domain.actors import Actor
from consent.domain.channels import ChannelKind
from consent.domain.decisions import ConsentCorrection, VerbalConsent
from consent.domain.errors import (
    BadInputError,
    DayToComeError,
    NoReasonError,
    NoSuchEventError,
    NotFoundError,
    PhotoNotIndexedError,
)
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.typed_texts import require_no_turning
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.types import Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered when somebody was asked, of one person or of several at once.

    Attributes:
        kinds: of channel that it was asked for.
        channels: ids of single channels that it was asked for.
        photo_sha256: a photo in the index; None where a whole event was asked.
        boxes: the faces; none for everybody in the photo.
        event_id: the event, where the whole room was asked.
        asked_by: who asked; empty for the one who records it.
        minor: a child was concerned, so that a guardian must have said yes.
        guardian: who answered for a minor.
        same_as: id of the answer about another photo that shows the same face.
        entered_as: by what it is known again, such as the row of a list; entered once only.
    """

    given: bool
    asked_on: date
    kinds: frozenset[ChannelKind] = frozenset()
    channels: frozenset[str] = frozenset()
    photo_sha256: str | None = None
    boxes: tuple[Box, ...] = ()
    event_id: str | None = None
    asked_by: str = ""
    name: str = ""
    minor: bool = False
    guardian: str = ""
    note: str = ""
    same_as: str | None = None
    entered_as: str = ""


def record_answers(
    services: Services, answers: Sequence[Answer], actor: Actor
) -> list[VerbalConsent]:
    """Record answers, all or none: one for each face, or one for an answer without faces.

    Raises:
        PhotoNotIndexedError: nothing is known of a photo.
        NoSuchEventError: an event is not in the index.
        BadInputError: no use is named, the day is to come, or a child's yes has no guardian.
    """
    for answer in answers:
        _validate(services, answer)
    with services.writing() as unit:
        _require_known(unit, answers)
        meant = [consent for answer in answers for consent in _consents(services, answer, actor)]
        there = unit.decisions.known_consents([consent.id for consent in meant])
        recorded = [consent for consent in meant if consent.id not in there]
        now = services.now()
        for consent in recorded:
            unit.decisions.add_consent(consent, now)
            details = {
                "photo": consent.photo_sha256,
                "event": consent.event_id,
                "given": consent.given,
                "kinds": sorted(consent.kinds),
                "channels": sorted(consent.channels),
            }
            unit.audit.append(Action.VERBAL_CONSENT_RECORDED, consent.id, actor, now, details)
        unit.commit()
    return recorded


@for_roles(Duty.ASK)
def take_back_answers(
    services: Services, consent_ids: Sequence[str], reason: str, actor: Actor
) -> None:
    """Say that answers were entered by mistake: they stay on file, and no longer count.

    Raises:
        NoReasonError: it is not said why.
        NotFoundError: an answer is not on file, or was taken back before.
    """
    if not reason.strip():
        raise NoReasonError("the answer is undone")
    with services.writing() as unit:
        known = {consent.id: consent for consent in unit.decisions.consents()}
        now = services.now()
        for consent_id in dict.fromkeys(consent_ids):
            if consent_id not in known:
                raise NotFoundError(
                    "That answer is not on file, or was undone before: reload the page.",
                    command="likeness consent list",
                )
            unit.decisions.take_back_consent(
                ConsentCorrection(consent_id, now, actor, reason.strip())
            )
            # The reason is kept with the answer: it may name somebody.
            details = {"photo": known[consent_id].photo_sha256}
            action = Action.VERBAL_CONSENT_TAKEN_BACK
            unit.audit.append(action, consent_id, actor, now, details)
        unit.commit()


def _validate(services: Services, answer: Answer) -> None:
    if not answer.kinds and not answer.channels:
        raise BadInputError(
            "Say which use they were asked about: print, online, press, or a channel."
        )
    for channel in answer.channels:
        services.policy.channel(channel)
    if answer.asked_on > services.today():
        raise DayToComeError("Nobody can have been asked", answer.asked_on)
    if (answer.photo_sha256 is None) == (answer.event_id is None):
        raise BadInputError("Say which photo or which event the answer is about, not both.")
    if answer.photo_sha256 is None and answer.boxes:
        raise BadInputError(
            "A face belongs to a photo: choose the photo, or record the answer for the whole event."
        )
    if answer.minor and answer.given and not answer.guardian.strip():
        raise BadInputError("A child cannot agree: enter the parent or guardian who said yes.")
    if answer.name.strip() and len(answer.boxes) > 1:
        raise BadInputError("A name belongs to one person: record that person's face by itself.")
    require_no_turning(
        the_name=answer.name,
        the_name_of_the_guardian=answer.guardian,
        the_name_of_who_asked=answer.asked_by,
        the_note=answer.note,
    )


def _require_known(unit: UnitOfWork, answers: Sequence[Answer]) -> None:
    photos = {answer.photo_sha256 for answer in answers if answer.photo_sha256 is not None}
    if missing := photos - unit.photos.known(sorted(photos)):
        raise PhotoNotIndexedError(min(missing))
    events = {answer.event_id for answer in answers if answer.event_id is not None}
    if missing := events - {event.id for event in unit.events.all()}:
        raise NoSuchEventError(min(missing))


def _consents(services: Services, answer: Answer, actor: Actor) -> list[VerbalConsent]:
    days = services.policy.consent_days
    # Only a yes runs out: a no holds until somebody asks again.
    expires = None if days is None or not answer.given else timedelta(days=days)
    return [
        VerbalConsent(
            id=_id_of(answer, index),
            asked_by=answer.asked_by.strip() or actor.id,
            asked_on=answer.asked_on,
            given=answer.given,
            kinds=answer.kinds,
            photo_sha256=answer.photo_sha256,
            box=box,
            event_id=answer.event_id,
            expires_on=None if expires is None else answer.asked_on + expires,
            note=answer.note.strip(),
            channels=frozenset(services.policy.channel(channel).id for channel in answer.channels),
            name=answer.name.strip(),
            guardian=answer.guardian.strip(),
            same_as=answer.same_as,
        )
        for index, box in enumerate(answer.boxes or (None,))
    ]


def _id_of(answer: Answer, index: int) -> str:
    if not answer.entered_as:
        return uuid4().hex
    return uuid5(NAMESPACE_OID, f"{answer.entered_as} {index}").hex


@for_roles(Duty.READ_ANSWERS)
def list_consents(
    services: Services, actor: Actor, *, photo: str | None = None, event: str | None = None
) -> list[VerbalConsent]:
    """Return the answers on file, the newest first.

    Those about a photo (SHA-256), about an event (id) and its photos, or all.
    """
    with services.reading() as unit:
        consents = unit.decisions.consents()
        of_event = set(unit.photos.photos_of_event(event)) if event is not None else set()
    return [
        consent
        for consent in reversed(consents)
        if (photo is None or consent.photo_sha256 == photo)
        and (event is None or consent.event_id == event or consent.photo_sha256 in of_event)
    ]
