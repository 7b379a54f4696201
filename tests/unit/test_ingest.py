"""Folders: every file has an outcome, whatever happens to its worker."""

from __future__ import annotations

import base64
import io
import multiprocessing
import os
import sys
import zipfile
from collections import Counter
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base

from media_index.files.apart import STOPPED, ApartExecutor
from media_index.files.kinds import HEAD_BYTES, why_not_read
from media_index.files.pool import IN_FLIGHT, find_photos, ingest
from media_index.types import ProblemCode
from tests.unit.work_in_processes import clumsy, dead, deadly, fine, quitting

FILES = [Path(f"/photos/{number:03}.jpg") for number in range(40)]


def workers(count: int = 2) -> Executor:
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))


@pytest.mark.parametrize("make", [ApartExecutor, lambda: ThreadPoolExecutor(3), workers])
def test_outcomes_come_in_the_order_of_the_files(make: object) -> None:
    done = list(ingest(FILES, fine, make))
    assert [one.path for one in done] == FILES
    assert [one.outcome.path for one in done] == FILES


def test_a_worker_that_dies_costs_only_its_file() -> None:
    done = list(ingest(FILES, deadly, workers))
    assert Counter(one.path for one in done) == Counter(FILES)
    crashed = [one.path.name for one in done if one.outcome.code is ProblemCode.DECODER_CRASHED]
    assert sorted(crashed) == ["003.jpg", "021.jpg"]
    assert {one.outcome.reason for one in done if one.path.name in crashed} == {STOPPED}


def test_one_that_dies_apart_costs_only_its_file(models_apart: None) -> None:
    done = list(ingest(FILES[:6], deadly, ApartExecutor))
    assert [one.path for one in done] == FILES[:6]
    assert [one.path.name for one in done if one.outcome.reason == STOPPED] == ["003.jpg"]
    # Another process goes on; none is started for each file.
    assert len({one.outcome.reason for one in done} - {STOPPED, str(os.getpid())}) == 2


def test_after_a_crash_no_worker_is_started_for_each_file() -> None:
    done = list(ingest(FILES[:16], deadly, workers))
    processes = {one.outcome.reason for one in done} - {done[-1].outcome.reason}
    assert len(done) == 16
    assert len(processes) <= 5


def test_work_that_dies_on_every_file_ends() -> None:
    done = list(ingest(FILES[:3], dead, workers))
    assert [one.outcome.code for one in done] == [ProblemCode.DECODER_CRASHED] * 3


@pytest.mark.parametrize("make", [ApartExecutor, workers])
def test_an_error_nobody_foresaw_costs_only_its_file(make: object) -> None:
    done = list(ingest(FILES[:8], clumsy, make))
    assert [one.path for one in done] == FILES[:8]
    failed = [one for one in done if one.outcome.code is ProblemCode.DECODER_CRASHED]
    assert [one.path.name for one in failed] == ["003.jpg"]
    assert "ZeroDivisionError" in failed[0].outcome.reason


def test_a_wish_to_stop_stops() -> None:
    class Stopping(Executor):
        def submit(self, fn: object, /, *args: object, **kwargs: object) -> Future:
            future: Future = Future()
            future.set_exception(KeyboardInterrupt())
            return future

    with pytest.raises(KeyboardInterrupt):
        list(ingest(FILES, fine, Stopping))


@pytest.mark.parametrize("in_flight", [1, IN_FLIGHT])
def test_few_files_are_in_flight_however_many_wait(in_flight: int) -> None:
    handed_out = 0

    class Counting(ApartExecutor):
        def submit(self, fn: object, /, *args: object, **kwargs: object) -> Future:
            nonlocal handed_out
            handed_out += 1
            return super().submit(fn, *args, **kwargs)

    endless = (Path(f"/photos/{number}.jpg") for number in range(5000))
    for finished, _ in enumerate(ingest(endless, fine, Counting, in_flight)):
        assert handed_out - finished <= in_flight
    assert handed_out == 5000


# -- finding ------------------------------------------------------------------------------------
@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "photos"
    (root / "b" / "c").mkdir(parents=True)
    (root / "a").mkdir()
    for name in ("b/2.JPG", "b/10.heic", "b/c/x.webp", "a/z.tiff", "1.png"):
        (root / name).write_bytes(b"-")
    return root


def names(folder: Path, found: list[Path]) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in found]


def test_photos_are_found_below_a_folder_in_order(folder: Path) -> None:
    for name in ("notes.txt", "Thumbs.db", "._1.png", "film.mp4", "a/.DS_Store"):
        (folder / name).write_bytes(b"-")
    found, problems = find_photos([folder])
    assert names(folder, found) == ["1.png", "a/z.tiff", "b/10.heic", "b/2.JPG", "b/c/x.webp"]
    assert problems == []


def test_a_file_that_is_named_is_taken_whatever_its_suffix(folder: Path) -> None:
    (folder / "no-suffix").write_bytes(b"-")
    found, _ = find_photos([folder / "no-suffix", folder / "b", folder / "b" / "2.JPG"])
    assert names(folder, found) == ["no-suffix", "b/10.heic", "b/2.JPG", "b/c/x.webp"]


def test_paths_are_absolute(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    found, _ = find_photos([Path("1.png"), Path("./b/../1.png")])
    assert found == [folder / "1.png"]


def test_what_is_not_there_is_a_problem(folder: Path) -> None:
    found, [problem] = find_photos([folder / "gone", folder / "a"])
    assert names(folder, found) == ["a/z.tiff"]
    assert problem.path == folder / "gone"
    assert "check the path" in problem.reason


def test_a_link_that_leads_nowhere_is_tried_and_a_linked_folder_searched(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "y.jpg").write_bytes(b"-")
    (folder / "linked").symlink_to(elsewhere)
    (folder / "a" / "round").symlink_to(folder)
    (folder / "lost.jpg").symlink_to(folder / "gone.jpg")
    found, problems = find_photos([folder])
    assert problems == []
    assert {"linked/y.jpg", "lost.jpg"} <= set(names(folder, found))
    assert len(found) == 7


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.jpg")
    found, [problem] = find_photos([folder])
    assert folder / "pipe.jpg" not in found
    assert problem.path == folder / "pipe.jpg"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_name_that_is_no_text_is_said_in_text(folder: Path) -> None:
    odd = os.fsencode(folder) + b"/caf\xe9.jpg"
    Path(os.fsdecode(odd)).write_bytes(b"-")
    found, [problem] = find_photos([folder])
    assert len(found) == 5
    assert str(problem.path).endswith(r"caf\xe9.jpg")
    assert "rename" in problem.reason
    str(problem.path).encode()


def test_a_folder_that_may_not_be_opened_is_a_problem(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refusing(path: str) -> object:
        if str(path).endswith("/b"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    # Permissions do not hold root back, and tests are run as root.
    monkeypatch.setattr(os, "scandir", refusing)
    found, [problem] = find_photos([folder])
    assert names(folder, found) == ["1.png", "a/z.tiff"]
    assert problem.path == folder / "b"
    assert "Permission denied" in problem.reason


def test_the_data_home_is_not_searched_from_above_but_its_own_folders_are(tmp_path: Path) -> None:
    home = tmp_path / "data" / "live"
    for path in (tmp_path / "data" / "1.jpg", home / "thumbnails" / "2.jpg"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found, _ = find_photos([tmp_path], home)
    assert [path.name for path in found] == ["1.jpg"]
    found, _ = find_photos([home / "thumbnails"], home)
    assert [path.name for path in found] == ["2.jpg"]


def raw_and_jpeg(folder: Path, stem: str, second: str, other: str | None = None) -> None:
    """A raw file and a JPEG of one camera, taken in these seconds."""
    for suffix, when in ((".DNG", second), (".jpg", other or second)):
        exif = Image.Exif()
        exif[Base.Model] = "Canon EOS R5"
        exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = f"2026:05:14 18:30:{when}"
        if suffix == ".DNG":
            # A raw file begins as an EXIF block does: both are TIFF.
            content = exif.tobytes().removeprefix(b"Exif\0\0")
        else:
            buffer = io.BytesIO()
            Image.new("RGB", (64, 48), "gray").save(buffer, "JPEG", exif=exif)
            content = buffer.getvalue()
        (folder / f"{stem}{suffix}").write_bytes(content)


def test_a_raw_file_is_left_out_only_beside_the_jpeg_of_the_same_shot(tmp_path: Path):
    raw_and_jpeg(tmp_path, "IMG_1", "00")
    raw_and_jpeg(tmp_path, "IMG_2", "00", "01")
    (tmp_path / "img_3.jpg").write_bytes((tmp_path / "IMG_1.jpg").read_bytes())
    (tmp_path / "IMG_3.CR3").write_bytes(b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + bytes(99))
    # The blocks of Canon's CR3 lie in boxes of their own.
    blocks = (tmp_path / "IMG_1.DNG").read_bytes()
    (tmp_path / "IMG_1.CR3").write_bytes(b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + blocks)

    found, problems = find_photos([tmp_path])

    assert not problems
    assert names(tmp_path, found) == [
        "IMG_1.jpg",
        "IMG_2.DNG",
        "IMG_2.jpg",
        "IMG_3.CR3",
        "img_3.jpg",
    ]
    found, _ = find_photos([tmp_path / "IMG_1.DNG", tmp_path])
    assert "IMG_1.DNG" in names(tmp_path, found)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0"


def zipped(*names: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, b"-")
    return made.getvalue()


def in_base64(kind: str = "JPEG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, kind)
    return base64.b64encode(made.getvalue())


def with_parts(**parts: bytes) -> bytes:
    """A document of Word with parts by name; two underscores stand for a slash, one for a point."""
    made = io.BytesIO(zipped("[Content_Types].xml", "word/theme/theme1.xml"))
    with zipfile.ZipFile(made, "a") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return made.getvalue()


CARD = b"BEGIN:VCARD\r\nN:Reader;A.\r\n%s\r\nEND:VCARD\r\n"
THEME = zipped("[Content_Types].xml", "_rels/.rels", "theme/theme/theme1.xml")
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
NAMED = {
    "IMG_1.gif": b"GIF89a" + bytes(9),
    "IMG_1.jpg_large": b"\xff\xd8\xff\xe0",
    "IMG_2.HIF": HEIC,
    "IMG_3.heics": HEIC,
    "jpeg (1)": b"\xff\xd8\xff\xe0",
    "no-suffix": b"\x89PNG\r\n\x1a\n",
    "letter.txt": b"\xff\xd8\xff\xe0",
    "clip.mp4": b"\0\0\0\x18ftypisom" + bytes(9),
    "old.mov": b"\0\0\0\x08wide" + bytes(9),
    "card.mts": (b"\0\0\0\0G" + bytes(187)) * 3,
    "raw.RAF": b"FUJIFILMCCD-RAW 0201",
    "flyer.pdf": b"%PDF-1.7",
    "flyer.psd": b"8BPS\0\1",
    "drawing.svg": b'<?xml version="1.0"?>\n<svg width="1">',
    "photo.jxl": b"\xff\x0a\xfa\x1f",
    "photos.docx": zipped("[Content_Types].xml", "word/document.xml", "word/media/image1.JPEG"),
    "photos.odt": zipped("mimetype", "META-INF/x.xml", "Pictures/10000201.png"),
    "cut.docx": b"PK\x03\x04\x14\0\0\0[Content_Types].xml\0",
    "photos.doc": OLE + bytes(600) + b"\x89PNG\r\n\x1a\n",
    "photos.msg": OLE + bytes(600) + b"\xff\xd8\xff\xe1",
    "photos.eml": b"From: A. Reader\n\n--x\nContent-Type: image/heic; name=IMG_1.heic\n\nAAAA",
    "photos.rtf": b"{\\rtf1 Dear library {\\pict\\jpegblip ffd8}}",
    "webp.msg": OLE + bytes(600) + b"RIFF\x24\0\0\0WEBPVP8 ",
    "heic.doc": OLE + bytes(600) + HEIC,
    "avif.msg": OLE + bytes(600) + b"\0\0\0\x1cftypavif\0\0\0\0mif1",
    "bmp.xls": OLE + bytes(600) + b"BM\x3a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0",
    "mov.msg": OLE + bytes(600) + b"\0\0\0\x14ftypqt  \0\0\2\0",
    "docx.msg": OLE + bytes(600) + zipped("[Content_Types].xml", "word/document.xml"),
    "zip.msg": OLE + bytes(600) + b"PK\x03\x04",
    "locked.docx": OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
    "sheet.docx": with_parts(
        word__embeddings__Sheet1_xlsx=zipped("[Content_Types].xml", "xl/media/image1.png")
    ),
    "slides.docx": with_parts(word__embeddings__Slides1_pptx=zipped("[Content_Types].xml")),
    "object.docx": with_parts(word__embeddings__oleObject1_bin=OLE + bytes(60) + HEIC),
    "chunk.docx": with_parts(
        word__afchunk_mht=b"MIME-Version: 1.0\n\n--x\nContent-Type: image/jpeg\n\n/9j/4"
    ),
    "page.docx": with_parts(word__afchunk_html=b"<p><img src='data:image/png;base64,iVBO'></p>"),
    "wdp.docx": zipped("[Content_Types].xml", "word/media/hdphoto1.wdp"),
    "jxl.docx": zipped("[Content_Types].xml", "word/media/image1.jxl"),
    "no-suffix.docx": with_parts(word__media__image1=HEIC),
    "data.docx": with_parts(
        word__document_xml=b"<w:t v='data:image/png;base64,%s'/>" % in_base64("PNG")
    ),
    "photos.fodt": b"<?xml version='1.0'?><office:document><office:binary-data>%s" % in_base64(),
    "photos.xml": b"<?xml version='1.0'?><w:wordDocument><w:binData>%s" % in_base64(),
    "photos.md": b"# Notes\n![](data:image/jpeg;base64,%s)" % in_base64(),
    "photo.vcf": CARD % (b"PHOTO;ENCODING=b;TYPE=JPEG:%s" % in_base64()),
    "folded.vcf": CARD % (b"X-PHOTO;TYPE=JPEG:/9\r\n " + in_base64()[2:]),
    "photos.ics": b"BEGIN:VCALENDAR\r\nATTACH;VALUE=BINARY:%s\r\n" % in_base64("WEBP"),
    "photos.json": b'{"photo": "%s"}' % in_base64("PNG"),
    "wide.html": "<html><img src='data:image/jpeg;base64,/9j/'></html>".encode("utf-16"),
    "bom.rtf": b"\xef\xbb\xbf{\\rtf1 {\\pict\\jpegblip ffd8}}",
    "line.rtf": b"\r\n{\\rtf1 {\\pict\\jpegblip ffd8}}",
    ".IMG_0043.jpg.icloud": b"bplist00\xd1",
    "page.webarchive": b"bplist00\xd1WebResourceData\xff\xd8\xff\xe0",
    "icon.xbm": b"#define icon_width 16",
    "photos.html": b"<html><img src='data:image/jpeg;base64,/9j/'></html>",
    "slides.pptx": b"PK\x03\x04\x14\0\0\0[Content_Types].xml\0",
    "scribus.sla": b'<?xml version="1.0"?>\n<SCRIBUSUTF8NEW>',
    "poster.pub": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0",
    "photos.zip": b"PK\x03\x04\x14\0\0\0IMG_1.jpg",
    "cut.off": bytes(range(1, 99)),
    "empty.jpg": b"",
    ".hidden": b"\xff\xd8\xff\xe0",
}
PASSED_OVER = {
    "notes.txt": b"Notes\n",
    "caf\xe9.csv": "Café\n".encode("latin-1"),
    "wide.txt": "Notes".encode("utf-16"),
    "IMG_2.xmp": b"<?xpacket begin='' ?><x:xmpmeta>",
    "IMG_2.AAE": b"<?xml version='1.0'?><plist>",
    "IMG_3.AAE": b"bplist00\xd4\1\2",
    "letter.docx": zipped("[Content_Types].xml", "word/document.xml", "docProps/thumbnail.jpeg"),
    "letter.odt": zipped("mimetype", "content.xml", "META-INF/x.xml", "Thumbnails/thumbnail.png"),
    "letter.doc": OLE,
    "letter.eml": b"From: A. Reader\nContent-Type: multipart/alternative; boundary=x\n\n--x\n",
    "letter.rtf": b"{\\rtf1 Dear library}",
    "theme.doc": OLE + bytes(600) + THEME,
    "voice.msg": OLE + bytes(600) + b"\0\0\0\x18ftypM4A \0\0\0\0",
    "words.msg": OLE + b"BM sold RIFF shares; ftyp is a word, PK too",
    "chart.docx": with_parts(
        word__embeddings__Sheet1_xlsx=zipped("[Content_Types].xml", "xl/workbook.xml")
    ),
    "words.docx": with_parts(word__document_xml=b"<w:t>Dear library</w:t>", word__a_bin=OLE),
    "chunk-of-words.docx": with_parts(word__afchunk_html=b"<p>Dear library</p>"),
    "letter.fodt": b"<?xml version='1.0'?><office:document><text:p>Dear library</text:p>",
    "letter.vcf": CARD % b"PHOTO;VALUE=uri:https://example.org/a.jpg",
    "how-to.md": b"Write `data:image/png;base64,...` where the picture goes.",
    "key.pem": b"-----BEGIN-----\nMIIB/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQ",
    "IMG_4.xmp": b"<x:xmpmeta><xmpGImg:image>%s" % in_base64(),
    "wide-letter.html": "<html><p>Dear library</p></html>".encode("utf-16"),
    ".notes.txt.icloud": b"bplist00\xd1",
    "settings.plist": b"bplist00\xd1WebResourceData",
    "page.html": b"<html><img src='photo.jpg'></html>",
    "Thumbs.db": OLE + b"\xff\xd8\xff\xe0",
    "desktop.ini": b"[.ShellClassInfo]",
    ".DS_Store": b"\0\0\0\1Bud1\0",
    "._IMG_1.jpg": b"\0\5\x16\7\0\2",
    ".lock": bytes(range(1, 99)),
    "talk.mp3": b"ID3\4\0",
    "talk.m4a": b"\0\0\0\x18ftypM4A " + bytes(9),
    "empty": b"",
}


def test_a_folder_is_listed_by_content(tmp_path: Path):
    for name, content in (NAMED | PASSED_OVER).items():
        (tmp_path / name).write_bytes(content)

    found, problems = find_photos([tmp_path])

    assert not problems
    assert set(names(tmp_path, found)) == set(NAMED)


def test_a_photo_that_lies_in_icloud_only_is_said_so():
    said = why_not_read(".IMG_0043.jpg.icloud", b"bplist00", "upload that")
    assert said == "It is not downloaded from iCloud yet: download it, then check again."


@pytest.mark.parametrize("name", ["photos.md", "photo.vcf", "photos.fodt", "wide.html"])
def test_a_text_with_photos_is_said_to_be_a_document(name: str):
    assert "photos inside it" in str(why_not_read(name, NAMED[name][:HEAD_BYTES], "upload that"))


def test_a_link_that_leads_nowhere_may_be_a_photo_but_not_a_hidden_one(tmp_path: Path):
    for name in ("lost", ".#lock"):
        (tmp_path / name).symlink_to(tmp_path / "gone")
    found, _ = find_photos([tmp_path])
    assert names(tmp_path, found) == ["lost"]


@pytest.mark.parametrize("make", [ApartExecutor, workers])
def test_a_library_that_calls_exit_costs_only_its_file(make: object) -> None:
    done = list(ingest(FILES[:8], quitting, make))
    assert [one.path for one in done] == FILES[:8]
    stopped = [one for one in done if one.outcome.code is ProblemCode.DECODER_CRASHED]
    assert [one.path.name for one in stopped] == ["003.jpg"]
