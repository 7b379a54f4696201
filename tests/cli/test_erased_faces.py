"""What is said of a photo of a person whose face is no longer kept, or never was."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from consent.bootstrap import services_from_environment
from consent.cases.change import end_template_agreement
from consent.cases.dispute import object_to, settle
from consent.domain.actors import Actor, Role
from consent.domain.terms import Objection, Relationship, Submission
from consent.indexing.index import index_handed_in
from consent.recovery import restore
from consent.services import Services
from media_index.hashing.perceptual import sha256_hex
from tests.cli.command_cases import ORIGINALS, REVOKE, TODAY, Answer, Run
from tests.conftest import DATABASE

pytestmark = pytest.mark.usefixtures("own_keys")


@pytest.mark.parametrize("agreed", [True, False])
def test_a_photo_of_the_person_is_later_judged_like_any_other(run: Run, agreed: bool):
    """What its faces measured is erased, or was not kept, and no case has a face any more."""
    kept = ("--keep-face",) if agreed else ()
    assert run(*REVOKE, "--photo", ORIGINALS / "obama.jpg", *kept).code == 0
    if agreed:
        assert run("erase", "R-0001", "--face", "--reason", "Asked to").code == 0
    check = ("check", ORIGINALS / "obama.jpg", "--use", "facebook", "--json")
    (blocked,) = run(*check).data["photos"]
    assert blocked["verdict"] == "BLOCKED"
    assert "encodings_missing" not in json.dumps(blocked), blocked
    taken_back = ("rescind", "R-0001", "--received", TODAY, "--original-at", "Binder 4")
    assert run(*taken_back, "--signed-by", "Zebulon Quirk").code == 0

    checked = run(*check)

    (photo,) = checked.data["photos"]
    assert photo["verdict"] == "CLEAR", photo["reasons"]
    assert photo["faces"]["not_compared"] == 0
    assert checked.code == 0


def rows(home: Path, *tables: str) -> dict[str, int]:
    with closing(sqlite3.connect(home / DATABASE)) as database:
        return {
            table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in tables
        }


HAND_IN = ("amend", "R-0001", "--received", TODAY, "--original-at", "Binder 4", "--confirm")
HAND_IN += ("--photo", ORIGINALS / "obama.jpg", "--keep-face")
FACES = ("template", "template_encoding", "face_encoding")


def crops(home: Path) -> list[Path]:
    return sorted(path for path in (home / "vault").rglob("*") if path.is_file())


def restored(run: Run, backup: Path, code: int = 0) -> Answer:
    """Restore it as a director, who may not renew the index."""
    services_from_environment.cache_clear()
    back = run("restore", backup, "--as", "D. Rossi:director")
    assert back.code == code, back.out + back.err
    return back


def portrait(folder: Path) -> Path:
    """A photo of the person that lies nowhere else."""
    path = folder / "portrait.jpg"
    with Image.open(ORIGINALS / "obama2.jpg") as photo:
        photo.convert("RGB").transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(path, quality=90)
    return path


@pytest.fixture
def keyless(revoked: Path, run: Run, tmp_path: Path) -> Path:
    """A backup by a key that is destroyed: the portrait's, by which other faces were sealed too."""
    backup = tmp_path / "older.zip"
    alone = ("--photo", portrait(tmp_path), "--keep-face")
    added = run(*HAND_IN[: HAND_IN.index("--photo")], *alone)
    assert added.code == 0, added.err
    assert run("backup", backup).code == 0
    assert run("erase", "R-0001", "--face", "--reason", "Asked to").code == 0
    assert run("sweep", "R-0001").out.count("could not be compared yet") == 0
    assert run("doctor").out == "Nothing is wrong.\n"
    return backup


def test_faces_whose_key_was_destroyed_are_read_again_by_a_restore(keyless: Path, run: Run):
    before = run("sweep", "R-0001").out

    back = restored(run, keyless)

    assert "The faces of 21 photos must be read again from the files" in back.out
    assert run("doctor").out == "Nothing is wrong.\n"
    assert run("sweep", "R-0001").out == before
    assert run("log", "verify").code == 0


def test_faces_whose_key_was_destroyed_are_told_of_until_they_are_read_again(
    keyless: Path, run: Run, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patch:
        # As where the disk with the photos is not there.
        patch.setattr("consent.indexing.rebuild.is_file_now", lambda _: False)
        back = restored(run, keyless, 1)

    lost = "21 photos could not be compared yet: your IT must renew the index (likeness renew)."
    told = run("doctor")
    assert (told.code, told.out.count(lost)) == (1, 1)
    assert told.out in back.out, "both say what helps"
    searched = run("sweep", "R-0001")
    assert (searched.code, searched.out.count(lost), "damaged" in searched.out) == (3, 1, False)
    assert lost in run("status").out
    out = ("--use", "facebook", "--url", "https://facebook.com/p/1", "--on", "2026-05-20")
    added = run("publications", "add", ORIGINALS / "biden.jpg", *out, "--already-out")
    assert added.code == 0, added.err
    rechecked = run("recheck")
    assert (rechecked.code, rechecked.out.count(lost)) == (3, 1), rechecked.out
    assert run("renew").code == 0
    assert run("doctor").out == "Nothing is wrong.\n"
    assert "could not be compared" not in run("sweep", "R-0001").out


def test_an_erased_face_does_not_come_back_with_an_older_backup(
    revoked: Path, run: Run, tmp_path: Path
):
    older, younger, newest = (tmp_path / f"{name}.zip" for name in "abc")
    held = rows(revoked, *FACES)
    assert held["template"] == 1
    assert crops(revoked)
    assert run("backup", older).code == 0
    assert run("erase", "R-0001", "--face", "--reason", "Asked to").code == 0
    erased, files, kept = rows(revoked, *FACES), crops(revoked), run("kept", "R-0001").out
    assert erased["template"] == erased["template_encoding"] == 0

    back = restored(run, older)

    said = "Erased again, because it was erased after the backup was made: the face of R-0001."
    assert said in back.out
    assert rows(revoked, *FACES) == erased
    assert crops(revoked) == files
    assert run("kept", "R-0001").out == kept
    assert "template:erased" in run("log", "list").out
    assert run("log", "verify").code == 0
    assert run("doctor").out == "Nothing is wrong.\n"

    # What was handed in since is another's to erase, and is in a backup that knows of the erasure.
    added = run(*HAND_IN)
    assert added.code == 0, added.err
    handed_in = rows(revoked, *FACES)
    assert handed_in["template"] == 1
    assert run("backup", younger).code == 0
    assert "Erased again" not in restored(run, younger).out
    assert rows(revoked, *FACES) == handed_in

    # Erased once more, it goes from that backup, too; and the oldest one has nothing either.
    assert run("erase", "R-0001", "--face", "--reason", "Asked to").code == 0
    assert run("backup", newest).code == 0
    assert said in restored(run, younger).out
    assert rows(revoked, *FACES) == erased
    assert "Erased again" not in restored(run, newest).out
    data = json.loads(run("restore", older, "--json").out)
    assert data["erased_again"] == [said]
    assert rows(revoked, *FACES) == erased


def test_photos_erased_by_a_choice_stay_erased_after_another_choice(
    revoked: Path, run: Run, tmp_path: Path
):
    older = tmp_path / "older.zip"
    assert run("backup", older).code == 0
    assert run("faces", "set", "off", "--reason", "Decided", "--dry-run").code == 0
    # Nothing was chosen yet.
    assert "Erased again" not in restored(run, older).out
    assert rows(revoked, "template") == {"template": 1}
    for mode in ("off", "index"):
        assert run("faces", "set", mode, "--reason", "Decided").code == 0

    assert "again, because it was erased after the" in restored(run, older).out

    assert rows(revoked, "template", "template_encoding") == {"template": 0, "template_encoding": 0}
    assert run("faces", "show").out.startswith("* index")
    assert run("log", "verify").code == 0


def by_hand(home: Path, copy: Path) -> None:
    """Put a copy of a home's data in its place, as by pg_restore or from a copy of the disk."""
    services_from_environment.cache_clear()
    for path in (*home.glob(f"{DATABASE}*"), home / "vault"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(copy, home, dirs_exist_ok=True)


def data_of(home: Path, copy: Path) -> None:
    services_from_environment.cache_clear()
    shutil.copytree(home / "vault", copy / "vault")
    with (
        closing(sqlite3.connect(home / DATABASE)) as source,
        closing(sqlite3.connect(copy / DATABASE)) as target,
    ):
        source.backup(target)


def test_an_erased_face_that_was_brought_back_by_hand_goes_when_the_register_is_accepted(
    revoked: Path, run: Run, tmp_path: Path
):
    data_of(revoked, tmp_path / "copy")
    assert run("erase", "R-0001", "--face", "--reason", "Asked to").code == 0
    erased, files = rows(revoked, *FACES), crops(revoked)
    said = "Erased again, because it was erased after the backup was made: the face of R-0001."
    by_hand(revoked, tmp_path / "copy")
    assert rows(revoked, "template") == {"template": 1}

    accepted = run("doctor", "--accept")

    assert said in accepted.out, accepted.out + accepted.err
    assert rows(revoked, *FACES) == erased
    assert crops(revoked) == files
    assert run("log", "verify").code == 0
    assert run("doctor", "--accept").out == "Nothing is wrong.\n"
    by_hand(revoked, tmp_path / "copy")
    assert json.loads(run("doctor", "--accept", "--json").out)["erased_again"] == [said]


def test_what_was_chosen_not_to_be_kept_goes_when_the_register_is_accepted(
    revoked: Path, run: Run, tmp_path: Path
):
    data_of(revoked, tmp_path / "copy")
    assert run("faces", "set", "register", "--reason", "Decided").code == 0
    by_hand(revoked, tmp_path / "copy")

    accepted = run("doctor", "--accept")

    assert "Less is kept of faces, as chosen after the backup was made: " in accepted.out
    assert rows(revoked, "face_encoding") == {"face_encoding": 0}


class KilledError(BaseException):
    """The power."""


def test_an_erased_face_goes_after_a_restore_that_was_killed(
    revoked: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """It had put the older data in its place."""
    assert run("backup", tmp_path / "older.zip").code == 0
    assert run("erase", "R-0001", "--face", "--reason", "Asked to").code == 0
    erased = rows(revoked, *FACES)
    services_from_environment.cache_clear()

    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(restore, "build_services", killed)
        with pytest.raises(KilledError):
            run("restore", tmp_path / "older.zip")
    services_from_environment.cache_clear()
    (revoked / ".restore-abc").mkdir()
    assert rows(revoked, "template") == {"template": 1}

    assert "the face of R-0001." in run("doctor", "--accept").out

    assert rows(revoked, *FACES) == erased
    names = [path.name for path in revoked.iterdir()]
    assert not [name for name in names if name.startswith(".restore-")]
    assert [name for name in names if name.startswith("before-restore-")], "the newer data"


def end_agreement(services: Services) -> None:
    end_template_agreement(services, "R-0001", "They ended it.", Actor("desk", Role.DESK))


def decide_against(services: Services) -> None:
    letter = Submission(services.today(), original_at="Binder 3")
    objection = Objection(letter, "J. Quirk", Relationship.PARENT, "Passport.")
    object_to(services, "R-0001", objection, Actor("desk", Role.DESK))
    director = Actor("d.rossi", Role.DIRECTOR)
    settle(services, "R-0001", "Both decide.", director, stands=False)


@pytest.mark.parametrize("end", [end_agreement, decide_against], ids=lambda end: end.__name__)
def test_a_face_that_ended_does_not_come_back_with_an_older_backup(
    revoked: Path, run: Run, tmp_path: Path, end: Callable[[Services], None]
):
    older, younger = tmp_path / "older.zip", tmp_path / "younger.zip"
    assert run("backup", older).code == 0
    end(services_from_environment())
    assert rows(revoked, "template") == {"template": 0}

    assert "the face of R-0001." in restored(run, older).out

    assert rows(revoked, "template", "template_encoding") == {"template": 0, "template_encoding": 0}
    assert run(*HAND_IN).code == 0
    assert run("backup", younger).code == 0
    assert "Erased again" not in restored(run, younger).out
    assert rows(revoked, "template") == {"template": 1}


def test_a_photo_that_was_checked_before_the_backup_and_handed_in_after_it_stays_erased(
    revoked: Path, run: Run, tmp_path: Path
):
    photo = portrait(tmp_path)
    there = {"Quirk.jpg": photo.read_bytes()}
    index_handed_in(services_from_environment(), there, Actor("c.lee", Role.COMMUNICATIONS))
    backup = tmp_path / "older.zip"
    assert run("backup", backup).code == 0
    another = [*REVOKE, "--photo", photo, "--keep-face", "--confirm"]
    label = run(*another, "--json").data["revocation"]
    assert run("erase", label, "--face", "--reason", "Asked to").code == 0

    back = restored(run, backup)

    assert "Erased again: 1 photo given for cases that were recorded" in back.out
    sha256 = sha256_hex(photo.read_bytes())
    assert not [*(revoked / "thumbnails").rglob(f"{sha256}*")]
    services = services_from_environment()
    with services.reading() as unit:
        assert unit.photos.places_of([sha256]) == {}
        (found,) = unit.photos.fingerprints([sha256]).values()
    assert not any(face.encodings for face in found.faces)
    assert run("log", "verify").code == 0
