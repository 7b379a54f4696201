"""Whether faces are compared, and what is kept of them: the director's to say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from consent.domain.actors import Actor
from consent.domain.errors import BadInputError
from consent.domain.worded import Worded

# The resolution that the choice is made with in mind.
RESOLUTION = "https://www.ala.org/advocacy/intfreedom/facialrecognitionresolution"


class Faces(Worded):
    """What is done with faces, the most first."""

    INDEX = "index", "Compare faces, and keep a measurement of every face in photos, without names"
    REGISTER = "register", "Compare faces, and keep measurements only of people in the register"
    OFF = "off", "Compare no faces"

    def keeps_less_than(self, other: Faces) -> bool:
        """Say whether something that the other keeps is not kept."""
        order = tuple(Faces)
        return order.index(self) > order.index(other)


# What was measured of each (docs/model-card.md), and what follows from how it works.
MISSED: Mapping[Faces, str] = {
    Faces.INDEX: (
        "Missed in portraits of people who revoked: 0.73 % of their photos with one photo of "
        "the person on file, 0.16 % with three, with close matches in the index."
    ),
    Faces.REGISTER: (
        "Missed in the same portraits: 1.44 % with one photo of the person on file, 0.20 % with "
        "three, because no close match helps. If a photo's file is gone, such as one that was "
        "dropped on a page, it is not compared with people who revoke later. Each search reads "
        "all files again, which takes hours in a large archive."
    ),
    Faces.OFF: (
        "The program finds nobody by their face. Staff must look for the person in every new "
        "photo, and at every face that a person could recognize. Copies of photos known to show"
        " someone are still found: all that were measured."
    ),
}


@dataclass(frozen=True, slots=True)
class FacesChange:
    """The choice of another one."""

    mode: Faces
    reason: str
    at: datetime
    actor: Actor


class FacesOffError(BadInputError):
    """A face was to be kept where none is compared."""

    def __init__(self) -> None:
        super().__init__(
            "This library compares no faces and keeps none: leave out the saved face measurement. "
            "Photos known to show the person, and copies of these, are still found.",
            command="likeness faces show",
        )
