"""A name is found as a clerk types it."""

from __future__ import annotations

import pytest

from consent.domain.names import (
    Likeness,
    likeness,
    name_parts,
    names_several,
    same_name,
    surely_same_name,
)


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


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Mía Collins", "Mia Collins", Likeness.AS_TYPED),
        ("Collins, Mía", "mia collins", Likeness.AS_TYPED),
        ("Ana Maria Ruiz", "Ana Ruiz", Likeness.AS_TYPED),
        ("A. Ruiz", "Ana Ruiz", Likeness.AS_TYPED),
        ("Zebulon Quirk", "Zebulon Quirck", Likeness.NEARLY),
        ("Obama", "Obamma", Likeness.NEARLY),
        ("Ana Quirk", "Ana Quirks", Likeness.NEARLY),
        ("Ana John", "Ana Johnson", Likeness.NONE),
        ("李小龍", "李小龍", Likeness.AS_TYPED),
        ("Ana Ruiz", "Ana Smith", Likeness.NONE),
        ("Al Li", "Alice Lindgren", Likeness.NONE),
        ("Ana Ana", "Ana Ruiz", Likeness.NONE),
        ("Marta Lopes", "Maria Lopez", Likeness.NONE),
        ("", "Ana", Likeness.NONE),
    ],
)
def test_one_person_may_be_written_twice(one: str, other: str, expected: Likeness) -> None:
    assert same_name(one, other) is expected
    assert same_name(other, one) is expected


def test_a_name_is_surely_the_same_but_for_accents_and_order() -> None:
    assert surely_same_name("Mía  Collins", "COLLINS, mia")
    assert not surely_same_name("Mia Collins", "Mia B. Collins")


@pytest.mark.parametrize(
    ("name", "several"),
    [
        ("Ana and Luis Ruiz", True),
        ("Ana & Luis Ruiz", True),
        ("Ana Ruiz / Luis Ruiz", True),
        ("Ana Ruiz, Luis Ruiz", True),
        ("Ana y Luis Ruiz", True),
        ("Ruiz, Ana", False),
        ("José Ortega y Gasset", False),
        ("Santiago Ramón y Cajal", False),
        ("Ramón y Cajal, Santiago", False),
        ("Juan de Borbón y de Grecia", False),
        ("Ana Ruiz y Luis Gómez", True),
        ("Andy Sanders", False),
        ("Mary-Ann O'Neill", False),
        ("", False),
    ],
)
def test_two_names_in_one_are_noticed(name: str, several: bool) -> None:
    assert names_several(name) is several


@pytest.mark.parametrize("between", [chr(code) for code in range(128)])
def test_plain_letters_are_read_as_all_others_are(between: str) -> None:
    plain = name_parts(f"Ann{between}B")
    # With an accent that is set aside, the whole name is read letter by letter.
    assert name_parts(f"A\u0301nn{between}B") == plain
