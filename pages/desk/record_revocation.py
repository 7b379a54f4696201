"""Record a revocation: take the writing, pick the face, see at once where they may appear."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from consent.cases.change import add_letter, place_hold
from consent.cases.correspondence import blank_form_pdf, give_receipt, letter_of, not_printable
from consent.cases.drafts import forget_draft, kept_draft
from consent.cases.intake import Question, QuestionKind, UnansweredError
from consent.cases.open import RecordedRevocation, no_face_kept, record_revocation
from consent.cases.references import sha256_of
from consent.cases.view import what_is_covered
from consent.domain.actors import Actor
from consent.domain.cases import Revocation, State
from consent.domain.decisions import DecisionState
from consent.domain.roles import Duty
from consent.domain.terms import Method, NewRevocation
from consent.matching.sweep import Hit, SweepReport, sweep
from consent.review.decide import decide_sighting
from consent.review.photos import PhotoView, known_events, photo_views
from consent.services import Services
from consent.takedowns.board import list_takedowns
from pages.desk.form import Asked, ask_terms
from pages.desk.references import Picked, SavePlace, ask_references, show_hit, show_preview
from pages.desk.session import (
    Draft,
    current_draft,
    keep,
    keep_at_once,
    next_draft,
    next_on_letter,
    restore,
    show_restored,
    warn_of_leaving,
)
from pages.ui import backend, guard
from pages.ui.decisions import PER_PAGE, headline, show_doubts
from pages.ui.errors import show_errors
from pages.ui.form import button_after
from pages.ui.look import in_cards, literal, one_page, show_case_link, show_link
from pages.ui.words import CHOICES, LANGUAGES, shown_day

_DECIDED = {
    DecisionState.CONFIRMED: ":red-badge[:material/person_check: Confirmed]",
    DecisionState.REJECTED: ":gray-badge[:material/person_off: Not this person]",
    DecisionState.CANNOT_TELL: ":orange-badge[:material/help: Can't tell]",
}
_OPEN = ":gray-badge[:material/pending: Not decided yet]"


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Record a revocation", actor)
    if not guard.may_or_say_who(actor, Duty.TAKE_LETTERS):
        return
    draft = current_draft()
    if draft.recorded is not None:
        warn_of_leaving(draft, filled=False)
        _show_recorded(services, actor, draft, draft.recorded)
        return
    events = known_events(services, actor)
    restore(services, actor, draft, events)
    keep_at_once(services, actor, draft)
    warn_of_leaving(draft, filled=draft.filled)
    # Always there, so that nothing below moves, and what was unfolded stays so.
    with st.container():
        show_restored(services, actor, draft)
        if draft.letter_of:
            st.caption(
                f":material/group_add: Another person on the letter of {draft.letter_of}: what "
                "the letter says is filled in."
            )
    left, right = st.columns([11, 9], gap="large")
    # Below both: on a phone, the photos and the agreement come before what records them.
    save = SavePlace()
    with left:
        asked = ask_terms(services, actor, draft, events)
    with right:
        picked = ask_references(services, draft, events, actor, save)
    new = None if asked is None or picked.waiting else _whole(draft, asked, picked)
    with save.ready():
        _save(services, actor, draft, new, _still_missing(draft, asked, picked))
    if picked.report is not None:
        show_preview(services, draft, picked.report, actor)
    _offer_blank_forms(services)
    keep(services, actor, draft)
    draft.shown += 1


def _whole(draft: Draft, asked: Asked, picked: Picked) -> NewRevocation:
    scope = asked.new.scope
    if asked.only_these:
        digests = [sha256_of(reference) for reference in picked.references]
        scope = replace(scope, photo_ids=frozenset(digests))
    return replace(
        asked.new,
        scope=scope,
        references=picked.references,
        keep_face=picked.keep_face,
        keep_face_until=picked.keep_face_until,
        # What was said of a photo that is no longer shown is not meant any more.
        seen=tuple(seen for seen in draft.seen.values() if seen.photo_sha256 in draft.asked),
    )


def _still_missing(draft: Draft, asked: Asked | None, picked: Picked) -> list[str]:
    """Say what must be chosen before anything can be recorded."""
    missing = []
    if asked is None:
        chosen = [st.session_state.get(draft.key(name)) for name in ("method", "received-on")]
        if chosen[0] is None:
            missing.append("choose how the request came")
        if chosen[1] is None:
            missing.append("say when it was received")
        if None not in chosen:
            missing.append("choose what it covers")
    if picked.waiting:
        missing.append("pick the person's face in each photo, or take the photo out")
    return missing


def _save(
    services: Services,
    actor: Actor,
    draft: Draft,
    new: NewRevocation | None,
    missing: Sequence[str],
) -> None:
    if new is None or draft.asked_about != _about(new):
        draft.questions = ()
    confirmed = _ask_back(services, actor, draft, new)
    if draft.letter_of:
        # That it is another's letter, too, is what was said by beginning so.
        confirmed |= {QuestionKind.SAME_WRITING}
    in_writing = new is None or new.submission.method.in_writing
    wanted = button_after(
        missing,
        "Record the revocation" if in_writing else "Record the hold",
        type="primary",
        icon=":material/check:",
        key=draft.key("save"),
    )
    if wanted and not draft.shown:
        # Pressed before this server was started, or before somebody signed in: what stands here
        # now is not what stood there.
        st.warning(
            "Nothing is recorded yet: the form was reloaded. Check that everything is here, files "
            "too, and press the button again.",
            icon=":material/front_hand:",
        )
    elif wanted and new is not None:
        record = record_revocation if in_writing else place_hold
        _record(
            services, actor, draft, new, partial(record, services, new, actor, confirmed=confirmed)
        )


def _ask_back(
    services: Services, actor: Actor, draft: Draft, new: NewRevocation | None
) -> frozenset[QuestionKind]:
    """Show what was asked back, and what it may be instead; return what is confirmed."""
    if not draft.questions or new is None:
        return frozenset()
    tick = draft.key("looked-at")
    # Known before it is drawn, for what stands above it: of two that are asked about, one may be
    # answered by a button, and the other by this.
    looked = bool(st.session_state.get(tick, False))
    confirmed = frozenset(question.kind for question in draft.questions if looked)
    with st.container(border=True):
        for question in draft.questions:
            st.warning(literal(question.sentence), icon=":material/content_copy:")
            if question.label:
                _offer_instead(services, actor, draft, new, question, confirmed)
        st.checkbox("I have checked this: record it", key=tick)
    return confirmed


def _offer_instead(
    services: Services,
    actor: Actor,
    draft: Draft,
    new: NewRevocation,
    question: Question,
    confirmed: frozenset[QuestionKind],
) -> None:
    """Offer a link to the case that it is about, and to record the letter as its person's."""
    label = question.label
    others = (
        frozenset(other.kind for other in draft.questions if other.label not in {"", label})
        | {QuestionKind.SAME_WRITING}
        | confirmed
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        show_case_link(label, f"Look at {label}", ":material/folder_open:")
        if question.takes_letter and st.button(
            f"Add this letter to {label}",
            type="primary",
            icon=":material/note_add:",
            key=draft.key(f"add-to-{label}"),
        ):
            add = partial(add_letter, services, label, new, actor, confirmed=others)
            _record(services, actor, draft, new, add)
        elif (
            question.same_person
            and not question.takes_letter
            and st.button(
                f"Same person as {label}: record it as theirs",
                key=draft.key(f"same-as-{label}-{question.kind}"),
            )
        ):
            record = partial(
                record_revocation,
                services,
                new,
                actor,
                confirmed=others,
                same_person_as=label,
            )
            _record(services, actor, draft, new, record)


def _record(
    services: Services,
    actor: Actor,
    draft: Draft,
    new: NewRevocation,
    record: Callable[[], RecordedRevocation],
) -> None:
    with show_errors():
        try:
            # Kept in the draft at once, and not by way of the session state: a second click
            # stops this run at its next call of Streamlit, and must find it recorded.
            draft.recorded = record()
            forget_draft(services, actor)
        except UnansweredError as error:
            # What was asked before and is not asked now was answered by the button pressed.
            asked = {question.sentence: question for question in draft.questions}
            asked |= {question.sentence: question for question in error.questions}
            draft.questions, draft.asked_about = tuple(asked.values()), _about(new)
        st.rerun()


def _about(new: NewRevocation) -> str:
    """Return what questions depend on, as one word: the name, the day, the files."""
    files = [page.content for page in new.submission.evidence]
    files += [reference.content for reference in new.references]
    digests = [hashlib.sha256(content).hexdigest() for content in files]
    faces = [str(reference.face) for reference in new.references]
    parts = [new.name, new.submission.on.isoformat(), new.submission.method, *digests, *faces]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _offer_blank_forms(services: Services) -> None:
    """Offer the form that a patron fills in by hand."""
    with st.container(horizontal=True):
        for language, name in LANGUAGES.items():
            st.download_button(
                f"Blank form in {name}",
                partial(blank_form_pdf, services, language),
                file_name=f"revocation-form-{language}.pdf",
                mime="application/pdf",
                icon=":material/description:",
                type="tertiary",
                key=f"blank-{language}",
            )


def _show_recorded(
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
    with show_errors():
        st.markdown(f"**What it covers:** {literal(what_is_covered(services, label, actor))}")
    with st.container(horizontal=True):
        show_case_link(label, f"Open {label}", ":material/folder_open:")
        st.caption("Made a mistake? Correct it there.")
    answered = {question.sentence for question in draft.questions}
    for remark in recorded.remarks:
        if remark not in answered:
            st.info(literal(remark), icon=":material/info:")
    _show_opened(services, actor, recorded)
    if services.policy.sees_names(actor):
        offer_receipts(services, recorded.revocation, actor)
    with st.container(horizontal=True):
        if services.policy.sees_names(actor) and offer_another(
            services, recorded.revocation, actor
        ):
            st.rerun()
        st.button("Record another", icon=":material/add:", on_click=next_draft)
    if not recorded.references:
        st.caption(
            "No photo of the person was added, so the program can't find them by face. Staff must "
            "look for them. It helps to know what they wear or which event they are at: add that "
            "on the case's page, under Change."
        )
        return
    if not recorded.templates:
        st.caption(literal(no_face_kept(recorded.references)))
    if draft.found is None:
        with show_errors(), st.spinner("Searching all photos"):
            draft.found = sweep(services, label, actor)
    if draft.found is not None:
        _show_found(services, actor, draft, draft.found)


def offer_another(services: Services, case: Revocation, actor: Actor) -> bool:
    """Offer a form for another person on the letter of a case; say whether it has begun."""
    words = "this request" if case.submission.method is Method.ORAL else "this letter"
    if not st.button(
        f"Another person on {words}",
        icon=":material/group_add:",
        help="Keeps the letter, who asked and how to reach them.",
        key=f"another-{case.label}",
    ):
        return False
    if kept_draft(services, actor) is not None:
        st.warning(
            "Another form is not finished: record it first, or start over there.",
            icon=":material/edit_document:",
        )
        show_link("record", "Open that form", ":material/open_in_new:")
        return False
    with show_errors():
        letter = letter_of(services, case.label, actor)
        next_on_letter(case.label, letter, services.policy.channels)
        return True
    return False


def _from_when(services: Services, case: Revocation) -> str:
    """Say from when, or until when, what was recorded holds."""
    state, terms = case.state(services.today()), case.terms
    if state is State.HELD and case.lapses_on is not None:
        return (
            f"Nothing with this person goes out until {shown_day(case.lapses_on)}. If the written "
            "request comes by then, this continues."
        )
    if state is State.PENDING:
        return f"It is in effect from {shown_day(terms.effective_from)}."
    if state is State.ACTIVE:
        return "It is in effect now."
    return f"It is no longer in effect: {state.words.lower()}."


def _show_opened(services: Services, actor: Actor, recorded: RecordedRevocation) -> None:
    """Say what is to be stopped before it is printed, and which published copies come down."""
    opened = {takedown.id for takedown in recorded.takedowns}
    if not opened:
        return
    cards = [card for card in list_takedowns(services, actor) if card.takedown.id in opened]
    to_stop = [card.takedown.label for card in cards if card.must_not_be_printed]
    out = sorted(card.takedown.label for card in cards if not card.must_not_be_printed)
    if to_stop:
        st.warning(f"To stop before print: {', '.join(to_stop)}.", icon=":material/print_disabled:")
    if out:
        words = f"Published copies to take down: {', '.join(out)}."
        st.warning(words, icon=":material/delete_sweep:")


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
    st.header(headline(report), anchor=False)
    show_doubts(report)
    if not report.hits:
        return
    st.caption("Say for each photo whether it shows the person. You can change it at any time.")
    grid = st.container()
    hits = one_page(report.hits, PER_PAGE, draft.key("page"))
    views = photo_views(services, [hit.sha256 for hit in hits], actor)
    with grid:
        for card, hit in in_cards(hits, 3):
            with card:
                _ask_about(services, actor, draft, report.label, hit, views.get(hit.sha256))


def _ask_about(
    services: Services, actor: Actor, draft: Draft, label: str, hit: Hit, view: PhotoView | None
) -> None:
    show_hit(hit, view)
    st.markdown(literal(hit.likeness()))
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
