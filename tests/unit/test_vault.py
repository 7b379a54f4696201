"""The vault keeps bytes encrypted, for its owner only."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from consent.domain.errors import NotFoundError, SetupError
from consent.storage.keys import HomeKeys
from consent.storage.sealed import KeyRing
from consent.storage.vault import SealedVault

LETTER = b"Please do not use photos of me.\n"


@pytest.fixture
def vault(tmp_path: Path) -> SealedVault:
    keys = HomeKeys(b"k" * 32)
    return SealedVault(tmp_path / "vault", keys, KeyRing(keys), create_engine("sqlite://"))


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_put_comes_back_by_a_name_that_tells_nothing(vault: SealedVault, tmp_path: Path):
    name = vault.put(LETTER)

    assert hashlib.sha256(LETTER).hexdigest() not in name
    assert name.startswith(vault.beginning_of(LETTER))
    assert vault.get(name) == LETTER
    assert not any(LETTER[:12] in path.read_bytes() for path in files(tmp_path))


def test_a_file_that_was_changed_is_not_opened(vault: SealedVault, tmp_path: Path):
    name = vault.put(LETTER)
    (path,) = files(tmp_path)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(SetupError, match="changed by another program"):
        vault.get(name)


def test_the_same_bytes_are_kept_once(vault: SealedVault, tmp_path: Path):
    assert vault.put(LETTER) == vault.put(LETTER)

    assert len(files(tmp_path)) == 1


def test_an_empty_file_is_kept_too(vault: SealedVault):
    assert vault.get(vault.put(b"")) == b""


def test_what_was_erased_is_gone_and_erasing_again_is_no_error(vault: SealedVault, tmp_path: Path):
    sha256 = vault.put(LETTER)

    vault.erase(sha256)
    vault.erase(sha256)

    assert files(tmp_path) == []
    with pytest.raises(NotFoundError, match="ask your IT"):
        vault.get(sha256)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "f" * 63, "F" * 64, "f" * 64 + "\n"])
def test_only_a_sha256_names_a_file(vault: SealedVault, name: str):
    with pytest.raises(NotFoundError, match="not the name of a file"):
        vault.get(name)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_nobody_else_may_read_it(vault: SealedVault, tmp_path: Path):
    before = os.umask(0)
    try:
        vault.put(LETTER)
    finally:
        os.umask(before)

    for path in (tmp_path / "vault").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert stat.S_IMODE((tmp_path / "vault").stat().st_mode) & 0o077 == 0


def test_a_disk_that_refuses_leaves_no_half_file(
    vault: SealedVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        vault.put(LETTER)
    assert files(tmp_path) == []
