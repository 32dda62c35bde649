"""What reviews are called and why there are any, in the words of a page; for officers and for those who decide."""

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.localisation import _, span, whole
from shared.domain.reviews import Days, Ground, Outcome, Review
from shared.i18n import mark


@dataclass(frozen=True, slots=True)
class GroundWords:
    """What a ground is called, what was seen, and why it makes us look."""

    title: str
    seen: str
    why: str


GROUNDS: Final[dict[Ground, GroundWords]] = {
    Ground.BURST: GroundWords(
        mark("Very many ratings in a short time"),
        mark("{count} ratings came from the screen “{kiosk}” {days}, thirty or more of them within one hour."),
        mark(
            "A visit to a counter takes longer than two minutes, so hardly thirty people are served in an hour. More"
            " presses than that can be one person pressing again and again."
        ),
    ),
    Ground.ONE_ANSWER: GroundWords(
        mark("The same answer many times in a row"),
        mark("{count} ratings in a row from the screen “{kiosk}” gave the same answer {days}; the others vary."),
        mark("By chance a row gets as long as this in fewer than one month of a thousand."),
    ),
    Ground.REGULAR: GroundWords(
        mark("Ratings as regular as a clock"),
        mark("{count} ratings came from the screen “{kiosk}” {days}, with almost the same time between them."),
        mark(
            "People come irregularly. Where the times between them differ by less than a fifth, one hand may have"
            " pressed."
        ),
    ),
    Ground.ONE_KIOSK: GroundWords(
        mark("One screen differs from all others"),
        mark("The {count} ratings from the screen “{kiosk}” {days} differ much from those of the other screens."),
        mark("So large a difference comes by chance in one comparison of 15,000."),
    ),
    Ground.OBJECTION: GroundWords(
        mark("Objection of the officer"),
        mark("The officer objects to the score of this month."),
        mark("Whoever is scored may object within 14 days (PP 30/2019)."),
    ),
}
OUTCOMES: Final[dict[Outcome, str]] = {
    Outcome.STANDS: mark("The ratings count"),
    Outcome.SET_ASIDE: mark("The ratings are set aside"),
}
IN_GENERAL: Final[dict[str, str]] = {
    Outcome.STANDS.value: mark("nothing is set aside"),
    Outcome.SET_ASIDE.value: mark("what is in question is set aside"),
}
"""In words that fit a sign as well as an objection, where nothing says which it is."""
OF_DAYS: Final[dict[Outcome, str]] = {
    Outcome.STANDS: mark("The objection is rejected, the score stays"),
    Outcome.SET_ASIDE: mark("The objection is granted, the ratings of those days are set aside"),
}
OF_MONTHS: Final[dict[Outcome, str]] = {
    **OF_DAYS,
    Outcome.SET_ASIDE: mark("The objection is granted, all ratings of the month are set aside"),
}
TO_CHOOSE: Final[dict[Outcome, str]] = {
    **OF_DAYS,
    Outcome.SET_ASIDE: mark("The objection is granted, the ratings chosen below are set aside"),
}
OF_COMMENTS: Final[dict[Outcome, str]] = {
    Outcome.STANDS: mark("The objection is rejected, the comment stays"),
    Outcome.SET_ASIDE: mark("The objection is granted, the comment is shown no more"),
}
TO_A_COMMENT: Final = mark("The officer objects to what somebody has written.")


def seen_words(review: Review, zone: ZoneInfo) -> str:
    """Tell what was seen: how many ratings, at which screen, on which days in the office."""
    words, place = TO_A_COMMENT if review.about_comment else GROUNDS[review.ground].seen, review.place
    if place is None:
        return _(words)
    days = span(place.first.astimezone(zone).date(), place.last.astimezone(zone).date())
    return _(words, count=whole(review.count), kiosk=place.name, days=days)


def about_words(review: Review) -> str:
    """Tell what an objection is about: a comment, days, or the whole month."""
    if review.about_comment:
        return _(mark("It is about a comment."))
    if review.days:
        return _(mark("It is about the ratings {days}."), days=span(*review.days))
    return _(mark("It is about the whole month."))


def named_words(review: Review) -> str:
    """Tell those who decide which days the officer names, or that they name a comment."""
    if review.about_comment:
        return about_words(review)
    return _(mark("The officer names: {days}."), days=days_words(review.days))


def proposed_words(review: Review) -> str | None:
    """Tell the days whose ratings are proposed to be set aside; None where nothing like it is proposed."""
    proposal = review.proposal
    of_days = review.ground is Ground.OBJECTION and not review.about_comment
    if proposal is None or proposal.outcome is not Outcome.SET_ASIDE or not of_days:
        return None
    days = days_words(review.proposed_days)
    return _(mark("Proposed to set aside: {days}. These are five ratings or more."), days=days)


def days_words(days: Days | None) -> str:
    """Write days, or that it is the whole month."""
    return span(*days) if days else _(mark("the whole month"))


def outcome_words(review: Review) -> dict[Outcome, str]:
    """Return what the two outcomes are called that somebody has said of such a review."""
    if review.about_comment:
        return OF_COMMENTS
    if review.ground is not Ground.OBJECTION:
        return OUTCOMES
    return OF_DAYS if review.proposed_days else OF_MONTHS


def choice_words(review: Review) -> dict[Outcome, str]:
    """Return what the two outcomes are called for somebody who is to choose one."""
    by_days = review.ground is Ground.OBJECTION and not review.about_comment
    return TO_CHOOSE if by_days else outcome_words(review)
