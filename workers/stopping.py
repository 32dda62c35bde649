"""Being told to stop, by a signal, at any moment."""

import signal
import threading
from collections.abc import Collection
from typing import Final

TOLD: Final = (signal.SIGTERM, signal.SIGINT)


class Stopping(threading.Event):
    """An event that is set by the first of some signals, and knows by which.

    A thread waits for them: an event that is set inside a signal handler waits for itself for ever when the signal
    comes while its lock is held. Begin it before any other thread, which would be ended by the signal.
    """

    by: signal.Signals | None = None

    def __init__(self, signals: Collection[signal.Signals] = TOLD) -> None:
        super().__init__()
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        threading.Thread(target=self._wait_for, args=(signals,), daemon=True, name="signals").start()

    def _wait_for(self, signals: Collection[signal.Signals]) -> None:
        self.by = signal.Signals(signal.sigwait(signals))
        self.set()
