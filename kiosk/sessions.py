"""Sessions for those who have one: a device that hands in ratings carries no cookie and pays for none."""

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin


class VisitorSessions(SecureCookieSessionInterface):
    """Signed cookie sessions that cost nothing where there is no cookie and nothing was kept."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the visitor's session, or an empty one without asking for a signature."""
        if "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what was changed; one that nobody looked at is left as it is."""
        if session.accessed or session.modified:
            super().save_session(app, session, response)


def install(app: Flask) -> None:
    """Let the app keep its sessions so."""
    app.session_interface = VisitorSessions()
