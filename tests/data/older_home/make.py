"""Makes a small data home, and what it answers, with the code of commit 1aeed54 and no other.

    git archive 1aeed54 | tar -x -C OLD; cp -r OLD/data/samples /srv/photos
    LIKENESS_HOME=EMPTY LIKENESS_JOBS=1 PYTHONPATH=OLD python make.py

It is kept to show how the files beside it came to be: they are not made again.
"""

# ruff: noqa: I001, PLR0915 - the modules are not those of today; a story is told in one piece

from __future__ import annotations

import contextlib
import io
import json
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import answers
import consent.bootstrap
import consent.cli
from consent.audits import run_audit
from consent.bootstrap import build_services
from consent.case_steps import Writing
from consent.channels import ChannelKind
from consent.clearance import check_photos
from consent.desk.intake import EvidenceFile, NewRevocation, scope_from_text
from consent.desk.questions import QuestionKind
from consent.desk.references import photo_named, read_reference
from consent.domain import Actor, Role, SightingState
from consent.encoders.calibration_changes import go_back, use_calibration
from consent.events import NewEvent
from consent.indexing import IndexRequest, index_photos
from consent.jobs.background import save_job
from consent.jobs.job import Job, JobState
from consent.lifecycle import Amendment, Rescission, amend, place_hold, record_writing, rescind
from consent.overrides import propose_override, second_override, withdraw_override
from consent.printing.layouts import HandedIn, place_files, take_out
from consent.printing.pieces import NewPiece, move_piece, open_piece, sign_off
from consent.printing.print_pieces import PieceState
from consent.publications import Posting, list_publications, record_publications
from consent.publishing.appeals import AppealDecision, answer_appeal, receive_appeal, take_to_board
from consent.publishing.due_takedowns import open_due_takedowns
from consent.publishing.scheduled_posts import cancel_post, mark_posted, schedule_posts
from consent.publishing.sources import check_source
from consent.publishing.takedown_terms import TakedownState
from consent.register.people import merge_people, unmerge_person
from consent.revocations import record_revocation
from consent.services import Services
from consent.settings import Settings
from consent.sightings import Ruling, decide_sightings, nobody_recognised
from consent.takedowns import Move, assign_takedown, list_takedowns, move_takedown
from consent.terms import Locator, Method, Relationship, Requester
from consent.verbal import Answer, record_answers

PHOTOS = Path("/srv/photos")
TALK = PHOTOS / "events" / "2026-05-14 Author talk"
STAGE, PANEL = TALK / "stage-obama-biden.jpg", TALK / "panel-astronaut-obama-biden.jpg"
CAKE, BACK_ROW = TALK / "refreshments-no-face.jpg", TALK / "back-row-small-faces.jpg"
COPY, SIGNING = TALK / "obama-recompressed.jpg", TALK / "signing-astronaut-biden.jpg"
KICK_OFF = PHOTOS / "events" / "2026-06-02 Summer reading kick-off" / "welcome-obama-astronaut.jpg"
DAY = date(2026, 6, 3)
ANN = Actor("ann.desk", Role.DESK, frozenset({Role.COMMUNICATIONS}))
ED = Actor("ed.press", Role.COMMUNICATIONS, frozenset({Role.PRINT_EDITOR}))
EVE = Actor("eve.director", Role.DIRECTOR)
REX = Actor("rex.records", Role.RECORDS)
LETTER = EvidenceFile("letter.txt", b"Please do not show me.")
PAPER = Writing(DAY, Method.LETTER, original_at="Binder 3", branch="Park Street")


def fill(services: Services) -> None:
    record, photo = record_revocation, lambda path: photo_named(services, str(path))
    policy, asked = services.policy, frozenset(QuestionKind)

    def reference(name: str):
        return read_reference(services, str(PHOTOS / "originals" / name))

    # Photos, places, events, problems.
    talk = NewEvent("Author talk", date(2026, 5, 14), "Main library", public_space=False)
    files = [STAGE, PANEL, CAKE, BACK_ROW, COPY, SIGNING, TALK / "truncated.jpg"]
    index_photos(services, IndexRequest(files, event=talk, jobs=1), ED)
    kick_off = NewEvent("Summer reading", date(2026, 6, 2), None, public_space=True)
    index_photos(services, IndexRequest([KICK_OFF], event=kick_off, jobs=1), ED)
    with services.reading() as unit:
        kicked_off, event = unit.photos.events()
        found = unit.photos.fingerprints([photo(path) for path in files[:-1]])
    panel, back_row = found[photo(PANEL)], found[photo(BACK_ROW)]

    # Published and planned before anybody revokes.
    out = Posting(policy.use("instagram"), DAY, "https://social.test/p/1", already_out=True)
    record_publications(services, [photo(STAGE)], out, ED)
    shared = Posting(
        policy.use("facebook"), DAY, "https://social.test/p/2", "https://customer.test/9", True
    )
    record_publications(services, [photo(CAKE)], shared, ED)
    reused = next(one for one in list_publications(services) if one.source_url)
    check_source(services, reused.id, ED, there=True)
    posts = schedule_posts(
        services, [photo(CAKE), photo(PANEL), photo(SIGNING)], policy.use("instagram"), DAY, ED
    )
    open_piece(
        services, NewPiece("newsletter", "Newsletter", "Spring 2026", DAY, 2000, "Ed Press"), ED
    )
    handed_in = [HandedIn(path.name, path.read_bytes()) for path in (STAGE, CAKE, SIGNING)]
    placed = place_files(services, "P-0001", handed_in, ED).photos
    take_out(services, "P-0001", placed[-1].id, ED)
    print_kind = frozenset({ChannelKind.PRINT})
    answers = [
        Answer(
            given=True,
            asked_on=DAY,
            kinds=print_kind,
            photo_sha256=photo(STAGE),
            asked_by="Ana Ruiz",
            name="Z. Quirk",
            note="at the table",
        ),
        Answer(given=False, asked_on=DAY, channels=frozenset({"instagram"}), event_id=event.id),
        Answer(
            given=True,
            asked_on=DAY,
            kinds=print_kind,
            photo_sha256=photo(PANEL),
            boxes=(panel.faces[0].box,),
            minor=True,
            guardian="W. Quirk",
        ),
    ]
    record_answers(services, answers, ED)
    run_audit(services, "P-0001", ED)
    sign_off(services, "P-0001", "Ed Press, editor", ED, "Nobody else could be asked.")
    move_piece(services, "P-0001", PieceState.AT_PRINTER, ED)

    # R-0001: everything, with a face, a safety concern and a scope narrowed later.
    first = NewRevocation(
        "Zebulon Quirk",
        DAY,
        Method.LETTER,
        evidence=[LETTER],
        references=[reference("obama.jpg")],
        keep_face_until=date(2029, 6, 3),
        note="He telephoned before.",
        branch="Park Street",
        original_at="Binder 3",
        safety=True,
        locators=[Locator(clothing="red hat", url="https://social.test/p/1", position="left")],
    )
    record(services, first, ANN, confirmed=asked)
    narrow = scope_from_text(services, "online,newsletter")
    amend(
        services,
        "R-0001",
        Amendment("Print is of no concern.", PAPER, scope=narrow, contact="555-0101"),
        ANN,
    )
    # R-0002: a child, by a guardian, for a time.
    child = NewRevocation(
        "Wilhelmina Quirk",
        DAY,
        Method.FORM,
        evidence=[EvidenceFile("form.txt", b"Not my daughter, please.")],
        references=[reference("biden.jpg")],
        minor=True,
        guardian="W. Quirk",
        birth_year=2015,
        requester=Requester(
            "W. Quirk", Relationship.GUARDIAN, "court paper seen", "w@quirk.test", "email", "es"
        ),
        effective_from=date(2026, 6, 2),
        until=date(2036, 1, 1),
        locators=[Locator(kicked_off.id, date(2026, 6, 2), companions="with a dog")],
    )
    record(services, child, ANN, confirmed=asked)
    # R-0003: a hold that stays one; R-0004: one that was written, merged, and taken back.
    place_hold(services, NewRevocation("A. Reader", DAY, Method.ORAL, note="telephone"), ANN)
    place_hold(services, NewRevocation("Zeb Quirk", DAY, Method.ORAL, note="telephone"), ANN)
    record_writing(services, "R-0004", PAPER, ANN)
    merge_people(services, "R-0004", "R-0001", "The same man.", REX)
    unmerge_person(services, "R-0004", "His brother.", REX)
    merge_people(services, "R-0003", "R-0001", "The same man after all.", REX)
    rescind(services, "R-0004", Rescission(PAPER, "Zeb Quirk"), ANN)

    # What people decided.
    box = panel.faces[-1].box
    confirmed, rejected = SightingState.CONFIRMED, SightingState.REJECTED
    rulings = [
        Ruling("R-0001", photo(STAGE), None, confirmed, "he says so himself", "a dark suit"),
        Ruling("R-0002", photo(PANEL), box, rejected, "not the child"),
        Ruling("R-0001", photo(COPY), found[photo(COPY)].faces[0].box, confirmed),
    ]
    decide_sightings(services, rulings, ANN)
    boxes = [face.box for face in back_row.faces][:2]
    nobody_recognised(services, photo(BACK_ROW), boxes, ED)
    nobody_recognised(services, photo(BACK_ROW), boxes[:1], ED, taken_back=True)
    use = policy.use("instagram")
    slip = propose_override(services, photo(STAGE), use, "Public event.", date(2026, 6, 20), EVE)
    withdraw_override(services, slip.id, "A slip.", EVE)
    propose_override(services, photo(STAGE), use, "A public figure.", date(2026, 6, 20), EVE)
    spring = policy.use("newsletter:Summer 2026")
    by_two = propose_override(services, photo(SIGNING), spring, "Asked.", date(2026, 6, 9), EVE)
    second_override(services, by_two.id, Actor("dee.director", Role.DIRECTOR))

    # What must be removed, and who complains.
    open_due_takedowns(services, ED)
    cards = list_takedowns(services)
    labels = sorted(card.takedown.label for card in cards)
    assign_takedown(services, labels[0], "bob", ED)
    proof = EvidenceFile("screen.txt", b"404")
    for move in (
        Move(TakedownState.REQUESTED, "mailed"),
        Move(TakedownState.HIDDEN, "gone", proof),
        Move(TakedownState.RETAINED, "kept for the file"),
    ):
        move_takedown(services, labels[0], move, ED)
    receive_appeal(
        services, "P. Hotographer", "My post.", DAY, REX, contact="p@h.test", takedown=labels[0]
    )
    receive_appeal(services, "Somebody", "A refusal.", DAY, REX)
    answer_appeal(services, "A-0001", AppealDecision.PARTLY, "It may come back cropped.", EVE)
    take_to_board(services, "A-0001", REX)

    # Posts that wait, went out, or were cancelled; checks as they were given.
    check_photos(services, [CAKE, STAGE, BACK_ROW], use, ED)
    mark_posted(services, posts[0].id, "https://social.test/p/3", ED)
    cancel_post(services, posts[1].id, ED)

    # A file that is gone: its photo and its event stay.
    lent = PHOTOS / "lent"
    lent.mkdir()
    (lent / "1.jpg").write_bytes(KICK_OFF.read_bytes())
    index_photos(services, IndexRequest([lent], event=talk, jobs=1), ED)
    (lent / "1.jpg").unlink()
    index_photos(services, IndexRequest([lent], jobs=1), ED)
    lent.rmdir()

    # The calibration, and work that went on by itself.
    now = services.now()
    with services.writing() as unit:
        use_calibration(services, unit, services.calibration, "tried", EVE)
        unit.commit()
    go_back(services, "no better", EVE)
    save_job(services, Job("j1", "check", JobState.DONE, {"use": "x"}, 3, 3, "", {"ok": 1}, now))
    save_job(services, Job("j2", "check", JobState.FAILED, {}, 0, 3, "It died.", None, now))


def dump(database: Path) -> Iterator[str]:
    """Yield the statements that make the database again."""
    connection = sqlite3.connect(database)
    # Most of a home are local features; a few of each photo show that they are read.
    connection.execute(
        "UPDATE local_features SET points = substr(points, 1, 64), "
        "descriptors = substr(descriptors, 1, 1024)"
    )
    connection.commit()
    yield from connection.iterdump()
    connection.close()


def run(words: list[str]) -> str:
    sys.argv = ["likeness", *words]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.suppress(SystemExit):
        consent.cli.main()
    return said.getvalue()


def ask(services: Services) -> tuple[dict[str, Any], dict[str, Any]]:
    services = replace(services, now=lambda: answers.LATER)
    consent.bootstrap.services_from_environment = lambda: services
    with services.reading() as unit:
        stored = answers.plain(answers.stored(unit))
    for made in stored["publications"]:
        # The older code wrote it right, and read that nothing was planned.
        made["planned"] = made["channel"] == "newsletter"
    return stored, answers.answered(run, "/srv/photos")


def lines(found: dict[str, Any]) -> str:
    said = (
        f"{json.dumps(name)}: {json.dumps(found[name], sort_keys=True, ensure_ascii=False)}"
        for name in found
    )
    return "{\n" + ",\n".join(said) + "\n}\n"


def main() -> None:
    services, folder = build_services(Settings()), Path(__file__).parent
    ticks = answers.ticking()
    fill(replace(services, now=lambda: next(ticks)))
    statements = "\n".join(dump(services.settings.home / "likeness.db")) + "\n"
    stored, commands = ask(services)
    (folder / "likeness.sql").write_text(statements, encoding="utf-8")
    (folder / "stored.json").write_text(lines(stored), encoding="utf-8")
    (folder / "commands.json").write_text(lines(commands), encoding="utf-8")


if __name__ == "__main__":
    main()
