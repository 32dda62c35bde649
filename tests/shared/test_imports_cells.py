"""How cells are read: answers, dates, times and the words of other people's forms."""

import string
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.ratings import AgeBand, Education, Occupation, Sex
from shared.imports.moments import read_moment, read_time
from shared.imports.profiles import age_band, read_profile
from shared.imports.rating_rows import COLUMNS, read_answer
from shared.imports.refusals import RowRefused
from shared.imports.tables import Row, fold

WITA = ZoneInfo("Asia/Makassar")


def a_row(**named: str) -> Row:
    return Row(1, list(named.values()), named)


@pytest.mark.parametrize("text", ["3", "3.0", "3,0", "3.", "3.000"])
def test_an_answer_is_read_as_spreadsheets_write_it(text: str) -> None:
    assert read_answer(a_row(overall=text), "overall") == 3


def test_a_blank_is_unanswered() -> None:
    assert read_answer(a_row(overall=""), "overall") is None
    assert read_answer(a_row(), "overall") is None


@given(st.text(alphabet=string.digits + ".,+-eE ½²٣x", min_size=1, max_size=6))
def test_whatever_is_read_as_an_answer_is_that_number_and_from_one_to_four(text: str) -> None:
    try:
        answer = read_answer(a_row(overall=text), "overall")
    except RowRefused:
        return
    assert answer is not None
    assert float(text.replace(",", ".")) == answer
    assert 1 <= answer <= 4


@given(st.one_of(st.integers(-(10**9), 0), st.integers(5, 10**9), st.floats(1, 4).filter(lambda n: n % 1)).map(str))
def test_a_number_off_the_scale_is_refused_and_named(text: str) -> None:
    with pytest.raises(RowRefused) as refused:
        read_answer(a_row(overall=text), "overall")
    assert refused.value.worded("id") == f"Jawaban “{text}” di kolom nilai bukan angka 1 sampai 4."


@pytest.mark.parametrize(
    ("text", "local"),
    [
        pytest.param("2025-11-12", "2025-11-12 12:00", id="ISO, a date alone is noon"),
        pytest.param("12/11/2025", "2025-11-12 12:00", id="day first"),
        pytest.param("1-2-2025", "2025-02-01 12:00", id="one digit, hyphens"),
        pytest.param("12.11.2025", "2025-11-12 12:00", id="points"),
        pytest.param("2025/11/12", "2025-11-12 12:00", id="year first, slashes"),
        pytest.param("12 November 2025", "2025-11-12 12:00", id="November"),
        pytest.param("5 Agustus 2025", "2025-08-05 12:00", id="Agustus"),
        pytest.param("5 August 2025", "2025-08-05 12:00", id="August"),
        pytest.param("17 Agt 2025", "2025-08-17 12:00", id="Agt"),
        pytest.param("1 MEI 2025", "2025-05-01 12:00", id="Mei"),
        pytest.param("1 May 2025", "2025-05-01 12:00", id="May"),
        pytest.param("09-Des-2025", "2025-12-09 12:00", id="Des, hyphens"),
        pytest.param("Rabu, 12 November 2025", "2025-11-12 12:00", id="day of the week"),
        pytest.param("Jum'at, 14 November 2025 pukul 13.45", "2025-11-14 13:45", id="pukul"),
        pytest.param("12/11/2025 13:45", "2025-11-12 13:45", id="day first with time"),
        pytest.param("12/11/2025 8:05:30", "2025-11-12 08:05:30", id="with seconds"),
        pytest.param("2025-11-12T13:45", "2025-11-12 13:45", id="ISO with time"),
        pytest.param("2025-11-12 13:45:10.5", "2025-11-12 13:45:10.5", id="ISO with a fraction"),
    ],
)
def test_a_date_is_read_on_the_offices_wall_clock(text: str, local: str) -> None:
    moment = read_moment(text, WITA)
    assert moment.at == datetime.fromisoformat(local.replace(".5", ".500000")).replace(tzinfo=WITA)
    assert moment.whole_day == (":" not in text and "." not in text[10:])


@pytest.mark.parametrize("text", ["2025-11-12T04:00:00Z", "2025-11-12T12:00+08:00", "2025-11-12 00:30-0330"])
def test_a_moment_with_its_own_offset_keeps_it(text: str) -> None:
    assert read_moment(text, WITA).at == datetime(2025, 11, 12, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "kemarin", "12/13/2025", "32/01/2025", "12/11/25", "0225-11-12", "12 Nopemburr 2025",
        "2025-11-12 25:00", "2025-11-12 12:60", "2025-11-12T12:00+99:00", "12112025", "2025-11-12 siang",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused_and_named(text: str) -> None:
    with pytest.raises(RowRefused) as refused:
        read_moment(text, WITA)
    assert f"“{text}” tidak terbaca" in refused.value.worded("id")


@pytest.mark.parametrize("text", ["31/06/2026", "2025-02-29", "31 April 2025 08:00"])
def test_a_day_that_its_month_does_not_have_is_named_as_such(text: str) -> None:
    with pytest.raises(RowRefused) as refused:
        read_moment(text, WITA)
    assert refused.value.worded("id") == f"Tanggal {text} tidak ada di kalender."


@pytest.mark.parametrize("text", ["45973", "45973.5", "45973,354166667"])
def test_a_date_that_a_spreadsheet_made_a_number_is_not_guessed_at(text: str) -> None:
    with pytest.raises(RowRefused, match="became a number"):
        read_moment(text, WITA)


def test_a_missing_date_is_said_to_be_missing() -> None:
    with pytest.raises(RowRefused, match="missing"):
        read_moment("", WITA)


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d %B %Y"])
)
def test_every_day_is_read_back_in_every_form(day: date, form: str) -> None:
    assert read_moment(day.strftime(form), WITA).at == datetime.combine(day, time(12), tzinfo=WITA)


@given(st.dates(date(2000, 1, 2), date(2100, 1, 1)), st.times())
def test_every_moment_written_in_iso_is_read_back(day: date, clock: time) -> None:
    moment = datetime.combine(day, clock, tzinfo=UTC)
    assert read_moment(moment.isoformat(), WITA).at == moment
    assert read_moment(moment.astimezone(WITA).replace(tzinfo=None).isoformat(" "), WITA).at - moment == timedelta()


def test_a_time_of_day_is_read_with_colons_and_points() -> None:
    assert [read_time(text) for text in ("8:00", "08.30", "23:59:59", "24:00", "8", "")] == [
        time(8), time(8, 30), time(23, 59, 59), None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("sex", {"Laki - Laki": Sex.MALE, "Laki-laki": Sex.MALE, "L": Sex.MALE, "PEREMPUAN": Sex.FEMALE,
                 "female": Sex.FEMALE, "L/P": None, "-": None}),
        ("education", {"SMA / SMK": Education.SMA, "SD Kebawah": Education.SD, "S1 / Setara": Education.S1,
                       "SMA/sederajat": Education.SMA, "D3": Education.DIPLOMA, "D1/D2/D3": Education.DIPLOMA,
                       "s2": Education.S2, "S2 / S3": None, "S2 Keatas": None, "lainnya": None}),
        ("occupation", {"Pegawai Swasta": Occupation.SWASTA, "Swasta": Occupation.SWASTA, "ASN": Occupation.PNS,
                        "Pelajar/Mahasiswa": Occupation.PELAJAR, "Wiraswasta": Occupation.WIRAUSAHA,
                        "TNI": Occupation.TNI, "Lainnya": Occupation.LAINNYA, "PNS/TNI/POLRI": None, "Dalang": None}),
        ("age", {"29": AgeBand.FROM_18, "17 tahun": AgeBand.UNDER_18, "30.0": AgeBand.FROM_30, "60+": AgeBand.FROM_60,
                 "18_29": AgeBand.FROM_18, "under_18": AgeBand.UNDER_18, "60_up": AgeBand.FROM_60,
                 "50 - 59": AgeBand.FROM_50, "20-25": AgeBand.FROM_18, "31-40": None, "< 18": AgeBand.UNDER_18,
                 "17 tahun ke bawah": AgeBand.UNDER_18, "> 60": AgeBand.FROM_60, "di atas 50": None,
                 "1990": None, "tua": None}),
    ],
)  # fmt: skip
def test_profile_words_are_mapped_where_clear_and_otherwise_unknown(column: str, words: Mapping[str, object]) -> None:
    attribute = {"age": "age_band"}.get(column, column)
    profiles = {word: read_profile(a_row(**{column: word})) for word in words}
    assert {word: profile and getattr(profile, attribute) for word, profile in profiles.items()} == words


@given(st.text(max_size=30))
def test_no_profile_word_ever_refuses_a_row(text: str) -> None:
    read_profile(a_row(sex=text, age=text, education=text, occupation=text))


@given(st.integers(0, 120))
def test_every_age_has_its_band(age: int) -> None:
    bands = [(60, "60_up"), (50, "50_59"), (40, "40_49"), (30, "30_39"), (18, "18_29"), (0, "under_18")]
    assert age_band(str(age)) == next(band for first, band in bands if age >= first)


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Tanggal", "given_at"), ("GIVEN AT", "given_at"), ("date", "given_at"), ("Jenis Kelamin", "sex"),
        ("jenis_kelamin", "sex"), ("U 8", "PENGADUAN"), ("u9", "SARANA"), ("PERSYARATAN", "PERSYARATAN"),
        ("Biaya/Tarif", "BIAYA"),
        ("Penanganan Pengaduan, Saran dan Masukan", "PENGADUAN"), ("Facilities", "SARANA"), ("Saran", "comment"),
    ],
)  # fmt: skip
def test_headings_are_known_in_both_languages_and_any_dress(heading: str, column: str) -> None:
    assert COLUMNS[fold(heading)] == column
