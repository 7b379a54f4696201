"""Who acts at the command line, once somebody has an account."""

from __future__ import annotations

import io
import os
import stat
import sys
import time
from pathlib import Path

import pyotp
import pytest

from consent.access import accounts, sign_in
from consent.access.tokens import token_for_command
from consent.bootstrap import services_from_environment
from consent.domain.actors import Actor, Role
from tests.cli.command_cases import REVOKE, Run, refused

PASSWORD = "four words of mine"


@pytest.fixture
def login(run: Run, monkeypatch):
    def sign_in(name: str, *lines: str, code: str = "") -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join((*lines, ""))))
        options = ["--code", code] if code else []
        answer = run("login", name, "--stdin", *options)
        assert answer.code == 0, answer.err

    return sign_in


@pytest.fixture
def root(run: Run, login, monkeypatch) -> str:
    """The first administrator, signed in; returns the secret of the second step."""
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    monkeypatch.setattr(pyotp, "random_base32", lambda: secret)
    code = run("account", "add", "Root", "--role", "admin", "--json").data["code"]
    login("Root", PASSWORD, pyotp.TOTP(secret).now(), code=code)
    return secret


def test_without_accounts_whoever_holds_the_home_says_who_they_are(run: Run):
    assert run(*REVOKE, "--as", "Ana Ruiz:desk").code == 0
    assert "Nobody has an account yet" in run("account", "list").out


def test_with_accounts_nobody_reads_or_writes_without_a_sign_in(run: Run, root: str):
    assert run("logout").code == 0
    for words in (
        [*REVOKE, "--as", "x:director"],
        ["register", "list", "--as", "x:director"],
        ["register", "reminders"],
        ["publications", "list"],
        ["log", "verify"],
        ["status"],
        ["account", "add", "Me", "--role", "admin"],
    ):
        refused(run(*words), "likeness login")


def test_a_role_can_be_lowered_and_never_raised(run: Run, root: str, login):
    code = run("account", "add", "Ana Ruiz", "--role", "desk", "--role", "communications", "--json")
    login("Ana Ruiz", PASSWORD, code=code.data["code"])

    assert run(*REVOKE).code == 0
    assert run(*REVOKE[:2], "Bo", *REVOKE[3:], "--as", "ana ruiz:desk").code == 0
    refused(run("register", "list", "--as", "Ana Ruiz:director"), "never raise")
    refused(run("register", "list", "--as", ":director"), "never raise")
    refused(run("register", "list", "--as", "Di Rossi:desk"), "no other name")
    refused(run("register", "list", "--as", "Ana Ruiz:king"), "There is no role")
    refused(
        run("account", "add", "Me", "--role", "admin"),
        "Only people with this role may keep accounts and tokens: admin",
    )
    lowered = run("register", "list", "--as", ":communications")
    assert "Zebulon" not in lowered.out


def test_the_token_is_kept_for_the_owner_alone_and_ends_with_the_account(
    run: Run, root: str, login, environment: Path, monkeypatch
):
    code = run("account", "add", "Ana Ruiz", "--role", "desk", "--json").data["code"]
    login("Ana Ruiz", PASSWORD, code=code)
    files = Path(os.environ["LIKENESS_KEYS"], "sign-ins").iterdir()
    file = max(files, key=lambda path: path.stat().st_mtime_ns)
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    accounts.lock_account(services_from_environment(), "Ana Ruiz", Actor("Root", Role.ADMIN))
    refused(run("register", "list"), "likeness login")
    accounts.unlock_account(services_from_environment(), "Ana Ruiz", Actor("Root", Role.ADMIN))
    login("Ana Ruiz", PASSWORD)
    as_ana = file.read_bytes()

    for _ in range(5):
        monkeypatch.setattr(sys, "stdin", io.StringIO("wrong\n"))
        assert run("login", "Ana Ruiz", "--stdin").code == 2

    # Whoever signs in next ends it: nobody has it any more, to sign out with.
    login("Root", PASSWORD, pyotp.TOTP(root).at(time.time() + 30))
    listed = run("account", "list", "--json").data["accounts"]
    assert [(one["name"], one["held"]) for one in listed] == [("Ana Ruiz", True), ("Root", False)]
    assert "Ana Ruiz  desk  (locked after wrong passwords)" in run("account", "list").out
    file.write_bytes(as_ana)
    refused(run("register", "list"), "likeness login")


def test_a_timer_acts_by_the_token_of_a_service_account(run: Run, root: str, monkeypatch):
    assert run("account", "add", "nightly", "--role", "communications", "--service").code == 0
    token = run("token", "make", "nightly", "--for", "recheck", "--json").data["token"]
    (listed,) = run("token", "list", "nightly", "--json").data["tokens"]
    assert run("logout").code == 0

    monkeypatch.setenv("LIKENESS_TOKEN", token)
    assert run("recheck").code == 0
    refused(
        run("account", "list"), "Only people with this role may keep accounts and tokens: admin"
    )
    monkeypatch.delenv("LIKENESS_TOKEN")
    assert listed["for"] == "recheck"


def test_a_token_of_a_page_signs_in_at_the_command_line(run: Run, root: str, monkeypatch):
    services = services_from_environment()
    page = sign_in.sign_in(services, "Root", PASSWORD)
    page = sign_in.give_second_factor(services, page.token, pyotp.TOTP(root).at(time.time() + 30))
    token = token_for_command(services, page.session.id)
    assert run("logout").code == 0
    refused(run("login"), "Say who signs in")
    # The token of a browser is none of the command line's.
    for given, code in ((page.token, 2), ("guess", 2), (token, 0)):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{given}\n"))
        assert run("login", "--token", "--stdin").code == code
    assert run("account", "list").code == 0
