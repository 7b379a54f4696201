"""Who acts here."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from consent.domain.worded import Worded


class Role(Worded):
    """What a staff member does here."""

    DESK = "desk", "Desk"
    COMMUNICATIONS = "communications", "Communications"
    PRINT_EDITOR = "print_editor", "Print editor"
    PHOTOGRAPHER = "photographer", "Photographer"
    DIRECTOR = "director", "Director"
    RECORDS = "records", "Records officer"
    ADMIN = "admin", "Administrator"


@dataclass(frozen=True, slots=True)
class Actor:
    """The staff member who acts; `id` is their name or account, as it stands in the log.

    Attributes:
        role: in which they act; the log keeps it.
        also: what else they are. It is looked up at each act, so no table holds it.
        proven: id of the account, if they have just shown who they are; see access/second.py.
    """

    id: str
    role: Role
    also: frozenset[Role] = field(default=frozenset(), compare=False, metadata={"stored": False})
    proven: str = field(default="", compare=False, metadata={"stored": False})

    @property
    def roles(self) -> frozenset[Role]:
        """Everything that they are."""
        return self.also | {self.role}

    def is_one_of(self, roles: Collection[Role]) -> bool:
        """Say whether they have one of some roles."""
        return not self.roles.isdisjoint(roles)

    def acting_as(self, role: Role) -> Actor:
        """Return them in another role of theirs.

        Raises:
            ValueError: they have none such.
        """
        if role not in self.roles:
            raise ValueError(f"{self.id} does not have the role {role}")
        return replace(self, role=role, also=self.roles)

    def is_same_person(self, other: Actor) -> bool:
        """Say whether two are one person: how a name is spelled makes no second one."""
        return _known_by(self.id) == _known_by(other.id)


def _known_by(name: str) -> str:
    """Return a name without what is nothing but spelling: width, case, spaces, invisible signs."""
    seen = "".join(
        letter
        for letter in unicodedata.normalize("NFKC", name).casefold()
        if unicodedata.category(letter) != "Cf"
    )
    return " ".join(unicodedata.normalize("NFKC", seen).split())
