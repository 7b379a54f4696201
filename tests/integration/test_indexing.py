"""Indexing real files into a real database: complete, repeatable, and never half done."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from consent.domain.actors import Actor
from consent.indexing.index import IndexReport, IndexRequest, index_photos
from consent.services import Services
from consent.storage.thumbnails import thumbnail
from media_index.types import Problem, ProblemCode
from tests.integration.indexing_cases import EVENT, audit, counts, picture, places


def test_a_folder_is_indexed_with_its_problems(services: Services, run, photos: Path) -> None:
    report = run(photos)
    assert (report.added, report.unchanged, len(report.problems)) == (3, 0, 1)
    assert set(places(services, photos)) == {"1.png", "2.png", "3.png"}
    with services.reading() as unit:
        [stored] = unit.photos.problems()
    assert stored == report.problems[0]
    assert (stored.path, stored.code) == (photos / "broken.png", ProblemCode.UNREADABLE)
    for sha256 in report.photos.values():
        assert (thumbnail(services.settings.thumbnails, sha256) or b"").startswith(b"\xff\xd8")


def test_a_pdf_is_sent_to_the_page_that_takes_its_pictures_out(run, tmp_path: Path) -> None:
    layout = tmp_path / "newsletter.jpg"
    layout.write_bytes(b"%PDF-1.7\n")
    [problem] = run(layout).problems
    assert problem.code is ProblemCode.UNSUPPORTED_FORMAT
    assert problem.reason == (
        "A PDF: upload it on the page Print, or with likeness print new, print place and audit, "
        "which take the pictures out of it."
    )


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
        [event] = unit.events.of_photos([sha256])[sha256]
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
    spying = replace(
        services,
        fingerprint_file=lambda path: (tried.append(path), services.fingerprint_file(path))[1],
    )

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

    broken = replace(services, fingerprint_file=without_weights)
    assert len(index_photos(broken, IndexRequest([photos], jobs=1), actor).problems) == 4
    assert run(photos).added == 3


def test_a_file_still_being_copied_is_read_again_the_next_time(
    services: Services, run, photos: Path, actor: Actor
) -> None:
    whole = (photos / "1.png").read_bytes()
    (photos / "1.png").write_bytes(whole[:500])

    def meanwhile(path: Path) -> object:
        outcome = services.fingerprint_file(path)
        if path.name == "1.png":
            path.write_bytes(whole)
        return outcome

    copying = replace(services, fingerprint_file=meanwhile)
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
