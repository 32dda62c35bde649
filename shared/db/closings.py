"""Closed months as rows: what a group was scored with, and the revisions of its officers' scores."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlmodel import Session, col

from shared.db.closing_tables import GroupClosingRow, GroupParametersRow, ScoreRevisionRow
from shared.db.import_tables import ImportBatchRow
from shared.db.people_tables import OfficeRow, OfficerRow
from shared.db.revisions import (
    Published,
    Revision,
    channels_from,
    levels_from,
    levels_written,
    parameters_from,
    parameters_written,
    revision_from,
    row_of,
    set_aside_from,
)
from shared.db.scores import tally_from
from shared.db.tables import MonthlyScoreRow
from shared.db.upsert import add_figures
from shared.domain.imports import ImportKind
from shared.domain.m1 import METHOD, OfficerMonth
from shared.domain.months import Month
from shared.domain.people import Group, OfficeKind
from shared.domain.results import Spread
from shared.domain.scoring import RevisionReason, Tally
from shared.domain.screening import SetAside

GroupMonth = tuple[Group, Month]


@dataclass(frozen=True, slots=True)
class Aside:
    """How many ratings of an officer's month are set aside, by reason, and what was answered in them."""

    counts: dict[SetAside, int] = field(default_factory=dict)
    answers: Tally | None = Tally()


@dataclass(frozen=True, slots=True)
class Closing:
    """When a group's month was closed, and when it was looked at again."""

    closed_at: datetime
    restated_at: datetime | None


def group_months(session: Session) -> list[GroupMonth]:
    """Return every month in which somebody of a group was rated, or that is closed, earliest first."""
    office = OfficeRow
    query = (
        select(col(office.region_code), col(office.kind), col(MonthlyScoreRow.month))
        .join(office, col(MonthlyScoreRow.office_code) == col(office.code))
        .distinct()
    )
    rated = {(Group(region, OfficeKind(kind)), Month.parse(month)) for region, kind, month in session.execute(query)}
    return sorted(rated | closings(session).keys(), key=_earliest_first)


def closings(session: Session) -> dict[GroupMonth, Closing]:
    """Return every closed month of every group."""
    return {
        (Group(row.region_code, OfficeKind(row.kind)), Month.parse(row.month)): Closing(
            row.closed_at, row.restated_at
        )
        for row in session.scalars(select(GroupClosingRow))
    }


def groups_importing(session: Session, since: datetime) -> set[Group]:
    """Return the groups for whose offices an import of ratings has moved since then."""
    batch, office = ImportBatchRow, OfficeRow
    query = (
        select(col(office.region_code), col(office.kind))
        .join(batch, col(batch.office_code) == col(office.code))
        .where(col(batch.kind) == ImportKind.RATINGS.value, col(batch.moved_at) > since)
        .distinct()
    )
    return {Group(region, OfficeKind(kind)) for region, kind in session.execute(query)}


def rows_of(session: Session, group: Group, first: Month, last: Month) -> list[OfficerMonth]:
    """Return the months from `first` to `last` of the officers of a group, as they were counted."""
    score = MonthlyScoreRow
    query = select(col(score.officer_code), col(score.month), col(score.channels)).where(
        col(score.month).between(str(first), str(last)), col(score.office_code).in_(_offices(group))
    )
    found = session.connection().execute(query).all()  # past the mapper, which takes as long again
    return [OfficerMonth(officer, month, channels_from(written)) for officer, month, written in found]


def set_aside_in(session: Session, group: Group, month: Month, emptied: Collection[str]) -> dict[str, Aside]:
    """Return what is set aside of the officers of a group's month, and of those emptied."""
    score = MonthlyScoreRow
    theirs = or_(col(score.office_code).in_(_offices(group)), col(score.officer_code).in_(emptied))
    query = select(col(score.officer_code), col(score.set_aside), col(score.left_out)).where(
        col(score.month) == str(month), theirs, col(score.set_aside).is_not(None)
    )
    return {
        officer: Aside(set_aside_from(counts), tally_from(answers))
        for officer, counts, answers in session.execute(query)
    }


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
    return None if row is None else (Month.parse(row.month), _published(row))


def published_for(session: Session, revision: Revision) -> Published:
    """Return what a revision was scored with, and how the indices of its group lie."""
    group, month = revision.group, str(revision.month)
    key = (group.region, group.kind.value, month, revision.parameters_revision)
    return _published(session.get_one(GroupParametersRow, key))


def _published(row: GroupParametersRow) -> Published:
    spread = None if row.spread is None else Spread(**row.spread)
    return Published(row.revision, parameters_from(row.parameters), spread, levels_from(row.parameters))


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
            parameters=parameters_written(published.parameters) | levels_written(published.levels),
            spread=asdict(published.spread) if published.spread else None,
            made_at=made_at,
        )
    )
    session.flush()


def keep_revisions(session: Session, revisions: Sequence[Revision]) -> None:
    """Store revisions; none is ever changed again."""
    add_figures(session, ScoreRevisionRow, [row_of(revision) for revision in revisions])


def latest_revisions(session: Session, group: Group, month: Month) -> dict[str, Revision]:
    """Return the latest revision of every officer who was rated in a group's month, in whatever group it was made."""
    row = ScoreRevisionRow
    rated = select(col(MonthlyScoreRow.officer_code)).where(
        col(MonthlyScoreRow.month) == str(month), col(MonthlyScoreRow.office_code).in_(_offices(group))
    )
    of_month = col(row.month) == str(month), col(row.officer_code).in_(rated)
    query = select(row).where(*of_month).order_by(col(row.revision))
    return {found.officer_code: revision_from(found) for found in session.scalars(query)}


def emptied_revisions(session: Session, group: Group, month: Month) -> dict[str, Revision]:
    """Return the latest revision of those officers of a group's month of whom no rating counts any more."""
    row, score = ScoreRevisionRow, MonthlyScoreRow
    emptied = select(col(score.officer_code)).where(col(score.month) == str(month), col(score.office_code).is_(None))
    of_month = col(row.month) == str(month), col(row.officer_code).in_(emptied)
    query = select(row).where(*of_month).order_by(col(row.revision))
    latest = {found.officer_code: revision_from(found) for found in session.scalars(query)}
    return {officer: revision for officer, revision in latest.items() if revision.group == group}


def closed_months(session: Session, officer: str) -> dict[Month, Revision]:
    """Return the latest revision of every closed month of an officer."""
    row = ScoreRevisionRow
    query = select(row).where(col(row.officer_code) == officer).order_by(col(row.month), col(row.revision))
    return {Month.parse(found.month): revision_from(found) for found in session.scalars(query)}


def closed_in(
    session: Session, offices: Collection[str], months: Collection[Month]
) -> dict[tuple[str, Month], Revision]:
    """Return the latest revisions of these months of the officers of these offices."""
    row = ScoreRevisionRow
    theirs = select(col(OfficerRow.code)).where(col(OfficerRow.office_code).in_(offices))
    of_months = col(row.month).in_([str(month) for month in months]), col(row.officer_code).in_(theirs)
    found = session.scalars(select(row).where(*of_months).order_by(col(row.revision)))
    return {(one.officer_code, Month.parse(one.month)): revision_from(one) for one in found}


def revisions_of(session: Session, officer: str, month: Month) -> list[Revision]:
    """Return every revision of an officer's month, the first one first."""
    row = ScoreRevisionRow
    of_month = col(row.officer_code) == officer, col(row.month) == str(month)
    query = select(row).where(*of_month).order_by(col(row.revision))
    return [revision_from(found) for found in session.scalars(query)]


def _offices(group: Group) -> Select[str]:
    return select(col(OfficeRow.code)).where(
        col(OfficeRow.region_code) == group.region, col(OfficeRow.kind) == group.kind.value
    )


def _earliest_first(group_month: GroupMonth) -> tuple[Month, str, str]:
    group, month = group_month
    return month, group.region, group.kind.value
