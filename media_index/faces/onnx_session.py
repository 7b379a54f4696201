"""Runs a model of ONNX, by ONNX Runtime. Why not OpenCV: ADR 33."""

from __future__ import annotations

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from media_index.faces.weights import WeightsError

# The wheels for Windows would report to Microsoft.
onnxruntime.disable_telemetry_events()


class ModelUnusableError(WeightsError):
    """ONNX Runtime cannot load a model."""

    def __init__(self, name: str, error: Exception) -> None:
        reason = " ".join(str(error).split())[:200]
        super().__init__(
            f"The face model {name} cannot be loaded ({reason}): set the program up again "
            "(python3 start.py), and check again."
        )


class OnnxSession:
    """A model ready to run, in as many threads as OpenCV had when it was loaded.

    Safe to share between threads.
    """

    def __init__(self, model: bytes, name: str) -> None:
        """Load a model from the bytes of its file; `name` is said where that fails.

        Raises:
            ModelUnusableError: it cannot be loaded.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = cv2.getNumThreads()
        options.inter_op_num_threads = 1
        # Idle threads would keep their processors busy.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # A plan of memory for each size of picture: a third more memory, and no time saved.
        options.enable_mem_pattern = False
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                model, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # its errors have no base class of their own
            raise ModelUnusableError(name, error) from error
        [given] = self._session.get_inputs()
        self._given = given.name
        self._returned = [output.name for output in self._session.get_outputs()]

    def run(self, given: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """Return the outputs by their names."""
        returned = self._session.run(self._returned, {self._given: given})
        return dict(zip(self._returned, returned, strict=True))
