"""Whichever way something came in: after erasure and disposal no byte of it is in the home.

With the server's database open: the journal and free pages are looked at as well.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from consent.cases.change import end_template_agreement, place_hold, record_writing, rescind
from consent.cases.correspondence import list_writings, open_writing
from consent.cases.csv_import import import_revocations
from consent.cases.dispute import object_to, settle
from consent.cases.drafts import keep_draft
from consent.cases.intake import QuestionKind
from consent.cases.open import record_revocation
from consent.cases.people import merge_people
from consent.cases.references import read_reference
from consent.checking.check import check_photos
from consent.domain.actors import Actor, Role
from consent.domain.intake import EvidenceFile, Pictured
from consent.domain.jobs import Job, JobKind, JobState
from consent.domain.takedowns import TakedownState
from consent.domain.terms import (
    Method,
    NewRevocation,
    Objection,
    Relationship,
    Requester,
    Rescission,
    Submission,
)
from consent.jobs.uploads import keep_uploads
from consent.publishing.record import Posting, record_publications
from consent.retention.dispose import decide_disposal, destroy, list_due, propose_disposal
from consent.retention.erase import erase_face
from consent.retention.proof import verify_log
from consent.services import Services
from consent.settings import ROOT
from consent.storage.drafts import DraftFile
from consent.storage.thumbnails import thumbnail
from consent.takedowns.appeals import receive_appeal
from consent.takedowns.board import Move, move_takedown
from media_index.hashing.perceptual import sha256_hex
from tests.unit.test_letter_text import outlook

PORTRAIT = ROOT / "data" / "samples" / "originals" / "obama.jpg"
OTHER = ROOT / "data" / "samples" / "originals" / "obama2.jpg"
STAFF = Actor("s.taff", Role.DESK, frozenset(Role))
RECORDS = Actor("r.records", Role.RECORDS)
EVERY = frozenset(QuestionKind)
# Each stands in another field; none of them is in any photo or policy.
NAME, NOTE, CONTACT = "Zebulonia Quirk", "elmstreetnote", "zq@marker.example"
LETTER = "revokeletter"


@pytest.fixture
def database() -> str:
    """Bytes are looked for in files; PostgreSQL's are its server's."""
    return "sqlite"


def new(services: Services, method: Method = Method.LETTER, **more: object) -> NewRevocation:
    return NewRevocation(
        NAME,
        Submission(
            services.today(), method, evidence=[EvidenceFile("quirk.txt", LETTER.encode() * 9)]
        ),
        requester=Requester(NAME, contact=CONTACT),
        references=[read_reference(services, str(PORTRAIT))],
        keep_face=True,
        note=NOTE,
        **more,  # type: ignore[arg-type]
    )


def _form(services: Services, _folder: Path) -> None:
    record_revocation(services, new(services), STAFF, confirmed=EVERY)


def _csv(services: Services, folder: Path) -> None:
    (folder / "quirk.txt").write_text(LETTER * 9)
    file = folder / "register.csv"
    file.write_text(
        "name,received,method,evidence,photo,keep_face,note,contact\n"
        f"{NAME},{services.today()},letter,quirk.txt,{PORTRAIT},yes,{NOTE},{CONTACT}\n"
    )
    assert import_revocations(services, file, STAFF, confirmed=EVERY).bad == []


def _mail(services: Services, _folder: Path) -> None:
    mail = f"From: {NAME} <{CONTACT}>\nSubject: {LETTER}\n\n{LETTER}".encode()
    letter = Submission(services.today(), Method.EMAIL, evidence=[EvidenceFile("quirk.eml", mail)])
    record_revocation(services, replace(new(services), submission=letter), STAFF, confirmed=EVERY)


def _outlook(services: Services, _folder: Path) -> None:
    """A message as Outlook saves it, which somebody also read on the case's page."""
    message = outlook(**{"0037": LETTER, "1000": f"{LETTER} {NOTE}", "0C1A": NAME, "0C1F": CONTACT})
    letter = Submission(
        services.today(), Method.EMAIL, evidence=[EvidenceFile("quirk.msg", message)]
    )
    record = replace(new(services), submission=letter)
    label = record_revocation(services, record, STAFF, confirmed=EVERY).revocation.label
    (kept,) = list_writings(services, label, STAFF)
    assert NAME in str(open_writing(services, label, kept.sha256, STAFF).text)


def _hold_and_merge(services: Services, _folder: Path) -> None:
    first = record_revocation(services, new(services), STAFF, confirmed=EVERY).revocation.label
    asked = replace(new(services), submission=Submission(services.today(), Method.ORAL))
    second = place_hold(services, asked, STAFF, confirmed=EVERY).revocation.label
    record_writing(
        services,
        second,
        new(services).submission,
        STAFF,
        Pictured([read_reference(services, str(OTHER))], keep_face=True, keep_face_until=None),
        confirmed=EVERY,
    )
    merge_people(services, second, first, "One person", STAFF)


def _checked_first(services: Services, _folder: Path) -> None:
    """The portrait was dropped on the page of checks, and lies in a draft of the form."""
    portrait = PORTRAIT.read_bytes()
    root = services.settings.uploads / "page"
    root.mkdir(parents=True)
    photo = root / "Quirk.jpg"
    photo.write_bytes(portrait)
    use = services.policy.use("facebook")
    check_photos(services, [photo], use, STAFF, upload_root=root, jobs=1)
    photo.unlink()
    root.rmdir()
    keep_uploads(services.settings, "left", [("Quirk.jpg", io.BytesIO(portrait))])
    keep_draft(services, STAFF, {}, [DraftFile("photo", "Quirk.jpg", portrait)])
    _form(services, _folder)


def _takedown(services: Services, folder: Path) -> None:
    """A copy was out; the proof of its removal shows who it was."""
    use = services.policy.use("facebook")
    photo = folder / "photo.jpg"
    photo.write_bytes(OTHER.read_bytes())
    check_photos(services, [photo], use, STAFF, jobs=1)
    posting = Posting(use, services.today(), "https://fb.example/1", already_out=True)
    record_publications(services, [sha256_hex(photo.read_bytes())], posting, STAFF)
    recorded = record_revocation(services, new(services), STAFF, confirmed=EVERY)
    (takedown,) = recorded.takedowns
    proof = EvidenceFile("quirk.txt", LETTER.encode() * 9)
    move = Move(TakedownState.DELETED, note=f"{NOTE} of {NAME}", proof=proof)
    move_takedown(services, takedown.label, move, STAFF)
    photo.unlink()


def _appeal(services: Services, folder: Path) -> None:
    """Somebody appeals against the removal, and hands in a statement."""
    _takedown(services, folder)
    receive_appeal(
        services,
        NAME,
        NOTE,
        services.today(),
        STAFF,
        contact=CONTACT,
        takedown="T-0001",
        statement=EvidenceFile("quirk.txt", LETTER.encode()),
    )


WAYS: list[Callable[[Services, Path], None]] = [
    _form, _csv, _mail, _outlook, _hold_and_merge, _checked_first, _takedown, _appeal
]  # fmt: skip


def whole(services: Services) -> bytes:
    """Return every byte of the home, but of the models and of what nobody erases: other photos."""
    home = services.settings.home
    files = [path for path in home.rglob("*") if path.is_file() and "weights" not in path.parts]
    return b"".join(path.read_bytes() for path in files)


def vectors(services: Services) -> list[bytes]:
    """Cut the vectors of the reference faces: a page of the database holds a part of a long one."""
    with services.reading() as unit:
        every = [v for one in unit.register.templates() for v in one.encodings.values()]
        photos = {one.photo_sha256 for one in unit.register.templates()}
        every += [
            vector
            for photo in unit.photos.fingerprints(sorted(photos)).values()
            for face in photo.faces
            for vector in face.encodings.values()
        ]
    plain = [vector.astype("<f4").tobytes() for vector in every]
    return [one[at : at + 64] for one in plain for at in range(0, len(one) - 64, 192)]


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_nothing_of_it_is_left(
    services: Services, tmp_path: Path, way: Callable[[Services, Path], None]
) -> None:
    folder = tmp_path / "way"
    folder.mkdir()
    way(services, folder)
    said = (NAME, "Zebulonia", NOTE, CONTACT, LETTER)
    # Outlook writes in UTF-16.
    words = [word.encode(code) for word in said for code in ("utf-8", "utf-16-le")]
    faces = [*vectors(services), PORTRAIT.read_bytes()[1000:1064]]
    assert len(faces) > 1
    # Encrypted from the beginning, but for what was uploaded to be checked.
    assert not any(word in whole(services) for word in words)

    erase_face(services, "R-0001", "Asked to.", STAFF)
    left = whole(services)
    assert not any(part in left for part in faces)
    assert b"Quirk.jpg" not in left
    words.append(b"Quirk.jpg")

    with services.reading() as unit:
        labels = [case.label for case in unit.register.revocations()]
    for label in labels:
        back = Submission(services.today(), evidence=[EvidenceFile("quirk.txt", LETTER.encode())])
        rescind(services, label, Rescission(back, NAME), STAFF)
    now, days = services.now, services.policy.evidence_days
    later = replace(services, now=lambda: now() + timedelta(days=days + 2))
    assert {one.label for one in list_due(later, RECORDS)} == set(labels)
    while list_due(later, RECORDS):
        disposal = propose_disposal(later, RECORDS)
        decide_disposal(later, disposal.label, "RC-075", RECORDS, approved=True)
        destroy(later, disposal.label, RECORDS)

    left = whole(later)
    with later.reading() as unit:
        # Also of what the program itself can still read.
        said = (
            repr(unit.register.revocations())
            + repr(unit.takedowns.all())
            + repr(unit.takedowns.appeals())
            + repr(list(unit.audit.entries()))
        ).encode()
    assert not any(word in left + said for word in words)
    assert not any(part in left for part in faces)
    assert not [path for path in services.settings.vault.rglob("*") if path.is_file()]
    assert verify_log(later).faults == ()


def _taken_back(services: Services) -> None:
    back = Submission(services.today(), evidence=[EvidenceFile("quirk.txt", LETTER.encode())])
    rescind(services, "R-0001", Rescission(back, NAME), STAFF)


def _no_longer_agreed(services: Services) -> None:
    end_template_agreement(services, "R-0001", "Asked to", STAFF)


def _objected_to(services: Services) -> None:
    paper = Submission(services.today(), Method.LETTER, original_at="Binder 4")
    object_to(services, "R-0001", Objection(paper, "A. Parent", Relationship.PARENT), STAFF)
    settle(services, "R-0001", "It is not hers", STAFF, stands=False)


def _destroyed(services: Services) -> None:
    """The case ended by its own date, with the face still kept."""
    now, days = services.now, services.policy.evidence_days
    later = replace(services, now=lambda: now() + timedelta(days=days + 9))
    disposal = propose_disposal(later, RECORDS)
    decide_disposal(later, disposal.label, "RC-075", RECORDS, approved=True)
    destroy(later, disposal.label, RECORDS)


@pytest.mark.slow
@pytest.mark.usefixtures("own_keys")
@pytest.mark.parametrize("keep_face", [True, False], ids=["kept", "not_kept"])
@pytest.mark.parametrize(
    "end",
    [_taken_back, _no_longer_agreed, _objected_to, _destroyed],
    ids=lambda end: end.__name__.strip("_"),
)
def test_a_portrait_that_was_checked_first_goes_however_the_face_goes(
    services: Services, end: Callable[[Services], None], keep_face: bool
) -> None:
    portrait = PORTRAIT.read_bytes()
    digest = sha256_hex(portrait)
    folder = "of one's own/Quirk.jpg"
    keep_uploads(services.settings, "left", [(folder, io.BytesIO(portrait))])
    keep_uploads(services.settings, "other", [("other.jpg", io.BytesIO(OTHER.read_bytes()))])
    for root in (services.settings.uploads / name for name in ("left", "other")):
        use = services.policy.use("facebook")
        check_photos(services, [root], use, STAFF, upload_root=root, jobs=1)
    with services.writing() as unit:
        said = {"photos": [{"sha256": digest, "name": "Quirk.jpg"}]}
        unit.jobs.put(
            Job("0" * 32, JobKind.CHECK, JobState.DONE, {}, 1, 1, "", said, services.now())
        )
        unit.commit()
    asked = replace(new(services), keep_face=keep_face, until=services.today() + timedelta(days=1))
    record_revocation(services, asked, STAFF, confirmed=EVERY)
    # From its middle: what comes before is in the other photo, too.
    faces = [*vectors(services), portrait[len(portrait) // 2 :][:64]]
    assert b"Quirk.jpg" in whole(services)

    end(services)

    left = whole(services)
    assert b"Quirk.jpg" not in left
    assert not any(part in left for part in faces)
    with services.reading() as unit:
        assert unit.photos.places_of([digest]) == {}
        assert unit.decisions.clearances_of([digest]) == []
        assert not any(f.encodings for f in unit.photos.fingerprints([digest])[digest].faces)
        assert unit.jobs.mentioning({digest}) == []
        assert unit.jobs.owed_removals() == []
        # What else was checked stays.
        assert unit.decisions.clearances_of([sha256_hex(OTHER.read_bytes())]) != []
    assert thumbnail(services.settings.thumbnails, digest) is None
    assert list((services.settings.uploads / "other").iterdir()) != []
    assert verify_log(services).faults == ()
