"""What reviews are called and why there are any, in the words of a page; for officers and for those who decide."""

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.localisation import _, span, whole
from shared.domain.reviews import Ground, Outcome, Review
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
OF_OBJECTIONS: Final[dict[Outcome, str]] = {
    Outcome.STANDS: mark("The objection is rejected, the score stays"),
    Outcome.SET_ASIDE: mark("The objection is granted, the ratings of those days are set aside"),
}


def seen_words(review: Review, zone: ZoneInfo) -> str:
    """Tell what was seen: how many ratings, at which screen, on which days in the office."""
    words, place = GROUNDS[review.ground].seen, review.place
    if place is None:
        return _(words)
    days = span(place.first.astimezone(zone).date(), place.last.astimezone(zone).date())
    return _(words, count=whole(review.count), kiosk=place.name, days=days)


def outcome_words(ground: Ground) -> dict[Outcome, str]:
    """Return what the two outcomes of such a review are called."""
    return OF_OBJECTIONS if ground is Ground.OBJECTION else OUTCOMES
