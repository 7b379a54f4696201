"""Work handed to the workers of a Dask cluster. The only module that knows Dask.

A worker that dies costs a retry: the scheduler hands what it was doing to another. Work that takes
several workers down is given up (Dask's KilledWorker) and reported as a broken executor, so that
`ingest` tries what was beside it one by one and names the file.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import platform
import time
import warnings
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from media_index.errors import ClusterError

if TYPE_CHECKING:
    # An extra, imported when it is used.
    from distributed import Client

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

CONNECT_SECONDS = 10
# Nannies start a new worker within seconds; after this long without any nobody is coming.
ALONE_SECONDS = 60.0
_LOOK_SECONDS = 5.0
# Of errors nobody foresaw; workers that die are counted by the scheduler.
_RETRIES = 2
_LOGS = ("distributed", "distributed.client", "distributed.comm", "distributed.core")
# What the bits of a fingerprint hang on, beside our own code.
_LIBRARIES = ("distributed", "numpy", "opencv-python-headless", "pillow", "pillow-heif", "dlib-bin")


@cache
def program() -> dict[str, str]:
    """Return what this process would make fingerprints with: versions by name."""
    folder = Path(__file__).parent
    code = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        # Read as text: checked out on Windows, lines end in another way.
        code.update(path.relative_to(folder).as_posix().encode())
        code.update(path.read_text(encoding="utf-8").encode())
    python = ".".join(platform.python_version_tuple()[:2])
    found = {"media_index": code.hexdigest()[:12], "Python": python}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


@dataclass(frozen=True, slots=True)
class Cluster:
    """A scheduler, at an address such as tcp://10.0.0.5:8786, and its workers."""

    address: str

    def threads(self) -> int:
        """Return how much it works on at a time.

        Raises:
            ClusterError: it cannot be used; says what to do.
        """
        with self._connected() as client:
            return sum(client.nthreads().values())

    def executor(self) -> Executor:
        """Return an executor over its workers.

        Raises:
            ClusterError: it cannot be used; says what to do.
        """
        return _ClusterExecutor(self._connected(), self.address)

    def _connected(self) -> Client:
        try:
            from distributed import Client  # noqa: PLC0415 - an extra
            from distributed.versions import VersionMismatchWarning  # noqa: PLC0415
        except ImportError as error:
            raise ClusterError(
                "A cluster needs Dask, which is not installed: pip install -e '.[cluster]'"
            ) from error
        for name in _LOGS:
            # What they tell is said here, in a sentence.
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            # A client that cannot be made takes a further 20 s to be thrown away.
            asyncio.run(_knock(self.address))
            with warnings.catch_warnings():
                # Versions that matter are compared below, and differing refused.
                warnings.simplefilter("ignore", VersionMismatchWarning)
                client = Client(self.address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            raise ClusterError(
                f"The scheduler at {self.address} cannot be reached ({error}): check the address, "
                "and that `dask scheduler` runs there."
            ) from error
        try:
            self._check(client)
        except BaseException:
            client.close()
            raise
        return client

    def _check(self, client: Client) -> None:
        """Refuse a cluster without workers, or with another program than this one."""
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError as error:
            raise ClusterError(_no_workers(self.address)) from error
        try:
            theirs = client.run(program, on_error="return")
            theirs["the scheduler"] = client.run_on_scheduler(program)
        except Exception as error:
            # Whatever their program raises that is not ours.
            raise ClusterError(
                f"The cluster at {self.address} cannot run this program ({error}): install the "
                "same version of it where the scheduler and the workers run, as docs/cluster.md "
                "says."
            ) from error
        for where, found in theirs.items():
            difference = _difference(found)
            if difference:
                raise ClusterError(
                    f"{where} does not run the same program as this computer ({difference}): "
                    "install the same version on both, and start it again."
                )


async def _knock(address: str) -> None:
    from distributed.comm.core import connect  # noqa: PLC0415 - an extra
    from distributed.security import Security  # noqa: PLC0415 - an extra

    how = Security().get_connection_args("client")
    comm = await connect(address, timeout=CONNECT_SECONDS, **how)
    await comm.close()


def _difference(found: object) -> str:
    if not isinstance(found, dict):
        return str(found)
    own = program()
    return ", ".join(
        f"{name} {found.get(name)}, here {own[name]}"
        for name in own
        if found.get(name) != own[name]
    )


def _no_workers(address: str) -> str:
    return (
        f"The scheduler at {address} has no workers: start one with `dask worker {address} "
        "--nthreads 1`, and run the same command again."
    )


class _ClusterExecutor(Executor):
    """Dask's own executor, whose futures say what became of the cluster."""

    def __init__(self, client: Client, address: str) -> None:
        self._client = client
        self._watch = _Watch(client, address)
        # Not pure: the file may be another by now.
        self._inner = client.get_executor(pure=False, retries=_RETRIES)

    def submit(
        self, fn: Callable[Arguments, Result], /, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        """Hand a task to the scheduler."""
        if self._client.status != "running":
            raise self._watch.gone()
        return _Awaited(self._inner.submit(fn, *args, **kwargs), self._watch)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - as Executor has it
        """Leave the cluster; the scheduler drops what is not done."""
        self._client.close(timeout=_LOOK_SECONDS)


class _Watch:
    """Looks after the cluster while somebody waits for it."""

    def __init__(self, client: Client, address: str) -> None:
        self._client = client
        self._address = address
        self._alone_since: float | None = None

    def look(self) -> None:
        """Raise if nobody will do the work.

        Raises:
            ClusterError: there have been no workers for long, or there is no scheduler.
        """
        try:
            has_workers = bool(self._client.nthreads())
        except Exception as error:
            raise self.gone() from error
        if has_workers:
            self._alone_since = None
        elif self._alone_since is None:
            self._alone_since = time.monotonic()
        elif time.monotonic() - self._alone_since > ALONE_SECONDS:
            raise ClusterError(_no_workers(self._address))

    def gone(self) -> ClusterError:
        return ClusterError(
            f"The scheduler at {self._address} has gone. What was done so far is kept: start it "
            "again with its workers, and run the same command to go on."
        )


class _Awaited(Future[Result]):
    """What comes of a task; asked for it, it waits as long as there is somebody to do it."""

    def __init__(self, inner: Future[Result], watch: _Watch) -> None:
        super().__init__()
        self._inner = inner
        self._watch = watch

    def exception(self, timeout: float | None = None) -> BaseException | None:  # noqa: ARG002 - never given here
        """Wait, and return what went wrong, if anything.

        Raises:
            ClusterError: nobody will do the task any more.
        """
        from distributed import KilledWorker  # noqa: PLC0415 - an extra

        while True:
            try:
                error = self._inner.exception(_LOOK_SECONDS)
            except TimeoutError:
                self._watch.look()
            except CancelledError as cancelled:
                raise self._watch.gone() from cancelled
            else:
                return BrokenExecutor(str(error)) if isinstance(error, KilledWorker) else error

    def result(self, timeout: float | None = None) -> Result:
        """Wait, and return the result.

        Raises:
            ClusterError: nobody will do the task any more.
        """
        error = self.exception(timeout)
        if error is not None:
            raise error
        return self._inner.result()

    def done(self) -> bool:
        """Say whether it is done."""
        return self._inner.done()
