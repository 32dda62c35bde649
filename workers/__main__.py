"""`python -m workers recorder | [clock] [QUEUE ...]`: one process of the Procfile."""

import sys

from shared import stream
from shared.logs import configure_logs
from shared.settings import Settings, SettingsInvalid
from workers.queues import QueueName
from workers.stopping import Stopping

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
    # Each process loads what it needs and no more: together they run on one small computer.
    names = list(dict.fromkeys(arguments))
    match names:
        case ["recorder"]:
            from shared.services import Services
            from workers import recorder

            stopping = Stopping()
            recorder.run(Services.of(settings, redis_timeout=REDIS_TIMEOUT), stopping)
        case ["clock"]:
            from workers import clock

            stopping = Stopping()
            clock.run(stream.connect(settings.redis_address, REDIS_TIMEOUT), stopping)
        case [_, *_] if set(names) <= {"clock", *QueueName}:
            from workers import working

            queues = [QueueName(name) for name in names if name != "clock"]
            return working.work(queues, settings, REDIS_TIMEOUT, ticking="clock" in names)
        case _:
            print(f"usage: python -m workers recorder | [clock] [{'] ['.join(QueueName)}]", file=sys.stderr)  # noqa: T201
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
