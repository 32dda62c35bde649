"""What an office says on its own screens, as somebody typed it: short enough to be read from two metres away.

Indonesian first; English is an addition and never stands alone.
"""

from datetime import date
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from shared.domain.facts import Facts, Maybe, one_line

SENTENCE_LENGTH: Final = 120
TITLE_LENGTH: Final = 60
TEXT_LENGTH: Final = 200
CHANGED_LENGTH: Final = 240
MOST_SLIDES: Final = 5
ENGLISH_ALONE: Final = PydanticCustomError("english_alone", "English stands beside Indonesian, never alone")
NO_DAY: Final = PydanticCustomError("no_day", "what changed has a day")

_OneLine = BeforeValidator(one_line)
_Sentence = Annotated[str, Field(min_length=1, max_length=SENTENCE_LENGTH)]
_Title = Annotated[str, Field(min_length=1, max_length=TITLE_LENGTH)]
_Text = Annotated[str, Field(min_length=1, max_length=TEXT_LENGTH)]
_Changed = Annotated[str, Field(min_length=1, max_length=CHANGED_LENGTH)]


class OwnWordsFacts(Facts):
    """The sentence of the start screen; what changed because of the ratings, since which day. Each may be none."""

    sentence: Annotated[_Sentence | None, Maybe, _OneLine] = None
    sentence_en: Annotated[_Sentence | None, Maybe, _OneLine] = None
    changed_text: Annotated[_Changed | None, Maybe, _OneLine] = None
    changed_text_en: Annotated[_Changed | None, Maybe, _OneLine] = None
    changed_on: Annotated[date | None, Maybe, Field(validate_default=True)] = None

    @field_validator("sentence_en", "changed_text_en")
    @classmethod
    def _beside_indonesian(cls, value: str | None, said: ValidationInfo) -> str | None:
        indonesian = str(said.field_name).removesuffix("_en")
        if value is not None and said.data.get(indonesian, value) is None:
            raise ENGLISH_ALONE
        return value

    @field_validator("changed_on")
    @classmethod
    def _with_its_words(cls, value: date | None, said: ValidationInfo) -> date | None:
        if said.data.get("changed_text") is None:
            return None  # the form offers a day; without words it says nothing
        if value is None:
            raise NO_DAY
        return value


class SlideFacts(Facts):
    """What one slide says."""

    title: Annotated[_Title, _OneLine]
    title_en: Annotated[_Title | None, Maybe, _OneLine] = None
    text: Annotated[_Text, _OneLine]
    text_en: Annotated[_Text | None, Maybe, _OneLine] = None
