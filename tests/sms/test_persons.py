"""What people may ask of us: what is kept of their telephone, and that it is forgotten, by message and by command."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import inspect, update
from sqlmodel import Session, SQLModel

from shared.db.audit import AuditRow
from shared.db.engine import writing
from shared.db.message_tables import ConsentRow, ContactRow, InboxRow, InvitationRow, MessageRow
from shared.db.people_tables import OfficerRow
from shared.db.persons import HOLDINGS
from shared.domain.messages import SEGMENT, gsm_length
from shared.domain.ratings import Channel
from shared.phones import Phones, phone_key
from shared.services import Services
from sms import jobs, sending
from sms.answering import answer_late
from sms.inbound import InboundMessage
from sms.inbox import write_down
from sms.reconciling import follow_up
from tests.cast import ASHA, OFFICE
from tests.factories import NOON, SettableClock
from tests.messages import let_be_asked, let_refuse, rows
from tests.notices import let_be_reached
from tests.shell import Shell
from tests.sms.outgoing import by_twilio, message, put_contact, put_message
from tests.sms.stage import PHONE, THANKED, Phone, a_form, recorded, reply_in, without_database
from tests.sms.twilio_server import TwilioServer

OTHER = "+6281370001234"


@pytest.fixture
def suara(services: Services, monkeypatch: pytest.MonkeyPatch) -> Shell:
    shell = Shell(services.settings, monkeypatch)
    monkeypatch.setenv("PHONE_KEY", phone_key(services.settings))
    return shell


def hashed(services: Services, phone: str = PHONE) -> bytes:
    return Phones.of(services.settings).hash(phone)


def let_be_known(services: Services, session: Session, phone: str, token: str) -> None:
    """Let a person be invited with their consent, once answered and once open, and written to."""
    let_be_asked(session, services, token, phone=phone, state="asked", phone_shown="+62812•••789")
    let_be_asked(session, services, f"{token}2", phone=phone, state="answered", phone_shown="+62812•••789")
    session.add(
        ConsentRow(
            phone_hash=hashed(services, phone), office_code=OFFICE, wording="1", source="front_desk",
            told_by="chitra", given_at=NOON,
        )
    )  # fmt: skip
    session.commit()
    for state in ("waiting", "sending", "sent", "delivered"):
        put_message(services, "kata rahasia", phone, state=state)


def traces(services: Services, session: Session, phone: str) -> dict[str, int]:
    """Return how many rows of each table still know a telephone, by its hash or sealed."""
    phones, found = Phones.of(services.settings), dict[str, int]()
    for table in (ContactRow, ConsentRow, InvitationRow, MessageRow, InboxRow):
        known = 0
        for row in rows(session, table):
            sealed = getattr(row, "phone", None)
            is_theirs = row.phone_hash == phones.hash(phone)  # type: ignore[attr-defined]
            known += is_theirs or (sealed is not None and phones.open(sealed) == phone)
        found[table.__tablename__] = known
    return found


def test_whoever_is_known_by_nothing_is_told_so(phone: Phone) -> None:
    told = phone.say("DATA SAYA")
    assert told.startswith("Nomor Anda tidak kami simpan")
    assert "HAPUS DATA SAYA" in told


def test_whoever_was_invited_is_told_what_is_kept(phone: Phone, services: Services, session: Session) -> None:
    let_be_known(services, session, PHONE, "abc")
    told = phone.say("apa yang anda tahu tentang saya")
    assert "sejak 18/11/26" in told
    assert "undangan aktif: 1" in told
    assert (gsm_length(told) or 999) <= SEGMENT
    english = phone.say("MY DATA")
    assert "since 18/11/26, open invitations: 1" in english


def test_whoever_wants_no_messages_is_told_that_this_is_kept(phone: Phone) -> None:
    phone.say("STOP")
    assert "Anda tidak mau dikirimi pesan" in phone.say("DATA SAYA")


def test_what_is_kept_is_told_later_where_the_database_is_away(
    phone: Phone, services: Services, clock: SettableClock, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Phone(without_database(services)).deliver(a_form("DATA SAYA")).status_code == 503
    monkeypatch.setattr(jobs, "services", lambda: services)
    clock.advance(minutes=1)
    assert jobs.take_inbox() == {"moved": 1, "taken": 1}
    (late,) = rows(session, MessageRow)
    assert Phones.of(services.settings).open(late.text or b"").startswith("Nomor Anda tidak kami simpan")


def test_a_person_is_forgotten_at_once_and_nobody_else(phone: Phone, services: Services, session: Session) -> None:
    let_be_known(services, session, PHONE, "abc")
    let_be_known(services, session, OTHER, "def")
    phone.say("NILAI DK7 2 lama sekali")
    phone.say("DK8")
    others = traces(services, session, OTHER)
    told = phone.say("HAPUS DATA SAYA")
    assert told.startswith("Nomor, pesan, dan undangan Anda sudah kami hapus.")
    assert set(traces(services, session, PHONE).values()) == {0}
    assert traces(services, session, OTHER) == others
    assert others == {"contact": 1, "consent": 1, "invitation": 2, "message": 4, "inbox": 0}
    said = [row for row in rows(session, InboxRow) if row.text or row.reply or row.conversation or row.provider_id]
    assert said == []


def test_open_invitations_end_what_waits_is_withheld_and_what_was_answered_stays_so(
    phone: Phone, services: Services, session: Session
) -> None:
    let_be_known(services, session, PHONE, "abc")
    phone.say("lupakan saya")
    invitations = rows(session, InvitationRow)
    assert sorted(row.state for row in invitations) == ["answered", "withdrawn"]
    assert {(row.token_hash, row.token, row.withdrawn_by) for row in invitations} == {(None, None, None)}
    assert {row.phone_shown for row in invitations} == {"+62812•••789"}, "a gap in the list would tell whose it was"
    assert sorted(row.state for row in rows(session, MessageRow)) == ["delivered", "sending", "sent", "withheld"]
    assert {row.text for row in rows(session, MessageRow)} == {None}


def test_ratings_stay_and_count(phone: Phone, services: Services, session: Session) -> None:
    assert phone.say("NILAI DK7 2 lama").startswith(THANKED)
    phone.say("FORGET ME")
    (rating,) = recorded(services, session)
    assert (rating.officer_code, rating.overall, rating.comment) == ("DK7", 2, "lama")


def test_what_was_being_said_is_forgotten_too(phone: Phone) -> None:
    phone.say("DK7")
    phone.say("HAPUS DATA SAYA")
    assert not phone.say("4").startswith(THANKED)


def test_whoever_wanted_no_messages_is_remembered_by_the_hash_alone_and_told_so(
    phone: Phone, services: Services, session: Session
) -> None:
    put_contact(services, phone=PHONE)
    phone.say("STOP")
    assert "tidak mau dikirimi pesan" in phone.say("HAPUS DATA SAYA")
    (contact,) = rows(session, ContactRow)
    assert contact.phone is None
    assert (contact.phone_hash, contact.refused_at) == (hashed(services), NOON)


def test_the_same_message_delivered_again_gets_the_same_reply(phone: Phone, services: Services) -> None:
    form = a_form("HAPUS DATA SAYA")
    first = reply_in(phone.deliver(form))
    assert reply_in(phone.deliver(form)) == first
    services.redis.flushall()
    assert phone.deliver(form).status_code == 200


def test_a_rating_that_waits_for_its_turn_is_not_lost(phone: Phone, services: Services, session: Session) -> None:
    waiting = write_down(InboundMessage("twilio:SM1", PHONE, Channel.SMS, "NILAI DK7 4"), services)
    phone.say("HAPUS DATA SAYA")
    assert waiting is not None
    answer_late(waiting, services)
    assert [row.overall for row in recorded(services, session)] == [4]


def test_what_is_in_hand_never_leaves_a_second_time(
    phone: Phone, services: Services, session: Session, twilio: TwilioServer, clock: SettableClock
) -> None:
    key = put_message(services, state="sending", attempts=1, claimed_at=NOON)
    phone.say("HAPUS DATA SAYA")
    clock.advance(minutes=5)
    ours = by_twilio(services, twilio)
    assert follow_up(ours)["to_send_again"] == 1
    assert sending.send_due(ours) == {"failed": 1}
    assert (message(session, key).state, message(session, key).error_code) == ("failed", "wiped")
    assert (twilio.taken, twilio.forms) == ([], [])


def test_every_table_that_knows_telephones_is_told_of_and_forgets() -> None:
    known = {
        (table.name, column.name)
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("phone_hash")
    }
    assert known == {(str(inspect(one.table).local_table.name), one.found_by) for one in HOLDINGS}


def test_an_officer_is_told_that_their_number_is_kept_and_has_it_forgotten(
    phone: Phone, services: Services, session: Session
) -> None:
    """What comes from it stays set aside, or an officer could rate themself."""
    let_be_reached(services, phone=PHONE)
    assert phone.say("DATA SAYA").startswith("Tersimpan: nomor Anda sebagai petugas, undangan aktif: 0")
    phone.say("STOP")
    assert phone.say("DATA SAYA").startswith("Tersimpan: nomor petugas Anda, tidak mau dikirimi pesan")
    phone.say("HAPUS DATA SAYA")
    session.rollback()
    row = session.get_one(OfficerRow, ASHA)
    assert (row.own_phone_sealed, row.own_phone_hash) == (None, hashed(services))
    assert not phone.say("DATA SAYA").startswith("Tersimpan: nomor")


class TestCommand:
    """`suara person`, for whoever asks at the office."""

    def test_shows_what_is_kept_and_never_the_number(
        self, suara: Shell, services: Services, session: Session
    ) -> None:
        let_be_known(services, session, PHONE, "abc")
        shown = suara.run("person", "show", "0812-3456-7890")
        assert shown.exit_code == 0
        assert "+62812•••890" in shown.output
        assert "34567890" not in shown.output
        for words in ("Kontak │ 1", "Undangan │ 2", "Pesan dari kami │ 4", "Undangan yang masih dapat dijawab: 1"):
            assert words in " ".join(shown.output.replace("│", " │ ").split()), words

    def test_who_looks_leaves_a_line_without_the_number(
        self, suara: Shell, services: Services, session: Session
    ) -> None:
        """It tells whether somebody wants no messages, so that it is seen who asked."""
        assert suara.run("person", "show", PHONE).exit_code == 0
        (line,) = [line for line in rows(session, AuditRow) if line.verb == "looked_up"]
        assert (line.subject_kind, line.subject, line.actor) == ("person", "+62812•••890", "suara")

    def test_says_since_which_day_as_the_message_does(
        self, suara: Shell, phone: Phone, services: Services, session: Session
    ) -> None:
        let_be_known(services, session, PHONE, "abc")
        with writing(services.engine) as changed:
            changed.execute(update(ContactRow).values(created_at=datetime(2026, 11, 16, 23, 30, tzinfo=UTC)))
        assert "Tersimpan sejak 2026-11-17." in suara.run("person", "show", PHONE).output
        assert "17/11/26" in phone.say("DATA SAYA")

    def test_forgets_and_leaves_a_line_without_the_number(
        self, suara: Shell, phone: Phone, services: Services, session: Session
    ) -> None:
        let_be_known(services, session, PHONE, "abc")
        phone.say("DK7")
        assert suara.run("person", "forget", "081234567890").exit_code == 0
        assert set(traces(services, session, PHONE).values()) == {0}
        (line,) = [line for line in rows(session, AuditRow) if line.verb == "forgotten"]
        assert (line.subject_kind, line.subject, line.actor) == ("person", "+62812•••890", "suara")
        assert not phone.say("4").startswith(THANKED), "the conversation has ended too"
        again = suara.run("person", "forget", "081234567890")
        assert (again.exit_code, "34567890" in again.output) == (0, False)

    def test_says_what_is_left_of_who_wants_no_messages(self, suara: Shell, services: Services) -> None:
        let_refuse(services, PHONE)
        assert "sidik nomornya" in suara.run("person", "forget", PHONE).output
        assert "Tidak mau dikirimi pesan." in suara.run("person", "show", PHONE).output

    def test_refuses_what_is_no_number_without_repeating_it(self, suara: Shell) -> None:
        refused: Any = suara.run("person", "forget", "0812345678901234567")
        assert refused.exit_code == 1
        assert "0812345678901234567" not in refused.output
