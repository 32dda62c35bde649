"""Officers are told once by message that a month is closed or has changed, and only where it says something new."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import mode
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from shared.db.engine import writing
from shared.db.message_tables import MessageRow
from shared.db.notice_tables import NoticeRow
from shared.db.people_tables import OfficerRow, RegionRow
from shared.db.review_effects import tell_of
from shared.db.review_tables import ReviewRow
from shared.domain.months import Month
from shared.domain.scoring import RevisionReason
from shared.message_figures import month_of_messages
from shared.phones import Phones
from shared.reviews import objects_by
from shared.services import Services
from sms.notifying import MONTHS_BACK, tell_officers
from sms.sending import send_due
from tests.cast import ASHA, BILAL, DEV, OFFICE
from tests.decisions import grant_objection
from tests.factories import NOON, SettableClock
from tests.guardians import phone_number
from tests.messages import let_refuse, rows
from tests.notices import OCTOBER, let_be_reached, let_be_revised, let_serve, noticed
from tests.sent import sent
from tests.shared.reviewing import SIXTH, close, honest, rate_in_october, revisions
from tests.sms.outgoing import put_message
from tests.sms.stage import PHONE, Phone
from tests.sms.twilio_server import TwilioServer

ROOT = "https://loket.example.go.id"
MORNING = SIXTH + timedelta(hours=9)
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_an_officer_is_written_to_once_when_a_month_is_closed(
    sending: Services, twilio: TwilioServer, session: Session, clock: SettableClock
) -> None:
    rate_in_october(sending, clock)
    phone = let_be_reached(sending)
    assert tell_officers(sending) == {}, "nothing is closed"
    clock.moment = MORNING
    close(sending)
    assert tell_officers(sending) == {"told": 1}
    for _ in range(2):
        send_due(sending)
        assert tell_officers(sending) == {}
    (message,) = twilio.outbound
    assert message["to"] == phone
    assert message["body"] == (
        "Suara Loket: nilai Anda bulan Oktober 2026 sudah ditutup. Bila keliru, ajukan keberatan dalam 14 hari sejak"
        " membacanya: https://loket.example.go.id/me/2026-10"
    )
    assert noticed(session) == [(ASHA, "2026-10", 1)], "Bilal has no phone"


def test_a_month_that_has_changed_is_told_in_other_words(
    sending: Services, twilio: TwilioServer, session: Session, clock: SettableClock
) -> None:
    rate_in_october(sending, clock)
    let_be_reached(sending)
    clock.moment = MORNING
    close(sending)
    tell_officers(sending)
    send_due(sending)
    clock.advance(days=2)
    grant_objection(sending, ASHA, OCTOBER, mode(moment.date() for moment in honest(90, 1)))
    assert len(revisions(sending)) == 2
    assert tell_officers(sending) == {"told": 1}
    send_due(sending)
    assert "bulan Oktober 2026 diperbarui. " in twilio.outbound[1]["body"]
    assert noticed(session) == [(ASHA, "2026-10", 1), (ASHA, "2026-10", 2)]


def by_hash_alone(services: Services) -> None:
    with writing(services.engine) as session:
        session.get_one(OfficerRow, ASHA).own_phone_sealed = None


def leave(services: Services) -> None:
    with writing(services.engine) as session:
        session.get_one(OfficerRow, ASHA).left_on = NOON.date()


def read_it(services: Services) -> None:
    with writing(services.engine) as session:
        tell_of(session, ASHA, OCTOBER, 1, NOON)


def look_into_it(services: Services) -> None:
    with writing(services.engine) as session:
        session.add(
            ReviewRow(officer_code=ASHA, month=str(OCTOBER), office_code=OFFICE, ground="burst", raised_at=NOON)
        )


def be_a_demo(services: Services) -> None:
    with writing(services.engine) as session:
        session.get_one(RegionRow, "SWL").demo = True
    services.directory.look_again()


@pytest.mark.parametrize(
    "reason",
    [
        pytest.param(by_hash_alone, id="the number was never sealed, or is forgotten"),
        pytest.param(leave, id="they have left"),
        pytest.param(read_it, id="they have read it"),
        pytest.param(lambda services: let_refuse(services, phone_number(0)), id="they want no messages"),
        pytest.param(look_into_it, id="people are looking into the month"),
        pytest.param(be_a_demo, id="people and months are invented"),
    ],
)
def test_who_is_not_written_to(sending: Services, session: Session, reason: Callable[[Services], None]) -> None:
    let_be_reached(sending)
    let_be_revised(sending)
    reason(sending)
    assert tell_officers(sending) == {}
    assert noticed(session) == []


def test_who_is_not_written_to_yet_is_later(sending: Services, session: Session) -> None:
    let_be_reached(sending)
    let_be_revised(sending)
    look_into_it(sending)
    assert tell_officers(sending) == {}
    with writing(sending.engine) as changed:
        decided = {"outcome": "stands", "decided_by": "chitra", "decided_at": NOON, "decided_reason": "Wajar."}
        changed.execute(update(ReviewRow).values(**decided))
    assert tell_officers(sending) == {"told": 1}


def test_a_month_with_too_few_ratings_has_nothing_to_say(sending: Services, session: Session) -> None:
    let_be_reached(sending)
    let_be_reached(sending, BILAL, phone_number(1))
    let_be_revised(sending, [ASHA], ratings=4)
    let_be_revised(sending, [BILAL], ratings=5)
    tell_officers(sending)
    assert noticed(session) == [(BILAL, "2026-10", 1)]


def test_a_phone_entered_today_brings_no_history(sending: Services, session: Session) -> None:
    for back in range(1, 15):
        let_be_revised(sending, month=Month(2026, 11).plus(-back))
    let_be_revised(sending, month=Month(2026, 6), revision=2, reason=RevisionReason.OBJECTION)
    let_be_revised(sending, month=Month(2026, 7), revision=2, reason=RevisionReason.LATE_ARRIVALS)
    let_be_reached(sending)
    tell_officers(sending)
    assert MONTHS_BACK == 2
    assert [said[1:] for said in noticed(session)] == [("2026-06", 2), ("2026-09", 1), ("2026-10", 1)]


@on_sqlite
def test_while_nobody_sends_nothing_is_written_and_nothing_is_lost(
    services: Services, sending: Services, session: Session
) -> None:
    let_be_reached(services)
    let_be_revised(services)
    assert tell_officers(services) == {}
    assert tell_officers(sending) == {"told": 1}


def test_officers_are_told_by_the_day_of_their_own_office(
    sending: Services, twilio: TwilioServer, session: Session, clock: SettableClock
) -> None:
    let_be_reached(sending)
    let_be_reached(sending, DEV, phone_number(1))
    let_be_revised(sending, [ASHA, DEV])
    told = []
    for utc in (22, 23, 24, 25, 34, 35, 36, 37):
        clock.moment = datetime(2026, 11, 17, tzinfo=UTC) + timedelta(hours=utc)
        with writing(sending.engine) as again:
            again.execute(delete(NoticeRow))
            again.execute(delete(MessageRow))
        tell_officers(sending)
        told.append([officer for officer, *_ in noticed(session)])
    assert told == [[], [DEV], [DEV], [ASHA, DEV], [ASHA, DEV], [ASHA], [ASHA], []]


@on_sqlite
def test_what_waits_in_the_evening_leaves_in_the_morning(
    sending: Services, twilio: TwilioServer, clock: SettableClock
) -> None:
    let_be_reached(sending)
    let_be_revised(sending)
    clock.moment = datetime(2026, 11, 18, 12, 59, tzinfo=UTC)
    assert tell_officers(sending) == {"told": 1}
    clock.advance(minutes=1)  # eight in the evening in Sawahlunto
    send_due(sending)
    assert twilio.outbound == []
    clock.advance(hours=12)
    send_due(sending)
    assert len(twilio.outbound) == 1


def test_who_writes_stop_meanwhile_is_not_written_to(
    sending: Services, twilio: TwilioServer, session: Session
) -> None:
    phone = let_be_reached(sending)
    let_be_revised(sending)
    tell_officers(sending)
    Phone(sending, phone).say("STOP")
    send_due(sending)
    assert twilio.outbound == []
    let_be_revised(sending, revision=2, reason=RevisionReason.REVIEW)
    assert tell_officers(sending) == {}
    Phone(sending, phone).say("MULAI")
    assert tell_officers(sending) == {"told": 1}


@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param(read_it, id="read"),
        pytest.param(lambda services: let_be_reached(services, phone=PHONE), id="another number"),
        pytest.param(by_hash_alone, id="number forgotten"),
    ],
)
def test_a_notice_that_waits_is_held_back_when_it_is_outdated(
    sending: Services, twilio: TwilioServer, session: Session, meanwhile: Callable[[Services], Any]
) -> None:
    let_be_reached(sending)
    let_be_reached(sending, BILAL, phone_number(1))
    let_be_revised(sending, [ASHA, BILAL])
    tell_officers(sending)
    meanwhile(sending)
    assert tell_officers(sending) == {"withheld": 1}
    send_due(sending)
    assert [message["to"] for message in twilio.outbound] == [phone_number(1)]


def test_of_two_revisions_only_the_later_is_told(sending: Services, twilio: TwilioServer, session: Session) -> None:
    let_be_reached(sending)
    let_be_revised(sending)
    tell_officers(sending)
    let_be_revised(sending, revision=2, reason=RevisionReason.LATE_ARRIVALS)
    assert tell_officers(sending) == {"told": 1, "withheld": 1}
    send_due(sending)
    (message,) = twilio.outbound
    assert "diperbarui" in message["body"]


@on_sqlite
def test_an_offices_figures_do_not_move_with_what_its_officers_are_told(
    sending: Services, session: Session, clock: SettableClock
) -> None:
    sent(sending, 7, answers=2)
    clock.moment = datetime(2026, 12, 20, 5, tzinfo=UTC)
    office = sending.directory.current().offices[OFFICE]
    before = month_of_messages(office, Month(2026, 11), sending)
    clock.moment = NOON
    let_be_revised(sending, let_serve(sending, 20))
    tell_officers(sending)
    send_due(sending)
    clock.moment = datetime(2026, 12, 20, 5, tzinfo=UTC)
    assert len(noticed(session)) == 20
    assert month_of_messages(office, Month(2026, 11), sending) == before


def test_fourteen_days_begin_with_reading_not_with_the_message(
    sending: Services, session: Session, clock: SettableClock
) -> None:
    let_be_reached(sending)
    let_be_revised(sending)
    tell_officers(sending)
    send_due(sending)
    clock.advance(days=30)
    asha = sending.directory.current().officers[ASHA]
    assert objects_by(session, asha, OCTOBER, sending) == datetime(2027, 1, 1, 17, tzinfo=UTC)


def test_the_database_lets_nobody_be_written_to_twice_nor_about_nothing(sending: Services, session: Session) -> None:
    let_be_reached(sending)
    let_be_revised(sending)
    tell_officers(sending)
    (notice,) = rows(session, NoticeRow)
    known: dict[str, Any] = {
        "officer_code": ASHA,
        "month": "2026-10",
        "revision": 1,
        "message_id": put_message(sending),
    }
    for change in ({}, {"revision": 2}, {"officer_code": BILAL}):
        with pytest.raises(IntegrityError), writing(sending.engine) as changed:
            changed.add(NoticeRow(**{**known, **change}))
    let_be_revised(sending, [BILAL])
    with pytest.raises(IntegrityError), writing(sending.engine) as changed:
        changed.add(NoticeRow(officer_code=BILAL, month="2026-10", revision=1, message_id=notice.message_id))
    with pytest.raises(IntegrityError), writing(sending.engine) as changed:
        changed.execute(update(OfficerRow).where(col(OfficerRow.code) == ASHA).values(own_phone_hash=None))


def test_a_phone_sealed_by_another_key_reaches_nobody(
    sending: Services, twilio: TwilioServer, session: Session
) -> None:
    let_be_reached(sending)
    other = Phones("another-key")
    with writing(sending.engine) as changed:
        changed.get_one(OfficerRow, ASHA).own_phone_sealed = other.seal(phone_number(0))
    let_be_revised(sending)
    tell_officers(sending)
    assert send_due(sending) == {"failed": 1}
    assert twilio.outbound == []
