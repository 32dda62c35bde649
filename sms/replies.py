"""What is said back: one enum, one catalogue, each reply in one GSM-7 segment whatever the facts in it.

Facts that would not fit are shortened: names first, and of several officers only as many as there is room for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from shared.domain.messages import SEGMENT, cut_to_segment, gsm_length, gsm_text
from shared.domain.people import Counter, Officer
from shared.i18n import Language, mark, translate
from shared.wording import overall_words

NAME_LENGTH: Final = 24
LISTED_NAME_LENGTH: Final = 16
MOST_COUNTED: Final = 99
CODE_LENGTH: Final = 20
"""Of an unknown code, so many letters are repeated to its writer."""


class Reply(Enum):
    """Everything a person can be told by message; the value is the source text."""

    THANKS = mark(
        "Thank you. Your rating is recorded: {officer}, {answer}. No name. The officer cannot see who rated."
    )
    THANKS_AND_OFFER = mark(
        "Thank you, recorded: {officer}, {answer}. No name. Shall the office answer you? Reply: CONTACT and your"
        " words"
    )
    WRITE_TO_OFFICE = mark(
        "Write what the office should answer in one message: CONTACT and your words. It sees these words alone, not"
        " your number and not your rating."
    )
    HANDED_ON = mark(
        "The office sees these words, not your number and not your rating. It can answer you here for 30 days; then"
        " they are deleted. To take them back: STOP"
    )
    ASK_OFFICER = mark("Who served you? Reply with the officer's code. You find it at the counter.")
    ASK_ANSWER = mark("How was the service of {officer}? Reply with one number: {scale}.")
    WHICH_OFFICER = mark("Who served you at {counter}? Reply with the officer's code: {officers}.")
    WHICH_ASKED = mark("Whom do you mean? Reply with the code of one: {officers}.")
    ANSWERED_BEFORE = mark(
        "You have answered this already, thank you. To rate another officer, send: RATE CODE 1-4. The code is at the"
        " counter."
    )
    NOT_AN_ANSWER = mark("The answer is a number from 1 to 4: {scale}. Reply with one number.")
    UNKNOWN_OFFICER = mark(
        'We do not know the officer code "{code}". Look for the code at the counter, then send: RATE CODE 1-4'
    )
    OTHER_OFFICE = mark(
        'Officer "{code}" does not serve at {counter}. Look for the code at the counter, then reply with it.'
    )
    HOW_IT_WORKS = mark(
        "To rate an officer, send: RATE CODE 1-4. The code is at the counter. {scale}. Your data: MY DATA"
    )
    NEXT_OFFICER = mark("Thank you. And how was the service of {officer}? Reply with one number: {scale}.")
    GOODBYE = mark(
        "All right, we will not write to you any more. To change that, send START. You can still rate: RATE CODE 1-4"
    )
    WELCOME_BACK = mark(
        "Thank you, we may write to you again. To end that, send STOP. To rate an officer, send: RATE CODE 1-4"
    )
    MY_DATA = mark(
        "Kept: your number since {since}, open invitations: {invitations}, your words for 7 days. Ratings carry no"
        " number. To be forgotten, send: FORGET ME"
    )
    MY_DATA_NONE = mark(
        "Your number is not kept, only your words for 7 days, and consents for a year. Ratings carry no number."
        " To be forgotten, send: FORGET ME"
    )
    MY_DATA_REFUSED = mark(
        "Kept: since {since}, that your number wants no messages; your words for 7 days. Ratings carry no number."
        " To be forgotten, send: FORGET ME"
    )
    MY_DATA_OFFICER = mark(
        "Kept: your number as that of an officer, open invitations: {invitations}, your words for 7 days. Ratings"
        " carry no number. To be forgotten, send: FORGET ME"
    )
    MY_DATA_OFFICER_REFUSED = mark(
        "Kept: your number as that of an officer, and that it wants no messages; your words for 7 days. Ratings carry"
        " no number. To be forgotten, send: FORGET ME"
    )
    FORGOTTEN = mark(
        "Forgotten: your number, your words and invitations. Ratings stay, they carry no number. Never want to be"
        " asked again? Send STOP"
    )
    FORGOTTEN_BUT_REFUSED = mark(
        "Forgotten: your number, your words and invitations. We only remember that you want no messages. Ratings"
        " stay, they carry no number."
    )
    ONLY_WORDS = mark(
        "Sorry, we can read only words here, no pictures and no sound. Please write your answer, or send HELP."
    )
    NO_SENDER = mark(
        "We can take a rating only from a phone number of your own. You can also rate on the screen at the counter."
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """What a reply may mention."""

    code: str = ""
    officer: Officer | None = None
    counter: Counter | None = None
    answer: int | None = None
    officers: Sequence[Officer] = ()
    since: date | None = None
    invitations: int = 0


def words(reply: Reply, language: Language, facts: Facts) -> str:
    """Return the reply in the person's language, never longer than one GSM-7 segment."""
    answers = overall_words(language)
    known = {
        "code": facts.code[:CODE_LENGTH],
        "answer": f"{facts.answer} {answers[facts.answer]}" if facts.answer else "",
        "scale": ", ".join(f"{answer} {word}" for answer, word in answers.items()),
        "since": f"{facts.since:%d/%m/%y}" if facts.since else "",
        "invitations": min(facts.invitations, MOST_COUNTED),
        "counter": cut_to_segment(_plain(facts.counter.name), NAME_LENGTH) if facts.counter else "",
    }
    room = SEGMENT - _length(translate(reply.value, language, **known, officer="", officers=""))
    return translate(
        reply.value,
        language,
        **known,
        officer=_named(facts.officer, room) if facts.officer else "",
        officers=_listed(facts.officers, room),
    )


def _length(text: str) -> int:
    return gsm_length(text) or 0


def _named(officer: Officer, room: int) -> str:
    """Name an officer and the code, the name as far as it fits."""
    code = f" ({officer.code})"
    name = cut_to_segment(_short_name(officer), min(NAME_LENGTH, room - _length(code)))
    return f"{name}{code}" if name else officer.code


def _listed(officers: Sequence[Officer], room: int) -> str:
    """List codes with short names, as many as fit."""
    listed = ""
    for officer in officers:
        name = cut_to_segment(_short_name(officer), LISTED_NAME_LENGTH)
        longer = f"{listed}, {officer.code} {name}" if listed else f"{officer.code} {name}"
        if _length(longer) > room:
            break
        listed = longer
    return listed


def _short_name(officer: Officer) -> str:
    """Return the name without academic titles."""
    return " ".join(part for part in _plain(officer.name).split(",")[0].split() if not part.endswith("."))


def _plain(name: str) -> str:
    """Write a name on one line, in letters every telephone knows."""
    return " ".join(gsm_text(name).split())
