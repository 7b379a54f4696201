"""What is done with faces: index, register or off. What is not kept is in no byte of the home."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from consent.cases.references import photo_named
from consent.checking.check import check_photos, judge_photos
from consent.domain.actors import Actor, Role
from consent.domain.errors import NoReasonError, WrongRoleError
from consent.domain.faces import MISSED, Faces, FacesOffError
from consent.domain.verdicts import ClearanceReport, ReasonCode, Verdict
from consent.indexing.index import IndexRequest, index_photos
from consent.jobs.day import do_day
from consent.matching.sweep import sweep
from consent.retention.faces import choose_faces
from consent.retention.proof import verify_log
from consent.review.queue import review_queue
from consent.services import Services
from consent.settings import ROOT
from media_index.files.apart import ApartExecutor
from tests.integration.test_erase_face import found, keys_of_faces
from tests.revocations import OBAMA, revoke
from tests.vector_search import parts_of

SAMPLES = ROOT / "data" / "samples"
ORIGINALS = SAMPLES / "originals"
DIRECTOR = Actor("D. Lane", Role.DIRECTOR, frozenset(Role))
REVOKED, STRANGER = ORIGINALS / "obama2.jpg", ORIGINALS / "biden.jpg"


@pytest.fixture
def database() -> str:
    """Bytes are looked for in files; PostgreSQL's are its server's."""
    return "sqlite"


def check(services: Services, *photos: Path) -> ClearanceReport:
    return check_photos(services, photos, services.policy.use("facebook"), DIRECTOR)


def verdicts(report: ClearanceReport) -> list[Verdict]:
    return [clearance.decision.verdict for clearance in report.clearances]


def vectors_of(services: Services, *photos: Path) -> list[bytes]:
    """Return the parts of the encodings of photos."""
    found: list[bytes] = []
    for photo in photos:
        seen, _ = services.fingerprint_bytes(photo.read_bytes())
        for face in seen.faces:
            found += [part for vector in face.encodings.values() for part in parts_of(vector)]
    return found


@pytest.mark.slow
def test_off_holds_every_face_for_eyes_and_keeps_no_vector(services: Services) -> None:
    """The main job with faces off: nobody is found by a face, and none is passed over."""
    choose_faces(services, Faces.OFF, "The board decided.", DIRECTOR)
    with pytest.raises(FacesOffError):
        revoke(services, OBAMA)
    label = revoke(services, OBAMA, keep_face=False)

    report = check(services, REVOKED, STRANGER, ORIGINALS / "obama.jpg", ORIGINALS / "coffee.png")

    held = Verdict.REVIEW
    assert verdicts(report)[:3] == [held, held, Verdict.BLOCKED]
    assert report.without_face == (label,)
    for clearance in report.clearances[:2]:
        assert {reason.code for reason in clearance.decision.reasons} == {
            ReasonCode.UNCOMPARABLE_FACE
        }
    assert sweep(services, label, DIRECTOR).doubts
    do_day(services)
    assert {pair.photo_sha256 for pair in review_queue(services, DIRECTOR).pairs} >= {
        photo_named(services, str(REVOKED)),
        photo_named(services, str(STRANGER)),
    }
    with services.reading() as unit:
        assert unit.photos.encoded_faces("")[1] == 0
        assert not unit.register.templates()
    everybody = vectors_of(services, REVOKED, STRANGER, ORIGINALS / "obama.jpg")
    assert everybody
    assert found(services, everybody) == set()


@pytest.mark.slow
def test_register_compares_and_forgets(services: Services, tmp_path: Path) -> None:
    choose_faces(services, Faces.REGISTER, "The board decided.", DIRECTOR)
    crowd = tmp_path / "photos"
    crowd.mkdir()
    for photo in (REVOKED, STRANGER):
        shutil.copy(photo, crowd)
    index_photos(services, IndexRequest([crowd]), DIRECTOR)
    label = revoke(services, OBAMA)

    report = check(services, crowd / REVOKED.name, crowd / STRANGER.name)
    assert verdicts(report) == [Verdict.BLOCKED, Verdict.CLEAR]
    assert verdicts(check(services, crowd / STRANGER.name)) == [Verdict.CLEAR]

    # Files are read again for a search, and say so where they are gone.
    swept = sweep(services, label, DIRECTOR)
    assert [hit.name for hit in swept.hits] == [REVOKED.name]
    assert swept.doubts == ()
    do_day(services)
    assert review_queue(services, DIRECTOR).pairs
    (crowd / STRANGER.name).unlink()
    assert "1 photo" in sweep(services, label, DIRECTOR).doubts[0]
    bystanders = vectors_of(services, REVOKED, STRANGER)
    assert found(services, bystanders) == set()
    with services.reading() as unit:
        assert len(unit.register.templates()) == 1
        assert unit.photos.encoded_faces("")[1] == 0


def test_what_cannot_be_compared_again_is_not_clear(services: Services, tmp_path: Path) -> None:
    """A photo that was dropped on a page lies nowhere, to be compared with who comes later."""
    choose_faces(services, Faces.REGISTER, "The board decided.", DIRECTOR)
    photo = shutil.copy(STRANGER, tmp_path / "dropped.jpg")
    index_photos(services, IndexRequest([photo], upload_root=tmp_path), DIRECTOR)
    revoke(services, OBAMA)
    sha256 = photo_named(services, str(STRANGER))

    report = judge_photos(
        services, {"dropped.jpg": sha256}, {}, services.policy.use("facebook"), DIRECTOR
    )
    assert verdicts(report) == [Verdict.NOT_CHECKED]


@pytest.mark.slow
def test_what_was_dropped_today_is_compared_with_who_revokes_today(services: Services) -> None:
    """It lies with the uploads for a day, so that the page can judge it again, and export it."""
    choose_faces(services, Faces.REGISTER, "The board decided.", DIRECTOR)
    job = services.settings.uploads / "job"
    job.mkdir(parents=True)
    photo = Path(shutil.copy(REVOKED, job))
    use = services.policy.use("facebook")
    request = IndexRequest([photo], upload_root=services.settings.uploads)
    index_photos(services, request, DIRECTOR)
    revoke(services, OBAMA)

    report = judge_photos(
        services, {str(photo): photo_named(services, str(REVOKED))}, {}, use, DIRECTOR
    )

    assert verdicts(report) == [Verdict.BLOCKED]
    assert found(services, vectors_of(services, REVOKED)) == set()


STEPS = [
    ("consent.retention.faces", "end_face"),
    ("media_index.vectors.folder.VectorFolder", "forget"),
    ("media_index.storage.encodings.PhotoEncodings", "forget_all_encodings"),
    ("consent.storage.unit_of_work.UnitOfWork", "commit"),
    ("consent.storage.unit_of_work", "empty_journal"),
]


@pytest.mark.parametrize(
    "step",
    [None, *(pytest.param(step, marks=pytest.mark.slow) for step in STEPS)],
    ids=["whole", *(name for _, name in STEPS)],
)
def test_turning_it_off_erases_what_was_kept(
    indexed_samples: Services, step: tuple[str, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = indexed_samples
    label = revoke(services, OBAMA)
    sweep(services, label, DIRECTOR)
    wanted = vectors_of(services, REVOKED, STRANGER, ORIGINALS / "obama.jpg")
    with services.reading() as unit:
        crops = [services.vault.get(template.crop) for template in unit.register.templates()]
    keys = keys_of_faces(services)
    assert keys
    assert [*services.settings.vectors.iterdir()]
    planned = choose_faces(services, Faces.OFF, "Decided.", DIRECTOR, dry_run=True)
    assert keys_of_faces(services) == keys

    class KilledError(BaseException):
        """The power."""

    def killed(*_: object, **__: object) -> None:
        raise KilledError

    if step is not None:
        with monkeypatch.context() as patch:
            patch.setattr(".".join(step), killed)
            with pytest.raises(KilledError):
                choose_faces(services, Faces.OFF, "Decided.", DIRECTOR)
    done = choose_faces(services, Faces.OFF, "Decided.", DIRECTOR)

    assert step == STEPS[-1] or done == planned
    assert found(services, wanted) == set()
    assert keys_of_faces(services) == set()
    assert [*services.settings.vectors.iterdir()] == []
    assert crops
    assert [path for path in services.settings.vault.rglob("*") if path.is_file()] == []
    assert verify_log(services).faults == ()
    with services.reading() as unit:
        case = unit.register.find(label)
        assert case.terms_on(services.today()).template_agreement is None
        assert len(unit.faces.all()) == 1


@pytest.mark.slow
def test_turning_it_up_indexes_again(indexed_samples: Services) -> None:
    services = indexed_samples
    choose_faces(services, Faces.OFF, "Decided.", DIRECTOR)
    chosen = choose_faces(services, Faces.INDEX, "Decided anew.", DIRECTOR, read_again=False)
    assert chosen.renewed is None
    label = revoke(services, OBAMA)
    assert sweep(services, label, DIRECTOR).not_compared.photos > 0
    # What is checked is looked at again, whatever was kept of it.
    assert verdicts(check(services, REVOKED)) == [Verdict.BLOCKED]

    services = replace(services, make_executor=lambda _: ApartExecutor())
    choose_faces(services, Faces.REGISTER, "Less.", DIRECTOR)
    renewed = choose_faces(services, Faces.INDEX, "More.", DIRECTOR).renewed
    assert renewed is not None
    assert renewed.renewed > 20
    swept = sweep(services, label, DIRECTOR)
    assert swept.not_compared.photos == 0
    assert REVOKED.name in [hit.name for hit in swept.hits]


def test_who_may_choose(services: Services) -> None:
    with pytest.raises(WrongRoleError):
        choose_faces(services, Faces.OFF, "Mine.", Actor("A", Role.ADMIN))
    with pytest.raises(NoReasonError):
        choose_faces(services, Faces.OFF, " ", DIRECTOR)
    assert services.faces is Faces.INDEX


def test_what_each_misses_is_what_was_measured() -> None:
    card = (ROOT / "docs" / "model-card.md").read_text(encoding="utf-8")
    for figure in ("0.73 %", "0.16 %"):
        assert figure in MISSED[Faces.INDEX]
        assert figure in card
    for figure in ("1.44 %", "0.20 %"):
        assert figure in MISSED[Faces.REGISTER]
        assert figure in card
    assert "all that were measured" in MISSED[Faces.OFF]
    assert "1.000 (0.999 to 1.000)" in card
