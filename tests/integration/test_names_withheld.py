"""What a role without names is told of the register: numbers, and nothing that anybody wrote."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import Enum
from functools import partial
from typing import Any

import pytest

import consent
from consent.cases.change import amend, rescind
from consent.cases.correspondence import list_writings, open_writing
from consent.cases.dispute import object_to
from consent.cases.export import export_register
from consent.cases.intake import QuestionKind
from consent.cases.open import record_revocation
from consent.cases.people import merge_people, unmerge_person
from consent.cases.references import read_reference
from consent.cases.reveal import reveal_name
from consent.cases.search import RegisterQuery, search_register, show_case
from consent.cases.view import view_case, view_register
from consent.checking.overrides import propose_override
from consent.domain.actors import Actor, Role
from consent.domain.decisions import DecisionState, FaceKind
from consent.domain.errors import ConsentError, WrongRoleError
from consent.domain.intake import EvidenceFile
from consent.domain.log import Action
from consent.domain.roles import USE_CASES, Duty, may, who_may
from consent.domain.takedowns import AppealDecision
from consent.domain.terms import (
    Amendment,
    Locator,
    NewRevocation,
    Objection,
    Relationship,
    Requester,
    Rescission,
    Submission,
)
from consent.domain.withheld import Need
from consent.matching.sweep import sweep
from consent.printing.audit import run_audit
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, list_pieces, open_piece
from consent.publishing.record import Posting, record_publications
from consent.review.decide import decide_faces, decide_sighting, faces_seen
from consent.review.pairs import view_pair
from consent.review.queue import review_queue
from consent.services import Services
from consent.takedowns.appeals import answer_appeal, list_appeals, receive_appeal
from consent.takedowns.board import list_takedowns
from tests.ui.page_cases import ORIGINALS, revoke, sample

DESK = Actor("d.desk", Role.DESK)
DIRECTOR = Actor("di.rossi", Role.DIRECTOR)
COMMUNICATIONS = Actor("c.comms", Role.COMMUNICATIONS)
# Part of all that is planted and may not be told.
MARKER = "Quixmar"
PRINT = Actor("ed.press", Role.PRINT_EDITOR)
ALL = frozenset(QuestionKind)


def plant(services: Services, **more: Any) -> str:
    """Enter a child's revocation, amended, taken back by another and objected to, and an appeal."""
    today = services.today()

    def paper(what: str) -> Submission:
        files = [EvidenceFile(f"{MARKER}.txt", f"{MARKER} {what}".encode())]
        return Submission(today, evidence=files, original_at=f"{MARKER} folder {what}")

    new = NewRevocation(
        f"Mia {MARKER}",
        paper("letter"),
        minor=True,
        guardian=f"Gus {MARKER}",
        birth_year=today.year - 9,
        requester=Requester(
            f"Gus {MARKER}", Relationship.GUARDIAN, f"{MARKER} shown", f"{MARKER}@example.org"
        ),
        note=f"{MARKER} note",
        locators=[Locator(companions=f"Bo {MARKER}", clothing="a red coat")],
        **more,
    )
    label = record_revocation(services, new, DESK).revocation.label
    amend(services, label, Amendment(f"{MARKER} asked", contact=f"new-{MARKER}@example.org"), DESK)
    objection = Objection(paper("objection"), f"Pat {MARKER}", note=f"{MARKER} known")
    object_to(services, label, objection, DESK)
    other = f"Otto {MARKER}"
    rescind(
        services,
        label,
        Rescission(paper("other"), other, Relationship.GUARDIAN, f"{MARKER} court"),
        DIRECTOR,
    )
    statement = EvidenceFile(f"{MARKER}.txt", f"{MARKER} statement".encode())
    appeal = receive_appeal(
        services,
        f"B. {MARKER}",
        f"{MARKER} comment",
        today,
        DESK,
        contact=f"{MARKER}@a.org",
        statement=statement,
    )
    answer_appeal(services, appeal.label, AppealDecision.DENIED, f"{MARKER} spoke", DIRECTOR)
    return label


@pytest.fixture
def planted(services: Services) -> Services:
    """A register with names everywhere, and no photos."""
    plant(services)
    return services


@pytest.fixture
def planted_among_photos(indexed_samples: Services) -> Services:
    """The same with a face, found in published photos, in a piece of print and by decisions."""
    services = indexed_samples
    photo = sample(services, "obama2.jpg")
    reference = read_reference(services, str(ORIGINALS / "obama.jpg"))
    label = plant(services, references=[reference], keep_face=True)
    desk_or_director = partial(decide_sighting, services, label, photo, None)
    desk_or_director(DecisionState.CONFIRMED, DIRECTOR, f"{MARKER} knows her")
    out = Posting(
        services.policy.use("facebook"), services.today(), "https://fb.com/1", already_out=True
    )
    record_publications(services, [photo], out, COMMUNICATIONS)
    piece = open_piece(services, NewPiece("newsletter", "News", "Spring"), PRINT)
    file = HandedIn("obama2.jpg", (ORIGINALS / "obama2.jpg").read_bytes())
    place_files(services, piece.label, [file], PRINT)
    run_audit(services, piece.label, PRINT)
    for use in map(services.policy.use, ("instagram", "newsletter:Spring")):
        propose_override(services, photo, use, f"{MARKER} agreed", services.today(), DIRECTOR)
    boxes = [seen.box for seen in faces_seen(services, photo, DIRECTOR)]
    decide_faces(services, photo, boxes, FaceKind.PICTURE, DIRECTOR, f"{MARKER} drew it")
    other = NewRevocation(f"Mia {MARKER}", Submission(services.today(), original_at="Box 3"))
    second = record_revocation(services, other, DESK, confirmed=ALL).revocation.label
    merge_people(services, second, label, f"{MARKER} says so", DESK)
    return services


def walked(thing: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text in what a use case returned, with where it stands."""
    if isinstance(thing, str):
        yield path, thing
    elif isinstance(thing, bytes):
        yield path, thing.decode("latin-1")
    elif isinstance(thing, Enum | date):
        return
    elif dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield from walked(getattr(thing, field.name), f"{path}.{field.name}")
    elif isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from walked(key, f"{path}: key")
            yield from walked(value, f"{path}[{key}]")
    elif isinstance(thing, Collection):
        for one in thing:
            yield from walked(one, f"{path}[]")


def calls(services: Services, unit: Any, actor: Actor) -> dict[str, dict[str, Any]]:
    """Return what each use case is asked that tells something and changes nothing that is told.

    A new one that reads is asked by itself if its parameters are called as others' are.
    """
    photo, portrait = sample(services, "obama2.jpg"), sample(services, "obama.jpg")
    pieces = list_pieces(services, PRINT)
    use = services.policy.use("instagram")
    usual = {
        "label": "R-0001",
        "named": "P-0001",
        "photo_sha256": photo,
        "photos": [photo, portrait],
        "query": RegisterQuery(),
        "sha256": photo,
        "unit": unit,
        "use": use,
    }
    asked: dict[str, dict[str, Any]] = {
        "access.accounts.list_accounts": {},
        "cases.view.list_entries": {"ids": [case.id for case in unit.register.revocations()]},
        "cases.export.export_register": {"query": RegisterQuery(), "reason": "Audit"},
        "checking.check.check_photos": {
            "paths": [ORIGINALS / "obama2.jpg", ORIGINALS / "biden.jpg"] if pieces else [],
            "use": use,
            "jobs": 1,
        },
        "checking.check.judge_photos": {"named": {photo: "a.jpg"}, "problems": {}, "use": use},
        "jobs.place.last_placing": {"label": "P-0001"},
        "jobs.audit.last_audit": {"label": "P-0001"},
        "checking.check.names_in": {"text": f"Mia {MARKER} was there.", "use": use},
        "publishing.posts.recheck_scheduled": {},
        "recovery.doctor.examine": {},
        "retention.dispose.propose_disposal": {"dry_run": True},
        "retention.erase.erase_face": {"label": "R-0001", "reason": "Asked", "dry_run": True},
        "retention.purge.purge": {"dry_run": True},
        "takedowns.appeal_letter.answer_letter": {"label": "A-0001", "language": "en"},
        "takedowns.appeals.open_statement": {"label": "A-0001"},
    }
    for opened in pieces:
        asked["takedowns.board.takedowns_in"] = {"piece": opened}
        asked["takedowns.board.takedowns_of"] = {"piece": opened}
        asked["printing.pieces.changes_since"] = {"named": opened.label, "version": 0}
    if may(actor, Duty.REVIEW, services.policy):
        pairs = review_queue(services, actor).pairs
        asked["review.bursts.burst_numbers"] = {"pairs": pairs}
        for pair in [pair for pair in pairs if pair.label][:1]:
            asked["review.bursts.burst_of"] = {"pairs": pairs, "pair": pair}
            asked["review.decide.decided_meanwhile"] = {"pair": pair}
            asked["review.pairs.view_pair"] = {"pair": pair}
    named = {f"consent.{name}": given for name, given in asked.items()}
    for name, duty in USE_CASES.items():
        needed = needs(name)
        if duty in TELLING and name not in NOT_ASKED and needed <= usual.keys():
            named.setdefault(name, {parameter: usual[parameter] for parameter in needed})
    return {name: {**given, "actor": actor} for name, given in named.items()}


def needs(name: str) -> set[str]:
    """Return what a use case must be told besides who asks."""
    parameters = inspect.signature(use_case(name)).parameters.items()
    needed = {name for name, what in parameters if what.default is inspect.Parameter.empty}
    return needed - {"services", "actor"}


def use_case(name: str) -> Any:
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module(module), function)


# Not asked here, as they tell nothing of people, or what is asked in another way.
NOT_ASKED = {
    f"consent.{name}": why
    for name, why in {
        "cases.reveal.reveal_name": "the door to a name: the log has who asked",
        "jobs.check.cancel_check": "ends a job",
        "jobs.check.check_again": "begins a job",
        "jobs.check.check_folder": "begins a job",
        "jobs.check.check_uploads": "begins a job",
        "jobs.check.keep_up": "says nothing",
        "jobs.check.read_check": "what judge_photos told",
        "jobs.check.read_early": "what judge_photos told",
        "jobs.check.says_otherwise": "says whether anything changed",
        "jobs.choice.keep_choice": "says nothing",
        "jobs.choice.kept_choice": "names photos by digests",
        "jobs.figures.count_figures": "counts photos",
        "jobs.figures.start_counting": "begins a job",
        "publishing.check_report.check_report": "what judge_photos told, in columns",
        "retention.packet.packet_pdf": "of a disposal, which takes years",
        "review.decide.decide_faces": "says what was just decided on a face of nobody",
        "review.decide.nobody_recognized": "says nothing",
    }.items()
}
# Asked where there are photos.
OF_WHAT_IS_THERE = {
    "consent.review.bursts.burst_of",
    "consent.review.decide.decided_meanwhile",
    "consent.review.pairs.view_pair",
    "consent.printing.pieces.changes_since",
    "consent.takedowns.board.takedowns_in",
    "consent.takedowns.board.takedowns_of",
}
TELLING = {
    *(duty for duty in Duty if duty.value.startswith(("read_", "see_"))),
    *(Duty.CHECK, Duty.REVIEW, Duty.SWEEP, Duty.EXPORT, Duty.REVEAL_NAME),
}


def loaded() -> None:
    """Have every room read, so that the table of use cases is whole."""
    for module in pkgutil.walk_packages(consent.__path__, "consent."):
        if module.name.split(".")[1] not in {"cli", "storage", "serve", "web"}:
            importlib.import_module(module.name)


def told(services: Services, name: str, given: Mapping[str, Any]) -> Any:
    """Return what a use case tells, or how it refuses."""
    try:
        return use_case(name)(services, **given)
    except ConsentError as error:
        return str(error)


def leaks(services: Services, names: Mapping[str, Mapping[str, Any]]) -> list[str]:
    return [
        place
        for name, given in names.items()
        for place, text in walked(told(services, name, given), name)
        if MARKER.casefold() in text.casefold()
    ]


def hold_that_nobody_is_named(services: Services, role: Role) -> None:
    actor = Actor("n.names", role)
    with services.reading() as unit:
        asked = calls(services, unit, actor)
        told_to = {
            name: given
            for name, given in asked.items()
            if role in who_may(USE_CASES[name], services.policy)
        }
        unasked = {
            name
            for name, duty in USE_CASES.items()
            if duty in TELLING and role in who_may(duty, services.policy)
        } - {*told_to, *NOT_ASKED, *OF_WHAT_IS_THERE}
        assert not unasked, "ask them in `calls`, or say in NOT_ASKED why they tell no name"
        assert leaks(services, told_to) == []


def test_nothing_that_is_told_names_anybody_to_a_role_without_names(planted: Services):
    loaded()
    for role in set(Role) - planted.policy.may_see_names:
        hold_that_nobody_is_named(planted, role)
    # What they are told of is there to be found.
    for found in (show_case(planted, "R-0001", DESK), list_appeals(planted, DESK)):
        assert [text for _, text in walked(found, "found") if MARKER in text]


@pytest.mark.slow
def test_nothing_that_is_told_of_photos_names_anybody_either(planted_among_photos: Services):
    loaded()
    for role in set(Role) - planted_among_photos.policy.may_see_names:
        hold_that_nobody_is_named(planted_among_photos, role)


@pytest.mark.slow
def test_a_file_that_is_called_by_a_name_is_not_told_so_beside_the_case(indexed_samples: Services):
    services = indexed_samples
    label = revoke(services, "Barack Obama")
    photo = sample(services, "obama2.jpg")
    facebook = services.policy.use("facebook")
    out = Posting(facebook, services.today(), "https://fb.com/1", already_out=True)
    record_publications(services, [photo], out, COMMUNICATIONS)
    decide_sighting(services, label, photo, None, DecisionState.CONFIRMED, COMMUNICATIONS)

    def names_to(actor: Actor) -> list[str]:
        pairs = [pair for pair in review_queue(services, COMMUNICATIONS).pairs if pair.label]
        views = [view_pair(services, pair, actor) for pair in pairs]
        shown = [hit.name for hit in sweep(services, label, actor).hits]
        shown += [path for hit in view_case(services, label, actor).photos for path in hit.paths]
        shown += [card.file_name for card in list_takedowns(services, actor)]
        return (
            shown
            + [view.name for view in views]
            + [reference.words for view in views for reference in view.references]
        )

    told, whole = names_to(COMMUNICATIONS), names_to(DIRECTOR)
    assert len(told) == len(whole) > 4
    assert not [name for name in told if "obama" in name]
    assert "(name)2.jpg" in told
    assert "obama2.jpg" in whole


def test_what_was_read_with_names_is_not_handed_on_to_a_role_without(planted: Services):
    """Nor is it kept by the server for anybody."""
    view_register(planted, DESK)

    for actor in (DESK, COMMUNICATIONS):
        told = list(walked(view_register(planted, actor), "register"))
        assert told
        assert not [place for place, text in told if MARKER in text]


def entered(services: Services, action: Action) -> list[str]:
    with services.reading() as unit:
        return [entry.actor_id for entry in unit.audit.entries() if entry.action == action]


def looked_again(services: Services, look: Callable[[Services, Actor], object]) -> None:
    """Look as several people, and as one of them again: at once, and after half an hour."""
    later = replace(services, now=lambda: services.now() + timedelta(minutes=31))
    for then, actor in ((services, DESK), (services, DESK), (services, DIRECTOR), (later, DESK)):
        look(then, actor)


def test_who_saw_a_name_is_in_the_log_once_for_each_look(planted: Services):
    looked_again(planted, partial(view_case_as, "R-0001"))
    view_case_as("R-0001", planted, COMMUNICATIONS)

    assert entered(planted, Action.NAMES_SEEN) == [DESK.id, DIRECTOR.id, DESK.id]


def view_case_as(label: str, services: Services, actor: Actor) -> object:
    return view_case(services, label, actor)


def test_who_read_a_letter_is_in_the_log_once_for_each_look(planted: Services):
    (first, other, *_) = list_writings(planted, "R-0001", DESK)
    before = len(entered(planted, Action.EVIDENCE_OPENED))
    looked_again(planted, lambda then, actor: open_writing(then, "R-0001", first.sha256, actor))
    open_writing(planted, "R-0001", other.sha256, DESK)

    read = [DESK.id, DIRECTOR.id, DESK.id, DESK.id]
    assert entered(planted, Action.EVIDENCE_OPENED)[before:] == read


def test_who_searched_by_a_name_is_in_the_log_without_the_name(planted: Services):
    def searched(text: str, services: Services, actor: Actor) -> int:
        return len(search_register(services, RegisterQuery(text), actor))

    overview = view_register(planted, DESK)
    assert overview.answers(planted, RegisterQuery(f" mia {MARKER}"), DESK).ids
    looked_again(planted, partial(searched, f"mia {MARKER}"))
    assert searched(f"gus {MARKER}", planted, DESK) == 1
    # Neither is a search by name: a number, and what names nobody to somebody without names.
    assert searched("R-0001", planted, DIRECTOR) == 1
    assert searched(MARKER, planted, COMMUNICATIONS) == 0

    found = entered(planted, Action.NAME_SEARCHED)
    assert found == [DESK.id, DIRECTOR.id, DESK.id, DESK.id]


def test_a_role_without_names_asks_for_one_and_the_log_keeps_why(planted: Services):
    shown = reveal_name(planted, "R-0001", Need.CALLED, COMMUNICATIONS)
    reveal_name(planted, "R-0001", Need.RECORDS, COMMUNICATIONS)

    assert (shown.name, shown.guardian) == (f"Mia {MARKER}", f"Gus {MARKER}")
    with planted.reading() as unit:
        asked = [one for one in unit.audit.entries() if one.action == Action.NAME_REVEALED]
    assert [(one.actor_id, one.details) for one in asked] == [
        (COMMUNICATIONS.id, {"need": "called"}),
        (COMMUNICATIONS.id, {"need": "records"}),
    ]
    history = [moment.title for moment in view_case(planted, "R-0001", COMMUNICATIONS).moments]
    assert "Asked whom it is about, 2 times" in history
    for role in (Role.ADMIN, Role.PRINT_EDITOR, Role.PHOTOGRAPHER):
        with pytest.raises(WrongRoleError, match="ask who one case is about"):
            reveal_name(planted, "R-0001", Need.CALLED, Actor("x", role))


def test_a_role_without_names_still_sees_what_it_looks_for(planted: Services):
    entry = show_case(planted, "R-0001", COMMUNICATIONS).entry

    assert entry.terms.locators[0].clothing == "a red coat"
    assert entry.case.person.minor
    assert entry.case.dispute is not None
    assert entry.terms.requester.relationship is Relationship.GUARDIAN


def test_no_name_reaches_the_log(planted: Services):
    other = NewRevocation(f"Mia {MARKER}", Submission(planted.today(), original_at="Box 3"))
    second = record_revocation(planted, other, DESK, confirmed=ALL).revocation.label
    merge_people(planted, second, "R-0001", f"Letterhead of mia {MARKER.upper()}'s mother", DESK)
    unmerge_person(planted, second, f"{MARKER} has a brother", DESK)
    export_register(planted, RegisterQuery(MARKER), f"Asked by Gus {MARKER}, a lawyer", DIRECTOR)
    reveal_name(planted, "R-0001", Need.CALLED, COMMUNICATIONS)

    with planted.reading() as unit:
        entries = list(unit.audit.entries())
    assert [one.action for one in entries if MARKER.casefold() in str(one).casefold()] == []
    said = [one.details["reason"] for one in entries if "reason" in one.details]
    assert said == [
        "Letterhead of (name)'s mother",
        "(name) has a brother",
        "Asked by (name), a lawyer",
    ]
