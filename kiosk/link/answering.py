"""The link of an invitation: each officer of it is asked about once, and the last answer ends it."""

from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from redis.exceptions import RedisError

from kiosk.context import services
from kiosk.link import gate
from kiosk.link.asking import Opened, Trouble, ask
from kiosk.link.inviting import invitation_at, opened_for, place_of
from kiosk.link.parsing import asked_officer
from kiosk.link.portal import ANSWERED, CLOSED, STOPPED, UNKNOWN, link, speak_as_asked, told
from kiosk.link.pressing import take, too_fast
from kiosk.localisation import _
from shared import invitations
from shared.db.invitations import Linked
from shared.glances import kept_under
from shared.i18n import mark
from shared.links import Links

ON_ITS_WAY: Final = timedelta(hours=1)
"""For so long a face pressed twice is known for the same one, though the rating is not recorded yet."""
NOT_ASKED: Final = mark("Nothing is recorded yet. Please choose one of these officers.")


@link.get("/i/<token>")
def invited(token: str) -> ResponseReturnValue:
    """Ask whoever was invited about the first officer they have not rated yet."""
    return ask(opened_for(token, invitation_at(token)))


@link.post("/i/<token>")
def rate_invited(token: str) -> ResponseReturnValue:
    """Accept the face pressed, if it is the first one pressed for this officer with this link."""
    invitation, wait, officer = invitation_at(token), gate.wait_of_sender(), asked_officer() or ""
    if officer not in invitation.officers:
        return ask(opened_for(token, invitation), Trouble(_(NOT_ASKED), 422))
    if wait:
        return ask(opened_for(token, invitation), too_fast(wait))
    number = Links(str(current_app.secret_key)).invited_id(token, officer)
    if _is_answered(invitation, officer, number):
        return told(ANSWERED)
    place = place_of(invitation, [officer])
    if place is None:
        return told(CLOSED)
    return _taken(Opened(token, place, invited=True), invitation, officer, number)


@link.post("/i/<token>/stop")
def no_more_messages(token: str) -> ResponseReturnValue:
    """Remember that this person wants no messages any more, whether or not they may still answer."""
    invitation, wait = invitations.linked(token, services()), gate.wait_of_sender()
    if invitation is None:
        return told(UNKNOWN)
    if wait:
        abort(429)
    speak_as_asked(invitation.language)
    invitations.refused(invitation, services())
    return told(STOPPED)


def _taken(opened: Opened, invitation: Linked, officer: str, number: UUID) -> Response:
    # A later answer of the same phone replaces this one, whichever way it comes.
    person = invitations.phone_of(invitation, services())
    response = take(opened, number, services().clock(), person, opened.name)
    if response.status_code == HTTPStatus.SEE_OTHER:
        with suppress(RedisError):  # then it is recorded already
            services().redis.set(_pressed(number), request.form["overall"], ex=ON_ITS_WAY)
        invitations.answered(invitation, officer, services())
    return response


def _is_answered(invitation: Linked, officer: str, number: UUID) -> bool:
    """Say whether they have answered about this officer already; sent twice, an answer of this link is the same."""
    before, overall = kept_under(number, services()), request.form.get("overall")
    if before is not None:
        return (before.officer, str(before.overall)) != (officer, overall)
    if not invitation.officers[officer]:
        return False
    with suppress(RedisError):
        pressed = services().redis.get(_pressed(number))
        return not isinstance(pressed, bytes) or pressed.decode() != overall
    return True


def _pressed(number: UUID) -> str:
    return f"link:pressed:{number}"
