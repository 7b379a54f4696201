"""Letters, crops and thumbnails: there if the database names them, and gone where it does not."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from consent.cases.open import record_revocation
from consent.domain.actors import Actor
from consent.domain.intake import EvidenceFile
from consent.domain.terms import Method, NewRevocation, Submission
from consent.services import Services
from consent.storage.log import AuditTrail
from consent.storage.unit_of_work import UnitOfWork
from tests.conftest import OpenServices


def files(services: Services) -> set[Path]:
    return {path for path in services.settings.vault.rglob("*") if path.is_file()}


def record(services: Services, actor: Actor, text: bytes) -> None:
    letter = Submission(services.today(), Method.LETTER, evidence=(EvidenceFile("l.txt", text),))
    record_revocation(services, NewRevocation("A. Reader", letter), actor)


def test_a_step_that_fails_leaves_no_letter(
    services: Services, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: AuditTrail) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(AuditTrail, "finish", full)
        with pytest.raises(OSError, match="No space"):
            record(services, actor, b"Please do not use photos of me.")
    assert files(services) == set()

    record(services, actor, b"Please do not use photos of me.")

    assert len(files(services)) == 1


def test_a_start_removes_what_a_killed_one_was_writing(
    services: Services, open_services: OpenServices, actor: Actor
) -> None:
    record(services, actor, b"Please do not use photos of me.")
    kept = files(services)
    for folder in (services.settings.vault, services.settings.thumbnails):
        folder.mkdir(exist_ok=True)
        draft = folder / ".draft-face"
        draft.write_bytes(b"half a face")
        os.utime(draft, (0, time.time() - 3600))

    open_services(home=services.settings.home)

    assert files(services) == kept
    assert list(services.settings.thumbnails.iterdir()) == []


def test_what_a_step_removes_goes_once_it_is_committed(services: Services) -> None:
    name = services.vault.put(b"a letter")
    with services.writing():
        services.vault.erase(name)
    assert services.vault.get(name) == b"a letter"

    with services.writing() as unit:
        services.vault.erase(name)
        unit.commit()

    assert files(services) == set()


def test_a_start_removes_what_a_killed_step_had_still_to_remove(
    services: Services, open_services: OpenServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = services.vault.put(b"kept again")
    gone = services.vault.put(b"a letter")
    with monkeypatch.context() as patch:
        patch.setattr(UnitOfWork, "_remove_files", lambda _: None)
        with services.writing() as unit:
            services.vault.erase(again)
            services.vault.erase(gone)
            unit.commit()
    services.vault.put(b"kept again")

    opened = open_services(home=services.settings.home)

    assert {path.name for path in files(opened)} == {again}
