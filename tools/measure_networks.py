"""What the networks of the face models take, by ONNX Runtime as here, by OpenCV, and by OpenVINO.

    python tools/measure_networks.py --weights data/live/weights

On one thread, each way in turn, processor time, the median; and how far the outputs are from ours.
OpenVINO is measured where it is installed (pip install openvino); nothing else uses it.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from media_index.faces.dlib.convert import NETWORK_FILE, model_path
from media_index.faces.dlib.network import onnx_of
from media_index.faces.onnx_session import OnnxSession
from media_index.faces.onnx_writer import with_input
from media_index.faces.sface import rewritten
from media_index.faces.weights import SFACE_WEIGHTS, YUNET_WEIGHTS, verified

Numbers = NDArray[np.float32]
Way = Callable[[], Numbers]
LOOKS = ((640, 480), (1600, 1184), (2400, 1792))


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--weights", type=Path, default=Path("data/live/weights"))
    parser.add_argument("--times", type=int, default=9)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
    cv2.setNumThreads(1)
    random = np.random.default_rng(arguments.seed)
    sface = verified(arguments.weights, SFACE_WEIGHTS).read_bytes()
    dlib = onnx_of(model_path(NETWORK_FILE).read_bytes())
    for views in (1, 2, 8):
        faces = random.uniform(0, 255, (views, 3, 112, 112)).astype(np.float32)
        ways = by_each(rewritten(sface), sface, faces, "fc1")
        ways["ONNX Runtime, as it comes"] = one_by_one(OnnxSession(sface, "SFace"), faces)
        report(f"SFace, {views} at a time, ms each", ways, arguments.times, views)
    for views in (1, 4):
        chips = random.uniform(-0.5, 0.5, (views, 3, 150, 150)).astype(np.float32)
        ways = by_each(dlib, dlib, chips, "descriptors")
        report(f"dlib's, {views} at a time, ms each", ways, arguments.times, views)
    yunet = verified(arguments.weights, YUNET_WEIGHTS).read_bytes()
    for width, height in LOOKS:
        look = random.uniform(0, 255, (1, 3, height, width)).astype(np.float32)
        any_size = with_input(yunet, ("input", (1, 3, "height", "width")))
        ways = by_each(any_size, yunet, look, "cls_8")
        report(f"YuNet, {width} x {height} px, ms", ways, arguments.times, 1)


def by_each(ours: bytes, theirs: bytes, given: Numbers, output: str) -> dict[str, Way]:
    """Return how each program runs a network: ours as it is made here, theirs as it comes."""
    session = OnnxSession(ours, output)
    net = cv2.dnn.readNetFromONNX(np.frombuffer(theirs, np.uint8))
    returned = output if output in net.getUnconnectedOutLayersNames() else None

    def by_opencv() -> Numbers:
        # One at a time: SFace's file takes no more.
        found = []
        for one in given:
            net.setInput(one[None])
            found.append(net.forward(returned) if returned else net.forward())
        return np.concatenate(found)

    def by_onnx_runtime() -> Numbers:
        outputs = session.run(given)
        return outputs.get(output, next(iter(outputs.values())))

    ways = {"ONNX Runtime": by_onnx_runtime, "OpenCV": by_opencv}
    if importlib.util.find_spec("openvino") is not None:
        ways["OpenVINO"] = by_openvino(theirs, given, output)
    return ways


def one_by_one(session: OnnxSession, given: Numbers) -> Way:
    """Return how a session runs pictures one after the other."""
    return lambda: np.concatenate([next(iter(session.run(one[None]).values())) for one in given])


def by_openvino(model: bytes, given: Numbers, output: str) -> Way:
    """Return how OpenVINO runs a network, in float32."""
    openvino: Any = importlib.import_module("openvino")
    core = openvino.Core()
    network = core.read_model(model, b"")
    network.reshape([1, *given.shape[1:]] if output == "fc1" else list(given.shape))
    hints = {"INFERENCE_NUM_THREADS": 1, "INFERENCE_PRECISION_HINT": "f32"}
    compiled = core.compile_model(network, "CPU", hints)
    request = compiled.create_infer_request()

    def run() -> Numbers:
        found = []
        for part in given[:, None] if output == "fc1" else [given]:
            request.infer([part])
            found.append(np.array(request.get_tensor(output).data))
        return np.concatenate(found)

    return run


def report(title: str, ways: dict[str, Way], times: int, views: int) -> None:
    """Run each way in turn, and print what each takes."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    found = {name: run() for name, run in ways.items()}
    for _ in range(times):
        for name, run in ways.items():
            begun = time.process_time()
            run()
            taken[name].append(1000 * (time.process_time() - begun) / views)
    print(title)
    own = found["ONNX Runtime"]
    for name, spent in taken.items():
        apart = float(np.abs(found[name] - own).max() / np.abs(own).max())
        print(f"  {name:<26}{statistics.median(spent):8.1f}   {apart:.0e} from ours")


if __name__ == "__main__":
    main()
