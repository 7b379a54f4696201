"""A home that is lost is brought back as it was, and says so if it is of yesterday."""

from __future__ import annotations

import base64
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from consent.bootstrap import services_from_environment
from consent.recovery import backup
from consent.storage.file_steps import remove_whole
from consent.storage.home_copies import copies_of
from media_index.images import hevc
from tests.cli.command_cases import ORIGINALS, REVOKE, Run, refused
from tests.conftest import DATABASE
from tests.integration.indexing_cases import picture
from tests.older_encodings import as_before

pytestmark = pytest.mark.usefixtures("own_keys")

CHECK = ("check", ORIGINALS / "obama2.jpg", "--use", "facebook")


@pytest.fixture
def kept(revoked: Path, run: Run, tmp_path: Path) -> Path:
    """A backup of the home with R-0001."""
    file = tmp_path / "kept.zip"
    answer = run("backup", file)
    assert answer.code == 0, answer.err
    assert "A trial restore worked, and the backup is complete" in answer.out
    return file


def lose(home: Path) -> None:
    services_from_environment.cache_clear()
    for path in home.iterdir():
        if path.name != "weights":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def test_a_lost_home_is_brought_back(kept: Path, revoked: Path, run: Run):
    shown = run("register", "show", "R-0001", "--json").out
    lose(revoked)
    assert run(*CHECK).code == 3
    services_from_environment.cache_clear()

    back = run("restore", kept)

    assert back.code == 0, back.out + back.err
    assert run("register", "show", "R-0001", "--json").out == shown
    assert run(*CHECK).code == 1
    assert run("doctor").out == "Nothing is wrong.\n"
    assert run("log", "verify").code == 0


def test_yesterdays_copy_is_told_and_no_number_is_given_twice(kept: Path, revoked: Path, run: Run):
    assert run(*REVOKE[:2], "A. Reader", *REVOKE[3:]).code == 0
    with closing(sqlite3.connect(revoked / DATABASE)) as database:
        (last,) = database.execute("SELECT max(number) FROM revocation").fetchone()
    services_from_environment.cache_clear()

    assert run("restore", kept).code == 0
    again = run(*REVOKE[:2], "B. Reader", *REVOKE[3:])

    assert again.code == 0, again.err
    assert f"R-{last + 1:04d}" in again.out


def test_a_plain_copy_of_yesterday_is_never_clear_until_somebody_accepts_it(
    kept: Path, revoked: Path, run: Run, tmp_path: Path
):
    services_from_environment.cache_clear()
    copy = tmp_path / "copy.db"
    with (
        closing(sqlite3.connect(revoked / DATABASE)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    assert run(*REVOKE[:2], "A. Reader", *REVOKE[3:]).code == 0
    lose_database(revoked)
    shutil.copy(copy, revoked / DATABASE)

    answer = run("check", ORIGINALS / "biden.jpg", "--use", "facebook")

    assert answer.code == 3
    assert "has gone back in time" in answer.out
    assert run("doctor").code == 3
    assert run("doctor", "--accept").code in {0, 3}
    assert run("check", ORIGINALS / "biden.jpg", "--use", "facebook").code == 0


def lose_database(home: Path) -> None:
    services_from_environment.cache_clear()
    for path in home.glob(f"{DATABASE}*"):
        path.unlink()


@pytest.mark.parametrize("cut", [0.2, 0.9])
def test_a_backup_that_was_cut_off_changes_nothing(kept: Path, revoked: Path, run: Run, cut: float):
    content = kept.read_bytes()
    kept.write_bytes(content[: int(cut * len(content))])

    refused(run("restore", kept), "is not a complete backup")

    assert run(*CHECK).code == 1


def test_it_is_encrypted_as_a_whole_and_needs_the_key(
    kept: Path, revoked: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    content = kept.read_bytes()
    for marker in (b"SQLite format 3", b"obama2.jpg", b"audit_event", b"PK\x03\x04", b"JFIF"):
        assert marker not in content
    other = tmp_path / "other-keys"
    other.mkdir()
    (other / "master.key").write_bytes(base64.b64encode(bytes(32)))
    lose(revoked)
    monkeypatch.setenv("LIKENESS_KEYS", str(other))

    answer = run("restore", kept)

    assert answer.code == 3
    assert "is encrypted with the key" in answer.err
    assert not (revoked / "vault").exists()


def test_a_byte_changed_anywhere_is_noticed(kept: Path, run: Run):
    content = bytearray(kept.read_bytes())
    content[len(content) // 2] ^= 1
    kept.write_bytes(content)

    refused(run("restore", kept), "is not a complete backup")


def test_what_is_not_to_be_kept_of_faces_does_not_come_back(kept: Path, revoked: Path, run: Run):
    planned = run("faces", "set", "off", "--reason", "Decided", "--dry-run").out
    assert "Would be erased, photos of the person: 1" in planned
    assert run("faces", "show").out.startswith("* index")
    assert run("faces", "set", "off", "--reason", "Decided").code == 0
    services_from_environment.cache_clear()

    assert run("restore", kept).code == 0

    assert run("faces", "show").out.splitlines()[2].startswith("* off")
    with closing(sqlite3.connect(revoked / DATABASE)) as database:
        for table in ("face_encoding", "template_encoding"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    # What the backup took the place of is there until something is erased.
    assert [*revoked.glob("before-restore-*")]
    assert run("faces", "set", "off", "--reason", "Decided").code == 0
    assert not [*revoked.glob("before-restore-*")]


def test_an_erasure_removes_what_a_killed_backup_and_restore_left(revoked: Path, run: Run):
    left = [revoked / ".backup-abc" / "trial", revoked / ".restore-abc", revoked / ".restore-def"]
    for folder in left:
        folder.mkdir(parents=True)
        shutil.copy(revoked / DATABASE, folder)

    assert run("erase", "R-0001", "--face", "--reason", "Asked for it").code == 0

    assert not [path for path in revoked.iterdir() if path.name.startswith(".")]


def test_a_backup_during_an_erasure_is_given_up(
    revoked: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    copy_database = backup.copy_database

    def erased_meanwhile(url: str, folder: Path) -> Path:
        copied = copy_database(url, folder)
        for left in copies_of(revoked):
            remove_whole(left)
        return copied

    monkeypatch.setattr(backup, "copy_database", erased_meanwhile)

    answer = run("backup", tmp_path / "kept.zip")

    refused(answer, "Something was erased while the backup was made: make the backup again.")
    assert not [*tmp_path.glob("*kept*")]


def test_what_an_older_version_put_aside_plain_is_told_of(revoked: Path, run: Run):
    aside = revoked / "before-restore-abc"
    aside.mkdir()
    as_before(services_from_environment())
    services_from_environment.cache_clear()
    shutil.copy(revoked / DATABASE, aside)

    assert "before-restore-abc may hold face measurements that are not" in run("doctor").out
    shutil.copy(revoked / DATABASE, aside)
    assert "not encrypted" not in run("doctor").out


def test_a_letter_that_is_gone_from_the_vault_needs_a_backup(kept: Path, revoked: Path, run: Run):
    shutil.rmtree(revoked / "vault")

    answer = run("doctor")

    assert answer.code == 3
    assert "Of R-0001, 1 file cannot be read" in answer.out


def thumbnails(home: Path) -> set[Path]:
    return {path for path in (home / "thumbnails").rglob("*") if path.is_file()}


def test_small_pictures_of_no_photo_are_told_of_and_removed(revoked: Path, run: Run):
    """As indexing that was killed left them in older versions."""
    named = thumbnails(revoked)
    for digest in ("ab" * 32, "cd" * 32):
        left = revoked / "thumbnails" / digest[:2] / f"{digest}.jpg"
        left.parent.mkdir(exist_ok=True)
        left.write_bytes(b"a face")
    told = run("doctor")
    assert told.code == 1
    assert "2 small pictures belong to no photo" in told.out
    assert "likeness doctor --mend" in told.out

    mended = run("doctor", "--mend")

    assert mended.code == 0, mended.out
    assert "2 small pictures that belonged to no photo were removed" in mended.out
    assert thumbnails(revoked) == named
    assert run("doctor").out == "Nothing is wrong.\n"


def test_a_small_picture_indexed_while_a_backup_is_made_does_not_come_back(
    revoked: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The database was copied before, so that the restored one never names it."""
    named = thumbnails(revoked)
    copy = backup.copy_database

    def copied(url: str, folder: Path) -> Path:
        done = copy(url, folder)
        assert run("index", picture(tmp_path / "new" / "photo.png", 1)).code == 0
        return done

    monkeypatch.setattr(backup, "copy_database", copied)
    assert run("backup", tmp_path / "kept.zip").code == 0
    assert len(thumbnails(revoked)) == len(named) + 1
    services_from_environment.cache_clear()

    assert run("restore", tmp_path / "kept.zip").code == 0

    assert thumbnails(revoked) == named


def test_a_computer_that_does_not_see_damage_in_heic_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch
):
    """As where pillow-heif was not installed from its wheel."""
    monkeypatch.setattr(hevc, "_library", lambda: None)

    answer = run("doctor")

    assert answer.code == 1
    assert "Damage inside HEIC photos is not seen on this computer" in answer.out
