"""The library's logo, from beside the policy file."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from consent.documents.form import blank_form
from consent.documents.form_pdf import render_form
from consent.documents.receipt import receipt_for
from consent.documents.receipt_pdf import render_receipt
from consent.domain.errors import PolicyError
from consent.policy_file import load_policy, parse_policy
from tests.unit.policy_cases import SHIPPED
from tests.unit.receipt_cases import DAY, EVENTS, POLICY, TEXTS, case

TEXT = SHIPPED.read_text(encoding="utf-8")


def with_logo(name: str) -> str:
    return TEXT.replace('# logo = "logo.png"', f'logo = "{name}"')


def test_a_logo_is_read_from_beside_the_policy(tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text(with_logo("logo.png"), encoding="utf-8")
    with pytest.raises(PolicyError, match="delete the line logo"):
        load_policy(file)

    (tmp_path / "logo.png").write_bytes(b"png")
    assert load_policy(file).logo == b"png"
    (tmp_path / "logo.png").write_bytes(b"x" * 2_000_000)
    with pytest.raises(PolicyError, match="above 1 MB"):
        load_policy(file)


def test_a_library_needs_no_logo():
    assert load_policy(SHIPPED).logo == b""


def test_the_logo_stands_on_what_a_patron_takes_home():
    drawn = BytesIO()
    Image.new("RGB", (300, 80), "navy").save(drawn, "PNG")
    policy = replace(POLICY, logo=drawn.getvalue())
    receipt = render_receipt(receipt_for(case(), policy, TEXTS, "en", DAY, EVENTS))
    form = render_form(blank_form(policy, TEXTS, "en"))
    for paper in (receipt, form):
        (page,) = PdfReader(BytesIO(paper)).pages
        assert len(page.images) == 1


@pytest.mark.parametrize("name", ["../logo.png", "/etc/logo.png", "logo.svg"])
def test_a_logo_lies_in_the_folder_of_the_policy(name):
    with pytest.raises(PolicyError, match="in the folder of this file"):
        parse_policy(with_logo(name))
