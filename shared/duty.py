"""Who stands at a counter: asked when a person knows the counter but not the officer."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from shared.db.engine import reading
from shared.db.people import postings_between
from shared.domain.people import Counter, Directory, Officer
from shared.logs import logger
from shared.services import Services

STILL_MEANT: Final = timedelta(hours=1)
"""People write on their way home: who left the counter within the hour is meant as well."""
log = logger(__name__)


def officers_at(counter: Counter, directory: Directory, services: Services) -> Sequence[Officer]:
    """Return who may have served at this counter now: those posted there, else all who serve in its office.

    Nobody who has left. With the database away the roster is not known, and all are returned.
    """
    now = services.clock()
    posted = _posted_at(counter, now, services)
    offered = directory.offered(now)
    if posted:
        chosen: Iterable[Officer] = (offered.officers[code] for code in posted if code in offered.officers)
    else:
        chosen = offered.serving_at(counter.office)
    return sorted(chosen, key=lambda officer: (officer.office != counter.office, officer.code))


def _posted_at(counter: Counter, now: datetime, services: Services) -> set[str]:
    try:
        with reading(services.engine) as session:
            postings = postings_between(session, counter.office, now - STILL_MEANT, now + timedelta(seconds=1))
    except SQLAlchemyError as error:
        log.warning("roster not read", error=type(error).__name__)
        return set()
    return {posting.officer for posting in postings if posting.counter == counter.code}
