"""Indexing killed in the middle goes on where it was."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlmodel import col, select

from consent.bootstrap import build_services
from consent.settings import Settings
from media_index.storage.tables import FaceEncodingRow, FaceRow


def rows(home: Path) -> dict[str, list[tuple]]:
    """All that indexing writes, but for the moment at which it did."""
    queries = {
        "photos": (
            "SELECT sha256, byte_size, width, height, pdq, phash, dhash, trimmed, taken_at, camera "
            "FROM photo"
        ),
        "places": "SELECT path, photo_sha256, byte_size, mtime_ns FROM place",
        "problems": "SELECT path, code, reason, byte_size, mtime_ns FROM problem",
        "faces": (
            "SELECT photo_sha256, place_in_photo, x1, y1, x2, y2, detector_score, model_id "
            "FROM face JOIN face_encoding ON face_id = face.id"
        ),
    }
    connection = sqlite3.connect(home / "likeness.db")
    try:
        [(whole,)] = connection.execute("PRAGMA integrity_check")
        assert whole == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        found = {name: sorted(connection.execute(query)) for name, query in queries.items()}
    finally:
        connection.close()
    return found | {"encodings": encodings(home)}


def encodings(home: Path) -> list[tuple]:
    """The encodings of faces, which two homes encrypt by different keys."""
    services = build_services(Settings(home=home, database_url=""))
    try:
        with services.reading() as unit:
            asked = select(
                FaceRow.photo_sha256,
                FaceRow.index,
                FaceEncodingRow.face_id,
                FaceEncodingRow.model_id,
                FaceEncodingRow.vector,
            ).join(FaceEncodingRow, col(FaceEncodingRow.face_id) == col(FaceRow.id))
            return sorted(
                (photo, place, model, unit.photos._vector(face, model, kept).tobytes())
                for photo, place, face, model, kept in unit.photos._session.exec(asked).all()
            )
    finally:
        services.close()


def indexed_so_far(home: Path) -> int:
    if not (home / "likeness.db").exists():
        return 0
    connection = sqlite3.connect(home / "likeness.db")
    try:
        [(number,)] = connection.execute("SELECT count(*) FROM photo")
    except sqlite3.OperationalError:
        return 0
    else:
        return int(number)
    finally:
        connection.close()


def children_of(process: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False
    )
    return [int(line) for line in listed.stdout.split()]


def is_running(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_killed_in_the_middle_the_next_run_ends_with_the_same_index(
    home: Path, samples: Path, samples_indexed_once: Path
) -> None:
    command = [sys.executable, "-m", "consent.cli", "index", str(samples), "--jobs", "2", "--json"]
    environment = {**os.environ, "LIKENESS_HOME": str(home)}
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    end = time.monotonic() + 120
    while indexed_so_far(home) == 0:
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < end
        time.sleep(0.05)
    workers = children_of(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = indexed_so_far(home)
    assert 0 < done < 23
    assert len(rows(home)["places"]) == done
    for sha256, *_ in rows(home)["photos"]:
        assert (home / "thumbnails" / sha256[:2] / f"{sha256}.jpg").stat().st_size > 0

    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    # One of the samples is truncated.
    assert again.returncode == 3
    report = json.loads(again.stdout)
    assert (report["added"], report["unchanged"]) == (23 - done, done)
    assert rows(home) == rows(samples_indexed_once)

    # Workers whose parent was killed do not stay behind.
    end = time.monotonic() + 20
    while any(is_running(worker) for worker in workers):
        assert time.monotonic() < end
        time.sleep(0.2)
