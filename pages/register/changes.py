"""What can be done with a case: the writing came, it is amended, taken back, of the same person."""

from __future__ import annotations

import streamlit as st

from consent.cases.change import record_writing, rescind, second_rescission
from consent.cases.correct import enter_mistake
from consent.cases.dispute import object_to, settle
from consent.cases.people import merge_people, unmerge_person
from consent.cases.view import CaseView
from consent.domain.actors import Actor
from consent.domain.cases import CaseEvent, State
from consent.domain.intake import NO_PHOTOS
from consent.domain.roles import Duty
from consent.domain.terms import Objection, Relationship, Rescission
from consent.domain.typed_texts import NAME, NOTE
from consent.services import Services
from pages.register.amend import ask_pictured, ask_submission, offer_amendment, offer_correction
from pages.register.session import CaseDesk
from pages.ui.errors import show_errors
from pages.ui.form import AskingBack, button_after, required
from pages.ui.guard import ask_second, may
from pages.ui.look import literal

_CAME, _AMEND, _RESCIND, _SAME = (
    "The written request came",
    "Change the terms",
    "Withdraw",
    "Same person",
)
_CORRECT, _MISTAKE, _OBJECT = "Correct a mistake", "Entered by mistake", "Objection"
_OPEN_TO = {
    State.HELD: (_CAME, _AMEND, _CORRECT, _RESCIND, _OBJECT, _SAME, _MISTAKE),
    State.LAPSED: (_CAME, _CORRECT, _SAME, _MISTAKE),
    State.PENDING: (_AMEND, _CORRECT, _RESCIND, _OBJECT, _SAME, _MISTAKE),
    State.ACTIVE: (_AMEND, _CORRECT, _RESCIND, _OBJECT, _SAME, _MISTAKE),
    State.ENDED: (_SAME, _CORRECT),
    State.RESCINDED: (_SAME, _CORRECT),
}
_TAKEN_BACK = "{label} is withdrawn. Print the confirmation from Papers and hand it over."
_WAITS = (
    "{label} stays in effect: the signer is not the person who revoked, so a second person must "
    "agree under Change, Withdraw."
)
_PICK_FACE = ("pick the person's face in each photo",)
_NAME_NOBODY = "Kept in the log: don't use names."


def may_correct(view: CaseView, actor: Actor) -> bool:
    """Say whether a slip in a case can be corrected, by somebody."""
    return (
        view.named and _CORRECT in _OPEN_TO.get(view.entry.state, ()) and may(actor, Duty.CORRECT)
    )


def go_to_correction(view: CaseView, desk: CaseDesk) -> None:
    """Open the tab on which slips are corrected."""
    st.session_state[f"tabs-{view.label}"] = "Change"
    st.session_state[desk.key(view, "action")] = _CORRECT


def offer_changes(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Offer what the state of the case allows."""
    state = view.entry.state
    options = _OPEN_TO.get(state, (_SAME,))
    if options[0] == _SAME:
        st.caption(
            f"{view.label} has ended ({state.words.lower()}): record a new revocation if the "
            "person asks again."
        )
    action = desk.key(view, "action")
    to_decide = view.entry.case.dispute is not None and may(actor, Duty.SETTLE)
    first = _OBJECT if to_decide and _OBJECT in options else options[0]
    st.session_state.setdefault(action, first)
    chosen = st.segmented_control(
        "What do you want to do?",
        options,
        required=True,
        key=action,
        label_visibility="collapsed",
    )
    with st.container(width=820):
        if chosen == _CAME:
            _offer_writing(services, view, desk, actor)
        elif chosen == _AMEND:
            offer_amendment(services, view, desk, actor)
        elif chosen == _RESCIND:
            _offer_rescission(services, view, desk, actor)
        elif chosen == _CORRECT:
            offer_correction(services, view, desk, actor)
        elif chosen == _OBJECT:
            offer_objection(services, view, desk, actor)
        elif chosen == _MISTAKE:
            _offer_mistake(services, view, desk, actor)
        elif view.entry.case.person.merged_into is None:
            _offer_merger(services, view, desk, actor)
        else:
            _offer_separation(services, view, desk, actor)


def _of_letter(letter: object) -> list[str]:
    """Say what must be chosen of a letter before it can be recorded."""
    return [] if letter is not None else ["choose how the request came"]


def _offer_writing(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    st.caption(
        "The hold becomes a revocation. It covers the same as before. If the written request "
        "says something else, change it afterwards."
    )
    form = desk.form(view, "came")
    letter = ask_submission(services, form)
    with st.expander("Photos of the person", icon=":material/face:"):
        pictured = ask_pictured(services, view, desk.reference_draft(view), form)
    photos = () if pictured is None else pictured.references
    about = [part for reference in photos for part in (reference.content, str(reference.face))]
    asking = AskingBack(desk.key(view, "came"), *about)
    if (
        button_after(
            [*_of_letter(letter), *(_PICK_FACE if pictured is None else ())],
            "Record the written request",
            type="primary",
            icon=":material/check:",
            key=desk.key(view, "came"),
        )
        and letter is not None
    ):
        with asking.saving():
            record_writing(
                services,
                view.label,
                letter,
                actor,
                pictured or NO_PHOTOS,
                confirmed=asking.confirmed,
            )
            desk.said = (
                f"{view.label} is now a revocation. Print the receipt from Papers and hand it over."
            )
            st.rerun()
    asking.show()


def _offer_rescission(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    if (asked := view.entry.case.awaits_second) is not None:
        _offer_to_agree(services, view, desk, asked)
        # Who entered it may have had no account, so that nobody can be told from them.
        if not st.toggle("Enter the paper again", key=desk.key(view, "again")):
            return
    form = desk.form(view, "rescind")
    st.caption(
        "Only the person, or the parent or guardian, can withdraw it, and only in writing. From"
        " that day, the library may use photos of the person again, and the saved face "
        "measurements are erased."
    )
    left, right = st.columns(2)
    by_name = form.text(required("Who signed"), "by", NAME, at=left, private=True)
    relationship = form.one_of(
        "Relationship to the person",
        "relationship",
        Relationship.table(),
        view.entry.terms.requester.relationship,
        at=right,
    )
    authority = form.text(
        "How you checked that they may sign",
        "authority",
        NOTE,
        "Known at the desk; or: showed a library card in this name",
        advice="A note, never a copy of an ID. Required if someone new signed.",
    )
    letter = ask_submission(services, form)
    effective_on = form.day("From when (leave blank for the day received)", "effective-on")
    wanted = button_after(
        [*([] if by_name.strip() else ["enter who signed"]), *_of_letter(letter)],
        "Withdraw the revocation",
        type="primary",
        key=form.key("save"),
    )
    if wanted and letter is not None:
        with show_errors():
            taken_back = Rescission(letter, by_name, relationship, authority, effective_on)
            case = rescind(services, view.label, taken_back, actor)
            desk.said = _WAITS if case.awaits_second else _TAKEN_BACK
            desk.said = desk.said.format(label=view.label)
            desk.found = None
            st.rerun()


def _offer_to_agree(services: Services, view: CaseView, desk: CaseDesk, asked: CaseEvent) -> None:
    """Let a second person agree, who shows here who they are."""
    st.markdown(literal(f"{asked.actor.id} entered: {asked.reason}"))
    st.info(
        "The signer is not the person who revoked, so a second person must agree.",
        icon=":material/group:",
    )
    with show_errors():
        second = ask_second(services, asked.actor, Duty.RESCIND, desk.key(view, "agree"))
        if second is not None:
            second_rescission(services, view.label, second)
            desk.said = _TAKEN_BACK.format(label=view.label)
            desk.found = None
            st.rerun()


def _offer_mistake(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    form = desk.form(view, "mistake")
    st.caption(
        "Use this only if nobody asked for this case: it was entered twice, or as a test. It is"
        " then no longer in effect, and its saved face measurements are erased. The history "
        "still shows that it existed. The desk can do this only on the day it was entered. "
        "After that, a director can."
    )
    example = "Entered twice: see R-0041"
    reason = form.text(required("What happened?"), "reason", NOTE, example, advice=_NAME_NOBODY)
    if st.button("It was entered by mistake", type="primary", key=form.key("save")):
        with show_errors():
            enter_mistake(services, view.label, reason, actor)
            desk.said = f"{view.label} is marked as entered by mistake and no longer in effect."
            desk.found = None
            st.rerun()


def _offer_merger(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    form = desk.form(view, "merge")
    st.caption(
        "Use this if two cases are about the same person. Each keeps its own number and terms, "
        "and they are shown together. You can undo this."
    )
    left, right = st.columns([1, 2])
    into = form.text("The other case", "into", NAME, "R-0042", at=left, private=True)
    question = "Why are they the same person?"
    reason = form.text(required(question), "reason", NOTE, at=right, advice=_NAME_NOBODY)
    if st.button("Same person", type="primary", key=desk.key(view, "merge")):
        with show_errors():
            merge_people(services, view.label, into, reason, actor)
            desk.said = f"{view.label} and {into} are now shown as one person's."
            st.rerun()


def _offer_separation(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Offer to say that it was wrong to merge two people."""
    st.caption("This case was joined with another case of the same person. Was that wrong?")
    question = "Why are they not the same person?"
    reason = desk.form(view, "unmerge").text(
        required(question), "reason", NOTE, advice=_NAME_NOBODY
    )
    if st.button("Not the same person", type="primary", key=desk.key(view, "unmerge")):
        with show_errors():
            unmerge_person(services, view.label, reason, actor)
            desk.said = "The two cases are separate again."
            st.rerun()


def offer_objection(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Take an objection down; once there is one, let a director decide it."""
    if view.entry.case.dispute is None:
        _file(services, view, desk, actor)
    else:
        _decide(services, view, desk, actor)


def _file(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    form = desk.form(view, "object")
    st.caption(
        "Another parent or guardian disagrees. Their letter is kept with the case. The case "
        "stays in effect until a director decides. Tell the person who signed it."
    )
    left, right = st.columns(2)
    name = form.text(required("Who objects"), "by", NAME, at=left, private=True)
    relationship = form.one_of(
        "Relationship to the person",
        "relationship",
        Relationship.table(),
        Relationship.PARENT,
        at=right,
    )
    note = form.text(
        "How you checked who they are",
        "note",
        NOTE,
        "Known at the desk; showed a court order of May 2026",
        advice="A note, never a copy of an ID.",
        private=True,
    )
    letter = ask_submission(services, form)
    wanted = button_after(
        _of_letter(letter), "File the objection", type="primary", key=form.key("save")
    )
    if wanted and letter is not None:
        with show_errors():
            object_to(services, view.label, Objection(letter, name, relationship, note), actor)
            desk.said = (
                f"The objection to {view.label} is filed. The case stays in effect until a "
                "director decides. Tell the person who signed it: print the receipt from Papers, "
                "which says that there is an objection."
            )
            st.rerun()


def _decide(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    form = desk.form(view, "settle")
    if not may(actor, Duty.SETTLE):
        st.caption(
            f"{view.label} is disputed, and stays in effect until a director decides, here under "
            "Change, Objection."
        )
        return
    st.caption("To see who objected, and their letter, open History and Papers.")
    outcome = form.tapped(
        required("What is decided?"), "outcome", {True: "It stands", False: "It ends"}
    )
    reason = form.text(required("Why?"), "reason", NOTE, advice="Kept in the history.")
    missing = ["choose what is decided"] if outcome is None else []
    wanted = button_after(missing, "Decide the objection", type="primary", key=form.key("save"))
    if wanted and outcome is not None:
        with show_errors():
            settle(services, view.label, reason, actor, stands=outcome)
            desk.said = (
                "The objection is decided. Tell both people: print the receipt from Papers, "
                "which says what was decided."
            )
            desk.found = None
            st.rerun()
