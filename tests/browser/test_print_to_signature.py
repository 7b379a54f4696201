"""People asked on a phone, and a newsletter from the layout to the signature."""

from __future__ import annotations

import io
import re
import time

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from consent.domain.actors import Actor, Role
from consent.domain.print import PieceState
from consent.printing.answers import list_consents
from consent.printing.pieces import move_piece
from tests.browser.browser_cases import expect, hand_in, menu_link, settled, sign_in
from tests.revocations import revoke
from tests.staff import ANYBODY

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ED = Actor("Ed Press", Role.PRINT_EDITOR)
STAFF = Actor("Cam Lee", Role.COMMUNICATIONS, frozenset({Role.PRINT_EDITOR, Role.DESK}))


def tap(page, name: str | re.Pattern[str]) -> None:
    page.get_by_role("button", name=name, exact=isinstance(name, str)).first.click()
    settled(page)


def test_ten_faces_of_three_photos_are_recorded_on_a_phone(
    page, server, open_services, home, shoot
):
    sign_in(page)
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    menu_link(page, "Ask people").click()
    expect(page.get_by_role("heading", name="Ask people")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_label("At which event?").click()
    page.get_by_role("option", name=re.compile("Summer reading")).click()
    expect(page.get_by_text("Photo from")).to_be_visible()
    settled(page)
    shoot("asking-choose")
    begun = time.monotonic()
    tap(page, "Ask the people in it")
    recorded = photos = 0
    while recorded < 10 or photos < 3:
        expect(page.get_by_text(f"Photo {photos + 1} of")).to_be_visible()
        settled(page)
        coverage = page.get_by_text(f"Photo {photos + 1} of").inner_text()
        if found := re.search(r"of (\d+) recognizable", coverage):
            people = int(found[1])
            recorded += people
            if people > 1:
                page.get_by_text(f"All {people} were asked").click()
                settled(page)
            if photos == 0:
                shoot("asking-phone")
            yes = page.get_by_role("button", name=re.compile("They said yes"))
            expect(yes).to_be_enabled()
            yes.click()
            expect(page.get_by_text(f"{people} of {people} recognizable")).to_be_visible()
        photos += 1
        tap(page, re.compile("(Next|Another) photo"))
    seconds = time.monotonic() - begun
    services = open_services(home=home)
    assert len(list_consents(services, ANYBODY)) == recorded >= 10
    assert photos >= 3
    assert seconds < 60


def layout(samples) -> bytes:
    """A newsletter of two pages: a crop, a recompressed photo, and a portrait."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4)
    talk = samples / "events" / "2026-05-14 Author talk"
    for names in (("stage-obama-biden.jpg",), ("panel-astronaut-obama-biden.jpg",)):
        canvas.setFont("Helvetica-Bold", 26)
        canvas.drawString(60, 790, "Library news")
        for name in names:
            with Image.open(talk / name) as opened:
                picture = opened.convert("RGB")
            picture.thumbnail((1000, 1000))
            jpeg = io.BytesIO()
            picture.save(jpeg, "JPEG", quality=70)
            high = 470 * picture.height / picture.width
            canvas.drawImage(ImageReader(jpeg), 60, 740 - high, 470, high)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def hand_in_print(page, path) -> None:
    hand_in(page, [path])
    expect(page.get_by_role("button", name="Add to the piece", exact=True)).to_be_enabled()
    tap(page, "Add to the piece")


def see_over_time(page, shoot) -> None:
    tap(page, re.compile("All pieces"))
    page.get_by_role("radiogroup", name="Show").get_by_text("Over time").click()
    expect(page.get_by_text("Pieces signed off")).to_be_visible()
    settled(page)
    shoot("print-over-time")


def test_a_newsletter_from_the_layout_to_the_signature(
    page, server, open_services, home, samples, shoot, tmp_path
):
    pdf = tmp_path / "newsletter.pdf"
    pdf.write_bytes(layout(samples))
    services = open_services(home=home)
    revoke(services, samples / "originals" / "obama.jpg", by=STAFF)
    sign_in(page)
    menu_link(page, "Print").click()
    expect(page.get_by_role("heading", name="Print", exact=True)).to_be_visible()
    tap(page, "Open a piece")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title").fill("Newsletter")
    dialog.get_by_label("Issue, if it has one").fill("Summer 2026")
    dialog.get_by_label("Issue, if it has one").press("Enter")
    dialog.get_by_role("button", name="Open the piece").click()
    expect(page.get_by_text(re.compile("Newsletter, Summer 2026"))).to_be_visible()
    hand_in_print(page, pdf)
    expect(page.get_by_role("button", name="Audit it")).to_be_visible(timeout=90_000)
    tap(page, "Audit it")
    expect(page.get_by_text("2 pictures can't be printed yet")).to_be_visible(timeout=90_000)
    expect(page.get_by_text(re.compile("Revoked R.0001")).first).to_be_visible()
    settled(page)
    shoot("print-audit")
    with page.expect_download() as started:
        tap(page, re.compile("Make the PDF"))
        page.get_by_role("button", name=re.compile("Save the PDF")).click()
    assert started.value.path().read_bytes().startswith(b"%PDF")
    removing = page.get_by_role("button", name=re.compile("Take it out"))
    for left in (1, 0):
        removing.first.click()
        expect(removing).to_have_count(left)
    # Nothing is left in the piece, so it asks for photos again.
    expect(page.get_by_role("button", name="Add to the piece", exact=True)).to_be_visible()
    settled(page)
    hand_in_print(page, samples / "originals" / "astronaut.png")
    again = page.get_by_role("button", name=re.compile("Audit (again|it)"))
    expect(page.get_by_text("has changed since the audit")).to_be_visible(timeout=90_000)
    again.click()
    expect(page.get_by_role("button", name="Sign off")).to_be_visible(timeout=90_000)
    page.get_by_role("button", name="Sign off").click()
    for label, said in (
        ("Why print without it?", "A press photo of NASA"),
        ("Who checked that it is out of the layout?", "I saw the proof on paper."),
    ):
        dialog.get_by_label(label).fill(said)
        dialog.get_by_label(label).press("Tab")
    dialog.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("Signed off")).to_be_visible()
    # Somebody else goes on with it: the page says so, and is drawn anew without a click.
    move_piece(services, "P-0001", PieceState.AT_PRINTER, ED)
    expect(
        page.get_by_text("Meanwhile: Ed Press entered that it is at the printer.")
    ).to_be_visible(timeout=30_000)
    settled(page)
    shoot("print-meanwhile")
    tap(page, "It is printed")
    expect(page.get_by_text("Printed, stock unknown").first).to_be_visible()
    see_over_time(page, shoot)
