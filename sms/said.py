"""What a person has said so far, and for how long it stands."""

from datetime import datetime, timedelta
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.domain.people import Directory
from shared.domain.ratings import Answer
from shared.i18n import DEFAULT_LANGUAGE, Language
from sms.person import Person, Question

STALE_AFTER: Final = timedelta(minutes=30)
OFFER_LASTS: Final = timedelta(days=1)
IDLE_WINDOW: Final = timedelta(hours=1)


class Conversation(BaseModel):
    """What a person has said so far of a rating that is not complete, and the language they are answered in.

    `question` is the one of ours by which the officer came in, not named by them. `offered_by` is the office of their
    last rating, which would answer what they write to it.
    """

    model_config = ConfigDict(frozen=True)

    officer: str | None = None
    counter: str | None = None
    answer: Answer | None = None
    comment: str | None = None
    question: Question | None = None
    offered_by: str | None = None
    language: Language = DEFAULT_LANGUAGE
    touched_at: AwareDatetime | None = None
    idle_turns: int = 0
    idle_since: AwareDatetime | None = None

    def as_of(self, now: datetime, directory: Directory, language: Language) -> "Conversation":
        """Return what still stands: no code that is gone, idle turns for an hour, an offer for a day, the rest half
        an hour.
        """
        idle = self if self.idle_since and now - self.idle_since < IDLE_WINDOW else Conversation()
        counted = {"idle_turns": idle.idle_turns, "idle_since": idle.idle_since, "touched_at": now}
        if self.touched_at is None or now - self.touched_at >= STALE_AFTER:
            offered = self.offered_by if self.touched_at and now - self.touched_at < OFFER_LASTS else None
            return Conversation(language=language, offered_by=offered).model_copy(update=counted)
        gone = {
            "officer": None if self.officer not in directory.officers else self.officer,
            "counter": None if self.counter not in directory.counters else self.counter,
            "question": None if self.officer not in directory.officers else self.question,
        }
        return self.model_copy(update={**gone, **counted})

    def asking(self, person: Person) -> "Conversation":
        """Return it with our question as it stands now; once that is answered by link, without whom it was about."""
        if self.question is None or self.officer is None:
            return self
        question = person.still_asked(self.question, self.officer)
        over = dict.fromkeys(("officer", "counter", "answer", "comment")) if question is None else {}
        return self.model_copy(update={"question": question, **over})
