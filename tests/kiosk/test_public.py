"""What anyone may read, in the language they read."""

import pytest
from flask import Flask
from sqlalchemy import text

from shared.db.engine import writing
from shared.services import Services
from tests.cast import ASHA
from tests.pages import Pages, let_sign_in


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
