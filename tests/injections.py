"""What may go wrong, in one table for all doors: a new way to fail is a new row.

A row spoils a data home in which the person of obama.jpg revoked. Whatever judges photos then must
not say that one of that person is clear: see tests/cli and tests/ui, of the same name.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlmodel import select

import consent.bootstrap
import media_index.images.reading
from consent.bootstrap import build_services
from consent.checking.check import check_photos
from consent.domain.actors import Actor
from consent.domain.verdicts import Verdict
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, open_piece
from consent.publishing.posts import schedule_posts
from consent.settings import Settings
from consent.storage.cases import TemplateEncodingRow
from media_index.storage.tables import FaceEncodingRow
from tests.conftest import DATABASE, made_once
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
                if isinstance(row, FaceEncodingRow):
                    vector = unit.photos._vector(row.face_id, row.model_id, row.vector)
                    assert vector is not None
                    spoilt = unit.photos._encoding(row.face_id, row.model_id, change(vector))
                    row.vector = spoilt["vector"]
                else:
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


def words_swapped(home: Path, _patch: pytest.MonkeyPatch) -> None:
    """Exchange two numbers, which no sum of them would notice."""
    files = [path for path in home.glob("vectors/**/*") if path.is_file()]
    largest = max(files, key=lambda path: path.stat().st_size)
    words = np.frombuffer(bytearray(largest.read_bytes()[-1024:]), "<u4")
    first = 0
    second = next(place for place, word in enumerate(words) if word != words[first])
    words[[first, second]] = words[[second, first]]
    with largest.open("r+b") as file:
        file.seek(-1024, 2)
        file.write(words.tobytes())


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
    "all faces in the index gone": sql("DELETE FROM face_encoding", "DELETE FROM face"),
    "encodings in the index gone": sql("DELETE FROM face_encoding"),
    "encodings of one face in the index gone": sql(
        "DELETE FROM face_encoding WHERE face_id IN (SELECT id FROM face WHERE photo_sha256 IN "
        "(SELECT photo_sha256 FROM place WHERE path LIKE '%obama.heic') LIMIT 1)"
    ),
    "encodings by one model in the index gone": sql(
        "DELETE FROM face_encoding WHERE model_id LIKE 'dlib%'"
    ),
    "zeros in the index": vectors(FaceEncodingRow, lambda old: old * 0),
    "another length in the index": vectors(FaceEncodingRow, lambda old: old[:-3]),
    "changed by something else in the index": sql("UPDATE face_encoding SET vector = x'656e63'"),
    "the keys of the index gone": sql("DELETE FROM sealed_key WHERE owner LIKE 'faces-%'"),
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
    "two numbers of the vectors swapped": words_swapped,
    "vectors gone": without_files("vectors/*"),
    "small pictures overwritten": overwritten("thumbnails/**/*.jpg"),
    "small pictures gone": without_files("thumbnails/**/*.jpg"),
}
LOST = (without_database, empty_database, another_disk)
NEXT_STEPS = ("likeness ", "set the clock", "check that", "put a backup")
# How a process may end in which something is done with a photo.
ENDINGS = {
    "it crashes": segfaulting,
    "it is killed": killed,
    "it ends as if all were well": leaving,
    "a library calls exit()": exiting,
}

OPENED, LOOKED_AT = "its file is opened", "it is looked at"


def ended_where(step: str, how: str, patch: pytest.MonkeyPatch) -> None:
    """Have the process end in which a photo is opened, or in which the models look at it.

    Only services that are built afterwards know of the second.
    """
    if step == OPENED:
        patch.setattr(media_index.images.reading, "_read", ENDINGS[how])
    else:
        for work in ("fingerprint_file", "fingerprint_bytes"):
            patch.setattr(consent.bootstrap, work, ENDINGS[how])


def prepared_home(shared: Path, revoked: Path, samples: Path, actor: Actor) -> Path:
    """Return a home in which a photo of the person stands in a print piece, and is to be posted.

    Made once for all tests. Copy it by `copied`, never change it.
    """

    def make(home: Path) -> None:
        shutil.copytree(revoked, home, symlinks=True)
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

    return made_once(shared / "prepared", make)


def copied(prepared: Path, home: Path) -> None:
    """Copy the prepared home into one that has the weights."""
    shutil.copytree(prepared, home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("weights"))
