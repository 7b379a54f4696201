"""Pages read what lies below the roots; nobody learns by them what else the server holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from consent.domain.actors import Actor
from consent.domain.errors import BadInputError
from consent.indexing.roots import below_roots
from consent.jobs import runner
from consent.jobs.check import check_folder
from consent.publishing.csv_import import import_publications
from consent.services import Services
from consent.settings import Settings
from media_index.files.places import is_file_now, place_of
from media_index.files.urls import PlaceError
from tests.integration.indexing_cases import picture


@pytest.fixture
def rooted(services: Services, tmp_path: Path) -> Services:
    """A server with photos below its root, and a photo that is none of the pages' business."""
    picture(tmp_path / "photos" / "talk" / "1.png", 1)
    picture(tmp_path / "private" / "2.png", 2)
    settings = services.settings.model_copy(update={"roots": (tmp_path / "photos",)})
    return replace(services, settings=settings)


def refusal(services: Services, typed: str) -> str:
    with pytest.raises(BadInputError) as caught:
        below_roots(services.settings, typed)
    return str(caught.value).replace(f"no {typed} in", "no such thing in")


def test_what_is_missing_and_what_is_forbidden_are_refused_in_the_same_words(
    rooted: Services, tmp_path: Path
):
    outside = [
        tmp_path / "private",
        tmp_path / "private" / "2.png",
        tmp_path / "photos" / ".." / "private",
        tmp_path / "photos-of-others",
        tmp_path / "nowhere",
        Path("/etc/passwd"),
        Path("/root"),
    ]

    said = {refusal(rooted, str(path)) for path in outside}

    assert len(said) == 1
    assert "LIKENESS_ROOTS" in said.pop()
    for nothing in ("", "a\0b", "~root", "x" * 5000):
        assert "in the folders that the pages may read" in refusal(rooted, nothing)


@pytest.mark.parametrize("name", ["link", "talk/link"])
@pytest.mark.parametrize("target", ["private", "private/2.png"])
def test_links_that_lead_out_are_refused_at_any_depth(
    rooted: Services, tmp_path: Path, name: str, target: str
):
    photos = tmp_path / "photos"
    (photos / name).symlink_to(tmp_path / target)

    assert "in the folders that the pages may read" in refusal(rooted, str(photos / name))
    assert "a link to a place outside" in refusal(rooted, str(photos))


def test_links_within_are_followed_and_rings_end(rooted: Services, tmp_path: Path):
    photos = tmp_path / "photos"
    (photos / "same").symlink_to(photos / "talk")
    (photos / "talk" / "ring").symlink_to(photos)

    assert below_roots(rooted.settings, f'"{photos / "same"}" ') == (photos / "talk").resolve()


def test_a_check_is_started_for_a_folder_below_a_root_alone(
    rooted: Services, tmp_path: Path, actor: Actor, monkeypatch: pytest.MonkeyPatch
):
    started: list[str] = []
    monkeypatch.setattr(runner, "_start_process", started.append)
    use = rooted.policy.use("instagram")

    with pytest.raises(BadInputError):
        check_folder(rooted, str(tmp_path / "private"), use, actor)
    assert started == []
    assert [check_folder(rooted, str(tmp_path / "photos" / "talk"), use, actor)] == started


def test_a_list_handed_in_on_a_page_names_no_file_beyond_the_roots(
    rooted: Services, tmp_path: Path, actor: Actor
):
    listed = tmp_path / "list.csv"
    names = [tmp_path / "private" / "2.png", "/etc/passwd", "/nowhere", "../private/2.png"]
    rows = [f"{name},facebook,2026-05-01" for name in names]
    listed.write_text("\n".join(["photo,channel,date", *rows]), encoding="utf-8")

    report = import_publications(rooted, listed, actor, on_page=True)

    assert report.recorded == []
    assert len(report.bad) == len(names)
    assert all("in the folders that the pages may read" in bad.reason for bad in report.bad)


@pytest.mark.parametrize("kind", ["ftp", "webhdfs", "http", "simplecache::ftp", "s3://x::ftp"])
def test_an_address_of_a_kind_that_nobody_allowed_is_not_opened(kind: str):
    place = place_of(f"{kind}://127.0.0.1:1/1.jpg")

    assert not is_file_now(place)
    with pytest.raises(PlaceError, match="are not read here"):
        place.kind()  # type: ignore[union-attr]


def test_the_kinds_of_addresses_are_a_setting(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LIKENESS_SCHEMES", "s3, https")
    with pytest.raises(OSError, match="kind memory are not read here"):
        place_of("memory://x/1.jpg").kind()  # type: ignore[union-attr]


def test_the_roots_are_a_setting_and_else_the_samples(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("LIKENESS_ROOTS", f"{tmp_path}/a:{tmp_path}/b")
    assert Settings().read_by_pages == (tmp_path / "a", tmp_path / "b")
    monkeypatch.delenv("LIKENESS_ROOTS")
    plain = Settings(home=tmp_path)
    assert plain.read_by_pages == (plain.samples,)
