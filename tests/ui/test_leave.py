"""No page offers what would end in a refusal: it says who may, or shows nothing to press."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from consent.access.menu import GROUPS, HOME, open_to
from consent.cases.change import rescind
from consent.checking.overrides import propose_override
from consent.domain.actors import Actor, Role
from consent.domain.roles import who_may, who_may_words
from consent.domain.terms import Rescission, Submission
from consent.policy_file import load_policy
from consent.printing.audit import run_audit
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, open_piece
from consent.publishing.posts import schedule_posts
from consent.publishing.record import Posting, record_publications
from consent.services import Services
from consent.settings import ROOT
from consent.takedowns.appeals import receive_appeal
from tests.staff import employ
from tests.ui.page_cases import (
    DESK,
    DIRECTOR,
    ORIGINALS,
    STAFF,
    labels,
    opened,
    revoke,
    sample,
    texts,
)

_PRINT = "Only people with this role may prepare print pieces: print editor."
_PUBLISH = "Only people with this role may plan and record what is published: communications."
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
        ("published.takedowns", {"takedowns_shown": "Appeals"}, Role.RECORDS, _APPEALS, {"Save"}),
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

    app = opened("published.takedowns", Actor("Somebody", role))
    assert "Only people with this role may work on takedowns: communications." in texts(app)
    assert {"Next step", "Assign to me", "Email text"}.isdisjoint(labels(app))
    assert "1 open" in texts(app)
    assert "Next step" in labels(opened("published.takedowns", STAFF))


def pages_of_the_menu() -> dict[str, str]:
    """Return the module of each page by its address, as app.py has them; Home is everybody's."""
    tree = ast.parse((ROOT / "app.py").read_text(encoding="utf-8"))
    rooms = {
        name.asname or name.name: f"{node.module.removeprefix('pages.')}.{name.name}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("pages.")
        for name in node.names
    }
    (pages,) = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "PAGES"
    ]
    assert isinstance(pages, ast.Dict)
    found = {
        ast.literal_eval(address): rooms[ast.unparse(page.elts[0]).removesuffix(".page")]
        for address, page in zip(pages.keys, pages.values, strict=True)
        if isinstance(page, ast.Tuple) and address is not None
    }
    return {address: module for address, module in found.items() if address != HOME}


_PAGES = pages_of_the_menu()


@pytest.mark.parametrize("address", _PAGES)
def test_a_page_that_is_not_in_somebodys_menu_says_whose_it_is(open_app, address):
    """They may have its address: a link, or a role that they have no more."""
    open_app(lambda: None)
    duty = next(group[address] for group in GROUPS.values() if address in group)
    policy = load_policy(ROOT / "data" / "policy.toml")
    role = next(role for role in Role if role not in who_may(duty, policy))

    app = opened(_PAGES[address], Actor("Somebody", role))

    assert who_may_words(duty, policy) in texts(app)
    assert labels(app) == []
    assert not app.file_uploader


def test_every_page_of_the_menu_is_tried():
    assert {address for group in GROUPS.values() for address, duty in group.items() if duty} == {
        *_PAGES
    }


@pytest.fixture
def at_work(revoked):
    """A home where there is something to do on every page."""
    day = revoked.today()
    employ(revoked, DIRECTOR)
    use, photo = revoked.policy.use("facebook"), sample(revoked, "obama2.jpg")
    propose_override(revoked, photo, use, "She agreed", day, DIRECTOR)
    out = Posting(use, day, "https://fb.com/1", already_out=True)
    record_publications(revoked, [photo], out, STAFF)
    schedule_posts(revoked, [sample(revoked, "coffee.png")], use, day, STAFF)
    piece = open_piece(revoked, NewPiece("newsletter", "News", "Spring"), STAFF)
    file = HandedIn("obama2.jpg", (ORIGINALS / "obama2.jpg").read_bytes())
    place_files(revoked, piece.label, [file], STAFF)
    run_audit(revoked, piece.label, STAFF)
    receive_appeal(revoked, "B. Poster", "My comment", day, DESK)
    writing = Submission(day, original_at="Box 8")
    checked = Rescission(writing, "A. Other", authority_note="Known at the desk")
    rescind(revoked, "R-0001", checked, DIRECTOR)
    return revoked


# What stands behind a page's own switch: the key of it, and its choices.
_SHOWN = {
    "review.queue": ("review_shown", ["To decide", "Overrides"]),
    "published.publications": (
        "published_shown",
        ["Scheduled", "Out", "Customers' posts", "Import"],
    ),
    "published.takedowns": ("takedowns_shown", ["By status", "Appeals"]),
}


@pytest.mark.slow
@pytest.mark.parametrize("role", Role)
def test_no_button_that_a_role_sees_ends_in_a_refusal(at_work, role):
    """Each button of each page of their menu is pressed, and none says that another role may."""
    actor, refusals, pressed = Actor("Somebody", role), [], 0
    for page, given in seen_by(actor, at_work):
        for place, label in enumerate(labels(opened(page, actor, **given))):
            app = opened(page, actor, **given)
            if len(app.button) <= place or app.button[place].disabled:
                continue
            app.button[place].click()
            app.run()
            pressed += 1
            said = "\n".join(error.value for error in app.error)
            if app.exception or re.search(r"Only (these roles|people with this role) may", said):
                refusals.append((page, given, label, said))
    assert refusals == []
    assert pressed or role is Role.PHOTOGRAPHER


def seen_by(actor: Actor, services: Services) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the pages of somebody's menu, each with what stands behind its switch."""
    for address in open_to(actor, services.policy):
        page = _PAGES.get(address, "")
        key, choices = _SHOWN.get(page, ("", ()))
        if choices:
            yield from ((page, {key: choice}) for choice in choices)
        elif page:
            yield page, {}
        if address == "register":
            named = services.policy.sees_names(actor)
            for tab in ("Photos", "Published copies", *(("Papers", "Change") if named else ())):
                yield "register.case", {"case": "R-0001", "tabs_R_0001": tab}
