"""Who may do what: one table, and the guard that every public use case stands behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from consent.domain.actors import Actor, Role
from consent.domain.errors import WrongRoleError, for_these
from consent.domain.policy import Policy
from consent.domain.worded import Worded

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Duty(Worded):
    """What people do here; the words follow "may"."""

    CHECK = "check", "check photos"
    REVIEW = "review", "decide on possible matches and faces"
    DECIDE_LIKENESS = "decide_likeness", "decide who is in a photo"
    OVERRIDE = "override", "override a verdict"
    SECOND = "second", "be the second person for an override about a minor"
    WITHDRAW_OVERRIDE = "withdraw_override", "undo an override"
    READ_OVERRIDES = "read_overrides", "see overrides"
    MAKE_COPIES = "make_copies", "export copies of photos, and cover people in them"
    PUBLISH = "publish", "plan and record what is published"
    READ_PUBLISHED = "read_published", "see what is published"
    TAKE_DOWN = "take_down", "work on takedowns"
    READ_TAKEDOWNS = "read_takedowns", "see takedowns"
    TAKE_APPEALS = "take_appeals", "take in appeals and hand out answers"
    READ_APPEALS = "read_appeals", "see appeals"
    ANSWER_APPEALS = "answer_appeals", "answer an appeal"
    PRINT = "print", "prepare print pieces"
    SIGN_OFF = "sign_off", "sign off print pieces"
    READ_PRINT = "read_print", "see print pieces"
    ASK = "ask", "record what people answered"
    READ_ANSWERS = "read_answers", "see what people answered"
    SEE_PHOTOS = "see_photos", "see indexed photos and events"
    ADD_EVENTS = "add_events", "enter events"
    INDEX = "index", "index photos"
    RENEW_INDEX = "renew_index", "renew the index"
    CHANGE_ENCODER = "change_encoder", "say which encoder is in use"
    THRESHOLDS = "thresholds", "change the thresholds"
    FACES = "faces", "choose whether faces are compared, and what is kept about them"
    CHANGE_KEY = "change_key", "change the key of the data home"
    BACK_UP = "back_up", "back up the data home, and confirm that it is the right one"
    KEEP_ACCOUNTS = "keep_accounts", "keep accounts and tokens"
    READ_STATUS = "read_status", "see the state of the installation"
    TAKE_LETTERS = "take_letters", "record revocations and holds"
    AMEND = "amend", "change a case"
    CORRECT = "correct", "correct a case"
    RESCIND = "rescind", "withdraw a revocation"
    ERASE = "erase", "erase a face"
    LEGAL_HOLD = "legal_hold", "place and lift legal holds"
    DISPOSE = "dispose", "approve and destroy records that are due"
    READ_DISPOSALS = "read_disposals", "see what is due, and what was destroyed"
    RECORDS_REQUEST = "records_request", "answer records requests"
    READ_LOG = "read_log", "read the log"
    PURGE = "purge", "remove what is not a record and has expired"
    SETTLE = "settle", "decide an objection"
    SWEEP = "sweep", "search the index for a case"
    READ_CASES = "read_cases", "see cases, by number"
    READ_NAMES = "read_names", "see who asked, and what they wrote"
    REVEAL_NAME = "reveal_name", "ask who one case is about (the log keeps it)"
    EXPORT = "export", "export the register"


_DESK = frozenset({Role.DESK, Role.DIRECTOR})
_LIKENESS = frozenset({Role.COMMUNICATIONS, Role.DIRECTOR})
_CASES = frozenset({Role.DESK, Role.COMMUNICATIONS, Role.DIRECTOR, Role.RECORDS})
_ASK = frozenset({Role.PRINT_EDITOR, Role.PHOTOGRAPHER, Role.COMMUNICATIONS})

# What the policy says of roles stands in front of what stands here; see `who_may`.
ROLES: Mapping[Duty, frozenset[Role]] = {
    Duty.CHECK: _LIKENESS,
    Duty.REVIEW: _LIKENESS,
    # At the desk too, with the patron before the photo.
    Duty.DECIDE_LIKENESS: _LIKENESS | {Role.DESK},
    Duty.WITHDRAW_OVERRIDE: frozenset({Role.COMMUNICATIONS}),
    Duty.READ_OVERRIDES: _LIKENESS | {Role.RECORDS},
    Duty.MAKE_COPIES: _LIKENESS,
    Duty.PUBLISH: frozenset({Role.COMMUNICATIONS}),
    Duty.READ_PUBLISHED: _LIKENESS | {Role.RECORDS},
    Duty.TAKE_DOWN: frozenset({Role.COMMUNICATIONS}),
    Duty.READ_TAKEDOWNS: _CASES | {Role.PRINT_EDITOR},
    Duty.TAKE_APPEALS: _DESK | {Role.COMMUNICATIONS},
    Duty.READ_APPEALS: _CASES,
    Duty.PRINT: frozenset({Role.PRINT_EDITOR}),
    Duty.SIGN_OFF: frozenset({Role.PRINT_EDITOR, Role.DIRECTOR}),
    Duty.READ_PRINT: _LIKENESS | {Role.PRINT_EDITOR, Role.RECORDS},
    # Whoever posts a photo is told to ask first, as whoever prints it is.
    Duty.ASK: _ASK,
    Duty.READ_ANSWERS: _ASK | {Role.DIRECTOR, Role.RECORDS},
    Duty.SEE_PHOTOS: _CASES | _ASK,
    Duty.ADD_EVENTS: _ASK | {Role.ADMIN},
    Duty.INDEX: frozenset({Role.COMMUNICATIONS, Role.PHOTOGRAPHER, Role.ADMIN}),
    Duty.RENEW_INDEX: frozenset({Role.ADMIN}),
    Duty.CHANGE_ENCODER: frozenset({Role.DIRECTOR, Role.ADMIN}),
    Duty.BACK_UP: frozenset({Role.DIRECTOR, Role.ADMIN}),
    Duty.CHANGE_KEY: frozenset({Role.DIRECTOR, Role.ADMIN}),
    Duty.THRESHOLDS: frozenset({Role.DIRECTOR}),
    Duty.KEEP_ACCOUNTS: frozenset({Role.ADMIN}),
    Duty.FACES: frozenset({Role.DIRECTOR}),
    Duty.READ_STATUS: frozenset({Role.COMMUNICATIONS, Role.DIRECTOR, Role.RECORDS, Role.ADMIN}),
    Duty.TAKE_LETTERS: _DESK,
    Duty.AMEND: _DESK,
    Duty.CORRECT: _DESK,
    Duty.RESCIND: _DESK,
    Duty.ERASE: _DESK | {Role.RECORDS},
    Duty.LEGAL_HOLD: frozenset({Role.DIRECTOR, Role.RECORDS}),
    Duty.DISPOSE: frozenset({Role.RECORDS}),
    Duty.READ_DISPOSALS: frozenset({Role.DIRECTOR, Role.RECORDS}),
    Duty.RECORDS_REQUEST: frozenset({Role.RECORDS}),
    Duty.READ_LOG: frozenset({Role.DIRECTOR, Role.RECORDS}),
    Duty.PURGE: frozenset({Role.RECORDS, Role.ADMIN}),
    Duty.SWEEP: _CASES - {Role.RECORDS},
    Duty.READ_CASES: _CASES,
}

# By the module and name of each use case; filled as they are defined.
USE_CASES: dict[str, Duty] = {}

# A use case that another one calls is a part of it, and needs no leave of its own.
_acting: ContextVar[Actor | None] = ContextVar("acting", default=None)


def who_may(duty: Duty, policy: Policy) -> frozenset[Role]:
    """Return the roles that may do something in this library."""
    said = {
        Duty.OVERRIDE: policy.may_override,
        Duty.ANSWER_APPEALS: policy.may_override,
        Duty.SETTLE: policy.may_override,
        Duty.SECOND: policy.may_second,
        Duty.READ_NAMES: policy.may_see_names,
        Duty.REVEAL_NAME: policy.may_see_names | policy.may_reveal_names,
        Duty.EXPORT: policy.may_export,
    }
    if duty in said:
        return said[duty]
    roles = ROLES[duty]
    if duty is Duty.WITHDRAW_OVERRIDE:
        return roles | policy.may_override
    # What is corrected is read.
    return roles & policy.may_see_names if duty is Duty.CORRECT else roles


def table_of_roles(policy: Policy) -> str:
    """Return the whole table in Markdown: a row for each duty, a column for each role."""
    rows = [f"| may | {' | '.join(role.words for role in Role)} |", "|---|" + ":-:|" * len(Role)]
    for duty in Duty:
        allowed = who_may(duty, policy)
        marks = " | ".join("yes" if role in allowed else "" for role in Role)
        rows.append(f"| {duty.words} | {marks} |")
    return "\n".join(rows)


def may(actor: Actor, duty: Duty, policy: Policy) -> bool:
    """Say whether somebody may do something, in any role of theirs."""
    return actor.is_one_of(who_may(duty, policy))


def permitted(actor: Actor, duty: Duty, policy: Policy) -> Actor:
    """Return somebody in the role in which they may do something: the one they act in, if it may.

    Raises:
        WrongRoleError: they have no such role.
    """
    roles = who_may(duty, policy)
    if actor.role in roles:
        return actor
    for role in Role:
        if role in roles & actor.roles:
            return actor.acting_as(role)
    raise WrongRoleError(_rule(duty), roles)


def who_may_words(duty: Duty, policy: Policy) -> str:
    """Say in a sentence whose a duty is."""
    return for_these(_rule(duty), who_may(duty, policy))


def _rule(duty: Duty) -> str:
    return f"Only these roles may {duty.words}"


def for_roles(duty: Duty) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Let a use case be done by those alone whose duty it is.

    It takes `services` first, and `actor`, who is passed on in the role in which they may.

    Raises:
        TypeError: the function takes no actor.
    """

    def guard(use_case: Callable[Given, Answer]) -> Callable[Given, Answer]:
        names = list(signature(use_case).parameters)
        if names[:1] != ["services"] or "actor" not in names:
            raise TypeError(f"{use_case.__qualname__} takes no services and actor")
        at = names.index("actor")
        USE_CASES[f"{use_case.__module__}.{use_case.__name__}"] = duty

        @wraps(use_case)
        def guarded(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
            given: list[Any] = list(args)
            named: dict[str, Any] = dict(kwargs)
            place: Any = (named, "actor") if "actor" in named else (given, at)
            actor = place[0][place[1]]
            if actor == _acting.get():
                return use_case(*args, **kwargs)
            services = given[0] if given else named["services"]
            actor = place[0][place[1]] = permitted(actor, duty, services.policy)
            token = _acting.set(actor)
            try:
                return use_case(*given, **named)
            finally:
                _acting.reset(token)

        return guarded

    return guard
