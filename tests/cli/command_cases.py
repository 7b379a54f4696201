"""A command as staff run it, what it answers, and what most tests run before."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from consent.settings import ROOT

SAMPLES = ROOT / "data" / "samples"
ORIGINALS = SAMPLES / "originals"
# On the library's own calendar: in Hartford it is yesterday for some hours of every UTC day.
TODAY = datetime.now(ZoneInfo("America/New_York")).date()
REVOKE = ["revoke", "--name", "Zebulon Quirk", "--received", "2026-06-01", "--note", "Binder 3"]


class Answer:
    """What a command said and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def data(self) -> dict:
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


Run = Callable[..., Answer]


def refused(answer: Answer, said: str) -> None:
    """Hold that what was asked was wrong: a sentence, exit 2, and nothing on standard output."""
    assert answer.code == 2, (said, answer.out, answer.err)
    assert said in answer.err, answer.err
    assert "Traceback" not in answer.err
    assert answer.out == ""
