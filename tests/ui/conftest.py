"""Pages run by Streamlit's own test runner, without a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from consent.access.present import Present
from consent.bootstrap import services_from_environment
from consent.domain.access import Account, AccountKind, Session, SessionKind, Stage
from consent.domain.actors import Actor, Role
from consent.jobs import runner
from consent.jobs.audit import run_audit_of_page
from consent.jobs.check import run_check
from consent.services import Services
from consent.settings import ROOT
from media_index.clock import utc_now
from tests.ui.page_cases import STAFF, TIMEOUT, opened

OpenApp = Callable[..., AppTest]


@pytest.fixture(scope="session", autouse=True)
def _components_looked_for_once() -> Iterator[None]:
    """A server looks once for components among what is installed; the test runner at every page."""
    scan = cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(autouse=True)
def _signed_in_as_the_test_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no server here, and so no gate that would say whose session it is."""

    def here() -> Present | None:
        actor = st.session_state.get("actor")
        if actor is None:
            return None
        now, kind = utc_now(), st.session_state.get("kind", AccountKind.PERSON)
        return Present(
            Session("s", "a", "", SessionKind.WEB, Stage.OPEN, now, now, now, now),
            Account("a", actor.id, kind, actor.roles, now),
        )

    monkeypatch.setattr("pages.ui.guard.who_is_here", here)


@pytest.fixture(autouse=True)
def _day_has_begun(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No page starts work in a process of its own by itself, but where that is the test."""
    if "started" not in request.fixturenames:
        monkeypatch.setattr("consent.jobs.day.anything_published", lambda _services: False)
    if not request.node.nodeid.startswith("tests/ui/test_thresholds_page.py"):
        monkeypatch.setattr("pages.admin.status.start_counting", lambda _services, _actor: None)


@pytest.fixture
def open_app(environment: Path) -> Iterator[OpenApp]:
    """Open the app, or one page of it, over an empty data home."""
    st.cache_resource.clear()

    def build(page: Callable[[], None] | None = None, *, signed_in: bool = True) -> AppTest:
        if page is None:
            app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=TIMEOUT)
        else:
            app = AppTest.from_function(page, default_timeout=TIMEOUT)
        if signed_in:
            app.session_state["actor"] = Actor("Ana Ruiz", Role.DESK, frozenset(Role))
        return app.run()

    yield build
    st.cache_resource.clear()


@pytest.fixture
def services(
    environment: Path, indexed_home: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """The services that the pages use, over an index of the samples; no worker processes."""
    assert environment == indexed_home
    monkeypatch.setenv("LIKENESS_JOBS", "1")
    st.cache_resource.clear()
    yield services_from_environment()
    st.cache_resource.clear()


@pytest.fixture
def revoked(
    environment: Path, revoked_home: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """The same, and R-0001: Zebulon Quirk, the person of obama.jpg."""
    assert environment == revoked_home
    monkeypatch.setenv("LIKENESS_JOBS", "1")
    st.cache_resource.clear()
    yield services_from_environment()
    st.cache_resource.clear()


@pytest.fixture
def audited_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit that a page starts is done in this process, at once."""

    def start(job_id: str) -> None:
        run_audit_of_page(services_from_environment(), job_id)

    monkeypatch.setattr(runner, "_start_process", start)


@pytest.fixture
def dropped(revoked: Services, monkeypatch: pytest.MonkeyPatch):
    """Drop files on the page, and check them in this process."""
    monkeypatch.setattr(runner, "_start_process", lambda job_id: run_check(revoked, job_id))

    def drop(files: dict[str, bytes]):
        app = opened("check.check_photos", STAFF)
        app.selectbox(key="check-channel").select_index(1).run()
        app.file_uploader[0].set_value([(name, data, "") for name, data in files.items()]).run()
        next(one for one in app.button if one.label.startswith("Check")).click().run()
        assert not app.exception
        assert not app.error, [one.value for one in app.error]
        return app

    return drop
