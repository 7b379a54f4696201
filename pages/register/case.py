"""A case: what is covered, whom it is about, its photos and papers, what happened, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import streamlit as st
from streamlit.navigation.page import Page

from consent.cases.correspondence import KeptWriting, list_writings, open_writing
from consent.cases.reveal import reveal_name
from consent.cases.takedown_letter import close_out_letter
from consent.cases.timeline import Moment
from consent.cases.view import CaseView, view_case
from consent.domain.actors import Actor
from consent.domain.cases import CaseStep, State
from consent.domain.errors import NotFoundError
from consent.domain.log import Action
from consent.domain.roles import Duty
from consent.domain.terms import Locator, Submission
from consent.domain.typed_texts import NAME
from consent.domain.withheld import Need
from consent.retention.kept import kept_sheet
from consent.services import Services
from consent.takedowns.board import TakedownCard, list_takedowns
from pages.desk.record_revocation import offer_another, offer_receipts
from pages.register.case_photos import show_faces, show_photos
from pages.register.changes import go_to_correction, may_correct, offer_changes
from pages.register.session import CaseDesk, desk_of
from pages.ui import backend, guard
from pages.ui.errors import show_errors, show_errors_last
from pages.ui.form import button_after
from pages.ui.look import CASE, go_to, literal, show_case_link, show_takedown_link
from pages.ui.words import (
    LANGUAGES,
    safety_badge,
    short_day,
    shown_day,
    shown_moment,
    shown_size,
    state_badge,
)

_ENDS = {State.HELD: "Ends on", State.LAPSED: "Ended on", State.ENDED: "Ended after"}
_ICONS: dict[CaseStep | Action, str] = {
    CaseStep.HOLD_PLACED: ":material/back_hand:",
    CaseStep.RECORDED: ":material/shield:",
    CaseStep.AMENDED: ":material/edit:",
    CaseStep.RESCISSION_ASKED: ":material/group:",
    CaseStep.RESCINDED: ":material/undo:",
    CaseStep.CORRECTED: ":material/edit_note:",
    CaseStep.MISTAKEN: ":material/backspace:",
    CaseStep.DISPUTED: ":material/gavel:",
    CaseStep.SETTLED: ":material/gavel:",
    Action.TEMPLATE_ADDED: ":material/face:",
    Action.SIGHTING_DECIDED: ":material/person_search:",
    Action.SWEEP_RUN: ":material/image_search:",
    Action.RECEIPT_GIVEN: ":material/print:",
    Action.TEMPLATE_REMOVED: ":material/face:",
    Action.TAKEDOWN_OPENED: ":material/delete_sweep:",
    Action.TAKEDOWN_MOVED: ":material/delete_sweep:",
    Action.TAKEDOWN_ASSIGNED: ":material/delete_sweep:",
    Action.CLOSE_OUT_LETTER_GIVEN: ":material/mail:",
    Action.EVIDENCE_OPENED: ":material/draft:",
    Action.NAME_REVEALED: ":material/visibility:",
    Action.PERSON_MERGED: ":material/merge:",
    Action.PERSON_UNMERGED: ":material/call_split:",
}


def as_page() -> Page:
    """Return the page for the navigation and for links; it is reached from the register."""
    return Page(page, title="Case", url_path=CASE, visibility="hidden")


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    label = st.query_params.get(CASE, "")
    with show_errors_last():
        view = _view(services, label, actor)
    if view is None:
        guard.heading("Case", actor)
        _ask_label(label)
        return
    guard.heading(f"Case {view.label}", actor)
    desk = desk_of(view.label)
    desk.show_changed(view)
    desk.show_said()
    _show_heading(view)
    if not view.named:
        _offer_name(services, view, actor)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _show_facts(services, view)
        with st.container(horizontal=True):
            if may_correct(view, actor):
                st.button(
                    "Correct a mistake",
                    icon=":material/edit_note:",
                    on_click=go_to_correction,
                    args=(view, desk),
                    key=f"correct-{view.label}",
                )
            _offer_another(services, view, actor)
    with right:
        show_faces(services, view, desk, actor)
    _show_tabs(services, view, desk, actor)


def _view(services: Services, label: str, actor: Actor) -> CaseView | None:
    try:
        return view_case(services, label, actor) if label else None
    except NotFoundError:
        # A mistyped number: asked for again.
        return None


def _ask_label(label: str) -> None:
    if label:
        st.warning(
            literal(f"There is no case {label}: look for its number in the register."),
            icon=":material/search_off:",
        )
    with st.form("case-number", width=420):
        wanted = st.text_input(
            "Case number", max_chars=NAME, placeholder="R-0042", autocomplete="off"
        )
        if st.form_submit_button("Open") and wanted.strip():
            st.query_params[CASE] = wanted.strip()
            st.rerun()


def _show_tabs(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    names = ["Photos", "Published copies", "History"]
    if view.named:
        names[2:2] = ["Papers"]
        names.append("Change")
    tabs = st.tabs(names, key=f"tabs-{view.label}", on_change="rerun")
    # Only the open one is built: photos and writings take their time.
    for name, tab in zip(names, tabs, strict=True):
        if not tab.open:
            continue
        with tab:
            if name == "Photos":
                show_photos(services, view, desk, actor)
            elif name == "Published copies":
                _show_takedowns(services, view, actor)
            elif name == "Papers":
                _show_papers(services, view, actor)
            elif name == "History":
                _show_history(services, view)
            else:
                offer_changes(services, view, desk, actor)


def _show_heading(view: CaseView) -> None:
    """Show the state, and the name where it may be seen."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if view.entry.name is not None:
            st.header(literal(view.entry.name), anchor=False, width="content")
        state_badge(view.entry.state)
        if view.entry.case.dispute is not None:
            st.badge(
                "Disputed: a director decides under Change, Objection",
                icon=":material/gavel:",
                color="orange",
            )
        if view.entry.terms.safety:
            safety_badge()
        if view.entry.case.person.minor:
            st.badge("Minor", icon=":material/child_care:", color="violet")


def _offer_another(services: Services, view: CaseView, actor: Actor) -> None:
    """Offer to record another person of the same letter, as long as the case holds."""
    in_time = view.entry.state in {State.ACTIVE, State.HELD, State.PENDING}
    offered = view.named and in_time and guard.may(actor, Duty.TAKE_LETTERS)
    if offered and offer_another(services, view.entry.case, actor):
        go_to("record")


def _offer_name(services: Services, view: CaseView, actor: Actor) -> None:
    """Let those who see numbers ask whom this case is about, and say why."""
    if not guard.may(actor, Duty.REVEAL_NAME):
        return
    with st.popover("Who is this?", icon=":material/visibility:"):
        st.caption(
            "Your role works with case numbers. If you need the name, you can ask for it. The "
            "log records who asked and why."
        )
        need = st.radio(
            "Why do you need the name?",
            list(Need),
            format_func=lambda need: need.words,
            index=None,
            key=f"need-{view.label}",
        )
        missing = [] if need else ["choose why"]
        if button_after(missing, "Show the name", key=f"reveal-{view.label}") and need:
            with show_errors():
                shown = reveal_name(services, view.label, need, actor)
                guardian = f", guardian {shown.guardian}" if shown.guardian else ""
                st.info(literal(f"{shown.label}: {shown.name}{guardian}"))


def _show_facts(services: Services, view: CaseView) -> None:
    """Show what the case says, a fact a line."""
    for name, value in (*_covered(view), *_received(view), *_who(services, view)):
        _fact(name, value)
    if view.entry.terms.locators:
        hints = [_hint_words(view, hint) for hint in view.entry.terms.locators]
        _fact("How to spot them", "\n".join(f"- {literal(hint)}" for hint in hints))
    if view.file.same_person:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(":gray[Other cases of the same person]")
            for label in view.file.same_person:
                show_case_link(label, label)


def _fact(name: str, value: str) -> None:
    left, right = st.columns([2, 5], gap="xxsmall")
    left.markdown(f":gray[{name}]")
    right.markdown(value)


def _covered(view: CaseView) -> Iterator[tuple[str, str]]:
    """Yield what is covered and when; first, that it was taken back, if it was."""
    entry = view.entry
    over = entry.state in {State.RESCINDED, State.MISTAKEN}
    steps = entry.case.history
    taken_back = next((step for step in steps if step.step is CaseStep.RESCINDED), None)
    if taken_back is not None:
        after = "Nothing is covered any more." if over else "Nothing is covered after that day."
        by = literal(f"{taken_back.actor.id}, {taken_back.actor.role}")
        yield "Withdrawn on", f"**{shown_day(taken_back.effective_on)}**, by {by}. {after}"
    if entry.state is State.MISTAKEN:
        by = literal(f"{steps[-1].actor.id}, {steps[-1].actor.role}")
        yield "Entered by mistake", f"Entered by {by}. The case is not in effect."
    for label, said in view.covered:
        yield f"{label}, until then" if over else label, literal(said)
    yield "Was in effect from" if over else "In effect from", shown_day(entry.terms.effective_from)
    if entry.ends_on is not None and not over:
        yield _ENDS.get(entry.state, "Ends after"), shown_day(entry.ends_on)


def _received(view: CaseView) -> Iterator[tuple[str, str]]:
    submission = view.entry.case.submission
    yield "Received", literal(_how(submission))
    if submission.original_at:
        yield "Paper original", literal(submission.original_at)


def _how(submission: Submission) -> str:
    method = submission.method.words.lower()
    how = f"as {_article(method)}" if submission.method.in_writing else method
    at = f" at {submission.branch}" if submission.branch else ""
    return f"{shown_day(submission.on)}, {how}{at}, by {submission.by}"


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


def _hint_words(view: CaseView, hint: Locator) -> str:
    events = {event.id: event.name for event in view.events}
    parts = [
        events.get(hint.event_id or "", ""),
        shown_day(hint.on) if hint.on else "",
        hint.clothing,
        f"with {hint.companions}" if hint.companions else "",
        hint.position,
        hint.url,
    ]
    return ", ".join(part for part in parts if part)


def _show_papers(services: Services, view: CaseView, actor: Actor) -> None:
    """Show the writings, and offer the receipt."""
    st.header("Receipt", anchor=False)
    st.caption("One page for the requester: what is covered, from when, and what happens next.")
    offer_receipts(services, view.entry.case, actor)
    if view.named:
        st.header("What the library keeps about this person", anchor=False)
        st.caption("A sheet for people who ask: what is kept, why, until when, and who looked.")
        with st.container(horizontal=True):
            for language, name in LANGUAGES.items():
                st.download_button(
                    f"Sheet in {name}",
                    partial(kept_sheet, services, view.label, language, actor),
                    file_name=f"{view.label}-kept-{language}.pdf",
                    mime="application/pdf",
                    icon=":material/fact_check:",
                    on_click="ignore",
                    key=f"kept-{view.label}-{language}",
                )
    st.header("Letters and other papers", anchor=False)
    with show_errors():
        writings = list_writings(services, view.label, actor)
        if not writings:
            st.caption(_where_the_paper_is(view.entry.terms.submission))
        for kept in writings:
            _show_writing(services, view, kept, actor)


def _where_the_paper_is(letter: Submission) -> str:
    if letter.original_at:
        return f"No file is kept. The paper original is kept here: {literal(letter.original_at)}"
    if not letter.method.in_writing:
        return "A spoken request: there is no paper."
    return "No file is kept. The note says where the paper original is kept."


def _show_writing(services: Services, view: CaseView, kept: KeptWriting, actor: Actor) -> None:
    with st.container(border=True):
        name, button = st.columns([5, 1], vertical_alignment="center")
        name.markdown(f":material/draft: **{literal(kept.name)}**")
        size = shown_size(kept.size)
        name.caption(
            f"Added {shown_day(services.day(kept.added_at))}, {size}. SHA-256 {kept.sha256[:16]}..."
        )
        if button.button("Open", key=f"open-{view.label}-{kept.sha256}", width="stretch"):
            _open_writing(services, view, kept, actor)


@st.dialog("Letter or other paper", width="large")
def _open_writing(services: Services, view: CaseView, kept: KeptWriting, actor: Actor) -> None:
    with show_errors():
        opened = open_writing(services, view.label, kept.sha256, actor)
        st.markdown(f"**{literal(kept.name)}**")
        if opened.picture is not None:
            st.image(
                opened.picture,
                alt=f"{kept.name}, a written request of {view.label}",
                width="stretch",
            )
        if opened.text is not None:
            # As it is: a letter is anybody's text.
            st.code(opened.text, language=None, wrap_lines=True)
        st.download_button(
            "Save the file",
            opened.content,
            file_name=kept.name,
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption("Opening this file is logged.")


def _show_takedowns(services: Services, view: CaseView, actor: Actor) -> None:
    """Show what was out and what became of it; the letter that closes it once all is done."""
    cards = list_takedowns(services, actor, label=view.label)
    if not cards:
        st.caption("No published copy of this person is known.")
        return
    for card in cards:
        where = card.publication.url or card.publication.issue or card.file_name
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            show_takedown_link(card.takedown.label, f"**{card.takedown.label}**")
            _takedown_badge(card)
            st.markdown(f"{literal(card.channel.label)}: {literal(where)}")
            if card.waits:
                st.caption(f"By {short_day(card.due_on)}", width="content")
    waiting, done = sum(card.waits for card in cards), sum(not card.moot for card in cards)
    if done < len(cards):
        st.caption("The revocation is no longer in effect: nothing more has to be removed for it.")
    if waiting:
        st.caption(
            "When all copies are done, you can make the closing letter to the patron here. "
            f"Still open: {waiting}."
        )
    elif done and view.named:
        with st.container(horizontal=True):
            for language, words in LANGUAGES.items():
                _offer_letter(services, view, language, words, actor)


def _takedown_badge(card: TakedownCard) -> None:
    state = card.takedown.state
    if card.moot:
        st.badge("Nothing to remove", icon=":material/do_not_disturb_on:", color="gray")
    elif state.closed:
        st.badge(state.words, icon=":material/task_alt:", color="green")
    else:
        st.badge(state.words, icon=":material/pending:", color="orange")


def _offer_letter(
    services: Services, view: CaseView, language: str, words: str, actor: Actor
) -> None:
    """Make the letter when it is asked for: each one is logged."""
    key = f"letter-{view.label}-{language}"
    if key not in st.session_state:
        if st.button(f"Closing letter in {words}", icon=":material/mail:", key=f"make-{key}"):
            with show_errors():
                st.session_state[key] = close_out_letter(services, view.label, language, actor)
                st.rerun()
        return
    st.download_button(
        f"Save the letter in {words}",
        st.session_state[key],
        file_name=f"{view.label}-closing-{language}.pdf",
        mime="application/pdf",
        icon=":material/download:",
        on_click="ignore",
        key=f"save-{key}",
    )


def _show_history(services: Services, view: CaseView) -> None:
    """Show who did what, when and why, the latest first."""
    with st.container(key="timeline", gap="xsmall"):
        for moment in view.moments:
            with st.container(border=True):
                _show_moment(services, moment)


def _show_moment(services: Services, moment: Moment) -> None:
    when, what = st.columns([2, 5], gap="xsmall")
    with when.container(gap="xxsmall"):
        st.markdown(shown_moment(services, moment.at))
        st.caption(literal(f"{moment.who}, {moment.role}"))
    with what.container(gap="xxsmall"):
        icon = _ICONS.get(moment.kind, ":material/history:")
        st.markdown(f"{icon} **{literal(moment.title)}**")
        for fact in moment.facts:
            st.markdown(literal(fact))
        if moment.why:
            st.markdown(f":gray[Why:] {literal(moment.why)}")
        elif moment.why is None:
            # Reasons are anybody's words, and may name people.
            st.caption("Only the desk and the director see the reason.")
