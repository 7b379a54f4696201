"""The answers to a pair, each with its key; and where somebody is, said by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import streamlit as st

from consent.cases.view import standing_labels
from consent.domain.actors import Actor
from consent.domain.channels import ChannelKind
from consent.domain.decisions import DecisionState
from consent.domain.review import Pair, PairKind
from consent.printing.answers import Answer
from consent.printing.asking import record_in_photo
from consent.review.decide import NewDecision
from consent.review.pairs import PairView
from consent.services import Services
from media_index.types import Box
from pages.review.session import ReviewDesk
from pages.ui.canvas import DRAWN, draw_box
from pages.ui.decisions import NO_PERSON, NO_PERSON_ICON, ask_what_faces_are
from pages.ui.errors import keep_errors, show_errors
from pages.ui.form import required, say_first
from pages.ui.look import literal

_CONFIRM, _NOBODY = ":material/person_check:", ":material/person_off:"
_WEARING = "This helps find them in photos taken minutes before and after. Don't use names."
_FACE, _NO_FACE = "A face", "No visible face"


def offer_answers(
    services: Services, desk: ReviewDesk, pair: Pair, view: PairView, actor: Actor
) -> None:
    """Show the answers that a pair can have."""
    _Answers(services, desk, pair, view, actor).offer()


@dataclass(frozen=True, slots=True)
class _Answers:
    services: Services
    desk: ReviewDesk
    pair: Pair
    view: PairView
    actor: Actor

    def offer(self) -> None:
        kind = self.pair.kind
        by_face = kind in {PairKind.FACE, PairKind.COPY, PairKind.NAMED}
        if by_face:
            self._burst()
        with st.container(horizontal=True, gap="small"):
            if by_face:
                self._answer("Confirm", "y", _CONFIRM, self._decide(DecisionState.CONFIRMED))
                self._or_not("Not this person")
            elif kind is PairKind.SCENE:
                self._answer("In this photo", "y", ":material/person_add:", self._tag)
                self._or_not("Not in this photo")
            elif kind is PairKind.UNCOMPARABLE:
                # Nobody is let pass by a key that compared nothing.
                key = "n" if self.view.compares else None
                self._answer("Nobody in the register", key, _NOBODY, self._nobody)
                self._answer(
                    "It is someone in the register", "y", ":material/person_add:", self._tag
                )
            else:
                yes, no = "Everyone was asked and agreed", "Someone said no"
                self._answer(yes, "y", ":material/forum:", self._asked(yes, given=True))
                self._answer(no, "n", ":material/block:", self._asked(no, given=False))
            if self.view.boxes and kind not in {PairKind.COPY, PairKind.SCENE, PairKind.NAMED}:
                self._no_person()
            self._answer("Skip", "s", ":material/skip_next:", self._skip)
        if by_face:
            st.text_input(
                "What are they wearing? (if you confirm)",
                placeholder="A green coat",
                help=_WEARING,
                key=self._wearing,
                width=420,
            )

    def _no_person(self) -> None:
        """Offer to say that a face is none of a person's."""
        name = f"answer-p-{self.pair.name}"
        if st.button(NO_PERSON, shortcut="p", icon=NO_PERSON_ICON, key=name):
            boxes = self.pair.boxes if len(self.pair.boxes) == 1 else ()
            kept = partial(self.desk.faces_said, self.pair)
            sha256 = self.pair.photo_sha256
            ask_what_faces_are(self.services, sha256, self.view.boxes, boxes, self.actor, kept)

    @property
    def _wearing(self) -> str:
        return f"wearing-{self.pair.name}"

    def _burst(self) -> None:
        """Say that a yes is for a whole burst, and let it be for one photo only."""
        count = len(self.desk.burst_of(self.services, self.pair, self.actor))
        if count > 1:
            self.desk.together = st.toggle(
                f"Confirm all {count} photos of this burst",
                value=self.desk.together,
                help="They were taken right after each other. Any answer other than Confirm counts "
                "only for this photo.",
                key="together",
            )

    def _or_not(self, no: str) -> None:
        if self.pair.surely:
            # A slip of one key would let go out what nothing else lets go out.
            if st.button(no, shortcut="n", icon=_NOBODY, key=f"answer-n-{self.pair.name}"):
                _ask_why_not(self.services, self.desk, self.pair, self.view, self.actor)
        else:
            self._answer(no, "n", _NOBODY, self._decide(DecisionState.REJECTED))
        cannot = self._decide(DecisionState.CANNOT_TELL)
        self._answer("Can't tell", "t", ":material/help:", cannot)

    def _decide(self, state: DecisionState) -> Callable[[], None]:
        def decide() -> None:
            # As a dictionary: to read one value lets whatever was pressed next end this.
            wearing = str(st.session_state.to_dict().get(self._wearing, ""))
            self.desk.decide(self.services, self.pair, state, self.actor, wearing)

        return decide

    def _nobody(self) -> None:
        self.desk.nobody(self.services, self.pair, self.actor)

    def _tag(self) -> None:
        self.desk.tagging = True

    def _skip(self) -> None:
        self.desk.put_aside(self.pair)

    def _asked(self, words: str, *, given: bool) -> Callable[[], None]:
        """Record for everybody in the photo what was answered, for every kind of use."""
        kinds, today = frozenset(ChannelKind), self.services.today()
        answer = Answer(
            given=given, asked_on=today, kinds=kinds, photo_sha256=self.pair.photo_sha256
        )

        def keep() -> None:
            kept = record_in_photo(self.services, answer, self.actor)
            said = f"{words}. {kept.remark}".strip()
            self.desk.put_aside(self.pair, said, [one.id for one in kept.answers])

        return keep

    def _answer(self, words: str, key: str | None, icon: str, keep: Callable[[], object]) -> None:
        """Show one answer; keep it when it is given, and go on to the next pair.

        The button is named after the pair: a key pressed twice in haste answers one pair, once. It
        is kept before the page is drawn anew: whatever is pressed meanwhile, it is not lost.
        """
        name = f"answer-{key or words}-{self.pair.name}"
        kind: Literal["primary", "secondary"] = "primary" if key == "y" else "secondary"
        st.button(
            words,
            shortcut=key,
            icon=icon,
            type=kind,
            key=name,
            on_click=self._give,
            args=(keep,),
        )

    def _give(self, keep: Callable[[], object]) -> None:
        if self.desk.still_asks(self.services, self.pair, self.actor):
            with keep_errors(self.desk.refused, "Not saved"):
                keep()


@st.dialog("Not this person?")
def _ask_why_not(
    services: Services, desk: ReviewDesk, pair: Pair, view: PairView, actor: Actor
) -> None:
    """Ask why a face is not that of whom it surely looks like, and keep that it is not."""
    st.markdown(literal(f"It surely looks like the person in {pair.label}. {view.likeness}"))
    # What shell.js puts the cursor in.
    with st.container(key="typed-at-once"), st.form("why-not", border=False):
        why = st.text_input(
            required("Why is it someone else?"),
            placeholder="A twin, a look-alike, a poster",
            help="Don't use names.",
        )
        keep = st.form_submit_button("Keep: not this person", type="primary", key="why-not-keep")
    if keep:
        with show_errors():
            desk.decide(services, pair, DecisionState.REJECTED, actor, note=why)
            st.rerun()


def offer_tag(
    services: Services, desk: ReviewDesk, pair: Pair, view: PairView, actor: Actor
) -> None:
    """Ask who it is and where, and keep it as confirmed."""
    label = pair.label
    if label is None:
        label = st.selectbox(
            required("Which case?"),
            standing_labels(services, actor),
            index=None,
            placeholder="R-0042",
        )
    where = st.segmented_control(
        "Where in the photo?",
        ([_FACE] if view.boxes else []) + [DRAWN, _NO_FACE],
        default=_FACE if view.boxes else DRAWN,
        required=True,
        key="tag-where",
    )
    box, ready = _ask_box(pair, view, where)
    wearing = st.text_input(
        "What are they wearing?", placeholder="A green coat", help=_WEARING, key="tag-wearing"
    )
    missing = [] if label is not None else ["choose the case"]
    if not ready:
        missing.append("choose a face, or draw a box")
    with st.container(horizontal=True):
        keep = st.button(
            "Confirm",
            type="primary",
            shortcut="y",
            disabled=bool(missing),
            key="tag-keep",
        )
        if st.button("Back", shortcut="Esc", key="tag-back"):
            desk.tagging = False
            st.rerun()
    say_first(missing)
    if keep and label is not None:
        with show_errors():
            confirmed = DecisionState.CONFIRMED
            decision = NewDecision(label, pair.photo_sha256, box, confirmed, "By hand.", wearing)
            desk.keep(services, [decision], [pair], actor)
            st.rerun()


def _ask_box(pair: Pair, view: PairView, where: str) -> tuple[Box | None, bool]:
    """Return the box, None for the photo as a whole, and whether it is known."""
    if where == _NO_FACE:
        st.caption(
            "Use this if they are seen from behind, in a mask or in a costume: the whole "
            "photo is marked."
        )
        return None, True
    if where == _FACE:
        first = next((face for face, box in enumerate(view.boxes) if box in pair.boxes), None)
        chosen = st.pills(
            "Which face?",
            range(len(view.boxes)),
            default=first if first is not None or len(view.boxes) > 1 else 0,
            format_func=lambda face: f"Face {face + 1}",
            key=f"tag-face-{pair.photo_sha256}",
        )
        return (None, False) if chosen is None else (view.boxes[chosen], True)
    drawn = draw_box(view.photo, key=f"tag-box-{pair.photo_sha256}")
    return drawn, drawn is not None
