"""Who writes, as far as it is known beside what they say: above all about whom they were asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shared.domain.people import Directory
from shared.i18n import DEFAULT_LANGUAGE, Language


@dataclass(frozen=True, slots=True)
class Question:
    """What an invitation still asks: about these officers of an office, by code, and at which counter they served.

    `several` says that it asked about more than one, answered by now or not.
    """

    invitation: UUID
    office: str
    officers: tuple[str, ...]
    counter: str | None = None
    several: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of who writes, beside what they said: what they were asked and have not answered, latest first;
    whether something they were asked lately is answered; whether they want no messages of ours; the language they
    were written to in; whether an office's answer could reach them; and whether all this is known at all, which it
    is not with the database away.
    """

    questions: tuple[Question, ...] = ()
    has_answered: bool = False
    refused: bool = False
    language: Language = DEFAULT_LANGUAGE
    reachable: bool = False
    is_known: bool = True

    @property
    def was_asked(self) -> bool:
        """Say whether an answer alone may be one to us: to a question that is open, or to one that was."""
        return bool(self.questions) or self.has_answered

    @property
    def officers(self) -> tuple[str, ...]:
        """Return everybody they are asked about, once each, by code."""
        return tuple(dict.fromkeys(code for one in self.questions for code in one.officers))

    @property
    def question(self) -> Question | None:
        """Return the one question that a bare answer belongs to; None without any, and where it may be for another.

        A family shares a telephone: of visits to two officers nobody knows which of them an answer means.
        """
        if not self.questions or (len(self.questions) > 1 and len(self.officers) > 1):
            return None
        return self.questions[0]

    def still_asked(self, question: Question, officer: str) -> Question | None:
        """Return a question as it stands now; None once it is over, or answered about this officer."""
        if not self.is_known:
            return question
        return next((one for one in self._about(officer) if one.invitation == question.invitation), None)

    def question_about(self, officer: str, counter: str | None, directory: Directory) -> Question | None:
        """Return the latest question about an officer, unless they were at a counter of another office."""
        place = directory.counters[counter].office if counter else None
        return next((one for one in self._about(officer) if place in {None, one.office}), None)

    def _about(self, officer: str) -> Iterator[Question]:
        return (one for one in self.questions if officer in one.officers)


NOBODY_WE_KNOW: Final = Person()
