"""What the desk is told of the reference pictures so far."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from consent.cases.photo_advice import ENOUGH, Flaw, Shot, View, advise, view_of, what_helps
from media_index.types import FaceQuality

TODAY = date(2026, 11, 24)
SHARP = FaceQuality(size_px=200, sharpness=300, yaw=0)


def shot(yaw: float = 0, name: str = "a.jpg", **more: object) -> Shot:
    return Shot(name, replace(SHARP, yaw=yaw), **more)


def flaws(one: Shot) -> tuple[Flaw, ...]:
    poor = advise([one]).poor
    return poor[0].flaws if poor else ()


def test_three_views_are_enough():
    found = advise([shot(2), shot(25), shot(-25)])

    assert found.complete
    assert found.views == set(View)
    assert not found.poor
    assert len(found.sentences) == 1


def test_what_is_missing_is_asked_for_in_plain_words():
    found = advise([shot(2), shot(-30)])

    assert found.missing == (View.LEFT,)
    assert found.sentences[-1] == "Ask them to turn a little to their left."


def test_no_more_poses_are_asked_for_than_are_needed():
    found = advise([shot(0), shot(1)])

    assert found.missing == (View.LEFT, View.RIGHT)
    assert found.more == (View.LEFT,)
    assert sum(one.startswith("Ask them") for one in found.sentences) == ENOUGH - 2


def test_three_from_the_front_are_enough_and_three_from_the_side_are_not():
    assert advise([shot(0), shot(3), shot(-3)]).complete
    assert advise([shot(25), shot(30), shot(-30)]).missing == (View.FRONT,)


def test_without_a_picture_it_can_be_recorded_all_the_same():
    found = advise([])

    assert not found.complete
    assert found.missing == tuple(View)
    assert "Photos are not required" in " ".join(found.sentences)


@pytest.mark.parametrize(
    ("one", "flaw"),
    [
        (Shot("a.jpg", replace(SHARP, size_px=79)), Flaw.SMALL),
        (Shot("a.jpg", replace(SHARP, sharpness=49)), Flaw.BLURRED),
        (shot(light=39), Flaw.DARK),
        (shot(light=221), Flaw.LIGHT),
        (shot(46), Flaw.TURNED),
        (shot(-46), Flaw.TURNED),
        (shot(compared=False), Flaw.NOT_COMPARED),
        (shot(alike=False), Flaw.ANOTHER),
        (shot(unsure=True), Flaw.SEVERAL),
    ],
)
def test_a_poor_picture_is_named_with_what_to_do(one: Shot, flaw: Flaw):
    found = advise([one])

    assert flaws(one) == (flaw,)
    assert found.sentences[0].startswith("a.jpg: ")
    assert found.to_dict()["poor"] == [{"name": "a.jpg", "flaws": [flaw.value]}]


def test_a_poor_picture_does_not_stand_for_its_view():
    small = Shot("far.jpg", replace(SHARP, size_px=30))

    assert View.FRONT in advise([small]).missing
    assert advise([small]).good == 0


def test_a_picture_of_several_people_is_as_good_once_the_face_is_right():
    assert advise([shot(unsure=True)]).good == 1


@pytest.mark.parametrize("light", [40, 70, 130, 220, None])
def test_dark_and_light_faces_in_good_light_are_no_flaw(light: float | None):
    assert flaws(shot(light=light, alike=True)) == ()


def test_left_and_right_are_the_persons_own():
    # The nose nearer to the left eye, which is on the right of the picture, is a positive turn.
    assert view_of(replace(SHARP, yaw=20)) is View.LEFT
    assert view_of(replace(SHARP, yaw=-20)) is View.RIGHT
    assert view_of(replace(SHARP, yaw=-15)) is View.FRONT


@pytest.mark.parametrize(
    ("count", "newest", "said"),
    [
        (0, None, ""),
        (1, date(2024, 5, 1), "One photo of the person, from 2024: ask for two more."),
        (2, date(2025, 5, 1), "2 photos of the person, the newest from 2025: ask for one more."),
        (
            1,
            date(2019, 1, 1),
            "One photo of the person, from 2019: ask for two more, as they look today.",
        ),
        (
            3,
            date(2019, 1, 1),
            "3 photos of the person, the newest from 2019: ask for one as they look today.",
        ),
        (3, date(2024, 1, 1), ""),
    ],
)
def test_a_case_says_what_would_help(count: int, newest: date | None, said: str):
    assert what_helps(count, newest, TODAY) == said


def test_a_childs_reference_is_old_sooner():
    assert what_helps(3, date(2024, 1, 1), TODAY, old_years=2.0)
