"""One photo of a check alone: large, beside why this is said of it and what can be done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import streamlit as st

from consent.checking.result import BY_EVENT, BY_TIME, Alike, CheckedPhoto
from consent.domain.actors import Actor
from consent.domain.channels import Use
from consent.domain.errors import NotFoundError
from consent.domain.review import Pair, PairKind
from consent.domain.roles import Duty
from consent.domain.verdicts import NOTHING_TO_COMPARE, Verdict
from consent.domain.wording import PHOTO_OF_PERSON, counted
from consent.review.pairs import view_pair
from consent.review.photos import photo_views, sharp_photo
from consent.services import Services
from pages.check.actions import offer_for_one
from pages.check.photos import Chosen, Shown, show_photo
from pages.ui.guard import may
from pages.ui.look import literal, show_case_link
from pages.ui.pictures import inline, say_unreadable, show_match
from pages.ui.words import badge

# So many of the photos that a photo is a copy of are shown.
_COPIES = 3
# What makes it this verdict, and not the next.
_WHY = {
    Verdict.BLOCKED: "The faces are so alike that this photo must not go out. If it is someone "
    "else, say so in Review. Otherwise only an override lets it go out.",
    Verdict.NOT_CHECKED: "The program couldn't check this photo, so it doesn't know who is in "
    "it. That is not the same as no match.",
    Verdict.REVIEW: "The program isn't sure either way. A person decides, in Review.",
    Verdict.CONSENT_MISSING: "Nobody who asked not to be shown was found. For this use, people "
    "must be asked first.",
    Verdict.CLEAR: "Every face that can be compared was compared, and nobody in the register was "
    "found.",
}

_CONFIRMED = (
    "A person confirmed who is in it, so Review does not ask again. If that is wrong, change it"
    " on the case's page, under Photos. Otherwise only an override lets it go out."
)
_EVENT_DECIDES = (
    "Once the event is named, the program can decide: press All photos, then Name the event."
)
# The same where a person decided that something does not count: the notes say who, and when.
_DECIDED = {
    Verdict.CONSENT_MISSING: "A person has already decided about the warnings, as noted below. "
    "For this use, people must be asked first.",
    Verdict.CLEAR: "Every face that can be compared was compared. A person has already decided "
    "about the warnings, as noted below.",
}


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of the check around a photo.

    Attributes:
        photos: in the order in which they are gone through.
        said_of_all: notes that stand at every photo.
    """

    photos: Sequence[CheckedPhoto]
    shown: Shown
    chosen: Chosen
    said_of_all: Collection[str]


def show_one(
    services: Services,
    photo: CheckedPhoto,
    beside: Beside,
    use: Use,
    actor: Actor,
    done: Mapping[str, str],
) -> None:
    """Show one photo of a check, and the way to the others."""
    _show_way(photo, beside)
    left, right = st.columns([8, 5], gap="medium")
    view = photo_views(services, [photo.sha256], actor).get(photo.sha256) if photo.sha256 else None
    with left:
        if view is None:
            with st.container(border=True, height=160, vertical_alignment="center"):
                say_unreadable()
        else:
            sharp = _sharp(str(photo.sha256), services, actor)
            show_photo(photo, view, _said_of_faces(photo), sharp)
    with right:
        _show_verdict(photo, actor)
        offer_for_one(services, photo, use, actor, done)
        _show_reasons(photo, beside.said_of_all)
        if photo.sha256 and may(actor, Duty.REVIEW):
            _show_copied(services, photo, actor)
            _show_faces(services, photo, actor)


@st.cache_data(max_entries=8, ttl=600, show_spinner=False)
def _sharp(sha256: str, _services: Services, _actor: Actor) -> bytes | None:
    """Return a photo itself, which is not read anew at every click beside it."""
    return sharp_photo(_services, sha256, _actor)


def _show_way(photo: CheckedPhoto, beside: Beside) -> None:
    photos, shown, chosen = beside.photos, beside.shown, beside.chosen
    place = [other.id for other in photos].index(photo.id)
    is_chosen = photo.id in chosen.ids
    box = ":material/check_box:" if is_chosen else ":material/check_box_outline_blank:"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        back = st.button("All photos", shortcut="Esc", icon=":material/grid_view:", key="one-back")
        before = st.button("Previous", shortcut="Left", disabled=place == 0, key="one-before")
        last = place == len(photos) - 1
        after = st.button("Next", shortcut="Right", disabled=last, key="one-after")
        words = "Chosen" if is_chosen else "Choose"
        choose = st.button(words, shortcut="X", icon=box, key="one-choose")
        st.caption(f"{place + 1:,} of {len(photos):,}", width="content")
    if choose:
        chosen.put(chosen.ids ^ {photo.id})
        st.rerun()
    if back:
        st.session_state[f"at-{chosen.job_id}"] = photo.id
        shown.go(photo="")
        st.rerun()
    if before or after:
        shown.go(photo=photos[place + (1 if after else -1)].id)
        st.rerun()


def _show_verdict(photo: CheckedPhoto, actor: Actor) -> None:
    """Show the verdict, and how sure it is of whom."""
    name = PurePosixPath(photo.name)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        badge(photo.verdict, photo.words)
        st.markdown(f"**{literal(name.name)}**", width="content")
    if name.parent.name:
        st.caption(f":material/folder: {literal(str(name.parent))}")
    if photo.was:
        st.caption(f":material/update: Was “{literal(photo.was)}” when the check was done.")
    for alike in photo.alike:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            face = "" if alike.face is None else f", face {alike.face + 1}"
            st.markdown(f"**{literal(alike.said)}**{face}", width="content")
            if may(actor, Duty.READ_CASES):
                show_case_link(alike.label, f"Case {alike.label}", icon=":material/folder_shared:")


def _show_reasons(photo: CheckedPhoto, said_of_all: Collection[str]) -> None:
    """Show every reason, and what makes it this verdict."""
    for reason in photo.own_reasons:
        st.markdown(literal(reason))
    if photo.words != NOTHING_TO_COMPARE:
        st.caption(_why(photo))
    for note in photo.own_notes:
        if note not in said_of_all:
            st.caption(f"Note: {literal(note)}")


def _why(photo: CheckedPhoto) -> str:
    """Say what makes it this verdict, and who can change that, and where."""
    if photo.verdict is Verdict.BLOCKED and not photo.blocked_by_face:
        return _CONFIRMED
    # Where a face that cannot be compared is a reason, too, a person decides.
    of_names = len(photo.own_reasons) <= len(photo.alike)
    by_event = all(alike.said in {BY_EVENT, BY_TIME} for alike in photo.alike)
    if photo.verdict is Verdict.REVIEW and photo.alike and of_names and by_event:
        return _EVENT_DECIDES
    why = _DECIDED if photo.set_aside else _WHY
    return why.get(photo.verdict, _WHY[photo.verdict])


def _show_copied(services: Services, photo: CheckedPhoto, actor: Actor) -> None:
    """Show the photos that it is a copy of, and the way to what was decided on them."""
    # Of a burst, every photo is a copy of all the others.
    for label, known in photo.copy_of[:_COPIES]:
        try:
            view = view_pair(services, Pair(PairKind.COPY, known), actor)
        except NotFoundError:
            st.caption(
                f"The photo in which the person in {label} was confirmed is no longer on file."
            )
            continue
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if view.photo is not None:
                alt = f"The photo in which the person in {label} was confirmed"
                st.image(inline(view.photo.thumbnail), alt=alt, width=110)
            said = f"The person in {label} was confirmed in {view.name}."
            if view.name == PHOTO_OF_PERSON:
                said = "This is also a copy of a photo the person gave us."
            st.markdown(literal(said), width="content")
        if may(actor, Duty.READ_CASES):
            show_case_link(label, f"Change it: photos of {label}", icon=":material/edit:")
    more = len(photo.copy_of) - _COPIES
    if more > 0:
        st.caption(f"They were also confirmed in {counted(more, 'more photo')}.")


def _show_faces(services: Services, photo: CheckedPhoto, actor: Actor) -> None:
    """Show each face that may be somebody's beside the likest reference face of theirs."""
    for alike in photo.alike:
        if alike.face is None or not alike.by_face:
            continue
        try:
            pair = _pair(photo, alike)
            view = view_pair(services, pair, actor)
        except NotFoundError:
            st.caption(f"{alike.label} is no longer in the register.")
            continue
        found, reference = st.columns(2)
        with found:
            if view.zoom is not None:
                st.image(inline(view.zoom), alt="The face in the photo", width="stretch")
            else:
                show_match(view.photo, pair.box, "The face in the photo", with_words=True)
            st.caption(f"Face {alike.face + 1}")
        with reference:
            first = next(iter(view.references), None)
            if first is not None and first.picture is not None:
                alt = f"Photo of the person in case {alike.label}"
                st.image(inline(first.picture), alt=alt, width="stretch")
            st.caption(literal(first.words if first else "No photo of the person is on file."))


def _pair(photo: CheckedPhoto, alike: Alike) -> Pair:
    return Pair(
        PairKind.FACE,
        str(photo.sha256),
        (photo.boxes[alike.face or 0],),
        label=alike.label,
        false_matches_per_million=alike.false_matches_per_million,
    )


def _said_of_faces(photo: CheckedPhoto) -> dict[int, str]:
    said: dict[int, list[str]] = defaultdict(list)
    for face, verdict in photo.worst_by_face.items():
        said[face].append(f"Face {face + 1}: {verdict.words}")
    for alike in photo.alike:
        if alike.face is not None:
            said[alike.face].append(f"{alike.said} ({alike.label})")
    return {face: ". ".join(words) for face, words in said.items()}
