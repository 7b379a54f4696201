"""The pictures behind ``make_samples.py``: who stands where, on what backdrop.

People are cut out along the outlines in ``data/samples/outlines.json`` and placed at fixed
positions, so every face box is computed from the placement, not detected: an independent
truth to measure a detector against.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Box: TypeAlias = tuple[float, float, float, float]

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "samples"

NAMES = {
    "obama": "Barack Obama",
    "obama2": "Barack Obama",
    "obama3": "Barack Obama",
    "obama_partial_face": "Barack Obama",
    "obama_partial_face2": "Barack Obama",
    "biden": "Joe Biden",
    "astronaut": "Eileen Collins",
}
# YuNet's boxes; the two partial pictures are crops of obama.jpg and have no outline.
PARTIAL_FACES: dict[str, Box] = {
    "obama_partial_face": (0, 87, 194, 417),
    "obama_partial_face2": (368, 93, 551, 419),
}


@dataclass(frozen=True)
class Picture:
    """Pixels and who is in them.

    Attributes:
        pixels: the picture as it is to be seen, upright.
        people: name and face box (x1, y1, x2, y2 px) of everybody in it.
    """

    pixels: Image.Image
    people: tuple[tuple[str, Box], ...] = ()

    def scaled(self, factor: float) -> Picture:
        """Return the picture resized by ``factor``, boxes too."""
        width, height = self.pixels.size
        size = (round(width * factor), round(height * factor))
        return Picture(self.pixels.resize(size, Image.Resampling.LANCZOS), self._moved(factor))

    def cropped(self, left: int, top: int, right: int, bottom: int) -> Picture:
        """Return the part between the edges given in px; the faces must lie inside."""
        return Picture(self.pixels.crop((left, top, right, bottom)), self._moved(1, -left, -top))

    def with_pasted(self, other: Picture, at: tuple[int, int]) -> Picture:
        """Return this picture with ``other`` laid over it, its alpha respected."""
        canvas = self.pixels.copy()
        layer = other.pixels.convert("RGBA")
        canvas.paste(layer, at, layer)
        return Picture(canvas, self.people + other._moved(1, *at))

    def _moved(self, factor: float, dx: float = 0, dy: float = 0) -> tuple[tuple[str, Box], ...]:
        return tuple(
            (name, (x1 * factor + dx, y1 * factor + dy, x2 * factor + dx, y2 * factor + dy))
            for name, (x1, y1, x2, y2) in self.people
        )


@cache
def outlines() -> dict[str, Any]:
    """The stored outlines: file, face box and polygon in px of the original."""
    stored: dict[str, Any] = json.loads((SAMPLES / "outlines.json").read_text(encoding="utf-8"))
    return stored


@cache
def original(name: str) -> Picture:
    """Open an original, as RGB, with its face box."""
    stem = Path(name).stem
    face = outlines()[stem]["face"] if stem in outlines() else PARTIAL_FACES.get(stem)
    with Image.open(SAMPLES / "originals" / name) as image:
        pixels = image.convert("RGB")
    return Picture(pixels, ((NAMES[stem], tuple(face)),) if face else ())


def cutout(stem: str, face_height: float) -> Picture:
    """Cut a person out of the original, scaled to a face of ``face_height`` px."""
    entry = outlines()[stem]
    whole = original(Path(entry["file"]).name)
    outline = [(x, y) for x, y in entry["outline"]]
    mask = Image.new("L", whole.pixels.size)
    ImageDraw.Draw(mask).polygon(outline, fill=255)
    x1, y1, x2, y2 = mask.getbbox() or (0, 0, *mask.size)
    factor = face_height / (entry["face"][3] - entry["face"][1])
    person = whole.cropped(x1, y1, x2, y2).scaled(factor)
    # Shrunk before it is softened: otherwise the old background shows as a halo.
    alpha = mask.crop((x1, y1, x2, y2)).resize(person.pixels.size, Image.Resampling.LANCZOS)
    alpha = alpha.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.GaussianBlur(1.2))
    pixels = person.pixels.copy()
    pixels.putalpha(alpha)
    return replace(person, pixels=pixels)


def wall(size: tuple[int, int], top: int, bottom: int) -> Image.Image:
    """A warm grey wall, lighter at the top (grey levels ``top`` and ``bottom``)."""
    width, height = size
    level = np.linspace(top, bottom, height)[:, None, None]
    tint = np.array([1.0, 0.98, 0.94])[None, None, :]
    pixels = np.broadcast_to(level * tint, (height, width, 3))
    return Image.fromarray(pixels.round().astype(np.uint8))


def bookshelf(size: tuple[int, int], seed: int, shelf: int = 210) -> Image.Image:
    """Shelves of books out of focus, as behind people at a library event."""
    width, height = size
    rng = random.Random(seed)  # noqa: S311 - a fixed pattern, not a secret
    image = Image.new("RGB", size, (74, 52, 38))
    draw = ImageDraw.Draw(image)
    for top in range(-shelf // 3, height, shelf):
        x = 0
        while x < width:
            thick, tall = rng.randint(16, 44), rng.randint(shelf * 6 // 10, shelf * 8 // 10)
            base = rng.choice([(128, 62, 50), (60, 84, 104), (92, 104, 76), (176, 152, 112)])
            colour = tuple(max(0, level + rng.randint(-22, 22)) for level in base)
            foot = top + shelf - 24
            draw.rectangle((x, foot - tall, x + thick - 3, foot), fill=colour)
            x += thick + (rng.randint(30, 90) if rng.randrange(25) == 0 else 0)
        draw.rectangle((0, top + shelf - 24, width, top + shelf - 6), fill=(138, 104, 74))
    return image.filter(ImageFilter.GaussianBlur(9))


def hall() -> Image.Image:
    """A reading room from the back row: shelves, a screen, a table in front comes later."""
    room = wall((1600, 1067), 196, 150)
    shelves = bookshelf((1600, 330), 7, 110)
    room.paste(shelves, (0, 300))
    draw = ImageDraw.Draw(room)
    draw.rectangle((0, 690, 1600, 1067), fill=(112, 92, 74))
    draw.rectangle((500, 70, 1100, 400), fill=(40, 42, 46))
    draw.rectangle((512, 82, 1088, 388), fill=(232, 236, 238))
    write(draw, (800, 190), "Author talk", 62, (52, 70, 92))
    write(draw, (800, 270), "An evening on memoir", 34, (92, 104, 118))
    return room


def write(
    draw: ImageDraw.ImageDraw,
    centre: tuple[int, int],
    text: str,
    size: int,
    colour: tuple[int, int, int],
) -> None:
    """Write ``text`` centred, in the font that comes with Pillow."""
    draw.text(centre, text, fill=colour, font=ImageFont.load_default(size), anchor="mm")


def standing(backdrop: Image.Image, *people: tuple[str, float, int], floor: int = 0) -> Picture:
    """Place people on a backdrop, cut off by its lower edge, later ones in front.

    Args:
        backdrop: the canvas.
        people: outline name, face height in px, left edge in px.
        floor: how far above the lower edge of the canvas they end, px.
    """
    scene = Picture(backdrop)
    for stem, face_height, left in people:
        person = cutout(stem, face_height)
        # A few px lower, so that the softened edge of the cut is out of sight.
        top = backdrop.height - floor - person.pixels.height + 4
        scene = scene.with_pasted(person, (left, top))
    return scene


def stage_two() -> Picture:
    """Two speakers, close."""
    return standing(bookshelf((1346, 1000), 1), ("obama2", 370, -4), ("biden", 352, 490))


def panel_three() -> Picture:
    """Three on a panel, Obama in the middle."""
    return standing(
        bookshelf((1600, 1067), 2),
        ("obama3", 230, 520),
        ("biden", 245, 1000),
        ("astronaut", 160, 20),
    )


def signing_two() -> Picture:
    """Two people, and Obama is not one of them."""
    return standing(bookshelf((1600, 1067), 3), ("biden", 290, 890), ("astronaut", 180, 110))


def welcome_two() -> Picture:
    """Obama and an astronaut before a plain wall."""
    backdrop = wall((1400, 933), 214, 168)
    write(ImageDraw.Draw(backdrop), (1090, 150), "Summer reading", 66, (52, 70, 92))
    return standing(backdrop, ("obama2", 290, -4), ("astronaut", 165, 400))


def back_row() -> Picture:
    """The panel from the back of the hall: faces of about 40 px."""
    people = (("obama3", 41.0, 560), ("biden", 40.0, 850), ("astronaut", 40.0, 695))
    scene = standing(hall(), *people, floor=435)
    draw = ImageDraw.Draw(scene.pixels)
    draw.rectangle((430, 612, 1170, 640), fill=(120, 86, 60))
    draw.rectangle((450, 640, 1150, 800), fill=(92, 64, 46))
    return scene


def photo_wall() -> Picture:
    """A wall of prints from past years: eighteen faces of about 40 px."""
    scene = Picture(wall((1600, 1067), 222, 188))
    frames = ["obama2.jpg", "astronaut.png", "biden.jpg", "obama3.jpg", "biden.jpg", "obama.jpg"]
    for row in range(3):
        for column in range(6):
            name = frames[(column + 2 * row) % 6]
            framed = print_of(name)
            left = 210 + column * 236 - framed.pixels.width // 2
            top = 200 + row * 330 - framed.pixels.height // 2
            scene = scene.with_pasted(framed, (left, top))
    return scene


def print_of(name: str) -> Picture:
    """A small framed print, cropped about the face (40 px high in it)."""
    whole = original(name)
    _, y1, _, y2 = whole.people[0][1]
    small = whole.scaled(40 / (y2 - y1))
    x1, y1, x2, y2 = small.people[0][1]
    width, height = min(130, small.pixels.width), min(190, small.pixels.height)
    left = min(max(0, round((x1 + x2 - width) / 2)), small.pixels.width - width)
    top = min(max(0, round(y1 - 60)), small.pixels.height - height)
    picture = small.cropped(left, top, left + width, top + height)
    frame = Image.new("RGB", (width + 52, height + 52), (62, 48, 38))
    ImageDraw.Draw(frame).rectangle((7, 7, width + 44, height + 44), fill=(246, 244, 238))
    return Picture(frame).with_pasted(picture, (26, 26))


def slightly_cropped() -> Picture:
    """Three per cent off each side."""
    whole = original("obama.jpg")
    width, height = whole.pixels.size
    dx, dy = round(width * 0.03), round(height * 0.03)
    return whole.cropped(dx, dy, width - dx, height - dy)


def screenshot() -> Picture:
    """The portrait in a phone's viewer: dark bars above and below."""
    picture = original("obama.jpg").scaled(720 / 910)
    canvas = Image.new("RGB", (720, 1560), (14, 14, 16))
    draw = ImageDraw.Draw(canvas)
    write(draw, (80, 40), "18:52", 27, (236, 236, 238))
    write(draw, (360, 126), "Author talk", 29, (236, 236, 238))
    for x in (120, 360, 600):
        draw.ellipse((x - 17, 1433, x + 17, 1467), outline=(200, 200, 204), width=3)
    draw.rounded_rectangle((260, 1530, 460, 1537), 3, fill=(210, 210, 212))
    return Picture(canvas).with_pasted(picture, (0, 320))


def rounded() -> Picture:
    """The portrait as a web page uses it: transparent round corners."""
    picture = original("obama.jpg").scaled(0.38)
    alpha = Image.new("L", picture.pixels.size)
    width, height = alpha.size
    ImageDraw.Draw(alpha).rounded_rectangle((0, 0, width - 1, height - 1), 30, fill=255)
    pixels = picture.pixels.copy()
    pixels.putalpha(alpha)
    return replace(picture, pixels=pixels)
