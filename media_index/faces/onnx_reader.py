"""Reads what an ONNX file says of itself: its inputs, its outputs, what is done first, its weights.

What runs such files does not tell. The few messages of onnx.proto that are needed
(https://onnx.ai/onnx/repo-docs/IR.html) are read by their field numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Field = tuple[int, int | memoryview]

# Wire types of protobuf.
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_SIZES = {_FIXED64: 8, _FIXED32: 4}
_MOST_BITS = 63
_BREAKS_OFF = "The file breaks off, or is not written as ONNX is."
# A side of a shape that is a name or left out: any size.
ANY = 0


class OnnxFileError(ValueError):
    """The bytes are no ONNX."""


@dataclass(frozen=True, slots=True)
class OnnxFacts:
    """What a model takes, gives back, and does first.

    Attributes:
        inputs: shape by name, constants left out; 0 for a side of any size.
        first: operators that the first input goes through, one after the other, while each is
            the only one that takes what is there; at most four.
    """

    inputs: dict[str, tuple[int, ...]]
    outputs: dict[str, tuple[int, ...]]
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    operator: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def read_onnx(content: bytes) -> OnnxFacts:
    """Read a model's facts.

    Raises:
        OnnxFileError: it is no ONNX, or holds no graph.
    """
    nodes: list[_Node] = []
    constants: set[str] = set()
    shapes: dict[int, dict[str, tuple[int, ...]]] = {11: {}, 12: {}}
    for number, value in fields_of(_graph(content)):
        message = _message(value)
        if number == 1:
            nodes.append(_node(message))
        elif number == 5:  # noqa: PLR2004 - TensorProto; its name is field 8
            constants.update(_texts(message, 8))
        elif number in shapes:
            [name] = _texts(message, 1) or [""]
            shapes[number][name] = _shape(message)
    inputs = {name: shape for name, shape in shapes[11].items() if name not in constants}
    if not inputs or not shapes[12]:
        raise OnnxFileError("The graph takes nothing, or gives nothing back.")
    return OnnxFacts(inputs, shapes[12], _first(nodes, next(iter(inputs))))


def read_constants(content: bytes) -> dict[str, NDArray[np.float32]]:
    """Read the constants of a model by name, all of which must be float32 in `float_data`.

    Raises:
        OnnxFileError: it is no ONNX, or a constant is kept otherwise.
    """
    constants = {}
    for number, value in fields_of(_graph(content)):
        if number != 5:  # noqa: PLR2004 - GraphProto.initializer
            continue
        message = _message(value)
        [name] = _texts(message, 8) or [""]
        shape = [side for one, side in fields_of(message) if one == 1 and isinstance(side, int)]
        values = np.frombuffer(_inside(message, 4), "<f4")
        if values.size != np.prod(shape):
            raise OnnxFileError(f"The numbers of {name} are not where they should be.")
        constants[name] = values.reshape(shape)
    return constants


def _graph(content: bytes) -> memoryview:
    graphs = [value for number, value in fields_of(memoryview(content)) if number == 7]  # noqa: PLR2004
    if len(graphs) != 1 or not isinstance(graphs[0], memoryview):
        raise OnnxFileError("The file holds no graph.")
    return graphs[0]


def _first(nodes: list[_Node], name: str) -> tuple[str, ...]:
    passed: list[str] = []
    while len(passed) < 4:  # noqa: PLR2004 - what is done to the pixels is done at once
        takers = [node for node in nodes if name in node.inputs]
        if len(takers) != 1 or not takers[0].outputs:
            break
        passed.append(takers[0].operator)
        name = takers[0].outputs[0]
    return tuple(passed)


def _node(message: memoryview) -> _Node:
    operators = _texts(message, 4)
    return _Node(
        operators[0] if operators else "", tuple(_texts(message, 1)), tuple(_texts(message, 2))
    )


def _shape(value_info: memoryview) -> tuple[int, ...]:
    """Return the sides of ValueInfoProto's type.tensor_type.shape."""
    shape = _inside(_inside(_inside(value_info, 2), 1), 2)
    sides = []
    for number, dimension in fields_of(shape):
        if number == 1:
            known = [value for one, value in fields_of(_message(dimension)) if one == 1]
            side = known[0] if known else ANY
            sides.append(side if isinstance(side, int) else ANY)
    return tuple(sides)


def _inside(message: memoryview, wanted: int) -> memoryview:
    """Return the message in a field; an empty one if it is not there."""
    for number, value in fields_of(message):
        if number == wanted:
            return _message(value)
    return memoryview(b"")


def _texts(message: memoryview, wanted: int) -> list[str]:
    try:
        return [
            bytes(_message(value)).decode()
            for number, value in fields_of(message)
            if number == wanted
        ]
    except UnicodeDecodeError as error:
        raise OnnxFileError("A name in the file is no text.") from error


def _message(value: int | memoryview) -> memoryview:
    if isinstance(value, int):
        raise OnnxFileError("A number is where a message should be.")
    return value


def fields_of(message: memoryview) -> Iterator[Field]:
    """Yield number and value of each field."""
    offset = 0
    while offset < len(message):
        key, offset = _varint(message, offset)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, offset = _varint(message, offset)
            yield number, value
            continue
        if wire == _LENGTH:
            size, offset = _varint(message, offset)
        elif wire in _SIZES:
            size = _SIZES[wire]
        else:
            raise OnnxFileError("The file is not written as ONNX is.")
        if number == 0 or offset + size > len(message):
            raise OnnxFileError(_BREAKS_OFF)
        yield number, message[offset : offset + size]
        offset += size


def _varint(message: memoryview, offset: int) -> tuple[int, int]:
    value = shift = 0
    while offset < len(message) and shift <= _MOST_BITS:
        byte = message[offset]
        offset += 1
        value |= (byte & 0x7F) << shift
        if byte <= 0x7F:  # noqa: PLR2004 - seven bits to a byte
            return value, offset
        shift += 7
    raise OnnxFileError(_BREAKS_OFF)
