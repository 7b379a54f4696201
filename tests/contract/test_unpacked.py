"""Of many encodings that are read at once, the damaged ones are left out."""

from __future__ import annotations

import numpy as np
import pytest

from media_index.faces.encode import DLIB, SFACE
from media_index.storage.contents import pack, unpack, unpacked

_WHOLE = np.full(128, 0.1, np.float32)
_DAMAGED = {
    "zero": pack(np.zeros(128, np.float32)),
    "no number": pack(np.where(np.arange(128) == 5, np.nan, _WHOLE).astype(np.float32)),
    "endless": pack(np.where(np.arange(128) == 5, np.inf, _WHOLE).astype(np.float32)),
    "too large": pack(np.full(128, 1e30, np.float32)),
    "too short": pack(_WHOLE)[:-4],
    "too long": pack(_WHOLE) + bytes(4),
    "cut": pack(_WHOLE)[:-1],
    "empty": b"",
}


@pytest.mark.parametrize("model", [DLIB, SFACE])
def test_what_is_damaged_is_left_out_and_the_others_stay_in_their_places(model: str) -> None:
    rows = [pack(_WHOLE), *_DAMAGED.values(), pack(-_WHOLE)]
    found = unpacked(model, rows)
    assert [vector is None for vector in found] == [False, *[True] * len(_DAMAGED), False]
    assert found[-1] is not None
    np.testing.assert_array_equal(found[-1], -_WHOLE)


def test_of_a_model_of_which_nothing_is_known_all_are_kept() -> None:
    rows = [pack(np.ones(7, np.float32)), pack(_WHOLE)]
    for vector, row in zip(unpacked("some-encoder", rows), rows, strict=True):
        np.testing.assert_array_equal(vector, unpack(row))
