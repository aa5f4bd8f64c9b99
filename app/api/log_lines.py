"""Lines of the log: JSON for machines, plain text for a terminal, and in both nothing that people sent.

The text of an error may quote a row or a request: lines tell its kind and where it happened instead.
"""

from __future__ import annotations

import logging
import sys
import traceback
from datetime import UTC, datetime
from enum import StrEnum
from types import TracebackType
from typing import Any

import orjson

from app.api.request_log import current_request_id

MOST_FRAMES = 12
ALREADY_TOLD = "Exception in ASGI application"


class LogForm(StrEnum):
    """How lines of the log are written."""

    JSON = "json"
    TEXT = "text"


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, request, and the error without its text."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        number = current_request_id()
        if number:
            line["request_id"] = number
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = kinds_of(record.exc_info[1])
            line["where"] = places_of(record.exc_info[2])
        return orjson.dumps(line, default=str).decode()


class TextLines(logging.Formatter):
    """The same for people: a line, then where an error happened."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as text."""
        parts = [f"{record.levelname:<8}", current_request_id()[:8], record.getMessage()]
        text = " ".join(part for part in parts if part)
        if record.exc_info and record.exc_info[1] is not None:
            places = "".join(f"\n    {place}" for place in places_of(record.exc_info[2]))
            text += f"\n  {' < '.join(kinds_of(record.exc_info[1]))}{places}"
        return text


def kinds_of(error: BaseException) -> list[str]:
    """Return the class of an error and of those that led to it."""
    found: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(found) < MOST_FRAMES:
        found.append(f"{type(cause).__module__}.{type(cause).__qualname__}".removeprefix("builtins."))
        cause = cause.__cause__ or cause.__context__
    return found


def places_of(trace: TracebackType | None) -> list[str]:
    """Return the last calls that led to an error, by module and line."""
    frames = list(traceback.walk_tb(trace))[-MOST_FRAMES:]
    return [f"{frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_name}" for frame, line in frames]


class NotTwice(logging.Filter):
    """Drops what the server says again of an error that the application has told."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is kept."""
        return not record.getMessage().startswith(ALREADY_TOLD)


def log_config(form: LogForm | None = None, level: str = "INFO") -> dict[str, Any]:
    """Return the configuration of ``logging``, for each process of the server.

    Parameters
    ----------
    form
        None: text on a terminal, JSON anywhere else.
    """
    chosen = form or (LogForm.TEXT if sys.stderr.isatty() else LogForm.JSON)
    lines = JsonLines if chosen is LogForm.JSON else TextLines
    quiet = {"level": "WARNING", "handlers": [], "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": f"{lines.__module__}.{lines.__qualname__}"}},
        "filters": {"not_twice": {"()": f"{NotTwice.__module__}.{NotTwice.__qualname__}"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["not_twice"]}
        },
        "root": {"level": level, "handlers": ["stderr"]},
        # Ours tells more of a request, and less of what it asked.
        "loggers": {"uvicorn.access": quiet},
    }
