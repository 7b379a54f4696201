"""What people said when they were asked: how near, how long, and what a revocation does to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from consent.cases.references import photo_named
from consent.checking.check import check_photos
from consent.domain.actors import Actor, Role
from consent.domain.channels import ChannelKind, Use
from consent.domain.errors import BadInputError, NoReasonError, NotFoundError
from consent.domain.verdicts import Decision, FaceInPhoto, ReasonCode, Verdict
from consent.indexing.events import NewEvent
from consent.indexing.index import IndexRequest, index_photos
from consent.printing.answers import Answer, list_consents, record_answers, take_back_answers
from consent.printing.answers_import import import_consents
from consent.printing.asking import (
    NoYesError,
    PersonToAsk,
    PhotoToAsk,
    photo_to_ask,
    printed_use,
    record_in_photo,
    take_photo,
)
from consent.printing.people import in_rows
from consent.review.photos import known_events
from consent.services import Services
from consent.settings import ROOT
from media_index.types import Box
from tests.revocations import OBAMA, revoke
from tests.staff import ANYBODY

SAMPLES = ROOT / "data" / "samples"
TALK = SAMPLES / "events" / "2026-05-14 Author talk"
PANEL = TALK / "panel-astronaut-obama-biden.jpg"
STAFF = Actor("Cam Lee", Role.COMMUNICATIONS, frozenset({Role.PRINT_EDITOR, Role.DESK}))
PRINT = frozenset({ChannelKind.PRINT})


@pytest.fixture
def talk(indexed_samples: Services) -> Services:
    """The samples, and the event that some of them are of."""
    event = NewEvent("Author talk", date(2026, 5, 14), "Main library", public_space=True)
    index_photos(indexed_samples, IndexRequest([TALK], event=event, jobs=1), STAFF)
    return indexed_samples


def ask(services: Services, faces: list[int] | None = None, **more: object) -> None:
    photo = photo_named(services, str(PANEL))
    boxes = photo_to_ask(services, photo, ANYBODY).boxes(faces) if faces else ()
    said = {"given": True, "asked_on": services.today(), "kinds": PRINT, "photo_sha256": photo}
    record_answers(services, [Answer(**{**said, "boxes": boxes, **more})], STAFF)


def decision(services: Services, use: str = "newsletter:Spring") -> Decision:
    report = check_photos(services, [PANEL], services.policy.use(use), STAFF, jobs=1)
    return report.clearances[0].decision


def codes(found: Decision) -> list[ReasonCode]:
    return [reason.code for reason in found.reasons]


def test_all_were_asked_so_print_is_clear_and_other_uses_were_never_asked_for(talk: Services):
    assert codes(decision(talk)) == [ReasonCode.VERBAL_CONSENT_MISSING] * 3
    ask(talk, [1, 2])
    assert photo_to_ask(talk, photo_named(talk, str(PANEL)), ANYBODY).coverage.words == (
        "2 of 3 recognizable people asked: 2 said yes."
    )
    ask(talk, [3])

    assert decision(talk).verdict is Verdict.CLEAR


def test_an_answer_for_one_channel_is_for_no_other(talk: Services):
    ask(talk, kinds=frozenset(), channels=frozenset({"poster"}))

    assert decision(talk, "poster:Gala").verdict is Verdict.CLEAR
    assert decision(talk).verdict is Verdict.CONSENT_MISSING


def test_a_no_holds_for_print_and_is_no_revocation(talk: Services):
    ask(talk, [1, 2, 3])
    ask(talk, [2], given=False)

    assert codes(decision(talk)) == [ReasonCode.CONSENT_REFUSED]
    assert decision(talk, "facebook").verdict is Verdict.CLEAR
    with talk.reading() as unit:
        assert unit.register.revocations() == []
    ask(talk, [2], asked_on=talk.today())
    assert codes(decision(talk)) == [ReasonCode.CONSENT_REFUSED], "of one day, the no counts"


def test_the_whole_room_counts_less_than_ones_own_answer(talk: Services):
    (event,) = known_events(talk, ANYBODY)
    ask(talk, photo_sha256=None, event_id=event.id)
    found = decision(talk)
    assert found.verdict is Verdict.CLEAR
    assert [note.code for note in found.notes].count(ReasonCode.ASKED_AS_A_ROOM) == 3

    ask(talk, [1], given=False, asked_on=talk.today() - timedelta(days=1))
    assert codes(decision(talk)) == [ReasonCode.CONSENT_REFUSED]


def test_a_yes_runs_out_by_the_policy_and_a_no_does_not(
    indexed_home: Path, open_services, tmp_path: Path
):
    text = (ROOT / "data" / "policy.toml").read_text(encoding="utf-8")
    policy = tmp_path / "policy.toml"
    policy.write_text(text.replace("holds_days = 0", "holds_days = 30"), encoding="utf-8")
    services = open_services(home=indexed_home, policy=policy)
    long_ago = services.today() - timedelta(days=31)
    ask(services, [1], asked_on=long_ago)
    ask(services, [2], asked_on=long_ago, given=False)
    ask(services, [3])

    assert codes(decision(services)) == [
        ReasonCode.VERBAL_CONSENT_MISSING,
        ReasonCode.CONSENT_REFUSED,
    ]


@pytest.mark.parametrize("order", list(permutations(["face", "room", "revoke"])))
def test_a_revocation_wins_over_any_consent_whatever_came_first(
    talk: Services, order: tuple[str, ...]
):
    (event,) = known_events(talk, ANYBODY)
    for step in order:
        if step == "face":
            ask(talk, [1, 2, 3])
        elif step == "room":
            ask(talk, photo_sha256=None, event_id=event.id)
        else:
            revoke(talk, OBAMA)

    assert decision(talk).verdict is Verdict.BLOCKED


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"minor": True}, "parent or guardian"),
        ({"kinds": frozenset()}, "which use"),
        ({"asked_on": date(2100, 1, 1)}, "the future"),
        ({"name": "Ann"}, "that person's face"),
        ({"channels": frozenset({"pigeon"})}, "no channel"),
        ({"photo_sha256": None, "boxes": ()}, "which event"),
        ({"photo_sha256": None, "event_id": "e"}, "choose the photo"),
    ],
)
def test_what_makes_no_sense_is_refused(talk: Services, wrong: dict[str, object], said: str):
    with pytest.raises(BadInputError, match=said):
        ask(talk, [1, 2], **wrong)
    assert list_consents(talk, ANYBODY) == []


def test_a_guardian_answers_for_a_child(talk: Services):
    ask(talk, [1], minor=True, guardian="Gus Guardian", name="Mia")

    (kept,) = list_consents(talk, ANYBODY)
    assert (kept.name, kept.guardian) == ("Mia", "Gus Guardian")


def test_a_photo_taken_at_the_event_joins_it(talk: Services):
    (event,) = known_events(talk, ANYBODY)
    portrait = SAMPLES / "originals" / "astronaut.png"

    sha256 = take_photo(talk, event, "IMG 1.png", portrait.read_bytes(), STAFF)

    assert len(photo_to_ask(talk, sha256, ANYBODY, Use(printed_use(talk).channel)).people) == 1
    with talk.reading() as unit:
        assert sha256 in unit.photos.photos_of_event(event.id)
    assert not list(talk.settings.uploads.rglob("*.png"))
    with pytest.raises(BadInputError):
        take_photo(talk, event, "broken.jpg", b"no photo", STAFF)
    with pytest.raises(NotFoundError):
        photo_to_ask(talk, "0" * 64, ANYBODY)


def test_a_list_of_answers_is_recorded_row_by_row(talk: Services, tmp_path: Path):
    rows = [
        "photo,event,faces,answer,uses,asked_by,asked_on,name,child,guardian,note",
        f'{PANEL},,"1,3",yes,print,Ana Ruiz,2026-05-14,,,,',
        f"{PANEL},,2,no,print poster,Ana Ruiz,2026-05-14,,,,",
        f"{PANEL},,9,yes,print,Ana Ruiz,2026-05-14,,,,",
        ",Author talk,,yes,print,Ana Ruiz,2026-05-14,,,,From the stage",
        f"{PANEL},,1,perhaps,print,Ana Ruiz,2026-05-14,,,,",
    ]
    file = tmp_path / "asked.csv"
    file.write_text("\n".join(rows), encoding="utf-8")

    report = import_consents(talk, file, STAFF)

    assert [(one.given, one.box is None) for one in report.recorded] == [
        (True, False),
        (True, False),
        (True, True),
    ]
    assert [one.line for one in report.bad] == [3, 4, 6]
    assert "no face 9" in report.bad[1].reason


def everybody(services: Services, **more: object) -> Answer:
    photo = photo_named(services, str(PANEL))
    said = {"given": True, "asked_on": services.today(), "kinds": PRINT, "photo_sha256": photo}
    return Answer(**{**said, **more})


def answers_on_file(services: Services) -> list[str]:
    people = photo_to_ask(services, photo_named(services, str(PANEL)), ANYBODY).people
    return ["" if one.answer is None else "yes" if one.answer.given else "no" for one in people]


def test_who_may_have_revoked_is_not_among_those_who_were_asked_together():
    people = [PersonToAsk(1, Box(0, 0, 9, 9), None), PersonToAsk(2, Box(9, 0, 18, 9), None)]
    revoked, perhaps = (replace(people[1], **{how: ("R-0001",)}) for how in ("revoked", "perhaps"))
    shown = [PhotoToAsk("a" * 64, (people[0], other), 0) for other in (people[1], revoked, perhaps)]

    assert [photo.together for photo in shown] == [[1, 2], [1], [1]]


def test_a_yes_of_everybody_is_none_of_who_said_no_or_has_revoked(talk: Services):
    revoke(talk, OBAMA)
    ask(talk, [3], given=False)

    kept = record_in_photo(talk, everybody(talk), STAFF)

    assert answers_on_file(talk) == ["yes", "", "no"]
    assert [person.number for person in kept.left_out] == [2, 3]
    assert "Nothing was recorded for faces 2 and 3" in kept.remark
    boxes = photo_to_ask(talk, photo_named(talk, str(PANEL)), ANYBODY).boxes([1, 2, 3])
    with pytest.raises(NoYesError, match=r"Face 2: R-0001 asked not to be shown.*Face 3 said no"):
        record_in_photo(talk, everybody(talk, boxes=boxes), STAFF)
    assert answers_on_file(talk) == ["yes", "", "no"]


def test_a_mistaken_no_is_taken_back_and_stays_on_file(talk: Services):
    ask(talk, [1], given=False)
    (mistaken,) = list_consents(talk, ANYBODY)
    with pytest.raises(NoReasonError):
        take_back_answers(talk, [mistaken.id], " ", STAFF)
    take_back_answers(talk, [mistaken.id], "It was the neighbor.", STAFF)

    assert answers_on_file(talk) == ["", "", ""]
    record_in_photo(talk, everybody(talk), STAFF)
    assert answers_on_file(talk) == ["yes"] * 3
    assert decision(talk).verdict is Verdict.CLEAR
    with pytest.raises(NotFoundError, match="undone before"):
        take_back_answers(talk, [mistaken.id], "Again", STAFF)
    with talk.reading() as unit:
        (correction,) = unit.decisions.consent_corrections()
        assert correction.reason == "It was the neighbor."
        actions = [entry.action for entry in unit.audit.entries_of([mistaken.id])]
    assert actions == ["verbal_consent:recorded", "verbal_consent:taken_back"]


def test_numbers_run_along_rows():
    def face(x: int, y: int) -> FaceInPhoto:
        return FaceInPhoto(0, Box(x, y, x + 40, y + 50), recognizable=True, comparable=True)

    lower = [face(20, 200), face(100, 215), face(300, 195)]
    upper = [face(60, 80), face(150, 60), face(260, 75)]
    found = in_rows([lower[0], upper[0], lower[1], upper[1], upper[2], lower[2]])
    assert [one.box.x1 for one in found] == [60, 150, 260, 20, 100, 300]
    # Pictures on a wall, one of them hung lower by most of a face; and heads right above heads.
    wall = [face(300, 110), face(20, 146), face(500, 100), face(400, 300), face(60, 305)]
    assert [one.box.x1 for one in in_rows(wall)] == [20, 300, 500, 60, 400]
    crowd = [
        face(100 * place, 100 + place % 3 * 8 + row * 60) for row in (0, 1) for place in range(9)
    ]
    assert in_rows(reversed(crowd)) == crowd
