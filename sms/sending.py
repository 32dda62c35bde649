"""Messages on their way out: what is due leaves, one at a time, within its limits.

The order is the promise: a message is in somebody's hand, committed, before the provider is called. Whoever dies
then leaves it there; it is never sent a second time before the provider's own list has said that it was not sent.
"""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography.fernet import InvalidToken

from shared.db import messages
from shared.db.engine import reading, writing
from shared.db.messages import Kept
from shared.domain.asking import next_writing
from shared.domain.outreach import MessageState, Purpose
from shared.domain.ratings import Channel
from shared.domain.zones import HOME
from shared.logs import logger
from shared.phones import Phones
from shared.services import Services
from sms.gateways.chosen import opened, usable
from sms.gateways.codes import Meaning, meaning_of
from sms.gateways.gateway import Gateway, Outgoing, SendFailed, SendUncertain
from sms.limits import Limits, next_day
from sms.outcomes import note_failure, note_taken
from sms.templates import contents

SLICE: Final = 4.0
"""Seconds that one job sends; less than until the next, so that they never queue up."""
AT_ONCE: Final = 20
LOOKS_AGAIN_AFTER: Final = 1.0
"""Seconds after which replies that came meanwhile go ahead."""
LEFT_ALONE: Final = 30.0
"""Seconds for which a gateway that did not answer is not asked again."""
WINDOW: Final = timedelta(hours=24)
"""How long after a person's last message WhatsApp lets us write freely."""
log = logger(__name__)


def send_due(services: Services, seconds: float = SLICE) -> dict[str, int]:
    """Send what is due until nothing is, or the time is over, and return how many of each came to what."""
    ends = time.monotonic() + seconds
    with writing(services.engine) as session:
        expired = messages.expire(session, services.clock())
    with ExitStack() as stack:
        sender = _Sender(services, stack)
        sender.counts["expired"] += expired
        while time.monotonic() < ends and sender.send_some(ends):
            pass
    return dict(+sender.counts)


class _Sender:
    """Sends with the gateways it has opened so far."""

    def __init__(self, services: Services, stack: ExitStack) -> None:
        self._services = services
        self._stack = stack
        self._gateways: dict[str, Gateway] = {}
        self._left_alone: set[str] = set()
        self._limits = Limits(services.redis, services.settings)
        self._phones = Phones.of(services.settings)
        self.counts: Counter[str] = Counter()

    def send_some(self, ends: float) -> bool:
        """Send the next few; False when there is nothing to send now."""
        now = self._services.clock()
        gateways = [name for name in usable(self._services.settings) if not self._limits.is_resting(name)]
        self._left_alone.clear()
        counted = not self._limits.is_day_full(now)
        with reading(self._services.engine) as session:
            due = messages.next_due(session, now, gateways, AT_ONCE, counted=counted)
        looks_again = time.monotonic() + LOOKS_AGAIN_AFTER
        for kept in list(self._sorted_out(due, now)):
            if time.monotonic() > min(ends, looks_again):
                break
            if kept.gateway not in self._left_alone:
                self._send(kept, ends)
        return bool(due)

    def _sorted_out(self, due: list[Kept], now: datetime) -> Iterator[Kept]:
        """Yield what may leave now; what may not is held back, put off, or goes another way when this returns."""
        later: dict[datetime, list[UUID]] = {}
        with writing(self._services.engine) as session:
            for kept in due:
                start = self._allowed_from(kept, now)
                if kept.refused and kept.purpose is not Purpose.REPLY:
                    self.counts["withheld"] += messages.end(session, kept, MessageState.WITHHELD, now)
                elif kept.phone is None or kept.text is None:
                    self.counts["failed"] += messages.end(session, kept, MessageState.FAILED, now, "wiped")
                elif start > now:
                    later.setdefault(start, []).append(kept.id)
                elif _is_outside_window(kept, now):
                    note_failure(session, kept, "63016", Meaning.OUTSIDE, self._services)
                else:
                    yield kept
            for start, ids in later.items():
                messages.put_off(session, ids, start)

    def _allowed_from(self, kept: Kept, now: datetime) -> datetime:
        if kept.purpose is Purpose.REPLY:
            return now
        office = self._services.directory.current().offices.get(kept.office or "")
        return next_writing(now, office.timezone if office else HOME)

    def _send(self, kept: Kept, ends: float) -> None:
        """Send one message, unless its turn does not come in time, the day is full, or somebody else has it."""
        now, counts = self._services.clock(), kept.channel is Channel.SMS
        if counts and not self._limits.reserve(kept.segments, now, always=kept.purpose is Purpose.REPLY):
            with writing(self._services.engine) as session:
                messages.put_off(session, [kept.id], next_day(now))
            return
        claimed = self._claimed(kept) if self._limits.wait_for_turn(ends) else None
        left = claimed is not None and self._hand_over(claimed)
        if counts and not left:
            self._limits.give_back(kept.segments, now)

    def _claimed(self, kept: Kept) -> Kept | None:
        with writing(self._services.engine) as session:
            return messages.claim(session, kept, self._services.clock())

    def _hand_over(self, claimed: Kept) -> bool:
        """Hand a message to its gateway and note what came of it; False when it certainly did not leave."""
        try:
            taken = self._gateway(claimed.gateway).send(self._opened(claimed))
        except (InvalidToken, ValueError):
            self._failed(claimed, SendFailed("unreadable", permanent=True))
        except SendFailed as error:
            self._failed(claimed, error)
        except SendUncertain as error:
            log.warning("message uncertain", message=str(claimed.id), gateway=claimed.gateway, problem=str(error))
            self._leave_alone(claimed.gateway, LEFT_ALONE)
            self.counts["uncertain"] += 1
            return True
        else:
            with writing(self._services.engine) as session:
                self.counts["sent"] += note_taken(session, claimed, taken, self._services)
            return True
        return False

    def _failed(self, claimed: Kept, error: SendFailed) -> None:
        log.warning("message not taken", message=str(claimed.id), gateway=claimed.gateway, error_code=error.code)
        with writing(self._services.engine) as session:
            note_failure(session, claimed, error.code, _meaning(error), self._services, error.wait)
        if error.wait:
            self._leave_alone(claimed.gateway, error.wait)
        self.counts["failed"] += 1

    def _leave_alone(self, gateway: str, seconds: float) -> None:
        self._left_alone.add(gateway)
        self._limits.rest(gateway, seconds)

    def _opened(self, kept: Kept) -> Outgoing:
        said = contents(self._phones.open(kept.text or b""), kept.template)
        phone = self._phones.open(kept.phone or b"")
        return Outgoing(kept.id, phone, kept.channel, said.words, kept.template, said.variables, kept.attempts)

    def _gateway(self, name: str) -> Gateway:
        if name not in self._gateways:
            self._gateways[name] = self._stack.enter_context(opened(name, self._services))
        return self._gateways[name]


def _meaning(error: SendFailed) -> Meaning:
    if error.refused:
        return Meaning.REFUSED
    if not error.permanent:
        return Meaning.LATER
    return Meaning.OUTSIDE if meaning_of(error.code) is Meaning.OUTSIDE else Meaning.FINAL


def _is_outside_window(kept: Kept, now: datetime) -> bool:
    if kept.channel is not Channel.WHATSAPP or kept.template is not None:
        return False
    return kept.whatsapp_wrote_at is None or now - kept.whatsapp_wrote_at >= WINDOW
