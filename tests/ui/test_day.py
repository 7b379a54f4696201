"""What each day begins with: nobody's sign-in waits for it, and the board says how far it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from consent.domain.jobs import JobState
from consent.jobs import runner
from consent.jobs.day import begin_day, read_day, run_day
from consent.jobs.runner import save_job
from consent.publishing.record import Posting, record_publications
from consent.review import upkeep
from consent.services import Services
from consent.takedowns.board import list_takedowns
from tests.staff import ANYBODY
from tests.ui.page_cases import STAFF, opened, press, sample, texts

BOARD, REVIEW = "published.takedowns", "review.queue"
LOOKING = "Checking published photos"


@pytest.fixture
def out(revoked: Services) -> Services:
    """A photo of somebody who revoked is out, and nothing was opened for it."""
    day = revoked.today() - timedelta(days=3)
    posting = Posting(
        revoked.policy.use("facebook"), day, "https://facebook.com/p/1", already_out=True
    )
    # As if it was interrupted before anybody reacted.
    record_publications(
        replace(revoked, reactions=()), [sample(revoked, "obama2.jpg")], posting, STAFF
    )
    return revoked


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs that were started; they are done when a test does them."""
    jobs: list[str] = []
    monkeypatch.setattr(runner, "_start_process", jobs.append)
    return jobs


def test_the_first_sign_in_starts_the_work_and_does_not_wait_for_it(
    out: Services, started: list[str], open_app
) -> None:
    app = open_app()

    assert not app.exception
    assert started == [f"day-{out.today().isoformat()}"]
    assert list_takedowns(out, ANYBODY) == []
    assert LOOKING in texts(opened(BOARD, STAFF))

    run_day(out, started[0])

    board = texts(opened(BOARD, STAFF))
    assert LOOKING not in board
    assert "1 open" in board


def test_it_is_started_once_a_day(out: Services, started: list[str], open_app) -> None:
    open_app()
    begin_day(out)

    assert len(started) == 1


def test_where_nothing_is_out_nothing_is_started(
    revoked: Services, started: list[str], open_app
) -> None:
    open_app()

    assert started == []
    assert read_day(revoked) is None


def test_what_failed_is_said_and_can_be_started_again(out: Services, started: list[str]) -> None:
    begin_day(out)
    job = read_day(out)
    assert job is not None
    save_job(out, replace(job, state=JobState.FAILED, message="The disk is full: make room."))

    app = opened(BOARD, STAFF)
    assert "The disk is full: make room." in texts(app)
    press(app, "Look again")

    assert len(started) == 2


def test_in_a_large_home_the_day_makes_the_review_queue_and_the_page_says_so(
    out: Services, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "_QUICKLY", -1)

    assert "The program is making the review list" in texts(opened(REVIEW, STAFF))
    assert "The program is making the review list" in texts(opened(REVIEW, STAFF))
    assert started == [f"day-{out.today().isoformat()}"]

    run_day(out, started[0])

    assert "to decide" in texts(opened(REVIEW, STAFF))
    assert len(started) == 1


def test_a_queue_that_could_not_be_made_is_said_and_made_again(
    out: Services, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep, "_QUICKLY", -1)
    begin_day(out)
    job = read_day(out)
    assert job is not None
    save_job(out, replace(job, state=JobState.FAILED, message="The disk is full: make room."))

    page = opened(REVIEW, STAFF)
    assert "The review list could not be made. The disk is full: make room." in texts(page)
    press(page, "Make it now")

    assert len(started) == 2
