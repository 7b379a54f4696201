"""A picture taken here: by the page, or where browsers forbid that, by the phone's own camera."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.ui.pictures import PHOTO_TYPES

_NOT_LENT = (
    "A browser lends its camera only to pages of this computer or over https, and this page came "
    "over plain http. Choose a file instead: on a phone, that button offers its camera, too."
)


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
