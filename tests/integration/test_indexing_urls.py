"""Folders named by a URL: indexed, found again, forgotten and read like any other."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import fsspec
import pytest

from consent.cases.references import read_reference
from consent.checking.check import check_photos
from consent.domain.actors import Actor, Role
from consent.domain.errors import BadInputError
from consent.domain.verdicts import ReasonCode, Verdict
from consent.indexing.rebuild import renew_index
from consent.jobs.check import check_folder
from consent.services import Services
from media_index.files.places import place_of
from media_index.files.urls import UrlPlace
from media_index.types import ProblemCode
from tests.integration.indexing_cases import counts, picture

ADMIN = Actor("a.admin", Role.ADMIN)


@pytest.fixture
def bucket(tmp_path) -> Iterator[UrlPlace]:
    """Three photos and a broken one, in a store in memory."""
    root = UrlPlace(f"memory://{uuid4().hex}")
    files = fsspec.filesystem("memory")
    for seed in (1, 2, 3):
        content = picture(tmp_path / "made" / f"{seed}.png", seed).read_bytes()
        files.pipe(f"{root}/2026/{seed}.png", content)
    files.pipe(f"{root}/2026/broken.png", content[: len(content) // 2])
    yield root
    if files.exists(str(root)):
        files.rm(str(root), recursive=True)


def paths(services: Services, folder: UrlPlace) -> list[str]:
    with services.reading() as unit:
        return [str(place_of(one)) for one in unit.photos.paths_below(folder)]


def test_a_url_is_kept_whole_and_found_unchanged(run, services: Services, bucket: UrlPlace):
    report = run(bucket)
    assert report.added == 3
    [problem] = report.problems
    assert (problem.path, problem.code) == (bucket / "2026" / "broken.png", ProblemCode.UNREADABLE)
    kept = [f"{bucket}/2026/{name}.png" for name in ("1", "2", "3", "broken")]
    assert paths(services, bucket) == kept
    assert list(report.photos) == kept[:3]
    assert [one.folder for one in report.suggestions] == [f"{bucket}/2026"]
    with services.reading() as unit:
        assert [one.path for one in unit.photos.problems()] == [problem.path]

    again = run(bucket)
    assert (again.added, again.unchanged) == (0, 3)
    assert [(one.path, one.code) for one in again.problems] == [(problem.path, problem.code)]


def test_a_file_that_changed_is_read_again(run, bucket: UrlPlace, tmp_path):
    run(bucket)
    content = picture(tmp_path / "made" / "9.png", 9).read_bytes()
    fsspec.filesystem("memory").pipe(f"{bucket}/2026/1.png", content)
    report = run(bucket)
    assert (report.added, report.unchanged) == (1, 2)


def test_where_the_store_tells_no_time_bytes_are_read_again(
    run, bucket: UrlPlace, monkeypatch: pytest.MonkeyPatch
):
    store = type(fsspec.filesystem("memory"))

    def untold(self: object, path: str) -> object:
        raise NotImplementedError

    monkeypatch.setattr(store, "modified", untold)
    run(bucket)
    read: list[str] = []
    opened = store._open

    def counted(self: object, path: str, *arguments: object, **options: object) -> object:
        read.append(path)
        return opened(self, path, *arguments, **options)

    monkeypatch.setattr(store, "_open", counted)
    again = run(bucket)
    assert (again.added, again.unchanged) == (0, 3)
    assert {path.rsplit("/", 1)[1] for path in read} >= {"1.png", "2.png", "3.png"}


def test_what_is_gone_is_forgotten_unless_a_folder_could_not_be_listed(
    run, services: Services, bucket: UrlPlace, monkeypatch: pytest.MonkeyPatch
):
    files = fsspec.filesystem("memory")
    run(bucket)
    files.rm(f"{bucket}/2026/1.png")
    store = type(files)
    listed = store.ls

    def refused(self: object, path: str, **options: object) -> object:
        if path.endswith("/2026"):
            raise PermissionError(13, "Permission denied")
        return listed(self, path, **options)

    with monkeypatch.context() as patch:
        patch.setattr(store, "ls", refused)
        report = run(bucket)
        assert report.forgotten == 0
        assert [one.path for one in report.problems] == [bucket / "2026"]
        assert counts(services)["places"] == 3

    assert run(bucket).forgotten == 1
    assert counts(services)["places"] == 2


def test_a_store_that_does_not_answer_loses_nothing(
    run, services: Services, bucket: UrlPlace, monkeypatch: pytest.MonkeyPatch
):
    run(bucket)
    store = type(fsspec.filesystem("memory"))

    def silent(self: object, path: str, **options: object) -> object:
        raise ConnectionError("no route")

    with monkeypatch.context() as patch:
        patch.setattr(store, "info", silent)
        report = run(bucket)
        assert report.forgotten == 0
        [problem] = report.problems
        assert problem.path == bucket
        assert "no route" in problem.reason
    assert run(bucket).unchanged == 3


def test_a_file_that_could_not_be_opened_is_tried_again(
    run, bucket: UrlPlace, monkeypatch: pytest.MonkeyPatch
):
    store = type(fsspec.filesystem("memory"))

    def silent(self: object, path: str, **options: object) -> object:
        raise ConnectionError("no route")

    with monkeypatch.context() as patch:
        patch.setattr(store, "cat_file", silent)
        assert len(run(bucket).problems) == 4
    assert run(bucket).added == 3


def test_a_check_and_what_reads_a_place_back_read_urls_too(
    run, services: Services, bucket: UrlPlace, actor: Actor
):
    use = services.policy.use("instagram")
    report = check_photos(services, [bucket / "2026"], use, actor, jobs=1)
    verdicts = {one.path: one.decision.verdict for one in report.clearances}
    broken = f"{bucket}/2026/broken.png"
    assert verdicts.pop(broken) is Verdict.NOT_CHECKED
    assert set(verdicts.values()) == {Verdict.CLEAR}
    [sha256] = {one.sha256 for one in report.clearances if one.path.endswith("/1.png")}

    named = read_reference(services, f"{bucket}/2026/1.png")
    assert read_reference(services, str(sha256)) == named
    assert named.name == "1.png"

    renewed = renew_index(services, ADMIN, jobs=1)
    assert (renewed.renewed, renewed.left, renewed.problems) == (3, 0, [])


def test_when_the_store_is_away_what_reads_a_place_back_says_so(
    run, services: Services, bucket: UrlPlace, actor: Actor
):
    run(bucket)
    fsspec.filesystem("memory").rm(str(bucket), recursive=True)
    renewed = renew_index(services, ADMIN, jobs=1)
    assert (renewed.renewed, renewed.left) == (0, 3)
    use = services.policy.use("instagram")
    [clearance] = check_photos(services, [bucket], use, actor, jobs=1).clearances
    assert clearance.path == str(bucket)
    assert clearance.decision.reasons[0].code is ReasonCode.UNREADABLE


@pytest.mark.parametrize("address", ["memory://gone", "webhdfs://127.0.0.1/x", "ftp://host/x"])
def test_the_page_follows_no_address(services: Services, actor: Actor, address: str):
    with pytest.raises(BadInputError, match="web addresses, use the command"):
        check_folder(services, address, services.policy.use("instagram"), actor)
