"""The vault keeps bytes by their SHA-256, for its owner only."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from pathlib import Path

import pytest

from consent.domain.errors import NotFoundError
from consent.storage.files import FolderVault

LETTER = b"Please do not use photos of me.\n"


@pytest.fixture
def vault(tmp_path: Path) -> FolderVault:
    return FolderVault(tmp_path / "vault")


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_put_comes_back_by_its_sha256(vault: FolderVault):
    sha256 = vault.put(LETTER)

    assert sha256 == hashlib.sha256(LETTER).hexdigest()
    assert vault.get(sha256) == LETTER


def test_the_same_bytes_are_kept_once(vault: FolderVault, tmp_path: Path):
    assert vault.put(LETTER) == vault.put(LETTER)

    assert len(files(tmp_path)) == 1


def test_an_empty_file_is_kept_too(vault: FolderVault):
    assert vault.get(vault.put(b"")) == b""


def test_what_was_erased_is_gone_and_erasing_again_is_no_error(vault: FolderVault, tmp_path: Path):
    sha256 = vault.put(LETTER)

    vault.erase(sha256)
    vault.erase(sha256)

    assert files(tmp_path) == []
    with pytest.raises(NotFoundError, match="restore it from the backup"):
        vault.get(sha256)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "f" * 63, "F" * 64, "f" * 64 + "\n"])
def test_only_a_sha256_names_a_file(vault: FolderVault, name: str):
    with pytest.raises(NotFoundError, match="no SHA-256"):
        vault.get(name)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_nobody_else_may_read_it(vault: FolderVault, tmp_path: Path):
    before = os.umask(0)
    try:
        vault.put(LETTER)
    finally:
        os.umask(before)

    for path in (tmp_path / "vault").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert stat.S_IMODE((tmp_path / "vault").stat().st_mode) & 0o077 == 0


def test_a_disk_that_refuses_leaves_no_half_file(
    vault: FolderVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        vault.put(LETTER)
    assert files(tmp_path) == []
