"""A NUL or a number beyond all rows in a request is no failure: databases can keep neither, so none comes so far."""

import pytest
from sqlalchemy import select
from sqlmodel import Session

from shared.db.people_tables import OfficerRow
from shared.db.tables import RatingRow
from shared.services import Services
from tests.cast import ASHA, OFFICE
from tests.factories import a_sent_rating
from tests.kiosk.conftest import Device, bring_to_the_page
from tests.pages import Pages

SEARCHES = [
    "/admin/officers?words=%00", "/admin/officers?words=As%00ha&office=D%00SW&page=%00", "/admin/offices?words=%00",
    "/admin/kiosks?words=%00&page=%00", "/admin/accounts?words=%00", "/audit?actor=%00&subject=%00&before=%00",
    "/admin/imports?page=%00", "/admin/imports/new?kind=%00", f"/roster/{OFFICE}?officer=%00", "/roster?words=%00",
    "/admin/officers/new?office=%00", "/admin/offices/new?region=%00", "/admin/accounts/new?role=%00&officer=%00",
]  # fmt: skip
BEYOND = "9" * 20
LISTS = [*(f"/admin/{kind}" for kind in ("accounts", "imports", "kiosks", "offices", "officers")), "/roster"]
ADDRESSES = [
    "/admin/officers/DK7%00", "/admin/offices/%00", "/admin/offices/DSW%00/counters", "/admin/offices/%00/cards.pdf",
    "/roster/DSW%00", "/photos/DK7%00/0123456789abcdef.jpg", "/%00", "/login/%00", "/api/%00",
]  # fmt: skip


def test_no_page_fails_over_what_its_address_asks(admin: Pages) -> None:
    answers = {path: admin.client.get(path).status_code for path in SEARCHES}
    assert {path: status for path, status in answers.items() if status >= 500} == {}


def test_a_search_goes_on_with_the_rest(admin: Pages) -> None:
    assert "Asha Pertiwi" in admin.get("/admin/officers?words=As%00ha").text


def test_no_page_stands_at_an_address_with_a_nul(admin: Pages) -> None:
    assert {path: admin.client.get(path).status_code for path in ADDRESSES} == dict.fromkeys(ADDRESSES, 404)


def test_a_list_ends_where_it_ends_whatever_page_is_asked(admin: Pages) -> None:
    asked = [f"{path}?page={page}" for path in LISTS for page in (BEYOND, f"-{BEYOND}", "x")]
    asked += [f"/audit?before={BEYOND}", f"/audit?before=-{BEYOND}"]
    answers = {path: admin.client.get(path, follow_redirects=True).status_code for path in asked}
    assert {path: status for path, status in answers.items() if status >= 500} == {}


def test_a_search_is_as_long_as_its_field(admin: Pages) -> None:
    for path in ("/admin/accounts", "/admin/kiosks", "/admin/offices", "/admin/officers", "/audit"):
        page = admin.get(f"{path}?words={'a' * 101}%07").html
        assert f'value="{"a" * 100}"' in page, path


@pytest.mark.parametrize("number", [BEYOND, str(2**31)])
def test_there_is_no_row_at_a_number_that_none_has(admin: Pages, number: str) -> None:
    assert admin.client.get(f"/admin/accounts/{number}").status_code == 404
    assert admin.client.get(f"/admin/kiosks/{number}").status_code == 404
    token = admin.get("/account").csrf_token
    for path in (f"/admin/officers/DK7/moves/{number}/cancel", f"/account/sign-ins/{number}/end"):
        assert admin.client.post(path, data={"csrf_token": token}).status_code == 404, path


def test_a_form_is_taken_without_it(admin: Pages, session: Session) -> None:
    form = f"/admin/officers/new?office={OFFICE}"
    admin.sent("/admin/officers/new", form=form, code="DK3\0", office=f"\0{OFFICE}", name="Ci\0tra", nip="\0")
    assert session.get_one(OfficerRow, "DK3").name == "Citra"


def test_a_rating_is_recorded_without_it(device: Device, services: Services, session: Session) -> None:
    sent = a_sent_rating(comment="Ramah\0 sekali \ud83d\ude00", officer=ASHA)
    (result,) = device.give(sent).get_json()["results"]
    assert result["status"] == "accepted"
    bring_to_the_page(services)
    assert session.scalars(select(RatingRow)).one().comment == "Ramah sekali 😀"


@pytest.mark.parametrize("field", ["id", "officer", "counter", "service", "language", "given_at", "ticket"])
def test_a_rating_with_it_elsewhere_is_refused_alone(device: Device, field: str) -> None:
    answer = device.give(a_sent_rating(**{field: "DK\x007" * 9}), a_sent_rating())
    assert answer.status_code == 202
    assert [result["status"] for result in answer.get_json()["results"]] == ["refused", "accepted"]
