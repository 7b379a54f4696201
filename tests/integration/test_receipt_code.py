"""A receipt proves itself, without a network and without a name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from consent.cases.change import amend
from consent.cases.correspondence import give_receipt
from consent.cases.open import record_revocation
from consent.cases.receipt_code import consent_record, receipt_code, verify_receipt
from consent.domain.actors import Actor, Role
from consent.domain.channels import ChannelKind
from consent.domain.errors import BadInputError
from consent.domain.terms import Amendment, Method, NewRevocation, Scope, Submission
from consent.services import Services

DESK = Actor("d.desk", Role.DESK)


@pytest.fixture
def code(services: Services) -> str:
    letter = Submission(services.today(), Method.LETTER)
    record_revocation(services, NewRevocation("A. Reader", letter, note="Binder 3"), DESK)
    with services.reading() as unit:
        return receipt_code(services, unit, unit.register.find("R-0001"))


def test_it_is_genuine_and_holds_no_name(services: Services, code: str) -> None:
    facts = verify_receipt(services, code)
    assert (facts.label, facts.in_log, facts.same_scope) == ("R-0001", True, True)
    assert "Reader" not in code
    assert "Reader" not in str(consent_record(services, "R-0001", DESK))
    assert give_receipt(services, "R-0001", "en", DESK).startswith(b"%PDF")


@pytest.mark.parametrize("place", range(9))
def test_a_changed_one_is_not(services: Services, code: str, place: int) -> None:
    parts = code.split("|")
    parts[place] += "0"
    with pytest.raises(BadInputError):
        verify_receipt(services, "|".join(parts))


def test_it_tells_what_changed_since(services: Services, code: str) -> None:
    wish = Submission(services.today(), Method.LETTER, original_at="Binder 4")
    scope = Scope(all_channels=False, kinds=frozenset({ChannelKind.PRINT}))
    amend(services, "R-0001", Amendment("Print only", wish, scope=scope), DESK)
    assert not verify_receipt(services, code).same_scope


def test_a_case_that_somebody_elses_home_holds_is_not_theirs(
    services: Services, code: str, tmp_path: Path
) -> None:
    other = replace(services, keys=type(services.keys)(b"o" * 32))
    with pytest.raises(BadInputError, match="not from this library"):
        verify_receipt(other, code)
