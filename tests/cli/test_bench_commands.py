"""Measuring on labelled photos: what the answers hold, and that a known face counts as found."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from media_index.bench.changes import CHANGES
from media_index.bench.designs import DESIGNS
from media_index.bench.detect import found_labels, measure_detection
from media_index.bench.encoded import MODELS, People, name_of
from media_index.bench.harder import side_by_side
from media_index.bench.open_set import open_set
from media_index.bench.setting import wilson
from tests.cli.command_cases import ORIGINALS, Run, refused

# Encodes a folder of people; .ci/run runs it.
pytestmark = pytest.mark.slow

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
    large, turned = answer.data["large"], answer.data["turned"]
    assert (large["pictures"], large["size"]) == (1, [6000, 4000])
    assert (large["labelled"]["32+"], large["recall"]["32+"]) == (1, 1.0)
    assert list(turned) == ["45", "60", "75", "90", "180"]
    assert {row["recall"]["32+"] for row in turned.values()} == {1.0}
    told = run("bench", "detect", labelled).out
    assert "In photos of 24 megapixels: 16-24 px 0.0% of 1, 32+ px 100.0% of 1." in told
    assert "With heads turned by 60 degrees: 16-24 px 0.0% of 1, 32+ px 100.0% of 1." in told


def test_photos_are_laid_side_by_side_with_their_labels() -> None:
    photo = np.arange(30 * 40 * 3, dtype=np.uint8).reshape(30, 40, 3)
    label = np.array([[5.0, 6.0, 10.0, 12.0]])

    made = list(side_by_side([(photo, label)] * 5, (100, 80)))

    assert [len(labels) for _, labels in made] == [4, 1]
    for paper, labels in made:
        for x, y, wide, high in labels.astype(int):
            assert (paper[y : y + high, x : x + wide] == photo[6:18, 5:15]).all()
    alone = list(side_by_side([(photo, label)], (20, 20)))
    assert alone[0][0].shape == photo.shape


def test_labels_may_lie_beside_the_photos(labelled: Path, weights: Path) -> None:
    shutil.move(labelled / "labels" / "one.txt", labelled / "images" / "one.txt")

    assert measure_detection(labelled, weights)["recall"]["32+"] == 1.0


def test_a_folder_without_labels_is_refused_in_a_sentence(tmp_path: Path, run: Run) -> None:
    refused(run("bench", "detect", tmp_path), "no photos with labels")
    refused(run("bench", "detect", tmp_path / "none"), "not a folder")


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


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Three photos of one person, one of another."""
    folder = tmp_path / "people"
    for name, photos in {"A": ("obama", "obama2", "obama3"), "B": ("biden",)}.items():
        (folder / name).mkdir(parents=True)
        for photo in photos:
            shutil.copy(ORIGINALS / f"{photo}.jpg", folder / name)
    (folder / "groups.csv").write_text("name,group\nA,one\nB,two\n")
    return folder


def test_pairs_of_a_folder_per_person_are_compared(
    people: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of three pairs of strangers there is nothing to say at the rates that are asked for.
    monkeypatch.setattr("media_index.bench.faces.RATES", (1e-4, 1.0))
    monkeypatch.setattr("media_index.bench.faces.FEWEST_MATCHES", 1)
    options = ("--cache", tmp_path / "cache.npz", "--plot", tmp_path / "det.svg", "--jobs", 1)
    answer = run("bench", "faces", people, *options, "--json")

    assert answer.code == 0, answer.err
    assert answer.data["pairs"] == {"genuine": 3, "strangers": 3}
    assert set(answer.data["verification"]) == {*map(name_of, MODELS), "fused"}
    assert answer.data["verification"]["fused"]["0.0001"] is None
    assert answer.data["verification"]["fused"]["1"]["missed"] == 0.0
    assert answer.data["groups"]["one"]["missed"] == 0.0
    assert answer.data["groups"]["two"]["missed"] is None
    assert answer.data["open_set"] == []
    assert (tmp_path / "det.svg").read_text().count("<polyline") == 4

    # Again from the cache, and not from a cache of other photos.
    again = run("bench", "faces", people, *options, "--json")
    assert again.data["verification"] == answer.data["verification"]
    assert (
        "two: 1 person, no two photos of anybody, no pairs of"
        in run("bench", "faces", people, *options).out
    )
    (people / "A" / "obama3.jpg").unlink()
    refused(run("bench", "faces", people, *options), "is of other photos")


def test_an_enrolled_person_is_missed_only_below_the_strangers() -> None:
    draw = np.random.default_rng(1)
    labels = np.repeat(np.arange(200), 4)
    own = draw.normal(size=(200, 128))
    rows = np.repeat(own / np.linalg.norm(own, axis=1, keepdims=True), 4, axis=0)
    alike = {model: rows.astype(np.float32) for model in MODELS}
    noise = {model: np.roll(vectors, 1, axis=0) for model, vectors in alike.items()}
    names = [str(label) for label in range(200)]
    norms = np.full(len(labels), 13.0, np.float32)

    [one, three] = open_set(People(names, labels, alike, norms, []), np.random.default_rng(2))
    [mixed, _] = open_set(People(names, labels, noise, norms, []), np.random.default_rng(2))

    assert (one["enrolled"], one["references"], three["references"]) == (50, 1, 3)
    assert one["fused"]["missed"] == three["fused"]["missed"] == 0.0
    assert one["fused"]["flagged"] == pytest.approx(0.0133, abs=0.01)
    # A quarter of each person's photos are of somebody else.
    assert mixed["fused"]["missed"] > 0.2


def test_copies_of_every_kind_are_found_and_no_other_photo(tmp_path: Path, run: Run) -> None:
    for photo in ("obama2.jpg", "coffee.png"):
        with Image.open(ORIGINALS / photo) as image:
            # Of a taller one a caption leaves too little.
            square = ImageOps.fit(image.convert("RGB"), (480, 480), centering=(0.5, 0.3))
            square.save(tmp_path / f"{photo}.jpg", quality=92)

    answer = run("bench", "copies", tmp_path, "--known", 40, "--json")

    assert answer.code == 0, answer.err
    assert answer.data["known"] == {"photos": 2, "made_up": 38}
    assert answer.data["lost"] == 0
    assert answer.data["search_ms"] > 0
    missed = {
        name: {Path(one).name for one in kind["missed"]}
        for name, kind in answer.data["transformations"].items()
    }
    # Between the words, too little is left of a plain cup to know it by.
    assert missed.pop("with words all across") <= {"coffee.png.jpg"}
    assert missed.keys() == {*CHANGES, *DESIGNS} - {"with words all across"}
    assert not any(missed.values())
    assert answer.data["false_matches"] == 0
    assert answer.data["photos"] == 2
    refused(run("bench", "copies", tmp_path / "none"), "not a folder")


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert wilson(0, 0) == [0.0, 1.0]
    assert wilson(5, 10) == pytest.approx([0.2366, 0.7634], abs=1e-4)
    assert wilson(0, 100)[1] == pytest.approx(0.037, abs=1e-3)
