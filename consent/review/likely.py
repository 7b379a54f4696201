"""Whom a face may be that cannot be compared surely: who was told of, and who is most alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from consent.domain.cases import Revocation, Template
from consent.domain.days import days_meant
from consent.domain.decide import IN_FORCE
from consent.domain.events import Event
from consent.domain.scope import looks_anywhere, looks_of, points_at
from consent.domain.verdicts import PhotoFacts
from consent.matching.gallery import stack
from consent.matching.trials import compared
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.matching.scores import fused_scores
from media_index.types import Box, Fingerprint


@dataclass(frozen=True, slots=True)
class Likely:
    """Somebody of the register to compare a face with.

    Attributes:
        template: the reference face that is most alike; None where none is kept.
        looks: what was told of how they look, where it fits this photo's occasion, or any.
        fits: it was told of this occasion.
    """

    case: Revocation
    template: Template | None
    looks: str
    fits: bool


def likely_people(
    services: Services,
    unit: UnitOfWork,
    photo: Fingerprint,
    boxes: Sequence[Box],
    events: Sequence[Event],
) -> list[Likely]:
    """Return everybody in force with a face or looks to compare with, the likeliest first.

    First those of whom it was told that they were there; then by how alike the faces are, however
    little that says of a face like this.
    """
    today = services.today()
    cases = [case for case in unit.register.revocations() if case.state(today) in IN_FORCE]
    alike = _most_alike(services, compared(unit, unit.register.templates()), photo, boxes)
    facts = _occasion(services, photo, events, unit.events.all())
    people = []
    for case in cases:
        locators = case.terms_on(today).locators
        fitting = [looks_of(locator) for locator in locators if points_at(locator, facts)]
        looks = "; ".join(part for part in (*fitting, *looks_anywhere(locators)) if part)
        score, template = alike.get(case.id, (float("-inf"), None))
        if template is not None or looks or fitting:
            people.append((not fitting, -score, Likely(case, template, looks, bool(fitting))))
    return [likely for *_, likely in sorted(people, key=lambda found: found[:2])]


def _most_alike(
    services: Services, templates: Sequence[Template], photo: Fingerprint, boxes: Sequence[Box]
) -> dict[str, tuple[float, Template]]:
    """Return by case the reference face that is most alike to any of some faces, and how much."""
    calibration = services.calibration
    models = calibration.scales.keys()
    faces = [face for face in photo.faces if face.box in boxes and models <= face.encodings.keys()]
    best: dict[str, tuple[float, Template]] = {}
    usable = [template for template in templates if models <= template.encodings.keys()]
    if faces and usable:
        scores = fused_scores(
            calibration,
            stack([face.encodings for face in faces], calibration),
            stack([template.encodings for template in usable], calibration),
        ).max(axis=0)
        for score, template in zip(scores.tolist(), usable, strict=True):
            known = best.get(template.revocation_id)
            if known is None or score > known[0]:
                best[template.revocation_id] = score, template
    for template in templates:
        # Nothing says how alike it is: the newest stands for the case.
        known = best.get(template.revocation_id)
        if known is None or (known[0] == float("-inf") and template.added_at > known[1].added_at):
            best[template.revocation_id] = float("-inf"), template
    return best


def _occasion(
    services: Services, photo: Fingerprint, events: Sequence[Event], known: Sequence[Event]
) -> PhotoFacts:
    """Return of which events and days a photo is, or may be."""
    taken = photo.exif.taken_at
    days = frozenset() if taken is None else days_meant(services.local(taken))
    return PhotoFacts(
        sha256=photo.sha256,
        events=tuple(events),
        maybe_on=days,
        same_day_as=frozenset(event.id for event in known if event.held_on in days),
    )
