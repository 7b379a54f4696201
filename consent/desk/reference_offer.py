"""The faces of a reference photo, offered to pick from before anything is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consent.desk.references import Reference, ReferenceFace, look_at, plain_face
from consent.errors import BadInputError
from media_index.images import crop, jpeg
from media_index.quality import light_of

if TYPE_CHECKING:
    from consent.services import Services
    from media_index.types import Fingerprint


@dataclass(frozen=True, slots=True, eq=False)
class OfferedFaces:
    """A reference photo and its faces.

    Attributes:
        content: the file's bytes.
        name: of the file.
        photo: fingerprint.
        crops: JPEG bytes of each face with some surroundings.
        lights: mean grey of each face, 0 to 255.
        plain: index of the face the photo is plainly of; None if one has to be picked.
    """

    content: bytes
    name: str
    photo: Fingerprint
    crops: tuple[bytes, ...]
    lights: tuple[float, ...]
    plain: int | None

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
        raise BadInputError(
            f"{name}: no face was found. Take a photo that shows the face from the front.",
        )
    plain = plain_face(photo)
    return OfferedFaces(
        content=content,
        name=name,
        photo=photo,
        crops=tuple(jpeg(crop(picture, face.box)) for face in photo.faces),
        lights=tuple(light_of(picture, face.box) for face in photo.faces),
        plain=None if plain is None else plain.index,
    )
