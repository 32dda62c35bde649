"""An office's own words and hours: short, Indonesian first, and each day's hours within that day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.engine import writing
from shared.db.own_words import TooManySlides, add_slide
from shared.db.own_words_tables import SlideRow
from shared.domain.facts import OfficeFacts
from shared.domain.own_words import OwnWordsFacts, SlideFacts
from shared.seed.offices import OFFICES
from shared.seed.own_words import own_words_of
from shared.services import Services
from tests.cast import OFFICE

SLIDE = {"title": "Loket baru", "text": "Loket 4 kini buka."}


def problems(shape: type[OwnWordsFacts | SlideFacts], typed: dict[str, str]) -> dict[Any, str]:
    try:
        shape.model_validate(typed)
    except ValidationError as error:
        return {part["loc"][0]: part["type"] for part in error.errors()}
    return {}


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"sentence": " \n\u200b ", "sentence_en": ""}, {}, id="nothing that can be seen"),
        pytest.param({"sentence": "x" * 120}, {}, id="as long as it may be"),
        pytest.param({"sentence": "x" * 121}, {"sentence": "string_too_long"}, id="too long"),
        pytest.param({"sentence_en": "Hello"}, {"sentence_en": "english_alone"}, id="English alone"),
        pytest.param(
            {"sentence": "x" * 121, "sentence_en": "Hello"}, {"sentence": "string_too_long"}, id="one problem, once"
        ),
        pytest.param({"changed_text": "x" * 240, "changed_on": "2026-11-02"}, {}, id="what changed"),
        pytest.param(
            {"changed_text": "x" * 241, "changed_on": "2026-11-02"},
            {"changed_text": "string_too_long"},
            id="a letter",
        ),
        pytest.param({"changed_text": "Buka jam 7.", "changed_on": " "}, {"changed_on": "no_day"}, id="no day"),
        pytest.param({"changed_text": "Buka jam 7."}, {"changed_on": "no_day"}, id="a day never asked for"),
        pytest.param(
            {"changed_text": "Buka jam 7.", "changed_on": "kemarin"},
            {"changed_on": "date_from_datetime_parsing"},
            id="not a day",
        ),
    ],
)
def test_what_an_office_says_fits_its_screen(typed: dict[str, str], wrong: dict[str, str]) -> None:
    assert problems(OwnWordsFacts, typed) == wrong


def test_a_day_without_words_says_nothing() -> None:
    said = OwnWordsFacts.model_validate({"changed_text": "", "changed_on": "2026-11-02"})
    assert said == OwnWordsFacts()


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        pytest.param(SLIDE, {}, id="a slide"),
        pytest.param({**SLIDE, "title": "x" * 60, "text_en": "x" * 200}, {}, id="as long as it may be"),
        pytest.param({**SLIDE, "title": "x" * 61}, {"title": "string_too_long"}, id="a long title"),
        pytest.param({**SLIDE, "text_en": "x" * 201}, {"text_en": "string_too_long"}, id="a long text"),
        pytest.param({**SLIDE, "text": "\u202e"}, {"text": "string_too_short"}, id="nothing that can be seen"),
    ],
)
def test_a_slide_fits_its_screen(typed: dict[str, str], wrong: dict[str, str]) -> None:
    assert problems(SlideFacts, typed) == wrong


def test_words_are_one_paragraph_without_what_cannot_be_seen() -> None:
    slide = SlideFacts.model_validate({"title": " Loket\tbaru ", "text": "Satu\r\n\r\ndua\u202e\0."})
    assert (slide.title, slide.text) == ("Loket baru", "Satu dua.")


NIGHT, SHUT = ["20:00", "06:00"], list[str]()


@pytest.mark.parametrize(("span", "right"), [(NIGHT, True), (["08:00", "08:00"], False), (["08:00", "24:00"], False)])
def test_hours_may_end_after_midnight_but_not_where_they_begin(span: list[str], right: bool) -> None:
    office = {"code": "X", "region": "X", "name": "X", "kind": "other", "timezone": "Asia/Jakarta"}
    typed = {**office, "opening_hours": [span, *[SHUT] * 6]}
    if right:
        assert OfficeFacts.model_validate(typed).opening_hours == typed["opening_hours"]
    else:
        with pytest.raises(ValidationError, match="from and until"):
            OfficeFacts.model_validate(typed)


def test_the_demo_says_what_a_supervisor_could_have_written() -> None:
    said, *slides = own_words_of(OFFICES[0], datetime(2026, 11, 30, 18, tzinfo=UTC))
    assert OwnWordsFacts.model_validate(said.model_dump()).changed_on == date(2026, 12, 1), (
        "in the zone of the office"
    )
    assert [SlideFacts.model_validate(slide.model_dump()).title_en for slide in slides] == [
        "Your family card is enough",
        "Every service here is free",
    ]


def test_however_many_add_slides_at_once_there_are_five_in_an_order(services: Services, session: Session) -> None:
    def add(number: int) -> bool:
        facts = SlideFacts(title=f"Tayangan {number}", text="Isinya.")
        try:
            with writing(services.engine) as own:
                add_slide(own, OFFICE, facts)
        except TooManySlides:
            return False
        return True

    with ThreadPoolExecutor(8) as people:
        added = list(people.map(add, range(8)))
    assert added.count(True) == 5
    assert session.scalars(select(col(SlideRow.place)).order_by(col(SlideRow.place))).all() == [1, 2, 3, 4, 5]
