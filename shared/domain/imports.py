"""Files that bring in what an office already has: their kinds, and how far one has come."""

from enum import StrEnum


class ImportKind(StrEnum):
    """What a file brings in."""

    OFFICERS = "officers"
    ROSTER = "roster"
    RATINGS = "ratings"


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
