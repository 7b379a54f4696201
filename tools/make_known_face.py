"""Make the face by which the models are proven: from a sample photo of NASA's, public domain.

    python tools/make_known_face.py

Run it anew when a model or its preparation changes on purpose; the self-test fails otherwise.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from consent.settings import ROOT, Settings
from media_index.faces.detect import FaceDetector
from media_index.faces.dlib import DlibEncoder
from media_index.faces.encode import SFaceEncoder
from media_index.faces.self_test import KNOWN_FACE
from media_index.faces.weights import SFACE_WEIGHTS, YUNET_WEIGHTS, verified
from media_index.limits import DETECTION

SOURCE = ROOT / "data" / "samples" / "originals" / "astronaut.png"
SIDE = 128


def main() -> None:
    """Cut the face out, and keep what the models say of it."""
    weights = Settings().weights
    detector = FaceDetector(verified(weights, YUNET_WEIGHTS), DETECTION)
    with Image.open(SOURCE) as picture:
        whole = np.asarray(picture.convert("RGB"), np.uint8)
    x, y, width, height = max(detector.detect(whole), key=lambda row: row[14])[:4]
    side = 1.6 * max(width, height)
    left, top = max(0, round(x + width / 2 - side / 2)), max(0, round(y + height / 2 - side / 2))
    cut = Image.fromarray(whole[top : top + round(side), left : left + round(side)])
    rgb = np.asarray(cut.resize((SIDE, SIDE), Image.Resampling.BOX), np.uint8)
    rows = detector.detect(rgb)
    np.savez_compressed(
        KNOWN_FACE,
        rgb=rgb,
        row=rows[0],
        sface=SFaceEncoder(verified(weights, SFACE_WEIGHTS)).encode(rgb, rows[:1])[0],
        dlib=DlibEncoder(weights).encode(rgb, rows[:1])[0],
    )


if __name__ == "__main__":
    main()
