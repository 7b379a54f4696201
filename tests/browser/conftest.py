"""A real server over a data home of its own, and a real browser before it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, Self

import pytest

from consent.bootstrap import build_services
from consent.domain.actors import Actor
from consent.indexing.events import NewEvent
from consent.indexing.index import IndexRequest, index_photos
from consent.services import Services
from consent.settings import ROOT, Settings
from tests.browser.browser_cases import make_accounts
from tests.conftest import copied, made_once, make_home
from tests.revocations import revoke

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
START_SECONDS = 60
# Read before the tests' own fixture takes every such setting away.
SCREENSHOTS = os.environ.get("LIKENESS_SCREENSHOTS", "")

Shoot = Callable[[str], None]
Launch = Callable[..., Any]


@pytest.fixture(scope="session")
def events_indexed_once(shared: Path, weights: Path, samples: Path, actor: Actor) -> Path:
    """A data home with the sample events in its index, and accounts. Copy it, never change it."""

    def make(home: Path) -> None:
        services = build_services(Settings(home=make_home(home, weights)))
        for folder in sorted((samples / "events").iterdir()):
            day, _, name = folder.name.partition(" ")
            event = NewEvent(name, date.fromisoformat(day), "Main library", public_space=True)
            index_photos(services, IndexRequest([folder], event=event, jobs=1), actor)
        make_accounts(services)
        services.close()

    return made_once(shared / "events", make)


@pytest.fixture
def server(home: Path, events_indexed_once: Path, own_keys: None) -> Iterator[Server]:
    """The address of the app over an index of the sample events."""
    running = Server(copied(events_indexed_once, home), free_port())
    running.start()
    try:
        yield running
    finally:
        running.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server(str):
    """The app as a process of its own; as a text, its address."""

    __slots__ = ("_home", "_options", "_port", "_process")

    def __new__(cls, _home: Path, port: int, *_options: str) -> Self:
        return super().__new__(cls, f"http://127.0.0.1:{port}")

    def __init__(self, home: Path, port: int, *options: str) -> None:
        self._home, self._port, self._options = home, port, options

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "consent.cli", "serve", "--no-browser"]
        options = ["--port", str(self._port), *self._options]
        environment = {**os.environ, "LIKENESS_HOME": str(self._home), "LIKENESS_JOBS": "1"}
        self._process = subprocess.Popen([*command, *options], cwd=ROOT, env=environment)
        _wait_until_it_answers(str(self), self._process)

    def stop(self) -> None:
        """End it, and whatever its sessions held."""
        self._process.terminate()
        self._process.wait()


def _wait_until_it_answers(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(START_SECONDS * 2):
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(f"{address}/sign-in", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"the server did not answer within {START_SECONDS} s")


@pytest.fixture(scope="module")
def launch() -> Iterator[Launch]:
    """Start Chromium, with further flags; it ends with the module."""
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("no chromium on this computer")
    with playwright.sync_playwright() as started:
        yield lambda *flags: started.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, *flags]
        )


@pytest.fixture(scope="module")
def browser(launch: Launch):
    """A browser for all tests of a module: to start it takes as long as a short test."""
    return launch()


@pytest.fixture
def page(browser, server: str):
    """A page of a browser of its own, 1400 px wide, that may reach nothing but the server."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, base_url=server)
    page = context.new_page()
    page.set_default_timeout(120_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/")
    yield page
    outside = [url for url in asked if not url.startswith((server, "data:", "blob:"))]
    context.close()
    assert not [url for url in outside if not url.startswith(server.replace("http", "ws"))]


@pytest.fixture
def shoot(page) -> Shoot:
    """Save a screenshot of the whole page, if there is a folder for it: LIKENESS_SCREENSHOTS."""
    folder = Path(SCREENSHOTS)
    if not SCREENSHOTS:
        return lambda _name: None
    folder.mkdir(parents=True, exist_ok=True)

    def save(name: str) -> None:
        width = page.viewport_size["width"]
        page.wait_for_timeout(500)
        height = page.evaluate(
            "(document.querySelector('[data-testid=stMain]') || document.body).scrollHeight"
        )
        # Streamlit scrolls inside the page, so a full-page screenshot needs a high window.
        page.set_viewport_size({"width": width, "height": min(max(900, int(height) + 20), 6000)})
        page.wait_for_timeout(500)
        page.screenshot(path=str(folder / f"{name}.png"))
        page.set_viewport_size({"width": width, "height": 900})

    return save


@pytest.fixture
def revoked(open_services, home: Path, samples: Path, server: str) -> Services:
    """The services of the server, where the person of obama.jpg has revoked."""
    services: Services = open_services(home=home)
    revoke(services, samples / "originals" / "obama.jpg", name="Barack Obama")
    return services
