"""The first page of administration: a guide until a first rating came in, from then on how things stand."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from babel.dates import format_timedelta
from flask import g, render_template
from flask.typing import ResponseReturnValue

from kiosk.admin.acts import Told, told
from kiosk.admin.guide import GuideStep, Progress, guide_of
from kiosk.context import services
from kiosk.localisation import CAPITAL_ZONE, current_language
from kiosk.portals import Audience, Portal, current_offices
from shared.db.engine import reading
from shared.db.set_up import begun, ratings_given
from shared.db.trail import Wanted, acts
from shared.domain.months import Month
from shared.domain.zones import zone
from shared.services import Services
from shared.state import State, state_of

admin = Portal("admin", __name__, audience=Audience.ADMINISTRATION, url_prefix="/admin")

ACTS_SHOWN: Final = 8
ACTS_OF: Final = timedelta(days=7)
WAITS_TOO_LONG: Final = timedelta(minutes=1)
"""A rating is recorded within seconds; one that waits this long says that nobody records."""
SWEPT_TOO_LONG_AGO: Final = timedelta(minutes=5)
"""The clock sweeps every few seconds; this long without says that the clock or the worker stands still."""


@dataclass(frozen=True, slots=True)
class Overview:
    """How things stand: what there is, what came in today, how the system is, and who did what."""

    offices: int
    officers: int
    today: int
    state: State
    acts: list[Told]

    @property
    def stuck(self) -> bool:
        """Say whether ratings wait longer than they should."""
        queue = self.state.queue
        return queue is not None and queue.oldest is not None and queue.oldest > WAITS_TOO_LONG

    @property
    def unswept(self) -> bool:
        """Say whether nobody has looked after the scores for too long."""
        queue = self.state.queue
        return queue is not None and (queue.last_sweep is None or queue.last_sweep > SWEPT_TOO_LONG_AGO)


@admin.get("")
def overview() -> ResponseReturnValue:
    """Show the guide until a first rating came in, then how things stand with what is still missing."""
    with reading(services().engine) as session:
        found = begun(session)
    steps = guide_of(services().directory.current(), found)
    if not found.rating:
        return render_template("admin/overview.html", steps=steps, overview=None)
    known = _overview(services())
    return render_template("admin/overview.html", steps=_missing(steps), overview=known, lasting=_lasting)


def _lasting(time_span: timedelta) -> str:
    return str(format_timedelta(time_span, locale=current_language()))


def _missing(steps: list[GuideStep]) -> list[GuideStep]:
    return [step for step in steps if step.progress is not Progress.DONE and not step.step.optional]


def _overview(known: Services) -> Overview:
    directory, now, within = known.directory.current(), known.clock(), current_offices()
    local = now.astimezone(g.get("timezone") or zone(CAPITAL_ZONE))
    since = datetime.combine(local.date(), time(), local.tzinfo)
    zones = {directory.offices[code].timezone for code in within}
    months = {Month.of(moment, timezone) for moment in (since, now) for timezone in zones}
    offered = directory.offered(now)
    with reading(known.engine) as session:
        today = ratings_given(session, within, months, since)
        newest, _more = acts(session, Wanted(), limit=ACTS_SHOWN)
    return Overview(
        len(within),
        sum(len(offered.staff_of(code)) for code in within),
        today,
        state_of(known),
        [told(act) for act in newest if now - act.at < ACTS_OF],
    )
