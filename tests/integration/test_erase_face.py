"""A face is gone at once, whichever way it came in, from every byte of the data home."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from consent.cases.change import place_hold, record_writing
from consent.cases.drafts import keep_draft
from consent.cases.intake import QuestionKind
from consent.cases.open import record_revocation
from consent.cases.people import merge_people
from consent.cases.references import read_reference
from consent.domain.actors import Actor, Role
from consent.domain.errors import NoReasonError
from consent.domain.intake import Pictured
from consent.domain.log import Entry
from consent.domain.terms import Method, NewRevocation, Submission
from consent.indexing.index import index_handed_in
from consent.jobs.uploads import keep_uploads
from consent.retention.erase import Erasure, erase_again, erase_face
from consent.retention.proof import verify_log
from consent.services import Services
from consent.storage.drafts import DraftFile
from consent.storage.log import AuditTrail
from consent.storage.unit_of_work import UnitOfWork
from media_index.matching.calibration import shipped_calibration
from tests.revocations import by_letter
from tests.vector_search import parts_of

DESK = Actor("d.desk", Role.DESK, frozenset(Role))
EVERY = frozenset(QuestionKind)


@pytest.fixture
def database() -> str:
    """Bytes are looked for in files; PostgreSQL's are its server's."""
    return "sqlite"


@pytest.fixture
def planted(services: Services, samples: Path) -> tuple[Services, str, list[bytes]]:
    """A face that came in every way: upload, draft, form, hold, writing, a merged case."""
    portrait = samples / "originals" / "obama.jpg"
    index_handed_in(services, {"Quirk.jpg": portrait.read_bytes()}, DESK)
    keep_uploads(services.settings, "left", [("Quirk.jpg", io.BytesIO(portrait.read_bytes()))])
    keep_draft(services, DESK, {}, [DraftFile("photo", "Quirk.jpg", portrait.read_bytes())])
    new = by_letter(services, portrait, name="A. Reader")
    first = record_revocation(services, new, DESK).revocation.label
    asked = replace(new, submission=Submission(services.today(), Method.ORAL))
    second = place_hold(services, asked, DESK, confirmed=EVERY).revocation.label
    other = read_reference(services, str(samples / "originals" / "obama2.jpg"))
    came = Submission(services.today(), Method.LETTER, original_at="Binder 4")
    record_writing(
        services, second, came, DESK, Pictured([other], keep_face=True, keep_face_until=None),
        confirmed=EVERY,
    )  # fmt: skip
    merge_people(services, second, first, "One person", DESK)
    with services.reading() as unit:
        templates = unit.register.templates()
        photos = {template.photo_sha256 for template in templates}
        faces = [
            vector
            for photo in unit.photos.fingerprints(sorted(photos)).values()
            for face in photo.faces
            for vector in face.encodings.values()
        ]
    vectors = [*faces, *(v for template in templates for v in template.encodings.values())]
    crops = [services.vault.get(template.crop) for template in templates]
    # Laid out to be searched, by somebody who checks at the same time.
    with services.reading() as unit:
        services.vectors._brought_up(unit.photos, tuple(shipped_calibration().scales), anew=False)
    return services, first, [*(part for v in vectors for part in parts_of(v)), *crops]


def found(services: Services, wanted: list[bytes]) -> set[str]:
    home = services.settings.home
    files = [path for path in home.rglob("*") if path.is_file() and "weights" not in path.parts]
    contents = {path.relative_to(home).as_posix(): path.read_bytes() for path in files}
    return {name for name, kept in contents.items() if any(part in kept for part in wanted)}


def keys_of_faces(services: Services) -> set[bytes]:
    """The keys that encodings of the index are encrypted by, wrapped."""
    query = "SELECT wrapped FROM sealed_key WHERE owner LIKE 'faces-%'"
    with services.reading() as unit:
        return set(unit._session.execute(text(query)).scalars())


def erased(services: Services, label: str, **more: object) -> Erasure:
    return erase_face(services, label, "Asked to.", DESK, **more)  # type: ignore[arg-type]


def test_no_byte_of_it_stays(planted: tuple[Services, str, list[bytes]], samples: Path) -> None:
    services, label, wanted = planted
    assert found(services, wanted) == set(), "encrypted from the beginning"
    portrait = (samples / "originals" / "obama.jpg").read_bytes()
    assert found(services, [portrait]) != set()
    keys = keys_of_faces(services)
    said = erased(services, label, dry_run=True)
    assert keys_of_faces(services) == keys

    assert erased(services, label) == said
    assert all(said.counts.values()) or said.counts["jobs that name them"] == 0
    assert found(services, wanted) == set()
    assert found(services, [portrait, b"Quirk.jpg"]) == set()
    assert not keys & keys_of_faces(services), "and no copy of it can be read"
    digest = hashlib.sha256(portrait).hexdigest()
    with services.reading() as unit:
        assert unit.photos.places_of([digest]) == {}
        assert all(
            case.terms_on(services.today()).template_agreement is None
            for case in unit.register.revocations()
        )
    assert verify_log(services).faults == ()
    # What is a record stays.
    assert not any(erased(services, label).counts.values())
    with services.reading() as unit:
        assert len(unit.register.revocations()) == 2


STEPS: list[tuple[str, str]] = [
    ("consent.retention.erase", "remove_whole"),
    ("consent.cases.handed_in", "forget_thumbnail"),
    ("consent.retention.erase", "erase_templates"),
    ("consent.storage.unit_of_work", "empty_journal"),
]


@pytest.mark.parametrize(("module", "step"), STEPS, ids=[step for _, step in STEPS])
def test_killed_at_a_step_and_done_again(
    planted: tuple[Services, str, list[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    step: str,
) -> None:
    services, label, wanted = planted

    class KilledError(BaseException):
        """The power."""

    def killed(*_: object, **__: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(f"{module}.{step}", killed)
        with pytest.raises(KilledError):
            erased(services, label)
    erased(services, label)
    assert found(services, wanted) == set()
    assert verify_log(services).faults == ()


def test_why_must_be_said(services: Services) -> None:
    with pytest.raises(NoReasonError, match="Enter in a few words why the face is erased"):
        erase_face(services, "R-0001", " ", DESK)


def test_what_is_erased_again_is_looked_for_among_what_was_noted(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = Submission(services.today(), Method.LETTER, original_at="Binder 3")
    one, _ = (
        record_revocation(services, NewRevocation(name, letter), DESK).revocation
        for name in ("A. Reader", "B. Reader")
    )

    def refused(*_: object) -> UnitOfWork:
        raise AssertionError

    # Nothing was noted: nobody waits for a writer.
    assert erase_again(replace(services, open_unit=refused), DESK) == ()
    erased(services, one.label)
    asked: list[list[str]] = []
    entries_of = AuditTrail.entries_of

    def noting(trail: AuditTrail, subjects: Sequence[str]) -> list[Entry]:
        asked.append(list(subjects))
        return entries_of(trail, subjects)

    monkeypatch.setattr(AuditTrail, "entries_of", noting)

    assert erase_again(services, DESK) == ()

    assert asked == [[one.id]]


def test_the_log_is_asked_about_more_cases_than_one_statement_can_name(services: Services) -> None:
    letter = Submission(services.today(), Method.LETTER, original_at="Binder 3")
    case = record_revocation(services, NewRevocation("A. Reader", letter), DESK).revocation
    with services.reading() as unit:
        own = unit.audit.entries_of([case.id])

        found = unit.audit.entries_of([case.id, *map(str, range(250_000))])

    assert own
    assert found == own
