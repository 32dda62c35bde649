"""`suara ikm`: the index of an office, from its ratings, as JSON and as words."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col
from typer.testing import Result

from shared.cli.start import Refused
from shared.db.engine import writing
from shared.db.people_tables import OfficeRow
from shared.db.ratings import record
from shared.domain.ratings import Rating
from shared.domain.skm import Element
from shared.services import Services
from tests.cast import OFFICE, OTHER_OFFICE
from tests.factories import NOON, a_rating
from tests.shell import Shell

PANGKEP = (18, 18, 17, 18, 18, 19, 17, 18, 17)
"""Sums of five published forms, in list order."""


def forms(sums: Sequence[int], count: int) -> list[Rating]:
    """Return paper forms whose answers have these sums, in list order."""
    return [
        a_form({element: total // count + (n < total % count) for element, total in zip(Element, sums, strict=True)})
        for n in range(count)
    ]


def a_form(elements: Mapping[Element, int], **overrides: Any) -> Rating:
    return a_rating(
        **{"overall": None, "officer": None, "counter": None, "kiosk": None, "channel": "paper",
           "elements": elements, **overrides}
    )  # fmt: skip


def recorded(services: Services, ratings: Sequence[Rating]) -> None:
    with writing(services.engine) as session:
        record(ratings, session, NOON)


def ikm(suara: Shell, *options: str, office: str = OFFICE, first: str = "2026-11", last: str = "2026-11") -> Result:
    return suara.run("ikm", "--office", office, "--from", first, "--to", last, *options)


def ikm_json(suara: Shell, *options: str, **period: str) -> dict[str, Any]:
    done = ikm(suara, "--json", *options, **period)
    assert done.exit_code == 0
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_json_says_everything_the_index_was_made_of(suara: Shell, services: Services) -> None:
    recorded(services, forms(PANGKEP, 5))
    sums = dict(zip((element.value for element in Element), PANGKEP, strict=True))
    assert ikm_json(suara) == {
        "office": OFFICE,
        "from": "2026-11",
        "to": "2026-11",
        "weight": "1/9",
        "respondents": 5,
        "sums": sums,
        "answered": dict.fromkeys(sums, 5),
        "nrr": {code: f"{total / 5:.4f}" for code, total in sums.items()},
        "ikm": "88.89",
        "grade": "A",
        "sample": {"population": 1000, "needed": 278, "sufficient": False},
        "extras": {},
    }


@pytest.mark.parametrize(
    ("weight", "index", "grade"), [("1/9", "88.89", "A"), ("0.111", "88.80", "A"), ("0.11", "88.00", "B")]
)
def test_a_rounded_weight_reproduces_an_old_report(
    suara: Shell, services: Services, weight: str, index: str, grade: str
) -> None:
    recorded(services, forms(PANGKEP, 5))
    found = ikm_json(suara, "--weight", weight)
    assert (found["weight"], found["ikm"], found["grade"]) == (weight, index, grade)


def test_an_element_nobody_answered_leaves_no_index_and_is_named(suara: Shell, services: Services) -> None:
    recorded(services, [a_form({Element.WAKTU: 3}), a_form({Element.WAKTU: 4, Element.BIAYA: 4})])
    found = ikm_json(suara)
    assert (found["respondents"], found["ikm"], found["grade"]) == (2, None, None)
    assert (found["nrr"]["WAKTU"], found["nrr"]["SARANA"], found["answered"]["SARANA"]) == ("3.5000", None, 0)
    said = ikm(suara).stdout.splitlines()[0]
    assert said.startswith(
        "Disdukcapil Sawahlunto, November 2026: IKM belum dapat dihitung. Belum ada jawaban untuk: Persyaratan;"
    )
    assert "Sarana dan Prasarana." in said
    assert "Waktu Penyelesaian" not in said


def test_whether_the_sample_suffices_goes_by_the_least_answered_element(suara: Shell, services: Services) -> None:
    with writing(services.engine) as session:
        session.execute(update(OfficeRow).where(col(OfficeRow.code) == OFFICE).values(population=10))
    full = dict.fromkeys(Element, 4)
    recorded(services, [a_form(full) for _ in range(9)] + [a_form({**full, Element.BIAYA: 4})])
    assert ikm_json(suara)["sample"] == {"population": 10, "needed": 10, "sufficient": True}
    assert "Cukup: untuk 10 pengguna layanan diperlukan 10 responden" in ikm(suara).stdout.replace("\n", " ")
    recorded(services, [a_form({Element.WAKTU: 4})])
    with writing(services.engine) as session:
        session.execute(update(OfficeRow).where(col(OfficeRow.code) == OFFICE).values(population=11))
    assert ikm_json(suara)["sample"] == {"population": 11, "needed": 11, "sufficient": False}, (
        "eleven answered only one"
    )


def test_without_a_population_nothing_is_said_about_the_sample(suara: Shell, services: Services) -> None:
    recorded(services, [a_form(dict.fromkeys(Element, 3), office=OTHER_OFFICE)])
    assert ikm_json(suara, office=OTHER_OFFICE)["sample"] == {"population": None, "needed": None, "sufficient": None}
    assert "belum diisi" in ikm(suara, office=OTHER_OFFICE).stdout


def test_only_the_months_and_the_office_asked_for_count(suara: Shell, services: Services) -> None:
    full = dict.fromkeys(Element, 4)
    edges = [
        "2026-09-30T23:59:59+07:00",
        "2026-10-01T00:00+07:00",
        "2026-11-30T23:59+07:00",
        "2026-12-01T00:00+07:00",
    ]
    recorded(services, [a_form(full, given_at=datetime.fromisoformat(edge)) for edge in edges])
    recorded(services, [a_form(full, office=OTHER_OFFICE)])
    assert ikm_json(suara, first="2026-10", last="2026-11")["respondents"] == 2
    assert ikm_json(suara, first="2026-09", last="2026-12")["respondents"] == 4


def test_all_channels_count_raw_and_a_rating_without_elements_is_no_respondent(
    suara: Shell, services: Services
) -> None:
    full = dict.fromkeys(Element, 4)
    recorded(services, [a_rating(overall=1), a_rating(elements=full), a_form(full), a_form(full, channel="link")])
    assert ikm_json(suara)["respondents"] == 3


def test_the_words_carry_the_result_the_table_and_the_weight(suara: Shell, services: Services) -> None:
    recorded(services, forms(PANGKEP, 5))
    said = ikm(suara).stdout
    assert said.splitlines()[0] == (
        "Disdukcapil Sawahlunto, November 2026: IKM 88,89, mutu A (Sangat baik), dari 5 responden."
    )
    assert "3,8000" in said
    assert "Bobot tiap unsur: 1/9" in said
    assert "Belum cukup: untuk 1.000 pengguna layanan diperlukan 278 responden" in said
    assert "Oktober 2026 sampai November 2026" in ikm(suara, first="2026-10").stdout


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param({"office": "XX"}, "Kantor “XX” tidak kami kenal.", id="unknown office"),
        pytest.param(
            {"first": "2026-12"},
            "Bulan awal (2026-12) lebih akhir daripada bulan akhir (2026-11).",
            id="turned round",
        ),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_sentence(
    suara: Shell, changed: dict[str, str], sentence: str
) -> None:
    done = ikm(suara, **changed)
    assert done.exit_code == 1
    assert isinstance(done.exception, Refused)
    assert str(done.exception) == sentence


def test_an_unknown_weight_is_wrong_usage(suara: Shell) -> None:
    assert ikm(suara, "--weight", "0.1").exit_code == 2


def test_an_office_without_ratings_has_no_index(suara: Shell) -> None:
    found = ikm_json(suara)
    assert (found["respondents"], found["ikm"], found["sample"]["sufficient"]) == (0, None, False)
