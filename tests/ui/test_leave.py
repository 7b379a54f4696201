"""No page offers what would end in a refusal: it says who may, or shows nothing to press."""

from __future__ import annotations

from datetime import timedelta

import pytest

from consent.access.menu import GROUPS
from consent.domain.actors import Actor, Role
from consent.domain.roles import who_may
from consent.policy_file import load_policy
from consent.publishing.record import Posting, record_publications
from consent.settings import ROOT
from tests.ui.page_cases import STAFF, labels, opened, revoke, sample, texts

_PRINT = "Only these roles may prepare print pieces: print editor."
_PUBLISH = "Only these roles may plan and record what is published: communications."
_APPEALS = "Only these roles may take in appeals and hand out answers: "


@pytest.mark.parametrize(
    ("page", "shown", "role", "said", "kept_back"),
    [
        ("print.pieces", {}, Role.COMMUNICATIONS, _PRINT, {"Open a piece"}),
        (
            "published.publications",
            {"published_shown": "Import"},
            Role.DIRECTOR,
            _PUBLISH,
            {"Import the list", "Match and record"},
        ),
        ("takedowns.board", {"takedowns_shown": "Appeals"}, Role.RECORDS, _APPEALS, {"Enter"}),
    ],
)
def test_who_may_not_is_told_who_may(open_app, page, shown, role, said, kept_back):
    open_app()
    app = opened(page, Actor("Somebody", role), **shown)

    assert said in texts(app)
    assert kept_back.isdisjoint(labels(app))
    assert not app.error


@pytest.mark.parametrize("role", [Role.RECORDS, Role.PRINT_EDITOR, Role.DIRECTOR])
def test_a_takedown_is_moved_by_who_may_and_shown_to_others(services, role):
    day = services.today() - timedelta(days=40)
    out = Posting(services.policy.use("facebook"), day, "https://fb.com/1", already_out=True)
    record_publications(services, [sample(services, "obama2.jpg")], out, STAFF)
    revoke(services)

    app = opened("takedowns.board", Actor("Somebody", role))
    assert "Only these roles may work on takedowns: communications." in texts(app)
    assert {"Next step", "Mine", "Mail"}.isdisjoint(labels(app))
    assert "1 open" in texts(app)
    assert "Next step" in labels(opened("takedowns.board", STAFF))


_PAGES = {
    "check": "check.check_photos",
    "ask": "asking.ask",
    "print": "print.pieces",
    "review": "review.queue",
    "record": "desk.record_revocation",
    "register": "register.register",
    "published": "published.publications",
    "takedowns": "takedowns.board",
    "thresholds": "admin.thresholds",
    "status": "admin.status",
    "accounts": "admin.accounts",
}


@pytest.mark.parametrize("address", _PAGES)
def test_a_page_that_is_not_in_somebodys_menu_says_whose_it_is(open_app, address):
    """They may have its address: a link, or a role that they have no more."""
    open_app(lambda: None)
    duty = next(group[address] for group in GROUPS.values() if address in group)
    policy = load_policy(ROOT / "data" / "policy.toml")
    role = next(role for role in Role if role not in who_may(duty, policy))

    app = opened(_PAGES[address], Actor("Somebody", role))

    assert f"Only these roles may {duty.words}: " in texts(app)
    assert labels(app) == []
    assert not app.file_uploader


def test_every_page_of_the_menu_is_tried():
    assert {address for group in GROUPS.values() for address, duty in group.items() if duty} == {
        *_PAGES
    }
