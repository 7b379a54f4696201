"""Files and folders that the system refuses: a sentence, or a problem of the one file."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

import consent.matching.sweep
from tests.cli.command_cases import ORIGINALS, REVOKE, Run, refused

TOO_LONG = "x" * 300 + ".jpg"


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder that may not be entered, also where the tests run as root."""
    folder = tmp_path / "locked"
    folder.mkdir()
    for name in ("stat", "lstat"):
        real = getattr(os, name)

        def refuse(path, *, real=real, **words):
            if str(folder) + os.sep in str(path):
                raise PermissionError(errno.EACCES, "Permission denied", str(path))
            return real(path, **words)

        monkeypatch.setattr(os, name, refuse)
    return folder


def test_the_other_photos_are_checked_beside_one_that_may_not_be_looked_at(
    run: Run, indexed: Path, locked: Path
):
    hidden = [locked / "a.jpg", locked.parent / TOO_LONG]

    answer = run("check", *hidden, ORIGINALS / "biden.jpg", "--use", "instagram", "--json")

    assert answer.code == 3, answer.err
    verdicts = {one["path"]: one for one in answer.data["photos"]}
    assert verdicts.pop(str(ORIGINALS / "biden.jpg"))["verdict"] == "NOTHING_TO_COMPARE"
    assert sorted(verdicts) == sorted(map(str, hidden))
    assert "Permission denied" in str(verdicts[str(hidden[0])])
    assert "File name too long" in str(verdicts[str(hidden[1])])


def test_photos_that_may_not_be_looked_at_any_more_are_not_forgotten(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "a.png").write_bytes((ORIGINALS / "coffee.png").read_bytes())
    assert run("index", photos, "--jobs", "1", "--json").data["added"] == 1
    real = os.lstat, os.stat

    def refuse(at: int, path, **words):
        if str(path).endswith("a.png"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real[at](path, **words)

    with monkeypatch.context() as patch:
        patch.setattr(os, "lstat", lambda path, **words: refuse(0, path, **words))
        patch.setattr(os, "stat", lambda path, **words: refuse(1, path, **words))
        answer = run("index", photos, "--jobs", "1", "--json")

    assert answer.code == 3
    assert answer.data["forgotten"] == 0
    assert run("index", photos, "--jobs", "1", "--json").data["unchanged"] == 1


def test_a_reference_that_may_not_be_looked_at_is_named(run: Run, locked: Path, tmp_path: Path):
    refused(run(*REVOKE, "--photo", locked / "a.jpg"), "(Permission denied): check its name")
    refused(run(*REVOKE, "--photo", TOO_LONG), "(File name too long): check its name")

    rows = tmp_path / "register.csv"
    rows.write_text(f"name,received,note,photo\nA. Reader,2024-05-01,Binder,{TOO_LONG}\n")
    answer = run("revoke", "--from-csv", rows)
    assert answer.code == 1
    assert "Line 2: not recorded. " in answer.out
    assert "File name too long" in answer.out


def test_a_folder_of_posts_that_may_not_be_looked_at_is_named(
    run: Run, indexed: Path, locked: Path
):
    answer = run("publications", "match", locked / "posts", "--json")

    assert "Permission denied" in answer.out + answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("code", "path", "said"),
    [
        (errno.ENOSPC, "/data/x", "/data/x could not be read or written (No space left on device"),
        (errno.ENOSPC, None, "Something could not be read or written (No space left on device"),
        (errno.EACCES, "/data/x", "see that this account may read it"),
        (errno.EIO, "/data/x", "see that it is there and can be reached"),
    ],
)
def test_what_nobody_foresaw_is_a_sentence_and_ends_with_3(
    run: Run, monkeypatch: pytest.MonkeyPatch, code: int, path: str | None, said: str
):
    def fail(*_words: object, **_more: object) -> None:
        raise OSError(code, os.strerror(code), path)

    monkeypatch.setattr(consent.matching.sweep, "sweep", fail)

    answer = run("sweep", "R-0001")

    assert (answer.code, answer.out) == (3, "")
    assert said in answer.err
    assert "Traceback" not in answer.err
