"""An answer in Review, while the check that asked for it is open in two other windows."""

from __future__ import annotations

import pytest

from tests.browser.browser_cases import expect, go_to, make_accounts, settled, sign_in, turn
from tests.browser.conftest import Server, free_port
from tests.browser.test_main_job import check, photo
from tests.revocations import revoke

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SIGNING = "signing-astronaut-biden.jpg"
# The page promises ten; this computer may be busy.
SOON = 30_000


@pytest.fixture
def server(home, open_services, samples):
    """The app where the person of biden.jpg has revoked, and no photo is in the index."""
    services = open_services(home=home)
    make_accounts(services)
    revoke(services, samples / "originals" / "biden.jpg", name="Joe Biden")
    running = Server(home, free_port())
    running.start()
    try:
        yield running
    finally:
        running.stop()


def test_an_answer_is_seen_in_every_window_that_shows_the_check(page, samples, shoot):
    sign_in(page)
    event = samples / "events" / "2026-05-14 Author talk"
    check(page, [samples / "originals" / "coffee.png", event / SIGNING])
    expect(photo(page, SIGNING, "Do not use")).to_be_visible()
    alone = page.context.new_page()
    alone.goto(page.url)
    photo(alone, SIGNING, "Do not use").dblclick()
    expect(alone.get_by_text("Very likely the same person")).to_be_visible()

    answers = page.context.new_page()
    answers.goto("/")
    go_to(answers, "Review")
    turn(answers)
    answers.get_by_role("button", name="Not this person").click()
    answers.get_by_role("dialog").get_by_role("textbox").fill("Another man")
    answers.get_by_role("button", name="Keep: not this person").click()
    expect(answers.get_by_text("R-0001: not this person.")).to_be_visible()

    # Nobody touches the two: they are drawn anew by themselves. The portrait that came with the
    # letter is a part of this photo, which a face alone cannot say no to.
    expect(alone.get_by_text("Very likely the same person")).to_have_count(0, timeout=SOON)
    expect(alone.get_by_text("Di Rossi said on")).to_be_visible()
    expect(page.get_by_text("Still “Do not use”, but for other")).to_be_visible(timeout=SOON)
    settled(page)
    shoot("answered-while-open")
