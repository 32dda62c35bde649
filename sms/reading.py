"""What a person wrote, read as far as it is clear: a verb, a counter, an officer, an answer, and the rest in words.

Nothing is guessed: what is not clear stays words, and the conversation asks for it.
"""

import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from shared.domain.people import Directory
from shared.i18n import Language

VERBS: Final[dict[str, Language | None]] = {"NILAI": "id", "RATE": "en", "RATING": None}
HELP: Final[dict[str, Language | None]] = {
    "BANTUAN": "id", "HELP": "en", "INFO": None, "MULAI": "id", "START": None, "DAFTAR": "id"
}  # fmt: skip
OPT_OUT: Final = frozenset({"STOP", "BERHENTI", "HENTIKAN", "BATAL", "UNREG", "KELUAR"})
LONGEST_CODE: Final = 40

_KEYCAP: Final = re.compile("([0-9])\ufe0f?\u20e3")
_GAP: Final = r"[\W_]*"
_END: Final = r"(?![^\W_])"
_VERB: Final = re.compile(rf"{_GAP}({'|'.join(VERBS)}){_END}", re.IGNORECASE)
_BEFORE_CODE: Final = re.compile(rf"{_GAP}(?:petugas|kode|loket|officer|code|counter){_END}", re.IGNORECASE)
_CODE: Final = re.compile(rf"{_GAP}([A-Za-z0-9](?:-?[A-Za-z0-9])*){_END}")
# A number that goes on (3.5, 4/5, 4-5) is a mark on another scale, not an answer from 1 to 4.
_NUMBER: Final = re.compile(rf"{_GAP}(?:nilai\b{_GAP})?(\d+(?:[.,/:-]\d+)*){_END}", re.IGNORECASE)
_SPELLED: Final = {
    4: r"(?:sangat|sgt|amat)\s+baik|baik\s+sekali|very\s+good",
    2: r"(?:kurang|krg)\s+baik|poor",
    1: r"(?:tidak|tdk)\s+baik|bad",
    # "baik hati", "good service": only where nothing else hangs on the word.
    3: r"(?:baik|good)(?=\s*(?:[^\w\s]|\n|\Z))",
}
_ANSWERS: Final = {
    answer: re.compile(rf"{_GAP}(?:{words}){_END}", re.IGNORECASE) for answer, words in _SPELLED.items()
}
_TIED: Final = frozenset("1234")
_BEFORE_WORDS: Final = " \t\r\n.,:;!?)]}>-_=/*\"'"


@dataclass(frozen=True, slots=True)
class Reading:
    """The parts of one text.

    `unknown` looks like an officer's code but is none; `wrong_number` says that a number stands where an answer
    should, but is not 1 to 4.
    """

    begun: bool = False
    language: Language | None = None
    counter: str | None = None
    officer: str | None = None
    unknown: str | None = None
    answer: int | None = None
    wrong_number: bool = False
    words: str = ""


def command(text: str) -> str | None:
    """Return the only word of a text in capitals, dots and spaces around it aside; None when there are more."""
    word = _plain(text).strip(" \t\r\n.!").upper()
    return word if word.isalpha() else None


def read(text: str, directory: Directory, *, asked: bool) -> Reading:
    """Read the parts in the order people write them: verb, counter, officer, answer, words; or answer before code.

    A spelled answer counts only where one is due (`asked`, after a verb or a code): "baik" alone also means "fine".
    """
    verb, rest = _verb(_plain(text))
    counter, officer, rest = _place(rest, directory)
    placed = counter is not None or officer is not None
    answer, wrong, after = _answer(rest, spelled=asked or placed or verb is not None)
    unknown = None
    if officer is None and answer is None:
        unknown, after = _unknown(rest, after, words_too=verb is not None or not (asked or placed))
        if unknown is not None:
            answer, wrong, after = _answer(after, spelled=True)
    if not placed and answer is not None and unknown is None:
        counter, officer, after = _place(after, directory)
    return Reading(
        begun=verb is not None,
        language=VERBS[verb] if verb else None,
        counter=counter,
        officer=officer,
        unknown=unknown,
        answer=answer,
        wrong_number=wrong,
        words=after.lstrip(_BEFORE_WORDS).rstrip(),
    )


def _plain(text: str) -> str:
    """Write full-width letters, circled digits and keycaps the ordinary way."""
    return _KEYCAP.sub(r"\1", unicodedata.normalize("NFKC", text))


def _verb(text: str) -> tuple[str | None, str]:
    match = _VERB.match(text)
    return (match[1].upper(), text[match.end() :]) if match else (None, text)


def _place(text: str, directory: Directory) -> tuple[str | None, str | None, str]:
    """Read an officer's code, or a counter's code with or without one after it."""
    officer, rest = _known(text, directory.officers)
    if officer is not None:
        return None, officer, rest
    counter, rest = _known(text, directory.counters)
    if counter is None:
        return None, None, text
    officer, rest = _known(rest, directory.officers)
    return counter, officer, rest


def _known(text: str, codes: Container[str]) -> tuple[str | None, str]:
    """Read a known code, also written "DK 7", or "DK7-4" with its answer tied on."""
    before = _BEFORE_CODE.match(text)
    start = before.end() if before else 0
    match = _CODE.match(text, start)
    if match is None or len(match[1]) > LONGEST_CODE:
        return None, text
    code = match[1].upper()
    if code in codes:
        return code, text[match.end() :]
    following = _CODE.match(text, match.end())
    # Letters alone: of "DK7 4" with no DK7, the officer DK74 would get a rating meant for nobody here.
    if code.isalpha() and following is not None and code + following[1].upper() in codes:
        return code + following[1].upper(), text[following.end() :]
    whole, _, answer = code.rpartition("-")
    # And in "GR-2 4" the 2 belongs to a code nobody has: with an answer behind it, it is none itself.
    if whole in codes and answer in _TIED and _answer(text[match.end() :], spelled=True)[0] is None:
        return whole, text[match.start(1) + len(whole) :]
    return None, text


def _answer(text: str, *, spelled: bool) -> tuple[int | None, bool, str]:
    """Read an answer; else say whether a wrong number stands in its place."""
    match = _NUMBER.match(text)
    if match:
        right = len(match[1]) == 1 and 1 <= int(match[1]) <= 4
        return (int(match[1]), False, text[match.end() :]) if right else (None, True, text[match.end() :])
    for answer, pattern in _ANSWERS.items() if spelled else ():
        match = pattern.match(text)
        if match:
            return answer, False, text[match.end() :]
    return None, False, text


def _unknown(text: str, after: str, *, words_too: bool) -> tuple[str | None, str]:
    """Read something that was meant as a code: letters with digits, or anything in front of an answer."""
    match = _CODE.match(text)
    if match is None or len(match[1]) > LONGEST_CODE or _BEFORE_CODE.match(text):
        return None, after
    code, beyond = match[1].upper(), text[match.end() :]
    mixed = any(letter.isdigit() for letter in code) and any(letter.isalpha() for letter in code)
    answered = words_too and _answer(beyond, spelled=False)[0] is not None
    return (code, beyond) if mixed or answered else (None, after)
