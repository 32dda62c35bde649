"""Text messages as the networks carry them: how long a text is, what it may contain, and whose number it is."""

import re
import unicodedata
from typing import Final

SEGMENT: Final = 160
"""Septets of a message that is sent in one piece."""

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")
_TYPEWRITTEN: Final = str.maketrans(
    {"‘": "'", "’": "'", "`": "'", "ʼ": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "…": "..."}
)

_PHONE_SEPARATORS: Final = re.compile(r"[\s().\-/\u2010-\u2015]+")
_INDONESIAN_MOBILE: Final = re.compile(r"(?:\+?62|0062)?0?(8[1-35-9][0-9]{7,10})")
_INTERNATIONAL: Final = re.compile(r"(?:\+|00)(?!628)([1-9][0-9]{7,14})")

_JOINER: Final = "\u200d"
_MODIFIERS: Final = re.compile("[\ufe00-\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_FLAG_LETTERS: Final = re.compile("[\U0001f1e6-\U0001f1ff]*\\Z")


def gsm_length(text: str) -> int | None:
    """Return the septets a text takes in GSM-7, None when a character makes the whole message UCS-2."""
    units = [1 if letter in _BASIC else 2 if letter in _EXTENDED else 0 for letter in text]
    return sum(units) if all(units) else None


def gsm_text(text: str) -> str:
    """Write a text with GSM-7 letters only: accents and typographic signs become plain, the rest is left out."""
    return "".join(_gsm_letter(letter) for letter in text.translate(_TYPEWRITTEN))


def _gsm_letter(letter: str) -> str:
    if letter in _BASIC or letter in _EXTENDED:
        return letter
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if part in _BASIC)


def cut_to_segment(text: str, septets: int) -> str:
    """Return as much of a GSM-7 text as fits in so many septets, without a dangling space."""
    while (gsm_length(text) or 0) > max(septets, 0):
        text = text[:-1]
    return text.rstrip()


def cut_text(text: str, length: int) -> str:
    """Return at most `length` characters, without breaking one that is written as several (accents, emoji, flags)."""
    if len(text) <= length:
        return text
    while length and _is_inside_character(text, length):
        length -= 1
    return text[:length]


def _is_inside_character(text: str, place: int) -> bool:
    following = text[place]
    if unicodedata.combining(following) or _MODIFIERS.match(following) or text[place - 1] == _JOINER:
        return True
    flags = _FLAG_LETTERS.search(text, 0, place)
    return bool(_FLAG_LETTERS.fullmatch(following) and flags and len(flags[0]) % 2)


def normal_phone(written: str) -> str | None:
    """Return the number in E.164 however it was written; None when it is not a person's telephone number.

    0812..., 62812..., +62812..., 812... and 0812-3456-789 are one number; one of another country needs its +.
    """
    digits = _PHONE_SEPARATORS.sub("", written)
    mobile = _INDONESIAN_MOBILE.fullmatch(digits)
    if mobile:
        return f"+62{mobile[1]}"
    abroad = _INTERNATIONAL.fullmatch(digits)
    return f"+{abroad[1]}" if abroad else None
