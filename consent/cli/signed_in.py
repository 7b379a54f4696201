"""Who acts at the command line: by the token of `likeness login`, where anybody has an account."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from consent.domain.access import SessionKind
from consent.domain.errors import RefusedError

if TYPE_CHECKING:
    from consent.access.present import Present
    from consent.services import Services

TOKEN_VARIABLE = "LIKENESS_TOKEN"  # noqa: S105 - the name of a variable


class NotLoggedInError(RefusedError):
    """The data home has accounts, and nobody is signed in at the command line."""

    def __init__(self) -> None:
        super().__init__(
            "Nobody is signed in here, or the sign-in has ended: run likeness login. Timers and "
            f"programs give the token of a service account in {TOKEN_VARIABLE}."
        )


def who_is_here(services: Services) -> Present | None:
    """Return who is signed in; None where nobody has an account yet.

    Raises:
        NotLoggedInError: somebody has, and nobody is signed in.
    """
    from consent.access.accounts import has_accounts
    from consent.access.present import by_token

    if not has_accounts(services):
        return None
    found = by_token(services, token(services))
    # What a browser keeps opens pages, and nothing here.
    if found is None or found.is_demo or found.session.kind is SessionKind.WEB:
        raise NotLoggedInError
    return found


def token(services: Services) -> str:
    """Return the token that was given or kept; empty if there is none."""
    if given := os.environ.get(TOKEN_VARIABLE, "").strip():
        return given
    return _kept(_file(services))


def keep_token(services: Services, kept: str) -> Path:
    """Keep a token where only this account of the system reads it; return where."""
    from consent.access.sign_in import sign_out
    from media_index.files.atomic import write_whole

    file = _file(services)
    if (former := _kept(file)) and former != kept:
        # Nobody has it any more, to sign out with.
        sign_out(services, former)
    write_whole(file, [kept.encode()])
    return file


def forget_token(services: Services) -> None:
    """Forget the token that was kept."""
    _file(services).unlink(missing_ok=True)


def _kept(file: Path) -> str:
    # What is no token of ours lets nobody in, whatever else it is.
    return file.read_text("ascii", errors="replace").strip() if file.exists() else ""


def _file(services: Services) -> Path:
    # One for each data home, outside all of them.
    return services.settings.sign_ins / f"{services.keys.home}.token"
