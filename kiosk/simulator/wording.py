"""What the simulator says beside the phone, and which parts of a message are links."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from kiosk.context import services
from kiosk.localisation import _, moment
from shared.db.phone_threads import Served
from shared.domain.outreach import InvitationState
from shared.domain.people import Directory
from shared.i18n import Language, mark
from shared.links import invitation_address

TOO_LONG: Final = mark("A message has at most {most} characters. Please shorten it.")
TOO_FAST: Final = mark("That was fast. Wait a moment, then send again.")
NOBODY_SERVES: Final = mark("Nobody serves at any counter of this demo just now, so there is no visit to tell of.")
FORGOTTEN: Final = mark(
    "The reply was: “{reply}” A real telephone keeps it. This one shows what we keep of it, and that is nothing now."
)
SOON: Final = mark("The visit to {officer} ({office}) is told. The invitation arrives within 20 seconds, by SMS.")
LATER: Final = mark(
    "The visit to {officer} ({office}) is told. The invitation arrives on {when}: messages leave only between 08:00"
    " and 20:00 on the office’s clock, and nobody is invited twice within a day."
)
CAMPAIGN_SOON: Final = mark("{office} asks about {officer}. The message arrives within 20 seconds, by SMS.")
CAMPAIGN_LATER: Final = mark(
    "{office} asks about {officer}. The message arrives on {when}: messages leave only between 08:00 and 20:00 on the"
    " office’s clock, and nobody is invited twice within a day."
)
INVITED_ABOUT_SEVERAL: Final = mark(
    "You are invited to rate {officer} ({office}). Open the link in the message, or reply NILAI: you are asked about"
    " one after the other."
)
INVITED: Final = mark(
    "You are invited to rate {officer} ({office}). Open the link in the message, or reply with the answer alone:"
    " 1 to 4."
)
ACCEPTED: Final = mark("Accepted: your rating of {officer} ({office}) is recorded. The officer cannot see who rated.")
OVER: Final = mark("The time to answer about {officer} ({office}) is over.")
WITHDRAWN: Final = mark("The invitation to rate {officer} ({office}) was withdrawn.")
STANDINGS: Final = {
    InvitationState.ASKED: INVITED,
    InvitationState.REMINDED: INVITED,
    InvitationState.ANSWERED: ACCEPTED,
    InvitationState.EXPIRED: OVER,
    InvitationState.WITHDRAWN: WITHDRAWN,
}


class Chips(NamedTuple):
    """The words of one language that the phone offers to send."""

    rate: str
    help: str
    start: str
    stop: str


CHIPS: Final[Mapping[Language, Chips]] = {
    "id": Chips("NILAI", "BANTUAN", "MULAI", "BERHENTI"),
    "en": Chips("RATE", "HELP", "START", "STOP"),
}


def standing_of(served: Served | None, directory: Directory, now: datetime) -> str:
    """Say how far the invitation of a phone has come; nothing when there is none."""
    if served is None:
        return ""
    names = [directory.officers[code].name for code in served.officers if code in directory.officers]
    office = directory.offices.get(served.office)
    facts = {"officer": ", ".join(names), "office": office.name if office else served.office}
    if served.state is InvitationState.WAITING:
        soon, later = (SOON, LATER) if served.visit else (CAMPAIGN_SOON, CAMPAIGN_LATER)
        return _(soon, **facts) if served.ask_at <= now else _(later, **facts, when=moment(served.ask_at))
    words = STANDINGS[served.state]
    return _(INVITED_ABOUT_SEVERAL if words is INVITED and len(served.officers) > 1 else words, **facts)


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a message of ours with the address each leads to; empty for plain words."""
    address = re.escape(invitation_address(services().settings.web_address, ""))
    for number, part in enumerate(re.split(rf"({address}[0-9A-Za-z]+)", text)):
        if part:
            yield part, part if number % 2 else ""
