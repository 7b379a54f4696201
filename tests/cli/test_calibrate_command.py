"""likeness calibrate: rates fitted to the library's own photos, logged and taken back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from consent.bootstrap import services_from_environment
from consent.domain.actors import Actor, Role
from consent.domain.errors import BadInputError
from consent.indexing.refit import apply_recalibration, recalibrate
from media_index.faces.encode import DLIB, SFACE
from media_index.types import Box, Face, FaceQuality
from tests.cli.command_cases import ORIGINALS, Run, refused
from tests.contract.photo_cases import NOW, fingerprint
from tests.staff import ANYBODY

# Encodes photos again and again; .ci/run runs it.
pytestmark = pytest.mark.slow

OBAMA2 = ORIGINALS / "obama2.jpg"
APPLY = ["calibrate", "--apply", "--reason", "The archive is indexed"]


def crowd(random: np.random.Generator, alike: float) -> tuple[Face, ...]:
    """Six strangers side by side, whose encodings have something in common."""
    shared = random.normal(size=128)

    def vector(length: float) -> np.ndarray:
        made = random.normal(size=128) + alike * shared
        return (made / np.linalg.norm(made) * length).astype(np.float32)

    return tuple(
        Face(
            index,
            Box(300 * index, 100, 300 * index + 200, 300),
            ((0.0, 0.0),) * 5,
            0.95,
            FaceQuality(200.0, 300.0, 0.0),
            {DLIB: vector(0.6), SFACE: vector(1.0)},
        )
        for index in range(6)
    )


def add_crowds(alike: float) -> None:
    """Index three hundred photos of six strangers each."""
    random = np.random.default_rng(5)
    with services_from_environment().writing() as unit:
        photos = [
            replace(fingerprint(one, faces=0), faces=crowd(random, alike)) for one in range(300)
        ]
        unit.photos.add(photos, NOW)
        unit.commit()


@pytest.fixture
def archive(revoked: Path) -> Path:
    """The samples, and photos of strangers."""
    add_crowds(0.35)
    return revoked


def test_before_and_after_are_shown_and_nothing_is_changed(run: Run, archive: Path):
    found = run("calibrate", "--json").data

    assert found["applied"] is False
    assert found["pairs_of_strangers"] >= 300 * 15
    assert found["counted_down_to_per_million"] <= 10 / (300 * 15) * 1e6
    assert found["review"]["after"]["score"] != found["review"]["before"]["score"]
    said = run("calibrate").out
    assert "pairs of faces" in said
    assert "Nothing was changed" in said
    with services_from_environment().reading() as unit:
        assert unit.calibrations.count() == 0


def test_applied_it_is_in_use_logged_and_makes_old_clearances_stale(run: Run, archive: Path):
    before = run("status", "--json").data
    score = run("calibrate", "--json").data["review"]["after"]["score"]

    applied = run(*APPLY, "--json", "--as", "Ada:director")

    assert applied.code == 0
    assert applied.data["applied"] is True
    after = run("status", "--json").data
    assert "own photos" in after["calibration"]
    assert after["register_version"] > before["register_version"]
    checked = run("check", OBAMA2, "--use", "facebook", "--json").data["photos"][0]
    assert checked["verdict"] == "BLOCKED"
    services = services_from_environment()
    review = services.policy.matching.review_per_million
    assert services.calibration.score_at(review) == pytest.approx(score, abs=1e-3)
    with services.reading() as unit:
        entry = list(unit.audit.entries_of(["calibration"]))[-1]
    assert (entry.action, entry.actor_id) == ("calibration:changed", "Ada")
    assert entry.details["reason"] == "The archive is indexed"


def test_taken_back_the_former_rates_hold_again(run: Run, archive: Path):
    before = services_from_environment().calibration
    run(*APPLY)

    back = run("calibrate", "--back", "--reason", "Too many flags")

    assert back.out.startswith(f"In use: {before.id}.")
    assert services_from_environment().calibration.score_at(50) == before.score_at(50)


def test_rates_by_which_more_would_be_missed_are_not_applied(run: Run, revoked: Path):
    add_crowds(0.9)

    refused(run(*APPLY), "mirrors, collages or pictures of pictures")

    assert run("check", OBAMA2, "--use", "facebook").code == 1


def test_rates_by_which_a_confirmed_match_would_be_missed_are_not_applied(archive: Path):
    services = services_from_environment()
    found = recalibrate(services, ANYBODY)
    before, after = found.review
    worse = replace(found, confirmed=3, review=(before, replace(after, confirmed_missed=2)))

    with pytest.raises(BadInputError, match="2 of 3 matches that people confirmed would be missed"):
        apply_recalibration(services, worse, "Fewer flags", Actor("Ada", Role.DIRECTOR))

    assert services.calibration.id == found.before.id


def test_it_says_what_is_missing(run: Run, revoked: Path):
    refused(run("calibrate"), "too few to count false matches; 2,000 are needed")
    refused(run("calibrate", "--back", "--reason", "Doubt"), "nothing to go back to")
    refused(run("calibrate", "--apply", "--back"), "Use either --apply or --back")


def test_without_a_reason_nothing_is_applied(run: Run, archive: Path):
    refused(run("calibrate", "--apply"), "Say why")
    assert services_from_environment().calibration.id.startswith("fused-")
    assert "+own" not in services_from_environment().calibration.id
