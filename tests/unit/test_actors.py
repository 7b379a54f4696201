"""Who acts: several roles of one person, and who is a second one."""

from __future__ import annotations

import pytest

from consent.domain.actors import Actor, Role

ANN = Actor("Ann Lee", Role.DESK, frozenset({Role.DIRECTOR}))


@pytest.mark.parametrize(
    "spelled",
    [
        "Ann  Lee",
        " ann lee",
        "ANN LEE",
        "Ann\N{NO-BREAK SPACE}Lee",
        "\N{FULLWIDTH LATIN CAPITAL LETTER A}nn Lee",
        "Ann\N{ZERO WIDTH SPACE} Lee",
    ],
)
def test_spelling_makes_no_second_person(spelled: str):
    assert Actor(spelled, Role.DIRECTOR).is_same_person(ANN)


def test_another_name_is_another_person():
    assert not Actor("Ann Leeds", Role.DESK).is_same_person(ANN)


def test_one_person_acts_in_one_role_of_theirs():
    director = ANN.acting_as(Role.DIRECTOR)

    assert director.role is Role.DIRECTOR
    assert director.roles == ANN.roles
    with pytest.raises(ValueError, match="Ann Lee does not have the role records"):
        ANN.acting_as(Role.RECORDS)
