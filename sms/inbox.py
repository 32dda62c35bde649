"""Messages as they come in: written down before anything else, sealed, and forgotten seven days after their turn."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shared import inbox, privacy
from shared.db import inbox as rows
from shared.db.engine import reading, writing
from shared.db.inbox import Written
from shared.phones import Phones, phone_key
from shared.services import Services
from sms.inbound import InboundMessage

TAKEN_BY_NOW: Final = timedelta(seconds=30)
"""A message older than this without a turn has lost the process that was to take it."""


def write_down(message: InboundMessage, services: Services, at: datetime | None = None) -> Written | None:
    """Write a message down, once however often it comes, and return it as it stands there.

    None for a sender without a number: nobody could be answered later. `at` is when it came to the provider, for one
    found in its list. Raises IntakeUnavailable with both doors shut.
    """
    if message.phone is None:
        return None
    seals = Phones.of(services.settings)
    written = Written(
        id=UUID(hex=hashed(f"inbox {message.provider_id}", services)),
        gateway=message.provider_id.partition(":")[0],
        channel=message.channel,
        phone_hash=seals.hash(message.phone),
        phone=seals.seal(message.phone),
        provider_id=seals.seal(message.provider_id),
        text=seals.seal(message.text),
        received_at=at or services.clock(),
    )
    inbox.write_down(written, services)
    return written


def left_behind(services: Services) -> list[Written]:
    """Return messages whose turn is overdue, the earliest first; not all at once."""
    with reading(services.engine) as session:
        return list(rows.not_taken(session, services.clock() - TAKEN_BY_NOW))


def wipe(services: Services) -> int:
    """Forget what people wrote seven days after it was taken, and return how many messages it was."""
    wiped = 0
    while True:
        with writing(services.engine) as session:
            found = rows.wipe(session, services.clock())
        if not found:
            return wiped
        wiped += found


def hashed(value: str, services: Services) -> str:
    """Return the keyed hash of a phone or a provider's id, by which it is recognised but never read back."""
    return privacy.keyed_hash(value, phone_key(services.settings))
