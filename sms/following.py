"""How a message of ours fared, as its provider tells: before or after we know that it was sent, once or twice."""

from uuid import UUID

from shared.db import messages
from shared.db.directory_version import WritingSession
from shared.db.engine import writing
from shared.db.messages import Kept
from shared.domain.outreach import MessageState
from shared.logs import logger
from shared.services import Services
from sms.gateways.chosen import TWILIO
from sms.gateways.codes import Meaning, meaning_of
from sms.gateways.gateway import Receipt, Taken
from sms.outcomes import note_failure, note_taken

ON_ITS_WAY = {MessageState.SENT, MessageState.UNCONFIRMED}
log = logger(__name__)


def follow(receipt: Receipt, gateway: str, services: Services, reference: str = "") -> bool:
    """Note what a provider's webhook tells of a message; False when it is none of ours.

    `reference` is what we called the attempt when we handed it over: by that a message is found of which we do not
    know yet, or will never know otherwise, that the provider took it.
    """
    known = note(receipt, gateway, services, reference)
    state = receipt.state.value if receipt.state else "unknown"
    log.info("message status", state=state, error_code=receipt.error_code, known=known)
    return known


def note(receipt: Receipt, gateway: str, services: Services, reference: str = "") -> bool:
    """Do the same without a word in the log, for lists of thousands."""
    with writing(services.engine) as session:
        sent = messages.message_of(session, gateway, receipt.provider_id)
        if sent is None:
            sent = _taken(session, gateway, receipt.provider_id, reference, services)
        if sent is not None:
            _note(session, sent, receipt, services)
    return sent is not None


def _taken(
    session: WritingSession, gateway: str, provider_id: str, reference: str, services: Services
) -> Kept | None:
    """Note that a provider has the attempt in hand that we called so; None when there is none."""
    name, _, attempt = reference.partition("-")
    try:
        sent = messages.message_by(session, UUID(hex=name))
    except ValueError:
        return None
    if sent is None or sent.gateway != gateway or str(sent.attempts) != attempt:
        return None
    if not note_taken(session, sent, Taken(provider_id, sent.segments), services):
        return None
    return messages.message_of(session, gateway, provider_id)


def _note(session: WritingSession, sent: Kept, receipt: Receipt, services: Services) -> None:
    if receipt.state is MessageState.DELIVERED:
        messages.note_delivered(session, sent.id, sent.attempts, services.clock())
    elif receipt.state is MessageState.FAILED and sent.state in ON_ITS_WAY:
        # Only Twilio's codes are known to us; what another gateway could not deliver, it could not.
        meaning = meaning_of(receipt.error_code) if sent.gateway == TWILIO else Meaning.FINAL
        note_failure(session, sent, receipt.error_code or "undelivered", meaning, services)
