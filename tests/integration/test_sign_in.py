"""Accounts and sign-in, by the use cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from consent.access import accounts, present, second, sign_in, tokens
from consent.access.demo import NotTheSamplesError, open_demo, prepare_demo
from consent.access.proxy import sign_in_by_proxy
from consent.access.secrets import is_password
from consent.domain.access import AccountKind, SessionKind, Stage
from consent.domain.actors import Actor, Role
from consent.domain.errors import BadInputError, ConflictError, RefusedError, WrongRoleError
from consent.domain.log import Action
from consent.services import Services
from tests.integration.web_cases import PASSWORD, made
from tests.ui.page_cases import revoke

ADMIN = Actor("Root", Role.ADMIN)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 6, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def here(services: Services, clock: Clock) -> Services:
    return replace(services, now=clock)


@pytest.fixture
def desk(here: Services) -> str:
    """Somebody at the desk, after the first administrator."""
    first = accounts.first_code(here)
    sign_in.choose_password(here, "Root", first or "", PASSWORD)
    return made(here)


def test_the_first_administrator_comes_in_by_a_code_and_a_second_factor(here, clock):
    old, code = accounts.first_code(here), accounts.first_code(here)
    with pytest.raises(sign_in.WrongCodeError):
        sign_in.choose_password(here, "Root Admin", old, PASSWORD)
    begun = sign_in.choose_password(here, "Root  Admin", code.lower().replace("-", " "), PASSWORD)

    assert begun.session.stage is Stage.ENROLL
    assert present.by_token(here, begun.token) is None
    name, secret, sealed = sign_in.propose_second_factor(here, begun.token)
    app = pyotp.TOTP(secret)
    with pytest.raises(sign_in.WrongSecondFactorError):
        sign_in.set_second_factor(here, begun.token, sealed, "000000")
    entrance = sign_in.set_second_factor(here, begun.token, sealed, app.at(clock.now))
    assert present.by_token(here, entrance.token).actor == Actor("Root Admin", Role.ADMIN)
    assert accounts.first_code(here) is None
    with pytest.raises(sign_in.WrongCodeError):
        sign_in.choose_password(here, "Root Admin", code, PASSWORD)

    # The next time: password, then a code that was not used before.
    begun = sign_in.sign_in(here, "root admin", PASSWORD)
    assert begun.session.stage is Stage.SECOND
    with pytest.raises(sign_in.WrongSecondFactorError):
        sign_in.give_second_factor(here, begun.token, app.at(clock.now))
    clock.passes(seconds=60)
    opened = sign_in.give_second_factor(here, begun.token, app.at(clock.now))
    assert opened.token != begun.token
    assert present.by_token(here, begun.token) is None
    assert present.by_token(here, opened.token).account.name == name


def test_a_session_ends_when_nothing_is_done_and_at_the_latest_after_ten_hours(here, desk, clock):
    idle = sign_in.sign_in(here, desk, PASSWORD)
    clock.passes(minutes=29)
    assert present.by_token(here, idle.token).actor.id == desk
    clock.passes(minutes=1)
    assert present.by_token(here, idle.token) is None
    assert present.ended_of(here, [idle.session.id]) == {idle.session.id}

    busy = sign_in.sign_in(here, desk, PASSWORD)
    for _ in range(29):
        clock.passes(minutes=20)
        present.note_activity(here, busy.session.id)
        assert present.by_id(here, busy.session.id) is not None
    clock.passes(minutes=20)
    assert present.by_id(here, busy.session.id) is None


def test_sessions_that_ended_are_forgotten_after_a_month(here, desk, clock):
    sign_in.sign_in(here, desk, PASSWORD)
    clock.passes(days=31)
    sign_in.sign_in(here, desk, PASSWORD)
    with here.reading() as unit:
        (account,) = [one for one in unit.access.accounts() if one.name == desk]
        assert len(unit.access.sessions_of(account.id)) == 1


def test_five_wrong_passwords_hold_the_account_and_say_no_more_than_one(here, desk, clock):
    for _ in range(5):
        with pytest.raises(sign_in.NotSignedInError) as wrong:
            sign_in.sign_in(here, desk, "wrong")
    with pytest.raises(sign_in.NotSignedInError) as held:
        sign_in.sign_in(here, desk, PASSWORD)
    with pytest.raises(sign_in.NotSignedInError) as unknown:
        sign_in.sign_in(here, "Nobody", PASSWORD)
    assert str(wrong.value) == str(held.value) == str(unknown.value)

    clock.passes(minutes=15)
    assert sign_in.sign_in(here, desk, PASSWORD).session.stage is Stage.OPEN
    with pytest.raises(sign_in.NotSignedInError):
        sign_in.sign_in(here, desk, "wrong")
    accounts.unlock_account(here, desk, ADMIN)
    sign_in.sign_in(here, desk, PASSWORD)


def test_wrong_codes_of_the_second_factor_hold_the_account_too(here, clock):
    code = accounts.first_code(here)
    begun = sign_in.choose_password(here, "Root", code, PASSWORD)
    _, secret, sealed = sign_in.propose_second_factor(here, begun.token)
    with pytest.raises(sign_in.WrongSecondFactorError):
        sign_in.set_second_factor(here, begun.token, "\u00e9", "123456")
    sign_in.set_second_factor(here, begun.token, sealed, pyotp.TOTP(secret).at(clock.now))
    clock.passes(minutes=1)
    begun = sign_in.sign_in(here, "Root", PASSWORD)
    wide = str.maketrans(
        "0123456789", "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"
    )
    right = pyotp.TOTP(secret).at(clock.now).translate(wide)
    sign_in.give_second_factor(here, begun.token, right)
    clock.passes(minutes=1)
    begun = sign_in.sign_in(here, "Root", PASSWORD)
    for wrong in ("12345", "", "\u00e9 12345", right, "\ud83d\ude00"):
        with pytest.raises(sign_in.WrongSecondFactorError):
            sign_in.give_second_factor(here, begun.token, wrong)
    with pytest.raises(sign_in.SignInLapsedError):
        sign_in.give_second_factor(here, begun.token, pyotp.TOTP(secret).at(clock.now))


def test_an_unknown_name_is_hashed_like_a_known_one(here, desk, monkeypatch):
    checked = []
    monkeypatch.setattr(
        sign_in, "is_password", lambda *given: checked.append(given) or is_password(*given)
    )
    for name in (desk, "Nobody"):
        with pytest.raises(sign_in.NotSignedInError):
            sign_in.sign_in(here, name, "wrong")
    assert len(checked) == 2


def test_locking_ends_every_session_and_token_at_once(here, desk):
    entrance = sign_in.sign_in(here, desk, PASSWORD)
    command = sign_in.sign_in(here, desk, PASSWORD, SessionKind.COMMAND)
    accounts.lock_account(here, desk, ADMIN)

    for one in (entrance, command):
        assert present.by_token(here, one.token) is None
    with pytest.raises(sign_in.NotSignedInError):
        sign_in.sign_in(here, desk, PASSWORD)
    accounts.unlock_account(here, desk, ADMIN)
    assert present.by_token(here, entrance.token) is None
    assert sign_in.sign_in(here, desk, PASSWORD).session.stage is Stage.OPEN


def test_other_roles_and_another_password_end_what_was_open(here, desk):
    entrance = sign_in.sign_in(here, desk, PASSWORD)
    accounts.change_roles(here, desk, [Role.DESK, Role.COMMUNICATIONS], ADMIN)
    assert present.by_token(here, entrance.token) is None

    entrance = sign_in.sign_in(here, desk, PASSWORD)
    assert present.by_token(here, entrance.token).actor.roles == {Role.DESK, Role.COMMUNICATIONS}
    with pytest.raises(sign_in.NotSignedInError):
        sign_in.change_password(here, entrance.token, "wrong", "another four words")
    after = sign_in.change_password(here, entrance.token, PASSWORD, "another four words")
    assert present.by_token(here, entrance.token) is None
    assert present.by_token(here, after.token) is not None

    code = accounts.reset_account(here, desk, ADMIN).code
    assert present.by_token(here, after.token) is None
    with pytest.raises(sign_in.NotSignedInError):
        sign_in.sign_in(here, desk, "another four words")
    assert sign_in.choose_password(here, desk, code, PASSWORD).session.stage is Stage.OPEN


def test_a_code_ends_after_three_days(here, desk, clock):
    code = accounts.reset_account(here, desk, ADMIN).code
    clock.passes(days=3)
    with pytest.raises(sign_in.WrongCodeError):
        sign_in.choose_password(here, desk, code, PASSWORD)


def test_a_password_that_is_guessed_in_no_time_is_refused(here, desk):
    code = accounts.reset_account(here, desk, ADMIN).code
    for weak in (
        *("short", "x" * 201, "aaaaaaaaaaaaaaaa", "password1234", "P@ssw0rd1234", "zaq12wsxcde3"),
        *("qwertyuiop12", "letmeinletmein", "Summer2026!!"),
        # Made of what everybody knows: the owner, the library and the program.
        *("Ana Ruiz and her name", "anaruiz anaruiz", "Ru\u00edz Ana 2026!", "R\u0075iz4na Ru1z"),
        *("hartford public library", "HartfordLibrary2026", "likeness likeness"),
    ):
        with pytest.raises(BadInputError):
            sign_in.choose_password(here, desk, code, weak)
    begun = sign_in.choose_password(here, desk, code, PASSWORD)
    with pytest.raises(BadInputError):
        sign_in.change_password(here, begun.token, PASSWORD, "password1234")
    # Long, with a part that is known, and in other letters than ours.
    for good in (
        "Hartford violet harbor spoon",
        "\u043a\u043e\u0442 \u0438\u0434\u0435\u0442 \u043f\u043e \u043b\u0435\u0441\u0443",
        "correct violet " * 2 + "harbor spoon " * 5,
    ):
        begun = sign_in.change_password(here, begun.token, PASSWORD, good)
        begun = sign_in.change_password(here, begun.token, good, PASSWORD)


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "ana  RUIZ", "Ana\u200b Ruiz", "a:director"])
def test_a_name_is_one_persons(here, desk, name):
    with pytest.raises((BadInputError, ConflictError)):
        accounts.add_account(here, name, [Role.DESK], ADMIN)


def test_accounts_are_kept_by_administrators_and_never_by_nobody(here, desk):
    actor = Actor(desk, Role.DESK)
    for keep in (
        lambda: accounts.add_account(here, "Bo", [Role.ADMIN], actor),
        lambda: accounts.change_roles(here, desk, [Role.ADMIN], actor),
        lambda: accounts.lock_account(here, "Root", actor),
        lambda: accounts.unlock_account(here, "Root", actor),
        lambda: accounts.reset_account(here, "Root", actor),
        lambda: accounts.list_accounts(here, actor),
        lambda: tokens.make_token(here, "Root", "", 1, actor),
    ):
        with pytest.raises(WrongRoleError):
            keep()
    for leave in (
        lambda: accounts.lock_account(here, "Root", ADMIN),
        lambda: accounts.change_roles(here, "Root", [Role.DESK], ADMIN),
    ):
        with pytest.raises(ConflictError):
            leave()


def test_a_service_has_tokens_and_no_password(here, desk, clock):
    accounts.add_account(here, "nightly", [Role.COMMUNICATIONS], ADMIN, kind=AccountKind.SERVICE)
    token = tokens.make_token(here, "nightly", "cron on vm-3", 30, ADMIN)
    clock.passes(days=29)
    assert present.by_token(here, token).actor == Actor("nightly", Role.COMMUNICATIONS)
    (listed,) = tokens.list_tokens(here, "nightly", ADMIN)
    assert listed.label == "cron on vm-3"
    tokens.end_token(here, "nightly", listed.id, ADMIN)
    assert present.by_token(here, token) is None
    with pytest.raises(BadInputError):
        tokens.make_token(here, desk, "", 30, ADMIN)
    with pytest.raises(sign_in.NotSignedInError):
        sign_in.sign_in(here, "nightly", "")
    with pytest.raises(BadInputError):
        accounts.reset_account(here, "nightly", ADMIN)


def test_the_log_keeps_what_happened_and_no_secret(here, desk, clock):
    entrance = sign_in.sign_in(here, desk, PASSWORD)
    with pytest.raises(sign_in.NotSignedInError):
        sign_in.sign_in(here, desk, "wrong words")
    sign_in.sign_out(here, entrance.token)
    accounts.lock_account(here, desk, ADMIN)
    with here.reading() as unit:
        entries = list(unit.audit.entries())
        sessions = unit.access.sessions_of(
            next(one.id for one in unit.access.accounts() if one.name == desk)
        )
    for action in (
        Action.ACCOUNT_CREATED,
        Action.PASSWORD_CHOSEN,
        Action.SIGNED_IN,
        Action.SIGN_IN_REFUSED,
        Action.SIGNED_OUT,
        Action.ACCOUNT_LOCKED,
    ):
        assert action in {entry.action for entry in entries}
    kept = "".join(f"{entry.subject}{entry.details}" for entry in entries)
    for secret in (PASSWORD, "wrong words", entrance.token, desk):
        assert secret not in kept
    assert entrance.token not in {session.token for session in sessions}


def test_every_try_to_get_in_is_in_the_log(here, desk):
    def refused() -> list[str]:
        with here.reading() as unit:
            called = {account.id: account.name for account in unit.access.accounts()}
            return [
                called.get(entry.subject, entry.subject)
                for entry in unit.audit.entries()
                if entry.action == Action.SIGN_IN_REFUSED
            ]

    for name in (desk, "Nobody Here"):
        with pytest.raises(sign_in.NotSignedInError):
            sign_in.sign_in(here, name, "wrong")
        with pytest.raises(sign_in.WrongCodeError):
            sign_in.choose_password(here, name, "AAAA-BBBB-CCCC", PASSWORD)
    # Who typed a password as the name has not put it into the log.
    assert refused() == [desk, desk, "nobody", "nobody"]
    accounts.lock_account(here, desk, ADMIN)
    with pytest.raises(sign_in.NotSignedInError):
        sign_in.sign_in(here, desk, PASSWORD)
    assert refused()[4:] == [desk]


def test_the_demonstration_works_with_the_samples_alone(indexed_samples):
    prepare_demo(indexed_samples)
    prepare_demo(indexed_samples)
    found = present.by_token(indexed_samples, open_demo(indexed_samples).token)
    assert found.is_demo
    assert found.actor.roles == set(Role)
    assert open_demo(indexed_samples, "Demo desk").session.stage is Stage.OPEN

    # Whoever has tried it with a letter of their own goes on; an account ends it.
    revoke(indexed_samples, by=found.actor)
    prepare_demo(indexed_samples)
    assert open_demo(indexed_samples)
    accounts.add_account(indexed_samples, "Root", [Role.ADMIN], ADMIN)
    for door in (prepare_demo, open_demo):
        with pytest.raises(NotTheSamplesError):
            door(indexed_samples)


def test_the_demonstration_ends_with_a_case_that_was_entered_elsewhere(indexed_samples):
    prepare_demo(indexed_samples)
    revoke(indexed_samples, by=Actor("ana.ruiz", Role.DESK))
    for door in (prepare_demo, open_demo):
        with pytest.raises(NotTheSamplesError, match="not entered in the demonstration"):
            door(indexed_samples)


def test_the_demonstration_opens_no_register(indexed_samples):
    revoke(indexed_samples)
    with pytest.raises(NotTheSamplesError):
        prepare_demo(indexed_samples)
    with pytest.raises(RefusedError):
        sign_in.sign_in(indexed_samples, "Demo", "")
    with pytest.raises(NotTheSamplesError):
        open_demo(indexed_samples)


def test_a_second_person_signs_in_for_it_and_leaves_no_session(here, desk, clock):
    with pytest.raises(sign_in.NotSignedInError):
        second.by_password(here, desk, "wrong")
    actor = second.by_password(here, desk, PASSWORD)
    with here.reading() as unit:
        account = unit.access.account(actor.proven)
        # One was begun when the password was chosen.
        assert sum(one.ended_at is None for one in unit.access.sessions_of(account.id)) == 1
    assert (account.name, account.wrong) == (desk, 0)

    made(here, "Di Rossi", Role.DIRECTOR)
    with pytest.raises(second.NoCodeYetError):
        second.by_password(here, "Di Rossi", PASSWORD)


def test_only_a_person_who_has_just_signed_in_is_a_second_one(here, desk, clock):
    page = sign_in.sign_in(here, desk, PASSWORD)
    assert second.by_fresh_session(present.by_token(here, page.token), here).id == desk
    clock.passes(minutes=4)
    # A token made on a page shows no more than that page.
    command = tokens.token_for_command(here, page.session.id)
    clock.passes(minutes=1)
    proxied = sign_in_by_proxy(here, desk)
    accounts.add_account(here, "nightly", [Role.DESK], ADMIN, kind=AccountKind.SERVICE)
    service = tokens.make_token(here, "nightly", "recheck", 9, ADMIN)
    for shown in (
        *(present.by_token(here, token) for token in (page.token, command, service)),
        proxied,
    ):
        with pytest.raises(second.NotFreshError):
            second.by_fresh_session(shown, here)


def test_nobody_of_the_demonstration_agrees_once_somebody_has_an_account(here):
    with pytest.raises(second.NoAccountsError):
        second.in_demonstration(here, "Demo director")
    prepare_demo(here)
    assert second.in_demonstration(here, "demo director").proven
    made(here)
    with pytest.raises(second.NotFreshError):
        second.in_demonstration(here, "Demo director")
