"""The two forms of a line: text for people, JSON for programs."""

import logging
from datetime import UTC, datetime

from emulator.log.escape import escaped, escaped_in_json
from emulator.model.told import Told
from emulator.spec import jsontext


class TextForm(logging.Formatter):
    """Writes `2030-01-01T00:00:00.000Z INFO emulator.calls: …`.

    The lines of a traceback follow, each indented, so that none of them looks like a line of ours.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = f"{_moment(record)} {record.levelname} {record.name}: {escaped(record.getMessage())}"
        return "\n    ".join([line, *map(escaped, self._traceback(record).splitlines())])

    def _traceback(self, record: logging.LogRecord) -> str:
        return self.formatException(record.exc_info) if record.exc_info else ""


class JsonForm(TextForm):
    """Writes an object a line: `time`, `level`, `logger`, `message`, and the fields of what is
    told.
    """

    def format(self, record: logging.LogRecord) -> str:
        told = record.msg
        content = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **(told.fields() if isinstance(told, Told) else {}),
        }
        if traceback := self._traceback(record):
            content["traceback"] = traceback
        return escaped_in_json(jsontext.encode(content).decode())


def _moment(record: logging.LogRecord) -> str:
    """Return when it was, by the machine's clock: those of namespaces may be held or set."""
    moment = datetime.fromtimestamp(record.created, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"
