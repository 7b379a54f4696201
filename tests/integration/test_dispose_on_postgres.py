"""Erasing, destroying and purging on PostgreSQL; the bytes of its files are its server's."""

from __future__ import annotations

import pytest

from consent.retention.dispose import destroy
from consent.retention.erase import erase_face
from consent.retention.kept import kept_about
from consent.retention.proof import verify_log
from consent.retention.purge import purge
from consent.services import Services
from tests.integration.test_dispose import DESK, RECORDS, approved, ended

__all__ = ["ended"]
pytestmark = pytest.mark.postgres


@pytest.fixture
def database() -> str:
    """A server that several computers share."""
    return "postgresql"


def test_all_of_it(ended: Services) -> None:
    assert kept_about(ended, "R-0001", DESK).things
    erase_face(ended, "R-0001", "Asked to.", DESK)
    destroy(ended, approved(ended).label, RECORDS)
    purge(ended, RECORDS)
    assert verify_log(ended).faults == ()
    with ended.reading() as unit:
        assert [case.person.name for case in unit.register.revocations()] == ["", "B. Reader"]
