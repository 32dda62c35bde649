"""A conversation by message, as a pure function: what was said before x one text x now -> one turn.

Words are in `sms/replies.py`, keeping and accepting in `sms/answering.py`.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shared.domain.comments import without_contacts
from shared.domain.messages import cut_text
from shared.domain.outreach import Wish
from shared.domain.people import Directory
from shared.domain.ratings import COMMENT_LENGTH
from shared.i18n import Language
from sms.inbound import NOT_WORDS
from sms.person import NOBODY_WE_KNOW, Person, Question
from sms.reading import Reading, read
from sms.reading_commands import Command, Kind, command, to_office
from sms.replies import Facts, Reply
from sms.said import Conversation

POOREST_CONTENT: Final = 3
"""Below this answer, whoever adds words is asked whether the office may answer."""
MOST_IDLE_TURNS: Final = 6
"""After so many turns in an hour that led nowhere nothing is said: most likely two machines are talking."""


@dataclass(frozen=True, slots=True)
class Rated:
    """A complete rating, in the person's own terms."""

    officer: str
    answer: int
    counter: str | None
    comment: str | None


@dataclass(frozen=True, slots=True)
class WantsAnswer:
    """Words that somebody wants an office to answer; nothing of what they rated."""

    office: str
    words: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What one text led to: the conversation from now on, the reply, and a rating when it was complete.

    Without a reply nothing is said. `answers` is the question of ours that the rating answers, `wish` what the person
    asked of us beside rating.
    """

    conversation: Conversation
    reply: Reply | None
    facts: Facts = Facts()
    rated: Rated | None = None
    answers: Question | None = None
    wish: Wish | None = None
    wants_answer: WantsAnswer | None = None

    @property
    def language(self) -> Language:
        """Return the language the reply is to be in."""
        return self.conversation.language


def take_turn(
    conversation: Conversation, text: str, now: datetime, directory: Directory, person: Person = NOBODY_WE_KNOW
) -> Turn:
    """Say what one incoming text means, given what was said before and what is known of its writer. No I/O."""
    before = conversation.as_of(now, directory, person.language).asking(person)
    turn = _heard(before, text, directory, person)
    return _silenced(turn, before, now, person)


def _heard(before: Conversation, text: str, directory: Directory, person: Person) -> Turn:
    if text.strip() == NOT_WORDS:
        return Turn(before, Reply.ONLY_WORDS)
    word = command(text, directory.officers)
    if word is not None:
        return _commanded(word, before, directory, person)
    for_office = to_office(text) if before.offered_by in directory.offices else None
    if for_office is not None and before.offered_by is not None:
        return _handed_on(for_office, before, before.offered_by)
    reading = read(text, directory, asked=before.officer is not None or person.was_asked)
    said = _asked_about(_merged(before, reading, directory, person), reading, directory, person)
    if reading.unknown is not None:
        return Turn(said, Reply.UNKNOWN_OFFICER, Facts(code=reading.unknown))
    if _is_elsewhere(said, directory):
        facts = _facts(said, directory)
        return Turn(said.model_copy(update={"officer": None}), Reply.OTHER_OFFICE, facts)
    if reading.wrong_number and said.answer is None:
        return Turn(said, Reply.NOT_AN_ANSWER)
    return _next(said, directory, person, begun=reading.begun)


def _commanded(word: Command, before: Conversation, directory: Directory, person: Person) -> Turn:
    said = before.model_copy(update={"language": word.language or before.language})
    match word.kind:
        case Kind.STOP:
            return Turn(_emptied(said), Reply.GOODBYE, wish=Wish.NO_MESSAGES)
        case Kind.START:
            return Turn(said, Reply.WELCOME_BACK if person.refused else Reply.HOW_IT_WORKS, wish=Wish.MESSAGES)
        case Kind.HELP:
            return Turn(said, Reply.HOW_IT_WORKS)
        case Kind.MY_DATA:
            return Turn(said, Reply.MY_DATA)
        case Kind.FORGET:
            reply = Reply.FORGOTTEN_BUT_REFUSED if person.refused else Reply.FORGOTTEN
            return Turn(_emptied(said), reply, wish=Wish.FORGET)
        case Kind.LANGUAGE:
            return _next(_asked_about(said, Reading(), directory, person), directory, person, begun=False)


def _handed_on(words: str, before: Conversation, office: str) -> Turn:
    """Hand words on to the office that offered to answer; without numbers, and not before there are any."""
    if not words:
        return Turn(before, Reply.WRITE_TO_OFFICE)
    said = without_contacts(cut_text(words, COMMENT_LENGTH))
    taken = before.model_copy(update={"offered_by": None})
    return Turn(taken, Reply.HANDED_ON, wants_answer=WantsAnswer(office, said))


def _silenced(turn: Turn, before: Conversation, now: datetime, person: Person) -> Turn:
    """Say nothing more to who has been answered often enough in an hour without having said anything new."""
    if turn.rated or turn.wants_answer or _said_more(turn.conversation, before) or _is_new(turn.wish, person):
        moved = turn.conversation.model_copy(update={"idle_turns": 0, "idle_since": None})
        return replace(turn, conversation=moved)
    counted = {"idle_turns": before.idle_turns + 1, "idle_since": before.idle_since or now}
    reply = turn.reply if before.idle_turns < MOST_IDLE_TURNS else None
    return replace(turn, conversation=turn.conversation.model_copy(update=counted), reply=reply)


def _said_more(said: Conversation, before: Conversation) -> bool:
    """Say whether a part is known now that was not; one that replaces another is not more."""
    return any(
        getattr(said, part) is not None and getattr(before, part) is None for part in ("officer", "counter", "answer")
    )


def _is_new(wish: Wish | None, person: Person) -> bool:
    return wish in {Wish.NO_MESSAGES, Wish.MESSAGES} and (wish is Wish.NO_MESSAGES) != person.refused


def _asked_about(said: Conversation, reading: Reading, directory: Directory, person: Person) -> Conversation:
    """Take whom we asked about for whom is meant, where nobody else was named.

    Of several the first is asked about by name: which of them an answer was meant for would be a guess.
    """
    question = person.question
    if said.officer or reading.counter or reading.unknown or said.counter or question is None:
        return said
    about = _turned_to(said, question, directory)
    return about.model_copy(update={"answer": None, "comment": None}) if question.several else about


def _turned_to(said: Conversation, question: Question, directory: Directory) -> Conversation:
    officer = question.officers[0]
    there = {"officer": officer, "counter": _counter(question, officer, directory), "question": question}
    return said.model_copy(update=there)


def _counter(question: Question, officer: str, directory: Directory) -> str | None:
    """Return the counter of a question, as long as this officer can have been there."""
    counter = directory.counters.get(question.counter or "")
    return counter.code if counter and counter.office in directory.officers[officer].offices else None


def _merged(before: Conversation, reading: Reading, directory: Directory, person: Person) -> Conversation:
    """Add what was read to what was said; what is named again replaces what was named before.

    Words count only beside a code or an answer: a question asked in between is not a comment on the officer.
    To "which officer?" a lone number is neither: it may be meant as a place in our list.
    What was said of one officer is never carried over to another.
    """
    named = bool(reading.officer or reading.counter or reading.unknown)
    which = before.counter or (person.questions and not person.question)
    chooses = bool(which and before.answer and not before.officer and not named and not reading.begun)
    answered = (reading.answer is not None or reading.wrong_number) and not chooses
    officer = reading.officer if named else before.officer
    words = cut_text(reading.words, COMMENT_LENGTH) if named or answered else ""
    said = before.model_copy(
        update={
            "officer": officer,
            "question": None if named else before.question,
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


def _next(said: Conversation, directory: Directory, person: Person, *, begun: bool) -> Turn:
    """Give the rating when nothing is missing, else ask for what is."""
    facts = _facts(said, directory)
    if said.officer and said.answer:
        return _given(said, said.officer, said.answer, directory, person)
    if said.officer:
        return Turn(said, Reply.ASK_ANSWER, facts)
    if said.counter:
        return Turn(said, Reply.WHICH_OFFICER, facts)
    if person.questions:
        return Turn(
            said, Reply.WHICH_ASKED, replace(facts, officers=[directory.officers[one] for one in person.officers])
        )
    if said.answer and person.has_answered:
        return Turn(_emptied(said), Reply.ANSWERED_BEFORE)
    if said.answer or begun:
        return Turn(said, Reply.ASK_OFFICER)
    return Turn(said, Reply.HOW_IT_WORKS)


def _given(said: Conversation, officer: str, answer: int, directory: Directory, person: Person) -> Turn:
    """Give a whole rating; where it answers an invitation, ask about the next officer of that same one."""
    question = said.question or person.question_about(officer, said.counter, directory)
    counter = said.counter or (_counter(question, officer, directory) if question else None)
    rated = Rated(officer, answer, counter, said.comment)
    left = tuple(code for code in question.officers if code != officer) if question else ()
    if question and left:
        following = _turned_to(_emptied(said), replace(question, officers=left), directory)
        return Turn(following, Reply.NEXT_OFFICER, _facts(following, directory), rated, question)
    return _thanked(said, rated, question, directory, person)


def office_of(rated: Rated, question: Question | None, directory: Directory) -> str:
    """Return the office of a rating: that of its counter, or of the question it answers, else the officer's own."""
    if rated.counter:
        return directory.counters[rated.counter].office
    return question.office if question else directory.officers[rated.officer].office


def _thanked(
    said: Conversation, rated: Rated, question: Question | None, directory: Directory, person: Person
) -> Turn:
    """Thank for a rating; whoever was not content and has said why is offered an answer.

    Whoever knows the word may ask for one after any rating: that somebody does must not tell how they rated.
    """
    facts = _facts(said, directory)
    if not person.reachable:
        return Turn(_emptied(said), Reply.THANKS, facts, rated, question)
    offered = _emptied(said).model_copy(update={"offered_by": office_of(rated, question, directory)})
    tells_of_it = rated.answer < POOREST_CONTENT and rated.comment
    return Turn(offered, Reply.THANKS_AND_OFFER if tells_of_it else Reply.THANKS, facts, rated, question)


def _emptied(conversation: Conversation) -> Conversation:
    return Conversation(language=conversation.language, touched_at=conversation.touched_at)


def _facts(said: Conversation, directory: Directory) -> Facts:
    facts = Facts(code=said.officer or "", answer=said.answer)
    if said.officer:
        facts = replace(facts, officer=directory.officers[said.officer])
    if said.counter:
        facts = replace(facts, counter=directory.counters[said.counter])
    return facts
