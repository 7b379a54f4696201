"""What a case says: state, scope, receipt, and who asked, for roles that may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.register.covered import covered
from pages.register.hints import hint_words
from pages.ui.dates import shown_day
from pages.ui.look import literal
from pages.ui.states import safety_badge, state_badge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streamlit.navigation.page import Page

    from consent.cases.view import CaseView
    from consent.domain.terms import Receipt
    from consent.services import Services


def show_heading(view: CaseView) -> None:
    """Show the state, and the name where it may be seen."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if view.entry.name is not None:
            st.subheader(literal(view.entry.name), anchor=False, width="content")
        state_badge(view.entry.state)
        if view.entry.terms.safety:
            safety_badge()
        if view.entry.case.person.minor:
            st.badge("Minor", icon=":material/child_care:", color="violet")


def show_facts(services: Services, view: CaseView, case_page: Page) -> None:
    """Show what the case says, a fact a line."""
    for name, value in (*covered(view), *_received(view), *_who(services, view)):
        _fact(name, value)
    if view.entry.terms.locators:
        hints = [hint_words(view, one) for one in view.entry.terms.locators]
        _fact("Where to look", "\n".join(f"- {literal(hint)}" for hint in hints))
    if view.file.same_person:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(":gray[Other cases of the same person]")
            for label in view.file.same_person:
                st.page_link(case_page, label=label, query_params={"case": label})


def _fact(name: str, value: str) -> None:
    left, right = st.columns([2, 5], gap="xxsmall")
    left.markdown(f":gray[{name}]")
    right.markdown(value)


def _received(view: CaseView) -> Iterator[tuple[str, str]]:
    receipt = view.entry.case.receipt
    yield "Received", literal(_how(receipt))
    if receipt.original_at:
        yield "Paper original", literal(receipt.original_at)


def _how(receipt: Receipt) -> str:
    method = receipt.method.words.lower()
    how = f"as {_article(method)}" if receipt.method.in_writing else method
    at = f" at {receipt.branch}" if receipt.branch else ""
    return f"{shown_day(receipt.on)}, {how}{at}, by {receipt.by}"


def _article(method: str) -> str:
    return (
        method if method.startswith("other") else f"{'an' if method[0] in 'aeo' else 'a'} {method}"
    )


def _who(services: Services, view: CaseView) -> Iterator[tuple[str, str]]:
    terms, person = view.entry.terms, view.entry.case.person
    asked = terms.requester
    who = asked.relationship.words
    if not view.named:
        yield "Asked by", who
        return
    yield "Asked by", literal(f"{asked.name} ({who[:1].lower()}{who[1:]})" if asked.name else who)
    if asked.authority_note:
        yield "Authority", literal(asked.authority_note)
    if asked.contact:
        preferred = f", {asked.preferred_contact} preferred" if asked.preferred_contact else ""
        yield "Contact", literal(f"{asked.contact}{preferred}")
    if person.minor:
        born = f"Born in {person.birth_year}. " if person.birth_year else ""
        grown = "Has turned 18. " if person.of_age(services.today()) else ""
        yield "Minor", literal(f"{born}{grown}Guardian: {person.guardian or 'not named'}")
    if terms.note:
        yield "Note", literal(terms.note)
