"""A page that browsers lend no camera to says so, and offers the phone's own."""

from __future__ import annotations

from dataclasses import replace

import pytest
import streamlit as st

from consent.domain.jobs import JobKind, JobState
from consent.indexing.events import NewEvent, create_event
from consent.jobs import runner
from consent.jobs.take import run_taking
from pages.asking.session import AskingDesk
from pages.ui.pictures import lends_camera
from tests.ui.page_cases import ORIGINALS, STAFF, opened, press, texts

ASK = "asking.ask"


@pytest.mark.parametrize(
    ("url", "lends"),
    [
        (None, True),
        ("https://photos.example.org/", True),
        ("http://localhost:8501/ask", True),
        ("http://likeness.localhost/", True),
        ("http://127.0.0.1:8501/", True),
        ("http://[::1]:8501/", True),
        ("http://192.168.1.20:8501/ask", False),
        ("http://desk-pc:8501/", False),
        ("http://localhost.example.org/", False),
    ],
)
def test_browsers_lend_the_camera_over_https_and_on_this_computer(url: str | None, lends: bool):
    assert lends_camera(url) is lends


@pytest.fixture
def asking(services, monkeypatch: pytest.MonkeyPatch):
    """Open the page on a phone, over plain http."""
    monkeypatch.setattr(type(st.context), "url", "http://192.168.1.20:8501/ask")
    event = create_event(services, NewEvent("Talk", services.today(), "Main"), STAFF)

    def ask(source: str):
        desk = AskingDesk(STAFF.id, event=event)
        return opened(ASK, STAFF, asking_desk=desk, asking_source=source)

    return ask


def test_over_plain_http_the_file_picker_takes_the_photo(asking):
    app = asking("Camera")
    assert "lets this page use the camera only over https or on the same computer" in texts(app)
    photo = ("IMG_1.jpg", (ORIGINALS / "obama.jpg").read_bytes(), "image/jpeg")
    app.file_uploader[0].set_value(photo).run()
    assert not app.exception
    assert "Photo 1 of 1: 0 of 1 recognizable person asked." in texts(app)


def test_what_is_no_photo_is_still_said_when_the_others_are_asked_about(
    asking, services, monkeypatch
):
    monkeypatch.setattr(runner, "_start_process", lambda job_id: run_taking(services, job_id))
    app = asking("Files")
    photo = (ORIGINALS / "obama.jpg").read_bytes()
    files = [("a.jpg", photo, ""), ("b.jpg", photo, ""), ("clip.mov", b"\0\0\0\x08wide", "")]
    app.file_uploader[0].set_value(files).run()
    next(one for one in app.button if one.label == "Ask the people in them").click().run()
    assert not app.exception
    assert "Photo 1 of 1" in texts(app)
    (said,) = [one.value.replace("\\", "") for one in app.error]
    assert said.startswith("clip.mov: A video")
    with services.reading() as unit:
        assert unit.jobs.newest(JobKind.TAKING, {}) is None, "it is told once"


def test_photos_that_are_looked_at_are_seen_after_a_reload_and_can_be_canceled(
    asking, services, monkeypatch
):
    monkeypatch.setattr(runner, "_start_process", lambda _job_id: None)
    app = asking("Files")
    photo = (ORIGINALS / "obama.jpg").read_bytes()
    app.file_uploader[0].set_value([(f"{name}.jpg", photo, "") for name in "abc"]).run()
    press(app, "Ask the people in them")
    with services.writing() as unit:
        job = unit.jobs.newest(JobKind.TAKING, {})
        unit.jobs.put(replace(job, state=JobState.RUNNING, done=1, total=3))
        unit.commit()

    app = asking("Files")
    (bar,) = app.get("progress")
    assert bar.proto.text == "Looking for faces: 1 of 3 photos"
    press(app, "Cancel")

    assert "Canceled." in texts(app)
    assert "Photo from" in [one.label for one in app.get("button_group")]
