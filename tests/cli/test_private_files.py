"""Whatever the account's habits: what lies in the data home is for the account alone."""

from __future__ import annotations

import io
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from consent.bootstrap import services_from_environment
from consent.cases.drafts import keep_draft
from consent.domain.actors import Actor, Role
from consent.jobs.uploads import keep_uploads
from consent.storage.drafts import DraftFile
from tests.cli.command_cases import ORIGINALS, REVOKE, Run

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(home: Path) -> list[str]:
    return sorted(
        f"{stat.S_IMODE(path.lstat().st_mode):o} {path.relative_to(home.parent)}"
        for path in (home, *home.rglob("*"))
        if not path.is_symlink() and path.lstat().st_mode & 0o077
    )


def test_every_way_to_make_a_file(run: Run, indexed: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Please do not show me.")
    face = ("--photo", ORIGINALS / "obama.jpg", "--keep-face", "--evidence", letter)
    assert run(*REVOKE, *face, "--confirm").code == 0
    assert run("check", ORIGINALS / "biden.jpg", "--use", "facebook").code in {0, 1, 3}
    assert run("sweep", "R-0001").code in {0, 1, 3}
    services = services_from_environment()
    keep_uploads(services.settings, "job", [("card/photo.jpg", io.BytesIO(b"pixels"))])
    files = (DraftFile("letter", "letter.txt", b"Please."),)
    keep_draft(services, Actor("d.desk", Role.DESK), {}, files)
    made = {path.name for path in indexed.iterdir()}
    assert made >= {"likeness.db", "likeness.db-wal", "vault", "drafts", "uploads", "thumbnails"}
    assert open_to_others(indexed) == []


def test_weights_first(run: Run, environment: Path, weights: Path) -> None:
    """The order of the documents: the weights make the data home, and the database comes later."""
    shutil.rmtree(environment)
    assert run("weights", "--from", weights).code == 0
    assert open_to_others(environment) == []


def test_home_in_use_is_closed(run: Run, revoked: Path) -> None:
    for path in (revoked, *revoked.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert run("register", "list").code == 0
    assert open_to_others(revoked) == []
