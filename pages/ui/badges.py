"""Verdicts as badges: an icon and the words, so that colour never carries meaning alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from consent.domain.verdicts import Verdict
from media_index.images.marks import Line

Colour = Literal["red", "violet", "orange", "blue", "green"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a verdict looks.

    Attributes:
        icon: Streamlit's name.
        colour: of the badge.
        line: of a face's box.
        rgb: of a face's box.
    """

    icon: str
    colour: Colour
    line: Line
    rgb: tuple[int, int, int]


LOOKS = {
    Verdict.BLOCKED: Look(":material/block:", "red", Line.SOLID, (200, 30, 40)),
    Verdict.NOT_CHECKED: Look(":material/help:", "violet", Line.THIN, (110, 60, 160)),
    Verdict.REVIEW: Look(":material/visibility:", "orange", Line.DASHED, (190, 90, 0)),
    Verdict.CONSENT_MISSING: Look(":material/forum:", "blue", Line.DASHED, (20, 90, 170)),
    Verdict.CLEAR: Look(":material/search_off:", "green", Line.THIN, (70, 80, 90)),
}


def badge(verdict: Verdict) -> None:
    """Show a verdict."""
    look = LOOKS[verdict]
    st.badge(verdict.words, icon=look.icon, color=look.colour)


def in_text(verdict: Verdict) -> str:
    """Return a verdict as icon and words for a label."""
    look = LOOKS[verdict]
    return f":{look.colour}[{look.icon}] {verdict.words}"
