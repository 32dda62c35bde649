"""Reviews and objections on their pages: filed by an officer, decided by two people, told to everybody concerned."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from shared import closing, standings
from shared.db import reviews as stored
from shared.db.accounts import Place
from shared.db.engine import reading, writing
from shared.db.ratings import record
from shared.db.review_tables import ReviewRow
from shared.domain.months import Month
from shared.domain.people import Role
from shared.domain.reviews import Review
from shared.services import Services
from shared.signs import look_for_signs
from tests.cast import ASHA, BILAL, DEV, OFFICE, OTHER_OFFICE, let_see
from tests.factories import SettableClock, a_message, a_rating
from tests.pages import Pages, led_by, let_sign_in

BEGIN = datetime(2026, 10, 5, 1, tzinfo=UTC)
SIXTH = datetime(2026, 11, 5, 17, tzinfo=UTC)
WORDS = "Tanggal 5 saya dinas luar."
RUDE = "Petugasnya keledai."
FORM = "/me/2026-10/objection"


@pytest.fixture
def _october(services: Services, clock: SettableClock) -> None:
    """Let October be rated and closed; the days of October are the 5th to the 8th."""
    clock.moment = datetime(2026, 11, 3, tzinfo=UTC)
    ratings = [
        a_message(
            officer=officer,
            overall=answer,
            given_at=BEGIN + timedelta(days=number % 4, minutes=number),
            comment=RUDE if (officer, number) == (ASHA, 0) else None,
        )  # fmt: skip
        for officer, answers in ((ASHA, [4, 3, 2, 1]), (BILAL, [3, 3, 4, 4]))
        for number, answer in enumerate(answers * 10)
    ]
    with writing(services.engine) as session:
        record(ratings, session, services.clock())
    standings.refresh(services)
    clock.moment = SIXTH
    for step in closing.steps(services):
        closing.take(step, services)


@pytest.fixture
def asha(app: Flask, services: Services) -> Pages:
    let_sign_in(services, "asha", ASHA)
    pages = Pages(app)
    pages.sign_in("asha")
    return pages


@pytest.fixture
def supervisor(app: Flask, services: Services) -> Pages:
    return led_by(app, services, "chitra", Place(Role.SUPERVISOR, office=OFFICE))


@pytest.fixture
def agency(app: Flask, services: Services) -> Pages:
    return led_by(app, services, "dian", Place(Role.AGENCY, region="SWL"))


def the_review(services: Services) -> Review:
    with reading(services.engine) as session:
        (review,) = stored.in_offices(session, [OFFICE], decided=False, limit=9)
    return review


def decide(pages: Pages, review: Review, outcome: str, **days: str) -> str:
    path = f"/reviews/{review.id}"
    seen = pages.get(path).value_of("_seen")
    return pages.sent(path, form=path, outcome=outcome, reason="Jadwal menunjukkan demikian.", _seen=seen, **days)


def settle(services: Services) -> None:
    standings.refresh(services)
    closing.settle(services)


@pytest.mark.usefixtures("_october")
class TestAnObjection:
    def test_an_officer_is_told_of_the_score_and_until_when_they_may_object(self, asha: Pages) -> None:
        assert "Nilai Anda untuk Oktober 2026 sudah ada." in asha.get("/me").text
        page = asha.get("/me/2026-10")
        assert "Anda boleh mengajukan keberatan paling lambat 20 November 2026 pukul 24.00 WIB." in page.text

    def test_what_they_file_stands_on_their_page_and_on_nobody_elses(self, asha: Pages, supervisor: Pages) -> None:
        assert asha.sent(FORM, form=FORM, words=WORDS) == "/me/2026-10#questions"
        page = asha.get("/me/2026-10")
        assert WORDS in page.text
        assert "hanya Anda yang melihat angka bulan ini" in page.text
        office = supervisor.get("/office")
        assert "Satu petugas berkeberatan; angkanya belum ditampilkan." in office.text
        assert "Pemeriksaan dan keberatan yang menunggu: 1." in office.text
        assert WORDS in supervisor.get("/reviews/1").text

    def test_its_days_are_those_of_the_office_and_not_of_greenwich(self, asha: Pages, supervisor: Pages) -> None:
        asha.sent(FORM, form=FORM, words=WORDS)  # on the 6th, as the office's clock strikes midnight
        due = "diputuskan paling lambat 20 November 2026"
        assert f"Sejak 6 November 2026, sebaiknya {due}." in supervisor.get("/reviews").text
        month = asha.get("/me/2026-10").text
        assert "Keberatan Anda tanggal 6 November 2026" in month
        assert due in month

    def test_to_a_comment_is_read_and_decided_by_two_while_auditors_read_none(
        self, app: Flask, services: Services, asha: Pages, supervisor: Pages, agency: Pages
    ) -> None:
        month = asha.get("/me/2026-10")
        assert RUDE in month.text
        (link,) = re.findall(r'href="([^"]+[?]comment=[^"]+)"', month.html)
        form = asha.get(link)
        assert RUDE in form.text
        filed = asha.sent(FORM, form=link, words="Ini menghina.", _comment=form.value_of("_comment"))
        assert filed == "/me/2026-10#questions"
        review = the_review(services)
        auditor = led_by(app, services, "esti", Place(Role.AUDITOR))
        assert RUDE in supervisor.get(f"/reviews/{review.id}").text
        assert RUDE not in auditor.get(f"/reviews/{review.id}").text
        for pages in (supervisor, agency):
            decide(pages, review, "set_aside")
        month = asha.get("/me/2026-10")
        assert RUDE not in month.text
        assert "Keberatan dikabulkan, komentar tidak ditampilkan lagi." in month.text

    def test_to_a_comment_that_nobody_wrote_does_not_exist(self, asha: Pages, services: Services) -> None:
        asha.get(f"{FORM}?comment={'0' * 64}", 404)
        form = asha.get(FORM)
        sent = {"csrf_token": form.csrf_token, "words": WORDS, "_comment": "0" * 64}
        assert asha.client.post(FORM, data=sent).status_code == 404
        with reading(services.engine) as session:
            assert stored.in_offices(session, [OFFICE], decided=False, limit=9) == []

    def test_filed_twice_it_is_one(self, asha: Pages, services: Services) -> None:
        form = asha.get(FORM)
        sent = {"csrf_token": form.csrf_token, "words": WORDS}
        statuses = [asha.client.post(FORM, data=sent).status_code for _ in range(2)]
        assert statuses == [302, 302]
        assert the_review(services).words == WORDS

    @pytest.mark.parametrize(
        ("typed", "problem"),
        [
            pytest.param({"words": "  "}, "Bagian ini perlu diisi.", id="without words"),
            pytest.param({"words": "x" * 1001}, "Paling banyak 1.000 karakter; ini 1.001.", id="endless"),
            pytest.param(
                {"first_day": "2026-10-05"}, "Isi kedua tanggal, atau kosongkan keduanya.", id="one day of two"
            ),
            pytest.param(
                {"first_day": "2026-10-06", "last_day": "2026-10-05"}, "Tanggal akhir lebih awal", id="backwards"
            ),
            pytest.param(
                {"first_day": "2026-09-06", "last_day": "2026-10-05"},
                "Pilih tanggal dalam Oktober 2026.",
                id="outside",
            ),
            pytest.param({"first_day": "kemarin", "last_day": "2026-10-05"}, "tanggal", id="no date"),
        ],
    )
    def test_a_form_that_says_too_little_says_what_is_missing_and_keeps_the_rest(
        self, asha: Pages, typed: dict[str, str], problem: str
    ) -> None:
        fields = {"words": WORDS, **typed}
        page = asha.post(FORM, 400, form=FORM, **fields)
        assert problem in page.text
        if "words" not in typed:
            assert WORDS in page.text

    def test_after_fourteen_days_there_is_no_form_any_more(self, asha: Pages, clock: SettableClock) -> None:
        asha.get("/me")
        clock.advance(days=15)
        asha.sign_in("asha")
        assert asha.redirect(FORM) == "/me/2026-10"
        assert "Waktu untuk keberatan berakhir 20 November 2026 pukul 24.00 WIB." in asha.get("/me/2026-10").text

    def test_a_month_without_a_score_has_none(self, asha: Pages) -> None:
        assert asha.redirect("/me/2026-11/objection") == "/me/2026-11"
        asha.get("/me/2031-01/objection", 404)

    def test_granted_by_two_the_officer_reads_the_reason_and_the_next_revision(
        self, asha: Pages, supervisor: Pages, agency: Pages, services: Services
    ) -> None:
        asha.sent(FORM, form=FORM, words=WORDS, first_day="2026-10-05", last_day="2026-10-05")
        review, day = the_review(services), {"first_day": "2026-10-05", "last_day": "2026-10-05"}
        assert "Petugas menyebut: pada 5 Oktober 2026." in supervisor.get("/reviews/1").text
        assert decide(supervisor, review, "set_aside", **day) == "/reviews/1?saved=1"
        saved = supervisor.get("/reviews/1?saved=1").text
        assert "Usulan Anda tersimpan." in saved
        assert "Sekarang menunggu orang kedua: BKPSDM atau atasan lain kantor ini." in saved
        assert "Saat ini tidak ada yang menunggu keputusan Anda." in supervisor.get("/office").text
        assert "yang menunggu: 1." in agency.get("/office").text
        read = agency.get("/reviews/1?saved=1").text
        assert "Diusulkan untuk dikesampingkan: pada 5 Oktober 2026." in read
        assert "chitra, atasan" in read
        assert "Usulan Anda tersimpan" not in read, "it was somebody else"
        assert "orang kedua harus menyetujuinya" in asha.get("/me/2026-10").text
        decide(agency, review, "set_aside", **day)
        settle(services)
        page = asha.get("/me/2026-10")
        assert "Keberatan dikabulkan, penilaian pada hari-hari itu dikesampingkan" in page.text
        assert "Jadwal menunjukkan demikian." in page.text
        assert "keberatan Anda dikabulkan." in page.text
        assert "10 ditarik" in page.text
        assert "Alasan usulan Jadwal menunjukkan demikian. Alasan persetujuan" in page.text
        assert "1 6 November 2026 bulan ditutup" in page.text, "what was to be read before stays readable"
        assert "Ada hal baru? Anda boleh mengajukan lagi paling lambat" in page.text
        assert "petugas berkeberatan" not in supervisor.get("/office").text
        assert re.search(
            r"\d\d,\d\d \d\d,\d–\d\d,\d, (sementara|mutu [A-D], final) dari 30 penilaian",
            supervisor.get("/office").text,
        )

    def test_granted_for_the_whole_month_the_page_says_so_and_what_stood_there_before(
        self, asha: Pages, supervisor: Pages, agency: Pages, services: Services
    ) -> None:
        asha.sent(FORM, form=FORM, words=WORDS)
        review = the_review(services)
        for pages in (supervisor, agency):
            decide(pages, review, "set_aside")
        settle(services)
        page = asha.get("/me/2026-10").text
        assert "Semua penilaian Oktober 2026 dikesampingkan karena keberatan Anda dikabulkan." in page
        assert "Belum cukup penilaian untuk Oktober 2026" not in page
        assert "Keberatan dikabulkan, semua penilaian bulan itu dikesampingkan." in page
        assert "40 ditarik" in page
        assert "1 6 November 2026 bulan ditutup" in page
        assert "semua dikesampingkan" in supervisor.get("/office").text

    def test_days_with_fewer_than_five_ratings_are_refused_with_the_reason(
        self, asha: Pages, supervisor: Pages, services: Services
    ) -> None:
        asha.sent(FORM, form=FORM, words=WORDS)
        path = f"/reviews/{the_review(services).id}"
        page = supervisor.post(
            path, 400, form=path, outcome="set_aside", reason="Ya.", _seen=supervisor.get(path).value_of("_seen"),
            first_day="2026-10-20", last_day="2026-10-20",
        )  # fmt: skip
        assert "kurang dari lima penilaian" in page.text
        assert "keberatan ini tidak dapat dikabulkan; jelaskan itu dalam alasan" in page.text

    def test_who_read_another_proposal_is_shown_the_new_one(
        self, asha: Pages, supervisor: Pages, agency: Pages, services: Services
    ) -> None:
        asha.sent(FORM, form=FORM, words=WORDS)
        path = f"/reviews/{the_review(services).id}"
        read_before = supervisor.get(path)
        decide(agency, the_review(services), "stands")
        sent = {"csrf_token": read_before.csrf_token, "_seen": "", "outcome": "set_aside", "reason": "Ya."}
        response = supervisor.client.post(path, data=sent)
        assert response.status_code == 409
        assert "Sementara itu orang lain sudah memberi pendapat." in response.text


class TestASign:
    @pytest.fixture(autouse=True)
    def _burst(self, services: Services) -> None:
        moments = [
            datetime(2026, 11, 16, 3, tzinfo=UTC) + timedelta(seconds=11 * number**1.1) for number in range(60)
        ]
        ratings = [
            a_rating(given_at=moment, accepted_at=moment, overall=4 - number % 2, picked=True)
            for number, moment in enumerate(moments)
        ]
        with writing(services.engine) as session:
            record(ratings, session, services.clock())
        standings.refresh(services)
        look_for_signs(services)

    def test_its_page_says_what_was_seen_and_why_but_no_answer(self, supervisor: Pages, services: Services) -> None:
        with reading(services.engine) as session:
            (burst,) = [
                one for one in stored.about(session, [ASHA], standings_month(services)) if one.ground == "burst"
            ]
        page = supervisor.get(f"/reviews/{burst.id}")
        assert "60 penilaian masuk dari layar" in page.text
        assert "pada 16 November 2026" in page.text
        assert "10.00" not in page.text, "no hour: somebody may know who came then"
        assert "lebih dari dua menit" in page.text

    def test_the_officer_reads_it_too_with_the_day_and_no_hour(self, asha: Pages) -> None:
        page = asha.get("/me")
        assert "Sangat banyak penilaian dalam waktu singkat" in page.text
        assert "pada 16 November 2026" in page.text
        assert "10.00" not in page.text

    def test_whoever_reads_the_figure_is_told_that_people_look_into_it(
        self, asha: Pages, supervisor: Pages, services: Services
    ) -> None:
        let_see(services)
        assert "Sebagian penilaian ini sedang diperiksa." in asha.get("/me").text
        assert "Sebagian penilaian ini sedang diperiksa." in supervisor.get("/office").text

    def test_an_auditor_reads_that_it_waits_and_is_asked_for_nothing(self, app: Flask, services: Services) -> None:
        page = led_by(app, services, "faisal", Place(Role.AUDITOR)).get("/reviews/1").text
        assert "Menunggu keputusan Sebaiknya diputuskan paling lambat" in page
        assert "Periksa dulu" not in page

    def test_another_supervisor_does_not_see_it(self, app: Flask, services: Services) -> None:
        elsewhere = led_by(app, services, "esha", Place(Role.SUPERVISOR, office=OTHER_OFFICE))
        assert "Tidak ada yang menunggu keputusan." in elsewhere.get("/reviews").text
        elsewhere.get("/reviews/1", 404)


def standings_month(services: Services) -> Month:
    return Month.of(services.clock(), services.directory.current().offices[OFFICE].timezone)


def test_a_review_of_somebody_who_is_gone_from_the_directory_can_be_read(app: Flask, services: Services) -> None:
    with writing(services.engine) as session:
        session.add(
            ReviewRow(
                officer_code=DEV,
                month="2026-10",
                office_code=OFFICE,
                ground="objection",
                raised_at=services.clock(),
                words="Pindah.",
            )  # fmt: skip
        )
    pages = led_by(app, services, "chitra", Place(Role.SUPERVISOR, office=OFFICE))
    assert "Pindah." in pages.get("/reviews/1").text


@pytest.mark.usefixtures("_october")
def test_the_trail_tells_what_was_decided_in_words_and_not_what_the_officer_wrote(
    app: Flask, asha: Pages, supervisor: Pages, agency: Pages, services: Services
) -> None:
    asha.sent(FORM, form=FORM, words=WORDS)
    for pages in (supervisor, agency):
        decide(pages, the_review(services), "stands")
    trail = led_by(app, services, "faisal", Place(Role.AUDITOR)).get("/audit")
    assert "pemeriksaan atas Oktober 2026, DK7" in trail.text
    assert "Jadwal menunjukkan demikian." in trail.text
    assert "usulan kosong → tidak ada yang dikesampingkan" in trail.text
    assert WORDS not in trail.text
