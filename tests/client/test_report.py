"""How things read, for people."""

from datetime import UTC, datetime

from emulator.client import report
from emulator.client.search import Near, no_match
from emulator.model.callback import DeliveryState
from emulator.web.shapes import (
    AttemptShown,
    CallbackSearch,
    CallbackShown,
    MissShown,
    RequestSearch,
    RequestShown,
)

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


def test_a_search_that_is_not_met_tells_what_came_nearest() -> None:
    search = RequestSearch(action="A", parameters={"B.C": 1}, at_least=2, timeout_seconds=5)
    near = Near("tencent A accepted {}", [MissShown(field="B.C", expected=1, got="1")])

    assert str(no_match("requests", search, 1, [near])).splitlines() == [
        '1 of 2 requests came within 5 s: action=A, parameters={"B.C":1}',
        "",
        "nearest: tencent A accepted {}",
        "    B.C: expected 1, got '1'",
    ]


def test_a_search_for_anything_that_finds_nothing_says_so() -> None:
    assert str(no_match("callbacks", CallbackSearch(), 0, [])).splitlines() == [
        "0 of 1 callbacks came within 0 s: any",
        "no callback came at all",
    ]
