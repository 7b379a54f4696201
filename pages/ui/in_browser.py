"""Parts of a page that run in the browser, each from files beside the module that shows it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer


def from_files(script: Path) -> ComponentRenderer:
    """Return the part of a script, with the HTML and the style of the same name, if it has them.

    All of it is sent with the page: nothing is fetched from anywhere.
    """

    def read(kind: str) -> str | None:
        file = script.with_suffix(f".{kind}")
        return file.read_text(encoding="utf-8") if file.exists() else None

    return st.components.v2.component(
        f"likeness.{script.stem}", html=read("html"), css=read("css"), js=read("js")
    )


def wanted() -> None:
    """Say that a value is wanted: Streamlit keeps one only if somebody asks for it."""
