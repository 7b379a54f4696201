"""What is at the printer is stopped, a crowd is audited and asked, and an appeal is answered."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from consent.cases.references import photo_named
from consent.domain.actors import Actor, Role
from consent.domain.channels import ChannelKind
from consent.domain.print import FaceStatus, PieceState
from consent.printing.answers import Answer, list_consents, record_answers
from consent.printing.asking import photo_to_ask
from consent.printing.audit import run_audit
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, move_piece, open_piece, sign_off
from consent.takedowns.appeals import list_appeals
from tests.browser.browser_cases import expect, fill, go_to, settled, sign_in
from tests.revocations import revoke
from tests.staff import ANYBODY

pytestmark = [pytest.mark.browser, pytest.mark.slow]
STAFF = Actor("Cam Lee", Role.COMMUNICATIONS, frozenset({Role.PRINT_EDITOR, Role.DESK}))
CROWD = 60


@pytest.fixture
def services(server, open_services, home):
    return open_services(home=home)


@pytest.fixture
def talk(samples):
    return samples / "events" / "2026-05-14 Author talk"


def opened_piece(services, title: str, photo) -> str:
    day = services.today() + timedelta(days=9)
    piece = open_piece(services, NewPiece("newsletter", title, print_on=day), STAFF)
    place_files(services, piece.label, [HandedIn(photo.name, photo.read_bytes())], STAFF)
    return piece.label


@pytest.fixture
def at_the_printer(services, samples, talk):
    """A piece is at the printer when somebody in it revokes."""
    label = opened_piece(services, "Spring", talk / "stage-obama-biden.jpg")
    run_audit(services, label, STAFF)
    sign_off(services, label, "Cam Lee, editor", STAFF, "Could not be reached")
    move_piece(services, label, PieceState.AT_PRINTER, STAFF)
    revoke(services, samples / "originals" / "obama.jpg", by=STAFF)
    return label


def test_what_is_at_the_printer_is_stopped_there(at_the_printer, page, shoot):
    sign_in(page)
    go_to(page, "Takedowns")
    expect(page.get_by_text("1 to stop before print")).to_be_visible()
    shoot("stop-board")
    page.get_by_role("button", name="Next step").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Stopped at the printer", exact=True).click()
    # Meanwhile the day's work ends, and takes nothing from under somebody's hands.
    page.wait_for_timeout(3000)
    shoot("stop-step")
    dialog.get_by_label("Note").fill("Called the printer")
    page.keyboard.press("Tab")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("0 open")).to_be_visible()
    go_to(page, "Print")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text("must not be printed")).to_be_visible()
    settled(page)
    shoot("stop-piece")
    page.reload()
    expect(page.get_by_text("must not be printed")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Open a piece")).to_be_visible()


def test_a_crowd_is_audited_on_paper_and_asked_without_a_yes_over_a_no(services, talk, page, shoot):
    photo = talk / "panel-astronaut-obama-biden.jpg"
    label = opened_piece(services, "Crowd", photo)
    audit = run_audit(services, label, STAFF)
    (shown,) = audit.photos
    faces = tuple(
        replace(shown.faces[0], number=number, standing=FaceStatus.MISSING)
        for number in range(1, CROWD + 1)
    )
    with services.writing() as unit:
        piece = unit.pieces.all()[0]
        crowd = replace(audit, id="crowd", at=services.now(), photos=(replace(shown, faces=faces),))
        unit.pieces.add_audit(piece.id, crowd)
        unit.commit()
    sha256 = photo_named(services, str(photo))
    boxes = photo_to_ask(services, sha256, ANYBODY).boxes([2])
    kinds = frozenset({ChannelKind.PRINT})
    no = Answer(
        given=False, asked_on=services.today(), kinds=kinds, photo_sha256=sha256, boxes=boxes
    )
    record_answers(services, [no], STAFF)

    sign_in(page)
    go_to(page, "Print")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_text(f"1 to {CROWD}").first).to_be_visible()
    page.get_by_role("button", name="Make the PDF").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    shoot("crowd-audit")

    go_to(page, "Ask people")
    page.get_by_label("At which event?").click()
    page.get_by_role("option", name=re.compile("Author talk")).click()
    expect(page.get_by_text("Photo from")).to_be_visible()
    page.wait_for_timeout(500)
    settled(page)
    asked = page.locator("[class*='st-key-asking-photo-" + sha256[:16] + "'] button")
    asked.click()
    expect(page.get_by_text("were asked")).to_be_visible()
    settled(page)
    page.get_by_text("The other 2 were asked").click()
    settled(page)
    page.get_by_role("button", name="They said yes").click()
    expect(page.locator(".st-key-asking-rows").get_by_text("2: no").first).to_be_visible()
    settled(page)
    shoot("crowd-asked")
    answers = list_consents(services, ANYBODY, photo=sha256)
    assert [answer.given for answer in answers if answer.box == boxes[0]] == [False]


def test_an_appeal_with_its_paper_is_upheld_and_answered(server, services, page, tmp_path, shoot):
    paper = tmp_path / "statement.txt"
    paper.write_text("My comment was removed, and I do not agree.")
    sign_in(page)
    go_to(page, "Takedowns")
    page.get_by_role("radiogroup", name="Show").get_by_text("Appeals").click()
    page.get_by_text("Enter a Statement of Concern").click()
    expect(page.get_by_label("Who appeals")).to_be_visible()
    fill(page, "Who appeals", "B. Poster")
    fill(page, "Email or mailing address", "b@example.org")
    fill(page, "Which removal or refusal is it about?", "My comment was removed")
    page.locator("input[type=file]").set_input_files([str(paper)])
    expect(page.get_by_text("statement.txt").first).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Answer by")).to_be_visible()
    settled(page)
    # What was entered is not entered again by a second press.
    expect(page.get_by_label("Who appeals")).to_have_value("")
    shoot("appeal-entered")
    page.get_by_role("button", name="Open the statement").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save statement.txt").click()
    assert download.value.path().read_text().startswith("My comment was removed")

    page.get_by_label("Decision").click()
    page.get_by_role("option", name="Upheld: what they ask for is done").click()
    fill(page, "Reason", "It kept to the rules")
    page.get_by_role("button", name="Answer", exact=True).click()
    said = "Upheld. Now do what they asked, then send the letter."
    expect(page.get_by_text(said)).to_be_visible()
    page.get_by_role("button", name="Make the letter").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("Save answer")).click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    shoot("appeal-upheld")
    (appeal,) = list_appeals(services, ANYBODY)
    assert appeal.upheld
