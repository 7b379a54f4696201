"""What is done with faces is chosen on a page, and a records request answered on another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from consent.domain.actors import Actor, Role
from consent.domain.faces import RESOLUTION, Faces
from consent.jobs import runner
from consent.jobs.index_again import read_indexing_again, run_indexing_again
from consent.services import Services
from tests.ui.page_cases import DIRECTOR, STAFF, labels, opened, press, texts

RECORDS = Actor("R. Vail", Role.RECORDS)


@pytest.fixture(autouse=True)
def _counts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page Thresholds counts is of another test."""
    monkeypatch.setattr(runner, "_start_process", lambda _job_id: None)
    monkeypatch.setattr(runner, "_started", {})


def test_the_director_chooses_what_is_done_with_faces(services: Services):
    app = opened("admin.thresholds", DIRECTOR)
    assert RESOLUTION in texts(app)
    assert "0.73 %" in texts(app)
    app.radio[0].set_value(Faces.OFF)
    app.text_input[0].input("Decided by the board")
    press(app, "Choose")
    assert "check the box" in texts(app)
    assert services.faces is Faces.INDEX

    app.checkbox[0].check()
    press(app, "Choose")
    assert services.faces is Faces.OFF
    assert "compare no faces" in texts(app)
    assert "Decided by the board" in texts(app)
    # Turned up again, all photos are read again by a process of its own.
    app.radio[0].set_value(Faces.INDEX)
    app.text_input[0].input("Decided anew")
    press(app, "Choose")
    assert "Faces: compare faces" in texts(app)
    job = read_indexing_again(services, DIRECTOR)
    assert job is not None
    run_indexing_again(services, job.id)
    app.run()
    with services.reading() as unit:
        assert "index:renewed" in {entry.action for entry in unit.audit.entries()}
    # Others see it, and are offered nothing.
    assert "Choose" not in labels(opened("admin.thresholds", STAFF))


def test_a_draft_comes_before_what_is_handed_out(services: Services):
    app = opened("register.records_request", RECORDS)
    press(app, "Make the final copy")
    assert "There is no draft of it yet" in texts(app)
    press(app, "Make a draft")
    assert "This is a draft. Read all of it" in texts(app)
    press(app, "Make the final copy")
    assert "This is the final copy" in texts(app)


def test_a_first_day_in_the_future_is_refused_in_words(services: Services):
    app = opened("register.records_request", RECORDS)
    press(app, "Make a draft")
    tomorrow = services.today() + timedelta(days=1)
    app.date_input[0].set_value(tomorrow)
    app.date_input[1].set_value(tomorrow)
    press(app, "Make a draft")
    assert "The first day is in the future" in texts(app)
    assert "This is a draft" not in texts(app), "the draft of other days"


def test_others_are_told_who_answers_requests(services: Services):
    app = opened("register.records_request", STAFF)
    assert not app.button
    assert "records officer" in texts(app)
