"""The words that are heard before everything else: stop, start, help, and the language."""

import re
from collections.abc import Container
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from shared.i18n import Language
from sms.reading_words import END, GAP, is_slip, plain


class Kind(Enum):
    """What a command asks for."""

    STOP = auto()
    START = auto()
    HELP = auto()
    LANGUAGE = auto()
    MY_DATA = auto()
    FORGET = auto()


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
_ASKED: Final[tuple[tuple[Command, tuple[str, ...]], ...]] = (
    (Command(Kind.MY_DATA, "id"), ("DATA SAYA", "LIHAT DATA SAYA", "CEK DATA SAYA", "INFO DATA SAYA")),
    (Command(Kind.MY_DATA, "id"), ("APA YANG ANDA TAHU TENTANG SAYA", "ANDA TAHU APA TENTANG SAYA")),
    (Command(Kind.MY_DATA, "en"), ("MY DATA", "SHOW MY DATA", "WHAT DO YOU KNOW ABOUT ME")),
    (Command(Kind.FORGET, "id"), ("HAPUS DATA SAYA", "HAPUS DATA", "HAPUS NOMOR SAYA", "LUPAKAN SAYA")),
    (Command(Kind.FORGET, "en"), ("FORGET ME", "DELETE MY DATA", "ERASE MY DATA")),
)
PHRASES: Final = {tuple(phrase.split()): asked for asked, phrases in _ASKED for phrase in phrases}
LANGUAGE_WORD: Final = "BAHASA"
TO_OFFICE: Final = ("HUBUNGI", "CONTACT")
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


_COURTESY: Final = _POLITE - {"SAYA"}
_FIRST: Final = re.compile(rf"{GAP}([^\W\d_]+){END}[\s:,.=-]*")


def command(text: str, codes: Container[str] = frozenset()) -> Command | None:
    """Return what a text asks for when it does nothing else, with words of courtesy or one slip in a long word.

    A code is never a slip of a command.
    """
    written = plain(text)
    words = [word.upper() for word in _WORDS.findall(written)]
    if not words or len(words) > MOST_WORDS or any(letter.isdigit() for letter in written):
        return None
    asked = _phrase([word for word in words if word not in _COURTESY], codes)
    if asked is not None:
        return asked
    telling = {word for word in words if word not in _WRITING | _POLITE}
    if telling == {DO_NOT} and not _WRITING.isdisjoint(words):
        return _STOP
    telling = telling - {LANGUAGE_WORD} or telling
    meant = {_meant(word, codes, alone=len(words) == 1) for word in telling}
    return meant.pop() if len(meant) == 1 else None


def to_office(text: str) -> str | None:
    """Return the words for an office after HUBUNGI or CONTACT, empty where there are none; None for other texts."""
    first = _FIRST.match(plain(text))
    word = first[1].upper() if first else ""
    if first is None or not (word in TO_OFFICE or any(is_slip(word, known) for known in TO_OFFICE)):
        return None
    words = plain(text)[first.end() :].strip()
    said = {word.upper() for word in _WORDS.findall(words)}
    return words if said - _POLITE - {"KANTOR", "ME", "OFFICE"} else ""


def _meant(word: str, codes: Container[str], *, alone: bool) -> Command | None:
    exact = COMMANDS.get(word)
    if exact or not alone or word in codes:
        return exact
    slips = (known for known in COMMANDS if len(known) >= SHORTEST_SLIP and is_slip(word, known))
    return COMMANDS.get(next(slips, ""))


def _phrase(words: list[str], codes: Container[str]) -> Command | None:
    """Return what whole phrases ask for, with a space forgotten or one slip in one long word.

    A short word stands as it is written: "lupakan saja" does not ask to be forgotten.
    """
    for phrase, asked in PHRASES.items():
        if "".join(words) == "".join(phrase) and (len(words) > 1 or words[0] not in codes):
            return asked
        wrong = [pair for pair in zip(words, phrase, strict=False) if pair[0] != pair[1]]
        if len(words) == len(phrase) and len(wrong) == 1 and is_slip(*wrong[0]) and wrong[0][0] not in codes:
            return asked
    return None
