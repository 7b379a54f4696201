"""What libraries make of photos: flyers and collages, drawn with a photo among others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PIL import Image, ImageDraw, ImageOps

from media_index.bench.changes import recompressed

# A design of one photo, with others where it takes several.
Design = Callable[[Image.Image, Sequence[Image.Image]], Image.Image]

# US letter at 150 px to the inch, and a square post.
_LETTER, _POST = (1275, 1650), 1080
_PAPER, _INK, _BAR = "#fdf6e3", "#1b2a41", "#b5382a"
_LINES = (
    "Join us in the main hall, all ages welcome",
    "Stories, crafts and live music",
    "Saturday, June 6, 10 am to 4 pm",
    "Sign up at the desk or call 555-0100",
)


def flyer(image: Image.Image, others: Sequence[Image.Image], *, share: float) -> Image.Image:
    """Put a photo on a flyer between headline and text; it takes a share of the width."""
    del others
    made = Image.new("RGB", _LETTER, _PAPER)
    draw = ImageDraw.Draw(made)
    draw.rectangle((0, 0, made.width, 260), _BAR)
    draw.text((80, 70), "Summer reading", "white", font_size=120)
    width = round(share * made.width)
    photo = image.resize((width, max(1, round(image.height * width / image.width))))
    photo = ImageOps.fit(photo, (width, min(photo.height, 900)))
    left = 2 * (made.width - width) // 3
    made.paste(photo, (left, 330))
    for number, line in enumerate(_LINES):
        below = 330 + photo.height + 60 + 90 * number
        draw.text((80, below), line, _INK, font_size=52)
    draw.ellipse((60, 1400, 260, 1600), fill=_BAR)
    draw.text((300, 1480), "yourlibrary.example/summer", _BAR, font_size=56)
    return recompressed(made, 85)


def collage(image: Image.Image, others: Sequence[Image.Image], *, across: int) -> Image.Image:
    """Put a photo among others, side by side: so many across, and as many down."""
    gap = 12
    side = (_POST - gap * (across + 1)) // across
    made = Image.new("RGB", (_POST, _POST), "white")
    photos = [others[place % len(others)] for place in range(across * across)]
    photos[across * across // 2] = image
    for place, photo in enumerate(photos):
        down, right = divmod(place, across)
        corner = gap + right * (side + gap), gap + down * (side + gap)
        made.paste(ImageOps.fit(photo, (side, side)), corner)
    return recompressed(made, 85)


def in_a_circle(image: Image.Image, others: Sequence[Image.Image], *, share: float) -> Image.Image:
    """Show a circle cut out of the middle of a photo on a flyer; it takes a share of the width."""
    photo = ImageOps.fit(image, (round(share * _LETTER[0]),) * 2)
    hole = Image.new("L", photo.size, 0)
    ImageDraw.Draw(hole).ellipse((0, 0, *photo.size), fill=255)
    round_one = Image.new("RGB", photo.size, _PAPER)
    round_one.paste(photo, mask=hole)
    return flyer(round_one, others, share=share)


def under_a_caption(image: Image.Image, others: Sequence[Image.Image]) -> Image.Image:
    """Show a photo as wide as the post under a caption that takes more than half of it."""
    del others
    made = Image.new("RGB", (_POST, round(_POST * 1.25)), _INK)
    draw = ImageDraw.Draw(made)
    for number, line in enumerate(("Photos from", "our open house", "are here!")):
        draw.text((60, 60 + 230 * number), line, "white", font_size=150)
    made.paste(ImageOps.fit(image, (_POST, made.height - 780)), (0, 780))
    return recompressed(made, 85)


def under_words(image: Image.Image, others: Sequence[Image.Image]) -> Image.Image:
    """Lay words all across a photo that fills the post."""
    del others
    made = ImageOps.fit(image, (_POST, round(_POST * 1.25)))
    draw = ImageDraw.Draw(made)
    for number in range(6):
        draw.text((40, 40 + 210 * number), "STORY TIME", "white", font_size=170)
    return recompressed(made, 85)


COLLAGE_OF_NINE: Design = partial(collage, across=3)
DESIGNS: dict[str, Design] = {
    "flyer, 40 % of its width": partial(flyer, share=0.4),
    "flyer, 25 % of its width": partial(flyer, share=0.25),
    "a circle on a flyer, 40 % of its width": partial(in_a_circle, share=0.4),
    "collage of four": partial(collage, across=2),
    "collage of nine": COLLAGE_OF_NINE,
    "under a large caption": under_a_caption,
    "with words all across": under_words,
}
