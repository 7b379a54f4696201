"""The policy file: the one that ships can be used, and a mistake is found on its line."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from consent.domain.actors import Role
from consent.domain.channels import ChannelKind
from consent.domain.errors import BadInputError, PolicyError
from consent.domain.policy import WhenMissing
from consent.policy_file import load_policy, parse_policy
from media_index.bench.setting import REVIEW_PER_MILLION
from tests.unit.policy_cases import SHIPPED, TEXT, VERSION, VERSION_LINE, changed, line_of


def test_the_policy_of_hartford_ships():
    policy = load_policy(SHIPPED)

    assert (policy.library, policy.version) == ("Hartford Public Library", VERSION)
    assert policy.effective == date(2025, 4, 3)
    assert policy.when_missing is WhenMissing.WARN
    assert policy.hold_days == 14
    assert policy.may_override == {Role.DIRECTOR}
    kinds = {channel.id: channel.kind for channel in policy.channels}
    assert kinds["instagram"] is ChannelKind.ONLINE
    assert kinds["press_release"] is ChannelKind.PRESS
    assert kinds["press_kit"] is ChannelKind.PRESS
    assert kinds["annual_report"] is ChannelKind.PRINT
    assert {channel.id for channel in policy.channels if policy.asks_first(channel)} == {
        "newsletter",
        "poster",
        "brochure",
        "annual_report",
    }


def test_measurements_ask_by_the_threshold_that_ships():
    assert load_policy(SHIPPED).matching.review_per_million == REVIEW_PER_MILLION


@pytest.mark.parametrize("name", ["press_release", "Press release", " PRESS RELEASE "])
def test_a_channel_goes_by_its_id_or_its_label(name: str):
    assert load_policy(SHIPPED).channel(name).id == "press_release"


def test_an_unknown_channel_is_answered_with_those_there_are():
    with pytest.raises(BadInputError, match=r"no channel 'myspace': use one of facebook, insta"):
        load_policy(SHIPPED).channel("myspace")


def test_a_use_may_name_its_publication():
    use = load_policy(SHIPPED).use("newsletter: Summer 2026")

    assert (use.channel.id, use.issue) == ("newsletter", "Summer 2026")
    assert load_policy(SHIPPED).use("newsletter").issue is None


# What is written, where the fault is reported (the start of that line), and what is said.
MISTAKES = {
    "not TOML": (changed("days = 14", "days = fourteen"), "days = fourteen", "not TOML"),
    "a quotation mark left open": (changed('id = "x"', 'id = "x'), 'id = "x', "not TOML"),
    "a list left open": (
        TEXT + "colours = [1, 2",
        None,
        "not TOML",
    ),
    "a section nobody knows": (TEXT + "\n[colours]\nred = 1\n", "[colours]", "no section"),
    "a section twice": (TEXT + "\n[holds]\ndays = 1\n", ("[holds]", 1), "not TOML"),
    "a key missing": (changed("days = 14\n", ""), "[holds]", "needs days"),
    "a text that is none": (changed(VERSION_LINE, "version = 3"), "version =", "text"),
    "an empty text": (changed(VERSION_LINE, 'version = ""'), "version =", "empty"),
    "a date that is none": (
        changed("effective = 2025-04-03", 'effective = "April"'),
        "effective =",
        "a date such as",
    ),
    "a moment for a day": (
        changed("effective = 2025-04-03", "effective = 2025-04-03T10:00:00"),
        "effective =",
        "a date such as",
    ),
    "a number that is none": (changed("days = 14", 'days = "14"'), "days =", "a whole number"),
    "half a day": (changed("days = 14", "days = 14.5"), "days =", "a whole number"),
    "yes for a number": (changed("days = 14", "days = true"), "days =", "a whole number"),
    "no days": (changed("days = 14", "days = 0"), "days =", "1 to"),
    "days without end": (
        changed("clearance_days = 1095", "clearance_days = 99999999999"),
        "clearance_days =",
        "1 to",
    ),
    "a threshold of nothing": (
        changed("block_per_million = 0.01", "block_per_million = 0"),
        "block_per_million =",
        "above zero",
    ),
    "a threshold without end": (
        changed("review_per_million = 20.0", "review_per_million = inf"),
        "review_per_million =",
        "above zero",
    ),
    "a band that narrows with the years": (
        changed("minor_widening = 3.0", "minor_widening = 0.5"),
        "minor_widening =",
        "1 or more",
    ),
    "a threshold that is no number": (
        changed("review_per_million = 20.0", "review_per_million = nan"),
        "review_per_million =",
        "above zero",
    ),
    "thresholds the wrong way round": (
        changed("block_per_million = 0.01", "block_per_million = 51"),
        "block_per_million =",
        "must not be above",
    ),
    "a list that is none": (
        changed('ask_first_kinds = ["print"]', 'ask_first_kinds = "print"'),
        "ask_first_kinds =",
        "a list",
    ),
    "a list of something else": (
        changed("ask_first_channels = []", "ask_first_channels = [1]"),
        "ask_first_channels =",
        "list of texts",
    ),
    "a kind nobody knows": (
        changed('ask_first_kinds = ["print"]', 'ask_first_kinds = ["radio"]'),
        "ask_first_kinds =",
        "'radio' is not one of online, print, press",
    ),
    "a channel nobody knows": (
        changed("ask_first_channels = []", 'ask_first_channels = ["radio"]'),
        "ask_first_channels =",
        "'radio'",
    ),
    "a role nobody knows": (
        changed('may_override = ["director"]', 'may_override = ["king"]'),
        "may_override =",
        "'king' is not one of",
    ),
    "neither warn nor require": (
        changed('when_missing = "warn"', 'when_missing = "shout"'),
        "when_missing =",
        "'shout' is not one of warn, require",
    ),
    "a channel without a kind": (
        changed('label = "X"\nkind = "online"', 'label = "X"'),
        ("[[channels]]", 2),
        "needs kind",
    ),
    "a channel of no kind": (
        changed('label = "X"\nkind = "online"', 'label = "X"\nkind = "radio"'),
        ("[[channels]]", 2),
        "'radio' is not one of",
    ),
    "a channel twice": (
        changed('id = "x"', 'id = "instagram"'),
        ("[[channels]]", 2),
        "there twice",
    ),
    "a channel named as a scope": (
        changed('id = "x"', 'id = "online"'),
        ("[[channels]]", 2),
        "not all, online",
    ),
    "a channel with an id of 65 letters": (
        changed('id = "x"', f'id = "x{"y" * 64}"'),
        ("[[channels]]", 2),
        "at most 64",
    ),
    "copies of no size": (
        changed("max_px = 4096", "max_px = 0"),
        ("[[channels]]", 2),
        "max_px must be a whole number from 320",
    ),
    "copies in a format of no such name": (
        changed("max_px = 4096", 'format = "gif"\nmax_px = 4096').replace('format = "jpeg"\n', ""),
        ("[[channels]]", 2),
        "'gif' is not one of",
    ),
    "a version of 65 letters": (
        changed(VERSION_LINE, f'version = "{"v" * 65}"'),
        "version =",
        "at most 64",
    ),
    "a channel with a blank in its id": (
        changed('id = "x"', 'id = "the x"'),
        ("[[channels]]", 2),
        "lower-case",
    ),
}


@pytest.mark.parametrize(("text", "place", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_found_on_its_line(text: str, place: object, said: str):
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)

    if place is None:
        expected = len(text.splitlines())
    else:
        expected = line_of(text, *place) if isinstance(place, tuple) else line_of(text, place)
    assert caught.value.line == expected
    assert str(caught.value).startswith(f"Line {expected}: ")
    assert said in str(caught.value)


def test_a_section_that_is_not_there_is_named():
    with pytest.raises(PolicyError, match=r"^\[holds\] needs days\.$"):
        parse_policy(re.sub(r"\[holds\]\n.*\ndays = 14\n|\[holds\]\ndays = 14\n", "", TEXT))


@pytest.mark.parametrize("channels", ["", "channels = []\n", 'channels = ["x"]\n'])
def test_a_policy_without_channels_is_refused(channels: str):
    rest = re.sub(r"\[\[channels\]\]\n(\w+ = .*\n)+", "", TEXT)

    with pytest.raises(PolicyError, match=re.escape("[[channels]]")):
        parse_policy(channels + rest)


def test_a_file_that_is_not_utf_8_is_refused_with_the_line(tmp_path: Path):
    file = tmp_path / "policy.toml"
    file.write_bytes(b"# one\n# two\n# caf\xe9\n")

    with pytest.raises(PolicyError, match=r"^Line 3: this is not UTF-8"):
        load_policy(file)


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path):
    with pytest.raises(PolicyError, match="No such file or directory"):
        load_policy(tmp_path / "policy.toml")
