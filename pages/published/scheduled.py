"""Posts that are planned: checked again with one click, posted or given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.wording import sentences
from consent.publishing.posts import cancel_post, list_scheduled, mark_posted, recheck_scheduled
from consent.review.photos import photo_views
from pages.ui.badges import badge
from pages.ui.dates import shown_day
from pages.ui.errors import show_errors
from pages.ui.look import literal

if TYPE_CHECKING:
    from consent.domain.actors import Actor
    from consent.domain.publications import ScheduledPost
    from consent.publishing.posts import Rechecked
    from consent.review.photos import PhotoView
    from consent.services import Services

_RESULT = "scheduled-rechecked"


def show_scheduled(services: Services, actor: Actor) -> None:
    """Show the posts that wait, with today's verdict once they were checked again."""
    posts = list_scheduled(services)
    if not posts:
        st.info(
            "No post is planned. After a check, Schedule puts a photo here.",
            icon=":material/schedule:",
        )
        return
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.markdown(f"**{len(posts):,} planned**, the next first")
    if right.container(horizontal_alignment="right").button(
        "Check all again", type="primary", icon=":material/update:"
    ):
        with st.spinner("Checking"):
            checked = recheck_scheduled(services, actor)
        st.session_state[_RESULT] = {one.post.id: one for one in checked}
    checked_by_id: dict[str, Rechecked] = st.session_state.get(_RESULT, {})
    views = photo_views(services, [one.photo_sha256 for one in posts])
    for post in posts:
        with st.container(border=True):
            _card(
                services,
                post,
                views.get(post.photo_sha256),
                checked_by_id.get(post.id),
                actor,
            )


def _card(
    services: Services,
    post: ScheduledPost,
    view: PhotoView | None,
    checked: Rechecked | None,
    actor: Actor,
) -> None:
    picture, words = st.columns([1, 4])
    if view is not None:
        picture.image(view.thumbnail, alt="The planned photo", width="stretch")
    with words:
        channel = next(
            (one.label for one in services.policy.channels if one.id == post.channel), post.channel
        )
        late = post.planned_on < services.today()
        st.markdown(f"**{literal(channel)}**, {shown_day(post.planned_on)}, {literal(post.by)}")
        if late:
            st.badge("The day is past", icon=":material/event_busy:", color="orange")
        if checked is not None:
            badge(checked.clearance.decision.verdict)
            if checked.changed and checked.before is not None:
                st.caption(f"Was: {checked.before.verdict.words}")
            for sentence in sentences(checked.clearance.decision.reasons):
                st.markdown(literal(sentence))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            url = st.text_input("Address of the post", key=f"url-{post.id}", width=380)
            if st.button("Posted", icon=":material/public:", key=f"posted-{post.id}"):
                with show_errors():
                    mark_posted(services, post.id, url, actor)
                    st.rerun()
            if st.button("Give up", icon=":material/cancel:", key=f"cancel-{post.id}"):
                with show_errors():
                    cancel_post(services, post.id, actor)
                    st.rerun()
