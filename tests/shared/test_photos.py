"""Photos: small, upright, square, and nothing in them that is not to be seen."""

import io
import random

import pytest
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from shared.photos import EDGE, WEIGHT, PhotoRefused, TooFewPixels, TooManyPixels, square_portrait, wide_picture

SECRETS = (b"a comment", b"a description", b"an XMP", b"a profile", b"a text")


def a_file(form: str, size: tuple[int, int] = (600, 800), mode: str = "RGB", **saved: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, form, **saved)
    return file.getvalue()


def exif(**tags: object) -> Image.Exif:
    told = Image.Exif()
    told[0x010E] = "a description"
    told.update({0x0112: tags["orientation"]} if tags else {})
    return told


def a_png_with_words() -> bytes:
    words = PngInfo()
    words.add_text("comment", "a text")
    words.add_itxt("XML:com.adobe.xmp", "an XMP")
    return a_file("PNG", pnginfo=words)


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(
            a_file("JPEG", comment=b"a comment", exif=exif(), xmp=b"an XMP", icc_profile=b"a profile" * 9), id="JPEG"
        ),
        pytest.param(a_png_with_words(), id="PNG"),
        pytest.param(a_file("WEBP", exif=exif(), xmp=b"an XMP"), id="WebP"),
    ],
)
def test_what_was_written_into_a_photo_is_gone(file: bytes) -> None:
    assert any(secret in file for secret in SECRETS)
    portrait = square_portrait(file)
    assert not any(secret in portrait for secret in SECRETS)
    assert set(Image.open(io.BytesIO(portrait)).info) == {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def a_marked(form: str, size: tuple[int, int], orientation: int) -> bytes:
    """Return a white picture with a red corner, top left as it is stored."""
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 3, size[1] // 3), "red")
    file = io.BytesIO()
    picture.save(file, form, exif=exif(orientation=orientation))
    return file.getvalue()


@pytest.mark.parametrize("size", [(600, 600), (3000, 3000)], ids=["small", "large"])
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, (0, 0)), (3, (1, 1)), (6, (1, 0)), (8, (0, 1))],
    ids=["upright", "180", "90", "270"],
)
def test_a_photo_is_shown_upright(
    form: str, size: tuple[int, int], orientation: int, corner: tuple[int, int]
) -> None:
    portrait = Image.open(io.BytesIO(square_portrait(a_marked(form, size, orientation))))
    corners = {
        (x, y): portrait.getpixel((20 + x * (EDGE - 40), 20 + y * (EDGE - 40))) for x in (0, 1) for y in (0, 1)
    }
    red = [place for place, colour in corners.items() if isinstance(colour, tuple) and colour[1] < 100]
    assert red == [corner]


@pytest.mark.parametrize(
    ("mode", "form"),
    [
        ("1", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("I;16", "PNG"), ("RGBA", "PNG"), ("RGBA", "WEBP"),
        ("L", "JPEG"), ("CMYK", "JPEG"),
    ],
)  # fmt: skip
def test_a_photo_of_every_kind_becomes_the_same(mode: str, form: str) -> None:
    portrait = Image.open(io.BytesIO(square_portrait(a_file(form, (2500, 4100), mode))))
    assert (portrait.mode, portrait.size) == ("RGB", (EDGE, EDGE))


@pytest.mark.parametrize("size", [(1, 1), (20, 3000), (3000, 20), (479, 481)])
def test_a_small_or_narrow_photo_is_made_to_fit(size: tuple[int, int]) -> None:
    for form in ("JPEG", "PNG"):
        assert Image.open(io.BytesIO(square_portrait(a_file(form, size)))).size == (EDGE, EDGE)


def test_more_pixels_than_a_camera_takes_are_refused_before_they_are_unpacked() -> None:
    square_portrait(a_file("JPEG", (6000, 4000)))
    with pytest.raises(TooManyPixels):
        square_portrait(a_file("PNG", (6001, 4000), "1"))
    assert issubclass(TooManyPixels, PhotoRefused), "who only knows that one says it too"


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((4000, 3000), (1067, 800)),
        ((3000, 4000), (600, 800)),
        ((1280, 800), (1280, 800)),
        ((5000, 1000), (1280, 256)),
        ((400, 300), (400, 300)),
    ],
    ids=["a photo", "upright", "as it is", "a panorama", "a small one stays small"],
)
def test_a_slides_picture_is_whole_and_as_large_as_a_screen(size: tuple[int, int], shown: tuple[int, int]) -> None:
    for form in ("JPEG", "PNG"):
        picture = Image.open(io.BytesIO(wide_picture(a_file(form, size))))
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", shown)


def test_a_slides_picture_is_light_whatever_it_shows_and_tells_nothing_of_its_camera() -> None:
    noise = Image.frombytes("RGB", (2000, 1400), random.Random(7).randbytes(3 * 2000 * 1400))
    file = io.BytesIO()
    noise.save(file, "JPEG", exif=exif(), comment=b"a comment")
    assert b"a comment" in file.getvalue()
    picture = wide_picture(file.getvalue())
    assert len(picture) <= WEIGHT
    assert not any(secret in picture for secret in SECRETS)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_white(mode: str) -> None:
    clear = Image.new("RGBA", (2500, 1700), (0, 0, 0, 0)).convert(mode)
    file = io.BytesIO()
    clear.save(file, "PNG", **({"transparency": clear.getpixel((0, 0))} if mode == "P" else {}))
    for made in (wide_picture, square_portrait):
        assert Image.open(io.BytesIO(made(file.getvalue()))).getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize("size", [(1, 1), (319, 400), (400, 199), (5000, 700)])
def test_a_slides_picture_that_would_show_nothing_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(TooFewPixels):
        wide_picture(a_file("PNG", size))
