"""The app of the message webhooks: what it lets in, and what it says where something fails."""

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from shared.domain.errors import IntakeUnavailable
from shared.logs import configure_logs, logger
from shared.services import Services
from shared.settings import Settings
from shared.unread import ending_unread
from sms.inbound import ForeignAccount, MessageMalformed
from sms.webhook import gateway_webhooks, health, keep_services, twilio_webhooks

LARGEST_BODY = 64 * 1024
RETRY_AFTER = 5
log = logger(__name__)


def build(services: Services | None = None) -> Flask:
    """Build the app; without services, those the environment describes."""
    if services is None:
        settings = Settings.from_environment()
        configure_logs(settings.log_level)
        services = Services.of(settings)
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY)
    keep_services(app, services)
    app.register_blueprint(health)
    app.register_blueprint(twilio_webhooks)
    app.register_blueprint(gateway_webhooks)
    app.register_error_handler(HTTPException, _known)
    app.register_error_handler(MessageMalformed, lambda _error: _plain(400))
    app.register_error_handler(ForeignAccount, lambda _error: _plain(403))
    app.register_error_handler(IntakeUnavailable, lambda _error: _plain(503))
    app.register_error_handler(Exception, _unknown)
    app.after_request(_protected)
    app.wsgi_app = ending_unread(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _known(error: HTTPException) -> Response:
    return _plain(error.code or 500)


def _unknown(_error: Exception) -> Response:
    # The message may come again safely, so whatever failed here asks for just that.
    log.exception("request failed")
    return _plain(503)


def _plain(status: int) -> Response:
    """Answer with the status alone: the caller is a machine, and errors tell nothing."""
    response = Response(status=status, mimetype="text/plain")
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _protected(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return response
