"""The web app. It runs every page: nothing in pages/ is served without the sign-in."""

from __future__ import annotations

import streamlit as st

from pages.admin import accounts, status, thresholds
from pages.asking import ask
from pages.check import check_photos
from pages.desk import record_revocation
from pages.print import pieces
from pages.published import publications
from pages.register import case, register
from pages.review import queue
from pages.takedowns import board
from pages.ui import backend, errors, guard, look, menu

PAGES = [
    (check_photos.page, "Check photos", ":material/image_search:", "check"),
    (ask.page, "Ask people", ":material/forum:", "ask"),
    (pieces.page, "Print", ":material/newspaper:", "print"),
    (queue.page, "Review", ":material/how_to_reg:", "review"),
    (record_revocation.page, "Record a revocation", ":material/person_off:", "record"),
    (register.page, "Register", ":material/folder_shared:", "register"),
    (publications.page, "Published", ":material/public:", "published"),
    (board.page, "Takedowns", ":material/delete_sweep:", "takedowns"),
    (thresholds.page, "Thresholds", ":material/balance:", "thresholds"),
    (status.page, "Status", ":material/monitor_heart:", "status"),
    (accounts.page, "Accounts", ":material/manage_accounts:", "accounts"),
]
st.set_page_config(
    page_title="Likeness",
    # A file of our own: browsers are sent to a font server for the icon of a name.
    page_icon=look.ICON,
    layout="wide",
    menu_items={"Get help": None, "Report a bug": None, "About": None},
)
look.apply()
with errors.show_errors_last():
    signed_in = guard.is_signed_in()
    allowed = menu.allowed()
pages = {
    address: st.Page(
        page,
        title=title,
        icon=icon,
        url_path=address,
        visibility="visible" if address in allowed else "hidden",
    )
    for page, title, icon, address in PAGES
}


def first() -> None:
    """Open the first page of somebody's menu."""
    guard.signed_in()
    st.switch_page(pages[allowed[0]])


chosen = st.navigation(
    [
        # Streamlit knows its default page by the bare address alone. Were that a page of the menu,
        # its own address would lead nowhere, and be another one for each role.
        st.Page(first, title="Likeness", url_path="first", visibility="hidden", default=True),
        *pages.values(),
        case.as_page(),
    ],
    # All pages are declared even before the sign-in, so that a reload finds its page again; each
    # asks for the sign-in itself.
    position="top" if signed_in else "hidden",
)
if signed_in:
    guard.watch()
    backend.begin_day()
with errors.show_unforeseen():
    chosen.run()
