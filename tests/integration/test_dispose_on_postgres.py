"""Erasing, destroying and purging on PostgreSQL; the bytes of its files are its server's."""

from __future__ import annotations

from pathlib import Path

import pytest

from consent.domain.actors import Actor, Role
from consent.domain.faces import Faces
from consent.recovery.backup import make_backup
from consent.recovery.restore import restore_backup
from consent.retention.dispose import destroy
from consent.retention.erase import erase_face
from consent.retention.faces import choose_faces
from consent.retention.kept import kept_about
from consent.retention.proof import verify_log
from consent.retention.purge import purge
from consent.services import Services
from tests.integration.test_dispose import ADMIN, DESK, RECORDS, approved, ended

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


def test_yesterdays_backup_by_the_servers_own_programs(ended: Services, tmp_path: Path) -> None:
    """Destroyed people stay unreadable, and faces that are not to be kept do not come back."""
    backup = tmp_path / "yesterday.zip"
    make_backup(ended, backup, ADMIN)
    destroy(ended, approved(ended).label, RECORDS)
    choose_faces(ended, Faces.OFF, "Decided.", Actor("d.lane", Role.DIRECTOR))

    back = restore_backup(ended.settings, backup, ADMIN, lambda _said: None)

    assert back.register_version
    with ended.reading() as unit:
        cases = unit.register.revocations()
        assert [case.person.name for case in cases] == ["", "B. Reader"]
        assert unit.faces.mode() is Faces.OFF
        assert not unit.register.templates()
    assert verify_log(ended).faults == ()
