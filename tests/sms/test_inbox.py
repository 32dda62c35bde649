"""A message is written down before its turn: what is kept of it, who takes it when nobody did, and when it goes."""

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select, text
from sqlmodel import Session, SQLModel, col

from shared import stream
from shared.db.contacts import contact_of, refuse
from shared.db.engine import writing
from shared.db.message_tables import ContactRow, InboxRow, InvitationOfficerRow, InvitationRow, MessageRow
from shared.domain.ratings import Channel
from shared.phones import Phones
from shared.services import Services
from sms import jobs
from sms.inbound import InboundMessage
from sms.inbox import left_behind, wipe, write_down
from tests.cast import ASHA, BILAL, COUNTER, OFFICE
from tests.factories import NOON, SettableClock
from tests.messages import rows
from tests.sms.stage import PHONE, THANKED, Phone, a_form, recorded, reply_in, without_database


@pytest.fixture(autouse=True)
def _jobs(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "services", lambda: services)


def a_message(words: str = "NILAI DK7 4 ramah", sid: str = "SM1", phone: str | None = PHONE) -> InboundMessage:
    return InboundMessage(f"twilio:{sid}", phone, Channel.SMS, words)


def put(services: Services, *rows: SQLModel) -> None:
    with writing(services.engine) as session:
        for row in rows:
            session.add(row)
            session.flush()


def hashed(services: Services, phone: str = PHONE) -> bytes:
    return Phones.of(services.settings).hash(phone)


def an_invitation(services: Services, *officers: str, **overrides: Any) -> uuid.UUID:
    """Ask the person of PHONE about these officers."""
    invitation = uuid.uuid4()
    values: dict[str, Any] = {
        "id": invitation,
        "office_code": OFFICE,
        "counter_code": COUNTER,
        "language": "id",
        "phone_hash": hashed(services),
        "state": "asked",
        "ask_at": NOON - timedelta(hours=2),
        "expires_at": NOON + timedelta(days=7),
        "created_at": NOON - timedelta(hours=3),
    }
    row = InvitationRow(**{**values, **overrides})
    put(services, row, *(InvitationOfficerRow(invitation_id=invitation, officer_code=code) for code in officers))
    return invitation


def a_waiting_message(services: Services, purpose: str) -> MessageRow:
    return MessageRow(
        id=uuid.uuid4(),
        purpose=purpose,
        channel="sms",
        gateway="twilio",
        phone_hash=hashed(services),
        segments=1,
        state="waiting",
        created_at=NOON,
        due_at=NOON,
        expires_at=NOON + timedelta(days=1),
        state_at=NOON,
    )


class TestLeftBehind:
    """The process that was to take a message was killed after it had written it down."""

    def test_it_gets_its_turn_and_the_reply_is_sent(
        self, phone: Phone, services: Services, session: Session, clock: SettableClock
    ) -> None:
        write_down(a_message(), services)
        clock.advance(seconds=29)
        assert jobs.take_inbox() == {"moved": 0, "taken": 0}, "it may still be on its way"
        clock.advance(seconds=2)
        assert jobs.take_inbox() == {"moved": 0, "taken": 1}
        assert jobs.take_inbox() == {"moved": 0, "taken": 0}
        (rating,) = recorded(services, session)
        assert (rating.officer_code, rating.overall, rating.given_at) == (ASHA, 4, NOON)
        (reply,) = session.scalars(select(MessageRow))
        assert (reply.purpose, reply.state, reply.gateway, reply.channel) == ("reply", "waiting", "console", "sms")
        assert reply.phone is not None
        assert reply.text is not None
        assert Phones.of(services.settings).open(reply.phone) == PHONE
        assert Phones.of(services.settings).open(reply.text).startswith(THANKED)
        form = a_form("NILAI DK7 4 ramah", MessageSid="SM1")
        assert reply_in(phone.deliver(form)) == Phones.of(services.settings).open(reply.text), "and stays the reply"

    def test_a_reply_nobody_waits_for_any_more_is_not_sent(
        self, phone: Phone, services: Services, session: Session, clock: SettableClock
    ) -> None:
        write_down(a_message(), services)
        clock.advance(hours=24)
        assert jobs.take_inbox()["taken"] == 1
        assert len(recorded(services, session)) == 1
        assert session.scalars(select(MessageRow)).all() == []

    def test_it_does_not_set_back_what_was_said_since(
        self, phone: Phone, services: Services, session: Session, clock: SettableClock
    ) -> None:
        write_down(a_message("DK7"), services)
        clock.advance(seconds=20)
        phone.say("2 lama")
        clock.advance(seconds=20)
        jobs.take_inbox()
        (rating,) = recorded(services, session)
        assert (rating.officer_code, rating.overall, rating.comment) == (ASHA, 2, "lama")

    def test_one_that_cannot_be_read_keeps_nobody_waiting(
        self, phone: Phone, services: Services, session: Session, clock: SettableClock
    ) -> None:
        write_down(a_message(sid="SM1"), services)
        write_down(a_message(sid="SM2"), services)
        with writing(services.engine) as writer:
            first = writer.scalars(select(InboxRow).limit(1)).one()
            first.text = b"sealed with another key"
        clock.advance(minutes=1)
        assert jobs.take_inbox() == {"moved": 0, "taken": 1}
        assert len(recorded(services, session)) == 1

    def test_a_person_whose_turn_is_taken_elsewhere_is_left_for_later(
        self, phone: Phone, services: Services, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sms.conversations.LONGEST_WAIT", 0.1)
        write_down(a_message("DK7"), services)
        phone.say("BANTUAN")
        (key,) = services.redis.keys("sms:conversation:*")
        other = key.decode().replace("conversation", "turn")  # type: ignore[union-attr]
        services.redis.set(other, b"another process")
        assert phone.deliver(a_form("4")).status_code == 503
        clock.advance(minutes=1)
        assert jobs.take_inbox()["taken"] == 0
        services.redis.delete(other)
        assert jobs.take_inbox()["taken"] == 2


def test_nothing_of_a_message_can_be_read_in_its_row_and_nothing_refers_to_its_rating(
    phone: Phone, services: Services, session: Session
) -> None:
    form = a_form("NILAI DK7 4 rahasia saya")
    phone.deliver(form)
    (rating,) = recorded(services, session)
    (row,) = session.execute(text("SELECT * FROM inbox")).all()
    for secret in ("81234567890", "rahasia", form["MessageSid"], "DK7", "Asha", str(rating.id), rating.id.hex):
        assert secret not in repr(row)


def test_what_nobody_can_read_is_not_kept_for_ever(
    services: Services, session: Session, clock: SettableClock
) -> None:
    """Sealed with a key that is gone, its turn fails whenever it is tried."""
    lost: Any = write_down(a_message(), services)
    with writing(services.engine) as writer:
        writer.get_one(InboxRow, lost.id).text = b"sealed with another key"
    clock.advance(days=45)
    assert jobs.take_inbox() == {"moved": 0, "taken": 0}
    assert jobs.forget()["wiped"] == 0
    clock.advance(seconds=1)
    assert jobs.forget()["wiped"] == 1
    (row,) = rows(session, InboxRow)
    assert (row.phone_hash, row.phone, row.text) == (None, None, None)
    assert jobs.take_inbox() == {"moved": 0, "taken": 0}
    assert left_behind(services) == []


def test_what_was_written_goes_seven_days_after_its_turn_and_the_message_stays_known(
    phone: Phone, services: Services, session: Session, clock: SettableClock
) -> None:
    form = a_form("NILAI DK7 4 rahasia saya")
    phone.deliver(form)
    clock.advance(days=7, seconds=-1)
    assert jobs.forget() == {"wiped": 0, "purged": 0}
    clock.advance(seconds=1)
    assert jobs.forget() == {"wiped": 1, "purged": 0}
    assert jobs.forget() == {"wiped": 0, "purged": 0}
    (row,) = session.scalars(select(InboxRow))
    assert [row.phone_hash, row.phone, row.provider_id, row.text, row.reply, row.conversation] == [None] * 6
    services.redis.flushall()
    stream.open_group(services.redis)
    response = phone.deliver(form)
    assert (response.status_code, b"Message" in response.data) == (200, False), "it has been answered long ago"
    assert stream.length(services.redis) == 0


def test_a_message_that_redis_took_is_known_when_the_database_is_back(
    phone: Phone, services: Services, session: Session
) -> None:
    phone.say("NILAI DK8 1")
    form = a_form("DK7")
    first = reply_in(Phone(without_database(services)).deliver(form))
    assert reply_in(phone.deliver(form)) == first
    assert phone.say("4").startswith(THANKED), "and so is what was said"
    assert jobs.take_inbox()["moved"] == 1
    assert services.redis.hlen("sms:spool") == 0
    assert len(session.scalars(select(InboxRow)).all()) == 3


def test_what_redis_took_and_nobody_took_further_is_not_lost(
    services: Services, session: Session, clock: SettableClock
) -> None:
    stream.open_group(services.redis)
    away = without_database(services)
    write_down(a_message(), away)
    spooled: Any = services.redis.hgetall("sms:spool")
    assert PHONE.encode() not in repr(spooled).encode()
    clock.advance(minutes=1)
    assert jobs.take_inbox() == {"moved": 1, "taken": 1}
    assert len(recorded(services, session)) == 1


@pytest.mark.parametrize("door", ["both open", "Redis away"])
def test_two_texts_of_one_phone_at_once_are_two_turns(
    door: str, services: Services, away: Services, session: Session
) -> None:
    stream.open_group(services.redis)
    phone, replies = Phone(services if door == "both open" else away), []
    threads = [
        threading.Thread(target=lambda words=words: replies.append(phone.say(words))) for words in ("DK7", "4")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(reply.startswith(THANKED) for reply in replies) == 1, replies
    (rating,) = recorded(services, session)
    assert (rating.officer_code, rating.overall) == (ASHA, 4)


def test_a_shared_phone_is_thanked_for_everybody_and_the_latest_counts(
    phone: Phone, services: Services, session: Session, clock: SettableClock
) -> None:
    for words in ("DK7 4", "DK8 1", "DK7 2"):
        clock.advance(minutes=1)
        assert phone.say(words).startswith(THANKED)
    said = [(row.officer_code, row.overall, row.rater_key) for row in recorded(services, session)]
    assert [(officer, answer) for officer, answer, _ in said] == [(ASHA, 4), (BILAL, 1), (ASHA, 2)]
    assert len({key for *_, key in said}) == 1, "so that scoring knows which of two about one officer is the latest"


class TestInvited:
    """A person who was asked answers by message."""

    def test_a_bare_answer_is_about_whom_they_were_asked(
        self, phone: Phone, services: Services, session: Session
    ) -> None:
        invitation = an_invitation(services, BILAL)
        assert phone.say("sgt baik, ramah").startswith(f"{THANKED}: Bilal (DK8), 4 Sangat baik.")
        (rating,) = recorded(services, session)
        assert (rating.officer_code, rating.counter_code, rating.comment) == (BILAL, COUNTER, "ramah")
        row = session.get_one(InvitationRow, invitation)
        assert row.state == "answered"
        assert phone.say("2").startswith("Anda sudah memberi penilaian itu"), "one answer to one question"
        assert len(recorded(services, session)) == 1

    def test_several_officers_are_asked_about_one_after_another(
        self, phone: Phone, services: Services, session: Session
    ) -> None:
        invitation = an_invitation(services, ASHA, BILAL)
        assert phone.say("halo").startswith("Bagaimana pelayanan Asha Pertiwi (DK7)?")
        assert phone.say("4").startswith("Terima kasih. Bagaimana pelayanan Bilal (DK8)?")
        assert session.get_one(InvitationRow, invitation).state == "asked"
        assert phone.say("2").startswith(f"{THANKED}: Bilal (DK8), 2 Kurang baik.")
        session.rollback()
        assert session.get_one(InvitationRow, invitation).state == "answered"
        session.rollback()
        assert len(recorded(services, session)) == 2

    @pytest.mark.parametrize(
        "overrides",
        [
            pytest.param({"expires_at": NOON}, id="over"),
            pytest.param({"state": "withdrawn"}, id="withdrawn"),
            pytest.param({"state": "waiting"}, id="not sent yet"),
            pytest.param({"phone_hash": b"x" * 32}, id="somebody else"),
        ],
    )
    def test_another_invitation_is_none(self, phone: Phone, services: Services, overrides: dict[str, Any]) -> None:
        an_invitation(services, BILAL, **overrides)
        assert phone.say("4").startswith("Siapa yang melayani Anda?")

    def test_its_language_is_theirs(self, phone: Phone, services: Services) -> None:
        an_invitation(services, BILAL, language="en")
        assert phone.say("??").startswith("How was the service of Bilal (DK8)?")
        assert phone.say("bahasa").startswith("Bagaimana pelayanan Bilal (DK8)?")


class TestOptOut:
    """Whoever wants no messages is remembered, by the hash alone when nothing else is known."""

    def test_everything_that_was_to_come_ends_at_once(
        self, phone: Phone, services: Services, session: Session
    ) -> None:
        invitation = an_invitation(services, BILAL)
        reminder, reply = a_waiting_message(services, "reminder"), a_waiting_message(services, "reply")
        put(services, reminder, reply)
        assert phone.say("berhenti").startswith("Baik, kami tidak akan mengirim pesan lagi.")
        contact = session.get_one(ContactRow, hashed(services))
        assert (contact.phone, contact.refused_at) == (None, NOON)
        row = session.get_one(InvitationRow, invitation)
        assert row.state == "withdrawn"
        assert sorted(row.state for row in session.scalars(select(MessageRow))) == ["waiting", "withheld"]

    def test_start_forgets_it(self, phone: Phone, services: Services, session: Session) -> None:
        phone.say("STOP")
        assert phone.say("MULAI").startswith("Terima kasih, kami boleh mengirim pesan lagi.")
        assert session.scalars(select(ContactRow)).all() == [], "nothing is kept of who is nobody to us"
        assert phone.say("MULAI").startswith("Untuk menilai petugas, kirim:")

    def test_start_gives_a_person_we_know_back_to_us(
        self, phone: Phone, services: Services, session: Session
    ) -> None:
        put(services, ContactRow(phone_hash=hashed(services), phone=b"sealed", language="en", created_at=NOON))
        assert phone.say("STOP").startswith("All right, we will not write to you any more.")
        assert phone.say("start").startswith("Thank you, we may write to you again.")
        contact = session.get_one(ContactRow, hashed(services))
        assert (contact.phone, contact.refused_at) == (b"sealed", None)

    def test_whoever_wants_no_messages_may_rate_and_is_answered(self, phone: Phone, services: Services) -> None:
        phone.say("STOP")
        assert phone.say("DK7 4").startswith(THANKED)
        with Session(services.engine) as session:
            contact = contact_of(session, hashed(services))
        assert contact is not None
        assert contact.refused

    def test_the_first_moment_stays(self, services: Services, session: Session) -> None:
        for later in (0, 1):
            with writing(services.engine) as writer:
                refuse(writer, hashed(services), NOON + timedelta(days=later))
        assert session.get_one(ContactRow, hashed(services)).refused_at == NOON


def test_whoever_is_known_is_written_to_in_the_language_they_wrote_in_last(
    phone: Phone, services: Services, session: Session
) -> None:
    put(services, ContactRow(phone_hash=hashed(services), phone=b"sealed", language="id", created_at=NOON))
    phone.say("ENGLISH", From=f"whatsapp:{PHONE}")
    phone.say("DK7 4", From="whatsapp:+6281234567891")
    (contact,) = session.scalars(select(ContactRow))
    assert contact.language == "en"


def test_no_moment_of_a_rating_is_kept_beside_a_telephone_when_the_message_is_forgotten(
    phone: Phone, services: Services, session: Session, clock: SettableClock
) -> None:
    put(services, ContactRow(phone_hash=hashed(services), phone=b"sealed", language="id", created_at=NOON))
    clock.advance(minutes=3, seconds=7)
    phone.say("DK7 4", From=f"whatsapp:{PHONE}")
    (rating,) = recorded(services, session)
    clock.advance(days=8)
    wipe(services)
    told = {str(getattr(row, column.name)) for row in rows(session, ContactRow) for column in inspect(ContactRow).c}
    assert not {str(rating.given_at), str(rating.accepted_at)} & told


def test_two_machines_come_to_silence(phone: Phone, services: Services) -> None:
    replies = [phone.deliver(a_form("Kami sedang tutup.")).data for _ in range(12)]
    assert b"Message" in replies[0]
    assert [b"Message" in reply for reply in replies[-5:]] == [False] * 5
    assert phone.say("DK7 4").startswith(THANKED)


def test_a_sender_without_a_number_is_not_written_down(services: Services, session: Session) -> None:
    assert write_down(a_message(phone=None), services) is None
    assert session.scalars(select(col(InboxRow.id))).all() == []
