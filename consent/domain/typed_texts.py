"""What a typed text may hold: so many letters that nobody's name fills a page, none that lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from consent.domain.errors import BadInputError

# Letters. Of people and branches; of places, contacts and hints; of notes, reasons and addresses.
NAME, PLACE, NOTE = 120, 200, 1000
# Unicode's marks, embeddings, overrides and isolates of direction: with them a name is shown in
# another order than it is kept in, and so are the words beside it.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_NO_TURNING = dict.fromkeys(map(ord, _TURNING))


def unfit(texts: Mapping[str, tuple[str, int]]) -> Iterator[str]:
    """Yield what is wrong with each text, named as "the note": too many letters, or some unseen."""
    for called, (text, most) in texts.items():
        if len(text.strip()) > most:
            yield f"{called} has {len(text.strip()):,} letters: shorten it to {most:,}"
        yield from _turned(called, text)


def _turned(called: str, text: str) -> Iterator[str]:
    if signs := sorted(_TURNING.intersection(text)):
        listed = ", ".join(f"U+{ord(sign):04X}" for sign in signs)
        yield (
            f"{called} has a hidden character that changes the order of the letters ({listed}): "
            "type it by hand instead of pasting it"
        )


def require_fit(**texts: tuple[str, int]) -> None:
    """Refuse what is wrong with a text, as `unfit` has it; `the_reason` is called "the reason".

    Raises:
        BadInputError: names every text that must be typed otherwise.
    """
    called = {name.replace("_", " "): text for name, text in texts.items()}
    _refuse([*unfit(called)])


def require_no_turning(**texts: str) -> None:
    """Refuse signs that turn the order of letters; `the_editor` is called "the editor".

    Raises:
        BadInputError: names every text that holds one.
    """
    called = {name.replace("_", " "): text for name, text in texts.items()}
    _refuse([said for name, text in called.items() for said in _turned(name, text)])


def _refuse(problems: list[str]) -> None:
    if problems:
        sentence = "; ".join(problems)
        raise BadInputError(f"{sentence[0].upper()}{sentence[1:]}.")


def without_turning(text: str) -> str:
    """Return a text as it is kept, letter after letter: nothing in it turns what stands beside."""
    return text.translate(_NO_TURNING)
