"""What is added on a link to the answer pressed there: one rating, whichever comes first and however often."""

import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session

from shared.db.engine import writing
from shared.db.quarantine import quarantined
from shared.db.ratings import record
from shared.db.recording import record_or_quarantine
from shared.db.tables import QuarantineRow, RatingRow
from shared.domain.ratings import Rating
from shared.services import Services
from tests.cast import ASHA
from tests.factories import NOON, a_rating

ID = uuid.uuid4()


def pressed(**overrides: Any) -> Rating:
    return a_rating(**{"id": ID, "channel": "link", "kiosk": None, "given_at": NOON, **overrides})


PRESSED = pressed()
ADDED = pressed(elements={"WAKTU": 2}, reasons=("lama",), comment="Antre lama")
ADDED_AGAIN = pressed(comment="Lain lagi")
OTHER_ANSWER = pressed(overall=1, comment="Buruk")
OTHER_LANGUAGE = pressed(language="en", given_at="2026-11-18T05:00:03Z", picked=True)


@pytest.mark.parametrize(
    ("batches", "in_quarantine"),
    [
        pytest.param([[PRESSED], [ADDED]], 0, id="one after the other"),
        pytest.param([[PRESSED, ADDED]], 0, id="together"),
        pytest.param([[ADDED], [PRESSED]], 0, id="the wrong way round"),
        pytest.param([[PRESSED], [ADDED, ADDED], [ADDED]], 0, id="again and again"),
        pytest.param([[PRESSED], [ADDED], [ADDED_AGAIN]], 0, id="something else later"),
        pytest.param([[PRESSED, OTHER_LANGUAGE], [ADDED]], 0, id="pressed twice"),
        pytest.param([[PRESSED], [OTHER_ANSWER], [ADDED]], 1, id="with another answer between"),
    ],
)
def test_what_is_added_first_is_kept(
    services: Services, session: Session, batches: Sequence[Sequence[Rating]], in_quarantine: int
) -> None:
    for batch in batches:
        with writing(services.engine) as writer:
            record([*batch, a_rating()], writer, NOON)
    row = session.get_one(RatingRow, ID)
    assert (row.overall, row.waktu, row.reasons, row.comment) == (4, 2, ["lama"], "Antre lama")
    assert row.given_at == NOON
    assert len(session.scalars(select(QuarantineRow)).all()) == in_quarantine


def test_what_a_kiosk_says_twice_differently_is_still_a_contradiction(services: Services, session: Session) -> None:
    said = a_rating(id=ID)
    with writing(services.engine) as writer:
        record([said, said.model_copy(update={"comment": "Lain"})], writer, NOON)
    assert session.get_one(RatingRow, ID).comment is None
    assert len(session.scalars(select(QuarantineRow)).all()) == 1


def test_what_was_added_waits_in_quarantine_beside_its_answer(services: Services, session: Session) -> None:
    unknown = [rating.model_copy(update={"officer": "DK99"}) for rating in (PRESSED, ADDED)]
    for rating in (*unknown, *unknown):
        record_or_quarantine([rating], services.engine, NOON)
    bodies = [Rating.model_validate_json(entry.body) for entry in quarantined(session)]
    assert bodies == unknown
    session.rollback()
    for body in bodies:
        record_or_quarantine([body.model_copy(update={"officer": ASHA})], services.engine, NOON)
    assert session.get_one(RatingRow, ID).comment == "Antre lama"
