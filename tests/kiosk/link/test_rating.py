"""Rating by the link of a counter or office: the face alone is the rating, what is added completes it, once."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.engine import writing
from shared.db.own_words_tables import OwnWordsRow
from shared.db.people_tables import OfficerRow, PostingRow
from shared.db.tables import MonthlyScoreRow, QuarantineRow, RatingRow
from shared.domain.screening import SetAside
from shared.domain.skm import Element
from shared.services import Services
from shared.wording import ELEMENTS
from tests.cast import ASHA, BILAL, COUNTER, OFFICE
from tests.factories import NOON, SettableClock, an_extra_element
from tests.kiosk.conftest import bring_to_the_page, fresh
from tests.kiosk.link.phone import HERE, Phone

ADDED = {"do": "send", "reason": ["ramah", "cepat"], "comment": "Terima kasih,\r\nBu Asha."}


def recorded(session: Session, services: Services) -> list[RatingRow]:
    bring_to_the_page(services)
    return list(fresh(session).scalars(select(RatingRow).order_by(col(RatingRow.given_at), col(RatingRow.id))))


def score(session: Session) -> MonthlyScoreRow:
    return fresh(session).get_one(MonthlyScoreRow, (ASHA, "2026-11"))


def test_the_face_alone_is_the_rating(phone: Phone, services: Services, session: Session) -> None:
    page = phone.open(HERE)
    assert "Anda dilayani oleh Asha Pertiwi, S.Sos. Loket 3 · Disdukcapil Sawahlunto" in page.text
    phone.press(2)
    (row,) = recorded(session, services)
    assert (row.officer_code, row.counter_code, row.overall, row.channel) == (ASHA, COUNTER, 2, "link")
    assert (row.given_at, row.language, row.picked, row.kiosk_id) == (NOON, "id", False, None)
    assert row.rater_key


def test_what_is_added_completes_that_rating(phone: Phone, services: Services, session: Session) -> None:
    more = phone.press(4)
    page = phone.open(more)
    assert "Jawaban Anda: Sangat baik . Penilaian Anda sudah tercatat." in page.text
    asked = sorted({str(name).rpartition("-")[0] for name in page.fields if str(name).startswith("answer-")})
    assert len(asked) == 2
    response = phone.send(more, page, **ADDED, **{asked[0]: "3"})
    assert response.headers["Location"] == f"{more}/thanks"
    assert "Terima kasih. Penilaian Anda sudah tercatat." in phone.open(f"{more}/thanks").text
    (row,) = recorded(session, services)
    assert (row.overall, row.reasons, row.comment) == (4, ["ramah", "cepat"], "Terima kasih,\nBu Asha.")
    assert getattr(row, asked[0].removeprefix("answer-").lower()) == 3
    assert (score(session).fours, score(session).set_aside) == (1, None)


def test_all_questions_are_the_nine_and_those_of_the_office_today(
    phone: Phone, services: Services, session: Session
) -> None:
    with writing(services.engine) as adding:
        adding.add_all([an_extra_element(), an_extra_element(code="U11", name="Parkir", ended_on=NOON.date())])
    services.directory.look_again()
    more = phone.press(4)
    page = phone.looked_at(phone.send(more, phone.open(more), do="all"), 200)
    asked = {str(name).rpartition("-")[0] for name in page.fields if str(name).startswith("answer-")}
    assert asked == {f"answer-{code}" for code in (*Element, "U10")}
    phone.send(more, page, do="send", **{"answer-U10": "3", "answer-BIAYA": "4"})
    (row,) = recorded(session, services)
    assert (row.overall, row.biaya, row.extras) == (4, 4, {"U10": 3})


def test_the_thanks_say_what_changed_because_of_others(phone: Phone, services: Services) -> None:
    more = phone.press(4)
    assert "Yang berubah" not in phone.open(f"{more}/thanks").text
    with writing(services.engine) as session:
        session.add(OwnWordsRow(office_code=OFFICE, changed_text="Loket 4 dibuka.", changed_on=NOON.date()))
    page = phone.open(f"{more}/thanks")
    assert "Yang berubah berkat penilaian Anda Loket 4 dibuka. (18 November 2026)" in page.text


def test_whoever_adds_after_the_answer_was_recorded_is_still_one(
    phone: Phone, services: Services, session: Session
) -> None:
    more = phone.press(4)
    bring_to_the_page(services)
    phone.send(more, phone.open(more), **ADDED)
    (row,) = recorded(session, services)
    assert row.comment
    assert "tetap kami simpan" in phone.looked_at(phone.send(more, phone.open(more), **ADDED), 200).text
    assert len(recorded(session, services)) == 1


def test_the_same_face_sent_twice_is_one_rating(phone: Phone, services: Services, session: Session) -> None:
    page = phone.open(HERE)
    answers = [phone.send(HERE, page, overall="3").status_code for _ in range(3)]
    assert answers == [303, 303, 303]
    assert len(recorded(session, services)) == 1
    assert fresh(session).scalars(select(QuarantineRow)).all() == []


def test_another_face_after_going_back_replaces_the_first(
    phone: Phone, services: Services, session: Session, clock: SettableClock
) -> None:
    page = phone.open(HERE)
    phone.send(HERE, page, overall="1")
    clock.advance(seconds=3)
    phone.send(HERE, page, overall="4")
    assert len(recorded(session, services)) == 2
    assert (score(session).ones, score(session).fours) == (0, 1)
    assert score(session).set_aside == {SetAside.SUPERSEDED: 1}


def test_one_phone_counts_once_a_month_and_another_phone_too(
    app: Flask, services: Services, session: Session, clock: SettableClock
) -> None:
    phone, other = Phone(app), Phone(app)
    phone.press(1)
    clock.advance(days=2)
    phone.press(3, f"{HERE}?officer={ASHA}")
    other.press(4, f"{HERE}?officer={ASHA}")
    clock.advance(days=12)
    phone.press(2, f"{HERE}?officer={ASHA}")
    bring_to_the_page(services)
    november, december = (fresh(session).get_one(MonthlyScoreRow, (ASHA, month)) for month in ("2026-11", "2026-12"))
    assert [november.ones, november.twos, november.threes, november.fours] == [0, 0, 1, 1]
    assert [december.ones, december.twos, december.threes, december.fours] == [0, 1, 0, 0]


def test_whoever_was_served_by_somebody_else_chooses(phone: Phone, services: Services, session: Session) -> None:
    assert f"{HERE}?officer=" in phone.open(HERE).html
    grid = phone.open(f"{HERE}?officer=")
    assert grid.text.index("Asha Pertiwi") < grid.text.index("Bilal")
    assert "Dev Lasut" not in grid.text
    phone.press(3, f"{HERE}?officer={BILAL}")
    (row,) = recorded(session, services)
    assert (row.officer_code, row.picked, row.counter_code) == (BILAL, True, COUNTER)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_of_several_on_duty_and_of_a_whole_office_the_person_chooses(phone: Phone, services: Services) -> None:
    assert phone.open("/r/dsw").h1 == ["Siapa yang melayani Anda?"]
    assert phone.open("/r/DSL4").h1 == ["Siapa yang melayani Anda?"], "nobody is posted there"
    with writing(services.engine) as session:
        session.add(PostingRow(officer_code=BILAL, counter_code=COUNTER, starts_at=NOON, ends_at=NOON + timedelta(1)))
    assert phone.open(HERE).h1 == ["Siapa yang melayani Anda?"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_office_is_rated_without_a_counter(phone: Phone, services: Services, session: Session) -> None:
    phone.press(4, f"/r/{OFFICE}?officer={BILAL}")
    (row,) = recorded(session, services)
    assert (row.office_code, row.counter_code, row.officer_code) == (OFFICE, None, BILAL)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nine_questions_by_choice_lose_nothing_typed(phone: Phone, services: Services, session: Session) -> None:
    more = phone.press(2)
    response = phone.send(more, phone.open(more), do="all", reason=["lama"], comment="Antre <lama>")
    page = phone.looked_at(response, 200)
    assert page.fields.count("comment") == 1
    assert 'value="lama" checked' in page.html
    assert "Antre &lt;lama&gt;</textarea>" in page.html
    answers = {f"answer-{element.code}": "1" for element in ELEMENTS}
    page = phone.looked_at(phone.send(more, page, do="all", **answers), 200)
    assert page.html.count(" checked") == 9
    phone.send(more, page, do="send", **answers)
    (row,) = recorded(session, services)
    assert {getattr(row, element.code.lower()) for element in ELEMENTS} == {1}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_language_can_be_changed_in_the_middle_of_a_comment(app: Flask) -> None:
    phone = Phone(app)
    more = phone.press(3)
    response = phone.send(more, phone.open(more), language="en", comment="Antre lama")
    phone.pages.language = "en"
    page = phone.looked_at(response, 200)
    assert page.h1 == ["What was best?"]
    assert "Antre lama</textarea>" in page.html
    assert response.headers["Cache-Control"] == "no-cache, private", "the browser's way back finds it again"
    assert phone.open(HERE).h1 == ["How was this officer’s service?"], "and stays so"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_comment_that_is_too_long_is_handed_back_whole(phone: Phone, services: Services, session: Session) -> None:
    more = phone.press(3)
    page = phone.looked_at(phone.send(more, phone.open(more), do="send", comment="a" * 501, reason=["ramah"]), 400)
    assert "Pesan Anda berisi 501 karakter" in page.text
    assert "a" * 501 + "</textarea>" in page.html
    assert 'value="ramah" checked' in page.html
    lines = "\r\n".join(["a"] * 250)
    assert phone.send(more, page, do="send", comment=lines).status_code == 303, "499 as the person sees them"
    assert len(recorded(session, services)) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_reason_that_was_not_offered_is_not_kept(phone: Phone, services: Services, session: Session) -> None:
    more = phone.press(4)
    phone.send(more, phone.open(more), do="send", reason=["minta_biaya", "ramah", "ramah", "apa"])
    (row,) = recorded(session, services)
    assert row.reasons == ["ramah"]


@pytest.mark.parametrize("answer", ["5", "0", "baik", "9" * 5000, "٣"])
def test_an_answer_to_an_element_is_one_of_four_or_asked_for_again(phone: Phone, answer: str) -> None:
    more = phone.press(4)
    response = phone.send(more, phone.open(more), do="send", every="1", **{"answer-SARANA": answer})
    assert response.status_code == 400


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_who_leaves_while_shown_is_still_rated_and_who_is_removed_is_chosen_anew(
    phone: Phone, services: Services, session: Session
) -> None:
    page = phone.open(f"{HERE}?officer={BILAL}")
    with writing(services.engine) as writer:
        writer.get_one(OfficerRow, BILAL).left_on = NOON.date()
    services.directory.look_again()
    assert phone.send(HERE, page, overall="3").status_code == 303, "the officer shown is the one rated"
    with writing(services.engine) as writer:
        writer.delete(writer.get_one(OfficerRow, BILAL))
    services.directory.look_again()
    grid = phone.looked_at(phone.send(HERE, page, overall="2"), 422)
    assert "Petugas ini tidak ada dalam daftar" in grid.text
    assert "Asha Pertiwi" in grid.text
