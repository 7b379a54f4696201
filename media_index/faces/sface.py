"""SFace's network, written anew so that ONNX Runtime takes half the time for it.

ONNX Runtime lays channels out by eights or sixteens for convolutions, and back again for what it
has only in the plain layout: a PReLU, after each convolution here, costs more than the convolution.
So each PReLU, s y + (1 - s) max(y, 0), is made of convolutions: before a depthwise one of that one,
on y and on max(y, 0), added up; elsewhere of two of 1 x 1. BatchNormalization is folded. The same
numbers come out, but for the rounding.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from media_index.faces.onnx_reader import read_constants
from media_index.faces.onnx_writer import OnnxGraph

Constants = Mapping[str, NDArray[np.float32]]
# Folded in double precision, so that folding rounds once.
Doubles = NDArray[np.float64]

SIDE = 112
DIMENSIONS = 128
# As the file says: of the last BatchNormalizations, and of those after convolutions.
_LAST_EPSILON, _EPSILON = 2e-5, 1e-3
# The convolutions after the first, a depthwise one and one of 1 x 1 each; these halve the sides.
_PAIRS, _HALVING = range(2, 15), (3, 5, 7, 13)
_PREPARATION = ("scalar_op1", "scalar_op2")
_PROJECTION = ("pre_fc1_weight", "pre_fc1_bias")


def rewritten(content: bytes) -> bytes:
    """Return SFace's network, of the bytes of its one file, as ONNX.

    Its input `faces` is (n, 3, 112, 112) float32, RGB in 0..255; its output `vectors` (n, 128).
    """
    constants = read_constants(content)
    graph = OnnxGraph("face_recognition_sface_2021dec")
    # Here and not folded: what the convolution pads with is zero after it.
    mean, factor = (graph.constant(name, constants[name]) for name in _PREPARATION)
    last = graph.node("Sub", ["faces", mean], "less")
    last = graph.node("Mul", [last, factor], "scaled")
    last = _convolution(graph, constants, "conv_1", last)
    for number in _PAIRS:
        stride = 2 if number in _HALVING else 1
        last = _depthwise(graph, constants, number, last, stride)
        slopes = constants[f"conv_{number}_dw_relu_gamma"].ravel()
        last = _activated(graph, f"conv_{number}_dw", last, slopes)
        last = _convolution(graph, constants, f"conv_{number}", last)
    scale, shift = _normalization(constants, "bn1", _LAST_EPSILON)
    slopes = constants["conv_14_relu_gamma"].ravel()
    last = _activated(graph, "conv_14", last, slopes, scale, shift)
    last = graph.node("Flatten", [last], "flat", axis=1)
    # As they are in the file: they are 26 of its 39 MB.
    projection = [graph.constant(name, constants[name]) for name in _PROJECTION]
    last = graph.node("Gemm", [last, *projection], "projected", transB=1)
    scale, shift = _normalization(constants, "fc1", _LAST_EPSILON)
    last = graph.node("Mul", [last, _constant(graph, "scale", scale)], "last_scaled")
    last = graph.node("Add", [last, _constant(graph, "shift", shift)], "vectors")
    return graph.model(
        ("faces", ("n", 3, SIDE, SIDE)), (last, ("n", DIMENSIONS)), "likeness media_index"
    )


def _convolution(graph: OnnxGraph, constants: Constants, name: str, given: str) -> str:
    """Add a convolution over all channels, whose PReLU is left to do."""
    weights, bias = _folded(constants, name)
    return _conv(graph, name, given, weights, bias)


def _depthwise(graph: OnnxGraph, constants: Constants, number: int, given: str, stride: int) -> str:
    """Add a depthwise convolution together with the PReLU before it; its own is left to do."""
    name = f"conv_{number}_dw"
    weights, bias = _folded(constants, name)
    slopes = _each(constants[f"conv_{number - 1}_relu_gamma"].astype(np.float64))
    positive = graph.node("Relu", [given], f"{name}_positive")
    parts = [
        _conv(graph, f"{name}_1", positive, weights * (1 - slopes), None, stride),
        _conv(graph, f"{name}_2", given, weights * slopes, bias, stride),
    ]
    return graph.node("Add", parts, name)


def _activated(
    graph: OnnxGraph,
    name: str,
    given: str,
    slopes: NDArray[np.float32],
    scale: Doubles | float = 1.0,
    shift: Doubles | None = None,
) -> str:
    """Add a PReLU by itself; what comes out is scaled and shifted, if that is said."""
    positive = graph.node("Relu", [given], f"{name}_positive_after")
    double = slopes.astype(np.float64)
    parts = [
        _conv(graph, f"{name}_1_after", positive, _each((1 - double) * scale), None),
        _conv(graph, f"{name}_2_after", given, _each(double * scale), shift),
    ]
    return graph.node("Add", parts, f"{name}_after")


def _each(factors: Doubles) -> Doubles:
    """Return the weights of a depthwise convolution of 1 x 1."""
    return factors.reshape(-1, 1, 1, 1)


def _conv(
    graph: OnnxGraph,
    name: str,
    given: str,
    weights: Doubles,
    bias: Doubles | None,
    stride: int = 1,
) -> str:
    """Add a convolution; one that has one channel for each of its own is depthwise."""
    inputs = [given, _constant(graph, f"{name}_weights", weights)]
    if bias is not None:
        inputs.append(_constant(graph, f"{name}_bias", bias))
    return graph.node(
        "Conv",
        inputs,
        name,
        kernel_shape=weights.shape[2:],
        strides=(stride, stride),
        pads=(weights.shape[2] // 2,) * 4,
        group=len(weights) if weights.shape[1] == 1 else 1,
    )


def _folded(constants: Constants, name: str) -> tuple[Doubles, Doubles]:
    """Return weights and bias of a convolution with the BatchNormalization after it."""
    scale, shift = _normalization(constants, f"{name}_batchnorm", _EPSILON)
    return constants[f"{name}_conv2d_weight"] * scale[:, None, None, None], shift


def _normalization(constants: Constants, name: str, epsilon: float) -> tuple[Doubles, Doubles]:
    gamma, beta, mean, variance = (
        constants[f"{name}_{part}"].astype(np.float64)
        for part in ("gamma", "beta", "moving_mean", "moving_var")
    )
    scale = gamma / np.sqrt(variance + epsilon)
    return scale, beta - mean * scale


def _constant(graph: OnnxGraph, name: str, values: Doubles) -> str:
    return graph.constant(name, values.astype(np.float32))
