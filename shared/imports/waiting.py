"""The ratings an import has had accepted, and whether they are recorded."""

import time
from collections import deque
from typing import Final
from uuid import UUID

from shared.db import engine
from shared.db.ratings import recorded_among
from shared.imports.runs import Progress, Stage
from shared.services import Services

POLL_SECONDS: Final = 0.1
PATIENCE_SECONDS = 20.0
"""For how long nothing may be recorded before the import stops waiting for the recorder."""


class Waiting:
    """The accepted ratings that are not recorded yet, in the order of their acceptance."""

    def __init__(self, services: Services) -> None:
        self.accepted = self.known = 0
        self._services = services
        self._batches: deque[list[UUID]] = deque()
        self._behind = 0

    def add(self, ids: list[UUID], adopted: int) -> None:
        """Remember a batch about to be accepted, and how many of it were recorded and counted before."""
        self._recorded()
        self.known += self._recorded_among(ids) - adopted
        self.accepted += len(ids)
        self._batches.append(ids)

    def wait(self, progress: Progress) -> int:
        """Return 0 once all are recorded, or how many still wait after nothing was recorded for a while."""
        recorded, deadline = self._recorded(), time.monotonic() + PATIENCE_SECONDS
        while recorded < self.accepted and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
            before, recorded = recorded, self._recorded()
            if recorded > before:
                deadline = time.monotonic() + PATIENCE_SECONDS
                progress(Stage.RECORDING, recorded, self.accepted)
        return self.accepted - recorded

    def _recorded(self) -> int:
        """Return how many are recorded; batches that are recorded whole are forgotten."""
        while self._batches:
            of_oldest = self._recorded_among(self._batches[0])
            if of_oldest < len(self._batches[0]):
                return self._behind + of_oldest
            self._behind += of_oldest
            self._batches.popleft()
        return self._behind

    def _recorded_among(self, ids: list[UUID]) -> int:
        with engine.reading(self._services.engine) as session:
            return recorded_among(session, ids)
