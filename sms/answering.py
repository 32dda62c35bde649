"""One message from its arrival to its reply: what it meant, the rating it gave, what is said back.

The order is the promise: a message is written down before its turn, and a rating is accepted before the conversation
is kept and before anybody is thanked.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from cryptography.fernet import InvalidToken
from pydantic import ValidationError

from shared import inbox, intake, persons
from shared.consent_wording import WISH_VERSION
from shared.db.inbox import Answer, Known, Outcome, WantsAnswer, Written
from shared.domain.errors import IntakeUnavailable
from shared.domain.people import Directory
from shared.domain.ratings import Rating
from shared.domain.zones import HOME
from shared.duty import officers_at
from shared.i18n import DEFAULT_LANGUAGE
from shared.invitations import askable
from shared.logs import logger
from shared.phones import Phones
from shared.raters import is_of_staff, rater_key_of
from shared.services import Services
from sms.conversation import Turn, office_of, take_turn
from sms.conversations import Memory, one_turn
from sms.gateways.chosen import CONSOLE, way_of
from sms.inbound import InboundMessage
from sms.inbox import hashed, write_down
from sms.person import Person, Question
from sms.replies import Facts, Reply, words
from sms.said import Conversation

NEVER = datetime.min.replace(tzinfo=UTC)
log = logger(__name__)


def answer(message: InboundMessage, services: Services) -> str:
    """Return the reply to a message, having accepted the rating it completed; the same however often it comes.

    It is empty where nothing is to be said. Raises IntakeUnavailable when the message could not be written down, and
    when its rating could not be accepted: nobody is thanked then, and what was written down gets its turn later.
    """
    written = write_down(message, services)
    if written is None:
        return words(Reply.NO_SENDER, DEFAULT_LANGUAGE, Facts())
    return _reply_to(written, services, waited_for=True)


def answer_late(written: Written, services: Services) -> None:
    """Give a message its turn that lost the process which was to take it; the reply is sent as a message of ours."""
    _reply_to(written, services, waited_for=False)


def _reply_to(written: Written, services: Services, *, waited_for: bool) -> str:
    phone = Phones.of(services.settings).open(written.phone)
    provider_id = Phones.of(services.settings).open(written.provider_id)
    with one_turn(services.redis, hashed(phone, services), hashed(provider_id, services)) as memory:
        known = inbox.known_of(written, services)
        if (known and known.taken) or memory.reply is not None:
            return _said_already(known, memory, services)
        now = services.clock()
        directory = services.directory.current().offered(now)
        turn = _turn(written, known, memory, directory, services)
        rating = _rating(turn, provider_id, phone, written, now, directory, services)
        if rating is not None:
            intake.check(rating, directory)
            intake.accept([rating], services)
        reply = _worded(turn, phone, directory, services)
        outcome = Outcome(
            taken_at=now,
            reply=Phones.of(services.settings).seal(reply),
            conversation=Phones.of(services.settings).seal(turn.conversation.model_dump_json()),
            language=turn.language,
            wish=turn.wish,
            answer=_answered(turn),
            wants_answer=_for_office(turn, written, directory, services),
            reply_by=way_of(written.channel, services.settings) if reply and not waited_for else None,
        )
        _keep(written, outcome, services)
        memory.keep(turn.conversation, reply)
    return reply


def _said_already(known: Known | None, memory: Memory, services: Services) -> str:
    """Return what this very message was answered; nothing when that is wiped."""
    if known and known.reply is not None:
        with suppress(InvalidToken):
            return Phones.of(services.settings).open(known.reply)
    return memory.reply or ""


def _turn(written: Written, known: Known | None, memory: Memory, directory: Directory, services: Services) -> Turn:
    before = max(memory.conversation, _conversation(known, services), key=lambda said: said.touched_at or NEVER)
    # What was written earlier and gets its turn later does not bring the conversation back to what it was.
    at = max(min(written.received_at, services.clock()), before.touched_at or NEVER)
    text = Phones.of(services.settings).open(written.text)
    reachable = _way_back(written, services) is not None
    person = _person(known, directory, services) if known else Person(is_known=False)
    return take_turn(before, text, at, directory, replace(person, reachable=reachable))


def _conversation(known: Known | None, services: Services) -> Conversation:
    if known and known.conversation is not None:
        with suppress(InvalidToken, ValidationError):  # another key's, or another version's: begin anew
            return Conversation.model_validate_json(Phones.of(services.settings).open(known.conversation))
    return Conversation()


def _person(known: Known, directory: Directory, services: Services) -> Person:
    asked, contact, now = known.asked, known.contact, services.clock()
    questions = []
    for one in asked:
        officers = tuple(askable(one.office, one.officers, directory, now))
        if officers:
            questions.append(Question(one.id, one.office, officers, one.counter, one.several))
    language = asked[0].language if asked else DEFAULT_LANGUAGE
    return Person(
        questions=tuple(questions),
        has_answered=any(not one.officers for one in asked),
        refused=contact.refused if contact else False,
        language=contact.language if contact else language,
    )


def _rating(
    turn: Turn,
    provider_id: str,
    phone: str,
    written: Written,
    now: datetime,
    directory: Directory,
    services: Services,
) -> Rating | None:
    """Make the rating; its id comes from the provider's, so that a message delivered twice is one rating."""
    rated = turn.rated
    if rated is None:
        return None
    office = directory.offices[office_of(rated, turn.answers, directory)]
    given_at = min(written.received_at, now)
    return Rating(
        id=UUID(hex=hashed(provider_id, services)),
        office=office.code,
        officer=rated.officer,
        counter=rated.counter,
        overall=rated.answer,
        comment=rated.comment,
        channel=written.channel,
        language=turn.language,
        given_at=given_at,
        accepted_at=now,
        rater_key=rater_key_of(phone, office, given_at, directory, services),
        own_phone=is_of_staff(phone, office, now, directory, services),
    )


def _answered(turn: Turn) -> Answer | None:
    if turn.rated is None or turn.answers is None:
        return None
    return Answer(invitation=turn.answers.invitation, officer=turn.rated.officer)


def _for_office(turn: Turn, written: Written, directory: Directory, services: Services) -> WantsAnswer | None:
    wanted, way = turn.wants_answer, _way_back(written, services)
    if wanted is None or way is None:
        return None
    return WantsAnswer(
        office=wanted.office,
        words=Phones.of(services.settings).seal(wanted.words),
        asked_on=services.clock().astimezone(directory.offices[wanted.office].timezone).date(),
        wording=WISH_VERSION,
        gateway=way,
    )


def _way_back(written: Written, services: Services) -> str | None:
    """Return the gateway by which an answer would reach who wrote this, None where nothing is sent."""
    way = way_of(written.channel, services.settings)
    return None if way == CONSOLE and not services.settings.simulates_phones else way


def _keep(written: Written, outcome: Outcome, services: Services) -> None:
    try:
        inbox.keep(written, outcome, services)
    except IntakeUnavailable:
        # Its rating is accepted, so who waits is thanked. It gets its turn once more; the rating will be the same.
        log.warning("turn not kept")


def _worded(turn: Turn, phone: str, directory: Directory, services: Services) -> str:
    """Put the reply in words, with what only the database knows; raise IntakeUnavailable when it has to be asked."""
    counter = turn.facts.counter
    if turn.reply is None:
        return ""
    if turn.reply is Reply.MY_DATA:
        return _told_what_is_kept(turn, phone, services)
    if turn.reply is not Reply.WHICH_OFFICER or counter is None:
        return words(turn.reply, turn.language, turn.facts)
    officers = officers_at(counter, directory, services)
    reply = Reply.WHICH_OFFICER if officers else Reply.ASK_OFFICER
    return words(reply, turn.language, replace(turn.facts, officers=officers))


def _told_what_is_kept(turn: Turn, phone: str, services: Services) -> str:
    held = persons.held(phone, services)
    since = held.since and held.since.astimezone(HOME).date()
    facts = replace(turn.facts, since=since, invitations=held.invitations)
    if held.of_officer:
        reply = Reply.MY_DATA_OFFICER_REFUSED if held.refused else Reply.MY_DATA_OFFICER
    elif since is None:
        reply = Reply.MY_DATA_NONE
    else:
        reply = Reply.MY_DATA_REFUSED if held.refused else Reply.MY_DATA
    return words(reply, turn.language, facts)
