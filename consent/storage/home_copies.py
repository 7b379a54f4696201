"""Copies of a data home inside it: they hold what is erased in the home."""

from __future__ import annotations

from pathlib import Path

# How their folders begin: what a restore replaced, and what a backup and a restore work in, which
# is left behind if they are killed.
REPLACED, BACKING_UP, RESTORING = "before-restore-", ".backup-", ".restore-"


def copies_of(home: Path, *, replaced: bool = True) -> list[Path]:
    """Return the copies in a home; without what a restore replaced, if that is not wanted."""
    prefixes = (*((REPLACED,) if replaced else ()), BACKING_UP, RESTORING)
    return [copy for prefix in prefixes for copy in sorted(home.glob(f"{prefix}*"))]
