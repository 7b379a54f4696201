"""Portraits in black and white alone, in two colors, or in one channel do not pass unseen."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageFilter

from consent.checking.check import check_photos
from consent.domain.actors import Actor
from consent.domain.verdicts import Decision, ReasonCode, Verdict
from consent.services import Services
from consent.settings import ROOT
from tests.revocations import OBAMA, revoke

pytestmark = pytest.mark.slow

ORIGINALS = ROOT / "data" / "samples" / "originals"
BLACK_ON_WHITE = ((0, 0, 0), (255, 255, 255))
NAVY_ON_CREAM = ((20, 30, 90), (250, 240, 210))


def sample(name: str) -> Image.Image:
    with Image.open(ORIGINALS / name) as opened:
        photo = opened.convert("RGB")
    photo.thumbnail((700, 700))
    return photo


def printed(
    photo: Image.Image, cuts: tuple[int, ...], inks: tuple[tuple[int, ...], ...]
) -> Image.Image:
    """Draw a photo in as many inks as its grays are cut into."""
    gray = np.asarray(photo.convert("L").filter(ImageFilter.GaussianBlur(0.7)))
    return Image.fromarray(np.array(inks, np.uint8)[np.digitize(gray, cuts)])


def checked(services: Services, actor: Actor, photo: Path) -> Decision:
    report = check_photos(services, [photo], services.policy.use("instagram"), actor, jobs=1)
    return report.clearances[0].decision


@pytest.mark.parametrize(
    ("name", "cuts", "inks", "ending"),
    [
        pytest.param("obama2.jpg", (100,), BLACK_ON_WHITE, "png", id="stencil"),
        pytest.param("obama2.jpg", (120,), BLACK_ON_WHITE, "jpg", id="photocopy"),
        pytest.param("obama2.jpg", (100,), NAVY_ON_CREAM, "png", id="two colors"),
        pytest.param(
            "astronaut.png", (90, 180), ((0,) * 3, (127,) * 3, (255,) * 3), "png", id="three tones"
        ),
    ],
)
def test_a_portrait_in_few_tones_is_looked_at(
    services: Services, actor: Actor, tmp_path: Path, name: str, cuts, inks, ending: str
):
    revoke(services, ORIGINALS / "biden.jpg")
    poster = tmp_path / f"poster.{ending}"
    printed(sample(name), cuts, inks).save(poster)

    decision = checked(services, actor, poster)

    assert decision.verdict is Verdict.REVIEW
    assert {reason.code for reason in decision.reasons} == {ReasonCode.UNCOMPARABLE_FACE}


def test_a_photocopied_portrait_is_for_a_person_to_look_at(
    services: Services, actor: Actor, tmp_path: Path
):
    """Cut out and enlarged, so that the detector is not sure of it."""
    revoke(services, OBAMA)
    with Image.open(ORIGINALS / "biden.jpg") as opened:
        size = 700, round(opened.height * 700 / opened.width)
        part = opened.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    part = part.crop((180, 20, 560, 520)).resize((760, 1000))
    gray = cv2.GaussianBlur(np.asarray(part.convert("L")), (5, 5), 0)
    black = cv2.adaptiveThreshold(
        gray, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, 101, 4
    )
    copied = tmp_path / "copied.tif"
    Image.fromarray(black).convert("1").save(copied, compression="group4")

    assert checked(services, actor, copied).verdict is Verdict.REVIEW


@pytest.mark.parametrize(
    ("channel", "rest"),
    [(0, 0), (2, 0), (2, 255)],
    ids=["red on black", "blue on black", "yellow on white"],
)
def test_who_revoked_is_found_in_one_channel(
    services: Services, actor: Actor, tmp_path: Path, channel: int, rest: int
):
    """Under the colored light of a stage, or printed in one ink."""
    revoke(services, OBAMA)
    pixels = np.full_like(np.asarray(sample("obama2.jpg")), rest)
    pixels[:, :, channel] = np.asarray(sample("obama2.jpg"))[:, :, channel]
    lit = tmp_path / "lit.png"
    Image.fromarray(pixels).save(lit)

    assert ReasonCode.FACE in {reason.code for reason in checked(services, actor, lit).reasons}


def test_who_revoked_is_found_under_blue_light_in_a_part_of_a_photo(
    services: Services, actor: Actor, tmp_path: Path
):
    revoke(services, OBAMA)
    lit = np.asarray(sample("obama2.jpg")) * np.array((0, 0, 1), np.uint8)
    beside = np.asarray(sample("coffee.png").resize(lit.shape[1::-1]))
    stage = tmp_path / "stage.png"
    Image.fromarray(np.concatenate([beside, lit], axis=1)).save(stage)

    assert ReasonCode.FACE in {reason.code for reason in checked(services, actor, stage).reasons}


def test_a_stranger_in_shades_of_gray_or_one_channel_is_not_held(
    services: Services, actor: Actor, tmp_path: Path
):
    revoke(services, OBAMA)
    gray, blue = tmp_path / "gray.png", tmp_path / "blue.png"
    sample("astronaut.png").convert("L").save(gray)
    Image.fromarray(np.asarray(sample("astronaut.png")) * np.array((0, 0, 1), np.uint8)).save(blue)

    assert checked(services, actor, gray).verdict is Verdict.CLEAR
    assert checked(services, actor, blue).verdict is Verdict.CLEAR
