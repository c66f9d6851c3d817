"""Structured logs on stderr; personal numbers and secrets are blotted out before they are written."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass

import structlog
from structlog.types import EventDict, WrappedLogger

from monitor.redaction import redact

_SECRET_KEYS = frozenset({"password", "token", "secret", "authorization", "cookie", "nip", "nik", "identifier"})


def _redact_event(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if key in _SECRET_KEYS:
            event[key] = "[disembunyikan]"
        elif isinstance(value, str):
            event[key] = redact(value)
    return event


@dataclass(slots=True)
class Lost:
    """How many lines of this process could not be written and were not told of yet."""

    lines: int = 0

    def told(self, lines: int) -> None:
        """Count so many as told of."""
        self.lines -= lines


LOST = Lost()


class _Stderr:
    """Writes lines to whatever standard error is at that moment, since one that was captured may be closed by then.

    A disk that takes no more lines, or a reader that went away, ends no work: what is lost is counted in `LOST`.
    """

    def __init__(self, *_names: str) -> None:
        """Take the names that structlog gives; lines do not need them."""

    def msg(self, message: str) -> None:
        """Write one line."""
        try:
            print(message, file=sys.stderr, flush=True)
        except OSError:
            LOST.lines += 1

    log = debug = info = warning = error = critical = exception = fatal = msg


def _console() -> structlog.dev.ConsoleRenderer:
    """Return short lines for people; tracebacks without local values, which may be personal data."""
    plain = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)


def configure(*, json: bool, verbose: bool = False, quiet: bool = False) -> None:
    """Set up structlog once for the process: JSON lines for machines, short lines for people.

    With `quiet` people are told of warnings and errors only; JSON lines are whole in any case.
    """
    level = logging.DEBUG if verbose else logging.WARNING if quiet and not json else logging.INFO
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _redact_event,
            structlog.processors.JSONRenderer() if json else _console(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_Stderr,
        cache_logger_on_first_use=True,
    )
