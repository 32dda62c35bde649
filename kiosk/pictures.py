"""Pictures that people send: taken in large, kept small; what is none is refused beside its field."""

from collections.abc import Callable
from typing import Any, Final

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from kiosk.errors import error_page
from kiosk.localisation import _
from kiosk.portals import Portal, may_change
from shared.i18n import mark
from shared.photos import LARGEST_FILE, LARGEST_PICTURE, SMALLEST, PhotoRefused, TooFewPixels, TooManyPixels

LARGEST_UPLOAD: Final = 2 * LARGEST_FILE
"""A picture that is somewhat too large is taken in and refused beside its field; only more is cut off."""
READ_AT_ONCE: Final = 1024 * 1024
"""A file goes to disk piece by piece, but a piece and what is left of the one before count as one form field."""
NO_FILE: Final = mark("Choose a file first.")
NO_PICTURE: Final = mark("This is not a picture we can use. Take a JPEG, PNG or WebP of at most 20 MB.")
TOO_MANY_PIXELS: Final = mark(
    "This picture has more than {most} million pixels. Take it in a smaller size, or make it smaller first."
)
TOO_FEW_PIXELS: Final = mark(
    "This picture is too small or too narrow for a screen. Take one of at least {width} by {height} pixels that is"
    " not a long strip."
)
TOO_LARGE: Final = mark("This picture is too large")


class PictureRefused(Exception):
    """What was sent is no picture we can use; `sentence` says why in the reader's language."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def take_pictures(portal: Portal, endpoint: str) -> None:
    """Let one endpoint of a portal, and none of its others, be sent more than a form."""

    # Before the guard, which reads the form and with it how long it may be; and only for those who may send one.
    def take_in_more(asked: str | None, _values: dict[str, Any] | None) -> None:
        if asked == endpoint and may_change():
            request.max_content_length = LARGEST_UPLOAD
            request.max_form_memory_size = READ_AT_ONCE

    portal.url_value_preprocessor(take_in_more)
    portal.register_error_handler(RequestEntityTooLarge, _cut_off)


def sent_picture(field: str, made: Callable[[bytes], bytes]) -> bytes:
    """Return what `made` makes of the picture that was sent; raise PictureRefused when it is none."""
    file = request.files.get(field)
    if file is None or not file.filename:
        raise PictureRefused(_(NO_FILE))
    try:
        return made(file.read(LARGEST_FILE + 1))
    except TooManyPixels as error:
        raise PictureRefused(_(TOO_MANY_PIXELS, most=LARGEST_PICTURE // 10**6)) from error
    except TooFewPixels as error:
        raise PictureRefused(_(TOO_FEW_PIXELS, width=SMALLEST[0], height=SMALLEST[1])) from error
    except PhotoRefused as error:
        raise PictureRefused(_(NO_PICTURE)) from error


def _cut_off(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    # Perhaps nobody is signed in: the page must not say anything about whose picture it was to be.
    return error_page(TOO_LARGE, NO_PICTURE), 413
