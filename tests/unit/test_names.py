"""A name is found as a clerk types it."""

from __future__ import annotations

import pytest

from consent.cases.search import Likeness, likeness


@pytest.mark.parametrize(
    ("typed", "name", "expected"),
    [
        ("obama", "Barack Obama", Likeness.AS_TYPED),
        ("Obama, Barack", "Barack Obama", Likeness.AS_TYPED),
        ("mia", "Mía Collins", Likeness.AS_TYPED),
        ("MIA COLLINS", "Mía Collins", Likeness.AS_TYPED),
        ("oneill", "Shaun O\u2019Neill", Likeness.AS_TYPED),
        ("o'neill", "Shaun ONeill", Likeness.AS_TYPED),
        ("ruiz", "Ana Pérez-Ruiz", Likeness.AS_TYPED),
        ("strasse", "A. Straße", Likeness.AS_TYPED),
        ("obma", "Barack Obama", Likeness.NEARLY),
        ("Barak Obamma", "Barack Obama", Likeness.NEARLY),
        ("Jo Byden", "Joe Biden", Likeness.NEARLY),
        ("Smith", "Barack Obama", Likeness.NONE),
        ("Ana Smith", "Ana Ruiz", Likeness.NONE),
        ("ann", "Dan Roe", Likeness.NONE),
        ("'", "Barack Obama", Likeness.NONE),
        ("李", "李小龍", Likeness.AS_TYPED),
    ],
)
def test_a_name_answers_to_its_parts(typed: str, name: str, expected: Likeness) -> None:
    assert likeness(typed, name) is expected


def test_the_best_of_several_names_counts() -> None:
    assert likeness("eileen", "Mía Collins", "Eileen Collins") is Likeness.AS_TYPED
