"""Photos of the index whose faces no search compares, and what is said of them."""

from __future__ import annotations

from dataclasses import dataclass

from consent.domain.faces import Faces
from consent.domain.wording import counted
from consent.services import Services
from consent.storage.photo_files import UPLOADED, place_kept
from consent.storage.unit_of_work import UnitOfWork
from media_index.files.places import is_file_now

_WAITING = (
    "{photos} could not be compared yet: your IT must renew the index (likeness renew). Look at "
    "them yourself before you use them."
)
_DAMAGED = (
    "The face measurements of {faces} in the index are damaged: have your IT renew the index "
    "(likeness renew), and search again."
)
_GONE = (
    "{photos} could not be compared by face, because no file is left. Look at the published copies "
    "yourself, or drop the photo on Check again."
)


@dataclass(frozen=True, slots=True)
class NotCompared:
    """What a search passes over.

    Attributes:
        photos: how many must be read again, as `likeness renew` does: they have faces of another
            encoder, or faces or encodings of them got lost.
        gone: how many published ones cannot be read again, because no file of them is known.
        damaged: faces of which the last search found the encodings to be damaged.
    """

    photos: int = 0
    gone: int = 0
    damaged: int = 0

    @property
    def doubts(self) -> tuple[str, ...]:
        """What it means for a search, and what to do, as sentences."""
        said = []
        if self.photos:
            said.append(_WAITING.format(photos=counted(self.photos, "photo")))
        if self.damaged:
            said.append(_DAMAGED.format(faces=counted(self.damaged, "face")))
        return tuple(said)

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known beside them: nothing that is done to the index helps."""
        if not self.gone:
            return ()
        return (_GONE.format(photos=counted(self.gone, "published photo")),)


def not_compared(services: Services, unit: UnitOfWork) -> NotCompared:
    """Count the photos whose faces no search compares."""
    if unit.faces.mode() is not Faces.INDEX:
        return NotCompared()
    models = list(services.calibration.scales)
    photos, without = unit.photos.not_compared(models, services.comparability, UPLOADED)
    # Of others without a place, nothing is to be found: a portrait that was handed in, a photo that
    # was checked and not used. Dropped again, it is read again.
    out = {made.photo_sha256 for made in unit.publications.all(without, planned=True)}
    places = unit.photos.places_of(sorted(out))
    there = {
        sha256
        for sha256, texts in places.items()
        if any(is_file_now(place_kept(text, services.settings.uploads)) for text in texts)
    }
    damaged = services.vectors.unsound(unit.photos) - unit.photos.count_unreadable()
    return NotCompared(photos + len(there), len(out - there), max(0, damaged))
