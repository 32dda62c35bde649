"""What a month of messages came to: how many, what became of them, what they cost, and how many were answered.

Nothing here tells what one person did, not even to whoever writes one visit down and looks before and after:

1. Only what was written before this day began is counted, and every number is rounded down to a step of five. Below
   five nothing is told, also where there was none: an invitation that never became a message is of somebody who wants
   no messages.
2. Costs go by steps of what five messages cost, for a sum to the rupiah would tell the count it is the sum of.
3. Answers are counted when the last invitation of the month is over and nothing can move any more, by the month and
   in steps again, and only where five or more answered and five or more did not. By the hour at which they were asked
   people are told of by the same rule, in tenths.

What is divided (a price per message, or per answer) is divided from the figures that are told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from shared.db.engine import reading
from shared.db.message_figures import Alike, answered_by_hour, counted, opted_out
from shared.domain.asking import FIRST_HOUR, LAST_HOUR
from shared.domain.failures import Cause, cause_of
from shared.domain.months import Month
from shared.domain.outreach import MessageState, Purpose
from shared.domain.people import Office
from shared.domain.ratings import Channel
from shared.privacy import MINIMUM_STEP, told_count, told_share
from shared.services import Services

ASKING: Final = (Purpose.INVITATION, Purpose.REMINDER)
"""What an office's messages are; a reply to whoever wrote by themselves belongs to no office."""
CHANNELS: Final = (Channel.SMS, Channel.WHATSAPP)


class Fate(StrEnum):
    """What became of a message, as far as that is told."""

    DELIVERED = "delivered"
    ON_ITS_WAY = "on_its_way"
    UNCONFIRMED = "unconfirmed"
    WAITING = "waiting"
    FAILED = "failed"
    NOT_SENT = "not_sent"


FATES: Final[Mapping[MessageState, Fate]] = {
    MessageState.DELIVERED: Fate.DELIVERED,
    MessageState.SENT: Fate.ON_ITS_WAY,
    MessageState.UNCONFIRMED: Fate.UNCONFIRMED,
    MessageState.WAITING: Fate.WAITING,
    MessageState.SENDING: Fate.WAITING,
    MessageState.FAILED: Fate.FAILED,
    MessageState.WITHHELD: Fate.NOT_SENT,
    MessageState.EXPIRED: Fate.NOT_SENT,
}


@dataclass(frozen=True, slots=True)
class MonthOfMessages:
    """The messages that an office wrote in a month before `until`, as they may be told; None: fewer than five.

    Costs are in rupiah. `answered` and `hours` (hour on the office's clock -> tenths of those asked then who
    answered) say nothing until `answers_told_on`, when every invitation of the month is over.
    """

    office: Office
    month: Month
    until: datetime
    sent: int | None
    fates: Mapping[Fate, int | None]
    causes: Mapping[Cause, int]
    ways: Mapping[Purpose, Mapping[Channel, int | None]]
    cost: int | None
    costs: Mapping[Channel, int | None]
    opted_out: int | None
    answers_told_on: datetime
    answers_known: bool
    answered: int | None
    hours: Mapping[int, int | None]

    @property
    def is_bare(self) -> bool:
        """Say whether the month has no number to tell at all."""
        ways = (count for by_way in self.ways.values() for count in by_way.values())
        return all(count is None for count in (self.sent, self.answered, self.opted_out, *self.fates.values(), *ways))

    @property
    def per_message(self) -> int | None:
        """Return what a message cost, about."""
        return _divided(self.cost, self.sent)

    @property
    def per_answer(self) -> int | None:
        """Return what an invitation that was answered cost, about, with all that were not."""
        return _divided(self.cost, self.answered)


def month_of_messages(office: Office, month: Month, services: Services) -> MonthOfMessages:
    """Return what may be told of an office's messages in a month, at this moment."""
    now, settings, zone = services.clock(), services.settings, office.timezone
    first, end = month.bounds(zone)
    today = datetime.combine(now.astimezone(zone).date(), time(), zone)
    until = max(first, min(end, today))
    over = answers_told_on(office, month, services)
    with reading(services.engine) as session:
        alike = counted(session, office.code, first, until)
        gone = opted_out(session, office.code, first, until)
        by_hour = answered_by_hour(session, office.code, first, until) if now >= over else None
    mine = [one for one in alike if one.purpose in ASKING]
    step = MINIMUM_STEP * max(settings.sms_rupiah, settings.whatsapp_rupiah)
    return MonthOfMessages(
        office,
        month,
        until,
        sent=told_count(sum(one.count for one in mine if one.left)),
        fates=_fates(mine),
        causes=_causes(mine),
        ways=_ways(mine),
        cost=_cost(mine, step),
        costs={channel: _cost([one for one in mine if one.channel is channel], step) for channel in CHANNELS},
        opted_out=told_count(gone),
        answers_told_on=over,
        answers_known=by_hour is not None,
        answered=_answered(by_hour or {}),
        hours=_hours(by_hour or {}, first),
    )


def answers_told_on(office: Office, month: Month, services: Services) -> datetime:
    """Return from when on it is told how many invitations of a month were answered: when the last of them is over."""
    # Who was asked in the month's last minute has as many days, and the day on which they are told begins after that.
    return month.bounds(office.timezone)[1] + timedelta(days=services.settings.invitation_days + 1)


def _fates(alike: Iterable[Alike]) -> dict[Fate, int | None]:
    found = Counter[Fate]()
    for one in alike:
        found[FATES[one.state]] += one.count
    return {fate: told_count(found[fate]) for fate in Fate}


def _causes(alike: Iterable[Alike]) -> dict[Cause, int]:
    """Return the causes that may be told, most first."""
    found = Counter[Cause]()
    for one in alike:
        cause = cause_of(one.state, one.error_code)
        if cause is not None:
            found[cause] += one.count
    return {cause: told for cause, count in found.most_common() if (told := told_count(count)) is not None}


def _ways(alike: Iterable[Alike]) -> dict[Purpose, dict[Channel, int | None]]:
    found = Counter[tuple[Purpose, Channel]]()
    for one in alike:
        found[one.purpose, one.channel] += one.count if one.left else 0
    return {purpose: {channel: told_count(found[purpose, channel]) for channel in CHANNELS} for purpose in ASKING}


def _cost(alike: Sequence[Alike], step: int) -> int | None:
    if told_count(sum(one.count for one in alike if one.left)) is None:
        return None
    cost = sum(one.cost for one in alike)
    return cost - cost % step if step else cost


def _answered(by_hour: Mapping[int, tuple[int, int]]) -> int | None:
    asked = sum(count for count, _ in by_hour.values())
    answers = sum(answered for _, answered in by_hour.values())
    return None if told_share(answers, asked) is None else told_count(answers)


def _hours(by_hour: Mapping[int, tuple[int, int]], first: datetime) -> dict[int, int | None]:
    """Return every hour at which people may be asked, with its tenths; nothing when there is none to be told."""
    ahead = (first.utcoffset() or timedelta()) // timedelta(hours=1)
    told = {(hour + ahead) % 24: told_share(answered, asked) for hour, (asked, answered) in by_hour.items()}
    # An hour with a few in it looks like one with nobody.
    return {hour: told.get(hour) for hour in range(FIRST_HOUR, LAST_HOUR)} if any(told.values()) else {}


def _divided(cost: int | None, count: int | None) -> int | None:
    return None if cost is None or not count else (2 * cost + count) // (2 * count)
