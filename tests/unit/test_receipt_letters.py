"""Every name that can be typed is printed: looked at as it is seen, not as it can be copied."""

from __future__ import annotations

import unicodedata
from functools import cache

import numpy as np
import pypdfium2
import pytest

from consent.documents.receipt_pdf import render_receipt
from consent.documents.scripts import script_of
from consent.documents.sheet import Look, not_printed, one_page, runs
from consent.domain.cases import Person
from tests.unit.receipt_cases import case, page

NAMES = {
    "Chinese": "陳美玲",
    "Chinese, simplified": "张伟",
    "Japanese": "山田さくら",
    "Korean": "김철수",
    "Arabic": "محمد علي",
    "Persian": "می‌خواهم",
    "Urdu": "فاطمہ",
    "Hebrew": "דוד כהן",
    "Hindi": "अनिता क्षत्रिय",
    "Bengali": "রহিম",
    "Tamil": "தமிழ்",
    "Telugu": "చంద్ర",
    "Thai": "สมชาย",
    "Khmer": "សុខា",
    "Georgian": "გიორგი",
    "Armenian": "Արամ Խաչատրյան",
    "Amharic": "አበበ በቂላ",
    "Gujarati": "કૃષ્ણા પટેલ",
    "Malayalam": "കൃഷ്ണൻ",
    "Vietnamese": "Nguyễn Thị Huệ",
    "Ukrainian": "Ольга Їжак",
}


@cache
def dark(name: str) -> np.ndarray:
    document = pypdfium2.PdfDocument(render_receipt(page(case(person=Person("p", name)))))
    grey = document[0].render(scale=4, grayscale=True).to_numpy().squeeze()
    return np.asarray(grey < 128)


@cache
def is_seen_alone(letter: str) -> bool:
    """Say whether a letter leaves ink at the top of a page, where a receipt would take long."""
    look = Look(11)
    page = one_page("letter", lambda texts: [texts.text(letter, look)], [], None, "", "", "en")
    grey = pypdfium2.PdfDocument(page)[0].render(grayscale=True).to_numpy()
    return bool((grey[: len(grey) // 2] < 128).any())


def seen(name: str) -> np.ndarray:
    """Return the ink of a name as a receipt shows it: bool, cut to where there is any."""
    # As high as any line, and hardly any ink.
    ink = dark(name) & ~dark(".")
    assert ink.any(), f"nothing is seen of {name}"
    down, across = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[down[0] : down[-1] + 1, across[0] : across[-1] + 1]


def differs(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape != other.shape or bool((one != other).mean() > 0.02)


def test_nothing_is_seen_of_an_empty_letter() -> None:
    assert not_printed("\u2800") == []
    assert not is_seen_alone("\u2800")


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_is_seen_as_letters_and_not_as_boxes(name: str) -> None:
    shown = seen(name)

    assert not not_printed(name)
    assert 20 < shown.shape[0] < 120, "one line"
    # Boxes, whoever's, are the same the other way round; and no letter is an empty one.
    assert differs(shown, seen(name[::-1]))
    for letter in set(name):
        if unicodedata.category(letter) == "Lo":
            assert is_seen_alone(letter)


@pytest.mark.parametrize(
    "name",
    ["ਗੁਰਪ੍ਰੀਤ", "ಕೃಷ್ಣ", "କୃଷ୍ଣ", "ශ්‍රී", "ສົມຊາຍ", "ܣܘܪܝܝܐ", "ދިވެހި", "ᏣᎳᎩ", "ᲒᲘᲝ", "ߒߞߏ", "ⵣⵉⵔⵉ"],
)
def test_further_scripts_have_a_font(name: str) -> None:
    assert not not_printed(name)


def test_letters_that_join_are_joined() -> None:
    def pieces(name: str) -> int:
        across = seen(name).any(axis=0)
        return int((across[1:] > across[:-1]).sum()) + 1

    assert pieces("محمد") < pieces("م\u200cح\u200cم\u200cد") == 4


def test_what_is_read_from_the_right_begins_there() -> None:
    whole, last = seen("דוד כהן"), seen("כהן")
    across = last.shape[1]
    at_left = whole[:, :across]
    assert np.mean(at_left.any(axis=0) == last.any(axis=0)) > 0.95


def test_a_name_in_two_scripts_keeps_the_order_of_its_parts() -> None:
    fonts = [font for font, _ in runs("Ali (محمد علي) Khan")]
    assert len(fonts) == 3
    assert fonts[0] == fonts[2] == "FiraSans"


def test_a_letter_of_nobody_is_in_no_font() -> None:
    assert script_of("\ue000") is None
    assert script_of("😀") is None
