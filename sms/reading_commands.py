"""The words that are heard before everything else: stop, start, help, and the language."""

import re
from collections.abc import Container
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from shared.i18n import Language
from sms.reading_words import is_slip, plain


class Kind(Enum):
    """What a command asks for."""

    STOP = auto()
    START = auto()
    HELP = auto()
    LANGUAGE = auto()


@dataclass(frozen=True, slots=True)
class Command:
    """What is asked for, and the language of the word it was asked with."""

    kind: Kind
    language: Language | None = None


_STOP: Final = Command(Kind.STOP)
COMMANDS: Final[dict[str, Command]] = {
    "STOP": _STOP,
    "SETOP": _STOP,
    "BERHENTI": _STOP,
    "HENTIKAN": _STOP,
    "BATAL": _STOP,
    "UNREG": _STOP,
    "KELUAR": _STOP,
    "MULAI": Command(Kind.START, "id"),
    "START": Command(Kind.START),
    "DAFTAR": Command(Kind.START, "id"),
    "BANTUAN": Command(Kind.HELP, "id"),
    "HELP": Command(Kind.HELP, "en"),
    "INFO": Command(Kind.HELP),
    "ENGLISH": Command(Kind.LANGUAGE, "en"),
    "INGGRIS": Command(Kind.LANGUAGE, "en"),
    "INDONESIA": Command(Kind.LANGUAGE, "id"),
    "BAHASA": Command(Kind.LANGUAGE, "id"),
}
LANGUAGE_WORD: Final = "BAHASA"
DO_NOT: Final = "JANGAN"
MOST_WORDS: Final = 6
SHORTEST_SLIP: Final = 6
"""Alone in a text, a shorter word with a slip in it may well be another: batal, fatal; start, smart."""
_WORDS: Final = re.compile(r"[^\W\d_]+")
_WRITING: Final = frozenset({"KIRIM", "SMS", "WA", "WHATSAPP", "PESAN", "HUBUNGI", "GANGGU"})
_POLITE: Final = frozenset(
    {
        "ADMIN",
        "AJA",
        "ALL",
        "BU",
        "DONG",
        "DULU",
        "INI",
        "KAK",
        "LAGI",
        "MAU",
        "MIN",
        "MOHON",
        "PAK",
        "PLEASE",
        "SAJA",
    }
    | {"SAYA", "SEMUA", "SURVEI", "SURVEY", "TOLONG", "YA"}
)


def command(text: str, codes: Container[str] = frozenset()) -> Command | None:
    """Return what a text asks for when it does nothing else, with words of courtesy or one slip in a long word.

    A code is never a slip of a command.
    """
    written = plain(text)
    words = [word.upper() for word in _WORDS.findall(written)]
    if not words or len(words) > MOST_WORDS or any(letter.isdigit() for letter in written):
        return None
    telling = {word for word in words if word not in _WRITING | _POLITE}
    if telling == {DO_NOT} and not _WRITING.isdisjoint(words):
        return _STOP
    telling = telling - {LANGUAGE_WORD} or telling
    meant = {_meant(word, codes, alone=len(words) == 1) for word in telling}
    return meant.pop() if len(meant) == 1 else None


def _meant(word: str, codes: Container[str], *, alone: bool) -> Command | None:
    exact = COMMANDS.get(word)
    if exact or not alone or word in codes:
        return exact
    slips = (known for known in COMMANDS if len(known) >= SHORTEST_SLIP and is_slip(word, known))
    return COMMANDS.get(next(slips, ""))
