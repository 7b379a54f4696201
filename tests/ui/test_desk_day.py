"""A day at the desk: what is said, kept and asked on the pages where letters are taken."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from consent.cases.change import end_template_agreement
from pages.desk.session import Draft
from tests.ui.page_cases import DESK, ORIGINALS, TIMEOUT, opened, page_script, press, texts

PHOTO = ORIGINALS / "obama.jpg"


def case_page(label: str, tab: str, **chosen: object) -> AppTest:
    """Open a tab of a case's page."""
    app = AppTest.from_string(page_script("register.case"), default_timeout=TIMEOUT)
    app.query_params["case"] = label
    app.session_state["actor"] = DESK
    app.session_state[f"tabs-{label}"] = tab
    for key, value in chosen.items():
        app.session_state[key] = value
    app.run()
    assert not app.exception
    return app


def recorded_with_photo(**form: object) -> AppTest:
    """Record a letter with a portrait, as the form stands."""
    draft = Draft(1, taken=[(PHOTO.read_bytes(), PHOTO.name)])
    typed = {"revocation-1-name": "Nona Name", "revocation-1-original-at": "Binder 3"} | form
    return press(
        opened("desk.record_revocation", DESK, draft=draft, **typed), "Record the revocation"
    )


def test_who_agreed_to_no_face_is_not_said_to_have_brought_no_photo(services):
    said = texts(recorded_with_photo())

    assert "No photo of the person was added" not in said
    assert "No face template was agreed to" in said
    with services.reading() as unit:
        assert unit.register.templates() == []


def test_a_face_becomes_a_reference_only_when_they_agree(revoked):
    end_template_agreement(revoked, "R-0001", "They ended it.", DESK)
    app = press(case_page("R-0001", "Photos"), "Use as reference")

    assert "has no agreement to that: ask for it first" in texts(app)
    with revoked.reading() as unit:
        assert unit.register.templates() == []
