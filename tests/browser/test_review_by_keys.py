"""Forty pairs by keyboard alone."""

from __future__ import annotations

import re
from datetime import date

import pytest
from PIL import Image, ImageEnhance

from consent.cases.open import record_revocation
from consent.domain.actors import Actor, Role
from consent.domain.intake import Reference
from consent.domain.terms import Method, NewRevocation, Submission
from consent.indexing.index import IndexRequest, index_photos
from tests.browser.browser_cases import expect, menu_link, settled, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PAIRS = 40


@pytest.fixture
def many(server, open_services, home, samples, tmp_path):
    """More than forty photos of a person who revoked, none a copy of another."""
    services = open_services(home=home)
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(PAIRS):
        name = ("obama2.jpg", "obama3.jpg")[number % 2]
        with Image.open(samples / "originals" / name) as opened:
            made = opened.convert("RGB")
        made.thumbnail((700, 700))
        # Turned and lit differently, so that no decision on one carries over to another.
        made = made.rotate(-20 + number, fillcolor=(number * 6, 90, 200 - number * 4))
        made = ImageEnhance.Brightness(made).enhance(0.8 + number / 100)
        made.save(folder / f"{number:02}.jpg", quality=85)
    actor = Actor("Ana Ruiz", Role.DESK, frozenset({Role.COMMUNICATIONS}))
    index_photos(services, IndexRequest([folder], jobs=2), actor)
    portrait = samples / "originals" / "obama.jpg"
    reference = Reference(portrait.read_bytes(), portrait.name)
    new = NewRevocation(
        "Zebulon Quirk",
        Submission(date(2026, 6, 1), Method.LETTER),
        references=[reference],
        keep_face=True,
        note="Binder 3",
    )
    record_revocation(services, new, actor)
    return services


def waiting(page) -> int:
    found = re.search(r"([0-9]+) to decide", page.locator("body").inner_text())
    return int(found[1]) if found else 0


def both_faces_and_all_answers_fit(page) -> None:
    """Nobody scrolls on a small laptop to see what they are asked."""
    before = page.viewport_size
    page.set_viewport_size({"width": 1366, "height": 768})
    settled(page)
    pair = page.locator(".st-key-review-pair")
    answers = pair.locator(".stButton").all()
    assert len(answers) == 6
    for part in (pair.locator("img").nth(0), pair.locator("img").nth(1), *answers):
        box = part.bounding_box()
        assert 0 < box["y"] < box["y"] + box["height"] <= 768
    page.set_viewport_size(before)
    settled(page)


def test_forty_pairs_are_decided_by_keyboard_alone(page, many, shoot):
    sign_in(page)
    menu_link(page, "Review").click()
    expect(page.get_by_text(re.compile("[0-9]+ to decide"))).to_be_visible()
    shoot("review-pair")
    both_faces_and_all_answers_fit(page)
    first = waiting(page)
    assert first >= PAIRS
    keys = "ynytw"
    pressed = 0
    while first - waiting(page) < PAIRS:
        before = waiting(page)
        key = keys[pressed % len(keys)]
        page.keyboard.press(key)
        if key == "w":
            expect(page.get_by_role("button", name="The face")).to_be_visible()
            settled(page)
            page.keyboard.press("y")
        elif key == "n":
            # The likeness is sure, so a no has a reason. The cursor is where it is typed.
            expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
            page.keyboard.type("Another man")
            page.keyboard.press("Enter")
        expect(page.get_by_text(re.compile(rf"^\s*{before} to decide"))).to_have_count(0)
        settled(page)
        pressed += 1
    assert pressed > PAIRS / 4, "most pairs are decided one by one"
    before = waiting(page)
    page.keyboard.press("z")
    expect(page.get_by_text("Undone")).to_be_visible()
    assert waiting(page) >= before
