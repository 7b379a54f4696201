"""Which font prints a letter, and what stands where none does.

Fira Sans is embedded: Latin with all its accents, Greek, Cyrillic, Vietnamese. Chinese, Japanese
and Korean letters are set in the fonts that every PDF reader brings or borrows from its device
(Adobe-GB1 and Adobe-Korea1; not embedded, since such a font has megabytes). Any other letter is
printed as a box. Both are said in a note on the page.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import fontpkg_fira_sans
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

if TYPE_CHECKING:
    from collections.abc import Iterator

REGULAR = "FiraSans"
BOLD = "FiraSans-Bold"
CHINESE = "STSong-Light"
KOREAN = "HYGothic-Medium"
MISSING = "▯"
# Control characters, and marks that only steer how others are set.
_UNSEEN = frozenset({"Cc", "Cf"})
_FILES = {REGULAR: "FiraSans-Regular.ttf", BOLD: "FiraSans-Bold.ttf"}
# Kana and the ideographs of Adobe-GB1, traditional ones among them; full-width signs.
_IDEOGRAPHS = ((0x3001, 0x3011), (0x3041, 0x3093), (0x30A1, 0x30FC), (0x4E00, 0x9FA5))
_HANGUL = ((0xAC00, 0xD7A3),)


@cache
def _letters() -> frozenset[int]:
    """Register the fonts, and return the code points that both weights of Fira Sans have."""
    fonts = [
        TTFont(name, str(fontpkg_fira_sans.ROOT / "files" / file)) for name, file in _FILES.items()
    ]
    for font in (*fonts, UnicodeCIDFont(CHINESE), UnicodeCIDFont(KOREAN)):
        pdfmetrics.registerFont(font)
    regular, bold = (frozenset(font.face.charToGlyph) for font in fonts)
    return regular & bold


def runs(text: str, *, bold: bool = False) -> Iterator[tuple[str, str]]:
    """Split a text into (font, text), with a box for each letter that no font has."""
    clean = unicodedata.normalize("NFC", " ".join(text.split()))
    printable = [letter for letter in clean if unicodedata.category(letter) not in _UNSEEN]
    latin = BOLD if bold else REGULAR
    for font, group in groupby(printable, key=_font):
        letters = "".join(group)
        yield font or latin, MISSING * len(letters) if font is None else letters


def _font(letter: str) -> str | None:
    """Return the font of a letter: empty for Fira Sans, None where no font has it."""
    point = ord(letter)
    if point in _letters():
        return ""
    if any(first <= point <= last for first, last in _IDEOGRAPHS):
        return CHINESE
    return KOREAN if any(first <= point <= last for first, last in _HANGUL) else None


def markup(text: str, *, bold: bool = False) -> str:
    """Return a text as markup of a reportlab paragraph, each part in its font."""
    return "".join(
        f'<font name="{font}">{escape(part)}</font>' for font, part in runs(text, bold=bold)
    )
