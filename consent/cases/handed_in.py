"""What the program has of a portrait that lies nowhere else, and how it goes with the face.

A portrait may have come as an upload to be checked before anybody handed it in for a case. What
that has left goes whichever way the face goes: taken back, objected to, asked to, destroyed.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from consent.cases.open import REFERENCE
from consent.services import Services
from consent.storage.file_steps import remove
from consent.storage.photo_files import UPLOADED
from consent.storage.thumbnails import forget_thumbnail, thumbnail
from consent.storage.unit_of_work import UnitOfWork


@dataclass(slots=True)
class HandedIn:
    """What there is of portraits that only some cases use.

    Attributes:
        photos: their SHA-256.
        encoded: by photo, the faces with encodings in the index.
        faces: by photo, all faces: encodings that a backup brought back may be unreadable.
        thumbnails: the photos that have one.
        uploads: files that were dropped on a page.
        drafts: folders of unfinished forms.
        jobs: ids of the jobs that name them.
        clearances: ids of the verdicts on them, which hold their file names.
        places: where they lay among the uploads.
    """

    photos: set[str] = field(default_factory=set)
    encoded: dict[str, list[int]] = field(default_factory=dict)
    faces: dict[str, list[int]] = field(default_factory=dict)
    thumbnails: list[str] = field(default_factory=list)
    uploads: list[Path] = field(default_factory=list)
    drafts: list[Path] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    clearances: list[int] = field(default_factory=list)
    places: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Say whether anything is left of them that can go."""
        return any(
            (
                self.encoded,
                self.thumbnails,
                self.uploads,
                self.drafts,
                self.jobs,
                self.clearances,
                self.places,
            )
        )


def handed_in_for(services: Services, unit: UnitOfWork, case_ids: Collection[str]) -> HandedIn:
    """Return what there is of the portraits that came for these cases and no other one uses."""
    came_with, others = came_for(unit, case_ids), set[str]()
    for template in unit.register.templates():
        own = template.revocation_id in case_ids
        (came_with if own else others).add(template.photo_sha256)
    return handed_in_as(services, unit, came_with - others)


def came_for(unit: UnitOfWork, case_ids: Collection[str]) -> set[str]:
    """Return the photos that were handed in for cases, also those that were erased since."""
    return {
        seen.photo_sha256
        for seen in unit.decisions.person_decisions(cases=sorted(case_ids))
        if seen.note == REFERENCE
    }


def handed_in_as(services: Services, unit: UnitOfWork, photos: Collection[str]) -> HandedIn:
    """Return what there is of photos that are there for a reference alone."""
    found = HandedIn(portraits_alone(unit, photos))
    if not found.photos:
        return found
    wanted = sorted(found.photos)
    photos = unit.photos.fingerprints(wanted)
    for sha256, photo in photos.items():
        found.faces[sha256] = [face.index for face in photo.faces]
        if encoded := [face.index for face in photo.faces if face.encodings]:
            found.encoded[sha256] = encoded
    found.thumbnails = [
        sha256 for sha256 in wanted if thumbnail(services.settings.thumbnails, sha256) is not None
    ]
    found.places = sorted(
        path
        for paths in unit.photos.places_of(wanted).values()
        for path in paths
        if path.startswith(UPLOADED)
    )
    found.jobs = unit.jobs.mentioning(found.photos)
    found.clearances = unit.decisions.clearances_of(found.photos)
    sizes = {photo.byte_size for photo in photos.values()}
    found.uploads = _same_bytes(services.settings.uploads, found.photos, sizes)
    found.drafts = services.drafts.with_files(found.photos)
    return found


def erase_handed_in(services: Services, unit: UnitOfWork, found: HandedIn) -> None:
    """Erase it; the caller commits, and the files go after that, at the next start at the latest.

    Hashes and spots stay, so that copies are still found where the case still holds.
    """
    for path in (*found.uploads, *found.drafts):
        remove(path, services.settings.home)
    for sha256 in found.photos:
        forget_thumbnail(services.settings.thumbnails, sha256)
    for sha256, faces in found.faces.items():
        unit.photos.forget_encodings(sha256, faces)
    # Where they were dropped to be checked: what is searched has nothing of them any more.
    unit.photos.forget(found.places)
    unit.jobs.forget(found.jobs)
    unit.audit.touched("clearance", [(number,) for number in found.clearances])
    unit.decisions.remove_clearances(found.clearances)


def portraits_alone(unit: UnitOfWork, photos: Collection[str]) -> set[str]:
    """Return which photos are there for a reference alone: of no event, not out, on no disk.

    Where one was dropped on a page to be checked is no place where it lies.
    """
    wanted = sorted(photos)
    lying = {
        sha256
        for sha256, paths in unit.photos.places_of(wanted).items()
        if not all(path.startswith(UPLOADED) for path in paths)
    }
    out = {made.photo_sha256 for made in unit.publications.all(wanted, planned=True)}
    return set(wanted) - lying - out - set(unit.events.of_photos(wanted))


def _same_bytes(folder: Path, digests: set[str], sizes: set[int]) -> list[Path]:
    """Return the files below a folder of one of these SHA-256, each of one of these sizes."""
    found = []
    for path in sorted(folder.rglob("*")):
        # Who dropped it may be done with it at this moment.
        with contextlib.suppress(FileNotFoundError):
            if (
                path.is_file()
                and path.stat().st_size in sizes
                and hashlib.sha256(path.read_bytes()).hexdigest() in digests
            ):
                found.append(path)
    return found
