"""Measure the audit of a laid-out newsletter: is everybody named, and nobody else.

    python tools/measure_newsletter.py DIR --out audit.pdf

DIR holds a folder per person. Photos of it and the sample events are indexed. Some people are
revoked, with references from their other photos; some are asked and said yes; the others were not
asked. A PDF of twelve pages is laid out of their photos, cut, reduced and compressed again, and of
some photos that are not in the index. It is placed and audited, and held against what is known.
Needs the weights in the data home of the environment.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PIL import Image, ImageOps
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from consent.bootstrap import build_services
from consent.cases.intake import QuestionKind
from consent.cases.open import record_revocation
from consent.domain.actors import Actor, Role
from consent.domain.channels import ChannelKind
from consent.domain.intake import Reference
from consent.domain.print import AuditedPhoto, FaceStatus
from consent.domain.terms import Method, NewRevocation, Submission
from consent.indexing.events import NewEvent
from consent.indexing.index import IndexRequest, index_photos
from consent.printing.answers import Answer, record_answers
from consent.printing.audit import run_audit
from consent.printing.audit_pdf import audit_pdf
from consent.printing.layouts import HandedIn, place_files
from consent.printing.pieces import NewPiece, open_piece
from consent.services import Services
from consent.settings import ROOT, Settings
from media_index.files.kinds import SUFFIXES

STAFF = Actor("measurement", Role.COMMUNICATIONS, frozenset(Role))
EVENTS = ROOT / "data" / "samples" / "events"
GROUPS = ("stage-obama-biden.jpg", "panel-astronaut-obama-biden.jpg", "signing-astronaut-biden.jpg")
REFERENCES, REVOKED, ASKED, NOT_ASKED, NOT_INDEXED = 3, 6, 6, 6, 3
PER_PAGE = 2
# How often a layout cuts, reduces and lightens a picture.
CUT, REDUCED, LIGHTENED = 0.7, 0.5, 0.3


@dataclass(frozen=True, slots=True)
class Placed:
    """A photo of the layout and what is known of it.

    Attributes:
        file: the original.
        person: whose folder it is from; empty for a group of the samples.
        kind: revoked, asked, not asked, or not indexed.
    """

    file: Path
    person: str
    kind: str


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--out", type=Path, help="write the audit here, as PDF")
    parser.add_argument("--layout", type=Path, help="write the layout here, as PDF")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        measure(arguments, Path(made))


def measure(arguments: argparse.Namespace, made: Path) -> None:
    """Index, revoke, ask, lay out, audit, compare; print one JSON object."""
    chance = random.Random(arguments.seed)  # noqa: S311 - a draw, not a secret
    home = made / "home"
    home.mkdir()
    (home / "weights").symlink_to(Settings().home / "weights")
    services = build_services(Settings(home=home, database_url=""))
    photos = drawn(arguments.folder, made / "photos", chance)
    talk = NewEvent("Story time", date(2026, 5, 20), public_space=True)
    for folder in sorted(EVENTS.iterdir()):
        day, _, name = folder.name.partition(" ")
        event = NewEvent(name, date.fromisoformat(day), public_space=True)
        index_photos(services, IndexRequest([folder], event=event, jobs=2), STAFF)
    index_photos(services, IndexRequest([made / "photos"], event=talk, jobs=2), STAFF)
    cases = revoke_and_ask(services, arguments.folder, photos)
    chance.shuffle(photos)
    pdf = laid_out(photos, chance)
    if arguments.layout is not None:
        arguments.layout.write_bytes(pdf)
    label = open_piece(services, NewPiece("newsletter", "Newsletter", "Measured"), STAFF).label
    place_files(services, label, [HandedIn("layout.pdf", pdf)], STAFF)
    audit = run_audit(services, label, STAFF)
    found = {"seed": arguments.seed, **compared(services, photos, cases, list(audit.photos))}
    if arguments.out is not None:
        arguments.out.write_bytes(audit_pdf(services, label, STAFF))
    print(json.dumps(found, indent=2))


def drawn(folder: Path, indexed: Path, chance: random.Random) -> list[Placed]:
    """Copy what is to be indexed, and return what is to be printed."""
    people = sorted(path for path in folder.iterdir() if path.is_dir())
    chance.shuffle(people)
    many = iter([person for person in people if len(photos_of(person)) > REFERENCES])
    few = iter([person for person in people if len(photos_of(person)) <= REFERENCES])
    groups = [next(EVENTS.rglob(name)) for name in GROUPS]
    placed = [Placed(file, "", "group") for file in groups]
    for kind, source, count in (
        ("revoked", many, REVOKED),
        ("asked", few, ASKED),
        ("not asked", few, NOT_ASKED),
        ("not indexed", few, NOT_INDEXED),
    ):
        for _ in range(count):
            person = next(source)
            placed.append(Placed(photos_of(person)[-1], person.name, kind))
    for photo in placed:
        if photo.kind not in {"group", "not indexed"}:
            target = indexed / photo.person
            target.mkdir(parents=True)
            shutil.copy(photo.file, target)
    return placed


def photos_of(person: Path) -> list[Path]:
    """Return a person's photos, by name."""
    return sorted(file for file in person.iterdir() if file.suffix.lower() in SUFFIXES)


def revoke_and_ask(services: Services, folder: Path, photos: list[Placed]) -> dict[str, str]:
    """Record revocations and answers; return the number of each person's case."""
    cases = {}
    for photo in photos:
        if photo.kind == "revoked":
            files = photos_of(folder / photo.person)[:REFERENCES]
            references = [Reference(file.read_bytes(), file.name) for file in files]
            new = NewRevocation(
                photo.person,
                Submission(services.today(), Method.FORM),
                references=references,
                keep_face=True,
                note="Binder",
            )
            asked = frozenset(QuestionKind)
            recorded = record_revocation(services, new, STAFF, confirmed=asked)
            cases[photo.person] = recorded.revocation.label
        elif photo.kind == "asked":
            answer = Answer(
                given=True,
                asked_on=services.today(),
                kinds=frozenset({ChannelKind.PRINT}),
                photo_sha256=sha256_of(services, photo.file),
                asked_by="Ana Ruiz",
            )
            record_answers(services, [answer], STAFF)
    return cases


def sha256_of(services: Services, file: Path) -> str:
    """Return what a file is called in the index."""
    seen, _ = services.fingerprint_bytes(file.read_bytes())
    return seen.sha256


def laid_out(photos: list[Placed], chance: random.Random) -> bytes:
    """Return a PDF with two pictures on a page, cut and compressed as layout programs do it."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4)
    for start in range(0, len(photos), PER_PAGE):
        canvas.setFont("Helvetica-Bold", 24)
        canvas.drawString(60, 785, "Library news")
        for slot, photo in enumerate(photos[start : start + PER_PAGE]):
            with Image.open(photo.file) as opened:
                picture = prepared(opened.convert("RGB"), chance, whole=photo.kind == "group")
            jpeg = io.BytesIO()
            picture.save(jpeg, "JPEG", quality=chance.randint(55, 85))
            wide = min(460, 320 * picture.width / picture.height)
            high = wide * picture.height / picture.width
            canvas.drawImage(ImageReader(jpeg), 60, 420 - 360 * slot, wide, high)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def prepared(picture: Image.Image, chance: random.Random, *, whole: bool) -> Image.Image:
    """Return a picture cut by up to a fifth a side, reduced, and made lighter, at random."""
    wide, high = picture.size
    if not whole and chance.random() < CUT:
        cut = [chance.uniform(0, 0.2) for _ in range(4)]
        picture = picture.crop(
            (
                round(cut[0] * wide),
                round(cut[1] * high),
                round(wide - cut[2] * wide),
                round(high - cut[3] * high),
            )
        )
    if chance.random() < REDUCED:
        share = chance.uniform(0.7, 0.95)
        picture = picture.resize((round(picture.width * share), round(picture.height * share)))
    if chance.random() < LIGHTENED:
        picture = ImageOps.autocontrast(picture, cutoff=1)
    return picture


def compared(
    services: Services, photos: list[Placed], cases: dict[str, str], audited: list[AuditedPhoto]
) -> dict[str, object]:
    """Hold an audit against what is known, picture by picture."""
    by_place: dict[str, list[AuditedPhoto]] = {}
    for seen in audited:
        by_place.setdefault(seen.where, []).append(seen)
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for number, photo in enumerate(photos):
        where = f"Page {number // PER_PAGE + 1}, picture {number % PER_PAGE + 1}"
        found = by_place.pop(where, [])
        name = f"{where} ({photo.kind}, {photo.file.name})"
        counts[photo.kind] += 1
        for fault in (
            matched(services, photo, found, counts),
            named(found, cases.get(photo.person), counts),
            asked(photo, found, counts),
        ):
            wrong += [f"{name}: {fault}"] if fault else []
    wrong += [f"{where}: nothing was placed there" for where in by_place]
    return {
        "pages": -(-len(photos) // PER_PAGE),
        "pictures": len(photos),
        **counts,
        "wrong": wrong,
    }


def matched(
    services: Services, photo: Placed, found: list[AuditedPhoto], counts: Counter[str]
) -> str:
    """Say what is wrong with the original that was found for a picture."""
    if photo.kind == "not indexed":
        if not found or any(hit.found != "as it is" for hit in found):
            return "matched with something, or lost"
        counts["said to have no original"] += 1
        return ""
    wanted = sha256_of(services, photo.file)
    if all(hit.photo_sha256 != wanted for hit in found):
        return f"matched by {[hit.found for hit in found]} with another, or not"
    counts["matched"] += 1
    return ""


def named(found: list[AuditedPhoto], case: str | None, counts: Counter[str]) -> str:
    """Say what is wrong with the cases named for a picture."""
    labels = {label for photo in found for face in photo.faces for label in face.revocations}
    expected = set() if case is None else {case}
    if labels != expected:
        return f"names {sorted(labels)}, not {sorted(expected)}"
    counts["revoked and named"] += case is not None
    stops = any(photo.blocks for photo in found)
    return "does not stop the print" if case is not None and not stops else ""


def asked(photo: Placed, found: list[AuditedPhoto], counts: Counter[str]) -> str:
    """Say what is wrong with who is said not to have been asked."""
    if photo.kind == "revoked":
        return ""
    faces = [face for hit in found for face in hit.faces]
    missing = any(face.standing is FaceStatus.MISSING for face in faces)
    counts["said not to be asked"] += missing
    counts["held"] += any(hit.blocks for hit in found)
    if missing and photo.kind == "asked":
        return "was asked, and is said not to be"
    return "" if missing or photo.kind == "asked" else "nobody is said not to be asked"


if __name__ == "__main__":
    main()
