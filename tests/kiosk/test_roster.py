"""The roster in a browser: a week of one office, and the week before copied into it."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlmodel import Session

from shared.db.people_tables import OfficeRow, OfficerRow
from shared.domain.people import Role
from shared.services import Services
from tests.cast import ASHA, BILAL, DEV, OFFICE, OTHER_OFFICE
from tests.factories import NOON
from tests.kiosk.rosters import NEW, WEEK, a_posting, as_role, change, postings, put
from tests.pages import Pages


class TestWeek:
    def test_it_shows_who_stands_where_in_the_zone_of_the_office(self, supervisor: Pages) -> None:
        page = supervisor.get(WEEK)
        assert [" ".join(title.replace("\u2060", "").split()) for title in page.h1] == ["Jadwal, 16–22 November 2026"]
        assert "Asha Pertiwi, S.Sos., 08.00–16.00" in page.text
        assert "WIB" in page.text
        assert "Rabu, 18 November, hari ini" in page.html.replace("\u00a0", " "), "also on a phone"
        assert f'href="/office/{OFFICE}"' in page.html
        assert f'href="/roster/{OFFICE}/2026-11-09"' in page.html
        assert f'href="/roster/{OFFICE}/2026-11-23"' in page.html
        assert "Asha" not in supervisor.get(f"/roster/{OFFICE}/2026-11-23").text.partition("Tambah tugas")[0]

    def test_one_office_is_opened_at_once_and_any_day_leads_to_its_week(self, supervisor: Pages) -> None:
        assert supervisor.redirect("/roster") == f"/roster/{OFFICE}"
        assert supervisor.redirect(f"/roster/{OFFICE}") == WEEK
        assert supervisor.redirect(f"/roster/{OFFICE}/2026-11-22") == WEEK

    def test_several_offices_are_listed_and_searched(self, app: Flask, services: Services) -> None:
        admin = as_role(app, services, Role.ADMINISTRATOR)
        assert "Puskesmas Sofifi" in admin.get("/roster").text
        page = admin.get("/roster?words=disduk")
        assert "Disdukcapil Sawahlunto" in page.text
        assert "Puskesmas Sofifi" not in page.text

    @pytest.mark.parametrize("day", ["2026-11-31", "besok", "0001-01-01", "9999-12-27"])
    def test_what_is_no_day_is_not_there(self, supervisor: Pages, day: str) -> None:
        supervisor.get(f"/roster/{OFFICE}/{day}", status=404)

    def test_an_auditor_reads_and_is_offered_nothing_to_press(
        self, app: Flask, services: Services, session: Session
    ) -> None:
        auditor = as_role(app, services, Role.AUDITOR)
        (known,) = postings(session, ASHA)
        for path in (WEEK, f"{WEEK}/{known.id}"):
            page = auditor.get(path)
            assert "Asha Pertiwi" in page.text
            assert page.html.count("<button") == 1, "but to sign out"
        auditor.post(WEEK, 403, form="/account", **NEW)
        assert postings(session, BILAL) == []

    def test_an_office_without_counters_says_what_to_do(self, app: Flask, services: Services) -> None:
        put(
            services,
            OfficeRow(
                code="PKB", region_code="SWL", name="Puskesmas Baru", kind="puskesmas", timezone="Asia/Jakarta"
            ),
        )
        page = as_role(app, services, Role.ADMINISTRATOR).get("/roster/PKB/2026-11-16")
        assert "Belum ada loket" in page.text


class TestOtherOffices:
    """An office that is not the supervisor's own does not exist for them."""

    @pytest.fixture
    def foreign(self, services: Services, session: Session) -> int:
        put(services, a_posting(DEV, "PSL1", NOON + timedelta(days=1)))
        (row,) = postings(session, DEV)
        return row.id or 0

    def test_neither_its_pages_nor_its_postings(self, supervisor: Pages, foreign: int, session: Session) -> None:
        there = f"/roster/{OTHER_OFFICE}/2026-11-16"
        for path in (f"/roster/{OTHER_OFFICE}", there, f"{there}/{foreign}", f"{WEEK}/{foreign}"):
            supervisor.get(path, status=404)
        end = {"ends_on": "2026-11-19", "until": "23:00"}
        supervisor.post(there, 404, form=WEEK, **{**NEW, "officer": DEV, "counter": "PSL1"})
        supervisor.post(f"{there}/copy", 404, form=WEEK)
        for place in (there, WEEK):
            supervisor.post(f"{place}/{foreign}", 404, form=WEEK, **end)
            supervisor.post(f"{place}/{foreign}/remove", 404, form=WEEK)
        supervisor.get(f"{WEEK}/99999999999", status=404)
        assert len(postings(session, DEV)) == 1


class TestCopy:
    NEXT = f"/roster/{OFFICE}/2026-11-23"

    def test_last_week_is_copied_once_and_only_what_is_missing(self, supervisor: Pages, session: Session) -> None:
        supervisor.sent(WEEK, form=WEEK, **NEW)
        supervisor.sent(self.NEXT, form=self.NEXT, **{**NEW, "day": "2026-11-27"})
        page = supervisor.post(f"{self.NEXT}/copy", 200, form=self.NEXT)
        assert "minggu sebelumnya: 1." in page.text
        assert "Asha Pertiwi, S.Sos., 08.00–16.00" in page.text
        page = supervisor.post(f"{self.NEXT}/copy", 200, form=self.NEXT)
        assert "sudah ada di sini" in page.text
        assert [len(postings(session, officer)) for officer in (ASHA, BILAL)] == [2, 2]
        assert postings(session, ASHA)[1].starts_at == NOON - timedelta(hours=4) + timedelta(days=7)

    def test_it_says_whom_it_skipped_and_why(self, supervisor: Pages, services: Services, session: Session) -> None:
        put(services, OfficerRow(code="DK9", name="Sutarmi", office_code=OFFICE))
        put(services, a_posting("DK9", "DSL4", NOON), a_posting(BILAL, "DSL4", NOON + timedelta(days=1)))
        put(services, a_posting(BILAL, "PSL1", NOON + timedelta(days=8)))
        change(services, OfficerRow, "DK9", left_on=date(2026, 11, 21))
        page = supervisor.post(f"{self.NEXT}/copy", 200, form=self.NEXT)
        skipped = page.text.partition("Tidak disalin:")[2]
        assert "Sutarmi, Loket 4, Rabu, 18 November, 12.00–16.00: Sutarmi sudah tidak bertugas sejak 21" in skipped
        assert "Bilal sudah bertugas pada waktu itu: Ruang 1, Puskesmas Sofifi, Kamis, 26 November" in skipped
        assert "minggu sebelumnya: 1." in page.text
        assert len(postings(session, "DK9")) == 1

    def test_a_past_week_may_be_filled_and_an_empty_one_says_so(self, supervisor: Pages) -> None:
        past = f"/roster/{OFFICE}/2026-11-09"
        page = supervisor.post(f"{past}/copy", 200, form=past)
        assert "Tidak ada jadwal di minggu sebelumnya" in page.text
