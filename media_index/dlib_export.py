"""Writes dlib's face encoder as ONNX."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from media_index.dlib_network import DIMENSIONS, SIDE
from media_index.onnx_file import OnnxGraph

if TYPE_CHECKING:
    from media_index.dlib_network import Convolution, Network

# Of the bytes written here; part of the key under which an export is kept.
EXPORT_VERSION = 1


def onnx_of(network: Network) -> bytes:
    """Return the network as an ONNX file.

    Its input `faces` is (n, 3, 150, 150) float32: RGB in 0..255, less `dlib_network.MEANS`, times
    `dlib_network.SCALE`. Its output `descriptors` is (n, 128).
    """
    graph = OnnxGraph("dlib_face_recognition_resnet_model_v1")
    last = _add_convolution(graph, "stem", "faces", network.stem)
    last = graph.node("Relu", [last], "stem_relu")
    last = graph.node("MaxPool", [last], "stem_pool", kernel_shape=(3, 3), strides=(2, 2))
    side = ((SIDE - 7) // 2 + 1 - 3) // 2 + 1
    for place, (first, second) in enumerate(network.blocks):
        name = f"block{place}"
        inner = _add_convolution(graph, f"{name}_1", last, first)
        inner = graph.node("Relu", [inner], f"{name}_1_relu")
        inner = _add_convolution(graph, f"{name}_2", inner, second)
        if first.stride != 1:
            # add_prev takes both for as large as the larger: zeros to the right, below and behind.
            inner_side = (side - 3) // 2 + 1
            side = (side - 2) // 2 + 1
            last = graph.node(
                "AveragePool", [last], f"{name}_pool", kernel_shape=(2, 2), strides=(2, 2)
            )
            outputs, inputs = first.weights.shape[:2]
            last = _add_zeros(graph, f"{name}_prev", last, channels=outputs - inputs)
            inner = _add_zeros(graph, f"{name}_next", inner, edge=side - inner_side)
        last = graph.node("Add", [inner, last], f"{name}_sum")
        last = graph.node("Relu", [last], f"{name}_relu")
    last = graph.node("GlobalAveragePool", [last], "mean")
    last = graph.node("Flatten", [last], "flat", axis=1)
    projection = graph.constant("projection", network.projection)
    last = graph.node("MatMul", [last, projection], "descriptors")
    return graph.model(
        ("faces", ("n", 3, SIDE, SIDE)), (last, ("n", DIMENSIONS)), "likeness media_index"
    )


def _add_convolution(graph: OnnxGraph, name: str, given: str, layer: Convolution) -> str:
    side = layer.weights.shape[2]
    return graph.node(
        "Conv",
        [
            given,
            graph.constant(f"{name}_weights", layer.weights),
            graph.constant(f"{name}_bias", layer.bias),
        ],
        name,
        kernel_shape=(side, side),
        strides=(layer.stride, layer.stride),
        pads=(layer.padding,) * 4,
    )


def _add_zeros(graph: OnnxGraph, name: str, given: str, *, channels: int = 0, edge: int = 0) -> str:
    if not (channels or edge):
        return given
    pads = graph.constant(f"{name}_pads", np.array([0, 0, 0, 0, 0, channels, edge, edge], np.int64))
    return graph.node("Pad", [given, pads], name)
