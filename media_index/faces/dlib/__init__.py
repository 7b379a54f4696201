"""dlib's encoder of faces, and its network as ONNX: this is the door, the rest is inside."""

from media_index.faces.dlib.convert import converted, described
from media_index.faces.dlib.encoder import (
    DlibEncoder,
    landmark_square,
    through_face_recognition,
    through_onnx_runtime,
)

__all__ = [
    "DlibEncoder",
    "converted",
    "described",
    "landmark_square",
    "through_face_recognition",
    "through_onnx_runtime",
]
