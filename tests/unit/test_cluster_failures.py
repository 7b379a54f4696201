"""What becomes of work when a cluster fails, without a cluster."""

from __future__ import annotations

import sys
from concurrent.futures import BrokenExecutor, Future
from pathlib import Path
from types import SimpleNamespace

import pytest
from distributed import KilledWorker

from consent import bootstrap
from consent.cli.failures import NOT_DONE, exit_code_of
from consent.settings import Settings
from media_index.errors import ClusterError
from media_index.files import cluster
from media_index.files.cluster import Cluster, program
from media_index.files.pool import ingest
from media_index.fingerprinting import FingerprintSettings
from media_index.types import Problem, ProblemCode

FILES = [Path(f"/photos/{number}.jpg") for number in range(3)]


class Inner:
    """Dask's executor, with futures that end as told."""

    def __init__(self, ends: list[object]) -> None:
        self._ends = ends

    def submit(self, fn: object, *arguments: object) -> Future:
        future: Future = Future()
        end = self._ends.pop(0)
        if isinstance(end, Exception):
            future.set_exception(end)
        elif end == "cancelled":
            future.cancel()
            future.set_running_or_notify_cancel()
        elif end != "never":
            future.set_result(end)
        return future


class Client:
    """A client of a cluster with so many workers, or one that is gone."""

    status = "running"

    def __init__(self, ends: list[object], workers: object = 1) -> None:
        self._ends, self._workers = ends, workers

    def get_executor(self, **options: object) -> Inner:
        assert options["pure"] is False, "a file may have changed since"
        return Inner(self._ends)

    def nthreads(self) -> dict[str, int]:
        if isinstance(self._workers, Exception):
            raise self._workers
        return {f"tcp://worker:{number}": 1 for number in range(int(str(self._workers)))}

    def close(self, timeout: float) -> None:
        self.status = "closed"


def fine(path: Path) -> Problem:
    return Problem(path, ProblemCode.UNREADABLE, path.name)


def over(client: Client) -> list[object]:
    def executor() -> cluster._ClusterExecutor:
        # The others are connected anew.
        if client.status == "closed":
            client.status = "running"
        return cluster._ClusterExecutor(client, "tcp://scheduler:8786")

    return [one.outcome for one in ingest(FILES, fine, executor)]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(cluster, "ALONE_SECONDS", 0.05)


def test_what_the_workers_return_is_returned():
    assert over(Client([1, 2, 3])) == [1, 2, 3]


def test_an_error_nobody_foresaw_costs_only_its_file():
    one, two, three = over(Client([1, ZeroDivisionError(), 3]))
    assert (one, three) == (1, 3)
    assert isinstance(two, Problem)
    assert "ZeroDivisionError" in two.reason


def test_a_file_that_kills_every_worker_is_tried_alone_and_then_named():
    killed = KilledWorker("task", SimpleNamespace(address="tcp://worker:1"), 3)
    one, three, two = over(Client([1, killed, 3, killed]))
    assert (one, three) == (1, 3)
    assert isinstance(two, Problem)
    assert two.code is ProblemCode.DECODER_CRASHED


def test_what_was_only_beside_it_is_done():
    killed = KilledWorker("task", SimpleNamespace(address="tcp://worker:1"), 3)
    assert over(Client([1, killed, 3, 2])) == [1, 3, 2]


@pytest.mark.parametrize(
    ("client", "said"),
    [
        (Client([1, "cancelled", 3]), "has gone"),
        (Client(["never"] * 3, OSError("closed")), "has gone"),
        (Client(["never"] * 3, 0), "has no workers: start one with `dask worker"),
    ],
)
def test_when_nobody_will_do_it_that_is_said(client: Client, said: str):
    with pytest.raises(ClusterError, match=said) as caught:
        over(client)
    assert "tcp://scheduler:8786" in str(caught.value)
    assert exit_code_of(caught.value) == NOT_DONE
    assert client.status == "closed"


def test_nothing_is_handed_to_a_client_that_has_lost_its_scheduler():
    client = Client([])
    client.status = "connecting"
    with pytest.raises(ClusterError, match="has gone"):
        over(client)


def test_a_broken_executor_is_what_ingest_knows():
    killed = KilledWorker("task", SimpleNamespace(address="tcp://worker:1"), 3)
    executor = cluster._ClusterExecutor(Client([killed]), "tcp://scheduler:8786")
    future = executor.submit(fine, FILES[0])
    assert future.done()
    assert isinstance(future.exception(), BrokenExecutor)
    with pytest.raises(BrokenExecutor, match="died while running it"):
        future.result()


@pytest.mark.parametrize("address", ["tcp://scheduler", "nonsense://scheduler:1", "scheduler"])
def test_an_address_that_is_none_is_refused(address: str):
    with pytest.raises(ClusterError, match="cannot be reached"):
        Cluster(address).threads()


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install -e '\.\[cluster\]'"):
        Cluster("tcp://scheduler:8786").threads()


def test_another_program_is_told_apart():
    assert cluster._difference(dict(program())) == ""
    older = {**program(), "numpy": "1.0"}
    assert "numpy 1.0, here" in cluster._difference(older)
    assert cluster._difference(ModuleNotFoundError("No module named 'media_index'")) != ""


def test_a_worker_uses_the_weights_of_its_own_home_where_the_other_has_none_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LIKENESS_HOME", str(tmp_path / "own"))
    theirs = FingerprintSettings(tmp_path / "theirs" / "weights")
    assert bootstrap._settings_here.__wrapped__(theirs).weights == Settings().weights
    theirs.weights.mkdir(parents=True)
    assert bootstrap._settings_here.__wrapped__(theirs) == theirs
    bootstrap._settings_here.cache_clear()
    # Neither has any: said like a missing file of weights on this computer.
    elsewhere = FingerprintSettings(tmp_path / "nowhere")
    photo = tmp_path / "1.jpg"
    photo.write_bytes(b"x")
    outcome = bootstrap._work_elsewhere(photo, elsewhere)
    assert isinstance(outcome, Problem)
    assert outcome.code is ProblemCode.WEIGHTS_MISSING
