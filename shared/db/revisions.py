"""A revision of a closed month, what its group was scored with, and both as rows keep them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from shared.db.closing_tables import ScoreRevisionRow
from shared.db.scores import counts_of, tally_from
from shared.domain.m1 import Level, Offset, Parameters, Score, Status
from shared.domain.months import Month
from shared.domain.people import Group, OfficeKind
from shared.domain.ratings import Channel
from shared.domain.results import Result, Spread, Window
from shared.domain.scoring import RevisionReason, Tally
from shared.domain.screening import SetAside


@dataclass(frozen=True, slots=True)
class Published:
    """What a group's month was scored with, how its indices lie, and the number under which it was published.

    `levels` says where the group stood over the month's semester and year up to it; months closed before these were
    reported have none.
    """

    revision: int
    parameters: Parameters
    spread: Spread | None = None
    levels: Mapping[str, Level | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision of an officer's closed month: the result, what does not count, and when and why it was made.

    `left_out` is what was answered in the ratings set aside; None where it was made before that was kept.
    """

    officer: str
    month: Month
    revision: int
    group: Group
    parameters_revision: int
    result: Result
    set_aside: dict[SetAside, int]
    left_out: Tally | None
    method: str
    reason: RevisionReason
    made_at: datetime

    @property
    def tally(self) -> Tally:
        """Return the answers over all channels."""
        return self.result.tally


CHANNELS: Final = {channel.value: channel for channel in Channel}
TAKES_IN: Final = frozenset({RevisionReason.CLOSING, RevisionReason.LATE_ARRIVALS})
"""Why a revision takes ratings in; one that follows from a decision only leaves some out."""


def taken_in_at(revisions: Sequence[Revision]) -> datetime:
    """Return the moment up to which ratings were recorded that these revisions of a month are made of.

    A few that arrived since would show as the difference between two revisions: they wait for the 20th.
    """
    return max(one.made_at for one in revisions if one.reason in TAKES_IN)


def row_of(revision: Revision) -> dict[str, Any]:
    """Return a revision as its row's columns."""
    score, window = revision.result.score, revision.result.window
    return {
        "officer_code": revision.officer,
        "month": str(revision.month),
        "revision": revision.revision,
        "region_code": revision.group.region,
        "kind": revision.group.kind.value,
        "parameters_revision": revision.parameters_revision,
        **counts_of(revision.tally),
        "channels": {channel.value: list(part.counts) for channel, part in sorted(revision.result.channels.items())},
        "set_aside": {reason.value: count for reason, count in sorted(revision.set_aside.items())} or None,
        "left_out": list(revision.left_out.counts) if revision.left_out else None,
        "mean": score.mean,
        **_figures(score),
        "adjusted_index": score.index,
        "status": score.status.value,
        "needed": score.needed,
        "method": revision.method,
        "window_score": None if window is None else _written_window(window),
        "reason": revision.reason.value,
        "made_at": revision.made_at,
    }


def _figures(score: Score) -> dict[str, Any]:
    return {"reliability": score.reliability, "low": score.low, "high": score.high}


def _written_window(window: Window) -> dict[str, Any]:
    score = window.score
    known = {"months": window.months, "count": window.count, "mean": score.mean, "index": score.index}
    return {**known, **_figures(score), "status": score.status.value}


def _window(written: dict[str, Any]) -> Window:
    score = Score(
        written["mean"], written["reliability"], written["index"], written["low"], written["high"],
        Status(written["status"]),
    )  # fmt: skip
    return Window(written["months"], written["count"], score)


def revision_from(row: ScoreRevisionRow) -> Revision:
    """Return a revision as it stands in its row."""
    score = Score(row.mean, row.reliability, row.adjusted_index, row.low, row.high, Status(row.status), row.needed)
    window = None if row.window_score is None else _window(row.window_score)
    return Revision(
        row.officer_code,
        Month.parse(row.month),
        row.revision,
        Group(row.region_code, OfficeKind(row.kind)),
        row.parameters_revision,
        Result(channels_from(row.channels), score, window),
        set_aside_from(row.set_aside or {}),
        tally_from(row.left_out),
        row.method,
        RevisionReason(row.reason),
        row.made_at,
    )


def channels_from(written: Mapping[str, list[int]]) -> dict[Channel, Tally]:
    """Return tallies by channel as they stand in a row."""
    return {CHANNELS[channel]: Tally(*counts) for channel, counts in written.items()}


def set_aside_from(written: Mapping[str, int]) -> dict[SetAside, int]:
    """Return how many are set aside, by reason, as it stands in a row."""
    return {SetAside(reason): count for reason, count in written.items()}


def parameters_written(parameters: Parameters) -> dict[str, Any]:
    """Return parameters as a row keeps them."""
    return {
        "offsets": {channel.value: [offset.delta, offset.error] for channel, offset in parameters.offsets.items()},
        "sigma2": parameters.sigma2,
        "freedom": parameters.freedom,
        "tau2": parameters.tau2,
        "level": parameters.level and asdict(parameters.level),
    }


def parameters_from(written: dict[str, Any]) -> Parameters:
    """Return parameters as they stand in a row."""
    return Parameters(
        {Channel(channel): Offset(*offset) for channel, offset in written["offsets"].items()},
        written["sigma2"],
        written["freedom"],
        written["tau2"],
        _level(written["level"]),
    )


def levels_written(levels: Mapping[str, Level | None]) -> dict[str, Any]:
    """Return levels as a row keeps them beside its parameters."""
    return {"levels": {period: level and asdict(level) for period, level in levels.items()}}


def levels_from(written: dict[str, Any]) -> dict[str, Level | None]:
    """Return levels as they stand in a row."""
    return {period: _level(level) for period, level in written.get("levels", {}).items()}


def _level(written: dict[str, Any] | None) -> Level | None:
    return None if written is None else Level(**written)
