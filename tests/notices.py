"""Closed months and officers with a phone of their own, for tests of what officers are told by message."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.closing_tables import GroupClosingRow, GroupParametersRow
from shared.db.closings import begin_closing, keep_revisions, publish
from shared.db.engine import writing
from shared.db.message_tables import MessageRow
from shared.db.notice_tables import NoticeRow
from shared.db.people_tables import OfficerRow
from shared.db.revisions import Published, Revision
from shared.domain.months import Month
from shared.domain.ratings import Channel
from shared.domain.results import NOTHING, GroupMonths
from shared.domain.scoring import RevisionReason, Tally
from shared.phones import Phones
from shared.services import Services
from tests.cast import ASHA
from tests.guardians import phone_number
from tests.messages import rows

OCTOBER: Final = Month(2026, 10)


def let_be_reached(services: Services, officer: str = ASHA, phone: str | None = None) -> str:
    """Let this be the officer's own phone, as administration registers it; return it."""
    phones, number = Phones.of(services.settings), phone or phone_number(0)
    with writing(services.engine) as session:
        row = session.get_one(OfficerRow, officer)
        row.own_phone_hash, row.own_phone_sealed = phones.hash(number), phones.seal(number)
    return number


def let_be_revised(
    services: Services,
    officers: Sequence[str] = (ASHA,),
    month: Month = OCTOBER,
    revision: int = 1,
    reason: RevisionReason = RevisionReason.CLOSING,
    ratings: int = 8,
) -> None:
    """Let a month of these officers have this revision now, from so many ratings."""
    known, now = services.directory.current(), services.clock()
    result = replace(NOTHING, channels={Channel.KIOSK: Tally(fours=ratings)})
    parameters = Published(1, GroupMonths([], str(month)).parameters)
    with writing(services.engine) as session:
        for group in {known.offices[known.officers[officer].office].group for officer in officers}:
            if session.get(GroupClosingRow, (group.region, group.kind.value, str(month))) is None:
                begin_closing(session, group, month, now)
            if session.get(GroupParametersRow, (group.region, group.kind.value, str(month), 1)) is None:
                publish(session, group, month, parameters, reason, now)
        keep_revisions(
            session,
            [
                Revision(
                    officer, month, revision, known.offices[known.officers[officer].office].group, 1, result, {},
                    Tally(), "m1", reason, now,
                )
                for officer in officers
            ],
        )  # fmt: skip


def let_serve(services: Services, count: int) -> list[str]:
    """Let so many more officers with a phone serve at Asha's office, and return their codes."""
    phones, codes = Phones.of(services.settings), [f"P{number:03}" for number in range(count)]
    office = services.directory.current().officers[ASHA].office
    with writing(services.engine) as session:
        for number, code in enumerate(codes):
            phone = phone_number(number)
            row = OfficerRow(code=code, name=code, office_code=office)
            row.own_phone_hash, row.own_phone_sealed = phones.hash(phone), phones.seal(phone)
            session.add(row)
    services.directory.look_again()
    return codes


def noticed(session: Session) -> list[tuple[str, str, int]]:
    """Return about what whom was written to; fails when a notice and its message are not one and one."""
    found = rows(session, NoticeRow)
    messages = set(session.scalars(select(col(MessageRow.id)).where(col(MessageRow.purpose) == "notice")))
    assert messages == {row.message_id for row in found}
    assert len(messages) == len(found)
    return sorted((row.officer_code, row.month, row.revision) for row in found)
