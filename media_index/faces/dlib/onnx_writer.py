"""Writes ONNX: the few messages of onnx.proto that are needed, by their field numbers.

See https://onnx.ai/onnx/repo-docs/IR.html. Why not with the package onnx: ADR 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Shape = Sequence[int | str]

_IR_VERSION = 8
_OPSET = 13
# Wire types of protobuf.
_VARINT, _LENGTH = 0, 2
# onnx.proto: TensorProto.DataType and AttributeProto.AttributeType.
_FLOAT, _INT64 = 1, 7
_ATTRIBUTE_INT, _ATTRIBUTE_INTS = 2, 7
_DATA_TYPES = {np.dtype(np.float32): _FLOAT, np.dtype(np.int64): _INT64}


@dataclass
class OnnxGraph:
    """A graph in the making; nodes are kept in the order in which they are added."""

    name: str
    _nodes: list[bytes] = field(default_factory=list)
    _constants: list[bytes] = field(default_factory=list)

    def constant(self, name: str, values: NDArray[np.float32] | NDArray[np.int64]) -> str:
        """Add a constant, and return its name.

        Raises:
            TypeError: the values are neither float32 nor int64.
        """
        if values.dtype not in _DATA_TYPES:
            raise TypeError(f"{name} is of {values.dtype}, and must be float32 or int64.")
        little_endian = values.astype(values.dtype.newbyteorder("<"))
        self._constants.append(
            b"".join(_field(1, side) for side in values.shape)
            + _field(2, _DATA_TYPES[values.dtype])
            + _field(8, name)
            + _field(9, little_endian.tobytes())
        )
        return name

    def node(
        self, operator: str, inputs: Sequence[str], output: str, **attributes: int | Sequence[int]
    ) -> str:
        """Add a node with one output, and return the output's name."""
        self._nodes.append(
            b"".join(_field(1, name) for name in inputs)
            + _field(2, output)
            + _field(3, output)
            + _field(4, operator)
            + b"".join(_field(5, _attribute(*item)) for item in attributes.items())
        )
        return output

    def model(self, given: tuple[str, Shape], returned: tuple[str, Shape], producer: str) -> bytes:
        """Return the file's bytes.

        Args:
            given: name and shape of the input, float32; a side may be a name, for any size.
            returned: the same of the output.
            producer: who wrote the file.
        """
        graph = (
            b"".join(_field(1, node) for node in self._nodes)
            + _field(2, self.name)
            + b"".join(_field(5, constant) for constant in self._constants)
            + _field(11, _value(*given))
            + _field(12, _value(*returned))
        )
        opset = _field(8, _field(2, _OPSET))
        return _field(1, _IR_VERSION) + _field(2, producer) + _field(7, graph) + opset


def _value(name: str, shape: Shape) -> bytes:
    sides = [_field(2 if isinstance(side, str) else 1, side) for side in shape]
    tensor = _field(1, _FLOAT) + _field(2, b"".join(_field(1, side) for side in sides))
    return _field(1, name) + _field(2, _field(1, tensor))


def _attribute(name: str, value: int | Sequence[int]) -> bytes:
    if isinstance(value, int):
        return _field(1, name) + _field(3, value) + _field(20, _ATTRIBUTE_INT)
    integers = b"".join(_field(8, integer) for integer in value)
    return _field(1, name) + integers + _field(20, _ATTRIBUTE_INTS)


def _field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3 | _VARINT) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | _LENGTH) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    if value < 0:
        raise ValueError(f"{value} is negative; this writer has no use for such numbers.")
    groups = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits to a byte
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)
