"""Everybody can use it: screen readers, the keyboard alone, large letters, the dark."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from consent.services import Services
from tests.browser.browser_cases import expect, next_turn, settled, sign_in, turn
from tests.browser.furnished import furnish

axe = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Where to look, and what is pressed there first.
PLACES = [
    ("home", None),
    ("home", "Help"),
    ("home", "Di Rossi"),
    ("check", None),
    ("ask", None),
    ("published", None),
    ("published", "Scheduled"),
    ("published", "Import"),
    ("record", None),
    ("review", None),
    ("review", "Overrides"),
    ("takedowns", None),
    ("takedowns", "By channel"),
    ("takedowns", "Appeals"),
    ("takedowns", "Next step"),
    ("print", None),
    ("print", "Over time"),
    ("print", "Open a piece"),
    ("print?piece=P-0001", None),
    ("register", None),
    ("case?case=R-0001", None),
    ("case?case=R-0002", None),
    ("records", None),
    ("thresholds", None),
    ("status", None),
    ("accounts", None),
]
WIDE, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
# Colors hang on the one, the layout on the other. All four: LIKENESS_TEST_SCREENS=all.
SCREENS = [("light", WIDE), ("dark", PHONE)]
if os.environ.get("LIKENESS_TEST_SCREENS") == "all":
    SCREENS += [("light", PHONE), ("dark", WIDE)]
# A laptop's screen at 400 %, as WCAG 1.4.10 has it.
REFLOW = {"width": 320, "height": 640}
TABS = 60


@pytest.fixture
def furnished(server, open_services, home, samples) -> Iterator[Services]:
    """A library in which something of each kind was entered."""
    services = open_services(home=home)
    furnish(services, samples)
    return services


def findings(page) -> list[str]:
    """Return what a checker finds seriously wrong with what is shown, not half drawn."""
    found = violations(page)
    if found:
        page.wait_for_timeout(2000)
        found = [one for one in violations(page) if one in found]
    return found


def violations(page) -> list[str]:
    found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{one['id']}: {node['html'][:120]} {node['any'][0]['message'] if node['any'] else ''}"
        for one in found
        if one["impact"] in {"serious", "critical"} or one["id"] == "heading-order"
        for node in one["nodes"]
    ]


def over_the_edge(page) -> int:
    """Return how many pixels somebody has to scroll sideways."""
    return page.evaluate(
        "(() => { const main = document.querySelector('[data-testid=stMain]') || document.body;"
        " return main.scrollWidth - main.clientWidth; })()"
    )


def open_place(page, address: str, button: str | None) -> None:
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme="light")
    page.goto(f"/{address}")
    expect(page.locator("h1")).to_have_count(1)
    settled(page)
    if button is not None:
        page.get_by_test_id("stMain").get_by_text(button, exact=True).first.click()
        page.wait_for_timeout(800)
        settled(page)


def test_a_checker_finds_nothing_serious_on_any_page(page, furnished, shoot):
    wrong: dict[str, set[str]] = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for address in ("/sign-in/code", "/sign-in"):
            page.goto(address)
            assert findings(page) == [], f"{address} {scheme}"
    sign_in(page)
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    for address, button in PLACES:
        open_place(page, address, button)
        for scheme, size in SCREENS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)
            page.wait_for_timeout(400)
            for finding in findings(page):
                place = f"{address} {button or ''} {scheme} {size['width']}"
                wrong.setdefault(finding, set()).add(place)
        if button is None:
            page.set_viewport_size(REFLOW)
            page.wait_for_timeout(400)
            if over_the_edge(page) > 1:
                wrong[f"{address}: wider than the screen at 400 %"] = {address}
            shoot(f"page-{re.sub('[^a-z0-9]+', '-', address.lower())}")
    assert not wrong, "\n".join(f"{what}\n   {sorted(where)}" for what, where in wrong.items())


# -- the keyboard alone --------------------------------------------------------------------------

# What a screen reader would say of what has the focus, and whether it can be seen.
_FOCUSED = """(() => {
  let one = document.activeElement;
  while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  if (one === document.body) return { words: "", marked: false };
  const labelled = (one.getAttribute("aria-labelledby") || "").split(" ")
    .map((id) => document.getElementById(id)?.textContent || "").join(" ");
  const words = [one.getAttribute("aria-label"), labelled, one.labels?.[0]?.textContent,
    one.tagName === "MAIN" ? "" : one.innerText,
    one.closest("[aria-label]")?.getAttribute("aria-label")];
  const marked = [one, one.parentElement, one.nextElementSibling, one.parentElement?.parentElement,
    one.closest("label, [data-baseweb]")].filter(Boolean)
    .some((part) => { const is = getComputedStyle(part);
      return is.outlineStyle !== "none" || is.boxShadow !== "none"; });
  return { words: words.filter(Boolean).join(" | "), marked };
})()"""


def tab_to(page, words: str) -> int:
    """Press Tab until something of these words has the focus, which must be seen all the while."""
    for tabs in range(1, TABS):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused["words"] and re.search(words, focused["words"]):
            assert focused["marked"], f"nothing shows that {focused['words']!r} has the focus"
            return tabs
    raise AssertionError(f"{TABS} tabs do not lead to {words!r}")


def press_on(page, words: str, key: str = "Enter") -> None:
    """Go to something by Tab, and press it."""
    tab_to(page, words)
    page.keyboard.press(key)
    page.wait_for_timeout(300)
    settled(page)


def write_in(page, words: str, text: str) -> None:
    tab_to(page, words)
    page.keyboard.type(text)


def choose_file(page, words: str, file: Path) -> None:
    """Open the window for files by Enter, and once more where a slow page lost the key."""
    opened: list[Any] = []

    def note(chooser: Any) -> None:
        opened.append(chooser)

    page.on("filechooser", note)
    for _ in range(3):
        tab_to(page, words)
        page.keyboard.press("Enter")
        until = time.monotonic() + 20
        while not opened and time.monotonic() < until:
            page.wait_for_timeout(200)
        if opened:
            opened[0].set_files(str(file))
            return
    raise AssertionError("Enter opened no window for files")


def sign_in_by_keyboard(page) -> None:
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    page.keyboard.type("Ana Ruiz")
    write_in(page, "Password", "four words of mine")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    settled(page)


def test_a_revocation_is_recorded_by_the_keyboard_alone(page):
    sign_in_by_keyboard(page)
    press_on(page, "^Skip to main content")
    press_on(page, "Record a revocation")
    expect(page.get_by_role("heading", name="Record a revocation", exact=True)).to_be_visible()
    settled(page)
    press_on(page, "^Skip to main content")
    write_in(page, "Name of the person", "Zebulon Quirk")
    tab_to(page, "How the request came")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(_FOCUSED)["words"].startswith("Letter")
    page.keyboard.press("Space")
    settled(page)
    write_in(page, "Where the paper original is kept|Where is the original", "Binder 3")
    # The button below is gray until the page has heard of it.
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Record the revocation")).to_be_enabled()
    settled(page)
    press_on(page, "Record the revocation")
    expect(page.get_by_text("R-0001").first).to_be_visible()


def test_a_pair_is_reviewed_by_the_keyboard_alone(page, furnished):
    sign_in_by_keyboard(page)
    press_on(page, "^Skip to main content")
    press_on(page, "to review")
    expect(page.locator(".st-key-review-pair img").first).to_be_visible()
    shown = turn(page)
    press_on(page, "^Skip to main content")
    photo = page.locator(".st-key-review-pair img").first
    before = photo.get_attribute("src")
    # By Tab and Enter; then by one key; then that key is turned off.
    press_on(page, "Can't tell")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    shown = next_turn(page, shown)
    assert photo.get_attribute("src") != before
    # No key reaches the page behind a dialog.
    before = photo.get_attribute("src")
    page.keyboard.press("p")
    expect(page.get_by_role("dialog", name="Not a real person?")).to_be_visible()
    shown = next_turn(page, shown)
    page.keyboard.press("y")
    refused = page.locator(".likeness-said")
    expect(refused).to_have_text("Y was not used: close the open window first.")
    expect(page.get_by_role("dialog", name="Not a real person?")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert photo.get_attribute("src") == before
    # A sure match is none with a word of why, typed at once.
    page.keyboard.press("n")
    expect(page.get_by_test_id("stForm").get_by_test_id("stTextInputField")).to_be_focused()
    shown = next_turn(page, shown)
    page.keyboard.type("My sister, not she")
    page.keyboard.press("Enter")
    expect(page.get_by_text("R-0001: not this person.")).to_be_visible()
    next_turn(page, shown)
    assert photo.get_attribute("src") != before
    before = photo.get_attribute("src")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys.get_by_text("Not this person")).to_be_visible()
    tab_to(page, "Use these keys")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.keyboard.press("?")
    page.wait_for_timeout(1500)
    assert photo.get_attribute("src") == before, "a key that was turned off was heard"
    expect(keys).to_have_count(0)


def test_photos_are_checked_and_posted_by_the_keyboard_alone(page, furnished, samples):
    """Without the mouse: from the first page to a recorded post. What came out is checked, too."""
    photo = samples / "originals" / "coffee.png"
    # Chromium's own window for files cannot be steered; without it a page asks the older way.
    page.add_init_script("delete window.showOpenFilePicker")
    sign_in_by_keyboard(page)
    press_on(page, "^Skip to main content")
    press_on(page, "Check photos before")
    expect(page.get_by_role("heading", name="Check photos", exact=True)).to_be_visible()
    settled(page)
    press_on(page, "^Skip to main content")
    write_in(page, "Where will they appear", "Instagram")
    page.keyboard.press("Enter")
    # The page says that it is being drawn only once the server has heard of it.
    expect(page.get_by_text("choose where they will appear")).to_have_count(0)
    settled(page)
    choose_file(page, "Drop photos here", photo)
    expect(page.get_by_text(photo.name).first).to_be_visible()
    page.wait_for_timeout(500)
    settled(page)
    press_on(page, r"Check\s*(1 photo)?$")
    option = page.get_by_role("listbox").get_by_role("option")
    expect(option).to_have_count(1, timeout=120_000)
    settled(page)
    assert findings(page) == []
    press_on(page, photo.name, "Space")
    expect(page.get_by_text("1 chosen", exact=True)).to_be_visible()
    settled(page)
    press_on(page, "Posted")
    write_in(page, "Link to the post", "https://www.instagram.com/p/keys/")
    # By way of what is seldom needed, and past no calendar.
    assert tab_to(page, "Record") == 2
    page.keyboard.press("Enter")
    expect(option.first).to_contain_text("Posted")


# -- zoom, and a server that stops ---------------------------------------------------------------


def test_a_pair_is_whole_at_200_percent(page, furnished):
    sign_in(page)
    page.goto("/review")
    pair = page.locator(".st-key-review-pair")
    expect(pair.locator("img").nth(1)).to_be_visible()
    settled(page)
    for width, height in ((683, 384), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(500)
        pair.locator("img").first.scroll_into_view_if_needed()
        first, second = (pair.locator("img").nth(place).bounding_box() for place in (0, 1))
        low = min(first["y"], second["y"])
        high = max(box["y"] + box["height"] for box in (first, second))
        assert high - low <= height
        assert first["x"] + first["width"] <= second["x"], "beside each other"


def test_a_case_is_printed_without_what_is_pressed(page, furnished, tmp_path):
    sign_in(page)
    page.goto("/case?case=R-0001")
    expect(page.get_by_role("heading", name="Case R-0001")).to_be_visible()
    expect(page.get_by_text(re.compile("Binder 3")).first).to_be_visible()
    expect(page.get_by_text("Zebulon Quirk").first).to_be_visible()
    settled(page)
    # The script that knows the library's name comes after the words.
    expect(page.locator("html")).to_have_attribute("data-keys", re.compile("on|off"))
    page.pdf(path=str(tmp_path / "case.pdf"), format="Letter")
    text = "".join(sheet.extract_text() for sheet in PdfReader(tmp_path / "case.pdf").pages)
    assert "Hartford Public Library" in text
    assert "Zebulon Quirk" in text
    assert "Binder 3" in text
    for pressed in ("Help", "Di Rossi", "Record a revocation", "Skip to main"):
        assert pressed not in text


def test_a_server_that_has_stopped_says_what_to_do(page, request):
    sign_in(page)
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    settled(page)
    request.getfixturevalue("server").stop()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("The program is not answering.")).to_be_visible()
    expect(dialog.get_by_text("tell your IT")).to_be_visible()
    expect(page.get_by_text(re.compile("internet|Streamlit"))).to_be_hidden()
