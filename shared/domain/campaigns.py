"""Asking guardians once a month, or once a semester, about who teaches their children."""

import re
from datetime import date
from enum import StrEnum
from typing import Final

from shared.domain.months import Month
from shared.domain.periods import SEMESTER, Period

_SEMESTER: Final = re.compile(r"(\d{4})-S?([12])")


class CampaignState(StrEnum):
    """How far a campaign has come."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    """everybody's turn has come, or the period is over"""
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Say whether nobody is asked any more."""
        return self in {CampaignState.DONE, CampaignState.CANCELLED}


class CampaignProblem(StrEnum):
    """Why a campaign cannot be started or led on."""

    UNKNOWN_OFFICE = "unknown_office"
    NO_GUARDIANS = "no_guardians"
    NOT_NOW = "not_now"
    ASKED_ALREADY = "asked_already"
    UNKNOWN = "unknown"
    OVER = "over"


class CampaignRefused(Exception):
    """This campaign cannot be started or led on as was wished."""

    def __init__(self, problem: CampaignProblem, /, **facts: object) -> None:
        super().__init__(problem.value)
        self.problem, self.facts = problem, facts


def month_asked(text: str) -> Period:
    """Read a month, "2026-11"; raise ValueError for anything else."""
    month = Month.parse(text)
    return Period(month, month)


def semester_asked(text: str) -> Period:
    """Read a semester, "2026-2"; raise ValueError for anything else."""
    match = _SEMESTER.fullmatch(text)
    if match is None or not int(match[1]):
        raise ValueError(f"{text!r} is no semester; write it as 2026-1 or 2026-2.")
    return Period.around(Month(int(match[1]), 1 if match[2] == "1" else 7), SEMESTER)


def period_code(period: Period) -> str:
    """Return by what the period of a campaign is kept: 2026-11 or 2026-S2."""
    return str(period.first) if period.length == 1 else str(period)


def period_of(code: str) -> Period:
    """Return the period that is kept by this code."""
    return semester_asked(code) if "S" in code else month_asked(code)


def holds(period: Period, day: date) -> bool:
    """Say whether a day lies in a period."""
    return period.first <= Month(day.year, day.month) <= period.last


def overlap(one: Period, other: Period) -> bool:
    """Say whether two periods have a month in common."""
    return one.first <= other.last and other.first <= one.last
