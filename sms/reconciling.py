"""What the provider's own list knows and we do not: whether an attempt was taken, how it fared, who wrote to us."""

import time
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.fernet import InvalidToken

from shared.db import messages
from shared.db.engine import reading, writing
from shared.db.messages import Kept
from shared.domain.errors import IntakeUnavailable
from shared.domain.outreach import MessageState
from shared.domain.phones import normal_phone
from shared.logs import logger
from shared.phones import Phones
from shared.services import Services
from sms.following import note
from sms.gateways.chosen import opened, with_list
from sms.gateways.gateway import Gateway, Listed, Receipt, SendUncertain, Taken
from sms.inbound import InboundMessage
from sms.inbox import write_down
from sms.outcomes import note_taken
from sms.templates import contents

IN_HAND: Final = timedelta(minutes=2)
"""How long an attempt may take; longer than a job may."""
CLOCKS_DIFFER: Final = timedelta(days=1)
"""How far back an attempt is looked for: our clock may be wrong, and a message that is overlooked is sent twice."""
WEBHOOK_HAS: Final = timedelta(minutes=2)
"""How long a webhook has before we call its message missed."""
FIRST_LOOK: Final = timedelta(days=3)
LOOKS_AT_ALL_EVERY: Final = timedelta(days=1)
OVERLAP: Final = timedelta(minutes=10)
CONFIRMED_WITHIN: Final = timedelta(days=3)
AT_ONCE: Final = 50
LONGEST: Final = 20.0
log = logger(__name__)


def follow_up(services: Services) -> dict[str, int]:
    """Decide about attempts nobody has told us the end of, and give up on what never will be told; return counts."""
    now, kept_lists = services.clock(), with_list(services.settings)
    with writing(services.engine) as session:
        given_up = messages.give_up_asking(session, kept_lists, now - IN_HAND, now)
        given_up += messages.give_up_confirming(session, now - CONFIRMED_WITHIN, now)
    found = lost = 0
    for name in kept_lists:
        with reading(services.engine) as session:
            in_hand = messages.left_in_hand(session, now - IN_HAND, [name], AT_ONCE)
        if in_hand:
            with opened(name, services) as gateway:
                some_found, some_lost = _decide(in_hand, gateway, services)
            found, lost = found + some_found, lost + some_lost
    return {"unconfirmed": given_up, "found": found, "to_send_again": lost}


def _decide(in_hand: list[Kept], gateway: Gateway, services: Services) -> tuple[int, int]:
    """Decide about each by the provider's list, and return how many it has and how many it has not."""
    found, ends = 0, time.monotonic() + LONGEST
    for number, sent in enumerate(in_hand):
        if time.monotonic() > ends:
            return found, number - found
        try:
            found += _was_taken(sent, gateway, services)
        except SendUncertain as error:
            log.warning("list not read", gateway=gateway.name, problem=str(error))
            return found, number - found
    return found, len(in_hand) - found


def _was_taken(sent: Kept, gateway: Gateway, services: Services) -> bool:
    """Say whether the provider lists this attempt, and note it; let the message wait again when it does not."""
    match = _found(sent, gateway, services)
    with writing(services.engine) as session:
        if match is None:
            now = services.clock()
            messages.wait_again(session, sent, now, now, None)
            return False
        note_taken(session, sent, Taken(match.provider_id, sent.segments), services)
    note(Receipt(match.provider_id, match.state, match.error_code), gateway.name, services)
    return True


def _found(sent: Kept, gateway: Gateway, services: Services) -> Listed | None:
    phones = Phones.of(services.settings)
    try:
        said = contents(phones.open(sent.text or b""), sent.template)
        phone = phones.open(sent.phone or b"")
    except (InvalidToken, ValueError):
        return None  # it cannot be sent either
    since = (sent.claimed_at or services.clock()) - CLOCKS_DIFFER
    listed = list(gateway.listed_to(phone, sent.channel, since))
    with reading(services.engine) as session:
        known = messages.known_ids(session, gateway.name, [one.provider_id for one in listed])
    parts = list(said.variables.values()) if sent.template else [said.words.strip()]
    ours = (one for one in listed if one.provider_id not in known and all(part in one.text for part in parts))
    return min(ours, key=lambda one: one.at, default=None)


def reconcile(services: Services) -> dict[str, int]:
    """Take in what webhooks missed, by the lists of providers that keep one; return counts."""
    counts = Counter(inbound=0, receipts=0, strangers=0)
    for name in with_list(services.settings):
        began = services.clock()
        with opened(name, services) as gateway, suppress(SendUncertain, IntakeUnavailable):
            # Whatever could not be taken in now is read again: only a list that was read to its end is done with.
            for one in gateway.listed(_since(name, began, services)):
                counts[_noted(one, name, began, services)] += 1
            _note_read(name, began, services)
    counts.pop("", None)
    return dict(counts)


def _noted(one: Listed, gateway: str, now: datetime, services: Services) -> str:
    """Take in one message of a list, and say what it was; empty when there was nothing to do about it."""
    if one.inbound:
        if one.at >= now - WEBHOOK_HAS:
            return ""
        take_in(one, gateway, services)
        return "inbound"
    if one.state not in {MessageState.DELIVERED, MessageState.FAILED}:
        return ""
    known = note(Receipt(one.provider_id, one.state, one.error_code), gateway, services)
    return "receipts" if known else "strangers"  # such as one that was charged twice


def take_in(listed: Listed, gateway: str, services: Services) -> None:
    """Write a message of a person down, for its turn to come soon; one that was taken changes nothing."""
    phone = normal_phone(listed.phone)
    message = InboundMessage(f"{gateway}:{listed.provider_id}", phone, listed.channel, listed.text)
    write_down(message, services, at=listed.at)


def _since(gateway: str, now: datetime, services: Services) -> datetime:
    """Return from when on the list is to be read: all of three days once a day, else what has come since."""
    read: Any = services.redis.get(_read_until(gateway))
    return datetime.fromisoformat(read.decode()) - OVERLAP if read else now - FIRST_LOOK


def _note_read(gateway: str, until: datetime, services: Services) -> None:
    key, value = _read_until(gateway), until.isoformat()
    if not services.redis.set(key, value, nx=True, ex=LOOKS_AT_ALL_EVERY):
        services.redis.set(key, value, keepttl=True)


def _read_until(gateway: str) -> str:
    return f"messages:read_until:{gateway}"
