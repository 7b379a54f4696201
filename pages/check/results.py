"""What a check found: seen at a glance, sorted, found, chosen, and one photo alone."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath

import streamlit as st

from consent.checking.result import CheckedPhoto, CheckResult
from consent.domain.actors import Actor
from consent.domain.roles import Duty
from consent.domain.verdicts import ALLOWED, NOTHING_TO_COMPARE, Verdict
from consent.domain.wording import (
    NO_EVENT,
    NO_PHOTO,
    NOBODY,
    clock_time,
    counted,
    look_out_for,
    no_face_kept,
    not_yet_compared,
)
from consent.indexing.events import photos_by_event
from consent.jobs.check import CheckState, check_again
from consent.publishing.check_report import check_report
from consent.review.photos import photo_views
from consent.services import Services
from pages.check.actions import ask_event, ask_right_event, done_with, offer_for_chosen, offer_text
from pages.check.one_photo import Beside, show_one
from pages.check.photos import CHECK, Chosen, Order, Shown, show_grid
from pages.ui.errors import show_errors
from pages.ui.guard import may
from pages.ui.look import literal
from pages.ui.words import event_name, short_day, verdict_words

PER_PAGE = 60
# Of photos that changed, so many are named.
_NAMED = 5
_CHANGED = (
    "Something has changed since this check, such as a revocation, an answer in Review or an event."
)
_NAMED_EVENTS = 3
_ALL = "ALL"
_ORDERS = {Order.WORST: "Worst first", Order.BEST: "Best first", Order.NAME: "By file name"}


def show_result(
    services: Services,
    state: CheckState,
    result: CheckResult,
    leave: Callable[[], None],
    actor: Actor,
) -> None:
    """Show what a check found, and offer what comes next; `leave` chooses other photos."""
    job_id = state.job_id
    shown, chosen = Shown.here(), Chosen.of(job_id)
    chosen.find(services, actor, [photo.id for photo in result.photos])
    chosen.keep(services, actor)
    photos = _in_order(result, shown)
    use = services.policy.use(result.named_use)
    done = done_with(services, result.photos, use, actor)
    said_of_all = _said_of_all(result.photos)
    alone = next((photo for photo in photos if photo.id == shown.photo), None)
    if alone is not None:
        st.set_page_config(page_title=f"{alone.words}: {alone.name}")
        beside = Beside(photos, shown, chosen, said_of_all)
        show_one(services, alone, beside, use, actor, done)
        return
    what = "Check" if shown.only is None else shown.only.words
    st.set_page_config(
        page_title=f"{what}: {counted(len(result.photos), 'photo')} for {result.use}"
    )
    with st.container(key="check-result", gap="xsmall"):
        _show_head(services, state, result, leave, actor)
        _say_changes(result)
        _say_of_all(services, result, said_of_all, actor)
        _say_events(services, job_id, result, chosen, actor)
        if not result.photos:
            st.info(NO_PHOTO, icon=":material/folder_off:")
            return
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _choose_verdict(result, shown)
            _choose_order(shown)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            mine = [photo for photo in result.photos if photo.id in chosen.ids]
            if mine:
                unseen = len(mine) - sum(photo.id in chosen.ids for photo in photos)
                beyond = f" ({unseen:,} not in this list)" if unseen else ""
                st.markdown(f"**{len(mine):,} chosen**{beyond}", width="content")
                offer_for_chosen(services, mine, use, actor, done)
                chosen.said = ""
            _offer_choosing(photos, done, chosen)
        if chosen.said:
            st.caption(literal(chosen.said))
        if photos:
            _show_page(services, photos, done, shown, chosen, actor)
        else:
            _say_none_found(result, shown)


def _say_none_found(result: CheckResult, shown: Shown) -> None:
    """Say that no file name matches, and whether one does among the photos not shown."""
    if shown.only is None:
        st.info("No file name matches.", icon=":material/search_off:")
        return
    elsewhere = len(_in_order(result, replace(shown, only=None)))
    said = f"No file name matches among the photos with: {shown.only.words}."
    st.info(said, icon=":material/search_off:")
    words = f"Show the {counted(elsewhere, 'photo')} that {'does' if elsewhere == 1 else 'do'}"
    if elsewhere and st.button(words, icon=":material/search:", key="find-in-all"):
        shown.go(only=None, page=1)
        st.rerun()


def _in_order(result: CheckResult, shown: Shown) -> Sequence[CheckedPhoto]:
    wanted = shown.find.casefold().strip()
    photos = [
        photo for photo in result.only(shown.only) if not wanted or wanted in photo.name.casefold()
    ]
    if shown.order is Order.NAME:
        return sorted(photos, key=lambda photo: photo.name.casefold())
    if shown.order is Order.BEST:
        # By name within a verdict, as the other way round.
        places = {verdict: -place for place, verdict in enumerate(Verdict)}
        return sorted(photos, key=lambda photo: places[photo.verdict])
    return photos


def _show_page(
    services: Services,
    photos: Sequence[CheckedPhoto],
    done: Mapping[str, str],
    shown: Shown,
    chosen: Chosen,
    actor: Actor,
) -> None:
    pages = math.ceil(len(photos) / PER_PAGE)
    # From another filter, a page may be left that there is no more.
    number = min(shown.page, pages)
    here = photos[(number - 1) * PER_PAGE : number * PER_PAGE]
    views = photo_views(services, [photo.sha256 for photo in here if photo.sha256], actor)
    short = {sha256: words.split(maxsplit=1)[0] for sha256, words in done.items()}
    # Pictures stay as they are until one of them is another, or says something else.
    said = [(photo.id, photo.words, short.get(photo.sha256 or "", "")) for photo in here]
    key = f"{shown.only}-{shown.find}-{shown.order}-{number}-{hash(tuple(said))}"
    at = str(st.session_state.pop(f"at-{chosen.job_id}", ""))
    opened = show_grid(here, views, short, chosen, key=key, at=at)
    if opened:
        shown.go(photo=opened)
        st.rerun()
    if pages > 1:
        key = f"check-page-{number}"
        with st.container(horizontal_alignment="center"):
            st.pagination(
                pages,
                default=number,
                key=key,
                on_change=lambda: shown.go(page=st.session_state[key]),
            )


def _show_head(
    services: Services,
    state: CheckState,
    result: CheckResult,
    leave: Callable[[], None],
    actor: Actor,
) -> None:
    count = len(result.photos)
    when = datetime.fromisoformat(result.checked_at)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f"**{counted(count, 'photo')} for {literal(result.use)}**, checked "
            f"{short_day(when.date())}, {clock_time(when)}",
        )
        st.download_button(
            "Download report",
            # With a byte-order mark: spreadsheets take a file without one for another encoding.
            check_report(services, result, actor).encode("utf-8-sig"),
            file_name=f"photo-check-{when:%Y-%m-%d-%H%M}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            disabled=not count,
            key=f"report-{state.job_id}",
        )
        with st.popover("More", icon=":material/more_horiz:"):
            _offer_more(services, result, actor)
        # Uploads are judged anew by themselves; in a folder, the files may be others.
        if state.of_folder and st.button("Check again", icon=":material/refresh:"):
            with show_errors():
                again = check_again(services, state.job_id, actor)
                st.session_state[CHECK] = again
                st.query_params.from_dict({CHECK: again})
                st.rerun()
        st.button("Check other photos", icon=":material/add_photo_alternate:", on_click=leave)


def _offer_more(services: Services, result: CheckResult, actor: Actor) -> None:
    """Offer what is done with words: a text looked through, names to be copied."""
    offer_text(services, services.policy.use(result.named_use), actor)
    clear = [photo.name for photo in result.only(Verdict.CLEAR)]
    if clear and not result.nobody:
        st.caption(f"{counted(len(clear), 'photo')} with no match found, to be copied:")
        st.code("\n".join(clear), language=None, height=160)


def _say_changes(result: CheckResult) -> None:
    """Say which photos are judged otherwise than when the check was done, or for other reasons."""
    changed: dict[tuple[str, str], list[CheckedPhoto]] = defaultdict(list)
    for photo in result.photos:
        if photo.was:
            changed[photo.words, photo.was].append(photo)
    for (now, was), photos in changed.items():
        names_changed = f"Changed from “{was}” to “{now}”: {_some_names(photos)}."
        said = f"{_CHANGED} {names_changed}"
        show = st.info if photos[0].verdict is Verdict.CLEAR else st.warning
        show(literal(said), icon=":material/update:")
    retold: dict[str, list[CheckedPhoto]] = defaultdict(list)
    for photo in result.photos:
        if photo.retold:
            retold[photo.words].append(photo)
    for words, photos in retold.items():
        said = (
            f"{_CHANGED} Still “{words}”, but for other reasons than before: "
            f"{_some_names(photos)}. Open a photo to read the reasons."
        )
        st.warning(literal(said), icon=":material/update:")


def _some_names(photos: Sequence[CheckedPhoto]) -> str:
    names = ", ".join(PurePosixPath(photo.name).name for photo in photos[:_NAMED])
    return names + (f" and {len(photos) - _NAMED:,} more" if len(photos) > _NAMED else "")


def _said_of_all(photos: Sequence[CheckedPhoto]) -> tuple[str, ...]:
    """Return the notes that stand at every photo that could be read, if these are several."""
    read = [photo for photo in photos if photo.sha256]
    if len(read) < 2:  # noqa: PLR2004 - of one, they stand with it
        return ()
    common = set(read[0].own_notes).intersection(*(photo.notes for photo in read[1:]))
    return tuple(note for note in read[0].own_notes if note in common)


def _say_of_all(
    services: Services, result: CheckResult, said_of_all: Sequence[str], actor: Actor
) -> None:
    """Say once what concerns all photos, and offer to name the event of those without."""
    for doubt in result.doubts:
        st.error(doubt, icon=":material/report:")
    if result.nobody:
        st.warning(NOBODY, icon=":material/group_off:")
    if result.withheld:
        st.warning(not_yet_compared(result.withheld), icon=":material/person_alert:")
    if result.hints:
        st.info(literal(look_out_for(result.hints)), icon=":material/person_search:")
    if result.without_face:
        st.info(no_face_kept(result.without_face), icon=":material/visibility:")
    without_event = [
        photo.sha256 for photo in result.photos if photo.sha256 and NO_EVENT in photo.notes
    ]
    if not said_of_all and not without_event:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if said_of_all:
            st.caption(literal(f"All photos: {' '.join(said_of_all)}"), width="content")
        elif without_event:
            st.caption(f"{counted(len(without_event), 'photo')} without an event.", width="content")
        offered = without_event and may(actor, Duty.ADD_EVENTS)
        if offered and st.button("Name the event", icon=":material/event:", type="tertiary"):
            ask_event(services, list(dict.fromkeys(without_event)), actor)


def _say_events(
    services: Services, job_id: str, result: CheckResult, chosen: Chosen, actor: Actor
) -> None:
    """Say of which events the photos are, and offer to correct that, of those chosen or of all."""
    photos = [photo for photo in result.photos if photo.sha256]
    by_event = photos_by_event(services, [str(photo.sha256) for photo in photos], actor)
    if not by_event:
        return
    named = [f"{event_name(event)} ({len(of):,})" for event, of in by_event[:_NAMED_EVENTS]]
    more = len(by_event) - _NAMED_EVENTS
    said = ", ".join(named) + (f" and {more:,} more" if more > 0 else "")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        words = "Event" if len(by_event) == 1 else "Events"
        st.caption(literal(f"{words}: {said}."), width="content")
        if may(actor, Duty.ADD_EVENTS) and st.button(
            "Wrong event?", icon=":material/edit_calendar:", type="tertiary", key="event-is-wrong"
        ):
            mine = {photo.sha256 for photo in photos if photo.id in chosen.ids}
            wanted = [
                (event, [photo for photo in of if not mine or photo in mine])
                for event, of in by_event
            ]
            wanted = [(event, of) for event, of in wanted if of]
            ask_right_event(services, job_id, wanted or by_event, actor)


def _choose_verdict(result: CheckResult, shown: Shown) -> None:
    """Ask which photos are shown: those of a verdict, or all."""
    counts = result.counts()

    def words(option: str) -> str:
        if option == _ALL:
            return f"All {len(result.photos)}"
        verdict = Verdict(option)
        said = NOTHING_TO_COMPARE if result.nobody and verdict is Verdict.CLEAR else verdict.words
        allowed = result.allowed if verdict is Verdict.CLEAR else 0
        beside = f" · {ALLOWED} {allowed}" if allowed else ""
        return f"{verdict_words(verdict, said)} {counts[verdict] - allowed}{beside}"

    def changed() -> None:
        wanted = st.session_state["check-only"]
        shown.go(only=None if wanted in {None, _ALL} else Verdict(wanted), page=1)

    options = [_ALL, *(verdict.value for verdict in counts)]
    # A verdict of which there is none is asked for by a link of before.
    st.session_state["check-only"] = (
        shown.only.value if shown.only in counts else _ALL if shown.only is None else None
    )
    st.pills(
        "Show",
        options,
        format_func=words,
        key="check-only",
        on_change=changed,
        label_visibility="collapsed",
    )


def _choose_order(shown: Shown) -> None:
    st.session_state["check-order"] = shown.order
    st.session_state["check-find"] = shown.find
    st.selectbox(
        "Order",
        list(Order),
        format_func=_ORDERS.__getitem__,
        key="check-order",
        on_change=lambda: shown.go(order=st.session_state["check-order"], page=1),
        label_visibility="collapsed",
        width=128,
    )
    st.text_input(
        "Find by file name",
        key="check-find",
        on_change=lambda: shown.go(find=st.session_state["check-find"].strip(), page=1),
        placeholder="Find by file name",
        label_visibility="collapsed",
        width=152,
    )


def _offer_choosing(
    photos: Sequence[CheckedPhoto], done: Mapping[str, str], chosen: Chosen
) -> None:
    """Offer to choose many at once, or none."""
    ready = {
        photo.id
        for photo in photos
        # Not where nobody was looked for, nor what only an override lets through.
        if photo.words == Verdict.CLEAR.words and photo.sha256 and photo.sha256 not in done
    }
    if chosen.ids and st.button("Clear selection", icon=":material/deselect:", key="choose-none"):
        chosen.put(())
        st.rerun()
    if ready and ready != chosen.ids:
        which = "the photo" if len(ready) == 1 else f"all {len(ready):,}"
        words = f"Choose {which} with no match found"
        if st.button(words, icon=":material/select_all:", key="choose-clear"):
            chosen.put(ready)
            st.rerun()
