"""The history of a case is told in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from consent.cases.timeline import TimelineWords, timeline
from consent.domain.actors import Actor, Role
from consent.domain.cases import CaseEvent, CaseStep, Person, Revocation
from consent.domain.decisions import DecisionState
from consent.domain.log import Action, Head, chained
from consent.domain.takedowns import TakedownState
from consent.domain.terms import Method, Requester, Scope, Submission, Terms

DESK = Actor("Ana Ruiz", Role.DESK)
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 3, 1)
WORDS = TimelineWords(day=str, scope=lambda _: "everything.")
# What happens to a case, or to its person, by the subjects of the log's codes.
OF_A_CASE = {"revocation", "hold", "person", "template", "sighting", "takedown", "evidence"}


def moments(*entries):
    """Tell of a case with entries of the log, beside its first step."""
    terms = Terms(Scope(), Submission(DAY, Method.LETTER, by="desk"), Requester("A. Reader"), DAY)
    begun = CaseEvent("case", CaseStep.RECORDED, AT - timedelta(days=1), DESK, DAY, terms)
    case = Revocation("case", 42, Person("person", "A. Reader"), (begun,))
    return [one for one in timeline(case, entries, WORDS) if one.kind is not CaseStep.RECORDED]


def entry(action: Action, place: int = 1, **details: object):
    at = AT + timedelta(minutes=place)
    return chained(bytes(32), Head(place - 1, ""), at, action, "case", DESK, details)


@pytest.mark.parametrize("action", list(Action))
def test_no_code_of_the_log_is_shown(action: Action):
    for moment in moments(entry(action), entry(action, 90)):
        assert action.value not in moment.title
        assert ":" not in moment.title.replace("looked at:", "")
        assert "_" not in moment.title


@pytest.mark.parametrize(
    "action", [one for one in Action if one.value.split(":", maxsplit=1)[0] in OF_A_CASE]
)
def test_what_happens_to_a_case_has_words_of_its_own(action: Action):
    from_code = action.value.replace(":", " ").replace("_", " ").capitalize()

    assert from_code not in [one.title for one in moments(entry(action))]


def test_a_takedown_is_told_with_its_number_and_how_far_it_came():
    label = "T-0001"
    moved = entry(Action.TAKEDOWN_MOVED, 2, takedown=label, state=TakedownState.DELETED.value)

    last, first = moments(entry(Action.TAKEDOWN_OPENED, takedown=label), moved)

    assert (first.title, first.facts) == ("Takedown opened for a published copy", ("T-0001.",))
    assert (last.title, last.facts) == ("Step of a takedown entered", ("T-0001: deleted.",))


def test_a_decision_that_was_taken_back_is_told_as_taken_back():
    photos = "abc"
    decided = [
        entry(Action.SIGHTING_DECIDED, place, photo=photo, state=state.value)
        for place, (state, photo) in enumerate(
            (state, photo)
            for state in (DecisionState.CANNOT_TELL, DecisionState.SUGGESTED)
            for photo in photos
        )
    ]

    (moment,) = moments(*decided)

    assert moment.title == "3 photos looked at: 3 taken back"
