"""Pictures taken by the browser's camera, as they arrive."""

from __future__ import annotations

import base64

import pytest

from consent.domain.errors import BadInputError
from pages.desk.references import pictures_in
from tests.ui.page_cases import DESK, opened, texts


def as_sent(content: bytes) -> dict[str, str]:
    return {"view": "front", "jpeg": "data:image/jpeg;base64," + base64.b64encode(content).decode()}


def test_pictures_arrive_as_they_were_taken():
    assert pictures_in([as_sent(b"one"), as_sent(b"two")]) == [b"one", b"two"]


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "data:image/jpeg;base64,AAAA",
        [None],
        [{"view": "front"}],
        [{"jpeg": 7}],
        [{"jpeg": "https://example.org/a.jpg"}],
        [{"jpeg": "data:image/jpeg;base64,***"}],
    ],
)
def test_anything_else_is_refused_in_a_sentence(sent: object):
    with pytest.raises(BadInputError, match=r"again"):
        pictures_in(sent)


def test_the_desk_page_draws_the_camera_without_a_picture(services):
    app = opened("desk.record_revocation", DESK)

    assert "turned a little to each side" in texts(app)
