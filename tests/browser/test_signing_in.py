"""The sign-in as people meet it, and a server that is asked by programs."""

from __future__ import annotations

import statistics
import time
import urllib.request

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from consent.access import accounts, sign_in
from consent.domain.actors import Actor, Role
from tests.browser.browser_cases import PASSWORD, expect, fill, go_to, settled
from tests.browser.browser_cases import sign_in as sign_in_as

pytestmark = pytest.mark.browser

ROOT = Actor("Root Admin", Role.ADMIN)
# Tells which addresses the server connects to by itself.
WATCH = """
import os, sys
def told(event, given):
    if event == "socket.connect":
        with open(os.environ["WATCHED"], "a") as file:
            file.write(f"{given[1]}\\n")
sys.addaudithook(told)
"""


def test_in_and_out_with_mistakes_and_a_second_step(page, shoot):
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Name").fill("Di Rossi")
    page.get_by_label("Password").fill("something else")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Wrong name or password")
    expect(page.get_by_label("Name")).to_have_value("Di Rossi")
    shoot("sign-in-refused")

    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_label("Code from your").fill("123456")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("The code is wrong")
    shoot("sign-in-second-step")
    page.goto("/register")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

    sign_in_as(page, "Di Rossi")
    expect(page.get_by_role("heading", name="Register", exact=True)).to_be_visible()
    settled(page)
    # Another tab is signed in as well, and is out when this one is.
    other = page.context.new_page()
    other.goto("/")
    expect(other.get_by_role("heading", name="Home")).to_be_visible()
    page.bring_to_front()
    page.get_by_role("button", name="Di Rossi").click()
    shoot("sign-in-who-is-here")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed out")
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()


def test_somebody_new_chooses_a_password_and_is_locked_out_while_typing(
    page, home, open_services, shoot
):
    services = open_services(home=home)
    code = accounts.add_account(services, "Ema Wu", [Role.DESK], ROOT).code
    page.get_by_role("link", name="I have a one-time code").click()
    page.get_by_label("Name").fill("Ema Wu")
    page.get_by_label("One-time code").fill(code.lower())
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD + "s")
    page.get_by_role("button", name="Save the password").click()
    expect(page.get_by_role("alert")).to_contain_text("The two passwords differ")
    shoot("sign-in-code")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("New password again").fill(PASSWORD)
    page.get_by_role("button", name="Save the password").click()
    go_to(page, "Record a revocation")
    fill(page, "Name of the person in the photos", "Zebulon Quirk")
    expect(page.get_by_text("is kept for one day")).to_be_visible()

    page.on("dialog", lambda dialog: dialog.accept())
    accounts.lock_account(services, "Ema Wu", ROOT)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    shoot("sign-in-ended")
    sign_in_as(page, "Ema Wu")
    expect(page.get_by_role("alert")).to_contain_text("locked")
    # What was typed is kept for them, and comes back with them.
    accounts.unlock_account(services, "Ema Wu", ROOT)
    sign_in_as(page, "Ema Wu")
    expect(page.get_by_text("is back. Nothing is recorded yet")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name of the person")).to_have_value("Zebulon Quirk")


@pytest.fixture
def watched(server, tmp_path, monkeypatch):
    """The server anew, with its connections watched."""
    server.stop()
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH)
    monkeypatch.setenv("WATCHED", str(tmp_path / "watched"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "watch"), prepend=":")
    server.start()
    return tmp_path / "watched"


def test_a_refused_socket_reaches_nobody_and_holds_up_nobody(server, watched, home, open_services):
    address = server.replace("http", "ws") + "/_stcore/stream"
    token = sign_in.sign_in(open_services(home=home), "Ana Ruiz", PASSWORD).token
    cookie = {"Cookie": f"likeness={token}"}

    def refused(headers: dict[str, str], **more: str) -> int:
        with (
            pytest.raises(InvalidStatus) as error,
            connect(address, additional_headers=headers, **more),
        ):
            pytest.fail("it was let in")
        return error.value.response.status_code

    assert refused({}) == 403
    assert refused({"Cookie": "likeness=guessed", "X-Likeness-Session": "x"}) == 403
    waited = []
    for _ in range(50):
        assert refused(cookie, origin="http://evil.example") == 403
        begun = time.perf_counter()
        health = urllib.request.Request(f"{server}/_stcore/health", headers=cookie)
        assert urllib.request.urlopen(health, timeout=5).status == 200
        waited.append(time.perf_counter() - begun)
    assert statistics.median(waited) < 0.2
    with connect(address, additional_headers=cookie, origin=str(server)) as socket:
        sign_in.sign_out(open_services(home=home), token)
        with pytest.raises(Exception, match="1008"):
            socket.recv(timeout=20)
    reached = watched.read_text().splitlines() if watched.exists() else []
    assert reached == []
