"""A slip in a case put right: the form with what was entered, to be typed over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from consent.cases.correct import correct, correctable
from consent.cases.view import CaseView
from consent.domain.actors import Actor
from consent.domain.terms import Correction, Method, Relationship
from consent.domain.typed_texts import NAME, NOTE, PLACE
from consent.services import Services
from pages.desk.form import ask_evidence
from pages.register.session import CaseDesk
from pages.ui.form import AskingBack, Form
from pages.ui.words import LANGUAGES


def offer_correction(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Show what was entered; what is typed over it is corrected."""
    form = desk.form(view, "correct")
    was = correctable(view.entry.case)
    st.caption(
        "For what was typed or picked otherwise than the letter says; type over it. What is "
        "covered, and until when, is amended. A face picked wrongly is corrected at its picture."
    )
    said = {**_ask_person(form, was), **_ask_letter(form, was), **_ask_requester(form, was)}
    said["note"] = form.text("Note", "note", _room(NOTE, was["note"]), value=was["note"])
    with st.expander("A page was forgotten", icon=":material/note_add:"):
        evidence = ask_evidence(form)
    example, advice = "Heard wrongly at the desk", "Kept in the history: name nobody."
    reason = form.text("How did it come about?", "reason", NOTE, example, advice=advice)
    asking = AskingBack(form.key("save"), str(said["name"]))
    if st.button("Correct it", type="primary", icon=":material/check:", key=form.key("save")):
        with asking.saving():
            slip = Correction(reason, said, evidence)
            correct(services, view.label, slip, actor, confirmed=asking.confirmed)
            desk.said = (
                f"{view.label} is corrected. Give the receipt anew, as corrected: it is among "
                "Papers."
            )
            st.rerun()
    asking.show()


def _ask_person(form: Form, was: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": form.text(
            "Name of the person in the photos",
            "name",
            _room(NAME, was["name"]),
            value=was["name"],
            private=True,
        ),
        "minor": form.tick("The person is a minor", "minor", value=was["minor"]),
    }
    if said["minor"]:
        left, right = st.columns([2, 1])
        guardian = was["guardian"]
        said["guardian"] = form.text(
            "Parent or guardian who signed",
            "guardian",
            _room(NAME, guardian),
            value=guardian,
            at=left,
            private=True,
        )
        said["birth_year"] = right.number_input(
            "Year of birth",
            value=was["birth_year"],
            step=1,
            key=form.key("birth-year"),
            persist_state=form.kept,
        )
    return said


def _ask_letter(form: Form, was: Mapping[str, Any]) -> dict[str, Any]:
    left, middle, right = st.columns(3)
    said: dict[str, Any] = {
        "received": form.day("Received on", "received", was["received"], at=left) or was["received"]
    }
    if was["method"].in_writing:
        ways = {method: words for method, words in Method.table().items() if method.in_writing}
        said["method"] = form.one_of("How it came", "method", ways, was["method"], at=middle)
    said["by"] = form.text("Received by", "by", NAME, value=was["by"], at=right)
    left, right = st.columns([2, 1])
    said["original_at"] = form.text(
        "Where the paper lies",
        "original-at",
        _room(PLACE, was["original_at"]),
        value=was["original_at"],
        at=left,
    )
    said["branch"] = form.text(
        "Branch", "branch", _room(NAME, was["branch"]), value=was["branch"], at=right
    )
    return said


def _ask_requester(form: Form, was: Mapping[str, Any]) -> dict[str, Any]:
    with st.expander("Who asked, and how to reach them", icon=":material/contact_mail:"):
        left, right = st.columns(2)
        said: dict[str, Any] = {
            "relationship": form.one_of(
                "Who asked", "relationship", Relationship.table(), was["relationship"], at=left
            )
        }
        known = LANGUAGES | {was["language"]: LANGUAGES.get(was["language"], was["language"])}
        said["language"] = form.one_of("Language", "language", known, was["language"], at=right)
        requester = form.text(
            "Their name", "requester", _room(NAME, was["requester"]), value=was["requester"]
        )
        if requester != was["requester"]:
            said["requester"] = requester
        said["authority"] = form.text(
            "How it was checked that they may ask",
            "authority",
            _room(NOTE, was["authority"]),
            value=was["authority"],
            private=True,
        )
        left, right = st.columns([3, 2])
        said["contact"] = form.text(
            "Contact",
            "contact",
            _room(PLACE, was["contact"]),
            value=was["contact"],
            at=left,
            private=True,
        )
        said["preferred_contact"] = form.text(
            "Preferred way",
            "preferred-contact",
            NAME,
            value=was["preferred_contact"],
            at=right,
        )
    return said


def _room(most: int, was: str) -> int:
    """Return how many letters a field takes: one that was entered before is not cut off."""
    return max(most, len(was))
