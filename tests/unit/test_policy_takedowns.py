"""The policy on overrides, scenes, reuse, takedowns and appeals: read rightly, or refused."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.actors import Role
from consent.domain.channels import ChannelKind
from consent.domain.errors import PolicyError
from consent.domain.policy import SameScene, TakedownDays
from consent.policy_file import load_policy, parse_policy
from tests.unit.policy_cases import SHIPPED, TEXT, changed, line_of

CHANNELS = load_policy(SHIPPED).channels
WITHOUT_SINGLE_TERMS = re.sub(r"\[takedowns\.channels\]\n# .*\n(\w+ = \d+\n)+", "", TEXT)


def test_the_shipped_policy_says_how_long_and_who():
    policy = load_policy(SHIPPED)

    assert policy.override_days == 90
    assert policy.may_second == {Role.DIRECTOR, Role.COMMUNICATIONS}
    assert policy.may_reveal_names == {Role.COMMUNICATIONS, Role.RECORDS}
    nobody = changed('may_reveal_names = ["communications", "records"]', "may_reveal_names = []")
    assert parse_policy(nobody).may_reveal_names == frozenset()
    older = changed('may_reveal_names = ["communications", "records"]\n', "")
    assert parse_policy(older).may_reveal_names == policy.may_reveal_names
    assert policy.same_scene == SameScene(minutes=20, asks=False)
    assert policy.reuse_check_days == 30
    assert policy.removed_days == 2555
    assert policy.appeals.business_days == 30
    assert date(2026, 11, 26) in policy.appeals.holidays
    assert len(policy.appeals.holidays) == 26


@pytest.mark.parametrize(
    ("channel", "days", "safety"),
    [
        # Its own term, then that of its kind.
        ("facebook", 3, 2),
        ("website", 7, 2),
        ("press_release", 14, 2),
        ("newsletter", 30, 2),
    ],
)
def test_a_copy_comes_down_by_the_term_of_its_channel(channel: str, days: int, safety: int):
    policy = load_policy(SHIPPED)

    assert policy.takedowns.days_for(policy.channel(channel), safety=False) == days
    assert policy.takedowns.days_for(policy.channel(channel), safety=True) == safety


def test_what_the_library_writes_is_what_holds():
    text = changed("facebook = 3\n", "facebook = 5\nposter = 60\n")
    text = text.replace("press = 14", "press = 21").replace("asks = false", "asks = true")
    policy = parse_policy(text)

    of = {
        name: policy.takedowns.days_for(policy.channel(name), safety=False)
        for name in ("facebook", "poster", "newsletter", "press_release")
    }
    assert of == {"facebook": 5, "poster": 60, "newsletter": 30, "press_release": 21}
    assert policy.same_scene.asks


def test_single_terms_for_channels_may_be_left_out():
    policy = parse_policy(WITHOUT_SINGLE_TERMS)

    assert policy.takedowns.days_for(policy.channel("facebook"), safety=False) == 7


days = st.integers(1, 400)


@given(
    st.builds(
        TakedownDays,
        st.fixed_dictionaries(dict.fromkeys(ChannelKind, days)),
        st.dictionaries(st.sampled_from([channel.id for channel in CHANNELS]), days),
        days,
    ),
    st.sampled_from(CHANNELS),
)
def test_safety_is_never_later_than_the_usual_term(terms: TakedownDays, channel):
    usual = terms.days_for(channel, safety=False)

    assert terms.days_for(channel, safety=True) == min(usual, terms.safety)
    assert usual == terms.by_channel.get(channel.id, terms.by_kind[channel.kind])


# What is written, the start of the line that is blamed, and what is said.
MISTAKES = {
    "no term for overrides": (
        changed("most_days = 90\n", ""),
        "[overrides]",
        "[overrides] needs most_days",
    ),
    "an override without end": (changed("most_days = 90", "most_days = 0"), "most_days", "1 to"),
    "a second of no known role": (
        changed('may_second = ["director"', 'may_second = ["mayor"'),
        "may_second",
        "'mayor' is not one of",
    ),
    "a scene of half a minute": (
        changed("minutes = 20", "minutes = 0.5"),
        "minutes",
        "whole number",
    ),
    "a scene that asks perhaps": (
        changed("asks = false", 'asks = "no"'),
        "asks",
        "true or false",
    ),
    "a scene that says nothing": (
        changed("asks = false\n", ""),
        "[same_scene]",
        "[same_scene] needs asks",
    ),
    "reuse never looked at": (changed("check_days = 30", "check_days = -1"), "check_days", "1 to"),
    "no term for print": (changed("print = 30\n", ""), "[takedowns]", "[takedowns] needs print"),
    "no term for safety": (changed("safety = 2\n", ""), "[takedowns]", "needs safety"),
    "safety at once": (changed("safety = 2", "safety = 0"), "safety", "1 to"),
    "a term in words": (changed("online = 7", 'online = "a week"'), "online", "whole number"),
    "a term for no known channel": (
        changed("facebook = 3", "myspace = 3"),
        "myspace",
        "[takedowns.channels] names 'myspace', which is not under [[channels]]",
    ),
    "a channel's term that is none": (
        changed("facebook = 3", "facebook = true"),
        "facebook",
        "facebook must be a whole number, not True",
    ),
    "a channel's term of nothing": (changed("facebook = 3", "facebook = 0"), "facebook", "1 to"),
    "terms for channels that are no table": (
        WITHOUT_SINGLE_TERMS.replace("safety = 2", "safety = 2\nchannels = 3"),
        "channels = 3",
        "must be a section [takedowns.channels]",
    ),
    "an answer the same second": (
        changed("business_days = 30", "business_days = 0"),
        "business_days",
        "1 to",
    ),
    "a holiday by name": (
        changed("2026-01-01, 2026-01-19", '"New Year", 2026-01-19'),
        "holidays",
        "a list of dates",
    ),
    "a holiday of an hour": (
        changed("2026-01-01, 2026-01-19", "2026-01-01T10:00:00, 2026-01-19"),
        "holidays",
        "a list of dates",
    ),
    "one holiday without a list": (
        re.sub(r"holidays = \[[^\]]*\]", "holidays = 2026-01-01", TEXT),
        "holidays",
        "a list in brackets",
    ),
    "copies kept for no time": (
        changed("removed_days = 2555", "removed_days = 0"),
        "removed_days",
        "1 to",
    ),
}


@pytest.mark.parametrize(("text", "place", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_found_on_its_line(text: str, place: str | None, said: str):
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)

    assert said in str(caught.value)
    if place is not None:
        line = line_of(text, place)
        assert caught.value.line == line
        assert str(caught.value).startswith(f"Line {line}: ")


@pytest.mark.parametrize("section", ["takedowns", "appeals", "overrides", "same_scene", "reuse"])
def test_a_section_that_is_not_there_or_no_table_is_named(section: str):
    without = re.sub(rf"\[{section}[\].](?:.*\n)*?(?=\[(?!{section}))", "", TEXT)
    assert section not in without

    for text in (without, f"{section} = 3\n{without}"):
        with pytest.raises(PolicyError, match=rf"^\[{section}\] needs "):
            parse_policy(text)
