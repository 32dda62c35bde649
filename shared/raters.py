"""Who is one rater: a phone, or a phone's browser, under the random key of the period its rating falls in.

Whether it is one of the office's own staff is said here too, and of nobody else anything.
"""

from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from shared import privacy
from shared.db.engine import writing
from shared.db.rater_secrets import ensure_rater_secret
from shared.domain.errors import IntakeUnavailable
from shared.domain.months import Month
from shared.domain.people import Directory, Office
from shared.phones import Phones
from shared.services import Services


def rater_key_of(person: str, office: Office, now: datetime, directory: Directory, services: Services) -> str:
    """Return the pseudonym of a phone number or a browser's mark in the period of this moment.

    Raises IntakeUnavailable when the period's key is not known and the database, which makes it, is away.
    """
    period = privacy.rater_period(Month.of(now, office.timezone), office.kind)
    secret = directory.rater_secrets.get(period)
    if secret is None:
        try:
            with writing(services.engine) as session:
                secret = ensure_rater_secret(session, period)
        except SQLAlchemyError as error:
            raise IntakeUnavailable from error
    return privacy.rater_key(person, secret)


def is_of_staff(person: str, office: Office, now: datetime, directory: Directory, services: Services) -> bool:
    """Say whether a phone number is registered as that of somebody who serves at this office these days."""
    serving = directory.offered(now).officers
    owners = directory.staff_phones.get(Phones.of(services.settings).hash(person), frozenset())
    return any(code in serving and serving[code].serves(office.code) for code in owners)
