"""What is done with checked photos: posted, scheduled, overridden, asked about, looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from datetime import timedelta

import streamlit as st

from consent.checking.check import names_in
from consent.checking.overrides import asked_not_to_be_shown, propose_override
from consent.checking.result import CheckedPhoto
from consent.domain.actors import Actor
from consent.domain.channels import ChannelKind, Use
from consent.domain.events import Event
from consent.domain.roles import Duty
from consent.domain.verdicts import Verdict
from consent.domain.wording import counted, listed
from consent.indexing.events import NewEvent, create_event, name_event
from consent.jobs.check import correct_event_of_check
from consent.publishing.posts import list_scheduled, schedule_posts
from consent.publishing.record import (
    Posting,
    allowed_verdicts,
    list_publications,
    record_publications,
)
from consent.review.photos import known_events
from consent.review.queue import photos_asked_about
from consent.services import Services
from pages.asking.session import asking_desk
from pages.check.copies import ask_cover, ask_export
from pages.check.photos import CHECK, Chosen
from pages.published.publications import ask_undo, asking_about_address
from pages.review.session import review_desk
from pages.ui.decisions import NO_PERSON, NO_PERSON_ICON, ask_what_faces_are
from pages.ui.errors import show_errors
from pages.ui.form import button_after, required
from pages.ui.guard import may, may_or_say_who
from pages.ui.look import go_to, literal
from pages.ui.words import DATE_FORMAT, EARLIEST, event_name, short_day

_POSTED, _SCHEDULED = ":material/public:", ":material/schedule:"
# In the session: the photo whose override was saved last, and waits for a second person.
_OVERRIDDEN = "check-override-saved"


def done_with(
    services: Services, photos: Sequence[CheckedPhoto], use: Use, actor: Actor
) -> dict[str, str]:
    """Say of each photo that was posted for this use or scheduled, by its SHA-256."""
    shas = {photo.sha256 for photo in photos if photo.sha256}
    done: dict[str, str] = {}
    for post in list_scheduled(services, actor):
        if post.photo_sha256 in shas and post.channel == use.channel.id:
            done[post.photo_sha256] = f"Scheduled for {short_day(post.planned_on)}"
    for made in reversed(list_publications(services, actor, sorted(shas))):
        if made.channel == use.channel.id and made.issue == (use.issue or ""):
            day = short_day(made.published_on)
            done[made.photo_sha256] = f"Posted on {use.channel.label}, {day}"
    return done


def offer_for_one(
    services: Services, photo: CheckedPhoto, use: Use, actor: Actor, done: Mapping[str, str]
) -> None:
    """Offer what can be done with one photo, or say what was."""
    said = done.get(photo.sha256 or "")
    if said is not None:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.badge(said, icon=_POSTED, color="gray")
            _offer_undo(services, photo, use, actor)
    if photo.sha256 and st.session_state.get(_OVERRIDDEN) == photo.sha256:
        words = "Saved. A second person must agree: Review, Overrides."
        st.success(words, icon=":material/check_circle:")
    with st.container(horizontal=True, gap="xsmall"):
        if said is None and photo.sha256 and photo.verdict in allowed_verdicts(services):
            _offer_posting(services, [photo], use, actor, done, "one")
        elif said is None and photo.sha256 and photo.verdict is not Verdict.NOT_CHECKED:
            if may(actor, Duty.PUBLISH) and st.button("Already out", icon=_POSTED, key="out-one"):
                _record(services, [], [photo.sha256], "", use, actor)
            allowed = may(actor, Duty.OVERRIDE)
            if allowed and st.button("Override", icon=":material/gavel:", key="override-one"):
                st.session_state.pop(_OVERRIDDEN, None)
                _override(services, photo.sha256, use, actor)
        _offer_review(services, [photo], actor, "one")
        if photo.sha256 and may(actor, Duty.MAKE_COPIES):
            if photo.verdict in allowed_verdicts(services):
                _offer_export(services, [photo], use, actor, "one")
            if photo.verdict is not Verdict.NOT_CHECKED and st.button(
                "Cover people", icon=":material/hide_image:", key="cover-one"
            ):
                ask_cover(services, photo, use, actor)
        _offer_faces(services, photo, actor)


def offer_for_chosen(
    services: Services,
    photos: Sequence[CheckedPhoto],
    use: Use,
    actor: Actor,
    done: Mapping[str, str],
) -> None:
    """Offer what can be done with all that were chosen, at once."""
    _offer_posting(services, photos, use, actor, done, "chosen")
    if may(actor, Duty.MAKE_COPIES):
        _offer_export(services, photos, use, actor, "chosen")
    _offer_asking(photos, actor)
    _offer_review(services, photos, actor, "chosen")


def _offer_export(
    services: Services, photos: Sequence[CheckedPhoto], use: Use, actor: Actor, name: str
) -> None:
    job_id = st.query_params.get(CHECK)
    if job_id and st.button("Export", icon=":material/file_save:", key=f"export-{name}"):
        ask_export(services, job_id, photos, use, actor)


def _offer_asking(photos: Sequence[CheckedPhoto], actor: Actor) -> None:
    """Offer to ask the people of photos that nothing but a missing answer speaks against."""
    missing = [
        photo.sha256
        for photo in photos
        if photo.sha256 and photo.verdict is Verdict.CONSENT_MISSING
    ]
    if not missing or not may(actor, Duty.ASK):
        return
    words = f"Ask people in {counted(len(missing), 'photo')}"
    if st.button(words, icon=":material/forum:", key="ask-chosen"):
        desk = asking_desk(actor)
        desk.leave_event()
        desk.take(list(dict.fromkeys(missing)))
        go_to("ask")


def _offer_undo(services: Services, photo: CheckedPhoto, use: Use, actor: Actor) -> None:
    """Offer to take back that a photo was recorded as posted for this use."""
    if photo.sha256 is None or not may(actor, Duty.PUBLISH):
        return
    ids = [
        made.id
        for made in list_publications(services, actor, [photo.sha256])
        if made.channel == use.channel.id and made.issue == (use.issue or "")
    ]
    if ids and st.button("Undo", icon=":material/undo:", type="tertiary", key="undo-one"):
        ask_undo(services, ids, actor)


def _may_go(
    services: Services, photos: Sequence[CheckedPhoto], done: Mapping[str, str]
) -> list[str]:
    """Return the photos that may go out and have not: the same file under two names once."""
    allowed = allowed_verdicts(services)
    return list(
        dict.fromkeys(
            photo.sha256
            for photo in photos
            if photo.sha256 and photo.verdict in allowed and photo.sha256 not in done
        )
    )


def _may_be_out(
    services: Services, photos: Sequence[CheckedPhoto], done: Mapping[str, str]
) -> list[str]:
    """Return the photos that may not go out, but may be out all the same."""
    allowed = allowed_verdicts(services) | {Verdict.NOT_CHECKED}
    return list(
        dict.fromkeys(
            photo.sha256
            for photo in photos
            if photo.sha256 and photo.verdict not in allowed and photo.sha256 not in done
        )
    )


def _left_out(
    services: Services, photos: Sequence[CheckedPhoto], done: Mapping[str, str]
) -> Iterator[str]:
    """Say which of some photos are not posted with the others, and why."""
    allowed = allowed_verdicts(services)
    for verdict in Verdict:
        count = sum(photo.verdict is verdict for photo in photos)
        if count and verdict not in allowed:
            yield f"{verdict.words}: {count:,}"
    before = sum(
        photo.verdict in allowed and photo.sha256 is not None and photo.sha256 in done
        for photo in photos
    )
    if before:
        yield f"posted or scheduled before: {before:,}"


def _offer_posting(
    services: Services,
    photos: Sequence[CheckedPhoto],
    use: Use,
    actor: Actor,
    done: Mapping[str, str],
    name: str,
) -> None:
    if not may_or_say_who(actor, Duty.PUBLISH):
        return
    ready = _may_go(services, photos, done)
    left = "; ".join(_left_out(services, photos, done))
    words = "Printed" if use.channel.kind is ChannelKind.PRINT else "Posted"
    out = _may_be_out(services, photos, done)
    if st.button(words, icon=_POSTED, key=f"posted-{name}", disabled=not (ready or out)):
        _record(services, ready, out, left, use, actor)
    if st.button("Schedule", icon=_SCHEDULED, key=f"schedule-{name}", disabled=not ready):
        _schedule(services, ready, left, use, actor)
    if not ready:
        st.caption(literal(f"None of these can be posted. {left}."), width="content")


def _offer_review(
    services: Services, photos: Sequence[CheckedPhoto], actor: Actor, name: str
) -> None:
    """Offer to decide on what these photos leave to a person, and on nothing else."""
    if not may(actor, Duty.REVIEW):
        return
    doubtful = [
        photo.sha256
        for photo in photos
        if photo.sha256 and photo.verdict in {Verdict.REVIEW, Verdict.BLOCKED}
    ]
    # Of a copy of what was confirmed, or of a hold, there is nothing to decide there.
    with show_errors():
        asked = photos_asked_about(services, doubtful, actor) if doubtful else set()
        doubtful = [sha256 for sha256 in doubtful if sha256 in asked]
    if not doubtful:
        return
    words = "Review it" if len(photos) == 1 else f"Review {len(doubtful)} of these"
    if st.button(words, icon=":material/how_to_reg:", key=f"review-{name}"):
        review_desk().look_at_only(doubtful, st.query_params.to_dict())
        go_to("review")


def _offer_faces(services: Services, photo: CheckedPhoto, actor: Actor) -> None:
    """Offer to say that a face which speaks against the photo is none of a person's."""
    spoken_of = photo.worst_by_face or photo.kinds_said
    if photo.sha256 is None or not spoken_of or not may(actor, Duty.REVIEW):
        return
    if st.button(NO_PERSON, icon=NO_PERSON_ICON, key="faces-one"):
        chosen = [photo.boxes[face] for face in photo.worst_by_face]
        first = chosen if len(chosen) == 1 else []
        ask_what_faces_are(services, photo.sha256, photo.boxes, first, actor)


@st.dialog("Record where they went")
def _record(
    services: Services,
    shas: Sequence[str],
    held: Sequence[str],
    left: str,
    use: Use,
    actor: Actor,
) -> None:
    """Ask where and when photos were posted or printed, and record it.

    `held` are those that may not go out: recorded too where they did, since what is out must be
    known.
    """
    url = source = ""
    already_out = False
    if shas:
        _say_how_many(shas, left)
    if held:
        many = counted(len(held), "photo")
        already_out = st.checkbox(
            f"{many} that should not go out: already out. Record this, for the takedown",
            key="post-already-out",
        )
    printed = use.channel.kind is ChannelKind.PRINT
    # Enter in the address records it.
    with st.form("post", border=False):
        if printed:
            st.markdown(literal(f"{use.channel.label}, {use.issue or 'issue not named'}."))
        else:
            url = st.text_input(
                required(f"Link to the post on {use.channel.label}"), key="post-url"
            )
        # What is seldom needed is not on the way from the address to the button: the calendar
        # opens by itself for whoever comes by Tab, and lies over what follows.
        with nullcontext() if printed else st.expander("Another day, or a patron's post"):
            day = st.date_input(
                "Printed on" if printed else "Posted on",
                services.today(),
                min_value=EARLIEST,
                format=DATE_FORMAT,
                key="post-day",
            )
            if not printed:
                source = st.text_input(
                    "Reused a patron's post? Paste its link",
                    placeholder="https://",
                    help="Permission ends when they delete it. The page Published shows when to"
                    " check again.",
                    key="post-source",
                )
        wanted = st.form_submit_button("Record", type="primary", key="post-record")
    if wanted and not shas and not already_out:
        st.info("Nothing is recorded yet: tick the box if the photo is out.")
    elif wanted:
        with asking_about_address(url, "Record", "post-address-asked") as asked:
            posting = Posting(use, day, url, source, already_out, any_network=asked)
            # One post holds all of them, so all or none are recorded.
            every = [*shas, *held] if already_out else shas
            record_publications(services, every, posting, actor)
            out = "printed" if printed else f"posted on {use.channel.label}"
            _done_with_chosen(f"Recorded as {out}: {counted(len(every), 'photo')}.")


@st.dialog("Schedule")
def _schedule(services: Services, shas: Sequence[str], left: str, use: Use, actor: Actor) -> None:
    _say_how_many(shas, left)
    st.markdown("Before they go out, check them again on the page Published.")
    tomorrow = services.today() + timedelta(days=1)
    # In one row: below the date the calendar would open over the button.
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = st.date_input("Planned for", tomorrow, format=DATE_FORMAT, key="schedule-day")
        wanted = st.button("Schedule", type="primary", key="schedule-record")
    if wanted:
        with show_errors():
            schedule_posts(services, shas, use, day, actor)
            _done_with_chosen(f"Scheduled for {short_day(day)}: {counted(len(shas), 'photo')}.")


def _say_how_many(shas: Sequence[str], left: str) -> None:
    st.markdown(f"**{counted(len(shas), 'photo')}**, in one post.")
    if left:
        st.warning(literal(f"Chosen, but left out: {left}."), icon=":material/block:")


def _done_with_chosen(said: str) -> None:
    """Show the page anew, with nothing chosen, and say what was done."""
    job_id = st.query_params.get(CHECK)
    if job_id:
        chosen = Chosen.of(job_id)
        chosen.put(())
        chosen.said = f"{said} To undo a mistake, go to the page Published."
    st.rerun()


@st.dialog("Override the verdict")
def _override(services: Services, sha256: str, use: Use, actor: Actor) -> None:
    with show_errors():
        st.markdown(literal(_what_it_does(services, sha256, use, actor)))
    st.caption(
        "Today's warnings won't count for this use; new ones will. The verdict shows your name."
        " People who may see names see the reason in Review, under Overrides."
    )
    reason = st.text_area(required("Why may it be used?"), key="override-reason")
    last = services.today() + timedelta(days=min(30, services.policy.override_days))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        until = st.date_input("Until", last, format=DATE_FORMAT, key="override-until")
        wanted = st.button("Override", type="primary", key="override-record")
    if wanted:
        with show_errors():
            made = propose_override(services, sha256, use, reason, until, actor)
            if made.waits_for_second:
                # The verdict stays as it is until then, so the page must say that it was saved.
                st.session_state[_OVERRIDDEN] = sha256
            st.rerun()


def _what_it_does(services: Services, sha256: str, use: Use, actor: Actor) -> str:
    """Say what an override of a photo does, of whom it is, and what is kept of it."""
    named = [
        f"{label} (a child)" if child else label
        for label, child in asked_not_to_be_shown(services, sha256, use, actor)
    ]
    where = use.channel.label
    whom = f"although {listed(named)} said no" if named else "although it has a warning"
    return f"You are letting this photo go out on {where} {whom}. Your name and reason are kept."


@st.dialog("Which event are they from?")
def ask_event(services: Services, shas: Sequence[str], actor: Actor) -> None:
    """Ask of which event photos are, and keep it of all of them."""
    st.markdown(
        f"{counted(len(shas), 'photo')}. A revocation may cover one event only, and an event may "
        "not have been public."
    )
    event, new = _choose_event(services, known_events(services, actor))
    ready = event is not None or new is not None
    missing = [] if ready else ["choose an event or name a new one"]
    if button_after(missing, "Save the event", type="primary", key="event-name"):
        with show_errors():
            if event is None and new is not None:
                event = create_event(services, new, actor)
            if event is not None:
                name_event(services, shas, event.id, actor)
            st.rerun()


def _choose_event(
    services: Services, events: Sequence[Event]
) -> tuple[Event | None, NewEvent | None]:
    """Ask for one of some events, or for a new one; neither while nobody has said which."""
    event = st.selectbox(
        "Event",
        events,
        index=None,
        format_func=event_name,
        placeholder="Choose the event",
        key="photos-event",
    )
    if event is not None:
        return event, None
    name = st.text_input(
        "Or the name of a new event", placeholder="Summer reading kick-off", key="event-new"
    )
    if not name.strip():
        return None, None
    day = st.date_input(
        "Day", services.today(), min_value=EARLIEST, format=DATE_FORMAT, key="event-day"
    )
    public = st.toggle("It is in a public space", value=True, key="event-public")
    return None, NewEvent(name.strip(), day, public_space=public)


@st.dialog("Which event are they from?")
def ask_right_event(
    services: Services, job_id: str, by_event: Sequence[tuple[Event, Sequence[str]]], actor: Actor
) -> None:
    """Ask of which event photos are instead of a wrong one, and have them judged by that."""
    wrong, photos = by_event[0]
    if len(by_event) > 1:
        words = {event.id: f"{event_name(event)}: {len(of):,}" for event, of in by_event}
        wrong, photos = st.selectbox(
            "Which event is wrong?",
            by_event,
            format_func=lambda one: words[one[0].id],
            key="event-wrong",
        )
    st.markdown(
        literal(
            f"{counted(len(photos), 'photo')} of {event_name(wrong)}, {wrong.space}. They are "
            "judged again by the right event, and the log keeps what was changed."
        )
    )
    nobody_knows = st.checkbox("More than one event, or not sure", key="event-not-known")
    event, new = None, None
    if not nobody_knows:
        others = [other for other in known_events(services, actor) if other != wrong]
        event, new = _choose_event(services, others)
    ready = nobody_knows or event is not None or new is not None
    missing = [] if ready else ["choose the right event, or name a new one"]
    if button_after(missing, "Correct it", type="primary", key="event-correct"):
        with show_errors():
            if new is not None:
                event = create_event(services, new, actor)
            right_id = "" if event is None else event.id
            correct_event_of_check(services, job_id, photos, wrong.id, right_id, actor)
            st.rerun()


def offer_text(services: Services, use: Use, actor: Actor) -> None:
    """Look through a text that goes out with photos for who asked not to be named."""
    text = st.text_area(
        "Check a post, caption or alt text for people who asked not to be named",
        height=110,
        key="text-words",
    )
    if not st.button("Check the text", icon=":material/text_fields:", key="text-check"):
        return
    if not text.strip():
        st.info("Type or paste a text first.")
        return
    with show_errors():
        found = names_in(services, text, use, actor)
        for named in found:
            st.warning(literal(named.sentence), icon=":material/person_alert:")
        if not found:
            # Not "clear": a nickname is found by nobody but a reader.
            said = "No match found: the text has no name from the register."
            st.info(said, icon=":material/search_off:")
