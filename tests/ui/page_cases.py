"""A page as somebody sees it, and what they press."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from streamlit.testing.v1 import AppTest

from consent.cases.open import record_revocation
from consent.cases.references import photo_named
from consent.domain.actors import Actor, Role
from consent.services import Services
from consent.settings import ROOT
from pages.ui.form import REQUIRED
from tests.revocations import OBAMA, by_letter

TIMEOUT = 30
ORIGINALS = ROOT / "data" / "samples" / "originals"
DESK = Actor("Ana Ruiz", Role.DESK)
STAFF = Actor("Cam Lee", Role.COMMUNICATIONS, frozenset({Role.PRINT_EDITOR}))
DIRECTOR = Actor("Di Rossi", Role.DIRECTOR)


def page_script(module: str) -> str:
    """Return the script that shows a page, such as review.queue."""
    return f"from pages.{module} import page\n\npage()\n"


def opened(module: str, actor: Actor, *, case: str = "", **chosen: object) -> AppTest:
    """Open a page as somebody, with what they chose before by the widgets' keys."""
    app = AppTest.from_string(page_script(module), default_timeout=TIMEOUT)
    app.session_state["actor"] = actor
    if case:
        app.query_params["case"] = case
    for key, value in chosen.items():
        app.session_state[key.replace("_", "-")] = value
    app.run()
    assert not app.exception
    return app


def texts(app: AppTest) -> str:
    """Return all that a page says, without what keeps Markdown from reading it."""
    shown = [*app.markdown, *app.title, *app.header, *app.error, *app.warning, *app.success]
    said = "\n".join(str(one.value) for one in [*shown, *app.info, *app.caption, *app.code])
    return said.replace("\\", "")


def cells(app: AppTest) -> dict[str, dict[str, Any]]:
    """Return what the grid of a check shows of each photo, by what is told when pointed at it."""
    sent = [json.loads(one.proto.json) for one in _components(app.main)]
    return {
        cell["title"].split(": ")[0]: cell
        for data in sent
        for cell in (data or {}).get("cells", ())
    }


def _components(block: Any) -> Iterator[Any]:
    for one in block.children.values():
        if hasattr(one, "children"):
            yield from _components(one)
        elif one.type == "bidi_component":
            yield one


def open_photo(app: AppTest, name: str) -> AppTest:
    """Open one photo of the result of a check by its file name, as a click does."""
    app.query_params["photo"] = cells(app)[name]["id"]
    app.run()
    assert not app.exception
    return app


def labels(app: AppTest) -> list[str]:
    """Return the labels of the buttons."""
    return [one.label for one in app.button]


def links(app: AppTest) -> list[str]:
    """Return the words of the links to pages, without what makes them bold."""
    found = [one.proto.label for one in app.get("page_link")]
    return [label.replace("*", "").removeprefix(":primary[").removesuffix("]") for label in found]


def press(app: AppTest, label: str, place: int = 0) -> AppTest:
    """Press the button of a label, one of several if need be."""
    [one for one in app.button if one.label == label][place].click()
    app.run()
    assert not app.exception
    return app


def field(app: AppTest, label: str):
    """Return the text field of a label."""
    every = [*app.text_input, *app.text_area]
    return next(one for one in every if one.label.removesuffix(REQUIRED) == label)


def sample(services: Services, name: str) -> str:
    """Return the SHA-256 of a sample photo."""
    return photo_named(services, str(ORIGINALS / name))


def revoke(
    services: Services, name: str = "Zebulon Quirk", by: Actor | None = None, **more: object
) -> str:
    """Record that the person of obama.jpg revoked; returns the number."""
    new = by_letter(services, OBAMA, name=name, **more)
    return record_revocation(services, new, by or DESK).revocation.label
