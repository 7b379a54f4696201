"""Erase the reference faces of a case, wherever they or what was made of them are kept.

| where | what is erased |
|---|---|
| template, template_encoding | the rows |
| vault | the crop, unless another case has the same |
| face_encoding | of a photo that was handed in for the reference and lies nowhere else |
| thumbnails, place | of such a photo |
| uploads, drafts, job, clearance | of such a photo, where all faces of the case go |
| vectors | all files beside the database; the next search makes them anew without these faces |
| close matches, in memory | forgotten by the next comparison |
| review_pair, review_search | the case's likenesses; those to what is left are looked for anew |
| reference_trial | the rows |
| the database's journal and free pages | written over, and cut off |
| copies of the home inside it (`home_copies`) | the folders |

Hashes and spots of a photo, in the database and in the folder `spots` beside it, and what somebody
decided on it stay, so that copies are still found. So does the evidence.
"""

from __future__ import annotations

from collections.abc import Collection

from consent.cases.handed_in import (
    HandedIn,
    came_for,
    erase_handed_in,
    handed_in_for,
    portraits_alone,
)
from consent.domain.cases import Template
from consent.domain.decisions import same_face
from consent.domain.retention import FaceErasure
from consent.domain.review import Origin
from consent.services import Services
from consent.storage.thumbnails import forget_thumbnail
from consent.storage.unit_of_work import UnitOfWork

# By which the log's entry of an erasure names it.
ERASURE = "erasure"


def erase_templates(
    services: Services, unit: UnitOfWork, revocation_id: str, only: str | None = None
) -> int:
    """Erase a case's reference faces, or only one of them, and return how many.

    The caller commits; the files go after it, at the next start at the latest.
    """
    gone: list[Template] = []
    left: list[Template] = []
    for template in unit.register.templates():
        meant = template.revocation_id == revocation_id and only in {None, template.id}
        (gone if meant else left).append(template)
    # Also if no face was kept: of a portrait that was checked first, there is one in the index.
    handed_in = HandedIn() if only else handed_in_for(services, unit, [revocation_id])
    erase_handed_in(services, unit, handed_in)
    if gone or handed_in:
        services.vectors.forget()
        unit.erases(copies_in=services.settings.home)
    if not gone:
        return 0
    for crop in {template.crop for template in gone} - {template.crop for template in left}:
        services.vault.erase(crop)
    _erase_from_index(services, unit, gone, left)
    unit.review.remove_of_cases([revocation_id], Origin.SEARCH)
    unit.review.forget_searches([revocation_id])
    unit.audit.touched("template", [(template.id,) for template in gone])
    ids = {template.id for template in gone}
    unit.references.forget(ids)
    unit.audit.touched("template_encoding", unit.register.erase_templates(ids))
    return len(gone)


def note_erasure(
    services: Services,
    unit: UnitOfWork,
    own: str,
    case_ids: Collection[str],
    *,
    portraits: bool,
) -> None:
    """Remember outside the home that these cases' faces are erased.

    The entry of it in the log names its id, `own` (`ERASURE`). It is noted before the commit: too
    early rather than never. What was noted for these cases by an erasure that was not committed is
    removed from the list.

    Raises:
        SetupError: it cannot be kept.
    """
    noted = services.keys.erasures()
    done = logged_erasures(unit, {case_id for erasure in noted for case_id in erasure.cases})
    given_up = [
        erasure
        for erasure in noted
        if erasure.id not in done and set(erasure.cases) <= set(case_ids)
    ]
    portraits = portraits or any(erasure.portraits for erasure in given_up)
    names = map(services.keys.seal.name_for, came_for(unit, case_ids))
    erasure = FaceErasure(own, tuple(sorted(case_ids)), portraits, tuple(sorted(names)))
    services.keys.note_erasures([*(one for one in noted if one not in given_up), erasure])


def logged_erasures(unit: UnitOfWork, case_ids: Collection[str]) -> set[str]:
    """Return the ids of erasures that the log tells of, of these cases."""
    return {
        str(entry.details[ERASURE])
        for entry in unit.audit.entries_of(sorted(case_ids))
        if ERASURE in entry.details
    }


def _erase_from_index(
    services: Services, unit: UnitOfWork, gone: list[Template], left: list[Template]
) -> None:
    """Erase what the index holds of photos that are there for a reference alone."""
    photos = portraits_alone(unit, {template.photo_sha256 for template in gone})
    for sha256, photo in unit.photos.fingerprints(sorted(photos)).items():
        kept = [template.box for template in left if template.photo_sha256 == sha256]
        unit.photos.forget_encodings(
            sha256,
            [
                face.index
                for face in photo.faces
                if not any(same_face(face.box, box) for box in kept)
            ],
        )
        if not kept:
            forget_thumbnail(services.settings.thumbnails, sha256)
            # Where it was dropped to be checked: what is searched has nothing of it any more.
            unit.photos.forget(unit.photos.places_of([sha256]).get(sha256, []))
