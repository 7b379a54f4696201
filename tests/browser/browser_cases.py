"""What people do on every page, in a real browser."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pyotp
import pytest

from consent.access import accounts
from consent.access.sign_in import choose_password, second_factors
from consent.domain.actors import Actor, Role
from consent.services import Services

PASSWORD = "four words of mine"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
# In a small library one person is several things.
STAFF = {
    "Root Admin": [Role.ADMIN],
    "Ana Ruiz": [Role.DESK, Role.COMMUNICATIONS],
    "Bo Chen": [Role.DESK, Role.COMMUNICATIONS],
    "Di Rossi": [Role.DIRECTOR, Role.DESK, Role.COMMUNICATIONS, Role.PRINT_EDITOR],
}

expect = pytest.importorskip("playwright.sync_api").expect

# Of a slow machine on which other tests run, too.
expect.set_options(timeout=60_000)


def sign_in(page, name: str = "Di Rossi", password: str = PASSWORD) -> None:
    """Sign in; with the second step, if the account has one."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    if "/sign-in/second" in page.url:
        page.get_by_label("Code from your authenticator app").fill(pyotp.TOTP(SECRET).now())
        page.get_by_role("button", name="Continue").click()


def make_accounts(services: Services) -> None:
    """Make accounts for who works in these tests; a director's has a second step."""
    for name, roles in STAFF.items():
        code = accounts.add_account(services, name, roles, Actor("root", Role.ADMIN)).code
        choose_password(services, name, code, PASSWORD)
    with services.writing() as unit:
        for account in unit.access.accounts():
            if account.needs_second_factor:
                sealed = second_factors(services).sealed(SECRET)
                unit.access.put_account(replace(account, totp=sealed))
        unit.commit()


def settled(page) -> None:
    """Wait until the page is drawn: what is pressed or handed in before that may be lost."""
    expect(
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
    ).to_be_visible()


def turn(page) -> str:
    """Wait until a pair of Review can be answered, and return what is new at each turn."""
    return page.wait_for_function("document.documentElement.dataset.turn").json_value()


def next_turn(page, before: str) -> str:
    """Wait until Review has drawn what came of an answer, and the next one can be given."""
    found = page.wait_for_function(
        "before => document.documentElement.dataset.turn !== before"
        " && document.documentElement.dataset.turn",
        arg=before,
    )
    return found.json_value()


def menu_link(page, title: str):
    """Return the link of the menu to a page; on a phone the menu has to be opened first."""
    return page.get_by_test_id("stSidebarNav").get_by_role("link", name=title)


def go_to(page, title: str) -> None:
    """Open a page by its link in the menu."""
    menu_link(page, title).click()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    settled(page)


def fill(page, label: str, text: str) -> None:
    """Type into a field, and leave it."""
    page.get_by_role("textbox", name=label).fill(text)
    page.keyboard.press("Tab")


def labeled(page, label: str):
    """Find the field of exactly this label, whether it is required or not."""
    return page.get_by_label(re.compile(rf"^{re.escape(label)}( \(required\))?$"))


def hand_in(page, files, key: str = "") -> None:
    """Hand files in, by the uploader whose key ends in that, or the first; wait for their names.

    What was typed before has to be drawn first: the uploader is drawn anew with it.
    """
    # The page says that it is being drawn only once the server has heard of what was typed.
    page.wait_for_timeout(300)
    settled(page)
    inside = f"[class*='-{key}'] " if key else ""
    page.locator(f"{inside}input[type=file]").first.set_input_files([str(one) for one in files])
    expect(page.get_by_text(Path(files[0]).name).first).to_be_visible()
