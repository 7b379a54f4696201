"""A PostgreSQL server that stands still: each page says so within a minute, and then goes on."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from starlette.testclient import TestClient
from streamlit.runtime import Runtime
from streamlit.testing.v1 import AppTest

from consent.bootstrap import services_from_environment
from consent.services import Services
from consent.storage import paused_server
from consent.web.application import web_app
from consent.web.door_file import DoorFile
from tests.integration.web_cases import ADDRESS, cookie_of, made
from tests.postgres_server import NoServerError, PostgresServer
from tests.ui.page_cases import DIRECTOR, page_script, texts

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="sends SIGSTOP"),
]
MINUTE = 60.0
# Home asks for much; without a database the review has nothing to show.
PAGES = ("home.home", "review.queue")


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    try:
        own = PostgresServer()
    except NoServerError as error:
        pytest.skip(str(error))
    yield own
    own.remove()


@pytest.fixture
def services(
    environment: Path, server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    monkeypatch.setenv("LIKENESS_DATABASE_URL", server.url(server.make()))
    services_from_environment.cache_clear()
    st.cache_resource.clear()
    yield services_from_environment()
    st.cache_resource.clear()


def test_a_page_says_so_within_a_minute_and_goes_on_afterwards(
    services: Services, server: PostgresServer
):
    for module in PAGES:
        app = AppTest.from_string(page_script(module), default_timeout=2 * MINUTE)
        app.session_state["actor"] = DIRECTOR
        before = texts(app.run())
        assert not app.error

        with server.paused():
            begun = time.monotonic()
            app.run()
            assert time.monotonic() - begun < MINUTE
        assert not app.exception
        assert "See that the server runs" in texts(app)

        time.sleep(paused_server.SILENT_SECONDS)
        assert texts(app.run()) == before
        assert not app.error


def test_the_gate_says_so_within_a_minute_and_lets_in_afterwards(
    services: Services, server: PostgresServer
):
    cookie = cookie_of(services, made(services))
    try:
        with TestClient(web_app(services, DoorFile()), base_url=ADDRESS) as client:
            assert client.get("/check", headers=cookie).status_code == 200
            with server.paused():
                begun = time.monotonic()
                answer = client.get("/check", headers={**cookie, "accept": "text/html"})
                assert time.monotonic() - begun < MINUTE
            assert answer.status_code == 503
            assert "See that the server runs" in answer.text
            time.sleep(paused_server.SILENT_SECONDS)
            assert client.get("/check", headers=cookie).status_code == 200
    finally:
        Runtime._instance = None
