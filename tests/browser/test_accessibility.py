"""Everybody can use it: screen readers, the keyboard alone, large letters, the dark."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from consent.services import Services
from tests.browser.browser_cases import expect, go_to, hand_in, menu_link, settled, sign_in
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
    ("thresholds", None),
    ("status", None),
    ("accounts", None),
]
WIDE, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
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
    """Return what a checker finds seriously wrong with what is shown."""
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
    assert findings(page) == [], "the sign-in"
    sign_in(page)
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    for address, button in PLACES:
        open_place(page, address, button)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for size in (WIDE, PHONE):
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
