"""Faces that are in the index encoded by one more model, where they are known to be.

Nothing is looked for, and nothing else is encoded anew: this takes a fraction of the time of a new
fingerprint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from media_index.errors import ImageError
from media_index.fingerprinting import loaded
from media_index.hashing import sha256_hex
from media_index.images import decode
from media_index.types import Problem, ProblemCode
from media_index.weights import WeightsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from media_index.fingerprinting import FingerprintSettings
    from media_index.places import Place
    from media_index.types import Face, Vector


@dataclass(frozen=True, slots=True, eq=False)
class KnownFaces:
    """A photo's faces as the index has them.

    Attributes:
        path: where the photo was seen.
        sha256: of the photo; the file may be another by now.
        faces: those to encode.
    """

    path: Place
    sha256: str
    faces: tuple[Face, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FurtherEncodings:
    """What a further model made of a photo's faces.

    Attributes:
        sha256: of the photo.
        faces: those that were encoded.
        encodings: of each of them by model id; none where the model went astray.
    """

    sha256: str
    faces: tuple[Face, ...]
    encodings: tuple[Mapping[str, Vector], ...]


def encode_again(known: KnownFaces, settings: FingerprintSettings) -> FurtherEncodings | Problem:
    """Encode known faces; the unit of work handed to an executor.

    Args:
        known: the photo and its faces.
        settings: loaded once per process; with the further encoder.

    Returns:
        The encodings, or why there are none.
    """
    path = known.path
    try:
        content = path.read_bytes()
        if sha256_hex(content) != known.sha256:
            reason = "The file is another photo by now: index it again."
            return Problem(path, ProblemCode.UNREADABLE, reason)
        picture = decode(content, settings.limits)
        further = loaded(settings).further_encodings(picture, known.faces)
    except ImageError as error:
        return Problem(path, error.code, str(error))
    except WeightsError as error:
        return Problem(path, ProblemCode.WEIGHTS_MISSING, str(error))
    except OSError as error:
        reason = f"The file could not be opened ({error.strerror or error})."
        return Problem(path, ProblemCode.UNREADABLE, reason)
    return FurtherEncodings(known.sha256, known.faces, tuple(further))
