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


WITH_REPLY: Final[dict[tuple[Purpose, About], str]] = {
    (Purpose.INVITATION, About.VISIT): mark(
        "{office}: how did we serve you? Reply 1-4 (4 very good) or tell us here: {link}"
    ),
    (Purpose.REMINDER, About.VISIT): mark(
        "{office}: how did we serve you? Reply 1-4 (4 very good) or tell us here. We will not ask again: {link}"
    ),
    (Purpose.INVITATION, About.TEACHERS): mark(
        "{office}: how do your child's teachers do? Reply RATE to begin or tell us here: {link}"
    ),
    (Purpose.REMINDER, About.TEACHERS): mark(
        "{office}: how do your child's teachers do? Reply RATE or tell us here. We will not remind you again: {link}"
    ),
}
"""The answer alone says whom it means where it was one officer; teachers are asked about one by one, by name."""


def asking_words(purpose: Purpose, about: About, language: Language, office: str, link: str) -> str:
    """Return the words in the person's language, the office's name as far as there is room for it."""
    words, plain = WORDS[purpose, about], _plain(office)
    bare = translate(words, language, office="", link=link)
    name = cut_to_segment(plain, SEGMENT - (gsm_length(bare) or SEGMENT))
    if not name:
        return translate(SHORT[about], language, link=link)
    return translate(words, language, office=name, link=link)


def asking_words_with_reply(purpose: Purpose, about: About, language: Language, office: str, link: str) -> str:
    """Return words that also say how to answer without the link, as long as the office's whole name fits beside."""
    words = translate(WITH_REPLY[purpose, about], language, office=_plain(office), link=link)
    length = gsm_length(words)
    if not _plain(office) or length is None or length > SEGMENT:
        return asking_words(purpose, about, language, office, link)
    return words


def _plain(office: str) -> str:
    return " ".join(gsm_text(office).split())
