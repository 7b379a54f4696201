"""Index an archive once without and once with being killed, and hold the one to the other.

    python tools/measure_archive.py --photos 100000 --kills 10 --in FOLDER

So many small photos, each a different part of a sample photo, are made below FOLDER (some 2 KiB
each), indexed in one go, and indexed again into a second data home by a process that is killed at
random moments and started anew. Printed is the memory of the processes as the index grows, and
whether both indexes are equal. FOLDER needs some 20 KiB for each photo; it is left to be removed.
Reads /proc: for Linux.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

from PIL import Image

from media_index.bench.setting import setting

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
PER_FOLDER, LOOK_SECONDS, MIB = 1000, 5.0, 1 << 20
# What indexing writes, but for numbers of rows and the moment at which it did.
WRITTEN = {
    "photos": "SELECT sha256, width, height, pdq, phash, dhash, trimmed, taken_at FROM photo",
    "places": "SELECT path, photo_sha256, byte_size, mtime_ns FROM place",
    "problems": "SELECT path, code, reason FROM problem",
    "features": "SELECT photo_sha256, method, points, descriptors FROM local_features",
    "faces": "SELECT photo_sha256, place_in_photo, x1, y1, x2, y2, detector_score, model_id, vector"
    " FROM face LEFT JOIN face_encoding ON face_id = face.id",
}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--in", dest="folder", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=Path("data/live/weights"))
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    archive, homes = folder / "photos", [folder / "whole", folder / "killed"]
    make_archive(archive, arguments.photos, arguments.seed)
    for home in homes:
        home.mkdir(parents=True)
        shutil.copytree(arguments.weights, home / "weights")
    print(setting(archive, arguments.seed).machine)
    start = time.monotonic()
    memory = indexed(homes[0], archive)
    seconds = time.monotonic() - start
    print(
        f"{arguments.photos} photos in {seconds:.0f} s, {arguments.photos / seconds:.0f} a second"
    )
    print_memory(memory, arguments.photos)
    draw = random.Random(arguments.seed)  # noqa: S311 - moments, no secret
    killed = indexed_in_spite(homes[1], archive, arguments.kills, seconds, draw)
    sums = [digests(home) for home in homes]
    for name in WRITTEN:
        (count, whole), (others, broken) = (found[name] for found in sums)
        print(f"{name}: {count:,} and {others:,}, {'equal' if whole == broken else 'NOT EQUAL'}")
    thumbnails = [sum(1 for _ in (home / "thumbnails").rglob("*.jpg")) for home in homes]
    print(f"thumbnails: {thumbnails[0]:,} and {thumbnails[1]:,}; killed {killed} times")
    if sums[0] != sums[1] or thumbnails[0] != thumbnails[1]:
        sys.exit(1)


def make_archive(folder: Path, count: int, seed: int) -> None:
    """Make the photos, unless they are there."""
    with ProcessPoolExecutor() as pool:
        starts = range(0, count, PER_FOLDER)
        list(pool.map(partial(_make_folder, folder, count, seed), starts))


def _make_folder(folder: Path, count: int, seed: int, start: int) -> None:
    below = folder / f"{start // PER_FOLDER:04d}"
    below.mkdir(parents=True, exist_ok=True)
    draw = random.Random(f"{seed} {start}")  # noqa: S311 - a sample, no secret
    sources = sorted((SAMPLES / "originals").glob("*.[jp][pn]g"))
    pictures = [Image.open(path).convert("RGB") for path in sources]
    for number in range(start, min(start + PER_FOLDER, count)):
        # Drawn all the same where it is there already, so that the next ones are the same too.
        picture = draw.choice(pictures)
        side = draw.randint(48, 80)
        wide = min(side * draw.uniform(1.0, 3.0), *picture.size)
        left, top = (draw.uniform(0, length - wide) for length in picture.size)
        quality = draw.randint(60, 95)
        path = below / f"{number:06d}.jpg"
        if not path.exists():
            part = picture.resize((side, side), box=(left, top, left + wide, top + wide))
            part.save(path, quality=quality)


def command(archive: Path) -> list[str]:
    """Return what indexes the archive."""
    return [sys.executable, "-m", "consent.cli", "index", str(archive), "--jobs", "2", "--json"]


def indexed(home: Path, archive: Path) -> list[tuple[int, float, float]]:
    """Index in one go; return photos done, and MiB of the writer and of the largest worker."""
    seen: list[tuple[int, float, float]] = []

    def look(process: subprocess.Popen[bytes]) -> None:
        workers = [resident_mib(child) for child in children_of(process.pid)]
        seen.append((photos_in(home), resident_mib(process.pid), max(workers, default=0.0)))

    run(home, archive, look, None)
    return seen


def indexed_in_spite(
    home: Path, archive: Path, kills: int, seconds: float, draw: random.Random
) -> int:
    """Index, killed at random moments; return how often it was killed."""
    done = 0
    while True:
        # Loading the models takes a while: a share of the whole that leaves some for the last.
        after = draw.uniform(0.02, 1.6 / (kills + 1)) * seconds + 10 if done < kills else None
        if run(home, archive, lambda _process: None, after):
            return done
        done += 1
        print(f"  killed with {photos_in(home):,} photos indexed", flush=True)


def run(
    home: Path,
    archive: Path,
    look: Callable[[subprocess.Popen[bytes]], None],
    kill_after: float | None,
) -> bool:
    """Index; return whether it came to its end.

    Raises:
        SystemExit: it failed.
    """
    environment = {**os.environ, "LIKENESS_HOME": str(home)}
    with (home / "index.log").open("wb") as log:
        process = subprocess.Popen(command(archive), env=environment, stdout=log, stderr=log)
        end = time.monotonic() + (kill_after or float("inf"))
        while time.monotonic() < end:
            try:
                code = process.wait(min(LOOK_SECONDS, max(0.0, end - time.monotonic())))
            except subprocess.TimeoutExpired:
                look(process)
                continue
            if code:
                raise SystemExit((home / "index.log").read_text()[-2000:])
            return True
        process.send_signal(signal.SIGKILL)
        process.wait()
    return False


def children_of(process: int) -> list[int]:
    """Return the processes that a process has started."""
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(child) for child in text.split()]


def resident_mib(process: int) -> float:
    """Return the memory that a process holds; 0 of one that has ended."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / MIB


def photos_in(home: Path) -> int:
    """Return how many photos are indexed; 0 before the tables are made."""
    try:
        with closing(sqlite3.connect(f"file:{home}/likeness.db?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM photo").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def print_memory(seen: list[tuple[int, float, float]], count: int) -> None:
    """Print the memory at every tenth of the way."""
    print("photos indexed, MiB of the writer, MiB of the largest worker:")
    for tenth in range(1, 11):
        reached = [look for look in seen if look[0] >= count * tenth // 11]
        if reached:
            done, writer, worker = reached[0]
            print(f"  {done:>9,} {writer:8.0f} {worker:8.0f}")


def digests(home: Path) -> dict[str, tuple[int, str]]:
    """Return how many rows of each kind there are, and one sum over them."""
    found = {}
    with closing(sqlite3.connect(home / "likeness.db")) as database:
        for name, query in WRITTEN.items():
            total, count = 0, 0
            for row in database.execute(query):
                digest = hashlib.sha256(repr(row).encode()).digest()
                # In any order: a sum modulo 2^256.
                total = (total + int.from_bytes(digest)) % (1 << 256)
                count += 1
            found[name] = count, f"{total:x}"
        whole = database.execute("PRAGMA integrity_check").fetchone()[0]
    status = subprocess.run(
        [sys.executable, "-m", "consent.cli", "status", "--json"],
        env={**os.environ, "LIKENESS_HOME": str(home)},
        capture_output=True,
        check=True,
    )
    broken = json.loads(status.stdout)["log_broken_at"]
    print(f"{home.name}: integrity {whole}, log {'unbroken' if broken is None else 'BROKEN'}")
    return found


if __name__ == "__main__":
    main()
