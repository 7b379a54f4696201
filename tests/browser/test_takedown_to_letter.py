"""From a check to a post, from a revocation to the closing letter."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from consent.cases.open import record_revocation
from consent.cases.references import photo_named
from consent.domain.actors import Actor, Role
from consent.domain.terms import Method, NewRevocation, Submission
from consent.publishing.record import Posting, record_publications
from tests.browser.browser_cases import expect, fill, go_to, hand_in, settled, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STAFF = Actor("Cam Lee", Role.COMMUNICATIONS, frozenset({Role.PRINT_EDITOR, Role.DESK}))


@pytest.fixture
def out(server, open_services, home, samples):
    """Two photos of the person are out."""
    services = open_services(home=home)
    talk = samples / "events" / "2026-05-14 Author talk"
    for name, use, url in (
        ("stage-obama-biden.jpg", "facebook", "https://www.facebook.com/hplct/posts/1"),
        ("panel-astronaut-obama-biden.jpg", "newsletter:Spring 2026", ""),
    ):
        day = services.today() - timedelta(days=30)
        posting = Posting(services.policy.use(use), day, url, already_out=True)
        record_publications(services, [photo_named(services, str(talk / name))], posting, STAFF)
    return services


def next_step(page, state: str, note: str) -> None:
    """Enter a step of the first card that waits; print cannot be deleted, and stays about."""
    page.get_by_role("button", name="Next step").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(state, exact=True)).to_be_visible()
    in_circulation = dialog.get_by_text("Print in circulation", exact=True)
    if state == "Deleted" and in_circulation.count():
        in_circulation.click()
        dialog.get_by_text("It will not be printed again").click()
        dialog.get_by_label("What happens to the remaining copies").fill("Pulped on Monday")
        page.keyboard.press("Tab")
    else:
        dialog.get_by_text(state, exact=True).click()
    dialog.get_by_label("Note").fill(note)
    page.keyboard.press("Tab")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)


def test_what_is_out_is_taken_down_and_the_patron_told(page, out, samples, shoot):
    sign_in(page)
    go_to(page, "Record a revocation")
    fill(page, "Name of the person in the photos", "Zebulon Quirk")
    page.get_by_test_id("stButtonGroup").get_by_text("Letter", exact=True).click()
    fill(page, "Where the paper original is kept", "Folder 2026")
    hand_in(page, [samples / "originals" / "obama.jpg"], "photos")
    expect(page.get_by_text(re.compile("2 of them published"))).to_be_visible()
    page.get_by_text("They agree that the library saves a measurement of their face").click()
    save = page.get_by_role("button", name="Record the revocation")
    expect(save).to_be_enabled()
    save.click()
    expect(page.get_by_text("Published copies to take down: T-0001, T-0002")).to_be_visible()

    go_to(page, "Takedowns")
    expect(page.get_by_text("2 open")).to_be_visible()
    shoot("takedown-board")
    page.get_by_role("button", name="Email text").first.click()
    expect(page.get_by_text("withdrawn the permission to show")).to_be_visible()
    page.keyboard.press("Escape")
    next_step(page, "Removal requested", "Asked the page's owner")
    expect(page.get_by_text("Asked the page's owner")).to_be_visible()
    page.get_by_role("radiogroup", name="Show").get_by_text("By channel").click()
    expect(page.get_by_role("button", name="Email text").first).to_be_visible()
    page.get_by_role("radiogroup", name="Show").get_by_text("By status").click()
    for done in range(2):
        # The board as it is now: what is left of the former is not to be pressed.
        expect(page.get_by_text(f"Done ({done})", exact=True)).to_be_visible()
        expect(page.get_by_text(f"{2 - done} open")).to_be_visible()
        settled(page)
        next_step(page, "Deleted", "It was gone when I checked")
    expect(page.get_by_text("0 open")).to_be_visible()

    go_to(page, "Register")
    page.get_by_role("link", name="R-0001", exact=True).first.click()
    page.get_by_role("tab", name="Published copies").click()
    page.get_by_role("button", name="Closing letter in Spanish").click()
    save = page.get_by_role("button", name="Save the letter in Spanish")
    expect(save).to_be_visible()
    shoot("takedown-case")
    with page.expect_download() as started:
        save.click()
    assert started.value.path().read_bytes().startswith(b"%PDF")

    go_to(page, "Thresholds")
    expect(page.get_by_text("The program looks for 1 person by face")).to_be_visible()
    shoot("thresholds")


def post(page, name: str, number: int) -> None:
    """Record a photo of the result as posted."""
    page.get_by_role("option").filter(has_text=name).click()
    page.get_by_role("button", name="Posted").click()
    # By Tab the calendar of the next field would open above the button.
    address = f"https://www.facebook.com/hplct/posts/{number}"
    page.get_by_role("textbox", name="Link to the post").fill(address)
    page.get_by_role("dialog").get_by_role("button", name="Record").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("option").filter(has_text=name)).to_contain_text("Posted")


def test_cleared_photos_are_posted_also_once_the_register_has_changed(
    page, server, open_services, home, samples, shoot
):
    sign_in(page)
    go_to(page, "Check photos")
    page.get_by_label("Where will they appear?").click()
    page.get_by_role("option", name="Facebook").click()
    hand_in(page, [samples / "originals" / name for name in ("biden.jpg", "coffee.png")])
    page.get_by_role("button", name="Check 2 photos").click()
    expect(page.get_by_role("button", name="Download report")).to_be_visible(timeout=120_000)
    post(page, "biden.jpg", 7)
    shoot("posted")

    services = open_services(home=home)
    new = NewRevocation("A. Reader", Submission(services.today(), Method.LETTER), note="Binder 3")
    record_revocation(services, new, STAFF)
    page.get_by_role("option").filter(has_text="biden.jpg").click()
    post(page, "coffee.png", 8)

    go_to(page, "Published")
    expect(page.get_by_text("2 recorded as published")).to_be_visible()
    shoot("published")
