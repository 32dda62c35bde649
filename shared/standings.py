"""The scores, kept and read: refreshed from the ratings, never incremented.

Of an open month the tallies are kept; its index follows from them and from what its group is scored with.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from sqlmodel import Session

from shared import privacy
from shared.db import closings, review_effects, scores
from shared.db.engine import reading, writing
from shared.db.leaders import seen_in
from shared.db.revisions import Revision
from shared.db.scores import MonthlyScore, Pair
from shared.domain.m1 import METHOD, Status
from shared.domain.months import Month
from shared.domain.people import Directory, Officer
from shared.domain.scoring import DECIDED, Tally, raw_index
from shared.services import Services

MARKS_AT_ONCE: Final = 5000
CHANGES_FOR: Final = timedelta(days=50)
"""Longer ago than this no month is open any more: it was looked at again on the 20th of the next."""
LAST_SWEEP: Final = "sweep:last"


@dataclass(frozen=True, slots=True)
class ShownMonth:
    """What an officer sees of one month; `tally` is None while it is from too few ratings, or dark.

    A closed month has its latest `revision`, unless it is from too few ratings. While its officer objects to it, it
    is `contested`, and others see nothing of it. It is `emptied` when a decision has left nothing that counts.
    """

    month: Month
    tally: Tally | None = None
    dark: bool = False
    contested: bool = False
    emptied: bool = False
    revision: Revision | None = None

    @property
    def raw_index(self) -> int | None:
        """Return the raw index of what is shown, in hundredths."""
        return None if self.tally is None else raw_index(self.tally)

    @property
    def index(self) -> int | None:
        """Return the index in hundredths; None while the month is open, or where ratings are too few to say it."""
        if self.revision is None or self.revision.result.score.status is Status.INSUFFICIENT:
            return None
        return self.revision.result.score.index


def refresh(services: Services) -> int:
    """Recompute every stale month from its ratings and return how many; running it again changes nothing."""
    refreshed = 0
    while True:
        with writing(services.engine) as session:
            scores.lock_refreshing(session)
            marks, pairs = scores.stale_marks(session, MARKS_AT_ONCE)
            counted = scores.tallies_of(session, pairs)
            scores.keep_scores(session, counted, METHOD, services.clock())
            _move_snapshots(session, pairs, services)
            scores.remove_marks(session, marks)
        refreshed += len(pairs)
        if len(marks) < MARKS_AT_ONCE:
            return refreshed


def move_snapshots(services: Services) -> int:
    """Let months show what a new day allows them to, though no rating came in today; return how many did."""
    with writing(services.engine) as session:
        scores.lock_refreshing(session)
        return _move_snapshots(session, None, services)


def _move_snapshots(session: Session, pairs: Sequence[Pair] | None, services: Services) -> int:
    directory, now = services.directory.current(), services.clock()
    moved: dict[Pair, privacy.Snapshot] = {}
    for score, seen in scores.scores_unlike_snapshots(session, pairs):
        if score.officer not in directory.officers:  # newer than the directory: the next sweep moves it
            continue
        office = directory.offices[directory.officers[score.officer].office]
        today = now.astimezone(office.timezone).date()
        snapshot = privacy.moved(seen, score.tally, today, at_once=office.demo)
        if snapshot is not None:
            moved[score.officer, str(score.month)] = snapshot
    scores.keep_snapshots(session, moved)
    return len(moved)


def screen_anew(services: Services, since: Month | None = None) -> int:
    """Screen and count anew what may still change, or every month since one; return how many officers' months.

    A roster may have been corrected after the ratings came.
    """
    with writing(services.engine) as session:
        scores.mark_stale(session, since or Month.of(services.clock() - CHANGES_FOR, UTC))
    return refresh(services)


def sweep(services: Services) -> int:
    """Do what a lost nudge has left undone, note when, and return how many months were stale."""
    refreshed = refresh(services)
    services.redis.set(LAST_SWEEP, services.clock().isoformat())
    return refreshed


def last_sweep(services: Services) -> datetime | None:
    """Return when the last sweep ended; None before the first. Raises RedisError when Redis is away."""
    written = cast("bytes | None", services.redis.get(LAST_SWEEP))
    return None if written is None else datetime.fromisoformat(written.decode())


def score_of(officer: str, month: Month, services: Services) -> MonthlyScore | None:
    """Return the officer's month as computed, for the operator; pages show `months_shown`."""
    with reading(services.engine) as session:
        return scores.score_of(session, officer, month)


def months_shown(officer: Officer, directory: Directory, services: Services) -> list[ShownMonth]:
    """Return what this officer may see of their months, earliest first, up to the current one without gaps."""
    office = directory.offices[officer.office]
    now = Month.of(services.clock(), office.timezone)
    with reading(services.engine) as session:
        snapshots = scores.snapshots_of(session, officer.code)
        closed = closings.closed_months(session, officer.code)
    seen = {month: ShownMonth(month, snapshot.seen, snapshot.dark) for month, snapshot in snapshots.items()}
    seen |= {month: _closed(revision) for month, revision in closed.items()}
    # From the first month that was ever shown: starting at the first rated one would tell that somebody rated then.
    begun = [month for month, shown in seen.items() if shown.tally or shown.dark or shown.emptied]
    month, months = min([*begun, now]), []
    while month <= now:
        months.append(seen.get(month) or ShownMonth(month))
        month = month.plus(1)
    return months


def months_shown_in(
    offices: Collection[str], months: Collection[Month], services: Services
) -> dict[Pair, ShownMonth]:
    """Return those of these months that the officers of these offices may see: their leaders see no more of them, and
    nothing of a month to which its officer objects.
    """
    with reading(services.engine) as session:
        open_ones = seen_in(session, offices, months)
        closed = closings.closed_in(session, offices, months)
        contested = review_effects.contested(session, offices, months)
    shown = {key: ShownMonth(key[1], tally) for key, tally in open_ones.items()}
    shown |= {key: _closed(revision) for key, revision in closed.items()}
    shown |= {key: ShownMonth(key[1], contested=True) for key in contested}
    told = {key: one for key, one in shown.items() if one.tally or one.contested or one.emptied}
    return {(officer, str(month)): one for (officer, month), one in told.items()}


def _closed(revision: Revision) -> ShownMonth:
    tally = privacy.shown(revision.tally)
    emptied = revision.reason in DECIDED and not revision.tally.count
    return ShownMonth(revision.month, tally, emptied=emptied, revision=revision if tally else None)
