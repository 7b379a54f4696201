"""Photo files that are turned otherwise by one of their data than by another."""

from __future__ import annotations

import io

from PIL import Image

from media_index.images import decode

XMP_SIDEWAYS = b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'
# By name of a file, what is said of it.
SAID = {
    "sideways.jpg": "Its XMP data says that the photo should be turned another way",
    "stored.heic": "Its EXIF data and the file disagree on how the photo is turned",
}
_ORIENTATION = b"\x01\x12\0\x03\0\0\0\x01\0"


def turned_otherwise(picture: Image.Image, name: str) -> bytes:
    """Return the file of a picture whose XMP, or in a HEIC file EXIF, data say it lies sideways.

    As the EXIF data of the HEIC file have it, it would stand upright.
    """
    made = io.BytesIO()
    if name.endswith(".jpg"):
        picture.save(made, "JPEG", quality=92, xmp=XMP_SIDEWAYS)
        return made.getvalue()
    assert decode, "registers HEIF with Pillow"
    exif = Image.Exif()
    exif[0x0112] = 1
    stored = picture.transpose(Image.Transpose.ROTATE_90)
    stored.save(made, "HEIF", exif=exif.tobytes())
    return made.getvalue().replace(_ORIENTATION + b"\x01", _ORIENTATION + b"\x06")
