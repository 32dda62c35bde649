"""What became of one attempt, and what follows from it: sent, another try, another way, or the end."""

from datetime import timedelta
from typing import Final

from shared.db import messages
from shared.db.contacts import refuse
from shared.db.directory_version import WritingSession
from shared.db.messages import Kept
from shared.domain.messages import gsm_text, segments_of
from shared.domain.outreach import MessageState
from shared.domain.ratings import Channel
from shared.phones import Phones
from shared.services import Services
from sms.gateways.chosen import CONSOLE, way_of
from sms.gateways.codes import Meaning
from sms.gateways.gateway import Taken
from sms.templates import contents

PAUSES: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""How long a message waits after each attempt that was not taken; after the last there is no other."""
PAUSES_ONCE_TAKEN: Final = (timedelta(minutes=30), timedelta(hours=2))
"""The same after one that was taken, and paid for, and did not reach the telephone."""


def note_taken(session: WritingSession, sent: Kept, taken: Taken, services: Services) -> bool:
    """Note that the provider has it, or the person already, and what that costs; False when the attempt is over."""
    cost = services.settings.price(sent.channel, taken.segments)
    now = services.clock()
    noted = messages.note_sent(session, sent.id, sent.attempts, now, taken.provider_id, taken.segments, cost)
    if noted and taken.delivered:
        messages.note_delivered(session, sent.id, sent.attempts, now)
    return noted


def note_failure(
    session: WritingSession, sent: Kept, code: str, meaning: Meaning, services: Services, wait: float = 0.0
) -> None:
    """Note that a message was not delivered, and do what is left to do about it.

    `wait`: seconds for which the gateway wants to be left alone; such an attempt is not held against the message.
    """
    now = services.clock()
    if meaning is Meaning.OUTSIDE and _goes_by_sms(session, sent, code, services):
        return
    pauses = PAUSES if sent.state is MessageState.SENDING else PAUSES_ONCE_TAKEN
    if meaning is Meaning.LATER and (wait or sent.attempts <= len(pauses)):
        pause = timedelta(seconds=wait) if wait else pauses[sent.attempts - 1]
        messages.wait_again(session, sent, now + pause, now, code)
        return
    if meaning is Meaning.REFUSED and sent.phone_hash is not None:
        refuse(session, sent.phone_hash, now)
    end = MessageState.WITHHELD if meaning is Meaning.REFUSED else MessageState.FAILED
    messages.end(session, sent, end, now, code)


def _goes_by_sms(session: WritingSession, sent: Kept, code: str, services: Services) -> bool:
    """Let a message that WhatsApp cannot carry go by SMS; False when it cannot."""
    gateway = way_of(Channel.SMS, services.settings)
    if sent.channel is not Channel.WHATSAPP or sent.text is None or gateway in {None, CONSOLE}:
        return False
    phones, now = Phones.of(services.settings), services.clock()
    words = gsm_text(contents(phones.open(sent.text), sent.template).words)
    if not words:
        return False
    changes = {
        "channel": Channel.SMS.value,
        "gateway": gateway,
        "template": None,
        "text": phones.seal(words),
        "segments": segments_of(words),
    }
    return messages.wait_again(session, sent, now, now, code, **changes)
