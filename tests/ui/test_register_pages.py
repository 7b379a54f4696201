"""The register and the page of a case: who sees what, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import streamlit as st

from consent.bootstrap import services_from_environment
from consent.cases.change import place_hold, rescind
from consent.cases.correspondence import give_receipt, list_writings, open_writing
from consent.cases.known_cases import KnownCases
from consent.cases.open import record_revocation
from consent.cases.view import view_register
from consent.domain.actors import Actor, Role
from consent.domain.cases import State
from consent.domain.channels import ChannelKind
from consent.domain.errors import RefusedError
from consent.domain.intake import EvidenceFile
from consent.domain.terms import (
    EVERYTHING,
    Method,
    NewRevocation,
    Relationship,
    Requester,
    Rescission,
    Scope,
    Submission,
)
from pages.register.amend import CHANGES
from pages.ui.words import shown_day
from tests.staff import ANYBODY, PASSWORD, employ
from tests.ui.page_cases import DESK, DIRECTOR, field, links, opened, press, texts

COMMUNICATIONS = Actor("Cam Lee", Role.COMMUNICATIONS)
PRINT_ONLY = Scope(all_channels=False, kinds=frozenset({ChannelKind.PRINT}))


@pytest.fixture
def register(environment):
    """A hold, a revocation of print, and a child's revocation of everything."""
    st.cache_resource.clear()
    services = services_from_environment()
    today = services.today()
    adult = NewRevocation(
        "Ada Reader",
        Submission(
            today,
            Method.LETTER,
            evidence=[EvidenceFile("letter.txt", b"Not me, please.")],
            branch="Park",
        ),
        scope=EVERYTHING,
        requester=Requester("Ada Reader", contact="ada@example.org"),
    )
    asked = Submission(today, branch="Park")
    place_hold(services, replace(adult, name="Hal Holder", submission=asked), DESK)
    record_revocation(services, replace(adult, scope=PRINT_ONLY), DESK)
    child = replace(
        adult,
        name="Mia Minor",
        minor=True,
        guardian="Gus Guardian",
        submission=Submission(
            today, Method.LETTER, [EvidenceFile("form.txt", b"Not my child.")], branch="Downtown"
        ),
        requester=Requester("Gus Guardian", Relationship.GUARDIAN, contact="gus@example.org"),
        safety=True,
        until=today + timedelta(days=5),
        note="The father may ask",
    )
    record_revocation(services, child, DESK)
    yield services
    st.cache_resource.clear()


NAMES = ("Ada Reader", "Hal Holder", "Mia Minor", "Gus Guardian", "example.org", "father")


@pytest.mark.parametrize("role", [Role.COMMUNICATIONS, Role.RECORDS])
def test_names_and_contacts_are_withheld_from_roles_that_need_not_know(register, role):
    actor = Actor("Cam Lee", role)
    shown = texts(opened("register.register", actor))
    assert "Name withheld" in shown
    for label in ("R-0001", "R-0002", "R-0003"):
        shown += texts(opened("register.case", actor, case=label))
    assert not [name for name in NAMES if name in shown]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.PRINT_EDITOR, Role.PHOTOGRAPHER])
def test_roles_without_the_register_are_told_whose_it_is(register, role):
    actor = Actor("Ad Min", role)
    shown = texts(opened("register.register", actor)) + texts(
        opened("register.case", actor, case="R-0001")
    )
    assert "Only these roles may see cases" in shown
    assert not [name for name in NAMES if name in shown]


def test_the_desk_sees_who_it_is_and_how_to_reach_them(register):
    assert "Mia Minor" in texts(opened("register.register", DESK))
    shown = texts(opened("register.case", DESK, case="R-0003"))
    for expected in ("Mia Minor", "Gus Guardian", "gus@example.org", "The father may ask"):
        assert expected in shown


def test_the_register_is_searched_by_name_and_filtered(register):
    app = opened("register.register", DESK)
    cases = [label for label in links(app) if label.startswith("R-")]
    assert cases[-3:] == ["R-0003", "R-0002", "R-0001"]
    field(app, "Number or name").input("minor").run()
    assert "**1 case**" in texts(app)
    press(app, "Clear the filters")
    assert "**3 cases**" in texts(app)
    app.button_group(key="register-states").set_value([State.HELD]).run()
    assert links(app)[-1] == "R-0001"
    assert "**1 case**" in texts(app)
    press(app, "Clear the filters")
    next(one for one in app.selectbox if one.label == "Branch").select("Downtown").run()
    assert links(app)[-1] == "R-0003"
    assert "**1 case**" in texts(app)


def test_who_may_not_see_names_cannot_search_by_them(register):
    app = opened("register.register", COMMUNICATIONS)
    field(app, "Number").input("ada").run()
    assert "No matching cases." in texts(app)


def test_what_wants_attention_stands_above_the_list(register):
    assert "R-0003 ends on" in texts(opened("register.register", COMMUNICATIONS))


def test_export_is_offered_to_roles_that_may(register):
    for actor, expected in ((DESK, False), (COMMUNICATIONS, False), (DIRECTOR, True)):
        offered = [one.label for one in opened("register.register", actor).button]
        assert ("Export as CSV" in offered) is expected


def test_a_hold_becomes_a_revocation_and_what_was_typed_survives_a_refusal(register):
    app = opened("register.case", DESK, case="R-0001")
    app.session_state["tabs-R-0001"] = "Change"
    app.run()
    field(app, "Branch").input("Park").run()
    app.pills(key="R-0001-1--came-method").set_value(Method.LETTER).run()
    press(app, "Record the written request")
    assert "The signed request is missing" in texts(app)
    assert field(app, "Branch").value == "Park"
    field(app, "Where the paper original is kept").input("Box 7").run()
    press(app, "Record the written request")
    assert "R-0001 is now a revocation" in texts(app)
    state = next(iter(view_register(register, ANYBODY).known.cases.values())).case.state(
        register.today()
    )
    assert state is State.ACTIVE


def test_a_rescission_by_another_name_is_refused_until_it_is_said_how_it_was_checked(register):
    app = opened("register.case", DESK, case="R-0002")
    app.session_state["tabs-R-0002"] = "Change"
    app.run()
    app.button_group[0].set_value("Withdraw").run()
    days = {day.label: day.proto.required for day in app.date_input}
    assert days["Received on"], "said once that it is required, by Streamlit"
    assert "First enter who signed, and choose how the request came" in texts(app)
    field(app, "Who signed").input("A. Reader").run()
    field(app, "Where the paper original is kept").input("Box 8").run()
    app.pills(key="R-0002-1--rescind-method").set_value(Method.LETTER).run()
    press(app, "Withdraw the revocation")
    assert "The signer is not the person" in texts(app)
    assert field(app, "Who signed").value == "A. Reader"
    field(app, "How you checked that they may sign").input("Known at the desk").run()
    press(app, "Withdraw the revocation")
    assert "R-0002 stays in effect" in texts(app)
    assert "a second person must agree under Change, Withdraw" in texts(app)

    # Of a home that had no accounts then: nobody can say who entered it.
    employ(register, Actor("Eve", Role.DESK))
    app.button_group[0].set_value("Withdraw").run()
    field(app, "Name").input("Eve")
    field(app, "Password").input(PASSWORD)
    press(app, "Agree as the second person")
    assert "had no account" in texts(app)
    next(one for one in app.toggle if one.label == "Enter the paper again").set_value(True).run()
    assert "Withdraw the revocation" in [one.label for one in app.button]
    app.toggle[0].set_value(False).run()

    # The dialog takes a sign-in of its own, and leaves Ana Ruiz signed in.
    employ(register, DESK, Actor("Eve", Role.DESK))
    for name, said in (("Ana Ruiz", "can't be the same"), ("Eve", "R-0002 is withdrawn")):
        if "Name" not in [one.label for one in app.text_input]:
            app.button_group[0].set_value("Withdraw").run()
        field(app, "Name").input(name)
        field(app, "Password").input(PASSWORD)
        press(app, "Agree as the second person")
        assert said in texts(app)


def test_a_case_that_was_taken_back_says_so_and_covers_nothing(register):
    assert "Withdrawn on" not in texts(opened("register.case", DESK, case="R-0003"))
    writing = Submission(register.today(), original_at="Box 8")
    rescind(register, "R-0003", Rescission(writing, "Gus Guardian", Relationship.GUARDIAN), DESK)

    shown = texts(opened("register.case", COMMUNICATIONS, case="R-0003"))

    assert "Withdrawn on" in shown
    assert f"**{shown_day(register.today())}**, by Ana Ruiz, desk." in shown
    assert "Nothing is covered any more." in shown
    assert ":gray[In effect from]" not in shown
    assert "Ends after" not in shown


def test_a_case_that_will_be_taken_back_says_when(register):
    later = register.today() + timedelta(days=9)
    writing = Submission(register.today(), original_at="Box 8")
    rescind(register, "R-0002", Rescission(writing, "Ada Reader", effective_on=later), DESK)

    shown = texts(opened("register.case", COMMUNICATIONS, case="R-0002"))

    assert f"**{shown_day(later)}**, by Ana Ruiz, desk. Nothing is covered after that day." in shown
    assert ":gray[In effect from]" in shown


@pytest.mark.parametrize(
    ("change", "label", "letters"),
    [
        ("Change the terms", "Note (nobody has to give a reason)", 1000),
        ("Withdraw", "Where the paper original is kept", 200),
    ],
)
def test_no_text_of_a_case_is_without_an_end(register, change, label, letters):
    app = opened("register.case", DESK, case="R-0002")
    app.session_state["tabs-R-0002"] = "Change"
    app.run()
    app.button_group[0].set_value(change).run()
    if change == "Change the terms":
        app.button_group[1].set_value(list(CHANGES)).run()
        assert not app.exception

    field(app, label).input("a" * (letters + 1)).run()

    assert f"At most {letters:,} characters; this has {letters + 1:,}." in texts(app)
    assert field(app, label).value == "a" * (letters + 1)


def test_a_case_that_is_not_there_is_asked_for_again(register):
    app = opened("register.case", DESK, case="R-0099")
    assert "There is no case R-0099" in texts(app)
    assert [one.label for one in app.text_input] == ["Case number"]


def test_papers_are_refused_to_roles_that_may_not_see_names(register):
    for refused in (
        lambda: list_writings(register, "R-0002", COMMUNICATIONS),
        lambda: give_receipt(register, "R-0002", "en", COMMUNICATIONS),
    ):
        with pytest.raises(RefusedError, match="desk, director"):
            refused()


def test_opening_a_writing_and_giving_a_receipt_are_in_the_log_and_on_the_page(register):
    kept = list_writings(register, "R-0002", DESK)
    assert open_writing(register, "R-0002", kept[0].sha256, DESK).content == b"Not me, please."
    assert give_receipt(register, "R-0002", "es", DESK).startswith(b"%PDF")
    app = opened("register.case", DESK, case="R-0002")
    app.session_state["tabs-R-0002"] = "History"
    app.run()
    shown = texts(app)
    for expected in (
        "Written request opened",
        "Receipt given",
        "In Spanish.",
        "Revocation recorded",
    ):
        assert expected in shown


def test_only_what_was_entered_is_read_again(register):
    first = view_register(register, ANYBODY).known
    give_receipt(register, "R-0002", "en", DESK)
    assert view_register(register, ANYBODY).known is first

    writing = Submission(register.today(), original_at="Box 8")
    rescind(register, "R-0002", Rescission(writing, "Ada Reader"), DESK)
    second = view_register(register, ANYBODY).known
    changed = [case for case, known in second.cases.items() if known is not first.cases.get(case)]
    assert [second.cases[case].case.label for case in changed] == ["R-0002"]
    with register.reading() as unit:
        assert second == KnownCases().of(register, unit)


def test_a_role_that_sees_numbers_asks_whom_a_case_is_about(register):
    app = opened("register.case", COMMUNICATIONS, case="R-0003")
    assert "Mia Minor" not in texts(app)
    app.radio[0].set_value(app.radio[0].options[0]).run()
    press(app, "Show the name")
    assert "R-0003: Mia Minor, guardian Gus Guardian" in texts(app)
    app.run()
    assert "Mia Minor" not in texts(app)
    assert not opened("register.case", DESK, case="R-0003").radio
