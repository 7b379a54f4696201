"""Timestamps are UTC-aware everywhere."""

from __future__ import annotations

from datetime import UTC, datetime


def as_utc(moment: datetime, *, naive_is_utc: bool = False) -> datetime:
    """Return a moment in UTC.

    Args:
        moment: with a zone, or naive as a database gives it.
        naive_is_utc: accept a naive one as UTC.

    Raises:
        ValueError: it is naive and that was not said to be right.
    """
    if moment.tzinfo is None:
        if not naive_is_utc:
            raise ValueError(f"{moment.isoformat()} has no time zone")
        return moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC)


def utc_now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)
