"""What somebody is asked by message: who asks, and the link; in one GSM-7 segment, whatever the office is called."""

from typing import Final

from shared.domain.messages import SEGMENT, cut_to_segment, gsm_length, gsm_text
from shared.domain.outreach import Purpose
from shared.i18n import Language, mark, translate

WORDS: Final[dict[Purpose, str]] = {
    Purpose.INVITATION: mark(
        "{office}: how did our officer serve you? Please tell us, it takes a minute and no name: {link}"
    ),
    Purpose.REMINDER: mark(
        "{office}: we would still like to hear how you were served. We will not ask again: {link}"
    ),
}
SHORT: Final = mark("How did we serve you? {link}")
"""Where an address is so long that nothing else fits."""


def asking_words(purpose: Purpose, language: Language, office: str, link: str) -> str:
    """Return the words in the person's language, the office's name as far as there is room for it."""
    bare = translate(WORDS[purpose], language, office="", link=link)
    name = cut_to_segment(" ".join(gsm_text(office).split()), SEGMENT - (gsm_length(bare) or SEGMENT))
    if not name:
        return translate(SHORT, language, link=link)
    return translate(WORDS[purpose], language, office=name, link=link)
