"""Checks that pages start: so many at once, and what interrupts one does not lose it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from consent.domain.actors import Actor, Role
from consent.domain.jobs import Job, JobKind, JobState
from consent.indexing import rebuild
from consent.indexing.index import IndexRequest, index_photos
from consent.jobs import runner
from consent.jobs.check import check_folder, read_check, run_check
from consent.jobs.index_again import read_indexing_again, renew_here, run_indexing_again
from consent.jobs.runner import go_on_with_interrupted
from consent.services import Services
from media_index.files.places import Place
from media_index.types import Fingerprint, Problem, ProblemCode
from tests.unit.work_in_processes import deadly

CHECKS = 3
ADMIN = Actor("Ari Cole", Role.ADMIN)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Processes that end when a test ends them, in the place of checks; by the ids of these."""
    monkeypatch.setattr(runner, "_started", {})
    monkeypatch.setattr(runner, "_SECONDS_BETWEEN", 0.01)
    begun: list[str] = []

    def start(job_id: str) -> None:
        begun.append(job_id)
        runner._started[job_id] = subprocess.Popen(["sleep", "60"])

    monkeypatch.setattr(runner, "_start_process", start)
    yield begun
    for process in runner._started.values():
        process.kill()
        process.wait()


def end(job_id: str) -> None:
    process = runner._started[job_id]
    process.kill()
    process.wait()


def test_no_more_checks_are_done_at_once_than_the_setting_says(
    services: Services, actor: Actor, processes: list[str]
) -> None:
    one = replace(services, settings=services.settings.model_copy(update={"jobs": 1}))
    use = one.policy.use("facebook")
    ids = [check_folder(one, str(one.settings.samples), use, actor) for _ in range(CHECKS)]

    for index, job_id in enumerate(ids):
        wait_until(lambda count=index + 1: len(processes) == count)
        assert processes == ids[: index + 1]
        assert not read_check(one, job_id, actor).queued
        waiting = [read_check(one, later, actor) for later in ids[index + 1 :]]
        assert all(state.queued and state.state is JobState.WAITING for state in waiting)
        end(job_id)


def wait_until(holds) -> None:
    for _ in range(500):
        if holds():
            return
        time.sleep(0.01)
    pytest.fail("It did not come about.")


def interrupted(services: Services, folder: Path, actor: Actor, times: int = 0) -> str:
    """Leave a check as a server leaves it whose computer was turned off."""
    request = {
        "use": "facebook",
        "uploaded": False,
        "paths": [str(folder)],
        "event": "",
        "actor": {"id": actor.id, "role": actor.role.value, "also": [*actor.also]},
        "begun_again": times,
    }
    long_ago = services.now().replace(year=2020)
    with services.writing() as unit:
        kind, state = JobKind.CHECK, JobState.RUNNING
        unit.jobs.put(Job("broken-off", kind, state, request, 1, 3, "", None, long_ago))
        unit.commit()
    return "broken-off"


def test_a_check_that_the_end_of_the_server_interrupted_goes_on_at_the_next_start(
    services: Services, tmp_path: Path, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "_start_process", lambda job_id: run_check(services, job_id))
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    job_id = interrupted(services, tmp_path, actor)

    go_on_with_interrupted(services)

    state = read_check(services, job_id, actor)
    assert state.state is JobState.DONE
    assert state.result is not None
    assert [photo.name for photo in state.result.photos] == ["broken.jpg"]


def test_a_check_that_never_ends_well_is_not_begun_for_ever(
    services: Services, tmp_path: Path, actor: Actor, processes: list[str]
) -> None:
    job_id = interrupted(services, tmp_path, actor)
    for _ in range(2):
        assert not read_check(services, job_id, actor).finished
        end(job_id)

    state = read_check(services, job_id, actor)

    assert state.state is JobState.FAILED
    assert "check again" in state.message
    assert processes == [job_id] * 2


def reading_until(services: Services, count: int, seen: list[str]) -> Services:
    """Return services that read photos as they are known, and are stopped at one of them."""
    with services.reading() as unit:
        by_place = {text: sha256 for sha256, text in unit.photos.places_starting("")}
        known = unit.photos.fingerprints(sorted(set(by_place.values())))

    def read(path: Place) -> Fingerprint | Problem:
        if len(seen) == count:
            raise KeyboardInterrupt
        seen.append(str(path))
        return known[by_place[str(path)]]

    settings = services.settings.model_copy(update={"jobs": 1})
    return replace(services, fingerprint_file=read, settings=settings)


def test_a_renewal_that_was_stopped_goes_on_where_it_was(
    indexed_samples: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "_BATCH", 4)
    monkeypatch.setattr(rebuild, "IN_FLIGHT", 1)
    before, after, told = [], [], []

    with pytest.raises(KeyboardInterrupt):
        renew_here(reading_until(indexed_samples, 9, before), ADMIN, lambda *_: None)
    on = reading_until(indexed_samples, 99, after)
    renew_here(on, ADMIN, lambda done, total: told.append((done, total)))

    assert set(before[:8]).isdisjoint(after), "what was written is not done twice"
    assert len(after) == told[-1][0] - 8
    assert told[-1][0] == told[-1][1]

    again: list[str] = []
    renew_here(reading_until(indexed_samples, 99, again), ADMIN, lambda *_: None)
    assert len(again) == told[-1][1], "what was done is done anew when it is asked for again"


def test_a_renewal_that_the_end_of_the_server_interrupted_goes_on_at_the_next_start(
    indexed_samples: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuild, "_BATCH", 4)
    monkeypatch.setattr(rebuild, "IN_FLIGHT", 1)
    before, after = [], []
    with pytest.raises(KeyboardInterrupt):
        renew_here(reading_until(indexed_samples, 9, before), ADMIN, lambda *_: None)
    long_ago = indexed_samples.now().replace(year=2020)
    with indexed_samples.writing() as unit:
        job = unit.jobs.get("renewing")
        unit.jobs.put(replace(job, state=JobState.RUNNING, updated_at=long_ago))
        unit.commit()
    on = reading_until(indexed_samples, 99, after)
    monkeypatch.setattr(runner, "_start_process", lambda job_id: run_indexing_again(on, job_id))

    go_on_with_interrupted(indexed_samples)

    state = read_indexing_again(indexed_samples, ADMIN)
    assert state is not None
    assert state.state is JobState.DONE
    assert after
    assert set(before[:8]).isdisjoint(after)


def test_a_model_that_crashes_is_a_problem_of_the_photo(
    services: Services, tmp_path: Path, actor: Actor, models_apart: None
) -> None:
    names = ["002.jpg", "003.jpg", "004.jpg"]
    for name in names:
        (tmp_path / name).write_bytes(b"\xff\xd8\xff" + name.encode())
    crashing = replace(services, fingerprint_file=deadly)

    report = index_photos(crashing, IndexRequest([tmp_path], jobs=1), actor)

    codes = {problem.path.name: problem.code for problem in report.problems}
    assert list(codes) == names
    assert codes.pop("003.jpg") is ProblemCode.DECODER_CRASHED
    assert set(codes.values()) == {ProblemCode.UNREADABLE}
