"""Whatever goes wrong, no page says that a photo of somebody who revoked is clear.

The same table as for the commands, tests/injections.py; see
tests/cli/test_nothing_looks_like_an_answer.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from consent.bootstrap import services_from_environment
from consent.domain.actors import Actor, Role
from consent.jobs import runner
from consent.jobs.audit import run_audit_of_page
from consent.jobs.check import run_check
from consent.jobs.day import begin_day_again, run_day
from tests.injections import (
    BESIDE,
    LOOKED_AT,
    LOST,
    NEXT_STEPS,
    OPENED,
    PHOTO,
    SPOILT,
    copied,
    ended_where,
    prepared_home,
)
from tests.ui.page_cases import TIMEOUT, cells, page_script, texts

NO_CASE = "look for its number in the register"
ANYBODY = Actor("Ana Ruiz", Role.DIRECTOR, frozenset(Role))
# Read by each page in a way of its own; the other rows are run by name.
AT_ONCE = ("NaN in a photo of the person",)


@pytest.fixture
def home(
    shared: Path,
    samples_revoked_once: Path,
    samples: Path,
    actor: Actor,
    environment: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Path]:
    """The prepared home; jobs that pages start are done at once, in this process."""
    copied(prepared_home(shared, samples_revoked_once, samples, actor), environment)
    monkeypatch.setenv("LIKENESS_JOBS", "1")

    def start(job_id: str) -> None:
        services = services_from_environment()
        with services.reading() as unit:
            kind = unit.jobs.get(job_id).kind
        {"check": run_check, "audit": run_audit_of_page, "day": run_day}[kind](services, job_id)

    monkeypatch.setattr(runner, "_start_process", start)
    started_anew()
    yield environment
    started_anew()


def started_anew() -> None:
    services_from_environment.cache_clear()
    st.cache_resource.clear()


def opened(module: str, **asked: str) -> AppTest:
    app = AppTest.from_string(page_script(module), default_timeout=TIMEOUT)
    app.session_state["actor"] = ANYBODY
    for key, value in asked.items():
        app.query_params[key] = value
    return app.run()


def pressed(app: AppTest, label: str) -> AppTest:
    """Press a button if the page offers it: one that says what is wrong at once needs none."""
    for button in app.button:
        if button.label.startswith(label):
            return button.click().run()
    return app


def checked(samples: Path) -> AppTest:
    app = opened("check.check_photos")
    if not app.file_uploader:
        return app
    app.selectbox(key="check-channel").select_index(1).run()
    file = samples / PHOTO
    app.file_uploader[0].set_value([(file.name, file.read_bytes(), "")]).run()
    return pressed(app, "Check")


def audited(_samples: Path) -> AppTest:
    return pressed(opened("print.pieces", piece="P-0001"), "Audit")


def searched(_samples: Path) -> AppTest:
    return pressed(opened("register.case", case="R-0001"), "Search all photos")


def rechecked(_samples: Path) -> AppTest:
    app = AppTest.from_string(page_script("published.publications"), default_timeout=TIMEOUT)
    app.session_state["actor"] = ANYBODY
    app.session_state["published-shown"] = "Scheduled"
    return pressed(app.run(), "Check all again")


DOORS: dict[str, Callable[[Path], AppTest]] = {
    "check": checked,
    "audit": audited,
    "sweep": searched,
    "recheck": rechecked,
}


def said_by(app: AppTest) -> str:
    titles = [f"{cell['title']} {cell['words']}" for cell in cells(app).values()]
    return "\n".join([texts(app), *titles])


@pytest.mark.parametrize(
    "door",
    ["check", *(pytest.param(door, marks=pytest.mark.slow) for door in DOORS if door != "check")],
)
def test_each_page_finds_the_person_where_nothing_is_wrong(door: str, home: Path, samples: Path):
    said = said_by(DOORS[door](samples))
    assert "Do not use" in said or "R-0001" in said, said


@pytest.mark.parametrize(
    "what",
    [pytest.param(what, marks=() if what in AT_ONCE else pytest.mark.slow) for what in SPOILT],
)
def test_what_is_spoilt_is_never_clear_on_a_page(
    what: str, home: Path, samples: Path, monkeypatch: pytest.MonkeyPatch
):
    if SPOILT[what] in LOST:
        assert "Do not use" in said_by(checked(samples))
    SPOILT[what](home, monkeypatch)
    # With the database go the sessions of everybody: nobody sees a page before it is back.
    for door in ["check"] if SPOILT[what] in LOST else DOORS:
        started_anew()
        app = DOORS[door](samples)
        said = said_by(app)
        assert not app.exception, door
        assert "No match found" not in said, f"{door}: {said}"
        # What is in the photo all the same is still found.
        found = "Do not use" in said or any(step in said for step in (*NEXT_STEPS, NO_CASE))
        assert found, f"{door}: {said}"


@pytest.mark.slow
@pytest.mark.parametrize("what", BESIDE)
def test_without_what_lies_beside_the_database_each_page_finds_the_person(
    what: str, home: Path, samples: Path, monkeypatch: pytest.MonkeyPatch
):
    BESIDE[what](home, monkeypatch)
    for door, ask in DOORS.items():
        started_anew()
        said = said_by(ask(samples))
        assert "Do not use" in said or "R-0001" in said, f"{door}: {said}"


def test_the_work_of_the_day_is_not_done_by_a_register_that_is_not_whole(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    SPOILT["encodings of photos of the person gone"](home, monkeypatch)

    begin_day_again(services_from_environment())

    said = texts(opened("published.takedowns"))
    assert "likeness doctor" in said
    assert "may be missing below" in said


@pytest.mark.slow
@pytest.mark.parametrize("step", [OPENED, LOOKED_AT])
def test_a_photo_that_crashes_a_process_is_a_problem_of_that_photo(
    step: str,
    home: Path,
    samples: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
):
    if step == LOOKED_AT:
        request.getfixturevalue("models_apart")
    ended_where(step, "it crashes", monkeypatch)
    started_anew()
    new = tmp_path / PHOTO
    new.parent.mkdir(parents=True)
    with Image.open(samples / "originals" / "obama2.jpg") as photo:
        photo.reduce(2).save(new)

    said = said_by(checked(tmp_path))
    assert "Not checked" in said
    assert "No match found" not in said

    app = opened("desk.record_revocation")
    photos = next(one for one in app.file_uploader if one.label == "Photos of the person")
    photos.set_value([(new.name, new.read_bytes(), "")]).run()
    assert not app.exception
    said = " ".join(one.value for one in app.error)
    assert ("save it again" if step == OPENED else "save the photo as JPEG") in said, texts(app)
