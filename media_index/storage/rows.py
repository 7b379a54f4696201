"""Between the rows of the index and its types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from media_index.clock import as_utc
from media_index.hashing.keypoints import METHOD
from media_index.storage.tables import EventRow, FaceRow, LocalFeaturesRow, PhotoRow
from media_index.types import (
    Box,
    Event,
    ExifFacts,
    Face,
    FaceQuality,
    Fingerprint,
    LocalFeatures,
    PerceptualHashes,
    Turning,
)

if TYPE_CHECKING:
    from datetime import datetime

    from media_index.types import Vector


def pack(vector: Vector) -> bytes:
    """Return a vector as little-endian float32 bytes."""
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()


def unpack(packed: bytes) -> Vector:
    """Return the (d,) float32 vector of `pack`."""
    return np.frombuffer(packed, dtype="<f4").astype(np.float32, copy=False)


def to_event(row: EventRow) -> Event:
    """Return the event of a row."""
    return Event(row.id, row.name, row.held_on, row.place, row.public_space)


def photo_row(fingerprint: Fingerprint, at: datetime) -> PhotoRow:
    """Return the row of a photo."""
    trimmed = fingerprint.trimmed_hashes
    return PhotoRow(
        sha256=fingerprint.sha256,
        byte_size=fingerprint.byte_size,
        width=fingerprint.width,
        height=fingerprint.height,
        image_format=fingerprint.image_format,
        pdq=fingerprint.hashes.pdq,
        pdq_quality=fingerprint.hashes.pdq_quality,
        phash=fingerprint.hashes.phash,
        dhash=fingerprint.hashes.dhash,
        trimmed=None
        if trimmed is None
        else {
            "pdq": trimmed.pdq.hex(),
            "pdq_quality": trimmed.pdq_quality,
            "phash": trimmed.phash.hex(),
            "dhash": trimmed.dhash.hex(),
        },
        taken_at=fingerprint.exif.taken_at,
        camera=fingerprint.exif.camera,
        has_gps=fingerprint.exif.has_gps,
        orientation=fingerprint.exif.orientation,
        turning=(fingerprint.turning or Turning.AGREED).value,
        indexed_at=as_utc(at),
    )


def face_row(sha256: str, face: Face) -> FaceRow:
    """Return the row of a face."""
    return FaceRow(
        photo_sha256=sha256,
        place_in_photo=face.index,
        x1=face.box.x1,
        y1=face.box.y1,
        x2=face.box.x2,
        y2=face.box.y2,
        landmarks=[list(point) for point in face.landmarks],
        detector_score=face.detector_score,
        size_px=face.quality.size_px,
        sharpness=face.quality.sharpness,
        yaw=face.quality.yaw,
        contrast=face.quality.contrast,
        burnt_out=face.quality.burnt_out,
        bare=face.quality.feature_contrast,
        norm=face.quality.norm,
        prominence=face.quality.prominence,
    )


def to_fingerprint(row: PhotoRow, faces: tuple[Face, ...]) -> Fingerprint:
    """Return the photo of a row with its faces, without the bytes of its thumbnail."""
    return Fingerprint(
        sha256=row.sha256,
        byte_size=row.byte_size,
        width=row.width,
        height=row.height,
        image_format=row.image_format,
        hashes=to_hashes(row),
        trimmed_hashes=to_trimmed(row.trimmed),
        exif=ExifFacts(row.taken_at, row.camera, row.has_gps, row.orientation),
        faces=faces,
        thumbnail=b"",
        turning=None if row.turning is None else Turning(row.turning),
    )


def to_hashes(row: PhotoRow) -> PerceptualHashes:
    """Return a row's hashes."""
    return PerceptualHashes(row.pdq, row.pdq_quality, row.phash, row.dhash)


def to_trimmed(kept: dict[str, Any] | None) -> PerceptualHashes | None:
    """Return the hashes of a photo without its border, if it has one."""
    if kept is None:
        return None
    return PerceptualHashes(
        bytes.fromhex(kept["pdq"]),
        kept["pdq_quality"],
        bytes.fromhex(kept["phash"]),
        bytes.fromhex(kept["dhash"]),
    )


def to_face(row: FaceRow, encodings: dict[str, Vector]) -> Face:
    """Return the face of a row with its encodings."""
    return Face(
        index=row.place_in_photo,
        box=Box(row.x1, row.y1, row.x2, row.y2),
        landmarks=tuple((point[0], point[1]) for point in row.landmarks),
        detector_score=row.detector_score,
        quality=FaceQuality(
            row.size_px,
            row.sharpness,
            row.yaw,
            row.contrast,
            row.burnt_out,
            row.bare,
            row.norm,
            row.prominence,
        ),
        encodings=encodings,
    )


def features_row(sha256: str, features: LocalFeatures) -> LocalFeaturesRow:
    """Return the row of a photo's local features."""
    return LocalFeaturesRow(
        photo_sha256=sha256,
        method=METHOD,
        points=np.ascontiguousarray(features.points, dtype="<f4").tobytes(),
        descriptors=np.ascontiguousarray(features.descriptors).tobytes(),
    )


def to_features(row: LocalFeaturesRow) -> LocalFeatures:
    """Return the local features of a row."""
    return LocalFeatures(
        np.frombuffer(row.points, "<f4").reshape(-1, 2).astype(np.float32, copy=False),
        np.frombuffer(row.descriptors, np.uint8).reshape(-1, 128),
    )
