"""Say what loading the register costs a process: processor time, the least of a few processes.

python tools/measure_loading.py HOME --times 3

HOME is a data home, such as tools/make_large_home.py makes.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
_ONE = """
import time
from consent.bootstrap import services_from_environment
from consent.matching.register_snapshot import RegisterSnapshot
services = services_from_environment()
began = time.process_time()
with services.reading() as unit:
    RegisterSnapshot(services, unit)
print(time.process_time() - began)
"""


def main() -> None:
    """Load it in one process after another."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("home", type=Path)
    asked.add_argument("--times", type=int, default=3)
    given = asked.parse_args()
    home = {"LIKENESS_HOME": str(given.home.resolve()), "LIKENESS_DATABASE_URL": ""}
    environment = {"OPENBLAS_NUM_THREADS": "1", **os.environ, **home, "PYTHONPATH": str(ROOT)}
    took = []
    for _ in range(given.times):
        ran = subprocess.run(
            [sys.executable, "-c", _ONE],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        took.append(float(ran.stdout))
    print(f"{min(took):.2f} s")


if __name__ == "__main__":
    main()
