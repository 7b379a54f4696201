"""Letters that Fira Sans lacks: Chinese, Japanese, Korean, Arabic, Hebrew, Indic, Thai and others.

What no font has is said in Latin letters, in brackets.

Scripts in which letters join, move or run from right to left are shaped by HarfBuzz. What comes of
a run of letters is a small font of its own, whose glyphs stand in the order in which they are
seen: whatever sets a line from left to right sets it rightly.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import uharfbuzz
from anyascii import anyascii
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont as FontFile
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

# Where the glyphs of a shaped run stand: code points that belong to nobody.
_PRIVATE = 0xE000
_MOST_GLYPHS = 6000
# Letters that join: without them the others around are set otherwise.
JOINERS = frozenset("\u200c\u200d")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_NEUTRAL = frozenset({"WS", "NSM", "ON", "CS", "BN", "ET", "ES"})
# In units of the letter's size, as Fira Sans has them.
_ASCENT, _DESCENT = 0.935, 0.265


@dataclass(frozen=True, slots=True)
class Script:
    """A font for some scripts.

    Attributes:
        package: that brings it.
        file: in it.
        index: of the face in a collection.
        shaped: letters are not simply set one after another.
    """

    package: str
    file: str
    index: int = 0
    shaped: bool = True

    @property
    def path(self) -> Path:
        """Where the file lies."""
        package = import_module(self.package)
        return Path(str(package.__file__)).parent / self.file


# In this order they are asked for a letter. The last two are large, and are opened only when
# needed; of the faces of the Chinese font the one for simplified Chinese.
_SCRIPTS = (
    Script("fontpkg_noto_sans_arabic", "files/NotoSansArabic[wdth,wght].ttf"),
    Script("fontpkg_heebo", "files/Heebo[wght].ttf"),
    Script("fontpkg_noto_sans_devanagari", "files/NotoSansDevanagari[wdth,wght].ttf"),
    Script("fontpkg_hind_siliguri", "files/HindSiliguri-Regular.ttf"),
    Script("fontpkg_noto_sans_tamil", "files/NotoSansTamil[wdth,wght].ttf"),
    Script("fontpkg_noto_sans_telugu", "files/NotoSansTelugu[wdth,wght].ttf"),
    Script("fontpkg_noto_sans_thai", "files/NotoSansThai[wdth,wght].ttf"),
    Script("fontpkg_noto_sans_khmer", "files/NotoSansKhmer[wdth,wght].ttf"),
    Script("noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc", 2, shaped=False),
    Script("weblate_fonts", "static/weblate_fonts/kurinto/ttf/KurintoSans-Rg.ttf"),
)


@lru_cache(maxsize=4096)
def script_of(letter: str) -> Script | None:
    """Return the font of a letter that is no Latin, Greek or Cyrillic one; None if none has it."""
    if unicodedata.category(letter) in {"Co", "Cs", "Cn", "Zs"}:
        return None
    return next((script for script in _SCRIPTS if ord(letter) in _letters_of(script)), None)


@cache
def _letters_of(script: Script) -> frozenset[int]:
    return frozenset(_opened(script).getBestCmap())


@cache
def _opened(script: Script) -> FontFile:
    return FontFile(script.path, fontNumber=script.index, lazy=True)


@cache
def _shaper(script: Script) -> uharfbuzz.Font:
    blob = uharfbuzz.Blob.from_file_path(str(script.path))
    return uharfbuzz.Font(uharfbuzz.Face(blob, script.index))


def in_latin(text: str) -> str:
    """Return letters that no font has as they are said, in brackets: never a box or a gap."""
    said = anyascii(text).strip()
    return f"[{said or '?'}]"


def joined(parts: Sequence[tuple[Script | str | None, str]]) -> Iterator[tuple[Any, str]]:
    """Yield parts of a text, those from right to left with the spaces between them as one.

    Parts are of one font each; the words of such a name are set in their own order.
    """
    waiting: list[tuple[Any, str]] = []
    for font, text in parts:
        if not waiting:
            if isinstance(font, Script) and _runs_left(text):
                waiting = [(font, text)]
            else:
                yield font, text
        elif isinstance(font, Script) and font == waiting[0][0] and _runs_left(text):
            waiting.append((font, text))
            waiting = [(font, "".join(part for _, part in waiting))]
        elif all(unicodedata.bidirectional(letter) in _NEUTRAL for letter in text):
            waiting.append((font, text))
        else:
            yield from waiting
            waiting = [(font, text)] if isinstance(font, Script) and _runs_left(text) else []
            if not waiting:
                yield font, text
    yield from waiting


def _runs_left(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text)


def set_in(script: Script, text: str) -> tuple[str, str]:
    """Return the name of a registered font, and what is written in it to show a text."""
    name, letters, content = _made(script, text)
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, BytesIO(content)))
    return name, letters


@dataclass(frozen=True, slots=True)
class _Glyph:
    """A glyph where it stands: its shift, and how far the next one is, in units of the font."""

    name: str
    code: int
    advance: int
    x: int = 0
    y: int = 0


@lru_cache(maxsize=256)
def _made(script: Script, text: str) -> tuple[str, str, bytes]:
    glyphs = list(_shaped(script, text) if script.shaped else _plain(script, text))
    digest = hashlib.sha256(f"{script.package} {text}".encode("utf-8", "replace")).hexdigest()
    name = f"Script-{digest[:24]}"
    return name, "".join(chr(glyph.code) for glyph in glyphs), _font_file(script, name, glyphs)


def _plain(script: Script, text: str) -> Iterator[_Glyph]:
    """Yield the glyph of each letter, under the letter itself: such text can be copied."""
    font = _opened(script)
    names, widths = font.getBestCmap(), font["hmtx"]
    for letter in text:
        name = names[ord(letter)]
        yield _Glyph(name, ord(letter), widths[name][0])


def _shaped(script: Script, text: str) -> Iterator[_Glyph]:
    """Yield the glyphs of a run as HarfBuzz sets them, from left to right."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(_shaper(script), buffer, {"kern": True, "liga": True})
    order = _opened(script).getGlyphOrder()
    placed = zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    for place, (info, position) in enumerate(placed):
        yield _Glyph(
            order[info.codepoint],
            _PRIVATE + place % _MOST_GLYPHS,
            position.x_advance,
            position.x_offset,
            position.y_offset,
        )


def _font_file(script: Script, name: str, glyphs: Sequence[_Glyph]) -> bytes:
    """Return a TrueType file with just these glyphs; the same for the same glyphs."""
    font = _opened(script)
    outlines, size = font.getGlyphSet(), font["head"].unitsPerEm
    by_code = {glyph.code: glyph for glyph in glyphs}
    names = {code: f"g{code:04X}" for code in sorted(by_code)}
    drawn: dict[str, Any] = {".notdef": TTGlyphPen(None).glyph()}
    widths = {".notdef": (size, 0)}
    for code, glyph_name in names.items():
        glyph = by_code[code]
        drawn[glyph_name] = _drawn(outlines, glyph)
        widths[glyph_name] = (glyph.advance, 0)
    builder = FontBuilder(size, isTTF=True)
    builder.setupGlyphOrder(list(drawn))
    builder.setupCharacterMap(names)
    builder.setupGlyf(drawn)
    bearings = {
        glyph_name: (width, getattr(drawn[glyph_name], "xMin", 0) or 0)
        for glyph_name, (width, _) in widths.items()
    }
    builder.setupHorizontalMetrics(bearings)
    ascent, descent = round(size * _ASCENT), -round(size * _DESCENT)
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    builder.setupOS2(sTypoAscender=ascent, sTypoDescender=descent, usWinAscent=ascent)
    builder.setupPost()
    builder.font.recalcTimestamp = False
    builder.updateHead(created=0, modified=0)
    out = BytesIO()
    builder.save(out)
    return out.getvalue()


def _drawn(outlines: Any, glyph: _Glyph) -> Any:  # noqa: ANN401 - fontTools has no types
    recorded = DecomposingRecordingPen(outlines)
    outlines[glyph.name].draw(recorded)
    pen = TTGlyphPen(None)
    # Cubic curves become quadratic ones, off by less than anybody sees.
    curves = Cu2QuPen(pen, max_err=1.0, reverse_direction=False)
    recorded.replay(TransformPen(curves, (1, 0, 0, 1, glyph.x, glyph.y)))
    return pen.glyph()
