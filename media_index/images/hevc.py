"""What HEIC's decoder found wrong in a picture that it decoded all the same.

libheif tells nobody what libde265, by which it decodes, warned of. That library is asked here
itself: it is the one that came with pillow-heif, and is loaded already.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import _pillow_heif

from media_index.images.boxes import data_of_picture, number, properties_of_items

# Where the wheels of Linux, Windows and macOS keep the libraries they bring; otherwise it is
# loaded as what pillow-heif needs, and found through it.
_BESIDE = (
    "pillow_heif.libs/*de265*",
    "pillow_heif/.dylibs/*de265*",
    "*de265*",
)
# Of libde265's de265.h: all was read; slower than could be; offsets that it corrected by itself.
_HARMLESS = frozenset({13, 1000, 1003})
_MOST_WARNINGS = 1000
# Where a picture is hidden, or there is none, it says for ever that there is more.
_MOST_STEPS = 100
# A whole picture cannot be decoded without the last 2 bytes of a slice.
_SURELY_NEEDED = 6
_HVCC_ARRAYS = 22
# Network abstraction layer units below are slices of a picture; above, what they refer to.
_OTHER_UNITS = 32


def can_tell() -> bool:
    """Say whether libde265 is found, so that damage in HEIC files is seen."""
    return _library() is not None


def faults_of(content: memoryview) -> Iterator[str]:
    """Yield what is wrong with the pictures that are shown of a HEIC file, or of its tiles.

    None where libde265 is not found, or the picture is not of HEVC.

    Raises:
        KeyError: a box of the file is missing.
        IndexError: the boxes are damaged.
    """
    library = _library()
    if library is None:
        return
    properties = properties_of_items(content)
    for item, extents in data_of_picture(content).items():
        data = b"".join(content[start : start + size] for start, size in extents)
        for kind, body in properties.get(item, ()):
            if kind == b"hvcC":
                units = list(_units(data, (body[21] & 3) + 1))
                yield from _faults(library, _of_configuration(body), units)


def _faults(library: ctypes.CDLL, sets: list[bytes], units: list[bytes]) -> Iterator[str]:
    found = _warnings(library, [*sets, *units])
    if found:
        yield str(library.de265_get_error_text(found[0]).decode("ascii", "replace"))
        return
    # Damage may have brought the decoder to the end of the picture too early.
    slices = [place for place, unit in enumerate(units) if unit and unit[0] >> 1 < _OTHER_UNITS]
    if slices and len(units[slices[-1]]) > 2 * _SURELY_NEEDED:
        units[slices[-1]] = units[slices[-1]][:-_SURELY_NEEDED]
        if not _warnings(library, [*sets, *units]):
            yield "not all of its data make up the picture"


def _of_configuration(body: memoryview) -> list[bytes]:
    """Return the parameter sets of a box hvcC (ISO/IEC 14496-15)."""
    sets, place = [], _HVCC_ARRAYS + 1
    for _ in range(body[_HVCC_ARRAYS]):
        count = number(body[place + 1 : place + 3])
        place += 3
        for _ in range(count):
            size = number(body[place : place + 2])
            sets.append(bytes(body[place + 2 : place + 2 + size]))
            place += 2 + size
    return sets


def _units(data: bytes, length_bytes: int) -> Iterator[bytes]:
    place = 0
    while place + length_bytes <= len(data):
        size = number(data[place : place + length_bytes])
        yield data[place + length_bytes : place + length_bytes + size]
        place += length_bytes + size


def _warnings(library: ctypes.CDLL, units: Sequence[bytes]) -> list[int]:
    """Decode one picture, and return the numbers of libde265's warnings and errors."""
    decoder = library.de265_new_decoder()
    try:
        found = [library.de265_push_NAL(decoder, unit, len(unit), 0, None) for unit in units]
        library.de265_flush_data(decoder)
        more = ctypes.c_int(1)
        for _ in range(_MOST_STEPS):
            found.append(library.de265_decode(decoder, ctypes.byref(more)))
            if found[-1] or not more.value or library.de265_get_next_picture(decoder):
                break
        found += [library.de265_get_warning(decoder) for _ in range(_MOST_WARNINGS)]
    finally:
        library.de265_free_decoder(decoder)
    return [warning for warning in found if warning and warning not in _HARMLESS]


@cache
def _library() -> ctypes.CDLL | None:
    folder = Path(_pillow_heif.__file__).parent
    kept = [path for pattern in _BESIDE for path in sorted(folder.glob(pattern))]
    for path in [*kept, Path(_pillow_heif.__file__)]:
        try:
            library = ctypes.CDLL(str(path))
            library.de265_new_decoder.restype = ctypes.c_void_p
            library.de265_get_next_picture.restype = ctypes.c_void_p
            library.de265_get_error_text.restype = ctypes.c_char_p
            library.de265_push_NAL.argtypes = [
                *(ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_int64, ctypes.c_void_p),
            ]
            library.de265_decode.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_int)]
            for name in ("flush_data", "get_warning", "get_next_picture", "free_decoder"):
                getattr(library, f"de265_{name}").argtypes = [ctypes.c_void_p]
        except (OSError, AttributeError):
            continue
        return library
    return None
