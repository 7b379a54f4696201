"""What the index holds of photos, in the database: hashes, faces, encodings, local features."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import uuid4

import numpy as np
from sqlalchemy import ColumnElement, Row, delete, func, insert
from sqlmodel import col, select

from media_index.clock import as_utc
from media_index.faces.encode import DLIB, SFACE, are_sound, is_sound
from media_index.faces.sface import DIMENSIONS
from media_index.hashing.keypoints import DESIGN_METHOD, METHOD
from media_index.storage.columns import Store, among
from media_index.storage.tables import (
    FACES,
    HASHES,
    PHOTOS,
    DesignFeaturesRow,
    FaceEncodingRow,
    FaceRow,
    FaceTokenRow,
    LocalFeaturesRow,
    PhotoRow,
)
from media_index.types import Face, Fingerprint, LocalFeatures, PerceptualHashes, Vector

Vectors = np.ndarray[Any, np.dtype[np.float32]]

# SQLite binds at most 32,766 values in a statement; PostgreSQL 65,535.
_CHUNK = 500
_FLOAT_BYTES = 4
_LENGTHS = {DLIB: DIMENSIONS, SFACE: DIMENSIONS}
_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
Item = TypeVar("Item")

# Of photos whose encodings are not kept, the faces with encodings as far as somebody has them.
Recall = Callable[[Any, Sequence[str]], Mapping[str, Sequence[Face]]]


class EncodingSeals(Protocol):
    """What encodings are encrypted by: a key for each block of faces, by the order of their ids."""

    def sealed(self, face: int, model: str, packed: bytes) -> bytes:
        """Return a packed vector encrypted, as that of this face by this model."""
        ...

    def opened(self, face: int, model: str, kept: bytes) -> bytes | None:
        """Return the packed vector; None if it is not what was sealed, or its key is gone."""
        ...

    def forget(self, faces: Collection[int]) -> None:
        """Destroy the keys of the blocks that these faces were in; others there get a new one."""
        ...

    def forget_all(self) -> None:
        """Destroy the keys of all blocks."""
        ...

    def unreadable(self) -> set[int]:
        """Return the faces with an encoding whose key is destroyed, as an older backup has them."""
        ...


def pack(vector: Vector) -> bytes:
    """Return a vector as little-endian float32 bytes."""
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()


def unpack(packed: bytes) -> Vector:
    """Return the (d,) float32 vector of `pack`; NaN alone for bytes that are none."""
    if len(packed) % _FLOAT_BYTES:
        return np.full(1, np.nan, np.float32)
    return np.frombuffer(packed, dtype="<f4").astype(np.float32, copy=False)


def is_encoding(vector: Vector, model: str) -> bool:
    """Say whether a stored vector is still one of a model's; of other models nothing is known."""
    return model not in _LENGTHS or is_sound(vector, _LENGTHS[model])


def unpacked(model: str, packed: Sequence[bytes]) -> list[Vector | None]:
    """Return many vectors of a model; None for each that is not one, as `is_encoding` tells."""
    length = _LENGTHS.get(model)
    if length is None:
        return [unpack(one) for one in packed]
    whole = [at for at, one in enumerate(packed) if len(one) == length * _FLOAT_BYTES]
    every = unpack(b"".join(packed[at] for at in whole)).reshape(-1, length)
    found: list[Vector | None] = [None] * len(packed)
    for at, vector, sound in zip(whole, every, are_sound(every), strict=True):
        found[at] = vector if sound else None
    return found


@dataclass(frozen=True, slots=True, eq=False)
class FaceBlock:
    """A block of the index's faces, for one sweep.

    Attributes:
        ids: of the faces, ascending.
        photos: SHA-256 of each face's photo.
        faces: in the same order.
        encodings: by model id, (n, d) float32.
        last: goes up with every block; given as `after`, only later faces are read.
    """

    ids: list[int]
    photos: list[str]
    faces: list[Face]
    encodings: dict[str, Vectors]
    last: int


class PhotoContents(Store):
    """Photos by what they show.

    Attributes:
        keeps: says whether encodings and landmarks of faces are kept; they are where None.
        recall: asked for the encodings of photos that are kept without.
        seals: what encodings are encrypted by; those of a database without keys are not.
    """

    keeps: Callable[[], bool] | None = None
    recall: Recall | None = None
    seals: EncodingSeals | None = None

    def keeps_encodings(self) -> bool:
        """Say whether encodings and landmarks of faces are kept; boxes always are."""
        return self.keeps is None or self.keeps()

    def add(self, fingerprints: Sequence[Fingerprint], at: datetime) -> None:
        """Add photos that are not in the index yet, with their faces."""
        self._add(*(_photo_row(photo, at) for photo in fingerprints))
        self._add_contents(fingerprints)

    def replace(self, fingerprints: Sequence[Fingerprint], at: datetime) -> None:
        """Renew what is known of photos that are in the index: hashes, facts, faces, features.

        Where they lie and which events they belong to stays.
        """
        for chunk in in_chunks([photo.sha256 for photo in fingerprints]):
            old = select(FaceRow.id).where(col(FaceRow.photo_sha256).in_(chunk))
            self._session.exec(delete(FaceEncodingRow).where(col(FaceEncodingRow.face_id).in_(old)))
            self._session.exec(delete(FaceRow).where(col(FaceRow.photo_sha256).in_(chunk)))
            for kept in (LocalFeaturesRow, DesignFeaturesRow):
                self._session.exec(delete(kept).where(col(kept.photo_sha256).in_(chunk)))
        for photo in fingerprints:
            self._session.merge(_photo_row(photo, at))
        self._session.flush()
        self._add_contents(fingerprints)

    def _add_contents(self, fingerprints: Sequence[Fingerprint]) -> None:
        keeps = self.keeps_encodings()
        faces = [
            (FACES.row(face, photo_sha256=photo.sha256), face)
            for photo in fingerprints
            for face in (photo.faces if keeps else map(_outline, photo.faces))
        ]
        self._add(
            *(
                LocalFeaturesRow(**_spot_columns(photo.sha256, METHOD, photo.features))
                for photo in fingerprints
                if photo.features is not None
            ),
            *(
                DesignFeaturesRow(**_spot_columns(photo.sha256, DESIGN_METHOD, photo.design))
                for photo in fingerprints
                if photo.design is not None
            ),
            *(row for row, _ in faces),
        )
        vectors = [
            self._encoding(row.id, model, vector)
            for row, face in faces
            if row.id is not None
            for model, vector in face.encodings.items()
        ]
        if vectors:
            self._session.exec(insert(FaceEncodingRow), params=vectors)
            self._add(FaceTokenRow(token=uuid4().hex))

    def _encoding(self, face: int, model: str, vector: Vector) -> dict[str, Any]:
        """Return the columns of an encoding."""
        packed = pack(vector)
        kept = packed if self.seals is None else self.seals.sealed(face, model, packed)
        return {"face_id": face, "model_id": model, "vector": kept}

    def _vector(self, face: int, model: str, kept: bytes) -> Vector | None:
        """Return an encoding; None for one that is not what was written."""
        packed = kept if self.seals is None else self.seals.opened(face, model, kept)
        vector = None if packed is None else unpack(packed)
        return vector if vector is not None and is_encoding(vector, model) else None

    def fingerprints(self, photos: Sequence[str]) -> dict[str, Fingerprint]:
        """Return photos by SHA-256, without thumbnails' bytes."""
        found: dict[str, Fingerprint] = {}
        for chunk in in_chunks(photos):
            faces = self._faces(chunk)
            query = PHOTOS.select().where(col(PhotoRow.sha256).in_(chunk))
            for row in self._session.execute(query):
                own = tuple(faces.get(row.sha256, ()))
                found[row.sha256] = PHOTOS.read(row, faces=own, thumbnail=b"")
        return found

    def with_features(self, photos: Sequence[str]) -> dict[str, Fingerprint]:
        """Return photos by SHA-256 with their local features, 33 kB each; of a design 300 kB."""
        features = dict(self.features(photos))
        every = select(DesignFeaturesRow).where(DesignFeaturesRow.method == DESIGN_METHOD)
        designs = {
            row.photo_sha256: _features(row)
            for chunk in in_chunks(photos)
            for row in self._session.exec(
                every.where(col(DesignFeaturesRow.photo_sha256).in_(chunk))
            )
        }
        return {
            sha256: replace(photo, features=features.get(sha256), design=designs.get(sha256))
            for sha256, photo in self.fingerprints(photos).items()
        }

    def features(self, photos: Sequence[str] | None = None) -> Iterator[tuple[str, LocalFeatures]]:
        """Yield the local features of photos, or of all; some have none."""
        every = select(LocalFeaturesRow).where(LocalFeaturesRow.method == METHOD)
        if photos is None:
            for row in self._session.exec(every).yield_per(_CHUNK):
                yield row.photo_sha256, _features(row)
            return
        for chunk in in_chunks(photos):
            for row in self._session.exec(
                every.where(col(LocalFeaturesRow.photo_sha256).in_(chunk))
            ):
                yield row.photo_sha256, _features(row)

    def without_design(self, photos: Sequence[str]) -> set[str]:
        """Return the photos of which nobody asked whether they are designs, of those given."""
        asked = {
            photo
            for chunk in in_chunks(photos)
            for photo in self._session.exec(
                select(DesignFeaturesRow.photo_sha256).where(
                    DesignFeaturesRow.method == DESIGN_METHOD,
                    col(DesignFeaturesRow.photo_sha256).in_(chunk),
                )
            )
        }
        return set(photos) - asked

    def put_designs(self, designs: Mapping[str, LocalFeatures]) -> None:
        """Keep the finer spots of photos in the index, by SHA-256, that have none yet."""
        missing = self.without_design(list(designs))
        self._add(
            *(
                DesignFeaturesRow(**_spot_columns(photo, DESIGN_METHOD, designs[photo]))
                for photo in sorted(missing)
            )
        )

    def feature_versions(self, photos: Sequence[str]) -> dict[str, int]:
        """Return when the local features of photos were read, in microseconds; some have none."""
        query = select(LocalFeaturesRow.photo_sha256, PhotoRow.indexed_at).join(
            PhotoRow, col(PhotoRow.sha256) == col(LocalFeaturesRow.photo_sha256)
        )
        query = query.where(LocalFeaturesRow.method == METHOD)
        return {
            photo: (at - _EPOCH) // _MICROSECOND
            for photo, at in self._session.exec(
                query.where(among(LocalFeaturesRow.photo_sha256, photos))
            )
        }

    def face_blocks(
        self, models: Sequence[str], size: int = 20_000, after: int = 0
    ) -> Iterator[FaceBlock]:
        """Yield all faces that have an encoding by each of the models, in blocks."""
        last = after
        query = _FACES.order_by(col(FaceRow.id)).limit(size)
        while rows := self._session.execute(query.where(col(FaceRow.id) > last)).all():
            first, last = rows[0].id, rows[-1].id
            vectors = self._vectors(col(FaceEncodingRow.face_id).between(first, last))
            yield from _block(rows, vectors, models)

    def faces_by_id(self, faces: Sequence[int], models: Sequence[str]) -> Iterator[FaceBlock]:
        """Yield the faces with these ids that have an encoding by each of the models."""
        for chunk in in_chunks(sorted(faces)):
            query = _FACES.where(col(FaceRow.id).in_(chunk)).order_by(col(FaceRow.id))
            rows = self._session.execute(query).all()
            yield from _block(rows, self._vectors_of(chunk), models)

    def recalled_blocks(
        self, models: Sequence[str], after: int = 0, size: int = 100
    ) -> Iterator[FaceBlock]:
        """Yield all faces with a higher id as `face_blocks` does, by photos that are read again."""
        query = select(FaceRow.photo_sha256).where(col(FaceRow.id) > after).distinct()
        photos = list(self._session.exec(query.order_by(col(FaceRow.photo_sha256))))
        for start in range(0, len(photos), size):
            some = photos[start : start + size]
            known = self._faces(some)
            ids = _FACES.where(col(FaceRow.photo_sha256).in_(some)).order_by(
                col(FaceRow.photo_sha256), col(FaceRow.index)
            )
            rows = self._session.execute(ids).all()
            vectors = {
                row.id: dict(face.encodings)
                for sha256 in known
                for row, face in zip(
                    (row for row in rows if row.photo_sha256 == sha256), known[sha256], strict=True
                )
            }
            yield from _block([row for row in rows if row.id > after], vectors, models)

    def last_face(self) -> int:
        """Return the highest id of a face; 0 if there is none."""
        return self._session.exec(select(func.max(FaceRow.id))).one() or 0

    def broken(self, photos: Sequence[str]) -> set[str]:
        """Return the photos that are not in the index, or have other faces than were found."""
        rows = self._session.execute(
            select(PhotoRow.sha256, PhotoRow.face_count, func.count(col(FaceRow.id)))
            .outerjoin(FaceRow, col(FaceRow.photo_sha256) == col(PhotoRow.sha256))
            .where(among(PhotoRow.sha256, photos))
            .group_by(col(PhotoRow.sha256), col(PhotoRow.face_count))
        )
        there = {sha256: expected in {None, count} for sha256, expected, count in rows}
        return {sha256 for sha256 in photos if not there.get(sha256, False)}

    def hashes(
        self, photos: Sequence[str] | None = None
    ) -> list[tuple[str, PerceptualHashes, PerceptualHashes | None]]:
        """Return the hashes of photos, whole and without their border; of all by default."""
        query = HASHES.select(PhotoRow.sha256, PhotoRow.trimmed_hashes)
        if photos is not None:
            query = query.where(among(PhotoRow.sha256, photos))
        # By position, which is quicker than by name: this is asked of the whole archive.
        return [(row[-2], HASHES.read(row), row[-1]) for row in self._session.execute(query)]

    def _faces(self, photos: Sequence[str]) -> dict[str, list[Face]]:
        query = _FACES.where(col(FaceRow.photo_sha256).in_(photos)).order_by(
            col(FaceRow.photo_sha256), col(FaceRow.index)
        )
        rows = self._session.execute(query).all()
        vectors = self._vectors_of([row.id for row in rows])
        found: dict[str, list[Face]] = {}
        for row in rows:
            face = FACES.read(row, encodings=vectors.get(row.id, {}))
            found.setdefault(row.photo_sha256, []).append(face)
        if self.recall is not None:
            lacking = [sha256 for sha256, own in found.items() if not any(f.encodings for f in own)]
            for sha256, seen in self.recall(self, lacking).items():
                found[sha256] = [_seen_again(face, seen) for face in found[sha256]]
        return found

    def _vectors_of(self, faces: Sequence[int]) -> dict[int, dict[str, Vector]]:
        found: dict[int, dict[str, Vector]] = {}
        for chunk in in_chunks(faces):
            found |= self._vectors(col(FaceEncodingRow.face_id).in_(chunk))
        return found

    def _vectors(self, of_faces: ColumnElement[bool]) -> dict[int, dict[str, Vector]]:
        query = select(FaceEncodingRow.face_id, FaceEncodingRow.model_id, FaceEncodingRow.vector)
        found: dict[int, dict[str, Vector]] = {}
        for face_id, model_id, kept in self._session.exec(query.where(of_faces)):
            vector = self._vector(face_id, model_id, kept)
            # What is damaged would match nobody: the face is as one that is not encoded.
            if vector is not None:
                found.setdefault(face_id, {})[model_id] = vector
        return found


def _outline(face: Face) -> Face:
    """Return where a face is, and how well it could be compared."""
    return replace(face, encodings={}, landmarks=())


def _seen_again(face: Face, seen: Sequence[Face]) -> Face:
    """Return a face as another reading of its photo has it, if that found it at the same place."""
    same = (replace(other, index=face.index) for other in seen if other.box == face.box)
    return next(same, face)


_FACES = FACES.select(FaceRow.id, FaceRow.photo_sha256)


def _block(
    rows: Sequence[Row[Any]], vectors: dict[int, dict[str, Vector]], models: Sequence[str]
) -> Iterator[FaceBlock]:
    """Yield the faces that have an encoding by each of the models, if there are any."""
    wanted = set(models)
    kept = [row for row in rows if wanted <= vectors.get(row.id, {}).keys()]
    if kept:
        yield FaceBlock(
            ids=[row.id for row in kept],
            photos=[row.photo_sha256 for row in kept],
            faces=[FACES.read(row, encodings=vectors[row.id]) for row in kept],
            encodings={
                model: np.stack([vectors[row.id][model] for row in kept]) for model in models
            },
            last=rows[-1].id,
        )


def _photo_row(photo: Fingerprint, at: datetime) -> PhotoRow:
    return PHOTOS.row(photo, indexed_at=as_utc(at), face_count=len(photo.faces))


def _spot_columns(sha256: str, method: str, spots: LocalFeatures) -> dict[str, Any]:
    return {
        "photo_sha256": sha256,
        "method": method,
        "points": pack(spots.points),
        "descriptors": np.ascontiguousarray(spots.descriptors).tobytes(),
    }


def _features(row: LocalFeaturesRow | DesignFeaturesRow) -> LocalFeatures:
    return LocalFeatures(
        unpack(row.points).reshape(-1, 2), np.frombuffer(row.descriptors, np.uint8).reshape(-1, 128)
    )


def in_chunks(values: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield values in portions that one statement can bind."""
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
