"""One's own account, for every role."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk import drafts
from kiosk.account.devices import device_name
from kiosk.acting import acting
from kiosk.context import services
from kiosk.login.sign_ins import current_sign_in
from kiosk.portals import Audience, Portal, current_account, just_gave_password
from shared import second_step
from shared.db import sign_ins
from shared.db.audit import note
from shared.db.engine import reading

account = Portal("account", __name__, audience=Audience.ACCOUNT, url_prefix="/account")


@account.get("")
def me() -> ResponseReturnValue:
    """Show who is signed in, where, and what they can change about it."""
    known = current_account()
    with reading(services().engine) as session:
        lasting = sign_ins.lasting(session, int(known.id or 0), services().clock())
    return render_template(
        "account/me.html",
        account=known,
        codes_left=len(known.mf_recovery_codes or ()),
        sign_ins=lasting,
        this=current_sign_in(),
        device_name=device_name,
    )


@account.route("/phone/disconnect", methods=["GET", "POST"])
def disconnect_phone() -> ResponseReturnValue:
    """Let an officer's password be enough again; every role above keeps its second step."""
    known = current_account()
    if known.tf_totp_secret is None or known.check_tf_required_setup():
        abort(404)
    if not just_gave_password():
        return redirect(url_for("security.verify", next=url_for("account.disconnect_phone")))
    if request.method == "GET":
        return render_template("account/disconnect_phone.html")
    with acting() as session:
        second_step.change_phone(session, int(known.id or 0), known.tf_totp_secret, None, None)
        note(session, "phone_disconnected", "sign_in", known.username)
    return redirect(url_for("account.me", done="phone"))


@account.post("/sign-ins/<id:sign_in_id>/end")
def end(sign_in_id: int) -> ResponseReturnValue:
    """End one sign-in of one's own."""
    known = current_account()
    with acting() as session:
        if not sign_ins.end(session, int(known.id or 0), sign_in_id, services().clock()):
            abort(404)
        note(session, "sign_in_ended", "sign_in", known.username)
    return redirect(url_for("account.me"))


@account.post("/sign-ins/end-others")
def end_others() -> ResponseReturnValue:
    """End every sign-in of one's own but this one."""
    known = current_account()
    with acting() as session:
        sign_ins.end_all(session, int(known.id or 0), services().clock(), but=current_sign_in().id)
        note(session, "sign_ins_ended", "sign_in", known.username)
    return redirect(url_for("account.me", done="sign_ins"))


@account.get("/go-on")
def go_on() -> ResponseReturnValue:
    """Hand back what was typed when a sign-in ran out, to be saved or left."""
    draft = drafts.kept()
    return redirect(url_for("security.start")) if draft is None else drafts.page_of(draft)
