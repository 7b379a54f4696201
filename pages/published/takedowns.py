"""What must be taken down: a board by state, a list by channel, each copy with its next step."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from consent.cases.takedown_letter import removal_mail
from consent.domain.actors import Actor
from consent.domain.channels import ChannelKind
from consent.domain.errors import NoSuchTakedownError
from consent.domain.intake import EvidenceFile
from consent.domain.jobs import JobState
from consent.domain.roles import Duty
from consent.domain.takedowns import FOLLOWS, TakedownState
from consent.jobs.day import begin_day_again, looks_for_copies, read_day
from consent.review.photos import PhotoView, photo_views
from consent.services import Services
from consent.takedowns.board import (
    Move,
    TakedownCard,
    TakedownChangedError,
    assign_takedown,
    list_takedowns,
    move_takedown,
    needs_proof,
)
from pages.published.appeals import show_appeals
from pages.ui import backend, guard
from pages.ui.errors import show_errors
from pages.ui.form import noted_press, required, take_press
from pages.ui.look import TAKEDOWN, choose_view, literal, show_case_link, show_piece_link
from pages.ui.words import safety_badge, short_day

_SEEN, _VOID = "takedown-seen-", "takedown-void"
# In the address, for links that lead to one of the views.
VIEW, APPEALS = "takedowns-shown", "Appeals"
_STATES, _CHANNELS = "By status", "By channel"
_NEXT, _MINE, _MAIL = "Next step", "Assign to me", "Email text"
_AT_ONCE = 30
# Pixels; less in a narrow column.
_PICTURE = 240


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Takedowns", actor)
    with show_errors():
        _show_day(services)
    if (wanted := st.query_params.get(TAKEDOWN)) is not None:
        st.button("All takedowns", icon=":material/arrow_back:", type="tertiary", on_click=_leave)
        with show_errors():
            _show_one(services, wanted, actor)
        return
    views = [_STATES, _CHANNELS, *([APPEALS] if guard.may(actor, Duty.READ_APPEALS) else [])]
    shown = choose_view(views, VIEW)
    with show_errors():
        if shown == APPEALS:
            show_appeals(services, actor)
            return
        cards = list_takedowns(services, actor)
        if not cards:
            st.info(
                "No published photo has to come down. When someone revokes, each known published "
                "copy is listed here.",
                icon=":material/task_alt:",
            )
            return
        guard.may_or_say_who(actor, Duty.TAKE_DOWN)
        _say_what_is_void(cards, actor)
        _show_counts(cards)
        if shown == _STATES:
            _show_by_state(services, cards, actor)
        else:
            _show_by_channel(services, cards, actor)
        # Those of revocations that no longer stand, apart from what is to be done.
        if moot := [card for card in cards if card.moot]:
            st.markdown(f"**No need to remove** ({len(moot)})")
            _show_side_by_side(services, moot, actor, "moot")


def _say_what_is_void(cards: Sequence[TakedownCard], actor: Actor) -> None:
    """Say who was first where somebody takes what somebody else has taken meanwhile."""
    press = take_press()
    st.session_state[_VOID] = ""
    for card in cards:
        takedown = card.takedown
        if press is None or press.about != takedown.label:
            continue
        last = takedown.history[-1]
        if len(takedown.history) == press.version or last.actor.id == actor.id:
            return
        st.session_state[_VOID] = takedown.label
        what = "taken it" if last.owner == last.actor.id else f"given it to {last.owner}"
        if last.state is not None:
            what = f"entered “{last.state.words}”"
        said = (
            f"“{press.words}” was not done, because {takedown.label} has changed since you saw it: "
            f"{last.actor.id} has {what}."
        )
        st.warning(literal(said), icon=":material/sync_problem:")


def _leave() -> None:
    st.query_params.pop(TAKEDOWN, None)


def _show_one(services: Services, label: str, actor: Actor) -> None:
    """Show the takedown that the address names."""
    found = [card for card in list_takedowns(services, actor) if card.takedown.label == label]
    if not found:
        st.info(literal(str(NoSuchTakedownError(label))), icon=":material/search_off:")
        return
    guard.may_or_say_who(actor, Duty.TAKE_DOWN)
    _say_what_is_void(found, actor)
    with st.columns([2, 1])[0]:
        _show_cards(services, found, actor, "one")


def _show_day(services: Services) -> None:
    """Say that what is out is being looked through, or that this failed."""
    job = read_day(services)
    if looks_for_copies(job):
        _wait_for_day(services)
    elif job is not None and job.state is JobState.FAILED:
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.warning(
            f"{literal(job.message)} Copies that a revocation reaches today may be missing below.",
            icon=":material/warning:",
        )
        if right.button("Look again", width="stretch"):
            begin_day_again(services)
            st.rerun()


@st.fragment(run_every=2.0)
def _wait_for_day(services: Services) -> None:
    job = read_day(services)
    if not looks_for_copies(job):
        # Drawn anew by itself, the page would close the dialog that somebody is filling.
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.info(
            "All published photos were checked again: more may have to come down.",
            icon=":material/task_alt:",
        )
        if right.button("Show it", key="day-is-through", width="stretch"):
            st.rerun()
        return
    far = f": {job.done:,} of {job.total:,}" if job is not None and job.total else ""
    st.info(
        f"Checking published photos for copies that must come down today{far}. "
        "More may appear below.",
        icon=":material/hourglass_top:",
    )


def _show_counts(cards: Sequence[TakedownCard]) -> None:
    waiting = [card for card in cards if card.waits]
    late = sum(card.overdue for card in waiting)
    stops = sum(card.can_be_stopped for card in waiting)
    safety = sum(card.takedown.safety for card in waiting)
    with st.container(horizontal=True):
        st.badge(f"{len(waiting)} open", icon=":material/pending_actions:", color="blue")
        if stops:
            words = f"{stops} to stop before print"
            st.badge(words, icon=":material/print_disabled:", color="red")
        if late:
            st.badge(f"{late} overdue", icon=":material/alarm:", color="orange")
        if safety:
            words = f"{safety} with a safety concern"
            st.badge(words, icon=":material/priority_high:", color="orange")


def _show_by_state(services: Services, cards: Sequence[TakedownCard], actor: Actor) -> None:
    states = [
        ("Found", [TakedownState.FOUND]),
        ("Removal requested", [TakedownState.REQUESTED]),
        ("Done", [state for state in TakedownState if state.closed]),
    ]
    columns = zip(st.columns(3), states, strict=True)
    for index, (column, (title, together)) in enumerate(columns):
        inside = [card for card in cards if card.takedown.state in together and not card.moot]
        with column:
            st.markdown(f"**{title}** ({len(inside)})")
            _show_cards(services, inside, actor, f"state-{index}")


def _show_by_channel(services: Services, cards: Sequence[TakedownCard], actor: Actor) -> None:
    waiting = [card for card in cards if card.waits]
    channels = {card.channel.id: card.channel.label for card in waiting}
    if not channels:
        st.success("All copies that were found are done.", icon=":material/task_alt:")
        return
    chosen = st.pills(
        "Channel",
        list(channels),
        default=next(iter(channels)),
        format_func=channels.__getitem__,
        required=True,
        label_visibility="collapsed",
        key=f"takedowns-channel-{'-'.join(channels)}",
    )
    inside = [card for card in waiting if card.channel.id == chosen]
    _show_side_by_side(services, inside, actor, "channel")


def _show_side_by_side(
    services: Services, cards: Sequence[TakedownCard], actor: Actor, name: str
) -> None:
    """Show takedowns in three columns."""
    for index, column in enumerate(st.columns(3)):
        with column:
            _show_cards(services, cards[index::3], actor, name)


def _show_cards(services: Services, cards: Sequence[TakedownCard], actor: Actor, name: str) -> None:
    """Show takedowns below one another, the first of many.

    `name` is that of the place on the page, for the keys of the widgets.
    """
    shown = cards[:_AT_ONCE]
    views = photo_views(services, [card.publication.photo_sha256 for card in shown], actor)
    for card in shown:
        with st.container(border=True):
            key = f"{name}-{card.takedown.label}"
            _show_card(services, card, views.get(card.publication.photo_sha256), actor, key)
    if len(cards) > len(shown):
        st.caption(f"And {len(cards) - len(shown)} more after these.")


def _show_card(
    services: Services, card: TakedownCard, view: PhotoView | None, actor: Actor, key: str
) -> None:
    takedown = card.takedown
    # What was removed and is only retained is not shown.
    if view is None or takedown.state.closed:
        facts = st.container(gap="small")
    else:
        # Beside the facts, and no wider on a phone: a portrait would be taller than the screen.
        picture, facts = st.columns([2, 3], gap="small")
        picture.image(view.thumbnail, alt=f"Photo of {takedown.label}", width=_PICTURE)
    with facts:
        _show_facts(card, actor)
    if not card.moot:
        _offer_actions(services, card, actor, key)


def _show_facts(card: TakedownCard, actor: Actor) -> None:
    takedown, made = card.takedown, card.publication
    st.markdown(f"**{takedown.label}**, {literal(card.channel.label)}")
    _show_badges(card)
    if card.moot:
        st.caption("The revocation is no longer in effect: nothing has to be removed for it.")
        if takedown.state is TakedownState.REQUESTED:
            st.caption("Tell the people you asked that the copy may stay.")
    st.caption(literal(made.issue or made.url or card.file_name))
    for icon, text in (
        (":material/newspaper:", card.whereabouts),
        (":material/person:", takedown.owner),
        (":material/notes:", takedown.last.note),
    ):
        if text:
            st.caption(f"{icon} {literal(text)}")
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        show_case_link(card.case_label, card.case_label)
        if card.of_piece is not None and guard.may(actor, Duty.READ_PRINT):
            show_piece_link(card.of_piece.label, card.of_piece.label)
        if made.url:
            st.link_button("Open", made.url, icon=":material/open_in_new:")


def _show_badges(card: TakedownCard) -> None:
    takedown = card.takedown
    with st.container(horizontal=True, gap="xsmall"):
        if takedown.safety:
            safety_badge()
        if takedown.state.closed:
            st.badge(takedown.state.words, icon=":material/task_alt:", color="green")
        elif card.moot:
            st.badge("Nothing to remove", icon=":material/do_not_disturb_on:", color="gray")
        else:
            _show_due(card)


def _show_due(card: TakedownCard) -> None:
    """Show by when something is to be done, and what is not printed yet before the rest."""
    due = short_day(card.due_on)
    if card.can_be_stopped and card.piece is not None:
        day = card.piece.print_on
        when = "" if day is None or day == card.due_on else f", printed {short_day(day)}"
        st.badge(f"Stop it by {due}{when}", icon=":material/print_disabled:", color="red")
    if card.overdue:
        st.badge(f"Overdue since {due}", icon=":material/alarm:", color="orange")
    elif not card.can_be_stopped:
        st.badge(f"Due {due}", icon=":material/event:", color="gray")


def _offer_actions(services: Services, card: TakedownCard, actor: Actor, key: str) -> None:
    takedown = card.takedown
    if not guard.may(actor, Duty.TAKE_DOWN):
        return
    with st.container(horizontal=True, gap="xsmall"):
        if takedown.state.closed:
            # Only a slip, or a copy that is there again, is left to enter.
            if FOLLOWS[takedown.state] and st.button("Change", key=f"n-{key}", type="tertiary"):
                _ask_next("Change", services, card, actor)
            return
        if st.button(_NEXT, type="primary", icon=":material/arrow_forward:", key=f"n-{key}"):
            _ask_next(_NEXT, services, card, actor)
        seen = noted_press(takedown.label, _MINE, len(takedown.history))
        pressed = takedown.owner != actor.id and st.button(
            _MINE, icon=":material/person:", key=f"o-{key}", **seen
        )
        if pressed and st.session_state[_VOID] != takedown.label:
            with show_errors():
                assign_takedown(services, takedown.label, actor.id, actor)
                st.rerun()
        if st.button(_MAIL, icon=":material/mail:", key=f"m-{key}"):
            _show_mail(services, card)


def _forget_seen() -> None:
    """A dialog that is opened again begins with what is so then."""
    for key in [key for key in st.session_state if str(key).startswith(_SEEN)]:
        del st.session_state[key]


def _ask_next(title: str, services: Services, card: TakedownCard, actor: Actor) -> None:
    """Open a dialog for what became of it."""
    st.dialog(title, on_dismiss=_forget_seen)(_ask_step)(services, card, actor)


def _ask_step(services: Services, card: TakedownCard, actor: Actor) -> None:
    """Ask how far it has come, with a note or a proof."""
    label, printed = card.takedown.label, card.channel.kind is ChannelKind.PRINT
    seen_key = f"{_SEEN}{label}"
    seen = st.session_state.setdefault(seen_key, card.takedown.state)
    # Both are drawn once more where the takedown turns out to be in another state.
    changed, steps = st.empty(), st.empty()
    state = _ask_state(steps, card, seen)
    stop, stock = None, ""
    if state is TakedownState.IN_CIRCULATION:
        stop = st.toggle("It will not be printed again", key=f"stop-{label}")
        stock = st.text_input(required("What happens to the remaining copies?"), key=f"s-{label}")
    stoppable = card.can_be_stopped or state is TakedownState.STOPPED
    example = (
        "Called the printer; they take the page out" if stoppable else "It was gone when I checked"
    )
    note = st.text_area("Note", placeholder=example, key=f"note-{label}")
    proof_of = "a letter, email or picture" if printed else "a screenshot"
    shot = st.file_uploader(f"Or {proof_of}", key=f"proof-{label}")
    if needs_proof(seen, state):
        st.caption("Add a note or a file as proof of what was done.")
    if st.button("Save", type="primary", key=f"save-{label}"):
        with show_errors():
            proof = None if shot is None else EvidenceFile(shot.name, shot.getvalue())
            try:
                move = Move(state, note, proof, stop, stock, seen)
                move_takedown(services, label, move, actor)
            except TakedownChangedError as error:
                st.session_state[seen_key] = error.state
                changed.warning(literal(str(error)), icon=":material/sync_problem:")
                _ask_state(steps, card, error.state)
            else:
                _forget_seen()
                st.rerun()


def _ask_state(at: DeltaGenerator, card: TakedownCard, now: TakedownState) -> TakedownState:
    """Ask which state comes next, beginning with what is likeliest."""
    senseless = {TakedownState.HIDDEN}
    if card.channel.kind is not ChannelKind.PRINT:
        senseless = {TakedownState.IN_CIRCULATION}
    likely = TakedownState.REQUESTED
    if card.of_piece is None or card.of_piece.is_printed:
        senseless.add(TakedownState.STOPPED)
    else:
        # Nothing is in circulation yet, nor could it be deleted.
        senseless |= {TakedownState.IN_CIRCULATION, TakedownState.DELETED}
        likely = TakedownState.STOPPED
    following = [state for state in TakedownState if state in FOLLOWS[now] - senseless]
    # That it is there again is what happens least.
    following.sort(key=lambda state: (state is not likely, state is TakedownState.FOUND))
    again = "It is online again" if card.channel.kind is ChannelKind.ONLINE else "It is out again"
    if now is TakedownState.REQUESTED:
        again = "No removal was requested"
    return at.radio(
        f"What happened to {card.takedown.label}?",
        following,
        format_func=lambda state: again if state is TakedownState.FOUND else state.words,
        key=f"to-{card.takedown.label}-{now}",
    )


@st.dialog(_MAIL, width="large")
def _show_mail(services: Services, card: TakedownCard) -> None:
    """Show the mail that asks for removal, ready to copy."""
    with show_errors():
        text = removal_mail(services, card)
        st.markdown(f"**{literal(text.subject)}**")
        st.code(text.body, language=None, wrap_lines=True)
        # What people call their files is not known here.
        said = (
            f"The text names no person, but it gives the file name, {card.file_name}. If that has"
            " a name in it, take it out before you send the text."
        )
        st.warning(literal(said), icon=":material/badge:")
