"""Reference photos: find the photo that is meant, and the face in it that is meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from consent.domain.decisions import FaceKind
from consent.domain.errors import BadInputError, NotFoundError
from consent.domain.intake import Reference, ReferenceFace
from consent.matching.face_kinds import FaceKinds
from consent.matching.gallery import Gallery, face_scores
from consent.services import Services
from consent.storage.photo_files import image_limits
from consent.storage.thumbnails import thumbnail
from consent.storage.unit_of_work import UnitOfWork
from media_index.errors import ImageError
from media_index.faces.quality import light_of
from media_index.files.places import Place, is_file_now, mode_of, place_of
from media_index.hashing.perceptual import sha256_hex
from media_index.images.decode import Picture, crop, jpeg
from media_index.images.reading import read_picture
from media_index.types import Face, Fingerprint, ProblemCode

# Below this a box is more often a hand or a pattern than a second person.
_LEAST_RIVAL_SCORE = 0.6
# A portrait: its face is in the middle, and so many times as large in area as any other.
_PORTRAIT = 1.25
_NO_PHOTO = (
    "this is no photo that the program can read: save the picture of the person as JPEG, or take a "
    "photo of them."
)


class NoFaceError(BadInputError):
    """A photo is handed in as a reference, and shows no face."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name}: no face was found. Take a photo that shows the face from the front, or "
            "record the revocation without a photo of the person."
        )


def read_reference(services: Services, reference: str, face: int | None = None) -> Reference:
    """Read the photo that a reference names.

    It is a path, or the SHA-256 (or its first 8 characters and more) of a photo in the index.

    Raises:
        NotFoundError: there is no such photo, or none of its places can be read.
    """
    path = place_of(reference)
    if _is_file(path):
        return Reference(_read(path), path.name, face)
    if not is_sha256_start(reference):
        raise NotFoundError(
            f"There is no photo {reference}: give a path, or the SHA-256 of a photo in the index."
        )
    with services.reading() as unit:
        places = unit.photos.places_starting(reference)
    if len({sha256 for sha256, _ in places}) > 1:
        raise BadInputError(f"{reference} matches several photos: give more of its SHA-256.")
    for _, text in places:
        if is_file_now(place := place_of(text)):
            return Reference(_read(place), place.name, face)
    raise NotFoundError(
        f"The photo {reference} is not where it was: give the path to a copy of it."
    )


def _is_file(place: Place) -> bool:
    """Say whether it is a file, or why nobody can tell."""
    try:
        if isinstance(place, Path):
            mode_of(place)
    except OSError as error:
        raise NotFoundError(
            f"{place} cannot be looked at ({error.strerror}): check its name, and that you may "
            "open its folder."
        ) from error
    return is_file_now(place)


def is_sha256_start(text: str) -> bool:
    """Say whether a text can be the SHA-256 of a photo, or enough of its beginning."""
    return re.fullmatch(r"[0-9a-f]{8,64}", text) is not None


def photo_named(services: Services, reference: str) -> str:
    """Return the SHA-256 of a photo given by a path or by its SHA-256, as `read_reference` does.

    Raises:
        NotFoundError: there is no such photo.
    """
    return sha256_of(read_reference(services, reference))


def _read(path: Place) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFoundError(
            f"{path} cannot be read ({error.strerror}): check that you may read it."
        ) from error


def sha256_of(reference: Reference) -> str:
    """Return the SHA-256 of a reference photo."""
    return sha256_hex(reference.content)


def find_face(services: Services, reference: Reference) -> ReferenceFace:
    """Find the face that a single reference means; see `find_faces`."""
    return find_faces(services, [reference])[0]


def find_faces(services: Services, references: Sequence[Reference]) -> list[ReferenceFace]:
    """Find the faces that the references of one person mean.

    A face that was named is taken; else the only one, or the one of a portrait. Where a photo
    shows several and none stands out, the one that matches the person's other references is
    taken, if just one does.

    Raises:
        BadInputError: a photo cannot be read, shows no face, or shows several of which none can
            be told to be meant; says which there are.
    """
    looked = [(reference, *look_at(services, reference)) for reference in references]
    meant = [_meant(services, photo, reference) for reference, photo, _ in looked]
    sure = [face for face in meant if face is not None]
    return [
        _reference_face(
            reference, photo, picture, face or _agreeing(services, reference, photo, sure)
        )
        for (reference, photo, picture), face in zip(looked, meant, strict=True)
    ]


def _reference_face(
    reference: Reference, photo: Fingerprint, picture: Picture, face: Face
) -> ReferenceFace:
    return ReferenceFace(
        photo=photo,
        face=face,
        crop=jpeg(crop(picture, face.box)),
        others=len(_rivals(photo.faces)) - 1,
        chosen=reference.face is not None,
        light=light_of(picture, face.box),
    )


def _agreeing(
    services: Services, reference: Reference, photo: Fingerprint, sure: Sequence[Face]
) -> Face:
    """Return the one face that matches the person's other references."""
    calibration, matching = services.calibration, services.policy.matching
    models, nobody = calibration.scales.keys(), _of_no_person(services, photo)
    faces = [
        face for face in photo.faces if models <= face.encodings.keys() and face.index not in nobody
    ]
    known = [face for face in sure if models <= face.encodings.keys()]
    if faces and known:
        scores = face_scores(calibration, faces, known).max(axis=1)
        alike = scores >= calibration.score_at(matching.review_per_million)
        if alike.sum() == 1:
            return faces[int(alike.argmax())]
    raise BadInputError(
        f"{reference.name}: there are several faces. Choose the right one: {_listed(photo.faces)}."
    )


def face_of_photo(
    services: Services, unit: UnitOfWork, photo_sha256: str, face: int
) -> ReferenceFace:
    """Return another face of a reference photo, as the index keeps it; its picture is smaller.

    Raises:
        NotFoundError: the photo is not kept, or has no such face.
        BadInputError: the face cannot be compared.
    """
    photo = unit.photos.fingerprints([photo_sha256]).get(photo_sha256)
    small = thumbnail(services.settings.thumbnails, photo_sha256)
    if photo is None or small is None:
        raise NotFoundError(
            "The photo is no longer kept: remove the face, and add the photo again with the right "
            "one."
        )
    if not 0 <= face < len(photo.faces):
        raise NotFoundError(f"There is no face {face}; the faces are {_listed(photo.faces)}.")
    meant = photo.faces[face]
    if not meant.encodings:
        raise BadInputError(
            "The program can't compare this face: remove the wrong one, and add another photo."
        )
    picture, _ = read_picture(small, image_limits(services.settings))
    picture = replace(picture, width=photo.width, height=photo.height)
    return ReferenceFace(
        photo=replace(photo, thumbnail=small),
        face=meant,
        crop=jpeg(crop(picture, meant.box)),
        others=len(_rivals(photo.faces)) - 1,
        chosen=True,
        light=light_of(picture, meant.box),
    )


def look_at(services: Services, reference: Reference) -> tuple[Fingerprint, Picture]:
    """Fingerprint a reference photo.

    Raises:
        BadInputError: it cannot be read.
    """
    try:
        return services.look_at_bytes(reference.content)
    except ImageError as error:
        said = _NO_PHOTO if error.code is ProblemCode.UNSUPPORTED_FORMAT else str(error)
        raise BadInputError(f"{reference.name}: {said}") from error


def _meant(services: Services, photo: Fingerprint, reference: Reference) -> Face | None:
    """Return the face that was named or stands out, or None if several might be meant."""
    faces = photo.faces
    if not faces:
        raise NoFaceError(reference.name)
    nobody = _of_no_person(services, photo)
    if reference.face is None:
        return plain_face(photo, nobody)
    if reference.face in nobody:
        raise BadInputError(
            f"{reference.name}: face {reference.face} was marked as no person. If that is wrong,"
            " check the photo and change it there first."
        )
    if not 0 <= reference.face < len(faces):
        raise BadInputError(
            f"{reference.name}: there is no face {reference.face}; the faces are {_listed(faces)}."
        )
    return faces[reference.face]


def plain_face(photo: Fingerprint, but: Collection[int] = ()) -> Face | None:
    """Return the face that a photo is plainly of: its only one, or a portrait's; None if unsure.

    Faces of no person, by index, are left out.
    """
    faces = [face for face in photo.faces if face.index not in but]
    return _portrait(photo, _rivals(faces) or faces) if faces else None


def _of_no_person(services: Services, photo: Fingerprint) -> frozenset[int]:
    """Return the faces of which somebody said that they are no person's, in it or a copy of it."""
    with services.reading() as unit:
        nobody = Gallery((), services.calibration, services.policy.matching)
        said = FaceKinds(services, unit, nobody).of(photo)
    return frozenset(
        index for index, decision in said.items() if decision.kind is FaceKind.NO_PERSON
    )


def _rivals(faces: Sequence[Face]) -> list[Face]:
    return [face for face in faces if face.detector_score >= _LEAST_RIVAL_SCORE]


def _portrait(photo: Fingerprint, faces: Sequence[Face]) -> Face | None:
    """Return the only face, or the one in the middle that is much larger than any other."""
    if len(faces) == 1:
        return faces[0]
    by_area = sorted(faces, key=lambda face: face.box.area, reverse=True)
    largest, next_largest = by_area[0], by_area[1]
    box = largest.box
    central = box.x1 <= photo.width / 2 <= box.x2 and box.y1 <= photo.height / 2 <= box.y2
    return largest if central and box.area >= _PORTRAIT * next_largest.box.area else None


def _listed(faces: Sequence[Face]) -> str:
    return ", ".join(
        f"{face.index} at ({face.box.x1}, {face.box.y1}, {face.box.x2}, {face.box.y2})"
        for face in faces
    )


@dataclass(frozen=True, slots=True, eq=False)
class OfferedFaces:
    """A reference photo and its faces.

    Attributes:
        crops: JPEG bytes of each face with some surroundings.
        lights: mean grey of each face, 0 to 255.
        plain: index of the face the photo is plainly of; None if one has to be picked.
        offered: indices of the faces to pick from, those that are hardly one last; without those of
            no person.
        unlikely: of these, the ones that are rather a hand or a pattern, or too little is seen of.
    """

    content: bytes
    name: str
    photo: Fingerprint
    crops: tuple[bytes, ...]
    lights: tuple[float, ...]
    plain: int | None
    offered: tuple[int, ...]
    unlikely: frozenset[int]

    def picked(self, face: int) -> ReferenceFace:
        """Return a face as the one meant."""
        return ReferenceFace(
            photo=self.photo,
            face=self.photo.faces[face],
            crop=self.crops[face],
            others=len(self.photo.faces) - 1,
            chosen=True,
            light=self.lights[face],
        )

    def reference(self, face: int) -> Reference:
        """Return what is recorded if this face is picked."""
        return Reference(self.content, self.name, face)


def offer_faces(services: Services, content: bytes, name: str) -> OfferedFaces:
    """Find the faces in a reference photo.

    Raises:
        BadInputError: it cannot be read, or shows no face.
    """
    photo, picture = look_at(services, Reference(content, name))
    if not photo.faces:
        raise NoFaceError(name)
    nobody = _of_no_person(services, photo)
    plain = plain_face(photo, nobody)
    unlikely = frozenset(
        face.index
        for face in photo.faces
        if face.detector_score < _LEAST_RIVAL_SCORE
        or (services.compares_faces and not face.encodings)
    )
    offered = [face.index for face in photo.faces if face.index not in nobody]
    return OfferedFaces(
        content=content,
        name=name,
        photo=photo,
        crops=tuple(jpeg(crop(picture, face.box)) for face in photo.faces),
        lights=tuple(light_of(picture, face.box) for face in photo.faces),
        plain=None if plain is None else plain.index,
        offered=tuple(sorted(offered, key=lambda index: index in unlikely)),
        unlikely=unlikely,
    )
