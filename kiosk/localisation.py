"""The language of a page: the one chosen by the person, else the one their browser asks for, else Indonesian."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from flask import Flask, g, request
from werkzeug.wrappers import Response

from kiosk.context import services
from kiosk.cookies import cookie_name, cookies_are_secure
from shared.domain.months import Month
from shared.domain.people import Role
from shared.domain.zones import zone, zone_name
from shared.i18n import DEFAULT_LANGUAGE, LANGUAGES, Language, mark, translate

COOKIE = "language"
A_YEAR = 365 * 24 * 60 * 60
CAPITAL_ZONE = "Asia/Jakarta"
JOINED = "\u00a0"
"""A space at which no line is broken: a date, and a time with its zone, are read in one piece."""
ROLE_NAMES = {
    Role.OFFICER: mark("officer"),
    Role.SUPERVISOR: mark("supervisor"),
    Role.AGENCY: mark("personnel agency"),
    Role.ADMINISTRATOR: mark("administrator"),
    Role.AUDITOR: mark("auditor"),
}


def current_language() -> Language:
    """Return the language of the present request."""
    if "language" not in g:
        chosen = request.cookies.get(cookie_name(COOKIE, services().settings))
        asked = request.accept_languages.best_match(LANGUAGES, DEFAULT_LANGUAGE)
        g.language = chosen if chosen in LANGUAGES else asked
    return cast(Language, g.language)


def remember_language(response: Response, language: Language) -> None:
    """Let this browser be spoken to in a language for a year."""
    settings = services().settings
    name, secure = cookie_name(COOKIE, settings), cookies_are_secure(settings)
    response.set_cookie(name, language, max_age=A_YEAR, httponly=True, samesite="Lax", secure=secure)


def _(text: str, /, **facts: object) -> str:
    """Return a text in the language of the present request."""
    return translate(text, current_language(), **facts)


def month_name(month: Month) -> str:
    """Write a month in full: "November 2026"."""
    return str(format_date(date(month.year, month.number, 1), "MMMM yyyy", locale=current_language()))


def short_month_name(month: Month) -> str:
    """Write a month as short as a chart needs it: "Nov"."""
    return str(format_skeleton("MMM", date(month.year, month.number, 1), locale=current_language()))


def day_name(day: date) -> str:
    """Write a day in full: "21 November 2026"."""
    return day_name_in(current_language(), day)


def day_name_in(language: Language, day: date) -> str:
    """Write a day in full, in a language that need not be the page's.

    Raises TypeError for a moment, which has a day only in a zone: see `day_of`.
    """
    if isinstance(day, datetime):
        raise TypeError
    return in_one_piece(str(format_date(day, "d MMMM yyyy", locale=language)))


def span(first: date, last: date) -> str:
    """Write on which days something was: "on 14 October 2026", "from 14 October 2026 to 20 October 2026"."""
    if first == last:
        return _("on {day}", day=day_name(first))
    return _("from {first} to {last}", first=day_name(first), last=day_name(last))


def in_one_piece(text: str) -> str:
    """Return a text that no line breaks apart."""
    return text.replace(" ", JOINED)


def clock_time(hour: int, minute: int) -> str:
    """Write a time of day: "09.30" on Indonesian pages, "09:30" on English ones."""
    return f"{hour:02}{'.' if current_language() == 'id' else ':'}{minute:02}"


def written_out(value: str) -> str:
    """Write a day or a time of day that a form has as "2026-11-21" or "09:30" as pages do, and all else as it is.

    Raises ValueError for what only looks like one.
    """
    if ":" in value:
        at = time.fromisoformat(value)
        return clock_time(at.hour, at.minute)
    return day_name(date.fromisoformat(value)) if "-" in value else value


def day_of(when: datetime) -> str:
    """Write the day of a moment in the reader's zone: "21 November 2026"."""
    return day_name(when.astimezone(_reader_zone()).date())


def moment(when: datetime) -> str:
    """Write a moment in the reader's zone: "21 November 2026 09.30 WIB"."""
    timezone = _reader_zone()
    local = when.astimezone(timezone)
    return f"{day_of(when)} {clock_time(local.hour, local.minute)}{JOINED}{zone_name(timezone)}"


def _reader_zone() -> ZoneInfo:
    return g.get("timezone") or zone(CAPITAL_ZONE)


def day_names() -> list[str]:
    """Name the days of the week, Monday first."""
    return [str(format_date(date(2024, 1, day), "EEEE", locale=current_language())) for day in range(1, 8)]


def role_name(role: str) -> str:
    """Name a role."""
    return _(ROLE_NAMES[Role(role)])


def index_figure(hundredths: int) -> str:
    """Write an index with two decimals: 84,20 on Indonesian pages."""
    return str(format_decimal(hundredths / 100, format="0.00", locale=current_language()))


def one_decimal(hundredths: int) -> str:
    """Write an index with one decimal, where a second would pretend too much: 80,1 on Indonesian pages."""
    return str(format_decimal(hundredths / 100, format="0.0", locale=current_language()))


def whole_index(hundredths: int) -> str:
    """Write an index without decimals, where it stands for many people: 82."""
    return whole((hundredths + 50) // 100)


def decimals(value: float, places: int) -> str:
    """Write a figure with so many decimals: 3,2041 on Indonesian pages."""
    return str(format_decimal(value, format=f"0.{'0' * places}", locale=current_language()))


def signed(value: float) -> str:
    """Write by how much an answer is moved: +0,0125 or −0,0248 on Indonesian pages."""
    return str(format_decimal(value, format="+0.0000;−0.0000", locale=current_language()))


def whole(number: int) -> str:
    """Write a whole number with its thousands marked: 1.234 on Indonesian pages."""
    return str(format_decimal(number, locale=current_language()))


def install(app: Flask) -> None:
    """Give templates the language, its words and its way to write months, days and numbers."""
    helpers: dict[str, Callable[..., Any]] = {
        "_": _,
        "month_name": month_name,
        "short_month_name": short_month_name,
        "day_name": day_name,
        "day_of": day_of,
        "day_names": day_names,
        "clock_time": clock_time,
        "written_out": written_out,
        "moment": moment,
        "span": span,
        "role_name": role_name,
        "index_figure": index_figure,
        "one_decimal": one_decimal,
        "decimals": decimals,
        "signed": signed,
        "whole": whole,
        "whole_index": whole_index,
    }
    app.jinja_env.globals.update(helpers)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def words() -> dict[str, Any]:
        return {"language": current_language(), "languages": LANGUAGES, "now": services().clock()}
