"""Keys of queue systems: told once, kept as a hash, shut out at once; each of it in the trail."""

import pytest
from sqlmodel import Session

from shared.db.audit import AuditRow
from shared.db.message_tables import ApiKeyRow
from tests.cast import OFFICE
from tests.messages import a_told_visit, rows
from tests.pages import Page, Pages

KEYS = "/admin/keys"
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def made(admin: Pages, name: str = "Antrean Dukcapil") -> str:
    page = admin.post(KEYS, 200, form=KEYS, name=name, office=OFFICE)
    return next(word for word in page.text.split() if word.startswith("suara_"))


def status(admin: Pages, secret: str) -> int:
    headers = {"Authorization": f"Bearer {secret}"}
    return (
        admin.client.application.test_client().post("/api/visits", json=a_told_visit(), headers=headers).status_code
    )


def test_a_key_is_shown_once_works_and_is_shut_out(admin: Pages, session: Session) -> None:
    secret = made(admin)
    assert status(admin, secret) == 201
    page = admin.get(KEYS)
    assert secret not in page.html
    assert "18 November 2026" in page.text.replace("\xa0", " ")
    (key,) = rows(session, ApiKeyRow)
    token = page.csrf_token
    for _ in range(2):
        assert admin.client.post(f"{KEYS}/{key.id}/revoke", data={"csrf_token": token}).status_code == 302
    assert status(admin, secret) == 401
    assert "dicabut 18 November 2026" in admin.get(KEYS).text.replace("\xa0", " ")
    lines = [line for line in rows(session, AuditRow) if line.subject_kind == "api_key"]
    assert [(line.actor, line.verb, line.subject) for line in lines] == [
        ("admin", "added", f"{OFFICE} {key.id}"),
        ("admin", "changed", f"{OFFICE} {key.id}"),
    ]
    assert secret not in str([line.after for line in lines])
    assert "kunci API" in admin.get("/audit").text


@on_sqlite
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"name": "", "office": OFFICE}, "perlu diisi", id="no name"),
        pytest.param({"name": "x" * 81, "office": OFFICE}, "Paling banyak 80", id="a long name"),
        pytest.param({"name": "Antrean", "office": "GONE"}, "Pilih salah satu", id="an office nobody knows"),
    ],
)
def test_what_is_wrong_with_a_key_is_said(admin: Pages, session: Session, fields: dict[str, str], said: str) -> None:
    page: Page = admin.post(KEYS, 400, form=KEYS, **fields)
    assert said in page.text
    assert rows(session, ApiKeyRow) == []


@on_sqlite
def test_no_two_keys_of_an_office_have_one_name_but_after_the_first_is_revoked(admin: Pages) -> None:
    made(admin)
    page = admin.post(KEYS, 400, form=KEYS, name=" Antrean  Dukcapil ", office=OFFICE)
    assert "sudah punya kunci" in page.text
    admin.sent(f"{KEYS}/1/revoke", form=KEYS)
    made(admin)
    token = admin.get(KEYS).csrf_token
    assert admin.client.post(f"{KEYS}/9/revoke", data={"csrf_token": token}).status_code == 404
