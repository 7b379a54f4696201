"""One table says who may do what, and every public use case stands in it."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from consent.domain.actors import Actor, Role
from consent.domain.errors import ConsentError, WrongRoleError
from consent.domain.policy import Policy
from consent.domain.roles import ROLES, USE_CASES, Duty, for_roles, who_may, who_may_words
from consent.policy_file import load_policy
from consent.settings import ROOT

ROOMS = frozenset(
    [
        "access",
        "cases",
        "checking",
        "exporting",
        "indexing",
        "jobs",
        "recovery",
        "matching",
        "printing",
        "publishing",
        "retention",
        "review",
        "status",
        "takedowns",
    ]
)
FROM_ROOMS = re.compile(rf"from consent\.(?:{'|'.join(ROOMS)})\b")
DOORS = [ROOT / "app.py", *(ROOT / "pages").rglob("*.py"), *(ROOT / "consent").rglob("*.py")]

# Functions that take services, are called by a door, and need nobody's leave.
NEEDS_NO_LEAVE = {
    # Before anybody is known to act: a secret of their own says who they are.
    "consent.access.accounts.first_code": "shown where the program is started",
    "consent.access.accounts.has_accounts": "whether anybody must sign in",
    "consent.access.accounts.waits_for_the_first": "whether the first must be set up",
    "consent.access.demo.open_demo": "nobody signs in",
    "consent.access.demo.prepare_demo": "shown where the program is started",
    "consent.access.menu.open_to": "says what somebody may",
    "consent.access.present.by_id": "who somebody is, by their session",
    "consent.access.present.by_token": "who somebody is, by their token",
    "consent.access.present.ended_of": "which sessions hold no more",
    "consent.access.present.note_activity": "that a session is used",
    "consent.access.present.unfinished_stage": "how far a sign-in has come",
    "consent.access.provider.sign_in_introduced": "the provider says who they are",
    "consent.access.proxy.sign_in_by_proxy": "the proxy says who they are",
    "consent.access.second.by_fresh_session": "who somebody is, by their session",
    "consent.access.second.by_password": "who somebody is, by their password",
    "consent.access.second.in_demonstration": "nobody signs in",
    "consent.access.second.of_demonstration": "as whom the demonstration can be tried",
    "consent.access.sign_in.change_password": "by the password they have",
    "consent.access.sign_in.choose_password": "by a one-time code",
    "consent.access.sign_in.give_second_factor": "by the password and the code of the app",
    "consent.access.sign_in.propose_second_factor": "by the password",
    "consent.access.sign_in.set_second_factor": "by the password",
    "consent.access.sign_in.sign_in": "by the password",
    "consent.access.sign_in.sign_out": "ends one's own session",
    "consent.access.tokens.token_for_command": "of one's own, by one's own session",
    "consent.status.read_beginning": "what a new library has not done yet: no case, no name",
    "consent.cases.correspondence.blank_form_pdf": "the empty form",
    "consent.cases.intake.scope_from_text": "reads what was typed",
    "consent.cases.photo_advice.enrolment_of": "looks at photos that were handed in",
    "consent.cases.receipt_code.verify_receipt": "what a receipt says that somebody brings",
    "consent.cases.references.offer_faces": "looks at a photo that was handed in",
    "consent.cases.references.photo_named": "reads what was typed",
    "consent.cases.references.read_reference": "looks at a photo that was handed in",
    "consent.cases.takedown_letter.removal_mail": "words of a takedown that is seen already",
    "consent.exporting.gate.wait_for_gate": "each look asks for leave",
    "consent.indexing.events.event_named": "reads what was typed",
    "consent.jobs.day.begin_day": "the program's own work",
    "consent.jobs.check.report_to_dict": "words of a check that was made already",
    "consent.jobs.day.begin_day_again": "the program's own work",
    "consent.jobs.day.do_day": "the program's own work",
    "consent.jobs.day.read_day": "whether the program's own work is done",
    "consent.jobs.figures.is_old": "compares two moments",
    "consent.recovery.restore.restore_backup": "there is no register yet that says who may",
    "consent.review.upkeep.has_to_be_made": "whether the program's own work is done",
    "consent.matching.wholeness.register_doubts": "whether the register is whole",
    "consent.matching.not_compared.not_compared": "whether the index is whole",
    "consent.takedowns.open_due.anything_published": "whether takedowns can be missing at all",
    "consent.matching.wholeness.register_is_empty": "whether anybody is in the register",
    "consent.matching.trials.try_references": "the program's own work",
    "consent.printing.answers_import.event_asked": "reads what was typed",
    "consent.printing.answers_import.read_uses": "reads what was typed",
    "consent.publishing.csv_import.posting_day": "reads what was typed",
    "consent.publishing.record.allowed_verdicts": "reads the policy",
    "consent.retention.keys.key_in_use": "where the key lies, and its id",
    "consent.retention.keys.tell_of_new_key": "where the key lies, once",
    "consent.retention.proof.log_head": "a number and a hash, for others to hold",
    "consent.retention.proof.verify_log": "whether the log is whole",
    "consent.retention.proof.verify_new": "whether the log is whole",
    "consent.takedowns.appeals.sees_its_names": "says whether somebody may",
    "consent.takedowns.open_due.noting_opened": "passes on what a use case opened",
    # The process of a job does what somebody asked for who might.
    "consent.jobs.audit.run_audit_of_page": "does the work of a job",
    "consent.jobs.check.run_check": "does the work of a job",
    "consent.jobs.runner.go_on_with_interrupted": "begins again what somebody with leave began",
    "consent.jobs.day.run_day": "does the work of a job",
    "consent.jobs.encode.run_encoding": "does the work of a job",
    "consent.jobs.index_again.run_indexing_again": "does the work of a job",
    "consent.jobs.figures.run_figures": "does the work of a job",
    "consent.jobs.place.run_placing": "does the work of a job",
    "consent.jobs.take.run_taking": "does the work of a job",
}


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(ROOT / "data" / "policy.toml")


def called_by_doors() -> Iterator[tuple[str, str]]:
    """Yield what the doors import from the rooms of use cases, by module and name."""
    for path in DOORS:
        inside = path.relative_to(ROOT).parts
        if inside[0] == "consent" and inside[1].removesuffix(".py") in {
            *ROOMS,
            "domain",
            "bootstrap",
        }:
            continue
        source = path.read_text(encoding="utf-8")
        # Most files import none, and all are read at each start of the tests.
        if not FROM_ROOMS.search(source):
            continue
        nodes = list(ast.walk(ast.parse(source)))
        used = {
            (node.value.id, node.attr)
            for node in nodes
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        }
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and node.module:
                parts = node.module.split(".")
                if parts[0] == "consent" and len(parts) > 1 and parts[1] in ROOMS:
                    yield from ((node.module, name.name) for name in node.names)
                    # A module is imported, and its functions are called by way of it.
                    yield from (
                        (f"{node.module}.{name.name}", attribute)
                        for name in node.names
                        for module, attribute in used
                        if module == (name.asname or name.name)
                        and (ROOT.joinpath(*parts) / f"{name.name}.py").is_file()
                    )


def takes_services(use_case: Any) -> bool:
    return inspect.isfunction(use_case) and bool(
        {"services", "actor"} & set(inspect.signature(use_case).parameters)
    )


def public_use_cases() -> set[str]:
    found = set()
    for module, name in set(called_by_doors()):
        use_case = getattr(importlib.import_module(module), name, None)
        if takes_services(use_case):
            found.add(f"{module}.{name}")
    return found


PUBLIC = public_use_cases()


def test_every_public_use_case_is_in_the_table():
    missing = PUBLIC - set(USE_CASES) - set(NEEDS_NO_LEAVE)

    assert not missing, "decorate them with @for_roles, or say why nobody needs leave"


def test_what_needs_no_leave_is_called_and_has_no_duty():
    assert set(NEEDS_NO_LEAVE).isdisjoint(USE_CASES)
    assert set(NEEDS_NO_LEAVE) <= PUBLIC


def test_every_duty_has_a_use_case_and_roles(policy: Policy):
    assert set(USE_CASES.values()) == set(Duty)
    assert all(who_may(duty, policy) for duty in Duty)


def test_a_function_without_an_actor_is_refused():
    with pytest.raises(TypeError, match="takes no services and actor"):
        for_roles(Duty.CHECK)(lambda services: services)


@pytest.mark.parametrize("name", sorted(USE_CASES))
def test_the_table_holds_at_the_use_case(policy: Policy, name: str):
    """Each refusal is said with who may; each grant goes on to the use case itself."""
    module, _, function = name.rpartition(".")
    use_case = getattr(importlib.import_module(module), function)
    duty = USE_CASES[name]
    given: dict[str, Any] = {
        parameter: None
        for parameter, what in inspect.signature(use_case).parameters.items()
        if what.default is inspect.Parameter.empty
    }
    given["services"] = SimpleNamespace(policy=policy)

    for role in Role:
        said = ""
        try:
            use_case(**{**given, "actor": Actor("Ann", role)})
        except WrongRoleError as error:
            said = str(error)
        except (AttributeError, TypeError, ValueError, ConsentError):
            # There is nothing to work on, which the use case itself finds.
            said = ""
        refused = said.startswith(who_may_words(duty, policy))
        assert refused is (role not in who_may(duty, policy)), role


@for_roles(Duty.RESCIND)
def acts(services: object, actor: Actor) -> Actor:
    return actor


@for_roles(Duty.CHECK)
def checks(services: object, actor: Actor, other: Actor | None = None) -> Actor:
    return acts(services, other or actor)


for _own in ("acts", "checks"):
    del USE_CASES[f"{__name__}.{_own}"]


def test_somebody_of_several_roles_acts_in_the_one_that_may(policy: Policy):
    services = SimpleNamespace(policy=policy)
    ann = Actor("Ann", Role.RECORDS, frozenset({Role.DESK, Role.ADMIN}))

    assert acts(services, ann).role is Role.DESK
    assert acts(services, actor=Actor("Di", Role.DIRECTOR)).role is Role.DIRECTOR


def test_a_part_of_a_use_case_needs_no_leave_of_its_own_but_another_person_does(policy: Policy):
    services = SimpleNamespace(policy=policy)
    cam = Actor("Cam", Role.COMMUNICATIONS)

    assert checks(services, cam) == cam
    with pytest.raises(WrongRoleError):
        checks(services, cam, Actor("Eve", Role.COMMUNICATIONS))
    with pytest.raises(WrongRoleError):
        acts(services, cam)


def test_only_a_sign_in_makes_somebody_a_second_person():
    """Nowhere else is it said that somebody has just shown who they are."""
    proving = {
        path.relative_to(ROOT).as_posix()
        for folder in ("consent", "pages")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "proven"
    }
    assert proving == {"consent/access/second.py"}


MEANT = {
    Role.DESK: {Duty.TAKE_LETTERS, Duty.AMEND, Duty.READ_NAMES, Duty.RESCIND},
    Role.COMMUNICATIONS: {Duty.CHECK, Duty.REVIEW, Duty.PUBLISH, Duty.TAKE_DOWN, Duty.READ_CASES},
    Role.PRINT_EDITOR: {Duty.PRINT, Duty.ASK},
    Role.DIRECTOR: {Duty.OVERRIDE, Duty.RESCIND, Duty.THRESHOLDS, Duty.READ_NAMES, Duty.EXPORT},
    Role.RECORDS: {Duty.EXPORT, Duty.READ_CASES, Duty.READ_STATUS},
    Role.ADMIN: {Duty.CHANGE_ENCODER, Duty.RENEW_INDEX, Duty.READ_STATUS, Duty.KEEP_ACCOUNTS},
    Role.PHOTOGRAPHER: {Duty.ASK, Duty.INDEX},
}
NEVER = {
    Role.DESK: {Duty.PUBLISH, Duty.OVERRIDE, Duty.EXPORT, Duty.THRESHOLDS},
    Role.COMMUNICATIONS: {Duty.READ_NAMES, Duty.RESCIND, Duty.OVERRIDE, Duty.EXPORT, Duty.AMEND},
    Role.PRINT_EDITOR: {Duty.READ_NAMES, Duty.READ_CASES, Duty.RESCIND, Duty.TAKE_DOWN},
    Role.DIRECTOR: {Duty.RENEW_INDEX, Duty.KEEP_ACCOUNTS},
    Role.RECORDS: {Duty.READ_NAMES, Duty.RESCIND, Duty.AMEND, Duty.OVERRIDE},
    Role.ADMIN: {Duty.READ_NAMES, Duty.READ_CASES, Duty.EXPORT, Duty.RESCIND, Duty.OVERRIDE},
    Role.PHOTOGRAPHER: {Duty.READ_NAMES, Duty.READ_CASES, Duty.CHECK, Duty.RESCIND},
}


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_its_work_and_no_more(policy: Policy, role: Role):
    may = {duty for duty in Duty if role in who_may(duty, policy)}

    assert MEANT[role] <= may
    assert may.isdisjoint(NEVER[role])


def test_what_the_policy_says_of_roles_is_not_said_again():
    of_policy = {Duty.OVERRIDE, Duty.ANSWER_APPEALS, Duty.SETTLE, Duty.SECOND}
    assert set(Duty) - set(ROLES) == of_policy | {
        *(Duty.READ_NAMES, Duty.REVEAL_NAME, Duty.EXPORT),
    }
