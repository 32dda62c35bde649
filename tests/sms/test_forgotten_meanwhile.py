"""Who says that they want no messages, or are to be forgotten, gets nothing that was just being written for them."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import Session

from shared.db.audit import BY_ITSELF, act_as
from shared.db.engine import writing
from shared.db.guardians import guardians_known
from shared.db.message_tables import ConsentRow, ContactRow, InvitationRow, MessageRow, WishRow
from shared.services import Services
from shared.wishes import answer
from sms import campaigning, jobs
from sms.campaigning import ask_guardians
from sms.inviting import ask_people
from tests.cast import OFFICE
from tests.guardians import a_guardian, let_agree, let_start, phone_number
from tests.messages import rows
from tests.sms.outgoing import by_twilio
from tests.sms.stage import Phone
from tests.sms.twilio_server import TwilioServer

LONG_ENOUGH = 1.0
"""Seconds in which a message that need not wait has had its turn."""
LEAVES = pytest.mark.parametrize("text", ["STOP", "HAPUS DATA SAYA"])


class Pause:
    """Where one of two stands still until the other has come as far as it can."""

    def __init__(self) -> None:
        self._reached = threading.Event()
        self._other_is_done = threading.Event()

    def stand_still(self) -> None:
        self._reached.set()
        self._other_is_done.wait(LONG_ENOUGH)

    def run_into(self, act: Callable[[], object], other: Callable[[], object]) -> None:
        """Do one thing, and the other while it stands still."""
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(act)
            assert self._reached.wait(10)
            other()
            self._other_is_done.set()
            first.result()


@pytest.fixture
def pause() -> Pause:
    return Pause()


@LEAVES
def test_an_answer_that_is_just_being_written_does_not_leave(
    services: Services,
    session: Session,
    twilio: TwilioServer,
    monkeypatch: pytest.MonkeyPatch,
    pause: Pause,
    text: str,
) -> None:
    ours = by_twilio(services, twilio)
    monkeypatch.setattr(jobs, "services", lambda: ours)
    writer = Phone(ours)
    writer.say("NILAI DK7 2 lama sekali")
    writer.say("HUBUNGI kapan selesai?")
    (wish,) = rows(session, WishRow)
    session.rollback()

    def write() -> None:
        with writing(ours.engine) as acting:
            act_as(acting, BY_ITSELF, ours.clock())
            assert answer(wish.id, ours.directory.current().offices[OFFICE], "Besok.", acting, ours)
            acting.flush()
            pause.stand_still()

    pause.run_into(write, lambda: writer.say(text))
    jobs.send_messages()
    assert twilio.forms == []
    assert [row.state for row in rows(session, MessageRow)] == ["withheld"]
    assert rows(session, WishRow) == []


@LEAVES
def test_a_campaign_that_is_just_reading_its_list_does_not_ask_them(
    services: Services, session: Session, monkeypatch: pytest.MonkeyPatch, pause: Pause, text: str
) -> None:
    phone = phone_number(7)
    let_agree(services, [a_guardian(services, phone)])
    let_start(services)
    read = guardians_known

    def read_slowly(*given: Any) -> Any:
        known = read(*given)
        pause.stand_still()
        return known

    monkeypatch.setattr(campaigning, "guardians_known", read_slowly)
    writer = Phone(services, number=phone)
    pause.run_into(lambda: ask_guardians(services), lambda: writer.say(text))
    assert "asked" not in ask_people(services)
    assert rows(session, MessageRow) == []
    assert {row.state for row in rows(session, InvitationRow)} <= {"withdrawn"}
    if text != "STOP":
        assert (rows(session, ContactRow), rows(session, ConsentRow)) == ([], [])
