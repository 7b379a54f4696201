"""From bytes to pixels: limits first, then decoding, EXIF rotation and plain 8-bit RGB."""

from __future__ import annotations

import io
import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageFile, UnidentifiedImageError
from PIL.TiffImagePlugin import TiffImageFile

from media_index.errors import ImageError
from media_index.files.bounded import BOUNDS, Bounds
from media_index.files.kinds import (
    HEAD_BYTES,
    RAW_ADVICE,
    SUFFIXES,
    suffix_of,
    what_it_is,
    why_not_read,
)
from media_index.files.places import Place, head_of
from media_index.images.damage import require_undamaged, undamaged_tiff
from media_index.images.frames import MOVING, Frames, sheet_of
from media_index.images.turns import (
    ORIENTATION_TAG,
    SWAP_SIDES,
    Turn,
    disagreement,
    exif_orientation,
    of_container,
    of_orientation,
    turned,
    without_xmp,
)
from media_index.images.views import shows_others
from media_index.limits import DETECTION
from media_index.types import Box, ProblemCode, Turning

Pixels = NDArray[np.uint8]


pillow_heif.register_heif_opener()
# The limit is ours, `ImageLimits.max_pixels`, held as early: before a pixel is decoded.
Image.MAX_IMAGE_PIXELS = None

# JPEG stands for MPO too, the JPEG with a second view in it that phones write.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "HEIF", "AVIF")
_JPEG = frozenset({"JPEG", "MPO"})
# Those that a box around the picture turns, not its EXIF block.
_CONTAINERS = frozenset({"HEIF", "AVIF"})
# Of TIFF: what is a small copy of another picture in the file says so in its lowest bit.
_SUBFILE_TYPE_TAG = 254
_DNG_VERSION_TAG = 50706
_WHITE = (255, 255, 255, 255)
_BLACK = (0, 0, 0, 255)
# What other programs show of a transparent part is looked at where it differs by so many gray
# levels in such a share of the picture, and is no even surface there (standard deviation).
_SEEN_APART, _LEAST_APART, _EVEN = 12, 0.003, 8
_COARSE_SIDE = 300
_MAX_SIXTEEN_BIT = 65535
# Scanners and medical programs keep 10 and 12 bits in 16; taken for 16, such a picture is black.
_AS_IF_SIXTEEN_BIT = 4096
# Of the values of a picture, in percent; as many are looked at.
_NEARLY_ALL = 99.5
_MOST_SAMPLED = 1_000_000
_LARGER_SHEET = 2
# Rows of a picture that are converted at a time.
_STRIP = 256


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What is accepted, so that one hostile file cannot take the machine down.

    Attributes:
        max_pixels: width times height as declared in the header, before anything is decoded.
        working_side: px; larger photos are decoded at reduced size, but never to an
            `apparent_side` below this.
        most_kept: px of a decoded picture; one with more is reduced to that.
        thumbnail_side: px of the thumbnail's long side.
        bounds: of the process that reads the file.
        seconds: of all work on the file; who is not found by then is said to be missing.
        pdf_advice: what to do with a PDF instead, where this runs; the end of a sentence.
    """

    max_bytes: int = 200 * 1024 * 1024
    max_pixels: int = 200_000_000
    working_side: int = DETECTION.finest_side
    most_kept: int = 140_000_000
    thumbnail_side: int = 640
    bounds: Bounds = BOUNDS
    seconds: float = 30.0
    pdf_advice: str = "take the pictures out of it"


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded photo.

    Attributes:
        rgb: (height, width, 3) uint8 after EXIF rotation, perhaps reduced.
        width: px of the full-size photo after EXIF rotation.
        height: px of the full-size photo after EXIF rotation.
        image_format: Pillow's name.
        turning: whether all that the file says of how it is turned agrees.
        otherwise: where not, the turn from this picture to what was said otherwise.
        beneath: as `rgb`, what is seen where something else than white is put behind transparent
            parts, or nothing: programs do either when they make a JPEG of it.
        frames: of an animation, of which the picture shows some side by side.
    """

    rgb: Pixels
    width: int
    height: int
    image_format: str
    turning: Turning = Turning.AGREED
    otherwise: Image.Transpose | None = None
    beneath: tuple[Pixels, ...] = ()
    frames: Frames | None = None

    @property
    def reduction(self) -> float:
        """Full-size px per px of `rgb`, at least 1."""
        return self.width / int(self.rgb.shape[1])

    def turned(self) -> Picture:
        """Return the picture as it was said `otherwise` to be turned."""
        rgb = turned(self.rgb, self.otherwise)
        width, height = self.width, self.height
        if self.otherwise in SWAP_SIDES:
            width, height = height, width
        return Picture(rgb, width, height, self.image_format)

    def parts(self) -> list[tuple[Box, Picture]]:
        """Return each frame of an animation by itself, and where it lies; of a photo, all of it."""
        if self.frames is None:
            return [(Box(0, 0, self.width, self.height), self)]
        return [(box, self._part(box)) for box in self.frames.boxes]

    def _part(self, box: Box) -> Picture:
        height, width = self.rgb.shape[:2]
        small = box.carried_to(Box(0, 0, width, height), self.width, self.height)
        rows, columns = slice(small.y1, small.y2), slice(small.x1, small.x2)
        return replace(
            self,
            rgb=np.ascontiguousarray(self.rgb[rows, columns]),
            width=box.width,
            height=box.height,
            beneath=tuple(np.ascontiguousarray(other[rows, columns]) for other in self.beneath),
            frames=None,
        )


def read_photo(place: Place, limits: ImageLimits) -> bytes:
    """Read a photo; what is none by its beginning, or too large, is not read to its end.

    Raises:
        ImageError: it is no photo, or too large.
        OSError: it cannot be read.
    """
    # The beginning of a file elsewhere costs a request: most photos say by name what they are.
    if isinstance(place, Path) or suffix_of(place.name) not in SUFFIXES:
        reason = why_not_read(place.name, head_of(place, HEAD_BYTES), limits.pdf_advice)
        if reason is not None:
            raise ImageError(ProblemCode.UNSUPPORTED_FORMAT, reason)
    if isinstance(place, Path) and place.stat().st_size > limits.max_bytes:
        raise _too_many_bytes(limits)
    return place.read_bytes()


def decode(content: bytes, limits: ImageLimits) -> Picture:
    """Decode a photo to RGB, turned as its EXIF says, reduced where full size is not needed.

    Raises:
        ImageError: it is no photo, damaged, too large, or holds several pictures that are no
            animation.
    """
    if len(content) > limits.max_bytes:
        raise _too_many_bytes(limits)
    # face_recognition switches this on for the whole process when it is imported; half a photo
    # that is taken for a whole one is a face that nobody compared. Before opening: some formats
    # are decoded as soon as their metadata is asked for.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            # Damaged metadata beside good pixels is no reason to refuse a photo, and the size
            # limit is our own, checked before a pixel is decoded.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                return _decode(image, content, limits)
    except UnidentifiedImageError as error:
        raise ImageError(
            ProblemCode.UNSUPPORTED_FORMAT, what_it_is(content, limits.pdf_advice)
        ) from error
    except MemoryError as error:
        raise ImageError(
            ProblemCode.TOO_LARGE,
            "There was not enough memory to decode the photo: use a smaller copy.",
        ) from error
    except DECODER_ERRORS as error:
        raise ImageError(
            ProblemCode.UNREADABLE,
            f"The photo is damaged or incomplete ({_what_is_wrong(error)}): copy it again from the "
            "camera or its source.",
        ) from error


# What decoders say most often of a damaged file, in plain words.
_PLAINLY = {
    "Premature end of JPEG file": "the end of the file is missing",
    "image file is truncated": "the end of the file is missing",
    "Corrupt JPEG data": "a part of the file is garbled",
}
# What Pillow's decoders were seen to raise on damaged files (fuzzing corpora of libjpeg, libpng,
# libtiff, libheif): there is no common base class below Exception.
DECODER_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    RuntimeError,
    OverflowError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    struct.error,
    zlib.error,
)


def _decode(image: Image.Image, content: bytes, limits: ImageLimits) -> Picture:
    moves = _moves(image, content, limits)
    image_format = image.format or "unknown"
    # Pillow turns by XMP where EXIF says nothing, TIFF as soon as it is loaded.
    xmp = without_xmp(image)
    of_tiff = image.tag_v2.get(ORIENTATION_TAG) if isinstance(image, TiffImageFile) else None
    width, height = image.size
    share = min(1.0, limits.working_side / apparent_side(width, height))
    # JPEG only: the decoder skips the frequencies that the reduced size cannot show. Of HEIC a
    # preview would be taken, which may be another picture.
    drafted = None
    if image_format in _JPEG:
        drafted = image.draft("RGB", (max(1, int(width * share)), max(1, int(height * share))))
    require_undamaged(content, image_format)
    with undamaged_tiff() if image_format == "TIFF" else nullcontext():
        image.load()
    if drafted is None:
        width, height = image.size
    # Of PNG it may stand behind the picture.
    xmp = without_xmp(image) or xmp
    # Asked for only now: TIFF is turned by its decoder, and upright once it is loaded.
    orientation = _orientation(image)
    turn = of_orientation(orientation)
    frames = None
    if moves:
        # Each frame is turned by itself.
        image, frames = sheet_of(image, turn)
        (width, height), turn = image.size, None
    shown = _to_rgb(image)
    beneath = tuple(_upright(other, turn, limits) for other in _beneath(image, shown))
    rgb = _upright(shown, turn, limits)
    if turn in SWAP_SIDES:
        width, height = height, width
    if image_format in _CONTAINERS:
        exif, xmp_beside = _exif_beside_container(content)
        found = disagreement(of_container(content), exif, xmp_beside or xmp, by_container=True)
    else:
        made = of_orientation(of_tiff or orientation)
        found = disagreement(made, orientation, xmp, by_container=False)
    turning, otherwise = found
    if beneath and turning is Turning.AGREED:
        turning = Turning.TRANSPARENT
    return Picture(rgb, width, height, image_format, turning, otherwise, beneath, frames)


def _moves(image: Image.Image, content: bytes, limits: ImageLimits) -> bool:
    """Say whether an opened file is an animation.

    Raises:
        ImageError: it is too large, raw, or holds several pictures that are none.
    """
    if image.width * image.height > limits.max_pixels:
        raise _too_many_pixels(limits)
    if _is_raw(image):
        raise ImageError(ProblemCode.UNSUPPORTED_FORMAT, RAW_ADVICE)
    several = getattr(image, "n_frames", 1) > 1
    moves = several and image.format in MOVING
    if image.format == "MPO":
        several = shows_others(image, content)
    if several and not moves:
        raise ImageError(
            ProblemCode.SEVERAL_PICTURES,
            "The file contains several pictures, but the program would look at only one: save "
            "each as a separate file.",
        )
    return moves


def _upright(image: Image.Image, turn: Turn | None, limits: ImageLimits) -> Pixels:
    """Return an RGB picture turned, and reduced to what may be kept."""
    if image.width * image.height > limits.most_kept:
        many = image.width * image.height / limits.most_kept
        image = image.reduce(math.ceil(math.sqrt(many)))
    return _pixels(image if turn is None else image.transpose(turn))


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation; 1, as it is stored, where the block cannot be read."""
    try:
        return int(image.getexif().get(ORIENTATION_TAG, 1))
    except DECODER_ERRORS:
        return 1


def _exif_beside_container(content: bytes) -> tuple[int | None, int | None]:
    """Return the orientations of a HEIC's or AVIF's own EXIF block and XMP data, if they have any.

    Pillow's plugins write in them what the container says.
    """
    try:
        heif = pillow_heif.open_heif(io.BytesIO(content))
        return exif_orientation(heif.info.get("exif")), without_xmp(heif)
    except DECODER_ERRORS:
        return None, None


def exif_block(content: bytes) -> bytes:
    """Return the EXIF block as Pillow finds it in a file, in TIFF's form; empty without one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                block = image.info.get("exif", b"")
    except DECODER_ERRORS:
        return b""
    return block.removeprefix(b"Exif\x00\x00") if isinstance(block, bytes) else b""


def apparent_side(width: int, height: int) -> float:
    """Return the long side, by which photos are scaled, in px; of a panorama, less.

    A panorama scaled by its long side would show faces of a few px. It is taken for the picture
    of 2 : 1 with as many pixels.
    """
    return min(float(max(width, height)), math.sqrt(2.0 * width * height))


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    # On white, as a web page or a printed page would show it.
    return _laid_on(_WHITE, image) if _has_alpha(image) else image.convert("RGB")


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info


def _laid_on(color: tuple[int, int, int, int], image: Image.Image) -> Image.Image:
    layered = image.convert("RGBA")
    backdrop = Image.new("RGBA", layered.size, color)
    backdrop.alpha_composite(layered)
    return backdrop.convert("RGB")


def _beneath(image: Image.Image, shown: Image.Image) -> Iterator[Image.Image]:
    """Yield the pictures that other programs make of one with transparent parts.

    Instagram and mail programs put black behind it; whoever saves it as JPEG may bring to light
    what was made transparent. Only those that show something where the shown picture does not.
    """
    if image.mode == "RGB" or not _has_alpha(image):
        return
    layered = image.convert("RGBA")
    alpha = layered.getchannel("A")
    if alpha.getextrema()[0] == _WHITE[3]:
        return
    clear = _coarse(alpha) < _WHITE[3]
    bare = Image.merge("RGB", layered.split()[:3])
    seen = [_coarse(shown.convert("L"))]
    for other in (bare, _laid_on(_BLACK, layered)):
        gray = _coarse(other.convert("L"))
        apart = clear & np.all([np.abs(gray - before) > _SEEN_APART for before in seen], axis=0)
        if apart.mean() > _LEAST_APART and gray[apart].std() > _EVEN:
            seen.append(gray)
            yield other


def _coarse(gray: Image.Image) -> NDArray[np.float64]:
    return np.asarray(gray.reduce(max(1, max(gray.size) // _COARSE_SIDE)), np.float64)


def _pixels(image: Image.Image) -> Pixels:
    """Return an RGB picture as (h, w, 3) uint8; Pillow alone would copy all of it twice."""
    rgb = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, _STRIP):
        bottom = min(top + _STRIP, image.height)
        rgb[top:bottom] = np.asarray(image.crop((0, top, image.width, bottom)))
    return rgb


def _eight_bits(values: NDArray[np.generic]) -> Pixels:
    """Bring 16-bit, 32-bit and float grey values to 0..255."""
    # As doubles a large picture would take more memory than there is: strip by strip.
    strips = [values[top : top + _STRIP] for top in range(0, len(values), _STRIP)]
    most = max((float(_doubles(strip).max(initial=0.0)) for strip in strips), default=0.0)
    if values.dtype.kind == "f" or most > _MAX_SIXTEEN_BIT:
        # A few pixels that are off, or the sun, would leave all else black.
        step = max(1, math.isqrt(values.size // _MOST_SAMPLED))
        most = float(np.percentile(_doubles(values[::step, ::step]), _NEARLY_ALL))
    grey = np.empty(values.shape, np.uint8)
    for strip, made in zip(strips, np.split(grey, range(_STRIP, len(grey), _STRIP)), strict=True):
        made[:] = _strip_in_eight_bits(_doubles(strip), most, is_float=values.dtype.kind == "f")
    return grey


def _doubles(values: NDArray[np.generic]) -> NDArray[np.float64]:
    return np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)


def _strip_in_eight_bits(grey: NDArray[np.float64], most: float, *, is_float: bool) -> Pixels:
    """Bring grey values of a picture, whose brightest has `most`, to 0..255."""
    if is_float and most <= 1.0:
        return (grey.clip(0, 1) * 255).astype(np.uint8)
    if most <= 255:  # noqa: PLR2004 - already 8-bit values in a wide type
        return grey.clip(0, 255).astype(np.uint8)
    if most > _MAX_SIXTEEN_BIT or most < _AS_IF_SIXTEEN_BIT:
        grey = grey / most * _MAX_SIXTEEN_BIT
    return (grey.clip(0, _MAX_SIXTEEN_BIT) / 257).astype(np.uint8)


def _is_raw(image: Image.Image) -> bool:
    """Say whether a TIFF file is a camera's raw file, of which only a preview would be seen."""
    tags = getattr(image, "tag_v2", {}) if image.format == "TIFF" else {}
    return _DNG_VERSION_TAG in tags or bool(tags.get(_SUBFILE_TYPE_TAG, 0) & 1)


def _too_many_bytes(limits: ImageLimits) -> ImageError:
    megabytes = limits.max_bytes // 1024**2
    return ImageError(
        ProblemCode.TOO_LARGE,
        f"The file is larger than {megabytes} MiB: use a smaller copy.",
    )


def _too_many_pixels(limits: ImageLimits) -> ImageError:
    return ImageError(
        ProblemCode.TOO_LARGE,
        f"The photo has more than {limits.max_pixels // 1_000_000} megapixels: use a smaller copy.",
    )


def _what_is_wrong(error: BaseException) -> str:
    said = _first_line(error)
    return next((plain for words, plain in _PLAINLY.items() if words in said), said)


def _first_line(error: BaseException) -> str:
    text = str(error).strip() or type(error).__name__
    first = text.splitlines()[0][:120]
    return "".join(letter if letter.isprintable() else "?" for letter in first)


def reduced(rgb: Pixels, long_side: int, gap: float = 2.0) -> Pixels:
    """Return the picture with its long side at most `long_side` px.

    Args:
        rgb: (h, w, 3) uint8.
        long_side: px.
        gap: how many times as large the picture is left by a first, coarser step (whole numbers
            of px averaged). 1.5 takes a third of the time for a picture to look at; hashes kept
            were made with 2, and move by some bits with less.

    Returns:
        (h, w, 3) uint8.
    """
    if max(rgb.shape[:2]) <= long_side:
        return rgb
    image = Image.fromarray(rgb)
    image.thumbnail((long_side, long_side), Image.Resampling.BILINEAR, reducing_gap=gap)
    return np.asarray(image)


def thumbnail(picture: Picture, limits: ImageLimits) -> bytes:
    """Return a small JPEG of a picture; that of an animation is larger, as its frames share it."""
    side = limits.thumbnail_side * (1 if picture.frames is None else _LARGER_SHEET)
    return jpeg(reduced(picture.rgb, side, gap=1.5), quality=80)


def jpeg(rgb: Pixels, quality: int = 85) -> bytes:
    """Encode (h, w, 3) uint8 as JPEG, without any metadata."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def crop(picture: Picture, box: Box, margin: float = 0.35) -> Pixels:
    """Cut a face out, at the working size, with a share of the box's size added on each side.

    The box is in px of the full-size photo.
    """
    scale = 1 / picture.reduction
    x_margin, y_margin = box.width * margin, box.height * margin
    top = max(0, int((box.y1 - y_margin) * scale))
    left = max(0, int((box.x1 - x_margin) * scale))
    bottom = max(top + 1, int((box.y2 + y_margin) * scale))
    right = max(left + 1, int((box.x2 + x_margin) * scale))
    return picture.rgb[top:bottom, left:right]
