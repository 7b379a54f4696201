"""Published: what is planned, what is out, what is reused, and what was posted before."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from consent.domain.actors import Actor
from consent.domain.publications import Publication, ScheduledPost
from consent.domain.roles import Duty
from consent.domain.takedowns import Takedown
from consent.domain.wording import counted, on_file, sentences
from consent.indexing.roots import below_roots
from consent.publishing.csv_import import (
    COLUMNS,
    PublicationImport,
    import_posts,
    import_publications,
    posting_day,
)
from consent.publishing.originals import match_posts
from consent.publishing.posts import (
    Rechecked,
    cancel_posts,
    list_scheduled,
    mark_posted,
    posted_together,
    recheck_scheduled,
)
from consent.publishing.record import OtherNetworkError, list_publications, photo_labels
from consent.publishing.reuse import Source, check_source, list_sources
from consent.publishing.undo import undo_publications
from consent.review.photos import PhotoView, photo_views
from consent.services import Services
from consent.takedowns.board import takedowns_by_publication
from pages.ui import backend, guard
from pages.ui.errors import show_errors
from pages.ui.form import required
from pages.ui.look import (
    choose_view,
    in_cards,
    in_columns,
    literal,
    one_page,
    show_takedown_link,
)
from pages.ui.pictures import say_no_picture
from pages.ui.words import (
    DATE_FORMAT,
    EARLIEST,
    SERVER_FOLDER,
    badge,
    channel_name,
    short_day,
    shown_day,
)

_SCHEDULED, _OUT, _SOURCES, _IMPORT = "Scheduled", "Out", "Customers' posts", "Import"
_PER_PAGE = 24
_IN_A_ROW = 5
_ALL = "All channels"
_RECHECKED = "scheduled-rechecked"


def page() -> None:
    """Show the page."""
    actor = guard.signed_in()
    services = backend.services()
    guard.heading("Published", actor)
    views = [_SCHEDULED, _OUT, _SOURCES, _IMPORT]
    shown = choose_view(views, "published-shown", _OUT)
    with show_errors():
        if shown == _SCHEDULED:
            _show_scheduled(services, actor)
        elif shown == _SOURCES:
            _show_sources(services, actor)
        elif shown == _IMPORT:
            offer_import(services, actor)
        else:
            _show_published(services, actor)


def _show_published(services: Services, actor: Actor) -> None:
    """Show publications with their photos, newest first, by channel if wanted."""
    every = list_publications(services, actor)
    if not every:
        st.info(
            "Nothing is recorded as published yet. After a check, press Posted to record the "
            "photos. You can import older posts.",
            icon=":material/public:",
        )
        return
    known = {made.channel for made in every}
    chosen = st.selectbox(
        "Channel",
        [_ALL, *(channel.id for channel in services.policy.channels if channel.id in known)],
        format_func=lambda channel: channel_name(services.policy, channel),
        width=280,
        key="published-channel",
    )
    wanted = [made for made in every if chosen in {_ALL, made.channel}]
    st.markdown(f"**{len(wanted):,} recorded as published**, newest first")
    grid = st.container()
    shown = one_page(wanted, _PER_PAGE, f"published-page-{chosen}")
    photos = [made.photo_sha256 for made in shown]
    views, labels = photo_views(services, photos, actor), photo_labels(services, photos, actor)
    taken_down = (
        takedowns_by_publication(services, actor) if guard.may(actor, Duty.READ_TAKEDOWNS) else {}
    )
    with grid:
        for card, made in in_cards(shown, 4):
            with card:
                channel = channel_name(services.policy, made.channel)
                label = labels[made.photo_sha256].words
                _show_publication(made, channel, label, views.get(made.photo_sha256))
                if (takedown := taken_down.get(made.id)) is not None:
                    _show_takedown(services, takedown)
                if guard.may(actor, Duty.PUBLISH) and st.button(
                    "Undo", icon=":material/undo:", type="tertiary", key=f"undo-{made.id}"
                ):
                    ask_undo(services, [made.id], actor)


@st.dialog("Undo the record")
def ask_undo(services: Services, ids: Sequence[str], actor: Actor) -> None:
    """Ask why publications were recorded by mistake, and undo them."""
    st.markdown(
        "The record stays on file but no longer counts, and its open takedowns are closed. If the "
        "photo was out and has come down, enter that under Takedowns instead."
    )
    reason = st.text_input(
        required("Why?"), placeholder="It was the other photo", key="undo-reason"
    )
    if st.button("Undo", type="primary", key="undo-record"):
        with show_errors():
            undo_publications(services, ids, reason, actor)
            st.rerun()


def _show_publication(made: Publication, channel: str, label: str, view: PhotoView | None) -> None:
    if view is None:
        say_no_picture()
    else:
        st.image(view.thumbnail, alt=f"Published on {channel}", width="stretch")
    issue = f", {made.issue}" if made.issue else ""
    st.markdown(f"**{literal(channel + issue)}**")
    st.caption(literal(label))
    st.caption(f"{shown_day(made.published_on)}, by {literal(made.by)}")
    if made.found_how:
        st.caption(f"Found by: {literal(made.found_how)}")
    if made.url:
        st.link_button("Open the post", made.url, icon=":material/open_in_new:")


def _show_takedown(services: Services, takedown: Takedown) -> None:
    """Show that a photo must come down, or what was done."""
    if takedown.state.closed:
        day = short_day(services.day(takedown.last.at))
        st.badge(f"{takedown.state.words}, {day}", icon=":material/task_alt:", color="gray")
    else:
        day = short_day(takedown.due_on)
        st.badge(f"Must come down by {day}", icon=":material/delete_sweep:", color="orange")
    show_takedown_link(takedown.label, f"Takedown {takedown.label}")


def _show_scheduled(services: Services, actor: Actor) -> None:
    """Show the posts that wait, with today's verdict once they were checked again."""
    posts = list_scheduled(services, actor)
    if not posts:
        st.info(
            "No posts are planned. To plan one, check photos and press Schedule.",
            icon=":material/schedule:",
        )
        return
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.markdown(f"**{len(posts):,} planned**, next one first")
    if guard.may_or_say_who(actor, Duty.PUBLISH) and right.container(
        horizontal_alignment="right"
    ).button("Check all again", type="primary", icon=":material/update:"):
        with st.spinner("Checking"):
            checked = recheck_scheduled(services, actor)
        st.session_state[_RECHECKED] = {result.post.id: result for result in checked}
    checked_by_id: dict[str, Rechecked] = st.session_state.get(_RECHECKED, {})
    photos = [post.photo_sha256 for post in posts]
    views, labels = photo_views(services, photos, actor), photo_labels(services, photos, actor)
    for together in posted_together(posts):
        with st.container(border=True):
            _show_post(services, together[0], len(together))
            # Of twenty, a row for each would be a page to scroll through.
            for card, post in in_columns(together, _IN_A_ROW):
                with card:
                    view = views.get(post.photo_sha256)
                    if view is not None:
                        st.image(view.thumbnail, alt="The planned photo", width="stretch")
                    _show_planned(
                        services,
                        post,
                        labels[post.photo_sha256].words,
                        checked_by_id.get(post.id),
                        actor if len(together) > 1 else None,
                    )
            _offer_post(services, together, actor)


def _show_post(services: Services, post: ScheduledPost, count: int) -> None:
    channel = literal(channel_name(services.policy, post.channel))
    many = f", {counted(count, 'photo')} in one post" if count > 1 else ""
    st.markdown(f"**{channel}**, {shown_day(post.planned_on)}{many}, {literal(post.by)}")
    if post.planned_on < services.today():
        st.badge("The date has passed", icon=":material/event_busy:", color="orange")


def _show_planned(
    services: Services,
    post: ScheduledPost,
    label: str,
    checked: Rechecked | None,
    may_leave: Actor | None,
) -> None:
    """Show one photo of a post, with what a check says; `may_leave` may take it out of several."""
    st.caption(literal(label))
    if checked is not None:
        badge(checked.clearance.decision.verdict)
        if checked.changed and checked.before is not None:
            st.caption(f"Was: {checked.before.verdict.words}")
        for sentence in sentences(checked.clearance.decision.reasons):
            st.markdown(literal(sentence))
    if may_leave is None or not guard.may(may_leave, Duty.PUBLISH):
        return
    if st.button("Leave it out", icon=":material/remove:", type="tertiary", key=f"out-{post.id}"):
        with show_errors():
            cancel_posts(services, [post.id], may_leave)
            st.rerun()


def _offer_post(services: Services, together: Sequence[ScheduledPost], actor: Actor) -> None:
    """Offer to record photos of one post as posted under its address, or to give them up."""
    if not guard.may(actor, Duty.PUBLISH):
        return
    first, ids = together[0].id, [post.id for post in together]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        url = st.text_input("Link to the post", key=f"url-{first}", width=380)
        posted = st.button("Posted", icon=":material/public:", key=f"posted-{first}")
        given_up = st.button("Give up", icon=":material/cancel:", key=f"cancel-{first}")
    if posted:
        with asking_about_address(url, "Posted", f"url-asked-{first}") as asked:
            mark_posted(services, ids, url, actor, any_network=asked)
            st.rerun()
    if given_up:
        with show_errors():
            cancel_posts(services, ids, actor)
            st.rerun()


def _show_sources(services: Services, actor: Actor) -> None:
    """Show what is reused: first what is gone, then what must be looked at soonest."""
    sources = list_sources(services, actor)
    if not sources:
        st.info(
            "No customers' posts are reused. When you record a photo as posted, enter the post "
            "it comes from.",
            icon=":material/repeat:",
        )
        return
    st.caption("The permission to reuse a customer's post ends when they delete it.")
    for source in sources:
        with st.container(border=True):
            _show_source(services, source, actor)


def _show_source(services: Services, source: Source, actor: Actor) -> None:
    made = source.publication
    st.markdown(literal(made.source_url))
    if source.gone:
        st.badge("Gone: take the copy down", icon=":material/delete:", color="orange")
        where = made.url or f"{made.channel} {made.issue}"
        st.caption(f"Reused at {literal(where)}, {shown_day(made.published_on)}")
        return
    due = source.due_on or services.today()
    words = "Look now" if source.overdue else f"Look on {shown_day(due)}"
    icon = ":material/notification_important:" if source.overdue else ":material/schedule:"
    st.badge(words, icon=icon, color="orange" if source.overdue else "gray")
    if source.last is not None:
        st.caption(f"Last seen {shown_day(source.last.checked_on)} by {literal(source.last.by)}")
    with st.container(horizontal=True):
        st.link_button("Open the web page", made.source_url, icon=":material/open_in_new:")
        for there, words in ((True, "Still there"), (False, "Gone")):
            if guard.may(actor, Duty.PUBLISH) and st.button(words, key=f"source-{there}-{made.id}"):
                with show_errors():
                    check_source(services, made.id, actor, there=there)
                    st.rerun()


_REPORT = "publication-import"


def offer_import(services: Services, actor: Actor) -> None:
    """Ask for a list or a folder, and show what came of it."""
    if not guard.may_or_say_who(actor, Duty.PUBLISH):
        return
    left, right = st.columns(2, gap="large")
    with left, st.form("import-list"):
        st.markdown("**A list**")
        st.caption(
            f"A CSV or Excel file with the columns {', '.join(COLUMNS)}. The last three are "
            "optional."
        )
        file = st.file_uploader("The list", type=["csv", "xlsx", "xlsm"], key="import-file")
        photos = st.text_input("Folder of downloaded posts, on the server, if the list names any")
        if st.form_submit_button("Import the list") and file is not None:
            with show_errors(), st.spinner("Importing"):
                st.session_state[_REPORT] = _listed(services, file, photos, actor)
    with right, st.form("import-folder"):
        st.markdown("**A folder of downloaded posts**")
        st.caption(
            "The program also finds copies that are cropped, square, recompressed or have borders."
        )
        folder = st.text_input(SERVER_FOLDER)
        channels = services.policy.channels
        channel = st.selectbox("Published on", channels, format_func=lambda channel: channel.label)
        day = st.date_input("Posted on", services.today(), min_value=EARLIEST, format=DATE_FORMAT)
        if st.form_submit_button("Match and record") and folder.strip():
            with show_errors(), st.spinner("Matching"):
                posting_day(services, day.isoformat())
                posts = match_posts(services, below_roots(services.settings, folder), actor)
                use = services.policy.use(channel.id)
                report = import_posts(services, posts, use, day.isoformat(), actor)
                st.session_state[_REPORT] = report
    if _REPORT in st.session_state:
        _show(st.session_state[_REPORT])


def _listed(
    services: Services, given: UploadedFile, photos: str, actor: Actor
) -> PublicationImport:
    folder = below_roots(services.settings, photos) if photos.strip() else None
    with tempfile.TemporaryDirectory() as kept:
        file = Path(kept) / f"list{Path(given.name).suffix}"
        file.write_bytes(given.getvalue())
        return import_publications(
            services, file, actor, photos=folder, called=given.name, on_page=True
        )


def _show(report: PublicationImport) -> None:
    st.markdown(
        f"**{len(report.recorded)} recorded**, {report.known} already known, "
        f"{counted(len(report.bad), 'row')} not recorded"
    )
    if report.hidden:
        st.warning(report.hidden, icon=":material/visibility_off:")
    if report.takedowns:
        numbers = ", ".join(takedown.label for takedown in report.takedowns)
        st.warning(f"Someone in them has revoked: {numbers}.", icon=":material/delete_sweep:")
    for bad in report.bad:
        st.error(literal(f"Line {bad.line}: {bad.reason}"), icon=":material/error:")
    if report.posts:
        st.dataframe(
            {
                "Downloaded post": [post.path.name for post in report.posts],
                "Found by": [
                    post.problem
                    or (on_file(post.original.by) if post.original else "no original on file")
                    for post in report.posts
                ],
            },
            width="stretch",
        )


@contextmanager
def asking_about_address(url: str, button: str, key: str) -> Iterator[bool]:
    """Yield whether somebody has been asked about this very address, and pressed once more.

    Errors are said as sentences; `button` is what the one is called that records it.
    """
    with show_errors():
        try:
            yield st.session_state.get(key) == url
        except OtherNetworkError as error:
            st.session_state[key] = url
            said = f"{error.question} If it is right, press {button} once more."
            st.warning(literal(said), icon=":material/link:")
