"""A face in a cap and tinted glasses is for a person to look at, wherever it is not found."""

from __future__ import annotations

import importlib.util
import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from consent.checking.check import check_photos
from consent.domain.actors import Actor
from consent.domain.verdicts import Clearance, ReasonCode, Verdict
from consent.services import Services
from consent.settings import ROOT
from tests.revocations import OBAMA, revoke

ORIGINALS = ROOT / "data" / "samples" / "originals"
_SPEC = importlib.util.spec_from_file_location(
    "measure_covered", ROOT / "tools" / "measure_covered.py"
)
assert _SPEC is not None
assert _SPEC.loader is not None
COVERED = importlib.util.module_from_spec(_SPEC)
# Its dataclasses look themselves up.
sys.modules["measure_covered"] = COVERED
_SPEC.loader.exec_module(COVERED)


def checked(services: Services, actor: Actor, photo: Path) -> Clearance:
    report = check_photos(services, [photo], services.policy.use("instagram"), actor, jobs=1)
    return report.clearances[0]


def drawn(services: Services, name: str, tint: float, path: Path) -> None:
    """Put a cap and glasses on the person of a sample."""
    content = (ORIGINALS / name).read_bytes()
    with Image.open(io.BytesIO(content)) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((600, 600))
    made = io.BytesIO()
    picture.save(made, "PNG")
    seen, _ = services.fingerprint_bytes(made.getvalue())
    face = max(seen.faces, key=lambda one: one.quality.size_px)
    covered = COVERED.cap_and_glasses(tint, np.asarray(picture), face)
    Image.fromarray(covered).save(path)


@pytest.mark.parametrize("name", ["obama2.jpg", "obama3.jpg"])
@pytest.mark.parametrize("tint", [0.5, 0.75, 1.0])
def test_who_revoked_does_not_pass_in_a_cap_and_tinted_glasses(
    services: Services, actor: Actor, tmp_path: Path, name: str, tint: float
):
    revoke(services, OBAMA)
    drawn(services, name, tint, tmp_path / "covered.png")

    assert checked(services, actor, tmp_path / "covered.png").decision.verdict in {
        Verdict.BLOCKED,
        Verdict.REVIEW,
    }


@pytest.mark.parametrize("name", ["astronaut.png", "biden.jpg"])
def test_a_stranger_in_a_cap_and_dark_glasses_is_looked_at_and_one_without_is_not(
    services: Services, actor: Actor, tmp_path: Path, name: str
):
    revoke(services, OBAMA)
    drawn(services, name, 0.9, tmp_path / "covered.png")

    covered = checked(services, actor, tmp_path / "covered.png").decision
    assert covered.verdict is Verdict.REVIEW
    assert [reason.code for reason in covered.reasons] == [ReasonCode.UNCOMPARABLE_FACE]
    assert checked(services, actor, ORIGINALS / name).decision.verdict is Verdict.CLEAR
