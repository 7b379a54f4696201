"""Another encoder, put in use from the status page."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from consent.bootstrap import services_from_environment
from consent.domain.actors import Actor
from consent.domain.errors import ConflictError, RefusedError
from consent.domain.jobs import Job, JobState
from consent.jobs import runner
from consent.jobs.encode import ENCODING, read_encoding, start_encoding
from consent.services import Services
from consent.settings import Settings
from media_index.faces.encode import SFACE
from media_index.faces.onnx_encoder import model_file
from media_index.faces.weights import SFACE_WEIGHTS
from media_index.matching.calibration import shipped_calibration
from tests.staff import ANYBODY
from tests.ui.page_cases import DIRECTOR, STAFF, labels, opened, press, texts

# Encodes photos again and again; .ci/run runs it.
pytestmark = pytest.mark.slow

BUTTON = "Encode the rest, and use it"
LICENCE = "non-commercial research only"


@pytest.fixture
def other(
    revoked: Services, tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> Services:
    """The services with SFace's file as another encoder."""
    file = Path(shutil.copy(weights / SFACE_WEIGHTS.name, tmp_path / "other.onnx"))
    shipped = shipped_calibration()
    scales = {model_file(file).model_id: shipped.scales[SFACE]}
    document = replace(shipped, id="other-2026-11-24", scales=scales).as_json()
    (tmp_path / "other.json").write_text(document)
    monkeypatch.setenv("LIKENESS_ENCODER", str(file))
    monkeypatch.setenv("LIKENESS_ENCODER_CALIBRATION", str(tmp_path / "other.json"))
    services_from_environment.cache_clear()
    st.cache_resource.clear()
    return services_from_environment()


def finished(services: Services) -> Job:
    """Wait for the process that a page has started."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        job = read_encoding(services, ANYBODY)
        assert job is not None
        if job.state in {JobState.DONE, JobState.FAILED}:
            return job
        time.sleep(0.2)
    pytest.fail("The job did not end.")


def page(actor: Actor) -> AppTest:
    return opened("admin.status", actor)


def test_without_another_encoder_nothing_is_said_of_one(revoked: Services) -> None:
    app = page(DIRECTOR)

    assert "Another encoder" not in texts(app)
    assert BUTTON not in labels(app)
    assert read_encoding(revoked, ANYBODY) is None


def test_a_director_puts_it_in_use_and_everybody_sees_how_far_it_is(other: Services) -> None:
    assert isinstance(other.settings, Settings)
    staff = page(STAFF)
    assert "not in use yet; 0 of" in texts(staff)
    assert LICENCE in texts(staff)
    assert "A director or an administrator can switch to it." in texts(staff)
    assert BUTTON not in labels(staff)

    app = press(page(DIRECTOR), BUTTON)

    assert BUTTON not in labels(app)
    with pytest.raises(ConflictError, match="already"):
        start_encoding(other, DIRECTOR)
    job = finished(other)
    assert (job.state, job.message) == (JobState.DONE, "")
    said = texts(page(STAFF))
    assert "in use;" in said
    assert "The program now compares faces with it." in said
    assert BUTTON not in labels(page(DIRECTOR))
    assert set(other.calibration.scales) == {model_file(other.settings.encoder).model_id}


def test_one_that_died_is_started_again(other: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    # The process of another test's job may still be ending.
    monkeypatch.setattr(runner, "_started", {})
    long_ago = other.now().replace(year=2020)
    dead = Job(ENCODING, ENCODING, JobState.RUNNING, {"begun_again": 2}, 3, 40, "", None, long_ago)
    with other.writing() as unit:
        unit.jobs.put(dead)
        unit.commit()

    app = page(DIRECTOR)

    assert "It stopped before it was done. The work so far is kept" in texts(app)
    assert BUTTON in labels(app)


def test_what_could_not_be_encoded_is_said_before_it_is_used_all_the_same(other: Services) -> None:
    said = "onnx:other: 40 faces encoded. A photo of the person in R-0001 cannot be encoded"
    done = Job(ENCODING, ENCODING, JobState.DONE, {}, 0, 0, "", {"said": said}, other.now())
    with other.writing() as unit:
        unit.jobs.put(done)
        unit.commit()

    app = page(DIRECTOR)

    assert said in texts(app)
    assert [one.label for one in app.checkbox] == ["Use it even if some faces can't be encoded"]
    assert app.checkbox[0].value is False


def test_what_is_missing_is_said_instead_of_the_button(
    other: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIKENESS_ENCODER_CALIBRATION")
    services_from_environment.cache_clear()
    st.cache_resource.clear()

    app = page(DIRECTOR)

    assert "has no calibration yet. Next step: run likeness bench calibration" in texts(app)
    assert BUTTON not in labels(app)


def test_who_may_not_change_it_cannot_start_it(other: Services) -> None:
    with pytest.raises(RefusedError, match="administrator, director"):
        start_encoding(other, STAFF)
    assert read_encoding(other, ANYBODY) is None
