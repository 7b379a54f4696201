"""What one file may cost, at the doors: a named problem, never "No match found"."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from consent.cases.intake import unusable
from consent.cases.references import look_at
from consent.checking.check import check_photos
from consent.domain.actors import Actor
from consent.domain.errors import BadInputError
from consent.domain.intake import EvidenceFile, Reference
from consent.domain.verdicts import ClearanceReport, ReasonCode, Verdict
from consent.services import Services
from consent.settings import ROOT
from media_index.files.bounded import Bounds
from media_index.fingerprinting import Fingerprinter, FingerprintSettings, fingerprint_file
from media_index.images import openable
from media_index.images.decode import ImageLimits
from media_index.images.pdf import PdfLimits, UnreadablePicture, pictures_in
from tests.conftest import OpenServices

ORIGINALS = ROOT / "data" / "samples" / "originals"
SOON = Bounds(seconds=0.05)


def check(services: Services, actor: Actor, *paths: Path, jobs: int = 1) -> ClearanceReport:
    return check_photos(services, paths, services.policy.use("instagram"), actor, jobs=jobs)


def large_png() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (9000, 9000)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def hurried(services: Services, weights: Path) -> Services:
    """The same services, for which a file may take a twentieth of a second."""
    settings = FingerprintSettings(weights, ImageLimits(bounds=SOON))
    return replace(services, fingerprint_file=partial(fingerprint_file, settings=settings))


@pytest.mark.parametrize("files", [1, 6])
def test_a_decoder_that_is_never_done_holds_up_no_other_photo(
    revoked_home: Path,
    open_services: OpenServices,
    weights: Path,
    actor: Actor,
    tmp_path: Path,
    files: int,
) -> None:
    """One by one in this process, and in a pool of processes."""
    services = open_services(home=revoked_home)
    for number in range(files):
        (tmp_path / f"{number}.png").write_bytes(large_png() + bytes(number))
    report = check(hurried(services, weights), actor, tmp_path, jobs=2)
    assert [one.decision.verdict for one in report.clearances] == [Verdict.NOT_CHECKED] * files
    assert {one.decision.reasons[0].code for one in report.clearances} == {ReasonCode.TOO_LARGE}


def test_a_person_in_a_crowd_that_takes_too_long_is_not_left_out(
    revoked_home: Path,
    open_services: OpenServices,
    actor: Actor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody was reached by the encoders: that is said of all, and nobody's photo is clear."""
    services = open_services(home=revoked_home)
    with Image.open(ORIGINALS / "obama2.jpg") as image:
        image.save(tmp_path / "crowd.png")
    with monkeypatch.context() as patch:
        patch.setattr(Fingerprinter, "_encoded", lambda *_: {})
        [clearance] = check(services, actor, tmp_path / "crowd.png").clearances
    assert clearance.decision.verdict is Verdict.NOT_CHECKED
    assert ReasonCode.FACES_NOT_REACHED in {one.code for one in clearance.decision.reasons}
    # It was the computer that was busy: the next time it is not.
    [clearance] = check(services, actor, tmp_path / "crowd.png").clearances
    assert clearance.decision.verdict is Verdict.BLOCKED


def test_a_reference_that_takes_too_long_is_refused_in_a_sentence(
    services: Services, weights: Path
) -> None:
    models = Fingerprinter(FingerprintSettings(weights, ImageLimits(bounds=SOON)))
    desk = replace(services, fingerprint_bytes=models.fingerprint)
    with pytest.raises(BadInputError, match=r"portrait\.png: It takes longer .*: save it"):
        look_at(desk, Reference(large_png(), "portrait.png", None))


def test_evidence_that_takes_too_long_to_open_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = partial(openable.why_not_opened, bounds=SOON)
    monkeypatch.setattr("consent.cases.intake.why_not_opened", slow)
    noise = np.random.default_rng(1).integers(0, 255, (6000, 6000), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, "PNG", compress_level=1)
    [why] = unusable([EvidenceFile("letter.png", buffer.getvalue())])
    assert "letter.png takes too much time or memory to open" in why


def test_a_page_that_takes_too_long_costs_a_sentence_and_the_others_are_read() -> None:
    pages = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(
        pages, "PDF", save_all=True, append_images=[Image.new("RGB", (600, 800), "gray")]
    )
    whole = list(pictures_in(pages.getvalue()))
    found = list(pictures_in(pages.getvalue(), PdfLimits(max_content=10)))
    assert {one.page for one in whole} == {one.page for one in found} == {1, 2}
    assert not any(isinstance(one, UnreadablePicture) for one in whole)
    assert {one.page for one in found if isinstance(one, UnreadablePicture)} == {1, 2}
