"""What an officer is told by message: that a month is closed or has changed, and where to read it; never a figure.

In one GSM-7 segment, whatever the portals' address is: it is left out rather than cut.
"""

from datetime import date
from typing import Final

from babel.dates import format_date

from shared.domain.messages import SEGMENT, gsm_length
from shared.domain.months import Month
from shared.domain.reviews import OBJECTS_WITHIN
from shared.i18n import Language, mark, translate

PAGE: Final = "/me"
CLOSED: Final = (
    mark(
        "Suara Loket: your score for {month} is closed. If you find it wrong, object within {days} days of reading"
        " it: {link}"
    ),
    mark("Suara Loket: your score for {month} is closed. Read it, and object if you find it wrong: {link}"),
    mark(
        "Suara Loket: your score for {month} is closed. Please sign in to read it. If you find it wrong, object"
        " within {days} days of reading it."
    ),
)
CHANGED: Final = (
    mark(
        "Suara Loket: your score for {month} has changed. If you find it wrong, object within {days} days of reading"
        " it: {link}"
    ),
    mark("Suara Loket: your score for {month} has changed. Read it, and object if you find it wrong: {link}"),
    mark(
        "Suara Loket: your score for {month} has changed. Please sign in to read why. If you find it wrong, object"
        " within {days} days of reading it."
    ),
)
"""From the fullest to that without an address; the first that fits is sent."""


def notice_words(month: Month, revision: int, language: Language, root: str | None) -> str:
    """Return the words about a revision of a month; `root` is the portals' address, None when people have none.

    The link leads to that month as long as there is room for it, else to the officer's page.
    """
    *linked, bare = CLOSED if revision == 1 else CHANGED
    name = format_date(date(month.year, month.number, 1), "MMMM yyyy", locale=language)
    facts = {"month": name, "days": OBJECTS_WITHIN.days}
    links = [f"{root}{PAGE}/{month}", f"{root}{PAGE}"] if root else []
    for text in linked:
        for link in links:
            words = translate(text, language, **facts, link=link)
            if (gsm_length(words) or SEGMENT + 1) <= SEGMENT:
                return words
    return translate(bare, language, **facts)
