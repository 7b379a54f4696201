"""Takedowns: a board by state, a list by channel, the next step, the mail, and appeals."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from streamlit.testing.v1 import AppTest

from consent.bootstrap import services_from_environment
from consent.cases.change import rescind
from consent.domain.actors import Actor, Role
from consent.domain.changes import RegisterChanged
from consent.domain.takedowns import AppealDecision, TakedownState
from consent.domain.terms import Rescission, Submission
from consent.printing.layouts import HandedIn, place_files, take_out
from consent.printing.pieces import NewPiece, open_piece, show_piece
from consent.publishing.record import Posting, record_publications
from consent.takedowns.appeals import list_appeals, receive_appeal
from consent.takedowns.board import Move, list_takedowns, move_takedown
from consent.takedowns.open_due import open_due_takedowns
from tests.staff import ANYBODY
from tests.ui.page_cases import (
    DESK,
    ORIGINALS,
    STAFF,
    TIMEOUT,
    field,
    labels,
    opened,
    page_script,
    press,
    sample,
    texts,
)

PAGE = "published.takedowns"
EDITOR = Actor("Ed Press", Role.PRINT_EDITOR)
POST = "https://facebook.com/p/1"


@pytest.fixture
def out(revoked):
    """Two photos of somebody who revoked are out."""
    for name, use, url in (
        ("obama2.jpg", "facebook", POST),
        ("obama3.jpg", "newsletter:Spring 2026", ""),
    ):
        day = revoked.today() - timedelta(days=3)
        posting = Posting(revoked.policy.use(use), day, url, already_out=True)
        record_publications(revoked, [sample(revoked, name)], posting, STAFF)
    open_due_takedowns(revoked, RegisterChanged(STAFF))
    return revoked


def states(services) -> dict[str, TakedownState]:
    return {card.channel.id: card.takedown.state for card in list_takedowns(services, ANYBODY)}


def dialog(app: AppTest, place: int, button: str = "") -> None:
    """Run the page with the dialog of a card open, and a button of it pressed."""
    # In a browser only the dialog is run anew, and stays open; the test runner runs the page.
    [one for one in app.button if one.label == "Next step"][place].click()
    for one in app.button:
        if one.label == button:
            one.click()
    app.run()
    assert not app.exception


def test_with_nothing_to_take_down_the_page_says_so(open_app):
    open_app()

    for shown in ("By status", "By channel"):
        app = opened(PAGE, STAFF, takedowns_shown=shown)
        assert "No published photo has to come down." in texts(app)
    appeals = opened(PAGE, STAFF, takedowns_shown="Appeals")
    assert "answer within 30 business days" in texts(appeals)


def test_a_takedown_goes_over_the_board(out):
    app = opened(PAGE, STAFF)
    said = texts(app)
    assert "2 open" in said
    assert "**Found** (2)" in said
    assert "**Done** (0)" in said
    assert "Zebulon" not in said

    stale = opened(PAGE, Actor("Bo Chen", Role.COMMUNICATIONS))
    press(app, "Assign to me")
    press(stale, "Assign to me")
    assert (
        "“Assign to me” was not done, because T-0001 has changed since you saw it: Cam Lee has"
        " taken" in (texts(stale))
    )
    assert list_takedowns(out, ANYBODY)[0].takedown.owner == "Cam Lee"
    assert labels(app).count("Assign to me") == 1

    dialog(app, 0)
    app.radio[0].set_value(TakedownState.DELETED)
    dialog(app, 0, "Save")
    assert "Add a note or a file as proof" in texts(app)
    assert "Add a note or a screenshot" in texts(app)
    assert states(out)["facebook"] is TakedownState.FOUND
    field(app, "Note").input("It was gone when I checked")
    dialog(app, 0, "Save")

    assert states(out)["facebook"] is TakedownState.DELETED
    app.run()
    assert "1 open" in texts(app)
    assert "**Done** (1)" in texts(app)
    change = next(one for one in app.button if one.label == "Change")
    assert change.proto.type == "tertiary", "a card that is done asks for nothing"
    change.click().run()
    assert "It is online again" in app.radio[0].options
    assert "It was gone when I checked" in texts(app)


def test_print_is_not_hidden_and_says_what_happens_with_the_rest(out):
    app = opened(PAGE, STAFF)
    dialog(app, 1)
    assert "Print in circulation" in app.radio[0].options
    assert "Hidden" not in app.radio[0].options
    app.radio[0].set_value(TakedownState.IN_CIRCULATION)
    dialog(app, 1)
    app.toggle[0].set_value(True)
    field(app, "What happens to the remaining copies?").input("Pulped")
    field(app, "Note").input("Out since May")

    dialog(app, 1, "Save")

    newsletter = next(
        card for card in list_takedowns(out, ANYBODY) if card.channel.id == "newsletter"
    )
    last = newsletter.takedown.last
    assert (last.state, last.stop_reprint) == (TakedownState.IN_CIRCULATION, True)
    assert (last.stock, last.note) == ("Pulped", "Out since May")


@pytest.fixture
def at_printer(revoked):
    """A photo of somebody who revoked is at the printer."""
    made = open_piece(revoked, NewPiece("newsletter", "Newsletter", "", None, None, "Ed"), EDITOR)
    photo = ORIGINALS / "obama2.jpg"
    place_files(revoked, made.label, [HandedIn(photo.name, photo.read_bytes())], EDITOR)
    open_due_takedowns(revoked, RegisterChanged(STAFF))
    return revoked


def test_what_can_be_stopped_is_asked_about_as_what_is_printed(at_printer):
    app = opened(PAGE, STAFF)
    assert "Stop it by " in texts(app)
    dialog(app, 0)

    assert app.radio[0].value is TakedownState.STOPPED
    assert "printer" in field(app, "Note").placeholder
    assert "Screenshot" not in str([one.proto.label for one in app.get("file_uploader")])
    mail = press(opened(PAGE, STAFF), "Email text")
    assert "Please do not print it" in mail.code[0].value
    assert "address" not in texts(mail)


def test_a_piece_in_which_something_was_stopped_does_not_pass_for_approved(at_printer):
    (card,) = list_takedowns(at_printer, ANYBODY)
    assert "Stop it: R-0001" in texts(opened("print.pieces", STAFF))

    stop = Move(TakedownState.STOPPED, "Called the printer")
    move_takedown(at_printer, card.takedown.label, stop, STAFF)

    listed = opened("print.pieces", STAFF)
    assert "Stopped (was: in draft)" in texts(listed)
    assert "Stop it" not in texts(listed)
    assert "Stopped (was: in draft)" in texts(press(listed, "Open"))


def page_links(app) -> dict[str, tuple[str, str]]:
    return {
        one.proto.label: (one.proto.page, one.proto.query_string) for one in app.get("page_link")
    }


def test_piece_and_takedown_lead_to_each_other_even_once_the_photo_is_taken_out(at_printer):
    (card,) = list_takedowns(at_printer, ANYBODY)
    app = AppTest.from_string(page_script(PAGE), default_timeout=TIMEOUT)
    app.session_state["actor"] = STAFF
    app.query_params["takedown"] = card.takedown.label
    app.run()
    assert page_links(app)["P-0001"] == ("print", "piece=P-0001")
    assert "**T-0001**" in texts(app)
    press(app, "All takedowns")
    assert "1 open" in texts(app)

    (placed,) = show_piece(at_printer, "P-0001", ANYBODY).placed
    take_out(at_printer, "P-0001", placed.id, EDITOR)
    piece = press(opened("print.pieces", STAFF), "Open")
    assert "**A photo that was taken out**: found, due " in texts(piece)
    assert page_links(piece)["Takedown T-0001"] == ("takedowns", "takedown=T-0001")
    assert page_links(piece)["Case R-0001"] == ("case", "case=R-0001")
    board = opened(PAGE, STAFF)
    assert page_links(board)["P-0001"] == ("print", "piece=P-0001")
    assert "Taken out of P-0001" in texts(board)
    dialog(board, 0)
    assert board.radio[0].value is TakedownState.STOPPED
    stop = Move(TakedownState.STOPPED, "Out of the layout")
    move_takedown(at_printer, "T-0001", stop, STAFF)
    assert "0 open" in texts(opened(PAGE, STAFF))


def test_a_dialog_over_what_has_changed_meanwhile_says_so_and_asks_again(out):
    app = opened(PAGE, STAFF, takedowns_shown="By channel")
    dialog(app, 0)
    facebook = next(card for card in list_takedowns(out, ANYBODY) if card.channel.id == "facebook")
    asked = Move(TakedownState.REQUESTED, "Called them")
    move_takedown(out, facebook.takedown.label, asked, Actor("Bo Chen", Role.COMMUNICATIONS))
    app.radio[0].set_value(TakedownState.DELETED)
    field(app, "Note").input("It was gone when I checked")

    dialog(app, 0, "Save")

    said = texts(app)
    assert 'Bo Chen has entered "Removal requested", with the note: Called them' in said
    assert states(out)["facebook"] is TakedownState.REQUESTED
    assert app.radio[0].label == "What happened to T-0001?"
    assert "No removal was requested" in app.radio[0].options
    assert "Removal requested" not in app.radio[0].options
    app.radio[0].set_value(TakedownState.DELETED)
    dialog(app, 0, "Save")
    assert states(out)["facebook"] is TakedownState.DELETED


def test_one_person_works_one_channel_with_the_mail_at_hand(out):
    app = opened(PAGE, STAFF, takedowns_shown="By channel")
    assert labels(app).count("Next step") == 1

    press(app, "Email text")

    assert "it gives the file name, obama2.jpg" in texts(app)
    mail = app.code[0].value
    assert POST in mail
    assert "Zebulon" not in mail
    channels = next(one for one in app.button_group if "Newsletter" in one.options)
    channels.set_value("newsletter").run()
    assert "Spring 2026" in texts(app)
    assert POST not in texts(app)


def test_what_is_moot_stands_by_itself_and_offers_nothing(out):
    facebook = next(card for card in list_takedowns(out, ANYBODY) if card.channel.id == "facebook")
    asked = Move(TakedownState.REQUESTED, "Asked by phone")
    move_takedown(out, facebook.takedown.label, asked, STAFF)
    writing = Submission(out.today(), original_at="Box 9")
    rescind(out, "R-0001", Rescission(writing, "Zebulon Quirk"), DESK)

    for shown in ("By status", "By channel"):
        app = opened(PAGE, STAFF, takedowns_shown=shown)
        said = texts(app)
        assert "**No need to remove** (2)" in said
        assert "0 open" in said
        assert "Due " not in said
        assert "nothing has to be removed for it" in said
        assert "the copy may stay" in said
        assert not {"Email text", "Next step", "Assign to me"} & set(labels(app))
    assert "**Removal requested** (0)" in texts(opened(PAGE, STAFF))

    app = opened("register.case", DESK, tabs_R_0001="Published copies")
    app.query_params["case"] = "R-0001"
    app.run()
    said = texts(app)
    assert "nothing more has to be removed for it" in said
    assert "closing letter" not in said.lower()
    assert "By " not in "".join(one.value for one in app.caption)


def test_a_card_fits_on_the_screen_of_a_laptop(out):
    app = opened(PAGE, STAFF)

    beside = [round(one.weight, 1) for one in app.columns]
    pairs = list(pairwise(beside))
    assert pairs.count((0.4, 0.6)) == 2, "the picture stands beside the facts"


def enter(app, name: str, about: str):
    field(app, "Who appeals").input(name)
    field(app, "Email or mailing address").input("b@example.org")
    field(app, "Which removal or refusal is it about?").input(about)
    return press(app, "Save")


def test_an_appeal_is_entered_answered_and_goes_to_the_board(open_app):
    open_app()
    services = services_from_environment()
    app = opened(PAGE, DESK, takedowns_shown="Appeals")
    enter(app, "B. Poster", "")
    assert "Enter who appeals, and what about." in texts(app)
    assert field(app, "Who appeals").value == "B. Poster"
    enter(app, "B. Poster", "My comment of May 3")
    assert "A-0001" in texts(app)
    assert "Answer by" in texts(app)
    assert field(app, "Who appeals").value == "", "a second press enters nothing again"
    assert "Answer" not in labels(app), "the desk does not decide"

    # Who is a director is one whatever else they are.
    both = Actor(DESK.id, Role.DESK, frozenset({Role.DIRECTOR}))
    stale = opened(PAGE, Actor("Eve Dean", Role.DIRECTOR), takedowns_shown="Appeals")
    next(one for one in stale.selectbox if one.label == "Decision (required)").select(
        AppealDecision.UPHELD
    ).run()
    app = opened(PAGE, both, takedowns_shown="Appeals")
    answer = next(one for one in app.button if one.label == "Answer")
    assert answer.disabled, "nobody upholds by a slip"
    decision = next(one for one in app.selectbox if one.label == "Decision (required)")
    decision.select(AppealDecision.DENIED).run()
    press(app, "Answer")
    assert "Say why" in texts(app)
    field(app, "Reason").input("Off topic").run()
    press(app, "Answer")
    assert "Answered, " in texts(app)
    assert "Denied: it stays as it is. Off topic" in texts(app)
    press(stale, "Answer")
    said = texts(stale)
    assert 'nothing was saved: Ana Ruiz has entered "Answered: Denied: it stays' in said
    press(app, "Send it to the Board")

    assert "Before the Board of Directors" in texts(app)
    (appeal,) = list_appeals(services, DESK)
    assert appeal.waits
    assert "Send it to the Board" not in labels(app)


def test_the_address_names_the_view_until_somebody_goes_back(open_app):
    open_app()
    app = AppTest.from_string(page_script(PAGE), default_timeout=TIMEOUT)
    app.session_state["actor"] = STAFF
    app.query_params["takedowns-shown"] = "Appeals"
    app.run()
    assert "answer within 30 business days" in texts(app)

    app.query_params.clear()
    app.run()
    assert "No published photo has to come down." in texts(app)
    app.button_group[0].set_value("Appeals").run()
    assert app.query_params["takedowns-shown"] == "Appeals"


def test_who_appeals_is_withheld_from_roles_that_need_not_know(open_app):
    open_app()
    services = services_from_environment()
    receive_appeal(services, "B. Poster", "My comment", services.today(), DESK, contact="b@e.org")

    shown = texts(opened(PAGE, STAFF, takedowns_shown="Appeals"))

    assert "Name withheld" in shown
    assert "Poster" not in shown
    assert "b@e.org" not in shown
