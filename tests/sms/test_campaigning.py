"""Guardians are asked once in a campaign, however often a worker is killed, paused or told twice."""

import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from shared import campaigns
from shared.cli.start import operating
from shared.db import invitations as stored
from shared.db.campaign_tables import CampaignInvitationRow, CampaignRow, GuardianRow
from shared.db.engine import writing
from shared.db.message_tables import ConsentRow, ContactRow, InvitationOfficerRow, InvitationRow, MessageRow
from shared.db.people_tables import OfficeRow, OfficerRow, RegionRow
from shared.domain.campaigns import CampaignProblem, CampaignRefused, CampaignState, month_asked, semester_asked
from shared.domain.clock import system_clock
from shared.domain.periods import Period
from shared.phones import Phones
from shared.services import Services
from sms import campaigning
from sms.campaigning import AHEAD, ask_guardians
from sms.inviting import ask_people
from sms.sending import send_due
from tests.cast import ASHA, BILAL, DEV, OFFICE, OTHER_OFFICE
from tests.factories import SettableClock
from tests.guardians import a_guardian, campaign_now, let_agree, let_start, phone_number
from tests.messages import let_be_asked, let_refuse, rows
from tests.sms.outgoing import by_twilio
from tests.sms.stage import Phone
from tests.sms.twilio_server import TwilioServer
from tests.sms.working import kill, let_it_be_noon, wait_until, working
from workers.queues import ASK_GUARDIANS, QueueName, enqueue, queue

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def let_some_agree(services: Services, count: int, officers: Sequence[str] = (ASHA,)) -> None:
    let_agree(services, [a_guardian(services, phone_number(number), officers) for number in range(count)])


def let_batches_be_of(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let so many guardians be written at a time, and no more while one waits to be sent."""
    monkeypatch.setattr(campaigning, "BATCH", count)
    monkeypatch.setattr(campaigning, "AHEAD", count)


def progress(services: Services, office: str = OFFICE) -> tuple[str, int, int]:
    found = campaign_now(services, office)
    return found.state.value, found.done, found.total


def asked(session: Session) -> dict[str, list[str]]:
    """Return by masked number about whom each guardian is asked; fails when one is asked twice."""
    officers: dict[Any, list[str]] = {}
    for one in rows(session, InvitationOfficerRow):
        officers.setdefault(one.invitation_id, []).append(one.officer_code)
    found = [(row.phone_shown or "", sorted(officers[row.id])) for row in rows(session, InvitationRow)]
    assert len(dict(found)) == len(found)
    return dict(found)


def test_a_family_phone_gets_one_message_about_all_who_teach_its_children(
    services: Services, session: Session, twilio: TwilioServer
) -> None:
    phone = phone_number(7)
    let_agree(services, [a_guardian(services, phone, [ASHA]), a_guardian(services, phone, [ASHA, BILAL], "8C")])
    let_start(services)
    assert progress(services) == ("running", 0, 1)
    assert ask_guardians(services) == {"guardians": 1}
    assert ask_guardians(services) == {}
    assert progress(services) == ("done", 1, 1)
    assert asked(session) == {"+62813•••007": [ASHA, BILAL]}
    sending = by_twilio(services, twilio)
    assert ask_people(sending) == {"asked": 1}
    send_due(sending)
    (sent,) = twilio.outbound
    assert sent["to"] == phone
    assert sent["body"].startswith("Disdukcapil Sawahlunto: bagaimana guru anak Anda")
    (consent,) = rows(session, ConsentRow)
    assert (consent.wording, consent.source, consent.given_at) == (
        "2026-11-wali",
        "roster",
        datetime(2026, 7, 13, 17, tzinfo=UTC),
    )


def test_a_batch_that_breaks_off_is_done_again_and_doubles_nothing(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_some_agree(services, 10)
    let_start(services)
    let_batches_be_of(4, monkeypatch)
    add, left = stored.add_invitation, iter(range(6))

    def add_some(*given: Any) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt
        add(*given)

    monkeypatch.setattr(stored, "add_invitation", add_some)
    ask_guardians(services)
    let_be_sent(services)
    with pytest.raises(KeyboardInterrupt):
        ask_guardians(services)
    assert progress(services) == ("running", 4, 10)
    assert len(asked(session)) == 4
    monkeypatch.setattr(stored, "add_invitation", add)
    finish(services)
    assert progress(services) == ("done", 10, 10)
    assert len(asked(session)) == 10


def let_be_sent(services: Services) -> None:
    """Let everything that is written leave."""
    ask_people(services)
    with writing(services.engine) as session:
        session.execute(update(MessageRow).values(state="sent"))


def finish(services: Services) -> None:
    """Let the clock come round until nothing is left."""
    while campaign_now(services).state is CampaignState.RUNNING:
        ask_guardians(services)
        let_be_sent(services)


@on_sqlite
def test_a_worker_killed_in_mid_campaign_misses_nobody_and_asks_nobody_twice(
    services: Services, session: Session
) -> None:
    let_it_be_noon(services)
    let_some_agree(services, 900)
    today = system_clock().date()
    with operating(services) as opened:
        period = semester_asked(f"{today.year}-{1 if today.month < 7 else 2}")
        campaigns.start(OFFICE, period, "suara", opened, now_of(services))
    for wait in (0, 0.02):
        with working(services) as process:
            wait_until(lambda: not queue(QueueName.MESSAGES, services.redis).get_jobs())
            enqueue(QueueName.MESSAGES, ASK_GUARDIANS, services.redis)
            wait_until(lambda: is_being_written(services) or campaign_now(services).done == AHEAD)
            time.sleep(wait)
            kill(process)
        done = campaign_now(services).done
        assert done == len(asked(session)) == len(rows(session, CampaignInvitationRow)) <= AHEAD
    with working(services):
        for _ in range(3):
            enqueue(QueueName.MESSAGES, ASK_GUARDIANS, services.redis)
        wait_until(lambda: campaign_now(services).done == AHEAD)
    let_be_sent(now_of(services))
    let_be_sent(now_of(services))
    ask_guardians(now_of(services))
    assert progress(services) == ("done", 900, 900)
    assert len(asked(session)) == len(rows(session, CampaignInvitationRow)) == 900


def is_being_written(services: Services) -> bool:
    """Say whether somebody is in the middle of writing to the database."""
    with closing(sqlite3.connect(services.engine.url.database or "", timeout=0, isolation_level=None)) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
    return False


def now_of(services: Services) -> Services:
    """Return the same installation by the real clock, which a worker has."""
    return replace(services, clock=system_clock)


def test_two_workers_at_a_time_ask_everybody_once(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_some_agree(services, 30)
    let_start(services)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(ask_guardians, [services, services]))
    assert sum(one.get("guardians", 0) for one in done) == 30
    assert len(asked(session)) == 30


@on_sqlite
def test_a_paused_campaign_waits_and_goes_on_where_it_was(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_some_agree(services, 10)
    campaign = let_start(services)
    let_batches_be_of(4, monkeypatch)
    assert ask_guardians(services) == {"guardians": 4}, "no further batch while it waits to be sent"
    assert ask_guardians(services) == {}
    with operating(services) as opened:
        campaigns.pause(campaign, opened)
    let_be_sent(services)
    assert ask_guardians(services) == {}
    assert progress(services) == ("paused", 4, 10)
    with operating(services) as opened:
        campaigns.resume(campaign, opened)
    finish(services)
    assert progress(services) == ("done", 10, 10)
    assert len(asked(session)) == 10


def test_a_cancelled_campaign_asks_nobody_more_and_its_links_are_dead(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch, twilio: TwilioServer
) -> None:
    let_some_agree(services, 6)
    campaign = let_start(services)
    let_batches_be_of(4, monkeypatch)
    let_refuse(services, phone_number(0))
    ask_guardians(services)
    sending = by_twilio(services, twilio)
    assert ask_people(sending)["asked"] >= 3
    with operating(services) as opened:
        campaigns.cancel(campaign, "suara", opened)
    assert ask_guardians(services) == ask_people(sending) == {}
    send_due(sending)
    assert twilio.outbound == []
    assert {(row.state, row.withdrawn_by) for row in rows(session, InvitationRow)} == {("withdrawn", "suara")}
    for act in (campaigns.pause, campaigns.resume):
        with pytest.raises(CampaignRefused), operating(services) as opened:
            act(campaign, opened)


def test_of_who_refuses_in_mid_campaign_nothing_leaves_and_nobody_learns_it(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch, twilio: TwilioServer
) -> None:
    """One is in what waits to be sent already; the other's turn is still to come."""
    let_some_agree(services, 6)
    let_start(services)
    let_batches_be_of(3, monkeypatch)
    ask_guardians(services)
    sending = by_twilio(services, twilio)
    ask_people(sending)
    before = {row.phone_shown or "" for row in rows(session, InvitationRow)}
    refusing = [sorted(before)[0], sorted({f"+62813•••{number:03}" for number in range(6)} - before)[0]]
    for shown in refusing:
        Phone(services, number=phone_number(int(shown[-3:]))).say("STOP")
    send_due(sending)
    while campaign_now(services).state is CampaignState.RUNNING:
        ask_guardians(services)
        ask_people(sending)
        send_due(sending)
    to = {one["to"] for one in twilio.outbound if "/r/i/" in one["body"]}
    assert to == {phone_number(number) for number in range(6)} - {phone_number(int(one[-3:])) for one in refusing}
    assert progress(services) == ("done", 6, 6)
    assert len(asked(session)) == 6, "the office sees six invitations"


def test_every_office_is_asked_by_its_own_morning(services: Services, session: Session, clock: SettableClock) -> None:
    with writing(services.engine) as changed:
        changed.add(RegionRow(code="MKS", name="Kota Makassar"))
        changed.flush()
        changed.add(OfficeRow(code="MKD", region_code="MKS", name="SMP 1", kind="school", timezone="Asia/Makassar"))
        changed.flush()
        changed.add(OfficerRow(code="MK1", name="Made", office_code="MKD"))
    services.directory.look_again()
    clock.moment = datetime(2026, 11, 17, 22, 0, tzinfo=UTC)
    places = [(OFFICE, ASHA), ("MKD", "MK1"), (OTHER_OFFICE, DEV)]
    for number, (office, officer) in enumerate(places):
        let_agree(services, [a_guardian(services, phone_number(number), [officer])], office)
        let_start(services, office)
    told = []
    for hours in range(4):
        clock.moment = datetime(2026, 11, 17, 22, 0, tzinfo=UTC) + timedelta(hours=hours)
        ask_guardians(services)
        told.append([place for place, _ in places if progress(services, place)[1]])
    assert told == [[], [OTHER_OFFICE], ["MKD", OTHER_OFFICE], [OFFICE, "MKD", OTHER_OFFICE]]


@on_sqlite
def test_who_was_asked_today_is_asked_tomorrow(services: Services, session: Session, clock: SettableClock) -> None:
    phone = phone_number(0)
    let_be_asked(session, services, phone=phone, state="waiting", token_hash=None)
    session.commit()
    ask_people(services)
    let_some_agree(services, 1)
    let_start(services)
    ask_guardians(services)
    assert ask_people(services) == {"put_off": 1}
    clock.advance(hours=24)
    assert ask_people(services) == {"asked": 1}


@on_sqlite
def test_nobody_is_asked_about_teachers_who_have_left(services: Services, session: Session) -> None:
    let_agree(services, [a_guardian(services, phone_number(0), [ASHA, BILAL])])
    let_agree(services, [a_guardian(services, phone_number(1), [ASHA])])
    with writing(services.engine) as changed:
        changed.execute(update(OfficerRow).where(col(OfficerRow.code) == ASHA).values(left_on=date(2026, 11, 1)))
    services.directory.look_again()
    let_start(services)
    ask_guardians(services)
    assert asked(session) == {"+62813•••000": [BILAL]}
    assert progress(services) == ("done", 2, 2)


def test_an_office_is_asked_once_in_a_period(services: Services, clock: SettableClock) -> None:
    def refusal(*given: Any) -> CampaignProblem:
        with pytest.raises(CampaignRefused) as refused:
            let_start(services, *given)
        return refused.value.problem

    assert refusal() is CampaignProblem.NO_GUARDIANS
    let_some_agree(services, 1)
    assert refusal("NONE") is CampaignProblem.UNKNOWN_OFFICE
    assert refusal(OFFICE, "2026-10") is refusal(OFFICE, "2026-12") is CampaignProblem.NOT_NOW
    campaign = let_start(services)
    assert refusal() is CampaignProblem.ASKED_ALREADY
    with pytest.raises(CampaignRefused), operating(services) as opened:
        campaigns.start(OFFICE, semester_asked("2026-2"), "suara", opened, services)
    with operating(services) as opened:
        campaigns.cancel(campaign, "suara", opened)
    assert refusal() is CampaignProblem.ASKED_ALREADY, "its invitations are written"
    clock.advance(days=20)
    let_start(services, OFFICE, "2026-12")


def test_two_who_start_at_a_time_start_one(services: Services) -> None:
    let_some_agree(services, 1)

    def start(period: Period) -> bool:
        with suppress(CampaignRefused), operating(services) as opened:
            campaigns.start(OFFICE, period, "suara", opened, services)
            return True
        return False

    with ThreadPoolExecutor(2) as pool:
        started = list(pool.map(start, [month_asked("2026-11"), semester_asked("2026-2")]))
    assert sorted(started) == [False, True]


@on_sqlite
def test_who_takes_messages_again_is_asked_once_a_list_names_them_anew(
    services: Services, session: Session, clock: SettableClock
) -> None:
    """Their number was never kept while they wanted none."""
    phone = phone_number(0)
    let_refuse(services, phone)
    known = a_guardian(services, phone)
    let_agree(services, [replace(known, phone=None)])
    Phone(services, number=phone).say("MULAI")
    let_start(services)
    ask_guardians(services)
    assert "asked" not in ask_people(services)
    let_agree(services, [known])
    clock.advance(days=20)
    let_start(services, OFFICE, "2026-12")
    ask_guardians(services)
    assert ask_people(services)["asked"] == 1


@on_sqlite
def test_nothing_kept_of_a_campaign_leads_from_a_guardian_to_their_invitation_but_the_installations_key(
    services: Services, session: Session
) -> None:
    let_some_agree(services, 1)
    let_refuse(services, phone_number(0))
    campaign = let_start(services)
    ask_guardians(services)
    (invitation,) = rows(session, InvitationRow)
    assert (invitation.state, invitation.phone_hash) == ("withdrawn", None)
    hashed = Phones.of(services.settings).hash(phone_number(0))
    assert invitation.id.bytes == Phones.of(services.settings).hash(f"campaign {campaign} {hashed.hex()}")[:16]
    assert [row.phone for row in rows(session, ContactRow)] == [None]


def test_a_campaign_ends_with_its_period_on_the_offices_calendar(
    services: Services, session: Session, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Later its guardians may be in the next one, and what they answered would count there."""
    for office, officer in ((OFFICE, ASHA), (OTHER_OFFICE, DEV)):
        let_agree(services, [a_guardian(services, phone_number(number), [officer]) for number in range(3)], office)
    let_batches_be_of(1, monkeypatch)
    november = {office: let_start(services, office) for office in (OFFICE, OTHER_OFFICE)}
    ask_guardians(services)
    with operating(services) as opened:
        campaigns.pause(november[OFFICE], opened)
    clock.moment = datetime(
        2026, 11, 30, 16, 0, tzinfo=UTC
    )  # Monday, 23:00 in the west, 01:00 of December in the east
    ask_guardians(services)
    assert (progress(services), progress(services, OTHER_OFFICE)) == (("paused", 1, 3), ("done", 1, 3))
    clock.advance(hours=1)
    ask_guardians(services)
    assert progress(services) == ("done", 1, 3)
    with pytest.raises(CampaignRefused), operating(services) as opened:
        campaigns.resume(november[OFFICE], opened)
    clock.advance(hours=12)
    let_be_sent(services)
    let_start(services, OFFICE, "2026-12")
    finish(services)
    assert progress(services) == ("done", 3, 3)
    assert {row.reached for row in rows(session, CampaignRow)} == {None}


@on_sqlite
def test_whom_a_cancelled_campaign_has_asked_no_other_asks_in_that_month(
    services: Services, clock: SettableClock
) -> None:
    let_some_agree(services, 1)
    campaign = let_start(services)
    ask_guardians(services)
    with operating(services) as opened:
        campaigns.cancel(campaign, "suara", opened)
    with pytest.raises(CampaignRefused), operating(services) as opened:
        campaigns.start(OFFICE, semester_asked("2026-2"), "suara", opened, services)
    clock.advance(days=20)
    with operating(services) as opened:
        campaigns.start(OFFICE, semester_asked("2026-2"), "suara", opened, services)


def test_of_who_is_forgotten_not_even_a_campaign_knows_the_telephone(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_some_agree(services, 4)
    numbers = {Phones.of(services.settings).hash(phone_number(number)): phone_number(number) for number in range(4)}
    let_batches_be_of(1, monkeypatch)
    let_start(services)
    for left in (3, 2):
        ask_guardians(services)
        let_be_sent(services)
        (campaign,) = rows(session, CampaignRow)
        assert campaign.reached is not None
        session.rollback()
        Phone(services, number=numbers[campaign.reached]).say("HAPUS DATA SAYA")
        assert campaign.reached not in {row.reached for row in rows(session, CampaignRow)}
        assert len(rows(session, GuardianRow)) == left
    finish(services)
    assert len(rows(session, InvitationRow)) == 4, "everybody once"


def test_a_cancelled_campaign_knows_nobodys_telephone(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_some_agree(services, 2)
    let_batches_be_of(1, monkeypatch)
    campaign = let_start(services)
    ask_guardians(services)
    with operating(services) as opened:
        campaigns.cancel(campaign, "suara", opened)
    assert [row.reached for row in rows(session, CampaignRow)] == [None]
