"""What people do to photos before they post them, as functions of a picture."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps

Pixels = NDArray[np.uint8]
Change = Callable[[Image.Image], Image.Image]

_INSTAGRAM = 1080
_PHONE = (1080, 2340)
# A picture is not enlarged to more than this before it is put on something.
_WIDTH = 400


def recompressed(image: Image.Image, quality: int) -> Image.Image:
    """Return the picture through JPEG."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def cropped(image: Image.Image) -> Image.Image:
    """Cut out the middle, half of the area."""
    left, top = (round(length * (1 - 0.5**0.5) / 2) for length in image.size)
    return image.crop((left, top, image.width - left, image.height - top))


def cropped_in_a_corner(image: Image.Image) -> Image.Image:
    """Cut out the upper left, half of the area."""
    return image.crop((0, 0, round(image.width * 0.5**0.5), round(image.height * 0.5**0.5)))


def squared(image: Image.Image) -> Image.Image:
    """Cut a square out of the middle, with a white border, as posted on Instagram."""
    side = min(image.size)
    bordered = ImageOps.expand(ImageOps.fit(image, (side, side)), max(1, side // 20), "white")
    return recompressed(bordered.resize((_INSTAGRAM, _INSTAGRAM)), 75)


def on_a_square(image: Image.Image) -> Image.Image:
    """Put the whole picture on a white square, as posted on Instagram."""
    padded = ImageOps.pad(image, (1000, 1000), color="white")
    return recompressed(ImageOps.expand(padded, 40, "white"), 75)


def scaled(image: Image.Image) -> Image.Image:
    """Reduce to 400 px of the long side."""
    share = _WIDTH / max(image.size)
    size = round(image.width * share), round(image.height * share)
    return recompressed(
        image.resize((max(1, size[0]), max(1, size[1])), Image.Resampling.LANCZOS), 80
    )


def captioned(image: Image.Image) -> Image.Image:
    """Lay a bar with words over the lower fifth."""
    made = image.copy()
    draw = ImageDraw.Draw(made)
    height = max(8, made.height // 5)
    draw.rectangle((0, made.height - height, made.width, made.height), "navy")
    size = max(6, height // 3)
    draw.text(
        (size, made.height - height + size), "Summer reading starts!", "white", font_size=size
    )
    return recompressed(made, 85)


def in_a_phone(image: Image.Image) -> Image.Image:
    """Show the picture as a post in an app, and take a screenshot of the phone."""
    screen = Image.new("RGB", _PHONE, "white")
    draw = ImageDraw.Draw(screen)
    draw.text((60, 30), "9:41", "black", font_size=44)
    draw.rectangle((940, 36, 1010, 70), "black")
    draw.ellipse((40, 140, 140, 240), "steelblue")
    draw.text((170, 165), "a_library", "black", font_size=44)
    height = min(1500, round(image.height * _PHONE[0] / image.width))
    screen.paste(ImageOps.contain(image, (_PHONE[0], height)), (0, 280))
    below = 280 + height
    for heart in range(3):
        draw.ellipse(
            (40 + 110 * heart, below + 30, 110 + 110 * heart, below + 100), outline="black", width=6
        )
    for line in range(4):
        draw.text(
            (40, below + 130 + 60 * line),
            "Thank you all for coming to the library",
            "black",
            font_size=40,
        )
    framed = ImageOps.expand(screen, 60, "black")
    return recompressed(framed, 85)


CHANGES: dict[str, Change] = {
    "cropped to half its area": cropped,
    "cropped to half its area, a corner": cropped_in_a_corner,
    "squared with a border": squared,
    "whole on a square": on_a_square,
    "JPEG quality 30": lambda image: recompressed(image, 30),
    "scaled to 400 px": scaled,
    "rotated 90 degrees": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "captioned": captioned,
    "screenshot in a phone frame": in_a_phone,
}


def changed(rgb: Pixels, change: Change) -> Pixels:
    """Return a changed copy of a picture, (h, w, 3) uint8."""
    return np.asarray(change(Image.fromarray(rgb)), dtype=np.uint8)
