"""Hostile and odd files, made from the sample photos: damaged at random, and bombs.

`tools/measure_hostile.py` runs them through the program; the quick tests take a few.
"""

from __future__ import annotations

import io
import itertools
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pillow_heif
from PIL import Image

from consent.settings import ROOT

PORTRAIT = ROOT / "data" / "samples" / "originals" / "obama.jpg"
PHOTO, LAYOUT, EVIDENCE, LIST = "photo", "layout", "evidence", "list"
MEGA = 1_000_000

pillow_heif.register_heif_opener()


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file and the door it is handed in at.

    Attributes:
        kind: what was done to it; files of one kind are counted together.
        door: `PHOTO`, `LAYOUT`, `EVIDENCE` or `LIST`.
    """

    kind: str
    name: str
    door: str
    content: bytes


# -- damaged at random ----------------------------------------------------------------------------


@cache
def portrait(side: int = 240) -> Image.Image:
    """Return a sample portrait; the longer side in px."""
    with Image.open(PORTRAIT) as image:
        small = image.convert("RGB")
    small.thumbnail((side, side))
    return small


def saved(image: Image.Image, image_format: str, **options: object) -> bytes:
    """Return a picture as a file."""
    made = io.BytesIO()
    image.save(made, image_format, **options)
    return made.getvalue()


@cache
def sources() -> dict[str, bytes]:
    """Return the portrait in every format, by the suffix."""
    one = portrait()
    with PORTRAIT.open("rb") as file:
        exif = Image.open(file).getexif()
    exif[0x0110] = "Camera"
    exif[0x0112] = 6
    return {
        ".jpg": saved(one, "JPEG", quality=88),
        "-progressive.jpg": saved(one, "JPEG", quality=88, progressive=True, exif=exif),
        "-cmyk.jpg": saved(one.convert("CMYK"), "JPEG"),
        ".png": saved(one, "PNG"),
        "-palette.png": saved(one.quantize(), "PNG"),
        "-16.png": saved(one.convert("I;16"), "PNG"),
        ".tif": saved(one, "TIFF", compression="tiff_lzw"),
        "-plain.tif": saved(one, "TIFF"),
        "-jpeg.tif": saved(one, "TIFF", compression="jpeg"),
        ".webp": saved(one, "WEBP"),
        "-lossless.webp": saved(one, "WEBP", lossless=True),
        ".gif": saved(one, "GIF"),
        ".heic": saved(one, "HEIF"),
        ".avif": saved(one, "AVIF"),
        ".pdf": saved(one, "PDF"),
    }


def damaged(count: int, seed: int = 16) -> Iterator[Hostile]:
    """Yield files of all formats that are damaged at random."""
    chance = random.Random(seed)  # noqa: S311 - a draw, not a secret
    pairs = itertools.cycle(itertools.product(sources().items(), DAMAGES.items()))
    for number, ((suffix, content), (kind, damage)) in zip(range(count), pairs, strict=False):
        ending = suffix.rpartition(".")[2]
        door = LAYOUT if ending == "pdf" else PHOTO
        name = f"{number:05}{suffix}"
        yield Hostile(f"{ending}, {kind}", name, door, damage(content, chance))


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _flipped(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 3, 20))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _flipped_head(content: bytes, chance: random.Random) -> bytes:
    head = min(400, len(content))
    return _flipped(content[:head], chance) + content[head:]


def _zeroed(content: bytes, chance: random.Random) -> bytes:
    at, size = chance.randrange(len(content)), chance.choice((16, 256, 4096))
    return content[:at] + bytes(min(size, len(content) - at)) + content[at + size :]


def _noisy(content: bytes, chance: random.Random) -> bytes:
    at, size = chance.randrange(len(content)), chance.choice((16, 256, 4096))
    return content[:at] + chance.randbytes(min(size, len(content) - at)) + content[at + size :]


def _lost(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + content[at + chance.choice((1, 16, 256)) :]


def _spliced(content: bytes, chance: random.Random) -> bytes:
    other = chance.choice(list(sources().values()))
    at = chance.randrange(len(content))
    return content[:at] + other[chance.randrange(len(other)) :]


def _doubled(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + content[chance.randrange(at + 1) :]


def _cut_and_closed(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))] + b"\xff\xd9"


def _huge(content: bytes, chance: random.Random) -> bytes:
    """Write large numbers over small ones: sizes, counts, offsets."""
    changed = bytearray(content)
    for _ in range(4):
        at = chance.randrange(min(600, len(changed)))
        number = chance.choice((b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\0\1\0\0"))
        changed[at : at + 4] = number
    return bytes(changed)


DAMAGES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "cut off": _cut,
    "bits flipped": _flipped,
    "bits of the head flipped": _flipped_head,
    "zeros in it": _zeroed,
    "noise in it": _noisy,
    "bytes lost": _lost,
    "spliced with another": _spliced,
    "a part twice": _doubled,
    "cut and closed": _cut_and_closed,
    "large numbers in the head": _huge,
}


# -- bombs ----------------------------------------------------------------------------------------


def bombs(names: Iterable[str] = ()) -> Iterator[Hostile]:
    """Yield files that are small, or look usual, and take much to open; those named, or all."""
    for name in names or BOMBS:
        make = BOMBS[name]
        ending = name.rpartition(".")[2]
        door = DOORS.get(ending, PHOTO)
        yield Hostile(name, name, door, make())


DOORS = {"pdf": LAYOUT, "xlsx": LIST, "csv": LIST} | dict.fromkeys(
    ("docx", "odt", "eml", "doc", "rtf", "txt", "zip"), EVIDENCE
)


def png(width: int, height: int, depth: int, color: int, *extra: tuple[bytes, bytes]) -> bytes:
    """Return a PNG file of zeros.

    Args:
        width: px.
        height: px.
        depth: bits of a sample.
        color: type of PNG: 0 gray, 2 RGB, 6 RGBA.
        extra: further chunks before the pixels: name and content.
    """
    row = 1 + (width * depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[color] + 7) // 8
    deflate = zlib.compressobj(9)
    block = bytes(row * max(1, MEGA // row))
    rows, left = [], row * height
    while left > 0:
        rows.append(deflate.compress(block[: min(left, len(block))]))
        left -= len(block)
    rows.append(deflate.flush())
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    chunks = [(b"IHDR", header), *extra, (b"IDAT", b"".join(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def _many_scans(count: int) -> bytes:
    """Repeat the last scan of a progressive JPEG."""
    large = portrait(900).resize((3000, 3750))
    content = saved(large, "JPEG", progressive=True, quality=60)
    last = content.rindex(b"\xff\xda")
    return content[:-2] + content[last:-2] * count + b"\xff\xd9"


def _crowd(across: int, down: int, width: int = 100) -> bytes:
    face = portrait(900).resize((width, round(width * 1.25)))
    crowd = Image.new("RGB", (face.width * across, face.height * down))
    for left, top in itertools.product(range(across), range(down)):
        crowd.paste(face, (face.width * left, face.height * top))
    return saved(crowd, "JPEG", quality=85)


def _animated(image_format: str, count: int) -> bytes:
    frames = [portrait(200).rotate(turn % 360) for turn in range(count)]
    return saved(frames[0], image_format, save_all=True, append_images=frames[1:])


def _larger_heif(suffix: str) -> bytes:
    """Say in the box ispe that the picture is of 60,000 by 60,000 px."""
    content = bytearray(sources()[suffix])
    at = content.index(b"ispe") + 8
    content[at : at + 8] = struct.pack(">II", 60_000, 60_000)
    return bytes(content)


def _looping_tiff() -> bytes:
    """Let the list of pictures of a TIFF file go round in a circle."""
    content = bytearray(sources()["-plain.tif"])
    first = struct.unpack_from("<I", content, 4)[0]
    entries = struct.unpack_from("<H", content, first)[0]
    struct.pack_into("<I", content, first + 2 + 12 * entries, first)
    return bytes(content)


def _looping_exif() -> bytes:
    """Let the EXIF table of a JPEG be inside itself, and say that it is long."""
    table = struct.pack("<HHHII", 3, 0x8769, 4, 1, 8)
    table += struct.pack("<HHII", 0x0110, 2, 0xFFFFFFF0, 8) + struct.pack("<HHII", 0x8825, 4, 1, 8)
    block = b"Exif\0\0II*\0\x08\0\0\0" + table + struct.pack("<I", 8)
    jpeg = sources()[".jpg"]
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block + jpeg[2:]


def _float_tiff(width: int, height: int) -> bytes:
    """Return a TIFF of floats, one strip of zeros for every 256 rows."""
    strip = zlib.compress(bytes(width * 4 * 256), 9)
    count = height // 256
    tags = [
        *((256, 4, 1, width), (257, 4, 1, count * 256), (258, 3, 1, 32), (259, 3, 1, 8)),
        *((262, 3, 1, 1), (277, 3, 1, 1), (278, 4, 1, 256), (339, 3, 1, 3)),
    ]
    size = 8 + 2 + 12 * (len(tags) + 2) + 4
    tags += [(273, 4, count, size), (279, 4, count, size + 4 * count)]
    tags.sort()
    packed = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    offsets = struct.pack(f"<{count}I", *[size + 8 * count] * count)
    lengths = struct.pack(f"<{count}I", *[len(strip)] * count)
    head = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + packed + bytes(4)
    return head + offsets + lengths + strip


def pdf(pages: list[str], objects: dict[int, bytes] | None = None) -> bytes:
    """Return a PDF.

    Args:
        pages: what stands in the dictionary of each page.
        objects: further objects by number, from 1000.
    """
    numbers = range(10, 10 + len(pages))
    made: dict[int, bytes | str] = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{at} 0 R' for at in numbers)}]>>",
        **{
            at: f"<</Type/Page/Parent 2 0 R{page}>>"
            for at, page in zip(numbers, pages, strict=True)
        },
        **(objects or {}),
    }
    content, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in made.items():
        places[number] = len(content)
        text = body if isinstance(body, bytes) else body.encode()
        content += b"%d 0 obj" % number + text + b"endobj\n"
    begin = len(content)
    content += b"xref\n"
    for number, place in places.items():
        content += b"%d 1\n%010d 00000 n \n" % (number, place)
    content += b"trailer<</Size 99999/Root 1 0 R>>startxref %d\n%%%%EOF" % begin
    return bytes(content)


def _stream(body: bytes, dictionary: str = "", *, deflated: bool = True) -> bytes:
    packed = zlib.compress(body, 9) if deflated else body
    filtered = "/Filter/FlateDecode" if deflated else ""
    head = f"<<{dictionary}{filtered}/Length {len(packed)}>>stream\n".encode()
    return head + packed + b"\nendstream "


_FORM = "/Type/XObject/Subtype/Form/BBox[0 0 600 700]"
_PAPER = "/MediaBox[0 0 612 792]"
_SHOWS = "/Resources<</XObject<</I 1001 0 R>>>>/Contents 1000 0 R"
_DRAWN = b"q 600 0 0 700 5 5 cm /I Do Q "


def _of_image(dictionary: str, body: bytes, *, deflated: bool = True, times: int = 1) -> bytes:
    """Return a PDF with a picture that is placed so many times."""
    image = _stream(body, "/Type/XObject/Subtype/Image" + dictionary, deflated=deflated)
    return pdf([_PAPER + _SHOWS], {1000: _stream(_DRAWN * times), 1001: image})


def _of_jpeg(times: int, pages: int = 1) -> bytes:
    one = portrait(900)
    dictionary = (
        f"/Type/XObject/Subtype/Image/Width {one.width}/Height {one.height}"
        "/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode"
    )
    image = _stream(saved(one, "JPEG"), dictionary, deflated=False)
    return pdf([_PAPER + _SHOWS] * pages, {1000: _stream(_DRAWN * times), 1001: image})


def _nested_forms(depth: int, times: int) -> bytes:
    """Return a PDF with forms in forms, each drawn so many times."""
    objects = {1000: _stream(b"/I Do ")}
    for level in range(depth):
        inner = f"{_FORM}/Resources<</XObject<</I {1002 + level} 0 R>>>>"
        objects[1001 + level] = _stream(b"/I Do " * times, inner)
    objects[1001 + depth] = _stream(b"0 0 600 700 re f ", _FORM)
    return pdf([_PAPER + _SHOWS], objects)


def _form_in_itself() -> bytes:
    itself = f"{_FORM}/Resources<</XObject<</I 1001 0 R>>>>"
    return pdf(
        [_PAPER + _SHOWS], {1000: _stream(b"/I Do "), 1001: _stream(b"/I Do /I Do ", itself)}
    )


def _deep_tree(depth: int) -> bytes:
    levels = {
        2000 + at: f"<</Type/Pages/Count 1/Kids[{2001 + at} 0 R]>>".encode() for at in range(depth)
    }
    levels[2000 + depth] = f"<</Type/Page{_PAPER}>>".encode()
    return pdf([], levels).replace(b"/Pages 2 0 R", b"/Pages 2000 0 R")


def _zip(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return made.getvalue()


_TYPES = "[Content_Types].xml"
_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def _xlsx(sheet: bytes, strings: bytes = b"<sst/>") -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    kinds = {
        "workbook": "sheet.main",
        "worksheets/sheet1": "worksheet",
        "sharedStrings": "sharedStrings",
    }
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{kind}.{named}+xml"/>'
        for part, named in kinds.items()
    )
    return _zip(
        {
            _TYPES: (
                f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
                '"application/vnd.openxmlformats-package.relationships+xml"/>'
                f"{overrides}</Types>"
            ).encode(),
            "_rels/.rels": (
                f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
                f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
            ).encode(),
            "xl/workbook.xml": (
                f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
                '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>'
            ).encode(),
            "xl/_rels/workbook.xml.rels": (
                f'<Relationships xmlns="{package}/relationships">'
                f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
                f'<Relationship Id="r2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
                "</Relationships>"
            ).encode(),
            "xl/worksheets/sheet1.xml": sheet,
            "xl/sharedStrings.xml": strings,
        }
    )


def _laughs() -> bytes:
    """Return a sheet whose one cell is an entity that grows to a thousand million letters."""
    levels = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    cell = (
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>'
    )
    return f'<!DOCTYPE w [<!ENTITY l0 "lol">{levels}]>'.encode() + _SHEET + cell


def _strings(count: int) -> bytes:
    head = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return head + b"<si><t>a</t></si>" * count + b"</sst>"


def _nested_mail(depth: int) -> bytes:
    head = b"From: a@example.org\n"
    for level in range(depth):
        head += b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level)
    return head + b"\ntext\n"


def _ole_without_end() -> bytes:
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[30:32] = b"\x1f\0"
    header[76:] = b"\1\0\0\0" * 109
    return bytes(header) + bytes(4096)


BOMBS: dict[str, Callable[[], bytes]] = {
    "gray of 200 megapixels.png": lambda: png(20_000, 10_000, 8, 0),
    "color of 199 megapixels.png": lambda: png(19_900, 10_000, 8, 2),
    "color of 130 megapixels.png": lambda: png(13_000, 10_000, 8, 2),
    "transparent, of 199 megapixels.png": lambda: png(19_900, 10_000, 8, 6),
    "16 bits, of 190 megapixels.png": lambda: png(19_000, 10_000, 16, 0),
    "one bit, of 199 megapixels.png": lambda: png(19_900, 10_000, 1, 0),
    "of 3,600 megapixels.png": lambda: png(60_000, 60_000, 1, 0),
    "one row of 100 million px.png": lambda: png(100 * MEGA, 1, 8, 0),
    "a text of 1 GB.png": lambda: png(
        9, 9, 8, 0, (b"zTXt", b"a\0\0" + zlib.compress(bytes(1000 * MEGA), 9))
    ),
    "a color profile of 1 GB.png": lambda: png(
        9, 9, 8, 0, (b"iCCP", b"a\0\0" + zlib.compress(bytes(1000 * MEGA), 9))
    ),
    "floats of 100 megapixels.tif": lambda: _float_tiff(10_000, 10_240),
    "floats of 199 megapixels.tif": lambda: _float_tiff(19_456, 10_240),
    "2,000 pictures.tif": lambda: saved(
        Image.new("L", (9, 9)),
        "TIFF",
        save_all=True,
        append_images=[Image.new("L", (9, 9)) for _ in range(1_999)],
    ),
    "pictures in a circle.tif": _looping_tiff,
    "EXIF inside itself.jpg": _looping_exif,
    "600 scans.jpg": lambda: _many_scans(600),
    "60 scans.jpg": lambda: _many_scans(60),
    "196 megapixels.jpg": lambda: saved(Image.new("L", (14_000, 14_000)), "JPEG"),
    "196 megapixels, progressive.jpg": lambda: saved(
        Image.new("L", (14_000, 14_000)), "JPEG", progressive=True
    ),
    "900 faces.jpg": lambda: _crowd(30, 30),
    "4,900 small faces.jpg": lambda: _crowd(70, 70, 56),
    "81 megapixels, lossless.webp": lambda: saved(
        Image.new("RGB", (9_000, 9_000)), "WEBP", lossless=True, quality=0, method=0
    ),
    "400 frames.webp": lambda: _animated("WEBP", 400),
    "400 frames.gif": lambda: _animated("GIF", 400),
    "400 frames.png": lambda: _animated("PNG", 400),
    "of 3,600 megapixels by its box.heic": lambda: _larger_heif(".heic"),
    "of 3,600 megapixels by its box.avif": lambda: _larger_heif(".avif"),
    "a page as large as a field.pdf": lambda: pdf(["/MediaBox[0 0 1000000000 1000000000]"]),
    "a page without height.pdf": lambda: pdf(["/MediaBox[0 0 600 0]", _PAPER]),
    "a fax of 3,600 megapixels.pdf": lambda: _of_image(
        "/Width 60000/Height 60000/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode"
        "/DecodeParms<</K -1/Columns 60000/Rows 60000>>",
        b"",
        deflated=False,
    ),
    "a stencil of 3,600 megapixels.pdf": lambda: _of_image(
        "/ImageMask true/Width 60000/Height 60000/BitsPerComponent 1", bytes(60_000 * 7_500)
    ),
    "a picture of 99 megapixels.pdf": lambda: _of_image(
        "/Width 9900/Height 10000/BitsPerComponent 8/ColorSpace/DeviceRGB", bytes(297 * MEGA)
    ),
    "a picture of 99 megapixels, 300 times.pdf": lambda: _of_image(
        "/Width 9900/Height 10000/BitsPerComponent 8/ColorSpace/DeviceRGB",
        bytes(297 * MEGA),
        times=300,
    ),
    "a photo placed 300 times.pdf": lambda: _of_jpeg(300),
    "a photo placed 100,000 times.pdf": lambda: _of_jpeg(100_000),
    "a text of 1 GB.pdf": lambda: pdf(
        [_PAPER + "/Contents 1000 0 R"], {1000: _stream(b"q Q " * (250 * MEGA))}
    ),
    "forms in forms, 2 to the 40.pdf": lambda: _nested_forms(40, 2),
    "forms in forms, 10 to the 8.pdf": lambda: _nested_forms(8, 10),
    "a form in itself.pdf": _form_in_itself,
    "a tree of 100,000 levels.pdf": lambda: _deep_tree(100_000),
    "5,000 pages.pdf": lambda: pdf([_PAPER] * 5_000),
    "1 GB of zeros.docx": lambda: _zip({_TYPES: b"", "word/document.xml": bytes(1000 * MEGA)}),
    "60,000 parts.docx": lambda: _zip(
        {_TYPES: b""} | {f"word/{number}.xml": b"" for number in range(60_000)}
    ),
    "a list of parts of 1 GB.odt": lambda: _zip(
        {"mimetype": b"a", "META-INF/manifest.xml": bytes(1000 * MEGA)}
    ),
    "1 GB of zeros.zip": lambda: _zip({"a": bytes(1000 * MEGA)}),
    "20,000 parts inside one another.eml": lambda: _nested_mail(20_000),
    "50 MB of lines.eml": lambda: b"From: a@example.org\n" + b"X: a\n" * (10 * MEGA),
    "a table of sectors without end.doc": _ole_without_end,
    "50 MB of brackets.rtf": lambda: b"{\\rtf" + b"{" * (25 * MEGA) + b"}" * (25 * MEGA),
    "1 GB of zeros.xlsx": lambda: _xlsx(bytes(1000 * MEGA)),
    "10 million words.xlsx": lambda: _xlsx(
        _SHEET + b"</sheetData></worksheet>", _strings(10 * MEGA)
    ),
    "an entity of 1 GB.xlsx": lambda: _xlsx(_laughs()),
    "a row of a million cells.xlsx": lambda: _xlsx(
        _SHEET + b'<row r="1">' + b"<c><v>1</v></c>" * MEGA + b"</row></sheetData></worksheet>"
    ),
}


def files_in(folders: list[Path]) -> Iterator[Hostile]:
    """Yield what lies in folders, by the door it would be handed in at."""
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            door = DOORS.get(path.suffix.lower().lstrip("."), PHOTO)
            yield Hostile(f"in {folder.name}", path.name, door, path.read_bytes())
