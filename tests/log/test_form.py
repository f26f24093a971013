"""The two forms of a line of the log."""

import json
import logging
import sys
from pathlib import Path

import pytest

from emulator.log.form import JsonForm, TextForm
from emulator.model.told import AttemptTold, CallTold, TaskTold

REQUEST_ID = "cd613e30-d8f1-4adf-91b7-584a2265b1f5"
ACCEPTED = CallTold("tencent", "CreateSnapshotTask", 200, "", 1.234, "default", REQUEST_ID)
REFUSED = CallTold(
    "tencent", "Create\r\n", 200, "InvalidParameter", 0.5, "", REQUEST_ID, "no \x1b[31m", "a-rule"
)


def record(message: object, *facts: object, failed: bool = False) -> logging.LogRecord:
    made = logging.LogRecord("emulator.calls", logging.INFO, __file__, 1, message, facts, None)
    made.created = 1893456000.25
    made.exc_info = sys.exc_info() if failed else None
    return made


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (ACCEPTED, f"tencent CreateSnapshotTask ok, 1.2 ms, default, request {REQUEST_ID}"),
        (
            REFUSED,
            rf"tencent Create\r\n refused: InvalidParameter, 0.5 ms, no namespace, "
            rf"request {REQUEST_ID}, struck by a-rule: no \x1b[31m",
        ),
        (
            TaskTold("tencent", "tiw.snapshot", "t1", "Finished", "default"),
            "tencent tiw.snapshot t1 ended: Finished, default",
        ),
        (
            AttemptTold("tencent", "Done", "t1", "http://r/", 1, 0, "no answer", 3000, "default"),
            "tencent Done of t1 to http://r/: attempt 1, no answer, 3000.0 ms, default",
        ),
    ],
    ids=["accepted", "refused", "task", "attempt"],
)
def test_a_line_of_text_has_the_moment_the_level_and_what_happened(told: object, line: str) -> None:
    written = TextForm().format(record(told))

    assert written == f"2030-01-01T00:00:00.250Z INFO emulator.calls: {line}"


def test_the_line_that_the_page_shows_is_one_of_text() -> None:
    page = Path(__file__).parents[2] / "docs" / "admin.md"

    assert f"`{TextForm().format(record(ACCEPTED))}`" in page.read_text()


def test_a_line_of_json_has_the_fields_by_their_names() -> None:
    content = json.loads(JsonForm().format(record(REFUSED)))

    assert content == {
        "time": "2030-01-01T00:00:00.250Z",
        "level": "info",
        "logger": "emulator.calls",
        "message": str(REFUSED),
        "vendor": "tencent",
        "action": "Create\r\n",
        "status": 200,
        "code": "InvalidParameter",
        "milliseconds": 0.5,
        "request_id": REQUEST_ID,
        "why": "no \x1b[31m",
        "fault": "a-rule",
    }


@pytest.mark.parametrize("form", [TextForm(), JsonForm()], ids=["text", "json"])
def test_a_text_of_a_caller_cannot_begin_a_line_of_its_own(form: logging.Formatter) -> None:
    forged = "x\n2030-01-01T00:00:00.000Z ERROR emulator: all is lost"
    try:
        raise ValueError(forged)
    except ValueError:
        written = form.format(record("%s failed", forged, failed=True))

    lines = written.splitlines()
    assert sum(line.startswith(("2030", "{")) for line in lines) == 1
    assert "ValueError" in written
