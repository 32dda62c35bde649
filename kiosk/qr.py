"""Pictures that a phone or tablet reads an address from."""

import base64

from shared.qr import qr_drawing

BORDER = 2


def qr_picture(text: str) -> str:
    """Return the QR code of a text as the address of an image, dark on light whatever the page looks like."""
    return f"data:image/svg+xml;base64,{base64.b64encode(qr_drawing(text, BORDER).encode()).decode()}"
