"""Copies of photos to hand out: upright, in a size and format, without what was not seen in them.

A copy is made from the pixels alone: whatever else lies in the file, before, between and behind
them, stays behind.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import PurePath

from PIL import Image, ImageCms, ImageFilter

from media_index.errors import ImageError
from media_index.files import bounded
from media_index.files.bounded import BoundsError, Ending
from media_index.images.decode import DECODER_ERRORS, FORMATS, ImageLimits, decode, exif_block
from media_index.images.exif import read_exif
from media_index.types import Box, CopyForm, Cover, Fill, PictureFormat, ProblemCode

# A copy is not looked at reduced.
_ALL_OF_IT = 1_000_000
SUFFIXES = {PictureFormat.JPEG: ".jpg", PictureFormat.PNG: ".png", PictureFormat.WEBP: ".webp"}
_OF_SUFFIX = {".jpg": PictureFormat.JPEG, ".jpeg": PictureFormat.JPEG} | {
    suffix: kind for kind, suffix in SUFFIXES.items()
}
_OF_PILLOW = {"PNG": PictureFormat.PNG, "WEBP": PictureFormat.WEBP}
# What content credentials are kept in: C2PA specification 2.1, section 11.
_CREDENTIALS = (b"jumb", b"c2pa")
_IPTC = b"Photoshop 3.0"
_XMP = (b"http://ns.adobe.com/xap", b"<x:xmpmeta", b"XML:com.adobe.xmp")
_GREY = (110, 110, 110)
# Of the box of a face, forehead to chin, added on each side: hair, ears and beard.
_ABOVE, _BESIDE, _BELOW = 0.65, 0.45, 0.35
# Squares of a mosaic across a covered part, and the blur's radius as a share of its width.
_SQUARES, _BLUR = 6, 0.25


@dataclass(frozen=True, slots=True)
class CleanCopy:
    """A copy as it is written.

    Attributes:
        suffix: of its format, such as .jpg.
        left_behind: what was in the photo's file and is not in the copy, in words.
    """

    content: bytes
    suffix: str
    width: int
    height: int
    left_behind: tuple[str, ...]


def format_of(name: str) -> PictureFormat | None:
    """Return the format that a file name asks for; None if it is none that copies are made in."""
    return _OF_SUFFIX.get(PurePath(name).suffix.lower())


def head_around(face: Box, width: int, height: int) -> Box:
    """Return the head, with hair and ears, around the box of a face in a photo of a size, px."""
    head = Box(
        round(face.x1 - _BESIDE * face.width),
        round(face.y1 - _ABOVE * face.height),
        round(face.x2 + _BESIDE * face.width),
        round(face.y2 + _BELOW * face.height),
    )
    return head.within(width, height)


def clean_copy(
    content: bytes, form: CopyForm, limits: ImageLimits, covers: Sequence[Cover] = ()
) -> CleanCopy:
    """Make a copy of a photo's file, with parts covered; boxes are in px of the upright photo.

    The same photo gives the same bytes.

    Raises:
        ImageError: it cannot be read, or takes more than `limits.bounds`.
    """
    try:
        return bounded.bounded(limits.bounds, _clean_copy, content, form, limits, tuple(covers))
    except BoundsError as error:
        code = ProblemCode.DECODER_CRASHED if error.ending is Ending.DIED else ProblemCode.TOO_LARGE
        raise ImageError(code, str(error)) from error


def _clean_copy(
    content: bytes, form: CopyForm, limits: ImageLimits, covers: tuple[Cover, ...]
) -> CleanCopy:
    picture = decode(content, replace(limits, working_side=_ALL_OF_IT))
    if picture.frames is not None:
        raise ImageError(
            ProblemCode.SEVERAL_PICTURES,
            "The picture moves, and a copy would not: save the frame that you want as JPEG, and "
            "copy that.",
        )
    profile, with_xmp = _beside_the_pixels(content)
    image = Image.fromarray(picture.rgb)
    for cover in covers:
        _cover(image, cover)
    if form.max_px is not None and max(image.size) > form.max_px:
        image.thumbnail((form.max_px, form.max_px), Image.Resampling.LANCZOS, reducing_gap=3.0)
    kind = form.format or _OF_PILLOW.get(picture.image_format, PictureFormat.JPEG)
    return CleanCopy(
        _encoded(image, kind, form.quality, profile),
        SUFFIXES[kind],
        *image.size,
        tuple(_left_behind(content, with_xmp=with_xmp)),
    )


def _encoded(image: Image.Image, kind: PictureFormat, quality: int, profile: bytes | None) -> bytes:
    buffer = io.BytesIO()
    if kind is PictureFormat.PNG:
        image.save(buffer, "PNG", optimize=True, icc_profile=profile)
    elif kind is PictureFormat.WEBP:
        image.save(buffer, "WEBP", quality=quality, icc_profile=profile)
    else:
        image.save(
            buffer, "JPEG", quality=quality, optimize=True, progressive=True, icc_profile=profile
        )
    return buffer.getvalue()


def _beside_the_pixels(content: bytes) -> tuple[bytes | None, bool]:
    """Return the color profile, if it is one of red, green and blue; and whether there is XMP."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                profile, xmp = image.info.get("icc_profile"), image.info.get("xmp")
        if not isinstance(profile, bytes) or not profile:
            return None, bool(xmp)
        known = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        # Those of print inks and greys do not fit what the copy is written in.
        fits = known.profile.xcolor_space.strip() == "RGB"
        # Read and written anew, nothing stands behind its end.
        return (known.tobytes() if fits else None), bool(xmp)
    except (*DECODER_ERRORS, ImageCms.PyCMSError):
        return None, False


def _left_behind(content: bytes, *, with_xmp: bool) -> list[str]:
    found = []
    if exif_block(content):
        found.append("camera data (EXIF)")
    if read_exif(content, UTC).has_gps:
        found.append("the place (GPS)")
    if with_xmp or any(mark in content for mark in _XMP):
        found.append("XMP data")
    if _IPTC in content:
        found.append("IPTC data")
    if all(mark in content for mark in _CREDENTIALS):
        found.append("content credentials (C2PA)")
    return found


def _cover(image: Image.Image, cover: Cover) -> None:
    box = cover.box.within(*image.size)
    corners = (box.x1, box.y1, box.x2, box.y2)
    if box.width <= 0 or box.height <= 0:
        return
    if cover.fill is Fill.SOLID:
        image.paste(_GREY, corners)
        return
    part = image.crop(corners)
    if cover.fill is Fill.MOSAIC:
        tall = max(1, round(_SQUARES * box.height / box.width))
        small = part.resize((_SQUARES, tall), Image.Resampling.BOX)
        part = small.resize(part.size, Image.Resampling.NEAREST)
    else:
        part = part.filter(ImageFilter.GaussianBlur(_BLUR * box.width))
    image.paste(part, corners)
