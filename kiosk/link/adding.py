"""The second page of a link: what somebody may add to the answer that is recorded already; and the thanks."""

from math import ceil
from typing import Any, Final
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.context import services
from kiosk.errors import RETRY_AFTER, refusal_detail
from kiosk.link import gate
from kiosk.link.asking import Trouble
from kiosk.link.inviting import following
from kiosk.link.parsing import ANSWER, reasons_for, typed_comment, with_what_was_added
from kiosk.link.places import Place, portraits
from kiosk.link.portal import COMPLETED, TOO_LATE, UNKNOWN, link, told
from kiosk.link.seals import ADDING_LASTS, pressed_of
from kiosk.localisation import _, current_language, remember_language, whole
from kiosk.touch.extra_elements import asked_on
from kiosk.touch.own_words import changed_on_screen
from shared import intake
from shared.domain.errors import IntakeRefused, IntakeUnavailable, RefusalCode
from shared.domain.ratings import COMMENT_LENGTH, Rating
from shared.glances import extra_elements_of, kept_under, own_words_of
from shared.i18n import LANGUAGES, mark, translate
from shared.wording import ElementQuestion, element_questions, overall_words, touch_wording

TOO_LONG: Final = mark("Your comment has {count} characters; at most {most} can be kept. Please shorten it.")
TRY_AGAIN: Final = mark(
    "Your answer is recorded. What you added is not yet: we cannot take it just now. Please send it again in a"
    " moment."
)
WAIT: Final = mark("Your answer is recorded. What you added is not yet. Please send it again in {seconds} seconds.")


@link.get("/m/<pressed>")
def more(pressed: str) -> ResponseReturnValue:
    """Offer to add reasons, two of the nine elements or all of them, and a comment."""
    return _offer(pressed, _rating(pressed))


@link.post("/m/<pressed>")
def add(pressed: str) -> ResponseReturnValue:
    """Complete the rating by what was added; a wish for more questions or another language only shows the page."""
    rating, wait = _rating(pressed), gate.wait_of_sender()
    if wait:
        return _offer(pressed, rating, Trouble(_(WAIT, seconds=ceil(wait)), 429, ceil(wait)))
    if request.form.get("do") != "send":
        return _offer(pressed, rating)
    try:
        completed = with_what_was_added(rating, services().directory.current(), services().clock())
        if completed.completes:
            intake.check(completed, services().directory.current())
            if _has_additions(rating.id):
                return told(COMPLETED)
            intake.accept([completed], services())
    except IntakeRefused as refusal:
        return _offer(pressed, rating, Trouble(_worded(refusal), 400))
    except IntakeUnavailable:
        return _offer(pressed, rating, Trouble(_(TRY_AGAIN), 503, RETRY_AFTER))
    return redirect(url_for("link.thanks", pressed=pressed), 303)


@link.get("/m/<pressed>/thanks")
def thanks(pressed: str) -> ResponseReturnValue:
    """Thank for the rating, and say what has changed because of others before it."""
    rating = _rating(pressed)
    changed = changed_on_screen(own_words_of(rating.office, services()))
    said = changed and changed[current_language()]
    return render_template("link/thanks.html", **_frame(rating), changed=said, following=following(pressed))


def two_of(questions: list[ElementQuestion], number: UUID) -> list[ElementQuestion]:
    """Return the two elements that a rating is asked, each as often as any other, as on the touch screen."""
    first, count = number.int % len(questions), len(questions)
    return [questions[first], questions[(first + count // 2) % count]]


def _all_questions(rating: Rating) -> list[ElementQuestion]:
    """Return the nine elements, and after them those of the office's own that it asks today."""
    language, office = current_language(), services().directory.current().offices[rating.office]
    today = services().clock().astimezone(office.timezone).date()
    return [*element_questions(language), *asked_on(today, extra_elements_of(office.code, services()))[language]]


def _rating(pressed: str) -> Rating:
    rating = pressed_of(pressed)
    if rating is None:
        abort(told(UNKNOWN))
    if services().clock() > rating.given_at + ADDING_LASTS:
        abort(told(TOO_LATE))
    return rating


def _has_additions(number: UUID) -> bool:
    before = kept_under(number, services())
    return before is not None and before.completed


def _worded(refusal: IntakeRefused) -> str:
    if refusal.code is RefusalCode.COMMENT_TOO_LONG:
        return _(TOO_LONG, count=whole(len(typed_comment())), most=whole(COMMENT_LENGTH))
    return refusal_detail(refusal, current_language())


def _offer(pressed: str, rating: Rating, trouble: Trouble | None = None) -> Response:
    """Show the page with whatever was typed or chosen on it before."""
    language = current_language()
    every = request.form.get("do") == "all" or "every" in request.form
    questions = _all_questions(rating) if every else two_of(element_questions(language), rating.id)
    page = render_template(
        "link/more.html",
        **_frame(rating),
        pressed=pressed,
        trouble=trouble,
        reasons={code: translate(text, language) for code, text in reasons_for(rating).items()},
        chosen=request.form.getlist("reason"),
        questions=questions,
        every=every,
        field=ANSWER,
        typed=request.form,
        most=COMMENT_LENGTH,
    )
    response = make_response(page, trouble.status if trouble else 200)
    if request.method == "POST":  # which a browser that comes back finds again only where it may keep it for that
        response.headers["Cache-Control"] = "no-cache, private"
    if trouble and trouble.wait:
        response.headers["Retry-After"] = str(trouble.wait)
    if request.form.get("language") in LANGUAGES:
        remember_language(response, language)
    return response


def _frame(rating: Rating) -> dict[str, Any]:
    """Return what stays in place from the question to the thanks: who was rated, where, and the answer."""
    directory = services().directory.current()
    office = directory.offices[rating.office]
    counter = directory.counters.get(rating.counter or "")
    return {
        "place": Place(office, counter, (), None),
        "officer": directory.officers.get(rating.officer or ""),
        "portraits": portraits(office, services()),
        "overall": rating.overall,
        "faces": overall_words(current_language()),
        "words": touch_wording(current_language()),
    }
