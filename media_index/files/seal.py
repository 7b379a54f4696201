"""Encryption by one key, with AES-256 in GCM: what is changed, or put elsewhere, does not open."""

from __future__ import annotations

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
# By which a change is noticed.
TAG_BYTES = 16
_NONCE = 12


class Seal:
    """Encrypts by one key."""

    def __init__(self, key: bytes) -> None:
        """Take 32 bytes."""
        self._key = key
        self._cipher = AESGCM(key)

    def sealed(self, content: bytes, about: str) -> bytes:
        """Return bytes encrypted; `about` says what they are, and must be said to open them."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, content, about.encode())

    def opened(self, sealed: bytes, about: str) -> bytes | None:
        """Return what was sealed; None if it was not sealed by this key, or was changed."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
        except (InvalidTag, ValueError):
            return None

    def name_for(self, what: str | bytes) -> str:
        """Return a name for something from which nobody without the key tells what it is."""
        content = what.encode() if isinstance(what, str) else what
        return hmac.new(self._key, content, hashlib.sha256).hexdigest()


class FileSeal:
    """Encrypts the numbered pieces of one file that never changes, by a key for that file alone."""

    def __init__(self, key: bytes) -> None:
        """Take 32 bytes. No other file may be written by them: the pieces' numbers are nonces."""
        self._cipher = AESGCM(key)

    def sealed(self, number: int, piece: bytes, about: str) -> bytes:
        """Return a piece encrypted, `TAG_BYTES` longer."""
        return self._cipher.encrypt(_nonce_of(number), piece, about.encode())

    def open_into(self, space: memoryview, number: int, sealed: memoryview, about: str) -> bool:
        """Put what was sealed into space of its length; say if it is what was written.

        Where it is not, the space holds nothing that may be used.
        """
        try:
            self._cipher.decrypt_into(_nonce_of(number), sealed, about.encode(), space)
        except InvalidTag:
            return False
        return True


def _nonce_of(number: int) -> bytes:
    return number.to_bytes(_NONCE, "big")
