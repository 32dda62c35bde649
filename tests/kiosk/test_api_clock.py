"""Moments from devices whose clocks are wrong, set right or lost."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from shared.db.quarantine import quarantined
from shared.db.tables import RatingRow
from shared.services import Services
from tests.factories import NOON, SettableClock, a_sent_rating
from tests.kiosk.conftest import Device, bring_to_the_page


def rows(session: Session) -> list[RatingRow]:
    return list(session.scalars(select(RatingRow).order_by(col(RatingRow.given_at))))


def test_a_wrong_device_clock_is_corrected_in_order_and_marked(
    device: Device, services: Services, session: Session, clock: SettableClock
) -> None:
    wrong = NOON - timedelta(days=400)
    first = a_sent_rating(given_at=wrong.isoformat(), overall=1)
    second = a_sent_rating(given_at=(wrong + timedelta(minutes=1)).isoformat(), overall=2)
    device.give(first, second, sent_at=(wrong + timedelta(minutes=2)).isoformat())
    clock.advance(seconds=30)
    device.give(first, second, sent_at=(wrong + timedelta(minutes=2)).isoformat())
    bring_to_the_page(services)
    found = rows(session)
    assert [(row.overall, row.given_at) for row in found] == [
        (1, NOON - timedelta(minutes=2)),
        (2, NOON - timedelta(minutes=1)),
    ]
    assert found[0].clock_shift == timedelta(days=400).total_seconds() - 120
    assert quarantined(session) == [], "sent again under another shift it is the same content"


FUTURE, ANCIENT = (NOON + timedelta(hours=2)).isoformat(), (NOON - timedelta(days=2500)).isoformat()


@pytest.mark.parametrize(
    ("given_at", "sent_at"),
    [
        pytest.param(FUTURE, NOON, id="set right from the future"),
        pytest.param(ANCIENT, NOON, id="set right from years ago"),
        pytest.param((NOON - timedelta(hours=1)).isoformat(), NOON.replace(year=2020), id="lost"),
        pytest.param("1850-01-01T00:00:00Z", NOON, id="off by more than a column holds"),
        pytest.param("0001-01-02T00:00:00Z", NOON.replace(year=1), id="off by centuries"),
    ],
)
def test_a_device_that_says_its_clock_was_lost_is_believed(
    device: Device, services: Services, session: Session, clock: SettableClock, given_at: str, sent_at: datetime
) -> None:
    sent = a_sent_rating(given_at=given_at)
    refused = device.give(sent, sent_at=sent_at.isoformat()).get_json()["results"][0]
    assert refused["code"] in {"given_in_future", "given_too_long_ago", "malformed"}
    device.give({**sent, "clock_lost": True}, sent_at=sent_at.isoformat())
    bring_to_the_page(services)
    (row,) = rows(session)
    assert abs(row.given_at - NOON) <= timedelta(seconds=1)
    assert row.clock_shift != 0


def test_a_rating_whose_clock_was_lost_counts_once_however_often_it_is_sent(
    device: Device, services: Services, session: Session, clock: SettableClock
) -> None:
    sent = {**a_sent_rating(given_at="2019-07-01T10:20:30.456Z"), "clock_lost": True}
    for _ in range(2):
        device.give(sent)
        clock.advance(seconds=90.3)
    bring_to_the_page(services)
    assert len(rows(session)) == 1
    assert quarantined(session) == []


def test_a_possible_moment_stands_though_the_clock_was_lost(
    device: Device, services: Services, session: Session
) -> None:
    before = NOON - timedelta(days=3)
    device.give({**a_sent_rating(given_at=before.isoformat()), "clock_lost": True}, sent_at=NOON.isoformat())
    bring_to_the_page(services)
    assert [(row.given_at, row.clock_shift) for row in rows(session)] == [(before, 0)]


@pytest.mark.parametrize("lost", ["yes", 1, None])
def test_whether_a_clock_was_lost_is_said_plainly(device: Device, lost: Any) -> None:
    result = device.give({**a_sent_rating(), "clock_lost": lost}).get_json()["results"][0]
    assert result["code"] == "malformed"


def test_a_clock_off_by_centuries_is_no_clock(device: Device) -> None:
    response = device.give(a_sent_rating(), sent_at="0001-01-02T00:00:00Z")
    assert response.get_json()["results"][0]["code"] == "malformed"


def test_a_small_clock_error_is_left_alone(device: Device, services: Services, session: Session) -> None:
    device.give(a_sent_rating(given_at=NOON.isoformat()), sent_at=(NOON + timedelta(minutes=4)).isoformat())
    bring_to_the_page(services)
    assert [(row.given_at, row.clock_shift) for row in rows(session)] == [(NOON, 0)]
