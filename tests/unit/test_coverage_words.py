"""Who was asked, in one sentence that is the same on every screen and paper."""

from __future__ import annotations

import pytest

from consent.domain.print import Coverage


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (Coverage(0, 0), "No one can be recognized, so you don't need to ask anyone."),
        (Coverage(1, 0), "0 of 1 recognizable person asked."),
        (Coverage(2, 1, 1), "2 of 2 recognizable people asked: 1 said yes, 1 said no."),
        (
            Coverage(4, 3, as_a_room=2),
            "3 of 4 recognizable people asked: 3 said yes (2 with the whole room).",
        ),
        (
            Coverage(3, 1, unwilling=1),
            (
                "1 of 3 recognizable people asked: 1 said yes; "
                "1 already told the library not to show them."
            ),
        ),
    ],
)
def test_who_was_asked_is_whoever_answered(counts: Coverage, words: str):
    assert counts.words == words
