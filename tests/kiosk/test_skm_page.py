"""The survey page of an office: what it says of which months, to whom, and what it keeps to itself."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import update
from sqlmodel import col

from kiosk.leaders.skm import Survey, calendar_of, survey_over
from shared import closing
from shared.db.accounts import Place
from shared.db.engine import reading, writing
from shared.db.import_tables import ImportBatchRow
from shared.db.imports import add_by_operator
from shared.db.people_tables import OfficeRow
from shared.db.ratings import element_sums, record
from shared.domain.imports import ImportKind
from shared.domain.months import Month
from shared.domain.people import Role
from shared.domain.periods import Period
from shared.domain.ratings import Rating
from shared.domain.screening import SetAside
from shared.domain.skm import Element, Ikm, Weight
from shared.domain.zones import zone
from shared.services import Services
from tests.cast import ASHA, OFFICE, OTHER_OFFICE
from tests.decisions import grant_objection
from tests.factories import NOON, SettableClock, a_message, a_rating, an_extra_element
from tests.pages import Page, Pages, led_by, let_sign_in
from tests.statements import counted

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

WIB: Final = zone("Asia/Jakarta")
PATH: Final = f"/skm/{OFFICE}"
OCTOBER: Final = f"{PATH}?from=2026-10&to=2026-10"
PANGKEP: Final = (18, 18, 17, 18, 18, 19, 17, 18, 17)
"""Sums of five published forms, in list order: 88.89, an A; by a weight of 0.11 it is 88.00, a B."""
OWN: Final = "Unsur tambahan kantor ini"
FULL: Final = dict.fromkeys(Element, 3)


@pytest.fixture
def supervisor(app: Flask, services: Services) -> Pages:
    return led_by(app, services, "supervisor", Place(Role.SUPERVISOR, office=OFFICE))


@pytest.fixture
def agency(app: Flask, services: Services) -> Pages:
    return led_by(app, services, "agency", Place(Role.AGENCY, region="SWL"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WIB).astimezone(UTC)


def a_form(elements: dict[Element, int], when: str = "2026-10-15T10:00", **about: Any) -> Rating:
    nobody = {"overall": None, "officer": None, "counter": None, "kiosk": None, "channel": "paper"}
    return a_rating(**{**nobody, "given_at": at(when), "elements": elements, **about})


def record_at(services: Services, forms: Sequence[Rating], moment: str = "2026-10-20T10:00") -> None:
    with writing(services.engine) as session:
        record(forms, session, at(moment))


def answer(services: Services, people: int = 5, when: str = "2026-10-15T10:00", **elements: int) -> None:
    """Let so many people answer all elements with 3, but for those named."""
    answers = {**FULL, **{Element(name): value for name, value in elements.items()}}
    record_at(services, [a_form(answers, when) for _ in range(people)], when)


def pangkep(services: Services) -> None:
    totals = list(zip(Element, PANGKEP, strict=True))
    forms = [{element: total // 5 + (n < total % 5) for element, total in totals} for n in range(5)]
    record_at(services, [a_form(form) for form in forms])


def set_population(services: Services, population: int | None) -> None:
    with writing(services.engine) as session:
        session.execute(update(OfficeRow).where(col(OfficeRow.code) == OFFICE).values(population=population))


def lede(page: Page) -> str:
    found = re.search(r'<p class="lede">(.*?)</p>', page.html, re.DOTALL)
    return found[1].strip() if found else ""


def part(page: Page, heading: str) -> str:
    """Return the words of the part with this heading."""
    (found,) = [part for part in re.findall(r"<section.*?</section>", page.html, re.DOTALL) if f">{heading}<" in part]
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def test_it_says_the_index_its_grade_and_what_that_means(supervisor: Pages, services: Services) -> None:
    pangkep(services)
    page = supervisor.get(OCTOBER)
    assert lede(page) == (
        "Untuk Oktober 2026, indeks kepuasan masyarakat (IKM) Disdukcapil Sawahlunto adalah 88,89: mutu pelayanan A,"
        " sangat baik."
    )
    assert "Jumlah responden: 5 orang." in page.text
    elements = part(page, "Kesembilan unsur")
    assert "1. Persyaratan Bagaimana kesesuaian persyaratan" in elements
    assert "5 3,6000 0,4000 90,00 A" in elements
    assert "IKM unit pelayanan 3,5556 88,89 A" in elements
    assert elements.index("8. Penanganan Pengaduan") < elements.index("9. Sarana"), "list order"


def test_it_says_what_the_operators_command_says(supervisor: Pages, services: Services) -> None:
    for month in range(3, 11):
        answer(services, 7, f"2026-{month:02}-15T10:00", WAKTU=month % 4 + 1)
    with reading(services.engine) as session:
        respondents, figures = element_sums(session, OFFICE, Month(2026, 3), Month(2026, 10))
    ikm = Ikm(
        Weight.EXACT,
        respondents,
        {one: figures[one][0] for one in Element},
        {one: figures[one][1] for one in Element},
    )
    assert ikm.hundredths
    assert f"adalah {ikm.hundredths / 100:.2f}".replace(".", ",") in lede(supervisor.get(PATH))
    assert ikm.nrr(Element.WAKTU) != Fraction(3)


def test_the_weights_of_old_reports_stand_beside_what_they_make_of_it(supervisor: Pages, services: Services) -> None:
    pangkep(services)
    said = part(supervisor.get(OCTOBER), "Untuk mencocokkan laporan lama")
    assert "1/9 tepat 88,89 A 0,111 88,80 A 0,11 88,00 B" in said


def test_the_lowest_comes_first_and_equal_ones_together(supervisor: Pages, services: Services) -> None:
    answer(services, WAKTU=2, SARANA=2, BIAYA=4)
    need = part(supervisor.get(OCTOBER), "Yang perlu diperbaiki lebih dulu")
    assert "sama nilainya, dengan rata-rata jawaban 2,0000 pada skala 1 sampai 4: " in need
    assert ": Waktu Penyelesaian; Sarana dan Prasarana." in need
    assert "Waktu Penyelesaian 50,00 D Sarana dan Prasarana 50,00 D Persyaratan 75,00 C" in need
    assert need.index("Perilaku") < need.index("Biaya/Tarif 100,00 A")


def test_when_all_stand_alike_none_is_called_the_lowest(supervisor: Pages, services: Services) -> None:
    answer(services)
    assert "Semua unsur yang sudah dijawab sama nilainya" in supervisor.get(OCTOBER).text
    answer(services, PERSYARATAN=1)
    assert (
        "Unsur yang paling rendah adalah Persyaratan, dengan rata-rata jawaban 2,0000" in supervisor.get(OCTOBER).text
    )


def test_an_element_with_fewer_than_five_answers_leaves_no_index_and_is_named(
    supervisor: Pages, services: Services
) -> None:
    missing = {Element.BIAYA, Element.SARANA}
    without = {element: answer for element, answer in FULL.items() if element not in missing}
    record_at(services, [a_form(without) for _ in range(5)] + [a_form({Element.SARANA: 1}) for _ in range(4)])
    page = supervisor.get(OCTOBER)
    assert (
        lede(page) == "Untuk Oktober 2026, Disdukcapil Sawahlunto belum mempunyai indeks kepuasan masyarakat (IKM)."
    )
    assert "Yang belum mempunyai lima jawaban: Biaya/Tarif; Sarana dan Prasarana." in page.text
    elements = part(page, "Kesembilan unsur")
    assert "9. Sarana dan Prasarana Bagaimana kualitas sarana dan prasarana? di bawah 5" in elements
    assert "Untuk mencocokkan" not in page.text
    assert "baru mempunyai di bawah 5: Biaya/Tarif; Sarana dan Prasarana." in page.text


def test_four_people_leave_nothing_at_all(supervisor: Pages, services: Services) -> None:
    answer(services, 4, WAKTU=1)
    page = supervisor.get(OCTOBER)
    assert lede(page) == "Untuk Oktober 2026 belum ada yang dapat ditampilkan."
    assert "angka dari kurang dari lima orang tidak pernah ditampilkan" in page.text
    assert "Waktu Penyelesaian" not in page.text


def test_a_month_with_too_few_shows_only_beside_the_one_it_is_counted_with(
    supervisor: Pages, services: Services
) -> None:
    answer(services, 3, "2026-08-15T10:00")
    answer(services, 4, "2026-09-15T10:00")
    answer(services, 6, "2026-10-15T10:00")
    shown = {}
    for first in ("2026-08", "2026-09", "2026-10"):
        found = re.search(r"responden: (\d+)", supervisor.get(f"{PATH}?from={first}&to=2026-10").text)
        shown[first] = found and found[1]
    assert shown == {"2026-08": "13", "2026-09": "6", "2026-10": "6"}


def test_it_says_how_many_answers_the_least_answered_element_lacks(supervisor: Pages, services: Services) -> None:
    set_population(services, 12)
    answer(services, 9)
    record_at(services, [a_form({Element.WAKTU: 3}) for _ in range(5)])
    said = part(supervisor.get(OCTOBER), "Apakah jawaban ini cukup?")
    assert "Belum. Untuk 12 pengguna layanan dalam setahun diperlukan 12 jawaban untuk tiap unsur." in said
    assert "baru mempunyai 9: Persyaratan;" in said
    assert "Waktu" not in said
    assert "Masih kurang 3 jawaban untuk unsur itu." in said
    answer(services, 5)
    said = part(supervisor.get(OCTOBER), "Apakah jawaban ini cukup?")
    assert "Ya. Untuk 12 pengguna layanan" in said
    assert "unsur yang paling sedikit dijawab mempunyai 14." in said


def test_without_a_population_it_says_who_sets_it(supervisor: Pages, services: Services) -> None:
    set_population(services, None)
    answer(services)
    assert "Pengelola mengisinya di halaman kantor." in part(supervisor.get(OCTOBER), "Apakah jawaban ini cukup?")


def test_a_month_enters_on_the_sixth_of_the_next(app: Flask, services: Services, clock: SettableClock) -> None:
    answer(services, 5, "2026-11-10T10:00")
    path = f"{PATH}?from=2026-11&to=2026-11"
    supervisor = led_by(app, services, "supervisor", Place(Role.SUPERVISOR, office=OFFICE))
    page = supervisor.get(path)
    assert lede(page) == "Untuk November 2026 belum ada yang dapat ditampilkan."
    assert "jadi bulan ini masuk pada 6 Desember 2026." in page.text.replace("\u00a0", " ")
    clock.moment = at("2026-12-05T23:59")
    later = led_by(app, services, "later", Place(Role.SUPERVISOR, office=OFFICE))
    assert "Jumlah responden" not in later.get(path).text
    clock.moment = at("2026-12-06T00:00")
    assert "Jumlah responden: 5 orang." in later.get(path).text


def test_what_arrives_late_changes_nothing_until_the_next_closing(
    app: Flask, services: Services, clock: SettableClock
) -> None:
    answer(services, 6)
    record_at(services, [a_form(FULL) for _ in range(5)], "2026-11-07T10:00")
    supervisor = led_by(app, services, "supervisor", Place(Role.SUPERVISOR, office=OFFICE))
    assert "Jumlah responden: 6 orang." in supervisor.get(OCTOBER).text
    clock.moment = at("2026-12-06T00:00")
    later = led_by(app, services, "later", Place(Role.SUPERVISOR, office=OFFICE))
    assert "Jumlah responden: 11 orang." in later.get(OCTOBER).text


def test_an_import_counts_at_once_and_no_longer_when_it_is_undone(supervisor: Pages, services: Services) -> None:
    answer(services, 6)
    batch = uuid4()
    with writing(services.engine) as session:
        add_by_operator(session, batch, ImportKind.RATINGS, OFFICE, "skm.csv", NOON)
    record_at(services, [a_form(FULL, import_batch=batch) for _ in range(7)], "2026-11-18T10:00")
    assert "Jumlah responden: 13 orang." in supervisor.get(OCTOBER).text
    undo(services, batch)
    assert "Jumlah responden: 6 orang." in supervisor.get(OCTOBER).text


def undo(services: Services, batch: UUID) -> None:
    with writing(services.engine) as session:
        undone = update(ImportBatchRow).where(col(ImportBatchRow.id) == batch)
        session.execute(undone.values(undone_at=NOON, undone_by="esha"))


def test_respondents_stand_by_what_they_told_of_themselves(supervisor: Pages, services: Services) -> None:
    women = [a_form(FULL, profile={"sex": "female", "education": "sma"}) for _ in range(40)]
    men = [a_form(FULL, profile={"sex": "male", "education": "s1"}) for _ in range(15)]
    rare = [a_form(FULL, profile={"sex": "male", "education": "s3"}) for _ in range(2)]
    record_at(services, [*women, *men, *rare, a_form(FULL, channel="link", profile={"sex": "female"})])
    people = part(supervisor.get(OCTOBER), "Siapa yang menjawab")
    assert "Perempuan 41 Laki-laki 17 Tidak disebutkan 0" in people
    assert "SMA atau SMK 40" in people
    assert "S1 atau D4 tidak ditampilkan S2 0 S3 tidak ditampilkan Tidak disebutkan tidak ditampilkan" in people
    assert "Tidak ada yang menyebutkan: usia, pekerjaan." in people
    assert "Tautan tidak ditampilkan Formulir kertas tidak ditampilkan Tidak dirinci 58" in people


def test_earlier_periods_of_the_same_length_stand_below(supervisor: Pages, services: Services) -> None:
    answer(services, 5, "2026-10-15T10:00")
    answer(services, 5, "2026-09-15T10:00", WAKTU=4)
    record_at(services, [a_form({Element.WAKTU: 3}, "2026-08-15T10:00") for _ in range(5)], "2026-08-15T10:00")
    answer(services, 8, "2026-07-15T10:00", WAKTU=2)
    answer(services, 5, "2026-05-15T10:00", WAKTU=1)
    said = part(supervisor.get(OCTOBER), "Periode sebelumnya yang sama panjang")
    assert "Oktober 2026 5 75,00 C September 2026 5 77,78 B Juli 2026 8 72,22 C" in said
    assert "Mei" not in said, "five months back"
    assert "Belum ada periode sebelumnya" in supervisor.get(f"{PATH}?from=2026-05&to=2026-05").text


def test_it_opens_on_this_year_and_offers_others(supervisor: Pages, services: Services) -> None:
    answer(services, 5, "2025-03-15T10:00")
    page = supervisor.get(PATH)
    assert "Januari sampai Oktober 2026" in page.text
    links = dict(re.findall(r'<a href="(/skm/DSW\?[^"]*)"[^>]*>([^<]*)</a>', page.html))
    assert {name: path.replace("&amp;", "&").partition("?")[2] for path, name in links.items()} == {
        "Triwulan ini": "from=2026-10&to=2026-11",
        "Semester ini": "from=2026-07&to=2026-11",
        "Tahun ini": "from=2026-01&to=2026-11",
        "Tahun lalu": "from=2025-01&to=2025-12",
    }
    assert "Jumlah responden: 5 orang." in supervisor.get(f"{PATH}?from=2025-01&to=2025-12").text
    months = re.findall(r'<option value="([^"]+)"', page.html)
    assert (months[0], months[22]) == ("2026-11", "2025-01")


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        pytest.param(
            "from=2026-10&to=2026-02", "Bulan terakhir lebih awal daripada bulan pertama.", id="turned round"
        ),
        pytest.param("from=yesterday", "Pilih salah satu.", id="no month"),
        pytest.param("to=2027-01", "Pilih salah satu.", id="a month to come"),
        pytest.param("from=1990-01&to=2026-10", "Pilih salah satu.", id="before there was anything"),
    ],
)
def test_a_period_that_cannot_be_is_refused_beside_its_field(
    supervisor: Pages, services: Services, asked: str, problem: str
) -> None:
    answer(services)
    page = supervisor.get(f"{PATH}?{asked}", 400)
    assert problem in page.text
    assert "Jumlah responden" not in page.text


def test_in_january_it_says_what_is_not_there_yet(app: Flask, services: Services, clock: SettableClock) -> None:
    clock.moment = at("2027-01-03T10:00")
    answer(services, 5, "2026-11-10T10:00")
    supervisor = led_by(app, services, "supervisor", Place(Role.SUPERVISOR, office=OFFICE))
    page = supervisor.get(PATH)
    assert lede(page) == "Untuk Januari 2027 belum ada yang dapat ditampilkan."
    page = supervisor.get(f"{PATH}?from=2026-11&to=2027-01")
    assert "Belum termasuk: Desember 2026 sampai Januari 2027." in page.text
    assert "Jumlah responden: 5 orang." in page.text


def test_supervisors_are_led_to_their_office_and_others_choose(
    supervisor: Pages, agency: Pages, auditor: Pages
) -> None:
    assert supervisor.redirect("/skm") == PATH
    assert "Disdukcapil Sawahlunto" in agency.get("/skm").text
    assert "Puskesmas Sofifi" not in agency.get("/skm").text
    assert "Puskesmas Sofifi" in auditor.get("/skm").text
    assert f'href="/skm/{OTHER_OFFICE}"' in auditor.get("/skm?words=sofifi").html
    assert "Tidak ada kantor dengan nama" in auditor.get("/skm?words=bank").text
    auditor.get(f"/skm/{OTHER_OFFICE}")
    for leader in (supervisor, agency):
        assert f'href="{PATH}"' in leader.get(f"/office/{OFFICE}").html
        leader.get(f"/skm/{OTHER_OFFICE}", 404)


def test_auditors_have_it_among_the_sections_and_administrators_not(auditor: Pages, admin: Pages) -> None:
    assert 'href="/skm"' in auditor.get("/admin").html
    assert 'href="/skm" aria-current="page"' in auditor.get(PATH).html
    assert 'href="/skm"' not in admin.get("/admin").html
    admin.get(PATH, 403)


def test_officers_and_strangers_do_not_read_it(app: Flask, services: Services) -> None:
    let_sign_in(services, "asha", ASHA)
    officer = Pages(app)
    officer.sign_in("asha")
    officer.get(PATH, 403)
    assert Pages(app).redirect(PATH).startswith("/login")


def test_an_objection_that_is_granted_moves_no_period(services: Services, clock: SettableClock) -> None:
    def messages(people: int, day: str, value: int) -> None:
        answers = dict.fromkeys(Element, value)
        forms = [a_message(overall=value, elements=answers, given_at=at(f"{day}T10:{n:02}")) for n in range(people)]
        record_at(services, forms, f"{day}T12:00")

    messages(5, "2026-10-05", 4)
    messages(1, "2026-10-20", 1)
    messages(5, "2026-11-05", 3)
    clock.moment = at("2026-12-07T10:00")
    before = surveys(services)
    assert [survey.ikm.respondents for survey in before] == [6, 11, 5]
    grant_objection(services, ASHA, Month(2026, 10), date(2026, 10, 5))
    assert closing.revisions_of(ASHA, Month(2026, 10), services)[-1].set_aside == {SetAside.WITHDRAWN: 5}
    assert surveys(services) == before


def surveys(services: Services) -> list[Survey]:
    """Return the survey of every period from October to November."""
    office = services.directory.current().offices[OFFICE]
    calendar, months = calendar_of(office, services), Period(Month(2026, 10), Month(2026, 11)).months
    periods = [Period(*ends) for ends in combinations_with_replacement(months, 2)]
    return [survey_over(office, period, calendar, services) for period in periods]


def test_it_says_that_decisions_about_a_score_take_nothing_out(supervisor: Pages, services: Services) -> None:
    answer(services)
    assert "Indeks kantor tetap memuat semua yang dijawab, siapa pun yang melayani." in supervisor.get(OCTOBER).text


def there_is(services: Services, **about: Any) -> None:
    with writing(services.engine) as session:
        session.add(an_extra_element(**about))


def test_an_offices_own_elements_stand_below_the_nine_and_move_nothing_of_them(
    supervisor: Pages, services: Services
) -> None:
    pangkep(services)
    before = supervisor.get(OCTOBER)
    assert "Unsur tambahan kantor ini" not in before.text
    there_is(services)
    there_is(services, code="PARKIR", name="Parkir", position=2)
    record_at(services, [a_form({}, extras={"U10": 1 + (n > 0), "PARKIR": 4}) for n in range(4)])
    record_at(services, [a_form({}, extras={"U10": 3})])
    page = supervisor.get(OCTOBER)
    own = part(page, "Unsur tambahan kantor ini")
    assert "tidak ikut dihitung dalam IKM" in own
    assert "U10. Ruang tunggu Bagaimana kenyamanan ruang tunggu kami? 5 2,0000 50,00 D" in own
    assert "PARKIR. Parkir Bagaimana kenyamanan ruang tunggu kami? di bawah 5 – – –" in own
    assert lede(page) == lede(before)
    for heading in ("Kesembilan unsur", "Apakah jawaban ini cukup?", "Siapa yang menjawab"):
        assert part(page, heading) == part(before, heading)


def test_own_elements_are_shown_in_whole_bundles_of_five_like_the_nine(supervisor: Pages, services: Services) -> None:
    there_is(services)
    for month, people in (("08", 4), ("09", 4), ("10", 5)):
        when = f"2026-{month}-15T10:00"
        record_at(services, [a_form({}, when, extras={"U10": 4}) for _ in range(people)], when)
    shown = {
        months: re.search(r"kami\? (di bawah 5|\d+)", part(supervisor.get(f"{PATH}?{months}"), OWN))
        for months in (
            "from=2026-08&to=2026-08",
            "from=2026-08&to=2026-09",
            "from=2026-09&to=2026-10",
            "from=2026-01",
        )
    }
    assert [found[1] for found in shown.values() if found] == ["di bawah 5", "8", "5", "13"]


def test_an_element_that_has_ended_is_told_of_the_months_in_which_it_was_asked(
    supervisor: Pages, services: Services
) -> None:
    there_is(services, ended_on=date(2026, 9, 1))
    answer(services)
    assert OWN not in supervisor.get(OCTOBER).text
    august = supervisor.get(f"{PATH}?from=2026-08&to=2026-10")
    assert "Tidak ditanyakan lagi sejak 1 September 2026." in part(august, OWN)
    record_at(services, [a_form({}, extras={"U10": 4}) for _ in range(5)])
    assert "5 4,0000 100,00 A" in part(supervisor.get(OCTOBER), OWN), "it waited on a tablet"


@pytest.mark.parametrize(
    ("profile", "questions"),
    [pytest.param(None, 1, id="nobody described"), pytest.param({"sex": "female"}, 2, id="somebody described")],
)
def test_all_ratings_are_read_at_once_and_descriptions_apart(
    supervisor: Pages, services: Services, profile: dict[str, str] | None, questions: int
) -> None:
    for month in range(1, 11):
        answer(services, 6, f"2026-{month:02}-15T10:00")
    record_at(services, [a_form(FULL, profile=profile)])
    with counted(services) as statements:
        supervisor.get(PATH)
    assert len([one for one in statements if "FROM rating" in one and "count(" in one]) == questions


def test_it_reads_in_english_too(app: Flask, services: Services) -> None:
    pangkep(services)
    there_is(services, name_en="Waiting room", question_en="How comfortable is our waiting room?")
    pages = led_by(app, services, "supervisor", Place(Role.SUPERVISOR, office=OFFICE), "en")
    page = pages.get(OCTOBER)
    assert "(IKM) of Disdukcapil Sawahlunto is 88.89: grade A, very good." in lede(page)
    assert "5 3.6000 0.4000 90.00 A" in part(page, "The nine elements")
    own = part(page, "This office’s additional elements")
    assert "U10. Waiting room How comfortable is our waiting room? below 5" in own
