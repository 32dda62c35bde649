"""A conversation by message, as a pure function: what was said before x one text x now -> one turn.

Words are in `sms/replies.py`, keeping and accepting in `sms/answering.py`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.domain.messages import cut_text
from shared.domain.people import Directory
from shared.domain.ratings import COMMENT_LENGTH, Answer
from shared.i18n import DEFAULT_LANGUAGE, Language
from sms.reading import HELP, OPT_OUT, Reading, command, read
from sms.replies import Facts, Reply

STALE_AFTER: Final = timedelta(minutes=30)


class Conversation(BaseModel):
    """What a person has said so far of a rating that is not complete, and the language they are answered in."""

    model_config = ConfigDict(frozen=True)

    officer: str | None = None
    counter: str | None = None
    answer: Answer | None = None
    comment: str | None = None
    language: Language = DEFAULT_LANGUAGE
    touched_at: AwareDatetime | None = None

    def as_of(self, now: datetime, directory: Directory) -> "Conversation":
        """Return what still stands: nothing after half an hour, no code that is gone."""
        if self.touched_at is None or now - self.touched_at >= STALE_AFTER:
            return Conversation()
        gone = {
            "officer": None if self.officer not in directory.officers else self.officer,
            "counter": None if self.counter not in directory.counters else self.counter,
        }
        return self.model_copy(update=gone)


@dataclass(frozen=True, slots=True)
class Rated:
    """A complete rating, in the person's own terms."""

    officer: str
    answer: int
    counter: str | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class Turn:
    """What one text led to: the conversation from now on, the reply, and a rating when it was complete."""

    conversation: Conversation
    reply: Reply
    facts: Facts = Facts()
    rated: Rated | None = None

    @property
    def language(self) -> Language:
        """Return the language the reply is to be in."""
        return self.conversation.language


def take_turn(conversation: Conversation, text: str, now: datetime, directory: Directory) -> Turn:
    """Say what one incoming text means, given what was said before. No I/O."""
    before = conversation.as_of(now, directory).model_copy(update={"touched_at": now})
    word = command(text)
    if word in OPT_OUT:
        return Turn(_emptied(before), Reply.GOODBYE)
    if word in HELP:
        return Turn(before.model_copy(update={"language": HELP[word] or before.language}), Reply.HOW_IT_WORKS)
    reading = read(text, directory, asked=before.officer is not None)
    said = _merged(before, reading, directory)
    if reading.unknown is not None:
        return Turn(said, Reply.UNKNOWN_OFFICER, Facts(code=reading.unknown))
    if _is_elsewhere(said, directory):
        facts = _facts(said, directory)
        return Turn(said.model_copy(update={"officer": None}), Reply.OTHER_OFFICE, facts)
    if reading.wrong_number:
        return Turn(said, Reply.NOT_AN_ANSWER)
    return _next(said, directory, begun=reading.begun)


def _merged(before: Conversation, reading: Reading, directory: Directory) -> Conversation:
    """Add what was read to what was said; what is named again replaces what was named before.

    Words count only beside a code or an answer: a question asked in between is not a comment on the officer.
    What was said of one officer is never carried over to another.
    """
    named = bool(reading.officer or reading.counter or reading.unknown)
    answered = reading.answer is not None or reading.wrong_number
    officer = reading.officer if named else before.officer
    words = cut_text(reading.words, COMMENT_LENGTH) if named or answered else ""
    said = before.model_copy(
        update={
            "officer": officer,
            "counter": reading.counter or before.counter,
            "answer": reading.answer if answered else before.answer,
            "comment": words or (before.comment if before.officer in {None, officer} else None),
            "language": reading.language or before.language,
        }
    )
    # "NILAI PS1 4" after a counter was named is a rating of its own, not an answer to "which officer?".
    whole = reading.begun and reading.officer and reading.answer and not reading.counter
    return said.model_copy(update={"counter": None}) if whole and _is_elsewhere(said, directory) else said


def _is_elsewhere(said: Conversation, directory: Directory) -> bool:
    if said.officer is None or said.counter is None:
        return False
    return directory.counters[said.counter].office not in directory.officers[said.officer].offices


def _next(said: Conversation, directory: Directory, *, begun: bool) -> Turn:
    """Ask for what is missing, or give the rating when nothing is."""
    facts = _facts(said, directory)
    if said.officer and said.answer:
        rated = Rated(said.officer, said.answer, said.counter, said.comment)
        return Turn(_emptied(said), Reply.THANKS, facts, rated)
    if said.officer:
        return Turn(said, Reply.ASK_ANSWER, facts)
    if said.counter:
        return Turn(said, Reply.WHICH_OFFICER, facts)
    if said.answer or begun:
        return Turn(said, Reply.ASK_OFFICER)
    return Turn(said, Reply.HOW_IT_WORKS)


def _emptied(conversation: Conversation) -> Conversation:
    return Conversation(language=conversation.language, touched_at=conversation.touched_at)


def _facts(said: Conversation, directory: Directory) -> Facts:
    facts = Facts(code=said.officer or "", answer=said.answer)
    if said.officer:
        facts = replace(facts, officer=directory.officers[said.officer])
    if said.counter:
        facts = replace(facts, counter=directory.counters[said.counter])
    return facts
