"""What somebody is asked by message: who asks, and the link; in one GSM-7 segment, whatever the office is called."""

from typing import Final

from shared.domain.messages import SEGMENT, cut_to_segment, gsm_length, gsm_text
from shared.domain.outreach import About, Purpose
from shared.i18n import Language, mark, translate

WORDS: Final[dict[tuple[Purpose, About], str]] = {
    (Purpose.INVITATION, About.VISIT): mark(
        "{office}: how did our officer serve you? Please tell us, it takes a minute and no name: {link}"
    ),
    (Purpose.REMINDER, About.VISIT): mark(
        "{office}: we would still like to hear how you were served. We will not ask again: {link}"
    ),
    (Purpose.INVITATION, About.TEACHERS): mark(
        "{office}: how do the teachers of your child do? Please tell us, it takes a minute and no name: {link}"
    ),
    (Purpose.REMINDER, About.TEACHERS): mark(
        "{office}: we would still like to hear about your child's teachers. We will not remind you again: {link}"
    ),
}
SHORT: Final = {
    About.VISIT: mark("How did we serve you? {link}"),
    About.TEACHERS: mark("How are your child's teachers? {link}"),
}
"""Where an address is so long that nothing else fits."""


def asking_words(purpose: Purpose, about: About, language: Language, office: str, link: str) -> str:
    """Return the words in the person's language, the office's name as far as there is room for it."""
    words = WORDS[purpose, about]
    bare = translate(words, language, office="", link=link)
    name = cut_to_segment(" ".join(gsm_text(office).split()), SEGMENT - (gsm_length(bare) or SEGMENT))
    if not name:
        return translate(SHORT[about], language, link=link)
    return translate(words, language, office=name, link=link)
