"""What the index holds of photos, in the database: hashes, faces, encodings, local features."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import numpy as np
from sqlalchemy import case, delete, func, insert
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from media_index.hashing.keypoints import METHOD
from media_index.storage.rows import (
    face_row,
    features_row,
    pack,
    photo_row,
    to_face,
    to_features,
    to_fingerprint,
    to_trimmed,
    unpack,
)
from media_index.storage.tables import (
    FaceEncodingRow,
    FaceRow,
    FaceTokenRow,
    LocalFeaturesRow,
    PhotoRow,
)
from media_index.types import PerceptualHashes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from media_index.types import Face, Fingerprint, LocalFeatures, Vector

    Vectors = np.ndarray[Any, np.dtype[np.float32]]

# SQLite binds at most 32,766 values in a statement; PostgreSQL 65,535.
_CHUNK = 500
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, eq=False)
class FaceBlock:
    """A block of the index's faces, for one sweep.

    Attributes:
        photos: SHA-256 of each face's photo.
        faces: in the same order.
        encodings: by model id, (n, d) float32.
        last: goes up with every block; given as `after`, only later faces are read.
    """

    photos: list[str]
    faces: list[Face]
    encodings: dict[str, np.ndarray[Any, np.dtype[np.float32]]]
    last: int


class PhotoContents:
    """Photos by what they show."""

    def __init__(self, session: Session) -> None:
        """Work inside the session's transaction."""
        self._session = session

    def add(self, fingerprints: Sequence[Fingerprint], at: datetime) -> None:
        """Add photos that are not in the index yet, with their faces."""
        for fingerprint in fingerprints:
            self._session.add(photo_row(fingerprint, at))
        self._session.flush()
        self._add_contents(fingerprints)

    def replace(self, fingerprints: Sequence[Fingerprint], at: datetime) -> None:
        """Renew what is known of photos that are in the index: hashes, facts, faces, features.

        Where they lie and which events they belong to stays.
        """
        for chunk in in_chunks([one.sha256 for one in fingerprints]):
            old = select(FaceRow.id).where(col(FaceRow.photo_sha256).in_(chunk))
            self._session.exec(delete(FaceEncodingRow).where(col(FaceEncodingRow.face_id).in_(old)))
            self._session.exec(delete(FaceRow).where(col(FaceRow.photo_sha256).in_(chunk)))
            self._session.exec(
                delete(LocalFeaturesRow).where(col(LocalFeaturesRow.photo_sha256).in_(chunk))
            )
        for fingerprint in fingerprints:
            self._session.merge(photo_row(fingerprint, at))
        self._session.flush()
        self._add_contents(fingerprints)

    def _add_contents(self, fingerprints: Sequence[Fingerprint]) -> None:
        session = self._session
        session.add_all(
            features_row(one.sha256, one.features)
            for one in fingerprints
            if one.features is not None
        )
        faces = [
            (face_row(fingerprint.sha256, face), face)
            for fingerprint in fingerprints
            for face in fingerprint.faces
        ]
        session.add_all([row for row, _ in faces])
        session.flush()
        vectors = [
            {"face_id": row.id, "model_id": model, "vector": pack(vector)}
            for row, face in faces
            for model, vector in face.encodings.items()
        ]
        if vectors:
            session.exec(insert(FaceEncodingRow), params=vectors)
            session.add(FaceTokenRow(token=uuid4().hex))
            session.flush()

    def fingerprints(self, photos: Sequence[str]) -> dict[str, Fingerprint]:
        """Return photos by SHA-256, without thumbnails' bytes."""
        found: dict[str, Fingerprint] = {}
        for chunk in in_chunks(photos):
            faces = self._faces(chunk)
            for row in self._session.exec(select(PhotoRow).where(col(PhotoRow.sha256).in_(chunk))):
                found[row.sha256] = to_fingerprint(row, tuple(faces.get(row.sha256, ())))
        return found

    def with_features(self, photos: Sequence[str]) -> dict[str, Fingerprint]:
        """Return photos by SHA-256 with their local features, 33 kB each."""
        features = dict(self.features(photos))
        return {
            sha256: replace(photo, features=features.get(sha256))
            for sha256, photo in self.fingerprints(photos).items()
        }

    def features(self, photos: Sequence[str] | None = None) -> Iterator[tuple[str, LocalFeatures]]:
        """Yield the local features of photos, or of all; some have none."""
        every = select(LocalFeaturesRow).where(LocalFeaturesRow.method == METHOD)
        if photos is None:
            for row in self._session.exec(every).yield_per(_CHUNK):
                yield row.photo_sha256, to_features(row)
            return
        for chunk in in_chunks(photos):
            for row in self._session.exec(
                every.where(col(LocalFeaturesRow.photo_sha256).in_(chunk))
            ):
                yield row.photo_sha256, to_features(row)

    def face_blocks(
        self, models: Sequence[str], size: int = 20_000, after: int = 0
    ) -> Iterator[FaceBlock]:
        """Yield all faces that have an encoding by each of the models, in blocks."""
        last = after
        while True:
            rows = self._session.exec(
                select(FaceRow).where(col(FaceRow.id) > last).order_by(col(FaceRow.id)).limit(size),
            ).all()
            if not rows:
                return
            first, last = rows[0].id or 0, rows[-1].id or 0
            vectors = self._vectors_between(first, last)
            yield from _block(rows, vectors, models)

    def faces_by_id(self, faces: Sequence[int], models: Sequence[str]) -> Iterator[FaceBlock]:
        """Yield the faces with these ids that have an encoding by each of the models."""
        for chunk in in_chunks(sorted(faces)):
            rows = self._session.exec(
                select(FaceRow).where(col(FaceRow.id).in_(chunk)).order_by(col(FaceRow.id))
            ).all()
            yield from _block(rows, self._vectors_of(chunk), models)

    def last_face(self) -> int:
        """Return the highest id of a face; 0 if there is none."""
        return self._session.exec(select(func.max(FaceRow.id))).one() or 0

    def stale_photos(self, models: Sequence[str]) -> int:
        """Return how many photos have a face encoded by others than all of the models.

        Such faces are in no block, so that no search finds them before they are encoded anew.
        """
        current = func.sum(case((col(FaceEncodingRow.model_id).in_(models), 1), else_=0))
        stale = (
            select(FaceEncodingRow.face_id)
            .group_by(col(FaceEncodingRow.face_id))
            .having(current < len(models))
        )
        photos = select(func.count(func.distinct(FaceRow.photo_sha256)))
        return self._session.exec(photos.where(col(FaceRow.id).in_(stale))).one()

    def hashes(
        self, photos: Sequence[str] | None = None
    ) -> list[tuple[str, PerceptualHashes, PerceptualHashes | None]]:
        """Return the hashes of photos, whole and without their border; of all by default."""
        # Columns, not rows: making an object of each row takes most of the time.
        columns = select_columns(
            col(PhotoRow.sha256),
            col(PhotoRow.pdq),
            col(PhotoRow.pdq_quality),
            col(PhotoRow.phash),
            col(PhotoRow.dhash),
            col(PhotoRow.trimmed),
        )
        asked = (
            [columns]
            if photos is None
            else [columns.where(col(PhotoRow.sha256).in_(chunk)) for chunk in in_chunks(photos)]
        )
        return [
            (sha256, PerceptualHashes(*hashes), to_trimmed(trimmed))
            for one in asked
            for sha256, *hashes, trimmed in self._session.execute(one)
        ]

    def _faces(self, photos: Sequence[str]) -> dict[str, list[Face]]:
        rows = self._session.exec(
            select(FaceRow)
            .where(col(FaceRow.photo_sha256).in_(photos))
            .order_by(col(FaceRow.photo_sha256), col(FaceRow.place_in_photo)),
        ).all()
        vectors = self._vectors_of([row.id or 0 for row in rows])
        found: dict[str, list[Face]] = {}
        for row in rows:
            found.setdefault(row.photo_sha256, []).append(
                to_face(row, vectors.get(row.id or 0, {}))
            )
        return found

    def _vectors_of(self, faces: Sequence[int]) -> dict[int, dict[str, Vector]]:
        found: dict[int, dict[str, Vector]] = {}
        for chunk in in_chunks(faces):
            rows = self._session.exec(
                select(FaceEncodingRow).where(col(FaceEncodingRow.face_id).in_(chunk)),
            )
            for row in rows:
                found.setdefault(row.face_id, {})[row.model_id] = unpack(row.vector)
        return found

    def _vectors_between(self, first: int, last: int) -> dict[int, dict[str, Vector]]:
        rows = self._session.exec(
            select(FaceEncodingRow.face_id, FaceEncodingRow.model_id, FaceEncodingRow.vector).where(
                col(FaceEncodingRow.face_id).between(first, last),
            ),
        )
        found: dict[int, dict[str, Vector]] = {}
        for face_id, model_id, vector in rows:
            found.setdefault(face_id, {})[model_id] = unpack(vector)
        return found


def _block(
    rows: Sequence[FaceRow], vectors: dict[int, dict[str, Vector]], models: Sequence[str]
) -> Iterator[FaceBlock]:
    """Yield the faces that have an encoding by each of the models, if there are any."""
    kept = [row for row in rows if all(one in vectors.get(row.id or 0, {}) for one in models)]
    if kept:
        yield FaceBlock(
            photos=[row.photo_sha256 for row in kept],
            faces=[to_face(row, vectors[row.id or 0]) for row in kept],
            encodings={
                model: np.stack([vectors[row.id or 0][model] for row in kept]) for model in models
            },
            last=rows[-1].id or 0,
        )


def in_chunks(values: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield values in portions that one statement can bind."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
