"""Folders and files of the server that somebody names on a page."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from consent.domain.errors import BadInputError
from consent.settings import Settings


def below_roots(settings: Settings, typed: str) -> Path:
    """Return the folder or file that was named on a page, with links followed.

    At the command line the account's own rights say what is read. A page is used from afar, and
    reads with the rights of the server: only what lies below a root. What is not there and what may
    not be read is refused alike, so that nobody learns what else the server holds.

    Raises:
        BadInputError: it is not there, leads out, or is an address.
    """
    text = typed.strip().strip("\"'")
    if "://" in text:
        raise BadInputError(
            "The pages read only folders of the computer that runs the program. For web "
            "addresses, use the command line."
        )
    path = _found(text)
    if path is None or not any(path.is_relative_to(root) for root in roots_of(settings)):
        named = ", ".join(str(root) for root in settings.read_by_pages)
        raise BadInputError(
            f"There is no {text or '(empty)'} in the folders that the pages may read ({named}): "
            "check the spelling, or ask your IT to add the folder of your photos (LIKENESS_ROOTS)."
        )
    for link in _links_out(path, roots_of(settings)):
        raise BadInputError(
            f"{link} is a link to a place outside the folders that the pages may read: remove "
            "it, or copy the files there."
        )
    return path


def roots_of(settings: Settings) -> tuple[Path, ...]:
    """Return the folders that pages read, with links followed."""
    return tuple(root.resolve() for root in settings.read_by_pages)


def _links_out(folder: Path, roots: Sequence[Path]) -> Iterator[Path]:
    """Yield the links in a folder, and in what its other links lead to, that lead out of all."""
    waiting, seen = [folder] if folder.is_dir() else [], set[Path]()
    while waiting:
        looked_at = waiting.pop()
        if looked_at in seen:
            continue
        seen.add(looked_at)
        try:
            with os.scandir(looked_at) as entries:
                held = [(Path(entry.path), entry.is_symlink(), entry.is_dir()) for entry in entries]
        except OSError:
            # Whoever reads the photos says so of this folder.
            continue
        for path, is_link, is_folder in held:
            target = path.resolve() if is_link else path
            if is_link and not any(target.is_relative_to(root) for root in roots):
                yield path
            elif is_folder:
                waiting.append(target)


def _found(text: str) -> Path | None:
    try:
        return Path(text).resolve(strict=True) if text else None
    except (OSError, ValueError, RuntimeError):
        # Not there, not to be entered, a NUL in its name, links in a ring: nobody is told which.
        return None
