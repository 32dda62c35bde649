"""A school asks its guardians from a page: starts, pauses and cancels it, and never sees who answered."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from sqlmodel import Session, col

from shared.db.accounts import Place
from shared.db.audit import AuditRow
from shared.db.engine import writing
from shared.db.message_tables import InvitationRow
from shared.db.people_tables import OfficeRow
from shared.domain.people import Role
from shared.services import Services
from sms.campaigning import ask_guardians
from sms.inviting import ask_people
from tests.cast import ASHA, BILAL, DEV, OFFICE, OTHER_OFFICE
from tests.guardians import a_guardian, campaign_now, let_agree, let_start, phone_number
from tests.messages import let_refuse, rows
from tests.pages import Pages, led_by

PAGE = f"/visits/{OFFICE}/campaigns"
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def let_some_agree(services: Services, count: int = 3) -> None:
    let_agree(services, [a_guardian(services, phone_number(number), [ASHA, BILAL]) for number in range(count)])


def test_a_campaign_is_started_paused_resumed_and_cancelled(
    supervisor: Pages, services: Services, session: Session
) -> None:
    assert "Belum ada wali murid" in supervisor.get(PAGE).text
    let_some_agree(services)
    page = supervisor.get(PAGE)
    assert "Mulai survei November 2026" in page.text
    assert "Mulai survei Semester II 2026" in page.text
    assert "seluruhnya sekitar Rp 1.200" in page.text
    assert "Pilih salah satu" in page.text
    assert supervisor.sent(PAGE, form=PAGE, period="2026-11") == PAGE
    number = campaign_now(services).id
    assert campaign_now(services).started_by == "atasan"
    assert "0 dari 3 wali murid" in supervisor.get(PAGE).text
    assert "paling banyak 5.000 SMS sehari" in supervisor.get(PAGE).text
    assert "Mulai survei" not in supervisor.get(PAGE).text, "they agreed to once a month"
    assert supervisor.sent(f"{PAGE}/{number}/pause", form=PAGE) == PAGE
    assert ask_guardians(services) == {}
    assert "dijeda" in supervisor.get(PAGE).text
    assert supervisor.sent(f"{PAGE}/{number}/resume", form=PAGE) == PAGE
    assert ask_guardians(services) == {"guardians": 3}
    assert "3 dari 3 wali murid" in supervisor.get(PAGE).text
    about = f"{PAGE}/{number}/cancel"
    assert supervisor.sent(about, form=about) == PAGE
    assert "dibatalkan" in supervisor.get(PAGE).text
    assert {row.withdrawn_by for row in rows(session, InvitationRow)} == {"atasan"}
    assert "sudah berakhir" in supervisor.get(about).text
    told = [(line.verb, line.subject) for line in rows(session, AuditRow) if line.verb.startswith("campaign_")]
    acts = ("started", "paused", "resumed", "cancelled")
    assert sorted(told) == sorted((f"campaign_{act}", f"{OFFICE} 2026-11") for act in acts)


@on_sqlite
def test_what_cannot_be_is_said_on_the_page(supervisor: Pages, services: Services) -> None:
    token = supervisor.get(PAGE).csrf_token
    answer = supervisor.client.post(PAGE, data={"csrf_token": token, "period": "2026-11"})
    assert (answer.status_code, "Belum ada wali murid" in answer.text, "suara import" in answer.text) == (
        400, True, False,
    )  # fmt: skip
    let_some_agree(services)
    number = let_start(services)
    for period in ("2026-11", "2026-S2"):
        answer = supervisor.client.post(PAGE, data={"csrf_token": token, "period": period})
        assert (answer.status_code, "sekali sebulan" in answer.text) == (400, True)
    assert supervisor.client.post(PAGE, data={"csrf_token": token, "period": "besok"}).status_code == 400
    ask_guardians(services)
    for act in ("pause", "resume"):
        answer = supervisor.client.post(f"{PAGE}/{number}/{act}", data={"csrf_token": token})
        assert (answer.status_code, "sudah berakhir" in answer.text) == (409, True)


@on_sqlite
def test_a_campaign_of_another_office_does_not_exist(supervisor: Pages, services: Services) -> None:
    let_agree(services, [a_guardian(services, phone_number(0), [DEV])], OTHER_OFFICE)
    number, token = let_start(services, OTHER_OFFICE), supervisor.get(PAGE).csrf_token
    for office in (OFFICE, OTHER_OFFICE):
        for act in ("pause", "resume", "cancel"):
            path = f"/visits/{office}/campaigns/{number}/{act}"
            assert supervisor.client.post(path, data={"csrf_token": token}).status_code == 404
    assert campaign_now(services, OTHER_OFFICE).state.value == "running"


@on_sqlite
def test_who_refused_is_asked_like_any_other_as_far_as_the_office_sees(supervisor: Pages, services: Services) -> None:
    let_some_agree(services)
    let_refuse(services, phone_number(1))
    let_start(services)
    ask_guardians(services)
    ask_people(services)
    assert "3 dari 3 wali murid" in supervisor.get(PAGE).text
    listed = supervisor.get(f"/visits/{OFFICE}").text
    assert [listed.count(f"+62813•••00{number}") for number in range(3)] == [2, 2, 2]
    assert listed.count("boleh menjawab sampai") == 3


@on_sqlite
def test_only_a_schools_invitations_lead_there_and_an_auditor_only_reads(app: Flask, services: Services) -> None:
    let_some_agree(services)
    let_start(services)
    auditor: Any = led_by(app, services, "pemeriksa", Place(Role.AUDITOR))
    assert PAGE not in auditor.get(f"/visits/{OFFICE}").html
    with writing(services.engine) as changed:
        changed.execute(update(OfficeRow).where(col(OfficeRow.code) == OFFICE).values(kind="school"))
    services.directory.look_again()
    assert PAGE in auditor.get(f"/visits/{OFFICE}").html
    assert "<button" not in auditor.get(PAGE).html.partition("<main")[2].partition("</main")[0]
