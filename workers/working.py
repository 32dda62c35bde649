"""Workers side by side: one process a queue, which share what all of them have loaded, and the clock beside them."""

import ctypes
import gc
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

from rq import SimpleWorker
from sqlalchemy.orm import configure_mappers

from shared import stream
from shared.settings import Settings
from workers import clock
from workers.queues import JOBS, SERIALIZER, QueueName, queue
from workers.stopping import TOLD, Stopping

PR_SET_PDEATHSIG: Final = 1
SIGNALS: Final = (*TOLD, signal.SIGCHLD)


def work(names: Sequence[QueueName], settings: Settings, redis_timeout: float, *, ticking: bool) -> int:
    """Work off each queue in a process of its own until told to stop; return 1 when one of them ends by itself.

    Whoever watches us starts all of them again then. `ticking`: be the clock meanwhile.
    """
    for name in names:
        import_module(JOBS[name])
    configure_mappers()  # else each does it for itself with its first query
    gc.collect()
    gc.freeze()  # what is never looked through again stays shared
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # what comes before we listen is kept
    children = [_forked(name, settings, redis_timeout) for name in names]
    stopping = Stopping(SIGNALS)
    if ticking:
        clock.run(stream.connect(settings.redis_address, redis_timeout), stopping)
    stopping.wait()
    for child in children:
        os.kill(child, signal.SIGTERM)
    for child in children:
        os.waitpid(child, 0)
    return 0 if stopping.by in TOLD else 1


def _forked(name: QueueName, settings: Settings, redis_timeout: float) -> int:
    """Start a worker and return its process id."""
    child = os.fork()
    if child:
        return child
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        _work_off(name, settings, redis_timeout)
    finally:
        os._exit(0)  # nothing of the parent's is to be cleared up twice


class _Worker(SimpleWorker):
    """A worker without a fork per job (196 instead of 42 jobs/s), and without a thread that listens for commands.

    Nobody gives it any. A job that kills its process is seen to by the supervisor.
    """

    def subscribe(self) -> None:
        pass


def _work_off(name: QueueName, settings: Settings, redis_timeout: float) -> None:
    if sys.platform == "linux":  # elsewhere, whoever watches us ends the whole group
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    redis = stream.connect(settings.redis_address, redis_timeout)
    worker = _Worker(
        [queue(name, redis)],
        connection=redis,
        serializer=SERIALIZER,
        worker_ttl=20,
        maintenance_interval=5,
        job_monitoring_interval=5,
    )
    worker.log_result_lifespan = False
    worker.work(logging_level="WARNING", with_scheduler=False)
