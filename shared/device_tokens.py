"""A device's new token takes the place of the old one; its first use must not fail because of that."""

from sqlalchemy.exc import SQLAlchemyError

from shared.db.audit import Actor, act_as
from shared.db.engine import writing
from shared.db.kiosk_tokens import settle_token
from shared.logs import logger
from shared.services import Services

log = logger(__name__)


def settle(services: Services, hashed: bytes, actor: Actor) -> None:
    """Forget the token before the one with this hash; with the database away both go on being valid."""
    try:
        with writing(services.engine) as session:
            act_as(session, actor, services.clock())
            settle_token(session, hashed)
    except SQLAlchemyError as error:
        log.warning("token not settled", error=type(error).__name__)
        return
    services.directory.look_again()
