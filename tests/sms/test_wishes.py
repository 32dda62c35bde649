"""Who was not content is offered an answer; what they write for it is kept apart, and not for long."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from shared.consent_wording import WISH_VERSION
from shared.db.audit import BY_ITSELF, act_as
from shared.db.engine import writing
from shared.db.message_tables import InboxRow, MessageRow, WishRow
from shared.domain.messages import SEGMENT, gsm_length
from shared.phones import Phones
from shared.services import Services
from shared.wishes import AnswerHoldsNumber, AnswerTooLong, Wish, answer, open_wishes, room_of
from sms import jobs
from sms.conversation import Turn, WantsAnswer, take_turn
from sms.person import Person
from sms.replies import Reply
from sms.said import Conversation
from sms.sending import send_due
from tests.cast import OFFICE, OTHER_OFFICE
from tests.factories import NOON, SettableClock
from tests.messages import rows
from tests.sms.outgoing import WHATSAPP, by_twilio
from tests.sms.stage import PHONE, THANKED, Phone, a_directory, recorded
from tests.sms.twilio_server import TwilioServer

DIRECTORY = a_directory()
REACHABLE = Person(reachable=True)
ASKED = "Antrean saya hilang, ke mana saya harus datang?"


@pytest.fixture
def ours(services: Services, twilio: TwilioServer, monkeypatch: pytest.MonkeyPatch) -> Services:
    """An installation that sends by a Twilio."""
    sending = by_twilio(services, twilio)
    monkeypatch.setattr(jobs, "services", lambda: sending)
    return sending


@pytest.fixture
def writer(ours: Services, phone: Phone) -> Phone:
    """A resident's phone, which an answer can reach."""
    return Phone(ours, phone.number)


def after(*texts: str, person: Person = REACHABLE) -> Turn:
    turn = Turn(Conversation(), Reply.HOW_IT_WORKS)
    for minute, text in enumerate(texts):
        turn = take_turn(turn.conversation, text, NOON + timedelta(minutes=minute), DIRECTORY, person)
    return turn


def let_wish(writer: Phone, words: str = ASKED, rated: str = "DK7 2 lama sekali") -> str:
    writer.say(rated)
    return writer.say(f"HUBUNGI {words}")


def answered(services: Services, session: Session, words: str = "Silakan ke Loket 3.", office: str = OFFICE) -> bool:
    (wish, *_) = rows(session, WishRow)
    place = services.directory.current().offices[office]
    with writing(services.engine) as acting:
        act_as(acting, BY_ITSELF, services.clock())
        return answer(wish.id, place, words, acting, services)


def wishes(services: Services, session: Session, office: str = OFFICE) -> list[Wish]:
    session.rollback()
    return open_wishes(session, office, services)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        pytest.param("DK7 2 lama sekali", Reply.THANKS_AND_OFFER, id="poor, with words"),
        pytest.param("DK7 1 ditolak", Reply.THANKS_AND_OFFER, id="bad, with words"),
        pytest.param("DK7 2", Reply.THANKS, id="without words there is nothing to answer"),
        pytest.param("DK7 3 lumayan cepat", Reply.THANKS, id="who was content is not asked"),
    ],
)
def test_only_who_was_not_content_and_says_why_is_offered_an_answer(text: str, reply: Reply) -> None:
    assert after(text).reply is reply


def test_nobody_is_offered_what_could_not_reach_them() -> None:
    assert after("DK7 1 ditolak", person=Person()).reply is Reply.THANKS


@pytest.mark.parametrize(
    "text", ["HUBUNGI kapan selesai?", "hubungi: kapan selesai?", "HUBNGI kapan selesai?", "CONTACT kapan selesai?"]
)
def test_the_words_after_hubungi_go_to_the_office(text: str) -> None:
    turn = after("DK7 1 ditolak", text)
    assert turn.reply is Reply.HANDED_ON
    assert turn.wants_answer is not None
    assert (turn.wants_answer.office, turn.wants_answer.words) == ("DSW", "kapan selesai?")
    assert after("DK7 1 ditolak", text, text).wants_answer is None, "once"


@pytest.mark.parametrize("text", ["HUBUNGI", "hubungi saya ya", "Hubungi."])
def test_without_words_they_are_asked_for(text: str) -> None:
    turn = after("DK7 1 ditolak", text)
    assert (turn.reply, turn.wants_answer) == (Reply.WRITE_TO_OFFICE, None)
    assert after("DK7 1 ditolak", text, "HUBUNGI kapan selesai?").reply is Reply.HANDED_ON


def test_without_a_rating_there_is_no_office_to_hand_it_to() -> None:
    assert after("HUBUNGI kapan selesai?").wants_answer is None
    assert after("DK7", "HUBUNGI kapan selesai?").wants_answer is None


def test_that_somebody_wants_an_answer_does_not_tell_how_they_rated() -> None:
    assert after("DK7 4 ramah", "HUBUNGI kapan selesai?").wants_answer == WantsAnswer("DSW", "kapan selesai?")


def test_an_offer_stands_for_a_day() -> None:
    offered = after("DK7 1 ditolak").conversation
    for hours, taken in ((23, True), (24, False)):
        turn = take_turn(offered, "HUBUNGI kapan selesai?", NOON + timedelta(hours=hours), DIRECTORY, REACHABLE)
        assert (turn.wants_answer is not None) == taken


def test_numbers_and_addresses_are_left_out() -> None:
    turn = after("DK7 1 ditolak", "HUBUNGI telepon saya di 0812-3456-7890")
    assert turn.wants_answer is not None
    assert turn.wants_answer.words == "telepon saya di …"


def test_a_wish_is_kept_sealed_and_apart_from_the_rating(writer: Phone, ours: Services, session: Session) -> None:
    assert let_wish(writer).startswith("Kantor membaca pesan ini")
    (wish,) = rows(session, WishRow)
    phones = Phones.of(ours.settings)
    assert (phones.open(wish.phone), phones.open(wish.words)) == (PHONE, ASKED)
    assert (wish.office_code, wish.asked_on, wish.wording) == (OFFICE, date(2026, 11, 18), WISH_VERSION)
    session.rollback()
    (rating,) = recorded(ours, session)
    told = {str(value) for value in wish.model_dump().values()}
    assert not told & {str(rating.id), rating.id.hex, "DK7", rating.digest, str(rating.rater_key)}
    assert not {str(row.id) for row in rows(session, InboxRow)} & told


def test_a_later_wish_takes_the_place_of_the_earlier(writer: Phone, ours: Services, session: Session) -> None:
    let_wish(writer)
    let_wish(writer, "Sudah ketemu, tetapi kapan selesai?")
    (wish,) = rows(session, WishRow)
    assert Phones.of(ours.settings).open(wish.words).startswith("Sudah ketemu")


def test_an_answer_leaves_once_in_the_office_s_name_and_nothing_is_kept(
    writer: Phone, ours: Services, session: Session, twilio: TwilioServer
) -> None:
    let_wish(writer)
    assert answered(ours, session)
    assert answered(ours, session, "Pencet dua kali."), "pressed twice"
    (listed,) = wishes(ours, session)
    assert listed.leaving
    jobs.send_messages()
    (sent,) = twilio.forms
    assert (sent["To"], sent["Body"].endswith(": Silakan ke Loket 3.")) == (PHONE, True)
    assert (gsm_length(sent["Body"]) or 999) <= SEGMENT
    assert rows(session, WishRow) == []


def test_by_night_an_answer_waits_for_the_morning(
    writer: Phone, ours: Services, session: Session, clock: SettableClock, twilio: TwilioServer
) -> None:
    let_wish(writer)
    clock.advance(hours=10)  # 22:00 in Sawahlunto
    answered(ours, session)
    jobs.send_messages()
    assert twilio.forms == []
    clock.advance(hours=10)
    jobs.send_messages()
    assert len(twilio.forms) == 1


def test_what_did_not_get_through_can_be_answered_again(
    writer: Phone, ours: Services, session: Session, clock: SettableClock
) -> None:
    let_wish(writer)
    answered(ours, session)
    clock.advance(days=4)
    jobs.send_messages()
    (wish,) = wishes(ours, session)
    assert (wish.failed, wish.leaving) == (True, False)
    answered(ours, session, "Sekali lagi.")
    jobs.send_messages()
    assert rows(session, WishRow) == []


@pytest.mark.parametrize("text", ["STOP", "HAPUS DATA SAYA"])
def test_a_wish_is_taken_back_with_its_answer(
    writer: Phone, ours: Services, session: Session, twilio: TwilioServer, text: str
) -> None:
    let_wish(writer)
    answered(ours, session)
    writer.say(text)
    assert rows(session, WishRow) == []
    jobs.send_messages()
    assert twilio.forms == []
    assert [row.state for row in rows(session, MessageRow)] == ["withheld"]


def test_what_nobody_answers_is_forgotten_after_thirty_days(
    writer: Phone, ours: Services, session: Session, clock: SettableClock
) -> None:
    let_wish(writer)
    for days, left in ((30, 1), (1, 0)):
        clock.advance(days=days)
        jobs.forget()
        assert len(rows(session, WishRow)) == left


def test_an_office_answers_only_its_own(writer: Phone, ours: Services, session: Session) -> None:
    let_wish(writer)
    assert wishes(ours, session, OTHER_OFFICE) == []
    assert not answered(ours, session, office=OTHER_OFFICE)
    assert rows(session, MessageRow) == []


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("a" * 160, AnswerTooLong),
        ("Telepon 0755-123456", AnswerHoldsNumber),
        ("tulis ke a@b.go.id", AnswerHoldsNumber),
    ],
)
def test_an_answer_fits_one_message_and_holds_no_number(
    writer: Phone, ours: Services, session: Session, words: str, problem: type[Exception]
) -> None:
    let_wish(writer)
    with pytest.raises(problem):
        answered(ours, session, words)
    room = room_of(ours.directory.current().offices[OFFICE])
    assert answered(ours, session, "b" * room)


def test_who_nothing_can_reach_is_thanked_as_always(services: Services, phone: Phone) -> None:
    quiet: Any = replace(services, settings=services.settings.model_copy(update={"sms_by": "console"}))
    assert Phone(quiet, phone.number).say("DK7 1 ditolak").startswith(THANKED)


def test_an_answer_to_who_wrote_by_whatsapp_goes_back_by_it(
    writer: Phone, ours: Services, session: Session, twilio: TwilioServer
) -> None:
    """They are nobody we ever asked: that they wrote today is all it takes."""
    settings = ours.settings.model_copy(update={"twilio_whatsapp_number": WHATSAPP})
    both = replace(ours, settings=settings)
    by_whatsapp = Phone(both, writer.number)
    for text in ("DK7 2 lama sekali", f"HUBUNGI {ASKED}"):
        by_whatsapp.say(text, From=f"whatsapp:{PHONE}")
    assert answered(both, session)
    send_due(both)
    assert [one["to"] for one in twilio.outbound] == [f"whatsapp:{PHONE}"]
