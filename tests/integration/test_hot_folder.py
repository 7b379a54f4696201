"""The gate: whatever is dropped into a folder ends in exactly one place, killed or not."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from consent.cases.references import photo_named
from consent.domain.decisions import DecisionState
from consent.domain.errors import BadInputError
from consent.exporting.gate import Gate, Passed, Watched, require_gate, wait_for_gate
from consent.indexing.index import IndexRequest, index_photos
from consent.review.decide import decide_sighting
from consent.services import Services
from consent.settings import ROOT
from tests.revocations import revoke
from tests.staff import ANYBODY

COFFEE = ROOT / "data" / "samples" / "originals" / "coffee.png"


def small(path: Path, seed: int) -> Path:
    """A photo of nobody, whose fingerprint takes milliseconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).integers(0, 255, (48, 48, 3), np.uint8)
    Image.fromarray(noise).resize((96, 96)).save(path)
    return path


@pytest.fixture
def gate(services: Services, tmp_path: Path) -> Gate:
    """A gate in a library in which one person has revoked, who is in the photo of seed 1."""
    shown = small(tmp_path / "known" / "shown.png", 1)
    revoke(services, name="Zebulon Quirk")
    index_photos(services, IndexRequest([shown], jobs=1), ANYBODY)
    sha256 = photo_named(services, str(shown))
    decide_sighting(services, "R-0001", sha256, None, DecisionState.CONFIRMED, ANYBODY)
    incoming = tmp_path / "in"
    incoming.mkdir()
    return Gate(incoming, tmp_path / "out", tmp_path / "held", services.policy.use("instagram"))


def run(services: Services, gate: Gate, **more: object) -> list[Passed]:
    heard: list[Passed] = []

    def told(passed: object, watched: Watched) -> None:
        assert not watched.failed
        heard.extend(passed)  # type: ignore[arg-type]

    given: dict[str, object] = {"watch": False, "pause": lambda: None, "told": told} | more
    wait_for_gate(services, gate, lambda: ANYBODY, jobs=1, **given)  # type: ignore[arg-type]
    return heard


def files(*folders: Path) -> list[str]:
    """Every file that is no report, by name; one that lies in two places stands there twice."""
    return sorted(
        path.relative_to(folder).as_posix()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".txt"
    )


def test_what_is_cleared_goes_on_and_all_else_is_held_with_a_report(
    services: Services, gate: Gate
) -> None:
    small(gate.incoming / "card" / "a.png", 2)
    small(gate.incoming / "shown.png", 1)
    (gate.incoming / "broken.png").write_bytes(COFFEE.read_bytes()[:9000])
    (gate.incoming / "notes.doc").write_bytes(b"no photo")
    (gate.incoming / ".DS_Store").write_bytes(b"litter")

    passed = run(services, gate)

    assert {put.name: put.cleared for put in passed} == {
        "card/a.png": True,
        "shown.png": False,
        "broken.png": False,
        "notes.doc": False,
    }
    assert files(gate.incoming) == [".DS_Store"]
    assert files(gate.cleared) == ["card/a.png"]
    assert files(gate.held) == ["broken.png", "notes.doc", "shown.png"]
    report = (gate.held / "shown.png.txt").read_text(encoding="utf-8")
    assert report.startswith(
        "shown.png\nDo not use (Instagram)\n\nThe person in R-0001 was confirmed"
    )
    assert "Quirk" not in report
    assert "Not checked" in (gate.held / "broken.png.txt").read_text(encoding="utf-8")
    with services.reading() as unit:
        places = {place for _, place in unit.photos.places_starting("")}
    assert str(gate.cleared / "card" / "a.png") in places
    assert not any(place.startswith(str(gate.incoming)) for place in places)


def test_clean_copies_go_on_where_they_are_asked_for(services: Services, gate: Gate) -> None:
    photo = small(gate.incoming / "card" / "a.png", 2)
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    with Image.open(photo) as opened:
        opened.save(photo, exif=exif)
    before = photo.read_bytes()
    with pytest.raises(BadInputError, match="add --copy"):
        require_gate(replace(gate, strip=True))
    clean = replace(gate, keep=True, strip=True)

    (passed,) = run(services, clean)

    assert (passed.cleared, passed.path) == (True, gate.cleared / "card" / "a.jpg")
    with Image.open(passed.path) as copy:
        assert not copy.getexif()
    assert photo.read_bytes() == before
    run(services, clean)
    assert files(gate.cleared, gate.held) == ["card/a.jpg"], "also after a restart"
    # It is known of which photo it is, and goes when that is held.
    sha256 = photo_named(services, str(photo))
    decide_sighting(services, "R-0001", sha256, None, DecisionState.CONFIRMED, ANYBODY)
    run(services, clean)
    assert files(gate.cleared, gate.held) == ["card/a.png"]


def test_a_file_is_waited_for_until_it_is_whole(services: Services, gate: Gate) -> None:
    content = small(gate.incoming.parent / "whole.png", 3).read_bytes()
    growing = gate.incoming / "growing.png"
    parts = [content[:300], content[300:600], content[600:]]
    looks: list[int] = []

    def arrives() -> None:
        looks.append(len(files(gate.cleared, gate.held)))
        # It stands still for three looks in the middle, as a slow network does.
        if parts and len(looks) % 4 == 0:
            with growing.open("ab") as file:
                file.write(parts.pop(0))

    growing.touch()
    run(services, gate, pause=arrives)

    assert not parts, "the rest came before it was given up"
    assert (gate.cleared / "growing.png").read_bytes() == content
    assert max(looks) == 0


def test_a_copy_stays_where_it_was_dropped_and_goes_through_once(
    services: Services, gate: Gate
) -> None:
    small(gate.incoming / "a.png", 2)
    keeping = Gate(gate.incoming, gate.cleared, gate.held, gate.use, keep=True)

    assert len(run(services, keeping)) == 1
    run(services, keeping)

    assert files(gate.incoming, gate.cleared, gate.held) == ["a.png", "a.png"]
    # Another photo of that name does not take its place.
    small(gate.incoming / "a.png", 4)
    run(services, gate)
    assert files(gate.cleared) == ["a (2).png", "a.png"]


def test_what_was_cleared_before_is_taken_back_when_it_is_dropped_again(
    services: Services, gate: Gate
) -> None:
    small(gate.incoming / "a.png", 2)
    run(services, gate)
    sha256 = photo_named(services, str(gate.cleared / "a.png"))
    decide_sighting(services, "R-0001", sha256, None, DecisionState.CONFIRMED, ANYBODY)
    small(gate.incoming / "a.png", 2)

    run(services, gate)

    assert files(gate.incoming, gate.cleared) == []
    assert files(gate.held) == ["a.png"]


def test_nobody_in_the_register_clears_nothing(services: Services, tmp_path: Path) -> None:
    small(tmp_path / "in" / "a.png", 2)
    use = services.policy.use("instagram")
    empty = Gate(tmp_path / "in", tmp_path / "out", tmp_path / "held", use)
    (put,) = run(services, empty)
    assert (put.cleared, put.words) == (False, "Nothing to compare with")


def test_folders_that_would_feed_one_another_are_refused(services: Services, gate: Gate) -> None:
    for cleared in (gate.incoming, gate.incoming / "ready", gate.incoming.parent):
        with pytest.raises(BadInputError, match="three separate folders"):
            require_gate(Gate(gate.incoming, cleared, gate.held, gate.use))
    with pytest.raises(BadInputError, match="There is no folder"):
        require_gate(Gate(gate.incoming / "x", gate.cleared, gate.held, gate.use))


class _KilledError(BaseException):
    """The program ends here, as under kill -9."""


@pytest.mark.slow
def test_killed_at_any_step_it_goes_on_and_every_file_is_in_one_place(
    services: Services, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run is killed one step later than the one before, until one comes through."""
    real = {name: getattr(Path, name) for name in ("open", "replace", "unlink", "write_text")}
    left = [0]

    def killing(name: str):
        def step(path: Path, *args: object, **more: object) -> object:
            if path.is_relative_to(gate.incoming.parent) and "known" not in path.parts:
                left[0] -= 1
                if left[0] == 0:
                    raise _KilledError
            return real[name](path, *args, **more)

        return step

    for steps in range(1, 60):
        for seed, name in ((1, "shown.png"), (2, "a.png"), (5, "card/b.png")):
            if not any((folder / name).exists() for folder in (gate.cleared, gate.held)):
                small(gate.incoming / name, seed)
        with monkeypatch.context() as patch:
            for name in real:
                patch.setattr(Path, name, killing(name))
            left[0] = steps
            try:
                run(services, gate)
            except _KilledError:
                assert not set(files(gate.cleared)) & set(files(gate.held))
                continue
        break
    assert 5 < steps < 59
    assert files(gate.incoming) == []
    assert files(gate.cleared) == ["a.png", "card/b.png"]
    assert files(gate.held) == ["shown.png"]
    assert (gate.held / "shown.png.txt").is_file()


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("count", [30, pytest.param(500, marks=pytest.mark.bench)])
def test_killed_ten_times_while_files_arrive_in_pieces(
    services: Services, gate: Gate, tmp_path: Path, count: int
) -> None:
    made = [small(tmp_path / "known" / f"{number}.png", 100 + number) for number in range(count)]
    contents = {path.name: path.read_bytes() for path in made}
    contents["shown.png"] = (tmp_path / "known" / "shown.png").read_bytes()
    chance = random.Random(7)

    def arrive() -> None:
        waiting = {name: [content[:400], content[400:]] for name, content in contents.items()}
        while waiting:
            for name in chance.sample(sorted(waiting), min(20, len(waiting))):
                with (gate.incoming / name).open("ab") as file:
                    file.write(waiting[name].pop(0))
                if not waiting[name]:
                    del waiting[name]
            time.sleep(0.3)

    command = [
        sys.executable,
        "-m",
        "consent.cli",
        "gate",
        str(gate.incoming),
        "--use",
        "instagram",
    ]
    command += ["--cleared", str(gate.cleared), "--held", str(gate.held), "--every", "0.5"]
    environment = {
        **os.environ,
        "LIKENESS_HOME": str(services.settings.home),
        "LIKENESS_DATABASE_URL": services.settings.url,
        "LIKENESS_JOBS": "1",
    }
    arriving = threading.Thread(target=arrive)
    arriving.start()
    for _ in range(10):
        with subprocess.Popen([*command, "--watch"], env=environment) as process:
            time.sleep(chance.uniform(4, 9))
            process.send_signal(signal.SIGKILL)
    arriving.join()
    ended = subprocess.run(command, env=environment, check=False)

    assert ended.returncode in {0, 1}
    assert files(gate.incoming, gate.cleared, gate.held) == sorted(contents)
    assert files(gate.held) == ["shown.png"]
    for name in contents.keys() - {"shown.png"}:
        assert (gate.cleared / name).read_bytes() == contents[name]
    assert not list(tmp_path.rglob(".likeness-gate-*"))
