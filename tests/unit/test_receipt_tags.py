"""What a patron takes home is read out by a screen reader: in order, in its language."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from pypdf import PdfReader

from consent.documents.form import blank_form
from consent.documents.form_pdf import render_form
from consent.documents.receipt_pdf import render_receipt
from tests.unit.receipt_cases import POLICY, TEXTS, case, page

# Operators that draw, outside of what only sets how something is drawn.
_DRAWS = re.compile(rb"(?<![A-Za-z])(?:Tj|TJ|S|f|B|Do)\s")


def made(language: str) -> dict[str, tuple[bytes, str]]:
    receipt = page(case(), language)
    form = blank_form(POLICY, TEXTS, language)
    return {
        "receipt": (render_receipt(receipt), receipt.title),
        "form": (render_form(form), form.title),
    }


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("paper", ["receipt", "form"])
def test_a_paper_is_tagged_titled_and_in_its_language(language, paper):
    content, title = made(language)[paper]
    reader = PdfReader(BytesIO(content))
    catalog = reader.trailer["/Root"]

    assert catalog["/Lang"] == language
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert title in reader.metadata.title
    assert title in catalog["/Metadata"].get_object().get_data().decode()

    (only,) = reader.pages
    assert (only["/StructParents"], only["/Tabs"]) == (0, "/S")
    (whole,) = catalog["/StructTreeRoot"]["/K"]
    parts = [part.get_object() for part in whole.get_object()["/K"]]
    kinds = [part["/S"] for part in parts]
    assert kinds.count("/H1") == 1
    assert "/H2" in kinds
    assert kinds.index("/H1") < kinds.index("/H2")
    # What is marked on the page is what the tree lists, in the order of the page.
    stream = only.get_contents().get_data()
    assert [int(number) for number in re.findall(rb"/MCID (\d+)", stream)] == [
        part["/K"] for part in parts
    ]


def test_nothing_is_drawn_that_is_neither_read_nor_decoration():
    content, _ = made("en")["receipt"]
    (only,) = PdfReader(BytesIO(content)).pages
    stream = only.get_contents().get_data()
    assert stream.count(b"EMC") == stream.count(b"BDC") + stream.count(b"BMC")
    outside = re.sub(rb"(?:BDC|BMC).*?EMC", b"", stream, flags=re.DOTALL)
    assert not _DRAWS.search(outside)
