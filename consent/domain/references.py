"""Whether a reference face may speak: tried against the index before it blocks or asks. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from consent.domain.actors import Actor
from consent.domain.wording import counted
from media_index.limits import FLOODING


def floods(matched: int, photos: int) -> bool:
    """Say whether more photos of the index match than a person is in."""
    limits = FLOODING
    enough = matched >= limits.least_matched and photos >= limits.least_photos
    return enough and matched > limits.most_share * photos


@dataclass(frozen=True, slots=True)
class ReferenceTrial:
    """How many photos a reference alone matches, or that a person has confirmed it.

    Attributes:
        photos: of the index, at that time.
        matched: photos of which a face matches.
        crowded: photos of which several faces match, although a person is in a photo once.
        alike: share of pairs of the faces it matches that match one another, 0 to 1: who gave the
            talk is in many photos, and in all of them the same person. None where that was not
            looked at.
        confirmed: a person has looked at the reference and says that it is right, whatever it
            matches.
    """

    template_id: str
    revocation_id: str
    photos: int
    matched: int
    crowded: int
    at: datetime
    actor: Actor
    confirmed: bool = False
    alike: float | None = None

    @property
    def floods(self) -> bool:
        """Whether it matches more than one person can be in."""
        of_one = self.alike is not None and self.alike >= FLOODING.one_person
        often = floods(self.matched, self.photos) and not of_one
        return often or self.crowded >= FLOODING.crowded_photos

    @property
    def withheld(self) -> bool:
        """Whether it neither blocks nor asks."""
        return self.floods and not self.confirmed

    @property
    def sentence(self) -> str:
        """What to do about a reference that floods."""
        share = f"{round(100 * self.matched / max(self.photos, 1))} % of your photos"
        crowd = (
            f", and in {counted(self.crowded, 'photo')} several faces at once"
            if self.crowded
            else ""
        )
        return (
            f"This picture matches {share}{crowd}. The program does not use it: take another "
            "photo, or confirm that it shows the person well."
        )
