"""The phone on the screen of a demo: what it sends is really signed and taken, what it shows was really sent."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from html import unescape

import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import update
from sqlmodel import Session
from werkzeug.serving import make_server

from kiosk import create_app
from shared import stream
from shared.db.engine import writing
from shared.db.message_tables import ConsentRow, InboxRow, InvitationRow, MessageRow, WishRow
from shared.db.people_tables import RegionRow
from shared.db.tables import RatingRow
from shared.domain.outreach import MessageState
from shared.domain.phones import normal_phone
from shared.phones import Phones
from shared.services import Services
from shared.settings import Settings
from shared.simulator import GUARDIAN, INVENTED, numbers_of
from sms import create_app as create_message_app
from sms.campaigning import ask_guardians
from sms.inviting import ask_people
from sms.sending import send_due
from tests.cast import ASHA, BILAL, OFFICE
from tests.factories import SettableClock
from tests.guardians import a_guardian, let_agree, let_start
from tests.journeys.system import free_port
from tests.kiosk.conftest import bring_to_the_page
from tests.messages import rows
from tests.pages import Page, Pages, let_sign_in

on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
SIMULATOR = "/simulator"
SERVED, NUMBERS, GUARDIANS = f"{SIMULATOR}/served", f"{SIMULATOR}/numbers", f"{SIMULATOR}?phone=3"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Describe a demo, whose message app has a port of its own and may not run."""
    settings.var.mkdir(exist_ok=True)
    settings.demo_sheet.write_text("{}")
    return settings.model_copy(update={"sms_port": free_port()})


@pytest.fixture
def services(services: Services) -> Services:
    """Let the offices be those of a demo."""
    stream.open_group(services.redis)
    with writing(services.engine) as session:
        session.execute(update(RegionRow).values(demo=True))
    return services


@pytest.fixture
def running(services: Services) -> Iterator[None]:
    """Run the message app on its port."""
    server = make_server("127.0.0.1", services.settings.sms_port, create_message_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def phone(app: Flask) -> Pages:
    """Be somebody who tries the demo."""
    return Pages(app)


def send(phone: Pages, text: str, channel: str = "sms", **fields: str) -> Page:
    """Send a message; return the page that shows it."""
    return phone.get(phone.sent(SIMULATOR, form=SIMULATOR, text=text, channel=channel, **fields).partition("#")[0])


def be_served(phone: Pages) -> Page:
    """Say that one was served; return the page after it."""
    return phone.get(phone.sent(SERVED, form=SIMULATOR).partition("#")[0])


def bubbles(page: Page) -> list[str]:
    """Return the words of every message shown."""
    found = re.findall(r'<p class="bubble" lang="">(.*?)</p>', page.html, re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", one)).strip() for one in found]


def link_on(page: Page) -> str:
    """Return the path of the invitation's link."""
    (path,) = re.findall(r'href="http://[^/"]+(/r/i/\w+)"', page.html)
    return str(path)


def let_messages_leave(services: Services) -> None:
    ask_people(services)
    send_due(services)


@on_sqlite
def test_it_is_nowhere_but_in_a_demo(app: Flask, settings: Settings) -> None:
    assert SIMULATOR in Pages(app).get("/").html
    settings.demo_sheet.unlink()
    pages = Pages(app)
    pages.get(SIMULATOR, 404)
    for path in (SIMULATOR, SERVED, NUMBERS):
        pages.post(path, 404, form="/login", text="BANTUAN")
    assert SIMULATOR not in pages.get("/").html


@on_sqlite
@pytest.mark.parametrize("sends", [{"sms_by": "twilio"}, {"twilio_whatsapp_number": "+14155238886"}])
def test_it_is_not_where_messages_really_leave(services: Services, sends: dict[str, str]) -> None:
    sending = replace(services, settings=services.settings.model_copy(update=sends))
    Pages(create_app(sending)).get(SIMULATOR, 404)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(("channel", "price"), [("sms", "1 segmen · GSM-7 · Rp400"), ("whatsapp", "1 pesan · Rp360")])
def test_a_rating_by_either_channel_is_accepted_and_answered(
    phone: Pages, services: Services, session: Session, channel: str, price: str
) -> None:
    page = send(phone, "NILAI DK7 4 ramah", channel)
    words, reply = bubbles(page)
    assert words == "NILAI DK7 4 ramah"
    assert reply.startswith("Terima kasih. Penilaian Anda sudah tercatat: Asha Pertiwi (DK7), 4 Sangat baik.")
    assert page.text.count(price) == 1
    assert page.text.count("dibayar pengirim") == 1
    bring_to_the_page(services)
    (rating,) = rows(session, RatingRow)
    assert (rating.officer_code, rating.overall, rating.channel) == ("DK7", 4, channel)
    other = "sms" if channel == "whatsapp" else "whatsapp"
    assert bubbles(phone.get(f"{SIMULATOR}?channel={other}")) == [], "each channel is a thread of its own"


@on_sqlite
@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("x" * 160, "1 segmen · GSM-7"),
        ("x" * 161, "2 segmen · GSM-7"),
        ("bagus 😀", "1 segmen · UCS-2"),
        ("x" * 70 + "’", "2 segmen · UCS-2"),
        ("x" * 1600, "11 segmen · GSM-7"),
    ],
)
def test_each_message_says_how_long_it_is(phone: Pages, text: str, cost: str) -> None:
    page = send(phone, text)
    assert bubbles(page)[0] == text
    assert f"{cost} · dibayar pengirim" in page.text


@on_sqlite
@pytest.mark.usefixtures("running")
def test_prices_are_those_of_the_settings(services: Services) -> None:
    dear = services.settings.model_copy(update={"sms_rupiah": 1250, "whatsapp_rupiah": 990})
    phone = Pages(create_app(replace(services, settings=dear)))
    assert "GSM-7 · Rp1.250" in send(phone, "BANTUAN").text
    assert "1 pesan · Rp990" in send(phone, "BANTUAN", "whatsapp").text


@on_sqlite
@pytest.mark.usefixtures("running")
def test_a_message_signed_with_another_token_is_refused_and_the_page_says_so(
    services: Services, session: Session
) -> None:
    other = services.settings.model_copy(update={"twilio_auth_token": SecretStr("another")})
    phone = Pages(create_app(replace(services, settings=other)))
    page = phone.post(SIMULATOR, 502, form=SIMULATOR, text="NILAI DK7 4")
    assert "Aplikasi pesan menolak pesan ini" in page.text
    assert ">NILAI DK7 4</textarea>" in page.html, "what was typed is still there"
    assert rows(session, InboxRow) == []


@on_sqlite
def test_a_message_app_that_does_not_run_is_a_sentence(phone: Pages, services: Services) -> None:
    page = phone.post(SIMULATOR, 502, form=SIMULATOR, text="BANTUAN")
    assert f"Aplikasi pesan tidak menjawab di port {services.settings.sms_port}" in page.text


@on_sqlite
@pytest.mark.usefixtures("running")
def test_a_message_has_1600_characters_at_most(phone: Pages, session: Session) -> None:
    page = phone.post(SIMULATOR, 400, form=SIMULATOR, text="x" * 1601)
    assert "paling banyak 1600 huruf" in page.text
    send(phone, "   ")
    assert rows(session, InboxRow) == []


@on_sqlite
@pytest.mark.usefixtures("running")
def test_whoever_sends_too_fast_waits(phone: Pages) -> None:
    token = phone.get(SIMULATOR).csrf_token
    answers = [phone.client.post(NUMBERS, data={"csrf_token": token, "text": ""}).status_code for _ in range(3)]
    assert answers == [302] * 3
    statuses = [phone.client.post(SIMULATOR, data={"csrf_token": token, "text": ""}).status_code for _ in range(25)]
    assert statuses[:20] == [302] * 20
    assert statuses[-1] == 429


@on_sqlite
@pytest.mark.usefixtures("running")
def test_every_browser_has_phones_of_its_own_and_may_take_others(app: Flask, phone: Pages) -> None:
    assert len(bubbles(send(phone, "BANTUAN"))) == 2
    assert bubbles(phone.get(f"{SIMULATOR}?phone=1")) == []
    assert bubbles(phone.get(f"{SIMULATOR}?phone=x&channel=x")) != []
    assert bubbles(Pages(app).get(SIMULATOR)) == []
    phone.sent(NUMBERS, form=SIMULATOR)
    assert bubbles(phone.get(SIMULATOR)) == []


@on_sqlite
@pytest.mark.usefixtures("running")
def test_no_page_shows_a_whole_number(phone: Pages, services: Services) -> None:
    page = send(phone, "BANTUAN")
    mark = phone.client.get_cookie("simulated", path=SIMULATOR)
    assert mark is not None
    for number in numbers_of(mark.value, services.settings):
        assert f"…{number[-3:]}" in page.html
        assert number.removeprefix("+62") not in page.html


@on_sqlite
def test_the_numbers_are_telephones_and_told_apart(settings: Settings) -> None:
    for mark in map(str, range(300)):
        numbers = numbers_of(mark, settings)
        assert [normal_phone(number) for number in numbers] == numbers
        assert all(number.startswith(INVENTED) for number in numbers)
        assert len({number[-3:] for number in numbers}) == 3


@on_sqlite
@pytest.mark.usefixtures("running")
def test_the_schools_guardian_has_a_phone_there_that_everybody_sees(
    app: Flask, phone: Pages, services: Services, session: Session, clock: SettableClock
) -> None:
    assert "Wali murid" not in phone.get(SIMULATOR).text
    let_agree(services, [a_guardian(services, GUARDIAN, [ASHA, BILAL])])
    page = phone.get(GUARDIANS)
    assert "anaknya ada di dua kelas di Disdukcapil Sawahlunto" in page.text
    assert GUARDIAN.removeprefix("+62") not in page.html
    let_start(services)
    ask_guardians(services)
    assert "Disdukcapil Sawahlunto meminta penilaian untuk Asha Pertiwi" in phone.get(GUARDIANS).text
    let_messages_leave(services)
    page = phone.get(GUARDIANS)
    assert "bagaimana guru anak Anda? Balas NILAI untuk mulai atau isi di sini: http" in bubbles(page)[0]
    assert "atau balas NILAI: Anda ditanya satu per satu" in page.text
    for text in ("NILAI", "4"):
        clock.advance(seconds=5)
        phone.sent(SIMULATOR, form=GUARDIANS, phone="3", text=text)
    _, _, asked, _, following = bubbles(Pages(app).get(GUARDIANS))
    assert asked.startswith("Bagaimana pelayanan Asha Pertiwi (DK7)?")
    assert following.startswith("Terima kasih. Bagaimana pelayanan Bilal (DK8)?"), "whoever looks sees it"
    phone.sent(SIMULATOR, form=GUARDIANS, phone="3", text="2")
    bring_to_the_page(services)
    given = {row.officer_code: row.overall for row in rows(session, RatingRow)}
    assert given == {ASHA: 4, BILAL: 2}
    assert "Diterima: penilaian Anda untuk Asha Pertiwi, S.Sos., Bilal" in phone.get(GUARDIANS).text


@on_sqlite
@pytest.mark.usefixtures("running")
def test_whoever_signs_in_meanwhile_keeps_the_phones(phone: Pages, services: Services) -> None:
    words = bubbles(send(phone, "BANTUAN"))
    let_sign_in(services, "asha", ASHA)
    phone.sign_in("asha")
    assert bubbles(phone.get(SIMULATOR)) == words


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("way", ["link", "text"])
def test_somebody_who_was_served_is_invited_answers_and_the_rating_counts(
    phone: Pages, services: Services, session: Session, way: str
) -> None:
    page = be_served(phone)
    assert "Kunjungan ke Asha Pertiwi, S.Sos. (Disdukcapil Sawahlunto) sudah dicatat" in page.text
    (consent,) = rows(session, ConsentRow)
    assert (consent.source, consent.told_by) == ("queue_system", "simulator")
    let_messages_leave(services)
    (message,) = rows(session, MessageRow)
    assert (message.state, message.cost) == ("delivered", 400), "the phone on the screen has it"
    page = phone.get(SIMULATOR)
    assert "Anda diundang menilai Asha Pertiwi, S.Sos." in page.text
    if way == "text":
        page = send(phone, "4")
        assert "sudah tercatat: Asha Pertiwi (DK7), 4 Sangat baik" in bubbles(page)[-1]
    else:
        path = link_on(page)
        opened = phone.get(path)
        assert phone.client.post(path, data={**opened.hidden, "overall": "4"}).status_code == 303
        page = phone.get(SIMULATOR)
    assert "Diterima: penilaian Anda untuk Asha Pertiwi, S.Sos." in page.text
    bring_to_the_page(services)
    (rating,) = rows(session, RatingRow)
    assert (rating.officer_code, rating.overall, rating.channel) == ("DK7", 4, "sms" if way == "text" else "link")


@on_sqlite
@pytest.mark.parametrize("moment", ["2026-11-17T23:30:00+00:00", "2026-11-18T12:59:00+00:00"])
def test_the_office_is_one_whose_people_may_be_written_to(
    phone: Pages, services: Services, session: Session, clock: SettableClock, moment: str
) -> None:
    clock.moment = datetime.fromisoformat(moment)
    be_served(phone)
    let_messages_leave(services)
    (message,) = rows(session, MessageRow)
    assert message.office_code == ("PSF" if "23:30" in moment else "DSW")


@on_sqlite
def test_at_night_the_page_says_when_the_invitation_comes_and_none_leaves(
    phone: Pages, services: Services, session: Session, clock: SettableClock
) -> None:
    clock.moment = datetime.fromisoformat("2026-11-17T18:00:00+00:00")
    page = be_served(phone)
    assert "tiba 18 November 2026 08.00 WIT: pesan hanya dikirim antara pukul 08.00 dan 20.00" in page.text
    let_messages_leave(services)
    assert rows(session, MessageRow) == []


@on_sqlite
@pytest.mark.usefixtures("running")
def test_whoever_wants_no_messages_is_told_that_none_will_come(
    phone: Pages, services: Services, session: Session
) -> None:
    assert "Nomor ini tidak mau menerima pesan" in send(phone, "BERHENTI").text
    be_served(phone)
    let_messages_leave(services)
    assert rows(session, InvitationRow) == []
    assert "Nomor ini tidak mau menerima pesan" not in send(phone, "MULAI").text
    be_served(phone)
    let_messages_leave(services)
    (message,) = rows(session, MessageRow)
    assert message.state == MessageState.DELIVERED.value


@on_sqlite
@pytest.mark.usefixtures("running")
def test_nobody_is_invited_twice_in_a_day_and_the_page_says_so(
    phone: Pages, services: Services, session: Session, clock: SettableClock
) -> None:
    be_served(phone)
    let_messages_leave(services)
    clock.advance(minutes=2)
    be_served(phone)
    let_messages_leave(services)
    assert len(rows(session, MessageRow)) == 1
    assert "tidak ada yang diundang dua kali dalam sehari" in phone.get(SIMULATOR).text


@on_sqlite
def test_without_anybody_at_a_counter_there_is_no_visit(phone: Pages, services: Services, session: Session) -> None:
    with writing(services.engine) as writes:
        writes.execute(update(RegionRow).values(demo=False))
    page = phone.post(SERVED, 409, form=SIMULATOR)
    assert "belum ada kunjungan yang dapat dicatat" in page.text
    assert rows(session, InvitationRow) == []


@on_sqlite
def test_a_message_is_shown_only_when_it_has_been_sent(phone: Pages, services: Services) -> None:
    be_served(phone)
    ask_people(services)
    assert bubbles(phone.get(SIMULATOR)) == []
    send_due(services)
    (words,) = bubbles(phone.get(SIMULATOR))
    assert words.startswith("Disdukcapil Sawahlunto: ")


@on_sqlite
@pytest.mark.usefixtures("running")
def test_what_is_wiped_or_sealed_with_another_key_is_not_shown(services: Services) -> None:
    phone = Pages(create_app(services))
    send(phone, "BANTUAN")
    with writing(services.engine) as session:
        session.execute(update(InboxRow).values(text=Phones("another").seal("BANTUAN"), reply=None))
    assert bubbles(phone.get(SIMULATOR)) == []


@on_sqlite
@pytest.mark.usefixtures("running")
def test_whoever_is_forgotten_reads_the_reply_though_nothing_of_it_is_kept(phone: Pages) -> None:
    send(phone, "NILAI DK7 4 ramah")
    page = phone.post(SIMULATOR, 200, form=SIMULATOR, text="HAPUS DATA SAYA")
    assert "Nomor, pesan, dan undangan Anda sudah kami hapus" in page.text
    assert bubbles(page) == []
    assert "sudah kami hapus" not in phone.get(SIMULATOR).text


@on_sqlite
@pytest.mark.usefixtures("running")
def test_who_wants_an_answer_has_it_on_the_phone(
    phone: Pages, supervisor: Pages, services: Services, session: Session, clock: SettableClock
) -> None:
    assert "HUBUNGI" in bubbles(send(phone, "NILAI DK7 2 lama sekali"))[-1]
    clock.advance(minutes=1)
    assert "30 hari" in bubbles(send(phone, "HUBUNGI ke mana saya harus datang?"))[-1]
    assert "ke mana saya harus datang?" in supervisor.get(f"/wishes/{OFFICE}").text
    (wish,) = rows(session, WishRow)
    supervisor.sent(f"/wishes/{OFFICE}/{wish.id}", form=f"/wishes/{OFFICE}", answer="Silakan ke Loket 3.")
    clock.advance(minutes=1)
    send_due(services)
    assert bubbles(phone.get(SIMULATOR))[-1] == "Disdukcapil Sawahlunto: Silakan ke Loket 3."


@on_sqlite
def test_it_speaks_english_too(app: Flask) -> None:
    page = Pages(app, "en").get(SIMULATOR)
    assert page.h1 == ["Simulator"]
    assert "I was just served" in page.text
    assert [word for word in ("RATE DK7 4", "HELP", "STOP", "BANTUAN") if f'value="{word}"' in page.html] == [
        "RATE DK7 4", "HELP", "STOP",
    ]  # fmt: skip
