"""One error tree. str(error) is a sentence that says what to do next, and the class owns it.

Said once, a sentence is raised with its category: `BadInputError("Give the piece a title.")`. Said
in two places, or caught by somebody, it is a class that takes the facts and says the sentence; in
the module of the use case, or here if several rooms say it. The facts that a catcher asks for are
its attributes. The categories are what the two translators know: pages.ui.errors and
consent.cli.failures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from consent.domain.actors import Role


class ConsentError(Exception):
    """Anything the program refuses or cannot do.

    Attributes:
        answered_by: what else can be said for it to be done, by the names of the use case, with
            the value if it is known. Each door names what it has for that.
        command: that shows or does what the sentence speaks of, such as "likeness print list".
    """

    answered_by: Mapping[str, str] = MappingProxyType({})
    command = ""

    def __init__(self, *said: object, command: str = "") -> None:
        """Take the sentence, and the command that helps, which only the command line names."""
        super().__init__(*said)
        if command:
            self.command = command

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the sentence as it was said, whatever facts the class takes."""
        return type(self).__new__, (type(self),), {**self.__dict__, "args": self.args}


class BadInputError(ConsentError):
    """Something given is missing, malformed or contradicts itself."""


class NotFoundError(ConsentError):
    """Something named does not exist."""


class ConflictError(ConsentError):
    """Somebody else changed the same thing, or it is there already."""


class RefusedError(ConsentError):
    """The role of the one who asks does not allow it."""


class SetupError(ConsentError):
    """The installation is incomplete: weights, policy file, database."""


class PolicyError(SetupError):
    """The policy file cannot be used."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        """Name the line, from 1, unless no single one is at fault."""
        super().__init__(sentence if line is None else f"Line {line}: {sentence}")
        self.line = line


class LostEntriesError(SetupError):
    """A case is there of which nothing is told any more."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"The register is damaged: of R-{number:04d} no entry or no person is left. Run "
            "likeness doctor to see what is wrong, and restore a backup with likeness restore."
        )


class NotRecordedError(BadInputError):
    """What was handed in lacks something, or is too long."""

    def __init__(self, problems: Iterable[str]) -> None:
        super().__init__(f"Not recorded: {'; '.join(problems)}.")


class DayToComeError(BadInputError):
    """Something is said to have happened on a day that has not come yet."""

    def __init__(self, denial: str, day: date) -> None:
        """Begin with a denial, such as "It cannot have been received"."""
        super().__init__(
            f"{denial} on {day:%B} {day.day}, {day.year}: the date can't be in the future."
        )


class NoReasonError(BadInputError):
    """A step in the life of a case is entered without a word of why."""

    def __init__(self, step: str) -> None:
        """Name the step, such as "it is amended"."""
        super().__init__(f"Enter in a few words why {step}.")


class EnteredByMistakeError(ConflictError):
    """A case is to be changed of which nothing holds: nobody asked for it."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"{label} was entered by mistake and is not in effect. Record a new revocation instead."
        )


class NotInWritingError(BadInputError):
    """A writing is wanted, and what came is none."""

    def __init__(self) -> None:
        super().__init__("A revocation must be in writing. Record a spoken request as a hold.")


class NoSuchReferenceError(NotFoundError):
    """A case has no reference face by that id, or not any more."""

    def __init__(self, label: str) -> None:
        super().__init__(f"{label} has no such photo of the person: it was removed already.")


_ASK = "Ask one of them, or sign in with that role if you have it."
_CHANGE = "The library's policy gives this to no role: ask your IT to change the policy file."


class WrongRoleError(RefusedError):
    """Something is for certain roles, and the one who asks has another."""

    def __init__(self, rule: str, allowed: Collection[Role]) -> None:
        """Begin with the rule, such as "Appeals are decided by"."""
        super().__init__(f"{for_these(rule, allowed)} {_ASK if allowed else _CHANGE}")
        self.allowed = frozenset(allowed)


def for_these(rule: str, allowed: Collection[Role]) -> str:
    """Say a rule, such as "Appeals are decided by", with its roles."""
    roles = ", ".join(sorted(role.words.lower() for role in allowed))
    if len(allowed) == 1:
        rule = rule.replace("Only these roles", "Only people with this role")
    return f"{rule}: {roles or 'nobody'}."


class SamePersonError(RefusedError):
    """Something wants a second person, and the first one agrees to their own."""

    def __init__(self) -> None:
        super().__init__(
            "The second person can't be the same as the first: ask a colleague to sign in and "
            "agree."
        )


class PhotoNotIndexedError(NotFoundError):
    """Nothing is known of a photo that a use case is about."""

    def __init__(self, sha256: str) -> None:
        super().__init__(
            f"The photo {sha256[:12]}... is not in the index: check or index it first."
        )
        self.sha256 = sha256


class NoSuchEventError(NotFoundError):
    """No event goes by that name or id."""

    def __init__(self, named: str) -> None:
        super().__init__(
            f"No event is called {named.strip()!r}: check the name, or enter the event under Ask "
            "people.",
            command="likeness index --event",
        )


class NoSuchTakedownError(NotFoundError):
    """No takedown goes by that label."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"There is no takedown {label}: look for it under Takedowns.",
            command="likeness takedowns list",
        )
