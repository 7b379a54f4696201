"""Photos that no search compares: what is said of those that can, and cannot, be read again."""

from __future__ import annotations

from pathlib import Path

import pytest

from consent.cases.change import end_template_agreement
from consent.domain.actors import Actor, Role
from consent.domain.faces import Faces
from consent.domain.publications import Publication
from consent.indexing.index import IndexRequest, index_handed_in, index_photos
from consent.indexing.rebuild import renew_index
from consent.matching.not_compared import NotCompared, not_compared
from consent.matching.sweep import SweepReport, sweep
from consent.recovery.doctor import Cure, examine
from consent.retention.faces import choose_faces
from consent.services import Services
from consent.settings import ROOT
from media_index.hashing.perceptual import sha256_hex
from pages.ui.decisions import headline
from tests.revocations import revoke

SOMEBODY = Actor("D. Lane", Role.DIRECTOR, frozenset(Role))
PORTRAIT = ROOT / "data" / "samples" / "originals" / "biden.jpg"
SHA = sha256_hex(PORTRAIT.read_bytes())


@pytest.fixture
def database() -> str:
    return "sqlite"


def missed(services: Services) -> NotCompared:
    with services.reading() as unit:
        return not_compared(services, unit)


def drop(services: Services) -> None:
    """As on the page Check; the file is gone a day later."""
    index_handed_in(services, {"drop/1.jpg": PORTRAIT.read_bytes()}, SOMEBODY)


def publish(services: Services) -> None:
    with services.writing() as unit:
        day = services.today()
        made = Publication("p1", SHA, "facebook", "", "https://facebook.com/p/1", day, "ann")
        unit.publications.add(made, services.now())
        unit.commit()


def keep_no_encodings_for_a_while(services: Services) -> None:
    choose_faces(services, Faces.REGISTER, "Less.", SOMEBODY)
    choose_faces(services, Faces.INDEX, "More.", SOMEBODY, read_again=False)


def test_a_portrait_that_was_dropped_too_is_not_told_of_once_its_face_is_erased(
    services: Services,
) -> None:
    drop(services)
    label = revoke(services, PORTRAIT)
    end_template_agreement(services, label, "They ended it.", SOMEBODY)

    assert missed(services) == NotCompared()
    assert sweep(services, label, SOMEBODY).not_compared == NotCompared()
    with services.reading() as unit:
        assert unit.photos.places_of([SHA]) == {}


def test_a_portrait_that_was_handed_in_alone_needs_no_renewal(services: Services) -> None:
    """After a change of the encoders its reference face is encoded anew from the crop."""
    revoke(services, PORTRAIT)
    models = [*services.calibration.scales, "another"]

    with services.reading() as unit:
        found = unit.photos.not_compared(models, services.comparability, "upload:")
    assert found == (0, [SHA])


def test_a_dropped_photo_whose_file_is_gone_is_told_of_apart_if_it_was_published(
    services: Services,
) -> None:
    drop(services)
    keep_no_encodings_for_a_while(services)
    assert missed(services) == NotCompared()

    publish(services)

    assert missed(services) == NotCompared(gone=1)
    renew_index(services, SOMEBODY, jobs=1)
    found = missed(services)
    assert (found, found.doubts) == (NotCompared(gone=1), ())
    (note,) = found.notes
    assert "1 published photo could not be compared by face, because no file is left" in note
    report = SweepReport("R-0001", (), 1, found)
    assert headline(report) == f"No match found in 1 photo the program knows. {note}"
    told = {finding.sentence: finding.cure for finding in examine(services, SOMEBODY)}
    assert told[note] is Cure.NONE

    drop(services)
    assert missed(services) == NotCompared()


def test_a_dropped_photo_whose_file_is_still_there_is_read_again(services: Services) -> None:
    uploads = services.settings.uploads
    path = uploads / "job" / "1.jpg"
    path.parent.mkdir(parents=True)
    path.write_bytes(PORTRAIT.read_bytes())
    request = IndexRequest([path], jobs=1, upload_root=uploads)
    index_photos(services, request, SOMEBODY)
    publish(services)
    keep_no_encodings_for_a_while(services)
    assert missed(services) == NotCompared(photos=1)

    assert renew_index(services, SOMEBODY, jobs=1).renewed == 1

    assert missed(services) == NotCompared()


def test_a_published_photo_of_which_no_place_is_known_is_told_of(
    services: Services, tmp_path: Path
) -> None:
    path = tmp_path / "photos" / "1.jpg"
    path.parent.mkdir()
    path.write_bytes(PORTRAIT.read_bytes())
    index_photos(services, IndexRequest([path.parent], jobs=1), SOMEBODY)
    publish(services)
    keep_no_encodings_for_a_while(services)
    assert missed(services) == NotCompared(photos=1)
    path.unlink()

    index_photos(services, IndexRequest([path.parent], jobs=1), SOMEBODY)

    assert missed(services) == NotCompared(gone=1)
