"""What anyone may read: what this is, how the scores are made, and in which language."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.context import services
from kiosk.localisation import remember_language
from kiosk.login.paths import own_path
from kiosk.officer.result import Result
from kiosk.portals import Audience, Portal
from kiosk.public.method import review_rules, set_aside_rules, unusual_intervals
from shared.domain.reviews import DECIDED_WITHIN, OBJECTS_WITHIN
from shared.domain.scoring import Tally
from shared.domain.screening import PRESS_INTERVAL
from shared.domain.skm import GRADE_FLOORS
from shared.i18n import LANGUAGES
from shared.privacy import MINIMUM_RATINGS, MINIMUM_STEP
from shared.wording import OVERALL

USUALLY_ENOUGH = 40
"""Ratings that make a score final in most groups."""
EXAMPLE = Tally(threes=3, fours=5)
"""Eight ratings whose index ends in exactly half a hundredth: 90.625."""

public = Portal("public", __name__, audience=Audience.PUBLIC)


@public.get("/")
def home() -> ResponseReturnValue:
    """Say what this is, and lead to the sign-in."""
    return render_template("public/home.html", answers=OVERALL, simulator=services().settings.simulates_phones)


@public.get("/for-officers")
def for_officers() -> ResponseReturnValue:
    """Tell whoever is rated what this is for, what it is not, and what they can do."""
    return render_template(
        "public/for_officers.html",
        minimum=MINIMUM_RATINGS,
        objection_days=OBJECTS_WITHIN.days,
        usually_enough=USUALLY_ENOUGH,
    )


@public.get("/how-scores-are-made")
def how_scores_are_made() -> ResponseReturnValue:
    """Explain the score to whoever is measured by it or gives it."""
    return render_template(
        "public/how_scores_are_made.html",
        answers=OVERALL,
        floors=GRADE_FLOORS,
        minimum=MINIMUM_RATINGS,
        step=MINIMUM_STEP,
        example=Result.of(EXAMPLE),
        usually_enough=USUALLY_ENOUGH,
        aside=set_aside_rules(),
        signs=review_rules(),
        objection_days=OBJECTS_WITHIN.days,
        review_days=DECIDED_WITHIN.days,
        usual_interval=PRESS_INTERVAL.seconds,
        intervals=unusual_intervals(services().directory.current()),
    )


@public.get("/language/<code>")
def choose_language(code: str) -> ResponseReturnValue:
    """Remember the language a person reads, and lead back to the page they came from."""
    if code not in LANGUAGES:
        abort(404)
    response = redirect(own_path(request.args.get("next")) or url_for("public.home"))
    remember_language(response, code)
    return response
