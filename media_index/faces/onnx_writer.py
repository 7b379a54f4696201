"""Writes ONNX: the few messages of onnx.proto that are needed, by their field numbers.

See https://onnx.ai/onnx/repo-docs/IR.html. Why not with the package onnx: ADR 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from media_index.faces.onnx_reader import fields_of

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
    # In pieces, so that weights are copied once.
    _constants: list[bytes | memoryview] = field(default_factory=list)

    def constant(self, name: str, values: NDArray[np.float32] | NDArray[np.int64]) -> str:
        """Add a constant, and return its name.

        Raises:
            TypeError: the values are neither float32 nor int64.
        """
        if values.dtype not in _DATA_TYPES:
            raise TypeError(f"{name} is of {values.dtype}, and must be float32 or int64.")
        little_endian = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
        numbers = little_endian.data.cast("B")
        told = (
            b"".join(_field(1, side) for side in values.shape)
            + _field(2, _DATA_TYPES[values.dtype])
            + _field(8, name)
            + _head(9, len(numbers))
        )
        self._constants += [_head(5, len(told) + len(numbers)), told, numbers]
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
        graph = [
            *[_field(1, node) for node in self._nodes],
            _field(2, self.name),
            *self._constants,
            _field(11, _value(*given)),
            _field(12, _value(*returned)),
        ]
        head = _head(7, sum(len(piece) for piece in graph))
        about = _field(1, _IR_VERSION) + _field(2, producer) + head
        return b"".join([about, *graph, _field(8, _field(2, _OPSET))])


def with_input(content: bytes, given: tuple[str, Shape]) -> bytes:
    """Return a model with another shape of its input; those that followed from it are left out.

    Args:
        content: of its file.
        given: name and shape of the input, as in `OnnxGraph.model`.

    Raises:
        OnnxFileError: it is no ONNX.
    """
    model = b""
    for number, value in fields_of(memoryview(content)):
        if number == 7 and not isinstance(value, int):  # noqa: PLR2004 - ModelProto.graph
            model += _field(7, _graph_with_input(value, given))
        else:
            model += _field(number, value)
    return model


def _graph_with_input(graph: memoryview, given: tuple[str, Shape]) -> bytes:
    changed = _field(11, _value(*given))
    for number, value in fields_of(graph):
        if number == 12 and not isinstance(value, int):  # noqa: PLR2004 - GraphProto.output
            [name] = [text for at, text in fields_of(value) if at == 1]
            tensor = _field(1, _FLOAT)
            changed += _field(12, _field(1, name) + _field(2, _field(1, tensor)))
        elif number not in {11, 13}:  # the old input, and the shapes in between
            changed += _field(number, value)
    return changed


def _value(name: str, shape: Shape) -> bytes:
    sides = [_field(2 if isinstance(side, str) else 1, side) for side in shape]
    tensor = _field(1, _FLOAT) + _field(2, b"".join(_field(1, side) for side in sides))
    return _field(1, name) + _field(2, _field(1, tensor))


def _attribute(name: str, value: int | Sequence[int]) -> bytes:
    if isinstance(value, int):
        return _field(1, name) + _field(3, value) + _field(20, _ATTRIBUTE_INT)
    integers = b"".join(_field(8, integer) for integer in value)
    return _field(1, name) + integers + _field(20, _ATTRIBUTE_INTS)


def _field(number: int, value: int | str | bytes | memoryview) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3 | _VARINT) + _varint(value)
    content = value.encode() if isinstance(value, str) else bytes(value)
    return _head(number, len(content)) + content


def _head(number: int, size: int) -> bytes:
    """Return what stands before a field of so many bytes."""
    return _varint(number << 3 | _LENGTH) + _varint(size)


def _varint(value: int) -> bytes:
    if value < 0:
        raise ValueError(f"{value} is negative; this writer has no use for such numbers.")
    groups = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits to a byte
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    groups.append(value)
    return bytes(groups)
