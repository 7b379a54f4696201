"""likeness export: copies of what stands cleared, and of nothing else."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from consent.bootstrap import services_from_environment
from consent.cases.references import photo_named
from consent.exporting import export as exporting
from consent.exporting.export import PhotoToExport, export_copies
from consent.jobs import runner
from consent.jobs.check import check_uploads, run_check
from consent.publishing.originals import find_originals
from media_index.hashing.perceptual import sha256_hex
from media_index.types import FoundBy
from tests.cli.command_cases import ORIGINALS, REVOKE, Run, refused
from tests.staff import ANYBODY

BIDEN, OBAMA2, COFFEE = (ORIGINALS / name for name in ("biden.jpg", "obama2.jpg", "coffee.png"))
FLAGGED = 1
REFERENCE = ["--photo", ORIGINALS / "obama.jpg", "--keep-face"]


def listed(content: bytes) -> dict[str, dict[str, str]]:
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return {row["file"]: row for row in rows}


def test_what_is_cleared_is_copied_and_the_rest_is_named(run: Run, revoked: Path, tmp_path: Path):
    folder = tmp_path / "today"
    (folder / "card 2").mkdir(parents=True)
    for photo, name in ((BIDEN, "a.jpg"), (OBAMA2, "b.jpg"), (COFFEE, "card 2/c.png")):
        (folder / name).write_bytes(photo.read_bytes())
    (folder / "broken.jpg").write_bytes(BIDEN.read_bytes()[:5000])
    to = tmp_path / "ready.zip"

    said = run("export", folder, "--use", "instagram", "--to", to)

    assert said.code == 3, "one could not be checked"
    assert "Left out: b.jpg: Do not use" in said.out
    assert "Left out: broken.jpg: Not checked" in said.out
    assert said.out.splitlines()[-1].startswith(f"2 exported to {to}, 2 left out.")
    with zipfile.ZipFile(to) as bundle:
        assert set(bundle.namelist()) == {"a.jpg", "card 2/c.jpg", "photos.csv"}
        rows = listed(bundle.read("photos.csv"))
        with Image.open(io.BytesIO(bundle.read("a.jpg"))) as copy:
            assert max(copy.size) <= 1440
    assert rows["a.jpg"]["verdict"] == "No match found"
    assert rows["b.jpg (left out)"]["verdict"] == "Do not use"
    assert rows["a.jpg"]["check"].startswith("register version ")
    assert len(rows["a.jpg"]["day"]) == len("2026-05-20")
    refused(run("export", folder, "--use", "instagram", "--to", to), "already exists")
    refused(run("export", folder, "--use", "instagram", "--to", folder), "is not empty")


def test_the_copy_is_known_when_it_comes_back(run: Run, indexed: Path, tmp_path: Path):
    """A revocation of the photo holds for the copy, and for what Instagram makes of it."""
    to = tmp_path / "ready"
    run("export", OBAMA2, COFFEE, "--use", "instagram", "--to", to, "--json")
    copy = to / "obama2.jpg"
    services = services_from_environment()
    picture = services.fingerprint_file(copy)
    original = find_originals(services, [picture])[picture.sha256]
    assert (original.photo_sha256, original.by) == (
        photo_named(services, str(OBAMA2)),
        FoundBy.BYTES,
    )
    with Image.open(copy) as opened:
        opened.resize((640, round(640 * opened.height / opened.width))).save(
            to / "from-instagram.jpg", quality=70
        )

    run(*REVOKE)
    decide = ["review", "decide", OBAMA2, "--revocation", "R-0001", "--state", "confirmed"]
    assert run(*decide).code == 0

    for name in ("obama2.jpg", "from-instagram.jpg"):
        (photo,) = run("check", to / name, "--use", "instagram", "--json").data["photos"]
        assert photo["verdict"] == "BLOCKED", name


def test_a_photo_revoked_while_copies_are_made_is_not_handed_out(
    run: Run, indexed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    run("check", OBAMA2, BIDEN, "--use", "instagram")
    services = services_from_environment()
    use = services.policy.use("instagram")
    photos = [
        PhotoToExport(path.name, str(path), photo_named(services, str(path)))
        for path in (OBAMA2, BIDEN)
    ]
    judge, asked = exporting.judge_photos, []

    def revoked_meanwhile(*args: object, **more: object):
        report = judge(*args, **more)
        if not asked:
            asked.append(1)
            run(*REVOKE, *REFERENCE)
        return report

    monkeypatch.setattr(exporting, "judge_photos", revoked_meanwhile)

    export = export_copies(services, photos, use, tmp_path / "out", ANYBODY)

    assert [copy.name for copy in export.copies] == ["biden.jpg"]
    assert [(left.name, left.words) for left in export.left_out] == [("obama2.jpg", "Do not use")]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"biden.jpg", "photos.csv"}


def test_a_file_that_is_another_by_now_is_left_out(run: Run, indexed: Path, tmp_path: Path):
    photo = tmp_path / "photo.png"
    photo.write_bytes(COFFEE.read_bytes())
    run("check", photo, "--use", "instagram")
    services = services_from_environment()
    sha256 = sha256_hex(photo.read_bytes())
    with services.writing() as unit:
        unit.photos.forget([str(COFFEE)])
        unit.commit()
    photo.write_bytes(OBAMA2.read_bytes())

    export = export_copies(
        services,
        [PhotoToExport("photo.png", str(photo), sha256)],
        services.policy.use("instagram"),
        tmp_path / "out",
        ANYBODY,
    )

    assert export.copies == ()
    assert "is gone or was changed" in export.left_out[0].reasons[0]


def test_the_photos_of_a_check_on_the_page_are_exported(
    run: Run, revoked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """What was dropped is kept for a day, under the names that it was dropped by."""
    monkeypatch.setattr(runner, "_start_process", lambda _: None)
    services = services_from_environment()
    dropped = [
        ("card 1/IMG_1.jpg", io.BytesIO(BIDEN.read_bytes())),
        ("card 2/IMG_1.jpg", io.BytesIO(OBAMA2.read_bytes())),
    ]
    check = check_uploads(services, dropped, services.policy.use("facebook"), ANYBODY)
    refused(run("export", "--check", check, "--to", tmp_path / "early"), "is not done")
    run_check(services, check)

    said = run("export", "--check", check, "--to", tmp_path / "out", "--json")

    assert said.code == FLAGGED
    assert [copy["file"] for copy in said.data["copies"]] == ["card 1/IMG_1.jpg"]
    assert [left["file"] for left in said.data["left_out"]] == ["card 2/IMG_1.jpg"]
    assert said.data["check"] == check
    assert (tmp_path / "out" / "card 1" / "IMG_1.jpg").is_file()
    refused(run("export", "--to", tmp_path / "x"), "not both")
    refused(run("export", BIDEN, "--to", tmp_path / "x"), "Say what the copies are for")
