"""References that match more photos than one person is in: found before they block or ask.

A half-hidden head or a blurred one is like many faces, and like some things that are none. What is
withheld so is said wherever photos are compared, until a person confirms it or takes another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from consent.domain.actors import Actor, Role
from consent.domain.cases import Template
from consent.domain.changes import RegisterChanged
from consent.domain.decide import IN_FORCE
from consent.domain.errors import NotFoundError
from consent.domain.faces import Faces
from consent.domain.log import Action
from consent.domain.references import ReferenceTrial, floods
from consent.domain.roles import Duty, for_roles
from consent.domain.signals import Match
from consent.matching.gallery import Gallery, face_scores, pictured
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.limits import FLOODING

_SELF = Actor("likeness", Role.ADMIN)
# Of more, to read every reference takes less than to ask for theirs.
_FEW = 100
# Of so many photos, the faces that a reference matches are compared with one another.
_COMPARED = 24


@dataclass(frozen=True, slots=True)
class WithheldReference:
    """A reference face that photos are not compared with yet.

    Attributes:
        label: of the case.
        only: whether the case has no other, so that no comparison can find the person.
    """

    trial: ReferenceTrial
    label: str
    crop: str
    only: bool


def compared(unit: UnitOfWork, templates: Sequence[Template]) -> list[Template]:
    """Return the reference faces that photos are compared with: those not withheld."""
    withheld = unit.references.withheld()
    return [template for template in templates if template.id not in withheld]


def try_references(services: Services, _change: RegisterChanged | None = None) -> None:
    """Try the references that nobody has tried, or only when the index was much smaller.

    Those withheld before it was looked at whether they match one person, too.

    Confirmed ones stay confirmed.
    """
    with services.reading() as unit:
        if unit.faces.mode() is not Faces.INDEX:
            # Every file would have to be read for it: a sweep says what floods.
            return
        photos = unit.photos.count()
        withheld = unit.references.withheld()
        unsure = {template for template, trial in withheld.items() if trial.alike is None}
        due = unit.references.due(photos) | unsure
        found: list[ReferenceTrial] = []
        if due:
            found = _trials(services, unit, due, photos)
    if not found:
        return
    with services.writing() as unit:
        there = set(unit.register.template_ids())
        before = unit.references.withheld()
        for trial in found:
            if trial.template_id not in there:
                continue
            unit.references.add(trial)
            if trial.withheld != (trial.template_id in before):
                action = Action.TEMPLATE_WITHHELD if trial.withheld else Action.TEMPLATE_CONFIRMED
                details = {
                    "template": trial.template_id,
                    "photos": trial.photos,
                    "matched": trial.matched,
                }
                unit.audit.append(action, trial.revocation_id, _SELF, trial.at, details)
        unit.commit()


def _trials(
    services: Services, unit: UnitOfWork, due: Collection[str], photos: int
) -> list[ReferenceTrial]:
    """Search the index for each reference alone, all at once."""
    known = _beside(unit, due)
    templates = [template for template in known if template.id in due]
    cases = unit.register.by_ids({template.revocation_id for template in templates})
    taken = pictured(services, unit, cases, known)
    alone = [replace(template, revocation_id=template.id) for template in templates]
    of_template = {
        template.id: taken[template.revocation_id]
        for template in templates
        if template.revocation_id in taken
    }
    gallery = Gallery(alone, services.calibration, services.policy.matching, of_template)
    faces: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    likest: dict[str, dict[str, Match]] = defaultdict(dict)
    for sha256, found in gallery.search(services, unit):
        faces[found.revocation_id][sha256] += 1
        before = likest[found.revocation_id].get(sha256)
        if before is None or found.match.score > before.score:
            likest[found.revocation_id][sha256] = found.match
    # In an animation one person is there once in every frame.
    moving = unit.photos.moving()
    now = services.now()
    return [
        ReferenceTrial(
            template_id=template.id,
            revocation_id=template.revocation_id,
            photos=photos,
            matched=len(faces[template.id]),
            crowded=sum(
                count >= FLOODING.faces_of_one_photo and sha256 not in moving
                for sha256, count in faces[template.id].items()
            ),
            at=now,
            actor=_SELF,
            alike=_alike(services, unit, likest[template.id])
            if floods(len(faces[template.id]), photos)
            else 0.0,
        )
        for template in templates
    ]


def _alike(services: Services, unit: UnitOfWork, matches: Mapping[str, Match]) -> float:
    """Return the share of pairs of faces, one for each photo, that match one another."""
    # Named by a digest, the photos are in no order of time or place.
    some = sorted(matches)[:_COMPARED]
    known = unit.photos.fingerprints(some)
    faces = [
        face
        for sha256 in some
        if sha256 in known
        for face in known[sha256].faces
        if face.box == matches[sha256].box
        and services.calibration.scales.keys() <= face.encodings.keys()
    ]
    if len(faces) < 2:  # noqa: PLR2004 - a pair
        return 0.0
    per_million = services.policy.matching.review_for(minor=False, years=0.0, times=1.0)
    bar = services.calibration.score_at(per_million)
    scores = face_scores(services.calibration, faces, faces)
    pairs = scores[np.triu_indices(len(faces), k=1)]
    return float((pairs >= bar).mean())


def _beside(unit: UnitOfWork, due: Collection[str]) -> list[Template]:
    """Return some references, and the others of the same cases."""
    if len(due) > _FEW:
        return unit.register.templates()
    owners = unit.register.owners(due)
    return [template for owner in sorted(owners) for template in unit.register.templates(owner)]


@for_roles(Duty.DECIDE_LIKENESS)
def confirm_reference(
    services: Services, template_id: str, actor: Actor, *, taken_back: bool = False
) -> None:
    """Say that a reference is right, whatever it matches; photos are compared with it from now on.

    Taken back, it is withheld as before.

    Raises:
        NotFoundError: it is not withheld; or nobody has confirmed it.
    """
    with services.writing() as unit:
        trial = unit.references.last([template_id]).get(template_id)
        if trial is None or not trial.floods or trial.confirmed is not taken_back:
            raise NotFoundError(
                "Nobody has confirmed that photo of a person: reload the page."
                if taken_back
                else "No such photo of a person is withheld: reload the page.",
                command="likeness review references",
            )
        now = services.now()
        unit.references.add(replace(trial, at=now, actor=actor, confirmed=not taken_back))
        action = Action.TEMPLATE_WITHHELD if taken_back else Action.TEMPLATE_CONFIRMED
        unit.audit.append(action, trial.revocation_id, actor, now, {"template": template_id})
        case = unit.register.by_ids([trial.revocation_id])[0]
        unit.changes(RegisterChanged(actor, case.label))
        unit.commit()


@for_roles(Duty.READ_CASES)
def withheld_references(
    services: Services, unit: UnitOfWork, actor: Actor, labels: Iterable[str] | None = None
) -> list[WithheldReference]:
    """Return the references that photos are not compared with, of the cases in force.

    Of some cases, by label, or of all.
    """
    withheld = unit.references.withheld()
    if not withheld:
        return []
    cases = {
        case.id: case
        for case in unit.register.by_ids({trial.revocation_id for trial in withheld.values()})
    }
    wanted = None if labels is None else set(labels)
    found = []
    for case in cases.values():
        if case.state(services.today()) not in IN_FORCE or (
            wanted is not None and case.label not in wanted
        ):
            continue
        templates = unit.register.templates(case.id)
        only = all(template.id in withheld for template in templates)
        found += [
            WithheldReference(withheld[template.id], case.label, template.crop, only)
            for template in templates
            if template.id in withheld
        ]
    return found
