"""What people write in their own words, without what leads to a person."""

import re
from typing import Final

LEFT_OUT: Final = "…"
_LONG_NUMBER: Final = re.compile(r"\+?\d(?:(?:[\s._/()\u2010-\u2015-]{0,3}|,)\d){6,}")
"""Seven digits or more, however they are parted: a phone number, a NIK, a NIP. A comma with a space ends a number."""
_ADDRESS: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")

_TIME: Final = r"(?<![\d.])(?:[01]?\d|2[0-4])[.:][0-5]\d(?![.\d])"
_DAY: Final = r"(?<!\d)(?:[0-2]?\d|3[01])([-/.])(?:0?\d|1[0-2])\1\d{4}(?!\d)"
_SUM: Final = r"\bRp\.?\s?\d{1,3}(?:\.\d{3})+(?![.\d])"
_OF_NOBODY: Final = re.compile(f"{_TIME}|{_DAY}|{_SUM}", re.IGNORECASE)


def holds_contact(words: str) -> bool:
    """Say whether an office's words hold a long number or a mail address; hours, days and sums are none."""
    rest = _OF_NOBODY.sub("x", words)
    return without_contacts(rest) != rest


def without_contacts(comment: str) -> str:
    """Return a comment without long numbers and mail addresses; an ellipsis stands where one was."""
    return _LONG_NUMBER.sub(LEFT_OUT, _ADDRESS.sub(LEFT_OUT, comment))
