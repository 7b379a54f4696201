"""A photo's pixels and EXIF facts, read in a process of its own, within bounds."""

from __future__ import annotations

from datetime import UTC, tzinfo

from media_index.errors import ImageError
from media_index.files import bounded
from media_index.files.bounded import BoundsError, Ending
from media_index.images.decode import ImageLimits, Picture, decode
from media_index.images.exif import read_exif
from media_index.types import ExifFacts, ProblemCode

_CODES = {
    Ending.TOO_LONG: ProblemCode.TOO_LARGE,
    Ending.TOO_LARGE: ProblemCode.TOO_LARGE,
    Ending.DIED: ProblemCode.DECODER_CRASHED,
}


def make_ready(limits: ImageLimits) -> None:
    """Have the process started in which photos are read, while something else is done.

    Raises:
        InstallationError: it could not be started.
    """
    bounded.make_ready(limits.bounds, __name__)


def read_picture(
    content: bytes, limits: ImageLimits, local_zone: tzinfo = UTC
) -> tuple[Picture, ExifFacts]:
    """Read a photo from its file's bytes, as `decode` and `read_exif` do.

    Raises:
        ImageError: it cannot be used, or takes more than `limits.bounds`.
    """
    try:
        return bounded.bounded(limits.bounds, _read, content, limits, local_zone)
    except BoundsError as error:
        raise ImageError(_CODES[error.ending], str(error)) from error


def _read(content: bytes, limits: ImageLimits, local_zone: tzinfo) -> tuple[Picture, ExifFacts]:
    return decode(content, limits), read_exif(content, local_zone)
