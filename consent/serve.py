"""Start the web app, and make it ready to try."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable
from datetime import date

from consent.access.accounts import first_code
from consent.access.demo import prepare_demo
from consent.bootstrap import services_from_environment
from consent.domain.actors import Actor, Role
from consent.domain.errors import SetupError
from consent.indexing.events import NewEvent
from consent.indexing.index import IndexRequest, index_photos
from consent.jobs.runner import go_on_with_interrupted
from consent.retention.keys import tell_of_new_key
from consent.services import Services
from consent.web.door_file import DoorFile, read_door
from media_index.faces.weights import missing_from

_SAMPLES_ACTOR = Actor("set-up", Role.ADMIN)
_WAIT_SECONDS = 60
_GRACE_SECONDS = 3
_INTERRUPTED = 130
# As Streamlit's own server has it.
_MOST_MESSAGE_BYTES = 200 * 1024 * 1024


def index_samples(progress: Callable[[int, int], None]) -> None:
    """Index the sample photos, each folder of events/ as an event. Done already, it is a no-op.

    Raises:
        NotTheSamplesError: the data home holds something else.
    """
    services = services_from_environment()
    prepare_demo(services)
    events = services.settings.samples / "events"
    for folder in sorted(path for path in events.iterdir() if path.is_dir()):
        day, _, name = folder.name.partition(" ")
        event = NewEvent(name, date.fromisoformat(day), "Main library", public_space=True)
        index_photos(services, IndexRequest([folder], event=event), _SAMPLES_ACTOR, progress)


def address_of(port: int, file: DoorFile) -> str:
    """Return the address of the web page, as browsers reach it."""
    if file.server.certificate is not None:
        return f"https://{next(iter(file.server.hosts), 'localhost')}:{port}"
    if file.proxy is not None and file.server.hosts:
        return f"https://{file.server.hosts[0]}"
    return f"http://127.0.0.1:{port}"


def run_web_app(
    port: int, *, open_browser: bool, say: Callable[[str], None], demo: bool = False
) -> int:
    """Serve the web app until it is stopped, and return its exit code.

    Args:
        port: of the web page.
        open_browser: opens the page where there is a screen.
        say: told where the page is, where a new key is, and the first administrator's code.
        demo: without a sign-in, on the sample photos alone.

    Raises:
        SetupError: something is not in place, or would not be safe; says what to do.
    """
    services = services_from_environment()
    file = read_door(services.settings.door)
    if demo and not file.is_local:
        raise SetupError(
            "The demonstration is only for this computer: leave LIKENESS_DOOR empty, or "
            "start the program without --samples."
        )
    with _listening(file.server.address, port) as listening:
        address = address_of(port, file)
        say(f"The program is at {address} (Ctrl-C stops it).")
        tell_of_new_key(services, say)
        if missing_from(services.settings.weights):
            say(
                "Faces are not compared: a part of the program is missing. Next step: stop it, run "
                "likeness weights, then likeness index on the folders of photos."
            )
        if demo:
            say("This is a demonstration: anyone on this computer may do anything in it.")
        elif code := first_code(services):
            say(
                "Nobody has an account yet. Set up the first administrator at "
                f"{address}/sign-in/code with this one-time code: {code}"
            )
        if open_browser and _has_display():
            threading.Thread(target=_open_when_ready, args=(address,), daemon=True).start()
        threading.Thread(target=go_on_with_interrupted, args=(services,), daemon=True).start()
        return _serve(services, file, listening, demo=demo)


def _listening(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listening = socket.socket(family)
    try:
        # On Windows it would let two programs share a port.
        if os.name != "nt":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((address, port))
    except OSError as error:
        listening.close()
        raise SetupError(
            f"The web app can't use {address}, port {port} ({error.strerror}): choose another "
            "port with --port, or stop the program that uses it."
        ) from error
    return listening


def _serve(services: Services, file: DoorFile, listening: socket.socket, *, demo: bool) -> int:
    # Streamlit and what serves it take a second to load.
    import uvicorn  # noqa: PLC0415

    from consent.web.application import web_app  # noqa: PLC0415

    # Addresses hold numbers of cases: not for a log that anybody may read. Streamlit sets its level
    # anew at each start.
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("uvicorn.error").addFilter(lambda said: said.levelno >= logging.WARNING)
    server = uvicorn.Server(
        uvicorn.Config(
            web_app(services, file, demo=demo),
            ssl_certfile=file.server.certificate,
            ssl_keyfile=file.server.key,
            ws="websockets-sansio",
            ws_max_size=_MOST_MESSAGE_BYTES,
            # Who speaks for whom is the gate's to decide.
            proxy_headers=False,
            server_header=False,
            log_level="warning",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
    )
    try:
        server.run(sockets=[listening])
    except KeyboardInterrupt:
        # uvicorn has ended as it should, and says by it how.
        return _INTERRUPTED
    return 0 if server.started else 1


def _has_display() -> bool:
    windowed = sys.platform in {"win32", "darwin"}
    return windowed or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open_when_ready(address: str) -> None:
    for _ in range(_WAIT_SECONDS * 2):
        try:
            with urllib.request.urlopen(f"{address}/sign-in", timeout=1):  # noqa: S310
                webbrowser.open(address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
