"""How long a text may be, so that nobody's name fills a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

# Letters. Of people and branches; of places, contacts and hints; of notes, reasons and addresses.
NAME, PLACE, NOTE = 120, 200, 1000


def too_long(texts: Mapping[str, tuple[str, int]]) -> Iterator[str]:
    """Yield what is wrong with each text, named as "the note", that exceeds its most letters."""
    for name, (text, most) in texts.items():
        if len(text.strip()) > most:
            yield f"{name} has {len(text.strip()):,} letters: shorten it to {most:,}"
