"""What the index holds of photos, renewed and asked for in part: faces, features, hashes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from sqlmodel import Session

from consent.services import Services
from media_index.hashing.keypoints import METHOD
from media_index.limits import COMPARABILITY
from media_index.storage.tables import LocalFeaturesRow
from media_index.types import Fingerprint, LocalFeatures
from tests.contract.photo_cases import MODELS, NOW, add, event, face, fingerprint, place, sha

LATER = NOW + timedelta(days=90)


def spots(number: int, count: int = 5) -> LocalFeatures:
    random = np.random.default_rng(number)
    points = random.uniform(0, 4000, (count, 2)).astype(np.float32)
    return LocalFeatures(points, random.integers(0, 256, (count, 128), np.uint8))


def renew(services: Services, *fingerprints: Fingerprint) -> None:
    with services.writing() as unit:
        unit.photos.replace(fingerprints, LATER)
        unit.commit()


def same(one: LocalFeatures | None, other: LocalFeatures | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one.points, other.points) and np.array_equal(
        one.descriptors, other.descriptors
    )


def test_a_renewed_photo_has_what_was_found_now_and_nothing_of_before(services: Services) -> None:
    add(services, fingerprint(1, faces=3, features=spots(1)), fingerprint(2, features=spots(2)))
    now = replace(fingerprint(9, faces=1, features=spots(9)), sha256=sha(1))
    assert now.hashes != fingerprint(1).hashes

    renew(services, now)

    with services.reading() as unit:
        found = unit.photos.with_features([sha(1), sha(2)])
        assert unit.photos.counts()["faces"] == 3
        hashes = {photo: (whole, inner) for photo, whole, inner in unit.photos.hashes()}
    after = found[sha(1)]
    assert (after.hashes, after.trimmed_hashes) == (now.hashes, now.trimmed_hashes)
    assert hashes[sha(1)] == (now.hashes, now.trimmed_hashes)
    assert after.exif == now.exif
    assert same(after.features, now.features)
    assert [one.box for one in after.faces] == [one.box for one in now.faces]
    for model in MODELS:
        assert np.array_equal(after.faces[0].encodings[model], now.faces[0].encodings[model])
    # The other one is untouched.
    assert same(found[sha(2)].features, spots(2))
    assert len(found[sha(2)].faces) == 2


def test_a_renewed_photo_stays_where_it_lies_and_of_its_event(services: Services) -> None:
    add(services, fingerprint(1))
    talk = event(services, "1")
    place(services, "/a.jpg", 1, talk.id)

    renew(services, replace(fingerprint(8), sha256=sha(1)))

    with services.reading() as unit:
        assert unit.photos.places_of([sha(1)]) == {sha(1): ["/a.jpg"]}
        assert unit.events.of_photos([sha(1)]) == {sha(1): (talk,)}
        assert unit.photos.counts()["photos"] == 1


def test_a_photo_renewed_without_faces_and_features_has_none_left(services: Services) -> None:
    add(services, fingerprint(1, faces=2, features=spots(1)))

    renew(services, fingerprint(1, faces=0, features=None))

    with services.reading() as unit:
        assert list(unit.photos.face_blocks(MODELS)) == []
        assert list(unit.photos.features()) == []
        assert unit.photos.with_features([sha(1)])[sha(1)].features is None


def test_a_renewal_that_is_not_committed_leaves_all_as_it_was(services: Services) -> None:
    add(services, fingerprint(1, features=spots(1)))

    with services.writing() as unit:
        unit.photos.replace([fingerprint(1, faces=0)], LATER)

    with services.reading() as unit:
        assert len(unit.photos.fingerprints([sha(1)])[sha(1)].faces) == 2
        assert [photo for photo, _ in unit.photos.features()] == [sha(1)]


def test_more_photos_than_one_statement_binds_are_renewed(services: Services) -> None:
    add(services, *(fingerprint(number, faces=1) for number in range(510)))

    renew(services, *(fingerprint(number, faces=2, features=spots(1)) for number in range(510)))

    with services.reading() as unit:
        assert unit.photos.counts()["faces"] == 1020
        assert len(dict(unit.photos.features())) == 510
        assert len(dict(unit.photos.features([sha(number) for number in range(505)]))) == 505


def test_features_come_back_exactly_or_not_at_all(services: Services) -> None:
    empty = LocalFeatures(np.empty((0, 2), np.float32), np.empty((0, 128), np.uint8))
    given = {sha(1): spots(1, 256), sha(2): empty, sha(3): None}
    add(services, *(fingerprint(number, features=given[sha(number)]) for number in (1, 2, 3)))

    with services.reading() as unit:
        every = dict(unit.photos.features())
        some = dict(unit.photos.features([sha(2), sha(3), sha(4)]))
        with_features = unit.photos.with_features([sha(3), sha(1), sha(4)])
        without = unit.photos.fingerprints([sha(1)])[sha(1)]
    assert set(every) == {sha(1), sha(2)}
    assert set(some) == {sha(2)}
    for photo, found in every.items():
        assert same(found, given[photo])
        assert (found.points.dtype, found.descriptors.dtype) == (np.float32, np.uint8)
    assert set(with_features) == {sha(1), sha(3)}
    assert same(with_features[sha(1)].features, given[sha(1)])
    assert with_features[sha(3)].features is None
    # 33 kB each: only for who asks for them.
    assert without.features is None


def test_features_made_by_another_method_are_not_compared(services: Services) -> None:
    add(services, fingerprint(1, features=spots(1)), fingerprint(2, features=spots(2)))
    with services.writing() as unit:
        # As an older program left it.
        session: Session = unit.photos._session
        row = session.get(LocalFeaturesRow, sha(1))
        assert row is not None
        assert row.method == METHOD
        row.method = "rootsift-128-v0"
        unit.commit()

    with services.reading() as unit:
        assert [photo for photo, _ in unit.photos.features()] == [sha(2)]
        assert unit.photos.with_features([sha(1)])[sha(1)].features is None


@pytest.mark.parametrize("size", [1, 3, 100])
def test_blocks_go_on_after_the_last_that_was_read(services: Services, size: int) -> None:
    add(services, *(fingerprint(number, faces=2) for number in range(4)))
    with services.reading() as unit:
        read = list(unit.photos.face_blocks(MODELS, size))
        last = read[-1].last
        assert list(unit.photos.face_blocks(MODELS, size, after=last)) == []
        half = read[len(read) // 2]
        rest = [
            photo
            for block in unit.photos.face_blocks(MODELS, size, after=half.last)
            for photo in block.photos
        ]
    assert sum(len(block.photos) for block in read) == 8
    assert rest == [photo for block in read if block.last > half.last for photo in block.photos]

    add(services, fingerprint(9, faces=1))

    with services.reading() as unit:
        (new,) = unit.photos.face_blocks(MODELS, size, after=last)
    assert (new.photos, [one.index for one in new.faces]) == ([sha(9)], [0])


def test_a_face_without_all_encodings_is_in_no_block_and_its_photo_is_stale(
    services: Services,
) -> None:
    random = np.random.default_rng(0)
    add(
        services,
        fingerprint(1, faces=1),
        # Encoded by one of them, such as before a change of the encoders.
        replace(fingerprint(2), faces=(face(random, 0), face(random, 1, MODELS[:1]))),
        # Not comparable at all: encoding it anew will not change that.
        replace(fingerprint(3), faces=(face(random, 0, ()),)),
    )
    place(services, "/photos/2.jpg", 2)

    with services.reading() as unit:
        blocks = list(unit.photos.face_blocks(MODELS))
        assert [photo for block in blocks for photo in block.photos] == [sha(1), sha(2)]
        assert unit.photos.not_compared(MODELS, COMPARABILITY, "upload:") == (1, [])
        assert unit.photos.not_compared(MODELS[:1], COMPARABILITY, "upload:") == (0, [])
        assert unit.photos.not_compared(["model-c"], COMPARABILITY, "upload:") == (1, [sha(1)])


def test_lost_encodings_count_where_the_face_could_be_recognized_and_apart_without_a_file(
    services: Services,
) -> None:
    (known,) = fingerprint(1, faces=1).faces
    good = replace(known.quality, size_px=90.0, sharpness=500.0, norm=12.0)
    lost = replace(known, detector_score=0.9, quality=good, encodings={})
    of_photos = {
        1: lost,
        2: replace(lost, landmarks=(), quality=replace(good, norm=None)),
        3: replace(lost, quality=replace(good, norm=None)),
        4: replace(lost, quality=replace(good, size_px=5.0)),
        5: replace(lost, detector_score=0.1),
        6: replace(lost, quality=replace(good, sharpness=0.1, prominence=0.5)),
        7: lost,
    }
    add(services, *(replace(fingerprint(key), faces=(of_photos[key],)) for key in of_photos))
    add(services, *(replace(fingerprint(key), faces=(lost,)) for key in (8, 9)))
    for number in (*range(1, 7), 8):
        place(services, f"/photos/{number}.jpg", number)
    for number in (8, 9):
        place(services, f"upload:drop/{number}.jpg", number)

    with services.reading() as unit:
        found = unit.photos.not_compared(MODELS, COMPARABILITY, "upload:")
    assert found == (3, [sha(7), sha(9)])


def test_hashes_of_some_photos_or_of_all(services: Services) -> None:
    given = [fingerprint(number, faces=0) for number in (1, 2, 3)]
    add(services, *given)

    with services.reading() as unit:
        every = unit.photos.hashes()
        some = unit.photos.hashes([sha(2), sha(7)])
        none = unit.photos.hashes([])
    assert sorted(every) == sorted((one.sha256, one.hashes, one.trimmed_hashes) for one in given)
    assert some == [(sha(2), given[1].hashes, None)]
    assert none == []
