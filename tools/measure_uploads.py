"""Measure what uploads that nobody has checked yet cost the server in memory.

    python tools/measure_uploads.py [--files 30] [--mebibytes 40]

A demonstration is served from an empty home. A browser (Chromium, by Playwright) drops the files on
Check photos, takes them back, and goes. Told is the memory of the server's process alone: before,
at its most meanwhile, with all files there, and in the end.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from consent.settings import ROOT, Settings

MEBIBYTE = 1024 * 1024
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
START_SECONDS = 600
MOST_SECONDS = 900


class Memory:
    """Looks at a process ten times a second."""

    def __init__(self, process: int) -> None:
        """Begin to look at it."""
        self._process = process
        self.most = 0.0
        threading.Thread(target=self._look_on, daemon=True).start()

    @property
    def now(self) -> float:
        """MiB that it has in memory, without what it shares with its children."""
        lines = Path(f"/proc/{self._process}/status").read_text().splitlines()
        found = [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")]
        # Of one that has ended, and nobody has asked after yet, nothing is there.
        return found[0] if found else 0.0

    def _look_on(self) -> None:
        while Path(f"/proc/{self._process}").exists():
            self.most = max(self.most, self.now)
            time.sleep(0.1)


@contextmanager
def served(home: Path) -> Iterator[tuple[str, int]]:
    """Serve the demonstration from a home; gives its address and the id of its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["serve", "--samples", "--no-browser", "--port", str(port)]
    environment = {**os.environ, "LIKENESS_HOME": str(home), "LIKENESS_KEYS": str(home) + "-keys"}
    process = subprocess.Popen(
        [sys.executable, "-m", "consent.cli", *words], cwd=ROOT, env=environment
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(START_SECONDS * 2):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
            except OSError:
                time.sleep(0.5)
            else:
                break
        yield address, process.pid
    finally:
        process.terminate()
        process.wait()


def drop(page: Page, files: list[Path]) -> None:
    """Drop files on Check photos, and wait until they are there."""
    page.goto("/check")
    page.get_by_label("Where will they appear?").click()
    page.get_by_role("option", name="Instagram").click()
    page.wait_for_timeout(2000)
    page.locator("input[type=file]").first.set_input_files([str(file) for file in files])
    button = page.get_by_role("button", name=f"Check {len(files)} photos", exact=True)
    button.wait_for(timeout=MOST_SECONDS * 1000)
    page.wait_for_timeout(2000)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--files", type=int, default=30)
    parser.add_argument("--mebibytes", type=int, default=40)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        home = Path(made) / "home"
        home.mkdir()
        (home / "weights").symlink_to(Settings().weights.resolve())
        files = [Path(made) / f"photo-{number:02}.jpg" for number in range(arguments.files)]
        for file in files:
            file.write_bytes(b"\xff\xd8\xff\xe0")
            os.truncate(file, arguments.mebibytes * MEBIBYTE)
        measure(home, files)


def measure(home: Path, files: list[Path]) -> None:
    """Print what the server has in memory."""
    with served(home) as (address, process), sync_playwright() as started:
        memory = Memory(process)
        browser = started.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        page = browser.new_page(base_url=address)
        page.set_default_timeout(120_000)
        page.goto("/check")
        page.get_by_label("Where will they appear?").wait_for()
        print(f"before: {memory.now:.0f} MiB", flush=True)
        drop(page, files)
        print(f"all are there: {memory.now:.0f} MiB, {memory.most:.0f} at most", flush=True)
        browser.close()
        time.sleep(10)
        print(f"the browser has gone: {memory.now:.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
