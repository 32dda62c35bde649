"""Monthly scores as rows: recomputed from the ratings, never incremented."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Final

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, or_, select, text, tuple_
from sqlmodel import Session, col

from shared.db.screening import screened
from shared.db.tables import MonthlyScoreRow, RatingRow, ScoreSnapshotRow, StaleMonthRow
from shared.db.upsert import put_figures
from shared.domain.months import Month
from shared.domain.ratings import Channel
from shared.domain.scoring import Tally, raw_index
from shared.domain.screening import SetAside
from shared.privacy import Snapshot

Pair = tuple[str, str]
"""(officer code, month as written)"""

ANSWERS: Final = ("ones", "twos", "threes", "fours")
_REFRESH_LOCK = 0x5CA1E


@dataclass(frozen=True, slots=True)
class MonthlyScore:
    """An officer's month as computed: all ratings that count, and per channel; how many are set aside, and why; and
    what was answered in those (None where it was computed before that was kept).

    `office` is the one with most of those that count; `raw_index` is in hundredths.
    """

    officer: str
    month: Month
    office: str | None
    tally: Tally
    channels: dict[Channel, Tally]
    set_aside: dict[SetAside, int]
    left_out: Tally | None
    raw_index: int | None
    method: str


@dataclass(slots=True)
class Counted:
    """One officer's month: the ratings that count, by channel and by office, and those set aside, by reason."""

    channels: dict[Channel, Tally] = field(default_factory=dict)
    offices: Counter[str] = field(default_factory=Counter)
    set_aside: dict[SetAside, int] = field(default_factory=dict)
    left_out: Tally = Tally()

    @property
    def office(self) -> str | None:
        """Return the office with most of the ratings that count; of several with as many, the first by code."""
        most = sorted(self.offices.items(), key=lambda office: (-office[1], office[0]))
        return most[0][0] if most else None

    def add(self, office: str, channel: Channel, set_aside: str | None, tally: Tally) -> None:
        """Add what was found of one office, channel and reason."""
        if set_aside is None:
            self.channels[channel] = self.channels.get(channel, Tally()) + tally
            self.offices[office] += tally.count
        else:
            reason = SetAside(set_aside)
            self.set_aside[reason] = self.set_aside.get(reason, 0) + tally.count
            self.left_out += tally


def lock_refreshing(session: Session) -> None:
    """Let one refresh at a time go on: of two that overlap, the one that read earlier could write later."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _REFRESH_LOCK})


def stale_marks(session: Session, limit: int) -> tuple[list[int], list[Pair]]:
    """Return up to `limit` marks by id, and the distinct (officer, month) pairs they touch."""
    rows = session.execute(select(StaleMonthRow).order_by(col(StaleMonthRow.id)).limit(limit)).scalars().all()
    return [row.id for row in rows if row.id is not None], sorted({(row.officer_code, row.month) for row in rows})


def mark_stale(session: Session, since: Month) -> None:
    """Mark every month that was ever computed stale, from `since` on."""
    score = MonthlyScoreRow
    known = select(col(score.officer_code), col(score.month)).where(col(score.month) >= str(since))
    session.execute(insert(StaleMonthRow).from_select(["officer_code", "month"], known))


def remove_marks(session: Session, ids: Sequence[int]) -> None:
    """Remove these marks; marks made meanwhile stay."""
    for start in range(0, len(ids), 500):
        session.execute(delete(StaleMonthRow).where(col(StaleMonthRow.id).in_(ids[start : start + 500])))


def stale_count(session: Session) -> int:
    """Return how many (officer, month) pairs wait for a refresh."""
    pairs = select(col(StaleMonthRow.officer_code), col(StaleMonthRow.month)).distinct().subquery()
    return session.scalars(select(func.count()).select_from(pairs)).one()


def tallies_of(
    session: Session, pairs: Sequence[Pair], recorded_until: datetime | None = None
) -> dict[Pair, Counted]:
    """Screen the ratings of these officers' months and count them; a pair without any has no channels.

    With `recorded_until` they are counted as if none had been recorded later.
    """
    among = () if recorded_until is None else (col(RatingRow.recorded_at) <= recorded_until,)
    counted = {pair: Counted() for pair in pairs}
    for month, of_month in groupby(sorted(pairs, key=itemgetter(1, 0)), key=itemgetter(1)):
        officers = [officer for officer, _ in of_month]
        for start in range(0, len(officers), 500):
            _count(session, officers[start : start + 500], month, counted, among)
    return counted


def _count(
    session: Session,
    officers: Collection[str],
    month: str,
    counted: dict[Pair, Counted],
    among: Collection[ColumnElement[bool]],
) -> None:
    rating = screened(session, officers, Month.parse(month), among=among)
    keys = rating.c.officer_code, rating.c.office_code, rating.c.channel, rating.c.set_aside
    answers = [func.sum(case((rating.c.overall == answer, 1), else_=0)) for answer in (1, 2, 3, 4)]
    for officer, office, channel, why, *counts in session.execute(select(*keys, *answers).group_by(*keys)):
        counted[officer, month].add(office, Channel(channel), why, Tally.of([int(count) for count in counts]))


def keep_scores(session: Session, counted: dict[Pair, Counted], method: str, computed_at: datetime) -> None:
    """Store what was counted as the officers' monthly scores, over what stood there before."""
    rows = []
    for (officer, month), found in counted.items():
        tally = Tally.all_of(found.channels.values())
        rows.append(
            {
                "officer_code": officer,
                "month": month,
                "office_code": found.office,
                **counts_of(tally),
                "channels": {channel.value: list(part.counts) for channel, part in sorted(found.channels.items())},
                "set_aside": {reason.value: count for reason, count in sorted(found.set_aside.items())} or None,
                "left_out": list(found.left_out.counts),
                "raw_index": raw_index(tally),
                "method": method,
                "computed_at": computed_at,
            }
        )
    put_figures(session, MonthlyScoreRow, rows)


def score_of(session: Session, officer: str, month: Month) -> MonthlyScore | None:
    """Return one month of one officer, or None when nothing was ever computed for it."""
    row = session.get(MonthlyScoreRow, (officer, str(month)))
    return None if row is None else score_from(row)


def snapshots_of(session: Session, officer: str) -> dict[Month, Snapshot]:
    """Return what may be seen of each month of one officer."""
    query = select(ScoreSnapshotRow).where(col(ScoreSnapshotRow.officer_code) == officer)
    return {Month.parse(row.month): _snapshot(row) for row in session.scalars(query)}


def scores_unlike_snapshots(
    session: Session, pairs: Sequence[Pair] | None = None
) -> list[tuple[MonthlyScore, Snapshot | None]]:
    """Return the scores with other answers than were noted last: of these pairs, or all."""
    score, shown = MonthlyScoreRow, ScoreSnapshotRow
    same = and_(col(score.officer_code) == col(shown.officer_code), col(score.month) == col(shown.month))
    unlike = (getattr(score, name) != func.coalesce(getattr(shown, name), 0) for name in ANSWERS)
    query = select(score, shown).outerjoin(shown, same).where(or_(*unlike))
    keys = tuple_(col(score.officer_code), col(score.month))
    parts = (
        [query]
        if pairs is None
        else [query.where(keys.in_(pairs[start : start + 500])) for start in range(0, len(pairs), 500)]
    )
    return [
        (score_from(row), snapshot and _snapshot(snapshot))
        for part in parts
        for row, snapshot in session.execute(part)
    ]


def keep_snapshots(session: Session, moved: dict[Pair, Snapshot]) -> None:
    """Store what may be seen from now on."""
    rows = [
        {
            "officer_code": officer,
            "month": month,
            **counts_of(snapshot.noted),
            "noted_on": snapshot.noted_on,
            "seen": None if snapshot.seen is None else list(snapshot.seen.counts),
            "dark": snapshot.dark,
        }
        for (officer, month), snapshot in moved.items()
    ]
    put_figures(session, ScoreSnapshotRow, rows)


def counts_of(tally: Tally) -> dict[str, int]:
    """Return a tally as the columns of a row."""
    return dict(zip(ANSWERS, tally.counts, strict=True))


def _tally(row: MonthlyScoreRow | ScoreSnapshotRow) -> Tally:
    return Tally(row.ones, row.twos, row.threes, row.fours)


def tally_from(written: list[int] | None) -> Tally | None:
    """Return a tally as it stands in one column of a row."""
    return None if written is None else Tally(*written)


def _snapshot(row: ScoreSnapshotRow) -> Snapshot:
    return Snapshot(_tally(row), row.noted_on, tally_from(row.seen), row.dark)


def score_from(row: MonthlyScoreRow) -> MonthlyScore:
    """Return a computed month as it stands in its row."""
    channels = {Channel(channel): Tally.of(counts) for channel, counts in row.channels.items()}
    aside = {SetAside(reason): count for reason, count in (row.set_aside or {}).items()}
    month = Month.parse(row.month)
    return MonthlyScore(
        row.officer_code,
        month,
        row.office_code,
        _tally(row),
        channels,
        aside,
        tally_from(row.left_out),
        row.raw_index,
        row.method,
    )
