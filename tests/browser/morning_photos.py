"""The photos of a morning, as a photographer hands them over: 300 of an event, some of them odd."""

from __future__ import annotations

import shutil
from pathlib import Path

from PIL import Image, ImageEnhance

COUNT = 300
LARGE, BROKEN, TWICE = 20, 6, 2
# On every sixth is who revoked, and on what is made for two.
_SINGLE = ("astronaut.png", "biden.jpg", "coffee.png", "astronaut.png", "biden.jpg", "obama2.jpg")
_TWELVE_MP = (4000, 3000)
_SMALL = 420


def morning_photos(samples: Path, folder: Path) -> list[Path]:
    """Make 20 photos of 12 MP, six broken files, a HEIC, a GIF, two of two people; the rest small.

    Each is cut and lit in its own way, as no two photos are alike.
    """
    folder.mkdir(parents=True, exist_ok=True)
    originals = samples / "originals"
    made = [_copy(samples, folder, "obama.heic"), _gif(originals, folder)]
    made += [_broken(originals, folder, number) for number in range(BROKEN)]
    made += [_group(originals, folder, number) for number in range(TWICE)]
    for number in range(COUNT - len(made)):
        with Image.open(originals / _SINGLE[number % len(_SINGLE)]) as opened:
            photo = opened.convert("RGB")
        if number < LARGE:
            photo = photo.resize(_TWELVE_MP, Image.Resampling.BICUBIC, _of_shape(photo))
        else:
            photo.thumbnail((_SMALL, _SMALL))
            left, up = number % 17, number // 17
            photo = photo.crop((left, up, photo.width - number % 5, photo.height))
        path = folder / f"IMG_{number:04}.jpg"
        ImageEnhance.Brightness(photo).enhance(0.9 + number / 1500).save(path, quality=85)
        made.append(path)
    return made


def _of_shape(photo: Image.Image) -> tuple[float, float, float, float]:
    """Return the upper part of a photo that is four wide and three high."""
    return 0, 0, photo.width, min(photo.height, photo.width * 3 / 4)


def _copy(samples: Path, folder: Path, name: str) -> Path:
    (found,) = samples.glob(f"events/*/{name}")
    return Path(shutil.copy(found, folder / "IMG_HEIC.heic"))


def _gif(originals: Path, folder: Path) -> Path:
    path = folder / "IMG_GIF.gif"
    with Image.open(originals / "coffee.png") as opened:
        opened.convert("RGB").resize((300, 200)).save(path)
    return path


def _broken(originals: Path, folder: Path, number: int) -> Path:
    path = folder / f"BROKEN_{number}.jpg"
    content = (originals / "biden.jpg").read_bytes()
    # Cut off; and files that only call themselves photos.
    path.write_bytes(content[: 9000 + number] if number % 2 else b"no photo, %d" % number)
    return path


def _group(originals: Path, folder: Path, number: int) -> Path:
    """Three beside each other: an astronaut, and twice who revoked, at both sides."""
    path = folder / f"GROUP_{number}.jpg"
    whole = Image.new("RGB", (1500, 500), (238, 236, 230))
    for place, name in enumerate(("obama2.jpg", "astronaut.png", "obama3.jpg")):
        with Image.open(originals / name) as opened:
            part = opened.convert("RGB")
            part = part.crop((0, 0, part.width, min(part.width, part.height)))
            whole.paste(part.resize((490, 500)), (place * 505, 0))
    ImageEnhance.Brightness(whole).enhance(1 - number / 20).save(path, quality=92)
    return path
