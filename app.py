"""The web app. It runs every page: nothing in pages/ is served without the sign-in."""

from __future__ import annotations

import streamlit as st

from pages.admin import status
from pages.check import check_photos
from pages.desk import record_revocation
from pages.register import case, register
from pages.ui import errors, guard, look

st.set_page_config(
    page_title="Likeness",
    # A file of our own: browsers are sent to a font server for the icon of a name.
    page_icon=look.ICON,
    layout="wide",
    menu_items={"Get help": None, "Report a bug": None, "About": None},
)
look.apply()
chosen = st.navigation(
    [
        st.Page(
            check_photos.page,
            title="Check photos",
            icon=":material/image_search:",
            url_path="check",
            default=True,
        ),
        st.Page(
            record_revocation.page,
            title="Record a revocation",
            icon=":material/person_off:",
            url_path="record",
        ),
        st.Page(
            register.page,
            title="Register",
            icon=":material/folder_shared:",
            url_path="register",
        ),
        case.as_page(),
        st.Page(
            status.page,
            title="Status",
            icon=":material/monitor_heart:",
            url_path="status",
        ),
    ],
    # All pages are declared even before the sign-in, so that a reload finds its page again; each
    # asks for the sign-in itself.
    position="top" if guard.is_signed_in() else "hidden",
)
with errors.unforeseen_said():
    chosen.run()
