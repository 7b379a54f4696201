"""decide(): every row of the design's verdict table, their order, scope, and what always holds."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.channels import ChannelKind, Use
from consent.domain import (
    Actor,
    CaseEvent,
    CaseStep,
    Person,
    Revocation,
    Role,
    Sighting,
    SightingState,
    State,
    VerbalConsent,
)
from consent.policy import Policy, load_policy
from consent.rules import decide
from consent.settings import ROOT
from consent.terms import EVERYTHING, Method, Period, Receipt, Requester, Scope, Terms
from consent.verdicts import (
    Decision,
    FaceInPhoto,
    PersonMatch,
    PhotoFacts,
    PhotoProblem,
    ReasonCode,
    Verdict,
)
from media_index.types import Box, Event, Match, ProblemCode, Signal

TODAY = date(2026, 6, 15)
BEGAN = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
STAFF = Actor("ann", Role.DESK)
PHOTO, KNOWN, OTHER_PHOTO = "a" * 64, "b" * 64, "c" * 64
BOXES = [Box(100, 100, 200, 220), Box(400, 90, 500, 210), Box(700, 100, 790, 205)]
LEFT, RIGHT, THIRD = (
    FaceInPhoto(index, box, recognisable=True, comparable=True) for index, box in enumerate(BOXES)
)
TURNED_AWAY = replace(LEFT, comparable=False)
TINY = replace(THIRD, recognisable=False, comparable=False)
TALK = Event("talk", "Author talk", None, None, public_space=True)
SUPPORT = Event("support", "Grief circle", None, None, public_space=False)
SHIPPED = load_policy(ROOT / "data" / "policy.toml")
INSTAGRAM, NEWSLETTER, PRESS = (
    Use(SHIPPED.channel(name)) for name in ("instagram", "newsletter", "press_release")
)
UNREADABLE = PhotoProblem(ProblemCode.UNREADABLE, "The photo is damaged.")
PICTURE = PhotoFacts(PHOTO, (LEFT, RIGHT), (TALK,), date(2026, 5, 14))
ONLINE = frozenset({ChannelKind.ONLINE})
IN_PRINT = frozenset({ChannelKind.PRINT})


def terms(scope: Scope = EVERYTHING, since: date = BEGAN, until: date | None = None) -> Terms:
    receipt = Receipt(since, "ann", Method.FORM)
    return Terms(scope, receipt, Requester("Zebulon Quirk"), since, until)


def step(kind: CaseStep, on: date, of: Terms | None = None, lapses: date | None = None):
    return CaseEvent("", kind, NOON, STAFF, on, of, lapses)


def case(*history: CaseEvent, number: int = 1) -> Revocation:
    case_id = f"case-{number}"
    person = Person(f"person-{number}", "Zebulon Quirk")
    return Revocation(
        case_id, number, person, tuple(replace(one, revocation_id=case_id) for one in history)
    )


def revoked(
    scope: Scope = EVERYTHING, since: date = BEGAN, until: date | None = None, number: int = 1
) -> Revocation:
    return case(step(CaseStep.RECORDED, since, terms(scope, since, until)), number=number)


def on_hold(lapses: date = TODAY, scope: Scope = EVERYTHING) -> Revocation:
    return case(step(CaseStep.HOLD_PLACED, BEGAN, terms(scope), lapses))


def looks_like(
    face: FaceInPhoto = LEFT, *, surely: bool = True, of: str = "case-1", score: float = 9.0
) -> PersonMatch:
    match = Match(Signal.FACE, score, 8.0, "fused z-score", "m", face.index, face.box, 0.01)
    return PersonMatch(of, match, surely)


def copy_of(known: str = KNOWN, *, surely: bool = True, of: str = "case-1") -> PersonMatch:
    match = Match(Signal.NEAR_DUPLICATE, 12, 30, "Hamming bits of 256", "pdq")
    return PersonMatch(of, match, surely, known)


def same_scene(of: str = "case-1") -> PersonMatch:
    return PersonMatch(of, Match(Signal.SAME_SCENE, 60, 64, "bits", "pdq"), blocks=False)


def said(
    state: SightingState, box: Box | None = LEFT.box, of: str = "case-1", photo: str = PHOTO
) -> Sighting:
    return Sighting(photo, of, box, state, NOON, STAFF)


CONFIRMED, REJECTED, CANNOT_TELL, SUGGESTED = (
    SightingState.CONFIRMED,
    SightingState.REJECTED,
    SightingState.CANNOT_TELL,
    SightingState.SUGGESTED,
)


def verbal(
    *,
    given: bool = True,
    on: date = BEGAN,
    box: Box | None = None,
    photo: str | None = PHOTO,
    event: str | None = None,
    kinds: frozenset[ChannelKind] = IN_PRINT,
    expires: date | None = None,
) -> VerbalConsent:
    return VerbalConsent("v", "ann", on, given, kinds, photo, box, event, expires)


def judged(
    photo: PhotoFacts = PICTURE,
    use: Use = INSTAGRAM,
    *,
    matches: tuple[PersonMatch, ...] | list[PersonMatch] = (),
    sightings: tuple[Sighting, ...] | list[Sighting] = (),
    revocations: tuple[Revocation, ...] | list[Revocation] = (),
    consents: tuple[VerbalConsent, ...] | list[VerbalConsent] = (),
    policy: Policy = SHIPPED,
    today: date = TODAY,
) -> Decision:
    return decide(
        photo,
        use,
        matches=matches,
        sightings=sightings,
        revocations=revocations,
        consents=consents,
        policy=policy,
        today=today,
    )


def codes(decision: Decision) -> list[ReasonCode]:
    return [reason.code for reason in decision.reasons]


def noted(decision: Decision) -> list[ReasonCode]:
    return [note.code for note in decision.notes]


TABLE = {
    # BLOCKED
    "a person confirmed the sighting": (
        judged(sightings=[said(CONFIRMED)], revocations=[revoked()]),
        Verdict.BLOCKED,
        [ReasonCode.EXACT],
    ),
    "confirmed for the photo as a whole": (
        judged(sightings=[said(CONFIRMED, None)], revocations=[revoked()]),
        Verdict.BLOCKED,
        [ReasonCode.EXACT],
    ),
    "surely a copy of a photo with a confirmed sighting": (
        judged(matches=[copy_of()], revocations=[revoked()]),
        Verdict.BLOCKED,
        [ReasonCode.NEAR_DUPLICATE],
    ),
    "a face at the block threshold": (
        judged(matches=[looks_like()], revocations=[revoked()]),
        Verdict.BLOCKED,
        [ReasonCode.FACE],
    ),
    # NOT_CHECKED
    "unreadable": (
        judged(PhotoFacts(None, problem=UNREADABLE)),
        Verdict.NOT_CHECKED,
        [ReasonCode.UNREADABLE],
    ),
    "weights missing": (
        judged(PhotoFacts(None, problem=PhotoProblem(ProblemCode.WEIGHTS_MISSING, "Missing."))),
        Verdict.NOT_CHECKED,
        [ReasonCode.WEIGHTS_MISSING],
    ),
    # REVIEW
    "a face in the review band": (
        judged(matches=[looks_like(surely=False)], revocations=[revoked()]),
        Verdict.REVIEW,
        [ReasonCode.FACE],
    ),
    "perhaps a copy": (
        judged(matches=[copy_of(surely=False)], revocations=[revoked()]),
        Verdict.REVIEW,
        [ReasonCode.NEAR_DUPLICATE],
    ),
    "the same scene": (
        judged(matches=[same_scene()], revocations=[revoked()]),
        Verdict.REVIEW,
        [ReasonCode.SAME_SCENE],
    ),
    "a hold, with a face that would block": (
        judged(matches=[looks_like()], revocations=[on_hold()]),
        Verdict.REVIEW,
        [ReasonCode.HOLD],
    ),
    "a hold, with a sighting that would block": (
        judged(sightings=[said(CONFIRMED)], revocations=[on_hold()]),
        Verdict.REVIEW,
        [ReasonCode.HOLD],
    ),
    "a face that only a person can recognise, and somebody has revoked": (
        judged(replace(PICTURE, faces=(TURNED_AWAY,)), revocations=[revoked()]),
        Verdict.REVIEW,
        [ReasonCode.UNCOMPARABLE_FACE],
    ),
    "an event that was not in a public space": (
        judged(replace(PICTURE, events=(SUPPORT,))),
        Verdict.REVIEW,
        [ReasonCode.NO_PUBLIC_SPACE],
    ),
    # CONSENT_MISSING
    "print, and nobody was asked": (
        judged(use=NEWSLETTER),
        Verdict.CONSENT_MISSING,
        [ReasonCode.VERBAL_CONSENT_MISSING] * 2,
    ),
    "print, and one said no": (
        judged(use=NEWSLETTER, consents=[verbal(), verbal(given=False, box=LEFT.box)]),
        Verdict.CONSENT_MISSING,
        [ReasonCode.CONSENT_REFUSED],
    ),
    # CLEAR
    "everything compared, nothing found": (judged(revocations=[revoked()]), Verdict.CLEAR, []),
    "print, and everybody was asked": (
        judged(use=NEWSLETTER, consents=[verbal()]),
        Verdict.CLEAR,
        [],
    ),
    "nobody in the photo": (judged(replace(PICTURE, faces=()), NEWSLETTER), Verdict.CLEAR, []),
    "a match with somebody whose case is not in the register": (
        judged(matches=[looks_like()]),
        Verdict.CLEAR,
        [],
    ),
}


@pytest.mark.parametrize(("decision", "verdict", "reasons"), TABLE.values(), ids=TABLE.keys())
def test_the_verdict_table(decision: Decision, verdict: Verdict, reasons: list[ReasonCode]):
    assert decision.verdict is verdict
    assert codes(decision) == reasons


# One thing that leads to each verdict; a photo that has them all gets the worst.
INGREDIENTS = {
    Verdict.BLOCKED: {"matches": [looks_like(RIGHT)]},
    Verdict.NOT_CHECKED: {"problem": UNREADABLE},
    Verdict.REVIEW: {"events": (SUPPORT,)},
    Verdict.CONSENT_MISSING: {"use": NEWSLETTER},
}
RANKS = list(Verdict)


@pytest.mark.parametrize(
    "chosen",
    [
        set(some)
        for size in range(len(INGREDIENTS) + 1)
        for some in itertools.combinations(INGREDIENTS, size)
    ],
    ids=lambda some: "+".join(sorted(some)) or "nothing",
)
def test_the_worst_verdict_wins_and_every_reason_is_listed_worst_first(chosen: set[Verdict]):
    given: dict = {}
    for verdict in chosen:
        given |= INGREDIENTS[verdict]
    photo = replace(PICTURE, events=given.get("events", (TALK,)), problem=given.get("problem"))

    decision = judged(
        photo,
        given.get("use", INSTAGRAM),
        matches=given.get("matches", []),
        revocations=[revoked()],
    )

    assert decision.verdict is min(chosen, key=RANKS.index, default=Verdict.CLEAR)
    found = [reason.verdict for reason in decision.reasons]
    assert set(found) == chosen
    assert found == sorted(found, key=RANKS.index)


def test_the_verdicts_stand_in_the_designs_order():
    assert [verdict.value for verdict in Verdict] == [
        "BLOCKED",
        "NOT_CHECKED",
        "REVIEW",
        "CONSENT_MISSING",
        "CLEAR",
    ]
    assert [verdict.label for verdict in Verdict] == [
        "Do not use",
        "Not checked",
        "A person must look",
        "Ask first",
        "No match found",
    ]


def test_a_reason_names_the_case_the_face_and_the_score():
    (reason,) = judged(
        matches=[looks_like(RIGHT, of="case-42")], revocations=[revoked(number=42)]
    ).reasons
    assert (reason.revocation, reason.face, reason.box) == ("R-0042", 1, RIGHT.box)
    assert reason.match is not None
    assert (reason.match.score, reason.match.threshold) == (9.0, 8.0)


def test_a_confirmed_sighting_points_at_the_face_as_it_was_found_now():
    drifted = Box(104, 97, 203, 218)

    (reason,) = judged(sightings=[said(CONFIRMED, drifted)], revocations=[revoked()]).reasons

    assert reason.face == LEFT.index


# -- Scope ------------------------------------------------------------------------------------

NOBODY = Scope(all_channels=False)
PRINT_ONLY = replace(NOBODY, kinds=IN_PRINT)


@pytest.mark.parametrize(
    ("scope", "use", "covered"),
    [
        (EVERYTHING, INSTAGRAM, True),
        (EVERYTHING, NEWSLETTER, True),
        (PRINT_ONLY, NEWSLETTER, True),
        (PRINT_ONLY, INSTAGRAM, False),
        (PRINT_ONLY, PRESS, False),
        (replace(NOBODY, kinds=frozenset({ChannelKind.PRESS})), PRESS, True),
        (replace(NOBODY, kinds=ONLINE), INSTAGRAM, True),
        (replace(NOBODY, kinds=ONLINE), NEWSLETTER, False),
        (replace(NOBODY, channels=frozenset({"instagram"})), INSTAGRAM, True),
        (replace(NOBODY, channels=frozenset({"facebook"})), INSTAGRAM, False),
        (replace(NOBODY, channels=frozenset({"facebook"}), kinds=IN_PRINT), NEWSLETTER, True),
    ],
)
def test_a_scope_of_channels(scope: Scope, use: Use, covered: bool):
    decision = judged(use=use, matches=[looks_like()], revocations=[revoked(scope)])

    assert (decision.verdict is Verdict.BLOCKED) == covered
    assert (ReasonCode.OUTSIDE_SCOPE in noted(decision)) == (not covered)


def test_all_channels_covers_one_that_the_policy_gains_later():
    later = replace(INSTAGRAM.channel, id="mastodon", label="Mastodon")
    decision = judged(use=Use(later), matches=[looks_like()], revocations=[revoked()])

    assert decision.verdict is Verdict.BLOCKED


def test_a_match_outside_the_scope_is_said_with_its_face_and_case():
    decision = judged(matches=[looks_like(RIGHT)], revocations=[revoked(PRINT_ONLY)])

    (note,) = decision.notes
    assert decision.verdict is Verdict.CLEAR
    assert (note.code, note.verdict) == (ReasonCode.OUTSIDE_SCOPE, None)
    assert (note.revocation, note.face, note.box) == ("R-0001", 1, RIGHT.box)


@pytest.mark.parametrize(
    ("scope", "photo", "match", "covered"),
    [
        (Scope(event_ids=frozenset({"talk"})), PICTURE, looks_like(), True),
        (Scope(event_ids=frozenset({"other"})), PICTURE, looks_like(), False),
        (Scope(event_ids=frozenset({"talk"})), replace(PICTURE, events=()), looks_like(), False),
        (Scope(photo_ids=frozenset({PHOTO})), PICTURE, looks_like(), True),
        (Scope(photo_ids=frozenset({OTHER_PHOTO})), PICTURE, looks_like(), False),
        (Scope(photo_ids=frozenset({KNOWN})), PICTURE, copy_of(), True),
        (Scope(photo_ids=frozenset({OTHER_PHOTO})), PICTURE, copy_of(), False),
        (
            Scope(photo_ids=frozenset({OTHER_PHOTO}), event_ids=frozenset({"talk"})),
            PICTURE,
            looks_like(),
            True,
        ),
    ],
)
def test_a_scope_of_one_event_or_of_named_photos_and_copies_of_them(
    scope: Scope, photo: PhotoFacts, match: PersonMatch, covered: bool
):
    decision = judged(photo, matches=[match], revocations=[revoked(scope)])

    assert (decision.verdict is Verdict.BLOCKED) == covered
    assert (ReasonCode.OUTSIDE_SCOPE in noted(decision)) == (not covered)


BEFORE, AFTER = BEGAN - timedelta(days=1), BEGAN + timedelta(days=1)


@pytest.mark.parametrize(
    ("period", "taken", "covered"),
    [
        (Period.BOTH, BEFORE, True),
        (Period.BOTH, AFTER, True),
        (Period.PAST, BEFORE, True),
        (Period.PAST, BEGAN, False),
        (Period.PAST, AFTER, False),
        (Period.FUTURE, BEFORE, False),
        (Period.FUTURE, BEGAN, True),
        (Period.FUTURE, AFTER, True),
        # Nobody knows when it was taken: it may be one of those meant.
        (Period.PAST, None, True),
        (Period.FUTURE, None, True),
    ],
)
def test_a_scope_of_photos_past_or_to_come(period: Period, taken: date | None, covered: bool):
    decision = judged(
        replace(PICTURE, taken_on=taken),
        matches=[looks_like()],
        revocations=[revoked(Scope(period=period))],
    )

    assert (decision.verdict is Verdict.BLOCKED) == covered


# -- Where a case stands ----------------------------------------------------------------------

RESCISSION = step(CaseStep.RESCINDED, TODAY)
WRITING = step(CaseStep.RECORDED, BEGAN, terms())


@pytest.mark.parametrize(
    ("revocation", "day", "state", "verdict"),
    [
        (revoked(), BEGAN, State.ACTIVE, Verdict.BLOCKED),
        (revoked(), BEGAN - timedelta(days=1), State.PENDING, Verdict.CLEAR),
        (revoked(until=TODAY), TODAY, State.ACTIVE, Verdict.BLOCKED),
        (revoked(until=TODAY), TODAY + timedelta(days=1), State.ENDED, Verdict.CLEAR),
        (case(WRITING, RESCISSION), TODAY - timedelta(days=1), State.ACTIVE, Verdict.BLOCKED),
        (case(WRITING, RESCISSION), TODAY, State.RESCINDED, Verdict.CLEAR),
        (on_hold(lapses=TODAY), TODAY, State.HELD, Verdict.REVIEW),
        (on_hold(lapses=TODAY), TODAY + timedelta(days=1), State.LAPSED, Verdict.CLEAR),
        (
            case(step(CaseStep.HOLD_PLACED, BEGAN, terms(), BEGAN), WRITING),
            TODAY,
            State.ACTIVE,
            Verdict.BLOCKED,
        ),
    ],
)
def test_only_a_case_that_stands_speaks(
    revocation: Revocation, day: date, state: State, verdict: Verdict
):
    assert revocation.state(day) is state
    decision = judged(matches=[looks_like()], revocations=[revocation], today=day)
    assert decision.verdict is verdict


def test_an_amendment_holds_from_its_day():
    widened = case(
        step(CaseStep.RECORDED, BEGAN, terms(PRINT_ONLY)),
        step(CaseStep.AMENDED, TODAY, terms(EVERYTHING)),
    )

    def verdict(day: date) -> Verdict:
        return judged(matches=[looks_like()], revocations=[widened], today=day).verdict

    assert verdict(TODAY - timedelta(days=1)) is Verdict.CLEAR
    assert verdict(TODAY) is Verdict.BLOCKED


# -- What a person has decided ----------------------------------------------------------------


def test_a_rejected_sighting_silences_the_same_face_only():
    drifted = Box(104, 97, 203, 218)
    both = [looks_like(LEFT), looks_like(RIGHT)]

    decision = judged(matches=both, sightings=[said(REJECTED, drifted)], revocations=[revoked()])

    assert [reason.face for reason in decision.reasons] == [RIGHT.index]


def test_a_rejected_sighting_silences_the_same_person_only():
    both = [looks_like(LEFT, of="case-1"), looks_like(LEFT, of="case-2")]

    decision = judged(
        matches=both,
        sightings=[said(REJECTED, of="case-1")],
        revocations=[revoked(number=1), revoked(number=2)],
    )

    assert [reason.revocation for reason in decision.reasons] == ["R-0002"]


def test_a_face_rejected_does_not_silence_a_copy_nor_a_copy_rejected_a_face():
    both = [looks_like(LEFT), copy_of()]

    of_face = judged(matches=both, sightings=[said(REJECTED)], revocations=[revoked()])
    of_photo = judged(matches=both, sightings=[said(REJECTED, None)], revocations=[revoked()])

    assert codes(of_face) == [ReasonCode.NEAR_DUPLICATE]
    assert codes(of_photo) == [ReasonCode.FACE]


def test_who_cannot_tell_leaves_it_to_somebody_else():
    decision = judged(
        matches=[looks_like()], sightings=[said(CANNOT_TELL)], revocations=[revoked()]
    )

    assert decision.verdict is Verdict.REVIEW


def test_a_suggestion_changes_nothing():
    sure = judged(matches=[looks_like()], sightings=[said(SUGGESTED)], revocations=[revoked()])
    alone = judged(sightings=[said(SUGGESTED)], revocations=[revoked()])

    assert sure.verdict is Verdict.BLOCKED
    assert alone.verdict is Verdict.CLEAR


@pytest.mark.parametrize(
    ("history", "verdict"),
    [
        ([CONFIRMED, REJECTED], Verdict.CLEAR),
        ([REJECTED, CONFIRMED], Verdict.BLOCKED),
        ([REJECTED, CANNOT_TELL], Verdict.REVIEW),
        ([CONFIRMED, REJECTED, CONFIRMED], Verdict.BLOCKED),
    ],
)
def test_the_latest_decision_holds(history: list[SightingState], verdict: Verdict):
    decision = judged(
        matches=[looks_like(surely=False)],
        sightings=[said(state) for state in history],
        revocations=[revoked()],
    )

    assert decision.verdict is verdict


# -- Faces that cannot be compared -------------------------------------------------------------


@pytest.mark.parametrize(
    ("register", "use", "held_up"),
    [
        ([], INSTAGRAM, False),
        ([revoked()], INSTAGRAM, True),
        ([on_hold()], INSTAGRAM, True),
        ([revoked(PRINT_ONLY)], INSTAGRAM, False),
        ([revoked(PRINT_ONLY)], PRESS, False),
        ([revoked(until=BEGAN)], INSTAGRAM, False),
        ([case(WRITING, RESCISSION)], INSTAGRAM, False),
        ([revoked(PRINT_ONLY), revoked(number=2)], INSTAGRAM, True),
        # Limited to another event: the person may still be asked about in this photo.
        ([revoked(Scope(event_ids=frozenset({"other"})))], INSTAGRAM, True),
    ],
)
def test_a_face_that_cannot_be_compared_waits_while_anybodys_revocation_covers_the_channel(
    register: list[Revocation], use: Use, held_up: bool
):
    decision = judged(replace(PICTURE, faces=(TURNED_AWAY, RIGHT)), use, revocations=register)

    assert decision.verdict is (Verdict.REVIEW if held_up else Verdict.CLEAR)
    said_of = decision.reasons if held_up else decision.notes
    (reason,) = [one for one in said_of if one.code is ReasonCode.UNCOMPARABLE_FACE]
    assert (reason.face, reason.box) == (TURNED_AWAY.index, TURNED_AWAY.box)


def test_faces_below_the_recognisable_size_are_counted_and_hold_nothing_up():
    crowd = (LEFT, TINY, replace(TINY, index=3))
    photo = replace(PICTURE, faces=crowd, events=(SUPPORT,))
    asked = verbal(box=LEFT.box, kinds=IN_PRINT)

    decision = judged(photo, NEWSLETTER, revocations=[revoked()], consents=[asked])

    assert decision.verdict is Verdict.CLEAR
    assert noted(decision) == [ReasonCode.SMALL_FACES]
    assert decision.notes[0].detail == "2"


def test_a_photo_without_an_event_is_noted():
    assert noted(judged(replace(PICTURE, events=()))) == [ReasonCode.NO_EVENT]


def test_a_photo_that_was_not_read_has_no_notes_on_what_is_in_it():
    assert noted(judged(PhotoFacts(None, problem=UNREADABLE))) == []


# -- Private space and verbal consent -----------------------------------------------------------

CIRCLE = replace(PICTURE, events=(SUPPORT,))


@pytest.mark.parametrize(
    ("consents", "verdict"),
    [
        ([], Verdict.REVIEW),
        ([verbal(kinds=ONLINE, box=LEFT.box)], Verdict.REVIEW),
        ([verbal(kinds=ONLINE, box=one.box) for one in (LEFT, RIGHT)], Verdict.CLEAR),
        ([verbal(kinds=ONLINE)], Verdict.CLEAR),
        ([verbal(kinds=ONLINE, photo=None, event="support")], Verdict.CLEAR),
        ([verbal(kinds=ONLINE, photo=None, event="talk")], Verdict.REVIEW),
        ([verbal(kinds=IN_PRINT)], Verdict.REVIEW),
        ([verbal(kinds=ONLINE, given=False)], Verdict.REVIEW),
        ([verbal(kinds=ONLINE, expires=TODAY - timedelta(days=1))], Verdict.REVIEW),
    ],
)
def test_a_private_event_needs_consent_of_everybody_in_the_photo(
    consents: list[VerbalConsent], verdict: Verdict
):
    assert judged(CIRCLE, consents=consents).verdict is verdict


def test_one_private_event_is_enough_and_an_empty_room_is_nobodys():
    assert judged(replace(PICTURE, events=(TALK, SUPPORT))).verdict is Verdict.REVIEW
    assert judged(replace(CIRCLE, faces=())).verdict is Verdict.CLEAR


LATER = BEGAN + timedelta(days=3)
NO = {"given": False}


@pytest.mark.parametrize(
    ("consents", "left", "right"),
    [
        ([verbal()], None, None),
        ([verbal(photo=OTHER_PHOTO)], "missing", "missing"),
        ([verbal(box=LEFT.box)], None, "missing"),
        ([verbal(photo=None, event="talk")], None, None),
        ([verbal(photo=None, event="support")], "missing", "missing"),
        ([verbal(kinds=ONLINE)], "missing", "missing"),
        ([verbal(expires=TODAY)], None, None),
        ([verbal(expires=TODAY - timedelta(days=1))], "missing", "missing"),
        ([verbal(**NO)], "refused", "refused"),
        # The nearest answer wins over the later one.
        ([verbal(box=LEFT.box, **NO), verbal(on=LATER)], "refused", None),
        ([verbal(on=LATER, photo=None, event="talk", **NO), verbal()], None, None),
        # Among equally near ones the later wins, and on one day the refusal.
        ([verbal(**NO), verbal(on=LATER)], None, None),
        ([verbal(on=LATER, **NO), verbal()], "refused", "refused"),
        ([verbal(), verbal(**NO)], "refused", "refused"),
        # An answer that has run out no longer hides another.
        (
            [verbal(box=LEFT.box, expires=TODAY - timedelta(days=1), **NO), verbal()],
            None,
            None,
        ),
    ],
)
def test_verbal_consent_for_print(
    consents: list[VerbalConsent], left: str | None, right: str | None
):
    code = {
        "missing": ReasonCode.VERBAL_CONSENT_MISSING,
        "refused": ReasonCode.CONSENT_REFUSED,
    }
    expected = {
        face.index: code[answer] for face, answer in ((LEFT, left), (RIGHT, right)) if answer
    }

    for ordered in (consents, consents[::-1]):
        decision = judged(use=NEWSLETTER, consents=ordered)
        assert {reason.face: reason.code for reason in decision.reasons} == expected
        assert decision.verdict is (Verdict.CONSENT_MISSING if expected else Verdict.CLEAR)


def test_consent_is_not_asked_for_online_unless_the_policy_lists_the_channel():
    listed = replace(SHIPPED, ask_first_channels=frozenset({"instagram"}))

    assert judged().verdict is Verdict.CLEAR
    assert judged(policy=listed).verdict is Verdict.CONSENT_MISSING


def test_verbal_consent_never_overrules_a_revocation():
    decision = judged(
        use=NEWSLETTER, matches=[looks_like()], revocations=[revoked()], consents=[verbal()]
    )

    assert decision.verdict is Verdict.BLOCKED


def test_several_people_in_one_photo_each_by_their_own_wishes():
    decision = judged(
        replace(PICTURE, faces=(LEFT, RIGHT, THIRD)),
        matches=[
            looks_like(LEFT, of="case-1"),
            looks_like(RIGHT, of="case-2", surely=False),
            looks_like(THIRD, of="case-3"),
        ],
        revocations=[revoked(), revoked(number=2), revoked(PRINT_ONLY, number=3)],
    )

    assert decision.verdict is Verdict.BLOCKED
    assert [(one.revocation, one.face, one.verdict) for one in decision.reasons] == [
        ("R-0001", 0, Verdict.BLOCKED),
        ("R-0002", 1, Verdict.REVIEW),
    ]
    assert [(one.revocation, one.face) for one in decision.notes] == [("R-0003", 2)]


# -- What holds of every photo --------------------------------------------------------------------

NUMBERS = (1, 2, 3)
ids = st.sampled_from([f"case-{number}" for number in NUMBERS])
faces_given = st.lists(st.sampled_from([LEFT, RIGHT, THIRD]), unique=True).flatmap(
    lambda faces: st.tuples(
        *[
            st.builds(replace, st.just(face), recognisable=st.booleans(), comparable=st.booleans())
            for face in faces
        ]
    )
)
near = st.dates(BEGAN - timedelta(days=30), TODAY + timedelta(days=30))
photos = st.builds(
    PhotoFacts,
    st.just(PHOTO),
    faces_given,
    st.sampled_from([(), (TALK,), (SUPPORT,), (TALK, SUPPORT)]),
    st.none() | near,
)
scopes = st.builds(
    Scope,
    st.booleans(),
    st.frozensets(st.sampled_from(ChannelKind)),
    st.frozensets(st.sampled_from(["instagram", "newsletter"])),
    st.frozensets(st.sampled_from(["talk", "support"]), max_size=1),
    st.frozensets(st.sampled_from([PHOTO, KNOWN]), max_size=1),
    st.sampled_from(Period),
)
register = st.tuples(
    *[
        st.builds(revoked, scopes, near, st.none() | near, st.just(number))
        | st.builds(
            lambda scope, lapses, number: replace(
                on_hold(lapses, scope), id=f"case-{number}", number=number
            ),
            scopes,
            near,
            st.just(number),
        )
        for number in NUMBERS
    ]
).flatmap(lambda cases: st.lists(st.sampled_from(cases), unique_by=lambda one: one.id))
matches_found = st.lists(
    st.builds(
        lambda face, surely, of: looks_like(face, surely=surely, of=of),
        st.sampled_from([LEFT, RIGHT, THIRD]),
        st.booleans(),
        ids,
    )
    | st.builds(lambda surely, of: copy_of(surely=surely, of=of), st.booleans(), ids),
    max_size=4,
)
decisions_made = st.lists(
    st.builds(
        said, st.sampled_from(SightingState), st.sampled_from([None, LEFT.box, RIGHT.box]), ids
    ),
    max_size=4,
)
answers = st.lists(
    st.builds(
        lambda given, on, box, whole, kinds: verbal(
            given=given,
            on=on,
            box=None if whole else box,
            photo=None if whole else PHOTO,
            event="talk" if whole else None,
            kinds=kinds,
        ),
        st.booleans(),
        near,
        st.sampled_from([None, LEFT.box]),
        st.booleans(),
        st.sampled_from([ONLINE, IN_PRINT]),
    ),
    max_size=3,
)
uses = st.sampled_from([INSTAGRAM, NEWSLETTER, PRESS])
situations = st.fixed_dictionaries(
    {
        "photo": photos,
        "use": uses,
        "matches": matches_found,
        "sightings": decisions_made,
        "revocations": register,
        "consents": answers,
    }
)


@given(situations)
def test_a_photo_that_could_not_be_checked_is_never_clear(situation):
    situation["photo"] = replace(situation["photo"], problem=UNREADABLE)

    decision = judged(**situation)

    assert decision.verdict in {Verdict.BLOCKED, Verdict.NOT_CHECKED}
    assert ReasonCode.UNREADABLE in codes(decision)


@given(situations)
def test_a_revocation_of_everything_with_a_confirmed_sighting_blocks_and_betters_nothing(situation):
    before = judged(**situation)
    situation["revocations"] = [*situation["revocations"], revoked(number=9)]
    situation["sightings"] = [*situation["sightings"], said(CONFIRMED, None, "case-9")]

    after = judged(**situation)

    assert after.verdict is Verdict.BLOCKED
    assert RANKS.index(after.verdict) <= RANKS.index(before.verdict)
    assert set(codes(before)) <= set(codes(after))


@given(situations, st.randoms(use_true_random=False))
def test_the_order_in_which_things_are_told_does_not_matter(situation, chance):
    # Sightings are a history, and their order does matter; faces keep theirs by index.
    shuffled = dict(situation)
    for name in ("matches", "revocations", "consents"):
        shuffled[name] = chance.sample(situation[name], len(situation[name]))

    one, other = judged(**situation), judged(**shuffled)

    assert one.verdict is other.verdict
    assert sorted(map(repr, one.reasons)) == sorted(map(repr, other.reasons))
    assert sorted(map(repr, one.notes)) == sorted(map(repr, other.notes))


@given(situations)
def test_the_verdict_is_the_worst_reasons_and_clear_means_no_reason(situation):
    decision = judged(**situation)

    found = [reason.verdict for reason in decision.reasons]
    assert decision.verdict is (found[0] if found else Verdict.CLEAR)
    assert found == sorted(found, key=RANKS.index)
    assert all(note.verdict is None for note in decision.notes)


@given(situations)
def test_a_revocation_of_print_never_blocks_instagram(situation):
    of_print = [revoked(PRINT_ONLY, number=number) for number in NUMBERS]
    situation |= {"revocations": of_print, "use": INSTAGRAM}

    assert judged(**situation).verdict is not Verdict.BLOCKED


@given(situations)
def test_no_match_is_lost_without_a_word(situation):
    decision = judged(**situation)

    standing = {
        one.id: one.label
        for one in situation["revocations"]
        if one.state(TODAY) in {State.ACTIVE, State.HELD}
    }
    rejected = {one.revocation_id for one in situation["sightings"] if one.state is REJECTED}
    told = {one.revocation for one in (*decision.reasons, *decision.notes)}
    for match in situation["matches"]:
        if match.revocation_id in standing and match.revocation_id not in rejected:
            assert standing[match.revocation_id] in told
