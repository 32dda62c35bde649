"""One message from its arrival to its reply: what it meant, the rating it gave, what is said back.

The order is the promise: a rating is accepted before the conversation is kept and before anybody is thanked.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from shared import intake, privacy
from shared.domain.people import Directory
from shared.domain.ratings import Rating
from shared.duty import officers_at
from shared.i18n import DEFAULT_LANGUAGE, Language
from shared.raters import rater_key_of
from shared.services import Services
from shared.settings import SettingsInvalid
from sms.conversation import Rated, Turn, take_turn
from sms.conversations import one_turn
from sms.inbound import InboundMessage
from sms.replies import Facts, Reply, words


def answer(message: InboundMessage, services: Services) -> str:
    """Return the reply to a message, having accepted the rating it completed; the same however often it comes.

    Raises IntakeUnavailable when the rating could not be accepted; nobody is thanked then and nothing is kept.
    """
    if message.phone is None:
        return words(Reply.NO_SENDER, DEFAULT_LANGUAGE, Facts())
    person, message_hash = _hashed(message.phone, services), _hashed(message.provider_id, services)
    with one_turn(services.redis, person, message_hash) as memory:
        if memory.reply is not None:
            return memory.reply
        now = services.clock()
        directory = services.directory.current().offered(now)
        turn = take_turn(memory.conversation, message.text, now, directory)
        if turn.rated is not None:
            rating = _rating(turn.rated, turn.language, message, message.phone, now, directory, services)
            intake.check(rating, directory)
            intake.accept([rating], services)
        reply = _worded(turn, directory, services)
        memory.keep(turn.conversation, reply)
    return reply


def _rating(
    rated: Rated,
    language: Language,
    message: InboundMessage,
    phone: str,
    now: datetime,
    directory: Directory,
    services: Services,
) -> Rating:
    """Make the rating; its id comes from the provider's, so that a message delivered twice is one rating."""
    counter = directory.counters[rated.counter] if rated.counter else None
    office = directory.offices[counter.office if counter else directory.officers[rated.officer].office]
    return Rating(
        id=UUID(hex=_hashed(message.provider_id, services)),
        office=office.code,
        officer=rated.officer,
        counter=rated.counter,
        overall=rated.answer,
        comment=rated.comment,
        channel=message.channel,
        language=language,
        given_at=now,
        accepted_at=now,
        rater_key=rater_key_of(phone, office, now, directory, services),
    )


def _worded(turn: Turn, directory: Directory, services: Services) -> str:
    counter = turn.facts.counter
    if turn.reply is not Reply.WHICH_OFFICER or counter is None:
        return words(turn.reply, turn.language, turn.facts)
    officers = officers_at(counter, directory, services)
    reply = Reply.WHICH_OFFICER if officers else Reply.ASK_OFFICER
    return words(reply, turn.language, replace(turn.facts, officers=officers))


def _hashed(value: str, services: Services) -> str:
    key = services.settings.phone_key
    if key is None:
        raise SettingsInvalid("PHONE_KEY: set it, phones are never kept without")
    return privacy.keyed_hash(value, key.get_secret_value())
