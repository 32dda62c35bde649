"""The second step of a sign-in: codes from an app on the person's phone, each good once."""

import base64
import io
from typing import Any

import qrcode
import qrcode.image.svg
from flask import current_app
from flask_security.totp import Totp
from passlib.totp import TotpMatch  # type: ignore[import-untyped]

from shared.db.accounts import Account


class OneTimeCodes(Totp):
    """The library's codes, of which none is taken twice."""

    def generate_qrcode(self, username: str, totp: str) -> str:
        """Return the picture an app reads the secret from, dark on light whatever the page looks like."""
        picture = qrcode.make(
            self.get_totp_uri(username, totp), image_factory=qrcode.image.svg.SvgPathFillImage, border=2
        )
        file = io.BytesIO()
        picture.save(file)
        return f"data:image/svg+xml;base64,{base64.b64encode(file.getvalue()).decode()}"

    def get_last_counter(self, user: Any) -> int | None:
        """Return the number of the last code this account used."""
        return user.totp_counter  # type: ignore[no-any-return]

    def set_last_counter(self, user: Any, tmatch: TotpMatch) -> None:
        """Remember that this code was used."""
        account: Account = user
        account.totp_counter = tmatch.counter
        current_app.extensions["security"].datastore.put(account)
