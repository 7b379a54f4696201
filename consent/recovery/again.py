"""What a backup brought back, and was destroyed or erased after it was made, goes again.

Whatever brought it back: `likeness restore`, the database's own programs or a copy of the disk.
"""

from __future__ import annotations

from collections.abc import Iterator

from consent.domain.actors import Actor, Role
from consent.domain.faces import Faces
from consent.domain.wording import counted
from consent.retention.dispose import destroy_again, disposal_named
from consent.retention.erase import erase_again, erase_portraits_again
from consent.retention.faces import choose_faces
from consent.services import Services

_BY_ITSELF = Actor("likeness", Role.DIRECTOR)


def remove_again(services: Services, actor: Actor) -> Iterator[str]:
    """Destroy and erase what was destroyed and erased since the backup was made, and say what."""
    if destroyed := destroy_again(services, actor):
        labels = ", ".join(
            case.label
            for disposal in destroyed
            for case in disposal_named(services, disposal.label)[1]
        )
        yield f"Destroyed again, because it was destroyed after the backup was made: {labels}."
    if erased := erase_again(services, actor):
        whose = "face" if len(erased) == 1 else "faces"
        yield (
            f"Erased again, because it was erased after the backup was made: the {whose} of "
            f"{', '.join(erased)}."
        )
    if photos := erase_portraits_again(services, actor):
        yield (
            f"Erased again: {counted(photos, 'photo')} given for cases that were recorded, and "
            "whose faces were erased, after the backup was made."
        )
    if (chosen := _choose_faces_again(services)) is not None:
        mode = chosen.words.lower()
        yield f"Less is kept of faces, as chosen after the backup was made: {mode}."


def _choose_faces_again(services: Services) -> Faces | None:
    """Erase what the library chose not to keep of faces since the backup was made."""
    noted = services.keys.noted_faces()
    if noted is not None and Faces(noted).keeps_less_than(services.faces):
        why = "An earlier backup was restored."
        choose_faces(services, Faces(noted), why, _BY_ITSELF, replaced_too=False)
        return Faces(noted)
    return None
