"""Tables of the index: what a photo is, and where its bytes were seen."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, LargeBinary
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from media_index.clock import as_utc
from media_index.storage.columns import Columns
from media_index.types import (
    Face,
    FaceQuality,
    FileStamp,
    Fingerprint,
    PerceptualHashes,
    Problem,
)

# Bytes of a file, nanoseconds since 1970: PostgreSQL's INTEGER ends at 2 GB. SQLite's has no end.
Wide = BigInteger().with_variant(Integer(), "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """A UTC-aware timestamp; SQLite by itself would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive timestamps; give the rest to the database as UTC."""
        del dialect
        return None if value is None else as_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        return None if value is None else as_utc(value, naive_is_utc=True)


class HashesInJson(TypeDecorator[PerceptualHashes]):
    """Hashes in one column, in hexadecimal digits."""

    impl = JSON
    cache_ok = True

    def process_bind_param(
        self, value: PerceptualHashes | None, dialect: Dialect
    ) -> dict[str, Any] | None:
        """Give them to the database as plain data."""
        del dialect
        if value is None:
            return None
        cells = asdict(value).items()
        return {name: cell.hex() if isinstance(cell, bytes) else cell for name, cell in cells}

    def process_result_value(
        self, value: dict[str, Any] | None, dialect: Dialect
    ) -> PerceptualHashes | None:
        """Give the bytes back."""
        del dialect
        if value is None:
            return None
        of_bytes = {name: bytes.fromhex(value[name]) for name in ("pdq", "phash", "dhash")}
        return PerceptualHashes(pdq_quality=value["pdq_quality"], **of_bytes)


class PhotoRow(SQLModel, table=True):
    """A photo, which is its content."""

    __tablename__ = "photo"

    sha256: str = Field(primary_key=True, max_length=64)
    byte_size: int = Field(sa_type=Wide)
    width: int
    height: int
    image_format: str = Field(max_length=16)
    pdq: bytes = Field(sa_type=LargeBinary)
    pdq_quality: int
    phash: bytes = Field(sa_type=LargeBinary)
    dhash: bytes = Field(sa_type=LargeBinary)
    trimmed_hashes: PerceptualHashes | None = Field(
        default=None, sa_type=HashesInJson, sa_column_kwargs={"name": "trimmed"}
    )
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    camera: str | None = None
    has_gps: bool = False
    orientation: int = 1
    # Of photos indexed before it was kept, `taken_at` may be that of an edit.
    turning: str | None = Field(default=None, max_length=16)
    # Of an animation alone.
    frames: int | None = None
    frames_seen: int | None = None
    # How many faces were found, so that one that gets lost is missed.
    face_count: int | None = None
    indexed_at: datetime = Field(sa_type=UtcDateTime)


PHOTOS = Columns(Fingerprint, PhotoRow, apart=("faces", "thumbnail", "features", "design"))
HASHES = Columns(PerceptualHashes, PhotoRow)


class PlaceRow(SQLModel, table=True):
    """Where a photo's bytes were seen, and the facts by which a change is noticed."""

    __tablename__ = "place"

    path: str = Field(primary_key=True)
    photo_sha256: str = Field(foreign_key="photo.sha256", index=True, max_length=64)
    # Events are kept beside the index, in a table of whoever uses it.
    event_id: str | None = Field(default=None, foreign_key="event.id", index=True)
    byte_size: int = Field(sa_type=Wide)
    mtime_ns: int = Field(sa_type=Wide)
    seen_at: datetime = Field(sa_type=UtcDateTime)


PLACE_STAMPS = Columns(FileStamp, PlaceRow)


class KeptEventRow(SQLModel, table=True):
    """The event of a photo that lies, or lay, at a place which is forgotten."""

    __tablename__ = "kept_event"

    photo_sha256: str = Field(primary_key=True, foreign_key="photo.sha256", max_length=64)
    event_id: str = Field(primary_key=True, foreign_key="event.id", index=True)


class ProblemRow(SQLModel, table=True):
    """A file that could not be fingerprinted; tried again when it changes."""

    __tablename__ = "problem"

    path: str = Field(primary_key=True)
    code: str = Field(max_length=32)
    reason: str
    byte_size: int = Field(sa_type=Wide)
    mtime_ns: int = Field(sa_type=Wide)
    seen_at: datetime = Field(sa_type=UtcDateTime)


# Whether a problem may pass is of no use once it is kept.
PROBLEMS = Columns(Problem, ProblemRow, apart=("path", "may_pass"))
PROBLEM_STAMPS = Columns(FileStamp, ProblemRow)


class FaceRow(SQLModel, table=True):
    """A face of a photo. The box is in px after EXIF rotation."""

    __tablename__ = "face"

    id: int | None = Field(default=None, primary_key=True)
    photo_sha256: str = Field(foreign_key="photo.sha256", index=True, max_length=64)
    index: int = Field(sa_column_kwargs={"name": "place_in_photo"})
    x1: int
    y1: int
    x2: int
    y2: int
    landmarks: list[list[float]] = Field(sa_type=JSON)
    detector_score: float
    size_px: float
    sharpness: float
    yaw: float
    contrast: float | None = None
    burnt_out: float | None = None
    feature_contrast: float | None = Field(default=None, sa_column_kwargs={"name": "bare"})
    norm: float | None = None
    prominence: float = Field(default=1.0, sa_column_kwargs={"server_default": "1.0"})
    eye_light: float | None = None
    few_tones: float | None = None


FACES = Columns(Face, FaceRow, apart=("encodings",))
QUALITIES = Columns(FaceQuality, FaceRow)


class FaceEncodingRow(SQLModel, table=True):
    """An encoding of a face by one model: (d,) float32, little-endian."""

    __tablename__ = "face_encoding"

    face_id: int = Field(foreign_key="face.id", primary_key=True)
    model_id: str = Field(primary_key=True, max_length=64)
    vector: bytes = Field(sa_type=LargeBinary)


class FaceTokenRow(SQLModel, table=True):
    """A state of the encodings, by a name drawn at random.

    Every transaction that adds encodings adds a row. Triggers (migration 0008) leave but one new
    row when encodings are removed or changed, whoever does it. See `vectors`.
    """

    __tablename__ = "face_token"

    id: int | None = Field(default=None, primary_key=True)
    token: str = Field(index=True, max_length=32)


class LocalFeaturesRow(SQLModel, table=True):
    """The spots of a photo that are found again in crops of it.

    Points are (n, 2) float32, little-endian, px after EXIF rotation; descriptors (n, 128) uint8.
    """

    __tablename__ = "local_features"

    photo_sha256: str = Field(foreign_key="photo.sha256", primary_key=True, max_length=64)
    method: str = Field(max_length=32)
    points: bytes = Field(sa_type=LargeBinary)
    descriptors: bytes = Field(sa_type=LargeBinary)


class DesignFeaturesRow(SQLModel, table=True):
    """The finer spots of what looks like a flyer or collage, as in `LocalFeaturesRow`.

    A photo that does not has a row without spots; one that was not asked has none.
    """

    __tablename__ = "design_features"

    photo_sha256: str = Field(foreign_key="photo.sha256", primary_key=True, max_length=64)
    method: str = Field(max_length=32)
    points: bytes = Field(sa_type=LargeBinary)
    descriptors: bytes = Field(sa_type=LargeBinary)
