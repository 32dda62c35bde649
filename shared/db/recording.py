"""Record a batch so that one rating the database refuses never takes its neighbours along."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError

from shared.db.engine import writing
from shared.db.quarantine import quarantine
from shared.db.ratings import record
from shared.domain.errors import QuarantineReason
from shared.domain.ratings import Rating
from shared.logs import logger

log = logger(__name__)


def record_or_quarantine(ratings: Sequence[Rating], engine: Engine, recorded_at: datetime) -> int:
    """Record a batch and return how many are new; what can never be recorded is in quarantine with its reason.

    Raises SQLAlchemyError when the database is away: then nothing is decided and the batch is tried again.
    """
    try:
        return _recorded(ratings, engine, recorded_at)
    except Exception as error:
        if not refuses_the_rating(error):
            raise
        if len(ratings) > 1:
            # By halves, not one by one: a single bad rating in a full batch would cost thousands of commits.
            half = len(ratings) // 2
            return sum(record_or_quarantine(part, engine, recorded_at) for part in (ratings[:half], ratings[half:]))
        (rating,) = ratings
        # The driver's message quotes the row, comment and all: only the kind of error goes into the log.
        log.error("rating rejected by the database", rating_id=str(rating.id), error=type(error).__name__)  # noqa: TRY400
        with writing(engine) as session:
            body = rating.model_dump_json().encode()
            # What was added to an answer has the digest of the answer, and is kept beside it.
            digest = None if rating.completes else rating.digest
            quarantine(session, QuarantineReason.REJECTED_BY_DATABASE, body, recorded_at, rating.id, digest)
        return 0


def refuses_the_rating(error: Exception) -> bool:
    """Say whether this error is about the rating itself, and not about a database that is away or not prepared."""
    return isinstance(error, IntegrityError | DataError) or not isinstance(error, SQLAlchemyError)


def _recorded(ratings: Sequence[Rating], engine: Engine, recorded_at: datetime) -> int:
    with writing(engine) as session:
        recorded = record(ratings, session, recorded_at)
    for rating in recorded.conflicting:
        log.error("rating quarantined", rating_id=str(rating.id), reason=QuarantineReason.SAME_ID_OTHER_CONTENT.value)
    return recorded.new
