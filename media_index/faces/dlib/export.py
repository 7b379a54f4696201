"""Writes dlib's face encoder as ONNX."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from media_index.faces.dlib.network import DIMENSIONS, SIDE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from media_index.faces.dlib.network import Convolution, Network

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


IR_VERSION = 8
OPSET = 13

# Wire types of protobuf.
_VARINT, _LENGTH, _FIXED32 = 0, 2, 5
# onnx.proto: TensorProto.DataType and AttributeProto.AttributeType.
_FLOAT, _INT64 = 1, 7
_ATTRIBUTE_FLOAT, _ATTRIBUTE_INT, _ATTRIBUTE_INTS = 1, 2, 7

Attribute = int | float | Sequence[int]


@dataclass
class OnnxGraph:
    """A graph in the making; nodes are kept in the order in which they are added.

    Attributes:
        name: of the graph.
    """

    name: str
    _nodes: list[bytes] = field(default_factory=list)
    _constants: list[bytes] = field(default_factory=list)

    def constant(self, name: str, values: NDArray[np.float32] | NDArray[np.int64]) -> str:
        """Add a constant, and return its name.

        Raises:
            TypeError: the values are neither float32 nor int64.
        """
        kinds = {np.dtype(np.float32): _FLOAT, np.dtype(np.int64): _INT64}
        if values.dtype not in kinds:
            raise TypeError(f"{name} is of {values.dtype}, and must be float32 or int64.")
        little_endian = values.astype(values.dtype.newbyteorder("<"))
        self._constants.append(
            b"".join(_integer(1, side) for side in values.shape)
            + _integer(2, kinds[values.dtype])
            + _text(8, name)
            + _bytes(9, little_endian.tobytes())
        )
        return name

    def node(
        self, operator: str, inputs: Sequence[str], output: str, **attributes: Attribute
    ) -> str:
        """Add a node with one output, and return the output's name."""
        self._nodes.append(
            b"".join(_text(1, name) for name in inputs)
            + _text(2, output)
            + _text(3, output)
            + _text(4, operator)
            + b"".join(_bytes(5, _attribute(*item)) for item in attributes.items())
        )
        return output

    def model(
        self,
        given: tuple[str, Sequence[int | str]],
        returned: tuple[str, Sequence[int | str]],
        producer: str,
    ) -> bytes:
        """Return the file's bytes.

        Args:
            given: name and shape of the input, float32; a side may be a name, for any size.
            returned: the same of the output.
            producer: who wrote the file.
        """
        graph = (
            b"".join(_bytes(1, node) for node in self._nodes)
            + _text(2, self.name)
            + b"".join(_bytes(5, constant) for constant in self._constants)
            + _bytes(11, _value(*given))
            + _bytes(12, _value(*returned))
        )
        return (
            _integer(1, IR_VERSION)
            + _text(2, producer)
            + _bytes(7, graph)
            + _bytes(8, _integer(2, OPSET))
        )


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    sides = b"".join(
        _bytes(1, _text(2, side) if isinstance(side, str) else _integer(1, side)) for side in shape
    )
    return _text(1, name) + _bytes(2, _bytes(1, _integer(1, _FLOAT) + _bytes(2, sides)))


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _integer(3, value) + _integer(20, _ATTRIBUTE_INT)
    if isinstance(value, float):
        number = struct.pack("<f", value)
        return _text(1, name) + _key(2, _FIXED32) + number + _integer(20, _ATTRIBUTE_FLOAT)
    integers = b"".join(_integer(8, one) for one in value)
    return _text(1, name) + integers + _integer(20, _ATTRIBUTE_INTS)


def _key(number: int, wire_type: int) -> bytes:
    return _varint(number << 3 | wire_type)


def _integer(number: int, value: int) -> bytes:
    return _key(number, _VARINT) + _varint(value)


def _bytes(number: int, content: bytes) -> bytes:
    return _key(number, _LENGTH) + _varint(len(content)) + content


def _text(number: int, content: str) -> bytes:
    return _bytes(number, content.encode())


def _varint(value: int) -> bytes:
    if value < 0:
        raise ValueError(f"{value} is negative; this writer has no use for such numbers.")
    groups = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits to a byte
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)
