"""An office that has closed: its kiosk has nothing to offer, and what residents had said before still comes in."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session

from shared.db.engine import writing
from shared.db.people_tables import OfficeRow, PostingRow
from shared.db.tables import RatingRow
from shared.services import Services
from tests.cast import COUNTER, DEV, OFFICE
from tests.factories import NOON, SettableClock, a_sent_rating
from tests.kiosk.conftest import Device, bring_to_the_page


@pytest.fixture(autouse=True)
def _closed(services: Services, clock: SettableClock) -> None:
    lent = PostingRow(officer_code=DEV, counter_code=COUNTER, starts_at=NOON, ends_at=NOON + timedelta(days=9))
    with writing(services.engine) as session:
        session.get_one(OfficeRow, OFFICE).closed_on = NOON.date() + timedelta(days=1)
        session.add(lent)
    clock.advance(days=1)


def test_its_kiosk_is_given_nobody_and_nothing_to_offer(device: Device) -> None:
    known = device.get("/api/kiosk/config").get_json()
    offered = {name: known[name] for name in ("counter", "counters", "officers", "postings", "services")}
    assert offered == {"counter": None, "counters": [], "officers": [], "postings": [], "services": []}


def test_what_was_given_before_is_accepted_still(device: Device, services: Services, session: Session) -> None:
    sent = a_sent_rating(service="KTP", given_at=(NOON - timedelta(hours=1)).isoformat())
    (result,) = device.give(sent).get_json()["results"]
    assert result["status"] == "accepted"
    bring_to_the_page(services)
    assert session.scalars(select(RatingRow)).one().office_code == OFFICE
