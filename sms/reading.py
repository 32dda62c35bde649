"""What a person wrote, read as far as it is clear: a verb, a counter, an officer, an answer, and the rest in words.

Nothing is guessed: what is not clear stays words, and the conversation asks for it.
"""

import re
from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Final

from shared.domain.people import Directory
from shared.i18n import Language
from sms.reading_answers import read_answer
from sms.reading_words import END, GAP, is_slip, plain

VERBS: Final[dict[str, Language | None]] = {"NILAI": "id", "RATE": "en", "RATING": None}
LONGEST_CODE: Final = 40

_VERB: Final = re.compile(rf"{GAP}({'|'.join(VERBS)}){END}", re.IGNORECASE)
_WORD: Final = re.compile(rf"{GAP}([^\W\d_]+){END}")
_BEFORE_CODE: Final = re.compile(
    rf"{GAP}(?:petugas|kode|loket|nomor|nomer|no|officer|code|counter|number){END}", re.IGNORECASE
)
_CODE: Final = re.compile(rf"{GAP}([A-Za-z0-9](?:-?[A-Za-z0-9])*){END}")
_TIED: Final = frozenset("1234")
_BEFORE_WORDS: Final = " \t\r\n.,:;!?)]}>-_=/*\"'"


@dataclass(frozen=True, slots=True)
class Reading:
    """The parts of one text.

    `unknown` looks like an officer's code but is none; `wrong_number` says that a number stands where an answer
    should, but is not 1 to 4, or that words beside it say the opposite.
    """

    begun: bool = False
    language: Language | None = None
    counter: str | None = None
    officer: str | None = None
    unknown: str | None = None
    answer: int | None = None
    wrong_number: bool = False
    words: str = ""


def read(text: str, directory: Directory, *, asked: bool) -> Reading:
    """Read the parts in the order people write them: verb, counter, officer, answer, words; or answer before code.

    A spelled answer counts only where one is due (`asked`, after a verb or a code): "baik" alone also means "fine".
    """
    verb, rest = _verb(plain(text), directory)
    counter, officer, rest = _place(rest, directory)
    placed = counter is not None or officer is not None
    said = read_answer(rest, spelled=asked or placed or verb is not None)
    unknown = None
    if officer is None and said.answer is None:
        unknown, after = _unknown(rest, said.rest, words_too=verb is not None or not (asked or placed))
        said = replace(said, rest=after) if unknown is None else read_answer(after, spelled=True)
    after = said.rest
    if not placed and said.answer is not None and unknown is None:
        counter, officer, after = _place(after, directory)
    return Reading(
        begun=verb is not None,
        language=VERBS[verb] if verb else None,
        counter=counter,
        officer=officer,
        unknown=unknown,
        answer=said.answer,
        wrong_number=said.wrong,
        words=after.lstrip(_BEFORE_WORDS).rstrip(),
    )


def _verb(text: str, directory: Directory) -> tuple[str | None, str]:
    match = _VERB.match(text)
    if match:
        return match[1].upper(), text[match.end() :]
    first = _WORD.match(text)
    word = first[1].upper() if first else ""
    meant = next((verb for verb in VERBS if is_slip(word, verb)), None)
    if first is None or meant is None or word in directory.officers or word in directory.counters:
        return None, text
    return meant, text[first.end() :]


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
    if whole in codes and answer in _TIED and read_answer(text[match.end() :], spelled=True).answer is None:
        return whole, text[match.start(1) + len(whole) :]
    return None, text


def _unknown(text: str, after: str, *, words_too: bool) -> tuple[str | None, str]:
    """Read something that was meant as a code: letters with digits, or anything in front of an answer."""
    match = _CODE.match(text)
    if match is None or len(match[1]) > LONGEST_CODE or match[1] in _TIED or _BEFORE_CODE.match(text):
        return None, after
    code, beyond = match[1].upper(), text[match.end() :]
    mixed = any(letter.isdigit() for letter in code) and any(letter.isalpha() for letter in code)
    answered = words_too and read_answer(beyond, spelled=False).answer is not None
    return (code, beyond) if mixed or answered else (None, after)
