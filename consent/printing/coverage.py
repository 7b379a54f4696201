"""How many of the recognisable people in a photo were asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who was asked, in one photo.

    Attributes:
        people: whom a person could recognise, detected or drawn by hand.
        asked: of these, with a yes on file.
        as_a_room: of those asked, together with everybody in the room.
        refused: with a no on file.
    """

    people: int
    asked: int
    as_a_room: int = 0
    refused: int = 0

    @property
    def complete(self) -> bool:
        """Whether nobody is left to be asked."""
        return self.asked == self.people

    @property
    def words(self) -> str:
        """The same for people."""
        if not self.people:
            return "Nobody recognisable: nobody has to be asked."
        people = "person" if self.people == 1 else "people"
        room = f", {self.as_a_room} of them with the whole room" if self.as_a_room else ""
        no = f", {self.refused} said no" if self.refused else ""
        return f"{self.asked} of {self.people} recognisable {people} asked{room}{no}."
