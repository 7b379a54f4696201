"""The faces of a folder per person, each photo encoded once, as the index encodes it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from media_index.bench.setting import BenchError
from media_index.faces.encode import DLIB, SFACE, SFACE_PLAIN
from media_index.faces.onnx_encoder import model_file
from media_index.files.kinds import SUFFIXES
from media_index.files.pool import prepare_worker
from media_index.fingerprinting import FingerprintSettings, fingerprint_file, loaded
from media_index.limits import COMPARABILITY
from media_index.matching.calibration import Calibration
from media_index.matching.search import TemplateMatrix
from media_index.types import Face, Fingerprint, Problem

Floats = NDArray[np.float32]
Tell = Callable[[int, int], None]

MODELS = (DLIB, SFACE_PLAIN, SFACE)
_NAMES = {
    DLIB: "face_recognition",
    SFACE_PLAIN: "SFace",
    SFACE: "SFace, mirrored",
}
_NORMS = "sface-norm"
_FEWEST = 2


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Encoded photos of known people.

    Attributes:
        names: one each, sorted.
        labels: (n,) int, whose photo each is, an index into `names`.
        vectors: by model id, (n, d) float32.
        norms: (n,) float32, length of SFace's vector before it is made a unit vector.
        left_out: photos without a face that can be compared, and why.
    """

    names: list[str]
    labels: NDArray[np.int64]
    vectors: dict[str, Floats]
    norms: Floats
    left_out: list[tuple[str, str]]

    def of(self, photos: NDArray[np.int64]) -> dict[str, Floats]:
        """Return the vectors of some of the photos."""
        return {model: rows[photos] for model, rows in self.vectors.items()}

    def quality_terms(self, calibration: Calibration) -> NDArray[np.float64]:
        """Return (n,) what a calibration adds to the score of each face."""
        return calibration.quality.of(self.norms, np.ones_like(self.norms))

    def person_scores(
        self, calibration: Calibration, photos: NDArray[np.int64], templates: NDArray[np.int64]
    ) -> Floats:
        """Compare photos (n,) with enrolled people as a check does.

        The templates (m,) of a person are one after the other.

        Returns:
            (n, people) float32, in the order of their templates.
        """
        owners = [str(label) for label in self.labels[templates]]
        terms = self.quality_terms(calibration)
        bars = dict.fromkeys(owners, 0.0)
        sought = TemplateMatrix(calibration, self.of(templates), owners, bars, terms[templates])
        return sought.scores(self.of(photos), terms[photos])


def name_of(model: str) -> str:
    """Return what a model is called in a table: another one by its file."""
    return _NAMES.get(model) or model.rpartition(":")[0]


def encode_people(
    folder: Path,
    weights: Path,
    cache: Path | None = None,
    jobs: int | None = None,
    tell: Tell | None = None,
    encoder: Path | None = None,
) -> People:
    """Encode the face nearest the middle of each photo, of those that surely are faces.

    Args:
        folder: holds a folder per person.
        weights: folder of the verified weights.
        cache: an .npz file to keep the encodings in, and to take them from if it is of these
            files; nothing is kept without it.
        jobs: processes; None for one per processor.
        tell: is told how many of how many photos are done.
        encoder: file of an ONNX model that encodes them too.

    Raises:
        EncoderFileError: the file of the model cannot be used.
        BenchError: there are fewer than two people, or the cache is of something else.
    """
    paths = sorted(path for path in folder.glob("*/*") if path.suffix.lower() in SUFFIXES)
    if len({path.parent for path in paths}) < _FEWEST:
        raise BenchError(f"{folder} holds fewer than two people: give each a folder of photos.")
    files = [f"{path.relative_to(folder).as_posix()} {path.stat().st_size}" for path in paths]
    models = MODELS if encoder is None else (*MODELS, model_file(encoder).model_id)
    if cache is not None and cache.is_file():
        return _read(cache, files, models)
    settings = FingerprintSettings(weights, encoder=encoder, plain=True)
    if encoder is not None:
        # Said here, once, and not of each photo.
        loaded(settings)
    work = partial(fingerprint_file, settings=settings)
    names: list[str] = []
    faces: list[Face] = []
    left_out = []
    # spawn: OpenCV's threads do not survive a fork, and a child would wait for them for ever.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=prepare_worker) as executor:
        try:
            outcomes = executor.map(work, paths, chunksize=8)
            for done, (path, outcome) in enumerate(zip(paths, outcomes, strict=True), start=1):
                if tell is not None:
                    tell(done, len(paths))
                face = None if isinstance(outcome, Problem) else central(outcome)
                if face is None or not set(models) <= set(face.encodings):
                    reason = (
                        outcome.reason if isinstance(outcome, Problem) else "no face to compare"
                    )
                    left_out.append((str(path), reason))
                    continue
                names.append(path.parent.name)
                faces.append(face)
        finally:
            # Stopped in between: what no worker has begun is not waited for.
            executor.shutdown(cancel_futures=True)
    if len(set(names)) < _FEWEST:
        raise BenchError(f"Of fewer than two people in {folder} a face can be compared.")
    vectors = {model: np.stack([face.encodings[model] for face in faces]) for model in models}
    norms = np.array([face.quality.norm for face in faces], np.float32)
    people = _people(names, vectors, norms, left_out)
    if cache is not None:
        _write(cache, files, people)
    return people


def central(photo: Fingerprint) -> Face | None:
    """Return the face nearest the middle: whose photo it is. What may be no face comes last."""
    return central_face(photo.faces, photo.width, photo.height)


def central_face(faces: Sequence[Face], width: int, height: int) -> Face | None:
    """Return the face nearest the middle of a picture of this size; see `central`."""
    sure = [face for face in faces if face.detector_score >= COMPARABILITY.recognizable_score]
    return min(
        sure or faces,
        key=lambda face: (
            abs(face.box.x1 + face.box.x2 - width) + abs(face.box.y1 + face.box.y2 - height)
        ),
        default=None,
    )


def _people(
    names: list[str], vectors: dict[str, Floats], norms: Floats, left_out: list[tuple[str, str]]
) -> People:
    known, labels = np.unique(np.asarray(names), return_inverse=True)
    return People([str(name) for name in known], labels, vectors, norms, left_out)


def _write(cache: Path, files: list[str], people: People) -> None:
    try:
        with cache.open("wb") as stream:
            np.savez(
                stream,
                files=np.asarray(files),
                names=np.asarray([people.names[label] for label in people.labels]),
                left_out=np.asarray(people.left_out, dtype=np.str_).reshape(-1, 2),
                **{_NORMS: people.norms, **people.vectors},  # type: ignore[arg-type]
            )
    except OSError as error:
        raise BenchError(f"{cache} cannot be written: choose another place.") from error


def _read(cache: Path, files: list[str], models: Sequence[str]) -> People:
    try:
        with np.load(cache) as kept:
            if kept["files"].tolist() != files:
                raise BenchError(f"{cache} is of other photos: remove it, or name another file.")
            lacking = [model for model in (*models, _NORMS) if model not in kept.files]
            if lacking:
                raise BenchError(
                    f"{cache} is not of {lacking[0]}: remove it, or name another file."
                )
            vectors = {model: kept[model] for model in models}
            left_out = [(str(path), str(reason)) for path, reason in kept["left_out"]]
            return _people(kept["names"].tolist(), vectors, kept[_NORMS], left_out)
    except (OSError, ValueError, KeyError) as error:
        raise BenchError(f"{cache} holds no encodings: remove it, or name another file.") from error
