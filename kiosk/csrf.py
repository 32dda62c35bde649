"""Forms that no other site can send: a token in the form, another in the session."""

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect

from kiosk import drafts
from kiosk.errors import error_page
from kiosk.login.paths import own_path
from shared.i18n import mark

STALE_TITLE = mark("This page was open too long")
STALE_DETAIL = mark("Go back, load the page again and repeat the last step. Nothing was changed.")


def install(app: Flask) -> None:
    """Prepare the app to check where its forms come from; each portal for people does."""
    app.config.update(
        # A form is good for as long as the session that holds its token.
        WTF_CSRF_TIME_LIMIT=None,
        # A browser that hides where it comes from is welcome; the token is proof enough.
        WTF_CSRF_SSL_STRICT=False,
    )
    CSRFProtect(app)
    # Devices are known by a token that no other site can make a browser send, so not every request is checked.
    app.before_request_funcs[None].clear()

    @app.errorhandler(CSRFError)
    def stale(_error: CSRFError) -> ResponseReturnValue:
        # Signed in again in another window: the form's token is of the sign-in before.
        if current_user.is_authenticated and request.blueprint != "security" and drafts.is_ours():
            return drafts.handed_back()
        if request.endpoint == "security.login" and not current_user.is_authenticated:
            return redirect(
                url_for("security.login", problem="stale", next=own_path(request.form.get("next")) or None)
            )
        if request.endpoint == "security.logout" and not current_user.is_authenticated:
            return redirect(url_for("security.login"))
        return error_page(STALE_TITLE, STALE_DETAIL), 400


def check_origin() -> None:
    """Turn away a form without the token of the session it belongs to."""
    current_app.extensions["csrf"].protect()
