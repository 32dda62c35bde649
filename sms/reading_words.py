"""Words as people type them: full-width letters, letters said twice, and one slip of the finger."""

import re
import unicodedata
from typing import Final

GAP: Final = r"[\W_]*"
END: Final = r"(?![^\W_])"
_KEYCAP: Final = re.compile("([0-9])\ufe0f?\u20e3")
_REPEATED: Final = re.compile(r"(.)\1+")
SHORTEST_TYPO: Final = 5
"""In a shorter word one slip makes another word of it: rate, rata; baik, balik."""


def plain(text: str) -> str:
    """Write full-width letters, circled digits and keycaps the ordinary way."""
    return _KEYCAP.sub(r"\1", unicodedata.normalize("NFKC", text))


def without_repeats(word: str) -> str:
    """Return a word with every letter that was held down written once: baiiik, puasss."""
    return _REPEATED.sub(r"\1", word)


def is_slip(word: str, meant: str) -> bool:
    """Say whether one slip makes `word` of a long word: a letter left out, put in or replaced, or two swapped."""
    if len(meant) < SHORTEST_TYPO or abs(len(word) - len(meant)) > 1:
        return False
    same = next((place for place, pair in enumerate(zip(word, meant, strict=False)) if pair[0] != pair[1]), None)
    if same is None:
        return True
    rest, other = word[same:], meant[same:]
    swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]
