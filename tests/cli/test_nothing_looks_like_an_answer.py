"""Whatever goes wrong, nothing is clear: no exit code 0, and a sentence with the next step.

A row of the table spoils a data home in which the person of obama.jpg revoked. Then every command
that judges photos is run on others of that person. A new way to fail is a new row.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sqlmodel import select

import consent.bootstrap
import consent.indexing.index
import media_index.fingerprinting
import media_index.images.reading
from consent.bootstrap import build_services, services_from_environment
from consent.checking.check import check_photos
from consent.domain.actors import Actor
from consent.domain.verdicts import Verdict
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, open_piece
from consent.publishing.posts import schedule_posts
from consent.settings import Settings
from consent.storage.cases import TemplateEncodingRow
from media_index.clock import utc_now
from media_index.faces.detect import FaceDetector
from media_index.faces.dlib import DlibEncoder
from media_index.faces.encode import SFaceEncoder
from media_index.files.pool import find_photos
from media_index.fingerprinting import Fingerprinter
from media_index.storage.tables import FaceEncodingRow
from tests.cli.command_cases import TODAY, Run
from tests.conftest import DATABASE
from tests.unit.work_in_processes import exiting, killed, leaving, segfaulting

Spoil = Callable[[Path, pytest.MonkeyPatch], None]
PHOTO = "events/2026-05-14 Author talk/stage-obama-biden.jpg"


def sql(*statements: str) -> Spoil:
    """Change the database behind the program's back."""

    def spoil(home: Path, _patch: pytest.MonkeyPatch) -> None:
        with closing(sqlite3.connect(home / DATABASE)) as connection:
            for statement in statements:
                assert connection.execute(statement).rowcount, statement
            connection.commit()

    return spoil


def vectors(table: type, change: Callable[[np.ndarray], np.ndarray]) -> Spoil:
    """Have the program itself write other encodings, as a model that fails would have given."""

    def spoil(home: Path, _patch: pytest.MonkeyPatch) -> None:
        with build_services(Settings(home=home)).writing() as unit:
            session = unit.register._session
            for row in session.exec(select(table)):
                spoilt = change(np.frombuffer(row.vector, "<f4").copy())
                row.vector = spoilt.astype("<f4").tobytes()
            unit.commit()
        shutil.rmtree(home / "vectors", ignore_errors=True)

    return spoil


def clock(moment: datetime) -> Spoil:
    def spoil(_home: Path, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(consent.bootstrap, "utc_now", lambda: moment)

    return spoil


def without_database(home: Path, _patch: pytest.MonkeyPatch) -> None:
    for path in home.glob(f"{DATABASE}*"):
        path.unlink()


def empty_database(home: Path, patch: pytest.MonkeyPatch) -> None:
    without_database(home, patch)
    (home / DATABASE).touch()


def another_disk(home: Path, _patch: pytest.MonkeyPatch) -> None:
    """Leave the path with nothing but the weights below it, which an administrator put there."""
    for path in home.iterdir():
        if path.name != "weights":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def overwritten(pattern: str) -> Spoil:
    """Write over files of the home what a disk gives that fails."""

    def spoil(home: Path, _patch: pytest.MonkeyPatch) -> None:
        files = [path for path in home.glob(pattern) if path.is_file()]
        assert files, pattern
        for path in files:
            content = path.read_bytes()
            path.write_bytes(content[: len(content) // 2] + bytes(64))

    return spoil


def without_files(pattern: str) -> Spoil:
    def spoil(home: Path, _patch: pytest.MonkeyPatch) -> None:
        files = [path for path in home.glob(pattern) if path.is_file()]
        assert files, pattern
        for path in files:
            path.unlink()

    return spoil


SPOILT: dict[str, Spoil] = {
    "photos of the person gone": sql("DELETE FROM template_encoding", "DELETE FROM template"),
    "encodings of photos of the person gone": sql("DELETE FROM template_encoding"),
    "one encoding gone": sql("DELETE FROM template_encoding WHERE model_id LIKE 'dlib%'"),
    "NaN in a photo of the person": vectors(TemplateEncodingRow, lambda old: old * np.nan),
    "zeros in a photo of the person": vectors(TemplateEncodingRow, lambda old: old * 0),
    "a photo of the person of another length": vectors(TemplateEncodingRow, lambda old: old[:-1]),
    "half a number in a photo of the person": sql(
        "UPDATE template_encoding SET vector = substr(vector, 1, 7)"
    ),
    "the case gone": sql(
        "DELETE FROM revocation_event",
        "DELETE FROM template_encoding",
        "DELETE FROM template",
        "DELETE FROM sighting",
        "DELETE FROM revocation",
    ),
    "an entry of the case gone": sql("DELETE FROM revocation_event"),
    "the person gone": sql("DELETE FROM person_event"),
    "decisions gone": sql("DELETE FROM sighting"),
    "the seal gone": sql("DELETE FROM register_seal"),
    "faces of a known photo gone": sql(
        "DELETE FROM face_encoding WHERE face_id IN (SELECT id FROM face WHERE photo_sha256 IN "
        "(SELECT photo_sha256 FROM sighting))",
        "DELETE FROM face WHERE photo_sha256 IN (SELECT photo_sha256 FROM sighting)",
    ),
    "zeros in the index": vectors(FaceEncodingRow, lambda old: old * 0),
    "another length in the index": vectors(FaceEncodingRow, lambda old: old[:-3]),
    "the database gone": without_database,
    "an empty file for the database": empty_database,
    "another disk at the same path": another_disk,
    "a short hash": sql("UPDATE photo SET pdq = substr(pdq, 1, 5)"),
    "spoilt landmarks": sql("UPDATE face SET landmarks = '[[1, 2]'"),
    "the clock at 2020": clock(datetime(2020, 3, 1, tzinfo=UTC)),
    "the clock at 1971": clock(datetime(1971, 1, 1, 0, 0, 9, tzinfo=UTC)),
    "the clock at 2036": clock(datetime(2036, 3, 1, tzinfo=UTC)),
}
# What lies beside the database is made from it again.
BESIDE: dict[str, Spoil] = {
    "vectors overwritten": overwritten("vectors/*"),
    "vectors gone": without_files("vectors/*"),
    "small pictures overwritten": overwritten("thumbnails/**/*.jpg"),
    "small pictures gone": without_files("thumbnails/**/*.jpg"),
}
HOLD = ("hold", "--name", "Q. Other", "--requested", TODAY, "--keep-face")
LOST = (without_database, empty_database, another_disk)
DOORS = {
    "check": lambda samples: ("check", samples / PHOTO, "--use", "facebook"),
    "audit": lambda _: ("audit", "P-0001"),
    "recheck": lambda _: ("recheck", "--scheduled"),
    "sweep": lambda _: ("sweep", "R-0001"),
}
NEXT_STEPS = ("likeness ", "set the clock right", "check that", "put a backup")


@pytest.fixture(scope="module")
def prepared(
    tmp_path_factory: pytest.TempPathFactory,
    samples_revoked_once: Path,
    samples: Path,
    actor: Actor,
) -> Path:
    """A home in which a photo of the person stands in a print piece, and is to be posted."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    shutil.copytree(samples_revoked_once, home, symlinks=True)
    services = build_services(Settings(home=home))
    with services.reading() as unit:
        sha256 = unit.photos.stamps([str(samples / PHOTO)])[str(samples / PHOTO)][1]
    use = services.policy.use("facebook")
    schedule_posts(services, [sha256], use, services.today() + timedelta(days=1), actor)
    open_piece(services, NewPiece("newsletter", "Newsletter", "Spring 2026"), actor)
    content = (samples / PHOTO).read_bytes()
    place_files(services, "P-0001", [HandedIn("stage.jpg", content)], actor)
    with services.writing() as unit:
        # A damaged sample is a doubt of every sweep, which would hide that others are missing.
        unit.photos.forget([str(problem.path) for problem in unit.photos.problems()])
        unit.commit()
    (checked,) = check_photos(services, [samples / PHOTO], use, actor).clearances
    assert checked.decision.verdict is Verdict.BLOCKED
    return home


@pytest.fixture
def home(prepared: Path, environment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    leave_out = shutil.ignore_patterns("weights")
    shutil.copytree(prepared, environment, dirs_exist_ok=True, ignore=leave_out)
    monkeypatch.setenv("LIKENESS_JOBS", "1")
    return environment


def started_anew() -> None:
    services_from_environment.cache_clear()


@pytest.mark.parametrize("what", SPOILT)
def test_what_is_spoilt_is_never_clear(
    what: str, home: Path, run: Run, samples: Path, monkeypatch: pytest.MonkeyPatch
):
    if SPOILT[what] in LOST:
        # That this computer has used a register here is all that is left of it.
        assert run("check", samples / PHOTO, "--use", "facebook").code == 1

    SPOILT[what](home, monkeypatch)
    started_anew()

    for door, words in DOORS.items():
        answer = run(*words(samples))
        said = answer.out + answer.err
        assert answer.code != 0, f"{door}: {said}"
        assert "No match found" not in said, f"{door}: {said}"
        assert "Traceback" not in said
        # What is in the photo all the same is still found.
        found = "Do not use" in said or "the person is" in said
        assert found or any(step in said for step in NEXT_STEPS), f"{door}: {said}"


@pytest.mark.parametrize(
    "what",
    [pytest.param(what, marks=pytest.mark.slow if "gone" in what else ()) for what in BESIDE],
)
def test_without_what_lies_beside_the_database_the_same_is_found(
    what: str, home: Path, run: Run, samples: Path, monkeypatch: pytest.MonkeyPatch
):
    doors = ("check", "sweep")
    before = [run(*DOORS[door](samples)) for door in doors]

    BESIDE[what](home, monkeypatch)
    started_anew()

    after = [run(*DOORS[door](samples)) for door in doors]
    assert [(answer.code, answer.out) for answer in after] == [
        (answer.code, answer.out) for answer in before
    ]
    assert "Do not use" in after[0].out


def test_nothing_ends_by_a_clock_that_was_looked_at_once(
    home: Path, run: Run, samples: Path, monkeypatch: pytest.MonkeyPatch
):
    biden = samples / "originals" / "biden.jpg"
    asked = ("check", biden, "--use", "facebook")
    assert run(*HOLD, "--photo", biden).code == 0
    assert "R-0002" in run(*asked).out
    right, first = utc_now(), timedelta(days=60)

    for passed in (first, first + timedelta(hours=11)):
        clock(right + passed)(home, monkeypatch)
        started_anew()
        answer = run(*asked)
        assert answer.code != 0, f"{passed}: {answer.out}"
        assert "R-0002" in answer.out, f"{passed}: {answer.out}"
    told = run("doctor")
    assert told.code != 0
    assert "--clock-is-right" in told.out

    clock(right + first + timedelta(hours=13))(home, monkeypatch)
    started_anew()
    assert "R-0002" not in run(*asked).out


def test_a_person_may_say_that_the_time_has_passed(
    home: Path, run: Run, samples: Path, monkeypatch: pytest.MonkeyPatch
):
    biden = samples / "originals" / "biden.jpg"
    asked = ("check", biden, "--use", "facebook")
    assert run(*HOLD, "--photo", biden).code == 0
    clock(utc_now() + timedelta(days=60))(home, monkeypatch)
    started_anew()
    assert "R-0002" in run(*asked).out
    assert run("doctor", "--clock-is-right").code == 0
    assert "R-0002" not in run(*asked).out


def test_a_clock_that_was_ahead_for_a_moment_ends_nothing(
    home: Path, run: Run, samples: Path, monkeypatch: pytest.MonkeyPatch
):
    """A letter that came while it was ahead holds, too, once it is right."""
    biden = samples / "originals" / "biden.jpg"
    right = utc_now()
    clock(right + timedelta(days=90))(home, monkeypatch)
    started_anew()
    letter = ("--name", "Q. Other", "--received", right.date(), "--note", "Binder 4")
    recorded = run("revoke", *letter, "--photo", biden, "--keep-face")
    assert recorded.code == 0, recorded.err

    clock(right + timedelta(minutes=1))(home, monkeypatch)
    started_anew()
    for accepted in (False, True):
        if accepted:
            run("doctor", "--clock-is-right")
        answer = run("check", biden, "--use", "facebook")
        assert answer.code == 1, answer.out
        assert "Do not use" in answer.out


def says(answer: object) -> Callable[..., object]:
    """Return what stands in for a part of a model: it gives an answer, or fails so."""

    def part(*_asked: object, **_more: object) -> object:
        if isinstance(answer, BaseException):
            raise answer
        return answer

    return part


def faces(value: float, length: int = 128) -> Callable[..., object]:
    return lambda _self, _rgb, rows: np.full((len(rows), length), value, np.float32)


# Of a model: the class, the method, and what it does instead.
FAILING: dict[str, tuple[type, str, object]] = {
    "zeros": (SFaceEncoder, "_features", lambda _self, crops: np.zeros((len(crops), 128), "f4")),
    "NaN": (SFaceEncoder, "_features", lambda _self, crops: np.full((len(crops), 128), np.nan)),
    "zeros of dlib": (DlibEncoder, "encode", faces(0)),
    "NaN of dlib": (DlibEncoder, "encode", faces(np.nan)),
    "another length": (DlibEncoder, "encode", faces(0.1, 127)),
    "always the same": (DlibEncoder, "encode", faces(0.1)),
    "no face found": (FaceDetector, "detect", says(np.empty((0, 15), np.float32))),
    "exit() while it loads": (DlibEncoder, "__init__", says(SystemExit(1))),
    "not installed": (DlibEncoder, "__init__", says(ImportError("No module named 'dlib'"))),
    "exit() at a face": (DlibEncoder, "encode", says(SystemExit(0))),
}


@pytest.fixture
def new_photo(tmp_path: Path, samples: Path) -> Path:
    """A photo of the person that is not in the index."""
    path = tmp_path / "new.jpg"
    with Image.open(samples / "originals" / "obama2.jpg") as photo:
        photo.reduce(2).save(path, quality=88)
    return path


@pytest.mark.parametrize(
    ("what", "loaded_before"),
    [
        *((what, False) for what in FAILING),
        *((what, True) for what in ("zeros", "NaN of dlib", "another length", "exit() at a face")),
    ],
)
def test_what_a_model_says_that_fails_is_never_clear_and_is_done_again(
    what: str,
    loaded_before: bool,
    home: Path,
    run: Run,
    new_photo: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    asked = ("check", new_photo, "--use", "facebook")
    model, part, instead = FAILING[what]
    with monkeypatch.context() as patch:
        patch.setattr(media_index.fingerprinting, "_loaded", cache(Fingerprinter))
        if loaded_before:
            services_from_environment().fingerprint_bytes(new_photo.read_bytes())
        patch.setattr(model, part, instead)
        answer = run(*asked)

    assert answer.code == 3, answer.out + answer.err
    assert "Not checked" in answer.out
    assert "again" in answer.out, answer.out

    again = run(*asked)
    assert again.code == 1, again.out


# What becomes of the process that opens the file of a photo.
OPENING = {
    "a decoder crashes": segfaulting,
    "the process is killed": killed,
    "the process ends as if all were well": leaving,
    "a library calls exit()": exiting,
}


@pytest.mark.parametrize(
    "what",
    [
        "the process ends as if all were well",
        *(pytest.param(what, marks=pytest.mark.slow) for what in OPENING if "as if" not in what),
    ],
)
def test_a_photo_that_ends_what_opens_it_is_never_clear(
    what: str, home: Path, run: Run, new_photo: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(media_index.images.reading, "_read", OPENING[what])

    checked = run("check", new_photo, "--use", "facebook")
    assert checked.code == 3, checked.out + checked.err
    assert "No match found" not in checked.out
    assert "save it again" in checked.out

    searched = run("sweep", "R-0001")
    assert searched.code == 3, searched.out
    assert "Not checked" in searched.out

    placed = run("print", "place", "P-0001", new_photo)
    assert placed.code == 3, placed.out + placed.err
    audited = run("audit", "P-0001")
    assert audited.code != 0
    assert "new" in audited.out, audited.out


def test_a_photo_that_vanishes_before_it_is_read_is_named(
    home: Path, run: Run, new_photo: Path, monkeypatch: pytest.MonkeyPatch
):
    def gone(paths: list[Path], leave_out: Path) -> tuple:
        found = find_photos(paths, leave_out)
        new_photo.unlink()
        return found

    monkeypatch.setattr(consent.indexing.index, "find_photos", gone)
    checked = run("check", new_photo.parent, "--use", "facebook")
    assert checked.code == 3, checked.out
    assert new_photo.name in checked.out
    assert "No match found" not in checked.out


def test_a_folder_of_a_disk_that_is_not_mounted_is_not_clear(
    home: Path, run: Run, new_photo: Path, tmp_path: Path
):
    archive = tmp_path / "archive"
    archive.mkdir()
    for name in ("one.jpg", "two.jpg"):
        (archive / name).write_bytes(new_photo.read_bytes() + name.encode())
    assert run("check", archive, "--use", "facebook").code == 1
    shutil.rmtree(archive)

    for mounted in (False, True):
        if mounted:
            archive.mkdir()
        checked = run("check", archive, "--use", "facebook")
        assert checked.code == 3, checked.out
        assert "No match found" not in checked.out
        indexed = run("index", archive)
        assert indexed.code != 0, indexed.out
        step = "see that its disk is there" if mounted else "check the path"
        assert step in indexed.out, indexed.out
    # Nothing of it is forgotten.
    assert str(archive / "one.jpg") in run("sweep", "R-0001").out


def test_a_disk_that_is_full_is_no_answer(
    home: Path, run: Run, new_photo: Path, monkeypatch: pytest.MonkeyPatch
):
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(home / "thumbnails"))
    monkeypatch.setattr(consent.indexing.index, "keep_thumbnail", says(full))
    checked = run("check", new_photo, "--use", "facebook")
    assert checked.code == 3, checked.out + checked.err
    assert "No match found" not in checked.out
    assert "make room on the disk" in checked.err
