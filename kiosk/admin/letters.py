"""Activation letters: what somebody is given on paper so that they can sign in for the first time.

A code is known only while its letter is made; the letter is the answer to the form that made it, and cannot be
shown again.
"""

from dataclasses import dataclass
from typing import Final

from flask import render_template

from kiosk.addresses import public_address
from kiosk.localisation import _
from kiosk.qr import qr_picture
from shared.db.account_changes import Invited
from shared.domain.people import Role
from shared.i18n import mark

FIRST: Final = mark(
    "Let your phone read the picture, or open the address above and type the code. Then choose a password."
)
SECOND: Final = mark("The code works once. Whoever has it can choose your password, so give this letter to nobody.")
AFTER_OFFICER: Final = mark(
    "From then on you sign in with your user name and your password, and read what residents say."
)
AFTER_LEADER: Final = mark(
    "From then on you sign in with your user name, your password and a code from your phone; the page shows you how."
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to one person: where they go with the code, a picture that leads there, and what they must know."""

    to: Invited
    address: str
    picture: str
    sentences: tuple[str, str, str]


def letters_page(heading: str, invited: list[Invited], back: str) -> str:
    """Return a page of letters to be printed, one to a sheet; `back` leads on from there."""
    return render_template("admin/letters.html", heading=heading, letters=[*map(_letter, invited)], back=back)


def _letter(invited: Invited) -> Letter:
    after = AFTER_OFFICER if invited.role == Role.OFFICER else AFTER_LEADER
    return Letter(
        invited,
        public_address("security.ask_activation_code"),
        qr_picture(public_address("security.activate", code=invited.code)),
        (_(FIRST), _(SECOND), _(after)),
    )
