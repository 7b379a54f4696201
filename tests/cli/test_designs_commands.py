"""A photo that somebody was confirmed in is found on a flyer and in a collage, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import delete

from consent.domain.review import Pair, PairKind
from consent.review.pairs import view_pair
from consent.services import Services
from media_index.bench.designs import DESIGNS
from media_index.storage.tables import DesignFeaturesRow
from tests.cli.command_cases import ORIGINALS, REVOKE, Run
from tests.staff import ANYBODY

COFFEE, OTHERS = ORIGINALS / "coffee.png", ("obama.jpg", "astronaut.png", "biden.jpg")


def opened(name: str) -> Image.Image:
    with Image.open(ORIGINALS / name) as image:
        return image.convert("RGB")


@pytest.fixture
def seen_from_behind(run: Run, tmp_path: Path) -> Path:
    """A photo with nobody's face in it, in which R-0001 was confirmed."""
    photo = tmp_path / "archive" / "coffee.jpg"
    photo.parent.mkdir()
    opened("coffee.png").save(photo, quality=92)
    assert run("index", photo.parent).code == 0
    assert run(*REVOKE).code == 0
    confirm = ["review", "decide", photo, "--revocation", "R-0001", "--state", "confirmed"]
    assert run(*confirm).code == 0
    return photo


@pytest.mark.parametrize(
    "name",
    ["flyer, 25 % of its width", "a circle on a flyer, 40 % of its width", "collage of nine"],
)
def test_a_design_with_a_photo_of_somebody_who_revoked_is_held(
    run: Run, seen_from_behind: Path, tmp_path: Path, name: str, services: Services
):
    folder = tmp_path / "tomorrow"
    folder.mkdir()
    others = [opened(other) for other in OTHERS]
    DESIGNS[name](opened("coffee.png"), others).save(folder / "design.png")
    DESIGNS[name](others[2], others[:2]).save(folder / "without.png")

    answer = run("check", folder, "--use", "facebook", "--json")

    found = {Path(photo["path"]).name: photo for photo in answer.data["photos"]}
    codes = {name: [reason["code"] for reason in photo["reasons"]] for name, photo in found.items()}
    design = found["design.png"]
    assert design["verdict"] == "REVIEW"
    # Beside the question stands the photo that it may be made of, to be compared by eye.
    view = view_pair(services, Pair(PairKind.COPY, design["sha256"], label="R-0001"), ANYBODY)
    first = view.references[0]
    assert first.words == "coffee.jpg: the person was confirmed in it"
    assert first.picture is not None
    assert "near_duplicate" in codes["design.png"]
    assert "near_duplicate" not in codes["without.png"]


def test_a_design_indexed_by_an_older_version_is_looked_into_when_it_is_checked(
    run: Run, seen_from_behind: Path, tmp_path: Path, services: Services
):
    folder = tmp_path / "tomorrow"
    folder.mkdir()
    DESIGNS["flyer, 25 % of its width"](opened("coffee.png"), []).save(folder / "design.png")
    assert run("index", folder).code == 0
    with services.writing() as unit:
        unit.photos._session.exec(delete(DesignFeaturesRow))
        unit.commit()

    answer = run("check", folder, "--use", "facebook", "--json")

    assert [photo["verdict"] for photo in answer.data["photos"]] == ["REVIEW"]
