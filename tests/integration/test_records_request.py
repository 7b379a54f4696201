"""What is handed out to who asks for records names nobody, and says what was left out and why."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from consent.cases.open import record_revocation
from consent.checking.check import check_photos
from consent.domain.actors import Actor, Role
from consent.domain.errors import BadInputError, ConflictError, WrongRoleError
from consent.domain.intake import EvidenceFile
from consent.domain.log import Action
from consent.domain.records import RecordsGrounds, RecordsPeriod
from consent.domain.terms import Method, Requester, Submission
from consent.domain.verdicts import NOTHING_TO_COMPARE
from consent.indexing.events import NewEvent
from consent.indexing.index import IndexRequest, index_photos
from consent.publishing.record import Posting, record_publications
from consent.retention.records import NoGroundError, RecordsExport, export_records
from consent.services import Services
from consent.settings import ROOT
from media_index.hashing.perceptual import sha256_hex
from tests.revocations import OBAMA, by_letter, revoke
from tests.unit.tagged_pdf import check_tags

ORIGINALS = ROOT / "data" / "samples" / "originals"
RECORDS = Actor("R. Vail", Role.RECORDS)
STAFF = Actor("S. Day", Role.DIRECTOR, frozenset(Role))
NAME, CONTACT, NOTE = "Ada Quirkmarker", "ada@quirk.example", "Binder Quirknote"


@pytest.fixture
def kept(services: Services, tmp_path: Path) -> Services:
    """A person whose name is in a file name, and in the name of an event."""
    photo = tmp_path / "quirkmarker_ada_01.jpg"
    photo.write_bytes((ORIGINALS / "obama2.jpg").read_bytes())
    event = NewEvent("Birthday of Ada Quirkmarker", services.today())
    index_photos(services, IndexRequest([photo], event=event, jobs=1), STAFF)
    day = services.today() - timedelta(days=1)
    posting = Posting(
        services.policy.use("facebook"), day, "https://fb.example/1", already_out=True
    )
    record_publications(services, [sha256_hex(photo.read_bytes())], posting, STAFF)
    letter = Submission(services.today(), Method.LETTER, [EvidenceFile("ada.txt", b"Quirkletter")])
    asked_by = Requester(NAME, contact=CONTACT)
    new = by_letter(services, OBAMA, name=NAME, submission=letter, requester=asked_by, note=NOTE)
    record_revocation(services, new, STAFF)
    return services


def of_days(services: Services, days: int = 30) -> RecordsPeriod:
    return RecordsPeriod(services.today() - timedelta(days=days), services.today())


def export(services: Services, path: Path, **more: object) -> RecordsExport:
    return export_records(services, of_days(services), path, RECORDS, **more)  # type: ignore[arg-type]


def table(path: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(path) as archive:
        return [*csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig")))]


def test_nobody_is_named_and_each_omission_has_its_ground(kept: Services, tmp_path: Path) -> None:
    draft, final = tmp_path / "draft.zip", tmp_path / "records.zip"
    with pytest.raises(ConflictError, match="--draft"):
        export(kept, final)
    looked_at = export(kept, draft, draft=True)
    made = export(kept, final)

    assert made.digest == looked_at.digest
    for path in (draft, final):
        with zipfile.ZipFile(path) as archive:
            whole = b"".join(archive.read(name) for name in archive.namelist()).lower()
        for marker in ("quirk", CONTACT, "binder"):
            assert marker.encode() not in whole
    (case,) = table(final, "cases.csv")
    assert (case["number"], case["covers"]) == ("R-0001", "all channels")
    assert case["name"] == "(withheld: names)"
    assert case["face templates"] == "(withheld: biometrics)"
    (published,) = table(final, "published.csv")
    assert published["where"] == "Facebook"
    # It came down, for who is in it asked not to be shown.
    assert published["address"] == published["photo"] == "(withheld: names)"
    (taken,) = table(final, "takedowns.csv")
    assert taken["address"] == "(withheld: names)"
    grounds = kept.policy.records
    left = table(final, "withheld.csv")
    assert {row["ground"] for row in left} == {
        grounds.withhold_names, grounds.withhold_biometrics, grounds.withhold_writings
    }  # fmt: skip
    marked = [
        cell
        for name in ("cases.csv", "published.csv", "takedowns.csv", "events.csv", "checks.csv")
        for row in table(final, name)
        for cell in row.values()
        if cell.startswith("(withheld")
    ]
    assert len(marked) == len(left) == sum(made.withheld.values())
    with kept.reading() as unit:
        last = [entry for entry in unit.audit.entries() if entry.action == Action.RECORDS_EXPORTED]
    assert last[-1].details["withheld"]["names"] == made.withheld["names"]  # type: ignore[index]
    assert "Quirk" not in str(last[-1].details)


def test_what_changed_since_the_draft_is_looked_at_again(kept: Services, tmp_path: Path) -> None:
    export(kept, tmp_path / "draft.zip", draft=True, about="Birthday of Ada Quirkmarker")
    with pytest.raises(ConflictError, match="--draft"):
        export(kept, tmp_path / "records.zip")
    with kept.reading() as unit:
        (made,) = unit.publications.all()
    posting = Posting(kept.policy.use("x"), kept.today(), "https://x.example/2", already_out=True)
    record_publications(kept, [made.photo_sha256], posting, STAFF)
    with pytest.raises(ConflictError, match="have changed since the last draft"):
        export(kept, tmp_path / "records.zip", about="Birthday of Ada Quirkmarker")


def test_a_check_is_said_as_the_screen_said_it(services: Services, tmp_path: Path) -> None:
    photo = ORIGINALS / "coffee.png"
    index_photos(services, IndexRequest([photo], jobs=1), STAFF)
    use = services.policy.use("facebook")
    checked = check_photos(services, [photo], use, STAFF).clearances[0]
    assert checked.decision.words == NOTHING_TO_COMPARE
    export(services, tmp_path / "before.zip", draft=True)
    assert [row["verdict"] for row in table(tmp_path / "before.zip", "checks.csv")] == [
        NOTHING_TO_COMPARE
    ]
    record_revocation(services, by_letter(services, OBAMA), STAFF)
    check_photos(services, [photo], use, STAFF)
    export(services, tmp_path / "after.zip", draft=True)
    assert [row["verdict"] for row in table(tmp_path / "after.zip", "checks.csv")] == [
        "No match found"
    ]


def test_what_is_refused(services: Services, tmp_path: Path) -> None:
    path = tmp_path / "records.zip"
    with pytest.raises(WrongRoleError):
        export_records(services, of_days(services), path, Actor("D", Role.DESK), draft=True)
    bare = replace(services, policy=replace(services.policy, records=RecordsGrounds()))
    with pytest.raises(NoGroundError, match="withhold_names"):
        export(bare, path, draft=True)
    tomorrow = services.today() + timedelta(days=1)
    with pytest.raises(BadInputError, match="in the future"):
        export_records(
            services, RecordsPeriod(services.today(), tomorrow), path, RECORDS, draft=True
        )
    assert not path.exists()
    folder = tmp_path / "records"
    export(services, folder, draft=True)
    assert {"withheld.csv", "read-me-first.pdf"} <= {file.name for file in folder.iterdir()}
    check_tags((folder / "read-me-first.pdf").read_bytes(), "en-US", "Draft, not released")
    with pytest.raises(BadInputError, match="already exists"):
        export(services, folder, draft=True)


def checked(services: Services, path: Path, root: Path | None = None) -> None:
    use = services.policy.use("facebook")
    check_photos(services, [path], use, STAFF, upload_root=root, jobs=1)


def test_a_file_is_not_called_after_anybody(services: Services, tmp_path: Path) -> None:
    """An upload may be called after a person of whom the register knows no name any more."""
    photos, uploads = tmp_path / "photos", services.settings.uploads / "page"
    with Image.open(ORIGINALS / "coffee.png") as coffee:
        for at, path in enumerate(
            (
                photos / "quirkmarkers_AdaQuirk.jpg",
                photos / "adaquirkmarker-party.jpg",
                photos / "garden_01.jpg",
                uploads / "Gone Reader.jpg",
            )
        ):
            path.parent.mkdir(parents=True, exist_ok=True)
            coffee.convert("RGB").crop((60 * at, 0, 60 * at + 300, 300)).save(path)
    checked(services, photos)
    checked(services, uploads, services.settings.uploads)
    revoke(services, name=NAME)

    made = export(services, tmp_path / "draft.zip", draft=True)

    told = [row["photo"] for row in table(tmp_path / "draft.zip", "checks.csv")]
    assert sorted(told) == ["(withheld: file name)"] * 3 + ["garden_01.jpg"]
    left = table(tmp_path / "draft.zip", "withheld.csv")
    assert [row["ground"] for row in left if row["table"] == "checks.csv"] == [
        services.policy.records.withhold_names
    ] * 3
    assert len(left) == sum(made.withheld.values())
