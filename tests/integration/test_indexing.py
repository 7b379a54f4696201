"""Indexing real files into a real database: complete, repeatable, and never half done."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from consent.audit_log import Action
from consent.domain import Actor
from consent.errors import BadInputError
from consent.indexing import IndexReport, IndexRequest, NewEvent, index_photos, thumbnail
from consent.services import Services
from media_index.ingest import InProcessExecutor
from media_index.types import Problem, ProblemCode

EVENT = NewEvent("Author talk", date(2026, 5, 14), "Main library")


def picture(path: Path, seed: int) -> Path:
    """A small picture of its own, quick to fingerprint."""
    path.parent.mkdir(parents=True, exist_ok=True)
    colours = np.random.default_rng(seed).integers(0, 256, (4, 5, 3)).astype(np.uint8)
    Image.fromarray(colours).resize((100, 80)).save(path, "PNG")
    return path


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of three photos and a broken one."""
    folder = tmp_path / "photos"
    for seed in (1, 2, 3):
        picture(folder / f"{seed}.png", seed)
    content = (folder / "3.png").read_bytes()
    (folder / "broken.png").write_bytes(content[: len(content) // 2])
    return folder


@pytest.fixture
def run(services: Services, actor: Actor):
    """Index in this process."""

    def index(*paths: Path, **options: object) -> IndexReport:
        return index_photos(services, IndexRequest(paths, jobs=1, **options), actor)

    return index


def counts(services: Services) -> dict[str, int]:
    with services.reading() as unit:
        return unit.photos.counts()


def places(services: Services, folder: Path) -> dict[str, str]:
    """Photo by file name below a folder."""
    with services.reading() as unit:
        stamps = unit.photos.stamps(unit.photos.paths_below(folder))
    return {Path(path).relative_to(folder).as_posix(): sha for path, (_, sha) in stamps.items()}


def audit(services: Services) -> list[tuple[str, dict]]:
    with services.reading() as unit:
        return [(entry.action, dict(entry.details)) for entry in unit.audit.entries()]


def test_a_folder_is_indexed_with_its_problems(services: Services, run, photos: Path) -> None:
    report = run(photos)
    assert (report.added, report.unchanged, len(report.problems)) == (3, 0, 1)
    assert set(places(services, photos)) == {"1.png", "2.png", "3.png"}
    with services.reading() as unit:
        [stored] = unit.photos.problems()
    assert stored == report.problems[0]
    assert (stored.path, stored.code) == (photos / "broken.png", ProblemCode.UNREADABLE)
    for sha256 in report.photos.values():
        assert (thumbnail(services, sha256) or b"").startswith(b"\xff\xd8")


def test_again_nothing_is_read_and_nothing_written(
    services: Services, run, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(photos)
    log = audit(services)

    def never(*_: object) -> None:
        pytest.fail("opened")

    monkeypatch.setattr(Path, "open", never)
    monkeypatch.setattr(Path, "read_bytes", never)
    second = run(photos)
    assert (second.added, second.unchanged, second.forgotten) == (0, 3, 0)
    assert second.photos == first.photos
    assert second.problems == first.problems
    assert audit(services) == log


def test_progress_ends_at_the_number_of_files(
    services: Services, actor: Actor, photos: Path
) -> None:
    told: list[tuple[int, int]] = []
    for _ in range(2):
        index_photos(
            services, IndexRequest([photos]), actor, lambda done, total: told.append((done, total))
        )
        assert told[-1] == (4, 4)
    assert told == [*((done, 4) for done in range(5)), (4, 4)]


def test_a_moved_file_is_found_again_and_stays_with_its_event(
    services: Services, run, photos: Path
) -> None:
    before = run(photos, event=EVENT)
    (photos / "sub").mkdir()
    (photos / "1.png").rename(photos / "sub" / "moved.png")
    report = run(photos)
    assert (report.added, report.forgotten) == (0, 1)
    sha256 = before.photos[str(photos / "1.png")]
    assert places(services, photos)["sub/moved.png"] == sha256
    assert "1.png" not in places(services, photos)
    with services.reading() as unit:
        [event] = unit.photos.events_of([sha256])[sha256]
    assert event.name == EVENT.name


def test_a_changed_file_is_a_new_photo(services: Services, run, photos: Path) -> None:
    run(photos)
    before = places(services, photos)
    picture(photos / "1.png", seed=9)
    report = run(photos)
    assert (report.added, report.unchanged) == (1, 2)
    assert places(services, photos)["1.png"] != before["1.png"]
    assert counts(services)["photos"] == 4


def test_a_file_changed_behind_its_time_is_found_on_request(
    services: Services, run, photos: Path
) -> None:
    path = picture(photos / "1.png", seed=1)
    run(photos)
    status, size = path.stat(), path.stat().st_size
    before = places(services, photos)
    content = bytearray(picture(photos / "1.png", seed=2).read_bytes())
    path.write_bytes(content[:size].ljust(size, b"\0"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert run(photos).unchanged == 3
    report = run(photos, verify=True)
    assert report.unchanged == 2
    assert places(services, photos).get("1.png") != before["1.png"] or report.problems


def test_the_same_bytes_at_two_paths_are_one_photo(services: Services, run, photos: Path) -> None:
    shutil.copy(photos / "1.png", photos / "copy.png")
    assert run(photos).added == 3
    shutil.copy(photos / "1.png", photos / "later.png")
    assert run(photos).added == 0
    found = places(services, photos)
    assert found["1.png"] == found["copy.png"] == found["later.png"]
    assert counts(services)["photos"] == 3


def test_of_a_deleted_file_the_place_goes_and_the_photo_stays(
    services: Services, run, photos: Path
) -> None:
    run(photos)
    (photos / "1.png").unlink()
    (photos / "broken.png").unlink()
    assert run(photos).forgotten == 1
    assert counts(services) == {
        "photos": 3,
        "places": 2,
        "faces": counts(services)["faces"],
        "events": 0,
        "problems": 0,
    }


def test_a_folder_that_is_gone_does_not_lose_its_photos(
    services: Services, run, photos: Path
) -> None:
    run(photos)
    photos.rename(photos.with_name("unplugged"))
    report = run(photos)
    assert [problem.path for problem in report.problems] == [photos]
    assert report.forgotten == 0
    assert counts(services)["places"] == 3


def test_a_folder_that_may_not_be_opened_does_not_lose_its_photos(
    services: Services, run, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture(photos / "shut" / "4.png", 4)
    run(photos)
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("/shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    report = run(photos)
    assert photos / "shut" in [problem.path for problem in report.problems]
    assert "shut/4.png" in places(services, photos)


def test_a_file_named_once_without_a_photo_s_suffix_is_not_forgotten(
    services: Services, run, photos: Path
) -> None:
    odd = (photos / "1.png").rename(photos / "scan")
    run(odd)
    assert run(photos).forgotten == 0
    assert "scan" in places(services, photos)


def test_another_folder_of_nearly_the_same_name_is_left_alone(
    services: Services, run, tmp_path: Path
) -> None:
    for name in ("may", "May", "may2"):
        picture(tmp_path / name / "1.png", 1)
        run(tmp_path / name)
    for path in tmp_path.glob("*/1.png"):
        path.unlink()
    assert run(tmp_path / "may").forgotten == 1
    assert counts(services)["places"] == 2


def test_a_broken_file_is_tried_again_when_it_changes_or_on_request(
    services: Services, run, photos: Path, actor: Actor
) -> None:
    run(photos)
    tried: list[Path] = []
    spying = replace(services, work=lambda path: (tried.append(path), services.work(path))[1])

    def index(**options: object) -> IndexReport:
        tried.clear()
        return index_photos(spying, IndexRequest([photos], jobs=1, **options), actor)

    assert len(index().problems) == 1
    assert tried == []
    assert len(index(retry=True).problems) == 1
    assert tried == [photos / "broken.png"]
    picture(photos / "broken.png", seed=5)
    assert index().problems == []
    assert counts(services)["problems"] == 0


def test_a_problem_of_the_set_up_is_not_held_against_the_file(
    services: Services, run, photos: Path, actor: Actor
) -> None:
    def without_weights(path: Path) -> Problem:
        return Problem(path, ProblemCode.WEIGHTS_MISSING, "Run `likeness weights`.")

    broken = replace(services, work=without_weights)
    assert len(index_photos(broken, IndexRequest([photos], jobs=1), actor).problems) == 4
    assert run(photos).added == 3


def test_a_file_still_being_copied_is_read_again_the_next_time(
    services: Services, run, photos: Path, actor: Actor
) -> None:
    whole = (photos / "1.png").read_bytes()
    (photos / "1.png").write_bytes(whole[:500])

    def meanwhile(path: Path) -> object:
        outcome = services.work(path)
        if path.name == "1.png":
            path.write_bytes(whole)
        return outcome

    copying = replace(services, work=meanwhile)
    assert len(index_photos(copying, IndexRequest([photos], jobs=1), actor).problems) == 2
    assert len(run(photos).problems) == 1
    assert "1.png" in places(services, photos)


def test_a_link_that_leads_nowhere_is_tried_every_time(
    services: Services, run, photos: Path
) -> None:
    (photos / "link.png").symlink_to(photos.parent / "later.png")
    assert len(run(photos).problems) == 2
    picture(photos.parent / "later.png", 7)
    assert len(run(photos).problems) == 1
    assert "link.png" in places(services, photos)


@pytest.mark.parametrize(
    "name",
    [
        "Zoë's 70th, 写真 📷.png",
        "two  spaces %20 & 100%_.png",
        "new\nline.png",
        "'; DROP TABLE photo; --.png",
        "x" * 250 + ".png",
        "UPPER.PNG",
    ],
)
def test_files_of_any_name_are_indexed(services: Services, run, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "odd [names]"
    picture(folder / name, 1)
    assert run(folder).added == 1
    assert run(folder).unchanged == 1
    assert set(places(services, folder)) == {name}


def test_a_very_deep_path_is_indexed(services: Services, run, tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d" * 200] * 15)
    picture(deep / "1.png", 1)
    assert run(tmp_path / ("d" * 200)).added == 1


def test_an_event_is_recorded_once_and_used_again(services: Services, run, photos: Path) -> None:
    first = run(photos / "1.png", event=EVENT)
    second = run(photos, event=EVENT)
    shas = {*first.photos.values(), *second.photos.values()}
    with services.reading() as unit:
        assert len(unit.photos.events()) == 1
        assert set(unit.photos.events_of(list(shas))) == shas
    assert [action for action, _ in audit(services)].count(Action.EVENT_CREATED) == 1
    run(photos, event=replace(EVENT, held_on=date(2027, 5, 14)))
    assert counts(services)["events"] == 2


def test_photos_of_a_private_event_do_not_join_a_public_one(
    services: Services, run, photos: Path
) -> None:
    run(photos, event=replace(EVENT, public_space=False))
    with pytest.raises(BadInputError, match="not in a public space"):
        run(photos, event=EVENT)
    assert counts(services)["events"] == 1


def test_an_event_given_later_is_written_to_the_log(services: Services, run, photos: Path) -> None:
    run(photos)
    run(photos, event=EVENT)
    action, details = audit(services)[-1]
    assert action == Action.EVENT_JOINED
    assert (details["photos"], details["files"]) == (0, 3)
    assert details["event"]


def test_the_log_says_how_many_and_for_whom_but_not_which(
    services: Services, run, photos: Path, actor: Actor
) -> None:
    run(photos, event=EVENT)
    with services.reading() as unit:
        entries = list(unit.audit.entries())
    assert [entry.action for entry in entries] == [
        Action.EVENT_CREATED,
        Action.INDEX_PHOTOS_ADDED,
    ]
    assert {entry.actor_id for entry in entries} == {actor.id}
    assert entries[1].details["photos"] == 3
    assert "png" not in json.dumps([dict(entry.details) for entry in entries])


@pytest.mark.parametrize(
    ("folder", "name", "day"),
    [
        ("2026-05-14 Author talk", "Author talk", date(2026, 5, 14)),
        ("2026-05-14_Summer_kick-off", "Summer kick-off", date(2026, 5, 14)),
        ("2026-05-14", "2026-05-14", date(2026, 5, 14)),
        ("2026-13-45 Nonsense", "2026-13-45 Nonsense", None),
        ("Storytime", "Storytime", None),
    ],
)
def test_a_folder_suggests_an_event(
    run, tmp_path: Path, folder: str, name: str, day: date | None
) -> None:
    picture(tmp_path / folder / "1.png", 1)
    [suggestion] = run(tmp_path / folder).suggestions
    assert (suggestion.name, suggestion.held_on, suggestion.photos) == (name, day, 1)
    assert suggestion.folder == str(tmp_path / folder)
    assert run(tmp_path / folder, event=EVENT).suggestions == []
    assert run(tmp_path / folder).suggestions == []


def test_the_day_photos_were_taken_suggests_the_day(
    indexed_samples: Services, samples: Path, actor: Actor
) -> None:
    report = index_photos(indexed_samples, IndexRequest([samples]), actor)
    assert (report.added, report.unchanged, report.forgotten) == (0, 23, 0)
    assert report.seconds < 5
    by_name = {one.name: one.held_on for one in report.suggestions}
    assert by_name["Summer reading kick-off"] == date(2026, 6, 2)


def test_photos_suggest_a_day_where_the_folder_s_name_does_not(
    services: Services, run, samples: Path, tmp_path: Path
) -> None:
    [phone] = samples.rglob("phone-gps-obama.jpg")
    (tmp_path / "Camera").mkdir()
    shutil.copy(phone, tmp_path / "Camera")
    [suggestion] = run(tmp_path / "Camera").suggestions
    assert (suggestion.name, suggestion.held_on) == ("Camera", date(2026, 6, 2))


def test_uploads_are_kept_by_name_and_not_forgotten(services: Services, run, photos: Path) -> None:
    report = run(photos, upload_root=photos)
    assert "upload:1.png" in report.photos
    assert report.suggestions == []
    (photos / "1.png").unlink()
    run(photos, upload_root=photos)
    assert counts(services)["places"] == 3


def test_an_executor_that_dies_loses_one_file_and_says_which(
    services: Services, photos: Path, actor: Actor
) -> None:
    class Crashing(InProcessExecutor):
        """Breaks as a pool does when a worker dies."""

        def submit(self, fn, /, path: Path, **options: object):
            from concurrent.futures import BrokenExecutor, Future

            if path.name != "2.png":
                return super().submit(fn, path, **options)
            future: Future = Future()
            future.set_exception(BrokenExecutor())
            return future

    crashing = replace(services, make_executor=lambda _: Crashing())
    report = index_photos(crashing, IndexRequest([photos], jobs=1), actor)
    codes = {problem.path.name: problem.code for problem in report.problems}
    assert codes["2.png"] is ProblemCode.DECODER_CRASHED
    assert set(places(services, photos)) == {"1.png", "3.png"}


# -- killed -------------------------------------------------------------------------------------


def rows(home: Path) -> dict[str, list[tuple]]:
    """All that indexing writes, but for the moment at which it did."""
    queries = {
        "photos": (
            "SELECT sha256, byte_size, width, height, pdq, phash, dhash, trimmed, taken_at, camera "
            "FROM photo"
        ),
        "places": "SELECT path, photo_sha256, byte_size, mtime_ns FROM place",
        "problems": "SELECT path, code, reason, byte_size, mtime_ns FROM problem",
        "faces": (
            "SELECT photo_sha256, place_in_photo, x1, y1, x2, y2, detector_score, model_id, vector "
            "FROM face JOIN face_encoding ON face_id = face.id"
        ),
    }
    connection = sqlite3.connect(home / "likeness.db")
    try:
        [(whole,)] = connection.execute("PRAGMA integrity_check")
        assert whole == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return {name: sorted(connection.execute(query)) for name, query in queries.items()}
    finally:
        connection.close()


def indexed_so_far(home: Path) -> int:
    if not (home / "likeness.db").exists():
        return 0
    connection = sqlite3.connect(home / "likeness.db")
    try:
        [(number,)] = connection.execute("SELECT count(*) FROM photo")
    except sqlite3.OperationalError:
        return 0
    else:
        return int(number)
    finally:
        connection.close()


def children_of(process: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def is_running(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_killed_in_the_middle_the_next_run_ends_with_the_same_index(
    home: Path, samples: Path, samples_indexed_once: Path
) -> None:
    command = [sys.executable, "-m", "consent.cli", "index", str(samples), "--jobs", "2", "--json"]
    environment = {**os.environ, "LIKENESS_HOME": str(home)}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    end = time.monotonic() + 120
    while indexed_so_far(home) == 0:
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < end
        time.sleep(0.05)
    workers = children_of(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = indexed_so_far(home)
    assert 0 < done < 23
    assert len(rows(home)["places"]) == done
    for sha256, *_ in rows(home)["photos"]:
        assert (home / "thumbnails" / sha256[:2] / f"{sha256}.jpg").stat().st_size > 0

    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    # One of the samples is truncated.
    assert again.returncode == 3
    report = json.loads(again.stdout)
    assert (report["added"], report["unchanged"]) == (23 - done, done)
    assert rows(home) == rows(samples_indexed_once)

    # Workers whose parent was killed do not stay behind.
    end = time.monotonic() + 20
    while any(is_running(worker) for worker in workers):
        assert time.monotonic() < end
        time.sleep(0.2)
