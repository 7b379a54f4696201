"""likeness bench sweep, check, hashes and index: figures, and that what is found is right."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.command_cases import ORIGINALS, Run, refused


def test_a_sweep_is_measured_and_held_to_a_plain_loop(run: Run, environment: Path):
    found = run("bench", "sweep", "--faces", "9e3", "--seed", 4, "--json").data

    assert found["same_as_plain_loop"] is True
    assert found["found"] >= 20, "those that were planted"
    assert (found["faces"], found["templates"], found["seed"]) == (9000, 3, 4)
    assert found["warm_seconds"] > 0
    assert found["file_mib"] == pytest.approx(9000 * 1040 / 2**20, abs=0.1)
    assert found["machine"]


def test_comparing_and_hashes_are_measured(run: Run, environment: Path):
    check = run("bench", "compare", "--templates", 200, "--json").data
    hashes = run("bench", "hashes", "--hashes", "2e4", "--json").data

    assert (check["same_as_plain"], check["templates"], check["faces"]) == (True, 200, 5)
    assert (hashes["same_as_plain"], hashes["hashes"], hashes["bits"]) == (True, 20_000, 256)
    assert "the same as by plain arithmetic" in run("bench", "compare", "--templates", 9).out
    assert "gives the same" in run("bench", "hashes", "--hashes", 100).out


def test_growth_is_measured_and_drawn(run: Run, environment: Path, tmp_path: Path):
    picture = tmp_path / "growth.svg"
    found = run("bench", "growth", "--most", "1e4", "--plot", picture, "--json").data

    assert [one["faces"] for one in found["sweeps"]] == [1000, 10_000]
    assert all(one["same_as_plain_loop"] for one in found["sweeps"])
    assert all(one["same_as_plain"] for one in found["hashes"])
    assert picture.read_text().count("<polyline") == 4
    refused(run("bench", "growth", "--most", "99"), "at least 1000")
    refused(run("bench", "growth", "--plot", tmp_path / "growth.png"), "ends in .svg")


@pytest.mark.parametrize("number", ["none", "0", "-1e3", "1e999", "nan", "1e30", "10000001"])
def test_a_count_that_is_none_is_refused(run: Run, environment: Path, number: str):
    refused(run("bench", "sweep", f"--faces={number}"), number)


def test_a_folder_without_photos_is_refused(run: Run, environment: Path, tmp_path: Path):
    refused(run("bench", "index", tmp_path), "has no photos")
    refused(run("bench", "check", tmp_path), "has no photos")
    refused(run("bench", "index", tmp_path / "none"), "is not a folder")


@pytest.mark.bench
def test_indexing_is_measured_beside_others(run: Run, environment: Path, tmp_path: Path):
    for name in ("obama.jpg", "obama2.jpg"):
        shutil.copy(ORIGINALS / name, tmp_path)

    found = run("bench", "index", tmp_path, "--json").data

    rates = found["photos_per_second"]
    assert set(rates) == {
        "likeness",
        "likeness_one_process",
        "opencv_floor",
        "face_recognition",
        "imagededup",
    }
    assert rates["likeness"] > 0
    assert rates["imagededup"] or found["not_measured"]["imagededup"]
    # In tests a picture is hashed once for all, and no stage is told of it.
    assert {"decode", "detect", "encode", "store"} <= set(found["stages_ms"])


@pytest.mark.bench
def test_a_million_faces_are_searched_in_less_than_a_plain_loop_takes(run: Run, environment: Path):
    found = run("bench", "sweep", "--faces", "1e6", "--json").data

    assert found["same_as_plain_loop"] is True
    # Three and more on a quiet computer.
    assert found["times_plain_loop"] > 1
    assert found["rss_mib"] < 2048


@pytest.mark.slow
def test_every_page_is_opened_and_its_cost_said(run: Run, environment: Path):
    found = run("bench", "pages", "--json").data

    assert {"sign-in", "review.queue", "published.takedowns"} <= found["cpu_seconds"].keys()
    assert all(seconds > 0 for taken in found["cpu_seconds"].values() for seconds in taken)


@pytest.mark.slow
def test_checks_are_measured_beside_more_and_more_people(
    run: Run, environment: Path, tmp_path: Path
):
    shutil.copy(ORIGINALS / "obama.jpg", tmp_path)

    found = run("bench", "check", tmp_path, "--people", 0, "--people", 4, "--json").data

    assert [row["people"] for row in found["registers"]] == [0, 4]
    assert found["registers"][0]["times"] == 1
    assert all(row["cpu_seconds"] > 0 for row in found["registers"])
