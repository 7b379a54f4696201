"""Three poses in five seconds, before a camera that shows public-domain portraits in turn."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from tests.browser.browser_cases import expect, go_to, settled, sign_in
from tests.browser.conftest import Launch

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PORTRAITS = ("obama.jpg", "obama2.jpg", "obama3.jpg")
# Chromium plays such a file at 30 frames a second, again and again.
FRAMES_EACH = 45


def film(samples: Path, place: Path) -> Path:
    """Write the portraits as Motion JPEG: files one after the other."""
    with place.open("wb") as stream:
        for name in PORTRAITS:
            buffer = io.BytesIO()
            portrait = Image.open(samples / "originals" / name).convert("RGB")
            ImageOps.pad(portrait, (1280, 720)).save(buffer, "JPEG", quality=90)
            stream.write(buffer.getvalue() * FRAMES_EACH)
    return place


@pytest.fixture
def open_desk(server: str, launch: Launch):
    """Open the page of a browser with these further flags."""

    def build(*flags: str):
        page = launch(*flags).new_page(viewport={"width": 1400, "height": 1000})
        page.goto(server)
        sign_in(page, "Ana Ruiz")
        go_to(page, "Record a revocation")
        return page

    return build


def test_three_pictures_are_taken_by_themselves_and_judged(open_desk, samples, tmp_path):
    page = open_desk(
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film(samples, tmp_path / 'film.mjpeg')}",
    )
    began = time.monotonic()
    page.get_by_role("button", name="Take 3 pictures here").click()
    expect(page.get_by_text("1 of 3: look straight into the camera")).to_be_visible()
    expect(page.get_by_text("3 of 3: turn your head a little to your right")).to_be_visible()
    page.screenshot(path=tmp_path / "taking.png")
    expect(page.get_by_text("Stop the camera")).to_be_hidden()
    took = time.monotonic() - began

    expect(page.get_by_text("Picture 1", exact=True)).to_be_visible()
    settled(page)
    expect(page.get_by_text("Which face is the person?").first).to_be_visible()
    expect(
        page.get_by_text("pictures from several sides").or_(page.get_by_text("of 3 good pictures"))
    ).to_be_visible()
    page.screenshot(path=tmp_path / "taken.png", full_page=True)
    assert took < 10, "five seconds, and some for the camera to start"


def test_without_a_camera_the_page_says_what_to_do(open_desk, tmp_path):
    page = open_desk("--use-fake-ui-for-media-stream")

    page.get_by_role("button", name="Take 3 pictures here").click()

    expect(page.get_by_text("Upload photos instead")).to_be_visible()
    page.screenshot(path=tmp_path / "no-camera.png")
    expect(page.get_by_role("button", name="Take 3 pictures here")).to_be_visible()
