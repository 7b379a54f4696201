"""What the index knows of a photo. Pure: no decoder, no model.

Coordinates are pixels of the full-size photo after EXIF rotation, (x1, y1) the upper left
corner, (x2, y2) the lower right one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Text: the commands that know no vectors start without NumPy, which takes 0.1 s.
Vector: TypeAlias = "NDArray[np.float32]"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels of the photo after EXIF rotation."""

    x1: int
    y1: int
    x2: int
    y2: int

    @property
    def width(self) -> int:
        """Horizontal extent in px."""
        return self.x2 - self.x1

    @property
    def height(self) -> int:
        """Vertical extent in px."""
        return self.y2 - self.y1

    @property
    def area(self) -> int:
        """What it covers, in px."""
        return self.width * self.height

    def overlap(self, other: Box) -> float:
        """Return intersection over union with another box, 0 to 1."""
        shared = self.shared_with(other)
        if shared == 0:
            return 0.0
        return shared / (self.area + other.area - shared)

    def shared_with(self, other: Box) -> int:
        """Return the area that lies in both, px."""
        wide = min(self.x2, other.x2) - max(self.x1, other.x1)
        high = min(self.y2, other.y2) - max(self.y1, other.y1)
        return max(wide, 0) * max(high, 0)

    def within(self, width: int, height: int) -> Box:
        """Return what of it lies in a picture of a size."""
        return Box(max(0, self.x1), max(0, self.y1), min(width, self.x2), min(height, self.y2))

    def carried_to(self, bounds: Box, width: int, height: int) -> Box:
        """Return where it lies once a picture of a size is stretched, or shrunk, into bounds."""
        wide, high = bounds.width / width, bounds.height / height
        return Box(
            round(bounds.x1 + self.x1 * wide),
            round(bounds.y1 + self.y1 * high),
            round(bounds.x1 + self.x2 * wide),
            round(bounds.y1 + self.y2 * high),
        )

    def holds_middle_of(self, other: Box) -> bool:
        """Say whether the middle of another box lies in this one."""
        x, y = (other.x1 + other.x2) / 2, (other.y1 + other.y2) / 2
        return self.x1 <= x <= self.x2 and self.y1 <= y <= self.y2

    def as_list(self) -> list[int]:
        """Return [x1, y1, x2, y2]."""
        return [self.x1, self.y1, self.x2, self.y2]


Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """How well a face can be compared; from which of these on is said in limits.toml.

    Attributes:
        size_px: the shorter side of the box, px of the full-size photo.
        sharpness: variance of the Laplacian of the 112 x 112 aligned grey crop.
        yaw: turn of the head in degrees, 0 is frontal, the sign gives the side; estimated from
            the landmarks, so a rough figure.
        contrast: grey levels (of 255) between the darkest and the brightest twentieth of the inner
            part of the same crop, without hair and background. This and what follows is None for
            faces indexed before it was measured.
        burnt_out: share of that part that is white.
        feature_contrast: how much is to be seen where the eyes and the mouth are: the smaller of
            their standard deviations, in parts of the contrast. Dark glasses and masks lower it.
        norm: length of SFace's vector before it is made a unit vector, mean of the face and of its
            mirror image; some 13 of a good portrait. The less a network of this kind sees of a
            face, the shorter it is (Meng et al., "MagFace", 2021; Kim et al., "AdaFace", 2022).
        prominence: size as a share of the largest face's in the photo that surely is a face.
        eye_light: how light the eyes and their surroundings are, in parts of the cheeks' light: the
            brightest quarter begins there. Some 0.95 of a good portrait; tinted glasses, and the
            shadow of a cap, halve it.
        few_tones: share of the inner part that is in its four commonest tones, each a twentieth of
            the contrast wide. Some 0.4 of a photo; nearly all of a stencil or a screen print.
    """

    size_px: float
    sharpness: float
    yaw: float
    contrast: float | None = None
    burnt_out: float | None = None
    feature_contrast: float | None = None
    norm: float | None = None
    prominence: float = 1.0
    eye_light: float | None = None
    few_tones: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face of one photo.

    Attributes:
        index: from 0, left to right.
        landmarks: right eye, left eye, nose, right and left corner of the mouth (the person's
            own right), px.
        detector_score: 0 to 1.
        encodings: by model id, each (d,) float32 of L2 norm 1, or as dlib gives it.
            Empty when the face could not be encoded, or its encodings are not kept; then it has no
            landmarks either.
    """

    index: int
    box: Box
    landmarks: tuple[Point, ...]
    detector_score: float
    quality: FaceQuality
    encodings: Mapping[str, Vector]


@dataclass(frozen=True, slots=True)
class PerceptualHashes:
    """Hashes that stay alike when a picture is resized or recompressed.

    Attributes:
        pdq: 32 bytes; distances are Hamming bits, 0 to 256.
        pdq_quality: 0 to 100; a flat picture has no gradients to hash and scores low.
        phash: 8 bytes, ImageHash's pHash; Hamming bits 0 to 64.
        dhash: 8 bytes, ImageHash's dHash; Hamming bits 0 to 64.
    """

    pdq: bytes
    pdq_quality: int
    phash: bytes
    dhash: bytes


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """The few facts of the EXIF block that the program uses.

    Attributes:
        taken_at: by the camera's clock, a hint: from DateTimeOriginal with its offset tag; without
            the tag the GPS clock is used, and without that the library's own time zone.
        has_gps: whether a position is in the file (the position itself is not kept).
        orientation: EXIF tag 0x0112, 1 to 8.
    """

    taken_at: datetime | None = None
    camera: str | None = None
    has_gps: bool = False
    orientation: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class LocalFeatures:
    """Spots of a picture that are found again in crops and copies of it.

    Attributes:
        points: (n, 2) float32, x and y in px of the full-size photo after EXIF rotation.
        descriptors: (n, 128) uint8.
    """

    points: Vector
    descriptors: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the pixels of a known photo lie in a copy.

    Attributes:
        matrix: 2 x 3, row by row: px of the known photo to px of the copy.
        inliers: spots that agree on it.
    """

    matrix: tuple[float, float, float, float, float, float]
    inliers: int

    def box(self, box: Box) -> Box:
        """Carry a box of the known photo over to the copy."""
        a, b, c, d, e, f = self.matrix
        corners = [(x, y) for x in (box.x1, box.x2) for y in (box.y1, box.y2)]
        across = [a * x + b * y + c for x, y in corners]
        down = [d * x + e * y + f for x, y in corners]
        return Box(round(min(across)), round(min(down)), round(max(across)), round(max(down)))

    def shown(self, width: int, height: int) -> Box:
        """Return the part of the known photo that a copy of this size shows; px of the photo."""
        a, b, c, d, e, f = self.matrix
        det = a * e - b * d
        back = (e / det, -b / det, (b * f - e * c) / det, -d / det, a / det, (d * c - a * f) / det)
        return Placement(back, self.inliers).box(Box(0, 0, width, height))


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """All that the index keeps of a photo.

    Attributes:
        sha256: hex digest of the file's bytes; the photo's identity.
        image_format: Pillow's name, such as JPEG.
        trimmed_hashes: of the picture without its uniform border, if it has one.
        faces: left to right.
        thumbnail: JPEG bytes.
        features: None for photos indexed before there were any, and where they are not asked for.
        turning: None for photos indexed before it was asked.
        design: spots at a finer size of what looks like a flyer or collage, none of all else; None
            for photos indexed before they were asked for.
        frames: how many an animation has, of which the picture shows some side by side: hashes are
            of the first one. None for a photo.
        frames_seen: how many of them were looked at, or look like one that was.
    """

    sha256: str
    byte_size: int
    width: int
    height: int
    image_format: str
    hashes: PerceptualHashes
    trimmed_hashes: PerceptualHashes | None
    exif: ExifFacts
    faces: tuple[Face, ...]
    thumbnail: bytes
    features: LocalFeatures | None = None
    turning: Turning | None = None
    design: LocalFeatures | None = None
    frames: int | None = None
    frames_seen: int | None = None


class Turning(StrEnum):
    """Whether a file says in one way how its picture is shown, and what was done if not."""

    AGREED = "agreed"
    # XMP turns nothing, as in browsers; the faces of the turned picture are looked for too.
    XMP_APART = "xmp_apart"
    # HEIC and AVIF are turned as the file says, whatever its EXIF block; likewise.
    EXIF_APART = "exif_apart"
    # Nothing is turned: the picture has transparent parts, and was looked at without them too.
    TRANSPARENT = "transparent"


class FoundBy(StrEnum):
    """How a picture was matched with its original."""

    BYTES = "same bytes"
    HASH = "same picture"
    PART = "part of the picture"


class PictureFormat(StrEnum):
    """A format that copies are written in."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"


@dataclass(frozen=True, slots=True)
class CopyForm:
    """How a copy of a photo is written.

    Attributes:
        max_px: of its long side; None for as large as the photo.
        format: None for that of the photo if it is one of these, and JPEG for others.
        quality: of JPEG and WebP, 1 to 100.
    """

    max_px: int | None = None
    format: PictureFormat | None = None
    quality: int = 92


class Fill(StrEnum):
    """How a part of a picture is covered; only what is solid cannot be undone."""

    SOLID = "solid"
    MOSAIC = "mosaic"
    BLUR = "blur"


@dataclass(frozen=True, slots=True)
class Cover:
    """A part of a picture that is covered."""

    box: Box
    fill: Fill = Fill.SOLID


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells, without reading a file, that it is the one seen before; -1 is not known.

    Of a place that has no times, `mtime_ns` is another number that changes with the file.
    """

    byte_size: int
    mtime_ns: int

    def is_same_as(self, other: FileStamp) -> bool:
        """Say whether both are of one unchanged file, for sure."""
        return self == other and self.mtime_ns != NO_STAMP.mtime_ns


# Of a file that could not be looked at: no file has it, so it is looked at again the next time.
NO_STAMP = FileStamp(-1, -1)


class ProblemCode(StrEnum):
    """Why a file could not be fingerprinted."""

    UNREADABLE = "unreadable"
    UNSUPPORTED_FORMAT = "unsupported_format"
    TOO_LARGE = "too_large"
    SEVERAL_PICTURES = "several_pictures"
    DECODER_CRASHED = "decoder_crashed"
    WEIGHTS_MISSING = "weights_missing"


class Named(Protocol):
    """Where a file lies: a path of this computer, or what stands for a URL (`files.places`).

    As text it is what the database holds.
    """

    @property
    def name(self) -> str:
        """The last part."""
        ...


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that is not in the index, and why.

    Attributes:
        reason: a sentence with the next step.
        may_pass: nothing may be wrong with the file itself; it is tried again the next time.
    """

    path: Named
    code: ProblemCode
    reason: str
    may_pass: bool = False

    def to_dict(self) -> dict[str, str]:
        """Return it as data for JSON."""
        return {"path": str(self.path), "code": self.code.value, "reason": self.reason}


@dataclass(frozen=True, slots=True, eq=False)
class CustomEncodings:
    """What a custom encoder made of a photo's faces: none for those where it went astray."""

    sha256: str
    faces: tuple[Face, ...]
    encodings: tuple[Mapping[str, Vector], ...]
