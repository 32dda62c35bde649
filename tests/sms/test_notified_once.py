"""However often a worker is killed, or two begin at once, every officer is written to once, within the limits."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, timedelta
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session

from shared.db import notices
from shared.db.notice_tables import NoticeRow
from shared.domain.clock import system_clock
from shared.domain.months import Month
from shared.services import Services
from sms import notifying
from sms.notifying import tell_officers
from sms.sending import send_due
from tests.factories import NOON, SettableClock
from tests.guardians import phone_number
from tests.messages import rows
from tests.notices import let_be_revised, let_serve, noticed
from tests.sms.outgoing import put_message
from tests.sms.stage import PHONE
from tests.sms.twilio_server import TwilioServer
from tests.sms.working import kill, let_it_be_noon, wait_until, working
from workers.queues import TELL_OFFICERS, QueueName, enqueue

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_two_workers_at_a_time_write_to_everybody_once(
    sending: Services, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifying, "BATCH", 7)
    officers = let_serve(sending, 40)
    let_be_revised(sending, officers)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(tell_officers, [sending, sending]))
    while tell_officers(sending):
        pass
    assert [officer for officer, *_ in noticed(session)] == officers
    assert sum(one.get("told", 0) for one in done) <= 40


def test_a_batch_that_breaks_off_is_done_again_and_doubles_nothing(
    sending: Services, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifying, "BATCH", 4)
    officers = let_serve(sending, 10)
    let_be_revised(sending, officers)
    put, left = notices.put_notices, iter(range(2))

    def put_some(*given: Any) -> int:
        count = put(*given)
        if next(left, None) is None:
            raise KeyboardInterrupt  # all is written, and not committed
        return count

    monkeypatch.setattr(notices, "put_notices", put_some)
    with pytest.raises(KeyboardInterrupt):
        tell_officers(sending)
    assert len(noticed(session)) == 8
    monkeypatch.setattr(notices, "put_notices", put)
    assert tell_officers(sending) == {"told": 2}
    assert [officer for officer, *_ in noticed(session)] == officers


@on_sqlite
def test_a_worker_killed_in_the_middle_misses_nobody_and_writes_to_nobody_twice(
    sending: Services, twilio: TwilioServer, session: Session
) -> None:
    let_it_be_noon(sending)
    now = replace(sending, clock=system_clock)
    officers = let_serve(now, 400)
    let_be_revised(now, officers, Month.of(system_clock(), UTC).plus(-1))
    for least in (1, 150):
        with working(sending) as process:
            enqueue(QueueName.MESSAGES, TELL_OFFICERS, sending.redis)
            wait_until(partial(has_begun, session, least))
            time.sleep(0.01)
            kill(process)
        noticed(session)
    with working(sending):
        enqueue(QueueName.MESSAGES, TELL_OFFICERS, sending.redis)
        wait_until(lambda: len(noticed(session)) == 400)
    while send_due(now):
        pass
    to = [message["to"] for message in twilio.outbound]
    assert len(to) == len(set(to))


def has_begun(session: Session, least: int) -> bool:
    return len(rows(session, NoticeRow)) >= least


@on_sqlite
def test_a_full_day_delays_notices_and_replies_go_ahead(
    sending: Services, twilio: TwilioServer, session: Session, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notifying, "AHEAD", 2)
    monkeypatch.setattr(notifying, "BATCH", 2)
    officers = let_serve(sending, 4)
    let_be_revised(sending, officers)
    assert tell_officers(sending) == {"told": 2}, "no more while these wait"
    put_message(sending, "Balasan", PHONE, purpose="reply", due_at=NOON + timedelta(minutes=1))
    clock.advance(minutes=1)
    limited = replace(sending, settings=sending.settings.model_copy(update={"segments_per_day": 2}))
    send_due(limited)
    assert [message["to"] for message in twilio.outbound] == [PHONE, phone_number(0)]
    clock.advance(days=1)
    tell_officers(limited)
    send_due(limited)
    assert len(twilio.outbound) == 4
