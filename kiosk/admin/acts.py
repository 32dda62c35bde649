"""The trail in sentences: who did what to which thing, in the reader's language; words we do not know stay as is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from kiosk.admin.act_words import COUNTED, FIELDS, KINDS, OTHERWISE, PLAIN, QUIET, UNNAMED, VERBS, WORDS
from kiosk.localisation import _, clock_time, day_name, day_names, moment, month_name, whole
from shared.db.audit import BY_ITSELF, HIDDEN, NOBODY, OPERATOR_ROLE
from shared.db.trail import Act
from shared.domain.months import Month
from shared.domain.people import OfficeKind
from shared.i18n import mark
from shared.wording import OFFICE_KINDS

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
