"""Accounts and sessions in the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, delete, update
from sqlmodel import Field, SQLModel, col

from consent.domain.access import Account, Session
from media_index.storage.columns import Columns, Store
from media_index.storage.tables import UtcDateTime


class AccountRow(SQLModel, table=True):
    """Somebody who may come in."""

    __tablename__ = "account"

    id: str = Field(primary_key=True, max_length=32)
    name: str = Field(max_length=120)
    kind: str = Field(max_length=16)
    roles: list[str] = Field(sa_type=JSON)
    created_at: datetime = Field(sa_type=UtcDateTime)
    password: str
    totp: str
    totp_step: int
    code: str = Field(max_length=64)
    code_ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    wrong: int
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    locked: bool
    subject: str = Field(index=True)


class SessionRow(SQLModel, table=True):
    """A time during which somebody works, or a token of a program."""

    __tablename__ = "access_session"

    id: str = Field(primary_key=True, max_length=32)
    account_id: str = Field(foreign_key="account.id", index=True, max_length=32)
    token: str = Field(unique=True, max_length=64)
    kind: str = Field(max_length=16)
    stage: str = Field(max_length=16)
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    fresh_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    label: str = Field(max_length=120)


_ACCOUNTS = Columns(Account, AccountRow)
_SESSIONS = Columns(Session, SessionRow)


class Access(Store):
    """Accounts and sessions in the database."""

    def put_account(self, account: Account) -> None:
        """Add an account or state it anew."""
        self._session.merge(_ACCOUNTS.row(account))
        self._session.flush()

    def accounts(self) -> list[Account]:
        """Return all accounts, by name."""
        return self._read(_ACCOUNTS, _ACCOUNTS.select().order_by(col(AccountRow.name)))

    def account(self, account_id: str) -> Account | None:
        """Return an account."""
        query = _ACCOUNTS.select().where(col(AccountRow.id) == account_id)
        return next(iter(self._read(_ACCOUNTS, query)), None)

    def accounts_with(self, ids: Collection[str]) -> dict[str, Account]:
        """Return some accounts by their ids."""
        query = _ACCOUNTS.select().where(col(AccountRow.id).in_(ids))
        return {account.id: account for account in self._read(_ACCOUNTS, query)}

    def put_session(self, session: Session) -> None:
        """Add a session or state it anew."""
        self._session.merge(_SESSIONS.row(session))
        self._session.flush()

    def session_by_token(self, token: str) -> Session | None:
        """Return a session by the SHA-256 of its token."""
        return self._one(col(SessionRow.token) == token)

    def session(self, session_id: str) -> Session | None:
        """Return a session."""
        return self._one(col(SessionRow.id) == session_id)

    def sessions(self, ids: Collection[str]) -> list[Session]:
        """Return some sessions."""
        query = _SESSIONS.select().where(col(SessionRow.id).in_(ids))
        return self._read(_SESSIONS, query)

    def sessions_of(self, account_id: str) -> list[Session]:
        """Return all sessions of an account, ended ones too, oldest first."""
        query = _SESSIONS.select().where(col(SessionRow.account_id) == account_id)
        return self._read(_SESSIONS, query.order_by(col(SessionRow.created_at)))

    def end_sessions(self, account_id: str, at: datetime) -> None:
        """End every session and token of an account."""
        of_account = col(SessionRow.account_id) == account_id
        ended: Any = update(SessionRow).where(of_account, col(SessionRow.ended_at).is_(None))
        self._session.execute(ended.values(ended_at=at))

    def forget_sessions(self, before: datetime) -> None:
        """Forget sessions and tokens that could hold until a moment at the latest."""
        self._session.execute(delete(SessionRow).where(col(SessionRow.ends_at) < before))

    def _one(self, condition: Any) -> Session | None:  # noqa: ANN401 - of SQLAlchemy
        return next(iter(self._read(_SESSIONS, _SESSIONS.select().where(condition))), None)
