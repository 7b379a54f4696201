"""The photos of a case: the faces that are compared, and where the person may appear."""

from __future__ import annotations

from functools import partial

import streamlit as st

from consent.cases.added_references import remove_reference, use_as_reference
from consent.cases.change import end_template_agreement
from consent.cases.correct import correct_face
from consent.cases.intake import Question, QuestionKind, UnansweredError
from consent.cases.photo_advice import OLD_YEARS, Shot, advise, what_helps
from consent.cases.search import reference_pictures
from consent.cases.view import CaseView
from consent.domain.actors import Actor
from consent.domain.cases import State, Template
from consent.domain.decisions import DecisionState, same_face
from consent.domain.roles import Duty
from consent.domain.typed_texts import NOTE
from consent.domain.wording import counted
from consent.matching.sweep import Hit, sweep
from consent.review.photos import faced_photo
from consent.services import Services
from media_index.types import Box, Face
from pages.desk.references import AGREEMENT_FOR, NOBODY, agreement_of, face_words
from pages.register.amend import said_of
from pages.register.session import CaseDesk
from pages.ui import pictures
from pages.ui.decisions import headline, show_decisions, show_doubts
from pages.ui.errors import show_errors
from pages.ui.form import AskingBack, button_after, required, say_too_long
from pages.ui.guard import may
from pages.ui.look import in_columns, literal
from pages.ui.words import short_day

_OVER = {State.RESCINDED, State.ENDED, State.MISTAKEN}
_NONE = (
    "No photo of the person is on file, so the program can't compare faces. It finds photos "
    "known to show them, and copies of these. In all other photos, staff must look for them."
)


def show_faces(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Show the faces that photos are compared with, and offer to erase them."""
    templates = view.file.templates
    over = view.entry.state in _OVER
    with st.container(border=True):
        st.markdown("**Photos of the person**")
        agreed = view.entry.case.terms.template_agreement
        if agreed is not None and not over:
            st.caption(f":material/handshake: Saved face measurement: {literal(said_of(agreed))}")
        if not templates:
            st.caption("None is kept." if over else _NONE)
            return
        kept = reference_pictures(services, view.label, actor)
        for column, template in in_columns(templates, 2):
            with column:
                _show_face(services, view, template, kept.get(template.id))
                if view.named:
                    _offer_correction(services, view, desk, template, actor)
                if view.named and len(templates) > 1:
                    _offer_removal(services, view, desk, template, actor)
        if not over:
            _show_what_helps(services, view)
        if view.named and st.button(
            "Erase saved face measurements",
            icon=":material/delete:",
            key=desk.key(view, "erase-open"),
        ):
            _erase(services, view, desk, actor)


def _show_face(services: Services, view: CaseView, template: Template, crop: bytes | None) -> None:
    pictures.show_reference(crop, view.label, width=150)
    face = view.reference_faces.get(template.id)
    remark = "" if face is None else _remark(face)
    st.caption(f"Added {short_day(services.day(template.added_at))}. {remark}")


def _remark(face: Face) -> str:
    poor = advise([Shot("", face.quality, compared=bool(face.encodings))]).poor
    return f"{poor[0].reasons.capitalize()}." if poor else "Good for comparing."


def _show_what_helps(services: Services, view: CaseView) -> None:
    templates, matching = view.file.templates, services.policy.matching
    advice = what_helps(
        len(templates),
        services.day(max(template.added_at for template in templates)),
        services.today(),
        matching.minor_years if view.entry.case.person.minor else OLD_YEARS,
    )
    if advice:
        st.caption(
            f":material/lightbulb: {advice} A photo in which they were confirmed can be used, "
            "too: see below."
        )


def _offer_correction(
    services: Services, view: CaseView, desk: CaseDesk, template: Template, actor: Actor
) -> None:
    """Offer to put right which face was meant."""
    if st.button(
        "Wrong face",
        icon=":material/person_cancel:",
        type="tertiary",
        key=desk.key(view, f"wrong-{template.id}"),
    ):
        _correct(services, view, desk, template, actor)


@st.dialog("Wrong face", width="large")
def _correct(
    services: Services, view: CaseView, desk: CaseDesk, template: Template, actor: Actor
) -> None:
    photo = faced_photo(services, template.photo_sha256, actor)
    picked: int | None = NOBODY
    if photo is None:
        st.markdown("The original photo is no longer on file, so you can only erase the face.")
    else:
        boxes = list(enumerate(photo.boxes))
        wrong = [face for face, box in boxes if same_face(box, template.box)]
        with st.container(key="faces-photo"):
            pictures.show_faces(
                photo.view,
                photo.boxes,
                wrong,
                f"The photo with its faces numbered from 1 to {len(boxes)}",
            )
        picked = st.radio(
            "Which face is the person?",
            [*(face for face, _ in boxes if face not in wrong), NOBODY],
            index=None,
            format_func=face_words,
            horizontal=True,
            key=desk.key(view, f"right-{template.id}"),
        )
    st.caption(
        "The wrong face is erased, and the photo no longer counts as showing the person there. "
        "You can print the receipts again."
    )
    asking = AskingBack(desk.key(view, f"right-{template.id}"), str(picked))
    missing = ["pick the right face"] if picked is None else []
    if button_after(missing, "Correct the face", type="primary"):
        with asking.saving():
            right = None if picked == NOBODY else picked
            correct_face(
                services, view.label, template.id, right, actor, confirmed=asking.confirmed
            )
            desk.said = (
                "The wrong face is erased." if right is None else "The right face is now on file."
            )
            desk.found = None
            st.rerun()
    asking.show()


def _offer_removal(
    services: Services, view: CaseView, desk: CaseDesk, template: Template, actor: Actor
) -> None:
    """Offer to erase one face of several; erasing the last is ending the agreement."""
    if st.button(
        "Remove", icon=":material/close:", type="tertiary", key=desk.key(view, template.id)
    ):
        with show_errors():
            remove_reference(services, view.label, template.id, actor)
            desk.said = "The face is erased. Photos are compared with the other faces."
            desk.found = None
            st.rerun()


@st.dialog("Erase saved face measurements")
def _erase(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    st.markdown(
        f"The saved face measurements of {view.label} and their pictures are erased for good. "
        "The revocation stays in effect. Confirmed photos stay confirmed, and the program still"
        " finds copies of them. But it no longer compares new photos with this person's face."
    )
    reason = st.text_input(
        required("Why?"),
        placeholder="The person ended the agreement",
        key=desk.key(view, "erase-reason"),
        help="Kept in the log: don't use names.",
    )
    say_too_long(reason, NOTE)
    if st.button("Erase them", type="primary", key=desk.key(view, "erase")):
        with show_errors():
            end_template_agreement(services, view.label, reason, actor)
            desk.said = "The saved face measurements are erased. The revocation stays in effect."
            desk.found = None
            st.rerun()


def show_photos(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Show the photos with their faces, states and published copies, and offer to search."""
    left, right = st.columns([3, 2], vertical_alignment="center")
    wanted = may(actor, Duty.SWEEP) and right.container(horizontal_alignment="right").button(
        "Search all photos",
        icon=":material/image_search:",
        help="Search all photos in the library for this person.",
        key=f"sweep-{view.label}",
    )
    if wanted:
        with show_errors(), st.spinner("Searching all photos"):
            desk.found = sweep(services, view.label, actor)
    photos = view.photos_with(desk.found)
    with left:
        st.markdown(f"**{_headline(view, desk)}**")
        if desk.found is not None:
            show_doubts(desk.found)
        published = sum(bool(photo.published) for photo in photos)
        if published:
            copies = counted(published, "photo was", "photos were")
            st.caption(f":material/public: {copies} published; see Published copies.")
    if photos:
        further = partial(_offer_reference, services, view, desk, actor)
        show_decisions(services, view.label, photos, actor, further)


def _headline(view: CaseView, desk: CaseDesk) -> str:
    if desk.found is not None:
        return headline(desk.found)
    count = len({photo.sha256 for photo in view.photos})
    if not count:
        return "No photo has been decided yet."
    return f"{counted(count, 'photo')} decided."


def _offer_reference(
    services: Services, view: CaseView, desk: CaseDesk, actor: Actor, hit: Hit
) -> None:
    """Offer to compare with a confirmed face from now on: nothing does that by itself."""
    box, templates = hit.match.box, view.file.templates
    over = view.entry.state in _OVER
    if hit.state is not DecisionState.CONFIRMED or box is None or over:
        return
    if not may(actor, Duty.AMEND):
        return
    known = any(
        template.photo_sha256 == hit.sha256 and same_face(template.box, box)
        for template in templates
    )
    if not known and st.button(
        "Use as a photo of the person",
        icon=":material/add_a_photo:",
        help="Photos will also be compared with this face. You can remove it again.",
        key=desk.key(view, f"reference-{hit.sha256[:16]}-{box.x1}-{box.y1}"),
    ):
        if view.entry.case.terms.agreement_on(services.today()) is None:
            _ask_to_keep(services, view, desk, actor, hit)
            return
        with show_errors():
            try:
                _use(services, view, desk, actor, hit, box)
            except UnansweredError as error:
                _ask_to_keep(services, view, desk, actor, hit, error.questions)


@st.dialog("Use as a photo of the person")
def _ask_to_keep(
    services: Services,
    view: CaseView,
    desk: CaseDesk,
    actor: Actor,
    hit: Hit,
    asked: tuple[Question, ...] = (),
) -> None:
    """Ask for the agreement, which nobody has given yet or which was ended, and about the face."""
    box = hit.match.box
    if box is None:
        return
    name = f"reference-agreed-{hit.sha256[:16]}"
    known = view.entry.case.terms.agreement_on(services.today()) is not None
    agreed = False
    if not known:
        st.markdown(
            "To compare photos with this face, the library must save a measurement of it. The "
            f"person in {view.label} has not agreed to that: ask first."
        )
        agreement = agreement_of(minor=view.entry.case.person.minor)
        agreed = st.checkbox(agreement, key=desk.key(view, name), help=AGREEMENT_FOR)
    asking = AskingBack(desk.key(view, name), str(box))
    asking.keep(asked)
    missing = [] if agreed or known else ["ask for the agreement, and check the box"]
    if button_after(missing, "Use as a photo of the person", type="primary"):
        with asking.saving():
            confirmed = asking.confirmed
            _use(services, view, desk, actor, hit, box, keep_face=agreed, confirmed=confirmed)
    asking.show()


def _use(
    services: Services,
    view: CaseView,
    desk: CaseDesk,
    actor: Actor,
    hit: Hit,
    box: Box,
    *,
    keep_face: bool = False,
    confirmed: frozenset[QuestionKind] = frozenset(),
) -> None:
    use_as_reference(
        services, view.label, hit.sha256, box, actor, keep_face=keep_face, confirmed=confirmed
    )
    desk.said = "From now on, photos are also compared with this face."
    desk.found = None
    st.rerun()
