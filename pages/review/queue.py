"""Review: what needs a person, one pair at a time, by key or click; and the overrides."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from consent.cases.search import reference_pictures
from consent.checking.overrides import list_overrides, second_override, withdraw_override
from consent.domain.actors import Actor
from consent.domain.decisions import Override
from consent.domain.jobs import JobState
from consent.domain.review import Pair, PairKind
from consent.domain.roles import Duty
from consent.domain.wording import counted
from consent.jobs.day import MAKING_QUEUE, begin_day_again, read_day, under_way
from consent.matching.trials import WithheldReference, withheld_references
from consent.review.decide import decided_meanwhile
from consent.review.pairs import LIKELY, PairView, view_pair
from consent.review.photos import PhotoView, photo_views
from consent.review.upkeep import has_to_be_made
from consent.services import Services
from pages.review.answers import offer_answers, offer_tag
from pages.review.session import ReviewDesk, review_desk
from pages.ui import backend, guard
from pages.ui.errors import keep_errors, show_errors
from pages.ui.look import choose_view, from_files, go_to, in_columns, literal, show_case_link
from pages.ui.pictures import inline, say_no_picture, show_faces, show_match, show_reference
from pages.ui.words import channel_name, short_day, shown_day, shown_moment

_turn = from_files(Path(__file__).with_name("turn.js"))
VIEW, OVERRIDES = "review-shown", "Overrides"
_QUEUE = "To decide"
_QUESTIONS = {
    PairKind.FACE: "Is this the person in {label}?",
    PairKind.COPY: "Does this copy show the person in {label}?",
    PairKind.SCENE: "Does this photo show the person in {label}?",
    PairKind.NAMED: "Does this photo show the person in {label}?",
    PairKind.UNCOMPARABLE: "Is this anyone in the register?",
    PairKind.PRIVATE_EVENT: "Was everyone in this photo asked?",
}
_WHY = {
    PairKind.UNCOMPARABLE: "The program can't compare the marked faces because they are turned "
    "away, blurred or small. Check them yourself.",
    PairKind.PRIVATE_EVENT: "The event was not in a public space, so being there gave no "
    "permission.",
}


_FACES_OFF = "This library does not let the program compare faces. Check the marked faces yourself."


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Review", actor)
    shown = choose_view([_QUEUE, OVERRIDES], VIEW)
    with show_errors():
        if shown == OVERRIDES:
            _show_overrides(services, actor)
        else:
            _show_queue(services, review_desk(), actor)


def _show_queue(services: Services, desk: ReviewDesk, actor: Actor) -> None:
    if has_to_be_made(services):
        job = read_day(services)
        if job is not None and job.state is JobState.FAILED:
            st.warning(literal(f"The review list could not be made. {job.message}"))
            if st.button("Make it now"):
                begin_day_again(services)
                st.rerun()
            return
        if not under_way(job):
            begin_day_again(services)
        _wait_for_queue(services)
        return
    with st.spinner("Comparing what is new", show_time=False):
        waiting = desk.waiting(services, actor)
    pair = _next_pair(services, desk, waiting, actor)
    # All of it is read before any of it is shown: new words beside an old picture mislead.
    view = None if pair is None else view_pair(services, pair, actor, desk.likely)
    _show_withheld(services, desk, actor)
    _show_head(services, desk, len(waiting), actor)
    if desk.only:
        _show_way_back(desk)
    if pair is None or view is None:
        where = "in these photos " if desk.only else ""
        if not desk.skipped:
            st.success(f"Nothing {where}is waiting for a decision.", icon=":material/task_alt:")
        else:
            count = len(desk.skipped)
            st.info(f"Only the ones you skipped are left: {count:,}.", icon=":material/skip_next:")
            label = f"Show the {count} skipped" if count > 1 else "Show the skipped one"
            st.button(label, on_click=desk.show_skipped)
        _show_turn("")
        return
    with st.container(border=True, key="review-pair"):
        if desk.tagging:
            # A box is drawn on a photo as wide as the page.
            _ask(pair)
            offer_tag(services, desk, pair, view, actor)
        with _beside_pictures(desk, pair, view):
            if not desk.tagging:
                _ask(pair)
                offer_answers(services, desk, pair, view, actor)
            _show_words(services, desk, pair, view)
    _show_turn(pair.name)


def _show_turn(pair: str) -> None:
    """Tell the browser which pair is on the screen, once all of it is: only that is answered."""
    _turn(key="review-turn", data={"pair": pair, "number": uuid4().hex})


@st.fragment(run_every=2.0)
def _wait_for_queue(services: Services) -> None:
    job = read_day(services)
    if job is None or not under_way(job):
        st.rerun()
    comparing = job.message == MAKING_QUEUE and job.total
    far = f": {job.done:,} of {counted(job.total, 'face')} compared" if comparing else ""
    st.info(
        f"The program is making the review list{far}. It will show here when it is ready.",
        icon=":material/hourglass_top:",
    )


def _next_pair(
    services: Services, desk: ReviewDesk, waiting: Iterable[Pair], actor: Actor
) -> Pair | None:
    """Return the pair to show: the one shown before until it is answered, whatever else waits.

    An answer to a pair that another person decided meanwhile is none, and it is said so.
    """
    before, desk.shown = desk.shown, next(iter(waiting), None)
    if before is None:
        return desk.shown
    same = desk.find(before)
    if same is not None:
        desk.shown = same
        return same
    desk.said, desk.tagging, desk.whole = "", False, False
    told = decided_meanwhile(services, before, actor)
    st.toast(literal(told), icon=":material/group:", duration="long")
    return desk.shown


def _show_head(services: Services, desk: ReviewDesk, count: int, actor: Actor) -> None:
    """Say how much is left and what the last step did, and offer to take that back."""
    with st.container(horizontal=True, vertical_alignment="center", height=44, border=False):
        if count:
            st.markdown(f"**{count:,} to decide**", width="content")
        if count and desk.skipped:
            st.markdown(f"{len(desk.skipped):,} skipped", width="content")
        if desk.said:
            st.markdown(f":material/check: {literal(desk.said)}", width="content")
        if desk.done:
            st.button(
                "Undo",
                shortcut="z",
                icon=":material/undo:",
                type="tertiary",
                help=literal(f"Undo: {desk.done[-1].words}"),
                key="undo",
                on_click=_undo,
                args=(services, desk, actor),
            )
    for said in desk.refused:
        st.error(literal(said), icon=":material/error:")
    desk.refused.clear()


def _undo(services: Services, desk: ReviewDesk, actor: Actor) -> None:
    if desk.done:
        with keep_errors(desk.refused, "Not undone"):
            desk.undo(services, actor)


def _show_way_back(desk: ReviewDesk) -> None:
    """Say that only photos of a check are asked about, and offer the way back to it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            f"Showing only the questions about {counted(len(desk.only), 'photo')} of your check.",
            width="content",
        )
        if st.button("Back to the check", icon=":material/arrow_back:", key="review-back"):
            back = desk.back
            desk.look_at_all()
            go_to("check", back)
        st.button(
            "Show all questions", type="tertiary", on_click=desk.look_at_all, key="review-all"
        )


def _show_overrides(services: Services, actor: Actor) -> None:
    """Show each override that holds or waits for a second person, and what can be done."""
    overrides = list_overrides(services, actor)
    if not overrides:
        st.info(
            "There are no overrides. To add one, open a photo in the result of a check.",
            icon=":material/gavel:",
        )
        return
    views = photo_views(services, [override.photo_sha256 for override in overrides], actor)
    for override in overrides:
        with st.container(border=True):
            _show_override(services, override, views.get(override.photo_sha256), actor)


def _show_override(
    services: Services, override: Override, view: PhotoView | None, actor: Actor
) -> None:
    picture, words = st.columns([1, 4])
    if view is not None:
        picture.image(view.thumbnail, alt="The photo", width="stretch")
    with words:
        channel = channel_name(services.policy, override.channel)
        use = f"{channel}, {override.issue}" if override.issue else channel
        st.markdown(f"**{literal(use)}**, until {shown_day(override.expires_on)}")
        by = override.granted_by
        st.markdown(literal(f"{by.id} ({by.role}): {override.reason}"))
        lifted = sorted({label for _, label in override.lifts if label})
        if lifted:
            st.caption(f"Despite {', '.join(lifted)}")
        if override.needs_second and override.second is None:
            st.badge("Waits for a second person", icon=":material/group:", color="orange")
            with show_errors():
                second = guard.ask_second(services, by, Duty.SECOND, f"second-{override.id}")
                if second is not None:
                    second_override(services, override.id, second)
                    st.rerun()
        elif override.second is not None:
            st.caption(literal(f"Agreed: {override.second.id} ({override.second.role})"))
        if guard.may(actor, Duty.WITHDRAW_OVERRIDE) and st.button(
            "Undo", icon=":material/undo:", key=f"withdraw-{override.id}"
        ):
            with show_errors():
                withdraw_override(services, override.id, "", actor)
                st.rerun()


def _show_withheld(services: Services, desk: ReviewDesk, actor: Actor) -> None:
    """Show the references that photos are not compared with before somebody has looked at them."""
    with services.reading() as unit:
        withheld = withheld_references(services, unit, actor)
    for reference in withheld:
        with st.container(border=True):
            _show_reference(services, desk, reference, actor)


def _show_reference(
    services: Services, desk: ReviewDesk, reference: WithheldReference, actor: Actor
) -> None:
    picture, words = st.columns([1, 6], gap="medium")
    with picture:
        kept = reference_pictures(services, reference.label, actor)
        show_reference(kept.get(reference.trial.template_id), reference.label, width=110)
    with words:
        st.markdown(f":material/person_alert: **{literal(reference.trial.sentence)}**")
        if reference.only:
            st.markdown(
                "It is the only photo in this case, so until you confirm it, the program "
                "can't find the person."
            )
        with st.container(horizontal=True, vertical_alignment="center"):
            show_case_link(reference.label, f"Case {reference.label}")
            if st.button(
                "It shows the person well: use it",
                icon=":material/check:",
                key=f"confirm-{reference.trial.template_id}",
            ):
                with show_errors():
                    desk.confirm(services, reference.label, reference.trial.template_id, actor)
                    st.rerun()


def _ask(pair: Pair) -> None:
    """Show what is to be decided."""
    st.header(_QUESTIONS[pair.kind].format(label=pair.label), anchor=False)


def _beside_pictures(desk: ReviewDesk, pair: Pair, view: PairView) -> DeltaGenerator:
    """Show the photo and the reference, and return the room beside them.

    The answers stand there: above the pictures they would push the faces off a laptop's screen,
    and below them they would move with each picture's height.
    """
    if pair.label is None and not view.likely:
        photo, beside = st.columns([7, 4], gap="medium")
    else:
        photo, reference, beside = st.columns([4, 3, 4], gap="medium")
        with reference:
            if pair.label is None:
                _show_likely(desk, view)
            else:
                _show_references(pair, view)
    with photo:
        _show_photo(desk, pair, view)
    return beside


def _show_photo(desk: ReviewDesk, pair: Pair, view: PairView) -> None:
    alt = f"{view.name}: {_QUESTIONS[pair.kind].format(label=pair.label)}"
    if view.photo is None:
        say_no_picture()
    elif desk.whole or len(pair.boxes) != 1:
        chosen = [face for face, box in enumerate(view.boxes) if box in pair.boxes]
        show_faces(view.photo, view.boxes, chosen, alt, all_numbers=False, with_words=True)
    elif view.zoom is not None:
        st.image(inline(view.zoom), alt=alt, width="stretch")
    else:
        show_match(view.photo, pair.box, alt, with_words=True)


def _show_likely(desk: ReviewDesk, view: PairView) -> None:
    """Show whom the face may be, to be compared by eye."""
    for column, likely in in_columns(view.likely, 3):
        with column:
            face = likely.reference
            if face is not None and face.picture is not None:
                picture = inline(face.picture)
                alt = f"Photo of the person in case {likely.label}"
                st.image(picture, alt=alt, width="stretch")
            else:
                st.caption(":material/no_photography: No face kept")
            st.caption(likely.label)
            if likely.looks:
                told = "Said to be here" if likely.fits else "Look for"
                st.caption(literal(f"{told}: {likely.looks}"))
    if len(view.likely) < view.people:
        st.caption(f"{len(view.likely)} of {view.people} people, the likeliest first.")
        if st.button("Show more faces", shortcut="m", key="likely-more"):
            desk.likely += LIKELY
            st.rerun()


def _show_references(pair: Pair, view: PairView) -> None:
    if not view.references:
        st.caption("No photo of this person is on file.")
    for index, reference in enumerate(view.references):
        alt = reference.words if reference.close else f"Photo of the person in {pair.label}"
        if reference.picture is not None:
            # The likest large, the others small below it.
            st.image(
                inline(reference.picture),
                alt=alt,
                width="stretch" if index == 0 else 110,
            )
        if index == 0 or reference.close:
            st.caption(literal(reference.words))


def _show_words(services: Services, desk: ReviewDesk, pair: Pair, view: PairView) -> None:
    """Show what is known of the photo, and offer the whole of it."""
    if pair.box is not None and st.button(
        "The face" if desk.whole else "The whole photo",
        icon=":material/zoom_in:" if desk.whole else ":material/zoom_out_map:",
        shortcut="w",
        key="whole",
    ):
        desk.whole = not desk.whole
        st.rerun()
    st.markdown(f"**{literal(view.name)}**")
    if pair.label is not None:
        words = f":primary[Case {pair.label}]"
        show_case_link(pair.label, words, icon=":material/folder_shared:")
    if view.likeness:
        st.markdown(literal(view.likeness))
    if pair.kind in _WHY:
        compared = pair.kind is not PairKind.UNCOMPARABLE or backend.services().compares_faces
        st.markdown(_WHY[pair.kind] if compared else _FACES_OFF)
    if pair.published_on is not None:
        day = short_day(pair.published_on)
        st.badge(f"Published {day}", icon=":material/public:", color="orange")
    elif pair.checked_at is not None:
        st.badge("In a recent check", icon=":material/image_search:", color="blue")
    if pair.taken_at is not None:
        st.caption(f"Taken {shown_moment(services, pair.taken_at)}")
    for fact in view.facts:
        st.caption(literal(fact))
