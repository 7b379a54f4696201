"""Somebody is found by name in what people write, also nearly spelt, and others are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.names import Likeness
from consent.domain.names_in_text import NamesSought
from consent.domain.withheld import for_the_log

NAMES = {
    "R-0001": ["Zebulon Quirk"],
    "R-0002": ["Mía O'Neill-Ruiz"],
    "R-0003": ["Pelé"],
    "R-0004": ["Ana María Pérez"],
    "R-0005": ["李小龍"],
}


@pytest.mark.parametrize(
    ("text", "found", "likeness"),
    [
        ("Zebulon Quirk reads to us.", "Zebulon Quirk", Likeness.AS_TYPED),
        ("Thanks, QUIRK, Zebulon!", "QUIRK, Zebulon", Likeness.AS_TYPED),
        ("Zebulon A. Quirk", "Zebulon A. Quirk", Likeness.AS_TYPED),
        ("with Zebulon Quirck at noon", "Zebulon Quirck", Likeness.NEARLY),
        ("with Zebullon Quirk at noon", "Zebullon Quirk", Likeness.NEARLY),
        ("Z. Quirk, left", "Z. Quirk", Likeness.AS_TYPED),
        ("Zebulon Q., left", "Zebulon Q", Likeness.AS_TYPED),
        ("#ZebulonQuirk rocks", "ZebulonQuirk", Likeness.AS_TYPED),
        ("@zebulonquirk2026", "zebulonquirk", Likeness.AS_TYPED),
        ("IMG_zebulon-quirk_0042", "zebulon-quirk", Likeness.AS_TYPED),
        ("Zebulon\nQuirk's sister", "Zebulon\nQuirk's", Likeness.NEARLY),
    ],
)
def test_a_name_is_found_where_it_stands(text: str, found: str, likeness: Likeness) -> None:
    (hit,) = NamesSought(NAMES).find_in(text)
    assert (hit.key, text[hit.start : hit.end], hit.likeness) == ("R-0001", found, likeness)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Mia ONeill", "R-0002"),
        ("Mía Ruiz", "R-0002"),
        ("MI\u0301A O\u2019NEILL RUIZ", "R-0002"),
        ("goal by pele!", "R-0003"),
        ("Ana Perez won", "R-0004"),
        ("昨日李小龍在圖書館", "R-0005"),
    ],
)
def test_accents_signs_and_capitals_tell_nobody_apart(text: str, key: str) -> None:
    assert [hit.key for hit in NamesSought(NAMES).find_in(text)] == [key]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Zebulon came alone.",
        "Mr. Quirk came alone.",
        "Zebulon Smith and Quincy Adams",
        "A quirk of the building, and it was Zebulon, we think, who found it",
        "pelerine",
        "Ana Ruiz",
        "María Pérez",
        "IMG_0042.jpg",
        "Z",
    ],
)
def test_half_a_name_is_nobodys(text: str) -> None:
    assert NamesSought(NAMES).find_in(text) == []


def test_everybody_is_told_once_where_they_are_named_best() -> None:
    text = "Mia Ruis, then Mía Ruiz and Zebulon Quirk"
    first, second = NamesSought(NAMES).find_in(text)
    assert (text[first.start : first.end], first.likeness) == ("Mía Ruiz", Likeness.AS_TYPED)
    assert second.key == "R-0001"


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_stands_around_a_name_it_is_found(before: str, behind: str) -> None:
    text = f"{before} Zebulon Quirk {behind}"
    hits = NamesSought(NAMES).find_in(text)
    assert "R-0001" in {hit.key for hit in hits}
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Zebulon Quirk at the party.jpg", "(name) at the party.jpg"),
        ("2026/ZebulonQuirk_0042.jpg", "2026/(name)_0042.jpg"),
        ("IMG-zebulonquirk.jpg", "IMG-(name).jpg"),
        ("quirk_zebulon-2.JPG", "(name)-2.JPG"),
        ("Quirk's book, and QuirkFamily", "(name)'s book, and (name)Family"),
        ("Mc_quirky.jpg", "Mc_quirky.jpg"),
    ],
)
def test_a_name_is_left_out_of_what_is_told_however_it_is_written(written: str, told: str) -> None:
    assert for_the_log(written, ["Zebulon Quirk"]) == told
