"""What anyone may read, in the language they read."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import text

from kiosk.officer.closed import REASONS
from kiosk.public.method import review_rules, set_aside_rules
from kiosk.review_words import GROUNDS
from shared.db.engine import writing
from shared.domain.reviews import OBJECTS_WITHIN, Ground
from shared.domain.screening import PRESS_INTERVAL, STALE_AFTER, SetAside
from shared.i18n import LANGUAGES, Language, translate
from shared.services import Services
from tests.cast import ASHA
from tests.kiosk.touch.stage import Server
from tests.pages import Pages, let_sign_in

A_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


@pytest.fixture
def server(app: Flask, services: Services) -> Iterator[Server]:
    """Serve the app to a browser."""
    server = Server(app, services.clock)
    yield server
    server.stop()


def test_the_start_says_what_this_is_and_leads_to_the_sign_in(app: Flask) -> None:
    page = Pages(app).get("/")
    assert "warga menilai petugas yang baru saja melayani mereka" in page.text
    assert 'href="/login"' in page.html
    assert 'href="/how-scores-are-made"' in page.html
    assert "residents rate the officer" in Pages(app, "en").get("/").text


def test_a_signed_in_officer_finds_their_page_from_the_start(app: Flask, services: Services) -> None:
    let_sign_in(services, "asha", ASHA)
    pages = Pages(app)
    pages.sign_in("asha")
    page = pages.get("/")
    assert 'href="/start"' in page.html
    assert 'href="/login"' not in page.html


def test_anyone_can_redo_the_example_of_how_scores_are_made(app: Flask) -> None:
    page = Pages(app).get("/how-scores-are-made").text
    assert "5 × 4 + 3 × 3 = 29 Indeks mentah 25 × 29 ÷ 8 = 90,625 → 90,63" in page
    assert "A: Sangat baik 88,31 B: Baik 76,61 C: Kurang baik 65,00 D: Tidak baik 25,00" in page
    assert "Angka tidak tampil bila penilaiannya kurang dari 5." in page
    assert "90.625 → 90.63" in Pages(app, "en").get("/how-scores-are-made").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_a_rating_does_not_count_is_published_with_its_rule(app: Flask, language: Language) -> None:
    page = Pages(app, language).get("/how-scores-are-made").text
    rules = set_aside_rules()
    assert len(rules) == len(SetAside)
    for rule in rules:
        assert translate(rule.title, language)[1:] in page
        assert translate(rule.text, language, **rule.facts) in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sign_people_look_into_is_published_with_its_threshold_and_why(app: Flask, language: Language) -> None:
    page = Pages(app, language).get("/how-scores-are-made").text
    rules = review_rules()
    assert {rule.title for rule in rules} == {GROUNDS[one].title for one in Ground if one is not Ground.OBJECTION}
    for rule in rules:
        assert rule.why
        assert f"{translate(rule.text, language, **rule.facts)} {translate(rule.why, language)}" in page


def test_what_is_published_about_reviews_and_objections_has_their_figures(app: Flask) -> None:
    page = Pages(app).get("/how-scores-are-made").text
    for rule in (
        "30 penilaian atau lebih di satu layar dalam satu jam.",
        "12 penilaian atau lebih berturut-turut",
        "13 penilaian atau lebih di satu layar, masing-masing paling lama 15 menit setelah yang sebelumnya",
        "lebih dari 4 galat baku dari layar lainnya, dengan sedikitnya 20 penilaian",
        "30 menit sebelum dan sesudah jam di jadwal",
        "pada tanggal 20 bulan berikutnya",
        "dalam 14 hari sejak pertama kali membacanya di halamannya",
        "kurang dari 5 tidak pernah dikesampingkan",
    ):
        assert rule in page


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        pytest.param(REASONS[SetAside.STALE], STALE_AFTER.days, id="stale"),
        pytest.param(REASONS[SetAside.REPEAT_PRESS], PRESS_INTERVAL.seconds, id="repeated press"),
        pytest.param(GROUNDS[Ground.OBJECTION].why, OBJECTS_WITHIN.days, id="objection"),
    ],
)
def test_a_figure_that_stands_in_words_is_the_one_the_code_goes_by(words: str, figure: int) -> None:
    assert re.findall(r"(?<!PP )\b\d+\b(?!/)", words)[0] == str(figure)
    assert str(figure) in translate(words, "id")


def test_officers_find_what_this_is_for_and_what_they_can_do(app: Flask, services: Services) -> None:
    let_sign_in(services, "asha", ASHA)
    pages = Pages(app)
    pages.sign_in("asha")
    for path in ("/", "/how-scores-are-made", "/me"):
        assert 'href="/for-officers"' in pages.get(path).html
    page = pages.get("/for-officers").text
    assert "Bukan peringkat." in page
    assert "misalnya 84,20, dengan nilai sebenarnya kira-kira antara 80,1 dan 88,3." in page
    assert "dalam 14 hari sejak Anda pertama kali membacanya di halaman Anda (PP 30/2019)" in page
    assert "Angka baru tampil mulai 5 penilaian" in page
    assert "biasanya cukup sekitar 40 dalam sebulan" in page
    assert "84.20" in Pages(app, "en").get("/for-officers").text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a browser leaves amid a file
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_officers_are_told_is_printed_on_one_sheet(server: Server, browser: Browser, language: Language) -> None:
    context = browser.new_context(locale=language)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{server.port}/for-officers")
    printed = page.pdf(prefer_css_page_size=True)
    context.close()
    assert len(A_PAGE.findall(printed)) == 1


@pytest.mark.parametrize(
    ("chosen", "asked", "spoken"),
    [
        pytest.param(None, None, "id", id="nothing said"),
        pytest.param(None, "en-GB,en;q=0.8", "en", id="browser asks for English"),
        pytest.param(None, "fr", "id", id="browser asks for a language we lack"),
        pytest.param("id", "en", "id", id="the choice stands over the browser"),
        pytest.param("xx", "en", "en", id="a choice we do not know"),
    ],
)
def test_a_page_speaks_the_persons_language(app: Flask, chosen: str | None, asked: str | None, spoken: str) -> None:
    client = app.test_client()
    if chosen:
        client.set_cookie("language", chosen)
    answer = client.get("/", headers={"Accept-Language": asked} if asked else {})
    assert f'<html lang="{spoken}">' in answer.text


@pytest.mark.parametrize(
    ("wish", "reached"),
    [
        pytest.param("/how-scores-are-made", "/how-scores-are-made", id="the page they came from"),
        pytest.param("//evil.example", "/", id="another site"),
        pytest.param("https://evil.example", "/", id="another site with scheme"),
        pytest.param("/\\evil.example", "/", id="backslash"),
        pytest.param("", "/", id="nowhere"),
    ],
)
def test_choosing_a_language_leads_back_and_never_away(app: Flask, wish: str, reached: str) -> None:
    pages = Pages(app)
    answer = pages.client.get("/language/en", query_string={"next": wish})
    assert answer.headers["Location"] == reached
    assert "How scores are made" in pages.client.get("/").text


def test_every_page_offers_the_other_language_of_itself(app: Flask) -> None:
    assert 'href="/language/en?next=/how-scores-are-made"' in Pages(app).get("/how-scores-are-made").html
    assert 'href="/language/id?next=/login?next%3D/me"' in Pages(app, "en").get("/login?next=/me").html


def test_what_is_not_there_says_so(app: Flask) -> None:
    for language in ("id", "en"):
        pages = Pages(app, "en" if language == "en" else "id")
        pages.get("/nowhere", 404)
        pages.get("/language/xx", 404)


def test_a_failure_of_ours_is_worded_calmly_even_when_accounts_cannot_be_read(app: Flask, services: Services) -> None:
    let_sign_in(services, "asha", ASHA)
    pages = Pages(app)
    pages.sign_in("asha")
    with writing(services.engine) as session:
        session.execute(text("ALTER TABLE account RENAME TO account_gone"))
    assert "Ada gangguan di pihak kami" in pages.get("/me", 500).text
