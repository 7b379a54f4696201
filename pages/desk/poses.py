"""Take the poses that are missing with the camera of this computer or phone, in five seconds."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from consent.cases.photo_advice import View
from consent.domain.errors import BadInputError
from pages.desk.session import Draft
from pages.ui.errors import show_errors

_HERE = Path(__file__).parent
# Said by the page and read out by screen readers: the person stands there and follows it.
_POSES = {
    View.FRONT: "look straight into the camera",
    View.LEFT: "turn your head a little to your left",
    View.RIGHT: "turn your head a little to your right",
}
_PREFIX = "data:image/jpeg;base64,"


def _part(kind: str) -> str:
    return (_HERE / f"poses.{kind}").read_text(encoding="utf-8")


# All of it is sent with the page: nothing is fetched from anywhere.
_camera = st.components.v2.component(
    "likeness.poses", html=_part("html"), css=_part("css"), js=_part("js")
)


def take_poses(draft: Draft, views: Sequence[View]) -> None:
    """Offer to take these views, or else all of them, and keep what was taken in the draft."""
    poses = list(views or View)
    many = len(poses)
    start = "Take one more picture here" if many == 1 else f"Take {many} pictures here"
    result = _camera(
        key=draft.key("poses"),
        data={
            "start": start,
            "poses": [{"view": view.value, "say": _POSES[view]} for view in poses],
        },
        on_taken_change=_wanted,
    )
    if result.taken:
        with show_errors():
            for content in pictures_in(result.taken):
                if content not in [known for known, _ in draft.taken]:
                    draft.taken.append((content, f"Picture {len(draft.taken) + 1}"))
            st.rerun()


def _wanted() -> None:
    """Say that the pictures are wanted: Streamlit keeps a value only if somebody asks for it."""


def pictures_in(taken: object) -> list[bytes]:
    """Return the JPEG files that the browser took.

    Raises:
        BadInputError: it sent something else.
    """
    found = []
    for picture in taken if isinstance(taken, list) else [None]:
        text = picture.get("jpeg") if isinstance(picture, dict) else None
        if not isinstance(text, str) or not text.startswith(_PREFIX):
            raise BadInputError("The camera gave no picture: try again, or upload photos.")
        try:
            found.append(base64.b64decode(text.removeprefix(_PREFIX), validate=True))
        except binascii.Error as error:
            raise BadInputError("The picture arrived broken: take it again.") from error
    return found
