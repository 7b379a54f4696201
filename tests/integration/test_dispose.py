"""Records go when they are due and approved, and leave no word in the whole data home."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from consent.cases.change import rescind
from consent.cases.known_cases import KnownCases
from consent.cases.reveal import reveal_name
from consent.cases.search import RegisterQuery, search_register, show_case
from consent.cases.view import list_entries, view_register
from consent.cli import retention
from consent.domain.actors import Actor, Role
from consent.domain.cases import State
from consent.domain.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from consent.domain.intake import EvidenceFile
from consent.domain.log import Action
from consent.domain.policy import Policy
from consent.domain.retention import Disposal, DisposalStep
from consent.domain.terms import Locator, Method, Rescission, Submission
from consent.domain.withheld import Need
from consent.recovery.backup import make_backup
from consent.recovery.restore import restore_backup
from consent.retention.dispose import (
    AGAIN,
    count_due,
    decide_disposal,
    destroy,
    files_destroyed,
    lift_legal_hold,
    list_disposals,
    list_due,
    place_legal_hold,
    propose_disposal,
    would_go,
)
from consent.retention.kept import kept_about, kept_sheet
from consent.retention.log_list import LogQuery, read_log
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


def words_of(paper: bytes) -> str:
    pages = PdfReader(BytesIO(paper)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


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


@pytest.mark.parametrize("proposed", [True, False], ids=["approved", "not_proposed"])
def test_a_disposal_that_a_restore_repeats_has_the_days_and_files_of_its_cases(
    ended: Services, proposed: bool, tmp_path: Path, open_services: Callable[..., Services]
) -> None:
    backup = tmp_path / "yesterday.zip"
    if not proposed:
        make_backup(ended, backup, ADMIN)
    disposal = approved(ended)
    if proposed:
        make_backup(ended, backup, ADMIN)
    done = destroy(ended, disposal.label, RECORDS)

    said: list[str] = []
    restore_backup(ended.settings, backup, ADMIN, said.append)

    restored = open_services(home=ended.settings.home)
    (again,) = list_disposals(restored, RECORDS)
    assert again.state is DisposalStep.DESTROYED
    # A number is not given twice, also if the backup does not know it.
    assert again.label == ("D-0001" if proposed else "D-0002")
    assert (again.first_day, again.last_day) == (done.first_day, done.last_day)
    assert again.volume_bytes == done.volume_bytes
    assert again.volume_bytes > 0
    assert again.history[-1].note == AGAIN
    assert files_destroyed(restored, again) == {"R-0001": 1}
    assert verify_log(restored).faults == ()


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
    with pytest.raises(ConflictError, match="R-0001 is already held for Doe"):
        place_legal_hold(ended, "R-0001", "Doe v. Library ", "Other", "Letter of June", RECORDS)
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
    # The letter, which also is what took it back.
    rows = [re.search(r"R-0001 .* 20\d\d (\d+) ", words_of(paper)) for paper in (before, after)]
    assert [row and row[1] for row in rows] == ["1", "1"]
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


def test_of_a_destroyed_case_the_sheet_says_what_is_left(ended: Services) -> None:
    destroy(ended, approved(ended).label, RECORDS)

    (left,) = kept_about(ended, "R-0001", DESK).things

    assert (left.what, left.count) == ("Case number, dates and what it covered", 1)
    assert "was destroyed on" in left.until
    sheet = words_of(kept_sheet(ended, "R-0001", "es", DESK))
    assert "Lo demás, como su nombre y sus cartas, se destruyó el" in sheet
    assert "Su nombre y lo que solicitó" not in sheet


def test_the_destruction_is_seen_from_the_case(ended: Services) -> None:
    destroy(ended, approved(ended).label, RECORDS)

    done = [Action.DISPOSAL_PROPOSED, Action.DISPOSAL_APPROVED, Action.DISPOSAL_DONE]
    for about in ("D-0001", "R-0001"):
        lines = read_log(ended, RECORDS, LogQuery(about=about))
        assert [line.action for line in lines if line.about == "D-0001"] == done
    gone = "(destroyed, D-0001)"
    assert show_case(ended, "R-0001", DESK).entry.name == gone
    assert [one.name for one in search_register(ended, RegisterQuery(), DESK)] == [
        "B. Reader", gone
    ]  # fmt: skip
    with ended.reading() as unit:
        ids = [case.id for case in unit.register.revocations()]
    assert [one.name for one in list_entries(ended, ids, DESK)] == [gone, "B. Reader"]
    assert reveal_name(ended, "R-0001", Need.CALLED, DESK).name == gone
    nameless = Actor("c", Role.COMMUNICATIONS)
    assert show_case(ended, "R-0001", nameless).entry.name is None


def test_what_would_go_is_told_before(ended: Services) -> None:
    disposal = approved(ended)
    assert would_go(ended, disposal.revocation_ids, RECORDS) == {
        "letters": 1,
        "files of takedowns and appeals": 0,
        "photos of the person": 0,
        "thumbnails of portraits": 0,
        "uploads of portraits": 0,
        "verdicts on portraits": 0,
    }


def test_the_command_says_what_it_would_do_and_replaces_no_paper(
    ended: Services,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(retention, "open_services", lambda: ended)
    staff = "R. Records:records"
    retention.dispose_propose(dry_run=True, staff=staff)
    assert capsys.readouterr().out.startswith("Would propose: D-0001, 1 case that ended from ")
    assert list_disposals(ended, RECORDS) == []
    approved(ended)
    retention.dispose_destroy("D-0001", dry_run=True, staff=staff)
    said = capsys.readouterr().out
    assert said.startswith("Would destroy: D-0001, 1 case that ended from ")
    assert "; nothing was changed." in said
    assert "  letters: 1" in said
    assert list_disposals(ended, RECORDS)[0].state is DisposalStep.APPROVED
    retention.dispose_packet("D-0001", out=(paper := tmp_path / "paper.pdf"), staff=staff)
    signed = paper.read_bytes()
    with pytest.raises(BadInputError, match="already exists"):
        retention.dispose_packet("D-0001", out=paper, staff=staff)
    assert paper.read_bytes() == signed
