"""Asking the guardians of a school: start it for this month or semester, see how far it is, pause it, end it."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.acting import acting, current_actor
from kiosk.admin.sections import own_frame
from kiosk.context import services
from kiosk.localisation import _
from kiosk.portals import Audience, Portal, office_in_sight
from kiosk.visits.wording import campaign_period
from shared import campaigns as led
from shared.campaign_wording import PROBLEMS, STATES
from shared.consent_wording import GUARDIANS_CONSENT
from shared.db.campaigns import Campaign, campaigns_of
from shared.db.engine import reading
from shared.db.guardians import count_after
from shared.domain.campaigns import CampaignProblem, CampaignRefused, CampaignState, period_code, period_of
from shared.domain.people import Office
from shared.domain.ratings import Channel

ONE: Final = "/<uuid:campaign>"
campaigns = Portal("campaigns", __name__, audience=Audience.ROSTER, url_prefix="/visits/<office>/campaigns")
campaigns.context_processor(own_frame)
campaigns.context_processor(lambda: {"section": "visits"})


@campaigns.get("")
def show(office: str) -> ResponseReturnValue:
    """Show how many guardians an office has, its campaigns with their progress, and what can be started now."""
    return _page(office_in_sight(office))


@campaigns.post("")
def start(office: str) -> ResponseReturnValue:
    """Start asking about a month or a semester."""
    place = office_in_sight(office)
    try:
        period = period_of(request.form.get("period", ""))
    except ValueError:
        abort(400)
    try:
        with acting() as session:
            led.start(place.code, period, current_actor().name, session, services())
    except CampaignRefused as refusal:
        return _page(place, refusal), HTTPStatus.BAD_REQUEST
    return redirect(url_for("campaigns.show", office=place.code))


@campaigns.post(f"{ONE}/pause")
def pause(office: str, campaign: UUID) -> ResponseReturnValue:
    """Let nobody more be asked until it goes on."""
    place = office_in_sight(office)
    try:
        with acting() as session:
            led.pause(campaign, session, place.code)
    except CampaignRefused as refusal:
        return _refused(place, refusal)
    return redirect(url_for("campaigns.show", office=place.code))


@campaigns.post(f"{ONE}/resume")
def resume(office: str, campaign: UUID) -> ResponseReturnValue:
    """Let it go on where it was paused."""
    place = office_in_sight(office)
    try:
        with acting() as session:
            led.resume(campaign, session, place.code)
    except CampaignRefused as refusal:
        return _refused(place, refusal)
    return redirect(url_for("campaigns.show", office=place.code))


@campaigns.get(f"{ONE}/cancel")
def about_cancelling(office: str, campaign: UUID) -> ResponseReturnValue:
    """Say what becomes of the links before a campaign is ended for good."""
    place = office_in_sight(office)
    with reading(services().engine) as session:
        found = next((one for one in campaigns_of(session, place.code) if one.id == campaign), None)
    if found is None:
        abort(404)
    over = found.state is CampaignState.CANCELLED
    return render_template(
        "visits/campaign_cancel.html", office=place, campaign=found, over=over, name_of=campaign_period
    )


@campaigns.post(f"{ONE}/cancel")
def cancel(office: str, campaign: UUID) -> ResponseReturnValue:
    """End it for good."""
    place = office_in_sight(office)
    try:
        with acting() as session:
            led.cancel(campaign, current_actor().name, session, place.code)
    except CampaignRefused as refusal:
        return _refused(place, refusal)
    return redirect(url_for("campaigns.show", office=place.code))


def _refused(office: Office, refusal: CampaignRefused) -> ResponseReturnValue:
    if refusal.problem is CampaignProblem.UNKNOWN:
        abort(404)
    return _page(office, refusal), HTTPStatus.CONFLICT


def _page(office: Office, refusal: CampaignRefused | None = None) -> str:
    with reading(services().engine) as session:
        found, guardians = campaigns_of(session, office.code), count_after(session, office.code, None)
    return render_template(
        "visits/campaigns.html",
        office=office,
        campaigns=found,
        guardians=guardians,
        a_day=services().settings.segments_per_day,
        cost=guardians * services().settings.price(Channel.SMS, 1),
        now=_startable(office, found) if guardians else [],
        notice=_notice(refusal) if refusal else "",
        states=STATES,
        consent=_(GUARDIANS_CONSENT),
        name_of=campaign_period,
    )


def _notice(refusal: CampaignRefused) -> str:
    # What to do without guardians stands on the page, without a command.
    known = refusal.problem is CampaignProblem.NO_GUARDIANS
    return "" if known else _(PROBLEMS[refusal.problem], **refusal.facts)


def _startable(office: Office, found: list[Campaign]) -> list[tuple[str, str]]:
    left = led.periods_left(services().clock(), office.timezone, found)
    return [(period_code(period), campaign_period(period)) for period in left]
