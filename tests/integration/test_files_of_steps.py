"""Letters, crops and thumbnails: there if the database names them, and gone where it does not."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from consent.cases.open import record_revocation
from consent.cases.references import photo_named, read_reference
from consent.domain.actors import Actor
from consent.domain.errors import SetupError
from consent.domain.intake import EvidenceFile
from consent.domain.terms import Method, NewRevocation, Submission
from consent.indexing.index import IndexRequest, index_photos
from consent.review.photos import photo_views
from consent.services import Services
from consent.storage.drafts import DraftFile, KeptDraft
from consent.storage.file_steps import FileSteps
from consent.storage.log import AuditTrail
from consent.storage.sealed import KeyRing
from consent.storage.thumbnails import forget_thumbnail, thumbnail
from consent.storage.unit_of_work import UnitOfWork
from media_index.images.decode import ImageLimits
from media_index.images.reading import read_picture
from tests.conftest import OpenServices
from tests.integration.indexing_cases import picture


def files(services: Services) -> set[Path]:
    return {path for path in services.settings.vault.rglob("*") if path.is_file()}


def record(services: Services, actor: Actor, text: bytes) -> None:
    letter = Submission(services.today(), Method.LETTER, evidence=(EvidenceFile("l.txt", text),))
    record_revocation(services, NewRevocation("A. Reader", letter), actor)


def test_a_step_that_fails_leaves_no_letter(
    services: Services, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: AuditTrail) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(AuditTrail, "finish", full)
        with pytest.raises(OSError, match="No space"):
            record(services, actor, b"Please do not use photos of me.")
    assert files(services) == set()

    record(services, actor, b"Please do not use photos of me.")

    assert len(files(services)) == 1


def test_a_step_whose_letter_cannot_be_taken_back_holds_up_no_other(
    services: Services,
    open_services: OpenServices,
    actor: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(_: AuditTrail) -> None:
        raise OSError(28, "No space left on device")

    def refused(_: Path, **_options: object) -> None:
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patch:
        patch.setattr(AuditTrail, "finish", full)
        patch.setattr(Path, "unlink", refused)
        # What stopped it is said, and not what came of that.
        with pytest.raises(OSError, match="No space"):
            record(services, actor, b"Please do not use photos of me.")
    assert len(files(services)) == 2, "the letter, and the note of it for the next start"

    # The key of the person who is not there either is not taken for known.
    record(services, actor, b"Nor of my daughter.")

    with services.reading() as unit:
        (case,) = unit.register.revocations()
        assert case.person.name == "A. Reader"
    assert len(files(open_services(home=services.settings.home))) == 1


def test_a_letter_that_cannot_be_taken_back_does_not_hide_that_the_database_failed(
    services: Services, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failed(_: AuditTrail) -> None:
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk I/O error"))

    def refused(_: Path, **_options: object) -> None:
        raise OSError(30, "Read-only file system")

    forgotten: list[KeyRing] = []

    def forget(ring: KeyRing) -> None:
        forgotten.append(ring)

    monkeypatch.setattr(KeyRing, "forget", forget)
    monkeypatch.setattr(AuditTrail, "finish", failed)
    monkeypatch.setattr(Path, "unlink", refused)
    with pytest.raises(SetupError, match="The database did not do its work"):
        record(services, actor, b"Please do not use photos of me.")
    assert forgotten


def test_a_trial_whose_file_cannot_be_taken_back_says_so(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Path, **_options: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "unlink", refused)
    with pytest.raises(OSError, match="Read-only"), services.writing():
        services.vault.put(b"a letter")


def test_a_start_removes_what_a_killed_one_was_writing(
    services: Services, open_services: OpenServices, actor: Actor
) -> None:
    record(services, actor, b"Please do not use photos of me.")
    kept = files(services)
    for folder in (services.settings.vault, services.settings.thumbnails):
        folder.mkdir(exist_ok=True)
        draft = folder / ".draft-face"
        draft.write_bytes(b"half a face")
        os.utime(draft, (0, time.time() - 3600))

    open_services(home=services.settings.home)

    assert files(services) == kept
    assert list(services.settings.thumbnails.iterdir()) == []


def test_what_a_step_removes_goes_once_it_is_committed(services: Services) -> None:
    name = services.vault.put(b"a letter")
    with services.writing():
        services.vault.erase(name)
    assert services.vault.get(name) == b"a letter"

    with services.writing() as unit:
        services.vault.erase(name)
        unit.commit()

    assert files(services) == set()


def test_a_start_removes_what_a_killed_step_had_still_to_remove(
    services: Services, open_services: OpenServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = services.vault.put(b"kept again")
    gone = services.vault.put(b"a letter")
    with monkeypatch.context() as patch:
        patch.setattr(UnitOfWork, "_remove_files", lambda _: None)
        with services.writing() as unit:
            services.vault.erase(again)
            services.vault.erase(gone)
            unit.commit()
    services.vault.put(b"kept again")

    opened = open_services(home=services.settings.home)

    assert {path.name for path in files(opened)} == {again}


class KilledError(BaseException):
    """Nobody may catch it: the process is as good as gone."""


def killed(*_: object, **__: object) -> None:
    raise KilledError


def killed_at(target: object, name: str, step: Callable[[], object]) -> None:
    """Have a process killed where a function is called: it does not tidy up any more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(target, name, killed)
        patch.setattr(UnitOfWork, "_remove_written", lambda _: [])
        patch.setattr(FileSteps, "forget_notes", lambda _: None)
        with pytest.raises(KilledError):
            step()


def test_a_start_removes_letter_crop_and_thumbnail_of_a_case_that_is_not_there(
    services: Services, open_services: OpenServices, actor: Actor, samples: Path
) -> None:
    record(services, actor, b"Please do not use photos of me.")
    kept = files(services)
    face = read_reference(services, str(samples / "originals" / "obama.jpg"))
    letter = Submission(services.today(), Method.LETTER, evidence=(EvidenceFile("l.txt", b"No."),))
    new = NewRevocation("B. Reader", letter, references=[face], keep_face=True)
    killed_at(AuditTrail, "finish", lambda: record_revocation(services, new, actor))
    thumbnails = services.settings.thumbnails
    # Letter, crop, and the note of them.
    assert len(files(services) - kept) == 3
    assert len(list(thumbnails.rglob("*.jpg"))) == 1

    opened = open_services(home=services.settings.home)

    assert files(opened) == kept
    assert [path for path in thumbnails.rglob("*") if path.is_file()] == []


def test_a_start_removes_thumbnails_of_photos_that_were_not_indexed_to_the_end(
    services: Services, open_services: OpenServices, actor: Actor, tmp_path: Path
) -> None:
    """The files are gone by then, so that no indexing would ever name the thumbnails."""
    kept = picture(tmp_path / "photos" / "kept.png", 1)
    index_photos(services, IndexRequest([kept], jobs=1), actor)
    thumbnails = services.settings.thumbnails
    named = set(thumbnails.rglob("*.jpg"))
    lost = [picture(tmp_path / "lost" / f"{seed}.png", seed) for seed in (2, 3)]
    request = IndexRequest([*lost, kept], jobs=1)
    killed_at(AuditTrail, "finish", lambda: index_photos(services, request, actor))
    assert len(set(thumbnails.rglob("*.jpg"))) == 3

    open_services(home=services.settings.home)

    assert {path for path in thumbnails.rglob("*") if path.is_file()} == named


def test_a_thumbnail_of_a_photo_that_is_not_indexed_does_not_stay(
    services: Services, actor: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: AuditTrail) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(AuditTrail, "finish", full)
    request = IndexRequest([picture(tmp_path / "photo.png", 1)], jobs=1)
    with pytest.raises(OSError, match="No space"):
        index_photos(services, request, actor)

    assert [path for path in services.settings.thumbnails.rglob("*") if path.is_file()] == []


def test_a_start_keeps_what_a_step_had_committed_when_it_was_killed(
    services: Services, open_services: OpenServices, actor: Actor
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FileSteps, "forget_notes", lambda _: None)
        record(services, actor, b"Please do not use photos of me.")
    letter, note = sorted(files(services), key=lambda path: path.name.startswith("."))

    opened = open_services(home=services.settings.home)

    assert files(opened) == {letter}
    assert note.name.startswith(".writing-")


def test_a_start_removes_a_draft_of_a_day_ago_that_was_not_written_to_its_end(
    services: Services, open_services: OpenServices
) -> None:
    files = (DraftFile("face", "me.jpg", b"a face"),)
    services.drafts.keep("d.desk", KeptDraft(services.now(), {"name": "A. Reader"}, files))
    (place,) = services.settings.drafts.iterdir()
    (place / "form").unlink()
    open_services(home=services.settings.home)
    assert place.exists(), "somebody may be writing it"
    os.utime(place, (0, time.time() - 2 * 24 * 3600))

    open_services(home=services.settings.home)

    assert not place.exists()


def test_a_thumbnail_that_was_lost_is_made_again_when_it_is_shown(
    indexed_samples: Services, samples: Path, actor: Actor
) -> None:
    photo = photo_named(indexed_samples, str(samples / "originals" / "obama.jpg"))
    folder = indexed_samples.settings.thumbnails
    before = photo_views(indexed_samples, [photo], actor)[photo]
    forget_thumbnail(folder, photo)

    again = photo_views(indexed_samples, [photo], actor)[photo]

    assert (again.width, again.height) == (before.width, before.height)
    assert read_picture(again.thumbnail, ImageLimits())[0].rgb.shape == (
        read_picture(before.thumbnail, ImageLimits())[0].rgb.shape
    )
    assert thumbnail(folder, photo) == again.thumbnail
