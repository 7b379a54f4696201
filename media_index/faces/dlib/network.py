"""Reads dlib's face encoder from its file.

The file is what dlib's `serialize` makes of the type `anet_type` of its example
dnn_face_recognition_ex.cpp. The nesting of the network's layers puts the version numbers of them
all first, the outermost first; then come the layers themselves, the input's side first. What is
not exactly as expected is refused: a network misread would match nobody, silently.

Formats: dlib's serialize.h (numbers), dnn/tensor.h (tensors), dnn/core.h and dnn/layers.h (layers).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from media_index.errors import MediaIndexError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SIDE = 150
DIMENSIONS = 128
# input_rgb_image_sized takes these off red, green, blue, and divides by 256.
MEANS = (122.782, 117.001, 104.298)
SCALE = 1 / 256
# Channels of each residual block, and whether it halves the sides: anet_type from its input.
BLOCKS = (
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


@dataclass(frozen=True, slots=True)
class Convolution:
    """A convolution with the affine layer after it folded in.

    Attributes:
        weights: (outputs, inputs, height, width).
        bias: (outputs,).
        stride: of both axes. Padding: half the side at stride 1, none otherwise, as dlib has it.
    """

    weights: Floats
    bias: Floats
    stride: int

    @property
    def padding(self) -> int:
        """Zeros on each edge."""
        return self.weights.shape[2] // 2 if self.stride == 1 else 0


@dataclass(frozen=True, slots=True)
class Network:
    """dlib's face encoder.

    Attributes:
        stem: the first convolution; a max pooling 3 x 3, stride 2, follows it.
        blocks: both convolutions of each residual block; see `BLOCKS`.
        projection: (256, 128), applied to the mean of the last activations.
    """

    stem: Convolution
    blocks: tuple[tuple[Convolution, Convolution], ...]
    projection: Floats


class _Reader:
    """Reads dlib's serialised values one after another."""

    def __init__(self, content: bytes, place: int = 0) -> None:
        self._content = content
        self.place = place

    def take(self, size: int) -> bytes:
        taken = self._content[self.place : self.place + size]
        if len(taken) < size:
            raise NetworkFileError("The file of dlib's network is cut off.")
        self.place += size
        return taken

    def integer(self) -> int:
        control = self.take(1)[0]
        size = control & 0x0F
        if not 1 <= size <= 8:  # noqa: PLR2004 - dlib's integers have up to 8 bytes
            raise self._unexpected("an integer")
        value = int.from_bytes(self.take(size), "little")
        return -value if control & 0x80 else value

    def number(self) -> float:
        mantissa = self.integer()
        return math.ldexp(mantissa, self.integer())

    def expect(self, *values: int) -> None:
        for value in values:
            if self.integer() != value:
                raise self._unexpected(f"the number {value}")

    def expect_text(self, *texts: str) -> None:
        text = self.take(min(self.integer(), 64))
        if text not in [one.encode() for one in texts]:
            raise self._unexpected(texts[0])

    def tensor(self) -> Floats:
        self.expect(2)
        shape = [self.integer() for _ in range(4)]
        content = self.take(4 * math.prod(shape))
        return np.frombuffer(content, "<f4").reshape(shape).astype(np.float32)

    def alias(self, *shape: int) -> None:
        self.expect(1, *shape)

    def end_of_layer(self) -> None:
        """Pass what add_layer keeps after its layer: three flags and three tensors."""
        if self.take(3).strip(b"01"):
            raise self._unexpected("three flags")
        for _ in range(3):
            self.tensor()

    def _unexpected(self, wanted: str) -> NetworkFileError:
        return NetworkFileError(
            f"The file of dlib's network has not {wanted} before byte {self.place}."
        )


def read_network(content: bytes) -> Network:
    """Read dlib's face encoder.

    Args:
        content: of dlib_face_recognition_resnet_model_v1.dat.

    Raises:
        NetworkFileError: it is another network, of another version, or damaged.
    """
    reader = _Reader(content)
    reader.expect(1)
    reader.expect_text("loss_metric_2")
    reader.number()
    reader.number()
    _read_input(reader)
    stem = _read_convolution(reader, inputs=3, outputs=32, side=7, stride=2, innermost=True)
    _read_relu(reader)
    reader.expect_text("max_pool_2")
    reader.expect(3, 3, 2, 2, 0, 0)
    reader.end_of_layer()
    blocks = []
    inputs = 32
    for outputs, halves in BLOCKS:
        first = _read_convolution(reader, inputs, outputs, side=3, stride=2 if halves else 1)
        _read_relu(reader)
        second = _read_convolution(reader, outputs, outputs, side=3, stride=1)
        if halves:
            reader.expect_text("avg_pool_2")
            reader.expect(2, 2, 2, 2, 0, 0)
            reader.end_of_layer()
        reader.expect_text("add_prev_")
        reader.end_of_layer()
        _read_relu(reader)
        blocks.append((first, second))
        inputs = outputs
    # A window of 0 x 0 is the whole picture.
    reader.expect_text("avg_pool_2")
    reader.expect(0, 0, 1, 1, 0, 0)
    reader.end_of_layer()
    projection = _read_projection(reader, inputs)
    if reader.place != len(content):
        raise NetworkFileError("The file of dlib's network goes on after its last layer.")
    return Network(stem, tuple(blocks), projection)


def _read_input(reader: _Reader) -> None:
    # A version for every layer around the innermost, which alone is of version 3.
    while (version := reader.integer()) in {1, 2}:
        pass
    if version != 3:  # noqa: PLR2004 - see above
        raise NetworkFileError(f"The file of dlib's network has a layer of version {version}.")
    reader.expect_text("input_rgb_image_sized")
    for mean in MEANS:
        if not math.isclose(reader.number(), mean, abs_tol=1e-4):
            raise NetworkFileError("dlib's network takes other means off its pictures.")
    reader.expect(SIDE, SIDE)


def _read_convolution(
    reader: _Reader, inputs: int, outputs: int, side: int, stride: int, *, innermost: bool = False
) -> Convolution:
    """Read a convolution and the affine layer after it, as one convolution."""
    shape = (outputs, inputs, side, side)
    size = math.prod(shape)
    padding = side // 2 if stride == 1 else 0
    reader.expect_text("con_4")
    parameters = _flat(reader, size + outputs)
    reader.expect(outputs, side, side, stride, stride, padding, padding)
    reader.alias(*shape)
    reader.alias(1, outputs, 1, 1)
    _read_rates(reader)
    reader.end_of_layer()
    if innermost:
        # Pictures made of one picture.
        reader.expect(1)
    reader.expect_text("affine_")
    affine = _flat(reader, 2 * outputs)
    reader.alias(1, outputs, 1, 1)
    reader.alias(1, outputs, 1, 1)
    reader.expect(0)
    reader.end_of_layer()
    gamma, beta = affine[:outputs], affine[outputs:]
    weights, bias = parameters[:size].reshape(shape), parameters[size:]
    return Convolution(
        (weights * gamma[:, None, None, None]).astype(np.float32),
        (bias * gamma + beta).astype(np.float32),
        stride,
    )


def _read_relu(reader: _Reader) -> None:
    reader.expect_text("relu_")
    reader.end_of_layer()


def _read_projection(reader: _Reader, inputs: int) -> Floats:
    reader.expect_text("fc_2")
    reader.expect(DIMENSIONS, inputs)
    parameters = _flat(reader, inputs * DIMENSIONS)
    reader.alias(inputs, DIMENSIONS, 1, 1)
    reader.alias(0, 0, 0, 0)
    reader.expect(1)
    _read_rates(reader)
    reader.end_of_layer()
    return parameters.reshape(inputs, DIMENSIONS).astype(np.float32)


def _flat(reader: _Reader, size: int) -> NDArray[np.float64]:
    """Read parameters: in double precision, so that folding rounds once."""
    parameters = reader.tensor().ravel()
    if len(parameters) != size or not np.isfinite(parameters).all():
        raise NetworkFileError(f"A layer of dlib's network has not {size} finite parameters.")
    return parameters.astype(np.float64)


def _read_rates(reader: _Reader) -> None:
    """Pass the four rates of learning."""
    for _ in range(4):
        reader.number()
