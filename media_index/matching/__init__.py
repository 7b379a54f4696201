"""Scores, calibration and search."""
