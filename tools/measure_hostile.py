"""Run hostile and odd files through the program: a result or a named problem each, within bounds.

    python tools/measure_hostile.py [FOLDER ...] --files 3000

The files are damaged at random or made to take much (`tools/hostile_files.py`), from the samples;
those of the folders named are run too. Each is handed in where people hand it in: a photo is
checked, a PDF placed in a print piece, a letter and a list of cases taken. The person in the
samples' portrait has revoked. Prints the tables of docs/reliability.md, and fails if a file gave
neither, or took more than it may. Reads memory from /proc, so it needs Linux, and the weights in
the data home of the environment.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from consent.bootstrap import build_services
from consent.cases.intake import unusable
from consent.cases.open import record_revocation
from consent.cases.references import read_reference
from consent.checking.check import check_photos
from consent.csv_rows import read_rows
from consent.domain.actors import Actor, Role
from consent.domain.errors import ConsentError
from consent.domain.intake import EvidenceFile
from consent.domain.terms import Method, NewRevocation, Submission
from consent.domain.verdicts import Verdict
from consent.domain.wording import sentence
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, open_piece
from consent.settings import Settings
from media_index.errors import MediaIndexError

sys.path.insert(0, str(Path(__file__).parent))

from hostile_files import (
    EVIDENCE,
    LAYOUT,
    LIST,
    PHOTO,
    PORTRAIT,
    Hostile,
    bombs,
    damaged,
    files_in,
)

from consent.services import Services

STAFF = Actor("measurement", Role.COMMUNICATIONS, frozenset(Role))
# What is left of the program's own work when the time of a file is up: the looks for faces.
MOST_SECONDS, MOST_MIB = 45.0, 1536
# A PDF may take time for each of its pages too.
SECONDS_A_PICTURE = 1.5
_EVERY = 0.01


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file.

    Attributes:
        said: a verdict, or the sentence of a problem.
        is_result: whether it was looked at.
        fault: what nobody foresaw; empty as it should be.
        opened: MiB, the most of a process that opens files.
        program: MiB, the most of the program itself.
        before: MiB, of that, what it held before: in a test, all that was tested before.
        pieces: of which it consists: pictures of a PDF.
    """

    file: Hostile
    said: str
    is_result: bool
    fault: str
    seconds: float = 0.0
    opened: float = 0.0
    program: float = 0.0
    before: float = 0.0
    pieces: int = 1

    @property
    def wrong(self) -> str:
        """Why it is not as it should be; empty if it is."""
        if self.fault:
            return self.fault
        if not self.said:
            return "neither a result nor a problem"
        if self.seconds > MOST_SECONDS + SECONDS_A_PICTURE * (self.pieces - 1):
            return f"took {self.seconds:.0f} s"
        most = max(self.opened, self.program - self.before)
        return f"took {most:,.0f} MiB" if most > MOST_MIB else ""


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--files", type=int, default=3000, help="damaged at random")
    parser.add_argument("--seed", type=int, default=16)
    parser.add_argument("--formats", nargs="*", help="of those damaged at random, such as webp")
    parser.add_argument("--no-bombs", action="store_true")
    arguments = parser.parse_args()
    at_random = (
        file
        for file in damaged(arguments.files, arguments.seed)
        if not arguments.formats or file.kind.partition(",")[0] in arguments.formats
    )
    files = chain(
        () if arguments.no_bombs else bombs(),
        at_random,
        files_in(arguments.folders),
    )
    with tempfile.TemporaryDirectory() as made:
        outcomes = list(told(run(files, Path(made))))
    print_tables(outcomes)
    wrong = [outcome for outcome in outcomes if outcome.wrong]
    for outcome in wrong:
        print(f"WRONG: {outcome.file.kind}, {outcome.file.name}: {outcome.wrong}")
    sys.exit(1 if wrong else 0)


def told(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Say on stderr how far it is, what is wrong, and in what nothing was found."""
    for count, outcome in enumerate(outcomes, start=1):
        file, said = outcome.file, outcome.wrong or outcome.said
        if outcome.wrong or said == Verdict.CLEAR.words or count % 100 == 0:
            print(f"{count}: {file.kind}, {file.name}: {said}", file=sys.stderr, flush=True)
        yield outcome


def run(files: Iterable[Hostile], made: Path) -> Iterator[Outcome]:
    """Hand in each file where it belongs, and watch what it takes."""
    services = prepared(made / "home")
    doors = {PHOTO: of_photo, LAYOUT: of_layout, EVIDENCE: of_evidence, LIST: of_list}
    for number, file in enumerate(files):
        path = made / f"{number}" / file.name
        path.parent.mkdir()
        path.write_bytes(file.content)
        watch = Watch()
        begun = time.monotonic()
        with watch:
            outcome = handed_in(services, file, path, doors[file.door])
        path.unlink()
        yield replace(
            outcome,
            seconds=time.monotonic() - begun,
            opened=watch.opened,
            program=watch.program,
            before=watch.before,
        )


def prepared(home: Path) -> Services:
    """Return a data home in which the person of the portrait has revoked."""
    home.mkdir()
    (home / "weights").symlink_to(Settings().home.resolve() / "weights")
    services = build_services(Settings(home=home, database_url=""))
    new = NewRevocation(
        "A. Reader",
        Submission(services.today(), Method.LETTER),
        references=[read_reference(services, str(PORTRAIT))],
        keep_face=True,
        note="Binder 3",
    )
    record_revocation(services, new, STAFF)
    return services


Door = Callable[["Services", Hostile, Path], tuple[str, bool, int]]


def handed_in(services: Services, file: Hostile, path: Path, door: Door) -> Outcome:
    """Hand a file in at a door; what the program says on purpose is a problem, the rest a fault."""
    try:
        said, is_result, pieces = door(services, file, path)
    except (ConsentError, MediaIndexError) as error:
        return Outcome(file, str(error), is_result=False, fault="")
    except Exception as error:  # noqa: BLE001 - that is what is measured
        return Outcome(file, "", is_result=False, fault=f"{type(error).__name__}: {error}")
    return Outcome(file, said, is_result, "", pieces=pieces)


def of_photo(services: Services, _: Hostile, path: Path) -> tuple[str, bool, int]:
    """Check a photo before it is posted."""
    use = services.policy.use("instagram")
    report = check_photos(services, [path], use, STAFF, jobs=1)
    decision = report.clearances[0].decision
    if decision.verdict is Verdict.NOT_CHECKED:
        return sentence(decision.reasons[0]), False, 1
    return decision.verdict.words, True, 1


def of_layout(services: Services, file: Hostile, path: Path) -> tuple[str, bool, int]:
    """Place a PDF in a print piece."""
    label = open_piece(
        services, NewPiece("newsletter", "Newsletter", path.parent.name), STAFF
    ).label
    placed = place_files(services, label, [HandedIn(file.name, file.content)], STAFF).photos
    problems = [photo.problem for photo in placed if photo.problem]
    said = problems[0] if problems else f"{len(placed)} pictures and pages"
    return said, not problems, len(placed)


def of_evidence(_: Services, file: Hostile, __: Path) -> tuple[str, bool, int]:
    """Hand in a letter."""
    problems = list(unusable([EvidenceFile(file.name, file.content)]))
    return (problems[0], False, 1) if problems else ("taken", True, 1)


def of_list(_: Services, __: Hostile, path: Path) -> tuple[str, bool, int]:
    """Read a list of cases."""
    return f"{len(read_rows(path, ['name'], ['name']).rows)} rows", True, 1


class Watch:
    """The most memory of this process and of those below it, in MiB, while it is open."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self.program = self.opened = self.before = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> None:
        """Forget what was before, and watch."""
        for process in (os.getpid(), *below(os.getpid())):
            forget_peak(process)
        self.before = peak(os.getpid())
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        """Look once more, and stop."""
        self._done.set()
        self._thread.join()
        self._look_once()

    def _look(self) -> None:
        while not self._done.wait(_EVERY):
            self._look_once()

    def _look_once(self) -> None:
        self.program = max(self.program, peak(os.getpid()))
        self.opened = max([self.opened, *map(peak, below(os.getpid()))])


def below(process: int) -> list[int]:
    """Return the processes that a process started."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        # A thread may end while it is looked at.
        if task.exists():
            found += map(int, read(task).split())
    # One that was only just forked is still this program, with all its memory.
    own = command(process)
    return [other for other in found if command(other) != own]


def command(process: int) -> str:
    """Return what a process was started by; nothing of one that has ended."""
    return read(Path(f"/proc/{process}/cmdline"))


def peak(process: int) -> float:
    """Return the most memory of a process since it was forgotten, in MiB; 0 if it has ended."""
    lines = read(Path(f"/proc/{process}/status")).splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def forget_peak(process: int) -> None:
    """Let the kernel count the most memory anew, as proc(5) says."""
    Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")


def read(path: Path) -> str:
    """Return what the kernel says; nothing of a process that has ended."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def print_tables(outcomes: list[Outcome]) -> None:
    """Print what came of the files by kind, and of each bomb."""
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        # Of what is damaged at random, all of a format together.
        file = outcome.file
        kind = "bombs" if file.kind == file.name else file.kind.partition(", ")[0]
        by_kind[kind].append(outcome)
    single = [outcome for outcome in outcomes if outcome.file.kind == outcome.file.name]
    print(
        "| files | how many | looked at | of them nothing found | named problem | neither "
        "| seconds at most | MiB to open |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for kind, found in sorted(by_kind.items()):
        print(row(kind, found))
    print(row("**all**", outcomes))
    print("\n| file | bytes | what is said | seconds | MiB to open | MiB of the program |")
    print("|---|---|---|---|---|---|")
    for outcome in single:
        said = outcome.said.split(": ")[0].replace("|", "/")[:110]
        title, _, ending = outcome.file.name.rpartition(".")
        print(
            f"| {title} ({ending}) | {len(outcome.file.content):,} | {said} | "
            f"{outcome.seconds:.1f} | {outcome.opened:,.0f} | {outcome.program:,.0f} |"
        )
    print(f"\nThe program itself: {max(outcome.program for outcome in outcomes):,.0f} MiB at most.")


def row(kind: str, found: list[Outcome]) -> str:
    """Return the row of a kind of files."""
    looked = sum(outcome.is_result for outcome in found)
    neither = sum(bool(outcome.fault) or not outcome.said for outcome in found)
    seconds = max(outcome.seconds for outcome in found)
    opened = max(outcome.opened for outcome in found)
    named = len(found) - looked - neither
    nothing = sum(outcome.said == Verdict.CLEAR.words for outcome in found)
    counts = f"{len(found):,} | {looked:,} | {nothing} | {named:,} | {neither}"
    return f"| {kind} | {counts} | {seconds:.1f} | {opened:,.0f} |"


if __name__ == "__main__":
    main()
