"""By what faces are compared: the calibration in use, its thresholds, and another encoder."""
