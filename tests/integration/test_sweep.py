"""Sweep the index for a revoked person, best first."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from consent.cases.references import find_face, read_reference
from consent.cases.view import view_case
from consent.domain.actors import Actor
from consent.domain.decisions import DecisionState
from consent.domain.errors import NotFoundError
from consent.domain.manual import MANUAL
from consent.matching.gallery import FACE
from consent.matching.sweep import NO_FACE_KEPT, SweepReport, preview, sweep
from consent.review.decide import decide_sighting
from consent.services import Services
from consent.settings import ROOT
from pages.ui.decisions import headline
from tests.revocations import OBAMA, revoke
from tests.staff import ANYBODY

SAMPLES = ROOT / "data" / "samples"
SHOWING = {
    str(SAMPLES / entry["path"])
    for entry in json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))["files"]
    if any(person["name"] == "Barack Obama" for person in entry["people"])
}


@pytest.fixture
def label(indexed_samples: Services) -> str:
    return revoke(indexed_samples, OBAMA)


def paths(report: SweepReport) -> list[str]:
    return [path for hit in report.hits for path in hit.paths]


def actions(services: Services) -> list[str]:
    with services.reading() as unit:
        return [entry.action for entry in unit.audit.entries()]


def test_files_that_never_came_into_the_index_are_said(
    indexed_samples: Services, actor: Actor, label: str
):
    report = sweep(indexed_samples, label, actor)

    assert any(doubt.startswith("1 photo file could not be read") for doubt in report.doubts)
    nobody, no_photo = replace(report, hits=()), replace(report, hits=(), photos=0)
    for said in (headline(nobody), headline(no_photo)):
        assert said.startswith("Nothing found in ")


def test_a_search_for_somebody_without_a_face_says_that_no_face_was_compared(
    indexed_samples: Services, actor: Actor
):
    faceless = revoke(indexed_samples)

    report = sweep(indexed_samples, faceless, actor)

    assert NO_FACE_KEPT in report.doubts
    assert headline(report).startswith("Nothing found in ")


def test_every_photo_that_shows_the_person_is_found_and_no_other(
    indexed_samples: Services, actor: Actor, label: str
):
    report = sweep(indexed_samples, label, actor)

    assert set(paths(report)) == SHOWING
    assert (report.label, report.photos) == ("R-0001", 23)


def test_a_photo_that_was_only_handed_in_is_none_of_those_searched(
    indexed_samples: Services, actor: Actor, tmp_path: Path
):
    portrait = tmp_path / "portrait.jpg"
    with Image.open(OBAMA) as photo:
        photo.reduce(3).save(portrait)
    label = revoke(indexed_samples, portrait)

    assert sweep(indexed_samples, label, actor).photos == 23


def test_the_best_come_first(indexed_samples: Services, actor: Actor, label: str):
    hits = sweep(indexed_samples, label, actor).hits

    scores = [hit.match.score for hit in hits if hit.match.signal is FACE]
    assert hits[0].paths == (str(OBAMA),)
    assert hits[0].state is DecisionState.CONFIRMED
    assert scores == sorted(scores, reverse=True)
    assert all(hit.match.box for hit in hits if hit.match.signal is FACE)


def test_what_a_person_decided_is_said(indexed_samples: Services, actor: Actor, label: str):
    found = sweep(indexed_samples, label, actor).hits[3]
    decide_sighting(
        indexed_samples, label, found.sha256, found.match.box, DecisionState.REJECTED, actor
    )

    states = {hit.sha256: hit.state for hit in sweep(indexed_samples, label, actor).hits}

    assert states[found.sha256] is DecisionState.REJECTED


def test_a_decision_that_was_taken_back_is_none(
    indexed_samples: Services, actor: Actor, label: str
):
    before = len(view_case(indexed_samples, label, actor).photos)
    found = sweep(indexed_samples, label, actor).hits[3]
    for state in (DecisionState.CANNOT_TELL, DecisionState.SUGGESTED):
        decide_sighting(indexed_samples, label, found.sha256, found.match.box, state, actor)

    again = sweep(indexed_samples, label, actor)
    view = view_case(indexed_samples, label, actor)

    assert {hit.sha256: hit.state for hit in again.hits}[found.sha256] is None
    assert len(view.photos) == before
    assert found.sha256 not in {one.sha256 for one in view.photos}
    (shown,) = (one for one in view.photos_with(again) if one.sha256 == found.sha256)
    assert shown.state is None


def test_a_photo_that_somebody_confirmed_by_hand_is_listed(
    indexed_samples: Services, actor: Actor, label: str
):
    with indexed_samples.reading() as unit:
        ((sha256, _),) = [
            place
            for place in unit.photos.places_starting("")
            if place[1].endswith("refreshments-no-face.jpg")
        ]
    decide_sighting(indexed_samples, label, sha256, None, DecisionState.CONFIRMED, actor)

    by_hand = [hit for hit in sweep(indexed_samples, label, actor).hits if hit.sha256 == sha256]
    assert [hit.match.signal for hit in by_hand] == [MANUAL]

    decide_sighting(indexed_samples, label, sha256, None, DecisionState.REJECTED, actor)

    assert sha256 not in {hit.sha256 for hit in sweep(indexed_samples, label, actor).hits}


def test_a_sweep_is_logged_and_a_preview_keeps_nothing(
    indexed_samples: Services, actor: Actor, label: str
):
    before = actions(indexed_samples)
    found = find_face(indexed_samples, read_reference(indexed_samples, str(OBAMA)))

    shown = preview(indexed_samples, [found], ANYBODY)
    assert actions(indexed_samples) == before
    assert set(paths(shown)) == SHOWING

    sweep(indexed_samples, label, actor)
    assert actions(indexed_samples) == [*before, "revocation:swept"]


@pytest.mark.parametrize("name", ["R-0002", "", "R-", "obama", "-1", "9" * 40, "R-0001x"])
def test_a_case_that_is_not_there_is_a_sentence(services: Services, actor: Actor, name: str):
    with pytest.raises(NotFoundError, match="There is no revocation"):
        sweep(services, name, actor)


@pytest.mark.parametrize("name", ["R-0001", "r-1", "1", "R1", " 0001 "])
def test_a_case_goes_by_its_number(services: Services, actor: Actor, name: str):
    revoke(services)

    assert sweep(services, name, actor).label == "R-0001"
