"""Why a file or a row cannot go in: an English source text with its facts, worded where it is shown."""

from collections.abc import Mapping
from typing import Final

from shared.domain.errors import IntakeRefused, RefusalCode
from shared.i18n import Language, mark, translate


class Refused(Exception):
    """Something in a file cannot go in; `worded` says what, in the reader's language."""

    def __init__(self, text: str, /, **facts: object) -> None:
        super().__init__(text)
        self.text, self.facts = text, facts

    def worded(self, language: Language) -> str:
        """Return the reason as one sentence."""
        return translate(self.text, language, **self.facts)


class FileRefused(Refused):
    """The file as a whole cannot be imported; nothing of it went in."""


class RowRefused(Refused):
    """This row cannot go in; the others are not touched."""


INTAKE_WORDS: Final[Mapping[RefusalCode, str]] = {
    RefusalCode.MALFORMED: mark("This row cannot be read."),
    RefusalCode.NO_ANSWER: mark("There is no answer in this row."),
    RefusalCode.ANSWER_OUT_OF_RANGE: mark("An answer is not a number from 1 to 4."),
    RefusalCode.COMMENT_TOO_LONG: mark("The comment is longer than 500 characters."),
    RefusalCode.GIVEN_IN_FUTURE: mark("The date lies in the future."),
    RefusalCode.GIVEN_TOO_LONG_AGO: mark("The date is too long ago."),
    RefusalCode.UNKNOWN_OFFICER: mark("Officer “{officer}” is not known."),
    RefusalCode.FOREIGN_OFFICER: mark("Officer “{officer}” does not serve at this office."),
    RefusalCode.UNKNOWN_COUNTER: mark("Counter “{counter}” does not exist at this office."),
    RefusalCode.UNKNOWN_SERVICE: mark("Service “{service}” does not exist at this office."),
    RefusalCode.UNKNOWN_ELEMENT: mark("This office has no additional element with the code “{element}”."),
}
RATES_NOBODY: Final = mark("The officer was rated, but the row does not say which officer.")


def row_refusal(refused: IntakeRefused) -> RowRefused:
    """Return the door's refusal in the words of a row."""
    if refused.code is RefusalCode.UNKNOWN_OFFICER and not refused.facts["officer"]:
        return RowRefused(RATES_NOBODY)
    return RowRefused(INTAKE_WORDS[refused.code], **refused.facts)
