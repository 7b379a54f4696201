"""The morning's work: forty photos dropped, twenty of them posted in few actions."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from PIL import Image, ImageEnhance

from consent.publishing.record import list_publications
from consent.services import Services
from tests.browser.browser_cases import expect, go_to, hand_in, settled, sign_in
from tests.staff import ANYBODY

pytestmark = [pytest.mark.browser, pytest.mark.slow]
COUNT = 40
# On every fourth is who revoked.
CLEAR = 30
TOGETHER = 20
MOST_ACTIONS = 8
# Seconds.
SOON = 3.0
ADDRESS = "https://www.instagram.com/p/morning/"


@pytest.fixture
def dropped(samples: Path, tmp_path: Path) -> list[Path]:
    """Forty photos of an event, each cut and lit in its own way; on ten is who revoked."""
    names = ("astronaut.png", "biden.jpg", "coffee.png", "obama2.jpg")
    made = []
    for number in range(COUNT):
        with Image.open(samples / "originals" / names[number % len(names)]) as opened:
            photo = opened.convert("RGB")
        photo.thumbnail((480, 480))
        photo = photo.crop((number // 4, number // 8, photo.width - number // 6, photo.height))
        made.append(tmp_path / f"IMG_{number:04}.jpg")
        ImageEnhance.Brightness(photo).enhance(0.9 + number / 200).save(made[-1], quality=88)
    return made


def shown(page) -> dict[str, str]:
    return {name: said[0] for name, said in parse_qs(urlparse(page.url).query).items()}


def chosen(page):
    return page.locator('[role=option][aria-selected="true"]')


class Actions:
    """What somebody does, counted."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self, action: Callable[..., object], *given: object, **more: object) -> None:
        action(*given, **more)
        self.done += 1


@pytest.mark.bench
def test_the_first_verdict_is_on_the_page_soon_after_the_first_fingerprint(
    page, dropped, revoked, capsys
):
    sign_in(page, "Ana Ruiz")
    go_to(page, "Check photos")
    page.get_by_label("Where will they appear?").click()
    page.get_by_role("option", name="Instagram").click()
    hand_in(page, dropped)
    before = count_photos(revoked)
    page.get_by_role("button", name=f"Check {COUNT} photos", exact=True).click()
    while count_photos(revoked) == before:
        time.sleep(0.02)
    begun = time.monotonic()
    # Or all of them, where they were quicker than the page.
    expect(page.get_by_text("So far:").or_(page.get_by_role("listbox"))).to_be_visible()
    took = time.monotonic() - begun

    with capsys.disabled():
        sys.stdout.write(f"\nThe first verdict: {took:.1f} s after the first fingerprint.\n")
    assert took < SOON


def count_photos(services: Services) -> int:
    with services.reading() as unit:
        return unit.photos.count()


@pytest.mark.long
def test_twenty_of_forty_are_posted_in_few_actions(page, dropped, revoked, shoot):
    sign_in(page, "Ana Ruiz")
    photos = check(page, dropped)
    two_dozen_fit_a_laptop(page, photos)
    shoot("morning-all")

    act = Actions()
    act(page.get_by_test_id("stButtonGroup").get_by_text("No match found").click)
    expect(photos).to_have_count(CLEAR)
    assert shown(page)["only"] == "clear"
    # Somebody comes in: the page is closed, and opened again where it was.
    page.reload()
    expect(photos).to_have_count(CLEAR)
    settled(page)
    act(photos.first.click)
    act(photos.nth(TOGETHER - 1).click, modifiers=["Shift"])
    expect(page.get_by_text(f"{TOGETHER} chosen")).to_be_visible()
    shoot("morning-chosen")
    act(page.get_by_role("button", name="Posted").click)
    act(page.get_by_label("Link to the post on Instagram").fill, ADDRESS)
    act(page.get_by_role("button", name="Record").click)
    expect(photos.first).to_contain_text("Posted")

    assert act.done <= MOST_ACTIONS
    made = list_publications(revoked, ANYBODY)
    assert len(made) == TOGETHER
    assert {one.url for one in made} == {ADDRESS}
    by_keys_alone(page, photos)
    shoot("morning-one")
    fits_a_phone(page)
    shoot("morning-phone")


def check(page, files: list[Path]):
    """Check files for Instagram; returns the photos of the result."""
    go_to(page, "Check photos")
    page.get_by_label("Where will they appear?").click()
    page.get_by_role("option", name="Instagram").click()
    hand_in(page, files)
    page.get_by_role("button", name=f"Check {len(files)} photos").click()
    photos = page.get_by_role("listbox").get_by_role("option")
    expect(photos).to_have_count(len(files), timeout=240_000)
    expect(photos.first).to_have_attribute("aria-label", "IMG_0003.jpg: do not use")
    assert page.title() == f"Check: {len(files)} photos for Instagram"
    return photos


def two_dozen_fit_a_laptop(page, photos) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    settled(page)
    bottoms = photos.evaluate_all(
        "cells => cells.map((cell) => cell.getBoundingClientRect().bottom)"
    )
    assert sum(bottom <= 768 for bottom in bottoms) >= 24


def by_keys_alone(page, photos) -> None:
    """Choose a row, let go of it, open one, go on, and come back to where it stands."""
    expect(chosen(page)).to_have_count(0)
    photos.nth(1).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(chosen(page)).to_have_count(3)
    page.keyboard.press("Escape")
    expect(chosen(page)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"4 of {CLEAR}")).to_be_visible()
    opened = shown(page)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text(f"5 of {CLEAR}")).to_be_visible()
    page.go_back()
    expect(page.get_by_text(f"4 of {CLEAR}")).to_be_visible()
    assert shown(page) == opened
    settled(page)
    page.keyboard.press("Escape")
    expect(photos.nth(3)).to_be_focused()


def fits_a_phone(page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    settled(page)
    over = page.evaluate(
        "(() => { const main = document.querySelector('[data-testid=stMain]');"
        " return main.scrollWidth - main.clientWidth; })()"
    )
    assert over <= 1
