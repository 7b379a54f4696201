"""The web app in this process, and somebody who is signed in."""

from __future__ import annotations

from consent.access import accounts, sign_in
from consent.domain.actors import Actor, Role
from consent.services import Services

ADMIN = Actor("root", Role.ADMIN)
PASSWORD = "four words of mine"
ADDRESS = "http://127.0.0.1:8501"


def made(services: Services, name: str = "Ana Ruiz", *roles: Role) -> str:
    """Make an account with a password; returns its name."""
    code = accounts.add_account(services, name, roles or [Role.DESK], ADMIN).code
    sign_in.choose_password(services, name, code, PASSWORD)
    return name


def cookie_of(services: Services, name: str) -> dict[str, str]:
    """Sign somebody in; returns the header that their browser sends."""
    return {"cookie": f"likeness={sign_in.sign_in(services, name, PASSWORD).token}"}
