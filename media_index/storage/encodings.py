"""Encodings of the index, read to be searched; and those by a further model, added to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import Any
from uuid import uuid4

import numpy as np
from sqlalchemy import (
    ColumnElement,
    String,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    insert,
    or_,
    union,
    update,
)
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from media_index.limits import Comparability
from media_index.storage.columns import among
from media_index.storage.contents import PhotoContents, in_chunks
from media_index.storage.tables import (
    FACES,
    FaceEncodingRow,
    FaceRow,
    FaceTokenRow,
    PhotoRow,
    PlaceRow,
)
from media_index.types import Box, CustomEncodings
from media_index.vectors.segment import EncodedFaces

Vectors = np.ndarray[Any, np.dtype[np.float32]]


class PhotoEncodings(PhotoContents):
    """All encodings in the order of the faces, and which faces a model has encoded."""

    def tokens(self, named: str) -> tuple[str, bool]:
        """Return the newest token of the encodings; see `vectors.FaceSource`."""
        newest = select(FaceTokenRow.token).order_by(col(FaceTokenRow.id).desc()).limit(1)
        known = select(FaceTokenRow.id).where(FaceTokenRow.token == named)
        return (
            self._session.exec(newest).first() or "",
            self._session.exec(known).first() is not None,
        )

    def encodings_after(
        self, models: Sequence[str], after: int, size: int = 20_000
    ) -> Iterator[EncodedFaces]:
        """Yield the faces with encodings by all models; see `vectors.FaceSource`."""
        rows = self._session.exec(
            select(FaceEncodingRow.face_id, FaceEncodingRow.model_id, FaceEncodingRow.vector)
            .where(col(FaceEncodingRow.face_id) > after)
            .order_by(col(FaceEncodingRow.face_id))
            .execution_options(yield_per=size)
        )
        faces = (
            (face, {model: kept for _, model, kept in own})
            for face, own in groupby(rows, key=itemgetter(0))
        )
        whole = ((face, own) for face, own in faces if all(model in own for model in models))
        while read := list(islice(whole, size)):
            some = [
                (face, vectors)
                for face, own in read
                if (vectors := self._sound(face, [(model, own[model]) for model in models]))
            ]
            if not some:
                nothing = np.empty((0, 1), np.float32)
                yield EncodedFaces(
                    np.empty(0, np.int64),
                    np.empty((0, 2), np.float32),
                    dict.fromkeys(models, nothing),
                    unsound=len(read),
                )
                continue
            ids = np.array([face for face, _ in some], np.int64)
            stacked = zip(
                models, map(np.stack, zip(*(own for _, own in some), strict=True)), strict=True
            )
            unsound = len(read) - len(some)
            yield EncodedFaces(ids, self._quality_of(ids), dict(stacked), unsound=unsound)

    def _sound(self, face: int, kept: Sequence[tuple[str, bytes]]) -> list[Vectors]:
        """Return the encodings of a face by some models; none of them if one is damaged."""
        found: list[Vectors] = []
        for model, of_model in kept:
            vector = self._vector(face, model, of_model)
            if vector is None:
                return []
            found.append(vector)
        return found

    def _quality_of(self, ids: np.ndarray[Any, np.dtype[np.int64]]) -> Vectors:
        """Return norm and prominence of faces, (n, 2); their ids ascend."""
        rows = self._session.exec(
            select(FaceRow.id, FaceRow.norm, FaceRow.prominence).where(
                col(FaceRow.id).between(int(ids[0]), int(ids[-1]))
            )
        )
        known = {face: (np.nan if norm is None else norm, large) for face, norm, large in rows}
        return np.array([known[face] for face in ids.tolist()], np.float32)

    def encoded_faces(self, model: str) -> tuple[int, int]:
        """Return how many faces a model has encoded, of how many that any model has."""
        count = func.count(func.distinct(FaceEncodingRow.face_id))
        own = self._session.exec(select(count).where(FaceEncodingRow.model_id == model)).one()
        return own, self._session.exec(select(count)).one()

    def photos_lacking(self, model: str) -> list[str]:
        """Return the photos with a face that other models have encoded and this one has not."""
        lacking = select(FaceRow.photo_sha256).where(col(FaceRow.id).in_(_lacking(model)))
        return list(self._session.exec(lacking.distinct().order_by(col(FaceRow.photo_sha256))))

    def places_lacking(self, photos: Sequence[str], model: str) -> dict[str, set[int]]:
        """Return which faces of photos a model has not encoded, by their places in the photo."""
        found: dict[str, set[int]] = {}
        for chunk in in_chunks(photos):
            rows = self._session.exec(
                select(FaceRow.photo_sha256, FaceRow.index).where(
                    col(FaceRow.photo_sha256).in_(chunk), col(FaceRow.id).in_(_lacking(model))
                )
            )
            for sha256, place in rows:
                found.setdefault(sha256, set()).add(place)
        return found

    def add_encodings(self, photos: Sequence[CustomEncodings]) -> int:
        """Add encodings to faces that lack them and are where they were when they were encoded.

        Returns:
            How many faces have one more.
        """
        if not self.keeps_encodings():
            return 0
        shas = [photo.sha256 for photo in photos]
        query = FACES.select(FaceRow.id, FaceRow.photo_sha256)
        known: dict[tuple[str, int, Box], int] = {}
        for row in self._session.execute(query.where(col(FaceRow.photo_sha256).in_(shas))):
            face = FACES.read(row, encodings={})
            known[row.photo_sha256, face.index, face.box] = row.id
        there = select(FaceEncodingRow.face_id, FaceEncodingRow.model_id).where(
            col(FaceEncodingRow.face_id).in_(known.values())
        )
        has = {(face_id, model) for face_id, model in self._session.exec(there)}
        vectors = []
        for photo in photos:
            for face, encodings in zip(photo.faces, photo.encodings, strict=True):
                # None where the photo was fingerprinted anew in the meantime.
                face_id = known.get((photo.sha256, face.index, face.box))
                vectors += [
                    self._encoding(face_id, model, vector)
                    for model, vector in encodings.items()
                    if face_id is not None and (face_id, model) not in has
                ]
        if vectors:
            self._session.exec(insert(FaceEncodingRow), params=vectors)
            # One new token alone: files of vectors that hold these faces without what is new now
            # are made anew, not gone on with; see `vectors`.
            self._session.exec(delete(FaceTokenRow))
            self._add(FaceTokenRow(token=uuid4().hex))
        return len({vector["face_id"] for vector in vectors})

    def forget_encodings(self, sha256: str, places: Sequence[int]) -> None:
        """Remove the encodings of some faces of a photo; where the faces are stays.

        A trigger renews the token: files of vectors that hold them are made anew. The key of their
        block goes with them, so that no copy of them can be read.
        """
        faces = select(FaceEncodingRow.face_id).join(
            FaceRow, col(FaceRow.id) == col(FaceEncodingRow.face_id)
        )
        own = faces.where(FaceRow.photo_sha256 == sha256, col(FaceRow.index).in_(places))
        gone = set(self._session.exec(own))
        self._session.exec(delete(FaceEncodingRow).where(col(FaceEncodingRow.face_id).in_(gone)))
        if self.seals is not None:
            self.seals.forget(gone)

    def forget_all_encodings(self) -> int:
        """Remove all encodings and landmarks of faces, and return how many encodings.

        Where faces are, and how well they could be compared, stays.
        """
        count = self._session.exec(select(func.count()).select_from(FaceEncodingRow)).one()
        self._session.exec(delete(FaceEncodingRow))
        if self.seals is not None:
            self.seals.forget_all()
        self._session.execute(update(FaceRow).values(landmarks=[]))
        return count

    def not_compared(
        self, models: Sequence[str], limits: Comparability, passing: str
    ) -> tuple[int, list[str]]:
        """Return which photos have faces that no search by all of the models finds.

        A model has not encoded a face that another one has; faces are lost; the key of encodings is
        destroyed; or a face that can be recognized has lost its encodings, or never had any because
        none were kept. What no model could encode is left out: encoding it anew changes nothing.

        Args:
            models: all of which a search compares by.
            limits: of what can be recognized.
            passing: how places begin whose files go again.

        Returns:
            How many lie at another place, and the SHA-256 of those that do not.
        """
        photo = col(FaceRow.photo_sha256)
        current = func.sum(case((col(FaceEncodingRow.model_id).in_(models), 1), else_=0))
        stale = (
            select(FaceEncodingRow.face_id)
            .group_by(col(FaceEncodingRow.face_id))
            .having(current < len(models))
        )
        # Once a face was encoded its norm is known; of those of older versions, not always.
        was_encoded = or_(
            col(FaceRow.norm).is_not(None), cast(col(FaceRow.landmarks), String) == "[]"
        )
        bare = (
            select(photo)
            .where(was_encoded, _recognizable(limits))
            .where(~exists().where(col(FaceEncodingRow.face_id) == col(FaceRow.id)))
        )
        there = select(func.count(col(FaceRow.id))).where(photo == col(PhotoRow.sha256))
        broken = select(PhotoRow.sha256).where(
            col(PhotoRow.face_count) != there.correlate(PhotoRow).scalar_subquery()
        )
        sealed = select(PhotoRow.sha256).where(among(PhotoRow.sha256, self.unreadable()))
        every = union(
            select(photo).where(col(FaceRow.id).in_(stale)), bare, broken, sealed
        ).subquery()
        (sha256,) = every.c
        lies = exists().where(
            col(PlaceRow.photo_sha256) == sha256,
            ~col(PlaceRow.path).startswith(passing, autoescape=True),
        )
        named = select(case((lies, ""), else_=sha256).label("name")).subquery()
        counts = self._session.execute(select(named.c.name, func.count()).group_by(named.c.name))
        found = {str(name): int(count) for name, count in counts}
        lying = found.pop("", 0)
        return lying, sorted(found)

    def count_unreadable(self) -> int:
        """Return how many faces have an encoding whose key is destroyed."""
        return 0 if self.seals is None else len(self.seals.unreadable())

    def unreadable(self) -> set[str]:
        """Return the photos with encodings whose key is destroyed."""
        faces = () if self.seals is None else sorted(self.seals.unreadable())
        return {
            sha256
            for chunk in in_chunks(faces)
            for sha256 in self._session.exec(
                select(FaceRow.photo_sha256).where(col(FaceRow.id).in_(chunk))
            )
        }


def _recognizable(limits: Comparability) -> ColumnElement[bool]:
    """Say of a face what `is_recognizable` does."""
    photocopied = and_(
        col(FaceRow.detector_score) >= limits.few_tones_score,
        col(FaceRow.size_px) >= limits.few_tones_px,
        col(FaceRow.prominence) >= 1.0,
        col(FaceRow.few_tones) >= limits.few_tones,
        col(FaceRow.sharpness) >= limits.few_tones_sharpness,
        col(FaceRow.norm) < limits.few_tones_norm,
    )
    return and_(
        col(FaceRow.size_px) >= limits.recognizable_px,
        or_(col(FaceRow.detector_score) >= limits.recognizable_score, photocopied),
        or_(
            col(FaceRow.sharpness) >= limits.recognizable_sharpness,
            col(FaceRow.prominence) >= 1.0,
        ),
    )


def _lacking(model: str) -> SelectOfScalar[int]:
    own = func.sum(case((col(FaceEncodingRow.model_id) == model, 1), else_=0))
    return select(FaceEncodingRow.face_id).group_by(col(FaceEncodingRow.face_id)).having(own == 0)
