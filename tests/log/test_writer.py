"""The writer of the log: nobody waits for whoever reads it."""

import logging
import os
import threading
from collections.abc import Iterator

import pytest

from emulator.log.setup import logging_to
from emulator.log.writer import Writer, to_descriptor


class Reader:
    """Takes what is written, once it is let."""

    def __init__(self) -> None:
        self.reads = threading.Event()
        self.is_asked = threading.Event()
        self.content = b""

    def write(self, content: bytes) -> int:
        self.is_asked.set()
        self.reads.wait(30)
        self.content += content[:100]
        return len(content[:100])

    @property
    def lines(self) -> list[str]:
        return self.content.decode().splitlines()


def logger_of(writer: Writer) -> logging.Logger:
    logger = logging.Logger("a")
    writer.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(writer)
    return logger


def test_lines_are_written_in_their_order_and_whole() -> None:
    reader = Reader()
    reader.reads.set()
    writer = Writer(reader.write)
    logger = logger_of(writer)

    for number in range(500):
        logger.warning("%d %s", number, "x" * 70)
    writer.stop(30)

    assert reader.lines == [f"{number} {'x' * 70}" for number in range(500)]


def test_a_reader_who_stands_still_holds_up_nobody_and_the_dropped_lines_are_counted() -> None:
    reader = Reader()
    writer = Writer(reader.write, max_waiting=10)
    logger = logger_of(writer)
    logger.warning("first")
    assert reader.is_asked.wait(30)

    for number in range(25):
        logger.warning("%d", number)
    reader.reads.set()
    writer.stop(30)

    assert reader.lines[0] == "first"
    assert reader.lines[1:11] == [str(number) for number in range(10)]
    assert reader.lines[11:] == ["15 lines are missing here: the log was not read fast enough"]


def test_a_full_pipe_holds_up_nobody() -> None:
    reading, writing = os.pipe()
    writer = Writer(to_descriptor(writing), max_waiting=100)
    logger = logger_of(writer)

    for _ in range(1000):
        logger.warning("x" * 1000)
    writer.stop(0)

    os.close(reading)
    writer.stop(30)  # else the thread goes on writing to whatever has that number next
    os.close(writing)


def test_a_full_pipe_that_does_not_block_gets_its_lines_once_it_is_read() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    writer = Writer(to_descriptor(writing))
    logger = logger_of(writer)

    for number in range(1000):
        logger.warning("%d %s", number, "x" * 1000)
    with os.fdopen(reading) as lines:
        numbers = [int(next(lines).split()[0]) for _ in range(1000)]
    os.close(writing)

    assert numbers == list(range(1000))


def test_a_pipe_that_nobody_reads_any_more_ends_the_writing_without_a_word() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    writer = Writer(to_descriptor(writing))

    logger_of(writer).warning("to nobody")
    writer.stop(30)

    os.close(writing)


def test_a_line_that_cannot_be_shown_is_told_and_the_next_one_follows() -> None:
    class Unshowable:
        def __str__(self) -> str:
            raise RuntimeError("no")

    reader = Reader()
    reader.reads.set()
    writer = Writer(reader.write)
    logger = logger_of(writer)

    logger.warning(Unshowable())
    logger.warning("next")
    writer.stop(30)

    assert "cannot be shown: RuntimeError('no')" in reader.lines[0]
    assert reader.lines[1] == "next"


@pytest.fixture
def levels() -> Iterator[None]:
    """Have the levels and switches of the process's log as before."""
    root, own = logging.getLogger(), logging.getLogger("emulator")
    before = root.level, own.level, list(root.handlers)
    yield
    root.setLevel(before[0])
    own.setLevel(before[1])
    root.handlers[:] = before[2]
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = True


@pytest.mark.usefixtures("levels")
@pytest.mark.parametrize(
    ("form", "level", "expected"),
    [("text", "info", ["a", "b"]), ("text", "warning", ["b"]), ("none", "debug", [])],
)
def test_of_the_emulator_all_is_written_from_the_level_on_and_of_libraries_only_warnings(
    form: str, level: str, expected: list[str]
) -> None:
    reader = Reader()
    reader.reads.set()

    with logging_to(reader.write, form, level):
        logging.getLogger("emulator.calls").info("a")
        logging.getLogger("emulator.calls").warning("b")
        logging.getLogger("PIL").info("c")

    assert [line.rpartition(" ")[2] for line in reader.lines] == expected
