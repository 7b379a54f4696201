"""A case lived through on its page: a hold, its writing, an amendment, the end."""

from __future__ import annotations

import re

import pytest

from consent.cases.change import place_hold
from consent.domain.actors import Actor, Role
from consent.domain.intake import Reference
from consent.domain.terms import Method, NewRevocation, Submission
from tests.browser.browser_cases import expect, fill, menu_link, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def held(server, open_services, home, samples):
    """A hold with a reference face, placed today."""
    services = open_services(home=home)
    portrait = samples / "originals" / "obama.jpg"
    oral = NewRevocation(
        "Zebulon Quirk",
        Submission(services.today(), Method.ORAL),
        references=[Reference(portrait.read_bytes(), portrait.name)],
        keep_face=True,
    )
    place_hold(services, oral, Actor("Ana Ruiz", Role.DESK))


def open_case(page, label: str) -> None:
    menu_link(page, "Register").click()
    page.get_by_role("link", name=label, exact=True).first.click()
    expect(page.get_by_role("heading", name=f"Case {label}")).to_be_visible()


def badge(page, words: str):
    # The icon's name is part of the text.
    return page.get_by_text(re.compile(rf"{words}$"))


def said(page, sentence: str):
    return expect(page.get_by_test_id("stAlert").filter(has_text=sentence)).to_be_visible()


def test_a_hold_becomes_a_revocation_is_amended_and_taken_back(page, held, shoot):
    sign_in(page, "Di Rossi")
    open_case(page, "R-0001")
    expect(badge(page, "Hold").first).to_be_visible()

    page.get_by_role("button", name="Search all photos").click()
    expect(page.get_by_text(re.compile("May appear in [0-9]+ of"))).to_be_visible()
    page.get_by_role("button", name="Confirm", exact=True).first.click()
    expect(badge(page, "Confirmed").first).to_be_visible()
    shoot("case-photos")

    page.get_by_role("tab", name="Change").click()
    save = page.get_by_role("button", name="Record the written request")
    page.get_by_test_id("stButtonGroup").get_by_text("Letter", exact=True).click()
    save.click()
    said(page, "The signed request is missing")
    fill(page, "Where the paper original is kept", "Box 7")
    # Two clicks record it once: the second finds no such button.
    save.dblclick()
    said(page, "R-0001 is now a revocation")
    expect(badge(page, "In effect").first).to_be_visible()

    page.get_by_role("button", name="What it covers").click()
    page.get_by_role("radiogroup", name="Uses").get_by_text("Only some").click()
    page.get_by_role("button", name="Everything printed").click()
    page.get_by_test_id("stButtonGroup").get_by_text("Letter", exact=True).click()
    fill(page, "Where the paper original is kept", "Box 8")
    fill(page, "Note (nobody has to give a reason)", "Asked for print only")
    page.get_by_role("button", name="Change the case").dblclick()
    said(page, "R-0001 is changed")
    expect(page.get_by_text("other uses are not covered")).to_be_visible()

    page.get_by_test_id("stButtonGroup").get_by_text("Withdraw", exact=True).click()
    fill(page, "Who signed", "Zebulon Quirk")
    page.get_by_test_id("stButtonGroup").get_by_text("Letter", exact=True).click()
    fill(page, "Where the paper original is kept", "Box 9")
    shoot("case-rescind")
    page.get_by_role("button", name="Withdraw the revocation").dblclick()
    said(page, "R-0001 is withdrawn")
    expect(page.get_by_text("None is kept.", exact=True)).to_be_visible()

    page.get_by_role("tab", name="History").click()
    timeline = page.locator(".st-key-timeline")
    for what in ("Hold placed", "The written request came", "Changed", "Withdrawn in writing"):
        expect(timeline.get_by_text(what)).to_have_count(1)
    expect(timeline.get_by_text("Asked for print only")).to_be_visible()
    shoot("case-history")

    page.get_by_role("tab", name="Papers").click()
    with page.expect_download() as started:
        page.get_by_role("button", name="Receipt in Spanish").click()
    assert started.value.path().read_bytes().startswith(b"%PDF")


def test_an_export_asks_what_it_is_for(page, held, shoot):
    sign_in(page, "Di Rossi")
    menu_link(page, "Register").click()
    page.get_by_role("button", name="Export as CSV").click()
    page.get_by_role("button", name="Make the file").click()
    said(page, "Enter what the export is for")
    fill(page, "What is the export for?", "Records request 17")
    page.get_by_role("button", name="Make the file").click()
    with page.expect_download() as started:
        page.get_by_role("button", name="Save the file").click()
    assert "R-0001,Zebulon Quirk" in started.value.path().read_text(encoding="utf-8-sig")
    shoot("register-export")
