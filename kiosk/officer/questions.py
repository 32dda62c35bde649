"""What people look into about an officer's month, as its officer reads it; never who rated, nor at what hour."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kiosk.localisation import _
from kiosk.review_words import GROUNDS, about_words, outcome_words, seen_words
from shared.db import reviews as stored
from shared.db.engine import reading
from shared.domain.months import Month
from shared.domain.people import Officer
from shared.domain.reviews import Ground, Review, Word
from shared.reviews import tell
from shared.services import Services
from shared.standings import ShownMonth


@dataclass(frozen=True, slots=True)
class Question:
    """One review of the officer's month, in words; `outcome` is what was decided, None while it is open."""

    review: Review
    title: str
    seen: str
    why: str
    about: str
    outcome: str | None

    @property
    def own(self) -> bool:
        """Say whether it is the officer's own objection."""
        return self.review.ground is Ground.OBJECTION

    @property
    def proposal(self) -> Word | None:
        """Return what the first of the two said, where two have decided."""
        said, decided = self.review.proposal, self.review.decision
        agreed = said and decided and said.by != decided.by and said.outcome is decided.outcome
        return said if agreed else None


@dataclass(frozen=True, slots=True)
class News:
    """The latest month with a score that can still be objected to."""

    month: Month
    until: datetime


@dataclass(frozen=True, slots=True)
class Questions:
    """The reviews of one month, and until when the officer may object to it; None where there is no score yet."""

    lines: list[Question]
    until: datetime | None
    news: News | None
    now: datetime
    zone: ZoneInfo

    @property
    def last_day(self) -> date | None:
        """Return the last day, in the office, on which the officer may object."""
        return (self.until.astimezone(self.zone) - timedelta(seconds=1)).date() if self.until else None

    @property
    def objected(self) -> bool:
        """Say whether an objection of the officer was decided already."""
        return any(line.own and not line.review.open for line in self.lines)

    @property
    def objecting(self) -> bool:
        """Say whether the officer's objection waits for its decision."""
        return any(line.own and line.review.open for line in self.lines)

    @property
    def may_object(self) -> bool:
        """Say whether the officer may object now."""
        return self.until is not None and self.now < self.until and not self.objecting

    @property
    def suspected(self) -> bool:
        """Say whether a sign is looked into, so that the month cannot be final yet."""
        return any(not line.own and line.review.open for line in self.lines)


def questions_about(officer: Officer, months: list[ShownMonth], month: Month, services: Services) -> Questions:
    """Return what is asked about one month. From now on the officer is told of every score they see."""
    zone, now = services.directory.current().offices[officer.office].timezone, services.clock()
    with reading(services.engine) as session:
        reviews = stored.about(session, [officer.code], month)
    until = tell(officer, [shown.revision for shown in months if shown.revision], services)
    latest = max((known for known, end in until.items() if now < end), default=None)
    news = News(latest, until[latest]) if latest else None
    return Questions([_question(review, zone) for review in reviews], until.get(month), news, now, zone)


def _question(review: Review, zone: ZoneInfo) -> Question:
    words, said = GROUNDS[review.ground], review.decision
    outcome = _(outcome_words(review)[said.outcome]) if said else None
    return Question(review, _(words.title), seen_words(review, zone), _(words.why), about_words(review), outcome)
