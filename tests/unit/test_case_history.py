"""A case's state on any day is a fold over its appended events; scopes are sets."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from consent.domain.actors import Actor, Role
from consent.domain.cases import CaseEvent, CaseStep, Person, Revocation, State
from consent.domain.channels import Channel, ChannelKind, Use
from consent.domain.decide import CasesInForce, decide
from consent.domain.signals import Match
from consent.domain.terms import Method, Requester, Scope, Submission, Terms
from consent.domain.verdicts import Decision, PersonMatch, PhotoFacts
from consent.domain.verdicts import FaceInPhoto as Face
from consent.matching.gallery import FACE
from consent.policy_file import load_policy
from consent.settings import ROOT
from media_index.types import Box

POLICY = load_policy(ROOT / "data" / "policy.toml")
START = date(2026, 3, 1)
DESK = Actor("desk", Role.DESK)
ONLINE = Channel("instagram", "Instagram", ChannelKind.ONLINE)
PRINT = Channel("newsletter", "Newsletter", ChannelKind.PRINT)


def day(offset: int) -> date:
    return START + timedelta(days=offset)


def terms(scope: Scope | None = None, until: date | None = None) -> Terms:
    return Terms(
        scope=scope or Scope(),
        submission=Submission(START, Method.LETTER, by="desk"),
        requester=Requester("A. Reader"),
        effective_from=START,
        until=until,
    )


def step(
    kind: CaseStep, on: int, stated: Terms | None = None, lapses: int | None = None
) -> CaseEvent:
    return CaseEvent(
        revocation_id="case",
        step=kind,
        at=datetime(2026, 3, 1, 12, tzinfo=UTC),
        actor=DESK,
        effective_on=day(on),
        terms=stated,
        lapses_on=None if lapses is None else day(lapses),
    )


def case(*history: CaseEvent) -> Revocation:
    return Revocation("case", 42, Person("person", "A. Reader"), history)


def test_a_hold_holds_to_its_last_day_and_then_lapses() -> None:
    held = case(step(CaseStep.HOLD_PLACED, 0, terms(), lapses=14))
    assert [held.state(day(n)) for n in (0, 14, 15)] == [State.HELD, State.HELD, State.LAPSED]


def test_the_writing_makes_a_hold_a_revocation_even_after_it_lapsed() -> None:
    late = case(
        step(CaseStep.HOLD_PLACED, 0, terms(), lapses=14), step(CaseStep.RECORDED, 20, terms())
    )
    assert [late.state(day(n)) for n in (14, 19, 20)] == [State.HELD, State.PENDING, State.ACTIVE]


def test_a_temporary_revocation_holds_on_its_last_day() -> None:
    short = case(step(CaseStep.RECORDED, 0, terms(until=day(10))))
    assert [short.state(day(n)) for n in (10, 11)] == [State.ACTIVE, State.ENDED]


def test_an_amendment_holds_from_its_own_day() -> None:
    narrow = Scope(all_channels=False, kinds=frozenset({ChannelKind.PRINT}))
    amended = case(step(CaseStep.RECORDED, 0, terms()), step(CaseStep.AMENDED, 5, terms(narrow)))
    assert amended.terms_on(day(4)).scope.covers_channel(ONLINE)
    assert not amended.terms_on(day(5)).scope.covers_channel(ONLINE)
    assert amended.terms_on(day(5)).scope.covers_channel(PRINT)


def test_rescinding_ends_it_from_its_day_and_leaves_the_days_before() -> None:
    over = case(step(CaseStep.RECORDED, 0, terms()), step(CaseStep.RESCINDED, 9))
    assert [over.state(day(n)) for n in (8, 9, 900)] == [
        State.ACTIVE,
        State.RESCINDED,
        State.RESCINDED,
    ]


SCOPES = st.builds(
    Scope,
    all_channels=st.booleans(),
    kinds=st.frozensets(st.sampled_from(list(ChannelKind))),
    channels=st.frozensets(st.sampled_from(["instagram", "newsletter", "press_release"])),
)
CHANNELS = st.builds(
    Channel,
    id=st.sampled_from(["instagram", "newsletter", "a_channel_added_later"]),
    label=st.just("any"),
    kind=st.sampled_from(list(ChannelKind)),
)


@given(SCOPES, CHANNELS)
def test_a_scope_covers_a_channel_by_one_of_its_three_names_and_by_nothing_else(
    scope: Scope, channel: Channel
) -> None:
    named = scope.all_channels or channel.kind in scope.kinds or channel.id in scope.channels
    assert scope.covers_channel(channel) == named


@given(CHANNELS)
def test_all_channels_means_those_added_later_too(channel: Channel) -> None:
    assert Scope().covers_channel(channel)


@st.composite
def histories(draw: st.DrawFn) -> list[CaseEvent]:
    """Any history the use cases can append: it opens once, changes, and may end once."""
    offsets = sorted(draw(st.lists(st.integers(0, 60), min_size=1, max_size=6)))
    held = draw(st.booleans())
    lapses = offsets[0] + 14 if held else None
    first = CaseStep.HOLD_PLACED if held else CaseStep.RECORDED
    steps = [step(first, offsets[0], terms(draw(SCOPES)), lapses)]
    for place, offset in enumerate(offsets[1:], start=1):
        opened = any(one.step is CaseStep.RECORDED for one in steps)
        kinds = [CaseStep.AMENDED] if opened else [CaseStep.RECORDED, CaseStep.AMENDED]
        if place == len(offsets) - 1:
            kinds.append(CaseStep.RESCINDED)
        kind = draw(st.sampled_from(kinds))
        stated = None if kind is CaseStep.RESCINDED else terms(draw(SCOPES))
        steps.append(step(kind, offset, stated))
    return steps


def folded(history: list[CaseEvent], on: date) -> tuple[State, Terms]:
    """Walk the events one by one, as a clerk would with a pencil."""
    state, stated, lapse = State.PENDING, history[0].terms, None
    for event in history:
        if event.effective_on <= on:
            stated = event.terms or stated
        # On a day long before it was entered the clock is wrong, or was: it holds all the same.
        at_once = event.effective_on <= event.at.date() + timedelta(days=1)
        if event.effective_on > on and not (at_once and on + timedelta(days=1) < event.at.date()):
            continue
        if event.step is CaseStep.HOLD_PLACED:
            state, lapse = State.HELD, event.lapses_on
        elif event.step is CaseStep.RECORDED:
            state = State.ACTIVE
        elif event.step is CaseStep.RESCINDED:
            state = State.RESCINDED
    if state is State.HELD and lapse is not None and on > lapse:
        writing_to_come = any(event.step is CaseStep.RECORDED for event in history)
        state = State.PENDING if writing_to_come else State.LAPSED
    assert stated is not None
    return state, stated


@given(histories(), st.integers(-5, 90))
def test_the_state_on_any_day_is_the_fold_of_the_events_begun_by_then(
    history: list[CaseEvent], offset: int
) -> None:
    one = case(*history)
    state, stated = folded(history, day(offset))
    assert one.state(day(offset)) is state
    assert one.terms_on(day(offset)) == stated


@given(histories(), st.integers(0, 90))
def test_what_is_appended_later_never_changes_the_days_before(
    history: list[CaseEvent], offset: int
) -> None:
    shorter = [event for event in history if event.effective_on <= day(offset)]
    whole, known_then = case(*history), case(*(shorter or history[:1]))
    running = {State.ACTIVE, State.RESCINDED, State.HELD}
    if known_then.state(day(offset)) in running:
        assert whole.state(day(offset)) is known_then.state(day(offset))


@given(SCOPES, st.integers(0, 40))
def test_rescinding_gives_back_exactly_what_was_covered(scope: Scope, offset: int) -> None:
    recorded = step(CaseStep.RECORDED, 0, terms(scope))
    over = case(recorded, step(CaseStep.RESCINDED, 10))
    face = Face(0, Box(0, 0, 80, 80), recognizable=True, comparable=True)
    match = Match(FACE, 9.0, 5.0, "fused z-score", "both", 0, face.box, 0.001)

    def decided(*cases: Revocation) -> Decision:
        return decide(
            PhotoFacts("a" * 64, (face,)),
            Use(ONLINE),
            matches=[PersonMatch("case", match, blocks=True)],
            decided=[],
            in_force=CasesInForce(cases, day(offset)),
            consents=[],
            policy=POLICY,
            day_of=datetime.date,
        )

    if offset >= 10:
        assert decided(over) == decided()
    else:
        assert decided(over) == decided(case(recorded))
