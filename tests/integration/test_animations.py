"""Animations are looked at as a sheet of the frames that differ, and never pass unseen."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from consent.checking.check import check_photos
from consent.domain.actors import Actor, Role
from consent.domain.decisions import DecisionState
from consent.domain.verdicts import Clearance, ReasonCode, Verdict
from consent.review.decide import decide_sighting
from consent.services import Services
from tests.staff import ANYBODY

SAMPLES = Path("data/samples/originals")
SIZE = (240, 240)
DESK = Actor("d.desk", Role.DESK)


def slide(name: str) -> Image.Image:
    with Image.open(SAMPLES / name) as picture:
        return picture.convert("RGB").resize(SIZE)


def moving(kind: str, frames: Sequence[Image.Image], **options: object) -> bytes:
    buffer = io.BytesIO()
    first, *others = frames
    first.save(buffer, kind, save_all=True, append_images=others, duration=100, **options)
    return buffer.getvalue()


@pytest.fixture
def revoked(revoked_home: Path, open_services) -> Services:
    services: Services = open_services(home=revoked_home)
    return services


@pytest.fixture
def checked(revoked: Services, tmp_path: Path):
    def check(content: bytes, name: str = "post") -> Clearance:
        folder = tmp_path / "posts"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        report = check_photos(
            revoked, [folder / name], revoked.policy.use("instagram"), ANYBODY, jobs=1
        )
        return report.clearances[0]

    return check


def codes(found: Clearance) -> set[str]:
    return {str(reason.code) for reason in found.decision.reasons}


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {"default_image": True}),
        ("WEBP", {}),
        pytest.param("PNG", {}, marks=pytest.mark.slow),
        pytest.param("GIF", {}, marks=pytest.mark.slow),
        pytest.param("AVIF", {}, marks=pytest.mark.slow),
    ],
)
def test_who_shows_only_in_the_third_frame_is_found(checked, kind: str, options: dict[str, object]):
    others = [slide("coffee.png"), slide("coffee.png").rotate(180)]
    hidden = moving(kind, [*others, slide("obama.jpg"), others[0]], **options)
    found = checked(hidden)
    assert found.decision.verdict is Verdict.BLOCKED
    # On the sheet, the third of three frames lies below the first.
    [box] = {reason.box for reason in found.decision.reasons if reason.face is not None}
    assert box is not None
    assert box.y1 > SIZE[1]
    nobody = checked(moving(kind, others, **options), "nobody")
    assert nobody.decision.verdict is Verdict.CLEAR
    assert ReasonCode.SIDE_BY_SIDE in {note.code for note in nobody.decision.notes}


def test_the_default_image_of_a_png_that_browsers_hide_is_looked_at(checked):
    frames = [slide("obama.jpg"), slide("coffee.png"), slide("coffee.png").rotate(90)]
    assert checked(moving("PNG", frames, default_image=True)).decision.verdict is Verdict.BLOCKED


def test_two_people_at_the_same_place_are_both_compared(checked):
    found = checked(moving("WEBP", [slide("astronaut.png"), slide("obama.jpg")]))
    assert found.decision.verdict is Verdict.BLOCKED
    assert len(found.faces) >= 2


def test_a_frame_of_an_animation_that_was_decided_on_is_a_copy_of_it(checked, revoked: Services):
    """Its frames side by side have more spots than one photo has; checks must not end by that."""
    found = checked(moving("WEBP", [slide("coffee.png"), slide("obama.jpg"), slide("biden.jpg")]))
    box = next(reason.box for reason in found.decision.reasons if reason.box is not None)
    decide_sighting(revoked, "R-0001", str(found.sha256), box, DecisionState.CONFIRMED, DESK)

    def part_of(name: str) -> Clearance:
        mirrored = slide(name).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        return checked(moving("PNG", [mirrored.crop((20, 0, *SIZE))]), name)

    assert ReasonCode.NEAR_DUPLICATE in codes(part_of("obama.jpg"))
    assert part_of("coffee.png").decision.verdict is Verdict.CLEAR


def test_a_gif_of_one_frame_is_a_photo(checked):
    found = checked(moving("GIF", [slide("obama.jpg")]))
    assert found.decision.verdict is Verdict.BLOCKED
    assert checked(moving("GIF", [slide("coffee.png")]), "x").decision.verdict is Verdict.CLEAR


@pytest.mark.slow
def test_frames_that_nobody_looked_at_are_never_clear(checked):
    frames = []
    for step in range(24):
        frame = slide("coffee.png")
        ImageDraw.Draw(frame).ellipse((8 * step, 6 * step, 8 * step + 50, 6 * step + 50), "navy")
        frames.append(frame)
    found = checked(moving("PNG", frames))
    assert found.decision.verdict is Verdict.NOT_CHECKED
    assert codes(found) == {ReasonCode.FRAMES_NOT_SEEN}
    [reason] = found.decision.reasons
    assert reason.detail == "9 of its 24"
    # Whoever is in one that was looked at is found all the same.
    both = checked(moving("PNG", [slide("obama.jpg"), *frames]), "both")
    assert both.decision.verdict is Verdict.BLOCKED
    assert ReasonCode.FRAMES_NOT_SEEN in codes(both)


@pytest.mark.parametrize(
    "kind",
    ["PNG", "WEBP", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("GIF", "AVIF"))],
)
def test_a_damaged_later_frame_is_not_checked(checked, kind: str):
    frames = [slide("coffee.png"), slide("coffee.png").rotate(90), slide("coffee.png").rotate(180)]
    content = bytearray(moving(kind, frames))
    at = int(len(content) * 0.9)
    noise = np.random.default_rng(3).integers(0, 255, 200, np.uint8).tobytes()
    content[at : at + len(noise)] = noise
    found = checked(bytes(content))
    assert found.decision.verdict is Verdict.NOT_CHECKED
    assert codes(found) == {ReasonCode.UNREADABLE}
    cut = checked(bytes(moving(kind, frames)[:at]), "cut")
    assert cut.decision.verdict is Verdict.NOT_CHECKED
