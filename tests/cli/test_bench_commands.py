"""Measuring on labelled photos: what the answers hold, and that a known face counts as found."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from media_index.bench.detect import found_labels, measure_detection
from media_index.bench.setting import wilson
from tests.cli.command_cases import ORIGINALS, Run, refused

# Share of obama2.jpg, 626 x 1200 px: the face is at 198, 231, 471, 619.
LABEL = f"0 {(198 + 471) / 2 / 626} {(231 + 619) / 2 / 1200} {273 / 626} {388 / 1200} -1 -1"


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A photo of one face, labelled, and a label where there is none."""
    folder = tmp_path / "labelled"
    (folder / "images").mkdir(parents=True)
    (folder / "labels").mkdir()
    with Image.open(ORIGINALS / "obama2.jpg") as image:
        image.convert("RGB").resize((313, 600)).save(folder / "images" / "one.jpg")
    (folder / "labels" / "one.txt").write_text(f"{LABEL}\n0 0.05 0.05 0.06 0.03\n")
    return folder


def test_a_labelled_face_counts_as_found(labelled: Path, run: Run) -> None:
    answer = run("bench", "detect", labelled, "--json")

    assert answer.code == 0, answer.err
    assert answer.data["labelled"] == {"12-16": 0, "16-24": 1, "24-32": 0, "32+": 1}
    assert answer.data["recall"] == {"12-16": None, "16-24": 0.0, "24-32": None, "32+": 1.0}
    assert 0 < answer.data["precision"] <= 1
    assert answer.data["seconds"] > 0
    assert answer.data["baseline"]["recall"]["32+"] == 1.0
    assert answer.data["setting"]["machine"]


def test_labels_may_lie_beside_the_photos(labelled: Path, weights: Path) -> None:
    shutil.move(labelled / "labels" / "one.txt", labelled / "images" / "one.txt")

    assert measure_detection(labelled, weights)["recall"]["32+"] == 1.0


def test_a_folder_without_labels_is_refused_in_a_sentence(tmp_path: Path, run: Run) -> None:
    refused(run("bench", "detect", tmp_path), "no photos with labels")
    refused(run("bench", "detect", tmp_path / "none"), "no folder")


def test_a_line_that_is_no_label_is_named(labelled: Path, run: Run) -> None:
    (labelled / "labels" / "one.txt").write_text("0 0.5 0.5\n")

    refused(run("bench", "detect", labelled), "one.txt, line 1")


def test_each_box_finds_one_face() -> None:
    labels = np.array([[0, 0, 10, 10], [1, 0, 10, 10], [50, 50, 10, 10]], float)
    box = [0, 0, 10, 10, *[0] * 10]
    rows = np.array([[*box, 0.9]], np.float32)

    assert found_labels(labels, rows).tolist() == [True, False, False]
    assert found_labels(labels, np.array([[*box, 0.9], [*box, 0.8]], np.float32)).sum() == 2
    assert not found_labels(labels, rows[:0]).any()


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert wilson(0, 0) == [0.0, 1.0]
    assert wilson(5, 10) == pytest.approx([0.2366, 0.7634], abs=1e-4)
    assert wilson(0, 100)[1] == pytest.approx(0.037, abs=1e-3)
