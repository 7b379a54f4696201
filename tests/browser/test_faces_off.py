"""With faces off, every page works, and each face is for somebody to look at."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.browser.browser_cases import expect, fill, go_to, hand_in, settled, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_main_job_with_faces_off(page, samples, home, shoot):
    sign_in(page)
    go_to(page, "Thresholds")
    page.get_by_text("What each choice keeps and misses").click()
    settled(page)
    page.get_by_role("radiogroup").get_by_text("Compare no faces", exact=True).click()
    expect(page.get_by_role("radio", name="Compare no faces")).to_be_checked()
    fill(page, "Why, for the log", "Decided by the board on May 7")
    page.get_by_text("The program erases right away").click()
    shoot("faces-choice")
    page.get_by_role("button", name="Choose", exact=True).click()
    expect(page.get_by_text("Faces: compare no faces.")).to_be_visible()
    shoot("faces-off")

    # The desk asks for no template, and the photo is of use all the same.
    go_to(page, "Record a revocation")
    fill(page, "Name of the person in the photos", "Zebulon Quirk")
    page.get_by_test_id("stButtonGroup").get_by_text("Letter", exact=True).click()
    fill(page, "Where the paper original is kept", "Folder 2026")
    hand_in(page, [samples / "originals" / "obama.jpg"], "photos")
    expect(page.get_by_text("This library compares no faces")).to_be_visible()
    expect(
        page.get_by_text("They agree that the library saves a measurement of their face")
    ).to_have_count(0)
    shoot("faces-off-desk")
    page.get_by_role("button", name="Record the revocation").click()
    expect(page.get_by_text("Recorded as R-0001")).to_be_visible()

    go_to(page, "Check photos")
    page.get_by_label("Where will they appear?").click()
    page.get_by_role("option", name="Instagram").click()
    names = ("obama.jpg", "obama2.jpg", "biden.jpg", "coffee.png")
    hand_in(page, [samples / "originals" / name for name in names])
    page.get_by_role("button", name="Check 4 photos").click()
    expect(page.get_by_role("button", name="Download report")).to_be_visible(timeout=120_000)
    for name, verdict in (
        ("obama.jpg", "do not use"),
        ("obama2.jpg", "a person must look"),
        ("biden.jpg", "a person must look"),
        ("coffee.png", "no match found"),
    ):
        expect(page.get_by_role("option", name=f"{name}: {verdict}")).to_be_visible()
    shoot("faces-off-checked")
    page.get_by_role("option", name="biden.jpg: a person must look").dblclick()
    expect(page.get_by_text("this library does not let the program compare faces")).to_be_visible()
    shoot("faces-off-photo")
    page.keyboard.press("Escape")

    go_to(page, "Review")
    settled(page)
    shoot("faces-off-review")
    for title in ("Takedowns", "Print", "Published", "Register", "Ask people", "Thresholds"):
        go_to(page, title)
        expect(page.get_by_text("Something went wrong")).to_have_count(0)
    with closing(sqlite3.connect(home / "likeness.db")) as database:
        for table in ("face_encoding", "template_encoding", "template"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert not [*home.rglob("*.vectors")]
