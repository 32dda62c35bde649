"""Campaigns: which there are, how far each has come, and the invitations it has written down."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlmodel import Session, col

from shared.db.campaign_tables import CampaignInvitationRow, CampaignRow, GuardianRow
from shared.db.message_tables import STILL_OPEN, InvitationRow, MessageRow
from shared.db.people_tables import OfficeRow
from shared.db.upsert import upserting
from shared.domain.campaigns import CampaignState, holds, period_of
from shared.domain.outreach import InvitationState, MessageState
from shared.domain.periods import Period


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as its office may see it: the turn of `done` guardians of `total` has come."""

    id: UUID
    office: str
    period: Period
    state: CampaignState
    started_by: str
    started_at: datetime
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Running:
    """A campaign that somebody has in hand; `reached` is the last guardian whose turn has come."""

    id: UUID
    office: str
    reached: bytes | None


def add_campaign(session: Session, new: Campaign, period: str) -> bool:
    """Add a campaign, and say whether there was none of this office and period yet."""
    insert = upserting(session, CampaignRow).values(
        id=new.id,
        office_code=new.office,
        period=period,
        state=new.state.value,
        started_by=new.started_by,
        started_at=new.started_at,
        done=new.done,
        total=new.total,
    )
    return session.scalar(insert.on_conflict_do_nothing().returning(CampaignRow.id)) is not None


def hold_office(session: Session, office: str) -> None:
    """Let nobody else start a campaign of this office until the session ends; whoever writes for it goes on."""
    session.get_one(OfficeRow, office, with_for_update={"key_share": True})


def campaigns_of(session: Session, office: str) -> list[Campaign]:
    """Return the campaigns of an office, newest first."""
    row = CampaignRow
    found = session.scalars(
        select(row).where(col(row.office_code) == office).order_by(col(row.started_at).desc(), col(row.period).desc())
    )
    return [_campaign(one) for one in found]


def campaign_in_hand(session: Session, campaign: UUID) -> Campaign | None:
    """Return a campaign, which nobody else leads on until the session ends; None when there is none."""
    row = session.get(CampaignRow, campaign, with_for_update=True, populate_existing=True)
    return None if row is None else _campaign(row)


def set_state(session: Session, campaign: UUID, state: CampaignState) -> None:
    """Let a campaign stand so from now on; of one that is over nobody's telephone is kept."""
    nobody = {"reached": None} if state.is_over else {}
    session.execute(update(CampaignRow).where(col(CampaignRow.id) == campaign).values(state=state.value, **nobody))


def end_past(session: Session, days: Mapping[str, date]) -> None:
    """End what is not over though its period is, by the day that it is in each office, however far it has come."""
    row = CampaignRow
    in_hand = col(row.state).in_([state.value for state in CampaignState if not state.is_over])
    query = select(row).where(in_hand, col(row.office_code).in_(days)).with_for_update(skip_locked=True)
    for one in session.scalars(query).all():
        if not holds(period_of(one.period), days[one.office_code]):
            set_state(session, one.id, CampaignState.DONE)


def step_back(session: Session, phone_hash: bytes) -> None:
    """Let the campaigns that have come to this guardian stand at the one before: nobody is asked twice by it."""
    row, guardian = CampaignRow, GuardianRow
    before = (col(guardian.office_code) == col(row.office_code), col(guardian.phone_hash) < phone_hash)
    last = select(col(guardian.phone_hash)).where(*before).order_by(col(guardian.phone_hash).desc()).limit(1)
    session.execute(update(row).where(col(row.reached) == phone_hash).values(reached=last.scalar_subquery()))


def withdraw_all(session: Session, campaign: UUID, by: str) -> None:
    """Withdraw every invitation of a campaign, sent or not, so that none of them tells what became of it.

    Their links are dead and what was not sent yet is not sent; those that were answered stay answered.
    """
    row, mine = InvitationRow, _written_by(campaign)
    theirs = col(row.id).in_(mine)
    session.execute(update(row).where(theirs, STILL_OPEN).values(state=InvitationState.WITHDRAWN.value))
    session.execute(update(row).where(theirs, col(row.withdrawn_by).is_(None)).values(withdrawn_by=by))
    waits = col(MessageRow.state) == MessageState.WAITING.value
    session.execute(
        update(MessageRow)
        .where(col(MessageRow.invitation_id).in_(mine), waits)
        .values(state=MessageState.WITHHELD.value)
    )


def next_running(session: Session, offices: Collection[str], most: int) -> Running | None:
    """Take the oldest campaign of these offices in hand of which fewer than `most` questions wait to be sent."""
    row = CampaignRow
    query = (
        select(row)
        .where(col(row.state) == CampaignState.RUNNING.value, col(row.office_code).in_(offices))
        .order_by(col(row.started_at), col(row.id))
        .with_for_update(skip_locked=True)
    )
    for one in session.scalars(query):
        if _unsent(session, one.id) < most:
            return Running(one.id, one.office_code, one.reached)
    return None


def note_written(session: Session, campaign: UUID, invitations: Iterable[UUID]) -> None:
    """Note which invitations a campaign has written down."""
    rows = [{"invitation_id": one, "campaign_id": campaign} for one in invitations]
    if rows:
        session.execute(upserting(session, CampaignInvitationRow).on_conflict_do_nothing(), rows)


def note_progress(session: Session, campaign: UUID, taken: Sequence[bytes], left: int) -> None:
    """Note that the turn of these guardians has come, and how many are left; the campaign is done when none is."""
    row = CampaignRow
    done = col(row.done) + len(taken)
    further = {"done": done, "total": done + left, "reached": taken[-1]} if taken else {"total": col(row.done) + left}
    over = {} if left else {"state": CampaignState.DONE.value, "reached": None}
    session.execute(update(row).where(col(row.id) == campaign).values({**further, **over}))


def _unsent(session: Session, campaign: UUID) -> int:
    row, message, mine = InvitationRow, MessageRow, _written_by(campaign)
    waiting = (col(row.id).in_(mine), col(row.state) == InvitationState.WAITING.value)
    sending = (col(message.invitation_id).in_(mine), col(message.state) == MessageState.WAITING.value)
    questions = session.scalar(select(func.count()).select_from(row).where(*waiting)) or 0
    return questions + (session.scalar(select(func.count()).select_from(message).where(*sending)) or 0)


def _written_by(campaign: UUID) -> Select[UUID]:
    row = CampaignInvitationRow
    return select(col(row.invitation_id)).where(col(row.campaign_id) == campaign)


def _campaign(row: CampaignRow) -> Campaign:
    return Campaign(
        row.id,
        row.office_code,
        period_of(row.period),
        CampaignState(row.state),
        row.started_by,
        row.started_at,
        row.done,
        row.total,
    )
