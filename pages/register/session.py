"""What a session has on the desk of a case: the last search, what was just said, forms."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from consent.cases.view import CaseView
from consent.matching.sweep import SweepReport
from pages.desk.session import Draft
from pages.ui.form import Form
from pages.ui.look import literal

_DESKS = "case-desks"
# Widgets' keys of the desk's own forms count up from 1; these count down.
_FIRST_DRAFT = -1


@dataclass(slots=True)
class CaseDesk:
    """What is known of a case besides the register and the widgets' own state.

    Attributes:
        label: such as R-0042.
        said: what was done, to be said once.
        found: photos that may show the person, once the index was searched.
        steps: how many steps the case had when it was shown here last.
    """

    label: str
    said: str = ""
    found: SweepReport | None = None
    steps: int = 0
    _drafts: dict[str, Draft] = field(default_factory=dict)

    def key(self, view: CaseView, name: str) -> str:
        """Return a widget's key for the case as it stands.

        Each change makes the keys others: the form is empty again, and a second click on its
        button, sent before the first was answered, is of a button that is no longer there.
        """
        merged = view.entry.case.person.merged_into or ""
        return f"{self.label}-{len(view.entry.case.history)}-{merged[:8]}-{name}"

    def form(self, view: CaseView, change: str) -> Form:
        """Return the fields of a change to the case as it stands."""
        return Form(lambda name: self.key(view, f"{change}-{name}"), "page")

    def reference_draft(self, view: CaseView) -> Draft:
        """Return where further reference photos are kept until they are recorded."""
        key = self.key(view, "references")
        if key not in self._drafts:
            number = st.session_state.get("case-draft", _FIRST_DRAFT)
            st.session_state["case-draft"] = number - 1
            self._drafts[key] = Draft(number)
        return self._drafts[key]

    def show_changed(self, view: CaseView) -> None:
        """Say once what somebody else changed: what was typed was for the case as it was before."""
        history = view.entry.case.history
        if self.steps not in {0, len(history)} and not self.said:
            st.warning(
                literal(
                    f"{self.label} was changed meanwhile by {history[-1].actor.id}: see History. "
                    "What you typed here before that was not saved and is gone."
                ),
                icon=":material/sync_problem:",
            )
        self.steps = len(history)

    def show_said(self) -> None:
        """Say once what was done."""
        if self.said:
            text, self.said = self.said, ""
            st.success(literal(text), icon=":material/task_alt:")


def desk_of(label: str) -> CaseDesk:
    """Return this session's desk for a case."""
    desks: dict[str, CaseDesk] = st.session_state.setdefault(_DESKS, {})
    return desks.setdefault(label, CaseDesk(label))
