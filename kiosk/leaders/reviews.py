"""Months that wait for a decision: what is in question, what was proposed, and who decides it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kiosk.acting import current_actor
from kiosk.context import services
from kiosk.forms import Form, blank, read_form
from kiosk.localisation import _, month_name, role_name
from kiosk.portals import Audience, Portal, current_account, current_offices, current_role, office_in_sight
from kiosk.review_words import (
    GROUNDS,
    choice_words,
    named_words,
    outcome_words,
    proposed_words,
    seen_words,
)
from shared import reviews as deciding
from shared.db import reviews as stored
from shared.db.accounts import account_of
from shared.db.engine import reading
from shared.db.said import comments_about
from shared.domain.comments import without_contacts
from shared.domain.people import Directory, Role
from shared.domain.reviews import DecisionFacts, Ground, Outcome, Review, Word
from shared.i18n import mark
from shared.reviews import AlreadyDecided, OwnObjection, ProposedMeanwhile, Said, TooFew

MOST: Final = 100
"""Lines in a list: who has more to decide begins with the oldest."""
PROPOSED: Final = mark("Somebody else has said something about this meanwhile. Please read it, then decide.")
DECIDED: Final = mark("Somebody else has decided this meanwhile. This is what was decided.")
TOO_FEW: Final = mark(
    "Fewer than five ratings were given on these days. Setting them aside would tell what those few people answered."
    " Choose more days, or the whole month. If only those days are wrong, it cannot be granted; say so in the reason."
)
TOO_FEW_LEFT: Final = mark(
    "Of these ratings, fewer than five still count; the others are set aside already. Setting the rest aside would"
    " tell what those few people answered, so it can only stand."
)
OWN: Final = mark("You have raised this objection yourself, so others decide about it.")
OUTSIDE: Final = mark("Choose days in {month}.")
PROPOSAL_SAVED: Final = mark("Your proposal is saved.")
DECISION_SAVED: Final = mark("The decision is saved.")
reviews = Portal("reviews", __name__, audience=Audience.OVERSIGHT, url_prefix="/reviews")


@dataclass(frozen=True, slots=True)
class Question:
    """A review as those who decide read it: who and what it is about, in words."""

    review: Review
    officer: str
    office: str
    title: str
    seen: str
    why: str
    named: str
    proposed: str | None
    comments: list[str]
    zone: ZoneInfo

    @property
    def raised_on(self) -> date:
        """Return the day, in the office, since which it waits."""
        return self.review.raised_at.astimezone(self.zone).date()

    @property
    def due_on(self) -> date:
        """Return the day, in the office, by which it should be decided."""
        return self.review.due_at.astimezone(self.zone).date()

    @property
    def decided_on(self) -> date | None:
        """Return the day, in the office, on which it was decided."""
        decision = self.review.decision
        return decision.at.astimezone(self.zone).date() if decision else None

    @property
    def outcomes(self) -> list[tuple[str, str]]:
        """Return the two outcomes, each with what it is called."""
        return [(outcome.value, _(words)) for outcome, words in choice_words(self.review).items()]

    @property
    def month_days(self) -> tuple[date, date]:
        """Return the first and the last day of the month in question."""
        month, following = self.review.month, self.review.month.plus(1)
        last = date(following.year, following.number, 1) - timedelta(days=1)
        return date(month.year, month.number, 1), last

    def called(self, word: Word) -> str:
        """Return what the outcome that somebody wants is called."""
        return _(outcome_words(self.review)[word.outcome])


@reviews.get("")
def index() -> ResponseReturnValue:
    """List what waits, longest first, and what was decided last."""
    directory, codes = services().directory.current(), current_offices()
    with reading(services().engine) as session:
        waiting = stored.in_offices(session, codes, decided=False, limit=MOST)
        decided = stored.in_offices(session, codes, decided=True, limit=MOST)
    return render_template(
        "leaders/reviews.html",
        waiting=[_question(review, directory) for review in waiting],
        decided=[_question(review, directory) for review in decided],
    )


@reviews.get("/<id:number>")
def show(number: int) -> ResponseReturnValue:
    """Show one question; one about an office that the account may not see does not exist."""
    review = _known(number)
    proposed = review.proposal is not None and review.proposal.outcome is Outcome.SET_ASIDE
    first, last = (review.proposed_days if proposed else review.days) or (None, None)
    return _page(
        review, blank(first_day=first, last_day=last), saved=_saved(review) if "saved" in request.args else ""
    )


@reviews.post("/<id:number>")
def say(number: int) -> ResponseReturnValue:
    """Propose or decide."""
    review = _known(number)
    form = read_form(DecisionFacts)
    if form.value is None:
        return _page(review, form), 400
    days = form.value.days if review.ground is Ground.OBJECTION and not review.about_comment else None
    if days and not all((day.year, day.month) == (review.month.year, review.month.number) for day in days):
        return _page(review, form.refused("first_day", OUTSIDE, month=month_name(review.month))), 400
    if request.form.get("_seen") != _mark(review):
        return _page(review, form.with_notice(PROPOSED)), 409
    try:
        said = Said(form.value.outcome, form.value.reason, review, days)
        deciding.say(number, said, current_actor(), services())
    except ProposedMeanwhile:
        return _page(_known(number), form.with_notice(PROPOSED)), 409
    except AlreadyDecided:
        return _page(_known(number), form.with_notice(DECIDED)), 409
    except OwnObjection:
        return _page(review, form.with_notice(OWN)), 403
    except TooFew:
        objected = review.ground is Ground.OBJECTION
        return _page(review, form.refused("first_day", TOO_FEW) if objected else form.with_notice(TOO_FEW_LEFT)), 400
    return redirect(url_for("reviews.show", number=number, saved=1))


def _known(number: int) -> Review:
    with reading(services().engine) as session:
        review = stored.review(session, number)
    if review is None:
        abort(404)
    office_in_sight(review.office)
    return review


def _page(review: Review, form: Form[Any], saved: str = "") -> str:
    return render_template(
        "leaders/review.html",
        question=_question(review, services().directory.current()),
        form=form,
        seen=_mark(review),
        own=current_account().username,
        people=_people(review),
        saved=saved,
    )


def _saved(review: Review) -> str:
    """Return what to say to somebody who has just sent their word."""
    own = current_account().username
    if review.decision:
        return _(DECISION_SAVED) if review.decision.by == own else ""
    return _(PROPOSAL_SAVED) if review.proposal and review.proposal.by == own else ""


def _people(review: Review) -> dict[str, str]:
    """Return who has said something, by user name: as people know them, and in which role."""
    names = {word.by for word in (review.proposal, review.decision) if word}
    with reading(services().engine) as session:
        accounts = [account_of(session, name) for name in sorted(names)]
    return {known.username: f"{known.name}, {role_name(known.role)}" for known in accounts if known}


def _question(review: Review, directory: Directory) -> Question:
    office, words = directory.offices[review.office], GROUNDS[review.ground]
    officer = directory.officers.get(review.officer)
    name = officer.name if officer else review.officer
    return Question(
        review, name, office.name, _(words.title), seen_words(review, office.timezone), _(words.why),
        named_words(review), proposed_words(review), _comments(review), office.timezone,
    )  # fmt: skip


def _comments(review: Review) -> list[str]:
    """Return what an objection to a comment is about, for those who decide; an auditor reads no comment."""
    if not review.about_comment or current_role() is Role.AUDITOR:
        return []
    with reading(services().engine) as session:
        return sorted({without_contacts(comment) for comment in comments_about(session, review.id)})


def _mark(review: Review) -> str:
    """Return a mark of what it is about and was proposed last: a form carries it to tell what its reader saw."""
    said = "" if review.proposal is None else f"{review.proposal.by} {review.proposal.at.isoformat()}"
    return f"{review.count} {said}"
