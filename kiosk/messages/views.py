"""The month of an office's messages, for everybody who looks after it."""

from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kiosk.admin.sections import own_frame
from kiosk.choosing import offices_to_choose
from kiosk.context import services
from kiosk.portals import Audience, Portal, office_in_sight
from shared.domain.months import Month
from shared.domain.people import Office
from shared.i18n import mark
from shared.message_figures import month_of_messages
from shared.message_wording import CAUSES, FATES, PURPOSES, WAYS
from shared.privacy import MINIMUM_STEP

MONTHS = 12
"""The running month and those before it that can be chosen."""
LEAD: Final = mark("How many messages an office sent, how many arrived, and what they cost. Choose the office.")
messages = Portal("messages", __name__, audience=Audience.ABOVE_OFFICER, url_prefix="/messages")
messages.context_processor(own_frame)


@messages.get("")
def index() -> ResponseReturnValue:
    """List the offices the account may see; lead straight to the messages when it is one."""
    return offices_to_choose(mark("Messages"), LEAD, "messages.show")


@messages.get("/<office>")
def show(office: str) -> str:
    """Show what an office's messages of a month came to, as far as it may be told."""
    place = office_in_sight(office)
    months = _months(place)
    asked = request.args.get("month", "")
    month = next((month for month in months if str(month) == asked), months[0])
    return render_template(
        "messages/month.html",
        office=place,
        months=months,
        found=month_of_messages(place, month, services()),
        running=month == months[0],
        words={"fates": FATES, "causes": CAUSES, "purposes": PURPOSES, "ways": WAYS},
        step=MINIMUM_STEP,
        prices=services().settings,
    )


def _months(office: Office) -> list[Month]:
    running = Month.of(services().clock(), office.timezone)
    return [running.plus(-back) for back in range(MONTHS)]
