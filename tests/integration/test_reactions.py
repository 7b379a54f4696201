"""What the register's changes lead to: told after the transaction, never without it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from consent.cases.open import record_revocation
from consent.domain.actors import Actor, Role
from consent.domain.changes import RegisterChanged
from consent.domain.errors import BadInputError
from consent.domain.terms import Method, NewRevocation, Submission
from consent.services import Services


def letter(services: Services, name: str) -> NewRevocation:
    return NewRevocation(name, Submission(services.today(), Method.LETTER), note="Binder 3")


def test_a_reaction_sees_the_change_in_the_register(services: Services, actor: Actor):
    seen = []

    def react(told: Services, change: RegisterChanged) -> None:
        with told.writing() as unit:
            seen.append((change, unit.register.find(change.label or "").person.name))

    told = replace(services, reactions=(react,))
    recorded = record_revocation(told, letter(services, "A. Reader"), actor)

    label = recorded.revocation.label
    assert seen == [(RegisterChanged(actor.acting_as(Role.DESK), label), "A. Reader")]


def test_what_was_not_committed_is_not_announced(services: Services, actor: Actor):
    seen: list[RegisterChanged] = []
    told = replace(services, reactions=(lambda _, change: seen.append(change),))

    with pytest.raises(BadInputError):
        record_revocation(told, letter(services, ""), actor)
    with told.writing() as unit:
        unit.changes(RegisterChanged(actor))

    assert seen == []
