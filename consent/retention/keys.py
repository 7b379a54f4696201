"""The master key of a home: made, told of, and put in place of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from consent.domain.actors import Actor
from consent.domain.errors import ConflictError
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.services import Services
from consent.settings import Settings
from consent.storage.engine import key_of_home
from consent.storage.keys import KeyPlace, MasterKey, wrap


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What may be said of a key: its id, where it is, and whether it was made just now.

    Attributes:
        replaced: the id of the key that was in use before it.
    """

    id: str
    place: str
    made: bool = False
    replaced: str = ""

    def sentence(self) -> str:
        """Say where it is, and what to do about it."""
        made = "was made" if self.made else "is"
        said = (
            f"The key of the register, {self.id}, {made} in {self.place}. Keep a copy of it "
            "elsewhere, apart from the backups: without it nobody can read the register."
        )
        if self.replaced:
            said += (
                f" Backups made until now still need the key before, {self.replaced}: keep its "
                "copy as long as you keep them."
            )
        return said


def make_key(settings: Settings) -> KeyFacts:
    """Make the key of this account, before the first start.

    Raises:
        ConflictError: there is one, or the register is kept by one that is not there.
        SetupError: the database cannot be reached.
    """
    place = KeyPlace(settings)
    if place.read() is None and (kept_by := key_of_home(settings.url)):
        raise ConflictError(
            f"The register is protected by the key {kept_by}, and a new key can't open it: put the "
            f"copy of that key in {place.words}. Nothing was changed."
        )
    return KeyFacts(place.make().id, place.words, made=True)


def key_in_use(services: Services) -> KeyFacts:
    """Say by which key the home is kept."""
    place = _place(services)
    key = place.read()
    return KeyFacts("" if key is None else key.id, place.words, services.keys.made)


def tell_of_new_key(services: Services, say: Callable[[str], None]) -> None:
    """Say where the key is that this start has made; later starts say nothing."""
    if services.keys.made:
        say(key_in_use(services).sentence())


@for_roles(Duty.CHANGE_KEY)
def rotate_key(services: Services, actor: Actor) -> KeyFacts:
    """Put a new master key in place of the one in use.

    What is kept by the home's own secret stays as it is: the new key wraps the secret anew. Killed
    at any step, the next start goes on by the key that the home names.

    Raises:
        RefusedError: the role may not.
        SetupError: the key is given by the environment, or cannot be kept.
    """
    place = _place(services)
    before = place.read()
    coming: MasterKey = place.prepare_rotation()
    with services.writing() as unit:
        unit.wrap_home(coming.id, wrap(coming, services.keys.secret))
        unit.audit.append(Action.KEY_ROTATED, "key", actor, services.now(), {"key": coming.id})
        unit.commit()
    place.finish_rotation(coming.id)
    return KeyFacts(coming.id, place.words, made=True, replaced=before.id if before else "")


def _place(services: Services) -> KeyPlace:
    return services.keys.place or KeyPlace(services.settings)
