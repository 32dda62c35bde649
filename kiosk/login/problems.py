"""What a sign-in page tells about the step before, named in its address by a word of ours and never by free text."""

from typing import Final

from flask import request

from kiosk.localisation import _
from shared.i18n import mark

TOLD: Final = {
    "late": mark("That took too long. Please sign in again."),
    "stale": mark("This page was open too long, or your browser keeps no cookies. Please sign in again."),
    "issuer": mark("That did not work just now. Please try again, or use your password here."),
    "not_finished": mark("The sign-in was not finished. Please try again, or use your password here."),
    "unknown": mark("There is no account here for you yet. Please ask the administrator of your office."),
    "shut": mark("Your account here is closed. Please ask the administrator of your office."),
}
DONE: Final = {
    "activated": mark("Your password is saved. Sign in with it now."),
    "password": mark("Your password is changed. You are signed out on all other devices."),
    "phone": mark("Your phone is disconnected. From now on your password is enough."),
    "sign_ins": mark("You are signed out on all other devices."),
}


def told() -> tuple[str, str]:
    """Return what went wrong and what was done in the step before; each empty when nothing is to be told."""
    problem, done = TOLD.get(request.args.get("problem", "")), DONE.get(request.args.get("done", ""))
    return _(problem) if problem else "", _(done) if done else ""
