"""Measure what work costs on a large data home; it is worked in, so keep a copy of it.

    python tools/measure_large_home.py HOME PHOTOS --keys 20

HOME is one of tools/make_large_home.py. Told is processor time: of a new revocation with one
reference face, from the form to its takedowns, and of its sweep, and of ten photos of the folder
PHOTOS checked there, beside an empty home, both once what is kept beside the database is there; of
the counts on the first page; of the day's look for published copies, the first time and then; of
the review list made for the first time, and of answers in it, to the next pair with its pictures.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from measure_review import measure

from consent.bootstrap import build_services
from consent.cases.open import record_revocation
from consent.cases.references import read_reference
from consent.cases.reminders import count_lapsing_holds, list_disputed
from consent.cli.trial_check import cpu_seconds
from consent.cli.trial_register import CLERK
from consent.domain.actors import Actor, Role
from consent.domain.terms import Method, NewRevocation, Submission
from consent.matching.sweep import sweep
from consent.publishing.posts import count_scheduled
from consent.review.queue import count_to_review
from consent.settings import ROOT, Settings
from consent.status import count_problems
from consent.takedowns.board import count_takedowns
from consent.takedowns.open_due import open_takedowns_of_today
from media_index.bench.setting import photos_below
from media_index.files.kinds import SUFFIXES

Result = TypeVar("Result")

PORTRAITS = ROOT / "data" / "samples" / "originals"
ANYBODY = Actor("everybody", Role.DIRECTOR, frozenset(Role))
FIRST, SECOND = PORTRAITS / "obama.jpg", PORTRAITS / "biden.jpg"


def timed(what: str, work: Callable[[], Result]) -> Result:
    """Do something, and print what it cost."""
    begun = time.process_time()
    result = work()
    print(f"{what}: {time.process_time() - begun:.2f} s of processor time", flush=True)
    return result


def revoke(home: Path, name: str, portrait: Path) -> None:
    """Record somebody with one reference face, and search for them."""
    services = build_services(Settings(home=home))
    face = read_reference(services, str(portrait))
    new = NewRevocation(
        name,
        Submission(services.today(), Method.LETTER),
        references=[face],
        keep_face=True,
        note="Binder 3",
    )
    recorded = timed("a revocation recorded", lambda: record_revocation(services, new, CLERK))
    label = recorded.revocation.label
    timed("and its sweep", lambda: sweep(services, label, CLERK))


def count_for_home(home: Path) -> None:
    """Count what the first page says, as whoever may do everything."""
    services = build_services(Settings(home=home))
    timed("first page: takedowns", lambda: count_takedowns(services, ANYBODY))
    timed("first page: scheduled posts", lambda: count_scheduled(services, ANYBODY))
    timed("first page: holds", lambda: count_lapsing_holds(services, ANYBODY))
    timed("first page: objections", lambda: list_disputed(services, ANYBODY))
    timed("first page: to review", lambda: count_to_review(services, ANYBODY))
    timed("first page: problems", lambda: count_problems(services, ANYBODY))


def check(home: Path, photos: list[Path], use: str) -> None:
    """Check photos, in a process of its own, beside an empty home."""
    with tempfile.TemporaryDirectory() as place:
        empty = Path(place) / "home"
        empty.mkdir()
        shutil.copytree(home / "weights", empty / "weights")
        taken = {}
        for name, where in (("the large home", home), ("an empty home", empty)):
            cpu_seconds(where, [FIRST], use)
            taken[name] = cpu_seconds(where, photos, use)
    large, small = taken.values()
    said = ", ".join(f"{seconds} s in {name}" for name, seconds in taken.items())
    print(f"{len(photos)} photos checked: {said}: {large / small:.2f} times", flush=True)


def main() -> None:
    """Run from the command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("home", type=Path)
    asked.add_argument("photos", type=Path)
    asked.add_argument("--keys", type=int, default=20)
    asked.add_argument("--use", default="instagram")
    given = asked.parse_args()
    print("First of all, which makes what is kept beside the database:", flush=True)
    revoke(given.home, "First Reader", FIRST)
    check(given.home, photos_below(given.photos, SUFFIXES)[:10], given.use)
    print("Then:", flush=True)
    revoke(given.home, "Second Reader", SECOND)
    count_for_home(given.home)
    print("Of each day, copies to take down: the first time, and then:", flush=True)
    services = build_services(Settings(home=given.home))
    judged = None
    for _ in range(2):
        look = partial(open_takedowns_of_today, services, judged)
        _, judged = timed("looked for what is out", look)
    print("The review list, and keys in it:", flush=True)
    measure(services, given.keys)


if __name__ == "__main__":
    main()
