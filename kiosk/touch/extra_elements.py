"""What a kiosk is told of its office's own elements: the full form asks them after the nine."""

from collections.abc import Iterable
from datetime import date

from shared.domain.facts import ExtraElementFacts
from shared.i18n import LANGUAGES
from shared.wording import ElementQuestion


def asked_on(day: date, elements: Iterable[ExtraElementFacts]) -> dict[str, list[ElementQuestion]]:
    """Return those asked on a day, by language and in their order; the Indonesian where English is missing."""
    asked = [element for element in elements if element.asked_on(day)]
    return {
        language: [
            {
                "code": element.code,
                "question": element.question_in(language),
                "answers": element.answers_in(language),
            }
            for element in asked
        ]
        for language in LANGUAGES
    }
