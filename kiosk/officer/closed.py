"""A closed month as its officer reads it: the score with its interval, what did not count, and the sum in figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shared.closing import published_for, revisions_of
from shared.db.revisions import Published, Revision
from shared.domain.m1 import Status
from shared.domain.months import Month
from shared.domain.ratings import Channel
from shared.domain.results import Spread
from shared.domain.scoring import RevisionReason, Tally, raw_index
from shared.domain.screening import SetAside
from shared.i18n import mark
from shared.privacy import MINIMUM_RATINGS, effect_told, shown
from shared.services import Services
from shared.standings import ShownMonth

FEWEST_IN_GROUP: Final = 5
"""In a smaller group its figures would tell what a single colleague was given."""
REASONS: Final[dict[SetAside, str]] = {
    SetAside.WITHDRAWN: mark("withdrawn: an import was undone, or two people have decided so"),
    SetAside.UNCONFIRMED: mark("imported, and not yet approved by a second person"),
    SetAside.STALE: mark("arrived more than 45 days after they were given"),
    SetAside.LATE: mark("arrived after the month was looked at for the last time"),
    SetAside.OWN_PHONE: mark("sent from a phone of the office’s own staff"),
    SetAside.REPEAT_PRESS: mark("pressed sooner after the one before than the screen allows (usually 10 seconds)"),
    SetAside.OFF_DUTY: mark("given at a counter where the officer was not on duty at that time"),
    SetAside.SUPERSEDED: mark("followed by a later rating of the same person"),
}
CHANNELS: Final[dict[Channel, str]] = {
    Channel.KIOSK: mark("Screen at the counter"),
    Channel.SMS: mark("SMS"),
    Channel.WHATSAPP: mark("WhatsApp"),
    Channel.LINK: mark("Link"),
    Channel.PAPER: mark("Paper form"),
}


WHY_REVISED: Final[dict[RevisionReason, str]] = {
    RevisionReason.CLOSING: mark("the month was closed"),
    RevisionReason.LATE_ARRIVALS: mark("ratings that arrived late were taken in"),
    RevisionReason.REVIEW: mark("people looked into the ratings"),
    RevisionReason.OBJECTION: mark("your objection was granted"),
}

ABOVE: Final = mark("Your score lies above the middle.")
BELOW: Final = mark("Your score lies below the middle.")
AMID: Final = mark("The middle lies within your interval: your score cannot be told from that of colleagues there.")


@dataclass(frozen=True, slots=True)
class Figures:
    """An index with the ends of its interval, in hundredths, and the number of ratings it is from."""

    index: int
    low: int
    high: int
    count: int


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """How many ratings came one way, and by how much each answer (1 to 4) is moved to be like the kiosk's."""

    name: str
    count: int
    moved: float


@dataclass(frozen=True, slots=True)
class Sum:
    """The figures with which the index and its interval can be redone: answers from 1 to 4, R from 0 to 1.

    `tau2`, `sigma2` and `weight`, that of the group's mean, are what was published when the month was scored.
    """

    mean: float
    group_mean: float
    officers: int
    reliability: float
    count: int
    tau2: float
    sigma2: float
    weight: float


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """A revision before the latest: its number, when and why it was made, and the score there was to see."""

    number: int
    made_at: datetime
    why: str
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """The latest of a month's revisions, in the pieces its page is made of."""

    revisions: Sequence[Revision]
    published: Published
    months: Sequence[ShownMonth]
    demo: bool

    @property
    def revision(self) -> Revision:
        """Return the latest revision."""
        return self.revisions[-1]

    @property
    def status(self) -> str:
        """Return final, provisional or insufficient."""
        return self.revision.result.score.status.value

    @property
    def figures(self) -> Figures | None:
        """Return the index with its interval; None where ratings are too few to say it."""
        return figures_of(self.revision)

    @property
    def objected(self) -> bool:
        """Say whether the latest revision is because of an objection."""
        return self.revision.reason is RevisionReason.OBJECTION

    @property
    def earlier(self) -> list[EarlierLine]:
        """Return the revisions before the latest, the first one first; of each what its officer could see then."""
        return [
            EarlierLine(
                one.revision, one.made_at, WHY_REVISED[one.reason], figures_of(one) if shown(one.tally) else None
            )
            for one in self.revisions[:-1]
        ]

    @property
    def grade(self) -> str | None:
        """Return the grade; only a final score has one."""
        grade = self.revision.result.score.grade
        return grade.value if grade else None

    @property
    def why_revised(self) -> str:
        """Return why this revision was made."""
        return WHY_REVISED[self.revision.reason]

    @property
    def needed(self) -> int | None:
        """Return how many more ratings would have made it final; None when it is."""
        return self.revision.result.score.needed

    @property
    def window(self) -> tuple[Month, Figures] | None:
        """Return the score over several months and the first of them; None where this month alone says enough."""
        window = self.revision.result.window
        if window is None or window.score.index is None or window.score.low is None or window.score.high is None:
            return None
        first = self.revision.month.plus(1 - window.months)
        # What it is from must all be seen already: minus the months one sees, it would tell of those one does not.
        seen = sum(month.tally.count for month in self._between(first) if month.tally)
        if seen != window.count and not self.demo:
            return None
        return first, Figures(window.score.index, window.score.low, window.score.high, window.count)

    @property
    def aside(self) -> list[tuple[str, int]]:
        """Return why ratings did not count, and how many each time; of phones that are known only from five on.

        Of fewer it would say whether the owner of one of them rated, also where it is registered for somebody else.
        """
        aside = sorted(self.revision.set_aside.items())
        told = [one for one in aside if one[0] is not SetAside.OWN_PHONE or one[1] >= MINIMUM_RATINGS]
        return [(REASONS[reason], count) for reason, count in told]

    @property
    def effect_of_aside(self) -> tuple[int, int] | None:
        """Return the raw index as it is and if those counted too, in hundredths; None where that may not be told."""
        left_out = self.revision.left_out
        if left_out is None or not effect_told(revision.left_out for revision in self.revisions):
            return None
        raw, with_all = raw_index(self.revision.tally), raw_index(self.revision.tally + left_out)
        return None if raw is None or with_all is None else (raw, with_all)

    @property
    def channels(self) -> list[ChannelLine]:
        """Return the ways ratings came in, when each brought enough that nobody stands alone in it."""
        channels = self.revision.result.channels
        if self._small or any(tally.count < MINIMUM_RATINGS for tally in channels.values()):
            return []
        return [
            ChannelLine(CHANNELS[channel], tally.count, self._moved(channel))
            for channel, tally in sorted(channels.items(), key=_most_first)
        ]

    @property
    def sum(self) -> Sum | None:
        """Return what the index can be redone with; None in a group so small that it would tell of a colleague."""
        score, parameters = self.revision.result.score, self.published.parameters
        level = parameters.level
        if level is None or score.mean is None or score.reliability is None or self._small:
            return None
        return Sum(
            score.mean, level.mean, level.officers, score.reliability,
            self.revision.tally.count, parameters.tau2, parameters.sigma2, level.weight,
        )  # fmt: skip

    @property
    def beside_the_group(self) -> tuple[Spread, str] | None:
        """Return how the group's indices lie, and what the interval says beside its middle; None in small groups."""
        figures, spread = self.figures, self.published.spread
        if figures is None or spread is None:
            return None
        if figures.low > spread.middle:
            return spread, ABOVE
        return spread, BELOW if figures.high < spread.middle else AMID

    @property
    def adjusted(self) -> bool:
        """Say whether the mean was adjusted for the channel."""
        return any(self._moved(channel) for channel in self.revision.result.channels)

    @property
    def _small(self) -> bool:
        level = self.published.parameters.level
        return not self.demo and (level is None or level.officers < FEWEST_IN_GROUP)

    def _between(self, first: Month) -> Iterator[ShownMonth]:
        return (one for one in self.months if first <= one.month <= self.revision.month)

    def _moved(self, channel: Channel) -> float:
        offset = self.published.parameters.offsets.get(channel)
        return -offset.delta if offset else 0.0


def closed_month(
    officer: str, month: Month, months: Sequence[ShownMonth], demo: bool, services: Services
) -> ClosedMonth:
    """Return a closed month beside the months its officer sees; in a demo nobody can be recognised."""
    revisions = revisions_of(officer, month, services)
    return ClosedMonth(revisions, published_for(revisions[-1], services), months, demo)


def figures_of(revision: Revision) -> Figures | None:
    """Return the index of a revision with its interval; None where its ratings are too few to say it."""
    score = revision.result.score
    if score.status is Status.INSUFFICIENT or score.index is None or score.low is None or score.high is None:
        return None
    return Figures(score.index, score.low, score.high, revision.tally.count)


def _most_first(channel: tuple[Channel, Tally]) -> tuple[int, str]:
    return -channel[1].count, channel[0].value
