"""The simulator's page: one phone of three, its thread by SMS or WhatsApp, and a visit to be asked about."""

from typing import Final, cast

from flask import Flask, Response, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.context import services
from kiosk.limits import Limit, caller
from kiosk.localisation import _, current_language
from kiosk.portals import Audience, Portal
from kiosk.simulator.numbers import numbers, remember, take_others
from kiosk.simulator.wording import CHIPS, FORGOTTEN, NOBODY_SERVES, TOO_FAST, TOO_LONG, pieces, standing_of
from kiosk.visits.wording import worded
from shared import simulator as phones
from shared.db.inbox import KEPT
from shared.domain.outreach import InvitationState
from shared.domain.ratings import Channel
from shared.domain.visits import VisitRefused
from shared.signed_messages import NotDelivered, deliver
from shared.simulator import GUARDIAN, LONGEST_TEXT, PHONES, NobodyServes, Phone

LIMITS: Final = {"suara-simulator-pages": (2.0, 60.0), "suara-simulator-acts": (0.5, 20.0)}
"""Requests a second of one address, sustained, and at once."""
PAGES, ACTS = LIMITS
GUARDIANS: Final = PHONES
"""Which phone is the guardian's: the one after the browser's own."""
WHICH: Final = [str(number) for number in range(GUARDIANS + 1)]
INVITED: Final = {InvitationState.ASKED, InvitationState.REMINDED}
simulator = Portal("simulator", __name__, audience=Audience.PUBLIC, url_prefix="/simulator")


def install(app: Flask) -> None:
    """Give the app the simulator's limits."""
    for name, (rate, burst) in LIMITS.items():
        app.extensions[name] = Limit(rate, burst)


@simulator.before_request
def only_where_phones_are_simulated() -> None:
    """Be nowhere but in a demo from which no message leaves."""
    if not services().settings.simulates_phones:
        abort(404)


@simulator.after_request
def keep_the_phones(response: Response) -> Response:
    """Let the browser have the same phones again."""
    remember(response, str(simulator.url_prefix))
    return response


@simulator.get("")
def show() -> ResponseReturnValue:
    """Show the phone."""
    if _is_too_fast(PAGES):
        abort(429)
    return _page()


@simulator.post("")
def send() -> ResponseReturnValue:
    """Send what was typed, as the phone's operator would bring it."""
    text = request.form.get("text", "").strip()
    if len(text) > LONGEST_TEXT:
        return _page(_(TOO_LONG, most=LONGEST_TEXT), text[:LONGEST_TEXT]), 400
    if _is_too_fast(ACTS):
        return _page(_(TOO_FAST), text), 429
    if text:
        try:
            reply = deliver(text, _number(), _channel(), services().settings)
        except NotDelivered as problem:
            return _page(_(problem.sentence, **problem.facts), text), 502
        if reply and not phones.look(_number(), _channel(), services()).thread:
            return _page(told=_(FORGOTTEN, reply=reply))
    return _back(_channel())


@simulator.post("/served")
def be_served() -> ResponseReturnValue:
    """Tell of a visit of this phone's person; the invitation goes by SMS."""
    if _is_too_fast(ACTS):
        return _page(_(TOO_FAST)), 429
    try:
        phones.be_served(_number(), current_language(), services())
    except NobodyServes:
        return _page(_(NOBODY_SERVES)), 409
    except VisitRefused as refusal:
        return _page(worded(refusal)), 409
    return _back(Channel.SMS, "standing")


@simulator.post("/numbers")
def change_numbers() -> ResponseReturnValue:
    """Give other phones, which nobody has written to yet."""
    take_others()
    return _back(_channel())


def _page(problem: str = "", text: str = "", told: str = "") -> str:
    channel, settings = _channel(), services().settings
    phone, school = phones.look(_number(), channel, services()), phones.school_of_guardian(services())
    directory = services().directory.current()
    office = directory.offices.get(phone.served.office) if phone.served else None
    if office is not None:
        g.timezone = office.timezone
    return render_template(
        "simulator/phone.html",
        numbers=numbers(),
        which=_which(),
        guardian=GUARDIANS,
        school=school,
        channel=channel.value,
        thread=phone.thread,
        refused=phone.refused,
        standing=standing_of(phone.served, directory, services().clock()),
        chips=_chips(phone),
        pieces=pieces,
        problem=problem,
        told=told,
        text=text,
        longest=LONGEST_TEXT,
        sms_rupiah=settings.sms_rupiah,
        whatsapp_rupiah=settings.whatsapp_rupiah,
        kept_days=KEPT.days,
    )


def _chips(phone: Phone) -> list[str]:
    """Return what one may want to write next."""
    invited = phone.served is not None and phone.served.state in INVITED
    words = CHIPS[current_language()]
    try:
        counter, officer = phones.example(services())
        codes = [f"{words.rate} {officer.code} 4", counter.code]
    except NobodyServes:
        codes = []
    several = phone.served is not None and len(phone.served.officers) > 1
    answers = [words.rate, "4"] if several else ["4"]
    return [*(answers if invited else []), *codes, words.help, words.start if phone.refused else words.stop]


def _which() -> int:
    asked = request.values.get("phone", "")
    return int(asked) if asked in WHICH else 0


def _number() -> str:
    return GUARDIAN if _which() == GUARDIANS else numbers()[_which()]


def _channel() -> Channel:
    return Channel.WHATSAPP if request.values.get("channel") == Channel.WHATSAPP.value else Channel.SMS


def _back(channel: Channel, part: str = "phone") -> Response:
    address = url_for("simulator.show", phone=_which(), channel=channel.value, _anchor=part)
    return cast(Response, redirect(address))


def _is_too_fast(which: str) -> bool:
    limit: Limit = current_app.extensions[which]
    return limit.wait_needed(caller()) > 0
