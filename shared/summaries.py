"""The semesters and years of an officer: closed months taken together, scored by the same method."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import cast

from sqlmodel import Session

from shared import privacy
from shared.closing import RESTATED_ON
from shared.db import closings, review_effects
from shared.db import summaries as stored
from shared.db.engine import reading
from shared.db.revisions import Published, Revision, taken_in_at
from shared.domain.m1 import Channels, Score, count_of, score, together
from shared.domain.months import Month
from shared.domain.people import Directory, Office, OfficeKind, Officer
from shared.domain.periods import SEMESTER, Period
from shared.domain.results import at_most_provisional
from shared.domain.scoring import Tally
from shared.services import Services


@dataclass(frozen=True, slots=True)
class Summary:
    """What an officer sees of a semester or year.

    It `grows` until its last month was looked at again; meanwhile, and while people look into one of its months
    (`suspected`), its score is at most provisional. `hidden` ratings in it are from months that are not seen by
    themselves; `left_out` were replaced by a later one of the same person.
    """

    period: Period
    channels: Channels
    score: Score
    grows: bool
    suspected: bool
    hidden: int
    left_out: int

    @property
    def tally(self) -> Tally:
        """Return the answers over all channels."""
        return Tally.all_of(self.channels.values())


@dataclass(frozen=True, slots=True)
class _Part:
    """A month or bundle of months: what counts in it, and what stays when everybody counts once."""

    months: tuple[Month, ...]
    all: Channels
    once: Channels

    @property
    def left_out(self) -> int:
        return count_of(self.all) - count_of(self.once)


def summary_of(officer: Officer, period: Period, directory: Directory, services: Services) -> Summary | None:
    """Return an officer's semester or year as far as it is closed; None where there is nothing to be seen of it.

    1. It is made of the latest revisions of the closed months that `privacy.entering` lets in.
    2. In a school the same person counts once in a semester that is over, with their latest rating, where
       `privacy.may_leave_out` lets the others out; until then, and otherwise, each of their months counts. A year is
       the sum of its semesters.
    3. It is scored with the parameters of the last month that is closed in the group by then, and where the group
       stood, as published with it, over the same period. There everybody counts once a month.
    """
    office, halves = directory.offices[officer.office], _semesters(period)
    with reading(services.engine) as session:
        revisions = stored.revisions_in(session, officer.code, period)
        pasts = stored.pasts_of(session, officer.code, revisions)
        entered = privacy.entering(pasts)
        if not entered:
            return None
        latest = {month: of_month[-1] for month, of_month in revisions.items()}
        rated, group = stored.rated_in(session, officer.code, period), latest[max(latest)].group
        over = [half for half in halves if _is_over(half, office, pasts, rated, services.clock())]
        taken_in = {month: taken_in_at(of_month) for month, of_month in revisions.items()}
        parts = [_plain(months, latest) for months in entered]
        for semester in _once_in(over, office, pasts):
            inside = [part for part in parts if semester.holds(part.months[0], part.months[0])]
            outside = [part for part in parts if part not in inside]
            parts = [*outside, *_once_each(session, officer.code, inside, latest, taken_in)]
        suspected = review_effects.suspected(session, group, period.first, period.last)
        # There is one: its months have revisions.
        _, published = cast("tuple[Month, Published]", closings.published(session, group, period.last))
    channels = _all_of(part.once for part in parts)
    found = score(channels, published.parameters, published.levels.get(str(period)))
    grows, in_review = over != halves, any(code == officer.code for code, _ in suspected)
    return Summary(
        period,
        channels,
        at_most_provisional(found) if grows or in_review else found,
        grows,
        in_review,
        sum(count_of(part.all) for part in parts if len(part.months) > 1),
        sum(part.left_out for part in parts),
    )


def _semesters(period: Period) -> list[Period]:
    return [Period.around(first, SEMESTER) for first in period.months[::SEMESTER]]


def _is_over(
    semester: Period, office: Office, pasts: Iterable[privacy.Past], rated: Iterable[Month], now: datetime
) -> bool:
    """Say whether nothing is added to a semester any more: all its months were looked at again."""
    following = semester.last.plus(1)
    settled = {past.month for past in pasts if past.settled_at}
    day_has_come = now >= datetime(following.year, following.number, RESTATED_ON, tzinfo=office.timezone)
    return day_has_come and all(month in settled for month in rated if semester.holds(month, month))


def _once_in(over: Iterable[Period], office: Office, pasts: Iterable[privacy.Past]) -> list[Period]:
    """Return the semesters in which everybody counts once."""
    if office.kind is not OfficeKind.SCHOOL:
        return []
    # Where a month changed since, others would be left out than at an earlier look.
    stirred = [past.month for past in pasts if past.stirred]
    return [semester for semester in over if not any(semester.holds(month, month) for month in stirred)]


def _plain(months: tuple[Month, ...], latest: Mapping[Month, Revision]) -> _Part:
    channels = _all_of(latest[month].result.channels for month in months)
    return _Part(months, channels, channels)


def _once_each(
    session: Session,
    officer: str,
    parts: list[_Part],
    latest: Mapping[Month, Revision],
    taken_in: Mapping[Month, datetime],
) -> list[_Part]:
    """Return these parts of a semester with everybody counted once; as they are where that may not be told."""
    counted = stored.once_each(session, officer, {month: taken_in[month] for part in parts for month in part.months})
    # A roster corrected or an import undone since changes what is found, but not the months as they were scored.
    if any(everybody != latest[month].result.channels for month, (everybody, _) in counted.items()):
        return parts
    once = [_Part(part.months, part.all, _all_of(counted[month][1] for month in part.months)) for part in parts]
    return once if privacy.may_leave_out((count_of(part.all), part.left_out) for part in once) else parts


def _all_of(several: Iterable[Channels]) -> Channels:
    nothing: Channels = {}
    return reduce(together, several, nothing)
