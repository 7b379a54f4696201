"""What a case covers, or covered until it was taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from consent.domain.cases import CaseStep, State
from pages.ui.dates import shown_day
from pages.ui.look import literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from consent.cases.view import CaseView

_ENDS = {State.HELD: "Lapses on", State.LAPSED: "Lapsed on", State.ENDED: "Ended after"}


def covered(view: CaseView) -> Iterator[tuple[str, str]]:
    """Yield what is covered and when; first, that it was taken back, if it was."""
    entry = view.entry
    over = entry.state is State.RESCINDED
    yield from _taken_back(view)
    for label, said in view.covered:
        yield f"{label}, until then" if over else label, literal(said)
    yield "Was in effect from" if over else "In effect from", shown_day(entry.terms.effective_from)
    if entry.ends_on is not None and not over:
        yield _ENDS.get(entry.state, "Ends after"), shown_day(entry.ends_on)


def _taken_back(view: CaseView) -> Iterator[tuple[str, str]]:
    step = next((one for one in view.entry.case.history if one.step is CaseStep.RESCINDED), None)
    if step is None:
        return
    over = view.entry.state is State.RESCINDED
    after = "Nothing is covered any more." if over else "Nothing is covered from then on."
    by = literal(f"{step.actor.id}, {step.actor.role}")
    yield "Taken back on", f"**{shown_day(step.effective_on)}**, by {by}. {after}"
