"""What a check found, worst first, and what comes next: posted, scheduled, overridden, or kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import PurePosixPath

import streamlit as st

from consent.checking.overrides import propose_override
from consent.checking.result import CheckedPhoto, CheckResult
from consent.domain.actors import Actor
from consent.domain.channels import ChannelKind, Use
from consent.domain.roles import Duty
from consent.domain.verdicts import NOTHING_TO_COMPARE, Verdict
from consent.domain.wording import NOBODY, look_out_for, no_face_kept, not_yet_compared
from consent.publishing.posts import list_scheduled, schedule_posts
from consent.publishing.record import (
    Posting,
    allowed_verdicts,
    list_publications,
    record_publications,
)
from consent.review.photos import photo_views
from consent.services import Services
from pages.ui.badges import badge, in_text
from pages.ui.errors import show_errors
from pages.ui.faces import NO_PERSON, NO_PERSON_ICON, ask_what_faces_are
from pages.ui.leave import may, may_or_say_who
from pages.ui.look import in_cards, literal, one_page
from pages.ui.pictures import LEGEND, show_checked
from pages.ui.words import DATE_FORMAT, EARLIEST, short_day

PER_PAGE = 24
_ALL = "ALL"


def show_result(
    services: Services,
    job_id: str,
    result: CheckResult,
    leave: Callable[[], None],
    actor: Actor,
) -> None:
    """Show what a check found, and offer what comes next; `leave` chooses other photos."""
    _show_head(job_id, result, leave)
    if result.without_face:
        st.info(no_face_kept(result.without_face), icon=":material/visibility:")
    if result.hints:
        st.info(literal(look_out_for(result.hints)), icon=":material/person_search:")
    if result.withheld:
        st.warning(not_yet_compared(result.withheld), icon=":material/person_alert:")
    for doubt in result.doubts:
        st.error(doubt, icon=":material/report:")
    if result.nobody:
        st.warning(NOBODY, icon=":material/group_off:")
    if not result.photos:
        st.info("No photo was found there: nothing was checked.", icon=":material/folder_off:")
        return
    chosen = _choose_verdict(job_id, result)
    photos = result.only(chosen)
    use = services.policy.use(result.named_use)
    done = _done(services, result.photos, use, actor)
    _offer_all(services, photos, use, actor, done)
    gallery = st.container(key="gallery")
    shown = one_page(photos, PER_PAGE, f"page-{job_id}-{chosen}")
    views = photo_views(services, [photo.sha256 for photo in shown if photo.sha256], actor)
    with gallery:
        if any(photo.boxes for photo in shown):
            st.caption(LEGEND)
        for card, photo in in_cards(shown, 2):
            with card:
                picture, words = st.columns([1, 1])
            with picture:
                show_checked(photo, views.get(photo.sha256 or ""))
            with words:
                _show_verdict(photo)
                _offer(services, photo, use, actor, done.get(photo.sha256 or ""))


def _show_head(job_id: str, result: CheckResult, leave: Callable[[], None]) -> None:
    count = len(result.photos)
    when = datetime.fromisoformat(result.checked_at)
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.markdown(
        f"**{count} photo{'' if count == 1 else 's'} for {literal(result.use)}**, checked "
        f"{when:%B} {when.day}, {when.year}, {when:%H:%M}",
    )
    with right.container(horizontal=True, horizontal_alignment="right"):
        st.download_button(
            "Download report",
            # With a byte-order mark: spreadsheets take a file without one for another encoding.
            result.as_csv().encode("utf-8-sig"),
            file_name=f"photo-check-{when:%Y-%m-%d-%H%M}.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            disabled=not count,
            key=f"report-{job_id}",
        )
        st.button("Check other photos", icon=":material/add_photo_alternate:", on_click=leave)


def _choose_verdict(job_id: str, result: CheckResult) -> Verdict | None:
    """Ask which photos are shown: those of a verdict, or all."""
    counts = result.counts()

    def words(option: str) -> str:
        if option == _ALL:
            return f"All {len(result.photos)}"
        verdict = Verdict(option)
        said = NOTHING_TO_COMPARE if result.nobody and verdict is Verdict.CLEAR else verdict.words
        return f"{in_text(verdict, said)} {counts[verdict]}"

    chosen = st.pills(
        "Show",
        [_ALL, *(verdict.value for verdict in counts)],
        default=_ALL,
        format_func=words,
        required=True,
        key=f"only-{job_id}",
        label_visibility="collapsed",
    )
    return None if chosen in {None, _ALL} else Verdict(chosen)


def _show_verdict(photo: CheckedPhoto) -> None:
    """Show the verdict, and the reasons in words."""
    badge(photo.verdict, photo.words)
    name = PurePosixPath(photo.name)
    st.markdown(f"**{literal(name.name)}**")
    if name.parent.name:
        st.caption(f":material/folder: {literal(str(name.parent))}")
    # What is true of every photo stands once, above them.
    for reason in photo.own_reasons:
        st.markdown(literal(reason))
    for note in photo.own_notes:
        st.caption(f"Note: {literal(note)}")


def _done(
    services: Services, photos: Sequence[CheckedPhoto], use: Use, actor: Actor
) -> dict[str, str]:
    """Say of each photo that was posted for this use or scheduled, by its SHA-256."""
    shas = [photo.sha256 for photo in photos if photo.sha256]
    done: dict[str, str] = {}
    for post in list_scheduled(services, actor):
        if post.photo_sha256 in shas and post.channel == use.channel.id:
            done[post.photo_sha256] = f"Scheduled for {short_day(post.planned_on)}"
    for made in reversed(list_publications(services, actor, shas)):
        if made.channel == use.channel.id and made.issue == (use.issue or ""):
            day = short_day(made.published_on)
            done[made.photo_sha256] = f"Posted on {use.channel.label}, {day}"
    return done


def _offer_all(
    services: Services, photos: Sequence[CheckedPhoto], use: Use, actor: Actor, done: dict[str, str]
) -> None:
    """Offer to post or schedule, in one post, all that nothing speaks against.

    Whom to ask first is looked at photo by photo.
    """
    # The same file under two names is posted once.
    ready = list(
        dict.fromkeys(
            photo.sha256
            for photo in photos
            if photo.verdict is Verdict.CLEAR and photo.sha256 and photo.sha256 not in done
        )
    )
    if len(ready) > 1:
        with st.container(horizontal=True):
            _offer_posting(services, ready, use, actor, f"all-{len(ready)}", f" all {len(ready)}")


def _offer(
    services: Services, photo: CheckedPhoto, use: Use, actor: Actor, done: str | None
) -> None:
    """Offer what can be done with one photo, or say what was."""
    # By name, too: the same file has a card under each of its names.
    key = f"{str(photo.sha256)[:16]}-{photo.name}"
    _offer_faces(services, photo, actor, key)
    if done is not None:
        st.badge(done, icon=":material/public:", color="gray")
    elif photo.sha256 and photo.verdict in allowed_verdicts(services):
        with st.container(horizontal=True, gap="xsmall"):
            _offer_posting(services, [photo.sha256], use, actor, key)
    elif photo.sha256 and photo.verdict is not Verdict.NOT_CHECKED:
        allowed = may(actor, Duty.OVERRIDE)
        if allowed and st.button("Override", icon=":material/gavel:", key=f"override-{key}"):
            _override(services, photo.sha256, use, actor)


def _offer_faces(services: Services, photo: CheckedPhoto, actor: Actor, key: str) -> None:
    """Offer to say that a face which speaks against the photo is none of a person's."""
    spoken_of = photo.worst_by_face or photo.kinds_said
    if photo.sha256 is None or not spoken_of or not may(actor, Duty.REVIEW):
        return
    if st.button(NO_PERSON, icon=NO_PERSON_ICON, type="tertiary", key=f"faces-{key}"):
        chosen = [photo.boxes[face] for face in photo.worst_by_face]
        first = chosen if len(chosen) == 1 else []
        ask_what_faces_are(services, photo.sha256, photo.boxes, first, actor)


def _offer_posting(
    services: Services,
    shas: Sequence[str],
    use: Use,
    actor: Actor,
    name: str,
    words: str = "",
) -> None:
    if not may_or_say_who(actor, Duty.PUBLISH):
        return
    done = "Printed" if use.channel.kind is ChannelKind.PRINT else "Posted"
    if st.button(f"{done}{words}", icon=":material/public:", key=f"posted-{name}"):
        _record(services, shas, use, actor)
    if st.button(f"Schedule{words}", icon=":material/schedule:", key=f"schedule-{name}"):
        _schedule(services, shas, use, actor)


@st.dialog("Record where they went")
def _record(services: Services, shas: Sequence[str], use: Use, actor: Actor) -> None:
    """Ask where and when photos were posted or printed, and record it."""
    url = source = ""
    count = "one photo" if len(shas) == 1 else f"{len(shas)} photos"
    if use.channel.kind is ChannelKind.PRINT:
        st.markdown(f"{use.channel.label}, {use.issue or 'issue not named'}: {count}.")
    else:
        st.markdown(f"{use.channel.label}: {count} of one post.")
        url = st.text_input("Address of the post", placeholder="https://", key="post-url")
        source = st.text_input(
            "A customer's post that is reused",
            placeholder="https://",
            help="Permission ends when they delete it: it is looked after from now on.",
            key="post-source",
        )
    day = st.date_input(
        "On", services.today(), min_value=EARLIEST, format=DATE_FORMAT, key="post-day"
    )
    if st.button("Record", type="primary", key="post-record"):
        with show_errors():
            record_publications(services, shas, Posting(use, day, url, source), actor)
            st.rerun()


@st.dialog("Schedule")
def _schedule(services: Services, shas: Sequence[str], use: Use, actor: Actor) -> None:
    st.markdown("Checked again with one click, on the page Published, before it goes out.")
    tomorrow = services.today() + timedelta(days=1)
    day = st.date_input("Planned for", tomorrow, format=DATE_FORMAT, key="schedule-day")
    if st.button("Schedule", type="primary", key="schedule-record"):
        with show_errors():
            schedule_posts(services, shas, use, day, actor)
            st.rerun()


@st.dialog("Override the verdict")
def _override(services: Services, sha256: str, use: Use, actor: Actor) -> None:
    st.markdown(
        "What speaks against the photo today no longer counts for this use. Whatever comes later "
        "still does. Your name and the reason are shown with the verdict."
    )
    reason = st.text_area("Why may it be used?", key="override-reason")
    last = services.today() + timedelta(days=min(30, services.policy.override_days))
    until = st.date_input("Until", last, format=DATE_FORMAT, key="override-until")
    if st.button("Override", type="primary", key="override-record"):
        with show_errors():
            propose_override(services, sha256, use, reason, until, actor)
            st.rerun()
