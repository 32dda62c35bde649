"""Which recorded ratings count, and why the others do not."""

from typing import Any

from sqlalchemy import ColumnElement, case, exists, literal_column, or_, select
from sqlmodel import col

from shared.db.import_tables import ImportBatchRow
from shared.db.review_tables import ReviewedRatingRow, ReviewRow
from shared.db.tables import RatingRow
from shared.domain.reviews import Outcome
from shared.domain.screening import SetAside


def set_aside_as() -> ColumnElement[Any]:
    """Return why a rating, joined with its import, is set aside; null while it counts."""
    # As literals: PostgreSQL would not see that two statements with parameters group by the same thing.
    reasons: dict[SetAside, ColumnElement[str]] = {reason: literal_column(f"'{reason.value}'") for reason in SetAside}
    return case(
        (col(RatingRow.import_batch_id).is_(None), None),
        (col(ImportBatchRow.undone_at).is_not(None), reasons[SetAside.WITHDRAWN]),
        (col(ImportBatchRow.confirmed_at).is_(None), reasons[SetAside.UNCONFIRMED]),
        else_=None,
    )


def by_a_review() -> ColumnElement[bool]:
    """Return the rule that a review or objection has set a rating aside."""
    review, reviewed = ReviewRow, ReviewedRatingRow
    return exists().where(
        col(reviewed.rating_id) == col(RatingRow.id),
        col(review.id) == col(reviewed.review_id),
        col(review.outcome) == Outcome.SET_ASIDE.value,
        ~col(review.about_comment),
    )


def counts() -> ColumnElement[bool]:
    """Return the rule that a rating counts in what is told of an office: reviews are about officers' scores."""
    counted = select(col(ImportBatchRow.id)).where(
        col(ImportBatchRow.confirmed_at).is_not(None), col(ImportBatchRow.undone_at).is_(None)
    )
    return or_(col(RatingRow.import_batch_id).is_(None), col(RatingRow.import_batch_id).in_(counted))
