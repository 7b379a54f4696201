"""Paths and URLs: listed, looked at and read through one door."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest

from media_index.files import urls as url_place
from media_index.files.places import absolute, is_gone, may_hide_photos, named, place_of, stamp_of
from media_index.files.pool import find_photos
from media_index.files.urls import MissingReaderError, PlaceError, UrlPlace
from media_index.fingerprinting import file_sha256
from media_index.hashing.perceptual import sha256_hex
from media_index.types import NO_STAMP, FileStamp, ProblemCode


@pytest.fixture
def bucket() -> Iterator[UrlPlace]:
    """A store in memory with four photos, and what is none."""
    root = UrlPlace(f"memory://{uuid4().hex}")
    files = fsspec.filesystem("memory")
    for name in ("b.jpg", "a/2.PNG", "a/1.jpg", "a/deep/3.heic", "a/notes.txt", "a/._1.jpg"):
        files.pipe(f"{root}/{name}", name.encode())
    yield root
    files.rm(str(root), recursive=True)


class FakeStore:
    """A store that answers as it is told."""

    protocol = "fake"

    def __init__(self, info: object, modified: object = NotImplementedError()) -> None:
        self.answers = {"info": info, "modified": modified}

    def __getattr__(self, name: str) -> object:
        def answer(*_: object, **__: object) -> object:
            found = self.answers.get(name)
            if isinstance(found, Exception):
                raise found
            return found

        return answer


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch):
    """Let every URL be one of a store that answers as told."""

    def tell(info: object, **answers: object) -> UrlPlace:
        store = FakeStore(info)
        store.answers |= answers
        monkeypatch.setattr(url_place, "opened", lambda url: (store, url))
        return UrlPlace("s3://bucket/1.jpg")

    return tell


@pytest.mark.parametrize(
    "text", ["/photos/1.jpg", "photos", "C:\\photos\\1.jpg", "C:/photos", "upload:x/1.jpg", "a:b"]
)
def test_a_path_stays_a_path(text: str):
    assert place_of(text) == Path(text)
    assert named(text) == Path(text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("s3://bucket/2026/", "s3://bucket/2026"),
        ("S3://Bucket/Ü b#?.jpg", "s3://Bucket/Ü b#?.jpg"),
        ("memory://", "memory://"),
        ("file:///", "file:///"),
        ("abfs+x://a//b", "abfs+x://a//b"),
    ],
)
def test_a_url_is_kept_as_it_is_but_for_its_last_slash(text: str, url: str):
    place = place_of(text)
    assert isinstance(place, UrlPlace)
    assert str(place) == url
    assert place_of(url) == place == absolute(place) == pickle.loads(pickle.dumps(place))


def test_a_url_has_the_parts_of_a_path():
    place = UrlPlace("s3://bucket/2026-05-14 Talk/1.JPG")
    assert (place.name, place.suffix) == ("1.JPG", ".JPG")
    assert place.parent == UrlPlace("s3://bucket/2026-05-14 Talk")
    assert place.parent / "1.JPG" == place
    assert UrlPlace("memory://1.jpg").parent == UrlPlace("memory://")
    assert UrlPlace("memory://") / "1.jpg" == UrlPlace("memory://1.jpg")


def test_photos_below_a_url_are_listed_and_read(bucket: UrlPlace):
    found, problems = find_photos([bucket, bucket / "b.jpg"])
    assert problems == []
    names = ["b.jpg", "a/1.jpg", "a/2.PNG", "a/deep/3.heic"]
    assert [str(one) for one in found] == [f"{bucket}/{name}" for name in names]
    for place, name in zip(found, names, strict=True):
        assert place.read_bytes() == name.encode()
        assert file_sha256(place) == sha256_hex(name.encode())
        assert place.is_file()
        assert not place.is_dir()
        assert not is_gone(place)


def test_a_store_is_listed_by_content_and_only_the_beginning_is_read(
    bucket: UrlPlace, monkeypatch: pytest.MonkeyPatch
):
    files = fsspec.filesystem("memory")
    files.pipe(f"{bucket}/IMG_1.jpg_large", b"\xff\xd8\xff\xe0" + bytes(99_999))
    files.pipe(f"{bucket}/clip", b"\0\0\0\x18ftypisom" + bytes(99_999))
    asked = []
    read = type(files).cat_file

    def cat_file(self: object, path: str, start: int, end: int) -> bytes:
        asked.append(end)
        return read(self, path, start, end)

    monkeypatch.setattr(type(files), "cat_file", cat_file)
    found, problems = find_photos([bucket])
    assert problems == []
    assert {one.name for one in found} >= {"IMG_1.jpg_large", "clip", "b.jpg"}
    assert "notes.txt" not in {one.name for one in found}
    assert max(asked) <= 4096


def test_a_file_named_is_taken_whatever_its_suffix(bucket: UrlPlace):
    found, problems = find_photos([bucket / "a" / "notes.txt"])
    assert (found, problems) == ([bucket / "a" / "notes.txt"], [])


def test_what_is_not_there_is_a_problem(bucket: UrlPlace):
    gone = bucket / "gone"
    found, [problem] = find_photos([gone, bucket / "b.jpg"])
    assert found == [bucket / "b.jpg"]
    assert (problem.path, problem.code) == (gone, ProblemCode.UNREADABLE)
    assert "no such file or folder" in problem.reason
    assert is_gone(gone)
    assert not gone.exists()
    assert not may_hide_photos(gone)
    assert stamp_of(gone) == NO_STAMP


def test_the_stamp_changes_with_the_file(bucket: UrlPlace):
    place = bucket / "b.jpg"
    first = stamp_of(place)
    assert first.byte_size == 5
    assert first.is_same_as(stamp_of(place))
    fsspec.filesystem("memory").pipe(str(place), b"other")
    assert stamp_of(place).byte_size == 5
    assert not first.is_same_as(stamp_of(place))


def test_an_etag_tells_more_than_seconds(answers):
    modified = datetime(2026, 5, 14, tzinfo=UTC)
    one = stamp_of(answers({"size": 5, "type": "file", "ETag": '"a"'}, modified=modified))
    two = stamp_of(answers({"size": 5, "type": "file", "ETag": '"b"'}, modified=modified))
    assert 0 <= one.mtime_ns < 2**63
    assert one.is_same_as(one)
    assert not one.is_same_as(two)


def test_without_an_etag_the_time_tells(answers):
    modified = datetime(2026, 5, 14, tzinfo=UTC)
    stamp = stamp_of(answers({"size": 5, "type": "file", "ETag": 'W/"a"'}, modified=modified))
    assert stamp == FileStamp(5, int(modified.timestamp()) * 1_000_000_000)


@pytest.mark.parametrize("info", [{"size": 5}, {"size": None}, {"size": 5, "ETag": 'W/"a"'}])
def test_a_store_that_does_not_tell_is_never_believed(answers, info: dict):
    stamp = stamp_of(answers({"type": "file", **info}, modified=NotImplementedError()))
    assert not stamp.is_same_as(stamp)


@pytest.mark.parametrize("error", [TimeoutError("slow"), KeyError("NoCredentials")])
def test_a_store_that_does_not_answer_has_lost_nothing(answers, error: Exception):
    place = answers(error, cat_file=error)
    assert not is_gone(place)
    assert may_hide_photos(place)
    assert not place.is_file()
    assert stamp_of(place) == NO_STAMP
    with pytest.raises(OSError, match=r"slow|NoCredentials"):
        place.read_bytes()
    found, [problem] = find_photos([place])
    assert found == []
    assert "could not be opened" in problem.reason


def test_a_folder_that_cannot_be_listed_is_a_problem_and_the_others_are_listed(
    bucket: UrlPlace, monkeypatch: pytest.MonkeyPatch
):
    store = type(fsspec.filesystem("memory"))
    listed = store.ls

    def ls(self: object, path: str, **options: object) -> object:
        if path.endswith("/deep"):
            raise PermissionError(13, "Permission denied")
        return listed(self, path, **options)

    monkeypatch.setattr(store, "ls", ls)
    found, [problem] = find_photos([bucket])
    assert len(found) == 3
    assert problem.path == bucket / "a" / "deep"
    assert "could not be opened (Permission denied)" in problem.reason
    assert may_hide_photos(bucket / "a" / "deep")


def test_a_folder_of_this_computer_named_by_a_url(tmp_path: Path):
    for name in ("1.jpg", "home/thumbnails/2.jpg", "sub/3.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "link.jpg").symlink_to(tmp_path / "sub" / "3.jpg")
    root = UrlPlace(tmp_path.as_uri())
    found, [problem] = find_photos([root], tmp_path / "home")
    assert found == [root / "1.jpg", root / "link.jpg", root / "sub" / "3.jpg"]
    assert problem.path == root / "round"
    assert "A link to a folder is not followed" in problem.reason
    status = (tmp_path / "1.jpg").stat()
    stamp = stamp_of(root / "1.jpg")
    assert stamp.byte_size == status.st_size
    # fsspec's times are floats, exact to some hundred nanoseconds.
    assert abs(stamp.mtime_ns - status.st_mtime_ns) < 2000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sftp://ann:secret@host/photos", "password"),
        ("zip://*::s3://bucket/a.zip", "chain of several URLs"),
        ("file://photos", "file:///folder"),
        ("nonsense://bucket", "nonsense"),
        ("webhdfs://127.0.0.1:1/x", "LIKENESS_SCHEMES"),
        ("FTP://127.0.0.1:1/x", "kind ftp"),
        ("http://127.0.0.1:1/x", "kind http"),
    ],
)
def test_a_url_that_cannot_be_kept_is_refused(text: str, said: str):
    with pytest.raises(PlaceError, match=said) as caught:
        named(text)
    assert "secret" not in str(caught.value)


def test_without_the_extra_a_url_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch):
    for module in ("fsspec", "fsspec.core"):
        monkeypatch.setitem(__import__("sys").modules, module, None)
    with pytest.raises(MissingReaderError, match=r"pip install -e '\.\[cluster\]'"):
        named("memory://bucket")
    # What the database holds is still named, and is an unreadable place to whoever reads it.
    place = place_of("memory://bucket/1.jpg")
    assert not place.is_file()
    with pytest.raises(OSError, match=r"\[cluster\]"):
        place.read_bytes()
    assert named("/photos") == Path("/photos")


def test_without_its_driver_a_store_is_refused_with_its_name(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(__import__("sys").modules, "s3fs", None)
    with pytest.raises(MissingReaderError, match="Install s3fs"):
        named("s3://bucket/2026")
