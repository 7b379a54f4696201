"""What was posted before: a list, and downloaded posts matched back to their originals."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from consent.domain.actors import Actor
from consent.publishing.csv_import import (
    COLUMNS,
    PublicationImport,
    import_posts,
    import_publications,
    posting_day,
)
from consent.publishing.originals import match_posts
from consent.services import Services
from pages.ui.dates import DATE_FORMAT, EARLIEST
from pages.ui.errors import show_errors
from pages.ui.look import literal

_REPORT = "publication-import"


def offer_import(services: Services, actor: Actor) -> None:
    """Ask for a list or a folder, and show what came of it."""
    left, right = st.columns(2, gap="large")
    with left, st.form("import-list"):
        st.markdown("**A list**")
        st.caption(
            f"CSV or .xlsx with the columns {', '.join(COLUMNS)}; the last three may be missing."
        )
        file = st.file_uploader("The list", type=["csv", "xlsx"], key="import-file")
        photos = st.text_input("Folder of downloaded posts, on the server, if the list names any")
        if st.form_submit_button("Import the list") and file is not None:
            with show_errors(), st.spinner("Importing"):
                st.session_state[_REPORT] = _listed(services, file, photos, actor)
    with right, st.form("import-folder"):
        st.markdown("**A folder of downloaded posts**")
        st.caption("Cropped, squared, bordered and recompressed copies are found, too.")
        folder = st.text_input("Folder, as the computer that runs this program knows it")
        channels = services.policy.channels
        channel = st.selectbox("Published on", channels, format_func=lambda channel: channel.label)
        day = st.date_input("On", services.today(), min_value=EARLIEST, format=DATE_FORMAT)
        if st.form_submit_button("Match and record") and folder.strip():
            with show_errors(), st.spinner("Matching"):
                posting_day(services, day.isoformat())
                posts = match_posts(services, Path(folder.strip()), actor)
                use = services.policy.use(channel.id)
                report = import_posts(services, posts, use, day.isoformat(), actor)
                st.session_state[_REPORT] = report
    if _REPORT in st.session_state:
        _show(st.session_state[_REPORT])


def _listed(
    services: Services, given: UploadedFile, photos: str, actor: Actor
) -> PublicationImport:
    folder = Path(photos.strip()) if photos.strip() else None
    with tempfile.TemporaryDirectory() as kept:
        file = Path(kept) / f"list{Path(given.name).suffix}"
        file.write_bytes(given.getvalue())
        return import_publications(services, file, actor, photos=folder, called=given.name)


def _show(report: PublicationImport) -> None:
    st.markdown(
        f"**{len(report.recorded)} recorded**, {report.known} known already, "
        f"{len(report.bad)} rows not recorded"
    )
    if report.takedowns:
        numbers = ", ".join(takedown.label for takedown in report.takedowns)
        st.warning(f"Somebody in them has revoked: {numbers}.", icon=":material/delete_sweep:")
    for bad in report.bad:
        st.error(literal(f"Line {bad.line}: {bad.reason}"), icon=":material/error:")
    if report.posts:
        st.dataframe(
            {
                "Downloaded post": [post.path.name for post in report.posts],
                "Found by": [
                    post.problem
                    or ("no original found" if post.original is None else post.original.by.value)
                    for post in report.posts
                ],
            },
            width="stretch",
        )
