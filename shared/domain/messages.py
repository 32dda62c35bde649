"""Text messages as the networks carry them: how long a text is, and what it may contain."""

import re
import unicodedata
from typing import Final

SEGMENT: Final = 160
"""Septets of a message that is sent in one piece."""
PART: Final = 153
"""Septets of one piece of several."""
WIDE_SEGMENT, WIDE_PART = 70, 67
"""The same where one character is not GSM-7, in units of 16 bits."""

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")
_TYPEWRITTEN: Final = str.maketrans(
    {"‘": "'", "’": "'", "`": "'", "ʼ": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-", "…": "..."}
)

_JOINER: Final = "\u200d"
_MODIFIERS: Final = re.compile("[\ufe00-\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_FLAG_LETTERS: Final = re.compile("[\U0001f1e6-\U0001f1ff]*\\Z")


def gsm_length(text: str) -> int | None:
    """Return the septets a text takes in GSM-7, None when a character makes the whole message UCS-2."""
    units = [1 if letter in _BASIC else 2 if letter in _EXTENDED else 0 for letter in text]
    return sum(units) if all(units) else None


def is_wide(text: str) -> bool:
    """Say whether a text travels as UCS-2, since a character of it is not GSM-7."""
    return gsm_length(text) is None


def segments_of(text: str) -> int:
    """Return in how many pieces a text travels: what it costs."""
    septets = gsm_length(text)
    if septets is None:
        return _pieces(len(text.encode("utf-16-le")) // 2, WIDE_SEGMENT, WIDE_PART)
    return _pieces(septets, SEGMENT, PART)


def _pieces(length: int, alone: int, of_several: int) -> int:
    return 1 if length <= alone else -(-length // of_several)


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
