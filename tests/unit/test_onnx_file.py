"""The ONNX writer: OpenCV reads what it writes, and computes what was meant."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from media_index.faces.onnx_writer import OnnxGraph


def test_opencv_reads_the_graph_and_computes_it(tmp_path: Path) -> None:
    graph = OnnxGraph("small")
    rng = np.random.default_rng(5)
    weights = rng.standard_normal((4, 2, 3, 3)).astype(np.float32)
    # More than 127 bytes, and a bias of its own for each output.
    names = [graph.constant("w", weights), graph.constant("b", np.arange(4, dtype=np.float32))]
    last = graph.node("Conv", ["x", *names], "conv", kernel_shape=(3, 3), pads=(1, 1, 1, 1))
    last = graph.node("Relu", [last], "relu")
    pads = graph.constant("pads", np.array([0, 0, 0, 0, 0, 2, 1, 1], np.int64))
    last = graph.node("Pad", [last, pads], "y")
    path = tmp_path / "small.onnx"
    path.write_bytes(graph.model(("x", ("n", 2, 5, 5)), (last, ("n", 6, 6, 6)), "test"))
    given = rng.standard_normal((3, 2, 5, 5)).astype(np.float32)

    net = cv2.dnn.readNetFromONNX(str(path))
    net.setInput(given)
    found = net.forward()

    inside = np.pad(given, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(inside, (3, 3), axis=(2, 3))
    conv = np.einsum("ncyxij,ocij->noyx", windows, weights) + np.arange(4)[None, :, None, None]
    wanted = np.pad(np.maximum(conv, 0), ((0, 0), (0, 2), (0, 1), (0, 1)))
    np.testing.assert_allclose(found, wanted, atol=1e-5)


def test_what_it_cannot_write_is_refused() -> None:
    graph = OnnxGraph("none")
    with pytest.raises(TypeError, match="float64"):
        graph.constant("w", np.zeros(2))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="negative"):
        graph.node("Flatten", ["x"], "y", axis=-1)
