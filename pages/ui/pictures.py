"""Pictures: taken with the camera, shown with their faces numbered, tapped or drawn on."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from consent.review.photos import PhotoView
from media_index.files.kinds import SUFFIXES
from media_index.images.marks import Line, Mark, draw_around, draw_marks
from media_index.types import Box

if TYPE_CHECKING:
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

# By which a phone offers its camera; what is in a file is looked at when it is there.
PHOTO_TYPES = sorted(suffix.removeprefix(".") for suffix in SUFFIXES)
_CHOSEN = (20, 90, 170)
_OTHER = (70, 80, 90)
_NOT_LENT = (
    "The browser lets this page use the camera only over https or on the same computer. Choose "
    "a file instead. On a phone, that button also offers the camera."
)


def show_faces(
    view: PhotoView,
    boxes: Sequence[Box],
    chosen: Collection[int],
    alt: str,
    *,
    all_numbers: bool = True,
    with_words: bool = False,
) -> None:
    """Show a photo with its faces numbered, and some of them, by index, as the chosen ones.

    Without `all_numbers`, faces that are hardly larger than their number go without. `with_words`,
    it comes together with what stands beside it (`inline`).
    """
    marks = [
        Mark(
            box,
            str(face + 1),
            Line.SOLID if face in chosen else Line.THIN,
            _CHOSEN if face in chosen else _OTHER,
            always=all_numbers or face in chosen,
        )
        for face, box in enumerate(boxes)
    ]
    picture = draw_marks(view.thumbnail, (view.width, view.height), marks)
    st.image(inline(picture) if with_words else picture, alt=alt, width="stretch")


def inline(picture: bytes) -> str:
    """Return a JPEG as a data URL: it comes with the words beside it, in no request of its own.

    Where one picture follows another, the one before would stand beside the new words meanwhile.
    """
    return f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"


def show_match(
    view: PhotoView | None, box: Box | None, alt: str, *, with_words: bool = False
) -> None:
    """Show the face that is meant with its surroundings; the whole photo if it is about that.

    `with_words`, it comes together with what stands beside it (`inline`).
    """
    if view is None:
        say_no_picture()
        return
    picture = view.thumbnail
    if box is not None:
        mark = Mark(box, "", Line.SOLID, _CHOSEN)
        picture = draw_around(picture, (view.width, view.height), mark)
    st.image(inline(picture) if with_words else picture, alt=alt, width="stretch")


def show_reference(picture: bytes | None, label: str, width: int) -> None:
    """Show a reference face of a case, or say that its picture is gone."""
    if picture is None:
        st.caption(":material/broken_image: The picture is not on file.")
    else:
        st.image(picture, alt=f"Photo of the person in case {label}", width=width)


def say_unreadable() -> None:
    """Say that there is nothing to show of a file."""
    st.caption(":material/broken_image: No picture: the file could not be read.")


def say_no_picture() -> None:
    """Say that there is nothing to show of a photo that is known."""
    st.caption(":material/broken_image: No picture of this photo is kept.")


def take_picture(
    label: str, key: str, label_visibility: Literal["visible", "collapsed"] = "visible"
) -> UploadedFile | None:
    """Ask for a picture from the camera; where the page gets none, say why, and ask for a file."""
    if lends_camera(st.context.url):
        return st.camera_input(label, key=key, label_visibility=label_visibility)
    st.info(_NOT_LENT, icon=":material/no_photography:")
    return st.file_uploader(
        label, type=PHOTO_TYPES, key=f"{key}-file", label_visibility=label_visibility
    )


def picture_taken(key: str) -> UploadedFile | None:
    """Return the picture that was taken, or the file chosen instead, drawn yet or not."""
    return next((file for name in (key, f"{key}-file") for file in uploaded_files(name)), None)


def uploaded_files(key: str) -> list[UploadedFile]:
    """Return the files of an uploader that are still there, whether it is drawn yet or not.

    Of what was handed in to a server that was started anew since, only the place is left.
    """
    found = st.session_state.get(key)
    files = found if isinstance(found, list) else [found]
    return [file for file in files if isinstance(file, UploadedFile)]


def lends_camera(url: str | None) -> bool:
    """Say whether a browser lends its camera to a page of this address: a secure context of W3C."""
    parts = urlsplit(url or "")
    if parts.scheme != "http":
        return True
    host = parts.hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def let_go(files: Iterable[UploadedFile]) -> None:
    """Delete files that were used; Streamlit would keep them for as long as the session lasts."""
    here = get_script_run_ctx()
    if here is None:
        return
    manager = cast("MemoryUploadedFileManager", here.uploaded_file_mgr)
    for file in files:
        manager.remove_file(here.session_id, file.file_id)
