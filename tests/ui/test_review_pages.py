"""Review: pairs are decided and taken back; overrides are agreed to by a second person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from PIL import Image, ImageFilter
from streamlit.testing.v1 import AppTest

from consent.access.demo import prepare_demo
from consent.cases.references import read_reference
from consent.checking.check import check_photos
from consent.checking.overrides import list_overrides, propose_override
from consent.domain.access import AccountKind
from consent.domain.actors import Actor, Role
from consent.domain.decisions import DecisionState
from consent.domain.references import ReferenceTrial
from consent.domain.review import Pair
from consent.domain.terms import Locator
from consent.indexing.events import NewEvent, create_event, name_event
from consent.matching.sweep import sweep
from consent.printing.answers import list_consents
from consent.publishing.record import Posting, record_publications
from consent.review.queue import review_queue
from pages.review import session
from pages.review.session import ReviewDesk
from tests.staff import ANYBODY, PASSWORD, SECRET, employ
from tests.ui.page_cases import (
    DESK,
    DIRECTOR,
    ORIGINALS,
    STAFF,
    TIMEOUT,
    field,
    labels,
    opened,
    page_script,
    press,
    revoke,
    sample,
    texts,
)

PAGE = "review.queue"


def decided(services, label: str) -> dict[str, DecisionState]:
    hits = sweep(services, label, DESK).hits
    return {
        hit.sha256: hit.state for hit in hits if hit.state not in {None, DecisionState.SUGGESTED}
    }


def say_no(app, why: str) -> None:
    """Say of a sure match why it is none; the test runner closes a dialog at every run."""
    press(app, "Not this person")
    field(app, "Why is it someone else?").input(why)
    next(one for one in app.button if one.label == "Not this person").click()
    press(app, "Keep: not this person")


class InOneBurst(tuple[Pair, ...]):
    """Pairs as the queue gives them."""

    __slots__ = ()

    def find(self, pair: Pair) -> Pair | None:
        return next((other for other in self if other.key == pair.key), None)

    def about(self, pair: Pair) -> list[Pair]:
        return [other for other in self if other.label == pair.label]


def in_one_burst(monkeypatch, *, surely: bool) -> None:
    """Let all photos of the queue, each with one pair, have been taken at once."""

    def read(services, actor, known=None):
        del known
        queue = review_queue(services, actor)
        photos = {pair.photo_sha256: pair for pair in queue.pairs if pair.surely}
        at = services.now()
        pairs = [replace(pair, taken_at=at, surely=surely) for pair in photos.values()]
        return replace(queue, pairs=InOneBurst(pairs))

    monkeypatch.setattr(session, "review_queue", read)


def waiting(app) -> int:
    found = [one.value for one in app.markdown if one.value.endswith(" to decide**")]
    return int(found[0].strip("*").split()[0]) if found else 0


def test_with_nothing_to_decide_the_page_says_so(open_app):
    open_app()

    assert "Nothing is waiting for a decision." in texts(opened(PAGE, STAFF))
    assert "There are no overrides." in texts(opened(PAGE, STAFF, review_shown="Overrides"))


def test_a_pair_is_decided_once_and_an_undo_asks_again(revoked):
    services, label = revoked, "R-0001"
    app = opened(PAGE, STAFF)
    count = waiting(app)
    before = decided(services, label)
    assert f"the person in {label}" in app.header[0].value
    assert "Zebulon" not in texts(app)
    # One photo at a time, though they were taken in a burst.
    for toggle in app.toggle:
        toggle.set_value(False).run()

    field(app, "What are they wearing? (if you confirm)").input("a green coat").run()
    press(app, "Confirm")
    assert waiting(app) < count
    assert f"{label}: confirmed." in texts(app)
    (sha256,) = decided(services, label).keys() - before.keys()
    assert decided(services, label)[sha256] is DecisionState.CONFIRMED
    with services.reading() as unit:
        assert unit.decisions.person_decisions()[-1].wearing == "a green coat"

    press(app, "Undo")
    assert waiting(app) == count
    assert decided(services, label) == before
    say_no(app, "A look-alike")
    assert decided(services, label) == before | {sha256: DecisionState.REJECTED}
    assert waiting(opened(PAGE, STAFF)) < count


@pytest.mark.parametrize("surely", [True, False])
def test_a_no_is_for_the_photo_that_is_shown_whatever_the_burst(revoked, monkeypatch, surely):
    in_one_burst(monkeypatch, surely=surely)
    app = opened(PAGE, STAFF)
    (toggle,) = app.toggle
    assert toggle.value
    assert toggle.label == f"Confirm all {waiting(app)} photos of this burst"

    if surely:
        say_no(app, "A look-alike")
    else:
        press(app, "Not this person")

    assert kept_states(revoked)[1:] == [DecisionState.REJECTED]


def test_a_yes_is_for_the_whole_burst(revoked, monkeypatch):
    in_one_burst(monkeypatch, surely=True)
    app = opened(PAGE, STAFF)
    count = waiting(app)

    press(app, "Confirm")

    assert kept_states(revoked)[-count:] == [DecisionState.CONFIRMED] * count
    assert count > 1


def kept_states(services) -> list[DecisionState]:
    with services.reading() as unit:
        return [decision.state for decision in unit.decisions.person_decisions()]


def test_a_sure_match_is_none_only_with_a_reason(revoked):
    app = opened(PAGE, STAFF)
    count = waiting(app)
    before = decided(revoked, "R-0001")

    press(app, "Not this person")
    assert "It surely looks like the person in R-0001." in texts(app)
    assert decided(revoked, "R-0001") == before
    say_no(app, " ")
    assert "why it is someone else, though it surely looks like R-0001" in texts(app)
    assert decided(revoked, "R-0001") == before
    assert waiting(app) == count

    say_no(app, "Her sister")
    assert waiting(app) < count
    with revoked.reading() as unit:
        last = unit.decisions.person_decisions()[-1]
    assert (last.state, last.note) == (DecisionState.REJECTED, "Her sister")


def test_the_pictures_of_a_pair_come_with_its_words(revoked):
    """Not in requests of their own, which end when the new words are long there."""
    app = opened(PAGE, STAFF)
    urls = [image.proto.imgs[0].url for image in app.get("image")]
    assert len(urls) >= 2
    assert {url.partition(",")[0] for url in urls} == {"data:image/jpeg;base64"}


def test_a_reference_that_matches_too_much_is_shown_as_something_to_do(revoked):
    with revoked.writing() as unit:
        (template, *_) = unit.register.templates()
        trial = ReferenceTrial(
            template.id, template.revocation_id, 240, 60, 0, revoked.now(), STAFF, alike=0.0
        )
        unit.references.add(trial)
        unit.commit()
    app = opened(PAGE, STAFF)
    assert "This picture matches 25 % of your photos" in texts(app).replace("\\", "")

    press(app, "It shows the person well: use it")

    assert "of your photos" not in texts(app)
    with revoked.reading() as unit:
        assert unit.references.last()[template.id].confirmed


def test_an_answer_to_what_another_decided_meanwhile_is_said_to_be_none(revoked):
    first, second = opened(PAGE, DIRECTOR), opened(PAGE, STAFF)
    count = waiting(second)
    press(first, "Can't tell")
    before = decided(revoked, "R-0001")

    press(second, "Confirm")

    (told,) = second.toast
    assert told.value.replace("\\", "") == "Decided meanwhile by Di Rossi: can't tell."
    assert waiting(second) < count
    assert decided(revoked, "R-0001") == before, "the answer was not to the next pair"
    second.run()
    assert not second.toast


def test_a_pair_stays_until_it_is_answered_and_an_own_answer_is_no_news(revoked):
    app = opened(PAGE, STAFF)
    press(app, "Can't tell")
    press(app, "Undo")
    assert not app.toast
    shown = [one.key for one in app.button]

    publish_last_of_queue(revoked)
    app.run()

    assert [one.key for one in app.button] == shown
    assert [one.key for one in opened(PAGE, DESK).button] != shown, "it is asked first elsewhere"
    assert not app.toast


def of_a_blurred_face(services, folder):
    """Review, asking about a photo of a face that cannot be compared and nothing else."""
    with Image.open(ORIGINALS / "biden.jpg") as photo:
        photo.thumbnail((800, 800))
        photo.filter(ImageFilter.GaussianBlur(10)).save(folder / "blurred.jpg")
    (checked,) = check_photos(
        services, [folder / "blurred.jpg"], services.policy.use("instagram"), STAFF, jobs=1
    ).clearances
    desk = ReviewDesk()
    desk.look_at_only([checked.sha256], {})
    app = opened(PAGE, STAFF, review_desk=desk)
    assert "Is this anyone in the register?" in app.header[0].value
    nobody = next(one for one in app.button if one.label == "Nobody in the register")
    return app, nobody.proto.shortcut


def test_a_face_that_nobody_is_found_by_is_judged_against_the_likeliest_people(revoked, tmp_path):
    looks = [Locator(clothing="a green coat")]
    revoke(revoked, name="Stella Orbit", references=[], keep_face=False, locators=looks)

    app, key = of_a_blurred_face(revoked, tmp_path)

    said = texts(app)
    assert said.index("R-0001") < said.index("R-0002"), "a face to compare with comes first"
    assert "Look for: a green coat" in said
    assert "No face kept" in said
    assert key == "n"
    press(app, "Nobody in the register")
    assert "Nothing in these photos is waiting" in texts(app)


def test_what_everybody_at_a_private_event_answered_is_undone(services):
    """As every other answer: the last thing that was done, whatever it was."""
    closed = NewEvent("Grief circle", services.today(), public_space=False)
    photo = sample(services, "biden.jpg")
    name_event(services, [photo], create_event(services, closed, STAFF).id, STAFF)
    check_photos(services, [ORIGINALS / "biden.jpg"], services.policy.use("facebook"), STAFF)
    desk = ReviewDesk()
    desk.look_at_only([photo], {})
    app = opened(PAGE, STAFF, review_desk=desk)
    assert "Was everyone in this photo asked?" in app.header[0].value

    press(app, "Everyone was asked and agreed")
    assert "Nothing in these photos is waiting" in texts(app)
    assert [one.given for one in list_consents(services, STAFF)] == [True]
    press(app, "Undo")

    assert "Undone: Everyone was asked and agreed." in texts(app)
    assert "Was everyone in this photo asked?" in app.header[0].value
    assert list_consents(services, STAFF) == []


def test_no_key_lets_pass_what_was_compared_with_nothing(services, tmp_path):
    revoke(services, references=[], keep_face=False)

    _, key = of_a_blurred_face(services, tmp_path)

    assert key == ""


def publish_last_of_queue(services) -> None:
    """What is published is asked about first."""
    photo = sample(services, "obama3.jpg")
    day = services.today() - timedelta(days=3)
    posting = Posting(services.policy.use("facebook"), day, "https://fb.com/1", already_out=True)
    record_publications(services, [photo], posting, STAFF)


def test_the_case_says_nothing_of_what_was_taken_back(revoked):
    before = case_texts("Photos")
    app = opened(PAGE, STAFF)
    press(app, "Can't tell")
    assert case_texts("Photos") != before

    press(app, "Undo")

    assert case_texts("Photos") == before
    assert "Suggested" not in before
    history = case_texts("History")
    assert " taken back" in history
    assert "suggested" not in history


def case_texts(tab: str) -> str:
    app = AppTest.from_string(page_script("register.case"), default_timeout=TIMEOUT)
    app.session_state["actor"] = STAFF
    app.session_state["tabs-R-0001"] = tab
    app.query_params["case"] = "R-0001"
    app.run()
    assert not app.exception
    return texts(app)


def test_what_is_skipped_waits_until_it_is_shown_again(services):
    # Of whom there are few photos.
    revoke(
        services,
        references=[read_reference(services, str(ORIGINALS / "biden.jpg"))],
        keep_face=True,
    )
    app = opened(PAGE, STAFF)
    count = waiting(app)
    first = app.header[0].value

    press(app, "Can't tell")
    second = app.header[0].value, [one.key for one in app.button]
    press(app, "Skip")
    assert waiting(app) == count - 2
    assert "1 skipped" in texts(app)
    press(app, "Undo")
    assert "Undone: R-0001: skipped." in texts(app)
    assert (app.header[0].value, [one.key for one in app.button]) == second
    press(app, "Undo")
    assert "Undone: R-0001: can't tell." in texts(app)
    assert waiting(app) == count
    while waiting(app):
        press(app, "Skip")
    assert "Nothing is waiting" not in texts(app)
    assert f"Only the ones you skipped are left: {count}." in texts(app)
    press(app, f"Show the {count} skipped")

    assert waiting(app) == count
    assert app.header[0].value == first


def overridden(services) -> None:
    use = services.policy.use("facebook")
    until = services.today() + timedelta(days=10)
    photo = sample(services, "obama2.jpg")
    propose_override(services, photo, use, "She agreed, see e-mail", until, DIRECTOR)


def test_an_override_is_shown_with_who_answers_for_it_and_taken_back(revoked):
    overridden(revoked)
    app = opened(PAGE, DIRECTOR, review_shown="Overrides")
    assert "Di Rossi (director): She agreed, see e-mail" in texts(app)
    app = opened(PAGE, STAFF, review_shown="Overrides")
    assert "Facebook" in texts(app)
    assert "Di Rossi (director): (withheld)" in texts(app)
    assert "Despite R-0001" in texts(app)
    assert labels(app).count("Agree as the second person") == 0

    press(app, "Undo")

    assert "There are no overrides." in texts(app)
    assert list_overrides(revoked, ANYBODY) == []


def test_for_a_minor_somebody_else_must_agree(services):
    revoke(services, minor=True, guardian="G. Parent")
    overridden(services)
    employ(services, DIRECTOR, STAFF, Actor("Ana Ruiz", Role.DESK))
    agree = "Agree as the second person"
    app = opened(PAGE, DIRECTOR, review_shown="Overrides")
    for name, password, said in (
        ("Cam Lee", "wrong", "Wrong name or password"),
        ("Di Rossi", PASSWORD, "can't be the same as the first"),
        ("Ana Ruiz", PASSWORD, "Only these roles may be the second person"),
    ):
        field(app, "Name").input(name)
        field(app, "Password").input(password)
        field(app, "Code from the authenticator app").input(pyotp.TOTP(SECRET).now())
        press(app, agree)
        assert said in texts(app)
    assert [one.second for one in list_overrides(services, ANYBODY)] == [None]

    field(app, "Name").input("cam  lee")
    field(app, "Password").input(PASSWORD)
    press(app, agree)

    assert "Agreed: Cam Lee (communications)" in texts(app)
    assert agree not in labels(app)
    assert [one.second for one in list_overrides(services, ANYBODY)] == [STAFF]


def test_in_the_demonstration_another_of_its_people_agrees(services):
    prepare_demo(services)
    revoke(services, minor=True, guardian="G. Parent")
    demo = Actor("Demo", Role.DIRECTOR, frozenset(Role))
    use, photo = services.policy.use("facebook"), sample(services, "obama2.jpg")
    propose_override(services, photo, use, "She agreed", services.today(), demo)

    app = opened(PAGE, demo, review_shown="Overrides", kind=AccountKind.DEMO)
    assert "In this demonstration nobody signs in" in texts(app)
    (offered,) = [one for one in app.selectbox if one.label == "Second person"]
    assert offered.options == ["Demo communications", "Demo director"]
    press(app, "Agree as the second person")

    assert "Agreed: Demo communications (communications)" in texts(app)
