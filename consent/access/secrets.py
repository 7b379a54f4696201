"""What is known to one person alone: passwords, one-time codes, tokens, second factors."""

from __future__ import annotations

import base64
import hashlib
import secrets
import unicodedata
from datetime import datetime
from functools import cache

import pyotp
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from consent.domain.access import Account
from consent.domain.actors import Actor, Role
from consent.domain.errors import BadInputError
from consent.domain.names import name_parts
from media_index.files.seal import Seal

_LEAST, _MOST = 12, 200
# Shorter parts of a name stand in many words.
_LEAST_KNOWN = 3
# As much of it as zxcvbn takes, and its best score: more than 10^10 guesses.
_MEASURED, _HARD = 72, 4
# Read out or copied by hand: without letters that are mistaken for others.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_ISSUER = "Likeness"
_SECOND_FACTOR = "second factor"
_STEP_SECONDS = 30


@cache
def _hasher() -> PasswordHash:
    # OWASP's second choice of equal strength: 19 MiB, so that ten people at once are no burden.
    return PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))


def hashed(password: str) -> str:
    """Return the Argon2id hash of a password."""
    return _hasher().hash(_in_bytes(password))


@cache
def _of_nobody() -> str:
    return hashed(secrets.token_urlsafe())


def is_password(account: Account | None, password: str) -> bool:
    """Say whether a password is right; takes as long for an account that is not there."""
    kept = account.password if account is not None else ""
    # A longer one cannot have been chosen, and would cost time.
    right = _hasher().verify(_in_bytes(password[: _MOST + 1]), kept or _of_nobody())
    return right and bool(kept)


def require_good(password: str, *known: str) -> None:
    """Refuse a password that is guessed in no time.

    Args:
        known: what whoever guesses knows: the names of the account and of the library.

    Raises:
        BadInputError: it is too short or too long, common, a pattern, or made of what is known.
    """
    # Its lists of common passwords and words take a while to load.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    if not _LEAST <= len(password) <= _MOST:
        raise BadInputError(
            f"The password must have {_LEAST} to {_MOST} characters: use four words, for example."
        )
    words = [
        part for text in (*known, _ISSUER) for part in name_parts(text) if len(part) >= _LEAST_KNOWN
    ]
    letters = unicodedata.normalize("NFKD", password).casefold()
    left = "".join(letter for letter in letters if not unicodedata.combining(letter))
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    named = any(text.casefold() in password.casefold() for text in known)
    # What stands beside what everybody knows must be hard to guess by itself.
    if named or not left.strip() or zxcvbn(left[:_MEASURED], words)["score"] < _HARD:
        raise BadInputError(
            "This password is easy to guess: it is common or a pattern, or has your name or the"
            " library's in it. Use four words that have nothing to do with each other."
        )


def new_code() -> str:
    """Return a one-time code, such as 7KQM-X2VB-9RTD: 60 bits."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def digest_of_code(code: str) -> str:
    """Return what is kept of a one-time code, however it was typed."""
    return digest("".join(letter for letter in code.upper() if letter.isalnum()))


def new_token() -> str:
    """Return what a browser or a program keeps: 256 bits."""
    return secrets.token_urlsafe(32)


def new_id() -> str:
    """Return an opaque id of 128 bits."""
    return secrets.token_hex(16)


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(_in_bytes(token)).hexdigest()


def _in_bytes(typed: str) -> bytes:
    # A terminal passes on whatever it is given, also what is no text.
    return typed.encode(errors="surrogatepass")


class SecondFactors:
    """Secrets of the second factor, sealed by the key of the data home."""

    def __init__(self, seal: Seal) -> None:
        """Seal as belonging to the home."""
        self._seal = seal

    def new(self) -> tuple[str, str]:
        """Return a new secret as the app takes it, and sealed."""
        secret = pyotp.random_base32()
        return secret, self.sealed(secret)

    def sealed(self, secret: str) -> str:
        """Return a secret as it is kept."""
        return base64.b64encode(self._seal.sealed(secret.encode(), _SECOND_FACTOR)).decode()

    def secret(self, sealed: str) -> str | None:
        """Return a secret; None if another data home sealed it, or nobody did."""
        try:
            content = base64.b64decode(sealed, validate=True)
        except ValueError:
            return None
        opened = self._seal.opened(content, _SECOND_FACTOR)
        return None if opened is None else opened.decode()

    def step_of(self, secret: str, code: str, now: datetime, after: int) -> int | None:
        """Return the step whose code this is, if it comes after one; None if the code is wrong.

        A clock may be wrong by one step of 30 s.
        """
        # Keyboards of some languages type digits of their own.
        typed = "".join(str(unicodedata.decimal(sign, sign)) for sign in "".join(code.split()))
        totp = pyotp.TOTP(secret)
        this = int(now.timestamp()) // _STEP_SECONDS
        for step in (this - 1, this, this + 1):
            right = secrets.compare_digest(totp.generate_otp(step).encode(), _in_bytes(typed))
            if step > after and right:
                return step
        return None


def address_for_app(secret: str, name: str) -> str:
    """Return what an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)


# Writes what happens to accounts before anybody is known to act.
THE_DOOR = Actor("sign-in", Role.ADMIN)
