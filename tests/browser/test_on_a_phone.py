"""A phone, held upright: everything is in its order and within the screen, and faces are tapped."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from consent.printing.answers import list_consents
from tests.browser.browser_cases import expect, hand_in, labeled, settled, sign_in
from tests.revocations import revoke
from tests.staff import ANYBODY

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140.0 Mobile Safari/537.36",
}


@pytest.fixture
def phone(page, server) -> Iterator:
    """A phone on which the director has signed in."""
    context = page.context.browser.new_context(base_url=str(server), **PHONE)
    phone = context.new_page()
    phone.set_default_timeout(60_000)
    phone.goto("/")
    sign_in(phone)
    expect(phone.get_by_role("heading", name="Home")).to_be_visible()
    yield phone
    context.close()


@pytest.fixture
def shot(phone, request, tmp_path):
    """Save what the phone shows, of the whole page."""
    from tests.browser.conftest import SCREENSHOTS

    def save(name: str) -> None:
        fits(phone)
        phone.wait_for_timeout(500)
        high = phone.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        phone.set_viewport_size({"width": 390, "height": min(max(844, int(high) + 20), 5000)})
        phone.wait_for_timeout(500)
        phone.screenshot(path=f"{SCREENSHOTS or tmp_path}/{name}.png")
        phone.set_viewport_size(PHONE["viewport"])

    return save


def fits(phone) -> None:
    """Nothing reaches beyond the right edge, so that nobody scrolls sideways."""
    over = phone.evaluate(
        "(() => { const main = document.querySelector('[data-testid=stMain]');"
        " return main.scrollWidth - main.clientWidth; })()"
    )
    assert over <= 1, f"{over} px beyond the edge"


def open_page(phone, title: str, path: str) -> None:
    phone.goto(f"/{path}")
    expect(phone.get_by_role("heading", name=title, exact=True)).to_be_visible()
    settled(phone)


def top(locator) -> float:
    return locator.bounding_box()["y"]


def test_photos_and_agreement_come_before_what_records_them(phone, samples, shot):
    open_page(phone, "Record a revocation", "record")
    labeled(phone, "Name of the person in the photos").fill("Zebulon Quirk")
    phone.keyboard.press("Tab")
    hand_in(phone, [samples / "originals" / "obama.jpg"], "photos")
    agreement = phone.get_by_text("They agree that the library saves a measurement of their face")
    expect(agreement).to_be_visible()
    shot("phone-desk")
    record = phone.get_by_role("button", name="Record the revocation")
    photos = phone.get_by_role("heading", name="Photos of the person")
    assert top(photos) < top(agreement) < top(record)


def test_a_face_is_tapped_and_no_yes_goes_over_a_no(phone, open_services, home, shot):
    open_page(phone, "Ask people", "ask")
    phone.get_by_label("At which event?").click()
    phone.get_by_role("option", name=re.compile("Author talk")).click()
    expect(phone.get_by_text("Photo from")).to_be_visible()
    settled(phone)
    cards = phone.locator(".st-key-gallery-asking").get_by_test_id("stImage").get_by_role("img")
    assert cards.first.bounding_box()["height"] <= 160, "one photo alone fills the screen"
    shot("phone-asking-photos")
    for number in range(1, 10):
        button = phone.get_by_role("button", name=re.compile("Ask the people in it|Next photo"))
        button.first.tap()
        expect(phone.get_by_text(re.compile(f"Photo {number} of 9: "))).to_be_visible()
        settled(phone)
        if phone.get_by_text("of 3 recognizable").count():
            break
    expect(phone.get_by_text("of 3 recognizable")).to_be_visible()
    picture = phone.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first
    # The chart comes after the words, and once more when the page has its width.
    settled(phone)
    expect(picture).to_be_visible()
    phone.wait_for_timeout(1000)
    picture.scroll_into_view_if_needed()
    phone.wait_for_timeout(500)
    box = picture.bounding_box()
    assert box["x"] + box["width"] <= 390
    assert_faces_lie_where_the_picture_has_them(picture)
    shot("phone-asking-faces")
    # The one on the right: two more stand left of the middle.
    services = open_services(home=home)
    picture.scroll_into_view_if_needed()
    phone.wait_for_timeout(500)
    box = picture.bounding_box()
    phone.touchscreen.tap(box["x"] + box["width"] * 0.84, box["y"] + box["height"] * 0.53)
    no = phone.get_by_role("button", name=re.compile("They said no"))
    expect(no).to_be_enabled()
    no.tap()
    expect(phone.get_by_text("1 said no")).to_be_visible()
    settled(phone)

    phone.get_by_text("The other 2 were asked").tap()
    settled(phone)
    phone.get_by_role("button", name=re.compile("They said yes")).tap()
    expect(phone.get_by_text(re.compile("2 of 3|3 of 3")).first).to_be_visible()
    shot("phone-asking-kept")
    assert [one.given for one in list_consents(services, ANYBODY)].count(False) == 1
    assert len(list_consents(services, ANYBODY)) == 3

    each_line_is_answered_with_one_tap(phone)


def assert_faces_lie_where_the_picture_has_them(picture) -> None:
    """What is drawn over a photo has all of its height: a margin would push it off the faces."""
    whole, axes, photo = picture.evaluate(
        "svg => [svg, ...['path.background', 'image'].map(part => svg.querySelector(part))]"
        ".map(part => part.getBoundingClientRect()).map(at => [at.top, at.height].map(Math.round))"
    )
    assert axes == photo == whole


def each_line_is_answered_with_one_tap(phone) -> None:
    """A line is as high as a thumb and no more, and stays where it is."""
    undo = phone.get_by_role("button", name="Undo")
    expect(undo).to_have_count(4)
    lines = phone.locator(".st-key-asking-rows")
    before = lines.bounding_box()
    lines.get_by_role("button", name="Undo").last.tap()
    expect(phone.get_by_role("button", name="Yes", exact=True)).to_have_count(1)
    settled(phone)
    assert lines.bounding_box() == before, "the next tap must not meet another face"
    phone.get_by_role("button", name="No", exact=True).tap()
    expect(phone.get_by_text("2 said yes, 1 said no")).to_be_visible()
    settled(phone)
    assert before["height"] < 3 * 72

    # What is tapped is drawn as wide as the window is, whatever that says it is.
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.wait_for_function(
        "(() => { const photo = document.querySelector('[data-testid=stVegaLiteChart]');"
        " const drawn = photo?.querySelector('canvas, svg');"
        " return drawn && photo.scrollWidth <= photo.clientWidth + 1"
        " && drawn.getBoundingClientRect().right <= 320; })()"
    )
    fits(phone)


def test_review_and_a_case_fit_the_screen(phone, open_services, home, samples, shot):
    services = open_services(home=home)
    revoke(services, samples / "originals" / "obama.jpg")
    open_page(phone, "Review", "review")
    expect(phone.get_by_text(re.compile("[0-9]+ to decide"))).to_be_visible()
    shot("phone-review")
    phone.goto("/case?case=R-0001")
    expect(phone.get_by_text("Photos of the person").first).to_be_visible()
    settled(phone)
    shot("phone-case")
