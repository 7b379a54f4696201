"""After a revocation is recorded: its number, the receipt, and the photos to look at."""

from __future__ import annotations

from functools import partial

import streamlit as st

from consent.cases.correspondence import give_receipt, letter_of, not_printable
from consent.cases.open import RecordedRevocation, no_template_agreed
from consent.domain.actors import Actor
from consent.domain.cases import Revocation, State
from consent.domain.decisions import DecisionState
from consent.matching.sweep import Hit, SweepReport, sweep
from consent.review.decide import decide_sighting
from consent.review.photos import PhotoView, photo_views
from consent.services import Services
from pages.desk.references import show_hit
from pages.desk.session import Draft, next_draft, next_on_letter
from pages.ui.badges import show_link
from pages.ui.errors import show_errors
from pages.ui.hits import PER_PAGE, headline, likeness
from pages.ui.look import in_cards, literal, one_page
from pages.ui.words import CHOICES, LANGUAGES, shown_day

_DECIDED = {
    DecisionState.CONFIRMED: ":red-badge[:material/person_check: Confirmed]",
    DecisionState.REJECTED: ":gray-badge[:material/person_off: Not this person]",
    DecisionState.CANNOT_TELL: ":orange-badge[:material/help: Can't tell]",
}
_OPEN = ":gray-badge[:material/pending: Not decided yet]"


def show_recorded(
    services: Services, actor: Actor, draft: Draft, recorded: RecordedRevocation
) -> None:
    """Show what was recorded, and the indexed photos that may show the person."""
    label = recorded.revocation.label
    person = recorded.revocation.person
    named = f" for {person.name}" if services.policy.sees_names(actor) else ""
    st.success(
        f"## Recorded as {label}{literal(named)}\n{_from_when(services, recorded.revocation)}",
        icon=":material/task_alt:",
    )
    with st.container(horizontal=True):
        show_link(label, f"Open {label}", ":material/folder_open:")
        st.caption("A slip? It is corrected there.")
    answered = {question.sentence for question in draft.questions}
    for remark in recorded.remarks:
        if remark not in answered:
            st.info(literal(remark), icon=":material/info:")
    if recorded.takedowns:
        numbers = ", ".join(takedown.label for takedown in recorded.takedowns)
        st.warning(f"Published copies to take down: {numbers}.", icon=":material/delete_sweep:")
    if services.policy.sees_names(actor):
        offer_receipts(services, recorded.revocation, actor)
    with st.container(horizontal=True):
        if services.policy.sees_names(actor) and st.button(
            "Another person on this letter",
            icon=":material/group_add:",
            help="Keeps the letter, who asked and how to reach them.",
            key=draft.key("another"),
        ):
            with show_errors():
                letter = letter_of(services, label, actor)
                next_on_letter(label, letter, services.policy.channels)
                st.rerun()
        st.button("Record another", icon=":material/add:", on_click=next_draft)
    if not recorded.references:
        st.caption(
            "No photo of the person was added, so no indexed photo can be matched: photos are "
            "found by hints and by eye."
        )
        return
    if not recorded.templates:
        st.caption(literal(no_template_agreed(recorded.references)))
    if draft.found is None:
        with show_errors(), st.spinner("Searching the index"):
            draft.found = sweep(services, label, actor)
    if draft.found is not None:
        _show_found(services, actor, draft, draft.found)


def _from_when(services: Services, case: Revocation) -> str:
    """Say from when, or until when, what was recorded holds."""
    state, terms = case.state(services.today()), case.terms
    if state is State.HELD and case.lapses_on is not None:
        return (
            f"It stops publication until {shown_day(case.lapses_on)}, or until the writing comes."
        )
    if state is State.PENDING:
        return f"It holds from {shown_day(terms.effective_from)} on."
    if state is State.ACTIVE:
        return "It holds from now on."
    return f"It does not hold any more: {state.words.lower()}."


def offer_receipts(services: Services, case: Revocation, actor: Actor) -> None:
    """Offer the receipt of a case, made when it is wanted: giving it is entered in the log."""
    label = case.label
    if services.policy.sees_names(actor) and (lacking := not_printable(case)):
        st.warning(literal(lacking), icon=":material/stylus_note:")
    with st.container(horizontal=True):
        for language, name in LANGUAGES.items():
            st.download_button(
                f"Receipt in {name}",
                partial(give_receipt, services, label, language, actor),
                file_name=f"{label}-receipt-{language}.pdf",
                mime="application/pdf",
                icon=":material/print:",
                key=f"receipt-{label}-{language}",
            )


def _show_found(services: Services, actor: Actor, draft: Draft, report: SweepReport) -> None:
    st.subheader(headline(report), anchor=False)
    if not report.hits:
        return
    st.caption("Say for each photo whether it shows the person. You can change it at any time.")
    grid = st.container()
    hits = one_page(report.hits, PER_PAGE, draft.key("page"))
    views = photo_views(services, [hit.sha256 for hit in hits], actor)
    with grid:
        for card, hit in in_cards(hits, 3):
            with card:
                _show(services, actor, draft, report.label, hit, views.get(hit.sha256))


def _show(
    services: Services, actor: Actor, draft: Draft, label: str, hit: Hit, view: PhotoView | None
) -> None:
    show_hit(hit, view)
    st.markdown(literal(likeness(hit)))
    if hit.events:
        st.caption(literal(", ".join(event.name for event in hit.events)))
    # Filled after the buttons, which may change what it shows.
    slot = st.empty()
    with st.container(horizontal=True, gap="xsmall"):
        for state, words in CHOICES.items():
            if st.button(words, key=draft.key(f"{state}-{hit.sha256}")):
                with show_errors():
                    decide_sighting(services, label, hit.sha256, hit.match.box, state, actor)
                    draft.decided[hit.sha256] = state
    decided = draft.decided.get(hit.sha256, hit.state)
    slot.markdown(_OPEN if decided is None else _DECIDED.get(decided, _OPEN))
