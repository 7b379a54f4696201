"""What a screen reader needs of a PDF: its order, its headings, its language, its title.

reportlab writes no tags. What is drawn is marked here as it is drawn (PDF 1.7, 14.6), and the tree
of the marks (14.7) is written at the end; lines and boxes are marked as decoration. A canvas
without tags is drawn on as before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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


class Tags:
    """The marks on the one page of a canvas, in the order in which it is read."""

    def __init__(self) -> None:
        """Begin without any."""
        self._marks: list[tuple[str, str]] = []

    def add(self, kind: str, alt: str) -> int:
        """Add a mark, and return its number."""
        self._marks.append((kind, alt))
        return len(self._marks) - 1

    def write(self, canvas: Any, title: str, author: str, language: str) -> None:  # noqa: ANN401
        """End the page, and say in the document what is on it."""
        canvas.setViewerPreference("DisplayDocTitle", "true")
        canvas.showPage()
        document = canvas._doc  # noqa: SLF001 - reportlab has no other way
        page = document.Pages.pages[-1]
        page.__Defaults__ = {**PDFPage.__Defaults__, "StructParents": 0, "Tabs": PDFName("S")}
        root, whole = PDFDictionary({}), PDFDictionary({})
        root_there, whole_there = document.Reference(root), document.Reference(whole)
        parts = [
            document.Reference(
                PDFDictionary(
                    {
                        "Type": PDFName("StructElem"),
                        "S": PDFName(kind),
                        "P": whole_there,
                        "Pg": document.Reference(page),
                        "K": number,
                        **({"Alt": PDFString(alt)} if alt else {}),
                    }
                )
            )
            for number, (kind, alt) in enumerate(self._marks)
        ]
        whole.dict.update(
            Type=PDFName("StructElem"), S=PDFName("Document"), P=root_there, K=PDFArray(parts)
        )
        parents = PDFDictionary({"Nums": PDFArray([0, PDFArray(parts)])})
        root.dict.update(
            Type=PDFName("StructTreeRoot"),
            K=PDFArray([whole_there]),
            ParentTree=document.Reference(parents),
            ParentTreeNextKey=1,
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
def decoration(canvas: Any) -> Iterator[None]:  # noqa: ANN401 - no types
    """Mark what is drawn meanwhile as nothing to read."""
    if getattr(canvas, "tags", None) is None:
        yield
        return
    canvas._code.append("/Artifact BMC")  # noqa: SLF001
    yield
    canvas._code.append("EMC")  # noqa: SLF001
