"""What a patron takes home is read out by a screen reader: in order, in its language."""

from __future__ import annotations

import pytest

from consent.documents.form import blank_form
from consent.documents.form_pdf import render_form
from consent.documents.receipt_pdf import render_receipt
from consent.settings import ROOT
from tests.unit.receipt_cases import POLICY, TEXTS, case, page
from tests.unit.tagged_pdf import check_tags


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_receipt_is_tagged_and_its_facts_are_a_table(language):
    made = page(case(), language)
    kinds = check_tags(render_receipt(made), language, made.title)
    assert "/H2" in kinds
    assert kinds.count("/TH") == kinds.count("/TD") == len(made.rows)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_blank_form_is_tagged(language):
    made = blank_form(POLICY, TEXTS, language)
    kinds = check_tags(render_form(made), language, made.title)
    assert kinds.count("/H2") == len(made.sections)


def test_every_pdf_is_made_where_pages_are_tagged():
    """Their tests run `check_tags`: test_print, test_dispose, test_records_request, and here."""
    makers = {
        file.relative_to(ROOT).as_posix()
        for folder in ("consent", "pages", "media_index")
        for file in (ROOT / folder).rglob("*.py")
        if any(word in file.read_text(encoding="utf-8") for word in ("pdfgen", "DocTemplate"))
    }
    assert makers == {"consent/documents/sheet.py", "consent/documents/report.py"}
