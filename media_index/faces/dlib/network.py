"""dlib's face encoder, out of its file, as ONNX.

The file is what dlib's `serialize` makes of the type `anet_type` of its example
dnn_face_recognition_ex.cpp: the layers one after another, the input's side first, each with its
name before its parameters. That and the SHA-256 of the one file there is are enough to read it: a
network misread would match nobody, silently, and another file is refused.

Formats: dlib's serialize.h (numbers), dnn/tensor.h (tensors), dnn/core.h and dnn/layers.h (layers).
"""

from __future__ import annotations

import hashlib
import math

import numpy as np
from numpy.typing import NDArray

from media_index.errors import MediaIndexError
from media_index.faces.onnx_writer import OnnxGraph

# dlib_face_recognition_resnet_model_v1.dat of face_recognition_models.
WEIGHTS_SHA256 = "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
# Of the bytes that `onnx_of` writes; part of the key under which an export is kept.
EXPORT_VERSION = 1
SIDE = 150
DIMENSIONS = 128
# input_rgb_image_sized takes these off red, green, blue, and divides by 256.
MEANS = (122.782, 117.001, 104.298)
SCALE = 1 / 256
# Channels of each residual block, and whether it halves the sides: anet_type from its input.
_BLOCKS = (
    *[(32, False)] * 3,
    (64, True),
    *[(64, False)] * 3,
    (128, True),
    *[(128, False)] * 2,
    (256, True),
    *[(256, False)] * 2,
    (256, True),
)


class NetworkFileError(MediaIndexError):
    """The file is not dlib's face encoder as this module knows it."""

    def __init__(self) -> None:
        super().__init__("The file of dlib's network is not the one that is known here.")


def onnx_of(content: bytes) -> bytes:
    """Return dlib's face encoder as an ONNX file.

    Its input `faces` is (n, 3, 150, 150) float32: RGB in 0..255, less `MEANS`, times `SCALE`. Its
    output `descriptors` is (n, 128).

    Raises:
        NetworkFileError: the content is another than that of the file known here.
    """
    if hashlib.sha256(content).hexdigest() != WEIGHTS_SHA256:
        raise NetworkFileError
    layers = _Layers(content)
    graph = OnnxGraph("dlib_face_recognition_resnet_model_v1")
    last = layers.convolution(graph, "stem", "faces", (32, 3, 7, 7), stride=2)
    last = graph.node("Relu", [last], "stem_relu")
    last = graph.node("MaxPool", [last], "stem_pool", kernel_shape=(3, 3), strides=(2, 2))
    side = ((SIDE - 7) // 2 + 1 - 3) // 2 + 1
    inputs = 32
    for number, (outputs, halves) in enumerate(_BLOCKS):
        name = f"block{number}"
        shape = (outputs, inputs, 3, 3)
        inner = layers.convolution(graph, f"{name}_1", last, shape, stride=2 if halves else 1)
        inner = graph.node("Relu", [inner], f"{name}_1_relu")
        inner = layers.convolution(graph, f"{name}_2", inner, (outputs, outputs, 3, 3))
        if halves:
            # add_prev takes both for as large as the larger: zeros to the right, below and behind.
            inner_side = (side - 3) // 2 + 1
            side = (side - 2) // 2 + 1
            last = graph.node(
                "AveragePool", [last], f"{name}_pool", kernel_shape=(2, 2), strides=(2, 2)
            )
            last = _add_zeros(graph, f"{name}_prev", last, channels=outputs - inputs)
            inner = _add_zeros(graph, f"{name}_next", inner, edge=side - inner_side)
        last = graph.node("Add", [inner, last], f"{name}_sum")
        last = graph.node("Relu", [last], f"{name}_relu")
        inputs = outputs
    last = graph.node("GlobalAveragePool", [last], "mean")
    last = graph.node("Flatten", [last], "flat", axis=1)
    projection = graph.constant("projection", layers.projection())
    last = graph.node("MatMul", [last, projection], "descriptors")
    return graph.model(
        ("faces", ("n", 3, SIDE, SIDE)), (last, ("n", DIMENSIONS)), "likeness media_index"
    )


def _add_zeros(graph: OnnxGraph, name: str, given: str, *, channels: int = 0, edge: int = 0) -> str:
    if not (channels or edge):
        return given
    pads = graph.constant(f"{name}_pads", np.array([0, 0, 0, 0, 0, channels, edge, edge], np.int64))
    return graph.node("Pad", [given, pads], name)


class _Layers:
    """Takes the layers out of the file, one after another."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._place = 0

    def convolution(
        self, graph: OnnxGraph, name: str, given: str, shape: tuple[int, ...], stride: int = 1
    ) -> str:
        """Add the next convolution to the graph, with the affine layer after it folded in."""
        parameters = self._parameters(b"con_4")
        gamma, beta = np.split(self._parameters(b"affine_"), 2)
        weights, bias = np.split(parameters, [math.prod(shape)])
        folded = weights.reshape(shape) * gamma[:, None, None, None]
        constants = [
            graph.constant(f"{name}_weights", folded.astype(np.float32)),
            graph.constant(f"{name}_bias", (bias * gamma + beta).astype(np.float32)),
        ]
        return graph.node(
            "Conv",
            [given, *constants],
            name,
            kernel_shape=shape[2:],
            strides=(stride, stride),
            # As dlib has it.
            pads=(shape[2] // 2 if stride == 1 else 0,) * 4,
        )

    def projection(self) -> NDArray[np.float32]:
        """Return the (256, 128) matrix that the mean of the last activations goes through."""
        return self._parameters(b"fc_2", sizes=2).reshape(-1, DIMENSIONS).astype(np.float32)

    def _parameters(self, layer: bytes, sizes: int = 0) -> NDArray[np.float64]:
        """Read those of the next layer of a name: in double precision, so that folding rounds once.

        Args:
            layer: its name.
            sizes: how many numbers stand before its tensor.
        """
        self._place = self._content.index(layer, self._place) + len(layer)
        for _ in range(sizes + 1):
            # The last one is the version of the tensor.
            self._integer()
        count = math.prod(self._integer() for _ in range(4))
        parameters = np.frombuffer(self._content, "<f4", count, self._place)
        self._place += parameters.nbytes
        return parameters.astype(np.float64)

    def _integer(self) -> int:
        """Read a number: how many bytes it has, then these, the least first."""
        start = self._place + 1
        self._place = start + (self._content[self._place] & 0x0F)
        return int.from_bytes(self._content[start : self._place], "little")
