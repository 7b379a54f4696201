"""Measure what work costs on a large data home; it is worked in, so keep a copy of it.

    python tools/measure_large_home.py HOME PHOTOS --keys 20

HOME is one of tools/make_large_home.py. Told is processor time: of a new revocation with one
reference face, from the form to its takedowns, and of its sweep; of the day's job the first time
and after that revocation; of the counts on the first page; of answers in the review, to the
next pair with its pictures; and of ten photos of the folder PHOTOS checked there, beside an empty
home. The day before each is made up for first: what is kept beside the database is there.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
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
from consent.jobs.day import do_day
from consent.matching.sweep import sweep
from consent.publishing.posts import count_scheduled
from consent.review.queue import count_to_review
from consent.settings import ROOT, Settings
from consent.status import count_problems
from consent.takedowns.board import count_takedowns
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
    print("First of all, which makes what is kept beside the database:")
    revoke(given.home, "First Reader", FIRST)
    print("Of each day, copies to take down: the first time, and then:")
    services = build_services(Settings(home=given.home))
    for _ in range(2):
        timed("looked for what is out", lambda: do_day(services))
    print("Then:")
    revoke(given.home, "Second Reader", SECOND)
    timed("looked for what is out, after it", lambda: do_day(services))
    count_for_home(given.home)
    measure(build_services(Settings(home=given.home)), given.keys)
    check(given.home, photos_below(given.photos, SUFFIXES)[:10], given.use)


if __name__ == "__main__":
    main()
