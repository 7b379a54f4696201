"""From a revocation to the closing letter: what is out is found, removed, and said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader

from consent.cases.change import amend, rescind
from consent.cases.intake import QuestionKind, scope_from_text
from consent.cases.open import record_revocation
from consent.cases.references import photo_named, read_reference
from consent.cases.takedown_letter import close_out_letter, removal_mail
from consent.checking.check import check_photos
from consent.domain.actors import Actor, Role
from consent.domain.changes import RegisterChanged
from consent.domain.decisions import DecisionState
from consent.domain.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from consent.domain.intake import EvidenceFile
from consent.domain.policy import AppealDays
from consent.domain.takedowns import AppealDecision, TakedownState
from consent.domain.terms import Amendment, Rescission, Submission
from consent.publishing.csv_import import import_publications
from consent.publishing.record import Posting, record_publications
from consent.retention.kept import kept_about
from consent.review.decide import decide_sighting
from consent.review.queue import review_queue
from consent.services import Services
from consent.settings import ROOT
from consent.takedowns.appeal_letter import answer_letter
from consent.takedowns.appeals import (
    answer_appeal,
    due_day,
    list_appeals,
    open_statement,
    receive_appeal,
    take_to_board,
)
from consent.takedowns.board import (
    Move,
    assign_takedown,
    count_takedowns,
    list_takedowns,
    move_takedown,
)
from consent.takedowns.open_due import open_takedowns_of_today
from tests.conftest import OpenServices
from tests.revocations import OBAMA, by_letter
from tests.staff import ANYBODY
from tests.unit.tagged_pdf import check_tags

SAMPLES = ROOT / "data" / "samples"
DESK = Actor("Ana Ruiz", Role.DESK, frozenset({Role.COMMUNICATIONS}))
STAFF = Actor("Cam Lee", Role.COMMUNICATIONS, frozenset({Role.PRINT_EDITOR}))
DIRECTOR = Actor("Di Rossi", Role.DIRECTOR)
GONE = Move(TakedownState.DELETED, "It was gone when I checked.")


def publish(services: Services, name: str, use: str, url: str = "", days_ago: int = 3) -> str:
    photo = photo_named(services, str(SAMPLES / name))
    day = services.today() - timedelta(days=days_ago)
    posting = Posting(services.policy.use(use), day, url, already_out=True)
    record_publications(services, [photo], posting, STAFF)
    return photo


def revoke(
    services: Services, scope: str = "all", *, face: bool = True, same_person_as: str = "", **more
):
    portraits = [OBAMA] if face else []
    new = by_letter(services, *portraits, scope=scope_from_text(services, scope), **more)
    asked = frozenset(QuestionKind) if same_person_as else frozenset()
    return record_revocation(services, new, DESK, confirmed=asked, same_person_as=same_person_as)


@pytest.fixture
def out(indexed_samples: Services) -> Services:
    """Two photos of the person are out, and one of somebody else."""
    publish(indexed_samples, "originals/obama2.jpg", "facebook", "https://facebook.com/p/1")
    publish(indexed_samples, "originals/obama3.jpg", "newsletter:Spring 2026")
    publish(indexed_samples, "originals/biden.jpg", "facebook", "https://facebook.com/p/2")
    return indexed_samples


def test_a_revocation_opens_one_case_for_each_published_copy_in_its_scope(out: Services):
    recorded = revoke(out)

    cards = list_takedowns(out, ANYBODY)
    assert [one.label for one in recorded.takedowns] == ["T-0001", "T-0002"]
    assert {card.channel.id for card in cards} == {"facebook", "newsletter"}
    due = {card.channel.id: (card.takedown.due_on - out.today()).days for card in cards}
    assert due == {"facebook": 3, "newsletter": 30}
    assert all(card.takedown.state is TakedownState.FOUND for card in cards)


def test_what_is_confirmed_for_one_case_opens_what_all_cases_of_the_person_want(out: Services):
    """Judged is only what concerns the person, not the whole register."""
    first = revoke(out, "print", face=False).revocation.label
    second = revoke(out, face=False, same_person_as=first).revocation.label
    photo = photo_named(out, str(SAMPLES / "originals" / "biden.jpg"))
    assert list_takedowns(out, ANYBODY) == []

    decide_sighting(out, first, photo, None, DecisionState.CONFIRMED, STAFF)

    (card,) = list_takedowns(out, ANYBODY)
    assert (card.case_label, card.channel.id) == (second, "facebook")
    assert open_takedowns_of_today(out)[0] == []


@pytest.mark.parametrize("face", [True, False])
def test_what_a_revocation_opens_at_once_is_all_that_judging_every_copy_opens(
    out: Services, face: bool
):
    talk = "events/2026-05-14 Author talk"
    more = ("originals/obama_partial_face.jpg", f"{talk}/obama-recompressed.jpg")
    for number, name in enumerate(more):
        publish(out, name, "facebook", f"https://facebook.com/p/{number + 3}")
    original = photo_named(out, str(SAMPLES / "originals" / "obama.jpg"))

    recorded = revoke(out, face=face)
    if not face:
        label = recorded.revocation.label
        decide_sighting(out, label, original, None, DecisionState.CONFIRMED, STAFF)
        amend(
            out, label, Amendment("As before", Submission(out.today(), original_at="Box 7")), DESK
        )

    assert list_takedowns(out, ANYBODY)
    assert open_takedowns_of_today(out)[0] == []


class KilledError(BaseException):
    """Ends a step as the end of its process does: nothing after it is done."""


def killed(*_: object) -> None:
    raise KilledError


def test_what_a_killed_step_has_left_to_open_the_next_start_opens(
    out: Services, open_services: OpenServices
):
    with pytest.raises(KilledError):
        revoke(replace(out, reactions=(killed,)))
    assert list_takedowns(out, STAFF) == []

    again = open_services(home=out.settings.home)

    opened = [card.takedown.label for card in list_takedowns(again, STAFF)]
    assert len(opened) == len(set(opened)) > 0
    again.work_off()
    assert len(list_takedowns(again, STAFF)) == len(opened)


def test_what_a_killed_import_has_left_to_open_the_next_check_opens(
    indexed_samples: Services, tmp_path: Path
):
    revoke(indexed_samples)
    file, photo = tmp_path / "out.csv", SAMPLES / "originals" / "obama2.jpg"
    file.write_text(
        f"channel,piece,url,date,photo\nfacebook,,https://facebook.com/p/1,2026-05-01,{photo}\n"
    )
    with pytest.raises(KilledError):
        import_publications(replace(indexed_samples, reactions=(killed,)), file, STAFF)
    assert list_takedowns(indexed_samples, STAFF) == []

    check_photos(indexed_samples, [], indexed_samples.policy.use("facebook"), STAFF)

    assert len(list_takedowns(indexed_samples, STAFF)) == 1


def test_what_cannot_be_opened_yet_keeps_nobody_out_and_stays_to_be_done(
    out: Services, open_services: OpenServices
):
    with pytest.raises(KilledError):
        revoke(replace(out, reactions=(killed,)))
    with out.writing() as unit:
        unit.jobs.owe(RegisterChanged(STAFF, "R-0999"), out.now().replace(year=2020))
        unit.commit()

    open_services(home=out.settings.home)

    with out.reading() as unit:
        assert [change.label for _, change in unit.jobs.owed()] == ["R-0999"]
    assert list_takedowns(out, STAFF)


def test_a_copy_recorded_after_the_revocation_is_to_be_removed_at_once(indexed_samples: Services):
    revoke(indexed_samples)

    photo = publish(indexed_samples, "originals/obama2.jpg", "facebook", "https://fb.com/p/9")

    (card,) = list_takedowns(indexed_samples, ANYBODY)
    assert card.publication.photo_sha256 == photo


def test_a_safety_concern_comes_first_and_sooner(out: Services):
    revoke(out, safety=True)

    assert {(card.takedown.due_on - out.today()).days for card in list_takedowns(out, ANYBODY)} == {
        2
    }


def test_what_is_outside_the_scope_opens_when_the_scope_is_widened(out: Services):
    recorded = revoke(out, "print")
    label = recorded.revocation.label
    assert [card.channel.id for card in list_takedowns(out, ANYBODY)] == ["newsletter"]

    wider = Amendment(
        "All of it", Submission(out.today(), original_at="Box 7"), scope=scope_from_text(out, "all")
    )
    amend(out, label, wider, DESK)

    assert {card.channel.id for card in list_takedowns(out, ANYBODY)} == {"newsletter", "facebook"}


def test_a_possible_match_waits_until_somebody_confirms_it(out: Services):
    recorded = revoke(out, face=False)
    assert list_takedowns(out, ANYBODY) == []

    photo = photo_named(out, str(SAMPLES / "originals" / "obama2.jpg"))
    decide_sighting(out, recorded.revocation.label, photo, None, DecisionState.CONFIRMED, STAFF)

    assert [card.publication.url for card in list_takedowns(out, ANYBODY)] == [
        "https://facebook.com/p/1"
    ]


def test_a_copy_that_is_out_is_found_when_another_copy_is_confirmed(indexed_samples: Services):
    talk = "events/2026-05-14 Author talk"
    publish(indexed_samples, f"{talk}/obama-recompressed.jpg", "facebook", "https://fb.com/p/9")
    recorded = revoke(indexed_samples, face=False)

    original = photo_named(indexed_samples, str(SAMPLES / "originals" / "obama.jpg"))
    decide_sighting(
        indexed_samples,
        recorded.revocation.label,
        original,
        None,
        DecisionState.CONFIRMED,
        STAFF,
    )

    assert [card.publication.url for card in list_takedowns(indexed_samples, ANYBODY)] == [
        "https://fb.com/p/9"
    ]


def test_a_takedown_goes_its_way_with_proof_and_keeps_a_copy_out_of_sight(out: Services):
    revoke(out)
    card = next(card for card in list_takedowns(out, ANYBODY) if card.channel.id == "facebook")
    label = card.takedown.label

    assign_takedown(out, label, "Cam Lee", STAFF)
    move_takedown(out, label, Move(TakedownState.REQUESTED, "Asked the page's owner."), STAFF)
    with pytest.raises(BadInputError, match="note or a screenshot"):
        move_takedown(out, label, Move(TakedownState.DELETED), STAFF)
    shot = EvidenceFile("gone.txt", b"a screenshot")
    moved = move_takedown(out, label, Move(TakedownState.DELETED, proof=shot), STAFF)

    assert (moved.state, moved.owner) == (TakedownState.DELETED, "Cam Lee")
    assert out.vault.get(str(moved.last.proof)) == b"a screenshot"
    kept = out.vault.get(str(moved.last.kept_copy))
    assert kept == (SAMPLES / "originals" / "obama2.jpg").read_bytes()
    assert moved.last.kept_until == out.today() + timedelta(days=out.policy.removed_days)
    with pytest.raises(ConflictError, match="next step can be: copy put away safely, found"):
        move_takedown(out, label, Move(TakedownState.REQUESTED, "Again"), STAFF)


def test_print_says_what_happens_with_the_stock(out: Services):
    revoke(out)
    of = {card.channel.id: card.takedown.label for card in list_takedowns(out, ANYBODY)}
    circulating = Move(TakedownState.IN_CIRCULATION, "Printed in May", stop_reprint=True)

    with pytest.raises(BadInputError, match="what happens to the stock"):
        move_takedown(out, of["newsletter"], circulating, STAFF)
    with pytest.raises(BadInputError, match="is not print"):
        move_takedown(out, of["facebook"], circulating, STAFF)
    done = Move(TakedownState.IN_CIRCULATION, "Printed in May", stop_reprint=True, stock="Pulped")
    assert move_takedown(out, of["newsletter"], done, STAFF).last.stock == "Pulped"


def test_the_letter_comes_when_all_is_done_and_names_every_copy(out: Services):
    label = revoke(out).revocation.label
    of = {card.channel.id: card.takedown.label for card in list_takedowns(out, ANYBODY)}
    move_takedown(out, of["facebook"], GONE, STAFF)
    with pytest.raises(ConflictError, match=of["newsletter"]):
        close_out_letter(out, label, "en", DESK)
    with pytest.raises(RefusedError):
        close_out_letter(out, label, "en", STAFF)
    stock = Move(TakedownState.IN_CIRCULATION, "Out since May", stop_reprint=True, stock="Pulped")
    move_takedown(out, of["newsletter"], stock, STAFF)

    for language in ("en", "es"):
        letter = close_out_letter(out, label, language, DESK)
        check_tags(letter, language)
        said = " ".join(PdfReader(BytesIO(letter)).pages[0].extract_text().split())
        # What staff noted is for staff, and in their language.
        assert not [note for note in ("Out since May", "Pulped", "Pulp") if note in said]
        assert ("Boletín" in said) == (language == "es")
        assert ("Newsletter" in said) == (language == "en")
    with out.reading() as unit:
        actions = [entry.action for entry in unit.audit.entries()]
    assert actions.count("takedown:letter_given") == 2


def test_the_mail_names_photo_and_address_and_nobody(out: Services):
    revoke(out)
    card = next(card for card in list_takedowns(out, ANYBODY) if card.channel.id == "facebook")

    text = removal_mail(out, card)

    assert "https://facebook.com/p/1" in text.body
    assert "obama2.jpg" in text.body
    assert "Zebulon" not in text.body + text.subject
    assert "\n\n" in text.body


def test_a_revocation_that_was_taken_back_leaves_nothing_to_remove(out: Services):
    label = revoke(out).revocation.label
    writing = Submission(out.today(), original_at="Box 9")
    rescind(out, label, Rescission(writing, "Zebulon Quirk"), DESK)

    cards = list_takedowns(out, ANYBODY, label=label)
    assert all(card.moot for card in cards)
    assert not any(card.waits for card in cards)
    with pytest.raises(ConflictError, match="no longer in effect"):
        removal_mail(out, cards[0])
    with pytest.raises(ConflictError, match="nothing was removed before"):
        close_out_letter(out, label, "en", DESK)


def test_what_is_moot_is_not_overdue_and_comes_last(out: Services):
    today = out.today()
    first = revoke(out, safety=True).revocation.label
    writing = Submission(today, original_at="Box 9")
    rescind(out, first, Rescission(writing, "Zebulon Quirk"), DESK)
    biden = read_reference(out, str(OBAMA.with_name("biden.jpg")))
    second = revoke(out, name="Joe Biden", references=[biden]).revocation.label

    later = replace(out, now=lambda: out.now() + timedelta(days=60))

    cards = list_takedowns(later, ANYBODY)
    assert [card.case_label for card in cards] == [second, first, first]
    assert [card.overdue for card in cards] == [True, False, False]


def test_what_is_due_today_is_overdue_tomorrow(out: Services):
    revoke(out)
    last = min(card.due_on for card in list_takedowns(out, ANYBODY))

    for past, late in ((0, False), (1, True)):
        days = (last - out.today()).days + past
        that_day = replace(out, now=lambda days=days: out.now() + timedelta(days=days))
        assert any(card.overdue for card in list_takedowns(that_day, ANYBODY)) == late
        assert bool(count_takedowns(that_day, ANYBODY).overdue) == late


def test_the_letter_waits_only_for_what_is_not_moot(out: Services):
    label = revoke(out).revocation.label
    of = {card.channel.id: card.takedown.label for card in list_takedowns(out, ANYBODY)}
    move_takedown(out, of["facebook"], GONE, STAFF)
    writing = Submission(out.today(), original_at="Box 9")
    rescind(out, label, Rescission(writing, "Zebulon Quirk"), DESK)

    assert close_out_letter(out, label, "en", DESK).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 11, 2), date(2026, 12, 16)),
        # A Saturday and a holiday count as the next business day.
        (date(2026, 10, 31), date(2026, 12, 16)),
        (date(2026, 12, 25), date(2027, 2, 10)),
    ],
)
def test_an_appeal_is_answered_within_thirty_business_days(
    services: Services, received: date, due: date
):
    assert due_day(received, services.policy.appeals) == due


def test_business_days_leave_weekends_and_holidays_out():
    # Monday June 1, 2026; Wednesday is a holiday: Tue 1, Thu 2, Fri 3, Mon 4.
    days = AppealDays(4, frozenset({date(2026, 6, 3)}))
    assert due_day(date(2026, 6, 1), days) == date(2026, 6, 8)


def test_an_appeal_is_answered_and_may_go_to_the_board(services: Services):
    appeal = receive_appeal(
        services,
        "B. Poster",
        "My comment of May 3",
        services.today(),
        DESK,
        contact="b@example.org",
    )
    with pytest.raises(ConflictError, match="it needs the first answer"):
        take_to_board(services, appeal.label, DESK)
    with pytest.raises(RefusedError, match="director"):
        answer_appeal(services, appeal.label, AppealDecision.DENIED, "Off topic", STAFF)
    answer_appeal(services, appeal.label, AppealDecision.DENIED, "Off topic", DIRECTOR)
    assert [one.waits for one in list_appeals(services, DESK)] == [False]

    take_to_board(services, appeal.label, DESK)
    assert [one.waits for one in list_appeals(services, DESK)] == [True]
    final = answer_appeal(services, appeal.label, AppealDecision.UPHELD, "Was on topic", DIRECTOR)

    assert [step.kind for step in final.steps] == ["answered", "to_board", "board_answered"]
    (withheld,) = list_appeals(services, STAFF)
    assert (withheld.name, withheld.contact) == ("Name withheld", "")


def test_nobody_has_to_remember_a_folder(tmp_path: Path, out: Services):
    """A photo whose file is gone is kept by its thumbnail."""
    revoke(out)
    card = next(card for card in list_takedowns(out, ANYBODY) if card.channel.id == "facebook")
    with out.writing() as unit:
        unit.photos.forget(unit.photos.places_of([card.publication.photo_sha256]).popitem()[1])
        unit.commit()

    moved = move_takedown(out, card.takedown.label, GONE, STAFF)

    assert out.vault.get(str(moved.last.kept_copy)).startswith(b"\xff\xd8")


def appeal_of(services: Services, actor: Actor = STAFF, **more: object):
    return receive_appeal(
        services, "B. Poster", "My comment of May 3", services.today(), actor, **more
    )


def test_a_statement_is_kept_as_it_came_and_who_looked_is_logged(services: Services):
    paper = EvidenceFile("statement.txt", b"I am concerned.")
    appeal = appeal_of(services, DESK, statement=paper)

    assert open_statement(services, appeal.label, DIRECTOR) == paper
    with pytest.raises(RefusedError):
        open_statement(services, appeal.label, STAFF)
    with services.reading() as unit:
        actions = [entry.action for entry in unit.audit.entries_of([appeal.id])]
    assert actions == ["appeal:received", "evidence:opened"]
    with pytest.raises(NotFoundError, match="No file was uploaded"):
        open_statement(services, appeal_of(services).label, DIRECTOR)


def test_whoever_typed_a_name_sees_it(services: Services):
    appeal_of(services, STAFF)
    appeal_of(services, DESK)
    other = Actor("Eve Adams", STAFF.role)
    assert [one.name for one in list_appeals(services, STAFF)] == ["B. Poster", "Name withheld"]
    assert [one.name for one in list_appeals(services, other)] == ["Name withheld"] * 2


def test_an_upheld_appeal_ends_there_and_its_letter_says_so(services: Services):
    appeal = appeal_of(services)
    with pytest.raises(ConflictError, match="not answered yet"):
        answer_letter(services, appeal.label, "en", DIRECTOR)
    answer_appeal(services, appeal.label, AppealDecision.UPHELD, "It was on topic.", DIRECTOR)

    with pytest.raises(ConflictError, match="was upheld, so there is nothing"):
        take_to_board(services, appeal.label, DESK)
    for language, said in (("en", "You don't need to do anything more."), ("es", "nada más")):
        letter = answer_letter(services, appeal.label, language, STAFF)
        check_tags(letter, language)
        with pypdfium2.PdfDocument(letter) as pdf:
            text = " ".join(pdf[0].get_textpage().get_text_bounded().split())
        assert said in text
        assert "It was on topic." in text
        assert "B. Poster" in text
    with pytest.raises(RefusedError):
        answer_letter(services, appeal.label, "en", Actor("Eve Adams", STAFF.role))


def test_the_sheet_for_the_person_counts_posts_checks_and_photos_to_look_at(out: Services) -> None:
    label = revoke(out).revocation.label
    photo = SAMPLES / "originals" / "obama2.jpg"
    check_photos(out, [photo], out.policy.use("facebook"), STAFF, jobs=1)
    review_queue(out, STAFF)

    kept = {thing.what: thing for thing in kept_about(out, label, DESK).things}

    assert kept["Posts that may show you, and what was done about them"].count == 2
    checked = kept["Results of checks that name your case by its number"]
    assert (checked.count, checked.until) == (1, "Until 1,095 days after each check.")
    # Nobody has said yet whether obama2 and obama3 show the person.
    assert kept["Photos that may show you, for staff to look at"].count >= 2
