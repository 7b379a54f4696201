"""Photographs: fingerprints, faces and scores. Knows nothing of people or their wishes."""

import os

# Photos are spread over processes. Threads beside these wait for one another, and burn ten times
# the processor time meanwhile; NumPy asks for the number when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
