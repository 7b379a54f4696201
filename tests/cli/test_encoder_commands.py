"""Another encoder, from the settings to its use and back: SFace's own file under another name."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from consent.bootstrap import services_from_environment
from consent.retention.proof import verify_log
from media_index.bench.encoded import MODELS, People, name_of
from media_index.bench.fitting import QUALITY, fit
from media_index.bench.setting import BenchError
from media_index.faces.encode import DLIB, SFACE
from media_index.faces.onnx_encoder import model_file
from media_index.faces.weights import SFACE_WEIGHTS
from media_index.files.pool import IN_FLIGHT
from media_index.fingerprinting import Fingerprinter
from media_index.hashing.perceptual import sha256_hex
from media_index.matching.calibration import Calibration, ModelScale, shipped_calibration
from tests.cli.command_cases import ORIGINALS, Run, refused
from tests.turned_photos import turned_otherwise

# Encodes photos again and again; .ci/run runs it.
pytestmark = pytest.mark.slow

OBAMA2 = ORIGINALS / "obama2.jpg"
BIDEN = ORIGINALS / "biden.jpg"
Choose = Callable[..., str]


@pytest.fixture
def choose(tmp_path: Path, weights: Path, monkeypatch: pytest.MonkeyPatch) -> Choose:
    """Set another encoder, alone or with the shipped ones; return its model's id."""

    def set_up(*others: str, name: str = "other") -> str:
        file = tmp_path / f"{name}.onnx"
        shutil.copy(weights / SFACE_WEIGHTS.name, file)
        model = model_file(file).model_id
        shipped = shipped_calibration()
        scales = {model: shipped.scales[SFACE], **{one: shipped.scales[one] for one in others}}
        calibration = replace(shipped, id=f"{name}-2026-11-24", scales=scales)
        write(tmp_path / f"{name}.json", calibration)
        monkeypatch.setenv("LIKENESS_ENCODER", str(file))
        monkeypatch.setenv("LIKENESS_ENCODER_CALIBRATION", str(tmp_path / f"{name}.json"))
        services_from_environment.cache_clear()
        return model

    return set_up


def write(path: Path, calibration: Calibration) -> None:
    path.write_text(calibration.as_json())


def verdict(run: Run, photo: Path) -> str:
    return str(run("check", photo, "--use", "facebook", "--json").data["photos"][0]["verdict"])


def hits(run: Run) -> dict[str, tuple[float, str | None]]:
    """Return score and decision of each photo in which the revoked person's face was found."""
    found = run("sweep", "R-0001", "--json").data["photos"]
    return {one["sha256"]: (one["score"], one["state"]) for one in found if one["signal"] == "face"}


def encoder(run: Run) -> dict:
    found = run("status", "--json").data["encoder"]
    assert isinstance(found, dict)
    return found


def stopping_after(count: int) -> Callable[..., object]:
    """Return work that is interrupted, as by Ctrl-C, after some photos."""
    done = 0
    encodings = Fingerprinter.custom_encodings

    def stop(models: Fingerprinter, *known: object) -> object:
        nonlocal done
        done += 1
        if done > count:
            raise KeyboardInterrupt
        return encodings(models, *known)  # type: ignore[arg-type]

    return stop


def decide(run: Run, photo: str, state: str) -> None:
    """Decide on the face of a photo that a sweep finds."""
    [box] = [
        one["box"]
        for one in run("sweep", "R-0001", "--json").data["photos"]
        if one["sha256"] == photo
    ]
    words = ["--revocation", "R-0001", "--state", state, "--box", ",".join(map(str, box))]
    assert run("review", "decide", photo, *words).code == 0


def test_the_former_encoders_are_used_until_all_is_encoded(
    run: Run, revoked: Path, choose: Choose, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run("status", "--json").data
    assert (before["encoder"], before["compared_by"]) == (None, [DLIB, SFACE])
    found = hits(run)

    model = choose()
    waiting = encoder(run)
    assert (waiting["model"], waiting["in_use"], waiting["problem"]) == (model, False, None)
    assert (waiting["faces_encoded"], waiting["reference_faces_encoded"]) == (0, 0)
    assert waiting["faces"] > 20
    with monkeypatch.context() as patch:
        patch.setattr("consent.indexing.reencode._BATCH", 1)
        patch.setattr(Fingerprinter, "custom_encodings", stopping_after(IN_FLIGHT + 4))
        stopped = run("renew", "--encoder")

    # What was encoded is kept, and the former ones are in use.
    assert stopped.code == 130
    halfway = run("status", "--json").data
    done = halfway["encoder"]["faces_encoded"]
    assert 0 < done < waiting["faces"]
    assert (halfway["compared_by"], halfway["not_compared"]) == ([DLIB, SFACE], 0)
    assert halfway["register_version"] == before["register_version"]
    assert hits(run) == found
    assert verdict(run, OBAMA2) == "BLOCKED"

    # Run again it goes on where it was, and is in use.
    finished = run("renew", "--encoder", "--json")
    assert finished.code == 0, finished.err
    assert finished.data["faces"] == waiting["faces"] - done
    assert (finished.data["reference_faces"], finished.data["in_use"]) == (1, True)
    assert (finished.data["photos_left"], finished.data["lost"]) == (0, [])
    assert "non-commercial research" in finished.err
    after = run("status", "--json").data
    assert (after["compared_by"], after["not_compared"]) == ([model], 0)
    assert after["encoder"]["in_use"] is True
    assert after["register_version"] > before["register_version"]
    assert verdict(run, OBAMA2) == "BLOCKED"
    assert run("renew", "--encoder", "--json").data["faces"] == 0


@pytest.fixture
def seen_otherwise(tmp_path: Path) -> Path:
    """A folder of photos in which a face is found only in another look at the picture."""
    folder = tmp_path / "otherwise"
    folder.mkdir()
    with Image.open(OBAMA2) as opened:
        photo = opened.convert("RGB")
    gray = photo.convert("L")
    ImageOps.invert(photo).save(folder / "negative.jpg")
    blue = Image.merge("RGB", (Image.new("L", photo.size, 9), Image.new("L", photo.size, 0), gray))
    blue.save(folder / "blue.png")
    white = Image.merge("LA", (Image.new("L", photo.size, 255), gray))
    white.save(folder / "on-black.png")
    dots = gray.resize((gray.width * 2, gray.height * 2)).convert("1")
    dots.save(folder / "dots.png")
    (folder / "turned.jpg").write_bytes(
        turned_otherwise(photo.rotate(90, expand=True), "sideways.jpg")
    )
    frames = [photo, Image.new("RGB", photo.size, "white"), ImageOps.invert(photo)]
    frames[0].save(folder / "frames.png", save_all=True, append_images=frames[1:], duration=99)
    return folder


def test_a_face_is_encoded_later_as_it_was_seen_when_it_was_found(
    run: Run, revoked: Path, choose: Choose, seen_otherwise: Path
) -> None:
    """By the pixels that the other encoders had: the custom one is SFace, and sees the same."""
    assert run("index", seen_otherwise).code == 0
    found = hits(run)
    model = choose()

    assert run("renew", "--encoder", "--json").data["photos_left"] == 0

    shas = {sha256_hex(file.read_bytes()): file.name for file in seen_otherwise.iterdir()}
    assert {name for sha256, name in shas.items() if sha256 not in found} == set()
    with services_from_environment().reading() as unit:
        indexed = unit.photos.fingerprints(list(found))
    alike = {
        (shas.get(sha256, sha256), face.index): float(face.encodings[model] @ face.encodings[SFACE])
        for sha256, photo in indexed.items()
        for face in photo.faces
    }
    assert {face: score for face, score in alike.items() if score < 0.99} == {}
    assert set(hits(run)) == set(found)


def test_decisions_are_kept_and_one_can_go_back(run: Run, revoked: Path, choose: Choose) -> None:
    confirmed, rejected = sorted(hits(run))[:2]
    decide(run, confirmed, "confirmed")
    decide(run, rejected, "rejected")
    found = hits(run)
    decisions = {photo: state for photo, (_, state) in found.items() if state}
    assert {confirmed, rejected} <= set(decisions)

    choose()
    run("renew", "--encoder")

    now = hits(run)
    assert {photo: state for photo, (_, state) in now.items() if state} == decisions
    assert {score for score, _ in now.values()} != {score for score, _ in found.values()}
    # The former encodings are still there.
    back = run("calibrate", "--back", "--reason", "Too many flags", "--json")
    assert back.data["calibration"] == shipped_calibration().id
    assert hits(run) == found
    assert run("status", "--json").data["not_compared"] == 0
    assert encoder(run)["in_use"] is False
    with services_from_environment().reading() as unit:
        actions = [one.action for one in unit.audit.entries()]
    assert verify_log(services_from_environment()).faults == ()
    assert actions.count("calibration:changed") == 2
    assert "index:encoded" in actions


def test_new_photos_are_encoded_by_old_and_new_side_by_side(
    run: Run, revoked: Path, choose: Choose, tmp_path: Path
) -> None:
    model = choose(DLIB, SFACE)
    run("renew", "--encoder")
    shutil.copy(ORIGINALS / "astronaut.png", tmp_path / "new.png")
    with (tmp_path / "new.png").open("ab") as file:
        file.write(b" ")

    assert run("index", tmp_path / "new.png").code == 0

    state = encoder(run)
    assert state["faces_encoded"] == state["faces"]
    assert run("status", "--json").data["compared_by"] == [model, DLIB, SFACE]
    [photo] = run("check", tmp_path / "new.png", "--use", "facebook", "--json").data["photos"]
    assert photo["faces"]["not_compared"] == 0
    # Measured anew, the same encoder is used by its new calibration.
    measured = replace(services_from_environment().calibration, id="measured-anew")
    write(tmp_path / "other.json", measured)
    assert run("renew", "--encoder").code == 0
    assert services_from_environment().calibration.id == "measured-anew"
    back = run("calibrate", "--back", "--reason", "Doubt", "--json").data
    assert back["calibration"] == "other-2026-11-24"
    assert run("status", "--json").data["not_compared"] == 0


def test_what_is_encoded_later_is_found_by_the_files_of_vectors_too(
    run: Run, revoked: Path, choose: Choose, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(OBAMA2, tmp_path / "late.jpg")
    with (tmp_path / "late.jpg").open("ab") as file:
        file.write(b" ")
    choose()
    run("renew", "--encoder")
    found = hits(run)
    # Indexed by a process that knows nothing of the encoder in use.
    with monkeypatch.context() as patch:
        patch.delenv("LIKENESS_ENCODER")
        services_from_environment.cache_clear()
        run("index", tmp_path / "late.jpg")
        assert set(hits(run)) == set(found)
        said = run("status")
        assert "Nothing encodes new photos by onnx:other:" in said.out
        assert run("status", "--json").data["not_compared"] == 1
    services_from_environment.cache_clear()
    version = run("status", "--json").data["register_version"]

    late = run("renew", "--encoder", "--json").data

    assert (late["faces"], late["in_use"]) == (1, True)
    assert len(hits(run)) == len(found) + 1
    # What was checked before is to be checked again.
    assert run("status", "--json").data["register_version"] > version


def test_with_a_photo_that_is_gone_it_is_in_use_only_when_that_is_said(
    run: Run, revoked: Path, choose: Choose, tmp_path: Path
) -> None:
    photo = tmp_path / "gone.png"
    shutil.copy(BIDEN, photo)
    with photo.open("ab") as file:
        file.write(b" ")
    run("index", photo)
    photo.unlink()
    choose()

    waiting = run("renew", "--encoder", "--json")

    assert waiting.code == 3
    assert (waiting.data["in_use"], waiting.data["photos_left"]) == (False, 1)
    assert run("status", "--json").data["compared_by"] == [DLIB, SFACE]
    assert "--even-so" in run("renew", "--encoder").out
    used = run("renew", "--encoder", "--even-so", "--json")
    assert (used.code, used.data["in_use"], used.data["photos_left"]) == (3, True, 1)
    assert run("status", "--json").data["not_compared"] == 1


def test_a_reference_that_cannot_be_encoded_anew_is_said(
    run: Run, revoked: Path, choose: Choose, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose()
    services = services_from_environment()
    with services.reading() as unit:
        [template] = unit.register.templates()
    # Its photo is not in the index any more, and its crop was lost.
    monkeypatch.setattr("consent.indexing.reencode.face_encodings", lambda *_: None)

    lost = run("renew", "--encoder", "--json")

    assert (lost.code, lost.data["lost"], lost.data["in_use"]) == (3, ["R-0001"], False)
    assert template.encodings.keys() == {DLIB, SFACE}
    assert "R-0001" in run("renew", "--encoder").out
    assert verdict(run, OBAMA2) == "BLOCKED"


def test_only_a_director_or_an_administrator_says_which_encoder_is_used(
    run: Run, revoked: Path, choose: Choose
) -> None:
    choose()
    refused(run("renew", "--encoder", "--as", "Cam:communications"), "administrator, director")
    refused(run("renew", "--even-so"), "--even-so works only with --encoder")
    assert encoder(run)["faces_encoded"] == 0


def test_what_is_wrong_with_the_settings_is_said(
    run: Run, revoked: Path, choose: Choose, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(setting: str, value: object, words: str) -> None:
        with monkeypatch.context() as patch:
            patch.setenv(setting, str(value))
            services_from_environment.cache_clear()
            answer = run("renew", "--encoder")
            assert (answer.code, words in answer.err) == (3, True), answer.err
            status = run("status", "--json").data["encoder"]
            assert status is None or (words in status["problem"] and not status["in_use"])
        services_from_environment.cache_clear()

    model = choose()
    calibration, odd = "LIKENESS_ENCODER_CALIBRATION", tmp_path / "odd.json"
    said("LIKENESS_ENCODER", "", "set LIKENESS_ENCODER to the file")
    said("LIKENESS_ENCODER", tmp_path / "none.onnx", "No such file")
    said("LIKENESS_ENCODER", OBAMA2, "is not an ONNX model")
    said(calibration, "", "has no calibration yet. Next step: run likeness bench calibration DIR")
    said(calibration, tmp_path / "none.json", "cannot be read (No such file")
    odd.write_text("{}")
    said(calibration, odd, "is not a calibration")
    write(odd, shipped_calibration())
    said(calibration, odd, f"is not of {model}, the model of LIKENESS_ENCODER")
    other = {model: shipped_calibration().scales[SFACE], "onnx:gone:0": ModelScale(0, 1, 1)}
    write(odd, replace(shipped_calibration(), scales=other))
    said(calibration, odd, "is of onnx:gone:0, which nothing here encodes by")


def test_photos_are_not_indexed_by_an_encoder_that_is_not_there(
    run: Run, revoked: Path, choose: Choose, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(BIDEN, tmp_path / "new.jpg")
    with (tmp_path / "new.jpg").open("ab") as file:
        file.write(b" ")
    choose()
    monkeypatch.setenv("LIKENESS_ENCODER", str(tmp_path / "none.onnx"))
    services_from_environment.cache_clear()

    answer = run("check", tmp_path / "new.jpg", "--use", "facebook", "--json")

    assert answer.code == 3
    [photo] = answer.data["photos"]
    assert photo["verdict"] == "NOT_CHECKED"
    assert "none.onnx cannot be read" in json.dumps(photo)


def test_a_calibration_is_fitted_to_the_other_encoder_alone_or_with_the_shipped_ones() -> None:
    draw = np.random.default_rng(4)
    labels = np.repeat(np.arange(300), 2)
    own = np.repeat(draw.normal(size=(300, 512)), 2, axis=0)
    seen = own + draw.normal(size=own.shape)
    rows = (seen / np.linalg.norm(seen, axis=1, keepdims=True)).astype(np.float32)
    people = People(
        [str(one) for one in range(300)],
        labels,
        dict.fromkeys((*MODELS, "onnx:other:1"), rows),
        np.full(len(labels), QUALITY.usual, np.float32),
        [],
    )

    alone = fit(people, "made up", {"onnx:other:1": 1.0}, "other")
    fused = fit(people, "made up", {DLIB: 1.0, SFACE: 2.0, "onnx:other:1": 4.0}, "other")

    assert list(alone.scales) == ["onnx:other:1"]
    assert alone.scales["onnx:other:1"].mean == pytest.approx(0, abs=0.01)
    assert fused.scales["onnx:other:1"].weight == 4.0
    # A standardised score of pairs that have nothing in common is about normal: 1,350 in a
    # million lie above 3.
    assert alone.false_matches_per_million(3.0) == pytest.approx(1350, rel=0.25)
    # Half of what two photos have is the person's: so far do strangers' scores go together.
    assert alone.correlation(np.array([11.3]))[0] == pytest.approx(0.5, abs=0.1)
    few = replace(people, labels=labels[:100], vectors={"onnx:other:1": rows[:100]})
    with pytest.raises(BenchError, match=r"4,900 pairs .* too few"):
        fit(few, "made up", {"onnx:other:1": 1.0}, "other")


def test_another_encoder_is_a_column_of_its_own_in_the_measurement(
    run: Run, environment: Path, choose: Choose, tmp_path: Path
) -> None:
    choose()
    for name, photos in {"A": ("obama", "obama2"), "B": ("biden",)}.items():
        (tmp_path / "people" / name).mkdir(parents=True)
        for photo in photos:
            shutil.copy(ORIGINALS / f"{photo}.jpg", tmp_path / "people" / name)
    options = ("--encoder", tmp_path / "other.onnx", "--jobs", 1, "--cache", tmp_path / "a.npz")

    answer = run("bench", "faces", tmp_path / "people", *options, "--json")

    assert answer.code == 0, answer.err
    columns = [*map(name_of, MODELS), "onnx:other", "fused"]
    assert list(answer.data["verification"]) == columns
    assert answer.data["det"]["onnx:other"] == answer.data["det"]["SFace, mirrored"]
    out = ("--out", tmp_path / "out.json")
    refused(run("bench", "calibration", tmp_path / "people", *options, *out), "are too few")
    refused(run("bench", "calibration", tmp_path / "people", *options), "--out")
    assert not (tmp_path / "out.json").exists()
