"""Squares that a phone reads a text from (QR codes), drawn as one shape."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

MASK: Final = 2
"""Each of the eight masks is read alike; to weigh them all for the prettiest takes most of the time there is."""


def qr_drawing(text: str, border: int) -> str:
    """Return the QR code of a text as SVG, dark on light whatever is behind it, with so many squares of border."""
    size, path = qr_shape(text, border)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path fill="#fff" d="M0,0h{size}v{size}h-{size}z"/><path d="{path}"/></svg>'
    )


def qr_shape(text: str, border: int = 0) -> tuple[int, str]:
    """Return how many squares wide the QR code of a text is, and what is dark of it as the path of an SVG."""
    from qrcode import constants  # here, for it brings a library of pictures along
    from qrcode.main import QRCode

    code = QRCode(error_correction=constants.ERROR_CORRECT_M, border=border, mask_pattern=MASK)
    code.add_data(text)
    squares = code.get_matrix()
    return len(squares), "".join(_runs(squares))


def _runs(squares: Sequence[Sequence[bool | None]]) -> Iterator[str]:
    """Draw what is dark, row by row, neighbours in one piece."""
    for row, cells in enumerate(squares):
        column = 0
        for dark, run in groupby(cells):
            width = len(list(run))
            if dark:
                yield f"M{column},{row}h{width}v1h-{width}z"
            column += width
