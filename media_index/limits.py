"""When a face is held for review and when a photo is a copy: limits.toml, with names and types.

What each limit says, its unit, its date and its source stand in that file.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

Group = TypeVar("Group")


@dataclass(frozen=True, slots=True)
class Detection:
    """How generously faces are looked for."""

    sides: tuple[int, ...]
    fine: float
    finest_side: int
    most_enlarged: float
    apart: float
    parts_overlap: int
    score: float
    overlap: float
    squeezed: float
    clearly: float
    turns: tuple[int, ...]
    turned_side: int
    turned_score: float
    turned_hint: float
    turned_large: float
    turned_seen_px: int
    turned_around: float
    turned_view: int
    turned_hints: int
    turned_norm: float
    turned_better: float
    negative_side: int
    negative_score: float
    one_channel: float


@dataclass(frozen=True, slots=True)
class Uprighting:
    """Which faces are set upright before dlib encodes them."""

    most_roll: float
    surroundings: float


@dataclass(frozen=True, slots=True)
class Comparability:
    """What a person can recognize, and what the encoders can compare."""

    recognizable_px: float
    recognizable_score: float
    recognizable_sharpness: float
    comparable_px: float
    comparable_yaw: float
    comparable_sharpness: float
    comparable_contrast: float
    comparable_burnt_out: float
    comparable_norm: float
    comparable_norm_px: float
    no_face_norm: float
    covered_eye_light: float
    covered_norm: float
    few_tones: float
    few_tones_sharpness: float
    few_tones_norm: float
    few_tones_score: float
    few_tones_px: float


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """Where a face begins to be hard to compare; a face is hard that falls short in anything."""

    size_px: float
    sharpness: float
    contrast: float
    burnt_out: float
    feature_contrast: float
    eye_light: float
    yaw: float
    times: float


@dataclass(frozen=True, slots=True)
class ReviewBand:
    """How wide the band may get in which a person must look."""

    most_per_million: float
    most_years: float
    share_beside: float


@dataclass(frozen=True, slots=True)
class CloseMatching:
    """Which faces of the index stand beside a person's references."""

    per_million: float
    most: int
    candidates: int
    copy: float


@dataclass(frozen=True, slots=True)
class CopyThresholds:
    """When hashes make two photos copies of one another."""

    surely_bits: int
    likely_bits: int
    likely_phash_bits: int
    perhaps_bits: int
    perhaps_phash_bits: int
    least_quality: int
    flat_bits: int


@dataclass(frozen=True, slots=True)
class FeatureThresholds:
    """When local features make a picture a part of a known photo."""

    alike: float
    least_inliers: int
    least_share: float
    least_area: float
    design_cells: float
    design_many: int
    design_many_cells: float
    most_scale: float
    tolerance: float


@dataclass(frozen=True, slots=True)
class Flooding:
    """When a reference, or a face, matches more than a person's can."""

    least_matched: int
    most_share: float
    least_photos: int
    one_person: float
    faces_of_one_photo: int
    crowded_photos: int
    again: float
    people_of_one_face: int


@dataclass(frozen=True, slots=True)
class Placing:
    """When a box is the face that is meant."""

    same_face: float
    same_shape: float
    least_shown: float


# By group and name; dates are dates.
TABLE: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("limits.toml").read_text("utf-8")
)


def group(kind: type[Group], name: str) -> Group:
    """Return a group of limits as a dataclass that names them all."""
    values = {limit: row["value"] for limit, row in TABLE[name].items()}
    # Tuples: workers keep their models by what they were asked for.
    lists = {limit: tuple(value) for limit, value in values.items() if isinstance(value, list)}
    return kind(**values | lists)


def _shortcoming(column: int) -> Shortcoming:
    rows = TABLE["shortcoming"].items()
    return Shortcoming(**{limit: row["value"][column] for limit, row in rows})


DETECTION = group(Detection, "detection")
UPRIGHTING = group(Uprighting, "uprighting")
COMPARABILITY = group(Comparability, "comparability")
HARD, HARDER = _shortcoming(0), _shortcoming(1)
REVIEW_BAND = group(ReviewBand, "review_band")
CLOSE_MATCHING = group(CloseMatching, "close_matching")
COPIES = group(CopyThresholds, "copies")
FEATURES = group(FeatureThresholds, "features")
FLOODING = group(Flooding, "flooding")
PLACING = group(Placing, "placing")
