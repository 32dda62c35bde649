"""An office's own elements beyond the nine: set up in a browser, told to its kiosks, taken at the door."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.accounts import Place
from shared.db.engine import writing
from shared.db.people_tables import ExtraElementRow
from shared.db.ratings import record
from shared.db.tables import RatingRow
from shared.db.trail import acts_on
from shared.domain.people import Role
from shared.services import Services
from tests.cast import OFFICE, OTHER_OFFICE
from tests.factories import NOON, SettableClock, a_rating, a_sent_rating, an_extra_element
from tests.kiosk.conftest import Device, bring_to_the_page, fresh
from tests.pages import Pages, led_by

ELEMENTS = f"/admin/offices/{OFFICE}/elements"
U10 = f"{ELEMENTS}/U10"
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TYPED = {
    "code": "u10",
    "name": "Ruang  tunggu",
    "question": "Bagaimana kenyamanan ruang tunggu kami?",
    "answer_1": "Tidak nyaman",
    "answer_2": "Kurang nyaman",
    "answer_3": "Nyaman",
    "answer_4": "Sangat nyaman",
    "question_en": "How comfortable is our waiting room?",
    "position": "2",
}


def there_is(services: Services, **about: Any) -> None:
    with writing(services.engine) as session:
        session.add(an_extra_element(**about))


def change(admin: Pages, **changed: str) -> str:
    seen = admin.get(U10).value_of("_seen")
    return admin.sent(U10, form=U10, **{**TYPED, **changed, "_seen": seen})


def told(device: Device) -> dict[str, Any]:
    asked: dict[str, Any] = device.get("/api/kiosk/config").get_json()["extra_elements"]
    return asked


def test_an_element_is_added_once_and_the_kiosk_asks_it_in_both_languages(
    admin: Pages, device: Device, session: Session
) -> None:
    assert told(device) == {"id": [], "en": []}
    assert f'href="{ELEMENTS}"' in admin.get(f"/admin/offices/{OFFICE}").html
    for _ in range(2):
        assert admin.sent(ELEMENTS, form=ELEMENTS, **TYPED) == ELEMENTS
    row = session.get_one(ExtraElementRow, (OFFICE, "U10"))
    assert (row.name, row.position, row.name_en, row.ended_on) == ("Ruang tunggu", 2, None, None)
    answers = ["Tidak nyaman", "Kurang nyaman", "Nyaman", "Sangat nyaman"]
    assert told(device) == {
        "id": [{"code": "U10", "question": TYPED["question"], "answers": answers}],
        "en": [{"code": "U10", "question": TYPED["question_en"], "answers": answers}],
    }
    (act,) = acts_on(session, "extra_element", f"{OFFICE} U10")
    assert (act.actor.name, act.verb, act.after["answer_4"]) == ("admin", "added", "Sangat nyaman")
    assert "menambah unsur tambahan DSW U10: urutan 2; nama “Ruang tunggu”" in admin.get("/audit").text


@ON_SQLITE
def test_the_elements_of_a_form_stand_in_their_places_and_the_next_code_is_offered(
    admin: Pages, device: Device, services: Services
) -> None:
    there_is(services, code="U10", position=3)
    there_is(services, code="PARKIR", position=1)
    there_is(services, code="WIFI", position=2, ended_on=date(2026, 11, 18))
    there_is(services, code="U10", office_code=OTHER_OFFICE)
    assert [element["code"] for element in told(device)["en"]] == ["PARKIR", "U10"]
    page = admin.get(ELEMENTS)
    html = page.html
    assert "tidak lagi sejak 18 November 2026" in page.text
    assert 'name="code" type="text" value="U11"' in html
    assert 'name="position" type="number" value="4"' in html


@ON_SQLITE
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        pytest.param("code", "U9", "Nama ini sudah dipakai untuk kolom lain", id="one of the regulation's"),
        pytest.param("code", "waktu", "Nama ini sudah dipakai untuk kolom lain", id="the name of one of the nine"),
        pytest.param("code", "NILAI", "Nama ini sudah dipakai untuk kolom lain", id="a column of every table"),
        pytest.param("code", "U-10", "Awali dengan huruf", id="a dash"),
        pytest.param("code", "1U", "Awali dengan huruf", id="a digit first"),
        pytest.param("code", "U11", "Kode ini sudah dipakai.", id="a code in use"),
        pytest.param("question", "x" * 161, "Paling banyak 160 karakter", id="a question no screen can show"),
        pytest.param("answer_3", "kurang  NYAMAN", "Jawaban lain bunyinya sama", id="two answers that are one"),
        pytest.param("answer_2", "", "Bagian ini perlu diisi.", id="an answer missing"),
        pytest.param("position", "0", "Angka ini terlalu kecil.", id="no place"),
        pytest.param("position", "1.5", "Tulis bilangan bulat", id="half a place"),
    ],
)
def test_a_problem_stands_beside_its_field_and_nothing_typed_is_lost(
    admin: Pages, services: Services, session: Session, field: str, value: str, words: str
) -> None:
    there_is(services, code="U11")
    page = admin.post(ELEMENTS, 400, form=ELEMENTS, **{**TYPED, field: value})
    assert words in page.text
    assert f'value="{TYPED["question_en"]}"' in page.html
    assert list(session.scalars(select(col(ExtraElementRow.code)))) == ["U11"]


@ON_SQLITE
def test_a_form_bears_ten_of_them(admin: Pages, services: Services, session: Session) -> None:
    for number in range(11, 21):
        there_is(services, code=f"U{number}")
    page = admin.post(ELEMENTS, 400, form=ELEMENTS, **TYPED)
    assert "paling banyak sepuluh unsur tambahan" in page.text
    assert session.get(ExtraElementRow, (OFFICE, "U10")) is None


def test_words_are_mended_but_never_over_what_somebody_else_wrote(
    admin: Pages, app: Flask, services: Services, session: Session
) -> None:
    there_is(services)
    seen = admin.get(U10).value_of("_seen")
    other = led_by(app, services, "admin2", Place(Role.ADMINISTRATOR))
    assert change(other, name="Ruang tunggu dan kursi") == ELEMENTS
    page = admin.post(U10, 409, form=U10, **{**TYPED, "name": "Kursi", "_seen": seen})
    assert "Ada orang lain yang mengubah data ini" in page.text
    assert 'value="Kursi"' in page.html
    assert fresh(session).get_one(ExtraElementRow, (OFFICE, "U10")).name == "Ruang tunggu dan kursi"


def test_what_has_ended_is_asked_no_more_and_taken_still(
    admin: Pages, device: Device, services: Services, session: Session, clock: SettableClock
) -> None:
    there_is(services)
    change(admin, ended_on="2026-11-20")
    assert "hanya sebelum 20 November 2026" in admin.get(ELEMENTS).text
    clock.advance(hours=35, minutes=59)
    assert len(told(device)["id"]) == 1
    clock.advance(minutes=1)
    assert told(device) == {"id": [], "en": []}, "it is the twentieth in Sawahlunto"
    device.give(a_sent_rating(extras={"u10": 2}))
    bring_to_the_page(services)
    assert session.scalars(select(col(RatingRow.extras))).one() == {"U10": 2}, "it waited on the tablet"


def test_only_what_nobody_has_answered_can_be_removed(admin: Pages, services: Services, session: Session) -> None:
    there_is(services)
    there_is(services, code="U11")
    with writing(services.engine) as recording:
        record([a_rating(extras={"U10": 4})], recording, NOON)
    assert "jadi tidak bisa dihapus" in admin.post(f"{U10}/remove", 409, form=U10).text
    for path in (f"{ELEMENTS}/U11", ELEMENTS):
        admin.sent(f"{ELEMENTS}/U11/remove", form=path)  # the second time it is gone already
    assert list(session.scalars(select(col(ExtraElementRow.code)))) == ["U10"]


@ON_SQLITE
def test_what_is_not_of_this_office_is_not_there(admin: Pages, services: Services) -> None:
    there_is(services, office_code=OTHER_OFFICE)
    for path in ("/admin/offices/NONE/elements", U10, f"{ELEMENTS}/%00"):
        admin.get(path, 404)
        admin.post(path, 404, form=ELEMENTS, **TYPED)


@pytest.mark.parametrize(
    ("extras", "code"),
    [
        pytest.param({"U11": 3}, "unknown_element", id="an element of another office"),
        pytest.param({"U10": 3, "U12": 3}, "unknown_element", id="one known, one not"),
        pytest.param({"U10": 5}, "answer_out_of_range", id="answer 5"),
        pytest.param({"U10": "4"}, "answer_out_of_range", id="answer as text"),
        pytest.param({"U10": None}, "answer_out_of_range", id="no answer"),
        pytest.param({"U 10": 3}, "malformed", id="no code"),
        pytest.param({"\ud800": 3}, "malformed", id="half a character"),
        pytest.param([3], "malformed", id="a list"),
    ],
)
@ON_SQLITE
def test_a_wrong_extra_answer_is_refused_and_its_neighbours_go_in(
    device: Device, services: Services, session: Session, extras: Any, code: str
) -> None:
    there_is(services)
    there_is(services, code="U11", office_code=OTHER_OFFICE)
    results = device.give(a_sent_rating(extras=extras), a_sent_rating(extras={})).get_json()["results"]
    assert [(one["status"], one["code"]) for one in results] == [("refused", code), ("accepted", "accepted")]
    if code == "unknown_element":
        assert results[0]["detail"] == f"Kantor ini tidak punya unsur tambahan dengan kode “{max(extras)}”."
    bring_to_the_page(services)
    assert session.scalars(select(col(RatingRow.extras))).all() == [None]


def test_a_form_that_answers_nothing_else_is_an_answer_and_moves_no_score(
    device: Device, services: Services, session: Session
) -> None:
    there_is(services, ended_on=date(2027, 1, 1))
    sent = a_sent_rating(officer=None, overall=None, extras={"U10": 1})
    for _ in range(2):
        assert device.give(sent).get_json()["results"][0]["status"] == "accepted"
    bring_to_the_page(services)
    row = session.scalars(select(RatingRow)).one()
    assert (str(row.id), row.extras, row.overall, row.officer_code) == (sent["id"], {"U10": 1}, None, None)
    empty = a_sent_rating(officer=None, overall=None, extras={})
    assert device.give(empty).get_json()["results"][0]["code"] == "no_answer"
