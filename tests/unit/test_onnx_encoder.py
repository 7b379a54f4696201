"""A model's file: what it says of itself, how its pixels are prepared, and why it is refused."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from media_index.faces.encode import SFaceEncoder
from media_index.faces.onnx_encoder import EncoderFileError, OnnxEncoder, Preparation, model_file
from media_index.faces.onnx_reader import OnnxFileError, read_onnx
from media_index.faces.onnx_writer import OnnxGraph
from media_index.faces.weights import SFACE_WEIGHTS, verified

CHIP = (1, 3, 112, 112)
Side = int | str


def no_align(rgb: NDArray[np.uint8], rows: NDArray[np.float32]) -> list[NDArray[np.uint8]]:
    return [rgb for _ in rows]


def model(
    path: Path,
    *,
    shape: tuple[Side, ...] = CHIP,
    numbers: int = 64,
    scale: float = 1.0,
    begins: tuple[str, ...] = (),
) -> Path:
    """Write a model that mixes the means of a chip's channels into a vector."""
    graph = OnnxGraph("mixing")
    here = "chip"
    for place, operator in enumerate(begins):
        constant = graph.constant(f"c{place}", np.full((1, 1, 1, 1), 2.0, np.float32))
        here = graph.node(operator, [here, constant], f"begun{place}")
    pooled = graph.node("AveragePool", [here], "pooled", kernel_shape=[56, 56], strides=[56, 56])
    flat = graph.node("Flatten", [pooled], "flat", axis=1)
    mixing = np.random.default_rng(1).normal(size=(12, numbers)).astype(np.float32) * scale
    # A kilobyte of numbers, so that nothing of it reads as a short file would.
    weights = graph.constant("mixing", mixing)
    graph.node("MatMul", [flat, weights], "vector")
    content = graph.model(("chip", shape), ("vector", (1, numbers)), "test")
    path.write_bytes(content)
    return path


def chip(value: tuple[int, int, int]) -> NDArray[np.uint8]:
    return np.full((112, 112, 3), value, np.uint8)


def encoded(path: Path, value: tuple[int, int, int]) -> NDArray[np.float32]:
    return OnnxEncoder(path, no_align).encode_aligned([chip(value)])[0]


def test_a_models_file_says_what_it_takes_and_does_first(tmp_path: Path, weights: Path) -> None:
    sface = read_onnx(verified(weights, SFACE_WEIGHTS).read_bytes())
    assert sface.inputs == {"data": CHIP}
    assert sface.outputs == {"fc1": (1, 128)}
    assert sface.first[:3] == ("Sub", "Mul", "Conv")

    small = read_onnx(model(tmp_path / "a.onnx", shape=("n", 3, 112, 112)).read_bytes())
    assert small.inputs == {"chip": (0, 3, 112, 112)}
    assert small.first[:2] == ("AveragePool", "Flatten")


def test_pixels_are_prepared_as_insightface_does(tmp_path: Path) -> None:
    assert model_file(model(tmp_path / "plain.onnx")).preparation == Preparation()
    within = model(tmp_path / "within.onnx", begins=("Sub", "Mul"))
    assert model_file(within).preparation == Preparation("RGB", 0.0, 1.0)
    only = model(tmp_path / "only.onnx", begins=("Sub",))
    assert model_file(only).preparation == Preparation()


def test_what_is_stated_beside_the_model_counts(tmp_path: Path) -> None:
    path = model(tmp_path / "a.onnx")
    red, blue = encoded(path, (250, 120, 10)), encoded(path, (10, 120, 250))
    assert red @ blue < 0.9
    before = model_file(path).model_id
    (tmp_path / "a.toml").write_text('colours = "BGR"\n')
    np.testing.assert_allclose(encoded(path, (250, 120, 10)), blue, atol=1e-6)
    # Other pixels make other vectors: they must not be compared with those of before.
    assert model_file(path).model_id != before
    (tmp_path / "a.toml").write_text('colours = "RGB"\nmean = 127.5\nscale = 127.5\n')
    assert model_file(path).model_id == before


def test_the_id_is_of_the_bytes(tmp_path: Path) -> None:
    path = model(tmp_path / "Our model (v2).onnx")
    name = model_file(path).model_id
    assert name.startswith("onnx:Our-model-v2-:")
    model(path, scale=2.0)
    assert model_file(path).model_id != name


@pytest.mark.parametrize("batch", [1, "None", "n"])
def test_a_model_of_any_number_of_faces_takes_one(tmp_path: Path, batch: Side) -> None:
    path = model(tmp_path / "a.onnx", shape=(batch, 3, 112, 112))
    crops = [chip((200, 30, 90)), chip((20, 230, 9)), chip((200, 30, 90))]
    vectors = OnnxEncoder(path, no_align).encode_aligned(crops)
    assert vectors.shape == (3, 64)
    np.testing.assert_array_equal(vectors[0], vectors[2])
    assert vectors[0] @ vectors[1] < 0.99


def test_vectors_are_of_length_one_and_as_long_as_the_model_says(tmp_path: Path) -> None:
    vector = encoded(model(tmp_path / "a.onnx", numbers=512), (200, 30, 90))
    assert vector.shape == (512,)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ((1, 3, 160, 160), "takes 1 x 3 x 160 x 160 numbers, not 1 x 3 x 112 x 112"),
        ((1, 112, 112, 3), "takes 1 x 112 x 112 x 3 numbers"),
        ((8, 3, 112, 112), "takes 8 x 3 x 112 x 112 numbers"),
        ((1, 3), "takes 1 x 3 numbers"),
    ],
)
def test_a_model_of_other_pictures_is_refused(
    tmp_path: Path, shape: tuple[Side, ...], said: str
) -> None:
    path = model(tmp_path / "a.onnx", shape=shape)
    with pytest.raises(EncoderFileError, match=said):
        OnnxEncoder(path, no_align)


@pytest.mark.parametrize(
    ("numbers", "scale", "said"),
    [
        (2, 1.0, "gives back 1 x 2 numbers, not one vector"),
        (64, 0.0, "the same for different pictures"),
        (64, np.inf, "the same for different pictures, or no numbers"),
    ],
)
def test_a_model_that_gives_no_vectors_of_faces_is_refused(
    tmp_path: Path, numbers: int, scale: float, said: str
) -> None:
    path = model(tmp_path / "a.onnx", numbers=numbers, scale=scale)
    with pytest.raises(EncoderFileError, match=said):
        OnnxEncoder(path, no_align)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not an ONNX model"),
        (b"<html>Please sign in</html>", "not an ONNX model"),
        (b"\x08\x08\x3a\x00", "not an ONNX model"),
    ],
)
def test_what_is_no_onnx_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.onnx"
    path.write_bytes(content)
    with pytest.raises(EncoderFileError, match=said):
        model_file(path)


def test_a_file_that_breaks_off_is_refused(tmp_path: Path, weights: Path) -> None:
    path = tmp_path / "half.onnx"
    whole = (weights / SFACE_WEIGHTS.name).read_bytes()
    for size in (len(whole) // 2, len(whole) - 3, 5):
        path.write_bytes(whole[:size])
        with pytest.raises(EncoderFileError, match=r"breaks off|no graph"):
            model_file(path)


@pytest.mark.parametrize("size", range(0, 1000, 37))
def test_a_broken_graph_never_ends_in_another_error(tmp_path: Path, size: int) -> None:
    content = bytearray(model(tmp_path / "a.onnx").read_bytes())
    content[size % len(content)] ^= 0xFF
    with contextlib.suppress(OnnxFileError):
        assert read_onnx(bytes(content)).inputs


def test_a_model_that_opencv_cannot_read_is_refused(tmp_path: Path) -> None:
    graph = OnnxGraph("odd")
    graph.node("NoSuchOperator", ["chip"], "vector")
    path = tmp_path / "odd.onnx"
    path.write_bytes(graph.model(("chip", CHIP), ("vector", (1, 64)), "test"))
    with pytest.raises(EncoderFileError, match=r"odd\.onnx cannot be (read|run) by OpenCV"):
        OnnxEncoder(path, no_align)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(EncoderFileError, match="No such file"):
        model_file(tmp_path / "gone.onnx")


@pytest.mark.parametrize(
    "stated",
    ['colours = "red"', "mean = 'much'", "scale = 0", "scale = true", "std = 127.5", "= ="],
)
def test_a_statement_that_is_not_understood_is_refused(tmp_path: Path, stated: str) -> None:
    path = model(tmp_path / "a.onnx")
    (tmp_path / "a.toml").write_text(stated)
    with pytest.raises(EncoderFileError, match=r"a\.toml .*write colours"):
        model_file(path)


def test_a_copy_under_another_name_is_another_model(tmp_path: Path, weights: Path) -> None:
    source = verified(weights, SFACE_WEIGHTS)
    copy = shutil.copy(source, tmp_path / "copy.onnx")
    one, other = (OnnxEncoder(path, SFaceEncoder(source).aligned) for path in (source, copy))
    assert one.model_id.split(":")[2] == other.model_id.split(":")[2]
    assert one.model_id != other.model_id
