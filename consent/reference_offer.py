"""The faces of a reference photo, offered to pick from before anything is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consent.errors import BadInputError
from consent.references import Reference, ReferenceFace, look_at, plain_face
from media_index.images import crop, jpeg

if TYPE_CHECKING:
    from consent.services import Services
    from media_index.types import Face, Fingerprint

# Encoders tell people apart well below these; a reference is compared with every photo from now
# on, and another picture is taken in ten seconds.
_GOOD_PX = 80
_GOOD_YAW = 35


@dataclass(frozen=True, slots=True, eq=False)
class OfferedFaces:
    """A reference photo and its faces.

    Attributes:
        content: the file's bytes.
        name: of the file.
        photo: fingerprint.
        crops: JPEG bytes of each face with some surroundings.
        plain: index of the face the photo is plainly of; None if one has to be picked.
    """

    content: bytes
    name: str
    photo: Fingerprint
    crops: tuple[bytes, ...]
    plain: int | None

    def picked(self, face: int) -> ReferenceFace:
        """Return a face as the one meant."""
        return ReferenceFace(
            photo=self.photo,
            face=self.photo.faces[face],
            crop=self.crops[face],
            others=len(self.photo.faces) - 1,
            chosen=True,
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
        raise BadInputError(
            f"{name}: no face was found. Take a photo that shows the face from the front.",
        )
    plain = plain_face(photo)
    return OfferedFaces(
        content=content,
        name=name,
        photo=photo,
        crops=tuple(jpeg(crop(picture, face.box)) for face in photo.faces),
        plain=None if plain is None else plain.index,
    )


def advice_on(face: Face) -> str | None:
    """Say what a better reference would show; None if this one is good."""
    if face.quality.size_px < _GOOD_PX:
        return "This face is small in the photo: if you can, add one taken from closer."
    if abs(face.quality.yaw) > _GOOD_YAW:
        return "This face is turned away: if you can, add one taken from the front."
    return None
