"""Measure that decisions stick: whatever happens to index, files and encoders, none is asked twice.

    python tools/measure_decisions.py DIR --people 50 --photos 500

DIR holds a folder per person. So many people are revoked, one reference photo each; so many other
photos, theirs and strangers', are copied to a folder and indexed. Every pair that the review queue
asks is decided by the folders' names. Then the folder is moved, everything is fingerprinted anew,
and the encoder gets another version; each time it is counted how many decisions are gone, and how
many pairs are asked again. Needs the weights in the data home of the environment.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from consent.bootstrap import build_services
from consent.cases.intake import QuestionKind
from consent.cases.open import record_revocation
from consent.domain.actors import Actor, Role
from consent.domain.decisions import DecisionState
from consent.domain.errors import BadInputError
from consent.domain.intake import Reference
from consent.domain.review import Pair
from consent.domain.terms import Method, NewRevocation, Submission
from consent.indexing.index import IndexRequest, index_photos
from consent.indexing.rebuild import renew_index
from consent.review.decide import NewDecision, record_decisions
from consent.review.queue import review_queue
from consent.services import Services
from consent.settings import Settings
from media_index.faces.encode import SFACE
from media_index.files.kinds import SUFFIXES
from media_index.files.places import Place
from media_index.images.decode import Picture
from media_index.types import Fingerprint, Problem

STAFF = Actor("measurement", Role.COMMUNICATIONS, frozenset(Role))
NEXT = "sface-next"


@dataclass(frozen=True, slots=True)
class NextVersion:
    """A worker whose SFace goes by another name; picklable."""

    work: Callable[[Place], Fingerprint | Problem]

    def __call__(self, path: Place) -> Fingerprint | Problem:
        """Fingerprint a file."""
        outcome = self.work(path)
        return renamed(outcome) if isinstance(outcome, Fingerprint) else outcome


def renamed(seen: Fingerprint) -> Fingerprint:
    """Return a fingerprint as the next version of the encoder would give it."""
    faces = (
        replace(face, encodings={next_name(model): of for model, of in face.encodings.items()})
        for face in seen.faces
    )
    return replace(seen, faces=tuple(faces))


def next_name(model: str) -> str:
    """Return what a model is called after the change."""
    return model.replace(SFACE, NEXT)


def with_next_encoder(services: Services) -> Services:
    """Return the same services after a change of the encoder."""
    before = services.calibration
    scales = {next_name(model): scale for model, scale in before.scales.items()}

    def look(content: bytes) -> tuple[Fingerprint, Picture]:
        seen, picture = services.fingerprint_bytes(content)
        return renamed(seen), picture

    calibration = replace(before, scales=scales, id="next")
    return replace(
        services,
        fingerprint_file=NextVersion(services.fingerprint_file),
        fingerprint_bytes=look,
        calibrations=lambda: calibration,
        # A pool reads the class above in the file of this program.
        make_executor=lambda workers: services.make_executor(max(2, workers)),
    )


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--photos", type=int, default=500)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        measure(arguments, Path(made))


def measure(arguments: argparse.Namespace, made: Path) -> None:
    """Prepare, decide, change, count; print one JSON object."""
    home = made / "home"
    home.mkdir()
    (home / "weights").symlink_to(Settings().home / "weights")
    services = build_services(Settings(home=home, database_url=""))
    names = copy_photos(services, arguments, made / "photos")
    index_photos(services, IndexRequest([made / "photos"], jobs=arguments.jobs), STAFF)
    decisions = decide_all(services, names)
    found: dict[str, object] = {
        "seed": arguments.seed,
        "people": len(names),
        "photos": arguments.photos,
        "confirmed": sum(state is DecisionState.CONFIRMED for state in decisions.values()),
        "rejected": sum(state is DecisionState.REJECTED for state in decisions.values()),
    }

    def count(after: str, now: Services) -> None:
        asked = [pair for pair in waiting(now) if pair.label]
        kept = standing(now)
        lost = [key for key, state in decisions.items() if kept.get(key) is not state]
        found[after] = {"asked_again": len(asked), "decisions_lost": len(lost)}

    (made / "photos").rename(made / "moved")
    index_photos(services, IndexRequest([made / "moved"], jobs=arguments.jobs), STAFF)
    count("moved", services)
    renew_index(services, STAFF, jobs=arguments.jobs)
    count("indexed_anew", services)
    later = with_next_encoder(services)
    report = renew_index(later, STAFF, jobs=arguments.jobs)
    count("another_encoder", later)
    found["references_lost"] = len(report.lost)
    print(json.dumps(found, indent=2))


def copy_photos(services: Services, arguments: argparse.Namespace, folder: Path) -> dict[str, str]:
    """Revoke for people, copy photos of them and of strangers; return who is whose case."""
    chance = random.Random(arguments.seed)  # noqa: S311 - a sample, no secret
    people = {
        person.name: sorted(path for path in person.iterdir() if path.suffix.lower() in SUFFIXES)
        for person in sorted(arguments.folder.iterdir())
        if person.is_dir()
    }
    several = [name for name, photos in people.items() if len(photos) > 1]
    names: dict[str, str] = {}
    for name in chance.sample(several, len(several)):
        if len(names) < arguments.people and (label := revoke(services, people[name][0])):
            names[label] = name
    theirs = [path for name in names.values() for path in people[name][1:4]]
    others = [photos[0] for name, photos in people.items() if name not in names.values()]
    wanted = min(max(0, arguments.photos - len(theirs)), len(others))
    for path in (*theirs, *chance.sample(others, wanted)):
        target = folder / path.parent.name
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return names


def revoke(services: Services, photo: Path) -> str:
    """Revoke for the person of a photo; return the case's label, or nothing if it shows several."""
    new = NewRevocation(
        f"Person {photo.stem}",
        Submission(services.today(), Method.LETTER),
        references=[Reference(photo.read_bytes(), photo.name)],
        keep_face=True,
        note="Measurement",
    )
    asked = frozenset(QuestionKind)
    try:
        return record_revocation(services, new, STAFF, confirmed=asked).revocation.label
    except BadInputError:
        return ""


def waiting(services: Services) -> tuple[Pair, ...]:
    """Return what the queue asks, compared from scratch."""
    return tuple(review_queue(services, STAFF).pairs)


Key = tuple[str, str, tuple[int, ...]]


def decide_all(services: Services, names: dict[str, str]) -> dict[Key, DecisionState]:
    """Decide until nothing about a case is asked; return what was decided."""
    decided: dict[Key, DecisionState] = {}
    while asked := [pair for pair in waiting(services) if pair.label]:
        rulings = []
        for pair in asked:
            label, box = str(pair.label), pair.box
            person = Path(place_of(services, pair.photo_sha256)).parent.name
            same = person == names[label]
            state = DecisionState.CONFIRMED if same else DecisionState.REJECTED
            key = (label, pair.photo_sha256, () if box is None else tuple(box.as_list()))
            if key in decided:
                raise SystemExit(f"Asked twice: {key}")
            decided[key] = state
            rulings.append(NewDecision(label, pair.photo_sha256, box, state))
        record_decisions(services, rulings, STAFF)
    return decided


def place_of(services: Services, sha256: str) -> str:
    """Return where a photo lies."""
    with services.reading() as unit:
        return str(unit.photos.places_of([sha256])[sha256][0])


def standing(services: Services) -> dict[Key, DecisionState]:
    """Return every decision as it stands in the register, the latest of each."""
    with services.reading() as unit:
        labels = {case.id: case.label for case in unit.register.revocations()}
        return {
            (
                labels[decision.revocation_id],
                decision.photo_sha256,
                () if decision.box is None else tuple(decision.box.as_list()),
            ): decision.state
            for decision in unit.decisions.person_decisions()
        }


if __name__ == "__main__":
    os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")
    main()
