"""Moves of officers between offices: at once when their day has come, otherwise when it begins at the new office."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.audit import BY_ITSELF, act_as
from shared.db.directory_version import WritingSession
from shared.db.people_tables import MoveRow, OfficeRow, OfficerRow
from shared.domain.facts import MoveFacts
from shared.domain.zones import zone


@dataclass(frozen=True, slots=True)
class Move:
    """An officer's move from one office to another."""

    id: int
    left: str
    joined: str
    moves_on: date
    done: bool


class MoveTooEarly(Exception):
    """The officer's last move is on this day or a later one; moves follow each other."""

    def __init__(self, last: date) -> None:
        super().__init__(last)
        self.last = last


class NoMove(Exception):
    """The officer will be at this office already."""


class MoveStands(Exception):
    """This move has happened, or another one builds on it, so it cannot be cancelled."""


def moves_of(session: Session, officer: str) -> list[Move]:
    """Return the officer's moves, the latest first."""
    query = select(MoveRow).where(col(MoveRow.officer_code) == officer).order_by(col(MoveRow.moves_on).desc())
    return [
        Move(int(row.id or 0), row.from_office_code, row.to_office_code, row.moves_on, row.done)
        for row in session.scalars(query)
    ]


def plan_move(session: Session, officer: str, facts: MoveFacts, now: datetime) -> None:
    """Plan a move, and carry it out when its day has begun; the same move twice is one.

    Raises MoveTooEarly or NoMove when it does not follow from the moves before.
    """
    row = session.get_one(OfficerRow, officer, with_for_update=True)
    last = _last_move(session, officer)
    if last is not None and (last.moves_on, last.to_office_code) == (facts.moves_on, facts.to):
        return
    if last is not None and last.moves_on >= facts.moves_on:
        raise MoveTooEarly(last.moves_on)
    before = row.office_code if last is None or last.done else last.to_office_code
    if before == facts.to:
        raise NoMove
    move = MoveRow(
        officer_code=officer, from_office_code=before, to_office_code=facts.to, moves_on=facts.moves_on, done=False
    )
    _carry_out_if_due(session, move, row, now)
    session.add(move)
    session.flush()


def cancel_move(session: Session, officer: str, move_id: int) -> bool:
    """Cancel an officer's planned move; one that is gone is cancelled. False when it is another officer's.

    Raises MoveStands when it has happened, or when a later move begins where it ends.
    """
    session.get_one(OfficerRow, officer, with_for_update=True)
    move = session.get(MoveRow, move_id)
    if move is None:
        return True
    if move.officer_code != officer:
        return False
    if move.done or _last_move(session, officer) is not move:
        raise MoveStands
    session.delete(move)
    session.flush()
    return True


def carry_out_moves(session: WritingSession, now: datetime) -> int:
    """Carry out every planned move whose day has begun at the new office; return how many. Again changes nothing."""
    act_as(session, BY_ITSELF, now)
    # Nowhere is it later than a day ahead of UTC; the office's own zone decides below.
    query = (
        select(MoveRow)
        .where(col(MoveRow.done).is_(False), col(MoveRow.moves_on) <= now.date() + timedelta(days=1))
        .order_by(col(MoveRow.moves_on), col(MoveRow.officer_code))
    )
    due = 0
    for officer in dict.fromkeys(move.officer_code for move in session.scalars(query)):
        row = session.get_one(OfficerRow, officer, with_for_update=True)
        planned = query.where(col(MoveRow.officer_code) == officer).execution_options(populate_existing=True)
        for move in session.scalars(planned).all():
            due += _carry_out_if_due(session, move, row, now)
    return due


def _carry_out_if_due(session: Session, move: MoveRow, officer: OfficerRow, now: datetime) -> bool:
    office = session.get_one(OfficeRow, move.to_office_code)
    if now.astimezone(zone(office.timezone)).date() < move.moves_on:
        return False
    officer.office_code, move.done = move.to_office_code, True
    return True


def _last_move(session: Session, officer: str) -> MoveRow | None:
    query = select(MoveRow).where(col(MoveRow.officer_code) == officer)
    return session.scalars(query.order_by(col(MoveRow.moves_on).desc()).limit(1)).first()
