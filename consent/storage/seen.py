"""What this computer has last seen of a register, kept outside its database.

A database that is lost, or replaced by an empty or older one, knows nothing of that. The version
seen last, the digest of the log at it and the numbers given stand in a file of the data home, and
in one beside the master key, since the data home may be lost as a whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Protocol

from consent.settings import Settings, without_password
from media_index.files.atomic import write_whole

_FILE = "last-seen.json"


class SeenDoubt(Enum):
    """Why a database is not the register that this computer has last seen."""

    EMPTY = (
        "This register is empty, but this computer has used one here before, up to version "
        "{version}: see that the right disk is there and LIKENESS_HOME and LIKENESS_DATABASE_URL "
        "are right, or restore a backup with likeness restore. If you began anew on purpose, "
        "say so with likeness doctor --accept."
    )
    OTHER = (
        "This is another register than the one that this computer has last seen here: see that the "
        "right disk is there and LIKENESS_HOME and LIKENESS_DATABASE_URL are right, or restore a "
        "backup with likeness restore. If it is the right one, say so with likeness doctor "
        "--accept."
    )
    OLDER = (
        "This register has gone back in time: this computer has seen version {version} of it, and "
        "what was entered since is not there. Bring a newer backup back with likeness restore, or "
        "enter again what is missing and then say so with likeness doctor --accept."
    )

    def sentence(self, seen: Seen) -> str:
        """Say it."""
        return self.value.format(version=seen.version)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was last seen of a register.

    Attributes:
        home: id of the register; empty if none was seen.
        version: of the register.
        digest: of the log's entry of that number.
        numbers: the highest that was given, by table.
    """

    home: str = ""
    version: int = 0
    digest: str = ""
    numbers: Mapping[str, int] = field(default_factory=dict)


class Log(Protocol):
    """The log, as far as it is needed here."""

    def digest_of(self, sequence: int) -> str | None:
        """Return the digest of an entry; None if there is none of that number."""
        ...


def doubt_of(seen: Seen, home: str, log: Log) -> SeenDoubt | None:
    """Compare a database with what was last seen of it."""
    if not seen.version or log.digest_of(seen.version) == seen.digest:
        return None
    if log.digest_of(1) is None:
        return SeenDoubt.EMPTY
    return SeenDoubt.OLDER if seen.home in {"", home} else SeenDoubt.OTHER


class LastSeen:
    """The two files, read and written together."""

    def __init__(self, settings: Settings) -> None:
        """Name the files; they are made when they are needed."""
        address = f"{settings.home.resolve()}\n{without_password(settings.url)}"
        name = hashlib.sha256(address.encode()).hexdigest()[:32]
        self._files = (settings.home / _FILE, settings.keys / "last-seen" / f"{name}.json")

    def read(self) -> Seen:
        """Return the newest of what the files say, with the highest numbers of both."""
        found = [seen for path in self._files if (seen := _read(path)) is not None]
        if not found:
            return Seen()
        numbers: dict[str, int] = {}
        for seen in found:
            for table, number in seen.numbers.items():
                numbers[table] = max(number, numbers.get(table, 0))
        # The one outside is written last: of two at one version it is the one that was meant.
        return replace(max(reversed(found), key=lambda seen: seen.version), numbers=numbers)

    def lags(self, version: int) -> bool:
        """Say whether a file does not know a version of the register yet."""
        return any((seen := _read(path)) is None or seen.version < version for path in self._files)

    def note(self, seen: Seen) -> None:
        """Keep what was seen, with the highest numbers.

        The database is ahead of a file that could not be written, which is no harm.
        """
        before = self.read().numbers
        highest = {
            table: max(before.get(table, 0), seen.numbers.get(table, 0))
            for table in {*before, *seen.numbers}
        }
        content = json.dumps(asdict(replace(seen, numbers=highest))).encode()
        for path in self._files:
            with contextlib.suppress(OSError):
                write_whole(path, [content], durable=False)

    @property
    def places(self) -> tuple[Path, ...]:
        """Where it is kept."""
        return self._files


def _read(path: Path) -> Seen | None:
    try:
        return Seen(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        # Not there, or no file of ours: the other one may be.
        return None
