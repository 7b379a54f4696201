"""What each page costs on a data home: `python -m pages.ui.measure`, which `bench pages` starts.

The pages run as Streamlit runs them, without a browser. Told are seconds of this process's
processor time: of the first time somebody opens a page, and of the second; then of what somebody
does with the result of the check that was done last.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from unittest.mock import patch

from streamlit.testing.v1 import AppTest

from consent.access.present import Present
from consent.cases.view import standing_labels
from consent.domain.access import Account, AccountKind, Session, SessionKind, Stage
from consent.domain.actors import Role
from consent.jobs.check import newest_check, read_check
from consent.settings import ROOT
from media_index.bench.setting import setting
from media_index.clock import utc_now
from pages.ui import backend, guard

_PATIENCE = 600
_NOW = utc_now()
_WHO = Present(
    Session("", "", "", SessionKind.WEB, Stage.OPEN, _NOW, _NOW, _NOW, _NOW),
    Account("", "Measure", AccountKind.PERSON, frozenset(Role), _NOW),
)
_PAGES = (
    "check.check_photos",
    "asking.ask",
    "print.pieces",
    "review.queue",
    "desk.record_revocation",
    "register.register",
    "published.publications",
    "published.takedowns",
    "admin.thresholds",
    "admin.status",
)


def main() -> None:
    """Measure, and print the seconds as JSON."""
    # Streamlit itself, and the services that all sessions share.
    _open(_PAGES[0])
    seconds = {"sign-in": [_taken(_sign_in) for _ in range(2)]}
    for page in _PAGES:
        seconds[page] = [_taken(partial(_open, page)) for _ in range(2)]
    seconds |= _of_a_case() | _of_a_result()
    json.dump({"cpu_seconds": seconds, "machine": setting(Path(), 0).machine}, sys.stdout)


def _of_a_case() -> dict[str, list[float]]:
    """Measure a case's page, and a search by name, if anybody is in the register."""
    services, actor = backend.services(), _WHO.actor
    every = standing_labels(services, actor)
    if not every:
        return {}
    label = every[len(every) // 2]
    app = _open("register.register")

    def search(name: str) -> None:
        app.text_input[0].input(name)
        _run(app)

    return {
        "register.case": [_taken(partial(_open, "register.case", case=label)) for _ in range(2)],
        # The second by what nobody is called.
        "search by name": [_taken(partial(search, name)) for name in ("made up", "zzzz")],
    }


def _of_a_result() -> dict[str, list[float]]:
    """Measure what somebody does with the result of the check that was done last, if one was."""
    services, actor = backend.services(), _WHO.actor
    check = newest_check(services, actor)
    result = None if check is None else read_check(services, check, actor).result
    if check is None or result is None or not result.photos:
        return {}
    photos = result.photos
    app = _open(_PAGES[0], check=check)
    steps = {
        "a filter": {"only": photos[-1].verdict.lower()},
        "a page": {"only": "", "page": "2"},
        "a photo opened": {"page": "", "photo": photos[0].id},
        "the next photo": {"photo": photos[-1].id},
        "back to all": {"photo": ""},
    }
    return {
        f"result of {len(photos):,}: {step}": [_taken(partial(_go, app, said))]
        for step, said in steps.items()
    }


def _go(app: AppTest, said: Mapping[str, str]) -> None:
    """Show what an address says, as a click does."""
    for name, value in said.items():
        if value:
            app.query_params[name] = value
        else:
            app.query_params.pop(name, None)
    _run(app)


def _taken(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return round(time.process_time() - begun, 3)


def _sign_in() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=_PATIENCE)
    return _run(app)


def _open(page: str, **said: str) -> AppTest:
    script = f"from pages.{page} import page\n\npage()\n"
    app = AppTest.from_string(script, default_timeout=_PATIENCE)
    for name, value in said.items():
        app.query_params[name] = value
    return _run(app)


def _run(app: AppTest) -> AppTest:
    # There is no server here, and so no gate that would say whose session it is.
    with patch.object(guard, "who_is_here", lambda: _WHO):
        app.run()
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    return app


if __name__ == "__main__":
    main()
