"""A whole morning: 300 photos dropped, some of them odd, and all that is done with them.

It takes minutes, and says how long it was until the first verdict and the last.
"""

from __future__ import annotations

import io
import re
import sys
import time
import zipfile
from pathlib import Path

import pytest

from consent.publishing.record import list_publications
from pages.check.results import PER_PAGE
from tests.browser.browser_cases import expect, go_to, hand_in, settled, sign_in, turn
from tests.browser.morning_photos import BROKEN, COUNT, TWICE, morning_photos
from tests.browser.test_morning_check import Actions, fits_a_phone, two_dozen_fit_a_laptop
from tests.staff import ANYBODY

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.long]
# Other programs may have the processor, too.
MINUTES = 60_000
TOGETHER = 20
MOST_ACTIONS = 8
LAPTOP = {"width": 1366, "height": 768}
ADDRESS = "https://www.instagram.com/p/morning/"
_KEEPS_NOTICES = """
  window.notices = [];
  const Real = window.Notification;
  window.Notification = class {
    static get permission() { return Real.permission; }
    static requestPermission() { return Real.requestPermission(); }
    constructor(title, options) { window.notices.push(`${title}: ${options.body}`); }
  };
"""


def listed(page):
    """The photos of a result, as they are chosen from."""
    return page.get_by_role("listbox").get_by_role("option")


def drop(page, files: list[Path]) -> None:
    """Drop photos for Instagram, and start the check."""
    go_to(page, "Check photos")
    page.get_by_label("Where will they appear?").click()
    page.get_by_role("option", name="Instagram").click()
    hand_in(page, files)
    words = f"Check {len(files)} photos" if len(files) > 1 else "Check"
    page.get_by_role("button", name=words, exact=True).click(timeout=3 * MINUTES)


def closed_and_opened(page):
    """Close the tab while the check goes on, and find it again in another one."""
    again = page.context.new_page()
    page.close()
    again.set_viewport_size(LAPTOP)
    again.set_default_timeout(2 * MINUTES)
    again.goto("/check")
    row = again.get_by_text(re.compile(f"of {COUNT} photos for Instagram"))
    expect(row).to_be_visible(timeout=2 * MINUTES)
    settled(again)
    again.locator("[class*=st-key-open-] button").last.click()
    expect(again.get_by_text("So far:")).to_be_visible(timeout=2 * MINUTES)
    return again


def post_twenty(page) -> int:
    """Post twenty photos under one address; returns with how many actions."""
    act = Actions()
    photos = listed(page)
    act(page.get_by_test_id("stButtonGroup").get_by_text("No match found").click)
    expect(photos.first).to_have_attribute("aria-label", re.compile("no match found"))
    settled(page)
    act(photos.first.click)
    act(photos.nth(TOGETHER - 1).click, modifiers=["Shift"])
    expect(page.get_by_text(f"{TOGETHER} chosen", exact=True)).to_be_visible()
    act(page.get_by_role("button", name="Posted").click)
    act(page.get_by_label("Link to the post on Instagram").fill, ADDRESS)
    act(page.get_by_role("button", name="Record").click)
    expect(photos.first).to_contain_text("Posted", timeout=2 * MINUTES)
    settled(page)
    return act.done


def review_five(page) -> None:
    """Decide on five that wait for a person, and come back to the check."""
    show(page, "Do not use")
    # Behind those of several people.
    listed(page).nth(TWICE).click()
    listed(page).nth(TWICE + 4).click(modifiers=["Shift"])
    expect(page.get_by_text("5 chosen", exact=True)).to_be_visible()
    page.get_by_role("button", name="Review 5 of these").click()
    only_these = page.get_by_text("Showing only the questions about 5 photos of your check.")
    expect(only_these).to_be_visible(timeout=2 * MINUTES)
    done = page.get_by_text("Nothing in these photos is waiting for a decision.")
    # Of a burst, one decision is about all.
    for _ in range(5):
        expect(page.get_by_text(re.compile(r"^\d+ to decide$")).or_(done)).to_be_visible()
        settled(page)
        if done.count():
            break
        shown = turn(page)
        page.keyboard.press("y")
        page.wait_for_function(
            "before => document.documentElement.dataset.turn !== before", arg=shown
        )
    expect(done).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Back to the check").click()
    expect(listed(page).first).to_be_visible(timeout=2 * MINUTES)
    settled(page)


def show(page, verdict: str) -> None:
    """Show the photos of one verdict."""
    page.get_by_test_id("stButtonGroup").get_by_text(verdict).click()
    expect(listed(page).first).to_have_attribute("aria-label", re.compile(verdict.lower()))
    settled(page)
    nothing = page.get_by_role("button", name="Clear selection", exact=True)
    if nothing.count():
        nothing.click()
        expect(nothing).to_have_count(0)
        settled(page)


def export_one(page) -> bytes:
    """Export a clean copy of one photo; returns the zip."""
    show(page, "No match found")
    listed(page).nth(TOGETHER + 1).click()
    expect(page.get_by_text("1 chosen", exact=True)).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="Make the copies").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download 1 copy").click(timeout=2 * MINUTES)
    content = Path(download.value.path()).read_bytes()
    page.keyboard.press("Escape")
    return content


def cover_both(page, samples_name: str = "GROUP_0.jpg"):
    """Cover who revoked, on both sides of a photo, and take the copy."""
    open_one(page, samples_name)
    page.get_by_role("button", name="Cover people").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Face 1")).to_have_attribute("aria-pressed", "true")
    dialog.get_by_role("button", name="Make the copy").click()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Download the copy").click(timeout=2 * MINUTES)
    expect(dialog.get_by_text("No match found")).to_be_visible()
    return Path(download.value.path())


def open_one(page, name: str) -> None:
    """Open a photo by its file name."""
    page.get_by_label("Find by file name").fill(name)
    page.keyboard.press("Enter")
    elsewhere = page.get_by_role("button", name="Show the 1 photo that does")
    expect(listed(page).or_(elsewhere)).to_have_count(1)
    if elsewhere.count():
        elsewhere.click()
    expect(listed(page)).to_have_count(1)
    settled(page)
    listed(page).first.dblclick()
    expect(page.get_by_role("button", name="All photos")).to_be_visible()
    settled(page)


def undo_one(page) -> None:
    """Undo the record of a post, at its photo."""
    page.get_by_role("button", name="All photos").click()
    page.get_by_label("Find by file name").fill("")
    page.keyboard.press("Enter")
    expect(listed(page)).to_have_count(PER_PAGE)
    settled(page)
    show(page, "No match found")
    listed(page).filter(has_text="Posted").first.dblclick()
    page.get_by_role("button", name="Undo", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("It was the other photo")
    dialog.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_role("button", name="Posted")).to_be_visible(timeout=2 * MINUTES)


def test_a_morning_with_300_photos(page, revoked, samples, tmp_path, capsys):
    files = morning_photos(samples, tmp_path / "card")
    page.set_default_timeout(2 * MINUTES)
    page.set_viewport_size(LAPTOP)
    page.context.grant_permissions(["notifications"])
    page.context.add_init_script(_KEEPS_NOTICES)
    page.reload()
    sign_in(page, "Ana Ruiz")
    begun = time.monotonic()
    drop(page, files)
    expect(page.get_by_text("So far:")).to_be_visible(timeout=5 * MINUTES)
    say(capsys, "the first verdict", begun)
    page = closed_and_opened(page)
    page.get_by_role("button", name="Tell me when it is done").click()
    expect(page.get_by_role("button", name="You will be told when it is done")).to_be_visible()
    other = second_tab(page, files[-3:])
    expect(listed(page)).to_have_count(PER_PAGE, timeout=30 * MINUTES)
    say(capsys, "the last verdict", begun)
    (notice,) = page.evaluate("window.notices")
    assert notice.startswith("The check is done: 300 photos for Instagram: Do not use ")
    expect(page.get_by_text(f"Not checked {BROKEN}")).to_be_visible()
    two_dozen_fit_a_laptop(page, listed(page))
    expect(listed(other)).to_have_count(3, timeout=5 * MINUTES)
    other.close()

    assert post_twenty(page) <= MOST_ACTIONS
    made = list_publications(revoked, ANYBODY)
    assert {(one.url, one.channel) for one in made} == {(ADDRESS, "instagram")}
    assert len(made) == TOGETHER
    review_five(page)
    names = zipfile.ZipFile(io.BytesIO(export_one(page))).namelist()
    assert len(names) == 2, "the copy, and the list"
    # Closed once more, and opened where it was.
    page.reload()
    expect(listed(page).first).to_be_visible()
    settled(page)
    covered = cover_both(page)
    assert revoked.fingerprint_file(covered).faces
    page.keyboard.press("Escape")
    undo_one(page)
    assert len(list_publications(revoked, ANYBODY)) == TOGETHER - 1
    page.get_by_role("button", name="All photos").click()
    expect(listed(page).first).to_be_visible()
    fits_a_phone(page)


def say(capsys, what: str, begun: float) -> None:
    """Say how long something took."""
    with capsys.disabled():
        sys.stdout.write(f"\n{what} after {time.monotonic() - begun:.0f} s\n")


def second_tab(page, files: list[Path]):
    """Check a few photos in a second tab meanwhile."""
    other = page.context.new_page()
    other.set_default_timeout(2 * MINUTES)
    other.goto("/check")
    drop(other, files)
    expect(other.get_by_role("button", name="Check other photos while you wait")).to_be_visible()
    return other
