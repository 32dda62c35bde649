"""What people write in their own words, without what leads to a person."""

import re
from typing import Final

LEFT_OUT: Final = "…"
_LONG_NUMBER: Final = re.compile(r"\+?\d(?:(?:[\s._/()\u2010-\u2015-]{0,3}|,)\d){6,}")
"""Seven digits or more, however they are parted: a phone number, a NIK, a NIP. A comma with a space ends a number."""
_ADDRESS: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")


def without_contacts(comment: str) -> str:
    """Return a comment without long numbers and mail addresses; an ellipsis stands where one was."""
    return _LONG_NUMBER.sub(LEFT_OUT, _ADDRESS.sub(LEFT_OUT, comment))
