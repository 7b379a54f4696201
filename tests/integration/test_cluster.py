"""Indexing over a Dask cluster of two processes, while workers and schedulers die."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from media_index.files.apart import STOPPED
from media_index.files.cluster import Cluster
from media_index.files.pool import ingest
from media_index.types import ProblemCode
from tests.integration.cluster_cases import DaskProcesses, deadly, wait_until
from tests.integration.test_indexing_killed import indexed_so_far, rows

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="sends SIGSTOP and SIGKILL"),
]
PHOTOS = 23


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[DaskProcesses]:
    """The processes of a cluster, ended with the test."""
    folder = tmp_path / "dask"
    folder.mkdir()
    processes = DaskProcesses(folder)
    yield processes
    processes.stop()


@pytest.fixture
def photos(tmp_path: Path, samples: Path) -> Path:
    """The samples but for the damaged one, twice: enough to be in the middle of for a while."""
    folder = tmp_path / "photos"
    for copy in ("first", "second"):
        shutil.copytree(samples, folder / copy, ignore=shutil.ignore_patterns("truncated.jpg"))
    return folder


def index(home: Path, what: object, address: str) -> subprocess.Popen[str]:
    words = ["index", str(what), "--scheduler", address, "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "consent.cli", *words],
        env={**os.environ, "LIKENESS_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def handed_to(address: str, worker: str) -> list[str]:
    """The tasks that the scheduler has handed to a worker and waits for."""
    from distributed import Client

    with Client(address, timeout=10, set_as_default=False) as client:
        known = client.scheduler_info(n_workers=-1)["workers"]
        (at,) = [at for at, one in known.items() if one["name"] == worker]
        return list(client.processing()[at])


@pytest.mark.long
def test_a_worker_killed_midway_costs_a_retry(
    home: Path, photos: Path, samples_indexed_once: Path, dask: DaskProcesses
) -> None:
    dask.scheduler()
    doomed = dask.worker("doomed", "--no-nanny")
    dask.worker("spare", "--no-nanny")
    process = index(home, photos, dask.address)
    try:
        wait_until(lambda: indexed_so_far(home) > 0 or process.poll() is not None)
        # Stopped, it can end none of its tasks any more; those it has now are in its hands.
        doomed.send_signal(signal.SIGSTOP)
        wait_until(lambda: handed_to(dask.address, "doomed"))
        under_way = handed_to(dask.address, "doomed")
        assert process.poll() is None, "it ended before its worker could be killed"
        assert indexed_so_far(home) < PHOTOS
        doomed.kill()
        out, err = process.communicate(timeout=240)
    finally:
        process.kill()
        process.communicate()

    assert under_way
    assert process.returncode == 0, (out, err, dask.logs())
    assert err.strip() == ""
    report = json.loads(out)
    assert (report["added"], report["problems"]) == (PHOTOS, [])
    here, ordinary = rows(home), rows(samples_indexed_once)
    assert here["photos"] == ordinary["photos"]
    assert here["faces"] == ordinary["faces"]
    assert here["encodings"] == ordinary["encodings"]
    assert here["problems"] == []
    assert sorted(path for path, *_ in here["places"]) == sorted(
        str(path)
        for path in photos.rglob("*")
        if path.suffix in {".jpg", ".png", ".heic", ".webp", ".tif", ".tiff", ".avif"}
    )


@pytest.mark.long
def test_a_scheduler_that_goes_midway_leaves_what_is_done_and_the_next_run_goes_on(
    home: Path, photos: Path, samples_indexed_once: Path, dask: DaskProcesses
) -> None:
    scheduler = dask.scheduler()
    workers = [dask.worker(name, "--no-nanny") for name in ("one", "two")]
    # Read through fsspec, here and on the workers.
    process = index(home, photos.as_uri(), dask.address)
    try:
        wait_until(lambda: indexed_so_far(home) > 0 or process.poll() is not None)
        scheduler.kill()
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 3, (err, dask.logs())
    assert "has gone. What was done so far is kept" in err
    assert "Traceback" not in err
    done = len(rows(home)["places"])
    assert 0 < done < 2 * PHOTOS

    for worker in workers:
        worker.kill()
    dask.scheduler()
    for name in ("three", "four"):
        dask.worker(name, "--no-nanny")
    process = index(home, photos.as_uri(), dask.address)
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, (out, err, dask.logs())
    # A copy of what was done is known by its bytes.
    assert json.loads(out)["unchanged"] >= done
    here = rows(home)
    assert here["photos"] == rows(samples_indexed_once)["photos"]
    assert len(here["places"]) == 2 * PHOTOS
    assert all(path.startswith("file:///") for path, *_ in here["places"])


def test_a_file_that_kills_every_worker_is_named_and_stops_nothing(dask: DaskProcesses) -> None:
    dask.scheduler(allowed_failures=1)
    dask.worker("nanny", "--nworkers", "2")
    cluster = Cluster(dask.address)
    wait_until(lambda: cluster.threads() == 2)
    files = [Path(f"/photos/{number}.jpg") for number in range(40)]
    files.insert(5, Path("/photos/killer.jpg"))
    done = list(ingest(files, deadly, cluster.executor, 16))
    assert Counter(one.path for one in done) == Counter(files)
    crashed = [one for one in done if one.outcome.code is ProblemCode.DECODER_CRASHED]
    assert [one.path.name for one in crashed] == ["killer.jpg"]
    assert crashed[0].outcome.reason == STOPPED
    # Among others, and then alone.
    assert dask.logs().count("marked as failed because 2 workers died") >= 2
