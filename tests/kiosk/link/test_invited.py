"""The link of an invitation: several officers in turn, each once; nothing of it stays with the rating."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlmodel import Session, col

from shared import stream
from shared.db.engine import writing
from shared.db.message_tables import ContactRow, InvitationOfficerRow, InvitationRow, MessageRow
from shared.db.people_tables import OfficerRow
from shared.db.tables import QuarantineRow, RatingRow
from shared.domain.months import Month
from shared.domain.people import OfficeKind
from shared.phones import Phones
from shared.privacy import rater_key, rater_period
from shared.services import Services
from sms.inviting import ask_people
from tests.cast import ASHA, BILAL, DEV
from tests.factories import NOON, SettableClock
from tests.kiosk.conftest import bring_to_the_page, fresh
from tests.kiosk.link.phone import Phone
from tests.messages import PHONE, SECRET, TOKEN, a_told_visit, let_be_asked, let_tell, rows

HERE = f"/r/i/{TOKEN}"
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def invited(services: Services) -> None:
    with writing(services.engine) as session:
        let_be_asked(session, services, officers=[ASHA, BILAL])


@pytest.mark.usefixtures("invited")
def test_each_officer_is_asked_about_in_turn_and_once(app: Flask, services: Services, session: Session) -> None:
    phone = Phone(app)
    first = phone.open(HERE)
    assert "Asha Pertiwi" in first.text
    more = phone.send(HERE, first, overall="4").headers["Location"]
    thanks = phone.open(urlsplit(phone.send(more, phone.open(more), do="send").headers["Location"]).path)
    assert "Nilai petugas berikutnya: Bilal" in thanks.text
    second = phone.open(HERE)
    assert "Bilal" in second.text
    assert "Asha" not in second.text
    last = phone.send(HERE, second, overall="2").headers["Location"]
    assert "petugas berikutnya" not in phone.open(f"{last}/thanks").text
    assert [row.state for row in rows(session, InvitationRow)] == ["answered"]
    assert "Anda sudah menjawab" in phone.open(HERE, 410).text
    bring_to_the_page(services)
    for page, overall in ((first, "1"), (second, "4")):
        assert "Anda sudah menjawab" in phone.looked_at(phone.send(HERE, page, overall=overall), 410).text
    assert phone.send(HERE, first, overall="4").status_code == 303, "sent twice, it is the same answer"
    bring_to_the_page(services)
    given = fresh(session).scalars(select(RatingRow).order_by(col(RatingRow.officer_code))).all()
    assert [(row.officer_code, row.overall, row.channel, row.counter_code) for row in given] == [
        (ASHA, 4, "link", "DSL3"),
        (BILAL, 2, "link", "DSL3"),
    ]
    assert session.scalars(select(QuarantineRow)).all() == []
    numbers = {str(row.id) for row in given}
    (invitation,) = rows(session, InvitationRow)
    assert str(invitation.id) not in numbers


def test_from_a_visit_told_by_a_queue_system_to_a_counted_rating(
    app: Flask, services: Services, session: Session, clock: SettableClock
) -> None:
    let_tell(services)
    app.test_client().post("/api/visits", json=a_told_visit(), headers={"Authorization": f"Bearer {SECRET}"})
    assert ask_people(services) == {}, "not before its hour"
    clock.advance(minutes=31)
    assert ask_people(services) == {"asked": 1}
    (message,) = rows(session, MessageRow)
    words = Phones.of(services.settings).open(message.text or b"")
    path, phone = urlsplit(words.rpartition(" ")[2]).path, Phone(app)
    assert phone.send(path, phone.open(path), overall="3").status_code == 303
    bring_to_the_page(services)
    (rating,) = fresh(session).scalars(select(RatingRow))
    assert (rating.officer_code, rating.overall, rating.channel) == (ASHA, 3, "link")
    assert [row.state for row in rows(session, MessageRow)] == ["withheld"], "what was not sent yet is not needed"
    clock.advance(days=8)
    assert ask_people(services) == {}


@pytest.mark.usefixtures("invited")
def test_the_rating_is_that_of_the_phone_so_that_a_later_one_replaces_it(
    app: Flask, services: Services, session: Session
) -> None:
    phone = Phone(app)
    phone.send(HERE, phone.open(HERE), overall="4")
    bring_to_the_page(services)
    services.directory.look_again()
    period = rater_period(Month(2026, 11), OfficeKind.DUKCAPIL)
    secret = services.directory.current().rater_secrets[period]
    (row,) = fresh(session).scalars(select(RatingRow))
    assert row.rater_key == rater_key(PHONE, secret)


@pytest.mark.usefixtures("invited")
@pytest.mark.parametrize("adds", [False, True], ids=["the face alone", "what was added comes in first"])
def test_an_officer_who_was_invited_about_themself_is_thanked_and_does_not_count(
    app: Flask, services: Services, session: Session, adds: bool
) -> None:
    with writing(services.engine) as writer:
        writer.get_one(OfficerRow, ASHA).own_phone_hash = Phones.of(services.settings).hash(PHONE)
    services.directory.look_again()
    phone = Phone(app)
    more = phone.send(HERE, phone.open(HERE), overall="4").headers["Location"]
    if adds:
        services.redis.delete(stream.STREAM)
        stream.open_group(services.redis)
        added = phone.send(more, phone.open(more), do="send", comment="Saya sendiri").headers["Location"]
        assert "Terima kasih" in phone.open(urlsplit(added).path).text
    bring_to_the_page(services)
    (row,) = fresh(session).scalars(select(RatingRow))
    assert (row.overall, row.own_phone, row.comment) == (4, True, "Saya sendiri" if adds else None)


@on_sqlite
@pytest.mark.usefixtures("invited")
def test_a_person_may_begin_with_either_but_with_nobody_else(app: Flask, session: Session) -> None:
    phone = Phone(app)
    chosen = phone.open(f"{HERE}?officer={BILAL}")
    assert "Bilal" in chosen.text
    assert {ASHA, BILAL} <= {code for code in (ASHA, BILAL) if code in phone.open(f"{HERE}?officer=").html}
    refused = phone.looked_at(phone.send(HERE, chosen, overall="4", officer=DEV), 422)
    assert "pilih salah satu petugas ini" in refused.text
    phone.looked_at(phone.send(HERE, chosen, overall="9"), 400)
    assert phone.send(HERE, chosen, overall="3").status_code == 303
    answered = {row.officer_code: row.answered for row in rows(session, InvitationOfficerRow)}
    assert answered == {ASHA: False, BILAL: True}


@on_sqlite
@pytest.mark.usefixtures("invited")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"state": "withdrawn"}, "sudah ditarik", id="withdrawn"),
        pytest.param({"state": "expired"}, "Waktu menjawab sudah lewat", id="expired"),
        pytest.param({"ask_at": NOON - timedelta(days=8), "expires_at": NOON}, "sudah lewat", id="over this moment"),
    ],
)
def test_a_link_that_is_over_says_so_kindly(
    app: Flask, services: Services, session: Session, changes: dict[str, object], said: str
) -> None:
    phone = Phone(app)
    page = phone.open(HERE)
    with writing(services.engine) as changed:
        changed.execute(update(InvitationRow).values(**changes))
    assert said in phone.open(HERE, 410).text
    assert said in phone.looked_at(phone.send(HERE, page, overall="4"), 410).text
    bring_to_the_page(services)
    assert fresh(session).scalars(select(RatingRow)).all() == []


@on_sqlite
@pytest.mark.usefixtures("invited")
def test_who_has_left_is_not_asked_about_any_more(app: Flask, services: Services, clock: SettableClock) -> None:
    phone = Phone(app)
    with writing(services.engine) as changed:
        changed.execute(update(OfficerRow).where(col(OfficerRow.code) == ASHA).values(left_on=NOON.date()))
    services.directory.look_again()
    assert "Bilal" in phone.open(HERE).text
    with writing(services.engine) as changed:
        changed.execute(update(OfficerRow).values(left_on=NOON.date()))
    services.directory.look_again()
    phone.open(HERE, 410)


@on_sqlite
@pytest.mark.parametrize("token", [TOKEN[:-1], TOKEN.upper(), "x", "é", "a" * 4000])
@pytest.mark.usefixtures("invited")
def test_no_other_link_opens_it(app: Flask, token: str) -> None:
    assert "tidak kami kenal" in Phone(app).open(f"/r/i/{token}", 404).text


@on_sqlite
def test_it_opens_in_the_language_they_were_asked_in(app: Flask, services: Services) -> None:
    with writing(services.engine) as session:
        let_be_asked(session, services, language="en")
    client = app.test_client()
    assert "How was this officer’s service?" in client.get(HERE).text.replace("&#39;", "’").replace("'", "’")
    client.set_cookie("language", "id")
    assert "Bagaimana pelayanan petugas ini?" in client.get(HERE).text


@pytest.mark.usefixtures("invited")
def test_who_wants_no_more_messages_says_so_there(app: Flask, services: Services, session: Session) -> None:
    phone = Phone(app)
    page = phone.open(HERE)
    for _ in range(2):
        said = phone.looked_at(phone.send(f"{HERE}/stop", page), 200)
        assert "tidak akan menerima pesan lagi" in said.text
    assert [row.refused_at for row in rows(session, ContactRow)] == [services.clock()]
    assert "sudah ditarik" in phone.open(HERE, 410).text
    assert phone.client.post(f"{HERE}/stop").status_code == 400, "no other page can say it for them"
    assert phone.send("/r/i/unknown/stop", page).status_code == 404
