"""Forty pairs by keyboard alone."""

from __future__ import annotations

import re

import pytest
from PIL import Image, ImageEnhance

from consent.domain.actors import Actor, Role
from consent.indexing.index import IndexRequest, index_photos
from tests.browser.browser_cases import expect, menu_link, next_turn, settled, sign_in, turn
from tests.revocations import revoke

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
    revoke(services, samples / "originals" / "obama.jpg", by=actor)
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
    answers = pair.locator(".stButton")
    expect(answers).to_have_count(6)
    for part in (pair.locator("img").nth(0), pair.locator("img").nth(1), *answers.all()):
        box = part.bounding_box()
        assert 0 < box["y"] < box["y"] + box["height"] <= 768
    page.set_viewport_size(before)
    settled(page)


def test_forty_pairs_are_decided_by_keyboard_alone(page, many, shoot):
    sign_in(page)
    menu_link(page, "Review").click()
    turn(page)
    shoot("review-pair")
    both_faces_and_all_answers_fit(page)
    first = waiting(page)
    assert first >= PAIRS
    keys = "ynytw"
    pressed = 0
    while first - waiting(page) < PAIRS:
        before, shown = waiting(page), turn(page)
        key = keys[pressed % len(keys)]
        page.keyboard.press(key)
        if key == "w":
            expect(page.get_by_role("button", name="The face")).to_be_visible()
            shown = next_turn(page, shown)
            page.keyboard.press("y")
        elif key == "n":
            # The likeness is sure, so a no has a reason. The cursor is where it is typed.
            expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
            shown = next_turn(page, shown)
            page.keyboard.type("Another man")
            page.keyboard.press("Enter")
        next_turn(page, shown)
        assert waiting(page) < before
        pressed += 1
    assert pressed > PAIRS / 4, "most pairs are decided one by one"
    before, shown = waiting(page), turn(page)
    page.keyboard.press("z")
    expect(page.get_by_text("Undone")).to_be_visible()
    next_turn(page, shown)
    assert waiting(page) >= before


def test_keys_in_haste_decide_nothing_unseen_and_none_is_lost_in_silence(page, many):
    """On a slow computer, too: what a key did is seen, or it is said that it did nothing."""
    sign_in(page)
    menu_link(page, "Review").click()
    shown = turn(page)
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    first = decisions(many)
    refused = page.locator(".likeness-said")

    # A second press in haste is for no pair that nobody has seen, and so it is with a double click.
    page.keyboard.press("t")
    page.keyboard.press("t")
    expect(refused).to_have_text("Not used: your last answer is still being saved.")
    shown = next_turn(page, shown)
    assert decisions(many) == first + 1
    page.get_by_role("button", name="Can't tell").dblclick()
    shown = next_turn(page, shown)
    assert decisions(many) == first + 2

    # As soon as a pair is drawn, nobody has looked at it yet.
    page.evaluate(PRESS_WHEN_DRAWN)
    page.keyboard.press("t")
    page.wait_for_function("window.pressedWhenDrawn")
    expect(refused).to_have_text(re.compile("Not used"))
    shown = next_turn(page, shown)
    assert decisions(many) == first + 3

    each_press_counts_once(page, many, shown)
    nothing_behind_a_window_is_pressed(page, many)


def each_press_counts_once(page, many, shown) -> None:
    """A key while another is still down; one that is held down; one before leaving at once."""
    first = decisions(many)
    page.keyboard.down("q")
    page.keyboard.press("t")
    page.keyboard.up("q")
    shown = next_turn(page, shown)
    assert decisions(many) == first + 1
    page.keyboard.down("t")
    for _ in range(5):
        page.keyboard.down("t")
    page.keyboard.up("t")
    shown = next_turn(page, shown)
    assert decisions(many) == first + 2
    page.keyboard.press("t")
    menu_link(page, "Home").click()
    expect(page.get_by_role("heading", name="Review", exact=True)).to_have_count(0)
    settled(page)
    assert decisions(many) == first + 3


def nothing_behind_a_window_is_pressed(page, many) -> None:
    """What is typed before the window for it is there answers nothing; with it open, neither."""
    refused = page.locator(".likeness-said")
    first = decisions(many)
    menu_link(page, "Review").click()
    turn(page)
    page.keyboard.press("n")
    page.keyboard.press("t")
    expect(refused).to_have_text(re.compile("not used", re.IGNORECASE))
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
    page.get_by_role("dialog").get_by_role("heading").first.click()
    page.keyboard.press("t")
    expect(refused).to_have_text("T was not used: close the open window first.")
    assert decisions(many) == first


# Presses a key as soon as the question of another pair stands there.
PRESS_WHEN_DRAWN = """() => {
  const photo = () => document.querySelector(".st-key-review-pair img").src;
  const before = photo();
  new MutationObserver((_, observer) => {
    if (photo() === before) return;
    observer.disconnect();
    const key = { key: "t", code: "KeyT", keyCode: 84, bubbles: true };
    document.body.dispatchEvent(new KeyboardEvent("keydown", key));
    window.pressedWhenDrawn = true;
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""


def decisions(services) -> int:
    with services.reading() as unit:
        return len(unit.decisions.person_decisions())
