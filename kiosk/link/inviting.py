"""Who was asked by message: whose link this is, about whom they may still answer, and who comes next."""

from flask import abort

from kiosk.context import services
from kiosk.link.asking import Opened
from kiosk.link.places import Place
from kiosk.link.portal import ANSWERED, CLOSED, LATE, UNKNOWN, WITHDRAWN, speak_as_asked, told
from kiosk.link.seals import invitation_of
from shared import invitations
from shared.db.invitations import Linked
from shared.domain.errors import IntakeUnavailable
from shared.domain.outreach import InvitationState


def invitation_at(token: str) -> Linked:
    """Return the invitation of a link; whoever has none, or one that was withdrawn or is over, is told so."""
    found = invitations.linked(token, services())
    if found is None:
        abort(told(UNKNOWN))
    speak_as_asked(found.language)
    if found.state is InvitationState.WITHDRAWN:
        abort(told(WITHDRAWN))
    if not _is_done(found) and (found.state is InvitationState.EXPIRED or services().clock() >= found.expires_at):
        abort(told(LATE))
    return found


def opened_for(token: str, invitation: Linked) -> Opened:
    """Return the page for the officers about whom the person has not answered yet."""
    if _is_done(invitation):
        abort(told(ANSWERED))
    left = place_of(invitation, [officer for officer, done in invitation.officers.items() if not done])
    if left is None:
        abort(told(CLOSED))
    return Opened(token, left, invited=True)


def place_of(invitation: Linked, codes: list[str]) -> Place | None:
    """Return where this was, with those of the officers who may still be rated, the first of them shown.

    None when nobody is left, or nobody is served there any more.
    """
    directory, now = services().directory.current(), services().clock()
    office = directory.offices.get(invitation.office)
    serving = invitations.askable(invitation.office, codes, directory, now)
    if office is None or not serving:
        return None
    counter = directory.offered(now).counters.get(invitation.counter or "")
    officers = [directory.officers[code] for code in serving]
    return Place(office, counter, officers, officers[0])


def following(pressed: str) -> Opened | None:
    """Return the page for the next officer of the invitation by which somebody has just rated, if there is one."""
    token = invitation_of(pressed)
    try:
        invitation = invitations.linked(token, services()) if token else None
    except IntakeUnavailable:
        return None
    if token is None or invitation is None or not invitation.state.is_open:
        return None
    left = place_of(invitation, [officer for officer, done in invitation.officers.items() if not done])
    return Opened(token, left, invited=True) if left else None


def _is_done(invitation: Linked) -> bool:
    return all(invitation.officers.values())
