"""Whom a case is about, told one case at a time to roles that otherwise see numbers."""

from __future__ import annotations

from dataclasses import dataclass

from consent.cases.search import instead_of_names
from consent.domain.actors import Actor
from consent.domain.log import Action
from consent.domain.roles import Duty, for_roles
from consent.domain.withheld import Need
from consent.services import Services


@dataclass(frozen=True, slots=True)
class RevealedName:
    """Whom a case is about; no contact, and nothing that they wrote.

    Attributes:
        guardian: of a minor; else empty.
    """

    label: str
    name: str
    guardian: str


@for_roles(Duty.REVEAL_NAME)
def reveal_name(services: Services, label: str, need: Need, actor: Actor) -> RevealedName:
    """Return whom a case is about; that it was asked, and why, is in the log each time.

    Raises:
        NotFoundError: there is no such case.
    """
    with services.writing() as unit:
        case = unit.register.find(label)
        name = case.person.name or instead_of_names(unit, [case]).get(case.id, "")
        details = {"need": need.value}
        unit.audit.append(Action.NAME_REVEALED, case.id, actor, services.now(), details)
        unit.commit()
    return RevealedName(case.label, name, case.person.guardian or "")
