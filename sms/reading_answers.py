"""An answer from 1 to 4 as people write it: a number, words, a face; never one that is not clear.

"Lumayan", "cukup", a thumb, three hours, a number beside words that say the opposite: all of these are asked about.
"""

import re
from dataclasses import dataclass
from typing import Final

from sms.reading_words import END, GAP, is_slip, without_repeats

_LEAD: Final = (
    r"(?:nilai(?:nya)?|jawab(?:an)?(?:nya)?|pilih(?:an)?|angka|skor|kasih|beri|answer|give|saya|aku|i|my|is)\b"
)
_UNIT: Final = (
    r"(?!\s*(?:jam|menit|mnt|hari|hr|minggu|bulan|bln|tahun|thn|orang|org|kali|x|rb|ribu|juta|jt"
    r"|hours?|minutes?|days?|weeks?|people|times)\b)"
)
# A number that goes on (3.5, 4/5, 4-5) is a mark on another scale, not an answer from 1 to 4.
_NUMBER: Final = re.compile(rf"{GAP}(?:{_LEAD}{GAP}){{0,3}}(\d+(?:[.,/:-]\d+)*){END}{_UNIT}", re.IGNORECASE)
# "1 - 4", "1 sampai 4", "1 2 3 4": our own instruction sent back, or a mark on another scale.
_RANGE: Final = re.compile(
    rf"\s*(?:[-\u2010-\u2015~\u2044/]|s\.?/?d\.?|sampai(?:\s+dengan)?|hingga|atau|to|or)\s*\d+{END}{_UNIT}",
    re.IGNORECASE,
)
_MORE_NUMBERS: Final = re.compile(r"((?:[\s.,;/]*\d)+)\W*\Z")
_NAMED: Final = {"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "one": 1, "two": 2, "three": 3, "four": 4}
_FACES: Final = {
    **dict.fromkeys("😀😃😄😁😍🤩", 4), **dict.fromkeys("🙂", 3), **dict.fromkeys("🙁☹😕", 2),
    **dict.fromkeys("😠😡🤬", 1),
}  # fmt: skip
_FACE_RUN: Final = re.compile(rf"\s*((?:[{''.join(_FACES)}]\ufe0f?\s*)+)(?![^\w\s])")
_TOKEN: Final = re.compile(r"[^\W_]+")
_INTRODUCTION: Final = re.compile(
    rf"{GAP}(?:(?:menurut|saya|kami|pelayanan(?:nya)?|layanan(?:nya)?|petugas(?:nya)?|orangnya|nilai(?:nya)?"
    r"|jawaban(?:nya)?|the|service|it|was|is)\s+){0,4}",
    re.IGNORECASE,
)
# "baik hati", "baik-baik saja", "satu hal lagi", "good service": only where nothing else hangs on the word.
_NOTHING_MORE: Final = re.compile(r"\s*(?:\Z|\n|(?!-\w)[^\w\s])")

VERY, GOOD, MUCH, LESS, NOT, BAD, POOR = "very", "good", "much", "less", "not", "bad", "poor"
_VOCABULARY: Final = {
    VERY: ("sangat", "sgt", "sngt", "amat", "very", "really"),
    GOOD: ("baik", "baek", "bagus", "bgs", "puas", "memuaskan", "good", "satisfied"),
    MUCH: ("sekali", "skali", "skl", "banget", "bgt", "bngt"),
    LESS: ("kurang", "krg", "krang"),
    NOT: ("tidak", "tdk", "tak", "gak", "ga", "gk", "ngak", "nggak", "ngga", "enggak", "engga"),
    BAD: ("buruk", "jelek", "jlk", "bad", "mengecewakan"),
    POOR: ("poor",),
}
_PHRASES: Final = {
    (VERY, NOT, GOOD): 1,
    (VERY, GOOD): 4,
    (GOOD, MUCH): 4,
    (LESS, GOOD): 2,
    (NOT, GOOD): 1,
    (VERY, BAD): 1,
    (BAD, MUCH): 1,
    (BAD,): 1,
    (POOR,): 2,
}
_KIND_OF: Final = {word: kind for kind, words in _VOCABULARY.items() for word in words}
_DRAWN_OUT: Final = {without_repeats(word): word for word in _KIND_OF}


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer and the text after it; `wrong` when something stands in its place that is none, or contradicts it."""

    answer: int | None
    wrong: bool
    rest: str


def read_answer(text: str, *, spelled: bool) -> Answered:
    """Read the answer a text begins with; in words or as a face only when `spelled`."""
    match = _NUMBER.match(text)
    if match:
        return _number(match[1], text[match.end() :])
    said = _spelled(text) if spelled else None
    if said is None:
        return Answered(None, False, text)
    answer, rest = said
    number = _NUMBER.match(rest)
    if number is None:
        return Answered(answer, False, rest)
    repeated = _number(number[1], rest[number.end() :])
    agrees = repeated.answer is not None and _are_alike(answer, repeated.answer)
    return repeated if agrees else Answered(None, True, rest)


def _number(digits: str, rest: str) -> Answered:
    """Read a number; words after it that only repeat it are dropped, with those that say the opposite it is none."""
    if len(digits) != 1 or not 1 <= int(digits) <= 4 or _goes_on(digits, rest):
        return Answered(None, True, rest)
    answer = int(digits)
    said = _spelled(rest)
    if said is None:
        return Answered(answer, False, rest)
    if not _are_alike(answer, said[0]):
        return Answered(None, True, rest)
    return Answered(answer, False, rest if _TOKEN.search(said[1]) else "")


def _goes_on(digit: str, rest: str) -> bool:
    """Say whether more numbers follow, so that nobody knows which of them is meant."""
    more = _MORE_NUMBERS.match(rest)
    return bool(_RANGE.match(rest)) or (more is not None and set(re.findall(r"\d", more[1])) != {digit})


def _are_alike(one: int, other: int) -> bool:
    return (one > 2) == (other > 2)


def _spelled(text: str) -> tuple[int, str] | None:
    """Read a face, words, or the name of a number, and what comes after."""
    run = _FACE_RUN.match(text)
    if run:
        answers = {_FACES[letter] for letter in run[1] if letter in _FACES}
        return (answers.pop(), text[run.end() :]) if len(answers) == 1 else None
    start = _INTRODUCTION.match(text)
    return _phrase(text[start.end() :] if start else text)


def _phrase(text: str) -> tuple[int, str] | None:
    tokens: list[re.Match[str]] = []
    for token in _TOKEN.finditer(text):
        if len(tokens) == 3 or (text[tokens[-1].end() : token.start()].strip() if tokens else False):
            break
        tokens.append(token)
    words = [token[0].lower() for token in tokens]
    found = [_kind(word) for word in words]
    for kinds, answer in _PHRASES.items():
        if len(tokens) >= len(kinds) and _matches(words, found, kinds):
            return answer, text[tokens[len(kinds) - 1].end() :]
    if not tokens or not _NOTHING_MORE.match(text, tokens[0].end()):
        return None
    alone = 3 if found[0] == GOOD else _NAMED.get(words[0])
    return (alone, text[tokens[0].end() :]) if alone else None


def _matches(words: list[str], found: list[str | None], kinds: tuple[str, ...]) -> bool:
    """Say whether words are of these kinds; only beside another word is a slip taken for what it may be."""
    return all(
        is_kind == kind or (is_kind is None and len(kinds) > 1 and _is_slip_of(word, kind))
        for word, is_kind, kind in zip(words, found, kinds, strict=False)
    )


def _kind(word: str) -> str | None:
    meant = word if word in _KIND_OF else _DRAWN_OUT.get(without_repeats(word), "")
    return _KIND_OF.get(meant) if len(word) >= len(meant) else None


def _is_slip_of(word: str, kind: str) -> bool:
    return any(is_slip(word, known) for known in _VOCABULARY[kind])
