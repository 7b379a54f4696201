"""Names of files that were handed in, safe on every disk."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

# Folders kept of a name: enough to tell two cards of one camera apart.
_DEPTH = 4
# In bytes of UTF-8: most disks keep 255 of a name, and Windows 260 letters of a whole path.
_LONGEST_PART = 120
_LONGEST_SUFFIX = 12
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
# Names that Windows keeps for devices, with any suffix.
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def safe_names(names: Sequence[str]) -> Iterator[str]:
    """Yield relative paths without `..`, drives, devices or doubles, one for each name."""
    taken: set[str] = set()
    for name in names:
        path = _safe(name)
        candidate, count = path, 1
        # Compared without case: the disks of macOS and Windows do.
        while candidate.as_posix().casefold() in taken:
            count += 1
            candidate = path.with_name(f"{path.stem} ({count}){path.suffix}")
        taken.add(candidate.as_posix().casefold())
        yield candidate.as_posix()


def _safe(name: str) -> PurePosixPath:
    parts = [
        _safe_part(part)
        for part in name.replace("\\", "/").split("/")
        if part.strip(" .") and not re.fullmatch(r"[A-Za-z]:", part)
    ]
    return PurePosixPath(*parts[-_DEPTH:]) if parts else PurePosixPath("photo")


def _safe_part(part: str) -> str:
    # Lone surrogates, which some systems let into names, are no text.
    text = part.encode("utf-8", "replace").decode()
    path = PurePosixPath(_FORBIDDEN.sub("_", text).strip(" ."))
    suffix = _cut(path.suffix, _LONGEST_SUFFIX)
    short = _cut(path.stem, _LONGEST_PART - _LONGEST_SUFFIX) + suffix
    return f"_{short}" if _DEVICE.fullmatch(short) else short


def _cut(text: str, size: int) -> str:
    """Cut a text to so many bytes, between two letters."""
    return text.encode()[:size].decode("utf-8", "ignore")
