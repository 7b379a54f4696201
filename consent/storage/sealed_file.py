"""A file encrypted as a whole, piece by piece, by a key of its own that the master key wraps.

Pieces are numbered and the last one is marked (the STREAM construction of Hoang, Reyhanitabar,
Rogaway and Vizar, 2015), so that one that is missing, moved or cut off is noticed.
"""

from __future__ import annotations

import base64
import io
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consent.domain.errors import SetupError
from consent.storage.keys import KeyPlace, MasterKey
from media_index.files.seal import Seal

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_MARK = b"likeness sealed file 1\n"
_PIECE, _TAG = 1 << 20, 16
_KEY_BYTES = 32
_LONGEST_HEAD = 1024


class OtherKeyError(SetupError):
    """A file is encrypted by a key that is not there."""

    def __init__(self, path: Path, key_id: str, place: KeyPlace) -> None:
        super().__init__(
            f"{path} is encrypted with the key {key_id}, but a different one is in {place.words}. "
            "If you replaced the key since, move the data home to another folder first. Then put "
            "the copy of that key there, or set LIKENESS_KEYS to its folder. Nothing was changed."
        )


def is_sealed(path: Path) -> bool:
    """Say whether a file is such a one."""
    with path.open("rb") as file:
        return file.read(len(_MARK)) == _MARK


class SealingWriter(io.RawIOBase):
    """Encrypts what is written into a file; without `close` it is not whole."""

    def __init__(self, file: BinaryIO, master: MasterKey) -> None:
        """Begin a file by a new key."""
        super().__init__()
        key = os.urandom(_KEY_BYTES)
        wrapped = Seal(master.derived("backup")).sealed(key, "backup")
        head = {"key": master.id, "wrapped": base64.b64encode(wrapped).decode()}
        self._head = _MARK + json.dumps(head).encode() + b"\n"
        self._file, self._cipher = file, AESGCM(key)
        self._waiting = bytearray()
        self._count = 0
        file.write(self._head)

    def writable(self) -> bool:
        """Say that it is."""
        return True

    def write(self, content: ReadableBuffer, /) -> int:
        """Take bytes; see `io.RawIOBase`."""
        size = memoryview(content).nbytes
        self._waiting += content
        while len(self._waiting) > _PIECE:
            self._emit(last=False)
        return size

    def close(self) -> None:
        """Write the last piece."""
        if not self.closed:
            self._emit(last=True)
        super().close()

    def _emit(self, *, last: bool) -> None:
        piece = bytes(self._waiting[:_PIECE])
        del self._waiting[:_PIECE]
        nonce = _nonce(self._count, last=last)
        self._file.write(self._cipher.encrypt(nonce, piece, self._head))
        self._count += 1


def open_sealed(file: BinaryIO, path: Path, place: KeyPlace) -> BinaryIO:
    """Open such a file, to be read from anywhere in it.

    Raises:
        OtherKeyError: the key is not there.
        ValueError: the file is not what was written.
    """
    # A raw file returns less than was asked for where a piece ends, and zipfile, which reads the
    # head of each entry, takes that for all there is.
    return io.BufferedReader(_SealedReader(file, path, place))


class _SealedReader(io.RawIOBase):
    def __init__(self, file: BinaryIO, path: Path, place: KeyPlace) -> None:
        super().__init__()
        file.seek(0)
        self._head = file.read(len(_MARK)) + file.readline(_LONGEST_HEAD)
        said = json.loads(self._head[len(_MARK) :])
        master = place.read()
        wrapped = base64.b64decode(said["wrapped"])
        key = None
        if master is not None and master.id == said["key"]:
            key = Seal(master.derived("backup")).opened(wrapped, "backup")
        if key is None:
            raise OtherKeyError(path, str(said["key"]), place)
        self._file, self._cipher = file, AESGCM(key)
        size = file.seek(0, io.SEEK_END) - len(self._head)
        self._pieces = -(-size // (_PIECE + _TAG))
        self._size = size - self._pieces * _TAG
        if self._size < 0 or not self._pieces:
            raise ValueError("it was cut off")
        self._at = 0
        self._known: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        """Say that it is."""
        return True

    def seekable(self) -> bool:
        """Say that it is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place; see `io.RawIOBase`."""
        begun = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, begun + offset)
        return self._at

    def tell(self) -> int:
        """Return the place."""
        return self._at

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Read some bytes, of one piece at a time.

        Raises:
            ValueError: the piece is not what was written.
        """
        if self._at >= self._size:
            return 0
        number, begins = divmod(self._at, _PIECE)
        into = memoryview(buffer).cast("B")
        some = self._piece(number)[begins : begins + len(into)]
        into[: len(some)] = some
        self._at += len(some)
        return len(some)

    def _piece(self, number: int) -> bytes:
        if self._known[0] != number:
            self._file.seek(len(self._head) + number * (_PIECE + _TAG))
            sealed = self._file.read(_PIECE + _TAG)
            nonce = _nonce(number, last=number == self._pieces - 1)
            try:
                self._known = number, self._cipher.decrypt(nonce, sealed, self._head)
            except InvalidTag as error:
                raise ValueError("it was changed or cut off") from error
        return self._known[1]


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
