"""Pictures that a phone or tablet reads an address from."""

import base64
import io

import qrcode
import qrcode.image.svg


def qr_picture(text: str) -> str:
    """Return the QR code of a text as the address of an image, dark on light whatever the page looks like."""
    file = io.BytesIO()
    qrcode.make(text, image_factory=qrcode.image.svg.SvgPathFillImage, border=2).save(file)
    return f"data:image/svg+xml;base64,{base64.b64encode(file.getvalue()).decode()}"
