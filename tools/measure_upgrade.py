"""Measure how long a home of an older version takes to encrypt the faces in its photos.

python tools/measure_upgrade.py [FACES]

Also how long it takes to seal a block of faces anew, as when one of them is erased.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import sqlite3
from contextlib import closing

from consent.bootstrap import build_services
from consent.settings import Settings
from consent.storage.index_keys import FACES_IN_BLOCK

FACES, MODELS = 100_000, ("sface", "dlib")
_PHOTO = (
    "INSERT INTO photo (sha256, byte_size, width, height, image_format, pdq, pdq_quality, phash, "
    "dhash, has_gps, orientation, indexed_at) "
    "VALUES ('a', 1, 1, 1, 'JPEG', x'00', 1, x'00', x'00', 0, 1, '2026-01-01 00:00:00')"
)
_FACE = (
    "INSERT INTO face (id, photo_sha256, place_in_photo, x1, y1, x2, y2, landmarks, "
    "detector_score, size_px, sharpness, yaw) VALUES (?, 'a', ?, 0, 0, 9, 9, '[]', 1, 9, 9, 0)"
)
# What migrations after 0043 add, beside the encryption.
_LATER = (("face", "few_tones"), ("photo", "frames"), ("photo", "frames_seen"))


def make_older(home: Path, faces: int) -> None:
    """Fill a home with faces that are not encrypted."""
    build_services(Settings(home=home, database_url="")).close()
    with closing(sqlite3.connect(home / "likeness.db")) as database, database:
        database.execute(_PHOTO)
        database.executemany(_FACE, ((number, number) for number in range(1, faces + 1)))
        database.executemany(
            "INSERT INTO face_encoding VALUES (?, ?, ?)",
            (
                (number, model, os.urandom(512))
                for number in range(1, faces + 1)
                for model in MODELS
            ),
        )
        for table, column in _LATER:
            database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        database.execute("UPDATE alembic_version SET version_num = '0043'")


def main() -> None:
    """Measure, and print."""
    faces = int(sys.argv[1]) if len(sys.argv) > 1 else FACES
    with tempfile.TemporaryDirectory() as place:
        os.environ["LIKENESS_KEYS"] = str(Path(place) / "keys")
        home = Path(place) / "home"
        make_older(home, faces)
        before = (home / "likeness.db").stat().st_size
        begun = time.process_time()
        services = build_services(Settings(home=home, database_url=""))
        took = time.process_time() - begun
        after = (home / "likeness.db").stat().st_size
        begun = time.process_time()
        with services.writing() as unit:
            unit.photos.forget_encodings("a", [FACES_IN_BLOCK])
            unit.commit()
        erased = time.process_time() - begun
        services.close()
    print(f"{faces:,} faces encrypted in {took:.1f} s of a processor")
    print(f"The database: {before / 2**20:,.0f} MiB before, {after / 2**20:,.0f} after")
    print(f"A block sealed anew: {1000 * erased:.0f} ms")


if __name__ == "__main__":
    main()
