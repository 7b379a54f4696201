"""Whether a screen reader can read a PDF: tagged, titled, in its language, all of it in order."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader

# Operators that draw, outside of what only sets how something is drawn.
_DRAWS = re.compile(rb"(?<![A-Za-z])(?:Tj|TJ|S|f|B|Do)\s")
# Where each kind of part may stand.
_WITHIN = {"/TR": {"/Table"}, "/TH": {"/TR"}, "/TD": {"/TR"}}


def check_tags(content: bytes, language: str, title: str = "") -> list[str]:
    """Check a PDF, and return the kinds of its parts in the order in which they are read."""
    reader = PdfReader(BytesIO(content))
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/Lang"] == language
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    named = reader.metadata.title
    assert named
    assert title in named
    assert reader.metadata.author
    assert named.replace("&", "&amp;") in catalog["/Metadata"].get_object().get_data().decode()

    tree = catalog["/StructTreeRoot"]
    (whole,) = tree["/K"]
    kinds: list[str] = []
    marks: dict[int, list[int]] = {}
    _walk(whole.get_object(), "", kinds, marks, reader)
    assert kinds.count("/H1") == 1
    headings = [kind for kind in kinds if kind[1] == "H"]
    assert headings[0] == "/H1"
    parents = tree["/ParentTree"]["/Nums"]
    for number, page in enumerate(reader.pages):
        assert (page["/StructParents"], page["/Tabs"]) == (number, "/S")
        contents = page.get_contents()
        assert contents is not None
        stream = contents.get_data()
        drawn = [int(mark) for mark in re.findall(rb"/MCID (\d+)", stream)]
        # What is marked on the page is what the tree lists, in the order of the page.
        assert drawn == marks.get(number, [])
        assert parents[2 * number] == number
        assert len(parents[2 * number + 1]) == len(drawn)
        assert stream.count(b"EMC") == stream.count(b"BDC") + stream.count(b"BMC")
        assert not _not_embedded(page, stream)
        outside = re.sub(rb"(?:BDC|BMC).*?EMC", b"", stream, flags=re.DOTALL)
        assert not _DRAWS.search(outside), "something is neither read nor decoration"
    return kinds


def _walk(
    part: Any,
    above: str,
    kinds: list[str],
    marks: dict[int, list[int]],
    reader: PdfReader,
) -> None:
    kind = part["/S"]
    kinds.append(kind)
    assert above in _WITHIN.get(kind, {above})
    assert kind != "/Figure" or part["/Alt"]
    assert kind != "/TH" or part["/A"]["/Scope"] in {"/Row", "/Column"}
    if "/Pg" in part:
        number = reader.get_page_number(part["/Pg"])
        marks.setdefault(number, []).append(part["/K"])
        return
    for inner in part["/K"]:
        _walk(inner.get_object(), kind, kinds, marks, reader)


def _not_embedded(page: Any, stream: bytes) -> set[str]:
    """Return which fonts are written in without being in the file."""
    texts = [text for text in re.findall(rb"BT(.*?)ET", stream, re.DOTALL) if _DRAWS.search(text)]
    used = {name.decode() for text in texts for name in re.findall(rb"(/\S+) [\d.]+ Tf", text)}
    fonts = page["/Resources"]["/Font"]
    lacking = set()
    for name in used:
        font = fonts[name].get_object()
        (inner,) = font.get("/DescendantFonts", [font])
        described = inner.get_object().get("/FontDescriptor", {})
        if "/FontFile2" not in described:
            lacking.add(str(font["/BaseFont"]))
    return lacking
