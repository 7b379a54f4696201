"""The web app. It runs every page: nothing in pages/ is served without the sign-in."""

from __future__ import annotations

import streamlit as st

from pages.admin import accounts, status, thresholds
from pages.asking import ask
from pages.check import check_photos
from pages.desk import record_revocation
from pages.home import home
from pages.print import pieces
from pages.published import publications, takedowns
from pages.register import case, records_request, register
from pages.review import queue
from pages.ui import backend, errors, guard, look

PAGES = {
    "home": (home.page, "Home", ":material/home:"),
    "check": (check_photos.page, "Check photos", ":material/image_search:"),
    "ask": (ask.page, "Ask people", ":material/forum:"),
    "published": (publications.page, "Published", ":material/public:"),
    "record": (record_revocation.page, "Record a revocation", ":material/person_off:"),
    "review": (queue.page, "Review", ":material/how_to_reg:"),
    "takedowns": (takedowns.page, "Takedowns", ":material/delete_sweep:"),
    "print": (pieces.page, "Print", ":material/newspaper:"),
    "register": (register.page, "Register", ":material/folder_shared:"),
    "records": (records_request.page, "Records request", ":material/outbox:"),
    "thresholds": (thresholds.page, "Thresholds", ":material/balance:"),
    "status": (status.page, "Status", ":material/monitor_heart:"),
    "accounts": (accounts.page, "Accounts", ":material/manage_accounts:"),
}
st.set_page_config(
    page_title="Likeness",
    # A file of our own: browsers are sent to a font server for the icon of a name.
    page_icon=look.ICON,
    layout="wide",
    initial_sidebar_state=look.MENU_WIDTH,
    menu_items={"Get help": None, "Report a bug": None, "About": None},
)
with errors.show_errors_last():
    here = guard.who_is_here()
    allowed = guard.in_menu(here)
look.apply(*backend.library() if here else ())
pages = {
    address: st.Page(
        page,
        title=title,
        icon=icon,
        url_path=address,
        visibility="visible" if address in allowed else "hidden",
    )
    for address, (page, title, icon) in PAGES.items()
}
groups = {title: [pages[address] for address in group] for title, group in guard.GROUPS.items()}


def first() -> None:
    """Open the first page of somebody's menu."""
    guard.signed_in()
    st.switch_page(pages[guard.HOME])


# Streamlit knows its default page by the bare address alone. Were that a page of the menu, its own
# address would lead nowhere.
groups[""] += [
    st.Page(first, title="Likeness", url_path="first", visibility="hidden", default=True),
    case.as_page(),
]
chosen = st.navigation(
    # All pages are declared even before the sign-in, so that a reload finds its page again; each
    # asks for the sign-in itself.
    groups,
    position="sidebar" if here else "hidden",
    expanded=True,
)
if here:
    guard.watch()
    backend.begin_day()
with errors.show_unforeseen():
    chosen.run()
