"""Officers' photos: whatever was taken becomes a small square JPEG without what a camera writes into it."""

import io
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_FILE: Final = 20 * 1024 * 1024
LARGEST_PICTURE: Final = 60_000_000
"""pixels; more is a picture made to exhaust memory"""
EDGE: Final = 480
"""pixels; twice what the kiosk shows"""
QUALITY: Final = 82


class PhotoRefused(Exception):
    """This is not a picture we can use."""


def square_portrait(file: bytes) -> bytes:
    """Return the picture upright, cropped to a square around its upper middle, as a JPEG without metadata.

    Raises PhotoRefused for what is no picture, is larger than 20 MB, or has more than 60 million pixels.
    """
    if len(file) > LARGEST_FILE:
        raise PhotoRefused
    try:
        with Image.open(io.BytesIO(file), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > LARGEST_PICTURE:
                raise PhotoRefused
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PhotoRefused from error
    portrait = ImageOps.fit(upright, (EDGE, EDGE), centering=(0.5, 0.3))
    saved = io.BytesIO()
    portrait.save(saved, "JPEG", quality=QUALITY)
    return saved.getvalue()
