"""Check before posting, on the samples: the person is found, at the right face, in any copy."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from consent.cases.intake import scope_from_text
from consent.checking.check import check_photos
from consent.domain.actors import Actor
from consent.domain.decisions import DecisionState
from consent.domain.verdicts import Clearance, ClearanceReport, ReasonCode, Verdict
from consent.domain.wording import clearance_to_dict
from consent.indexing.events import NewEvent
from consent.indexing.index import IndexRequest, index_photos
from consent.retention.proof import verify_log
from consent.review.decide import decide_sighting
from consent.services import Services
from consent.settings import ROOT
from media_index.types import Box
from tests.revocations import OBAMA, revoke
from tests.staff import ANYBODY
from tests.turned_photos import SAID, turned_otherwise

SAMPLES = ROOT / "data" / "samples"
MANIFEST = {
    entry["path"]: entry
    for entry in json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))["files"]
}
TALK = "events/2026-05-14 Author talk"
KICK_OFF = "events/2026-06-02 Summer reading kick-off"
REVOKED = "Barack Obama"
# The manifest's boxes are drawn by another detector: it must be the same face, not the same frame.
SAME_FACE = 0.5
PLACED = {ReasonCode.FACE, ReasonCode.EXACT, ReasonCode.NEAR_DUPLICATE}


def boxes_of(path: str, *, revoked: bool) -> list[Box]:
    return [
        Box(*person["box"])
        for person in MANIFEST[path]["people"]
        if (person["name"] == REVOKED) == revoked
    ]


def check(services: Services, actor: Actor, *paths: Path, use: str = "instagram"):
    return check_photos(services, paths, services.policy.use(use), actor, jobs=1)


def codes(clearance: Clearance) -> list[ReasonCode]:
    return [reason.code for reason in clearance.decision.reasons]


@dataclass
class Checked:
    """The samples, checked once for the tests that only read the answer."""

    report: ClearanceReport

    def of(self, path: str) -> Clearance:
        (found,) = [one for one in self.report.clearances if Path(one.path) == SAMPLES / path]
        return found


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def checked(
    request: pytest.FixtureRequest, weights: Path, tmp_path_factory: pytest.TempPathFactory
) -> Checked:
    from consent.bootstrap import build_services
    from consent.settings import Settings

    home, url = tmp_path_factory.mktemp("checked") / "home", ""
    home.mkdir()
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("samples_indexed_once") / "likeness.db", home)
    else:
        server = request.getfixturevalue("postgres_server")
        _, indexed = request.getfixturevalue("samples_indexed_in_postgres")
        url = server.url(server.make(indexed))
    services = build_services(Settings(home=home, database_url=url))
    (home / "weights").symlink_to(weights, target_is_directory=True)
    staff = ANYBODY
    revoke(services, OBAMA)
    report = check(services, staff, SAMPLES)
    services.close()
    return Checked(report)


def test_every_sample_has_an_answer(checked: Checked):
    answered = [Path(one.path).relative_to(SAMPLES).as_posix() for one in checked.report.clearances]

    assert sorted(answered) == sorted(MANIFEST)
    assert answered == sorted(answered)


@pytest.mark.parametrize("path", [path for path in MANIFEST if boxes_of(path, revoked=True)])
def test_the_revoked_person_is_flagged_at_every_face_of_theirs_and_at_no_other(
    checked: Checked, path: str
):
    decision = checked.of(path).decision

    found = [reason.box for reason in decision.reasons if reason.code in PLACED and reason.box]
    assert decision.verdict is Verdict.BLOCKED
    for theirs in boxes_of(path, revoked=True):
        assert max(box.overlap(theirs) for box in found) >= SAME_FACE
    for other in boxes_of(path, revoked=False):
        assert all(box.overlap(other) < 0.1 for box in found)
    assert {reason.revocation for reason in decision.reasons} == {"R-0001"}


@pytest.mark.parametrize(
    "path",
    [
        path
        for path, entry in MANIFEST.items()
        if not boxes_of(path, revoked=True) and entry["kind"] != "broken"
    ],
)
def test_who_has_not_revoked_is_clear(checked: Checked, path: str):
    clearance = checked.of(path)

    assert clearance.decision.verdict is Verdict.CLEAR
    assert clearance.decision.reasons == ()
    assert len(clearance.faces) >= len(MANIFEST[path]["people"])


def test_the_samples_hold_the_photos_that_were_promised():
    flagged = {path for path in MANIFEST if boxes_of(path, revoked=True)}
    clear = set(MANIFEST) - flagged

    assert {"originals/obama2.jpg", "originals/obama3.jpg"} <= flagged
    assert {f"{KICK_OFF}/obama.heic", f"{TALK}/obama-turned.jpg"} <= flagged
    assert {"originals/biden.jpg", "originals/astronaut.png"} <= clear


@pytest.mark.parametrize(
    "path",
    [
        f"{TALK}/obama-recompressed.jpg",
        f"{TALK}/obama-cropped.jpg",
        f"{TALK}/obama-turned.jpg",
        f"{KICK_OFF}/obama.heic",
        f"{KICK_OFF}/obama.webp",
        f"{KICK_OFF}/obama-alpha.png",
    ],
)
def test_a_copy_of_the_reference_is_known_as_a_copy_too(checked: Checked, path: str):
    assert ReasonCode.NEAR_DUPLICATE in codes(checked.of(path))


def test_a_truncated_photo_is_not_checked_and_says_why(checked: Checked):
    clearance = checked.of(f"{TALK}/truncated.jpg")

    (reason,) = clearance.decision.reasons
    assert clearance.decision.verdict is Verdict.NOT_CHECKED
    assert reason.code is ReasonCode.UNREADABLE
    assert "damaged or incomplete" in reason.detail
    assert clearance.sha256 is None


def test_scores_come_with_their_threshold_and_rarity(checked: Checked):
    for clearance in checked.report.clearances:
        for reason in clearance.decision.reasons:
            if reason.code is ReasonCode.FACE:
                assert reason.match is not None
                assert reason.match.score >= reason.match.threshold
                assert reason.match.false_matches_per_million is not None
                assert 0 < reason.match.false_matches_per_million < 50


def test_the_same_bytes_elsewhere_are_known_without_looking_at_faces(
    indexed_samples: Services, actor: Actor, tmp_path: Path
):
    revoke(indexed_samples, OBAMA)
    folder = tmp_path / "tomorrow"
    folder.mkdir()
    shutil.copy(SAMPLES / "originals" / "obama.jpg", folder / "IMG_0001.JPG")

    (clearance,) = check(indexed_samples, actor, folder).clearances

    assert clearance.path == str(folder / "IMG_0001.JPG")
    assert clearance.decision.verdict is Verdict.BLOCKED
    assert codes(clearance) == [ReasonCode.EXACT]


def test_a_revocation_of_print_lets_instagram_through_and_says_so(
    indexed_samples: Services, actor: Actor
):
    revoke(indexed_samples, OBAMA, scope=scope_from_text(indexed_samples, "print"))
    photo = SAMPLES / "originals" / "obama2.jpg"

    (online,) = check(indexed_samples, actor, photo).clearances
    (printed,) = check(indexed_samples, actor, photo, use="newsletter").clearances

    assert online.decision.verdict is Verdict.CLEAR
    assert ReasonCode.OUTSIDE_SCOPE in [note.code for note in online.decision.notes]
    assert printed.decision.verdict is Verdict.BLOCKED


def test_a_revocation_makes_what_was_cleared_before_stale(indexed_samples: Services, actor: Actor):
    photo = SAMPLES / "originals" / "obama2.jpg"

    before = check(indexed_samples, actor, photo)
    revoke(indexed_samples, OBAMA)
    after = check(indexed_samples, actor, photo)

    assert before.clearances[0].decision.verdict is Verdict.CLEAR
    assert after.clearances[0].decision.verdict is Verdict.BLOCKED
    assert after.register_version > before.register_version


def test_who_was_rejected_as_another_stays_rejected_when_the_photo_is_indexed_again(
    indexed_samples: Services, actor: Actor
):
    label = revoke(indexed_samples, OBAMA)
    photo = SAMPLES / "originals" / "obama2.jpg"
    (first,) = check(indexed_samples, actor, photo).clearances
    (reason,) = first.decision.reasons
    decide_sighting(
        indexed_samples, label, str(first.sha256), reason.box, DecisionState.REJECTED, actor
    )

    index_photos(indexed_samples, IndexRequest([photo], verify=True, retry=True), actor)
    (again,) = check(indexed_samples, actor, photo).clearances

    assert again.decision.verdict is Verdict.CLEAR


def test_a_confirmation_that_was_taken_back_no_longer_marks_copies(
    indexed_samples: Services, actor: Actor
):
    label = revoke(indexed_samples, OBAMA)
    original, copy = (
        SAMPLES / path for path in ("originals/obama.jpg", f"{TALK}/obama-recompressed.jpg")
    )
    first = check(indexed_samples, actor, original, copy).clearances
    assert ReasonCode.NEAR_DUPLICATE in codes(first[1])
    (confirmed,) = [one for one in first[0].decision.reasons if one.code is ReasonCode.EXACT]

    decide_sighting(
        indexed_samples, label, str(first[0].sha256), confirmed.box, DecisionState.REJECTED, actor
    )
    again = check(indexed_samples, actor, original, copy).clearances

    assert ReasonCode.EXACT not in codes(again[0])
    assert ReasonCode.NEAR_DUPLICATE not in codes(again[1])
    # The same face in a copy of the same picture: it is not asked about again.
    assert codes(again[1]) == []


def test_a_photo_of_an_event_behind_closed_doors_needs_a_look(
    indexed_samples: Services, actor: Actor
):
    photo = SAMPLES / "originals" / "biden.jpg"
    event = NewEvent("Grief circle", date(2026, 5, 1), public_space=False)
    index_photos(indexed_samples, IndexRequest([photo], event=event), actor)

    (clearance,) = check(indexed_samples, actor, photo).clearances

    assert clearance.decision.verdict is Verdict.REVIEW
    assert codes(clearance) == [ReasonCode.NO_PUBLIC_SPACE]


@pytest.mark.parametrize(("name", "said"), SAID.items())
def test_a_photo_said_to_be_turned_otherwise_is_looked_at_both_ways_and_says_so(
    services: Services, actor: Actor, tmp_path: Path, name: str, said: str
):
    label = revoke(services, OBAMA)
    photo = tmp_path / name
    with Image.open(SAMPLES / "originals" / "obama2.jpg") as picture:
        picture.thumbnail((600, 600))
        photo.write_bytes(turned_otherwise(picture, name))

    (found,) = check(services, actor, photo).clearances

    assert found.decision.verdict is Verdict.BLOCKED
    assert {reason.revocation for reason in found.decision.reasons} == {label}
    notes = clearance_to_dict(found)["note_sentences"]
    assert [note for note in notes if note.startswith(said)]


def test_a_path_that_is_not_there_was_not_checked(services: Services, actor: Actor, tmp_path: Path):
    (clearance,) = check(services, actor, tmp_path / "gone.jpg").clearances

    assert clearance.decision.verdict is Verdict.NOT_CHECKED
    assert "no such file" in clearance.decision.reasons[0].detail


def test_without_weights_nothing_is_clear_and_the_next_step_is_said(
    open_services, actor: Actor, tmp_path: Path
):
    bare = open_services(home=tmp_path / "bare")

    (clearance,) = check(bare, actor, SAMPLES / "originals" / "biden.jpg").clearances

    assert clearance.decision.verdict is Verdict.NOT_CHECKED
    assert codes(clearance) == [ReasonCode.WEIGHTS_MISSING]
    assert "likeness weights" in clearance.decision.reasons[0].detail


def test_what_is_checked_never_changes_and_joins_the_index(
    services: Services, actor: Actor, tmp_path: Path
):
    photo = tmp_path / "coffee.png"
    shutil.copy(SAMPLES / "originals" / "coffee.png", photo)
    before = photo.read_bytes()

    check(services, actor, photo)

    assert photo.read_bytes() == before
    with services.reading() as unit:
        assert unit.photos.counts()["photos"] == 1


def test_the_log_of_all_this_is_unbroken_and_holds_no_names_and_no_encodings(
    indexed_samples: Services, actor: Actor
):
    revoke(indexed_samples, OBAMA)
    check(indexed_samples, actor, SAMPLES / "originals" / "obama2.jpg")

    with indexed_samples.reading() as unit:
        entries = list(unit.audit.entries())
    assert verify_log(indexed_samples).faults == ()
    assert {"revocation:recorded", "template:added", "sighting:decided", "clearance:given"} <= {
        entry.action for entry in entries
    }
    for entry in entries:
        text = json.dumps(entry.details)
        assert "obama" not in text.casefold()
        assert "barack" not in text.casefold()
        assert len(text) < 400, "long enough for an encoding"
        assert "." not in text, "encodings are fractions, ids and counts are not"
