"""`python -m workers recorder | clock | QUEUE`: one process of the Procfile."""

import signal
import sys
import threading
from types import FrameType

from redis import Redis

from shared import stream
from shared.logs import configure_logs
from shared.settings import Settings, SettingsInvalid
from workers.queues import QueueName

REDIS_TIMEOUT = 30.0
"""Seconds a background process waits for Redis; it has nobody standing in front of it."""


def main(arguments: list[str]) -> int:
    """Run the process that was asked for until it is told to stop; 2 when the name is none of ours."""
    try:
        settings = Settings.from_environment()
    except SettingsInvalid as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    configure_logs(settings.log_level)
    names = {"recorder", "clock", *QueueName}
    if len(arguments) != 1 or arguments[0] not in names:
        print(f"usage: python -m workers {' | '.join(sorted(names))}", file=sys.stderr)  # noqa: T201
        return 2
    _run(arguments[0], settings)
    return 0


def _run(name: str, settings: Settings) -> None:
    # Each process loads what it needs and no more: together they run on one small computer.
    match name:
        case "recorder":
            from shared.services import Services
            from workers import recorder

            recorder.run(Services.of(settings, redis_timeout=REDIS_TIMEOUT), _stopped_by_signal())
        case "clock":
            from workers import clock

            clock.run(stream.connect(settings.redis_address, REDIS_TIMEOUT), _stopped_by_signal())
        case _:
            _work(QueueName(name), stream.connect(settings.redis_address, REDIS_TIMEOUT))


def _work(name: QueueName, redis: Redis) -> None:
    from rq import SimpleWorker

    from workers.queues import SERIALIZER, queue

    # Without a fork per job: 196 instead of 42 jobs/s; a job that kills its process is seen to by the supervisor.
    worker = SimpleWorker(
        [queue(name, redis)],
        connection=redis,
        serializer=SERIALIZER,
        worker_ttl=20,
        maintenance_interval=5,
        job_monitoring_interval=5,
    )
    worker.log_result_lifespan = False
    worker.work(logging_level="WARNING", with_scheduler=False)


def _stopped_by_signal() -> threading.Event:
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
