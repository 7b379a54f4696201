"""With faces off, every page works, and each face is for somebody to look at."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from consent.cases.references import photo_named
from consent.domain.actors import Actor, Role
from consent.domain.faces import Faces
from consent.indexing.index import IndexRequest, index_photos
from consent.publishing.record import Posting, record_publications
from consent.retention.faces import choose_faces
from tests.browser.browser_cases import expect, fill, go_to, hand_in, settled, sign_in
from tests.browser.test_print_to_signature import hand_in_print, tap
from tests.browser.test_takedown_to_letter import next_step
from tests.vector_search import files_with_vectors

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


def test_print_and_takedown_with_faces_off(page, server, open_services, home, samples, shoot):
    """Up to the paper for the printer and the last copy; no vector of any face is in the home."""
    services = open_services(home=home)
    with services.reading() as unit:
        indexed = unit.photos.fingerprints([sha256 for sha256, *_ in unit.photos.hashes()])
    faces = [face for photo in indexed.values() for face in photo.faces]
    vectors = [vector for face in faces for vector in face.encodings.values()]
    assert len(vectors) > 20
    choose_faces(services, Faces.OFF, "Decided.", Actor("D. Lane", Role.DIRECTOR))
    portrait = samples / "originals" / "obama.jpg"
    day = services.today() - timedelta(days=30)
    url = "https://www.facebook.com/hplct/posts/1"
    posting = Posting(services.policy.use("facebook"), day, url, already_out=True)
    staff = Actor("Cam Lee", Role.COMMUNICATIONS)
    index_photos(services, IndexRequest([portrait], jobs=1), staff)
    record_publications(services, [photo_named(services, str(portrait))], posting, staff)

    sign_in(page)
    go_to(page, "Record a revocation")
    fill(page, "Name of the person in the photos", "Zebulon Quirk")
    page.get_by_test_id("stButtonGroup").get_by_text("Letter", exact=True).click()
    fill(page, "Where the paper original is kept", "Folder 2026")
    hand_in(page, [portrait], "photos")
    expect(page.get_by_text("This library compares no faces")).to_be_visible()
    page.get_by_role("button", name="Record the revocation").click()
    expect(page.get_by_text("Published copies to take down: T-0001")).to_be_visible()

    go_to(page, "Takedowns")
    expect(page.get_by_text("1 open")).to_be_visible()
    settled(page)
    next_step(page, "Deleted", "It was gone when I checked")
    expect(page.get_by_text("0 open")).to_be_visible()

    go_to(page, "Print")
    tap(page, "Open a piece")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title").fill("Newsletter")
    dialog.get_by_label("Title").press("Enter")
    dialog.get_by_role("button", name="Open the piece").click()
    hand_in_print(page, portrait)
    expect(page.get_by_role("button", name="Audit it")).to_be_visible(timeout=90_000)
    tap(page, "Audit it")
    expect(page.get_by_text(re.compile("Revoked R.0001")).first).to_be_visible(timeout=90_000)
    settled(page)
    shoot("faces-off-audit")
    page.get_by_role("button", name="Make the PDF").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")

    assert files_with_vectors(home, vectors) == set()
