"""What each page costs on a data home: `python -m pages.ui.measure`, which `bench pages` starts.

The pages run as Streamlit runs them, without a browser. Told are seconds of this process's
processor time: of the first time somebody opens a page, and of the second.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from streamlit.testing.v1 import AppTest

from consent.domain.actors import Actor, Role
from consent.settings import ROOT
from media_index.bench.setting import setting

_PATIENCE = 600
_WHO = Actor("Measure", Role.DIRECTOR)
_PAGES = (
    "check.check_photos",
    "asking.ask",
    "print.pieces",
    "review.queue",
    "desk.record_revocation",
    "register.register",
    "published.publications",
    "takedowns.board",
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
    json.dump({"cpu_seconds": seconds, "machine": setting(Path(), 0).machine}, sys.stdout)


def _taken(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return round(time.process_time() - begun, 3)


def _sign_in() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=_PATIENCE)
    app.session_state["actor"] = _WHO
    return _run(app)


def _open(page: str) -> AppTest:
    script = f"from pages.{page} import page\n\npage()\n"
    app = AppTest.from_string(script, default_timeout=_PATIENCE)
    app.session_state["actor"] = _WHO
    return _run(app)


def _run(app: AppTest) -> AppTest:
    app.run()
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    return app


if __name__ == "__main__":
    main()
