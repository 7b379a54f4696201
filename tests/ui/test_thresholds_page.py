"""What the thresholds mean for the register of today, and what another one would."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from consent.bootstrap import services_from_environment
from consent.indexing.thresholds import workload
from consent.jobs import runner
from consent.jobs.figures import count_figures, run_figures
from consent.services import Services
from consent.status import read_status
from tests.staff import ANYBODY
from tests.ui.page_cases import DIRECTOR, labels, opened, press, texts


@pytest.fixture
def started(environment: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Counting that was started, and is not done yet."""
    jobs: list[str] = []
    monkeypatch.setattr(runner, "_start_process", jobs.append)
    # What another test has started under the same id has ended.
    monkeypatch.setattr(runner, "_started", {})
    return jobs


@pytest.fixture(autouse=True)
def _counted_at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting is done in this process, but where a test waits for it."""

    def count(job_id: str) -> None:
        run_figures(services_from_environment(), job_id)

    if "started" not in request.fixturenames:
        monkeypatch.setattr(runner, "_start_process", count)


def test_without_a_reference_there_is_nothing_to_weigh(services: Services):
    assert "does not search by face" in texts(opened("admin.thresholds", DIRECTOR))
    assert read_status(services, ANYBODY, count_figures(services, ANYBODY)).workload == ""


def test_the_slider_says_what_another_threshold_would_flag_and_miss(revoked: Services):
    app = opened("admin.thresholds", DIRECTOR)
    assert "The program looks for 1 person by face" in texts(app)
    assert "review_per_million" not in texts(app)

    wider = workload(revoked).choices()[-1]
    app.select_slider[0].set_value(wider.review_per_million).run()

    assert f"review_per_million = {wider.review_per_million:g}" in texts(app)
    flagged, _, missed = app.metric
    assert flagged.value == f"{wider.flagged:.2g}"
    assert missed.value == f"{wider.missed:.2g}"
    assert flagged.delta.startswith("+")
    assert missed.delta.startswith("-")


def test_a_larger_register_flags_more_and_misses_no_more(revoked: Services):
    work = workload(revoked)
    today, grown = work.today(), work.at(work.matching.review_per_million, 1_000)
    assert grown.flagged > 2 > today.flagged > 0
    assert grown.missed == today.missed is not None

    points = work.choices()
    for one, next_one in pairwise(points):
        assert one.flagged < next_one.flagged
        assert (one.missed or 0) >= (next_one.missed or 0)


def test_status_says_what_there_is_to_look_at(revoked: Services):
    said = read_status(revoked, ANYBODY, count_figures(revoked, ANYBODY)).workload
    assert "of 100 photos of strangers are flagged" in said
    assert "photos of people who revoked" in said
    assert "tolerable" not in said


def test_pages_do_not_wait_while_it_is_counted(revoked: Services, started: list[str]):
    assert "Counting" in texts(opened("admin.thresholds", DIRECTOR))
    status = opened("admin.status", DIRECTOR)
    assert "not looked at yet" in texts(status)
    assert "Photos of the person" in texts(status)
    assert started == ["figures"]

    run_figures(revoked, started[0])

    assert "The program looks for 1 person by face" in texts(opened("admin.thresholds", DIRECTOR))
    assert "unbroken (" in texts(opened("admin.status", DIRECTOR))
    assert started == ["figures"]


def test_what_was_counted_stays_while_it_is_counted_again(revoked: Services, started: list[str]):
    opened("admin.thresholds", DIRECTOR)
    run_figures(revoked, started[0])

    app = press(opened("admin.thresholds", DIRECTOR), "Count again")

    assert len(started) == 2
    assert "Counting" in texts(app)
    assert "Counted" in texts(app)
    assert "The program looks for 1 person by face" in texts(app)
    assert "Count again" not in labels(app)
