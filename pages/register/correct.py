"""A slip in a case put right: the form with what was entered, to be typed over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from consent.cases.correct import correct, correctable
from consent.cases.view import CaseView
from consent.domain.actors import Actor
from consent.domain.fields import Door, Field, Part, fields_at
from consent.domain.terms import Correction, Method, Relationship
from consent.domain.typed_texts import NOTE
from consent.services import Services
from pages.desk.form import ask_evidence
from pages.register.session import CaseDesk
from pages.ui.form import AskingBack, Form, key_of, required
from pages.ui.look import in_columns
from pages.ui.words import LANGUAGES

_NEEDED = frozenset({"name", "guardian"})


def offer_correction(services: Services, view: CaseView, desk: CaseDesk, actor: Actor) -> None:
    """Show what was entered; what is typed over it is corrected."""
    form = desk.form(view, "correct")
    was = correctable(view.entry.case)
    st.caption(
        "Use this when something was typed or picked differently from the letter: type over it. "
        "To change what is covered or the end date, use Change the terms. To correct a wrong face, "
        "use the button at its picture."
    )
    said = _ask_of(Part.PERSON, form, was, 2) | _ask_of(Part.SUBMISSION, form, was, 3)
    with st.expander("Requester and how to reach them", icon=":material/contact_mail:"):
        said |= _ask_of(Part.REQUESTER, form, was, 2)
    said |= _ask_of(Part.TERMS, form, was, 1)
    with st.expander("A page was forgotten", icon=":material/note_add:"):
        evidence = ask_evidence(form)
    example, advice = "Misheard at the desk", "Kept in the history: don't use names."
    reason = form.text(required("How did it happen?"), "reason", NOTE, example, advice=advice)
    asking = AskingBack(form.key("save"), str(said["name"]))
    if st.button("Correct it", type="primary", icon=":material/check:", key=form.key("save")):
        with asking.saving():
            slip = Correction(reason, said, evidence)
            correct(services, view.label, slip, actor, confirmed=asking.confirmed)
            desk.said = (
                f"{view.label} is corrected. Print the corrected receipt from Papers and hand it "
                "over."
            )
            st.rerun()
    asking.show()


def _ask_of(part: Part, form: Form, was: Mapping[str, Any], columns: int) -> dict[str, Any]:
    """Ask for the fields of a part of the case, so many in a row."""
    left_out = {"evidence"}
    if not st.session_state.get(form.key("minor"), was["minor"]):
        left_out |= {"guardian", "birth_year"}
    if not was["method"].in_writing:
        left_out |= {"method"}
    fields = [field for field in fields_at(Door.CORRECTION) if field.part is part]
    asked = [field for field in fields if field.name not in left_out]
    said = {}
    for column, field in in_columns(asked, columns):
        with column:
            said[field.name] = _ask(field, form, was[field.name])
    return said


def _ask(field: Field, form: Form, was: Any) -> object:  # noqa: ANN401 - of the field's kind
    """Ask for a field by its kind."""
    key, label = key_of(field.name), field.label
    if field.kind is bool:
        return form.tick(label, key, value=was)
    if field.kind is date:
        return form.day(label, key, was) or was
    if field.kind is int:
        return st.number_input(label, value=was, step=1, key=form.key(key), persist_state=form.kept)
    if words := _choices(field, was):
        return form.one_of(label, key, words, was)
    return form.ask(field.name, value=was, needed=field.name in _NEEDED)


def _choices(field: Field, was: Any) -> Mapping[Any, str]:  # noqa: ANN401 - of the field's kind
    """Return what may be chosen, with its words; nothing for what is typed."""
    if field.kind is Method:
        return {method: words for method, words in Method.table().items() if method.in_writing}
    if field.kind is Relationship:
        return Relationship.table()
    return LANGUAGES | {was: LANGUAGES.get(was, was)} if field.name == "language" else {}
