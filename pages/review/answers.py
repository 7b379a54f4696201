"""The answers to a pair, each with its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.channels import ChannelKind
from consent.domain import SightingState
from consent.review import PairKind
from consent.verbal import Answer, record_consent
from pages.ui.errors import said

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from consent.domain import Actor
    from consent.review import Pair
    from consent.services import Services
    from pages.review.desk import ReviewDesk

_ABOUT_A_CASE = {PairKind.FACE, PairKind.COPY}


def offer_answers(services: Services, desk: ReviewDesk, pair: Pair, actor: Actor) -> None:
    """Show the answers that a pair can have."""
    meant = _burst(desk, pair)
    with st.container(horizontal=True, gap="small"):
        if pair.kind in _ABOUT_A_CASE:
            _of_case(services, desk, meant, actor)
        elif pair.kind is PairKind.SCENE:
            _tag(desk, "In this photo")
            _no(services, desk, meant, actor, "Not in this photo")
            _cannot_tell(services, desk, meant, actor)
        elif pair.kind is PairKind.UNCOMPARABLE:
            _answer(
                "Nobody of the register",
                "n",
                ":material/person_off:",
                lambda: desk.nobody(services, pair, actor),
            )
            _tag(desk, "It is somebody")
        else:
            _asked(services, desk, pair, actor)
        if st.button("Skip", shortcut="s", icon=":material/skip_next:", key="skip"):
            desk.skipped.add(pair.key)
            desk.said, desk.whole = "", False
            st.rerun()
    if pair.kind in _ABOUT_A_CASE:
        st.text_input(
            "What do they wear? (if you confirm)",
            placeholder="A green coat",
            help="So that they are found in photos taken minutes before and after. Name nobody.",
            key=f"wearing-{pair.photo_sha256}",
            width=420,
        )


def _burst(desk: ReviewDesk, pair: Pair) -> list[Pair]:
    """Say that a decision is for a whole burst, and let it be for one photo only."""
    burst = [pair] if desk.queue is None else list(desk.queue.burst_of(pair))
    if len(burst) > 1 and pair.label is not None:
        desk.together = st.toggle(
            f"Decide all {len(burst)} photos of this burst at once",
            value=desk.together,
            key="together",
        )
    return desk.meant(pair)


def _of_case(services: Services, desk: ReviewDesk, meant: Sequence[Pair], actor: Actor) -> None:
    key = f"wearing-{meant[0].photo_sha256}"
    wearing = str(st.session_state.get(key, ""))
    _answer(
        "Confirm",
        "y",
        ":material/person_check:",
        lambda: desk.decide(services, meant, SightingState.CONFIRMED, actor, wearing),
        first=True,
    )
    _no(services, desk, meant, actor, "Not this person")
    _cannot_tell(services, desk, meant, actor)


def _no(
    services: Services, desk: ReviewDesk, meant: Sequence[Pair], actor: Actor, words: str
) -> None:
    _answer(
        words,
        "n",
        ":material/person_off:",
        lambda: desk.decide(services, meant, SightingState.REJECTED, actor),
    )


def _cannot_tell(services: Services, desk: ReviewDesk, meant: Sequence[Pair], actor: Actor) -> None:
    _answer(
        "Can't tell",
        "t",
        ":material/help:",
        lambda: desk.decide(services, meant, SightingState.CANNOT_TELL, actor),
    )


def _tag(desk: ReviewDesk, words: str) -> None:
    if st.button(words, shortcut="y", icon=":material/person_add:", type="primary", key="tag"):
        desk.tagging = True
        st.rerun()


def _asked(services: Services, desk: ReviewDesk, pair: Pair, actor: Actor) -> None:
    """Record for everybody in the photo what was answered, for every kind of use."""
    for given, words, key in (
        (True, "Everybody was asked and agreed", "y"),
        (False, "Somebody said no", "n"),
    ):
        icon = ":material/forum:" if given else ":material/block:"
        answer = Answer(pair.photo_sha256, given, frozenset(ChannelKind), services.today())

        def keep(answer: Answer = answer, words: str = words) -> None:
            record_consent(services, answer, actor)
            desk.said, desk.whole = f"{words}.", False
            # What people answered is never undone: a later answer takes its place.
            desk.skipped.add(pair.key)

        _answer(words, key, icon, keep, first=given)


def _answer(
    words: str, key: str, icon: str, keep: Callable[[], object], *, first: bool = False
) -> None:
    """Show one answer; keep it when it is given, and go on to the next pair."""
    if st.button(
        words,
        shortcut=key,
        icon=icon,
        type="primary" if first else "secondary",
        key=f"answer-{key}",
    ):
        with said():
            keep()
            st.rerun()
