"""URLs and clusters at the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from uuid import uuid4

import fsspec
import pytest

from tests.cli.command_cases import ORIGINALS, Run, refused


@pytest.fixture
def bucket() -> Iterator[str]:
    """Two of the samples, in a store in memory."""
    root = f"memory://{uuid4().hex}"
    files = fsspec.filesystem("memory")
    for name in ("obama.jpg", "coffee.png"):
        files.pipe(f"{root}/{name}", (ORIGINALS / name).read_bytes())
    yield root
    files.rm(root, recursive=True)


def test_a_url_is_indexed_found_again_and_checked(run: Run, indexed, bucket: str):
    first = run("index", bucket, "--json")
    assert first.code == 0
    # The same bytes are in the index at another place.
    assert (first.data["added"], first.data["unchanged"]) == (0, 2)
    checked = run("check", f"{bucket}/", "--use", "instagram", "--json").data
    assert [one["path"] for one in checked["photos"]] == [
        f"{bucket}/coffee.png",
        f"{bucket}/obama.jpg",
    ]


def test_without_the_extra_a_url_ends_with_3_and_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
):
    for module in ("fsspec", "fsspec.core"):
        monkeypatch.setitem(sys.modules, module, None)
    for words in (["index", "s3://bucket"], ["check", "file:///photos", "--use", "instagram"]):
        answer = run(*words)
        assert answer.code == 3
        assert "pip install -e '.[cluster]'" in answer.err
        assert "Traceback" not in answer.err


def test_without_the_extra_a_scheduler_ends_with_3_and_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "distributed", None)
    answer = run("index", ORIGINALS, "--scheduler", "tcp://10.0.0.5:8786")
    assert answer.code == 3
    assert "pip install -e '.[cluster]'" in answer.err


def test_a_url_that_cannot_be_kept_is_refused(run: Run):
    refused(run("index", "sftp://ann:secret@host/photos"), "sftp://ann:***@host/photos")
    refused(run("index", "nonsense://bucket"), "nonsense")


def test_a_scheduler_that_is_none_is_refused(run: Run):
    answer = run("index", ORIGINALS, "--scheduler", "10.0.0.5")
    assert answer.code == 3
    assert "cannot be reached (missing port number" in answer.err
    both = run("index", ORIGINALS, "--scheduler", "tcp://10.0.0.5:8786", "--jobs", "2")
    refused(both, "leave it out with --scheduler")
