"""What is erased with a reference face, and what stays, through the use cases."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from consent.cases.change import end_template_agreement, rescind
from consent.cases.intake import UnansweredError
from consent.cases.open import record_revocation
from consent.cases.search import show_case
from consent.domain.actors import Actor, Role
from consent.domain.cases import State
from consent.domain.intake import EvidenceFile
from consent.domain.terms import Method, Rescission, Submission
from consent.services import Services
from consent.storage.thumbnails import thumbnail
from tests.revocations import by_letter, revoke

DESK = Actor("d.desk", Role.DESK, frozenset({Role.COMMUNICATIONS}))
LETTER = EvidenceFile("letter.txt", b"Please do not show me.")


def revoked(services: Services, samples: Path, name: str = "A. Reader") -> str:
    letter = Submission(services.today(), Method.LETTER, [LETTER])
    return revoke(services, samples / "originals" / "obama.jpg", name=name, submission=letter)


def encoded(services: Services, sha256: str) -> list[str]:
    with services.reading() as unit:
        photo = unit.photos.fingerprints([sha256])[sha256]
    return [model for face in photo.faces for model in face.encodings]


def test_a_portrait_handed_in_for_the_reference_keeps_no_encodings_after_it(
    services: Services, samples: Path
) -> None:
    label = revoked(services, samples)
    portrait = show_case(services, label, DESK).templates[0].photo_sha256
    assert encoded(services, portrait)
    assert thumbnail(services.settings.thumbnails, portrait)

    end_template_agreement(services, label, "Asked to.", DESK)
    assert not encoded(services, portrait)
    assert thumbnail(services.settings.thumbnails, portrait) is None
    assert not list(services.settings.home.rglob("*.vectors"))


def test_a_photo_of_the_librarys_own_stays_in_the_index(
    indexed_samples: Services, samples: Path
) -> None:
    services = indexed_samples
    label = revoked(services, samples)
    photo = show_case(services, label, DESK).templates[0].photo_sha256
    end_template_agreement(services, label, "Asked to.", DESK)
    assert encoded(services, photo)
    assert thumbnail(services.settings.thumbnails, photo)


def test_two_cases_with_one_portrait_do_not_erase_each_others(
    services: Services, samples: Path
) -> None:
    first, second = revoked(services, samples), revoked(services, samples, "B. Reader")
    taken_back = Rescission(Submission(services.today(), evidence=[LETTER]), "a. reader")
    rescind(services, first, taken_back, DESK)
    (left,) = show_case(services, second, DESK).templates
    assert services.vault.get(left.crop)
    assert encoded(services, left.photo_sha256)
    assert thumbnail(services.settings.thumbnails, left.photo_sha256)


def test_an_erasure_that_was_interrupted_is_ended_by_doing_it_again(
    services: Services, samples: Path
) -> None:
    label = revoked(services, samples)
    crop = show_case(services, label, DESK).templates[0].crop

    class CutError(Exception):
        """The power."""

    class CutShort:
        def erase(self, _: str) -> None:
            raise CutError

    with pytest.raises(CutError):
        end_template_agreement(
            replace(services, vault=CutShort()),  # type: ignore[arg-type]
            label,
            "Asked to.",
            DESK,
        )
    end_template_agreement(services, label, "Asked to.", DESK)
    assert not list(services.settings.vault.rglob(crop))
    assert show_case(services, label, DESK).templates == ()


def test_erasing_what_a_case_left_behind_does_not_bring_the_case_back(
    services: Services, samples: Path
) -> None:
    label = revoked(services, samples)
    begins = services.today() + timedelta(days=10)
    writing = Submission(services.today(), evidence=[LETTER])
    rescind(services, label, Rescission(writing, "a. reader", effective_on=begins), DESK)
    now = services.now
    later = replace(services, now=lambda: now() + timedelta(days=11))
    case = end_template_agreement(later, label, "It is over.", DESK)
    assert case.state(later.today()) is State.RESCINDED
    assert show_case(later, label, DESK).templates == ()


def test_a_recording_that_was_refused_leaves_no_picture(services: Services, samples: Path) -> None:
    revoked(services, samples)
    before = sorted(services.settings.thumbnails.rglob("*.jpg"))
    new = by_letter(services, samples / "originals" / "biden.jpg", name="A. Reader")
    with pytest.raises(UnansweredError):
        record_revocation(services, new, DESK)
    assert sorted(services.settings.thumbnails.rglob("*.jpg")) == before


def test_nothing_of_a_vector_stays_in_the_journal(
    services: Services, samples: Path, database: str
) -> None:
    if database != "sqlite":
        pytest.skip("PostgreSQL's journal is its server's.")
    label = revoked(services, samples)
    with sqlite3.connect(services.settings.home / "likeness.db") as known:
        vectors = [row[0] for row in known.execute("SELECT vector FROM face_encoding")]
    known.close()
    assert vectors
    # Encrypted; a page of the database holds but a part of a long one.
    parts = [vector[at : at + 64] for vector in vectors for at in range(0, len(vector) - 64, 256)]

    def found() -> set[str]:
        files = [path for path in services.settings.home.iterdir() if path.is_file()]
        contents = {path.name: path.read_bytes() for path in files}
        return {name for name, kept in contents.items() if any(part in kept for part in parts)}

    assert "likeness.db-wal" in found()
    end_template_agreement(services, label, "Asked to.", DESK)
    assert found() == set()
