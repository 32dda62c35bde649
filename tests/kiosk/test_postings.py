"""One posting in a browser: added, ended, removed, and never an officer at two counters at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import Session, SQLModel

from shared.db import postings as stored
from shared.db.engine import writing
from shared.db.people_tables import CounterRow, MoveRow, OfficeRow, OfficerRow
from shared.db.ratings import record
from shared.db.trail import acts_on
from shared.domain.people import Role
from shared.domain.rosters import PostingFacts, PostingProblem, PostingRefused
from shared.services import Services
from tests.cast import ASHA, BILAL, COUNTER, DEV, OFFICE, OTHER_OFFICE
from tests.factories import NOON, SettableClock, a_rating
from tests.kiosk.rosters import NEW, WEEK, a_posting, as_role, change, postings, put
from tests.pages import Pages


class TestPosting:
    def test_it_is_added_once_however_often_the_button_is_pressed(self, supervisor: Pages, session: Session) -> None:
        for _ in range(2):
            answer = supervisor.sent(WEEK, form=WEEK, **NEW)
        (posted,) = postings(session, BILAL)
        assert (posted.starts_at, posted.ends_at) == (
            datetime(2026, 11, 20, 1, tzinfo=UTC), datetime(2026, 11, 20, 5, tzinfo=UTC),
        )  # fmt: skip
        assert "Bilal, 08.00–12.00" in supervisor.get(answer).text
        assert answer.startswith(f"{WEEK}?"), "the form stands ready for the next day"
        assert "day=2026-11-21" in answer
        (act,) = acts_on(session, "posting", f"{BILAL} DSL4")
        assert (act.actor.name, act.verb) == ("atasan", "added")

    def test_across_midnight_and_the_end_of_the_month_it_is_one(self, supervisor: Pages, session: Session) -> None:
        week = f"/roster/{OFFICE}/2026-11-30"
        night = {**NEW, "day": "2026-11-30", "begins": "22:00", "until": "06:00"}
        page = supervisor.get(supervisor.sent(week, form=week, **night))
        (posted,) = postings(session, BILAL)
        assert posted.ends_at - posted.starts_at == timedelta(hours=8)
        assert page.text.count("Bilal, 22.00–06.00") == 2, "on both of its days"
        assert "sampai Sel 1 Des" in page.text
        assert "sejak Sen 30 Nov" in page.text

    def test_until_midnight_belongs_to_its_own_day_alone(self, supervisor: Pages) -> None:
        page = supervisor.get(supervisor.sent(WEEK, form=WEEK, **{**NEW, "begins": "16:00", "until": "00:00"}))
        assert page.text.count("Bilal, 16.00–24.00") == 1

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            pytest.param({"officer": ""}, "Bagian ini perlu diisi", id="nobody"),
            pytest.param(
                {"officer": DEV}, "petugas ini tidak bertugas di kantor ini", id="officer of another office"
            ),
            pytest.param({"officer": "XX9"}, "petugas ini tidak bertugas di kantor ini", id="no such officer"),
            pytest.param({"counter": "PSL1"}, "Loket itu tidak ada di kantor ini", id="counter of another office"),
            pytest.param({"counter": "XX9"}, "Loket itu tidak ada di kantor ini", id="no such counter"),
            pytest.param({"until": "08:00"}, "Jam mulai dan jam selesai sama", id="ends when it begins"),
            pytest.param({"begins": "pagi"}, "Tulis jam", id="no time"),
            pytest.param({"day": "2026-11-23"}, "Pilih hari di minggu ini", id="another week"),
            pytest.param({"day": "Jumat"}, "Tulis tanggal", id="no day"),
            pytest.param(
                {"officer": ASHA, "day": "2026-11-18", "begins": "15:59", "until": "18:00"},
                "Asha Pertiwi, S.Sos. sudah bertugas pada waktu itu: Loket 3, Disdukcapil Sawahlunto,"
                " Rabu, 18 November, 08.00–16.00",
                id="posted already",
            ),
        ],
    )
    def test_a_problem_stands_beside_its_field_and_nothing_typed_is_lost(
        self, supervisor: Pages, session: Session, change: dict[str, str], words: str
    ) -> None:
        page = supervisor.post(WEEK, 400, form=WEEK, **{**NEW, **change})
        assert words in page.text
        assert 'aria-invalid="true"' in page.html
        assert page.html.count(" selected>") >= 2, "what was chosen stays chosen"
        assert postings(session, BILAL) == []

    def test_one_may_begin_where_the_other_ends(self, supervisor: Pages, session: Session) -> None:
        next_one = {"officer": ASHA, "day": "2026-11-18", "begins": "16:00", "until": "18:00"}
        supervisor.sent(WEEK, form=WEEK, **{**NEW, **next_one})
        assert len(postings(session, ASHA)) == 2

    def test_a_posting_in_another_office_counts_too_and_is_named(self, supervisor: Pages, services: Services) -> None:
        put(services, a_posting(BILAL, "PSL1", datetime(2026, 11, 20, 2, tzinfo=UTC)))
        page = supervisor.post(WEEK, 400, form=WEEK, **NEW)
        assert (
            "Bilal sudah bertugas pada waktu itu: Ruang 1, Puskesmas Sofifi, Jumat, 20 November, 09.00" in page.text
        )

    @pytest.mark.parametrize(
        ("table", "key", "closing", "words"),
        [
            pytest.param(OfficerRow, BILAL, "left_on", "Bilal sudah tidak bertugas sejak 20 November", id="left"),
            pytest.param(CounterRow, "DSL4", "closed_on", "Loket 4 ditutup mulai 20 November 2026", id="counter"),
            pytest.param(OfficeRow, OFFICE, "closed_on", "Kantor ini tutup mulai 20 November 2026", id="office"),
        ],
    )
    def test_what_ends_on_a_day_is_there_until_the_day_before(
        self, supervisor: Pages, services: Services, table: type[SQLModel], key: str, closing: str, words: str
    ) -> None:
        change(services, table, key, **{closing: date(2026, 11, 20)})
        assert words in supervisor.post(WEEK, 400, form=WEEK, **NEW).text
        supervisor.sent(WEEK, form=WEEK, **{**NEW, "day": "2026-11-19"})

    def test_who_moves_is_posted_here_until_that_day_and_there_from_then_on(
        self, app: Flask, supervisor: Pages, services: Services
    ) -> None:
        move = MoveRow(
            officer_code=BILAL, from_office_code=OFFICE, to_office_code=OTHER_OFFICE, moves_on=date(2026, 11, 20)
        )
        put(services, move)
        assert "tidak bertugas di kantor ini" in supervisor.post(WEEK, 400, form=WEEK, **NEW).text
        supervisor.sent(WEEK, form=WEEK, **{**NEW, "day": "2026-11-19"})
        there = f"/roster/{OTHER_OFFICE}/2026-11-16"
        admin = as_role(app, services, Role.ADMINISTRATOR)
        admin.sent(there, form=there, **{**NEW, "counter": "PSL1"})
        admin.post(there, 400, form=there, **{**NEW, "counter": "PSL1", "day": "2026-11-19"})

    def test_of_two_who_plan_one_officer_at_once_the_second_sees_the_first(
        self, services: Services, session: Session
    ) -> None:
        put(services, a_posting(BILAL, "PSL1", NOON - timedelta(days=30)))
        offices = services.directory.current().offices

        def post(office: str, counter: str) -> None:
            with writing(services.engine) as other:
                facts = PostingFacts.model_validate({**NEW, "counter": counter, "until": "20:00"})
                stored.post(other, offices[office], facts)

        with ThreadPoolExecutor(1) as pool:
            with writing(services.engine) as one:
                stored.post(one, offices[OFFICE], PostingFacts.model_validate({**NEW, "until": "20:00"}))
                second = pool.submit(post, OTHER_OFFICE, "PSL1")
                with pytest.raises(TimeoutError):
                    second.result(timeout=0.5)
            with pytest.raises(PostingRefused) as caught:
                second.result(timeout=20)
        assert caught.value.problem is PostingProblem.POSTED_ELSEWHERE
        assert len(postings(session, BILAL)) == 2


class TestEnd:
    def test_it_is_moved_and_the_trail_says_from_when_to_when(self, supervisor: Pages, session: Session) -> None:
        supervisor.sent(WEEK, form=WEEK, **NEW)
        (posted,) = postings(session, BILAL)
        path = f"{WEEK}/{posted.id}"
        page = supervisor.get(path)
        assert 'value="2026-11-20"' in page.html
        assert 'value="12:00"' in page.html
        end = {"ends_on": "2026-11-20", "until": "13:30", "_seen": page.value_of("_seen")}
        for _ in range(2):
            assert supervisor.sent(path, form=path, **end) == WEEK
        assert postings(session, BILAL)[0].ends_at == datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
        act = acts_on(session, "posting", f"{BILAL} DSL4")[0]
        assert (act.verb, act.after) == ("changed", {"ends_at": "2026-11-20T06:30:00+00:00"})

    @pytest.mark.parametrize(
        ("end", "words"),
        [
            pytest.param({"until": "08:00"}, "Jam selesai harus sesudah jam mulai", id="when it begins"),
            pytest.param({"ends_on": "2026-11-19"}, "Jam selesai harus sesudah jam mulai", id="before it begins"),
            pytest.param({"ends_on": "2026-11-21"}, "paling lama 24 jam", id="longer than a day and a night"),
            pytest.param({"until": "15:01"}, "Bilal sudah bertugas pada waktu itu: Loket 3", id="into the next"),
            pytest.param({"ends_on": "0001-01-01"}, "Tulis tanggal", id="year one"),
        ],
    )
    def test_what_it_cannot_be_is_said_beside_the_field(
        self, supervisor: Pages, session: Session, end: dict[str, str], words: str
    ) -> None:
        supervisor.sent(WEEK, form=WEEK, **NEW)
        supervisor.sent(WEEK, form=WEEK, **{**NEW, "counter": COUNTER, "begins": "15:00", "until": "16:00"})
        posted = postings(session, BILAL)[0]
        path = f"{WEEK}/{posted.id}"
        seen = supervisor.get(path).value_of("_seen")
        typed = {"ends_on": "2026-11-20", "until": "13:00", "_seen": seen, **end}
        assert words in supervisor.post(path, 400, form=path, **typed).text
        assert postings(session, BILAL)[0].ends_at == posted.ends_at

    def test_two_who_change_it_do_not_write_over_each_other(
        self, app: Flask, supervisor: Pages, services: Services, session: Session
    ) -> None:
        supervisor.sent(WEEK, form=WEEK, **NEW)
        path = f"{WEEK}/{postings(session, BILAL)[0].id}"
        seen = supervisor.get(path).value_of("_seen")
        admin = as_role(app, services, Role.ADMINISTRATOR)
        theirs = {"ends_on": "2026-11-20", "until": "11:00", "_seen": admin.get(path).value_of("_seen")}
        admin.sent(path, form=path, **theirs)
        page = supervisor.post(path, 409, form=path, ends_on="2026-11-20", until="14:00", _seen=seen)
        assert "Ada orang lain yang mengubah data ini" in page.text
        assert 'value="14:00"' in page.html
        supervisor.sent(path, form=path, ends_on="2026-11-20", until="14:00", _seen=page.value_of("_seen"))
        assert postings(session, BILAL)[0].ends_at == datetime(2026, 11, 20, 7, tzinfo=UTC)

    def test_what_somebody_was_rated_in_stays_covered(
        self, supervisor: Pages, services: Services, session: Session
    ) -> None:
        with writing(services.engine) as writer:
            record([a_rating(given_at=NOON - timedelta(hours=1))], writer, NOON)
        (posted,) = postings(session, ASHA)
        path = f"{WEEK}/{posted.id}"
        seen = supervisor.get(path).value_of("_seen")
        page = supervisor.post(path, 400, form=path, ends_on="2026-11-18", until="10:59", _seen=seen)
        assert "catatan siapa yang bertugas tidak diubah" in page.text
        supervisor.sent(path, form=path, ends_on="2026-11-18", until="11:30", _seen=seen)
        assert postings(session, ASHA)[0].ends_at == NOON - timedelta(minutes=30)


class TestRemoval:
    def test_one_to_come_is_removed_once_however_often_the_button_is_pressed(
        self, supervisor: Pages, session: Session
    ) -> None:
        supervisor.sent(WEEK, form=WEEK, **NEW)
        path = f"{WEEK}/{postings(session, BILAL)[0].id}"
        for _ in range(2):
            assert supervisor.sent(f"{path}/remove", form=WEEK) == WEEK
        assert postings(session, BILAL) == []
        assert [act.verb for act in acts_on(session, "posting", f"{BILAL} DSL4")] == ["removed", "added"]

    def test_a_running_one_ends_now_and_what_was_stays(
        self, supervisor: Pages, session: Session, clock: SettableClock
    ) -> None:
        clock.advance(seconds=20)
        (posted,) = postings(session, ASHA)
        path = f"{WEEK}/{posted.id}"
        assert "sedang berjalan" in supervisor.get(path).text
        supervisor.sent(f"{path}/remove", form=path)
        (ended,) = postings(session, ASHA)
        assert (ended.starts_at, ended.ends_at) == (posted.starts_at, NOON + timedelta(minutes=1))

    def test_one_that_is_over_goes_only_if_nobody_was_rated_in_it(
        self, supervisor: Pages, services: Services, session: Session, clock: SettableClock
    ) -> None:
        with writing(services.engine) as writer:
            record([a_rating()], writer, NOON)
        put(services, a_posting(BILAL, COUNTER, NOON - timedelta(days=1)))
        clock.advance(hours=6)
        rated, unrated = (f"{WEEK}/{postings(session, officer)[0].id}" for officer in (ASHA, BILAL))
        page = supervisor.post(f"{rated}/remove", 409, form=rated)
        assert "catatan siapa yang bertugas tidak diubah" in page.text
        supervisor.sent(f"{unrated}/remove", form=unrated)
        assert [len(postings(session, officer)) for officer in (ASHA, BILAL)] == [1, 0]
