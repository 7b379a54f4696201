"""Measure what the encryption of the register costs a check of known photos, in one run.

And what it would cost a sweep to decrypt the vectors of a million faces.

python tools/measure_sealing.py [PEOPLE]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from consent.bootstrap import build_services
from consent.checking.check import check_photos
from consent.cli.trial_check import fill
from consent.domain.actors import Actor, Role
from consent.services import Services
from consent.settings import ROOT, Settings
from consent.storage import sealed

PEOPLE, TIMES = 300, 15
# By two models, 128 float32 each.
BYTES_OF_A_MILLION = 1_000_000 * 2 * 128 * 4
STAFF = Actor("bench", Role.DIRECTOR)


def check(services: Services, photos: list[Path]) -> float:
    """Check photos, and return the seconds of a processor."""
    begun = time.process_time()
    check_photos(services, photos, services.policy.use("instagram"), STAFF, jobs=1)
    return time.process_time() - begun


def decrypting_a_million_faces() -> float:
    """Return the seconds of a processor that it takes to decrypt two vectors of each."""
    cipher, piece, nonce = AESGCM(bytes(32)), bytes(1 << 20), bytes(12)
    sealed_piece = cipher.encrypt(nonce, piece, None)
    pieces = 256
    begun = time.process_time()
    for _ in range(pieces):
        cipher.decrypt(nonce, sealed_piece, None)
    return (time.process_time() - begun) * BYTES_OF_A_MILLION / (pieces * len(piece))


def main() -> None:
    """Measure, and print."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    photos = sorted((ROOT / "data" / "samples").rglob("*.jpg"))
    opened = sealed.open_value
    known: dict[tuple[str, str, bytes], bytes | None] = {}

    def remembered(about: str, owner: str, value: bytes) -> bytes | None:
        key = about, owner, value
        if key not in known:
            known[key] = opened(*key)
        return known[key]

    with tempfile.TemporaryDirectory() as place:
        os.environ["LIKENESS_KEYS"] = str(Path(place) / "keys")
        home = Path(place) / "home"
        home.mkdir()
        fill(home, people, seed=1)
        services = build_services(Settings(home=home, database_url=""))
        check(services, photos)
        setattr(sealed, "open_value", remembered)  # noqa: B010 - mypy takes no other function
        check(services, photos)
        took: dict[bool, list[float]] = {True: [], False: []}
        # In turn, so that whatever else the computer does falls on both.
        for number in range(2 * TIMES):
            opens = number % 2 == 0
            setattr(sealed, "open_value", opened if opens else remembered)  # noqa: B010 - as above
            took[opens].append(check(services, photos))
    # Of neighbors in time: the middle one is of a quiet moment.
    times = median(mine / other for mine, other in zip(took[True], took[False], strict=True))
    print(
        f"{len(photos)} known photos, {people:,} people, {len(known):,} values opened: "
        f"{median(took[True]):.2f} s with it, {times:.3f} times as without"
    )
    print(f"Decrypting the vectors of a million faces: {decrypting_a_million_faces():.2f} s")


if __name__ == "__main__":
    main()
