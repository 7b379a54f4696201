"""After a check: what may go out is posted or scheduled; what may not is overridden, or stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from consent.domain.channels import ChannelKind
from consent.domain.verdicts import Verdict
from consent.publishing.posts import list_scheduled
from consent.publishing.record import allowed_verdicts, list_publications
from pages.check.override import ask_override
from pages.check.recording import record_post, schedule
from pages.ui.dates import short_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from consent.checking.result import CheckedPhoto
    from consent.domain.actors import Actor
    from consent.domain.channels import Use
    from consent.services import Services


def fates(services: Services, photos: Sequence[CheckedPhoto], use: Use) -> dict[str, str]:
    """Return what became of photos for this use: posted, or scheduled."""
    shas = [photo.sha256 for photo in photos if photo.sha256]
    found: dict[str, str] = {}
    for post in list_scheduled(services):
        if post.photo_sha256 in shas and post.channel == use.channel.id:
            found[post.photo_sha256] = f"Scheduled for {short_day(post.planned_on)}"
    for made in reversed(list_publications(services, shas)):
        if made.channel == use.channel.id and made.issue == (use.issue or ""):
            day = short_day(made.published_on)
            found[made.photo_sha256] = f"Posted on {use.channel.label}, {day}"
    return found


def may_go_out(services: Services, photo: CheckedPhoto) -> bool:
    """Say whether a photo may be posted by its verdict."""
    return photo.sha256 is not None and photo.verdict in allowed_verdicts(services)


def offer_all(
    services: Services, photos: Sequence[CheckedPhoto], use: Use, actor: Actor, done: dict[str, str]
) -> None:
    """Offer to post or schedule, in one post, all that nothing speaks against.

    Whom to ask first is looked at photo by photo.
    """
    ready = {
        one.sha256: one
        for one in photos
        if one.verdict is Verdict.CLEAR and one.sha256 and one.sha256 not in done
    }
    if len(ready) > 1:
        with st.container(horizontal=True):
            _buttons(
                services, [*ready.values()], use, actor, f"all-{len(ready)}", f" all {len(ready)}"
            )


def offer_one(
    services: Services, photo: CheckedPhoto, use: Use, actor: Actor, fate: str | None
) -> None:
    """Offer what can be done with one photo, or say what was."""
    # By name, too: the same file may lie in two folders.
    key = f"{str(photo.sha256)[:16]}-{photo.name}"
    if fate is not None:
        st.badge(fate, icon=":material/public:", color="gray")
    elif may_go_out(services, photo):
        with st.container(horizontal=True, gap="xsmall"):
            _buttons(services, [photo], use, actor, key, "")
    elif photo.sha256 and photo.verdict is not Verdict.NOT_CHECKED:
        allowed = actor.role in services.policy.may_override
        if allowed and st.button("Override", icon=":material/gavel:", key=f"override-{key}"):
            ask_override(services, photo.sha256, use, actor)


def _buttons(
    services: Services,
    photos: Sequence[CheckedPhoto],
    use: Use,
    actor: Actor,
    name: str,
    words: str,
) -> None:
    shas = [str(photo.sha256) for photo in photos]
    done = "Printed" if use.channel.kind is ChannelKind.PRINT else "Posted"
    if st.button(f"{done}{words}", icon=":material/public:", key=f"posted-{name}"):
        record_post(services, shas, use, actor)
    if st.button(f"Schedule{words}", icon=":material/schedule:", key=f"schedule-{name}"):
        schedule(services, shas, use, actor)
