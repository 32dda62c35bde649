"""Keys of queue systems: made for one office, told once, shut out when no longer needed."""

from typing import Any, Final

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kiosk.acting import acting
from kiosk.addresses import public_root
from kiosk.context import services
from kiosk.forms import Form, blank, read_form
from kiosk.portals import Audience, Portal
from shared.db import api_keys as stored
from shared.db.engine import reading
from shared.db.records import CodeTaken
from shared.domain.visits import KEY_NAME_LENGTH, ApiKeyFacts
from shared.i18n import mark

NAME_TAKEN: Final = mark("This office has a key of this name already. Choose another name, or revoke that one first.")
NO_SUCH_OFFICE: Final = mark("Choose one of these.")
api_keys = Portal("api_keys", __name__, audience=Audience.ADMINISTRATION, url_prefix="/admin/keys")


@api_keys.get("")
def index() -> ResponseReturnValue:
    """List the keys, with a form for the next."""
    return _page(blank())


@api_keys.post("")
def add() -> ResponseReturnValue:
    """Make a key and show its secret, once."""
    form = read_form(ApiKeyFacts)
    facts = form.value
    if facts is not None and facts.office not in services().directory.current().offices:
        form, facts = form.refused("office", NO_SUCH_OFFICE), None
    if facts is None:
        return _page(form), 400
    secret = stored.new_secret()
    try:
        with acting() as session:
            stored.add_key(session, facts.name, facts.office, secret, services().clock())
    except CodeTaken:
        return _page(form.refused("name", NAME_TAKEN)), 400
    office = services().directory.current().offices[facts.office]
    address = f"{public_root()}{url_for('visits_api.tell')}"
    return render_template("admin/api_key.html", name=facts.name, office=office, secret=secret, address=address)


@api_keys.post("/<id:key>/revoke")
def revoke(key: int) -> ResponseReturnValue:
    """Shut a key out; one that is shut out already stays so."""
    with acting() as session:
        name = stored.revoke_key(session, key, services().clock())
    if name is None:
        abort(404)
    return redirect(url_for("api_keys.index"))


def _page(form: Form[Any]) -> str:
    with reading(services().engine) as session:
        keys = stored.keys_listed(session)
    offices = services().directory.current().offices.values()
    named = sorted((office.name, office.code) for office in offices)
    return render_template(
        "admin/api_keys.html",
        keys=keys,
        form=form,
        offices=[(code, f"{name} ({code})") for name, code in named],
        longest=KEY_NAME_LENGTH,
    )
