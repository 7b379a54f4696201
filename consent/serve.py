"""Start the web app, and make it ready to try."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable
from datetime import date

from consent.bootstrap import services_from_environment
from consent.domain.actors import Actor, Role
from consent.indexing.events import NewEvent
from consent.indexing.index import IndexRequest, index_photos
from consent.retention.keeping import key_in_use
from consent.settings import ROOT

_SAMPLES_ACTOR = Actor("set-up", Role.ADMIN)
_WAIT_SECONDS = 60


def index_samples(progress: Callable[[int, int], None], say: Callable[[str], None]) -> None:
    """Index the sample photos, each folder of events/ as an event. Done already, it is a no-op."""
    services = services_from_environment()
    if services.keys.made:
        say(key_in_use(services).sentence())
    events = services.settings.samples / "events"
    for folder in sorted(path for path in events.iterdir() if path.is_dir()):
        day, _, name = folder.name.partition(" ")
        event = NewEvent(name, date.fromisoformat(day), "Main library", public_space=True)
        index_photos(services, IndexRequest([folder], event=event), _SAMPLES_ACTOR, progress)


def address_of(port: int) -> str:
    """Return the address of the web page."""
    return f"http://127.0.0.1:{port}"


def run_web_app(port: int, *, open_browser: bool, say: Callable[[str], None]) -> int:
    """Run Streamlit until it is stopped, and return its exit code."""
    address = address_of(port)
    say(f"The program is at {address} (Ctrl-C stops it).")
    if open_browser and _has_display():
        threading.Thread(target=_open_when_ready, args=(address,), daemon=True).start()
    app = str(ROOT / "app.py")
    command = [sys.executable, "-m", "streamlit", "run", app, "--server.port", str(port)]
    # What Streamlit says is beside the answer, which may be JSON.
    with subprocess.Popen(command, cwd=ROOT, stdout=sys.stderr) as process:  # noqa: S603
        # A service manager stops this process alone: Streamlit must not outlive it.
        former = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        try:
            while True:
                try:
                    return process.wait()
                except KeyboardInterrupt:
                    # Ctrl-C has reached Streamlit too; it ends by itself.
                    continue
        finally:
            signal.signal(signal.SIGTERM, former)


def _has_display() -> bool:
    windowed = sys.platform in {"win32", "darwin"}
    return windowed or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open_when_ready(address: str) -> None:
    for _ in range(_WAIT_SECONDS * 2):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):  # noqa: S310
                webbrowser.open(address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
