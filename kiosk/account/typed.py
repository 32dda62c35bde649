"""What somebody had typed, as they knew it on the form: each value with its label, codes by their names."""

from collections.abc import Callable, Iterable
from typing import Final

from kiosk.context import services
from kiosk.localisation import _, day_names, role_name, written_out
from kiosk.own_words.wording import LABELS as OWN_WORDS
from kiosk.review_words import IN_GENERAL
from kiosk.visits.wording import campaign_period
from shared.domain.campaigns import period_of
from shared.domain.people import OfficeKind, Role
from shared.i18n import mark
from shared.wording import OFFICE_KINDS

LABELS: Final[dict[str, str]] = {
    "name": mark("Name"),
    "username": mark("User name"),
    "code": mark("Code"),
    "role": mark("Role"),
    "region": mark("Region"),
    "office": mark("Office"),
    "officer": mark("Officer"),
    "counter": mark("Counter"),
    "kind": mark("Kind"),
    "timezone": mark("Time zone"),
    "parent": mark("Belongs to"),
    "population": mark("Service users a year"),
    "nip": mark("NIP or NI PPPK"),
    "forget_phone": mark("Forget the registered number"),
    "day": mark("Day"),
    "begins": mark("Begins"),
    "until": mark("Ends"),
    "ends_on": mark("Ends on the day"),
    "closed_on": mark("Closed from"),
    "left_on": mark("No longer serves from"),
    "to": mark("Moves to"),
    "moves_on": mark("First day there"),
    "phone": mark("Phone number"),
    "at": mark("At"),
    "language": mark("Language"),
    "consent": mark("Agreed to be asked"),
    "period": mark("Asking guardians"),
    "answer": mark("Your answer"),
    "words": mark("What is wrong?"),
    "outcome": mark("What should happen?"),
    "first_day": mark("From the day"),
    "last_day": mark("Up to the day"),
    "reason": mark("Why?"),
    **OWN_WORDS,
}
EDGES: Final = {"opens": mark("from"), "closes": mark("until")}
DAYS: Final = tuple("0123456")
"""Opening hours are fields by the number of the day: `opens_0`."""
LANGUAGES: Final = {"id": "Indonesia", "en": "English"}
YES: Final = mark("yes")
BROUGHT_IN: Final = {"officers": mark("officers"), "roster": mark("roster"), "ratings": mark("ratings")}


def in_words(fields: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return (label, value) of each field; one we have no label for keeps an empty one."""
    return [(_label(name), _value(name, value)) for name, value in fields]


def _label(name: str) -> str:
    if name in LABELS:
        return _(LABELS[name])
    edge, _between, day = name.partition("_")
    if edge in EDGES and day in DAYS:
        return f"{day_names()[int(day)]}, {_(EDGES[edge])}"
    return ""


def _value(name: str, value: str) -> str:
    try:
        return NAMED[name](value) if name in NAMED else written_out(value)
    except (KeyError, ValueError):
        return value  # as it was typed


def _kind(value: str) -> str:
    return _(BROUGHT_IN[value] if value in BROUGHT_IN else OFFICE_KINDS[OfficeKind(value)])


def _office(code: str) -> str:
    return services().directory.current().offices[code].name


def _officer(code: str) -> str:
    return services().directory.current().officers[code].name


def _counter(code: str) -> str:
    return services().directory.current().counters[code].name


NAMED: Final[dict[str, Callable[[str], str]]] = {
    "office": _office,
    "parent": _office,
    "to": _office,
    "officer": _officer,
    "counter": _counter,
    "kind": _kind,
    "role": lambda value: role_name(Role(value)),
    "outcome": lambda value: _(IN_GENERAL[value]),
    "language": lambda value: LANGUAGES[value],
    **dict.fromkeys(("consent", "forget_phone"), lambda _value: _(YES)),
    "period": lambda value: campaign_period(period_of(value)),
    "phone": str,
    "answer": str,
    "words": str,
    "reason": str,
    "name": str,
    "code": str,
    "username": str,
    **dict.fromkeys(OWN_WORDS.keys() - {"changed_on"}, str),
}
"""How the values of a field are written; those of the others are days, times and numbers."""
