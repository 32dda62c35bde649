"""Words in the resident's and the officer's language, from one catalogue, with or without a web request.

Source texts are English; `shared/translations/<language>/LC_MESSAGES/messages.po` holds the rest. The
catalogues are read as they are: there is no compiled copy to go stale.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal, get_args

from babel.messages.pofile import read_po

Language = Literal["id", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT_LANGUAGE: Final[Language] = "id"
SOURCE_LANGUAGE: Final[Language] = "en"
TRANSLATIONS = Path(__file__).parent / "translations"


def mark(text: str) -> str:
    """Mark a constant for the catalogue; it is translated where it is shown."""
    return text


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Return source text -> text in `language`; empty for the source language itself."""
    if language == SOURCE_LANGUAGE:
        return {}
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id and message.string}


def translate(text: str, language: Language, /, **facts: object) -> str:
    """Return `text` in `language` with `{facts}` filled in; a text missing there stays in English."""
    translated = catalogue(language).get(text, text)
    return translated.format(**facts) if facts else translated
