"""What the log tells: each call, each attempt and each task that has ended, in one line."""

import logging
from collections.abc import Callable
from typing import Any

import pytest

from contract_tests.signers import Signer, Wire
from emulator.model.told import AttemptTold, CallTold, TaskTold, Told
from emulator.world.transport import Received, RecordingTransport
from tests.flows.live import Live
from tests.flows.test_rtc import Room
from tests.flows.tiw import Classroom
from tests.server import InProcess

JOB = {
    "Input": {"Type": "Media", "Media": "oss://bucket/object.mp4"},
    "Output": {"Type": "OSS", "Media": "oss://bucket/output-{Count}.jpg"},
    "TemplateConfig": {"TemplateId": "96e8864746a0b6f3"},
}
BOARD = {"RoomId": 1, "Whiteboard": {"Width": 640}}


@pytest.fixture(autouse=True)
def _at_info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "emulator")


def told(caplog: pytest.LogCaptureFixture, kind: type[Told]) -> list[Any]:
    return [record.msg for record in caplog.records if isinstance(record.msg, kind)]


# Calls.

CALLS: dict[str, Callable[[Signer], Wire]] = {
    "tencent CreateSnapshotTask": lambda signer: signer.tencent_v3(
        "CreateSnapshotTask", "2019-09-19", {"SdkAppId": 1, **BOARD}
    ),
    "alibaba SubmitSnapshotJob": lambda signer: signer.alibaba_v3(
        "SubmitSnapshotJob", "2020-11-09", JOB
    ),
    "volcengine GetSnapshotTask": lambda signer: signer.volcengine(
        "GetSnapshotTask", "2023-11-01", {"AppId": "a", "RoomId": "b", "TaskId": "c"}, method="GET"
    ),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_call_is_one_line_with_its_action_outcome_request_id_and_namespace(
    emulator: InProcess, caplog: pytest.LogCaptureFixture, call: str
) -> None:
    answer = emulator.send(CALLS[call](emulator.signer()))

    (line,) = told(caplog, CallTold)
    assert len(caplog.records) == 1
    assert line.vendor == call.split(maxsplit=1)[0]
    assert line.namespace == "default"
    assert line.request_id in answer.text
    assert line.code in answer.text
    assert line.milliseconds > 0


@pytest.mark.parametrize("call", CALLS)
def test_a_call_without_a_right_signature_is_one_line_of_no_namespace(
    emulator: InProcess, caplog: pytest.LogCaptureFixture, call: str
) -> None:
    answer = emulator.send(CALLS[call](emulator.signer(secret="wrong")))

    (line,) = told(caplog, CallTold)
    assert line.namespace == ""
    assert line.code
    assert line.code in answer.text
    assert "another secret" in line.why


def test_a_call_that_a_rule_spoils_names_the_rule_in_its_one_line(
    emulator: InProcess, caplog: pytest.LogCaptureFixture
) -> None:
    rule = b'{"rules": [{"name": "gone", "fault": "reset"}]}'
    emulator.send(Wire("POST", "/_emulator/rules", {"host": "localhost"}, rule))

    emulator.send(CALLS["tencent CreateSnapshotTask"](emulator.signer()))

    (line,) = told(caplog, CallTold)
    assert line.fault == "gone"
    assert "struck by gone" in str(line)


def test_the_name_of_an_action_that_nobody_knows_is_cut(
    emulator: InProcess, caplog: pytest.LogCaptureFixture
) -> None:
    emulator.send(emulator.signer().tencent_v3("A" * 5000, "2019-09-19", {}))

    (line,) = told(caplog, CallTold)
    assert len(line.action) == 100


def test_nothing_is_told_of_calls_at_the_level_warning(
    emulator: InProcess, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "emulator")

    emulator.send(CALLS["tencent CreateSnapshotTask"](emulator.signer()))
    emulator.send(CALLS["tencent CreateSnapshotTask"](emulator.signer(secret="wrong")))
    emulator.advance(60)

    assert told(caplog, Told) == []


# Tasks.


def _snapshot() -> InProcess:
    room = Classroom()
    room.call("CreateSnapshotTask", **BOARD)
    return room.emulator


def _job() -> InProcess:
    emulator = InProcess()
    emulator.send(CALLS["alibaba SubmitSnapshotJob"](emulator.signer()))
    return emulator


def _capture() -> InProcess:
    room = Room(InProcess())
    room.start()
    room.call("StopSnapshot")
    return room.emulator


def _stopped_screenshots() -> InProcess:
    live = Live(InProcess())
    task = live.task(live.template(), seconds=600)
    live.call("StopScreenshotTask", TaskId=task)
    return live.emulator


@pytest.mark.parametrize(
    ("make", "vendor", "kind"),
    [
        (_snapshot, "tencent", "tiw.snapshot"),
        (_job, "alibaba", "ice.snapshot"),
        (_capture, "volcengine", "rtc.snapshot"),
        (_stopped_screenshots, "tencent", "live.screenshot"),
    ],
)
def test_a_task_that_has_ended_is_told_once(
    caplog: pytest.LogCaptureFixture, make: Callable[[], InProcess], vendor: str, kind: str
) -> None:
    emulator = make()

    emulator.advance(3600)

    (line,) = told(caplog, TaskTold)
    assert (line.vendor, line.kind, line.namespace) == (vendor, kind, "default")
    assert line.status


def test_a_task_that_goes_on_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    room = Room(InProcess())
    room.publishes(("host", 0, None))
    room.start()

    room.emulator.advance(60)

    assert told(caplog, TaskTold) == []


# Callbacks.


def test_a_callback_that_arrives_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    room = Classroom()
    room.call("CreateSnapshotTask", **BOARD)

    room.emulator.advance(60)

    (line,) = told(caplog, AttemptTold)
    assert (line.attempt, line.status, line.problem, line.then) == (1, 200, "", "")
    assert line.namespace == "default"


def test_each_attempt_that_fails_says_what_follows(caplog: pytest.LogCaptureFixture) -> None:
    room = Classroom(transport=RecordingTransport(lambda sent: Received(500)))
    room.call("CreateSnapshotTask", **BOARD)

    room.emulator.advance(3600)

    lines = told(caplog, AttemptTold)
    assert len(lines) > 1
    assert [line.attempt for line in lines] == list(range(1, len(lines) + 1))
    assert all(line.then.startswith("next one at 2026-01-02 ") for line in lines[:-1])
    assert lines[-1].then == "given up"
    assert "attempt 1, answered 500, " in str(lines[0])
