"""How things read, for people."""

from datetime import UTC, datetime, timedelta

from emulator.client import report
from emulator.model.callback import DeliveryState
from emulator.web.shapes.callbacks import AttemptShown, CallbackShown
from emulator.web.shapes.clock import EventShown
from emulator.web.shapes.requests import RequestShown

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def request(**changes: object) -> RequestShown:
    members: dict[str, object] = {
        "number": 1,
        "request_id": "id-1",
        "at": NOON,
        "vendor": "tencent",
        "product": "tiw",
        "action": "CreateSnapshotTask",
        "access_key_id": "test",
        "method": "POST",
        "path": "/",
        "host": "127.0.0.1:4588",
        "verdict": "accepted",
        "code": "",
        "message": "",
        "check": "",
        "why": "",
        "status": 200,
        "milliseconds": 1.5,
        "parameters": {"RoomId": 1},
        "unread": [],
        "answer": None,
    }
    return RequestShown(**{**members, **changes})  # type: ignore[arg-type]  # the shape's members


def test_an_accepted_request_is_a_line_with_what_it_asked() -> None:
    assert report.request_line(request()) == 'tencent CreateSnapshotTask accepted {"RoomId":1}'


def test_what_nobody_reads_is_named() -> None:
    line = report.request_line(request(unread=["Roomid", "Colour"]))

    assert line.endswith("; nobody reads Roomid, Colour")


def test_a_refused_request_is_a_line_with_code_and_text() -> None:
    refused = request(verdict="refused", code="InvalidParameter", message="No.")

    assert report.request_line(refused) == (
        'tencent CreateSnapshotTask refused: InvalidParameter: No. {"RoomId":1}'
    )


def test_a_fault_is_named() -> None:
    slow = request(fault="slow-day")
    lost = request(verdict="refused", status=0, fault="cut")
    proxied = request(verdict="refused", status=502, fault="proxy")

    assert report.request_line(slow).endswith(' accepted {"RoomId":1}; struck by slow-day')
    assert report.request_line(lost).endswith(' refused: no answer {"RoomId":1}; struck by cut')
    assert " refused: answered 502 " in report.request_line(proxied)


def test_a_request_without_an_action_is_named_by_its_path() -> None:
    assert report.request_line(request(action="")).startswith("tencent POST / accepted")


def test_long_values_are_cut() -> None:
    line = report.request_line(request(parameters={"Name": "x" * 1000}))

    assert line.endswith("x…")
    assert len(line) < 250


def test_a_callback_is_a_line_and_one_for_each_attempt() -> None:
    callback = CallbackShown(
        number=1,
        id="cb",
        vendor="tencent",
        event="SnapshotFinished",
        task="task-1",
        url="http://127.0.0.1:9/",
        headers={},
        body="{}",
        content={},
        state=DeliveryState.DELIVERED,
        created_at=NOON,
        attempts=[
            AttemptShown(number=1, at=NOON, status=0, problem="refused"),
            AttemptShown(number=2, at=NOON, status=200, problem=""),
        ],
    )

    assert list(report.callback_lines(callback)) == [
        "tencent SnapshotFinished of task-1 to http://127.0.0.1:9/: delivered",
        "    attempt 1 at 12:00:00: no answer: refused",
        "    attempt 2 at 12:00:00: answered 200",
    ]


def test_what_is_to_come_is_a_line_with_the_seconds_until_then() -> None:
    due_at = NOON + timedelta(seconds=1.5)
    step = EventShown(due_at=due_at, what="finish", kind="tiw.snapshot", task="t")
    delivery = EventShown(due_at=due_at, what="delivery", callback="cb")

    assert report.event_line(step, NOON) == "in 1.5 s: finish of tiw.snapshot t"
    assert report.event_line(delivery, NOON) == "in 1.5 s: delivery of cb"
