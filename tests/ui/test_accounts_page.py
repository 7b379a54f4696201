"""Accounts, kept by an administrator on a page."""

from __future__ import annotations

from consent.access import accounts, sign_in
from consent.domain.actors import Actor, Role
from consent.domain.roles import table_of_roles
from tests.ui.page_cases import DESK, labels, opened, press, texts

ROOT = Actor("Root", Role.ADMIN)
PASSWORD = "four words of mine"


def made(app) -> str:
    return app.code[0].value


def test_an_administrator_makes_locks_and_resets_accounts(services):
    app = opened("admin.accounts", ROOT)
    assert "There are no accounts yet" in texts(app)
    app.text_input[0].input("Root")
    app.multiselect[0].set_value([Role.ADMIN])
    press(app, "Create the account")
    sign_in.choose_password(services, "Root", made(app), PASSWORD)
    app.run()
    assert not app.code, "a code is shown once"

    app.text_input[0].input("Ana Ruiz")
    app.multiselect[-1].set_value([Role.DESK])
    press(app, "Create the account")
    sign_in.choose_password(services, "Ana Ruiz", made(app), PASSWORD)
    press(app, "Lock", 0)
    assert "Desk (locked)" in texts(app)
    press(app, "Unlock")
    assert "(locked)" not in texts(app)
    press(app, "Lock", 1)
    assert "at least one administrator" in texts(app)
    press(app, "Reset password and second step", 0)
    assert sign_in.choose_password(services, "Ana Ruiz", made(app), PASSWORD).token


def test_nobody_else_sees_them_and_everybody_sees_who_may_do_what(services):
    accounts.add_account(services, "Root", [Role.ADMIN], ROOT)
    app = opened("admin.accounts", DESK)
    assert "Only people with this role may keep accounts and tokens: admin" in texts(app)
    assert labels(app) == []
    assert "Root" not in texts(app)
    *_, row = table_of_roles(services.policy).split("\n")
    assert row in texts(app)
    assert "| **may** | **Desk** | **Communications** |" in texts(app)
