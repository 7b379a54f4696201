"""The demonstration: no sign-in, on the sample photos alone.

Whether a data home may be opened so is decided by what is in its database, not by a setting: the
accounts of the demonstration are made only where nothing but sample photos is, and end as soon as
anybody has an account of their own, or a case is entered in another name, as by a command.
"""

from __future__ import annotations

from collections.abc import Sequence

from consent.access.accounts import has_accounts
from consent.access.secrets import new_id
from consent.access.sign_in import Entrance, begin_session
from consent.domain.access import Account, AccountKind, SessionKind, Stage
from consent.domain.actors import Role
from consent.domain.errors import SetupError
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork

EVERYBODY = "Demo"
_NAMES = {role: f"Demo {role.words.lower()}" for role in Role}


class NotTheSamplesError(SetupError):
    """A data home that holds something of its own cannot be opened without a sign-in."""

    def __init__(self, home: object, what: str) -> None:
        super().__init__(
            f"The data home {home} holds {what}, and the demonstration works only with the "
            "sample photos: open it with likeness serve, or set LIKENESS_HOME to an empty "
            "folder."
        )


def prepare_demo(services: Services) -> None:
    """Make the accounts of the demonstration, once, where nothing but the sample photos is.

    Raises:
        NotTheSamplesError: something else is here, or somebody has an account.
    """
    home = services.settings.home
    if has_accounts(services):
        raise NotTheSamplesError(home, "accounts")
    with services.writing() as unit:
        if known := demo_accounts(unit):
            _require_own_cases(services, unit, known)
            return
        if unit.register.revocations():
            raise NotTheSamplesError(home, "revocations")
        counts = unit.photos.counts()
        of_samples = unit.photos.paths_below(services.settings.samples.resolve())
        if counts["places"] + counts["problems"] > len(of_samples):
            raise NotTheSamplesError(home, "photos of its own")
        for name, roles in ((EVERYBODY, frozenset(Role)), *_one_role_each()):
            unit.access.put_account(
                Account(new_id(), name, AccountKind.DEMO, roles, services.now())
            )
        unit.commit()


def open_demo(services: Services, name: str = EVERYBODY) -> Entrance:
    """Begin a session of the demonstration.

    Raises:
        NotTheSamplesError: this data home is not the demonstration's, or no more.
    """
    if has_accounts(services):
        raise NotTheSamplesError(services.settings.home, "accounts")
    with services.writing() as unit:
        accounts = demo_accounts(unit)
        found = next((account for account in accounts if account.name == name), None)
        if found is None:
            raise NotTheSamplesError(services.settings.home, "no such account")
        _require_own_cases(services, unit, accounts)
        entrance = begin_session(services, unit, found, SessionKind.WEB, Stage.OPEN)
        unit.commit()
    return entrance


def demo_names() -> list[str]:
    """Return as whom the demonstration can be tried."""
    return [EVERYBODY, *_NAMES.values()]


def _require_own_cases(services: Services, unit: UnitOfWork, known: Sequence[Account]) -> None:
    """Refuse where a case was not entered in the demonstration: it may be of a real person."""
    people = [account.actor() for account in known]
    for case in unit.register.revocations():
        entered_by = case.history[0].actor
        if not any(entered_by.is_same_person(person) for person in people):
            raise NotTheSamplesError(
                services.settings.home,
                f"a case that was not entered in the demonstration ({case.label})",
            )


def _one_role_each() -> list[tuple[str, frozenset[Role]]]:
    return [(name, frozenset({role})) for role, name in _NAMES.items()]


def demo_accounts(unit: UnitOfWork) -> list[Account]:
    """Return the accounts of the demonstration."""
    return [account for account in unit.access.accounts() if account.kind is AccountKind.DEMO]
