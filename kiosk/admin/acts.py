"""The trail in sentences: who did what to which thing, in the reader's language; words we do not know stay as is."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from kiosk.admin import extra_element_words
from kiosk.localisation import ROLE_NAMES, _, clock_time, day_name, day_names, moment, month_name, whole
from kiosk.own_words.wording import FIELDS as OWN_WORDS
from kiosk.review_words import GROUNDS, IN_GENERAL
from shared.db.audit import BY_ITSELF, HIDDEN, NOBODY, OPERATOR_ROLE
from shared.db.trail import Act
from shared.domain.months import Month
from shared.domain.people import OfficeKind
from shared.i18n import mark
from shared.wording import OFFICE_KINDS

VERBS: Final[dict[str, tuple[str, str]]] = {
    "added": (mark("Added"), mark("{who} added {thing}")),
    "changed": (mark("Changed"), mark("{who} changed {thing}")),
    "removed": (mark("Removed"), mark("{who} removed {thing}")),
    "imported": (mark("Imported"), mark("{who} imported {thing}")),
    "import_uploaded": (mark("Handed in a file"), mark("{who} handed in {thing}")),
    "import_started": (mark("Started an import"), mark("{who} started the import of {thing}")),
    "import_left": (mark("Discarded a file"), mark("{who} discarded {thing}, nothing of it was imported")),
    "import_confirmed": (mark("Approved an import"), mark("{who} approved {thing}, its ratings count")),
    "import_undone": (mark("Undid an import"), mark("{who} undid the import of {thing}")),
    "import_counts_again": (mark("Took an undoing back"), mark("{who} let {thing} count again")),
    "signed_in": (mark("Signed in"), mark("{who} signed in")),
    "signed_out": (mark("Signed out"), mark("{who} signed out")),
    "sign_in_failed": (mark("Could not sign in"), mark("Somebody could not sign in as {subject}")),
    "code_failed": (mark("Wrong code"), mark("Somebody could not sign in as {subject}: wrong code")),
    "recovery_failed": (
        mark("Wrong recovery code"),
        mark("Somebody could not sign in as {subject}: wrong recovery code"),
    ),
    "recovery_codes_made": (mark("New recovery codes"), mark("{who} made new recovery codes")),
    "password_changed": (mark("New password"), mark("{who} chose a new password")),
    "recovery_code_used": (mark("Recovery code used"), mark("{who} signed in with a recovery code")),
    "phone_connected": (mark("Phone connected"), mark("{who} connected a phone")),
    "phone_disconnected": (mark("Phone disconnected"), mark("{who} disconnected their phone")),
    "sign_in_ended": (mark("Ended a sign-in"), mark("{who} ended a sign-in of {subject}")),
    "reload_asked": (mark("Let a screen load anew"), mark("{who} let the screen of {thing} load anew")),
    "closed": (mark("Closed a month"), mark("{who} closed {thing}")),
    "restated": (mark("Looked at a month again"), mark("{who} looked at {thing} again")),
    "sign_ins_ended": (mark("Ended sign-ins"), mark("{who} ended the sign-ins of {subject}")),
}
"""What each verb is called in a list, and its sentence."""
OTHERWISE: Final = mark("{who}: {verb}, {thing}")
KINDS: Final[dict[str, str]] = {
    "region": mark("region"),
    "office": mark("office"),
    "counter": mark("counter"),
    "service": mark("service"),
    "officer": mark("officer"),
    "move": mark("move of"),
    "posting": mark("posting"),
    "kiosk": mark("kiosk"),
    "account": mark("account"),
    "sign_in": mark("sign-in"),
    "import": mark("file"),
    "month": mark("month"),
    "review": mark("review of"),
    "own_words": mark("the words on the kiosks of"),
    "slide": mark("slide"),
    "extra_element": mark("additional element"),
}
FIELDS: Final[dict[str, str]] = {
    "name": mark("name"),
    "kind": mark("kind"),
    "region_code": mark("region"),
    "office_code": mark("office"),
    "counter_code": mark("counter"),
    "officer_code": mark("officer"),
    "parent_code": mark("belongs to"),
    "from_office_code": mark("from"),
    "to_office_code": mark("to"),
    "moves_on": mark("on"),
    "timezone": mark("time zone"),
    "population": mark("service users a year"),
    "opening_hours": mark("opening hours"),
    "closed_on": mark("closed from"),
    "left_on": mark("left on"),
    "photo": mark("photo"),
    "nip_sealed": mark("NIP"),
    "starts_at": mark("from"),
    "ends_at": mark("until"),
    "role": mark("role"),
    "password": mark("password"),
    "tf_totp_secret": mark("second step"),
    "mf_recovery_codes": mark("recovery codes"),
    "activation_hash": mark("activation code"),
    "enrolment_hash": mark("enrolment code"),
    "token_hash": mark("device key"),
    "next_token_hash": mark("next device key"),
    "pin": mark("technician’s PIN"),
    "press_interval": mark("seconds between two ratings"),
    "idle_seconds": mark("seconds of waiting"),
    "enrolled_at": mark("enrolled"),
    "revoked_at": mark("revoked"),
    "finished": mark("finished"),
    "rows": mark("rows"),
    "new": mark("new"),
    "known": mark("known already"),
    "refused": mark("refused"),
    "changed": mark("changed"),
    "ground": mark("because of"),
    "proposed_outcome": mark("proposal"),
    "proposed_reason": mark("reason of the proposal"),
    "outcome": mark("decision"),
    "decided_reason": mark("reason of the decision"),
    "words": mark("objection"),
    "first_day": mark("from the day"),
    "last_day": mark("up to the day"),
    "proposed_first_day": mark("proposed from the day"),
    "proposed_last_day": mark("proposed up to the day"),
    "about_comment": mark("about a comment"),
    "first_at": mark("first rating"),
    "last_at": mark("last rating"),
    **OWN_WORDS,
    **extra_element_words.FIELDS,
}
COUNTED: Final[dict[str, tuple[str, str]]] = {"revisions": (mark("1 score"), mark("{count} scores"))}
"""Fields that say how many of something an act was about: of one, and of several."""
QUIET: Final = frozenset({
    "import", "username", "code", "fs_uniquifier", "created_at", "tf_primary_method", "totp_counter", "nip_hash",
    "demo", "activation_expires_at", "enrolment_expires_at", "done", "raised_at", "settled_at", "proposed_by",
    "proposed_at", "decided_by", "decided_at", "month", "kiosk_id", "raised_by",
    "picture_digest",
})  # fmt: skip
"""Fields that tell a reader nothing the sentence does not say; the download has them."""
WORDS: Final[dict[str, Mapping[str, str]]] = {
    "role": {role.value: name for role, name in ROLE_NAMES.items()},
    "kind": {kind.value: name for kind, name in OFFICE_KINDS.items()},
    "ground": {ground.value: words.title for ground, words in GROUNDS.items()},
    "outcome": IN_GENERAL,
    "proposed_outcome": IN_GENERAL,
    "what": {
        "officers": mark("officers"),
        "roster": mark("roster"),
        "ratings": mark("ratings"),
        "outbox": mark("ratings kept on a kiosk"),
    },
}
"""What the values of a field are called."""
UNNAMED: Final = frozenset({"what"})
"""Fields whose value says enough."""
PLAIN: Final = frozenset({"added", "removed"})
"""Verbs of a thing as a whole: its yes and no are those that everything of its kind has."""
SHUT, LET_IN = mark("shut out"), mark("let in again")
YES, NO, EMPTY = mark("yes"), mark("no"), mark("empty")


@dataclass(frozen=True, slots=True)
class Told:
    """An act as a person reads it."""

    act: Act
    sentence: str


def told(act: Act) -> Told:
    """Tell an act in a sentence of the page's language."""
    _name, sentence = VERBS.get(act.verb, ("", OTHERWISE))
    thing = f"{kind_name(act.kind)} {_title(act)}"
    subject = _("a name we do not know") if act.subject == NOBODY else act.subject
    text = _(sentence, who=who(act), thing=thing, subject=subject, verb=act.verb)
    details = "; ".join(_details(act))
    return Told(act, f"{text}: {details}" if details else text)


def who(act: Act) -> str:
    """Name whoever acted."""
    if act.actor.name == NOBODY:
        return _("Somebody")
    if act.actor == BY_ITSELF:
        return _("The system")
    return act.person or (_("The operator") if act.actor.role == OPERATOR_ROLE else act.actor.name)


def role_words(role: str) -> str:
    """Name the role in which somebody acted."""
    if role == OPERATOR_ROLE:
        return _("operator at the command line")
    return _(WORDS["role"][role]) if role in WORDS["role"] else role


def kind_name(kind: str) -> str:
    """Name a kind of thing."""
    return _(KINDS[kind]) if kind in KINDS else kind


def verb_names() -> list[tuple[str, str]]:
    """Return (verb, its name) of every act we know, by name."""
    return sorted(((verb, _(name)) for verb, (name, _sentence) in VERBS.items()), key=lambda one: one[1])


def kind_names() -> list[tuple[str, str]]:
    """Return (kind, its name) of every kind of thing we know, by name."""
    return sorted(((kind, _(name)) for kind, name in KINDS.items()), key=lambda one: one[1])


def _title(act: Act) -> str:
    """Call a thing as people do, not by the number or the codes that the trail keeps."""
    return TITLES[act.kind](act) if act.kind in TITLES else act.subject


def _kiosk_title(act: Act) -> str:
    name = act.after.get("name") or act.before.get("name") or act.kiosk
    return f"“{name}”" if name else act.subject


def _month_title(act: Act) -> str:
    try:
        *whose, month = act.subject.split()
        name = month_name(Month.parse(month))
        if len(whose) == 1:
            return f"{name}, {whose[0]}"
        region, kind = whose
        return f"{name}, {_(OFFICE_KINDS[OfficeKind(kind)])}, {region}"
    except ValueError:
        return act.subject  # shown as it is


TITLES: Final[dict[str, Callable[[Act], str]]] = {
    "kiosk": _kiosk_title,
    "month": _month_title,
    "review": _month_title,
}


def _is_said(act: Act, field: str) -> bool:
    """Say whether the sentence says this already."""
    value = act.after.get(field, act.before.get(field))
    return act.verb != "changed" and (value in act.subject.split() or (act.kind, field) == ("kiosk", "name"))


def _details(act: Act) -> Iterator[str]:
    for field in dict.fromkeys([*act.before, *act.after]):
        if field not in QUIET and not _is_said(act, field):
            text = _detail(act, field)
            if text:
                yield text


def _detail(act: Act, field: str) -> str:
    name = _(FIELDS[field]) if field in FIELDS else field
    before, after = act.before.get(field), act.after.get(field)
    if HIDDEN in (before, after):
        return _secret_detail(name, before, after) if act.verb == "changed" else ""
    if act.verb == "changed":
        return _change(field, name, before, after)
    value = before if after is None else after
    if field in COUNTED and isinstance(value, int):
        one, several = COUNTED[field]
        return _(one) if value == 1 else _(several, count=whole(value))
    if act.verb in PLAIN and isinstance(value, bool):
        return ""
    return _value(field, value) if field in UNNAMED else f"{name} {_value(field, value)}"


def _change(field: str, name: str, before: Any, after: Any) -> str:
    if field == "active":
        return _(LET_IN if after else SHUT)
    return f"{name} {_value(field, before)} → {_value(field, after)}"


def _secret_detail(name: str, before: Any, after: Any) -> str:
    if before is None:
        return _("{field} set", field=name)
    return _("{field} removed", field=name) if after is None else _("{field} replaced", field=name)


def _value(field: str, value: Any) -> str:
    if value is None:
        return _(EMPTY)
    if isinstance(value, bool):
        return _(YES if value else NO)
    if field == "opening_hours":
        return _week(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, str):
        return _text(field, value)
    return whole(value) if isinstance(value, int) else str(value)


def _week(value: list[list[str]]) -> str:
    open_days = [(day, span) for day, span in zip(day_names(), value, strict=False) if span]
    return ", ".join(f"{day} {'–'.join(map(_clock, span))}" for day, span in open_days) or _(EMPTY)


def _clock(written: str) -> str:
    hour, _colon, minute = written.partition(":")
    return clock_time(int(hour), int(minute))


def _text(field: str, value: str) -> str:
    if value in WORDS.get(field, {}):
        return _(WORDS[field][value])
    try:
        if field.endswith("_at"):
            return moment(datetime.fromisoformat(value))
        if field.endswith(("_on", "_day")):
            return day_name(date.fromisoformat(value))
    except ValueError:
        pass  # shown as it is
    return f"“{value}”"
