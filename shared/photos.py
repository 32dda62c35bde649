"""Officers' photos: whatever was taken becomes a small square JPEG without what a camera writes into it."""

import io
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_FILE: Final = 20 * 1024 * 1024
LARGEST_PICTURE: Final = 24_000_000
"""pixels; a phone takes twelve million, and more is a picture made to exhaust memory"""
EDGE: Final = 480
"""pixels; twice what the kiosk shows"""
ROOM: Final = 2 * EDGE
"""pixels that the shorter side keeps while there is still work to do"""
QUALITY: Final = 82
REDUCIBLE: Final = frozenset({"L", "LA", "RGB", "RGBA", "CMYK"})
"""How pictures keep their colours when neighbours can be mixed; the others are small, or turned into these first."""


class PhotoRefused(Exception):
    """This is not a picture we can use."""


class TooManyPixels(PhotoRefused):
    """The picture is larger than any of a person needs to be."""


def square_portrait(file: bytes) -> bytes:
    """Return the picture upright, cropped to a square around its upper middle, as a JPEG without metadata.

    Raises TooManyPixels for more than 24 million pixels, PhotoRefused for what is no picture or larger than 20 MB.
    """
    if len(file) > LARGEST_FILE:
        raise PhotoRefused
    try:
        with Image.open(io.BytesIO(file), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > LARGEST_PICTURE:
                raise TooManyPixels
            upright = ImageOps.exif_transpose(_smaller(picture)).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PhotoRefused from error
    portrait = ImageOps.fit(upright, (EDGE, EDGE), centering=(0.5, 0.3))
    portrait.info.clear()  # a comment, which would be written again
    saved = io.BytesIO()
    portrait.save(saved, "JPEG", quality=QUALITY)
    return saved.getvalue()


def _smaller(picture: Image.Image) -> Image.Image:
    """Return the picture with about the pixels we need, before anything makes another copy of all of them."""
    shorter = min(picture.size)
    picture.draft("RGB", (picture.width * ROOM // shorter, picture.height * ROOM // shorter))
    factor = min(picture.size) // ROOM
    return picture.reduce(factor) if factor > 1 and picture.mode in REDUCIBLE else picture
