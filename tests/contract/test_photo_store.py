"""The index in the database: what is put in comes out, exactly, however much of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.exc import IntegrityError

from consent.domain.events import Event
from consent.services import Services
from media_index.types import NO_STAMP, ExifFacts, FileStamp, ProblemCode, Turning
from tests.contract.photo_cases import (
    MODELS,
    NOW,
    add,
    event,
    face,
    fingerprint,
    place,
    problem,
    sha,
)


def test_a_fingerprint_comes_back_exactly(services: Services) -> None:
    given = [fingerprint(1), fingerprint(2, faces=0), fingerprint(3, exif=ExifFacts())]
    add(services, *given)
    with services.reading() as unit:
        found = unit.photos.fingerprints([one.sha256 for one in given])
    for one in given:
        other = found[one.sha256]
        for name in ("byte_size", "width", "height", "image_format", "exif"):
            assert getattr(other, name) == getattr(one, name)
        assert (other.hashes, other.trimmed_hashes) == (one.hashes, one.trimmed_hashes)
        for before, after in zip(one.faces, other.faces, strict=True):
            for name in ("index", "box", "landmarks", "detector_score", "quality"):
                assert getattr(after, name) == getattr(before, name)
            assert set(after.encodings) == set(MODELS)
            for model in MODELS:
                assert after.encodings[model].dtype == np.float32
                assert np.array_equal(after.encodings[model], before.encodings[model])


def test_a_date_of_another_zone_is_the_same_moment(services: Services) -> None:
    eastern = NOW.astimezone(timezone(timedelta(hours=-4)))
    add(services, fingerprint(1, exif=ExifFacts(taken_at=eastern)))
    with services.reading() as unit:
        assert unit.photos.fingerprints([sha(1)])[sha(1)].exif.taken_at == NOW
        assert unit.photos.taken_on([sha(1)], "Asia/Tokyo") == {sha(1): date(2026, 6, 2)}
        assert unit.photos.taken_on([sha(1)], "Pacific/Auckland") == {sha(1): date(2026, 6, 3)}


def test_a_photo_is_added_once_and_a_refused_addition_leaves_nothing(services: Services) -> None:
    add(services, fingerprint(1))
    with pytest.raises(IntegrityError):
        add(services, fingerprint(2), fingerprint(1))
    with services.reading() as unit:
        assert unit.photos.known([sha(1), sha(2)]) == {sha(1)}
        assert unit.photos.counts()["faces"] == 2


def test_what_is_not_committed_is_not_kept(services: Services) -> None:
    with services.writing() as unit:
        unit.photos.add([fingerprint(1)], NOW)
    with services.reading() as unit:
        assert unit.photos.counts() == dict.fromkeys(("photos", "places", "faces", "problems"), 0)


@pytest.mark.parametrize("size", [1, 7, 10, 20_000])
def test_blocks_hold_every_face_once(services: Services, size: int) -> None:
    given = [fingerprint(number, faces=number % 4) for number in range(12)]
    random = np.random.default_rng(0)
    half = replace(fingerprint(90), faces=(face(random, 0, MODELS[:1]), face(random, 1, ())))
    add(services, *given, half)
    expected = {(one.sha256, each.index): each for one in given for each in one.faces}
    found = {}
    with services.reading() as unit:
        for block in unit.photos.face_blocks(MODELS, size):
            assert len(block.photos) <= size
            for row, (sha256, seen) in enumerate(zip(block.photos, block.faces, strict=True)):
                key = sha256, seen.index
                assert key not in found
                found[key] = row
                assert (seen.box, seen.quality) == (expected[key].box, expected[key].quality)
                for model in MODELS:
                    stored = block.encodings[model][row]
                    assert np.array_equal(stored, expected[key].encodings[model])
        assert set(found) == set(expected)
        one_model = sum(len(block.photos) for block in unit.photos.face_blocks(MODELS[:1], size))
    assert one_model == len(expected) + 1


def test_more_ids_than_a_statement_can_bind(services: Services) -> None:
    add(services, *(fingerprint(number, faces=1) for number in range(1500)))
    for number in range(3):
        place(services, f"/photos/{number}.jpg", number)
    asked = [sha(number) for number in range(34_000)]
    paths = [f"/photos/{number}.jpg" for number in range(34_000)]
    with services.reading() as unit:
        photos = unit.photos
        assert len(photos.known(asked)) == 1500
        found = photos.fingerprints(asked)
        assert len(found) == 1500
        assert all(len(one.faces) == 1 and one.faces[0].encodings for one in found.values())
        assert len(photos.taken_on(asked, "UTC")) == 1500
        assert len(photos.places_of(asked)) == len(photos.stamps(paths)) == 3
        assert unit.events.of_photos(asked) == photos.problem_stamps(paths) == {}
        assert len(photos.hashes()) == 1500
        assert photos.byte_sizes() == set(range(1000, 2500))
    with services.writing() as unit:
        assert unit.photos.forget(paths) == 3


def test_one_photo_has_several_places(services: Services) -> None:
    add(services, fingerprint(1))
    place(services, "/b.jpg", 1)
    place(services, "/a.jpg", 1)
    with services.reading() as unit:
        assert unit.photos.places_of([sha(1), sha(2)]) == {sha(1): ["/a.jpg", "/b.jpg"]}
        assert unit.photos.places_starting(sha(1)[:60]) != []
        assert unit.photos.places_starting("%") == []


def test_places_and_problems_come_in_the_order_of_their_letters(services: Services) -> None:
    add(services, fingerprint(1))
    names = ["/a/b.png", "/a/B.png", "/a/_.png", "/a/\u00e4.png", "/a/ b.png"]
    for name in names:
        place(services, name, 1)
    with services.writing() as unit:
        for name in names:
            unit.photos.put_problem(problem(f"{name}.x"), NO_STAMP, NOW)
        unit.commit()
    with services.reading() as unit:
        assert unit.photos.places_of([sha(1)])[sha(1)] == sorted(names)
        found = [str(one.path) for one in unit.photos.problems()]
    assert found == sorted(f"{name}.x" for name in names)


def test_photos_without_a_moment_come_first_in_their_event(services: Services) -> None:
    known = event(services, "e1")
    add(services, fingerprint(1), fingerprint(2, exif=ExifFacts()), fingerprint(3))
    for number in (3, 1, 2):
        place(services, f"/a/{number}.jpg", number, known.id)
    with services.reading() as unit:
        assert unit.photos.photos_of_event(known.id) == [sha(2), sha(1), sha(3)]


def test_files_of_any_size_and_time_are_kept(services: Services) -> None:
    stamp = FileStamp(5 * 2**40, 4_102_444_800 * 10**9)
    add(services, fingerprint(1, byte_size=3 * 2**30))
    with services.writing() as unit:
        unit.photos.put_place("/a/1.jpg", sha(1), stamp, None, NOW)
        unit.photos.put_problem(problem("/a/film.mov"), stamp, NOW)
        unit.commit()
    with services.reading() as unit:
        assert unit.photos.stamps(["/a/1.jpg"]) == {"/a/1.jpg": (stamp, sha(1))}
        assert unit.photos.problem_stamps(["/a/film.mov"])["/a/film.mov"][0] == stamp
        assert unit.photos.byte_sizes() == {3 * 2**30}


def test_an_event_once_given_is_kept_until_another_is_named(services: Services) -> None:
    add(services, fingerprint(1))
    first, second = event(services, "1"), event(services, "2")
    place(services, "/a.jpg", 1, first.id)
    place(services, "/a.jpg", 1)
    with services.reading() as unit:
        assert unit.events.of_photos([sha(1)]) == {sha(1): (first,)}
    place(services, "/a.jpg", 1, second.id)
    place(services, "/b.jpg", 1, first.id)
    with services.reading() as unit:
        assert set(unit.events.of_photos([sha(1)])[sha(1)]) == {first, second}


def test_a_problem_is_kept_until_the_photo_has_a_place(services: Services) -> None:
    add(services, fingerprint(1))
    with services.writing() as unit:
        unit.photos.put_problem(problem("/a.jpg"), FileStamp(5, 6), NOW)
        unit.photos.put_problem(problem("/a.jpg"), FileStamp(7, 8), NOW)
        unit.commit()
    with services.reading() as unit:
        assert unit.photos.problems() == [problem("/a.jpg")]
        [(stamp, code, reason)] = unit.photos.problem_stamps(["/a.jpg"]).values()
        assert (stamp, code) == (FileStamp(7, 8), ProblemCode.UNREADABLE)
        assert reason == problem("/a.jpg").reason
    place(services, "/a.jpg", 1)
    with services.reading() as unit:
        assert unit.photos.problems() == []


@pytest.mark.parametrize(
    ("stamp", "kept"), [(FileStamp(1, 2), True), (NO_STAMP, True), (FileStamp(1, 3), False)]
)
def test_a_problem_costs_the_place_only_if_the_file_is_another(
    services: Services, stamp: FileStamp, kept: bool
) -> None:
    add(services, fingerprint(1))
    place(services, "/a.jpg", 1)
    with services.writing() as unit:
        unit.photos.put_problem(problem("/a.jpg"), stamp, NOW)
        unit.commit()
    with services.reading() as unit:
        assert bool(unit.photos.stamps(["/a.jpg"])) is kept


def test_only_what_lies_below_a_folder_is_below_it(services: Services) -> None:
    add(services, fingerprint(1))
    below = ["/p_%/x.jpg", "/p_%/deep/y.jpg"]
    for path in [*below, "/p_%", "/p_%2/x.jpg", "/P_%/x.jpg", "/pa%/x.jpg", "/q/p_%/x.jpg"]:
        place(services, path, 1)
    with services.writing() as unit:
        unit.photos.put_problem(problem("/p_%/z.jpg"), FileStamp(5, 6), NOW)
        found = unit.photos.paths_below(Path("/p_%"))
        assert found == sorted([*below, "/p_%/z.jpg"])
        assert unit.photos.forget(found) == 2
        assert unit.photos.problems() == []
        assert unit.photos.known([sha(1)])
        assert len(unit.photos.paths_below(Path("/"))) == 5


def test_events_come_back_the_newest_first(services: Services) -> None:
    first = event(services, "1")
    later = Event("2", "Later", None, None, False)
    with services.writing() as unit:
        unit.events.add(later, NOW + timedelta(seconds=1))
        unit.commit()
    with services.reading() as unit:
        assert unit.events.all() == [later, first]


def test_the_clocks_in_a_folder_are_of_the_photos_right_in_it(services: Services) -> None:
    known = {"turning": Turning.AGREED}
    add(
        services,
        *(fingerprint(number, **known) for number in (1, 2, 3, 4)),
        fingerprint(5, exif=ExifFacts(), **known),
        fingerprint(6),
        fingerprint(7, exif=ExifFacts(NOW), **known),
    )
    for path, number in (
        ("/fair/a.jpg", 1),
        ("/fair/again.jpg", 1),
        ("/fair/deeper/b.jpg", 2),
        ("/fair 2/c.jpg", 3),
        ("/FAIR/d.jpg", 4),
        # Without a date, and indexed before the time of an edit was told apart.
        ("/fair/e.jpg", 5),
        ("/fair/f.jpg", 6),
        ("/fair/g.jpg", 7),
    ):
        place(services, path, number)
    with services.reading() as unit:
        clocks = unit.photos.clocks_in(Path("/fair"))
    assert sorted(clocks) == [("", NOW), ("Phone", NOW + timedelta(days=1))]
