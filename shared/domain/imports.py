"""Files that bring in what an office already has: their kinds, and how far one has come."""

from enum import StrEnum


class ImportKind(StrEnum):
    """What a file brings in."""

    OFFICERS = "officers"
    ROSTER = "roster"
    RATINGS = "ratings"
    GUARDIANS = "guardians"

    @property
    def renews(self) -> bool:
        """Say whether what is known already goes in again: for how long no list has named a guardian is counted."""
        return self is ImportKind.GUARDIANS

    @property
    def may_be_undone(self) -> bool:
        """Say whether an import of it can be taken back; what that takes would keep who the guardians are."""
        return self is not ImportKind.GUARDIANS


class ImportState(StrEnum):
    """How far an import has come."""

    UPLOADED = "uploaded"
    """handed in, being checked"""
    CHECKED = "checked"
    """waiting for somebody to start it or leave it"""
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


WORKED_ON = (ImportState.UPLOADED, ImportState.RUNNING, ImportState.UNDOING)
"""The states in which a worker takes an import further."""
