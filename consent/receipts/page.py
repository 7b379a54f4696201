"""A receipt, laid out in rows and sections but not yet drawn. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A fact and its label."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageNotes:
    """Said below a page only where needed.

    Attributes:
        cut: a text was too long.
        glyphs: a letter could not be printed.
        asian: letters are left to a font of the reader's device.
    """

    cut: str
    glyphs: str
    asian: str


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """A receipt, ready to be set on one page.

    Attributes:
        language: code.
        library: whose it is.
        number_label: what stands over the number.
        number: of the case, R-0042.
        title: what the page is.
        lead: the sentence below the title.
        rows: the facts.
        sections: what happens next, how to change it, whom to ask.
        foot: policy and date printed.
        notes: said only where needed.
    """

    language: str
    library: str
    number_label: str
    number: str
    title: str
    lead: str
    rows: tuple[Row, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...]
    notes: PageNotes
