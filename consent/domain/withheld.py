"""What of a case somebody gets who needs not know whom it is about: its number, and no names."""

from __future__ import annotations

from dataclasses import replace

from consent.domain.cases import CaseEvent, Revocation
from consent.domain.terms import Terms
from consent.domain.worded import Worded

WITHHELD = "(withheld)"


class Need(Worded):
    """Why somebody must know; chosen, not typed, so that no name reaches the log."""

    CALLED = "called", "They called, wrote or came, and gave this number"
    TAKEDOWN = "takedown", "A copy is taken down, and whoever has it asks"
    RECORDS = "records", "An open-records request, or a court"
    MISTAKEN = "mistaken", "It must be seen whether the right person is meant"


def without_names(case: Revocation) -> Revocation:
    """Return a case without names, contacts, and what people wrote, as that may name somebody.

    What a photo is found by stays: where to look, and what the person wore.
    """
    if case.person.name == WITHHELD:
        return case
    nobody = replace(
        case.person,
        name=WITHHELD,
        birth_year=None,
        guardian=WITHHELD if case.person.guardian else None,
    )
    return replace(case, person=nobody, history=tuple(map(_step_without_names, case.history)))


def _step_without_names(step: CaseEvent) -> CaseEvent:
    terms = None if step.terms is None else terms_without_names(step.terms)
    return replace(step, terms=terms, reason=WITHHELD if step.reason else "")


def terms_without_names(terms: Terms) -> Terms:
    """Return what a case says without what names people."""
    agreed = terms.template_agreement
    return replace(
        terms,
        submission=replace(terms.submission, evidence=(), original_at=""),
        requester=replace(
            terms.requester,
            name=WITHHELD if terms.requester.name else "",
            authority_note="",
            contact="",
            preferred_contact="",
        ),
        locators=tuple(replace(hint, companions="") for hint in terms.locators),
        template_agreement=None if agreed is None else replace(agreed, given_by=""),
        note="",
    )
