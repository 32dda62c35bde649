"""Glances into the database that a page would like and can do without: while it is away there is nothing to see."""

from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from shared.db.completing import Kept, kept
from shared.db.engine import reading
from shared.db.extra_elements import extra_elements
from shared.db.own_words import own_words
from shared.db.people import officers_with_photo
from shared.domain.facts import ExtraElementFacts
from shared.domain.own_words import OwnWordsFacts
from shared.logs import logger
from shared.services import Services

log = logger(__name__)


def kept_under(rating_id: UUID, services: Services) -> Kept | None:
    """Return what is recorded under this id, if anything is to be seen."""
    try:
        with reading(services.engine) as session:
            return kept(session, rating_id)
    except SQLAlchemyError as error:
        log.warning("ratings not read", error=type(error).__name__)
        return None


def photos_at(office: str, services: Services) -> dict[str, str]:
    """Return officer code -> short digest of the photo, of an office's officers whose photo is to be seen."""
    try:
        with reading(services.engine) as session:
            return officers_with_photo(session, office)
    except SQLAlchemyError as error:
        log.warning("photos not read", error=type(error).__name__)
        return {}


def extra_elements_of(office: str, services: Services) -> list[ExtraElementFacts]:
    """Return the office's own elements, as far as they are to be seen."""
    try:
        with reading(services.engine) as session:
            return extra_elements(session, office)
    except SQLAlchemyError as error:
        log.warning("additional elements not read", error=type(error).__name__)
        return []


def own_words_of(office: str, services: Services) -> OwnWordsFacts:
    """Return what an office says besides its slides; nothing when it is not to be seen."""
    try:
        with reading(services.engine) as session:
            return own_words(session, office)[0]
    except SQLAlchemyError as error:
        log.warning("own words not read", error=type(error).__name__)
        return OwnWordsFacts()
