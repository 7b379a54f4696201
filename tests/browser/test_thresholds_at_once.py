"""The first chart of a server, drawn for several people at the same moment."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier

import pytest
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Origin, Subprotocol
from websockets.sync.client import ClientConnection, connect

from consent.access import sign_in
from consent.jobs import runner
from consent.jobs.figures import run_figures, start_counting
from consent.services import Services
from tests.browser.browser_cases import PASSWORD, make_accounts
from tests.browser.conftest import Server, free_port
from tests.conftest import OpenServices
from tests.staff import ANYBODY

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SESSIONS = 8
SECONDS = 60.0


@pytest.fixture
def counted(
    revoked_home: Path, open_services: OpenServices, monkeypatch: pytest.MonkeyPatch
) -> Services:
    """A home whose figures were counted, so that the page draws its chart at once."""
    services = open_services(home=revoked_home)
    make_accounts(services)
    with monkeypatch.context() as patch:
        patch.setattr(runner, "_start_process", lambda job: run_figures(services, job))
        start_counting(services, ANYBODY)
    return services


def session(server: Server, token: str) -> ClientConnection:
    """Connect as a tab of a browser does that has the program open."""
    return connect(
        server.replace("http", "ws") + "/_stcore/stream",
        additional_headers={"Cookie": f"likeness={token}"},
        origin=Origin(server),
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
    )


def elements_of(socket: ClientConnection, together: Barrier) -> list[Element]:
    """Open the page when all do, and return what it shows."""
    asked = BackMsg()
    asked.rerun_script.page_name = "thresholds"
    together.wait(SECONDS)
    socket.send(asked.SerializeToString())
    shown: list[Element] = []
    end = time.monotonic() + SECONDS
    while True:
        told = ForwardMsg()
        told.ParseFromString(socket.recv(timeout=max(0.0, end - time.monotonic())))
        if told.WhichOneof("type") == "delta" and told.delta.HasField("new_element"):
            shown.append(told.delta.new_element)
        elif told.WhichOneof("type") == "script_finished":
            return shown


def is_error(element: Element) -> bool:
    kind = element.WhichOneof("type")
    return kind == "exception" or (kind == "alert" and element.alert.format == Alert.ERROR)


def test_eight_sessions_open_the_thresholds_of_a_new_server_at_once(
    counted: Services, revoked_home: Path
) -> None:
    """Streamlit imports pandas at the first chart: one session found it half imported."""
    running = Server(revoked_home, free_port())
    running.start()
    together = Barrier(SESSIONS)
    try:
        with ExitStack() as opened, ThreadPoolExecutor(SESSIONS) as threads:
            token = sign_in.sign_in(counted, "Bo Chen", PASSWORD).token
            sockets = [opened.enter_context(session(running, token)) for _ in range(SESSIONS)]
            pages = list(threads.map(lambda one: elements_of(one, together), sockets))
    finally:
        running.stop()
    assert [str(element) for page in pages for element in page if is_error(element)] == []
    kinds = [[element.WhichOneof("type") for element in page] for page in pages]
    assert all("vega_lite_chart" in kind for kind in kinds), kinds
