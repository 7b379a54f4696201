"""Faces: found, judged, encoded."""
