"""Work in a process of its own: whatever becomes of it, the one that asks goes on."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

import numpy as np
import pytest

from media_index.errors import ImageError
from media_index.files.bounded import BOUNDS, MEBIBYTE, Bounds, BoundsError, Ending, bounded
from media_index.types import ProblemCode

SOON = Bounds(seconds=1.0)


def printed(text: str) -> str:
    """Work that prints, as decoders do."""
    os.write(1, b"spoilt")
    sys.stdout.write(text)
    sys.stderr.write(text)
    return text


def doubled(array: np.ndarray) -> np.ndarray:
    return array * 2


def refused() -> None:
    raise ImageError(ProblemCode.TOO_LARGE, "Too large.")


def filled(size: int) -> int:
    return len(bytearray(size))


def ended() -> None:
    sys.exit(0)


def killed() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(60)


def unsendable() -> object:
    return threading.Lock()


def ending(bounds: Bounds, work: object, *args: object) -> Ending:
    with pytest.raises(BoundsError) as caught:
        bounded(bounds, work, *args)
    # Whatever it was, the next file is looked at.
    assert bounded(BOUNDS, abs, -1) == 1
    return caught.value.ending


def test_a_result_comes_back_and_what_is_printed_does_not(capfd: pytest.CaptureFixture) -> None:
    array = np.arange(6_000_000, dtype=np.uint8)
    assert np.array_equal(bounded(BOUNDS, doubled, array), array * 2)
    assert bounded(BOUNDS, printed, "text") == "text"
    assert capfd.readouterr() == ("", "")


def test_one_process_serves_file_after_file() -> None:
    assert bounded(BOUNDS, os.getpid) == bounded(BOUNDS, os.getpid) != os.getpid()


def test_an_error_is_raised_as_it_was_there() -> None:
    with pytest.raises(ImageError, match="Too large") as caught:
        bounded(BOUNDS, refused)
    assert caught.value.code is ProblemCode.TOO_LARGE


def test_what_takes_too_long_is_ended() -> None:
    begun = time.monotonic()
    assert ending(SOON, time.sleep, 60) is Ending.TOO_LONG
    assert time.monotonic() - begun < 20


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory is not bound")
def test_what_takes_too_much_memory_is_refused() -> None:
    few = Bounds(memory=300 * MEBIBYTE)
    assert bounded(few, filled, 50 * MEBIBYTE) == 50 * MEBIBYTE
    assert ending(few, filled, 400 * MEBIBYTE) is Ending.TOO_LARGE


@pytest.mark.parametrize(
    ("work", "args"), [(os.abort, ()), (os._exit, (0,)), (ended, ()), (killed, ())]
)
def test_a_process_that_ends_is_said(work: object, args: tuple[int, ...]) -> None:
    assert ending(BOUNDS, work, *args) is Ending.DIED


def test_a_result_that_cannot_be_sent_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="pickle"):
        bounded(BOUNDS, unsendable)


def test_several_threads_are_served_at_once() -> None:
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda: found.append(bounded(BOUNDS, filled, 10_000_000)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [10_000_000] * 6
