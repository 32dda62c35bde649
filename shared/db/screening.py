"""Screening in one statement: which ratings of an officer's month count, and why the others do not.

The rules are those of `shared.domain.screening`; here they run over many officers at once.
"""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pydantic_core import to_json
from sqlalchemy import (
    CTE,
    JSON,
    BigInteger,
    ColumnElement,
    FunctionElement,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    column,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from shared.db.closing_tables import GroupClosingRow
from shared.db.counting import by_a_review, set_aside_as
from shared.db.import_tables import ImportBatchRow
from shared.db.people_tables import KioskRow, OfficeRow, PostingRow
from shared.db.tables import RatingRow
from shared.db.types import UtcDateTime
from shared.domain.months import Month
from shared.domain.ratings import Channel
from shared.domain.screening import ROUND_A_POSTING, STALE_AFTER, SetAside
from shared.domain.zones import zone

ONE_DAY: Final = timedelta(days=1)
WRITTEN: Final = "%Y-%m-%d %H:%M:%S.%f"
"""In UTC, as SQLite keeps moments."""
MOMENTS: Final = ("begins_early", "begins", "ends", "ends_late")
"""Of each day of an office; the outer two are `ROUND_A_POSTING` from it."""


class milliseconds(FunctionElement[int]):  # noqa: N801  named like the SQL function it is
    """A stored moment as whole milliseconds since 1970."""

    type = BigInteger()
    inherit_cache = True


class moment(FunctionElement[datetime]):  # noqa: N801  likewise
    """What is written as `WRITTEN` as a moment like those that are stored."""

    type = UtcDateTime()
    inherit_cache = True


class elements(FunctionElement[Any]):  # noqa: N801  likewise
    """The elements of a list in JSON, as rows with one column `value`."""

    inherit_cache = True


@compiles(moment, "sqlite")
def _as_it_is_written(element: moment, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(moment, "postgresql")
def _read_as_utc(element: moment, compiler: Any, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} || '+00' AS TIMESTAMPTZ)"


@compiles(elements, "sqlite")
def _each_on_sqlite(element: elements, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(elements, "postgresql")
def _each_on_postgresql(element: elements, compiler: Any, **options: Any) -> str:
    return f"json_array_elements(CAST({compiler.process(element.clauses, **options)} AS JSON))"


@compiles(milliseconds, "sqlite")
def _on_sqlite(element: milliseconds, compiler: Any, **options: Any) -> str:
    stored = compiler.process(element.clauses, **options)
    return f"CAST(round((julianday({stored}) - 2440587.5) * 86400000) AS INTEGER)"


@compiles(milliseconds, "postgresql")
def _on_postgresql(element: milliseconds, compiler: Any, **options: Any) -> str:
    return f"CAST(round(extract(epoch FROM {compiler.process(element.clauses, **options)}) * 1000) AS BIGINT)"


def screened(
    session: Session, officers: Collection[str], *months: Month, among: Collection[ColumnElement[bool]] = ()
) -> Subquery:
    """Return these officers' ratings of a month with `set_aside`: the reason why one does not count, or null.

    Of several months, each is screened by itself. Only ratings take part for which all of `among` holds.
    Columns: id, officer_code, office_code, kiosk_id, month, given_at, channel, overall, rater_key, set_aside.
    """
    judged = _judged(session, officers, months, among).subquery("judged")
    alone = judged.c.set_aside.is_(None)
    return select(
        judged.c.id,
        judged.c.officer_code,
        judged.c.office_code,
        judged.c.kiosk_id,
        judged.c.month,
        judged.c.given_at,
        judged.c.channel,
        judged.c.overall,
        judged.c.rater_key,
        case(
            (and_(alone, rated_again(judged, *_apart(judged.c.month, months))), _word(SetAside.SUPERSEDED)),
            else_=judged.c.set_aside,
        ).label("set_aside"),
    ).subquery("screened")


def rated_again(ratings: Subquery, *within: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return whether the person who gave a rating that is not set aside has given the officer a later such one."""
    latest = func.row_number().over(
        partition_by=(ratings.c.officer_code, ratings.c.rater_key, ratings.c.set_aside.is_(None), *within),
        order_by=(ratings.c.given_at.desc(), ratings.c.id.desc()),
    )
    return and_(ratings.c.rater_key.is_not(None), latest > 1)


def _apart(month: Any, months: Collection[Month]) -> list[ColumnElement[str]]:
    # One month, which may be a million ratings, is not sorted by itself once more.
    return [month] if len(months) > 1 else []


def _judged(
    session: Session, officers: Collection[str], months: Collection[Month], among: Collection[ColumnElement[bool]]
) -> Any:
    rating, days = RatingRow, _days(session, months)
    imported = col(rating.import_batch_id).is_not(None)
    reason = case(
        (by_a_review(), _word(SetAside.WITHDRAWN)),
        (imported, set_aside_as()),
        (_stale(), _word(SetAside.STALE)),
        (col(rating.accepted_at) > col(GroupClosingRow.restated_at), _word(SetAside.LATE)),
        (col(rating.own_phone), _word(SetAside.OWN_PHONE)),
        (_repeats_a_press(_apart(col(rating.month), months)), _word(SetAside.REPEAT_PRESS)),
        (_off_duty(days), _word(SetAside.OFF_DUTY)),
        else_=None,
    )
    closing = and_(
        col(GroupClosingRow.region_code) == col(OfficeRow.region_code),
        col(GroupClosingRow.kind) == col(OfficeRow.kind),
        col(GroupClosingRow.month) == col(rating.month),
    )
    return (
        select(
            col(rating.id),
            col(rating.officer_code),
            col(rating.office_code),
            col(rating.kiosk_id),
            col(rating.month),
            col(rating.channel),
            col(rating.overall),
            col(rating.rater_key),
            col(rating.given_at),
            reason.label("set_aside"),
        )
        .join(OfficeRow, col(rating.office_code) == col(OfficeRow.code))
        .outerjoin(KioskRow, col(rating.kiosk_id) == col(KioskRow.id))
        .outerjoin(GroupClosingRow, closing)
        .outerjoin(ImportBatchRow, col(rating.import_batch_id) == col(ImportBatchRow.id))
        .outerjoin(
            days,
            and_(
                days.c.timezone == col(OfficeRow.timezone),
                days.c.begins <= col(rating.given_at),
                days.c.ends > col(rating.given_at),
            ),
        )
        .where(
            col(rating.officer_code).in_(officers),
            col(rating.month).in_([str(month) for month in months]),
            col(rating.overall).is_not(None),
            *among,
        )
    )


def _stale() -> ColumnElement[bool]:
    waited = milliseconds(col(RatingRow.accepted_at)) - milliseconds(col(RatingRow.given_at))
    return waited > _milliseconds(STALE_AFTER)


def _repeats_a_press(within: Collection[ColumnElement[str]]) -> ColumnElement[bool]:
    given = milliseconds(col(RatingRow.given_at))
    before = func.lag(given).over(
        partition_by=(col(RatingRow.officer_code), col(RatingRow.kiosk_id), *within),
        order_by=(col(RatingRow.given_at), col(RatingRow.id)),
    )
    # Null, and so no repetition, for what no kiosk has sent.
    return given - before < col(KioskRow.press_interval) * 1000


def _off_duty(days: CTE) -> ColumnElement[bool]:
    rating = RatingRow
    staffed, theirs = aliased(PostingRow), aliased(PostingRow)
    given, around = milliseconds(col(rating.given_at)), _milliseconds(ROUND_A_POSTING)
    on_duty = exists().where(
        col(theirs.counter_code) == col(rating.counter_code),
        col(theirs.officer_code) == col(rating.officer_code),
        # By index first: what ended before is most of it.
        col(theirs.ends_at) >= days.c.begins_early,
        col(theirs.starts_at) < days.c.ends_late,
        milliseconds(col(theirs.starts_at)) <= given + around,
        milliseconds(col(theirs.ends_at)) >= given - around,
    )
    anybody = exists().where(
        col(staffed.counter_code) == col(rating.counter_code),
        col(staffed.ends_at) > days.c.begins,
        col(staffed.starts_at) < days.c.ends,
    )
    return and_(
        col(rating.channel) == Channel.KIOSK.value,
        col(rating.picked).is_(False),
        col(rating.counter_code).is_not(None),
        ~on_duty,
        anybody,
    )


def _days(session: Session, months: Collection[Month]) -> CTE:
    """Return the days of these months in every zone there is an office in, as moments.

    They go along as one document: a statement with a parameter for each would be compiled anew each time.
    """
    zones = session.scalars(select(col(OfficeRow.timezone)).distinct().order_by(col(OfficeRow.timezone)))
    each = [_days_in(name, month) for name in zones for month in months]
    document = to_json([day for days in each for day in days]).decode()
    day = elements(bindparam(None, document, String)).table_valued(column("value", JSON), name="day").c.value
    moments = [moment(day[n].as_string()).label(name) for n, name in enumerate(MOMENTS, 1)]
    known = select(day[0].as_string().label("timezone"), *moments)
    return known.cte("days").prefix_with("MATERIALIZED")  # else they are read anew for every rating


def _days_in(timezone: str, month: Month) -> Iterator[tuple[str, ...]]:
    first, following = month.bounds(zone(timezone))
    day = first
    while day < following:
        # On the wall clock: where clocks are changed, a day has not always 24 hours.
        begins, ends = day, day + ONE_DAY
        moments = (begins - ROUND_A_POSTING, begins, ends, ends + ROUND_A_POSTING)
        yield timezone, *(one.astimezone(UTC).strftime(WRITTEN) for one in moments)
        day = ends


def _milliseconds(length: timedelta) -> int:
    return int(length.total_seconds() * 1000)


def _word(reason: SetAside) -> ColumnElement[str]:
    # As a literal: PostgreSQL would not see that two expressions with parameters are the same.
    return literal_column(f"'{reason.value}'", String)
