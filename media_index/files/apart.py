"""Work of the models, a photo at a time, in a process apart from the one that asks.

They are written in C, as decoders are: one that crashes is a problem of a photo, and neither a
command that ends without a word nor a server that is gone. Many photos have a pool of processes.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

from media_index.errors import ImageError
from media_index.files.bounded import MEBIBYTE, Bounds, BoundsError, Ending, Processes
from media_index.types import ProblemCode

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

# Each holds the models, some 350 MiB; a second one so that nobody waits for somebody's large photo.
_MODELS = Processes(2, large=1536 * MEBIBYTE, idle=600.0)
# What looks for faces minds the time by itself, and what opens files has bounds of its own. This
# is for what never returns, on a busy computer, and with the models to be loaded first.
_BOUNDS = Bounds(seconds=120.0, memory=None)
STOPPED = (
    "The program stopped while it looked at this photo. Try again. If that does not help, save the "
    "photo as JPEG."
)
_TOO_LONG = (
    f"Looking at the photo takes longer than {_BOUNDS.seconds:.0f} seconds. Try again when the "
    "computer is less busy, or use a smaller copy."
)


def make_ready() -> None:
    """Have the other process started, while something else is done.

    Raises:
        InstallationError: it could not be started.
    """
    _MODELS.make_ready(_BOUNDS, "media_index.fingerprinting")


def apart(
    work: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Result:
    """Do work of the models in the other process, and return its result.

    Raises:
        ImageError: it ended the process, or never returned.
        InstallationError: the other process could not be started.
        Exception: what the work itself raised.
    """
    try:
        return _MODELS.bounded(_BOUNDS, work, *args, **kwargs)
    except BoundsError as error:
        if error.ending is Ending.TOO_LONG:
            raise ImageError(ProblemCode.TOO_LARGE, _TOO_LONG) from error
        raise ImageError(ProblemCode.DECODER_CRASHED, STOPPED) from error


class ApartExecutor(Executor):
    """Has the work done at once, apart; for a handful of files, where a pool costs more."""

    def submit(
        self, fn: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        """Have it done, and return a future that is done."""
        future: Future[Result] = Future()
        try:
            future.set_result(apart(fn, *args, **kwargs))
        # An executor hands any error to the caller; only a wish to stop stops.
        except Exception as error:  # noqa: BLE001
            future.set_exception(error)
        return future
