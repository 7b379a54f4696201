"""Ask people, and Print: who answered what, what stops a piece, and what was signed over."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from consent.cases.references import photo_named, read_reference
from consent.domain.actors import Actor, Role
from consent.domain.channels import ChannelKind
from consent.domain.jobs import JobState
from consent.domain.print import PieceState
from consent.indexing.events import NewEvent
from consent.indexing.index import IndexRequest, index_photos
from consent.jobs import runner
from consent.jobs.audit import last_audit, run_audit_of_page
from consent.jobs.place import run_placing, start_placing
from consent.printing.answers import Answer, list_consents, record_answers
from consent.printing.asking import photo_to_ask
from consent.printing.audit import run_audit
from consent.printing.layouts import HandedIn, place_files, take_out
from consent.printing.pieces import NewPiece, move_piece, open_piece, show_piece, sign_off
from consent.printing.seen import PieceChangedError
from consent.review.photos import find_indexed
from consent.settings import ROOT
from pages.asking.session import AskingDesk
from tests.staff import ANYBODY
from tests.ui.page_cases import (
    DIRECTOR,
    ORIGINALS,
    STAFF,
    TIMEOUT,
    field,
    labels,
    links,
    opened,
    page_script,
    press,
    revoke,
    texts,
)

TALK = ROOT / "data" / "samples" / "events" / "2026-05-14 Author talk"
STAGE = TALK / "stage-obama-biden.jpg"
PANEL = TALK / "panel-astronaut-obama-biden.jpg"
ASK, PRINT = "asking.ask", "print.pieces"
LABEL = "P-0001"


@pytest.fixture
def talk(services):
    """The index, with the event of some photos."""
    event = NewEvent("Author talk", date(2026, 5, 14), "Main library", public_space=True)
    index_photos(services, IndexRequest([TALK], event=event, jobs=1), STAFF)
    return services


pytestmark = pytest.mark.usefixtures("audited_here")


@pytest.fixture
def piece(talk):
    """A newsletter with one photo of two people."""
    open_piece(talk, NewPiece("newsletter", "Newsletter", "Spring 2026", run=2000), STAFF)
    place_files(talk, LABEL, [HandedIn(STAGE.name, STAGE.read_bytes())], STAFF)
    return talk


def asking(services, photo: str | None = None):
    """Open the page of somebody who chose the event, and has a photo in hand."""
    with services.reading() as unit:
        event = next(one for one in unit.events.all() if one.name == "Author talk")
    desk = AskingDesk(STAFF.id, event)
    if photo is not None:
        desk.take([photo])
    return opened(ASK, STAFF, asking_desk=desk)


def shown_piece(label=LABEL, actor=STAFF):
    """Open the piece's page."""
    app = AppTest.from_string(page_script(PRINT), default_timeout=TIMEOUT)
    app.session_state["actor"] = actor
    app.query_params["piece"] = label
    app.run()
    assert not app.exception
    return app


def answer_all(app, answer: str):
    """Say that everybody in the photo was asked, and what they answered."""
    next(one for one in app.toggle if "were asked" in one.label).set_value(True).run()
    return press(app, answer)


def test_everybody_in_a_photo_is_recorded_with_two_taps(piece):
    photo = show_piece(piece, LABEL, ANYBODY).placed[0].photo_sha256
    app = asking(piece, photo)
    assert "Photo 1 of 1: 0 of 2 recognizable people asked." in texts(app)
    yes = next(one for one in app.button if one.label == "They said yes")
    assert yes.disabled

    answer_all(app, "They said yes")

    assert "Faces 1, 2: yes." in texts(app)
    assert "2 of 2 recognizable people asked: 2 said yes." in texts(app)
    answers = list_consents(piece, ANYBODY)
    assert [(one.given, one.asked_by, one.kinds) for one in answers] == [
        (True, STAFF.id, frozenset({ChannelKind.PRINT}))
    ] * 2
    press(app, "Another photo")
    assert "Ask the people in it" in labels(app)


def test_a_photo_of_an_event_is_counted_among_all_of_it(talk, monkeypatch):
    monkeypatch.setattr("pages.asking.ask._PER_PAGE", 1)
    app = asking(talk)
    of = len(find_indexed(talk, STAFF, event_id=app.session_state["asking-desk"].event.id))
    app = press(app, "Ask the people in it")
    assert f"Photo 1 of {of}: " in texts(app)
    assert f"Photo 2 of {of}: " in texts(press(app, "Next photo"))


def test_a_no_is_recorded_as_one(piece):
    app = asking(piece, show_piece(piece, LABEL, ANYBODY).placed[0].photo_sha256)

    assert "Ask: “May we use your photo in print?”" in texts(app)
    answer_all(app, "They said no")

    assert "2 of 2 recognizable people asked: 2 said no." in texts(app)
    assert [one.given for one in list_consents(piece, ANYBODY)] == [False, False]


def test_an_answer_is_undone_and_all_spares_who_said_no(piece):
    photo = show_piece(piece, LABEL, ANYBODY).placed[0].photo_sha256
    app = asking(piece, photo)
    answer_all(app, "They said no")
    [one for one in app.button if one.label == "Undo"][-1].click().run()
    assert "Undone: Faces 1, 2: no." in texts(app)
    assert list_consents(piece, ANYBODY) == []

    three = photo_named(piece, str(PANEL))
    box = photo_to_ask(piece, three, ANYBODY).boxes([2])
    said_no = Answer(
        given=False,
        asked_on=piece.today(),
        kinds=frozenset({ChannelKind.PRINT}),
        photo_sha256=three,
        boxes=box,
    )
    record_answers(piece, [said_no], STAFF)
    app = asking(piece, three)
    assert [one.label for one in app.toggle if "were asked" in one.label] == [
        "The other 2 were asked"
    ]
    answer_all(app, "They said yes")
    assert "3 of 3 recognizable people asked: 2 said yes, 1 said no." in texts(app)
    assert sorted((one.given, one.box == box[0]) for one in list_consents(piece, ANYBODY)) == [
        (False, True),
        (True, False),
        (True, False),
    ]


def test_who_has_revoked_is_not_asked_again(piece):
    label = revoke(piece)
    app = asking(piece, show_piece(piece, LABEL, ANYBODY).placed[0].photo_sha256)
    warned = [one.value for one in app.error]
    assert len(warned) == 1
    assert f"Face 1: {label} asked not to be shown." in warned[0]
    assert "Do not ask again" in warned[0]
    assert labels(app).count("Yes") == 1, "nobody asks who has revoked"


def test_each_face_is_answered_and_undone_with_one_tap_in_its_row(piece):
    photo = show_piece(piece, LABEL, ANYBODY).placed[0].photo_sha256
    app = asking(piece, photo)
    assert labels(app).count("Yes") == labels(app).count("No") == 2

    app.button(key=f"asking-no-{photo[:16]}-2").click().run()
    app.button(key=f"asking-yes-{photo[:16]}-1").click().run()

    assert "2 of 2 recognizable people asked: 1 said yes, 1 said no." in texts(app)
    assert {"**1**: yes", "**2**: no"} <= {one.value for one in app.markdown}
    app.button(key=f"asking-undo-{photo[:16]}-2").click().run()
    assert "Undone: the answer of 2." in texts(app)
    assert [one.given for one in list_consents(piece, ANYBODY)] == [True]


def test_a_room_is_asked_at_the_start(talk):
    app = asking(talk)
    press(app, "Record it")

    (answer,) = list_consents(talk, ANYBODY)
    assert (answer.photo_sha256, answer.given) == (None, True)
    assert "The whole room was asked." in texts(app)


def test_without_an_event_the_page_asks_for_one(open_app):
    open_app()
    app = opened(ASK, STAFF)
    field(app, "Name of the event").set_value("Story time").run()
    press(app, "Start with this event")

    assert "**Story time**" in texts(app)
    assert "Ask the people in them" not in labels(app)


def test_an_empty_list_of_pieces_says_what_to_do(open_app):
    open_app()
    app = opened(PRINT, STAFF)
    assert "There are no pieces yet." in texts(app)
    over_time = opened(PRINT, STAFF, print_shown="Over time")
    dates = [*press(app, "Open a piece").date_input, *over_time.date_input]
    assert [one.proto.format for one in dates] == ["MM/DD/YYYY"] * 3
    assert "Nothing was signed off in this period." in texts(over_time)


def test_a_piece_is_audited_signed_over_and_counted(piece):
    app = shown_piece()
    assert "In the piece: 1 picture." in texts(app)
    press(app, "Audit it")
    said = texts(app)
    assert "0 of 2 recognizable people asked." in said
    assert "Ask faces 1 and 2, take the photo out, or sign it off" in said

    press(app, "Sign off")
    assert f"{STAGE.name}: faces 1 and 2 were not asked." in texts(app)
    next(one for one in app.button if one.label == "Sign off").click()
    field(app, "Why print without it?").set_value("Asked by mail")
    press(app, "Sign")
    assert show_piece(piece, LABEL, ANYBODY).piece.state is PieceState.APPROVED
    app = shown_piece()
    assert "Signed off" in texts(app)
    press(app, "It is at the printer")
    assert show_piece(piece, LABEL, ANYBODY).piece.state is PieceState.AT_PRINTER
    over_time = texts(opened(PRINT, DIRECTOR, print_shown="Over time"))
    assert "0 of 2 recognizable people asked." in over_time
    assert "1 photo signed off without consent: Asked by mail" in over_time


ED = Actor("Ed Press", Role.PRINT_EDITOR)


def test_a_press_on_what_others_have_changed_does_nothing_and_says_who_did_what(piece):
    run_audit(piece, LABEL, STAFF)
    app, other = shown_piece(), shown_piece()
    seen = show_piece(piece, LABEL, ANYBODY).version
    sign_off(piece, LABEL, "Ed Press, editor", ED, "Asked by mail")
    move_piece(piece, LABEL, PieceState.AT_PRINTER, ED)

    with pytest.raises(PieceChangedError, match="nothing was saved: Ed Press signed it off"):
        sign_off(piece, LABEL, "Cam Lee, editor", STAFF, "Asked by mail", seen=seen)
    assert "Meanwhile: Ed Press signed it off" in texts(other.run())
    assert "Meanwhile" not in texts(other.run())
    press(app, "Sign off")

    said = texts(app)
    assert "“Sign off” was not done, because P-0001 has changed since you saw it:" in said
    assert "Ed Press signed it off, then entered that it is at the printer." in said
    assert "Why print without it?" not in said
    assert "It is printed" in labels(app)
    # What they did themselves, a moment ago, keeps nobody from going on.
    quick = shown_piece()
    press(app, "Call it back")
    assert "was not done" not in texts(app)
    assert "was not done" not in texts(press(quick, "Audit again"))
    assert show_piece(piece, LABEL, ANYBODY).piece.state is PieceState.AUDITED


def test_an_audit_goes_on_without_the_page_and_can_be_canceled(piece, monkeypatch):
    monkeypatch.setattr(runner, "_start_process", lambda _job_id: None)
    press(shown_piece(), "Audit it")
    app = shown_piece(actor=Actor("Ed Press", Role.PRINT_EDITOR))
    assert "The audit continues" in texts(app)
    assert not {"Audit it", "Sign off"} & {*labels(app)}
    job = last_audit(piece, LABEL, STAFF)
    assert job is not None
    tell(piece, job.id, done=1, total=2, state=JobState.RUNNING)
    progress = [one.proto.text for one in shown_piece().get("progress")]
    assert progress == ["Comparing with the register: 1 of 2 pictures"]

    press(app, "Cancel")
    run_audit_of_page(piece, job.id)
    app = shown_piece()
    assert "The audit was canceled" in texts(app)
    assert show_piece(piece, LABEL, ANYBODY).audit is None
    # Nobody heard of this one for long: its server has stopped.
    press(app, "Audit it")
    job = last_audit(piece, LABEL, STAFF)
    tell(piece, job.id, updated_at=piece.now() - timedelta(minutes=5))
    monkeypatch.setattr(runner, "_start_process", lambda job_id: run_audit_of_page(piece, job_id))
    assert "recognizable people asked" in texts(shown_piece())


def test_what_was_taken_out_by_mistake_is_put_back_with_a_reason(piece):
    run_audit(piece, LABEL, STAFF)
    assert "Next: Ask the people in it, or sign it off with a reason." in texts(
        opened(PRINT, STAFF)
    )
    app = press(shown_piece(), "Take it out")
    assert "Taken out" in texts(app)
    assert f"by {STAFF.id}." in texts(app)
    press(app, "Put it back")
    field(app, "Why do you put it back?").input("The wrong one")
    next(one for one in app.button if one.label == "Put it back").click()
    press(app, "Put it back", 1)

    file = show_piece(piece, LABEL, ANYBODY)
    assert len(file.placed) == 1
    assert file.taken_out == ()
    take_out(piece, LABEL, file.placed[0].id, STAFF)
    assert show_piece(piece, LABEL, ANYBODY).placed == ()


def test_an_audit_by_an_older_version_says_so_and_is_not_signed(piece):
    audit = run_audit(piece, LABEL, STAFF)
    with piece.writing() as unit:
        (made,) = unit.pieces.all()
        old = replace(audit, id="old", at=piece.now(), rules=0)
        unit.pieces.add_audit(made.id, old)
        unit.commit()
    app = shown_piece()
    assert "Audited by an older version: audit it again." in texts(app)
    assert "Sign off" not in labels(app)
    assert "Next: Audit it again." in texts(opened(PRINT, STAFF))
    press(app, "Audit again")
    assert "older version: audit" not in texts(app)
    assert "Sign off" in labels(app)


def test_a_sign_off_stays_where_another_audit_finds_the_same(piece):
    run_audit(piece, LABEL, STAFF)
    sign_off(piece, LABEL, "Ed Press, editor", STAFF, "Asked by mail")
    astronaut = read_reference(piece, str(ORIGINALS / "astronaut.png"))
    revoke(piece, "Quentin Vale", references=[astronaut], note="Binder 4")
    assert "has changed since the audit" in texts(shown_piece())
    app = press(shown_piece(), "Audit again")
    assert "so the sign-off stays" in texts(app)
    assert "has changed since the audit" not in texts(app)
    assert "It is at the printer" in labels(app)

    revoke(piece)
    said = texts(press(shown_piece(), "Audit again"))
    assert "**The sign-off by Ed Press, editor no longer stands.** Since then:" in said
    assert "was “Ask first”, is “Do not use”" in said


def test_what_is_true_of_every_picture_is_said_once_and_who_said_yes_did(piece):
    place_files(piece, LABEL, [HandedIn("panel.jpg", PANEL.read_bytes())], STAFF)
    for photo in show_piece(piece, LABEL, ANYBODY).placed:
        everybody = Answer(
            given=True,
            asked_on=piece.today(),
            kinds=frozenset({ChannelKind.PRINT}),
            photo_sha256=photo.photo_sha256,
        )
        record_answers(piece, [everybody], STAFF)
    app = shown_piece()
    press(app, "Audit it")

    said = texts(app)
    assert said.count("Nobody is in the register") == 1
    assert said.count("Everyone said yes") == 2
    assert "No match found" not in said
    assert said.count("Nothing to compare with") == 1
    assert "2 pictures. 5 of 5 recognizable people asked: 5 said yes." in said
    said = texts(press(app, "Take it out"))
    assert said.count("Everyone said yes") == 2, "one in the list, one below it"


def test_the_audit_leads_to_the_photo_where_its_people_are_asked(piece):
    run_audit(piece, LABEL, STAFF)
    (link,) = [one for one in shown_piece().get("page_link") if one.proto.label == "Ask people"]
    photo = show_piece(piece, LABEL, ANYBODY).placed[0].photo_sha256
    assert (link.proto.page, link.proto.query_string) == ("ask", f"photo={photo}")

    app = AppTest.from_string(page_script(ASK), default_timeout=TIMEOUT)
    app.session_state["actor"] = STAFF
    app.query_params["photo"] = photo
    app.run()
    assert "**Author talk**" in texts(app)
    assert "Photo 1 of 1: 0 of 2 recognizable people asked." in texts(app)
    press(app, "Another photo")
    assert "photo" not in app.query_params
    assert "Ask the people in it" in labels(app)

    app.query_params["photo"] = "0" * 64
    app.run()
    assert "is not in the index" in texts(app)


def test_a_revocation_makes_the_audit_stale_and_stops_the_print(piece):
    run_audit(piece, LABEL, STAFF)
    case = revoke(piece)

    app = shown_piece()
    assert "has changed since the audit" in texts(app)
    assert "Sign off" not in labels(app)
    press(app, "Audit again")
    said = texts(app)
    assert f"Revoked {case}" in said
    assert "was “Ask first”, is “Do not use”" in said
    assert "1 picture can't be printed yet" in said
    assert "Sign off" not in labels(app)
    assert "Zebulon" not in said

    listed = texts(opened(PRINT, STAFF))
    assert "Next: Take the photo out, then audit it again." in listed
    press(app, "Take it out")
    assert show_piece(piece, LABEL, ANYBODY).placed == ()
    assert "Next: Upload the PDF of the layout, or photos." in texts(opened(PRINT, STAFF))

    for why, said in (("", "Say why it is put back."), ("Ed says", "cannot be put back: Do not")):
        # The page is run anew, as a dialog's is not in a browser.
        next(one for one in app.button if one.label == "Put it back").click().run()
        field(app, "Why do you put it back?").input(why)
        next(one for one in app.button if one.label == "Put it back").click()
        press(app, "Put it back", 1)
        assert said in texts(app)
    assert show_piece(piece, LABEL, ANYBODY).placed == ()


def test_who_revoked_is_shown_on_the_piece_at_the_printer_and_asked_about_again(piece):
    run_audit(piece, LABEL, STAFF)
    sign_off(piece, LABEL, "Ed Press, editor", STAFF, "Asked by mail")
    move_piece(piece, LABEL, PieceState.AT_PRINTER, STAFF)
    case = revoke(piece)

    assert f"Stop it: {case}" in texts(opened(PRINT, STAFF)).replace("\\", "")
    app = shown_piece()
    assert "must not be printed: stop it by " in texts(app)
    assert "Takedown T-0001" in links(app)
    board = opened("published.takedowns", STAFF)
    assert "1 to stop before print" in texts(board)
    press(app, "It is printed")
    assert show_piece(piece, LABEL, ANYBODY).piece.state is PieceState.AT_PRINTER
    # The page is run anew, as a dialog's is not in a browser.
    next(one for one in app.button if one.label == "It is printed").click()
    press(app, "It was printed with them")
    assert show_piece(piece, LABEL, ANYBODY).piece.state is PieceState.PRINTED


@pytest.mark.slow
def test_a_pdf_that_was_made_before_the_sign_off_is_made_anew(piece):
    run_audit(piece, LABEL, STAFF)
    app = press(shown_piece(), "Make the PDF")
    assert "Make the PDF" not in labels(app)

    sign_off(piece, LABEL, "Ed Press, editor", STAFF, "Asked by mail")
    app.run()
    assert "Make the PDF" in labels(app)
    app = press(app, "Make the PDF")
    revoke(piece)
    app.run()
    assert "Make the PDF" in labels(app)


@pytest.mark.slow
def test_who_checked_the_layout_is_asked_until_somebody_said(talk):
    open_piece(talk, NewPiece("newsletter", "Newsletter", "Spring 2026"), STAFF)
    laid_out = io.BytesIO()
    with Image.open(STAGE) as stage, Image.open(PANEL) as panel:
        stage.save(laid_out, "PDF", save_all=True, append_images=[panel])
    place_files(talk, LABEL, [HandedIn("layout.pdf", laid_out.getvalue())], STAFF)
    out = next(one for one in show_piece(talk, LABEL, ANYBODY).placed if one.page == 2)
    take_out(talk, LABEL, out.id, STAFF)
    run_audit(talk, LABEL, STAFF)
    asked = "Taken out of the list, but the layout was not seen again: Page 2, picture 1"
    assert asked in texts(shown_piece())

    sign_off(talk, LABEL, "Ed Press, editor", STAFF, "Asked by mail", "Ann saw the proof.")
    said = texts(shown_piece())
    assert asked not in said
    assert "Layout not seen again: Ann saw the proof." in said


def test_what_is_left_in_stock_is_counted(piece):
    run_audit(piece, LABEL, STAFF)
    sign_off(piece, LABEL, "Ed Press, editor", STAFF, "Asked by mail")
    for state in (PieceState.AT_PRINTER, PieceState.PRINTED):
        move_piece(piece, LABEL, state, STAFF)
    app = shown_piece()
    assert "Take it out" not in labels(app)
    app.number_input[0].set_value(150).run()
    press(app, "Save the count")

    assert show_piece(piece, LABEL, ANYBODY).piece.whereabouts == "Printed, 150 in stock"
    revoke(piece)
    board = texts(opened("published.takedowns", STAFF))
    assert "Printed, 150 in stock" in board


@pytest.fixture
def handed_in(piece, monkeypatch):
    """A layout that was handed in by another session, of which 2 of 5 pictures were looked at."""
    monkeypatch.setattr(runner, "_start_process", lambda _job_id: None)
    uploads = [("layout.pdf", io.BytesIO(b"%PDF-"))]
    job_id = start_placing(piece, LABEL, uploads, STAFF)
    tell(piece, job_id, done=2, total=5, state=JobState.RUNNING)
    return job_id


def tell(services, job_id, **said):
    """Say how far a job is, as its process does."""
    with services.writing() as unit:
        now = {"updated_at": services.now(), **said}
        unit.jobs.put(replace(unit.jobs.get(job_id), **now))
        unit.commit()


def test_whoever_opens_a_piece_sees_how_far_its_layout_is_and_can_stop_it(piece, handed_in):
    app = shown_piece()
    assert "Looking at pictures and pages: 2 of 5" in [
        one.proto.text for one in app.get("progress")
    ]
    assert not {"Add to the piece", "Audit it"} & {*labels(app)}, "all of it is audited, or none"

    press(app, "Cancel")

    with piece.reading() as unit:
        assert unit.jobs.get(handed_in).state is JobState.CANCELED
    app = shown_piece()
    assert "The upload was canceled" in texts(app)
    assert "Add to the piece" in labels(app)


def test_an_upload_that_the_end_of_the_server_interrupted_goes_on_and_comes_once(
    piece, monkeypatch
):
    monkeypatch.setattr(runner, "_start_process", lambda _job_id: None)
    job_id = start_placing(piece, LABEL, [("panel.jpg", io.BytesIO(PANEL.read_bytes()))], STAFF)
    tell(piece, job_id, state=JobState.RUNNING, updated_at=piece.now() - timedelta(minutes=5))
    monkeypatch.setattr(runner, "_start_process", lambda job_id: run_placing(piece, job_id))

    assert "In the piece: 2 pictures." in texts(shown_piece())

    # Its process is stopped as soon as it has placed them: they come once.
    monkeypatch.setattr("consent.jobs.place.carry_out", lambda _services, job, work: work(job))
    start_placing(piece, LABEL, [("stage.jpg", io.BytesIO(STAGE.read_bytes()))], STAFF)
    assert "In the piece: 3 pictures." in texts(shown_piece())


def test_why_a_layout_could_not_be_placed_is_said_after_a_reload(piece, handed_in):
    tell(piece, handed_in, state=JobState.FAILED, message="The PDF is broken: export it again.")
    assert "The PDF is broken: export it again." in texts(shown_piece())

    run_audit(piece, LABEL, STAFF)
    assert "The PDF is broken" not in texts(shown_piece())


def test_an_unknown_piece_says_so(piece):
    app = shown_piece("P-0099")
    assert "P-0099" in texts(app)
    assert labels(app)[-1] == "All pieces"
