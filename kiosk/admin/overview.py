"""The first page of administration: what there is, and what is still to be set up."""

from flask import render_template
from flask.typing import ResponseReturnValue

from kiosk.portals import Audience, Portal

admin = Portal("admin", __name__, audience=Audience.ADMINISTRATION, url_prefix="/admin")


@admin.get("")
def overview() -> ResponseReturnValue:
    """Show how far the set-up is."""
    return render_template("admin/overview.html")
