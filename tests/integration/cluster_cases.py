"""A scheduler and workers of Dask in processes of their own, and work to hand them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from consent.settings import ROOT
from media_index.types import Problem, ProblemCode

PATIENCE = 120


def deadly(path: Path) -> Problem:
    """Work that takes its process down on one file, as a decoder's crash does."""
    if path.name == "killer.jpg":
        os.kill(os.getpid(), signal.SIGKILL)
    return Problem(path, ProblemCode.UNREADABLE, "as expected")


def wait_until(what: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


class DaskProcesses:
    """The commands of docs/cluster.md, run on this computer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def _start(self, name: str, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
        with (self._folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=self._folder,
                stdout=log,
                stderr=log,
                # The work handed out is of this folder of tests.
                env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            )
        self._running.append(process)
        return process

    def scheduler(self, allowed_failures: int = 3) -> subprocess.Popen[bytes]:
        """Start a scheduler on a free port."""
        file = self._folder / "scheduler.json"
        file.unlink(missing_ok=True)
        words = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)]
        failures = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": str(allowed_failures)}
        process = self._start("scheduler", *words, **failures)

        def told() -> bool:
            assert process.poll() is None, self.logs()
            return file.exists() and file.read_text(encoding="utf-8").endswith("}")

        wait_until(told)
        self.address = json.loads(file.read_text(encoding="utf-8"))["address"]
        return process

    def worker(self, name: str, *options: str) -> subprocess.Popen[bytes]:
        """Start a worker of one thread."""
        words = ["worker", self.address, "--nthreads", "1", "--host", "127.0.0.1", "--name", name]
        place = ["--local-directory", str(self._folder / name)]
        return self._start(name, *words, *place, *options)

    def logs(self) -> str:
        return "\n".join(one.read_text() for one in sorted(self._folder.glob("*.log")))

    def stop(self) -> None:
        """End all of them; nannies take their workers along."""
        for process in reversed(self._running):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
