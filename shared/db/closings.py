"""Closed months as rows: what a group was scored with, and the revisions of its officers' scores."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlmodel import Session, col

from shared.db.closing_tables import GroupClosingRow, GroupParametersRow, ScoreRevisionRow
from shared.db.people_tables import OfficeRow, OfficerRow
from shared.db.scores import counts_of
from shared.db.tables import MonthlyScoreRow
from shared.db.upsert import add_rows
from shared.domain.m1 import METHOD, Level, OfficerMonth, Offset, Parameters, Score, Status
from shared.domain.months import Month
from shared.domain.people import Group, OfficeKind
from shared.domain.ratings import Channel
from shared.domain.results import Result, Window
from shared.domain.scoring import RevisionReason, Tally
from shared.domain.screening import SetAside

GroupMonth = tuple[Group, Month]


@dataclass(frozen=True, slots=True)
class Closing:
    """When a group's month was closed, and when it was looked at again."""

    closed_at: datetime
    restated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Published:
    """What a group's month was scored with, and the number under which it was published."""

    revision: int
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of an officer's closed month: the result, what does not count, and when and why it was made."""

    officer: str
    month: Month
    revision: int
    group: Group
    parameters_revision: int
    result: Result
    set_aside: dict[SetAside, int]
    method: str
    reason: RevisionReason
    made_at: datetime

    @property
    def tally(self) -> Tally:
        """Return the answers over all channels."""
        return self.result.tally


def group_months(session: Session) -> list[GroupMonth]:
    """Return every month in which somebody of a group was rated, earliest first."""
    office = OfficeRow
    query = (
        select(col(office.region_code), col(office.kind), col(MonthlyScoreRow.month))
        .join(office, col(MonthlyScoreRow.office_code) == col(office.code))
        .distinct()
        .order_by(col(MonthlyScoreRow.month), col(office.region_code), col(office.kind))
    )
    return [(Group(region, OfficeKind(kind)), Month.parse(month)) for region, kind, month in session.execute(query)]


def closings(session: Session) -> dict[GroupMonth, Closing]:
    """Return every closed month of every group."""
    return {
        (Group(row.region_code, OfficeKind(row.kind)), Month.parse(row.month)): Closing(
            row.closed_at, row.restated_at
        )
        for row in session.scalars(select(GroupClosingRow))
    }


def rows_of(session: Session, group: Group, first: Month, last: Month) -> list[OfficerMonth]:
    """Return the months from `first` to `last` of the officers of a group, as they were counted."""
    score = MonthlyScoreRow
    query = select(col(score.officer_code), col(score.month), col(score.channels)).where(
        col(score.month).between(str(first), str(last)), col(score.office_code).in_(_offices(group))
    )
    return [OfficerMonth(officer, month, _channels(written)) for officer, month, written in session.execute(query)]


def set_aside_in(session: Session, group: Group, month: Month) -> dict[str, dict[SetAside, int]]:
    """Return how many ratings of the officers of a group's month are set aside, by reason."""
    score = MonthlyScoreRow
    query = select(col(score.officer_code), col(score.set_aside)).where(
        col(score.month) == str(month), col(score.office_code).in_(_offices(group)), col(score.set_aside).is_not(None)
    )
    return {officer: _set_aside(written) for officer, written in session.execute(query)}


def published(session: Session, group: Group, up_to: Month) -> tuple[Month, Published] | None:
    """Return what the last closed month of a group up to this one was scored with, or None before any was."""
    row = session.scalars(
        select(GroupParametersRow)
        .where(
            col(GroupParametersRow.region_code) == group.region,
            col(GroupParametersRow.kind) == group.kind.value,
            col(GroupParametersRow.month) <= str(up_to),
        )
        .order_by(col(GroupParametersRow.month).desc(), col(GroupParametersRow.revision).desc())
        .limit(1)
    ).first()
    return None if row is None else (Month.parse(row.month), Published(row.revision, _parameters(row.parameters)))


def parameters_of(session: Session, revision: Revision) -> Parameters:
    """Return what a revision was scored with."""
    group, month = revision.group, str(revision.month)
    key = (group.region, group.kind.value, month, revision.parameters_revision)
    return _parameters(session.get_one(GroupParametersRow, key).parameters)


def begin_closing(session: Session, group: Group, month: Month, closed_at: datetime) -> None:
    """Note that a group's month is closed."""
    session.add(
        GroupClosingRow(
            region_code=group.region, kind=group.kind.value, month=str(month), closed_at=closed_at, restated_at=None
        )
    )
    session.flush()


def end_restating(session: Session, group: Group, month: Month, restated_at: datetime) -> None:
    """Note that a group's month was looked at again: what is accepted later is late."""
    row = session.get_one(GroupClosingRow, (group.region, group.kind.value, str(month)))
    row.restated_at = restated_at
    session.add(row)


def publish(
    session: Session, group: Group, month: Month, published: Published, reason: RevisionReason, made_at: datetime
) -> None:
    """Store what a group's month is scored with; it is never changed again."""
    session.add(
        GroupParametersRow(
            region_code=group.region,
            kind=group.kind.value,
            month=str(month),
            revision=published.revision,
            reason=reason.value,
            method=METHOD,
            parameters=_written_parameters(published.parameters),
            made_at=made_at,
        )
    )
    session.flush()


def keep_revisions(session: Session, revisions: Sequence[Revision]) -> None:
    """Store revisions; none is ever changed again."""
    add_rows(session, ScoreRevisionRow, [_row(revision) for revision in revisions])


def latest_revisions(session: Session, group: Group, month: Month) -> dict[str, Revision]:
    """Return the latest revision of every officer who was rated in a group's month, in whatever group it was made."""
    row = ScoreRevisionRow
    rated = select(col(MonthlyScoreRow.officer_code)).where(
        col(MonthlyScoreRow.month) == str(month), col(MonthlyScoreRow.office_code).in_(_offices(group))
    )
    of_month = col(row.month) == str(month), col(row.officer_code).in_(rated)
    query = select(row).where(*of_month).order_by(col(row.revision))
    return {found.officer_code: _revision(found) for found in session.scalars(query)}


def closed_months(session: Session, officer: str) -> dict[Month, Revision]:
    """Return the latest revision of every closed month of an officer."""
    row = ScoreRevisionRow
    query = select(row).where(col(row.officer_code) == officer).order_by(col(row.month), col(row.revision))
    return {Month.parse(found.month): _revision(found) for found in session.scalars(query)}


def closed_in(
    session: Session, offices: Collection[str], months: Collection[Month]
) -> dict[tuple[str, Month], Revision]:
    """Return the latest revisions of these months of the officers of these offices."""
    row = ScoreRevisionRow
    theirs = select(col(OfficerRow.code)).where(col(OfficerRow.office_code).in_(offices))
    of_months = col(row.month).in_([str(month) for month in months]), col(row.officer_code).in_(theirs)
    found = session.scalars(select(row).where(*of_months).order_by(col(row.revision)))
    return {(one.officer_code, Month.parse(one.month)): _revision(one) for one in found}


def revisions_of(session: Session, officer: str, month: Month) -> list[Revision]:
    """Return every revision of an officer's month, the first one first."""
    row = ScoreRevisionRow
    of_month = col(row.officer_code) == officer, col(row.month) == str(month)
    query = select(row).where(*of_month).order_by(col(row.revision))
    return [_revision(found) for found in session.scalars(query)]


def _offices(group: Group) -> Select[str]:
    return select(col(OfficeRow.code)).where(
        col(OfficeRow.region_code) == group.region, col(OfficeRow.kind) == group.kind.value
    )


def _group_month(row: GroupClosingRow) -> GroupMonth:
    return Group(row.region_code, OfficeKind(row.kind)), Month.parse(row.month)


def _row(revision: Revision) -> dict[str, Any]:
    score, window = revision.result.score, revision.result.window
    return {
        "officer_code": revision.officer,
        "month": str(revision.month),
        "revision": revision.revision,
        "region_code": revision.group.region,
        "kind": revision.group.kind.value,
        "parameters_revision": revision.parameters_revision,
        **counts_of(revision.tally),
        "channels": {channel.value: list(part.counts) for channel, part in sorted(revision.result.channels.items())},
        "set_aside": {reason.value: count for reason, count in sorted(revision.set_aside.items())} or None,
        "mean": score.mean,
        **_figures(score),
        "adjusted_index": score.index,
        "status": score.status.value,
        "needed": score.needed,
        "method": revision.method,
        "window_score": None if window is None else _written_window(window),
        "reason": revision.reason.value,
        "made_at": revision.made_at,
    }


def _figures(score: Score) -> dict[str, Any]:
    return {"reliability": score.reliability, "low": score.low, "high": score.high}


def _written_window(window: Window) -> dict[str, Any]:
    score = window.score
    known = {"months": window.months, "count": window.count, "mean": score.mean, "index": score.index}
    return {**known, **_figures(score), "status": score.status.value}


def _window(written: dict[str, Any]) -> Window:
    score = Score(
        written["mean"], written["reliability"], written["index"], written["low"], written["high"],
        Status(written["status"]),
    )  # fmt: skip
    return Window(written["months"], written["count"], score)


def _revision(row: ScoreRevisionRow) -> Revision:
    score = Score(row.mean, row.reliability, row.adjusted_index, row.low, row.high, Status(row.status), row.needed)
    window = None if row.window_score is None else _window(row.window_score)
    return Revision(
        row.officer_code,
        Month.parse(row.month),
        row.revision,
        Group(row.region_code, OfficeKind(row.kind)),
        row.parameters_revision,
        Result(_channels(row.channels), score, window),
        _set_aside(row.set_aside or {}),
        row.method,
        RevisionReason(row.reason),
        row.made_at,
    )


def _channels(written: Mapping[str, list[int]]) -> dict[Channel, Tally]:
    return {Channel(channel): Tally(*counts) for channel, counts in written.items()}


def _set_aside(written: Mapping[str, int]) -> dict[SetAside, int]:
    return {SetAside(reason): count for reason, count in written.items()}


def _written_parameters(parameters: Parameters) -> dict[str, Any]:
    level = parameters.level
    return {
        "offsets": {channel.value: [offset.delta, offset.error] for channel, offset in parameters.offsets.items()},
        "sigma2": parameters.sigma2,
        "freedom": parameters.freedom,
        "tau2": parameters.tau2,
        "level": level and {"mean": level.mean, "officers": level.officers, "weight": level.weight},
    }


def _parameters(written: dict[str, Any]) -> Parameters:
    level = written["level"]
    return Parameters(
        {Channel(channel): Offset(*offset) for channel, offset in written["offsets"].items()},
        written["sigma2"],
        written["freedom"],
        written["tau2"],
        level and Level(level["mean"], level["officers"], level["weight"]),
    )
