"""Months are closed: the scores of a group become revisions that are never changed, and are looked at once more.

A group's month is closed by one transaction. Closing again, at the same time or after a kill, adds nothing: a
revision is only made where there is none, or where the figures have changed. Of an officer with fewer than five late
ratings none is made: it would tell what those few answered. They count in what is reckoned over several months.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from shared import privacy
from shared.db import closings, scores
from shared.db import review_effects as reviews
from shared.db.audit import BY_ITSELF, Actor, act_as, note
from shared.db.closings import Aside
from shared.db.engine import reading, writing
from shared.db.revisions import Published, Revision, taken_in_at
from shared.domain.m1 import METHOD, Channels, OfficerMonth, Parameters, without
from shared.domain.months import Month
from shared.domain.people import Group
from shared.domain.results import NOTHING, WINDOWS, GroupMonths, Result, spread_of
from shared.domain.reviews import Ground
from shared.domain.scoring import RevisionReason, Tally
from shared.domain.screening import OF_IMPORTS, SetAside
from shared.services import Services

CLOSES_ON: Final = 6
RESTATED_ON: Final = 20
"""Days of the following month; what came in late, from a tablet long without network, is taken in on the second."""
NONE_ASIDE: Final = Aside()
IMPORTS_SETTLE_IN: Final = timedelta(days=1)
VERBS: Final = dict.fromkeys(RevisionReason, "restated") | {RevisionReason.CLOSING: "closed"}
"""How the trail calls it."""


class NeverRated(Exception):
    """No officer was rated in that month."""


@dataclass(frozen=True, slots=True)
class Step:
    """A group's month that is to be closed, or looked at again."""

    group: Group
    month: Month
    reason: RevisionReason


@dataclass(frozen=True, slots=True)
class Assessed:
    """What a month is scored with, which month that was estimated from, and the officers' results."""

    parameters: Parameters
    estimated_from: Month
    results: dict[str, Result]


def ended(month: Month, services: Services) -> bool:
    """Say whether a month is over in every office."""
    zones = {office.timezone for office in services.directory.current().offices.values()}
    return all(services.clock() >= month.bounds(zone)[1] for zone in zones)


def steps(services: Services) -> list[Step]:
    """Return what is to be closed or looked at again by now, earliest months first.

    Where ratings were imported within a day, a group waits: a history comes in over several files and people.
    """
    due = [step for step in _steps(services) if _is_due(step, services)]
    if not due:
        return []
    with reading(services.engine) as session:
        importing = closings.groups_importing(session, services.clock() - IMPORTS_SETTLE_IN)
    return [step for step in due if step.group not in importing]


def steps_of(month: Month, services: Services) -> list[Step]:
    """Return what closes a month now, whatever the day; looking at it again keeps its day.

    Raises NeverRated when no officer was rated in it.
    """
    of_month = [step for step in _steps(services) if step.month == month]
    with reading(services.engine) as session:
        if not of_month and all(other != month for _, other in closings.closings(session)):
            raise NeverRated
    return [step for step in of_month if step.reason is RevisionReason.CLOSING or _is_due(step, services)]


def take(step: Step, services: Services, actor: Actor = BY_ITSELF) -> int:
    """Close a group's month or look at it again, in one transaction; return how many revisions were made.

    Of two that do the same at once, the second finds it done.
    """
    with _without_collector(), writing(services.engine) as session:
        scores.lock_refreshing(session)
        closing = closings.closings(session).get((step.group, step.month))
        if (closing is None) is not (step.reason is RevisionReason.CLOSING) or (closing and closing.restated_at):
            return 0
        now = services.clock()
        act_as(session, actor, now)
        if closing is None:
            closings.begin_closing(session, step.group, step.month, now)
        made = _revise(session, step, now, at_once=_is_demo(step.group, services))
        if closing is not None:
            closings.end_restating(session, step.group, step.month, now)
        subject = f"{step.group.region} {step.group.kind.value} {step.month}"
        note(session, VERBS[step.reason], "month", subject, after={"revisions": made})
    return made


def assessed(group: Group, month: Month, services: Services) -> Assessed:
    """Return a group's month as it would be scored now.

    An open month uses what the group's last closed month was scored with; before there is one, what its own ratings
    tell.
    """
    with reading(services.engine) as session:
        rows = _rows(session, group, month)
        suspected = _suspected(session, group, month)
        last = closings.published(session, group, month)
    months = GroupMonths(rows, str(month), last[1].parameters if last else None)
    return Assessed(months.parameters, last[0] if last else month, months.results(suspected))


def recomputed(group: Group, month: Month, services: Services) -> Assessed:
    """Return a group's closed month scored anew from every single rating, screened again."""
    with reading(services.engine) as session:
        known = _rows(session, group, month)
        counted = scores.tallies_of(session, [(row.officer, row.month) for row in known])
        suspected = _suspected(session, group, month)
    rows = [OfficerMonth(officer, written, found.channels) for (officer, written), found in counted.items()]
    months = GroupMonths(rows, str(month))
    return Assessed(months.parameters, month, months.results(suspected))


def settle(services: Services) -> int:
    """Give closed months whose reviews were raised or decided their next revision; return how many were made.

    What their group was scored with stays: what is decided about one officer moves nobody else. Nothing that arrived
    since is taken in.
    """
    with reading(services.engine) as session:
        waiting = reviews.unsettled(session)
    return sum(_settle(officer, Month.parse(month), services) for officer, month in waiting)


def revisions_of(officer: str, month: Month, services: Services) -> list[Revision]:
    """Return every revision of an officer's month, the first one first; none while it is open."""
    with reading(services.engine) as session:
        return closings.revisions_of(session, officer, month)


def published_for(revision: Revision, services: Services) -> Published:
    """Return what a revision was scored with, and how the indices of its group lie, as published."""
    with reading(services.engine) as session:
        return closings.published_for(session, revision)


def _settle(officer: str, month: Month, services: Services) -> bool:
    with writing(services.engine) as session:
        scores.lock_refreshing(session)
        now, revisions = services.clock(), closings.revisions_of(session, officer, month)
        latest, pair = revisions[-1], (officer, str(month))
        withdrawn = reviews.withdrawn_unsettled(session, officer, month, taken_in_at(revisions))
        rows = [row for row in _rows(session, latest.group, month) if (row.officer, row.month) != pair]
        rows.append(OfficerMonth(*pair, without(latest.result.channels, withdrawn)))
        parameters = closings.published_for(session, latest).parameters
        months = GroupMonths(rows, str(month), parameters)
        result = months.results(_suspected(session, latest.group, month)).get(officer, NOTHING)
        ground = reviews.latest_unsettled(session, officer, month)
        reviews.settle(session, [officer], month, now)
        if result == latest.result or ground is None:
            return False
        reason = RevisionReason.OBJECTION if ground is Ground.OBJECTION else RevisionReason.REVIEW
        closings.keep_revisions(session, [_following(latest, result, withdrawn, reason, now)])
        act_as(session, BY_ITSELF, now)
        note(session, VERBS[reason], "month", f"{officer} {month}", after={"revisions": 1})
    return True


def _following(
    latest: Revision, result: Result, withdrawn: Channels, reason: RevisionReason, now: datetime
) -> Revision:
    """Return the revision that a decision makes: the one before, without what is withdrawn and with nothing more."""
    answers = Tally.all_of(withdrawn.values())
    aside = dict(latest.set_aside)
    if answers.count:
        aside[SetAside.WITHDRAWN] = aside.get(SetAside.WITHDRAWN, 0) + answers.count
    return replace(
        latest, revision=latest.revision + 1, result=result, reason=reason, made_at=now, set_aside=aside,
        left_out=None if latest.left_out is None else latest.left_out + answers,
    )  # fmt: skip


@contextmanager
def _without_collector() -> Iterator[None]:
    # A group's tallies refer to nothing; looking for cycles among so many takes a third of the closing's time.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _suspected(session: Session, group: Group, month: Month) -> set[tuple[str, str]]:
    return reviews.suspected(session, group, month.plus(1 - max(WINDOWS)), month)


def _steps(services: Services) -> Iterator[Step]:
    with reading(services.engine) as session:
        months, closed = closings.group_months(session), closings.closings(session)
    for group, month in months:
        closing = closed.get((group, month))
        if closing is None:
            yield Step(group, month, RevisionReason.CLOSING)
        elif closing.restated_at is None:
            yield Step(group, month, RevisionReason.LATE_ARRIVALS)


def _differs(before: Revision, result: Result, aside: Aside, at_once: bool) -> bool:
    withdrawn = sum(aside.counts.get(reason, 0) - before.set_aside.get(reason, 0) for reason in OF_IMPORTS)
    return before.result != result and (at_once or privacy.may_follow(before.tally, result.tally, withdrawn))


def _is_demo(group: Group, services: Services) -> bool:
    offices = services.directory.current().offices.values()
    return any(office.demo for office in offices if office.group == group)


def _is_due(step: Step, services: Services) -> bool:
    following, now = step.month.plus(1), services.clock()
    day = CLOSES_ON if step.reason is RevisionReason.CLOSING else RESTATED_ON
    offices = [office for office in services.directory.current().offices.values() if office.group == step.group]
    # An office may be newer than this process's directory: then nothing is due yet.
    return bool(offices) and all(
        now >= datetime(following.year, following.number, day, tzinfo=office.timezone) for office in offices
    )


def _rows(session: Session, group: Group, month: Month) -> list[OfficerMonth]:
    return closings.rows_of(session, group, month.plus(1 - max(WINDOWS)), month)


def _revise(session: Session, step: Step, now: datetime, *, at_once: bool) -> int:
    months = GroupMonths(_rows(session, step.group, step.month), str(step.month))
    emptied = closings.emptied_revisions(session, step.group, step.month)
    results = months.results(_suspected(session, step.group, step.month))
    results |= dict.fromkeys(emptied, NOTHING)
    before = closings.latest_revisions(session, step.group, step.month) | emptied
    aside = closings.set_aside_in(session, step.group, step.month, emptied)
    changed = {
        officer: result
        for officer, result in sorted(results.items())
        if officer not in before or _differs(before[officer], result, aside.get(officer, NONE_ASIDE), at_once)
    }
    # Of whom no revision is made though it would differ, what was decided waits for the next settling.
    alike = {officer for officer, result in results.items() if officer in before and before[officer].result == result}
    reviews.settle(session, changed.keys() | alike, step.month, now)
    if not changed:
        return 0
    last = closings.published(session, step.group, step.month)
    number = last[1].revision + 1 if last and last[0] == step.month else 1
    published = Published(number, months.parameters, spread_of(results.values()), months.levels())
    closings.publish(session, step.group, step.month, published, step.reason, now)
    closings.keep_revisions(
        session,
        [
            Revision(
                officer,
                step.month,
                before[officer].revision + 1 if officer in before else 1,
                step.group,
                number,
                result,
                aside.get(officer, NONE_ASIDE).counts,
                aside.get(officer, NONE_ASIDE).answers,
                METHOD,
                step.reason,
                now,
            )
            for officer, result in changed.items()
        ],
    )
    return len(changed)
