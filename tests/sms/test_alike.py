"""To their office, who wants no messages looks like anybody else, however often and whenever people are asked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from shared.db.engine import writing
from shared.db.invitations import Listed, listed
from shared.db.message_tables import MessageRow
from shared.domain.outreach import ConsentSource
from shared.domain.visits import Visit
from shared.invitations import Told, invite
from shared.services import Services
from sms.inviting import ask_people
from tests.cast import ASHA, BILAL, OFFICE
from tests.factories import NOON, SettableClock
from tests.messages import a_told_visit, let_refuse, rows
from tests.sms.stage import Phone

WILLING, UNWILLING = "+6281370007001", "+6281370007002"
TOLD = Told(ConsentSource.FRONT_DESK, "chitra")


def let_visit(services: Services, phone: str, officer: str) -> None:
    visit = Visit(**a_told_visit(phone=phone, officer=officer, served_at=NOON - timedelta(minutes=30)))
    with writing(services.engine) as session:
        invite(visit, services.directory.current().offices[OFFICE], TOLD, session, services)


def seen(session: Session, now: SettableClock) -> dict[str, list[tuple[object, ...]]]:
    """Return by phone how each of its invitations stands in the list of its office, without their ids."""
    session.rollback()
    session.expire_all()
    found, _ = listed(session, OFFICE, now.moment, None, 0, 50)
    return {
        shown: sorted((str(one.officers), *_told(one)) for one in found if one.phone == shown)
        for shown in {one.phone or "" for one in found}
    }


def _told(one: Listed) -> tuple[object, ...]:
    return one.standing.value, one.served_at, one.ask_at, one.expires_at


@pytest.mark.parametrize("refuses", ["before", "between"])
def test_two_visits_of_a_day_do_not_tell_who_wants_no_messages(
    services: Services, session: Session, clock: SettableClock, refuses: str
) -> None:
    """Whoever is asked already is asked about the second visit a day later; of who is not asked that is shown too."""
    if refuses == "before":
        let_refuse(services, UNWILLING)
    for phone in (WILLING, UNWILLING):
        for officer in (ASHA, BILAL):
            let_visit(services, phone, officer)
    if refuses == "between":
        Phone(services, number=UNWILLING).say("STOP")
    looks = []
    for hours in (0, 1, 1, 9, 13, 2, 24, 24, 72, 24, 24):
        clock.advance(hours=hours)
        looks.append(seen(session, clock))
        ask_people(services)
        looks.append(seen(session, clock))
    for look in looks:
        assert look["+62813•••001"] == look["+62813•••002"]
    assert len([row for row in rows(session, MessageRow) if row.purpose == "invitation"]) == 2


def test_who_would_have_less_than_a_day_to_answer_is_not_asked(
    services: Services, session: Session, clock: SettableClock
) -> None:
    """Nothing moves the end of an invitation, for that would show."""
    a_day = replace(services, settings=services.settings.model_copy(update={"invitation_days": 1}))
    for officer in (ASHA, BILAL):
        let_visit(a_day, WILLING, officer)
    clock.advance(hours=1)
    assert ask_people(a_day) == {"asked": 1, "withdrawn": 1}
    ((*_, first), (*_, second)) = seen(session, clock)["+62813•••001"]
    assert first == second == NOON + timedelta(days=1, minutes=30)
