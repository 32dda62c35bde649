"""The webhook from Twilio's request to the recorded rating, on both databases."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select, update
from sqlmodel import Session

from shared import stream
from shared.db.engine import writing
from shared.db.message_tables import InboxRow
from shared.db.tables import QuarantineRow
from shared.phones import Phones
from shared.services import Services
from tests.cast import ASHA, COUNTER, DEV, OFFICE
from tests.factories import NOON, SettableClock
from tests.sms.stage import PATH, THANKED, Phone, a_form, recorded, reply_in


def test_one_message_becomes_one_recorded_rating(phone: Phone, services: Services, session: Session) -> None:
    reply = phone.say("NILAI DK7 4 ramah & cepat")
    assert reply == (
        f"{THANKED}: Asha Pertiwi (DK7), 4 Sangat baik. Tanpa nama. Petugas tidak dapat melihat siapa yang menilai."
    )
    (row,) = recorded(services, session)
    assert (row.officer_code, row.office_code, row.counter_code, row.overall) == (ASHA, OFFICE, None, 4)
    assert (row.comment, row.channel, row.language, row.month) == ("ramah & cepat", "sms", "id", "2026-11")
    assert (row.given_at, row.accepted_at, row.kiosk_id) == (NOON, NOON, None)
    assert row.rater_key


def test_whatsapp_is_a_channel_of_its_own_and_the_same_person(
    phone: Phone, services: Services, session: Session
) -> None:
    phone.say("RATE DK7")
    assert phone.say("3", From=f"whatsapp:{phone.number}").startswith("Thank you. Your rating is recorded")
    (row,) = recorded(services, session)
    assert (row.channel, row.language, row.overall) == ("whatsapp", "en", 3)


def test_a_conversation_by_counter_is_recorded_at_that_counter(
    phone: Phone, services: Services, session: Session
) -> None:
    assert phone.say(COUNTER) == (
        "Siapa yang melayani Anda di Loket 3? Balas dengan kode petugas: DK7 Asha Pertiwi."
    ), "only who is posted there now"
    assert phone.say(DEV).startswith('Petugas "PS1" tidak melayani di Loket 3.')
    assert phone.say(ASHA).startswith("Bagaimana pelayanan Asha Pertiwi (DK7)? Balas dengan satu angka: 1 Tidak baik")
    assert phone.say("4").startswith(THANKED)
    (row,) = recorded(services, session)
    assert (row.officer_code, row.counter_code, row.office_code) == (ASHA, COUNTER, OFFICE)


def test_a_counter_without_anybody_posted_names_all_who_serve_there(phone: Phone) -> None:
    assert phone.say("DSL4").endswith("kode petugas: DK7 Asha Pertiwi, DK8 Bilal.")


def test_who_left_the_counter_within_the_hour_is_still_named(phone: Phone, clock: SettableClock) -> None:
    clock.advance(hours=4, minutes=59)
    assert phone.say(COUNTER).endswith("kode petugas: DK7 Asha Pertiwi.")
    clock.advance(minutes=1)
    assert phone.say(COUNTER).endswith("kode petugas: DK7 Asha Pertiwi, DK8 Bilal.")


def test_two_people_have_two_conversations(phone: Phone) -> None:
    phone.say("DK7")
    assert phone.say("4", From="+6281234567891").startswith("Siapa yang melayani Anda?")
    assert phone.say("4").startswith(THANKED)


def test_a_redelivered_message_gets_the_same_reply_and_counts_once(
    phone: Phone, services: Services, session: Session
) -> None:
    phone.say("DK7")
    form = a_form("4")
    first = reply_in(phone.deliver(form))
    assert first.startswith(THANKED)
    assert reply_in(phone.deliver(form)) == first, "though the conversation is over"
    assert stream.length(services.redis) == 1
    assert len(recorded(services, session)) == 1


def test_a_message_redelivered_after_its_reply_was_lost_counts_once(
    phone: Phone, services: Services, session: Session, clock: SettableClock
) -> None:
    form = a_form("NILAI DK7 4 ramah")
    phone.deliver(form)
    services.redis.delete(*services.redis.keys("sms:*"))
    with writing(services.engine) as writer:
        writer.execute(delete(InboxRow))
    clock.advance(days=10)
    assert reply_in(phone.deliver(form)).startswith(THANKED)
    assert stream.length(services.redis) == 2
    assert len(recorded(services, session)) == 1
    assert session.execute(select(QuarantineRow)).all() == []


def test_the_same_message_twice_at_the_same_moment_counts_once(
    phone: Phone, services: Services, session: Session
) -> None:
    phone.say("DK7")
    form, replies = a_form("4"), []
    threads = [threading.Thread(target=lambda: replies.append(reply_in(phone.deliver(form)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(replies) == 4
    assert len(set(replies)) == 1
    assert replies[0].startswith(THANKED)
    assert len(recorded(services, session)) == 1


def test_the_same_words_in_a_new_message_are_a_new_rating(phone: Phone, services: Services, session: Session) -> None:
    phone.say("NILAI DK7 4")
    phone.say("NILAI DK7 4")
    assert len(recorded(services, session)) == 2


def test_a_phone_is_one_rater_in_a_month_and_another_in_the_next(
    phone: Phone, services: Services, session: Session, clock: SettableClock
) -> None:
    phone.say("NILAI DK7 4")
    phone.say("NILAI DK7 3")
    phone.say("NILAI DK7 3", From="+6281234567891")
    clock.moment = datetime(2026, 11, 30, 16, 59, tzinfo=UTC)
    phone.say("NILAI DK7 2")
    clock.advance(minutes=1)
    phone.say("NILAI DK7 1")
    keys: dict[int, set[str | None]] = {}
    for row in recorded(services, session):
        keys.setdefault(row.overall or 0, set()).add(row.rater_key)
    assert keys[4] == keys[2], "the whole of November in Sawahlunto"
    assert len(keys[3]) == 2, "another phone is another rater"
    assert keys[1] != keys[4], "17:00 UTC is December there"


BAD = [
    "", "👍", "x" * 5000, "'; DROP TABLE rating; --", "NILAI", "DK9 4", "DK7 5", "NILAI DSL3 PS1 4", "\x00", "STOP"
]  # fmt: skip


def test_what_cannot_be_a_rating_is_answered_and_records_nothing(phone: Phone, services: Services) -> None:
    for number, words in enumerate(BAD):
        assert phone.say(words, From=f"+62812345678{number:02d}"), words
    assert stream.length(services.redis) == 0


def test_a_picture_without_words_is_answered(phone: Phone) -> None:
    form = a_form()
    del form["Body"]
    reply = reply_in(phone.deliver({**form, "NumMedia": "1", "MediaUrl0": "https://example.com/1.jpg"}))
    assert reply.startswith("Maaf, di sini kami hanya dapat membaca tulisan")
    assert phone.say("NILAI DK7 4", NumMedia="1").startswith(THANKED), "with words, the words count"


def test_a_comment_no_longer_than_the_column_is_recorded(phone: Phone, services: Services, session: Session) -> None:
    phone.say("NILAI DK7 4 " + "😀 \x00sangat ramah " * 300)
    (row,) = recorded(services, session)
    assert row.comment is not None
    assert row.comment.startswith("😀 sangat ramah 😀")
    assert 450 < len(row.comment) <= 500


@pytest.mark.parametrize("sender", ["TOKOKU", "36606", "whatsapp:ID.12345"])
def test_a_sender_without_a_number_is_answered_but_rates_nobody(stranger: Phone, sender: str) -> None:
    reply = stranger.say("NILAI DK7 4", From=sender)
    assert reply.startswith("Penilaian hanya dapat kami terima dari nomor telepon")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        pytest.param({"MessageSid": ""}, 400, id="no message id"),
        pytest.param({"MessageSid": "SM 1"}, 400, id="an unreadable message id"),
        pytest.param({"From": ""}, 400, id="no sender"),
        pytest.param({"AccountSid": "AC" + "1" * 32}, 403, id="another account"),
        pytest.param({"AccountSid": ""}, 403, id="no account"),
    ],
)
@pytest.mark.parametrize("path", [PATH, f"{PATH}/status"])
def test_a_signed_form_that_is_not_ours_or_not_a_message_is_refused(
    stranger: Phone, path: str, change: dict[str, str], status: int
) -> None:
    form = {**a_form(), "MessageStatus": "" if "From" in change else "sent", **change}
    assert stranger.deliver(form, path).status_code == status


def test_a_conversation_written_by_another_version_begins_anew(phone: Phone, services: Services) -> None:
    phone.say("DK7")
    (key,) = services.redis.keys("sms:conversation:*")
    services.redis.set(key, b'{"officer": 7')
    with writing(services.engine) as writer:
        writer.execute(update(InboxRow).values(conversation=Phones.of(services.settings).seal('{"officer": 7')))
    assert phone.say("4").startswith("Siapa yang melayani Anda?")
