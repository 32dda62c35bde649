"""What a message by an approved template keeps instead of words: what stands in the template, and words for SMS."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

WORDS: Final = "sms"
"""Where the words stand among the variables; a provider's variables are numbers or names, never this one."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a message says: in words, and for a template in what is filled in."""

    words: str
    variables: Mapping[str, str] = field(default_factory=dict)


def filled(variables: Mapping[str, str], words: str) -> str:
    """Return the text of a message by template; the words are what it says where only SMS leads to the person."""
    return json.dumps({**variables, WORDS: words}, ensure_ascii=False)


def contents(text: str, template: str | None) -> Contents:
    """Read the text of a message back; raise ValueError when it is not what `filled` wrote."""
    if template is None:
        return Contents(text)
    variables = json.loads(text)
    if not isinstance(variables, dict) or not all(isinstance(value, str) for value in variables.values()):
        raise ValueError("the variables of a template are texts")
    words = variables.pop(WORDS, "")
    return Contents(words, variables)
