"""Forms of people: parsed by the domain's own rules, each problem beside its field, nothing typed lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from flask import Flask, g, request
from pydantic import BaseModel, ValidationError

from kiosk.localisation import _, whole
from shared.i18n import mark

Shape = TypeVar("Shape", bound=BaseModel)
REQUIRED: Final = mark("Please fill this in.")
TOO_LONG: Final = mark("At most {most} characters; these are {count}.")
PROBLEMS: Final = {
    "missing": REQUIRED,
    "string_too_short": REQUIRED,
    "string_pattern_mismatch": mark("Use only letters, digits and dashes, up to 32."),
    "enum": mark("Choose one of these."),
    "literal_error": mark("Choose one of these."),
    "int_parsing": mark("Write a whole number."),
    "greater_than_equal": mark("This number is too small."),
    "less_than_equal": mark("This number is too large."),
    "date_from_datetime_parsing": mark("Write a date, for example 2026-11-21."),
    "not_a_zone": mark("Choose one of the time zones."),
    "not_a_nip": mark("A NIP or NI PPPK has 18 digits and begins with the birthday. Please check it."),
    "not_a_phone": mark("This is not a phone number. Write it like 0812-3456-7890 or +6281234567890."),
    "landline": mark("No message reaches this number. Ask for a mobile number, like 0812-3456-7890."),
    "code_is_nip": mark("This is a NIP. A code is public: choose a short one, for example DK7."),
    "not_a_user_name": mark("Use small letters and digits, up to 64, and neither a NIP nor the name “suara”."),
    "not_element_code": mark("A letter first, then letters and digits, up to 16 in all. For example U10."),
    "same_answer": mark("Another answer says the same. Please give each answer its own words."),
    "not_hours": mark("Write opening hours as from and until, for example 08:00 and 15:00."),
    "english_alone": mark("Write it in Indonesian too: English is shown only beside it."),
    "no_day": REQUIRED,
    "one_day_missing": mark("Write both dates, or leave both empty."),
    "days_not_forward": mark("The last date is before the first."),
    "time_parsing": mark("Write a time, for example 08:00."),
    "no_consent": mark("Please tick this when they have agreed. Without it nobody is asked."),
    "date_parsing": mark("Write a date, for example 2026-11-21."),
    "not_a_time": mark("Write a time, for example 08:00."),
    "not_forward": mark("Start and end are the same. Please choose another end."),
}
UNREADABLE: Final = mark("This cannot be read.")
CODE_TAKEN: Final = mark("This code is in use already. Choose another.")
CHANGED_MEANWHILE: Final = mark(
    "Somebody else changed this while you had it open. Below is what you typed; look at what they changed, then"
    " save again."
)
IN_USE: Final = mark(
    "This is in use, so it cannot be removed. Close it with a date instead; what was recorded stays."
)


@dataclass(frozen=True, slots=True)
class Form(Generic[Shape]):
    """A form as it was sent: what it says when it is right, else each problem by its field, and what was typed."""

    value: Shape | None
    typed: Mapping[str, Any]
    errors: dict[str, str] = field(default_factory=dict)
    notice: str = ""

    def refused(self, field_name: str, text: str, **facts: object) -> "Form[Shape]":
        """Return this form with a problem found later, beside its field."""
        return Form(None, self.typed, {**self.errors, field_name: _(text, **facts)}, self.notice)

    def with_notice(self, text: str) -> "Form[Shape]":
        """Return this form with a problem of the whole."""
        return Form(None, self.typed, self.errors, _(text))


def blank(**typed: Any) -> Form[Any]:
    """Return a form to be filled in, perhaps with some of it filled."""
    return Form(None, typed)


def filled(facts: BaseModel) -> Form[Any]:
    """Return a form that shows what is known."""
    return Form(None, facts.model_dump(mode="json"))


def read_form(shape: type[Shape], **given: Any) -> Form[Shape]:
    """Parse the form of this request; `given` are values that the address or the login say."""
    typed = {**request.form.to_dict(), **given}
    try:
        return Form(shape.model_validate(typed), typed)
    except ValidationError as error:
        return Form(None, typed, {str(part["loc"][0]): _problem(part) for part in error.errors() if part["loc"]})


def install(app: Flask) -> None:
    """Let templates ask which field takes the focus."""
    app.jinja_env.globals["first_problem"] = first_problem


def first_problem(error: str) -> bool:
    """Say whether this is the first problem on the page: its field takes the focus."""
    first = bool(error) and "problem_shown" not in g
    if first:
        g.problem_shown = True
    return first


def _problem(part: Mapping[str, Any]) -> str:
    if part["input"] == "":
        return _(REQUIRED)
    if part["type"] == "string_too_long":
        most, count = part["ctx"]["max_length"], len(str(part["input"]).strip())
        return _(TOO_LONG, most=whole(most), count=whole(count))
    return _(PROBLEMS.get(part["type"], UNREADABLE))
