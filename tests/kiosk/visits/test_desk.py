"""The front desk writes visits down, sees masked numbers and no answers, and can withdraw an invitation."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlmodel import Session, col

from shared.db.accounts import Place
from shared.db.audit import AuditRow
from shared.db.engine import writing
from shared.db.message_tables import ConsentRow, InvitationRow, MessageRow
from shared.db.people_tables import OfficeRow
from shared.domain.people import Role
from shared.services import Services
from sms.inviting import ask_people
from tests.cast import ASHA, COUNTER, DEV, OFFICE, OTHER_OFFICE
from tests.factories import NOON, SettableClock
from tests.kiosk.link.phone import Phone
from tests.messages import TOKEN, let_be_asked, let_refuse, rows
from tests.pages import Pages, led_by

LIST, FORM = f"/visits/{OFFICE}", f"/visits/{OFFICE}/new"
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def a_form(**overrides: str) -> dict[str, str]:
    values = {
        "phone": "0813-7000-1234", "officer": ASHA, "counter": COUNTER, "day": "2026-11-18", "at": "11:30",
        "language": "id", "consent": "yes",
    }  # fmt: skip
    return {**values, **overrides}


def test_a_visit_is_written_down_with_consent_and_the_number_is_gone_from_sight(
    supervisor: Pages, session: Session
) -> None:
    for _ in range(2):
        assert supervisor.sent(FORM, form=FORM, **a_form()) == LIST
    page = supervisor.get(LIST)
    assert "+62813•••234" in page.text
    assert "70001" not in page.html
    assert "ditanya setelah 18 November 2026 12.30 WIB" in page.text.replace("\xa0", " ")
    (invitation,) = rows(session, InvitationRow)
    assert invitation.ask_at == NOON + timedelta(minutes=30)
    (consent,) = rows(session, ConsentRow)
    assert (consent.source, consent.told_by) == ("front_desk", "atasan")
    line = next(line for line in rows(session, AuditRow) if line.verb == "visit_told")
    assert (line.actor, line.subject, line.after) == ("atasan", OFFICE, {"officer_code": ASHA})


def test_who_refused_looks_like_any_other(supervisor: Pages, services: Services, session: Session) -> None:
    let_refuse(services)
    supervisor.sent(FORM, form=FORM, **a_form())
    supervisor.sent(FORM, form=FORM, **a_form(phone="0813-7000-5678"))
    first, second = ([*page.text.split("+62813•••")][1:] for page in (supervisor.get(LIST),) for _ in range(2))
    assert first == second
    told = [part.partition("Tarik")[0].replace("678", "").replace("234", "") for part in first[::2]]
    assert told[0] == told[1]


@on_sqlite
@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        pytest.param({"consent": "no"}, "Centang ini bila pengunjung sudah setuju", id="not ticked"),
        pytest.param({"phone": ""}, "perlu diisi", id="no phone"),
        pytest.param({"phone": "halo"}, "Ini bukan nomor telepon", id="a word for a phone"),
        pytest.param({"phone": "0755-61234"}, "tidak dapat menerima pesan", id="a landline"),
        pytest.param({"phone": "8" * 4000}, "Paling banyak", id="a phone without end"),
        pytest.param({"officer": ""}, "perlu diisi", id="no officer"),
        pytest.param({"officer": DEV}, "tidak melayani di kantor ini", id="an officer of another office"),
        pytest.param({"day": "2026-11-19"}, "belum terjadi", id="tomorrow"),
        pytest.param({"day": "2026-11-01"}, "lebih dari tujuh hari", id="weeks ago"),
        pytest.param({"day": "kemarin"}, "Tulis tanggal", id="a day in a word"),
        pytest.param({"day": "0001-01-01", "at": "00:30"}, "Tulis tanggal", id="a day that is none in another zone"),
        pytest.param({"at": "siang"}, "Tulis jam", id="a time in a word"),
        pytest.param({"language": "nl"}, "Pilih salah satu", id="a language we do not speak"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    supervisor: Pages, session: Session, overrides: dict[str, str], said: str
) -> None:
    page = supervisor.post(FORM, 400, form=FORM, **a_form(**overrides))
    assert said in page.text, page.text
    if "phone" not in overrides:
        assert 'value="0813-7000-1234"' in page.html, "they are still at the form"
    assert not [*rows(session, InvitationRow), *rows(session, ConsentRow)]


@on_sqlite
def test_everything_that_is_wrong_is_said_at_once(supervisor: Pages) -> None:
    page = supervisor.post(FORM, 400, form=FORM, **a_form(phone="0755-61234", officer="", consent="no"))
    for said in ("tidak dapat menerima pesan", "perlu diisi", "Centang ini bila pengunjung sudah setuju"):
        assert said in page.text
    assert 'value="0755-61234"' in page.html


def test_a_withdrawn_invitation_is_dead_at_once(
    app: Flask, supervisor: Pages, services: Services, session: Session
) -> None:
    with writing(services.engine) as changed:
        number = let_be_asked(changed, services, state="waiting", token_hash=None, phone_shown="+62813•••234")
    ask_people(services)
    (message,) = rows(session, MessageRow)
    assert supervisor.sent(f"{LIST}/{number}/withdraw", form=LIST) == LIST
    assert "ditarik" in supervisor.get(LIST).text
    assert [row.state for row in rows(session, InvitationRow)] == ["withdrawn"]
    assert [row.state for row in rows(session, MessageRow)] == ["withheld"]
    assert ask_people(services) == {}
    (line,) = (line for line in rows(session, AuditRow) if line.verb == "invitation_withdrawn")
    assert (line.actor, line.subject) == ("atasan", OFFICE)
    assert message.purpose == "invitation"


@on_sqlite
def test_an_office_does_not_see_who_has_answered(
    app: Flask, supervisor: Pages, services: Services, clock: SettableClock
) -> None:
    with writing(services.engine) as changed:
        let_be_asked(changed, services)
        let_be_asked(changed, services, token="another", phone="+6281370005678")
    before = supervisor.get(LIST).text
    phone = Phone(app)
    phone.send(f"/r/i/{TOKEN}", phone.open(f"/r/i/{TOKEN}"), overall="1")
    let_refuse(services, "+6281370005678")
    ask_people(services)
    assert supervisor.get(LIST).text == before
    assert "Tidak ada yang seperti ini" in supervisor.get(f"{LIST}?standing=over").text
    clock.advance(days=7)
    supervisor.lead_again(services, "atasan", LIST)
    assert supervisor.get(f"{LIST}?standing=over").text.count("selesai") == 3


@on_sqlite
def test_an_invitation_of_another_office_does_not_exist(supervisor: Pages, services: Services) -> None:
    with writing(services.engine) as changed:
        number = let_be_asked(changed, services, office_code=OTHER_OFFICE, counter_code=None, officers=[DEV])
    for office, status in ((OFFICE, 404), (OTHER_OFFICE, 404)):
        token = supervisor.get(FORM).csrf_token
        answer = supervisor.client.post(f"/visits/{office}/{number}/withdraw", data={"csrf_token": token})
        assert answer.status_code == status


@on_sqlite
def test_long_lists_are_cut_and_the_last_page_is_never_empty(supervisor: Pages, services: Services) -> None:
    with writing(services.engine) as changed:
        for number in range(51):
            let_be_asked(changed, services, token=f"token{number}", phone=f"+62813700{number:05}")
    assert "Halaman 1 dari 2" in supervisor.get(LIST).text
    assert supervisor.get(f"{LIST}?page=2").text.count("boleh menjawab sampai") == 1
    assert supervisor.redirect(f"{LIST}?page=9") == f"{LIST}?page=2"
    assert supervisor.redirect(f"{LIST}?standing=over&page=9") == f"{LIST}?standing=over&page=1"


@on_sqlite
def test_a_closed_office_invites_nobody(supervisor: Pages, services: Services) -> None:
    form = {"csrf_token": supervisor.get(FORM).csrf_token, **a_form()}
    with writing(services.engine) as changed:
        changed.execute(update(OfficeRow).where(col(OfficeRow.code) == OFFICE).values(closed_on=NOON.date()))
    services.directory.look_again()
    response = supervisor.client.post(FORM, data=form)
    assert response.status_code == 400
    assert "Belum ada petugas" in response.text


@on_sqlite
def test_an_officer_never_chooses_whom_to_ask(app: Flask, services: Services) -> None:
    agency: Any = led_by(app, services, "bkpsdm", Place(Role.AGENCY, region="SWL"))
    agency.get(LIST, 403)
