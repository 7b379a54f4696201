"""One file to one fingerprint: decode, hash, find faces, encode them."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC
from functools import lru_cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL.Image import Transpose

from media_index.errors import ImageError, InstallationError
from media_index.faces.detect import FaceDetector, hold_middles, merged
from media_index.faces.dlib import DlibEncoder
from media_index.faces.encode import SFaceEncoder, is_sound
from media_index.faces.onnx_encoder import OnnxEncoder
from media_index.faces.quality import measure, prominences
from media_index.faces.self_test import prove
from media_index.faces.sface import DIMENSIONS
from media_index.faces.weights import SFACE_WEIGHTS, YUNET_WEIGHTS, WeightsError, verified
from media_index.files.places import Place
from media_index.hashing.keypoints import (
    DESIGN_SIDE,
    FEATURES_SIDE,
    NO_SPOTS,
    design_features,
    local_features,
    side_by_side,
)
from media_index.hashing.perceptual import HASHING_SIDE, perceptual_hashes, sha256_hex, trimmed
from media_index.images.channels import as_gray, lone_channel
from media_index.images.decode import ImageLimits, Picture, read_photo, reduced, thumbnail
from media_index.images.designs import looks_like_design
from media_index.images.reading import make_ready, read_picture
from media_index.images.screens import Screen, screen_of
from media_index.images.turns import MIRRORING, points_back
from media_index.limits import COMPARABILITY, DETECTION, Detection
from media_index.types import (
    Box,
    CustomEncodings,
    Face,
    Fingerprint,
    LocalFeatures,
    PerceptualHashes,
    Point,
    Problem,
    ProblemCode,
)

# Faces encoded between two looks at the clock.
_AT_A_TIME = 16
_FOR_EVER = float("inf")
# Cosine of SFace's vectors of a face, as it was indexed and as it is cut out again: from so much it
# is the same reading of the picture, and up to so much nobody knows which it was.
_AS_SEEN_THEN, _SEEN_THEN = 0.995, 0.8
# Of the time for faces: SFace takes 32 ms for one, dlib 9; what another encoder takes is not known.
_OF_SFACE, _OF_SFACE_BESIDE_CUSTOM = 0.75, 0.4

Stage = Callable[[str], AbstractContextManager[None]]

# In a picture less enlarged than this over the size of `local_features` nothing more is to be seen.
_LEAST_FINER = 1.5


def _unmeasured(_stage: str) -> AbstractContextManager[None]:
    return nullcontext()


@dataclass(frozen=True, slots=True)
class FingerprintSettings:
    """Everything a worker process needs; picklable.

    Attributes:
        weights: folder of the verified weights.
        limits: of the pictures that are accepted.
        detection: how generously to look for faces.
        time_zone: IANA name, for cameras that write no offset.
        encoder: file of an ONNX model that encodes every face too.
        plain: whether to encode every face without its mirror image too, to measure what it adds.
        encode: whether faces are encoded at all; without it, only where they are is found.
    """

    weights: Path
    limits: ImageLimits = field(default_factory=ImageLimits)
    detection: Detection = DETECTION
    time_zone: str = "UTC"
    encoder: Path | None = None
    plain: bool = False
    encode: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class CopyMarks:
    """By what copies of a picture are found, as in `Fingerprint`: no model is needed."""

    hashes: PerceptualHashes
    trimmed_hashes: PerceptualHashes | None
    features: LocalFeatures
    design: LocalFeatures


def copy_marks(picture: Picture, stage: Stage = _unmeasured) -> CopyMarks:
    """Hash a picture and find its spots; of an animation, the hashes are those of its start."""
    parts = picture.parts()
    first = parts[0][1]
    with stage("hash"):
        small = reduced(first.rgb, HASHING_SIDE)
        inner = trimmed(small)
        hashes = perceptual_hashes(small)
        trimmed_hashes = None if inner is None else perceptual_hashes(inner)
    with stage("features"):
        features = side_by_side([(box, _spots(part)) for box, part in parts])
    with stage("design"):
        design = _design_features(first, small)
    return CopyMarks(hashes, trimmed_hashes, features, design)


def _spots(picture: Picture) -> LocalFeatures:
    tiny = reduced(reduced(picture.rgb, HASHING_SIDE), FEATURES_SIDE)
    return local_features(tiny, picture.width / tiny.shape[1])


def _design_features(picture: Picture, small: NDArray[np.uint8]) -> LocalFeatures:
    """Find the finer spots of what looks like a design, if more is to be seen; of all else none."""
    if max(picture.rgb.shape[:2]) < _LEAST_FINER * FEATURES_SIDE or not looks_like_design(small):
        return NO_SPOTS
    finer = reduced(picture.rgb, DESIGN_SIDE)
    return design_features(finer, picture.width / finer.shape[1])


class Fingerprinter:
    """Holds the loaded models; one per process."""

    def __init__(self, settings: FingerprintSettings, stage: Stage = _unmeasured) -> None:
        """Load the models; `stage` is entered around each stage of the work, by its name.

        Raises:
            WeightsError: a weights file is missing or not the one expected.
            ModelAstrayError: a model does not see what it should in a known face.
            EncoderFileError: the custom encoder cannot be used.
        """
        # It starts while the models load.
        make_ready(settings.limits)
        # OpenCV 5 logs a warning at every load of a model.
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
        self._settings = settings
        self._stage = stage
        self._zone = UTC if settings.time_zone == "UTC" else ZoneInfo(settings.time_zone)
        yunet = verified(settings.weights, YUNET_WEIGHTS)
        self._detector = FaceDetector(yunet, settings.detection)
        sface = verified(settings.weights, SFACE_WEIGHTS)
        self._sface = SFaceEncoder(sface)
        self._plain = SFaceEncoder(sface, plain=True) if settings.plain else None
        self._custom_encoder: OnnxEncoder | None = None
        if not settings.encode:
            prove(self._detector)
            return
        self._dlib = DlibEncoder(settings.weights)
        if settings.encoder is not None:
            self._custom_encoder = OnnxEncoder(settings.encoder, self._sface.aligned)
        prove(self._detector, self._sface, self._dlib)

    def fingerprint(self, content: bytes) -> tuple[Fingerprint, Picture]:
        """Fingerprint a photo by its file's bytes; return the decoded picture too, for crops.

        What takes longer than `limits.seconds` is cut short: faces that were not reached are there
        without encodings, those that nobody would recognize first.

        Raises:
            ImageError: the file cannot be used.
        """
        limits = self._settings.limits
        until = time.monotonic() + limits.seconds
        with self._stage("decode"):
            picture, exif = read_picture(content, limits, self._zone)
        marks = copy_marks(picture, self._stage)
        with self._stage("thumbnail"):
            small = thumbnail(picture, limits)
        fingerprint = Fingerprint(
            sha256=sha256_hex(content),
            byte_size=len(content),
            width=picture.width,
            height=picture.height,
            image_format=picture.image_format,
            hashes=marks.hashes,
            trimmed_hashes=marks.trimmed_hashes,
            exif=exif,
            faces=self._faces_of_all_parts(picture, until),
            thumbnail=small,
            features=marks.features,
            turning=picture.turning,
            design=marks.design,
            frames=None if picture.frames is None else picture.frames.count,
            frames_seen=None if picture.frames is None else picture.frames.seen,
        )
        return fingerprint, picture

    def _faces_of_all_parts(self, picture: Picture, until: float) -> tuple[Face, ...]:
        """Find the faces of all frames of an animation, each where its frame lies."""
        if picture.frames is None:
            return self._faces_of_all_readings(picture, until)
        found = [
            moved(face, box.x1, box.y1)
            for box, part in picture.parts()
            for face in self._faces_of_all_readings(part, until)
        ]
        ranked = sorted(found, key=lambda face: face.box.x1)
        return tuple(replace(face, index=index) for index, face in enumerate(ranked))

    def _faces_of_all_readings(self, picture: Picture, until: float) -> tuple[Face, ...]:
        """Find faces, also in the picture as it may be shown otherwise: turned, or on black."""
        faces = self._faces_in_dots_too(picture, until)
        together = better_of if self._settings.encode else all_of
        if self._has_negatives(picture, faces):
            faces = together(faces, self.faces(replace(picture, rgb=255 - picture.rgb), until))
        for gray in self._in_one_channel(picture, faces):
            faces = together(faces, self.faces(replace(picture, rgb=gray), until))
        for rgb in picture.beneath:
            faces = together(faces, self.faces(replace(picture, rgb=rgb), until))
        if picture.otherwise is None:
            return faces
        other = picture.turned()
        found = self._faces_in_dots_too(other, until)
        others = [turned_back(face, picture.otherwise, other) for face in found]
        return together(faces, others)

    def _has_negatives(self, picture: Picture, faces: Sequence[Face]) -> bool:
        """Say whether a face is seen in the picture's negative that is not seen better in it."""
        with self._stage("detect"):
            rows = self._detector.detect_in_negative(picture.rgb)
        return any(
            not any(
                face.detector_score >= row[14]
                and (face.box.holds_middle_of(box) or box.holds_middle_of(face.box))
                for face in faces
            )
            for row in rows
            for box, _ in [_placed(row, picture)]
        )

    def _in_one_channel(self, picture: Picture, faces: Sequence[Face]) -> list[NDArray[np.uint8]]:
        """Return as grays each channel that alone shows the picture, or a face in it."""
        height, width = picture.rgb.shape[:2]
        whole = Box(0, 0, width, height)
        boxes = [face.box.carried_to(whole, picture.width, picture.height) for face in faces]
        parts = [picture.rgb[box.y1 : box.y2, box.x1 : box.x2] for box in (whole, *boxes)]
        most = self._settings.detection.one_channel
        found = {lone_channel(part, most) for part in parts}
        return [as_gray(picture.rgb, channel) for channel in found if channel is not None]

    def _faces_in_dots_too(self, picture: Picture, until: float) -> tuple[Face, ...]:
        """Find faces, where a picture is made of dots as a reader sees them."""
        faces = self.faces(picture, until)
        with self._stage("detect"):
            screen = screen_of(picture.rgb)
        if screen is None:
            return faces
        far = self.faces(replace(picture, rgb=screen.from_afar(picture.rgb)), until)
        return from_afar(faces, far, partial(_is_in_dots, screen, picture))

    def faces(self, picture: Picture, until: float = _FOR_EVER) -> tuple[Face, ...]:
        """Find and encode the faces of a picture, left to right.

        Those that are not reached `until` then, by the monotonic clock, have no encodings.

        Raises:
            ImageError: not even all of the picture was looked at by then.
        """
        with self._stage("detect"):
            try:
                upright, hints = self._detector.detect_with_hints(
                    picture.rgb, picture.reduction, until=until
                )
            except TimeoutError as error:
                raise _too_slow(self._settings.limits) from error
            near = self._turned_near(picture, hints, until, has_faces=len(upright) > 0)
            turned = np.concatenate([self._detector.detect_turned(picture.rgb), near])
            turned = merged(turned, self._settings.detection.overlap)
        with self._stage("encode"):
            rows = np.concatenate([upright, turned])
            crops = self._sface.aligned(picture.rgb, rows)
            if not self._settings.encode:
                return self._outlined(picture, rows, crops, len(upright))
            vectors, norms = self._seen(rows, crops, until)
            kept = self._better(rows, norms, len(upright))
            rows, vectors, norms = rows[kept], vectors[kept], norms[kept]
            crops = [crops[index] for index in kept]
            encoded = self._encoded(picture, rows, crops, vectors, norms, until)
        prominent = prominences(rows[:, 2:4].min(axis=1, initial=np.inf), rows[:, 14])
        faces = []
        for index, row in enumerate(rows):
            box, points = _placed(row, picture)
            encodings, norm = encoded.get(index, ({}, None))
            faces.append(
                Face(
                    index=index,
                    box=box,
                    landmarks=tuple(points),
                    detector_score=float(row[14]),
                    quality=measure(box, points, crops[index], norm, float(prominent[index])),
                    encodings=encodings,
                )
            )
        return tuple(faces)

    def _outlined(
        self,
        picture: Picture,
        rows: NDArray[np.float32],
        crops: Sequence[NDArray[np.uint8]],
        upright: int,
    ) -> tuple[Face, ...]:
        """Return where faces are, and encode none.

        No encoder says which of two boxes on one face sees more: the upright one is taken.
        """
        turned = np.arange(upright, len(rows))
        same = hold_middles(rows[:upright], rows[turned])
        kept = np.concatenate([np.arange(upright), turned[~same.any(axis=1)]])
        kept = kept[np.argsort(rows[kept, 0], kind="stable")]
        rows, crops = rows[kept], [crops[index] for index in kept]
        prominent = prominences(rows[:, 2:4].min(axis=1, initial=np.inf), rows[:, 14])
        faces = []
        for index, row in enumerate(rows):
            box, points = _placed(row, picture)
            quality = measure(box, points, crops[index], None, float(prominent[index]))
            faces.append(Face(index, box, tuple(points), float(row[14]), quality, {}))
        return tuple(faces)

    def _turned_near(
        self, picture: Picture, hints: NDArray[np.float32], until: float, *, has_faces: bool
    ) -> NDArray[np.float32]:
        try:
            return self._detector.detect_turned_near(picture.rgb, hints, until=until)
        except TimeoutError as error:
            if not has_faces:
                raise _too_slow(self._settings.limits) from error
            # Faces that nobody had time to encode hold the photo.
            return np.empty((0, 15), np.float32)

    def _seen(
        self, rows: NDArray[np.float32], crops: Sequence[NDArray[np.uint8]], until: float
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return SFace's vectors, (n, 128), and their lengths; NaN for those not reached."""
        now = time.monotonic()
        share = _OF_SFACE if self._custom_encoder is None else _OF_SFACE_BESIDE_CUSTOM
        vectors = np.zeros((len(rows), DIMENSIONS), np.float32)
        norms = np.full(len(rows), np.nan, np.float32)
        for some in _in_turn(rows, now + share * (until - now)):
            cut = [crops[index] for index in some]
            vectors[some], norms[some] = self._sface.vectors_and_norms(cut)
        return vectors, norms

    def _encoded(
        self,
        picture: Picture,
        rows: NDArray[np.float32],
        crops: Sequence[NDArray[np.uint8]],
        vectors: NDArray[np.float32],
        norms: NDArray[np.float32],
        until: float,
    ) -> dict[int, tuple[dict[str, NDArray[np.float32]], float]]:
        """Return encodings and length of SFace's vector by row, as many as there is time for."""
        found: dict[int, tuple[dict[str, NDArray[np.float32]], float]] = {}
        for reached in _in_turn(rows, until):
            some = reached[~np.isnan(norms[reached])]
            cut = [crops[index] for index in some]
            by_model = {
                self._dlib.model_id: self._dlib.encode(picture.rgb, rows[some]),
                self._sface.model_id: vectors[some],
            }
            if self._plain is not None:
                by_model[self._plain.model_id] = self._plain.encode_aligned(cut)
            by_custom = self._by_custom_encoder(cut)
            for at, index in enumerate(some):
                encodings = {model: encoded[at] for model, encoded in by_model.items()}
                # An encoder gone astray would match nobody, silently: such a face is not
                # comparable.
                astray = not all(is_sound(vector, DIMENSIONS) for vector in encodings.values())
                encodings = {} if astray else encodings | by_custom[at]
                found[int(index)] = encodings, float(norms[index])
        return found

    def _better(
        self, rows: NDArray[np.float32], norms: NDArray[np.float32], upright: int
    ) -> NDArray[np.intp]:
        """Return which rows are faces, from left to right, each as the encoder sees most in it.

        A box found turned that was not reached stands as it is, beside one found upright: nobody
        may be left out.

        Args:
            rows: (n, 15), those found upright first, then those found turned.
            norms: (n,) how much the encoder sees in each; NaN where it was not reached.
            upright: how many were found upright.
        """
        limits = self._settings.detection
        clear = np.flatnonzero(~(norms[upright:] < limits.turned_norm)) + upright
        same = hold_middles(rows[:upright], rows[clear])
        seen = np.nan_to_num(norms[:upright])
        beside = np.where(same, seen, 0.0).max(axis=1, initial=0.0)
        better = ~(norms[clear] <= limits.turned_better * beside)
        kept = np.flatnonzero(~same[better & ~np.isnan(norms[clear])].any(axis=0))
        found = np.concatenate([kept, clear[better]])
        return found[np.argsort(rows[found, 0], kind="stable")]

    def custom_encodings(
        self, picture: Picture, faces: Sequence[Face]
    ) -> list[dict[str, NDArray[np.float32]]]:
        """Encode known faces of a picture by the custom encoder only, where their landmarks are.

        Each is encoded as it was seen when it was found: in the negative, in one channel and so on.

        Returns:
            For each face its encoding by model id; none where the encoder went astray, or where no
            reading of the picture shows the face that the other encoders saw.
        """
        found: list[dict[str, NDArray[np.float32]]] = [{} for _ in faces]
        for box, part in picture.parts():
            within = [at for at, face in enumerate(faces) if box.holds_middle_of(face.box)]
            here = [moved(faces[at], -box.x1, -box.y1) for at in within]
            crops = self._crops_as_seen(part, here)
            seen = [(at, crop) for at, crop in zip(within, crops, strict=True) if crop is not None]
            encoded = self._by_custom_encoder([crop for _, crop in seen])
            for (at, _), encodings in zip(seen, encoded, strict=True):
                found[at] = encodings
        return found

    def _crops_as_seen(
        self, picture: Picture, faces: Sequence[Face]
    ) -> list[NDArray[np.uint8] | None]:
        """Cut known faces out of the reading of a picture in which SFace sees what it saw then.

        Which reading that was is not on file, but what SFace saw in it is.
        """
        rows = np.zeros((len(faces), 15), np.float32)
        for row, face in zip(rows, faces, strict=True):
            row[4:14] = np.ravel(face.landmarks) / picture.reduction
        known = [face.encodings.get(self._sface.model_id) for face in faces]
        crops: list[NDArray[np.uint8] | None] = [None] * len(faces)
        alike = np.full(len(faces), _SEEN_THEN)
        for rgb in _readings(picture):
            left = [at for at in range(len(faces)) if alike[at] < _AS_SEEN_THEN]
            if not left:
                break
            cut = self._sface.aligned(rgb, rows[left])
            for at, crop, vector in zip(left, cut, self._sface.encode_aligned(cut), strict=True):
                then = known[at]
                # One that SFace did not encode is taken as the picture shows it.
                likeness = 1.0 if then is None else float(vector @ then)
                if likeness > alike[at]:
                    crops[at], alike[at] = crop, likeness
        return crops

    def _by_custom_encoder(
        self, crops: Sequence[NDArray[np.uint8]]
    ) -> list[dict[str, NDArray[np.float32]]]:
        if self._custom_encoder is None:
            return [{} for _ in crops]
        model = self._custom_encoder.model_id
        return [
            {model: vector} if is_sound(vector, len(vector)) else {}
            for vector in self._custom_encoder.encode_aligned(crops)
        ]


def _readings(picture: Picture) -> Iterator[NDArray[np.uint8]]:
    """Yield all that `Fingerprinter.fingerprint` may have found and encoded a face in.

    Not the picture turned otherwise: a face is cut out upright from either.
    """
    yield picture.rgb
    screen = screen_of(picture.rgb)
    if screen is not None:
        yield screen.from_afar(picture.rgb)
    yield 255 - picture.rgb
    yield from picture.beneath
    for channel in range(picture.rgb.shape[2]):
        yield as_gray(picture.rgb, channel)


def _in_turn(rows: NDArray[np.float32], until: float) -> Iterator[NDArray[np.intp]]:
    """Yield rows by and by, as long as there is time: the surest and largest faces first."""
    sure = rows[:, 14] >= COMPARABILITY.recognizable_score
    order = np.lexsort((-rows[:, 2:4].min(axis=1, initial=np.inf), ~sure))
    for start in range(0, len(order), _AT_A_TIME):
        if time.monotonic() > until:
            return
        yield np.sort(order[start : start + _AT_A_TIME])


def _too_slow(limits: ImageLimits) -> ImageError:
    return ImageError(
        ProblemCode.TOO_LARGE,
        f"It takes longer than {limits.seconds:.0f} seconds to look for faces in the photo. Try "
        "again when the computer is less busy, or use a smaller copy.",
    )


def _placed(row: NDArray[np.float32], picture: Picture) -> tuple[Box, list[Point]]:
    """Return box and landmarks of a detector's row, in px of the full-size photo."""
    full = row[:14] * picture.reduction
    x, y, width, height = (float(value) for value in full[:4])
    box = Box(round(x), round(y), round(x + width), round(y + height))
    return box.within(picture.width, picture.height), [
        (float(px), float(py)) for px, py in full[4:14].reshape(5, 2)
    ]


def _is_in_dots(screen: Screen, picture: Picture, box: Box) -> bool:
    """Say whether a face is made of dots; px of the full-size photo."""
    height, width = picture.rgb.shape[:2]
    return screen.covers(box.carried_to(Box(0, 0, width, height), picture.width, picture.height))


def moved(face: Face, right: int, down: int) -> Face:
    """Return a face of a part of a picture as it lies in the whole."""
    box = face.box
    return replace(
        face,
        box=Box(box.x1 + right, box.y1 + down, box.x2 + right, box.y2 + down),
        landmarks=tuple((x + right, y + down) for x, y in face.landmarks),
    )


def turned_back(face: Face, turn: Transpose, turned: Picture) -> Face:
    """Return a face of a turned picture as it lies in the picture before the turn."""
    corners = [(float(face.box.x1), float(face.box.y1)), (float(face.box.x2), float(face.box.y2))]
    (x1, y1), (x2, y2), *points = points_back(
        [*corners, *face.landmarks], turn, turned.width, turned.height
    )
    if turn in MIRRORING:
        right_eye, left_eye, nose, right_mouth, left_mouth = points
        points = [left_eye, right_eye, nose, left_mouth, right_mouth]
    box = Box(*(round(side) for side in (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))))
    return replace(face, box=box, landmarks=tuple(points))


def better_of(faces: Sequence[Face], others: Sequence[Face]) -> tuple[Face, ...]:
    """Return the faces of two readings of a photo, left to right.

    All of the reading in which the encoder sees more; of the other one what it sees clearly, where
    no face is seen better: sideways, a face looks like others that are none.
    """

    def seen(face: Face) -> float:
        return face.quality.norm or 0.0

    def touch(face: Face, other: Face) -> bool:
        return face.box.holds_middle_of(other.box) or other.box.holds_middle_of(face.box)

    def same(face: Face, other: Face) -> bool:
        return face.box.holds_middle_of(other.box) and other.box.holds_middle_of(face.box)

    def together(found: Sequence[Face]) -> float:
        return sum(seen(face) ** 2 for face in found)

    second, first = sorted((others, faces), key=together)
    further = [
        face
        for face in second
        if seen(face) >= COMPARABILITY.comparable_norm
        and all(seen(face) > seen(other) for other in first if touch(face, other))
    ]
    kept = [face for face in first if not any(same(face, other) for other in further)]
    ranked = sorted([*kept, *further], key=lambda face: face.box.x1)
    return tuple(replace(face, index=index) for index, face in enumerate(ranked))


def from_afar(
    near: Sequence[Face], far: Sequence[Face], in_dots: Callable[[Box], bool]
) -> tuple[Face, ...]:
    """Return the faces of a picture, left to right, those that are made of dots as seen from afar.

    A face that is seen close by alone stays: nobody may be left out.
    """
    grayed = [face for face in far if in_dots(face.box)]
    others = [
        face
        for face in near
        if not in_dots(face.box)
        or not any(
            face.box.holds_middle_of(other.box) or other.box.holds_middle_of(face.box)
            for other in grayed
        )
    ]
    ranked = sorted([*grayed, *others], key=lambda face: face.box.x1)
    return tuple(replace(face, index=index) for index, face in enumerate(ranked))


def all_of(faces: Sequence[Face], others: Sequence[Face]) -> tuple[Face, ...]:
    """Return the faces of two readings of a photo, left to right, where no encoder saw any."""
    apart = [
        other for other in others if not any(face.box.holds_middle_of(other.box) for face in faces)
    ]
    ranked = sorted([*faces, *apart], key=lambda face: face.box.x1)
    return tuple(replace(face, index=index) for index, face in enumerate(ranked))


def loaded(settings: FingerprintSettings) -> Fingerprinter:
    """Return this process's fingerprinter, its models loaded at the first call.

    Raises:
        WeightsError: a weights file is missing or not the one expected, or the custom encoder
            cannot be used.
    """
    # One folder under two names is not loaded twice.
    encoder = None if settings.encoder is None else settings.encoder.resolve()
    try:
        return _loaded(replace(settings, weights=settings.weights.resolve(), encoder=encoder))
    except (ImportError, SystemExit) as error:
        # face_recognition ends the whole process where its models are not installed.
        raise MissingPartError(error) from error


class MissingPartError(WeightsError):
    """A library that the face models need is not there, or not whole."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(
            f"A part of face recognition is missing ({str(error) or type(error).__name__}): set "
            "the program up again (python3 start.py), and check again."
        )


@lru_cache(maxsize=2)
def _loaded(settings: FingerprintSettings) -> Fingerprinter:
    return Fingerprinter(settings)


def fingerprint_file(path: Place, settings: FingerprintSettings) -> Fingerprint | Problem:
    """Fingerprint a file, or say why not; the unit of work handed to an executor."""
    try:
        return loaded(settings).fingerprint(read_photo(path, settings.limits))[0]
    except ImageError as error:
        return Problem(path, error.code, str(error))
    except WeightsError as error:
        return Problem(path, ProblemCode.WEIGHTS_MISSING, str(error))
    except InstallationError as error:
        return Problem(path, ProblemCode.UNREADABLE, str(error), may_pass=True)
    except OSError as error:
        return _unopened(path, error)


def fingerprint_bytes(content: bytes, settings: FingerprintSettings) -> tuple[Fingerprint, Picture]:
    """Fingerprint a photo held in memory, and return its pixels too; for another process.

    Raises:
        ImageError: it cannot be used.
        WeightsError: as `loaded` does.
    """
    return loaded(settings).fingerprint(content)


def _unopened(path: Place, error: OSError) -> Problem:
    sentence = (
        f"The file could not be opened ({error.strerror or error}): check that it is still there "
        "and that you may read it."
    )
    return Problem(path, ProblemCode.UNREADABLE, sentence, may_pass=True)


def design_of_file(path: Place, settings: FingerprintSettings) -> LocalFeatures | Problem:
    """Find the finer spots of a photo alone, as `Fingerprint.design` has them; for an executor."""
    try:
        picture, _ = read_picture(read_photo(path, settings.limits), settings.limits)
    except ImageError as error:
        return Problem(path, error.code, str(error))
    except InstallationError as error:
        return Problem(path, ProblemCode.UNREADABLE, str(error), may_pass=True)
    except OSError as error:
        return _unopened(path, error)
    _, first = picture.parts()[0]
    return _design_features(first, reduced(first.rgb, HASHING_SIDE))


def file_sha256(path: Place) -> str:
    """Return a file's digest without holding it in memory.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class KnownFaces:
    """A photo's faces as the index has them; the file at its path may be another by now."""

    path: Place
    sha256: str
    faces: tuple[Face, ...]


def encode_again(known: KnownFaces, settings: FingerprintSettings) -> CustomEncodings | Problem:
    """Encode known faces by the custom encoder, or say why not; for an executor."""
    path = known.path
    try:
        content = path.read_bytes()
        if sha256_hex(content) != known.sha256:
            reason = "The file is another photo by now: index it again."
            return Problem(path, ProblemCode.UNREADABLE, reason)
        picture, _ = read_picture(content, settings.limits)
        encodings = loaded(settings).custom_encodings(picture, known.faces)
    except ImageError as error:
        return Problem(path, error.code, str(error))
    except WeightsError as error:
        return Problem(path, ProblemCode.WEIGHTS_MISSING, str(error))
    except OSError as error:
        return _unopened(path, error)
    return CustomEncodings(known.sha256, known.faces, tuple(encodings))
