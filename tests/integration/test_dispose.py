"""Records go when they are due and approved, and leave no word in the whole data home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from consent.cases.change import rescind
from consent.cases.known_cases import KnownCases
from consent.cases.view import view_register
from consent.domain.actors import Actor, Role
from consent.domain.cases import State
from consent.domain.errors import ConflictError, NotFoundError, RefusedError
from consent.domain.intake import EvidenceFile
from consent.domain.policy import Policy
from consent.domain.retention import Disposal, DisposalStep
from consent.domain.terms import Locator, Method, Rescission, Submission
from consent.recovery.backup import make_backup
from consent.recovery.restore import restore_backup
from consent.retention.dispose import (
    count_due,
    decide_disposal,
    destroy,
    lift_legal_hold,
    list_due,
    place_legal_hold,
    propose_disposal,
)
from consent.retention.kept import kept_about, kept_sheet
from consent.retention.packet import packet_pdf
from consent.retention.proof import verify_log
from consent.retention.purge import purge
from consent.services import Services
from consent.settings import ROOT
from tests.revocations import revoke
from tests.staff import ANYBODY
from tests.unit.tagged_pdf import check_tags

DESK, RECORDS = Actor("d.desk", Role.DESK), Actor("r.records", Role.RECORDS)
ADMIN = Actor("a.admin", Role.ADMIN)
LETTER = EvidenceFile("quirkletter.txt", b"I write my revokeletter to you.")


@pytest.fixture
def database() -> str:
    """Bytes are looked for in files; PostgreSQL's are its server's."""
    return "sqlite"


@pytest.fixture
def ended(services: Services, samples: Path) -> Services:
    """R-0001 was taken back long ago, R-0002 is in effect; today is years later."""
    revoke(
        services,
        samples / "originals" / "obama.jpg",
        name="Zebulonia Quirk",
        submission=Submission(services.today(), Method.LETTER, evidence=[LETTER]),
        note="elmstreetnote",
        locators=[Locator(clothing="quirkyhat")],
    )
    revoke(services, name="B. Reader")
    back = Submission(services.today(), evidence=[LETTER])
    rescind(services, "R-0001", Rescission(back, "Zebulonia Quirk"), DESK)
    now, days = services.now, services.policy.evidence_days
    return replace(services, now=lambda: now() + timedelta(days=days + 2))


def approved(services: Services) -> Disposal:
    disposal = propose_disposal(services, RECORDS)
    return decide_disposal(services, disposal.label, "RC-075, 7 May", RECORDS, approved=True)


def plain(services: Services) -> bytes:
    """Return every byte of the home, and every word that the program can read in it."""
    home = services.settings.home
    files = [path for path in home.rglob("*") if path.is_file() and "weights" not in path.parts]
    with services.reading() as unit:
        said = repr(unit.register.revocations()) + repr(list(unit.audit.entries()))
    return b"".join(path.read_bytes() for path in files) + said.encode()


def test_what_is_due_is_listed_and_not_before(services: Services, ended: Services) -> None:
    assert list_due(services, RECORDS) == []
    (record,) = list_due(ended, RECORDS)
    assert (record.label, record.files, record.held) == ("R-0001", 1, ())
    assert (count_due(services, RECORDS), count_due(ended, RECORDS)) == (0, 1)
    place_legal_hold(ended, "R-0001", "Doe v. Library", "City attorney", "Letter", RECORDS)
    assert count_due(ended, RECORDS) == 0
    lift_legal_hold(ended, "R-0001", "Doe v. Library", "Settled", RECORDS)
    propose_disposal(ended, RECORDS)
    assert count_due(ended, RECORDS) == 0


def test_a_destroyed_case_leaves_number_dates_and_scope(ended: Services) -> None:
    view_register(ended, ANYBODY)
    disposal = approved(ended)
    said = destroy(ended, disposal.label, RECORDS, dry_run=True)
    done = destroy(ended, disposal.label, RECORDS)

    assert done.history[-1].digest == said.history[-1].digest != ""
    with ended.reading() as unit:
        case, left = unit.register.revocations()
        assert view_register(ended, ANYBODY).known == KnownCases().of(ended, unit)
        assert unit.register.templates() == []
    assert (case.label, case.person.name, case.state(ended.today())) == (
        "R-0001",
        "",
        State.RESCINDED,
    )
    assert case.terms.scope == left.terms.scope
    assert left.person.name == "B. Reader"
    content = plain(ended)
    for marker in ("Zebulonia", "revokeletter", "quirkletter", "elmstreetnote", "quirkyhat"):
        assert marker.encode() not in content, marker
    assert not [path for path in ended.settings.vault.rglob("*") if path.is_file()]
    assert verify_log(ended).faults == ()
    assert list_due(ended, RECORDS) == []


def test_the_backup_of_yesterday_is_unreadable_for_them_and_whole_for_others(
    ended: Services, tmp_path: Path, open_services: Callable[..., Services]
) -> None:
    backup = tmp_path / "yesterday.zip"
    make_backup(ended, backup, ADMIN)
    destroy(ended, approved(ended).label, RECORDS)

    restore_backup(ended.settings, backup, ADMIN, lambda _said: None)
    restored = open_services(home=ended.settings.home)
    with restored.reading() as unit:
        case, left = unit.register.revocations()
        files = [name for name, *_ in unit.register.evidence_of(case.id)]
    assert (case.person.name, left.person.name) == ("", "B. Reader")
    assert files
    with pytest.raises(NotFoundError):
        restored.vault.get(files[0])


def test_a_backup_brings_back_nobody_who_blocks_and_no_doubt(
    services: Services, samples: Path, tmp_path: Path, open_services: Callable[..., Services]
) -> None:
    """The case had ended, with the face still kept: the backup is of when it was in effect."""
    revoke(
        services,
        samples / "originals" / "obama.jpg",
        name="Zebulonia Quirk",
        submission=Submission(services.today(), Method.LETTER, evidence=[LETTER]),
        until=services.today(),
    )
    backup = tmp_path / "before.zip"
    make_backup(services, backup, ADMIN)
    now, days = services.now, services.policy.evidence_days
    later = replace(services, now=lambda: now() + timedelta(days=days + 2))
    destroy(later, approved(later).label, RECORDS)

    brought = restore_backup(services.settings, backup, ADMIN, lambda _said: None)
    restored = open_services(home=services.settings.home)
    assert brought.findings == ()
    with restored.reading() as unit:
        (case,) = unit.register.revocations()
        assert unit.register.templates() == []
        assert unit.seal.losses() == []
    assert case.state(restored.today()) is State.ENDED
    assert list_due(replace(restored, now=later.now), RECORDS) == []
    assert not [path for path in restored.settings.vault.rglob("*") if path.is_file()]
    assert verify_log(restored).faults == ()


@pytest.mark.parametrize(
    "step", ["erase_templates", "destroy_person", "destroy_key", "empty_journal"]
)
def test_killed_at_a_step_and_done_again(
    ended: Services, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        """The power."""

    def killed(*_: object, **__: object) -> None:
        raise KilledError

    where = {
        "erase_templates": "consent.retention.dispose.erase_templates",
        "destroy_person": "consent.storage.retention.Retention.destroy_person",
        "destroy_key": "consent.storage.unit_of_work.UnitOfWork.destroy_key",
        "empty_journal": "consent.storage.unit_of_work.empty_journal",
    }[step]
    disposal = approved(ended)
    with monkeypatch.context() as patch:
        patch.setattr(where, killed)
        with pytest.raises(KilledError):
            destroy(ended, disposal.label, RECORDS)
    if step == "empty_journal":
        # It was committed; the next purge cuts the journal off.
        purge(ended, RECORDS)
    else:
        destroy(ended, disposal.label, RECORDS)
    content = plain(ended)
    assert b"Zebulonia" not in content
    assert verify_log(ended).faults == ()
    with ended.reading() as unit:
        case, left = unit.register.revocations()
    assert case.terms.effective_from == left.terms.effective_from, "its dates stay"


def test_a_hold_keeps_a_case_and_each_is_lifted_for_itself(ended: Services) -> None:
    disposal = approved(ended)
    for matter in ("Doe v. Library", "Audit"):
        place_legal_hold(ended, "R-0001", matter, "City attorney", "Letter of May", RECORDS)
    lift_legal_hold(ended, "R-0001", "Audit", "Done", RECORDS)
    with pytest.raises(ConflictError, match="R-0001 is held for Doe"):
        destroy(ended, disposal.label, RECORDS)
    with pytest.raises(NotFoundError, match="Nothing new is due"):
        propose_disposal(ended, RECORDS)
    lift_legal_hold(ended, "R-0001", "Doe v. Library", "Settled", RECORDS)
    assert destroy(ended, disposal.label, RECORDS).state is DisposalStep.DESTROYED


def test_nobody_destroys_alone(ended: Services) -> None:
    disposal = propose_disposal(ended, RECORDS)
    with pytest.raises(ConflictError, match="only an approved disposal"):
        destroy(ended, disposal.label, RECORDS)
    for refused in (
        lambda: decide_disposal(ended, disposal.label, "x", DESK, approved=True),
        lambda: destroy(ended, disposal.label, DESK),
        lambda: place_legal_hold(ended, "R-0001", "a", "b", "c", DESK),
    ):
        with pytest.raises(RefusedError):
            refused()


def test_the_paper_names_nobody(ended: Services) -> None:
    disposal = approved(ended)
    before = packet_pdf(ended, disposal.label, RECORDS)
    destroy(ended, disposal.label, RECORDS)
    after = packet_pdf(ended, disposal.label, RECORDS)
    for content in (before, after):
        kinds = check_tags(content, "en-US", f"Disposal {disposal.label}")
        assert kinds.count("/TH") == 5
    assert before != after


def test_a_purge_by_the_policy(ended: Services) -> None:
    said = purge(ended, RECORDS, dry_run=True)
    assert purge(ended, RECORDS) == said
    assert verify_log(ended).faults == ()


def test_every_term_of_the_policy_is_used() -> None:
    terms = {field.name for field in fields(Policy)} & {
        "evidence_days",
        "clearance_days",
        "removed_days",
    }
    sources = "".join(
        path.read_text()
        for folder in ("retention", "takedowns")
        for path in (ROOT / "consent" / folder).glob("*.py")
    )
    section = (ROOT / "data" / "policy.toml").read_text().split("[retention]")[1].split("\n[")[0]
    keys = {line.split("=")[0].strip() for line in section.splitlines() if "=" in line}
    assert keys == terms
    assert {key for key in keys if f"policy.{key}" not in sources} == set()


def test_the_sheet_says_what_is_found_in_the_home(ended: Services) -> None:
    kept = kept_about(ended, "R-0001", DESK)
    assert {thing.what for thing in kept.things} == {
        "Your name and what you asked for",
        "Letters, as files",
        "Notes from staff",
        "Hints, such as clothing",
        "Decisions on whether you are in a photo",
    }
    # Taken back: the face is gone already. Asking is a look.
    assert [look.staff for look in kept_about(ended, "R-0001", DESK).looks] == ["d.desk"]
    with pytest.raises(RefusedError):
        kept_about(ended, "R-0001", Actor("c", Role.COMMUNICATIONS))
    assert kept_about(ended, "R-0002", DESK).cases == ("R-0002",)
    sheet = kept_sheet(ended, "R-0001", "es", DESK)
    assert "/Table" in check_tags(sheet, "es", "Qué guarda la biblioteca sobre usted")
    (page,) = PdfReader(BytesIO(sheet)).pages
    said = " ".join(page.extract_text().split())
    assert "Qué guarda la biblioteca sobre usted" in said
    assert "Señas, como la ropa Se guarda para encontrarle en las fotos." in said
    assert "d.desk abrió sus documentos o esta lista." in said
