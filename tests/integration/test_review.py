"""The review queue: each pair is asked once, whatever happens to index, files and models."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image, ImageFilter

from consent.cases.added_references import remove_reference, use_as_reference
from consent.cases.change import end_template_agreement
from consent.cases.references import photo_named
from consent.cases.search import show_case
from consent.checking.check import check_photos
from consent.domain.actors import Actor, Role
from consent.domain.decisions import DecisionState, FaceKind
from consent.domain.errors import BadInputError, ConflictError
from consent.domain.review import Pair, PairKind
from consent.domain.signals import Evidence, Match, Signal
from consent.domain.terms import Locator
from consent.domain.verdicts import PersonMatch, ReasonCode, Verdict
from consent.domain.wording import sentence
from consent.indexing.events import NewEvent
from consent.indexing.index import IndexRequest, index_photos
from consent.indexing.rebuild import renew_index
from consent.matching.all_finders import Finders
from consent.matching.finder import Finder, Findings
from consent.matching.sweep import sweep
from consent.publishing.record import Posting, record_publications
from consent.review.asked import all_pairs
from consent.review.decide import (
    NewDecision,
    decide_faces,
    nobody_recognized,
    record_decisions,
)
from consent.review.pairs import view_pair
from consent.review.queue import review_queue
from consent.services import Services
from consent.settings import ROOT
from consent.status import read_status
from media_index.faces.encode import SFACE
from media_index.types import Box, Fingerprint, Problem
from tests.revocations import OBAMA, revoke
from tests.staff import ANYBODY

SAMPLES = ROOT / "data" / "samples"
MANIFEST = {
    entry["path"]: entry
    for entry in json.loads((SAMPLES / "manifest.json").read_text(encoding="utf-8"))["files"]
}
NAMES = {"R-0001": "Barack Obama", "R-0002": "Joe Biden"}
STAFF = Actor("Cam Lee", Role.COMMUNICATIONS, frozenset({Role.PRINT_EDITOR, Role.DESK}))
DIRECTOR = Actor("Di Rossi", Role.DIRECTOR)
TALK = "events/2026-05-14 Author talk"


@pytest.fixture
def reviewed(indexed_samples: Services) -> Services:
    """Two people who revoked, and an index of the samples with their events."""
    return prepared(indexed_samples, SAMPLES)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The samples, where they may be moved from."""
    return Path(shutil.copytree(SAMPLES, tmp_path / "archive"))


def prepared(services: Services, archive: Path) -> Services:
    for folder in sorted((archive / "events").iterdir()):
        day, _, name = folder.name.partition(" ")
        event = NewEvent(name, date.fromisoformat(day), "Main library", public_space=True)
        index_photos(services, IndexRequest([folder], event=event, jobs=1), STAFF)
    index_photos(services, IndexRequest([archive / "originals"], jobs=1), STAFF)
    for name in ("obama.jpg", "biden.jpg"):
        revoke(services, OBAMA.with_name(name))
    return services


def add_photo(services: Services, made: Image.Image, path: Path) -> str:
    made.save(path, quality=60)
    index_photos(services, IndexRequest([path], jobs=1), STAFF)
    return photo_named(services, str(path))


def opened(name: str) -> Image.Image:
    with Image.open(SAMPLES / name) as picture:
        return picture.convert("RGB")


def check(services: Services, *paths: Path):
    return check_photos(services, paths, services.policy.use("facebook"), STAFF, jobs=1)


def pairs(services: Services) -> tuple[Pair, ...]:
    """What the table asks, which is what would be worked out from nothing."""
    kept = tuple(review_queue(services, ANYBODY).pairs)
    with services.reading() as unit:
        worked_out = [pair for pair in all_pairs(services, unit) if not pair.settled]
    assert {pair.key: pair for pair in kept} == {pair.key: pair for pair in worked_out}
    return kept


def truth(services: Services, pair: Pair) -> bool:
    """Say, by the manifest, whether a face is the person's."""
    with services.reading() as unit:
        (place, *_) = unit.photos.places_of([pair.photo_sha256])[pair.photo_sha256]
    path = next(path for path in MANIFEST if place.endswith(path))
    return any(
        person["name"] == NAMES[str(pair.label)]
        and pair.box is not None
        and Box(*person["box"]).overlap(pair.box) > 0.2
        for person in MANIFEST[path]["people"]
    )


def decide_all(services: Services) -> dict[DecisionState, int]:
    """Decide every pair about a case as the manifest has it."""
    counts = dict.fromkeys(DecisionState, 0)
    while asked := [pair for pair in pairs(services) if pair.label is not None]:
        pair = asked[0]
        state = DecisionState.CONFIRMED if truth(services, pair) else DecisionState.REJECTED
        if pair.kind is PairKind.SCENE:
            state = DecisionState.CANNOT_TELL
        record_decisions(
            services, [NewDecision(str(pair.label), pair.photo_sha256, pair.box, state)], STAFF
        )
        counts[state] += 1
    return counts


def states(services: Services, label: str) -> dict[str, DecisionState | None]:
    return {hit.sha256: hit.state for hit in sweep(services, label, STAFF).hits}


def with_another_encoder(services: Services) -> Services:
    """Give SFace another version: the same network under a new name."""

    def renamed(seen: Fingerprint) -> Fingerprint:
        faces = [
            replace(
                face,
                encodings={
                    model.replace(SFACE, "sface-next"): vector
                    for model, vector in face.encodings.items()
                },
            )
            for face in seen.faces
        ]
        return replace(seen, faces=tuple(faces))

    def work(path: Path) -> Fingerprint | Problem:
        outcome = services.fingerprint_file(path)
        return renamed(outcome) if isinstance(outcome, Fingerprint) else outcome

    def look(content: bytes):
        seen, picture = services.fingerprint_bytes(content)
        return renamed(seen), picture

    scales = {
        model.replace(SFACE, "sface-next"): scale
        for model, scale in services.calibration.scales.items()
    }
    calibration = replace(services.calibration, scales=scales, id="next")
    return replace(
        services,
        fingerprint_file=work,
        fingerprint_bytes=look,
        calibrations=lambda: calibration,
    )


@pytest.mark.slow
def test_nothing_is_asked_twice_after_a_new_index_new_encoders_and_a_move(
    services: Services, archive: Path, tmp_path: Path
):
    reviewed = prepared(services, archive)
    counts = decide_all(reviewed)
    assert counts[DecisionState.CONFIRMED] > 5
    before = {label: states(reviewed, label) for label in NAMES}

    archive.rename(tmp_path / "moved")
    index_photos(reviewed, IndexRequest([tmp_path / "moved"], jobs=1), STAFF)
    assert not [pair for pair in pairs(reviewed) if pair.label]

    renewed = renew_index(reviewed, Actor("Ari Cole", Role.ADMIN), jobs=1)
    assert renewed.renewed > 20
    assert not [pair for pair in pairs(reviewed) if pair.label]

    other = with_another_encoder(reviewed)
    astronaut = tmp_path / "moved" / "originals" / "astronaut.png"
    (stale,) = check(other, astronaut).clearances
    # Not compared with the new encoders yet, and never clear because of that.
    assert ReasonCode.UNCOMPARABLE_FACE in [one.code for one in stale.decision.reasons]
    missed = sweep(other, "R-0001", STAFF).not_compared
    assert missed == read_status(other, ANYBODY).not_compared
    assert missed.photos > 5
    report = renew_index(other, Actor("Ari Cole", Role.ADMIN), jobs=1)
    assert sweep(other, "R-0001", STAFF).not_compared.photos == 0
    assert (report.templates, report.lost) == (2, [])
    assert not [pair for pair in pairs(other) if pair.label]
    after = {label: states(other, label) for label in NAMES}
    for label, decided in before.items():
        assert {sha: after[label].get(sha) for sha in decided} == decided


def test_a_decision_carries_over_to_copies_of_the_photo(reviewed: Services, tmp_path: Path):
    name = f"{TALK}/stage-obama-biden.jpg"
    stage = photo_named(reviewed, str(SAMPLES / name))
    asked = [pair for pair in pairs(reviewed) if pair.photo_sha256 == stage]
    assert asked
    rulings = [
        NewDecision(str(pair.label), stage, pair.box, DecisionState.REJECTED) for pair in asked
    ]
    record_decisions(reviewed, rulings, STAFF)

    picture = opened(name)
    small = tmp_path / "small.jpg"
    copy = add_photo(reviewed, picture.resize((900, picture.height * 900 // picture.width)), small)

    assert not [pair for pair in pairs(reviewed) if pair.photo_sha256 == copy]
    (clearance,) = check(reviewed, small).clearances
    assert ReasonCode.FACE not in [one.code for one in clearance.decision.reasons]


def test_a_part_of_a_confirmed_photo_is_known_by_its_local_features(
    reviewed: Services, tmp_path: Path
):
    name = f"{TALK}/stage-obama-biden.jpg"
    stage = photo_named(reviewed, str(SAMPLES / name))
    # Somebody seen from behind: no face to compare, at the left edge and at the right one.
    picture = opened(name)
    left, right = Box(5, 5, 60, 60), Box(picture.width - 60, 5, picture.width - 5, 60)
    unseen = revoke(reviewed, minor=True, guardian="G.")
    for box in (left, right):
        record_decisions(
            reviewed, [NewDecision(unseen, stage, box, DecisionState.CONFIRMED)], STAFF
        )

    half = picture.crop((0, 0, picture.width * 6 // 10, picture.height)).transpose(
        Image.Transpose.FLIP_LEFT_RIGHT
    )
    add_photo(reviewed, half, tmp_path / "half.jpg")

    (clearance,) = check(reviewed, tmp_path / "half.jpg").clearances
    found = [one for one in clearance.decision.reasons if one.revocation == unseen]
    assert [one.code for one in found] == [ReasonCode.NEAR_DUPLICATE]
    # The left one only, which the mirror puts at the right edge of the half.
    assert found[0].box is not None
    assert found[0].box.x2 > half.width * 0.9


def test_a_decision_can_be_taken_back_and_is_asked_again(reviewed: Services):
    pair = next(pair for pair in pairs(reviewed) if pair.kind is PairKind.FACE)
    for state, waits in ((DecisionState.CANNOT_TELL, False), (DecisionState.SUGGESTED, True)):
        ruling = NewDecision(str(pair.label), pair.photo_sha256, pair.box, state)
        record_decisions(reviewed, [ruling], STAFF)
        assert (pair.key in {one.key for one in pairs(reviewed)}) is waits


def test_what_was_compared_is_kept_up_to_date(reviewed: Services, tmp_path: Path):
    first = {pair.key for pair in pairs(reviewed)}

    revoke(reviewed, OBAMA.with_name("obama3.jpg"))
    turned = opened("originals/obama2.jpg").rotate(7)
    add_photo(reviewed, turned, tmp_path / "turned.jpg")

    assert {pair.key for pair in pairs(reviewed)} - first


def test_whatever_changes_the_queue_is_as_if_worked_out_anew(reviewed: Services, tmp_path: Path):
    """Steps of many kinds, each followed by a comparison with the computation: see `pairs`."""
    services = reviewed
    blurred = opened("originals/biden.jpg")
    blurred.thumbnail((800, 800))
    add_photo(services, blurred.filter(ImageFilter.GaussianBlur(10)), tmp_path / "blurred.jpg")
    check(services, tmp_path / "blurred.jpg", SAMPLES / TALK)
    pairs(services)
    label = revoke(services, OBAMA.with_name("astronaut.png"), minor=True, guardian="G.")
    first = pairs(services)
    faces = [pair for pair in first if pair.kind is PairKind.FACE]
    confirm, reject = faces[0], faces[-1]
    for pair, state in (
        (confirm, DecisionState.CONFIRMED),
        (reject, DecisionState.REJECTED),
        (confirm, DecisionState.SUGGESTED),
        (confirm, DecisionState.REJECTED),
        (confirm, DecisionState.CONFIRMED),
    ):
        ruling = NewDecision(str(pair.label), pair.photo_sha256, pair.box, state)
        record_decisions(services, [ruling], STAFF)
        pairs(services)
    # A part and a copy of what was confirmed, checked after it and before it is taken back.
    with services.reading() as unit:
        (place, *_) = unit.photos.places_of([confirm.photo_sha256])[confirm.photo_sha256]
    picture = opened(place)
    wide, high = picture.size
    part = picture.crop((0, 0, wide * 8 // 10, high))
    add_photo(services, part, tmp_path / "part.jpg")
    add_photo(services, picture.resize((wide // 2, high // 2)), tmp_path / "copy.jpg")
    check(services, tmp_path / "part.jpg", tmp_path / "copy.jpg")
    pairs(services)
    for state in (DecisionState.SUGGESTED, DecisionState.CONFIRMED):
        back = NewDecision(str(confirm.label), confirm.photo_sha256, confirm.box, state)
        record_decisions(services, [back], STAFF)
        pairs(services)
    for kind in (FaceKind.NO_PERSON, FaceKind.PERSON):
        asked = next(pair for pair in first if pair.key not in {confirm.key, reject.key})
        director = Actor("Di Rossi", Role.DIRECTOR)
        decide_faces(services, asked.photo_sha256, asked.boxes[:1], kind, director, "A doll.")
        waiting = {pair.key for pair in pairs(services)}
        assert (asked.key in waiting) is (kind is FaceKind.PERSON)
    end_template_agreement(services, label, "Asked to.", STAFF)
    pairs(services)
    later = replace(services, now=lambda: services.now() + timedelta(days=1))
    pairs(later)
    posted = Posting(
        services.policy.use("facebook"), later.today(), "https://fb.com/1", already_out=True
    )
    record_publications(later, [reject.photo_sha256], posted, STAFF)
    pairs(later)
    renew_index(later, Actor("Ari Cole", Role.ADMIN), jobs=1)
    assert pairs(later)


def test_what_is_out_comes_first(reviewed: Services):
    asked = [pair for pair in pairs(reviewed) if pair.kind is PairKind.FACE]
    last = asked[-1].photo_sha256
    facebook = Posting(
        reviewed.policy.use("facebook"), date(2026, 6, 3), "https://fb.com/1", already_out=True
    )
    record_publications(reviewed, [last], facebook, STAFF)

    assert pairs(reviewed)[0].photo_sha256 == last
    assert pairs(reviewed)[0].published_on == date(2026, 6, 3)


def test_a_face_that_cannot_be_compared_is_looked_at_once_until_somebody_new_revokes(
    reviewed: Services, tmp_path: Path
):
    blurred = opened("originals/biden.jpg")
    blurred.thumbnail((800, 800))
    add_photo(reviewed, blurred.filter(ImageFilter.GaussianBlur(10)), tmp_path / "blurred.jpg")
    check(reviewed, tmp_path / "blurred.jpg")
    (pair,) = [pair for pair in pairs(reviewed) if pair.kind is PairKind.UNCOMPARABLE]

    nobody_recognized(reviewed, pair.photo_sha256, pair.boxes, STAFF)
    assert pair.key not in {one.key for one in pairs(reviewed)}
    nobody_recognized(reviewed, pair.photo_sha256, pair.boxes, STAFF, taken_back=True)
    assert pair.key in {one.key for one in pairs(reviewed)}
    nobody_recognized(reviewed, pair.photo_sha256, pair.boxes, STAFF)

    revoke(reviewed, OBAMA.with_name("astronaut.png"))
    assert pair.key in {one.key for one in pairs(reviewed)}


def test_a_person_seen_minutes_before_is_looked_for_by_what_they_wear(reviewed: Services):
    """As a note; nobody is asked about it unless the policy asks."""
    panel = photo_named(reviewed, str(SAMPLES / TALK / "panel-astronaut-obama-biden.jpg"))
    asked = next(
        pair for pair in pairs(reviewed) if (pair.photo_sha256, pair.label) == (panel, "R-0002")
    )
    seen = NewDecision("R-0002", panel, asked.box, DecisionState.CONFIRMED, wearing="a green coat")
    record_decisions(reviewed, [seen], STAFF)

    nearby = SAMPLES / TALK / "obama-turned.jpg"
    sha256 = photo_named(reviewed, str(nearby))
    assert not reviewed.policy.same_scene.asks
    assert PairKind.SCENE not in {pair.kind for pair in pairs(reviewed)}
    asking = replace(
        reviewed,
        policy=replace(reviewed.policy, same_scene=replace(reviewed.policy.same_scene, asks=True)),
    )
    (hint,) = [
        pair for pair in pairs(asking) if (pair.kind, pair.photo_sha256) == (PairKind.SCENE, sha256)
    ]
    assert hint.hint == "around this time (6:47 PM). Look for a green coat"
    (clearance,) = check(reviewed, nearby).clearances
    (note,) = [one for one in clearance.decision.notes if one.code is ReasonCode.SAME_SCENE]
    said = "R-0002 was at this event around this time (6:47 PM). Look for a green coat."
    assert sentence(note) == said

    elsewhere = NewDecision("R-0002", sha256, None, DecisionState.REJECTED)
    record_decisions(asking, [elsewhere], STAFF)
    assert hint.key not in {pair.key for pair in pairs(asking)}
    back = replace(elsewhere, state=DecisionState.SUGGESTED)
    record_decisions(asking, [back], STAFF)
    assert hint.key in {pair.key for pair in pairs(asking)}


def test_a_person_without_a_face_to_be_seen_is_tagged_by_hand(reviewed: Services):
    photo = SAMPLES / TALK / "refreshments-no-face.jpg"
    sha256 = photo_named(reviewed, str(photo))
    outside = NewDecision("R-0001", sha256, Box(0, 0, 90_000, 10), DecisionState.CONFIRMED)
    with pytest.raises(BadInputError, match="is not inside the photo"):
        record_decisions(reviewed, [outside], STAFF)
    drawn = NewDecision(
        "R-0001", sha256, Box(10, 20, 110, 140), DecisionState.CONFIRMED, "By hand."
    )
    record_decisions(reviewed, [drawn], STAFF)

    (clearance,) = check(reviewed, photo).clearances
    assert clearance.decision.verdict is Verdict.BLOCKED
    assert clearance.decision.reasons[0].box == Box(10, 20, 110, 140)


def test_a_confirmed_face_becomes_a_reference_only_when_somebody_says_so(
    reviewed: Services,
):
    pair = next(
        pair for pair in pairs(reviewed) if pair.label == "R-0001" and truth(reviewed, pair)
    )
    with pytest.raises(ConflictError, match="Confirm first"):
        use_as_reference(reviewed, "R-0001", pair.photo_sha256, pair.boxes[0], STAFF)
    confirmed = NewDecision("R-0001", pair.photo_sha256, pair.box, DecisionState.CONFIRMED)
    record_decisions(reviewed, [confirmed], STAFF)
    assert len(show_case(reviewed, "R-0001", DIRECTOR).templates) == 1

    use_as_reference(reviewed, "R-0001", pair.photo_sha256, pair.boxes[0], STAFF)
    first, added = show_case(reviewed, "R-0001", DIRECTOR).templates
    assert reviewed.vault.get(added.crop)
    remove_reference(reviewed, "R-0001", added.id, STAFF)

    assert [one.id for one in show_case(reviewed, "R-0001", DIRECTOR).templates] == [first.id]
    assert states(reviewed, "R-0001")[pair.photo_sha256] is DecisionState.CONFIRMED


def test_a_pair_says_what_helps_to_decide(reviewed: Services):
    hint = Locator(clothing="a red scarf")
    label = revoke(reviewed, OBAMA.with_name("obama2.jpg"), locators=[hint])
    pair = next(
        pair for pair in pairs(reviewed) if pair.label == label and pair.taken_at is not None
    )

    view = view_pair(reviewed, pair, ANYBODY)

    assert view.references[0].picture is not None
    assert view.zoom is not None
    assert view.likeness.endswith("strangers look this alike.")
    said = " ".join(view.facts)
    assert "a red scarf" in said
    assert "the photo of the person was added" in said


class LikeTheHead(Signal):
    """A way to match by a face that only a check can tell, not a search of the index."""

    code = "head"
    evidence = Evidence.FACE
    rank = 9

    def sentence(self, match: Match, who: str, face: str, hint: str) -> str:
        return f"The head{face} is like that of {who}."

    def likeness(self, match: Match) -> str:
        return "A head alike."


def test_a_face_that_another_signal_found_is_asked_as_well(
    reviewed: Services, monkeypatch: pytest.MonkeyPatch
):
    signal = LikeTheHead()
    with reviewed.reading() as unit:
        owner = unit.register.find("R-0001").id

    class Heads(Finder):
        def find_in(self, photo: Fingerprint, events: object) -> Findings:
            head = photo.faces[0]
            match = Match(signal, 1.0, 0.5, "alike", "heads-1", face=0, box=head.box)
            return Findings((PersonMatch(owner, match, blocks=False),))

    class AndHeads(NamedTuple):
        faces: Finder
        copies: Finder
        scenes: Finder
        heads: Finder

    usual = Finders.of
    monkeypatch.setattr(
        "consent.matching.register_snapshot.Finders.of",
        lambda *given: AndHeads(*usual(*given), Heads()),
    )
    photo = str(SAMPLES / "originals" / "astronaut.png")
    report = check_photos(reviewed, [Path(photo)], reviewed.policy.use("facebook"), STAFF, jobs=1)
    assert report.clearances[0].decision.verdict is Verdict.REVIEW

    (asked,) = [
        pair
        for pair in review_queue(reviewed, ANYBODY).pairs
        if pair.box is not None and pair.photo_sha256 == report.clearances[0].sha256
    ]

    assert (asked.kind, asked.label) == (PairKind.FACE, "R-0001")
