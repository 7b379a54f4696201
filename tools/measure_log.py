"""Measure how long a log takes to verify, in seconds of a processor, and how much memory; Linux.

python tools/measure_log.py [ENTRIES]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from consent.bootstrap import build_services
from consent.domain.actors import Actor, Role
from consent.domain.log import Action
from consent.retention.proof import verify_log, verify_new
from consent.services import Services
from consent.settings import Settings

ENTRIES, AT_ONCE = 100_000, 5_000
STAFF = Actor("bench", Role.DESK)


def fill(services: Services, entries: int) -> None:
    """Write a log."""
    for begin in range(0, entries, AT_ONCE):
        with services.writing() as unit:
            for number in range(begin, min(entries, begin + AT_ONCE)):
                details = {"photo": "f" * 64, "state": "confirmed"}
                case = f"case{number}"
                unit.audit.append(Action.SIGHTING_DECIDED, case, STAFF, services.now(), details)
            unit.commit()


def memory(of: str) -> float:
    """Return a figure of this process, in MiB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split(f"{of}:")[1].split()[0]) / 1024


def main() -> None:
    """Measure, and print."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else ENTRIES
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", keys=Path(folder) / "keys", database_url="")
        services = build_services(settings)
        fill(services, entries)
        before = memory("VmRSS")
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        begun = time.process_time()
        found = verify_log(services)
        seconds, more = time.process_time() - begun, memory("VmHWM") - before
        begun = time.process_time()
        verify_new(services)
        whole = time.process_time() - begun
        fill(services, 100)
        begun = time.process_time()
        few = verify_new(services).checked
        again = time.process_time() - begun
    print(
        f"{found.checked:,} entries: {seconds:.2f} s, {more:.1f} MiB more, once more "
        f"{whole:.2f} s; then the {few} new ones {again:.3f} s"
    )


if __name__ == "__main__":
    main()
