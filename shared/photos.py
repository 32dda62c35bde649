"""Photos of officers and pictures of slides: whatever was taken becomes a small JPEG without what a camera writes.

The library of pictures is loaded by who first brings one: on most days nobody does, and it takes its megabytes.
"""

import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image

LARGEST_FILE: Final = 20 * 1024 * 1024
LARGEST_PICTURE: Final = 24_000_000
"""pixels; a phone takes twelve million, and more is a picture made to exhaust memory"""
EDGE: Final = 480
"""pixels; twice what the kiosk shows"""
WIDE: Final = (1280, 800)
"""pixels a slide's picture has at most, for screens have no more"""
SMALLEST: Final = (320, 200)
"""pixels below which nobody sees from two metres what a picture shows"""
WEIGHT: Final = 100 * 1024
"""bytes a slide's picture has at most, for a tablet on a weak network fetches five"""
QUALITY: Final = 82
QUALITIES: Final = (QUALITY, 70, 55, 40)
SHRINKING: Final = 0.8
REDUCIBLE: Final = frozenset({"L", "LA", "RGB", "RGBA", "CMYK"})
"""How pictures keep their colours when neighbours can be mixed; the others are turned into these first."""


class PhotoRefused(Exception):
    """This is not a picture we can use."""


class TooManyPixels(PhotoRefused):
    """The picture is larger than any of a person needs to be."""


class TooFewPixels(PhotoRefused):
    """The picture is too small or too narrow to show anything on a screen."""


def square_portrait(file: bytes) -> bytes:
    """Return the picture upright, cropped to a square around its upper middle, as a JPEG without metadata.

    Raises TooManyPixels for more than 24 million pixels, PhotoRefused for what is no picture or larger than 20 MB.
    """
    from PIL import ImageOps

    portrait = ImageOps.fit(_upright(file, 2 * EDGE), (EDGE, EDGE), centering=(0.5, 0.3))
    return _jpeg(portrait, QUALITY)


def wide_picture(file: bytes) -> bytes:
    """Return the whole picture upright, as large as a screen and light enough, as a JPEG without metadata.

    What is transparent becomes white. Raises as `square_portrait`, and TooFewPixels for what would show nothing.
    """
    picture = _upright(file, 2 * WIDE[1])
    picture.thumbnail(WIDE)
    if picture.width < SMALLEST[0] or picture.height < SMALLEST[1]:
        raise TooFewPixels
    while True:
        for quality in QUALITIES:
            saved = _jpeg(picture, quality)
            if len(saved) <= WEIGHT:
                return saved
        picture = picture.resize([round(edge * SHRINKING) for edge in picture.size])


def _upright(file: bytes, room: int) -> "Image.Image":
    """Return the picture as one sees it, its shorter side about `room` pixels or whatever less it has."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(file) > LARGEST_FILE:
        raise PhotoRefused
    try:
        with Image.open(io.BytesIO(file), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > LARGEST_PICTURE:
                raise TooManyPixels
            return _on_white(ImageOps.exif_transpose(_smaller(picture, room)))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PhotoRefused from error


def _on_white(picture: "Image.Image") -> "Image.Image":
    from PIL import Image

    if not picture.has_transparency_data:
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    white = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(white, seen).convert("RGB")


def _jpeg(picture: "Image.Image", quality: int) -> bytes:
    picture.info.clear()  # a comment, which would be written again
    saved = io.BytesIO()
    picture.save(saved, "JPEG", quality=quality)
    return saved.getvalue()


def _smaller(picture: "Image.Image", room: int) -> "Image.Image":
    """Return the picture with about the pixels we need, before anything makes another copy of all of them."""
    shorter = min(picture.size)
    picture.draft("RGB", (picture.width * room // shorter, picture.height * room // shorter))
    factor = min(picture.size) // room
    if factor <= 1:
        return picture
    if picture.mode not in REDUCIBLE:
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    return picture.reduce(factor)
