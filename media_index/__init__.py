"""Photographs: fingerprints, faces and scores. Knows nothing of people or their wishes."""
