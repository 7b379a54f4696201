"""Statements of Concern: who waits for an answer, and by when."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.intake import EvidenceFile
from consent.domain.roles import Duty
from consent.domain.takedowns import Appeal, AppealDecision, AppealStepKind
from consent.domain.wording import counted
from consent.services import Services
from consent.takedowns.appeal_letter import answer_letter
from consent.takedowns.appeals import (
    AppealChangedError,
    answer_appeal,
    list_appeals,
    open_statement,
    receive_appeal,
    sees_its_names,
    take_to_board,
)
from consent.takedowns.board import TakedownCard, list_takedowns
from pages.ui.errors import show_errors
from pages.ui.form import Press, noted_press, required, say_first, take_press
from pages.ui.guard import may, may_or_say_who
from pages.ui.look import literal, show_case_link
from pages.ui.words import DATE_FORMAT, LANGUAGES, shown_day

_ENTERED = "appeals-entered"


def show_appeals(services: Services, actor: Actor) -> None:
    """Show appeals, those that wait first, and a form for a new one."""
    days = counted(services.policy.appeals.business_days, "business day")
    st.caption(f"Policy: answer within {days}; then the Board of Directors.")
    takedowns = {card.takedown.id: card for card in list_takedowns(services, actor)}
    press = take_press()
    for appeal in list_appeals(services, actor):
        card = takedowns.get(appeal.takedown_id or "")
        void = press is not None and _has_changed(appeal, press, actor)
        with st.container(border=True):
            if void:
                said = literal(str(AppealChangedError(appeal)))
                st.warning(said, icon=":material/sync_problem:")
            _show_appeal(services, appeal, card, actor, void=void)
    if not may_or_say_who(actor, Duty.TAKE_APPEALS):
        return
    with st.expander("Enter a Statement of Concern", icon=":material/add:"):
        _offer_entry(services, [*takedowns.values()], actor)


def _has_changed(appeal: Appeal, press: Press, actor: Actor) -> bool:
    """Say whether somebody else has entered a step of an appeal since a button was drawn."""
    if press.about != appeal.label or press.version == len(appeal.steps):
        return False
    return appeal.steps[-1].by != actor.id


def _show_appeal(
    services: Services, appeal: Appeal, card: TakedownCard | None, actor: Actor, *, void: bool
) -> None:
    """Show an appeal; `void` is that what was pressed was pressed on what it was before."""
    st.markdown(f"**{appeal.label}**, {literal(appeal.name)}")
    if appeal.waits and appeal.due_on < services.today():
        st.badge(f"Due {shown_day(appeal.due_on)}", icon=":material/alarm:", color="orange")
    elif appeal.waits:
        st.badge(f"Answer by {shown_day(appeal.due_on)}", icon=":material/event:", color="gray")
    st.markdown(literal(appeal.about))
    if card is not None:
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            about = f"{card.takedown.label}, {card.channel.label}: {card.takedown.state.words}"
            st.caption(literal(about), width="content")
            show_case_link(card.case_label, f"Case {card.case_label}")
    contact = f" {appeal.contact}" if appeal.contact else ""
    st.caption(f"Received {shown_day(appeal.received_on)}.{literal(contact)}")
    for step in appeal.steps:
        decision = "" if step.decision is None else f". {step.decision.words}"
        why = f". {step.reason}" if step.reason else ""
        st.caption(f"{step.kind.words}, {shown_day(step.on)}{decision}{literal(why)}")
    if appeal.waits and may(actor, Duty.ANSWER_APPEALS):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            answer = st.selectbox(
                required("Decision"),
                [*AppealDecision],
                index=None,
                format_func=lambda decision: decision.words,
                placeholder="Choose",
                key=f"d-{appeal.id}",
                width=290,
            )
            reason = st.text_input(
                required("Reason"),
                key=f"r-{appeal.id}",
                width=420,
                help="The letter shows this as you type it. Write it in the person's language.",
            )
            pressed = st.button(
                "Answer",
                type="primary",
                disabled=answer is None,
                key=f"a-{appeal.id}",
                **noted_press(appeal.label, "Answer", len(appeal.steps)),
            )
        say_first([] if answer is not None else ["choose the decision"])
        if pressed and answer is not None and not void:
            with show_errors():
                seen = len(appeal.steps)
                answer_appeal(services, appeal.label, answer, reason, actor, seen=seen)
                st.rerun()
    _offer_papers(services, appeal, actor)
    answered = appeal.steps and appeal.steps[-1].kind is AppealStepKind.ANSWERED
    if appeal.upheld:
        st.caption(":material/task_alt: Upheld. Now do what they asked, then send the letter.")
    elif answered and may(actor, Duty.TAKE_APPEALS) and _pressed_board(appeal) and not void:
        with show_errors():
            take_to_board(services, appeal.label, actor)
            st.rerun()


def _pressed_board(appeal: Appeal) -> bool:
    words = "Send it to the Board"
    press = noted_press(appeal.label, words, len(appeal.steps))
    return st.button(words, key=f"b-{appeal.id}", **press)


def _offer_papers(services: Services, appeal: Appeal, actor: Actor) -> None:
    """Offer the statement as it was handed in, and the letter with the answer."""
    if not (sees_its_names(services, appeal, actor) and may(actor, Duty.TAKE_APPEALS)):
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if appeal.statement is not None:
            _offer_paper(
                f"statement-{appeal.id}",
                "Open the statement",
                lambda: open_statement(services, appeal.label, actor).content,
                appeal.statement_name,
            )
        if any(step.decision for step in appeal.steps):
            language = st.selectbox(
                "Language of the letter",
                list(LANGUAGES),
                format_func=LANGUAGES.__getitem__,
                key=f"l-{appeal.id}",
                width=160,
            )
            _offer_paper(
                f"letter-{appeal.id}-{language}-{len(appeal.steps)}",
                "Make the letter",
                lambda: answer_letter(services, appeal.label, language, actor),
                f"answer-{appeal.label}.pdf",
            )


def _offer_paper(key: str, words: str, make: Callable[[], bytes], name: str) -> None:
    """Make a paper when it is asked for: it is logged."""
    if key not in st.session_state:
        if st.button(words, icon=":material/description:", key=f"make-{key}"):
            with show_errors():
                st.session_state[key] = make()
                st.rerun()
        return
    st.download_button(
        f"Save {name}", st.session_state[key], name, icon=":material/download:", key=f"save-{key}"
    )


def _offer_entry(services: Services, cards: Sequence[TakedownCard], actor: Actor) -> None:
    takedowns = {
        card.takedown.label: f"{card.takedown.label}, {card.channel.label}, {card.case_label}"
        for card in cards
    }
    # A form of its own for each, empty: what was entered is not entered again by a second press.
    with st.form(f"appeal-{st.session_state.get(_ENTERED, 0)}", border=False):
        name = st.text_input(required("Who appeals"))
        contact = st.text_input("Email or mailing address")
        about = st.text_area(required("Which removal or refusal is it about?"))
        takedown = st.selectbox(
            "Takedown it is about, if any",
            takedowns,
            index=None,
            format_func=takedowns.__getitem__,
            placeholder="None of them",
        )
        handed_in = st.file_uploader("The statement, as a file or a scan")
        received = st.date_input("Received", services.today(), format=DATE_FORMAT)
        if st.form_submit_button("Save", type="primary"):
            with show_errors():
                statement = None
                if handed_in is not None:
                    statement = EvidenceFile(handed_in.name, handed_in.getvalue())
                receive_appeal(
                    services,
                    name,
                    about,
                    received,
                    actor,
                    contact=contact,
                    takedown=takedown or "",
                    statement=statement,
                )
                st.session_state[_ENTERED] = st.session_state.get(_ENTERED, 0) + 1
                st.rerun()
