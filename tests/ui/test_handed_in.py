"""What is handed in at the desk: the kinds that are taken, and what is said at once."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.page_cases import DESK, ORIGINALS, opened, texts

PAGE = "desk.record_revocation"


def uploader(app: AppTest, label: str):
    return next(one for one in app.file_uploader if one.label.startswith(label))


@pytest.mark.parametrize(
    ("label", "kinds"),
    [
        ("Photos of the person", {".jpg", ".jfif", ".mpo", ".hif", ".heic", ".png"}),
        ("Upload the signed request", {".pdf", ".msg", ".eml", ".docx", ".odt", ".jfif", ".tif"}),
    ],
)
def test_files_are_taken_where_their_like_is(open_app, label: str, kinds: set[str]):
    open_app()
    assert kinds <= set(uploader(opened(PAGE, DESK), label).proto.type)


def test_a_letter_cut_off_is_said_before_anything_is_recorded(open_app):
    open_app()
    app = opened(PAGE, DESK)
    scan = (ORIGINALS / "obama.jpg").read_bytes()
    files = [("letter.jpg", scan[: len(scan) // 2], ""), ("page-2.jpg", scan, "")]
    uploader(app, "Upload the signed request").set_value(files).run()
    assert not app.exception
    (said,) = [one.value.replace("\\", "") for one in app.error]
    assert said.startswith("The file letter.jpg can't be opened because it is damaged or cut off")
    assert "page-2" not in texts(app)
