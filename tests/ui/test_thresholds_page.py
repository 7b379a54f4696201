"""What the thresholds mean for the register of today, and what another one would."""

from __future__ import annotations

from itertools import pairwise

from consent.indexing.thresholds import workload
from consent.services import Services
from consent.status import read_status
from tests.ui.page_cases import DIRECTOR, opened, texts


def test_without_a_reference_there_is_nothing_to_weigh(services: Services):
    assert "nothing is looked for by faces yet" in texts(opened("admin.thresholds", DIRECTOR))
    assert read_status(services).workload == ""


def test_the_slider_says_what_another_threshold_would_flag_and_miss(revoked: Services):
    app = opened("admin.thresholds", DIRECTOR)
    assert "1 person is looked for by the face" in texts(app)
    assert "review_per_million" not in texts(app)

    wider = workload(revoked).choices()[-1]
    app.select_slider[0].set_value(wider.review_per_million).run()

    assert f"review_per_million = {wider.review_per_million:g}" in texts(app)
    flagged, _, missed = app.metric
    assert flagged.value == f"{wider.flagged:.2g}"
    assert missed.value == f"{wider.missed:.2g}"
    assert flagged.delta.startswith("+")
    assert missed.delta.startswith("-")


def test_a_larger_register_flags_more_and_misses_no_more(revoked: Services):
    work = workload(revoked)
    today, grown = work.today(), work.at(work.matching.review_per_million, 1_000)
    assert grown.flagged > 2 > today.flagged > 0
    assert grown.missed == today.missed is not None

    points = work.choices()
    for one, next_one in pairwise(points):
        assert one.flagged < next_one.flagged
        assert (one.missed or 0) >= (next_one.missed or 0)


def test_status_says_what_there_is_to_look_at(revoked: Services):
    said = read_status(revoked).workload
    assert "of 100 photos of strangers are flagged" in said
    assert "photos of revoked people" in said
    assert "tolerable" not in said
