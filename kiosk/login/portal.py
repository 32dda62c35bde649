"""The portal of signing in, and what its views share."""

import time
from datetime import timedelta
from math import ceil
from typing import Final

from flask import Response, current_app, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from kiosk import drafts
from kiosk.login.paths import own_path
from kiosk.portals import Audience, Portal
from shared.db.accounts import Account, Accounts
from shared.domain.people import Role

# The library looks its views up by these names.
security = Portal("security", __name__, audience=Audience.PUBLIC)

PAGES: Final = {
    Role.OFFICER: "officer.me",
    Role.SUPERVISOR: "leaders.overview",
    Role.AGENCY: "leaders.overview",
    Role.ADMINISTRATOR: "admin.overview",
    Role.AUDITOR: "admin.overview",
}
SECOND_STEP_WITHIN: Final = timedelta(minutes=15)
WANTED: Final = "wanted"
HALF_SINCE: Final = "half_since"


def accounts() -> Accounts:
    """Return the accounts as the sign-in library sees them."""
    found: Accounts = current_app.extensions["security"].datastore
    return found


def begin_anew() -> None:
    """Let nothing of the visitor's session before live on but what somebody had typed and where they wanted to go."""
    kept = {name: session[name] for name in (drafts.IN_SESSION, WANTED) if name in session}
    session.clear()
    session.update(kept)


def want(path: str | None) -> None:
    """Remember the page of ours that a person wants, through every step until they are signed in."""
    session.pop(WANTED, None)
    if own := own_path(path):
        session[WANTED] = own


def half_signed_in() -> Account | None:
    """Return the account whose password was right a short while ago and whose second step is still to come."""
    if time.time() - float(session.get(HALF_SINCE, 0)) > SECOND_STEP_WITHIN.total_seconds():
        return None
    account: Account | None = accounts().find_user(fs_uniquifier=session.get("tf_user_id", ""))
    return account if account and account.active else None


def lead_on() -> ResponseReturnValue:
    """Lead whoever is signed in to the page they wanted, or to their own."""
    return redirect(session.pop(WANTED, "") or url_for(PAGES[Role(current_user.role)]))


def too_many(template: str, wait: float, **facts: object) -> Response:
    """Ask somebody who tried too often to wait."""
    response = Response(render_template(template, wait=wait, **facts), 429)
    response.headers["Retry-After"] = str(ceil(wait))
    return response
