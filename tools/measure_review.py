"""Measure what a key costs in the review of a large register, on data that is made up.

    python tools/measure_review.py HOME --photos 10000 --people 300 --pairs 500 --keys 40

HOME is a data home, made if it is not there: so many photos with three faces each, so many people
with three references each, so many faces that look like one of them and wait for a decision. One
photo in a hundred was checked yesterday, and a face of each can only be known by a person; of a
hundred photos somebody is confirmed. What is --posted of the pairs comes down with a yes. No
network ever saw any of it: faces are random vectors, as far from one another as strangers are. What
is measured is processor time of this process, from the key to the next pair with its pictures.
"""

from __future__ import annotations

import argparse
import io
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from consent.bootstrap import build_services
from consent.domain.actors import Actor, Role
from consent.domain.cases import CaseEvent, CaseStep, Person, Template
from consent.domain.decisions import DecisionState, PersonDecision
from consent.domain.events import Event
from consent.domain.log import Action
from consent.domain.publications import Publication
from consent.domain.terms import Method, Requester, Scope, Submission, TemplateAgreement, Terms
from consent.domain.verdicts import Clearance, Decision, Verdict
from consent.domain.wording import reasons_to_dicts
from consent.review.decide import NewDecision, record_decisions
from consent.review.pairs import view_pair
from consent.review.queue import review_queue
from consent.services import Services
from consent.settings import Settings
from consent.storage.thumbnails import keep_thumbnails
from consent.storage.unit_of_work import UnitOfWork
from media_index.hashing.keypoints import METHOD
from media_index.hashing.perceptual import sha256_hex
from media_index.types import (
    Box,
    ExifFacts,
    Face,
    FaceQuality,
    FileStamp,
    Fingerprint,
    LocalFeatures,
    PerceptualHashes,
    Vector,
)

STAFF = Actor("measurement", Role.COMMUNICATIONS, frozenset(Role))
REFERENCES = 3
FACES = 3
SPOTS = 240
NOON = datetime(2026, 5, 14, 12, 0, tzinfo=UTC)
DAY = date(2026, 5, 14)
GOOD = FaceQuality(160.0, 400.0, 0.0, 150.0, 0.0, 0.3, 13.0, 1.0)
TURNED = FaceQuality(160.0, 400.0, 80.0, 150.0, 0.0, 0.3, 13.0, 1.0)
SIZE = (1600, 1200)


class Made:
    """What is made up, with one seed."""

    def __init__(self, services: Services, folder: Path) -> None:
        """Make it for services, with the files of the photos that are asked about in a folder."""
        self.random = np.random.default_rng(1)
        self.models = list(services.calibration.scales)
        self.scales = services.calibration.scales
        self.folder = folder

    def person(self) -> dict[str, Vector]:
        """Return the vectors of a face that is like nobody's."""
        return {model: _unit(self.random.normal(size=128)) for model in self.models}

    def like(self, person: dict[str, Vector], share: float) -> dict[str, Vector]:
        """Return the vectors of a face that is so like another's, by the cosine."""
        found = {}
        for model, vector in person.items():
            noise = self.random.normal(size=128)
            noise -= noise @ vector * vector
            aside = np.sqrt(1 - share**2) * noise / np.linalg.norm(noise)
            found[model] = _unit(share * vector + aside)
        return found

    def face(self, index: int, encodings: dict[str, Vector], quality: FaceQuality = GOOD) -> Face:
        """Return a face at the place of its number."""
        box = Box(100 + 400 * index, 200, 260 + 400 * index, 400)
        points = tuple((float(box.x1 + 30 * n), 260.0) for n in range(5))
        # dlib's vectors are shorter than 1.
        scaled = {
            model: (vector * (0.58 if model.startswith("dlib") else 1.0)).astype(np.float32)
            for model, vector in encodings.items()
        }
        return Face(index, box, points, 0.95, quality, scaled)

    def photo(self, number: int, faces: list[Face], *, file: bool = False) -> Fingerprint:
        """Return a photo that is like no other; with a file if it will be looked at."""
        content = b"%d" % number
        thumbnail = b""
        if file:
            shade = tuple(int(value) for value in self.random.integers(40, 220, 3))
            content = _jpeg(Image.new("RGB", SIZE, shade), number)
            thumbnail = _jpeg(Image.new("RGB", (400, 300), shade), number)
            (self.folder / f"{number:06}.jpg").write_bytes(content)
        hashes = PerceptualHashes(
            self.random.bytes(32), 100, self.random.bytes(8), self.random.bytes(8)
        )
        points = self.random.uniform(0, SIZE[1], (SPOTS, 2)).astype(np.float32)
        spots = self.random.integers(0, 60, (SPOTS, 128)).astype(np.uint8)
        return Fingerprint(
            sha256=sha256_hex(content),
            byte_size=len(content),
            width=SIZE[0],
            height=SIZE[1],
            image_format="JPEG",
            hashes=hashes,
            trimmed_hashes=None,
            exif=ExifFacts(NOON + timedelta(minutes=number)),
            faces=tuple(faces),
            thumbnail=thumbnail,
            features=LocalFeatures(points, spots),
        )


def _unit(vector: NDArray[np.floating[Any]]) -> Vector:
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def _jpeg(picture: Image.Image, number: int) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=85, comment=b"%d" % number)
    return kept.getvalue()


def make_home(services: Services, photos: int, people: int, pairs: int, posted: int) -> None:
    """Fill an empty data home."""
    folder = services.settings.home / "photos"
    folder.mkdir()
    made = Made(services, folder)
    known = [made.person() for _ in range(people)]
    events = [
        Event(f"e{number}", f"Event {number}", DAY, "Main library", public_space=True)
        for number in range(photos // 100 + 1)
    ]
    portraits = [
        made.photo(10**6 + number * REFERENCES + each, [made.face(0, made.like(face, 0.8))])
        for number, face in enumerate(known)
        for each in range(REFERENCES)
    ]
    shots = []
    for number in range(photos):
        faces = [made.face(index, made.person()) for index in range(FACES)]
        if number < pairs:
            faces[0] = made.face(0, made.like(known[number % people], 0.62))
        elif number < pairs + 100:
            faces[0] = made.face(0, made.like(known[number % people], 0.85))
        if number % 100 == 0:
            faces[2] = replace(faces[2], quality=TURNED)
        shots.append(made.photo(number, faces, file=number < pairs + 100))
    with services.writing() as unit:
        for event in events:
            unit.events.add(event, NOON)
        for start in range(0, len(shots), 500):
            unit.photos.add(shots[start : start + 500], NOON)
        unit.photos.add(portraits, NOON)
        for number, shot in enumerate(shots):
            path = str(folder / f"{number:06}.jpg")
            unit.photos.put_place(
                path, shot.sha256, FileStamp(1, 2), events[number // 100].id, NOON
            )
        unit.audit.append(Action.INDEX_PHOTOS_ADDED, "index", STAFF, NOON)
        _revoke(services, unit, portraits, people)
        for number in range(pairs, pairs + 100):
            shot = shots[number]
            unit.decisions.add_person_decision(
                PersonDecision(
                    shot.sha256,
                    f"case{number % people}",
                    shot.faces[0].box,
                    DecisionState.CONFIRMED,
                    NOON,
                    STAFF,
                )
            )
            unit.audit.append(
                Action.SIGHTING_DECIDED,
                f"case{number % people}",
                STAFF,
                NOON,
                {"photo": shot.sha256, "state": "confirmed"},
            )
        _post(services, unit, shots[:posted])
        now = services.now() - timedelta(days=1)
        use = services.policy.use("facebook")
        unit.decisions.add_clearances(
            [
                Clearance("", shot.sha256, use, Decision(Verdict.REVIEW), (), 1, "1", now, STAFF)
                for shot in shots[::100]
            ],
            reasons_to_dicts,
        )
        unit.audit.append(Action.CLEARANCE_GIVEN, "facebook", STAFF, now)
        keep_thumbnails(services.settings.thumbnails, shots[: pairs + 100])
        unit.commit()


def _post(services: Services, unit: UnitOfWork, shots: list[Fingerprint]) -> None:
    use = services.policy.use("facebook")
    for number, shot in enumerate(shots):
        made = Publication(f"out{number}", shot.sha256, use.channel.id, "", "", DAY, STAFF.id)
        unit.publications.add(made, NOON)


def _revoke(
    services: Services, unit: UnitOfWork, portraits: list[Fingerprint], people: int
) -> None:
    crop = services.vault.put(_jpeg(Image.new("RGB", (160, 200), (120, 90, 60)), 0))
    day = date(2026, 5, 1)
    for number in range(people):
        person, case = f"person{number}", f"case{number}"
        terms = Terms(
            Scope(),
            Submission(day, Method.LETTER),
            Requester("A. Reader"),
            day,
            template_agreement=TemplateAgreement(day, "To find them."),
        )
        unit.register.add_person(Person(person, f"Reader {number}"), NOON, STAFF)
        unit.register.open_case(case, number + 1, person, NOON)
        unit.register.append(CaseEvent(case, CaseStep.RECORDED, NOON, STAFF, day, terms))
        for each in range(REFERENCES):
            shot = portraits[number * REFERENCES + each]
            face = shot.faces[0]
            unit.register.add_template(
                Template(
                    f"t{number}-{each}",
                    case,
                    shot.sha256,
                    face.box,
                    face.encodings,
                    crop,
                    NOON,
                    face.quality.norm,
                )
            )
        unit.audit.append(Action.REVOCATION_RECORDED, case, STAFF, NOON)


def measure(services: Services, keys: int) -> None:
    """Answer pairs, and print what each answer cost."""
    begun = time.process_time()
    queue = review_queue(services, STAFF)
    opened = time.process_time() - begun
    print(f"{len(queue.pairs)} pairs; opened in {opened:.2f} s of processor time")
    spent: dict[str, list[float]] = {"y": [], "n": []}
    for number in range(keys):
        key = "yn"[number % 2]
        pair = next(pair for pair in queue.pairs if pair.kind == "face")
        state = DecisionState.CONFIRMED if key == "y" else DecisionState.REJECTED
        begun = time.process_time()
        decision = NewDecision(str(pair.label), pair.photo_sha256, pair.box, state)
        record_decisions(services, [decision], STAFF)
        queue = review_queue(services, STAFF)
        view_pair(services, next(iter(queue.pairs)), STAFF)
        spent[key].append(time.process_time() - begun)
    for key, took in spent.items():
        print(
            f"key {key}: {median(took):.3f} s of processor time to the next pair (median), "
            f"{max(took):.3f} at most; {len(queue.pairs)} pairs left"
        )
    print(f"local features: {METHOD}")


def main() -> None:
    """Read the options, make the home if need be, and measure."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("home", type=Path)
    asked.add_argument("--photos", type=int, default=10_000)
    asked.add_argument("--people", type=int, default=300)
    asked.add_argument("--pairs", type=int, default=500)
    asked.add_argument("--posted", type=int, default=0, help="of the pairs, posted")
    asked.add_argument("--keys", type=int, default=40)
    given = asked.parse_args()
    services = build_services(Settings(home=given.home))
    with services.reading() as unit:
        empty = not unit.photos.counts()["photos"]
    if empty:
        begun = time.monotonic()
        make_home(services, given.photos, given.people, given.pairs, given.posted)
        print(f"made in {time.monotonic() - begun:.0f} s")
    measure(services, given.keys)


if __name__ == "__main__":
    main()
