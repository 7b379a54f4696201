"""What people do on every page, in a real browser."""

from __future__ import annotations

from pathlib import Path

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
