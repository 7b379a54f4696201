"""The library's logo, from beside the policy file."""

from __future__ import annotations

import pytest

from consent.domain.errors import PolicyError
from consent.policy_file import load_policy, parse_policy, read_logo
from tests.unit.policy_cases import SHIPPED

TEXT = SHIPPED.read_text(encoding="utf-8")


def with_logo(name: str) -> str:
    return TEXT.replace('# logo = "logo.png"', f'logo = "{name}"')


def test_a_logo_is_read_from_beside_the_policy(tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text(with_logo("logo.png"), encoding="utf-8")
    policy = load_policy(file)
    with pytest.raises(PolicyError, match="take the line logo out"):
        read_logo(file, policy)

    (tmp_path / "logo.png").write_bytes(b"png")
    assert read_logo(file, policy) == b"png"
    (tmp_path / "logo.png").write_bytes(b"x" * 2_000_000)
    with pytest.raises(PolicyError, match="above 1 MB"):
        read_logo(file, policy)


def test_a_library_needs_no_logo():
    assert read_logo(SHIPPED, load_policy(SHIPPED)) is None


@pytest.mark.parametrize("name", ["../logo.png", "/etc/logo.png", "logo.svg"])
def test_a_logo_lies_in_the_folder_of_the_policy(name):
    with pytest.raises(PolicyError, match="in the folder of this file"):
        parse_policy(with_logo(name))
