"""Check photos: whatever is dropped has a card, as the command has a line for it."""

from __future__ import annotations

import io
import os
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from consent.bootstrap import services_from_environment
from consent.checking.check import Watch, check_photos
from consent.domain.jobs import JobState
from consent.domain.verdicts import Clearance, Verdict
from consent.domain.wording import NOBODY
from consent.jobs import runner
from consent.jobs.check import check_folder, read_check, run_check
from consent.jobs.uploads import forget_old_uploads
from consent.services import Services
from consent.status import read_status
from tests.staff import ANYBODY
from tests.turned_photos import SAID, turned_otherwise
from tests.ui.page_cases import ORIGINALS, STAFF, cells, open_photo, opened, press, texts

PAGE = "check.check_photos"


def encoded(picture: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return buffer.getvalue()


@pytest.fixture
def odd_folder(tmp_path: Path) -> dict[str, bytes]:
    """What cards and desktops really hold, by name."""
    revoker = Image.open(ORIGINALS / "obama.jpg")
    pillow_heif.register_heif_opener()
    photo = (ORIGINALS / "coffee.png").read_bytes()
    files = {
        "IMG_0001.png": photo,
        "IMG_0001.gif": encoded(revoker, "GIF"),
        "IMG_0002.HIF": encoded(revoker, "HEIF"),
        "download.jpg_large": encoded(revoker, "JPEG"),
        "no-suffix": photo,
        "clip.mov": b"\0\0\0\x08wide\0\0\0\0mdat",
        "flyer.pdf": b"%PDF-1.7\n",
        "notes.txt": b"Chairs: 40\n",
        "IMG_0002.xmp": b"<?xpacket begin='' ?>",
        ".DS_Store": b"\0\0\0\1Bud1\0",
        "._IMG_0001.png": b"\0\5\x16\7\0\2",
        "Thumbs.db": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return files


def test_the_page_and_the_command_have_the_same_answers(
    dropped, odd_folder: dict[str, bytes], revoked: Services, tmp_path: Path
):
    use = revoked.policy.use("instagram")
    app = dropped(odd_folder)
    report = check_photos(revoked, [tmp_path], use, STAFF, jobs=1)

    verdicts = {
        Path(one.path).name: one.decision.verdict
        for one in report.clearances
        if not one.path.startswith(str(revoked.settings.home))
    }
    assert verdicts == {
        "IMG_0001.png": Verdict.CLEAR,
        "IMG_0001.gif": Verdict.BLOCKED,
        "IMG_0002.HIF": Verdict.BLOCKED,
        "download.jpg_large": Verdict.BLOCKED,
        "no-suffix": Verdict.CLEAR,
        "clip.mov": Verdict.NOT_CHECKED,
        "flyer.pdf": Verdict.NOT_CHECKED,
    }
    assert {name: cell["look"] for name, cell in cells(app).items()} == verdicts
    assert "**7 photos for Instagram**" in texts(app)
    # All, do not use, not checked, no match found.
    assert [one.split()[-1] for one in app.button_group[0].options] == ["7", "3", "2", "2"]


def test_what_is_no_picture_is_said_to_be_none_where_nothing_else_is_there(dropped):
    app = dropped({"notes.txt": b"Chairs: 40\n", "list.csv": b"name,chairs\nHall,40\n"})
    assert {cell["words"] for cell in cells(app).values()} == {"Not checked"}
    assert cells(app).keys() == {"notes.txt", "list.csv"}


def test_the_same_file_twice_is_shown_twice_and_posted_once(dropped):
    photo = (ORIGINALS / "coffee.png").read_bytes()
    revoker = (ORIGINALS / "obama.jpg").read_bytes()
    app = dropped(
        {
            "IMG_1.png": photo,
            "IMG_1 (1).png": photo,
            "card 2/IMG_1.png": photo,
            "a.jpg": revoker,
            "b.jpg": revoker,
        }
    )
    shown = [cell["name"] for cell in cells(app).values()]
    assert sorted(shown) == ["IMG_1 (1).png", "IMG_1.png", "IMG_1.png", "a.jpg", "b.jpg"]
    press(press(app, "Choose all 3 with no match found"), "Posted")
    assert "**1 photo**, in one post." in texts(app)


def test_a_damaged_file_that_is_dropped_twice_is_one_problem(dropped, revoked):
    """Every check says so of it, but the page Status listed it for each drop."""
    damaged = next((ORIGINALS.parent / "events").rglob("truncated.jpg")).read_bytes()
    before = len(read_status(revoked, ANYBODY).bad_files)
    for _ in range(2):
        dropped({"scan.jpg": damaged, "other.jpg": damaged})
    # Other files of that name, one of them as large.
    dropped({"scan.jpg": damaged[:-1]})
    dropped({"scan.jpg": damaged[:-1] + b"x"})
    files = read_status(revoked, ANYBODY).bad_files
    assert [one.path.name for one in files].count("other.jpg") == 1
    assert [one.path.name for one in files].count("scan.jpg") == 3
    assert len(files) == before + 4


def test_names_are_anybodys_text(dropped):
    photo = (ORIGINALS / "coffee.png").read_bytes()
    names = ["🎻" * 120 + ".png", "x" * 200 + ".png", "two\nlines.png", "é" * 200, "*a*[b](c).png"]
    app = dropped(dict.fromkeys(names, photo))
    assert f"**{len(names)} photos for Instagram**" in texts(app)
    # The result is used, and its photos exported, for a day.
    uploads = Path(os.environ["LIKENESS_HOME"]).joinpath("uploads")
    (kept,) = uploads.iterdir()
    assert len([path for path in kept.rglob("*") if path.is_file()]) == len(names)
    services = services_from_environment()
    forget_old_uploads(services.settings, services.now() + timedelta(hours=23))
    assert kept.is_dir()
    forget_old_uploads(services.settings, services.now() + timedelta(hours=25))
    assert not list(uploads.iterdir())


@pytest.fixture
def running(revoked: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A check of a folder that was started, and is done when a test does it."""
    started: list[str] = []
    monkeypatch.setattr(runner, "_start_process", started.append)
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("obama2.jpg", "biden.jpg"):
        shutil.copy(ORIGINALS / name, folder)
    below = revoked.settings.model_copy(update={"roots": (folder,)})
    revoked = replace(revoked, settings=below)
    job_id = check_folder(revoked, str(folder), revoked.policy.use("facebook"), STAFF)
    assert started == [job_id]
    return job_id


def test_what_a_check_has_found_is_shown_before_it_is_done(
    revoked: Services, running: str, monkeypatch: pytest.MonkeyPatch
):
    shown = []

    def look(*_: object) -> None:
        # As the photos are judged once more, together, all of them were judged on their own.
        shown.append(texts(opened(PAGE, STAFF, check=running)))
        raise RuntimeError

    monkeypatch.setattr("consent.checking.check.judge_photos", look)
    with pytest.raises(RuntimeError):
        run_check(revoked, running)

    (page,) = shown
    assert "So far:" in page
    assert "Do not use 1" in page
    assert "No match found 1" in page
    assert "obama2.jpg: " in page


def test_a_check_that_is_canceled_ends_and_says_so(revoked: Services, running: str):
    app = press(opened(PAGE, STAFF, check=running), "Cancel")
    assert "Drop photos here" in [uploader.label for uploader in app.file_uploader]

    run_check(revoked, running)

    assert read_check(revoked, running, ANYBODY).state is JobState.CANCELED
    assert "This check was canceled." in texts(opened(PAGE, STAFF, check=running))


def test_early_verdicts_are_of_the_same_files_as_the_last_ones(revoked: Services, tmp_path: Path):
    early: list[Clearance] = []
    shutil.copy(ORIGINALS / "obama2.jpg", tmp_path)

    report = check_photos(
        revoked,
        [tmp_path],
        revoked.policy.use("facebook"),
        STAFF,
        watch=Watch(found=early.extend),
        jobs=1,
    )

    assert [photo.path for photo in early] == [photo.path for photo in report.clearances]
    assert early[0].decision.verdict is report.clearances[0].decision.verdict


@pytest.mark.parametrize(("name", "said"), SAID.items())
def test_the_card_says_which_of_two_readings_of_the_turn_was_used(dropped, name: str, said: str):
    with Image.open(ORIGINALS / "coffee.png") as opened_file:
        picture = opened_file.convert("RGB")
    files = {name: turned_otherwise(picture, name), "plain.png": encoded(picture, "PNG")}

    told = texts(open_photo(dropped(files), name))

    assert told.count(f"Note: {said}") == 1
    assert "looked for faces both ways" in told


def test_what_is_true_of_every_photo_is_said_once(services: Services, monkeypatch):
    monkeypatch.setattr(runner, "_start_process", lambda job_id: run_check(services, job_id))
    talk = ORIGINALS.parent / "events" / "2026-05-14 Author talk"
    job_id = check_folder(services, str(talk), services.policy.use("facebook"), STAFF)

    app = opened(PAGE, STAFF, check=job_id)

    assert texts(app).count("Nobody is in the register") == 1
    photos = read_check(services, job_id, ANYBODY).result.photos
    assert len(photos) > 1
    assert all(NOBODY in photo.notes for photo in photos), "each row of the report says it"
