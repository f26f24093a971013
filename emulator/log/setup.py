"""The set-up of the log of a server."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from emulator.log.form import JsonForm, TextForm
from emulator.log.writer import Write, Writer

FORMS: Mapping[str, type[logging.Formatter] | None] = {
    "text": TextForm,
    "json": JsonForm,
    "none": None,
}


@contextmanager
def logging_to(write: Write, form: str, level: str) -> Iterator[None]:
    """Log from a level on in one of the FORMS until the block ends; of libraries, only warnings."""
    root, own = logging.getLogger(), logging.getLogger("emulator")
    if (formatter := FORMS[form]) is None:
        root.addHandler(logging.NullHandler())
        own.setLevel(logging.CRITICAL + 1)
        root.setLevel(logging.CRITICAL + 1)
        yield
        return
    # Nobody asks for these, and each costs every record a look-up (Logging HOWTO, Optimization).
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.logAsyncioTasks = False  # type: ignore[attr-defined]  # since Python 3.12
    number: int = logging.getLevelNamesMapping()[level.upper()]
    writer = Writer(write)
    writer.setFormatter(formatter())
    writer.setLevel(number)
    root.addHandler(writer)
    root.setLevel(max(number, logging.WARNING))
    own.setLevel(number)
    try:
        yield
    finally:
        root.removeHandler(writer)
        writer.stop()
