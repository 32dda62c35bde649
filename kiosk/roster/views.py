"""The roster of an office, a week at a time."""

from datetime import timedelta
from typing import Any, Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from kiosk.acting import acting
from kiosk.admin.sections import own_frame
from kiosk.choosing import offices_to_choose
from kiosk.context import services
from kiosk.forms import CHANGED_MEANWHILE, Form, blank, read_form
from kiosk.portals import Audience, Portal, current_offices, office_in_sight
from kiosk.roster.week import calendar, day_of_month, hours, week_name, weekday, weekday_name
from kiosk.roster.wording import officer_label, skipped_line, worded
from shared.db import postings
from shared.db import rosters as stored
from shared.db.engine import reading
from shared.db.postings import Copied
from shared.db.records import ChangedMeanwhile
from shared.db.rosters import RosterPosting
from shared.domain.people import Office
from shared.domain.rosters import EndFacts, PostingFacts, PostingRefused, Week
from shared.domain.zones import zone_name
from shared.i18n import mark

WEEK: Final = "/<office>/<monday>"
ONE: Final = f"{WEEK}/<id:posting_id>"
FIELDS: Final = ("officer", "counter", "day", "begins", "until")
OUTSIDE: Final = mark("Choose a day of this week.")
LEAD: Final = mark(
    "A roster says who serves at which counter, and when. The kiosk at the counter then shows the right officer."
)
roster = Portal("roster", __name__, audience=Audience.ROSTER, url_prefix="/roster")
roster.context_processor(own_frame)


@roster.get("")
def index() -> ResponseReturnValue:
    """List the offices the account may see; lead straight to the week when it is one."""
    return offices_to_choose(mark("Rosters"), LEAD, "roster.current")


@roster.get("/<office>")
def current(office: str) -> ResponseReturnValue:
    """Lead to this week."""
    place = office_in_sight(office)
    return _to_week(place, _this_week(place))


@roster.get(WEEK)
def show(office: str, monday: str) -> ResponseReturnValue:
    """Show a week; any of its days leads to it."""
    place, week = office_in_sight(office), _week(monday)
    if str(week) != monday:
        return _to_week(place, week)
    typed = {name: request.args[name] for name in FIELDS if name in request.args}
    return _page(place, week, blank(**typed))


@roster.post(WEEK)
def add(office: str, monday: str) -> ResponseReturnValue:
    """Post an officer; the form then stands ready for the next day."""
    place, week = office_in_sight(office), _week(monday)
    form = read_form(PostingFacts)
    if form.value is not None and form.value.day not in week.days:
        form = form.refused("day", OUTSIDE)
    if form.value is not None:
        try:
            with acting() as session:
                postings.post(session, place, form.value)
            return _to_week(place, week, _next(form.value, week))
        except PostingRefused as refusal:
            form = form.refused(*worded(refusal, place.timezone))
    return _page(place, week, form), 400


@roster.post(f"{WEEK}/copy")
def copy(office: str, monday: str) -> ResponseReturnValue:
    """Copy the week before into this one, as far as it is not there yet, and say what could not be."""
    place, week = office_in_sight(office), _week(monday)
    with acting() as session:
        copied = postings.copy_week(session, place, week)
    return _page(place, week, blank(), copied)


@roster.get(ONE)
def posting(office: str, monday: str, posting_id: int) -> ResponseReturnValue:
    """Show one posting, with when it ends."""
    place, week = office_in_sight(office), _week(monday)
    known, seen = _known(place, posting_id)
    return _posting_page(place, week, known, _as_it_is(known, place), seen)


@roster.post(ONE)
def change(office: str, monday: str, posting_id: int) -> ResponseReturnValue:
    """Let a posting end at another time."""
    place, week = office_in_sight(office), _week(monday)
    known, seen = _known(place, posting_id)
    form, seen_before = read_form(EndFacts), request.form.get("_seen", "")
    if form.value is not None:
        try:
            with acting() as session:
                postings.change_end(session, place, posting_id, form.value, seen_before, services().clock())
            return _to_week(place, week)
        except stored.NotHere:
            abort(404)
        except ChangedMeanwhile:
            return _posting_page(place, week, known, form.with_notice(CHANGED_MEANWHILE), seen), 409
        except PostingRefused as refusal:
            form = form.refused("until", worded(refusal, place.timezone)[1])
    return _posting_page(place, week, known, form, seen_before), 400


@roster.post(f"{ONE}/remove")
def remove(office: str, monday: str, posting_id: int) -> ResponseReturnValue:
    """Take a posting away, or end it now; one that was taken away already stays so."""
    place, week = office_in_sight(office), _week(monday)
    try:
        with acting() as session:
            postings.take_away(session, place, posting_id, services().clock())
    except stored.NotHere:
        abort(404)
    except PostingRefused as refusal:
        known, seen = _known(place, posting_id)
        form = _as_it_is(known, place).with_notice(worded(refusal, place.timezone)[1])
        return _posting_page(place, week, known, form, seen), 409
    return _to_week(place, week)


def _week(day: str) -> Week:
    try:
        return Week.parse(day)
    except ValueError:
        abort(404)


def _this_week(office: Office) -> Week:
    return Week.at(services().clock(), office.timezone)


def _to_week(office: Office, week: Week, typed: dict[str, Any] | None = None) -> Response:
    return redirect(url_for("roster.show", **{"office": office.code, "monday": str(week), **(typed or {})}))


def _next(facts: PostingFacts, week: Week) -> dict[str, str]:
    following = min(facts.day + timedelta(days=1), week.days[-1])
    return {
        "officer": facts.officer,
        "counter": facts.counter,
        "day": following.isoformat(),
        "begins": f"{facts.begins:%H:%M}",
        "until": f"{facts.until:%H:%M}",
    }


def _known(office: Office, posting_id: int) -> tuple[RosterPosting, str]:
    try:
        with reading(services().engine) as session:
            return stored.posting_of(session, office.code, posting_id)
    except stored.NotHere:
        abort(404)


def _as_it_is(posting: RosterPosting, office: Office) -> Form[Any]:
    ends = posting.ends_at.astimezone(office.timezone)
    return blank(ends_on=ends.date().isoformat(), until=f"{ends:%H:%M}")


def _page(office: Office, week: Week, form: Form[Any], copied: Copied | None = None) -> str:
    with reading(services().engine) as session:
        counters = stored.counters_of(session, office.code)
        posted = stored.roster(session, office.code, *week.bounds(office.timezone))
        officers = [found for found in stored.serving(session, office.code) if found.any_of(week.days)]
    return render_template(
        "roster/week.html",
        office=office,
        others=len(current_offices()) > 1,
        week=week,
        week_name=week_name(week),
        this_week=_this_week(office),
        today=services().clock().astimezone(office.timezone).date(),
        weekday=weekday,
        weekday_name=weekday_name,
        day_of_month=day_of_month,
        zone=zone_name(office.timezone),
        closed_on=office.closed_on if office.closed_on and office.closed_on <= week.days[-1] else None,
        rows=calendar(posted, counters, week, office.timezone),
        counters=[(one.code, one.name) for one in counters if any(map(one.open_on, week.days))],
        officers=[(found.code, officer_label(found)) for found in officers],
        days=[(day.isoformat(), weekday(day)) for day in week.days],
        form=form,
        copied=copied,
        skipped=[skipped_line(skipped, office.timezone) for skipped in copied.skipped] if copied else [],
    )


def _posting_page(office: Office, week: Week, posting: RosterPosting, form: Form[Any], seen: str) -> str:
    now = services().clock()
    return render_template(
        "roster/posting.html",
        office=office,
        week=week,
        posting=posting,
        begins=weekday(posting.starts_at.astimezone(office.timezone).date()),
        hours=hours(posting, office.timezone),
        zone=zone_name(office.timezone),
        running=posting.starts_at <= now < posting.ends_at,
        over=posting.ends_at <= now,
        form=form,
        seen=seen,
    )
