"""The register as one screen shows it: read once, and again only when something has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from consent.register.reminders import reminders_of
from consent.register.search import search_among

if TYPE_CHECKING:
    from datetime import date

    from consent.domain import Actor, Revocation
    from consent.register.reminders import Reminder
    from consent.register.search import RegisterEntry, RegisterQuery
    from consent.services import Services


@dataclass(frozen=True, slots=True)
class RegisterOverview:
    """All cases and what wants attention, as they stood.

    Attributes:
        place: of the log's last entry; whatever changes is entered there.
        day: on the library's calendar; states and reminders depend on it.
        cases: by number.
        reminders: the most urgent first.
    """

    place: int
    day: date
    cases: tuple[Revocation, ...]
    reminders: tuple[Reminder, ...]

    def answers(
        self, services: Services, query: RegisterQuery, actor: Actor
    ) -> list[RegisterEntry]:
        """Return the cases that answer a query, as the actor may see them."""
        return search_among(services, self.cases, query, actor)

    def branches(self) -> list[str]:
        """Return the branches where anything was received, for a filter."""
        found = {case.receipt.branch.strip() for case in self.cases}
        return sorted(found - {""})


def view_register(services: Services, known: RegisterOverview | None = None) -> RegisterOverview:
    """Return the register as it stands.

    Args:
        services: adapters.
        known: as read before; returned again if nothing has changed since.
    """
    today = services.today()
    with services.reading() as unit:
        place = unit.audit.last_place()
        if known is not None and (known.place, known.day) == (place, today):
            return known
        cases, templates = unit.register.revocations(), unit.register.templates()
    return RegisterOverview(
        place, today, tuple(cases), tuple(reminders_of(services, cases, templates))
    )
