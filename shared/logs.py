"""Logs as one JSON object a line: a fixed event name, facts as fields, the rating's id to follow it by."""

import logging
import sys
from contextlib import suppress
from typing import Any, TextIO, cast

from shared.json import written

# structlog loads rich, wherever it is installed, for coloured lines that are not ours: 17 MB over all processes.
_rich = sys.modules.get("rich")
sys.modules["rich"] = cast(Any, _rich)  # None: as if it were not there
import structlog  # noqa: E402

if _rich is None:
    del sys.modules["rich"]


class _Unfailing:
    """A stream whose full disk or closed pipe stops no rating: what cannot be logged is not logged."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        """Write, or not."""
        with suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        """Flush, or not."""
        with suppress(OSError, ValueError):
            self._stream.flush()


def _line(event: dict[str, Any], **_options: Any) -> str:
    return written(event)


def configure_logs(level: str, output: TextIO | None = None) -> None:
    """Send this process's log lines, its libraries' warnings included, to `output` (standard output)."""
    stream = cast(TextIO, _Unfailing(output or sys.stdout))
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_line),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    renderer = structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_line),
        ],
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(renderer)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """Return the logger of one module."""
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger(module=name)
    return bound
