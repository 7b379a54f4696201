"""Home: what waits for whom, and where a new library begins."""

from __future__ import annotations

from datetime import timedelta

from streamlit.testing.v1 import AppTest

from consent.bootstrap import services_from_environment
from consent.cases.change import place_hold, rescind
from consent.cases.dispute import object_to, settle
from consent.checking.overrides import propose_override
from consent.domain.actors import Actor, Role
from consent.domain.takedowns import AppealDecision
from consent.domain.terms import (
    Method,
    NewRevocation,
    Objection,
    Relationship,
    Rescission,
    Submission,
)
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, open_piece
from consent.publishing.posts import count_scheduled, recheck_scheduled, schedule_posts
from consent.publishing.record import Posting, record_publications
from consent.review.queue import count_to_review, review_queue
from consent.takedowns.appeals import answer_appeal, receive_appeal
from consent.takedowns.board import TakedownCounts, count_takedowns, list_takedowns
from tests.ui.page_cases import (
    DESK,
    DIRECTOR,
    ORIGINALS,
    STAFF,
    links,
    opened,
    revoke,
    sample,
    texts,
)


def home(role: Role) -> AppTest:
    return opened("home.home", Actor("Fay Fox", role))


def publish(services, name: str, days_ago: int = 40) -> None:
    day = services.today() - timedelta(days=days_ago)
    out = Posting(services.policy.use("facebook"), day, f"https://fb.com/{name}", already_out=True)
    record_publications(services, [sample(services, name)], out, STAFF)


def test_home_counts_what_the_pages_list(services):
    publish(services, "obama2.jpg")
    revoke(services)
    facebook = services.policy.use("facebook")
    schedule_posts(services, [sample(services, "biden.jpg")], facebook, services.today(), STAFF)

    waiting = len(review_queue(services, STAFF).pairs)
    assert count_to_review(services, STAFF) == waiting > 0
    cards = [card for card in list_takedowns(services, STAFF) if card.waits]
    overdue = sum(card.overdue for card in cards)
    assert count_takedowns(services, STAFF) == TakedownCounts(0, len(cards), overdue)
    assert (count_scheduled(services, STAFF).due, count_scheduled(services, STAFF).stale) == (1, 1)

    shown = links(home(Role.COMMUNICATIONS))
    assert "1 published photo to take down" in shown
    assert "1 scheduled photo to check again" in shown
    assert "1 scheduled photo is due" in shown
    assert any(words.endswith("to review") for words in shown)


def test_a_scheduled_photo_that_must_not_go_out_is_told_until_it_is_dealt_with(services):
    facebook, day = services.policy.use("facebook"), services.today() + timedelta(days=3)
    schedule_posts(services, [sample(services, "obama2.jpg")], facebook, day, STAFF)
    revoke(services)
    recheck_scheduled(services, STAFF)

    shown = links(home(Role.COMMUNICATIONS))

    assert "1 scheduled photo must not go out" in shown
    assert not [words for words in shown if words.endswith("to check again")]


def test_each_role_sees_only_what_it_may_do(services):
    publish(services, "obama2.jpg")
    revoke(services)
    for role in (Role.COMMUNICATIONS, Role.DESK, Role.RECORDS):
        shown = " ".join(links(home(role)))
        assert ("to review" in shown) is (role is Role.COMMUNICATIONS)
        assert ("to take down" in shown) is (role is Role.COMMUNICATIONS)
        assert ("Record a revocation" in shown) is (role is Role.DESK)
        assert ("Check photos" in shown) is (role is Role.COMMUNICATIONS)
        assert ("Answer a records request" in shown) is (role is Role.RECORDS)


def test_what_can_still_be_stopped_comes_first(services):
    editor = Actor("Pia", Role.PRINT_EDITOR)
    publish(services, "obama2.jpg")
    soon = services.today() + timedelta(days=9)
    piece = open_piece(services, NewPiece("newsletter", "Spring", print_on=soon), editor)
    photo = ORIGINALS / "obama3.jpg"
    place_files(services, piece.label, [HandedIn(photo.name, photo.read_bytes())], editor)
    revoke(services)

    assert count_takedowns(services, STAFF).to_stop == 1
    tasks = [words for words in links(home(Role.COMMUNICATIONS)) if words[0].isdigit()]
    assert tasks[0] == "1 photo to stop before print"
    assert "1 photo to stop before print" in links(home(Role.PRINT_EDITOR))


def test_a_hold_about_to_lapse_is_said_to_the_desk(services):
    asked = services.today() - timedelta(days=10)
    for name, day in (("Somebody", asked), ("Other", services.today())):
        place_hold(services, NewRevocation(name, Submission(day, Method.ORAL)), DESK)

    words = "1 hold ends within a week: ask for the letter"
    assert words in links(home(Role.DESK))
    assert words not in links(home(Role.COMMUNICATIONS))


def test_what_is_due_to_be_destroyed_waits_for_the_records_officer(services, monkeypatch):
    monkeypatch.setattr("pages.home.home.count_due", lambda _services, _actor: 2)

    words = "2 cases are due to be destroyed"
    assert any(link.startswith(words) for link in links(home(Role.RECORDS)))
    assert not any(link.startswith(words) for link in links(home(Role.DIRECTOR)))


def test_an_objection_waits_for_the_director_with_its_case(services):
    revoke(services, references=[], keep_face=False, minor=True, guardian="Gus Guardian")
    letter = Submission(services.today(), original_at="Binder 4")
    object_to(services, "R-0001", Objection(letter, "Paula", Relationship.PARENT), DESK)

    words = "Decide the objection to R-0001"
    shown = [one.proto for one in home(Role.DIRECTOR).get("page_link")]
    (link,) = [one for one in shown if one.label == words]
    assert link.query_string == "case=R-0001"
    assert words not in links(home(Role.DESK))
    settle(services, "R-0001", "Both have custody.", DIRECTOR, stands=True)
    assert words not in links(home(Role.DIRECTOR))


def test_what_needs_a_second_person_waits_for_who_may_be_it(services):
    revoke(services, minor=True, guardian="Gus Guardian")
    use, photo = services.policy.use("facebook"), sample(services, "obama2.jpg")
    propose_override(services, photo, use, "She agreed", services.today(), DIRECTOR)
    grown = revoke(services, "Ana Adult", references=[], keep_face=False)
    letter = Submission(services.today(), original_at="Binder 4")
    signed = Rescission(letter, "Bo Other", Relationship.OTHER, "Known at the desk")
    rescind(services, grown, signed, DESK)

    override = "1 override about a minor: agree or not"
    withdrawal = f"A second person must agree that {grown} is withdrawn"
    shown = [one.proto for one in home(Role.DIRECTOR).get("page_link")]
    (link,) = [one for one in shown if one.label == override]
    assert (link.page, link.query_string) == ("review", "review-shown=Overrides")
    assert withdrawal in [one.label for one in shown]
    assert override not in links(opened("home.home", DIRECTOR)), "it is the director's own"
    assert override not in (at_the_desk := links(home(Role.DESK)))
    assert withdrawal in at_the_desk


def test_an_appeal_waits_for_who_answers_it(open_app):
    open_app()
    services = services_from_environment()
    came = services.today() - timedelta(days=90)
    receive_appeal(services, "B. Poster", "My comment", came, DESK)

    shown = [one.proto for one in home(Role.DIRECTOR).get("page_link")]
    (link,) = [one for one in shown if one.label.startswith("1 appeal to answer, by ")]
    assert (link.page, link.query_string) == ("takedowns", "takedowns-shown=Appeals")
    assert "appeal" not in " ".join(links(home(Role.DESK)))
    answer_appeal(services, "A-0001", AppealDecision.UPHELD, "On topic", DIRECTOR)
    assert "appeal" not in " ".join(links(home(Role.DIRECTOR)))


def test_a_new_library_is_told_what_to_do_first(open_app):
    app = open_app()
    said = texts(app)
    assert "keeps people who said no out of what the library publishes" in said
    assert "Keep a copy of the key somewhere else" in said
    assert "Add an account for each person on your staff" in " ".join(links(app))
    assert "Nothing is waiting for you." in said


def test_who_has_begun_is_not_told_how_to_begin(revoked):
    assert "Before you start" in texts(opened("home.home", DIRECTOR))
