"""Leading a campaign: the guardians of an office are asked once in a month, or a semester, about the teachers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlmodel import Session

from shared.db import campaigns as stored
from shared.db.audit import note
from shared.db.campaigns import Campaign
from shared.db.guardians import count_after
from shared.domain.campaigns import (
    CampaignProblem,
    CampaignRefused,
    CampaignState,
    holds,
    overlap,
    period_code,
)
from shared.domain.months import Month
from shared.domain.periods import SEMESTER, Period
from shared.services import Services

NAMESPACE = UUID("5f0c1f0a-53d1-4c9e-9a4e-0a8f5f1f2a77")


def start(office: str, period: Period, by: str, session: Session, services: Services) -> Campaign:
    """Start asking the guardians of an office; from then on the workers take it further.

    Only in the period itself, since that is where their answers count, and nobody in two campaigns of one month: they
    agreed to be asked once. Raises CampaignRefused.
    """
    place, now = services.directory.current().offices.get(office), services.clock()
    if place is None:
        raise CampaignRefused(CampaignProblem.UNKNOWN_OFFICE, office=office)
    if not holds(period, now.astimezone(place.timezone).date()):
        raise CampaignRefused(CampaignProblem.NOT_NOW)
    stored.hold_office(session, office)
    total = count_after(session, office, None)
    if not total:
        raise CampaignRefused(CampaignProblem.NO_GUARDIANS, office=place.name)
    code = period_code(period)
    number = uuid5(NAMESPACE, f"{office} {code}")
    new = Campaign(number, office, period, CampaignState.RUNNING, by, now, 0, total)
    earlier, month = stored.campaigns_of(session, office), Month.of(now, place.timezone)
    if _is_taken(period, earlier, month, place.timezone) or not stored.add_campaign(session, new, code):
        raise CampaignRefused(CampaignProblem.ASKED_ALREADY, office=place.name)
    note(session, "campaign_started", "campaign", f"{office} {code}")
    return new


def periods_left(now: datetime, zone: ZoneInfo, campaigns: Sequence[Campaign]) -> list[Period]:
    """Return the month and the semester of a moment in this zone, but for those these campaigns leave no room for."""
    month = Month.of(now, zone)
    periods = (Period(month, month), Period.around(month, SEMESTER))
    return [period for period in periods if not _is_taken(period, campaigns, month, zone)]


def pause(campaign: UUID, session: Session, office: str | None = None) -> Campaign:
    """Let nobody more be asked until it goes on; what is written already is sent. Raises CampaignRefused."""
    found = _in_hand(session, campaign, office)
    if found.state.is_over:
        raise CampaignRefused(CampaignProblem.OVER)
    return _set(session, found, CampaignState.PAUSED, "campaign_paused")


def resume(campaign: UUID, session: Session, office: str | None = None) -> Campaign:
    """Let a campaign go on where it was paused. Raises CampaignRefused."""
    found = _in_hand(session, campaign, office)
    if found.state.is_over:
        raise CampaignRefused(CampaignProblem.OVER)
    return _set(session, found, CampaignState.RUNNING, "campaign_resumed")


def cancel(campaign: UUID, by: str, session: Session, office: str | None = None) -> Campaign:
    """End a campaign for good, also one that is done: nobody more is asked, and every link is dead.

    Answers that were given count. Raises CampaignRefused.
    """
    found = _in_hand(session, campaign, office)
    if found.state is CampaignState.CANCELLED:
        raise CampaignRefused(CampaignProblem.OVER)
    stored.withdraw_all(session, campaign, by)
    return _set(session, found, CampaignState.CANCELLED, "campaign_cancelled")


def _is_taken(period: Period, campaigns: Sequence[Campaign], month: Month, zone: ZoneInfo) -> bool:
    def takes(one: Campaign) -> bool:
        if one.state is not CampaignState.CANCELLED:
            return overlap(one.period, period)
        # Whom it has asked before it was cancelled is not asked again in the same month.
        return one.period == period or (one.done > 0 and Month.of(one.started_at, zone) == month)

    return any(takes(one) for one in campaigns)


def _in_hand(session: Session, campaign: UUID, office: str | None) -> Campaign:
    found = stored.campaign_in_hand(session, campaign)
    if found is None or office not in {None, found.office}:
        raise CampaignRefused(CampaignProblem.UNKNOWN)
    return found


def _set(session: Session, campaign: Campaign, state: CampaignState, verb: str) -> Campaign:
    if campaign.state is not state:
        stored.set_state(session, campaign.id, state)
        note(session, verb, "campaign", f"{campaign.office} {period_code(campaign.period)}")
    return campaign
