"""Sign-in with a password of this program, and the second factor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from consent.access.accounts import end_demonstration, find_account, free_name
from consent.access.secrets import (
    THE_DOOR,
    SecondFactors,
    digest,
    digest_of_code,
    hashed,
    is_password,
    new_id,
    new_token,
    require_good,
)
from consent.domain.access import (
    ENDED_KEPT_FOR,
    HELD_FOR,
    SECOND_WITHIN,
    WRONG_AT_MOST,
    Account,
    AccountKind,
    Session,
    SessionKind,
    Stage,
)
from consent.domain.actors import Actor
from consent.domain.errors import RefusedError
from consent.domain.log import Action
from consent.services import Services
from consent.storage.unit_of_work import UnitOfWork


class NotSignedInError(RefusedError):
    """Name and password, or what stands for them, do not let anybody in."""

    def __init__(self) -> None:
        super().__init__(
            "Wrong name or password, or the account is locked. After five wrong "
            "passwords it is locked for 15 minutes. An administrator can unlock it."
        )


class WrongCodeError(RefusedError):
    """A one-time code does not hold."""

    def __init__(self) -> None:
        super().__init__(
            "Wrong name or code, or the code was used or is too old: ask an "
            "administrator for a new one."
        )


class WrongSecondFactorError(RefusedError):
    """The code of the authenticator app is wrong."""

    def __init__(self) -> None:
        super().__init__(
            "The code is wrong, or was used before: type the one that the app shows now."
        )


class SignInLapsedError(RefusedError):
    """A session has ended, or never was."""

    def __init__(self) -> None:
        super().__init__("Your sign-in has ended: sign in again.")


@dataclass(frozen=True, slots=True)
class Entrance:
    """A session that was just begun; the token is told once, to whoever signs in."""

    token: str
    session: Session


def sign_in(
    services: Services, name: str, password: str, kind: SessionKind = SessionKind.WEB
) -> Entrance:
    """Begin a session by name and password; it is open only after the second factor, if due.

    Raises:
        NotSignedInError: they do not go together, or the account is locked.
    """
    with services.reading() as unit:
        account = find_account(unit, name)
    # Before anything is decided, so that it takes the same time for everybody.
    right = is_password(account, password)
    with services.writing() as unit:
        if account is None:
            _note_refused(services, unit, None)
            raise NotSignedInError
        compared, account = account, _as_it_is(unit, account)
        # It may have been changed, or reset, meanwhile.
        right = right and compared.password == account.password
        now = services.now()
        shut = account.locked or account.kind is not AccountKind.PERSON or account.is_held(now)
        entrance = None
        if shut:
            _note_refused(services, unit, account)
        elif right:
            entrance = begin_session(services, unit, account, kind, _stage_of(account))
        else:
            _count_wrong(services, unit, account)
        unit.commit()
    if entrance is None:
        raise NotSignedInError
    return entrance


def give_second_factor(services: Services, token: str, code: str) -> Entrance:
    """Open a session by the code of the authenticator app; it gets a new token.

    Raises:
        SignInLapsedError: the password was given too long ago.
        WrongSecondFactorError: the code is wrong or was used before.
    """
    factors = second_factors(services)
    with services.writing() as unit:
        session, account = _unfinished(services, unit, token)
        secret = factors.secret(account.totp)
        if secret is None:
            raise RefusedError(
                "Your authenticator app was set up in another installation: ask an administrator "
                "to reset your account."
            )
        step = factors.step_of(secret, code, services.now(), account.totp_step)
        if step is None:
            _count_wrong(services, unit, account)
            entrance = None
        else:
            account = replace(account, totp_step=step, wrong=0, held_until=None)
            entrance = _open(services, unit, session, account)
        unit.commit()
    if entrance is None:
        raise WrongSecondFactorError
    return entrance


def propose_second_factor(services: Services, token: str, sealed: str = "") -> tuple[str, str, str]:
    """Return the account's name, a secret for the app, and the secret sealed.

    It is the one that was proposed before, if that is given.

    Raises:
        SignInLapsedError: the password was given too long ago.
    """
    factors = second_factors(services)
    with services.reading() as unit:
        session, account = _unfinished(services, unit, token)
    if session.stage is not Stage.ENROLL:
        raise SignInLapsedError
    secret = factors.secret(sealed) if sealed else None
    if secret is not None:
        return account.name, secret, sealed
    return (account.name, *factors.new())


def set_second_factor(services: Services, token: str, sealed: str, code: str) -> Entrance:
    """Keep a second factor whose app shows the right code, and open the session.

    Raises:
        SignInLapsedError: the password was given too long ago.
        WrongSecondFactorError: the code is wrong.
    """
    factors = second_factors(services)
    with services.writing() as unit:
        session, account = _unfinished(services, unit, token)
        secret = factors.secret(sealed)
        step = None if secret is None else factors.step_of(secret, code, services.now(), 0)
        if session.stage is not Stage.ENROLL or step is None:
            raise WrongSecondFactorError
        account = replace(account, totp=sealed, totp_step=step, wrong=0, held_until=None)
        _log(services, unit, Action.SECOND_FACTOR_SET, account)
        entrance = _open(services, unit, session, account)
        unit.commit()
    return entrance


def choose_password(
    services: Services,
    name: str,
    code: str,
    password: str,
    kind: SessionKind = SessionKind.WEB,
) -> Entrance:
    """Choose a password by a one-time code, and sign in.

    The first administrator chooses the name as well.

    Raises:
        BadInputError: the password is too weak, or the first administrator's name no name.
        WrongCodeError: name and code do not go together, or it was used or is too old.
    """
    given = digest_of_code(code)
    with services.writing() as unit:
        account = find_account(unit, name)
        first = _first(unit, given)
        begins = account is None and first is not None
        if account is None and first is not None:
            account = replace(first, name=free_name(unit, name))
        now = services.now()
        ends = account and account.code_ends_at
        shut = account is None or account.locked or account.is_held(now)
        if account is None or shut or not ends or now >= ends:
            _note_refused(services, unit, account)
            raise WrongCodeError
        if account.code != given:
            _count_wrong(services, unit, account)
            unit.commit()
            raise WrongCodeError
        require_good(password, account.name, services.policy.library)
        if begins:
            end_demonstration(services, unit)
        account = replace(
            account,
            password=hashed(password),
            code="",
            code_ends_at=None,
            wrong=0,
            held_until=None,
        )
        unit.access.put_account(account)
        unit.access.end_sessions(account.id, now)
        _log(services, unit, Action.PASSWORD_CHOSEN, account)
        entrance = begin_session(services, unit, account, kind, _stage_of(account))
        unit.commit()
    return entrance


def change_password(services: Services, token: str, former: str, password: str) -> Entrance:
    """Choose another password while signed in; every other session and token ends.

    Raises:
        BadInputError: the password is too weak.
        NotSignedInError: the former one is wrong.
        SignInLapsedError: the session has ended.
    """
    with services.reading() as unit:
        session = unit.access.session_by_token(digest(token))
        account = _account_of(unit, session)
    if session is None or account is None or session.stage is not Stage.OPEN:
        raise SignInLapsedError
    right = is_password(account, former)
    with services.writing() as unit:
        compared, account = account, _as_it_is(unit, account)
        right = right and compared.password == account.password
        held = account.is_held(services.now())
        if not right or held or account.locked:
            if not held:
                _count_wrong(services, unit, account)
            unit.commit()
            raise NotSignedInError
        require_good(password, account.name, services.policy.library)
        account = replace(account, password=hashed(password), wrong=0, held_until=None)
        unit.access.put_account(account)
        unit.access.end_sessions(account.id, services.now())
        _log(services, unit, Action.PASSWORD_CHOSEN, account)
        entrance = begin_session(services, unit, account, session.kind, Stage.OPEN)
        unit.commit()
    return entrance


def sign_out(services: Services, token: str) -> Session | None:
    """End the session of a token, and return it if there was one."""
    with services.writing() as unit:
        session = unit.access.session_by_token(digest(token))
        if session is not None and session.ended_at is None:
            session = replace(session, ended_at=services.now())
            unit.access.put_session(session)
            account = unit.access.account(session.account_id)
            if account is not None:
                _log(services, unit, Action.SIGNED_OUT, account)
            unit.commit()
    return session


def second_factors(services: Services) -> SecondFactors:
    """Return what seals and opens second factors in this data home."""
    return SecondFactors(services.keys.seal)


def begin_session(
    services: Services,
    unit: UnitOfWork,
    account: Account,
    kind: SessionKind,
    stage: Stage,
    *,
    holds: timedelta | None = None,
    label: str = "",
    fresh_at: datetime | None = None,
) -> Entrance:
    """Begin a session; the caller commits.

    Args:
        fresh_at: when they last showed who they are; now, if nothing else is said.
    """
    now, token = services.now(), new_token()
    longest = holds or services.policy.sessions.longest
    ends = now + (longest if stage is Stage.OPEN else SECOND_WITHIN)
    session = Session(
        id=new_id(),
        account_id=account.id,
        token=digest(token),
        kind=kind,
        stage=stage,
        created_at=now,
        seen_at=now,
        fresh_at=fresh_at or now,
        ends_at=ends,
        label=label,
    )
    if stage is Stage.OPEN:
        account = replace(account, wrong=0, held_until=None)
        unit.access.put_account(account)
        _log(services, unit, Action.SIGNED_IN, account)
    unit.access.put_session(session)
    # The log keeps that they were.
    unit.access.forget_sessions(now - ENDED_KEPT_FOR)
    return Entrance(token, session)


def _open(services: Services, unit: UnitOfWork, session: Session, account: Account) -> Entrance:
    """Put an open session with a token of its own in place of the unfinished one."""
    unit.access.put_session(replace(session, ended_at=services.now()))
    unit.access.put_account(account)
    return begin_session(services, unit, account, session.kind, Stage.OPEN)


def _stage_of(account: Account) -> Stage:
    if account.totp:
        return Stage.SECOND
    return Stage.ENROLL if account.needs_second_factor else Stage.OPEN


def _unfinished(services: Services, unit: UnitOfWork, token: str) -> tuple[Session, Account]:
    session = unit.access.session_by_token(digest(token))
    account = _account_of(unit, session)
    now = services.now()
    if session is None or account is None or session.stage is Stage.OPEN:
        raise SignInLapsedError
    if not session.is_alive(now, SECOND_WITHIN) or account.locked or account.is_held(now):
        raise SignInLapsedError
    return session, account


def _count_wrong(services: Services, unit: UnitOfWork, account: Account) -> None:
    wrong = account.wrong + 1
    action = Action.SIGN_IN_REFUSED
    held = account.held_until
    if wrong >= WRONG_AT_MOST:
        action, wrong, held = Action.SIGN_IN_HELD, 0, services.now() + HELD_FOR
    unit.access.put_account(replace(account, wrong=wrong, held_until=held))
    unit.audit.append(action, account.id, THE_DOOR, services.now())


def _note_refused(services: Services, unit: UnitOfWork, account: Account | None) -> None:
    """Put a try into the log that counts against nobody, and commit.

    What was typed as a name may be a password.
    """
    subject = "nobody" if account is None else account.id
    unit.audit.append(Action.SIGN_IN_REFUSED, subject, THE_DOOR, services.now())
    unit.commit()


def _account_of(unit: UnitOfWork, session: Session | None) -> Account | None:
    return None if session is None else unit.access.account(session.account_id)


def _as_it_is(unit: UnitOfWork, account: Account) -> Account:
    """Return an account as it is now, in a transaction of its own."""
    found = unit.access.account(account.id)
    if found is None:
        raise NotSignedInError
    return found


def _first(unit: UnitOfWork, code: str) -> Account | None:
    """Return the first administrator's account that waits for a name, if this is its code."""
    waiting: Iterable[Account] = (account for account in unit.access.accounts() if not account.name)
    return next((account for account in waiting if account.code == code), None)


def _log(services: Services, unit: UnitOfWork, action: Action, account: Account) -> None:
    actor: Actor = account.actor()
    unit.audit.append(action, account.id, actor, services.now())
