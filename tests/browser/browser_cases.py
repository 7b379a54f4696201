"""What people do on every page, in a real browser."""

from __future__ import annotations

import pytest

expect = pytest.importorskip("playwright.sync_api").expect

expect.set_options(timeout=30_000)


def sign_in(page, name: str = "Di Rossi", role: str = "Director") -> None:
    """Say who works here."""
    page.get_by_label("Your name").fill(name)
    page.get_by_label("You work as").click()
    page.get_by_role("option", name=role).click()
    page.get_by_role("button", name="Begin").click()


def settled(page) -> None:
    """Wait until the page is drawn: what is pressed or handed in before that may be lost."""
    expect(
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')
    ).to_be_visible()


def go_to(page, title: str) -> None:
    """Open a page by its link."""
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    settled(page)


def fill(page, label: str, text: str) -> None:
    """Type into a field, and leave it."""
    page.get_by_role("textbox", name=label).fill(text)
    page.keyboard.press("Tab")
