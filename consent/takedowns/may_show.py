"""Which photos can show a person so surely that they must come down: found without judging all."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from consent.domain.cases import Revocation, Template
from consent.domain.decisions import PersonDecision, same_face, still_confirmed
from consent.domain.faces import Faces
from consent.matching.gallery import passing_template, template_matrix
from consent.matching.one_person import shared
from consent.matching.trials import compared
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork
from media_index.matching.copies import KnownPhotos


def photos_that_may_show(
    services: Services, unit: UnitOfWork, case: Revocation, photos: Collection[str]
) -> set[str]:
    """Return those of some photos that can be blocked for a case: all that are, and a few others.

    A photo is blocked by what was decided on it, by a face, or as a copy of one, or of a part of
    one, in which the person was confirmed; a part only if it has the face that was decided on.
    """
    known = unit.register.of_same_people({case.id})
    decided = unit.decisions.person_decisions(cases=known)
    cases = unit.register.by_ids(known)
    templates = [template for of in sorted(known) for template in unit.register.templates(of)]
    lent = shared(cases, templates, decided, services.today()).templates
    own = [template for template in compared(unit, lent) if template.revocation_id == case.id]
    wanted, looked_at = set(photos), {decision.photo_sha256 for decision in decided}
    if unit.faces.mode() is not Faces.INDEX:
        if services.passing.is_held:
            # Which are alike is known once each is read and judged.
            return wanted
        # No face is compared before the work of the day; by place, only whole copies are sure.
        return wanted & looked_at | _copies(unit, sorted(wanted), sorted(looked_at))
    confirmed = [decision for decision in still_confirmed(decided) if decision.box is not None]
    shown = _faces(services, unit, confirmed)
    if len(shown) < len(confirmed):
        # A face that cannot be compared is known by its place, in whatever copy of its photo.
        return wanted
    found = wanted & looked_at | _copies(unit, sorted(wanted), sorted(looked_at))
    return found | wanted & _with_faces(services, unit, [*own, *shown])


def _faces(
    services: Services, unit: UnitOfWork, confirmed: Sequence[PersonDecision]
) -> list[Template]:
    """Return the faces decided on that can be compared, each as if it was somebody's alone."""
    photos = unit.photos.fingerprints(sorted({decision.photo_sha256 for decision in confirmed}))
    models = services.calibration.scales.keys()
    shown = []
    for number, decision in enumerate(confirmed):
        photo = photos.get(decision.photo_sha256)
        faces = () if photo is None else photo.faces
        face = next((face for face in faces if same_face(face.box, decision.box)), None)
        if face is not None and models <= face.encodings.keys():
            owner = f"face {number}"
            shown.append(passing_template(owner, decision.photo_sha256, face, services.now()))
    return shown


def _copies(unit: UnitOfWork, photos: Sequence[str], decided: Sequence[str]) -> set[str]:
    if not decided:
        return set()
    hashes = unit.photos.hashes(photos)
    known = KnownPhotos([(whole, trimmed) for _, whole, trimmed in hashes])
    return {
        hashes[copy.index][0]
        for _, whole, trimmed in unit.photos.hashes(decided)
        for copy in known.copies_of(whole, trimmed)
    }


def _with_faces(
    services: Services,
    unit: UnitOfWork,
    templates: Sequence[Template],
) -> set[str]:
    """Return the photos with a face that may match at the block threshold."""
    calibration = services.calibration
    block = calibration.score_at(services.policy.matching.block_per_million)
    found: set[int] = set()
    if templates:
        matrix = template_matrix(templates, calibration, block)
        found.update(services.vectors.possible(unit.photos, matrix))
    return {
        sha256
        for some in unit.photos.faces_by_id(sorted(found), list(calibration.scales))
        for sha256 in some.photos
    }
