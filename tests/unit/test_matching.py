"""Comparing: fast arithmetic gives what the plain one gives, and never fewer matches."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from media_index.bench.speed import MadeUpFaces
from media_index.faces.encode import DLIB, SFACE
from media_index.limits import COPIES as LIMITS
from media_index.matching.calibration import shipped_calibration
from media_index.matching.copies import KnownPhotos
from media_index.matching.scores import (
    fused_scores,
    person_scores,
    similarity,
    template_weights,
)
from media_index.types import PerceptualHashes

CALIBRATION = shipped_calibration()


def vectors(seed: int, count: int, spread: float = 1.0) -> dict[str, np.ndarray]:
    """Encodings as the models give them: unit vectors, and dlib's of about 1.4."""
    random = np.random.default_rng(seed)
    centre = random.normal(size=128)
    raw = centre + spread * random.normal(size=(count, 128))
    unit = raw / np.linalg.norm(raw, axis=1, keepdims=True) if count else raw
    return {SFACE: unit.astype(np.float32), DLIB: (1.4 * unit).astype(np.float32)}


def fused_by_hand(face: dict[str, np.ndarray], template: dict[str, np.ndarray]) -> float:
    """The definition, in double precision."""
    score, total = 0.0, 0.0
    for model, scale in CALIBRATION.scales.items():
        one, other = face[model].tolist(), template[model].tolist()
        if model == DLIB:
            alike = -math.dist(one, other)
        else:
            alike = math.fsum(a * b for a, b in zip(one, other, strict=True))
        score += scale.weight * (alike - scale.mean) / scale.deviation
        total += scale.weight
    return score / total


def row(of: dict[str, np.ndarray], place: int) -> dict[str, np.ndarray]:
    return {model: rows[place].astype(np.float64) for model, rows in of.items()}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 9999), st.integers(0, 4), st.integers(0, 4), st.sampled_from([0.01, 0.3, 1]))
def test_fused_scores_are_the_definition(
    seed: int, faces: int, templates: int, spread: float
) -> None:
    ours, theirs = vectors(seed, faces, spread), vectors(seed + 1, templates, spread)
    scores = fused_scores(CALIBRATION, ours, theirs)
    assert scores.shape == (faces, templates)
    assert scores.dtype == np.float32
    for one in range(faces):
        for other in range(templates):
            expected = fused_by_hand(row(ours, one), row(theirs, other))
            assert scores[one, other] == pytest.approx(expected, abs=0.02)


def test_nothing_is_nearer_to_a_face_than_itself() -> None:
    faces = vectors(7, 40)
    scores = fused_scores(CALIBRATION, faces, faces)
    assert (scores.argmax(axis=1) == np.arange(40)).all()
    assert np.allclose(np.diag(similarity(DLIB, faces[DLIB], faces[DLIB])), 0, atol=2e-3)


def test_one_template_s_score_is_the_person_s() -> None:
    templates, faces = vectors(1, 3), vectors(2, 4)
    scores = fused_scores(CALIBRATION, faces, templates)
    owners, merged = person_scores(scores, "abc", template_weights(CALIBRATION, templates, "abc"))
    assert owners == ["a", "b", "c"]
    assert np.array_equal(merged.astype(np.float32), scores)


def test_the_same_reference_twice_says_no_more_than_once() -> None:
    templates, faces = vectors(1, 1), vectors(2, 4, 0.1)
    twice = {model: np.repeat(rows, 2, axis=0) for model, rows in templates.items()}
    _, merged = person_scores(
        fused_scores(CALIBRATION, faces, twice), "aa", template_weights(CALIBRATION, twice, "aa")
    )
    assert np.allclose(merged, fused_scores(CALIBRATION, faces, templates), atol=1e-5)


def test_strangers_scores_spread_as_far_whatever_the_number_of_references() -> None:
    """Else a threshold would let more of them through for who brought more pictures."""
    drawn = MadeUpFaces(CALIBRATION, 1)
    strangers = drawn.faces(4000)
    spread = {}
    for count in (1, 2, 3, 5):
        people = [drawn.near(drawn.faces(1), count, share=0.4) for _ in range(50)]
        templates = {
            model: np.concatenate([person[model] for person in people]) for model in strangers
        }
        owners = [str(place // count) for place in range(50 * count)]
        scores = fused_scores(CALIBRATION, strangers, templates)
        _, merged = person_scores(scores, owners, template_weights(CALIBRATION, templates, owners))
        spread[count] = merged.std(axis=0).mean()
    # The plain mean's would be a fifth smaller with five.
    assert min(spread.values()) > 0.93 * max(spread.values())


def test_people_with_few_and_many_references_are_told_apart_as_they_stand() -> None:
    templates, faces = vectors(5, 6, 0.2), vectors(6, 3, 0.2)
    owners = list("abcbab")
    scores = fused_scores(CALIBRATION, faces, templates)
    names, together = person_scores(
        scores, owners, template_weights(CALIBRATION, templates, owners)
    )
    assert names == ["a", "b", "c"]
    for column, name in enumerate(names):
        own = [place for place, owner in enumerate(owners) if owner == name]
        alone = {model: rows[own] for model, rows in templates.items()}
        _, merged = person_scores(
            scores[:, own],
            [name] * len(own),
            template_weights(CALIBRATION, alone, [name] * len(own)),
        )
        assert np.allclose(together[:, column], merged[:, 0], atol=1e-5)


def test_no_templates_are_nobody() -> None:
    nothing = {model: np.empty((0, 0), np.float32) for model in CALIBRATION.scales}
    of_each = template_weights(CALIBRATION, nothing, [])
    owners, merged = person_scores(np.empty((3, 0), np.float32), [], of_each)
    assert owners == []
    assert merged.shape == (3, 0)


def near(hashed: bytes, bits: int, random: np.random.Generator) -> bytes:
    """A hash that many bits away."""
    flat = np.unpackbits(np.frombuffer(hashed, np.uint8))
    flat[random.choice(len(flat), min(bits, len(flat)), replace=False)] ^= 1
    return np.packbits(flat).tobytes()


def bits_apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def copy_by_hand(one: PerceptualHashes, other: PerceptualHashes) -> tuple[bool, int] | None:
    """Whether surely and how far, of one view and another; None if no copy."""
    pdq, phash = bits_apart(one.pdq, other.pdq), bits_apart(one.phash, other.phash)
    if min(one.pdq_quality, other.pdq_quality) >= LIMITS.least_quality:
        likely = pdq <= LIMITS.likely_bits
        if pdq <= LIMITS.surely_bits or (likely and phash <= LIMITS.likely_phash_bits):
            return True, pdq
        if likely or (pdq <= LIMITS.perhaps_bits and phash <= LIMITS.perhaps_phash_bits):
            return False, pdq
        return None
    flat = phash <= LIMITS.flat_bits and bits_apart(one.dhash, other.dhash) <= LIMITS.flat_bits
    return (False, phash) if flat else None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 99_999))
def test_known_photos_agree_with_brute_force(seed: int) -> None:
    random = np.random.default_rng(seed)
    asked = PerceptualHashes(random.bytes(32), 90, random.bytes(8), random.bytes(8))

    def other() -> PerceptualHashes:
        return PerceptualHashes(
            near(asked.pdq, int(random.integers(0, 110)), random),
            int(random.choice([20, 49, 50, 90])),
            near(asked.phash, int(random.integers(0, 16)), random),
            near(asked.dhash, int(random.integers(0, 8)), random),
        )

    known = [(other(), other() if random.random() < 0.3 else None) for _ in range(40)]
    trimmed = other() if random.random() < 0.5 else None
    expected = {}
    for place, views in enumerate(known):
        found = [
            copy_by_hand(mine, view)
            for mine in (asked, trimmed)
            for view in views
            if mine is not None and view is not None
        ]
        copies = [one for one in found if one is not None]
        if copies:
            expected[place] = min(copies, key=lambda one: (not one[0], one[1]))
    copies = KnownPhotos(known).copies_of(asked, trimmed)
    assert {copy.index: (copy.surely, copy.bits) for copy in copies} == expected
    assert [(not copy.surely, copy.bits) for copy in copies] == sorted(
        (not surely, bits) for surely, bits in expected.values()
    )
    assert all(copy.bits <= copy.threshold for copy in copies)


def test_nothing_known_has_no_copies() -> None:
    asked = PerceptualHashes(bytes(32), 90, bytes(8), bytes(8))
    assert KnownPhotos([]).copies_of(asked, asked) == []
