"""What a screen reader needs of a PDF: order, headings, tables, language, title.

reportlab writes no tags. What is drawn is marked here as it is drawn (PDF 1.7, 14.6), and the tree
of the marks (14.7) is written at the end; lines and boxes are marked as decoration. A canvas
without tags is drawn on as before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFPage,
    PDFStream,
    PDFString,
)

_ABOUT = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(slots=True)
class _Part:
    """A part of the document: what it is, and its parts, or its mark on a page.

    Attributes:
        page: counted from 0; -1 if it has parts.
        scope: of a heading in a table: Row or Column.
    """

    kind: str
    alt: str = ""
    scope: str = ""
    page: int = -1
    mark: int = -1
    parts: list[_Part] = field(default_factory=list)


class Tags:
    """The marks on the pages of a canvas, in the order in which they are read."""

    def __init__(self) -> None:
        """Begin without any."""
        self._whole = _Part("Document")
        self._open = [self._whole]
        self._marks: list[int] = [0]
        self._page = 0

    def add(self, kind: str, alt: str) -> int:
        """Add a mark to the page, and return its number there."""
        mark = self._marks[self._page]
        self._marks[self._page] += 1
        self._open[-1].parts.append(_Part(kind, alt, page=self._page, mark=mark))
        return mark

    def turn_to(self, page: int) -> None:
        """Add to this page from now on; pages count from 0."""
        self._page = page
        while len(self._marks) <= page:
            self._marks.append(0)

    @contextmanager
    def within(self, kind: str, scope: str = "") -> Iterator[None]:
        """Put what is added meanwhile into a part of this kind, such as Table, TR or TD."""
        part = _Part(kind, scope=scope)
        self._open[-1].parts.append(part)
        self._open.append(part)
        yield
        self._open.pop()

    def write(self, canvas: Any, title: str, author: str, language: str) -> None:  # noqa: ANN401
        """Say in the document, whose pages are all drawn, what is on them."""
        canvas.setViewerPreference("DisplayDocTitle", "true")
        document = canvas._doc  # noqa: SLF001 - reportlab has no other way
        pages = document.Pages.pages
        for number, page in enumerate(pages):
            page.__Defaults__ = {
                **PDFPage.__Defaults__,
                "StructParents": number,
                "Tabs": PDFName("S"),
            }
        root = PDFDictionary({})
        root_there = document.Reference(root)
        there: dict[tuple[int, int], Any] = {}

        def written(part: _Part, above: Any) -> Any:  # noqa: ANN401 - no types
            made = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(part.kind)})
            reference = document.Reference(made)
            made.dict["P"] = above
            if part.alt:
                made.dict["Alt"] = PDFString(part.alt)
            if part.scope:
                made.dict["A"] = PDFDictionary(
                    {"O": PDFName("Table"), "Scope": PDFName(part.scope)}
                )
            if part.page < 0:
                made.dict["K"] = PDFArray([written(inner, reference) for inner in part.parts])
            else:
                made.dict["Pg"] = document.Reference(pages[part.page])
                made.dict["K"] = part.mark
                there[part.page, part.mark] = reference
            return reference

        whole = written(self._whole, root_there)
        numbers: list[Any] = []
        for page, marks in enumerate(self._marks[: len(pages)]):
            numbers += [page, PDFArray([there[page, mark] for mark in range(marks)])]
        root.dict.update(
            Type=PDFName("StructTreeRoot"),
            K=PDFArray([whole]),
            ParentTree=document.Reference(PDFDictionary({"Nums": PDFArray(numbers)})),
            ParentTreeNextKey=len(pages),
        )
        catalog = document.Catalog
        catalog.StructTreeRoot = root
        catalog.MarkInfo = PDFDictionary({"Marked": "true"})
        said = {"title": title, "author": author, "language": language}
        about = _ABOUT.format(**{name: escape(text) for name, text in said.items()})
        catalog.Metadata = PDFStream(
            PDFDictionary({"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}),
            about.encode("utf-8"),
            filters=[],
        )


@contextmanager
def marked(canvas: Any, kind: str, alt: str = "") -> Iterator[None]:  # noqa: ANN401 - no types
    """Mark what is drawn meanwhile, such as H1, P or Figure; a figure says what it shows."""
    tags: Tags | None = getattr(canvas, "tags", None)
    if tags is None:
        yield
        return
    canvas._code.append(f"/{kind} <</MCID {tags.add(kind, alt)}>> BDC")  # noqa: SLF001
    yield
    canvas._code.append("EMC")  # noqa: SLF001


@contextmanager
def within(canvas: Any, kind: str, scope: str = "") -> Iterator[None]:  # noqa: ANN401 - no types
    """Put what is marked meanwhile into a part, such as Table, TR or TD."""
    tags: Tags | None = getattr(canvas, "tags", None)
    if tags is None:
        yield
        return
    with tags.within(kind, scope):
        yield


@contextmanager
def decoration(canvas: Any) -> Iterator[None]:  # noqa: ANN401 - no types
    """Mark what is drawn meanwhile as nothing to read."""
    if getattr(canvas, "tags", None) is None:
        yield
        return
    canvas._code.append("/Artifact BMC")  # noqa: SLF001
    yield
    canvas._code.append("EMC")  # noqa: SLF001
