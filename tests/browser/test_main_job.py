"""The main job as staff do it: record at the desk, check before posting."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.browser.browser_cases import expect, fill, go_to, hand_in, settled, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def record_obama(page, samples: Path, shoot) -> None:
    go_to(page, "Record a revocation")
    fill(page, "Name of the person in the photos", "Zebulon Quirk")
    page.get_by_test_id("stButtonGroup").get_by_text("Letter", exact=True).click()
    fill(page, "Where the paper original is kept", "Folder 2026")
    stage = samples / "events" / "2026-05-14 Author talk" / "stage-obama-biden.jpg"
    hand_in(page, [samples / "originals" / "obama.jpg", stage], "photos")
    save = page.get_by_role("button", name="Record the revocation")
    expect(page.get_by_text("Several faces: pick the person's.")).to_be_visible()
    expect(page.get_by_text("May appear in")).to_be_visible()
    expect(save).to_be_disabled()
    shoot("record-pick-a-face")
    # Left on the stage stands the one who revokes.
    page.get_by_role("radiogroup", name="Which face is the person?").nth(1).get_by_text(
        "Face 1"
    ).click()
    page.get_by_text("They agree that the library saves a measurement of their face").click()
    expect(save).to_be_enabled()
    save.dblclick()
    expect(page.get_by_text("Recorded as R-0001")).to_be_visible()
    expect(page.get_by_role("button", name="Not this person").first).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Confirm", exact=True).nth(1).click()
    expect(page.get_by_text("Confirmed").nth(1)).to_be_visible()
    shoot("recorded")


def check(page, files: list[Path]) -> None:
    go_to(page, "Check photos")
    page.get_by_label("Where will they appear?").click()
    page.get_by_role("option", name="Instagram").click()
    hand_in(page, files)
    page.get_by_role("button", name=f"Check {len(files)} photos").click()
    expect(page.get_by_role("button", name="Download report")).to_be_visible(timeout=120_000)


def photo(page, name: str, verdict: str):
    """A photo of the grid, with what is said of it."""
    return page.get_by_role("option", name=f"{name}: {verdict.lower()}")


def test_a_revoked_person_is_found_in_tomorrows_photos(page, samples, home, shoot):
    shoot("sign-in")
    sign_in(page, "Ana Ruiz")
    record_obama(page, samples, shoot)
    originals = samples / "originals"
    damaged = next((samples / "events").rglob("truncated.jpg"))
    names = ("obama2.jpg", "obama3.jpg", "biden.jpg", "astronaut.png")
    check(page, [*(originals / name for name in names), damaged])
    shoot("checked")

    for name in ("biden.jpg", "astronaut.png"):
        expect(photo(page, name, "No match found")).to_be_visible()
    for name in ("obama2.jpg", "obama3.jpg"):
        photo(page, name, "Do not use").dblclick()
        expect(page.get_by_text("Possible match with R-0001, face")).to_be_visible()
        expect(page.get_by_text("Very likely the same person")).to_be_visible()
        alt = page.get_by_role("img", name=name).first.get_attribute("alt")
        assert "do not use" in alt
        page.keyboard.press("Escape")
    photo(page, "truncated.jpg", "Not checked").dblclick()
    expect(page.get_by_text("damaged or incomplete")).to_be_visible()
    page.keyboard.press("Escape")
    assert "Zebulon" not in page.inner_text("body")

    page.get_by_test_id("stButtonGroup").get_by_text("Not checked 1").click()
    expect(photo(page, "obama2.jpg", "Do not use")).to_have_count(0)

    with page.expect_download() as download:
        page.get_by_role("button", name="Download report").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = {row["photo"]: row["verdict"] for row in csv.DictReader(io.StringIO(text))}
    assert rows == {
        "obama2.jpg": "Do not use",
        "obama3.jpg": "Do not use",
        "truncated.jpg": "Not checked",
        "astronaut.png": "No match found",
        "biden.jpg": "No match found",
    }
    dropped, kept = [], []
    for folder in (home / "uploads").iterdir():
        (dropped if folder.name.startswith("dropped-") else kept).append(folder)
    assert len(kept) == 1, "a day's, to be exported from the result"
    assert len(list(dropped[0].iterdir())) == 2, "the desk's, until the session ends"

    # The result is found again after a reload, by whoever signs in.
    page.context.clear_cookies()
    page.reload()
    sign_in(page, "Bo Chen")
    expect(page.get_by_role("button", name="Download report")).to_be_visible()

    # What a revocation recorded later changes is judged again by itself, and needs no upload.
    go_to(page, "Record a revocation")
    fill(page, "Name of the person in the photos", "Someone else")
    page.get_by_test_id("stButtonGroup").get_by_text("Letter", exact=True).click()
    fill(page, "Where the paper original is kept", "Folder 2026")
    page.get_by_role("button", name="Record the revocation").click()
    expect(page.get_by_text("Recorded as R-0002")).to_be_visible()
    go_to(page, "Check photos")
    expect(page.get_by_text("No face of R-0002 is on file")).to_be_visible()
    shoot("judged-again")
    expect(photo(page, "obama2.jpg", "Do not use")).to_be_visible()

    page.set_viewport_size({"width": 390, "height": 844})
    shoot("checked-on-a-phone")
