"""A night's forgetting holds nobody up who is to be forgotten in that moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Event

import pytest
from sqlmodel import Session

from shared.db import purging
from shared.db.message_tables import ContactRow
from shared.inbox import SPOOL
from shared.services import Services
from sms import jobs
from tests.factories import SettableClock
from tests.messages import let_be_asked, rows
from tests.sms.stage import PHONE, Phone


def test_who_is_forgotten_by_schedule_and_by_wish_at_once_is_forgotten_once(
    services: Services, session: Session, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_be_asked(session, services, phone=PHONE, state="answered")
    session.commit()
    clock.advance(days=40)
    monkeypatch.setattr(jobs, "services", lambda: services)
    reached, said = Event(), Event()
    (contacts,) = (one for one in purging.DUE if one.__name__ == "_contacts")

    def slowly(session: Session, now: datetime) -> int:
        reached.set()
        said.wait(1)
        return contacts(session, now)

    monkeypatch.setattr(purging, "DUE", [slowly if one is contacts else one for one in purging.DUE])
    with ThreadPoolExecutor(1) as pool:
        night = pool.submit(jobs.forget)
        assert reached.wait(10)
        told = Phone(services).say("HAPUS DATA SAYA")
        said.set()
        night.result()
    assert told.startswith("Nomor, pesan, dan undangan Anda sudah kami hapus.")
    assert rows(session, ContactRow) == []
    assert services.redis.hlen(SPOOL) == 0, "neither broke off"
