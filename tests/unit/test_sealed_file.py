"""A file that is encrypted piece by piece is read like a plain one, wherever a piece ends."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from consent.settings import Settings
from consent.storage.keys import KeyPlace
from consent.storage.sealed_file import SealingWriter, open_sealed

PIECE = 1 << 20
NAME = f"thumbnails/76/{'7' * 64}.jpg"


class Streamed(io.BytesIO):
    """A file that one cannot go back in, as an encrypted one is while it is written."""

    def tell(self) -> int:
        raise io.UnsupportedOperation("tell")


def archive(out: BinaryIO, first: bytes) -> None:
    with zipfile.ZipFile(out, "w") as made:
        for name, content in (("first", first), (NAME, b"the second")):
            with made.open(name, "w", force_zip64=True) as entry:
                entry.write(content)


@pytest.fixture
def place(tmp_path: Path) -> KeyPlace:
    return KeyPlace(Settings(home=tmp_path / "home", keys=tmp_path / "keys"))


def test_an_entry_is_found_wherever_a_piece_ends_in_its_head(
    place: KeyPlace, tmp_path: Path
) -> None:
    master = place.make()
    plain = Streamed()
    archive(plain, b"")
    with zipfile.ZipFile(io.BytesIO(plain.getvalue())) as made:
        begins = made.getinfo(NAME).header_offset
    ends = plain.getvalue().index(b"the second")
    for inside in range(ends - begins + 1):
        path = tmp_path / str(inside)
        with path.open("wb") as out, SealingWriter(out, master) as sealed:
            archive(cast("BinaryIO", sealed), os.urandom(PIECE - begins - inside))
        with path.open("rb") as file, zipfile.ZipFile(open_sealed(file, path, place)) as opened:
            assert opened.getinfo(NAME).header_offset == PIECE - inside
            assert opened.read(NAME) == b"the second"
        path.unlink()


def test_from_anywhere_as_much_is_read_as_asked_for(place: KeyPlace, tmp_path: Path) -> None:
    path, content = tmp_path / "file", os.urandom(2 * PIECE + 5)
    with path.open("wb") as out, SealingWriter(out, place.make()) as sealed:
        sealed.write(content)
    with path.open("rb") as file:
        opened = open_sealed(file, path, place)
        for begins, size in ((0, PIECE + 1), (PIECE - 1, 2), (PIECE, PIECE), (7, 2 * PIECE)):
            opened.seek(begins)
            assert opened.read(size) == content[begins : begins + size]
        opened.seek(-3, io.SEEK_END)
        assert opened.read(10) == content[-3:]
