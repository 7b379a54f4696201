"""The key of the data home, behind one door: whatever is encrypted in it asks here."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consent.domain.errors import SetupError
from media_index.files.atomic import write_whole

_BYTES = 32
_NONCE = 12


class HomeKey:
    """Encrypts what lies in a data home, with AES-256 in GCM; made at the first use."""

    def __init__(self, file: Path) -> None:
        """Keep the key in a file that only its owner may read."""
        self._file = file

    def sealed(self, content: bytes, about: str) -> bytes:
        """Return bytes encrypted; `about` says what they are, and must be said to open them."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher().encrypt(nonce, content, about.encode())

    def opened(self, sealed: bytes, about: str) -> bytes | None:
        """Return what was sealed; None if it was not sealed by this key, or was changed."""
        try:
            return self._cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], about.encode())
        except (InvalidTag, ValueError):
            return None

    def name_for(self, what: str) -> str:
        """Return a name for something from which nobody without the key tells what it is."""
        return hmac.new(self._read(), what.encode(), hashlib.sha256).hexdigest()

    def _cipher(self) -> AESGCM:
        return AESGCM(self._read())

    def _read(self) -> bytes:
        if not self._file.exists():
            write_whole(self._file, [base64.b64encode(os.urandom(_BYTES))])
        try:
            key = base64.b64decode(self._file.read_bytes(), validate=True)
        except (OSError, binascii.Error) as error:
            raise _unreadable(self._file) from error
        if len(key) != _BYTES:
            raise _unreadable(self._file)
        return key


def _unreadable(file: Path) -> SetupError:
    return SetupError(
        f"The key {file} cannot be read: restore it from the backup, or remove it; drafts that "
        "were not recorded are lost then."
    )
