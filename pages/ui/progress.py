"""Long work on the screen: what is being done, how far it is, and a way to stop it."""

from __future__ import annotations

import streamlit as st

STARTING = "Starting: this takes some seconds"
WAITING = "Waiting: it starts when other work is done"


def show_progress(done: int, total: int, words: str) -> bool:
    """Show how far something is; return whether somebody pressed Cancel."""
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.progress(min(1.0, done / total) if total else 0.0, text=words)
    return right.button("Cancel", width="stretch")
