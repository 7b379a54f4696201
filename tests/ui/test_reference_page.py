"""A case's page: a confirmed face becomes a reference, and stops being one, by a click."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from consent.cases.search import show_case
from consent.domain.actors import Actor, Role
from consent.domain.decisions import DecisionState
from consent.matching.sweep import sweep
from consent.review.decide import decide_sighting
from tests.revocations import revoke

DESK = Actor("Ana Ruiz", Role.DESK)


def case_page() -> None:
    from pages.register import case

    case.page()


def test_a_confirmed_face_is_taken_as_reference_and_removed_again(services, samples):
    label = revoke(services, samples / "originals" / "obama.jpg", by=DESK)
    wanted = next(
        hit
        for hit in sweep(services, label, DESK).hits
        if hit.match.box is not None and any("obama2" in path for path in hit.paths)
    )
    confirmed = DecisionState.CONFIRMED
    decide_sighting(services, label, wanted.sha256, wanted.match.box, confirmed, DESK)
    app = AppTest.from_function(case_page, default_timeout=30)
    app.session_state["actor"] = DESK
    app.query_params["case"] = label
    app.run()

    year = services.today().year
    assert any(
        f"One photo of the person, from {year}: ask for two more." in one.value
        for one in app.caption
    )

    def button(words: str):
        return next(one for one in app.button if one.label == words)

    button("Use as a photo of the person").click().run()
    assert not app.exception
    assert len(show_case(services, label, DESK).templates) == 2
    assert "Use as a photo of the person" not in [one.label for one in app.button]

    first = show_case(services, label, DESK).templates[0]
    [one for one in app.button if one.label == "Remove"][1].click().run()
    assert [one.id for one in show_case(services, label, DESK).templates] == [first.id]
    assert "Remove" not in [one.label for one in app.button], "the last one is not removed so"
