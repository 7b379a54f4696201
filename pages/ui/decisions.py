"""What somebody decides of a photo: whether it shows a person, and what its faces are of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from consent.domain.actors import Actor
from consent.domain.decisions import DecisionState, FaceDecision, FaceKind, same_face
from consent.domain.roles import Duty
from consent.domain.wording import counted
from consent.matching.sweep import Hit, SweepReport
from consent.review.decide import decide_faces, decide_sighting, faces_seen
from consent.review.photos import PhotoView, photo_views
from consent.services import Services
from media_index.types import Box
from pages.ui.errors import show_errors
from pages.ui.form import button_after
from pages.ui.guard import may
from pages.ui.look import in_cards, literal, one_page
from pages.ui.pictures import show_faces, show_match
from pages.ui.words import CHOICES, channel_name, decision_badge, short_day

PER_PAGE = 12
Kept = Callable[[list[FaceDecision]], object]
NO_PERSON, NO_PERSON_ICON = "Not a real person", ":material/smart_toy:"
_KIND_HELP = {
    FaceKind.NO_PERSON: "A doll, a statue, a dog, a pattern. The program no longer blocks the "
    "photo or asks about this face, here and in copies.",
    FaceKind.PICTURE: "A painting, a poster, a screen. It counts as the person it shows. The "
    "program still compares it and asks about it.",
    FaceKind.PERSON: "Undoes an earlier answer.",
}


def headline(report: SweepReport) -> str:
    """Say how many photos may show the person; of what was not searched, `show_doubts` tells."""
    if not report.photos and not report.doubts:
        return "The program has no photos yet, so there was nothing to search."
    notes = "".join(f" {note}" for note in report.not_compared.notes)
    among = counted(report.photos, "photo the program knows", "photos the program knows")
    if not report.hits:
        found = "Nothing found" if report.doubts else "No match found"
        return f"{found} in {among}.{notes}"
    many = len(report.hits)
    remark = f" {report.remark}" if report.remark else ""
    published = f", {report.published} of them published" if report.published else ""
    return f"May appear in {many} of {among}{published}.{remark}{notes}"


def show_doubts(report: SweepReport) -> None:
    """Say below the headline what was not searched, and who can see why."""
    if report.doubts:
        st.markdown(f":material/warning: **Not checked:** {literal(' '.join(report.doubts))}")


def show_decisions(
    services: Services,
    label: str,
    hits: Sequence[Hit],
    actor: Actor,
    further: Callable[[Hit], None],
) -> None:
    """Show photos of a case in this order, a page of them at a time, each with its buttons.

    `further` shows what else can be done with a photo, beside the decisions.
    """
    grid = st.container()
    shown = one_page(hits, PER_PAGE, f"photos-page-{label}-{len(hits)}")
    views = photo_views(services, [hit.sha256 for hit in shown], actor)
    with grid:
        for card, hit in in_cards(shown, 3):
            with card:
                _show(services, hit, views.get(hit.sha256))
                with st.container(horizontal=True, gap="xsmall"):
                    _offer(services, label, hit, actor)
                    further(hit)


def _show(services: Services, hit: Hit, view: PhotoView | None) -> None:
    why = _why(hit)
    show_match(view, hit.match.box, f"{hit.name}: {why}")
    st.markdown(f"**{literal(hit.name)}**")
    st.caption(literal(why))
    for made in hit.published:
        where = f"{channel_name(services.policy, made.channel)} {made.issue}".strip()
        st.caption(
            f":material/public: Published {short_day(made.published_on)}: {literal(where)}"
            + (f", {literal(made.url)}" if made.url else "")
        )
    decision_badge(hit.state)


def _offer(services: Services, label: str, hit: Hit, actor: Actor) -> None:
    if not may(actor, Duty.DECIDE_LIKENESS):
        return
    for state, words in CHOICES.items():
        # Not offered again: a second click of the same button has nothing left to do.
        if state is not hit.state and st.button(words, key=_key(label, hit, state)):
            with show_errors():
                decide_sighting(services, label, hit.sha256, hit.match.box, state, actor)
                st.rerun()


def _why(hit: Hit) -> str:
    events = ", ".join(event.name for event in hit.events)
    seen = hit.paths or hit.published
    why = hit.likeness("Decided by a person." if seen else "Uploaded with the case.")
    return f"{why} {events}".strip()


def _key(label: str, hit: Hit, state: DecisionState) -> str:
    box = hit.match.box
    where = "photo" if box is None else f"{box.x1}-{box.y1}"
    return f"decide-{label}-{hit.sha256[:16]}-{where}-{state}"


@st.dialog("Not a real person?", width="medium")
def ask_what_faces_are(
    services: Services,
    sha256: str,
    boxes: Sequence[Box],
    chosen: Sequence[Box],
    actor: Actor,
    kept: Kept | None = None,
) -> None:
    """Ask which faces of a photo are of no person, or pictures of one, and keep it.

    `boxes` are numbered as where it is asked, `chosen` of them are meant at first; `kept` is told
    what was kept.
    """
    with show_errors():
        found = faces_seen(services, sha256, actor)
        # What somebody drew by hand is a person already.
        said = {
            number: seen.said
            for number, box in enumerate(boxes)
            for seen in found
            if same_face(seen.box, box)
        }
        picture = st.container(key="faces-photo")
        picked = st.pills(
            "Which face?",
            list(said),
            selection_mode="multi",
            default=[number for number in said if boxes[number] in chosen or len(said) == 1],
            format_func=lambda number: _face_label(number, said[number]),
            key=f"faces-{sha256[:16]}",
        )
        with picture:
            view = photo_views(services, [sha256], actor).get(sha256)
            if view is not None:
                show_faces(view, boxes, picked, "The photo with numbered faces")
        kinds = [FaceKind.NO_PERSON, FaceKind.PICTURE]
        if any(
            decision is not None and decision.kind is not FaceKind.PERSON
            for decision in said.values()
        ):
            kinds.append(FaceKind.PERSON)
        kind: FaceKind = st.segmented_control(
            "What is it?",
            kinds,
            default=FaceKind.NO_PERSON,
            required=True,
            format_func=lambda kind: kind.words,
            key=f"faces-kind-{sha256[:16]}",
        )
        st.caption(_KIND_HELP[kind])
        note = st.text_input(
            "Why? (needed only if it surely looks like someone in the register)",
            placeholder="A wax figure",
            help="Don't use names.",
            key=f"faces-note-{sha256[:16]}",
        )
        missing = [] if picked else ["choose a face"]
        if button_after(missing, "Save", type="primary", key="faces-save"):
            meant = [boxes[number] for number in sorted(picked)]
            decisions = decide_faces(services, sha256, meant, kind, actor, note)
            if kept is not None:
                kept(decisions)
            st.rerun()


def _face_label(number: int, said: FaceDecision | None) -> str:
    known = "" if said is None or said.kind is FaceKind.PERSON else f" ({said.kind.words.lower()})"
    return literal(f"Face {number + 1}{known}")
