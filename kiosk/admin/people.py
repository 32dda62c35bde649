"""People as a reader knows them: by their names, not by what they sign in with."""

from collections.abc import Set as AbstractSet

from kiosk.context import services
from kiosk.localisation import _
from shared.db.accounts import account_of
from shared.db.engine import reading
from shared.domain.account_facts import OPERATOR
from shared.i18n import mark

THE_OPERATOR = mark("The operator")


def names_of(usernames: AbstractSet[str | None]) -> dict[str, str]:
    """Return user name -> name; where there is no account any more, the user name."""
    with reading(services().engine) as session:
        found = {username: account_of(session, username) for username in usernames if username}
        return {
            username: (account and account.name) or (_(THE_OPERATOR) if username == OPERATOR else username)
            for username, account in found.items()
        }
