"""Changing things in the name of whoever is signed in, so that the trail knows who it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import request
from flask_security import current_user

from kiosk.context import services
from shared.db.audit import NOBODY, Actor, act_as
from shared.db.directory_version import WritingSession
from shared.db.engine import writing
from shared.db.sign_ins import ADDRESS_LENGTH

_UNKNOWN = Actor(NOBODY, NOBODY)


def nobody_known() -> Actor:
    """Return an actor of whom only the address is known: a device, somebody who did not sign in."""
    # A proxy hands on what it was told: whatever stands there must fit its column.
    return replace(_UNKNOWN, address=request.remote_addr and request.remote_addr[:ADDRESS_LENGTH])


def current_actor() -> Actor:
    """Return who acts in this request, and from where."""
    if not current_user.is_authenticated:
        return nobody_known()
    return replace(nobody_known(), name=current_user.username, role=current_user.role)


@contextmanager
def acting(actor: Actor | None = None) -> Iterator[WritingSession]:
    """Open a session that commits when the block ends, and whose every change stands in the trail."""
    with writing(services().engine) as session:
        act_as(session, actor or current_actor(), services().clock())
        yield session
    services().directory.look_again()
