"""Whatever goes wrong, nothing is clear: no exit code 0, and a sentence with the next step.

A row of the table spoils a data home in which the person of obama.jpg revoked. Then every command
that judges photos is run on others of that person. A new way to fail is a new row.
"""

from __future__ import annotations

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
import media_index.fingerprinting
from consent.bootstrap import build_services, services_from_environment
from consent.checking.check import check_photos
from consent.domain.actors import Actor
from consent.domain.verdicts import Verdict
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, open_piece
from consent.publishing.posts import schedule_posts
from consent.settings import Settings
from consent.storage.cases import TemplateEncodingRow
from media_index.faces.detect import FaceDetector
from media_index.faces.dlib import DlibEncoder
from media_index.faces.encode import SFaceEncoder
from media_index.fingerprinting import Fingerprinter
from media_index.storage.tables import FaceEncodingRow
from tests.cli.command_cases import Run
from tests.conftest import DATABASE

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
