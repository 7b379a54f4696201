"""A case of somebody in the sample photos: a newcomer sees all verdicts within a minute."""

from __future__ import annotations

from consent.cases.correct import enter_mistake
from consent.cases.open import record_revocation
from consent.domain.actors import Actor
from consent.domain.cases import State
from consent.domain.intake import Reference
from consent.domain.roles import Duty, for_roles
from consent.domain.terms import Method, NewRevocation, Submission
from consent.services import Services

_PERSON, _PICTURE = "Person of the samples", "obama.jpg"


@for_roles(Duty.TAKE_LETTERS)
def add_sample_case(services: Services, actor: Actor) -> str:
    """Record that the person of a sample photo revoked; returns the number.

    Raises:
        ConsentError: the photo or a model is missing.
    """
    content = (services.settings.samples / "originals" / _PICTURE).read_bytes()
    letter = Submission(services.today(), Method.LETTER, original_at="The sample photos")
    new = NewRevocation(_PERSON, letter, references=[Reference(content, _PICTURE)], keep_face=True)
    return record_revocation(services, new, actor).revocation.label


@for_roles(Duty.TAKE_LETTERS)
def sample_case(services: Services, actor: Actor) -> str:
    """Return the number of the sample case; empty while there is none."""
    today = services.today()
    with services.reading() as unit:
        cases = unit.register.revocations()
    of_samples = [
        case.label
        for case in cases
        if case.person.name == _PERSON and case.state(today) is not State.MISTAKEN
    ]
    return of_samples[-1] if of_samples else ""


@for_roles(Duty.TAKE_LETTERS)
def remove_sample_case(services: Services, actor: Actor) -> None:
    """Say of the sample case that it was none, which erases its face.

    Raises:
        ConsentError: somebody else may no longer do so today.
    """
    label = sample_case(services, actor)
    if label:
        enter_mistake(services, label, "It was a sample.", actor)
