"""The browser's own notice that a check has ended, which Streamlit does not give."""

from __future__ import annotations

from pathlib import Path

from pages.ui.look import from_files

_notice = from_files(Path(__file__).with_name("notice.js"))


def offer_notice(job_id: str) -> None:
    """Offer to tell by a notice when a check has ended, as long as the tab is open."""
    _notice(key=f"notice-{job_id}", data={"check": job_id, "ended": False, "words": ""})


def give_notice(job_id: str, words: str) -> None:
    """Tell whoever asked for it in this tab that a check has ended; once."""
    _notice(key=f"notice-{job_id}", data={"check": job_id, "ended": True, "words": words})
