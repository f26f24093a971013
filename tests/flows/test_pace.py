"""How fast tasks go and how they end: every kind, every mode, every outcome, in manual time."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contract_tests.signers import Wire
from emulator.app import create_app
from emulator.model.pace import Failure
from emulator.settings import Settings
from emulator.spec.document import DocumentError
from tests.flows import ice, live, tiw
from tests.flows.test_rtc import KEY, Room
from tests.server import HOST, Answer, InProcess

SINK = "http://127.0.0.1:9/cb"


class Stage:
    """An emulator with each vendor's caller, and its administration."""

    def __init__(self) -> None:
        self.classroom = tiw.Classroom()
        self.emulator = self.classroom.emulator
        self.customer = ice.Customer(self.emulator)
        self.live = live.Live(self.emulator)
        self.room = Room(self.emulator)

    def ask(self, method: str, path: str, content: object = None) -> Answer:
        body = b"" if content is None else json.dumps(content).encode()
        return self.emulator.send(Wire(method, f"/_emulator{path}", {"host": HOST}, body))

    def pace(self, **content: Any) -> None:
        answer = self.ask("PUT", "/pace", content)
        assert answer.status == 200, answer.text

    def do(self, deed: str, task_id: str, **more: Any) -> Answer:
        return self.ask("POST", f"/tasks/{deed}", {"id": task_id, **more})

    def task(self, task_id: str) -> dict[str, Any]:
        shown: list[dict[str, Any]] = self.ask("GET", "/tasks").content["tasks"]
        return next(task for task in shown if task["id"] == task_id)

    def told(self) -> list[dict[str, Any]]:
        """Deliver what is due by now, and return all events so far."""
        self.emulator.advance(0)
        return [json.loads(sent.body) for sent in self.emulator.transport.sent if sent.body]


def _snapshot(stage: Stage) -> str:
    board = {"Width": 1280, "Height": 720}
    reply = stage.classroom.call("CreateSnapshotTask", RoomId=tiw.ROOM, Whiteboard=board)
    return str(reply["TaskID"])


def _generation(stage: Stage) -> str:
    reply = stage.classroom.call("CreateVideoGenerationTask", OnlineRecordTaskId="anything")
    return str(reply["TaskId"])


def _screenshot(stage: Stage) -> str:
    stage.live.publishes((0, None))
    return stage.live.task(seconds=600)


def _record(stage: Stage) -> str:
    stage.live.publishes((0, None))
    until = stage.live.now() + 600
    return str(stage.live.call("CreateRecordTask", **live.NAMES, EndTime=until)["TaskId"])


def _rtc(stage: Stage) -> str:
    stage.room.start()
    return "/".join(KEY[name] for name in ("AppId", "RoomId", "TaskId"))


def _list(action: str) -> Callable[[Stage, str], Any]:
    def query(stage: Stage, task_id: str) -> Any:
        now = stage.live.now()
        return stage.live.call(action, StartTime=now - 3600, EndTime=now + 3600)

    return query


@dataclass(frozen=True)
class Kind:
    """A kind of task: how it is begun and asked for, and its statuses, one for each paced step."""

    name: str
    begin: Callable[[Stage], str]
    query: Callable[[Stage, str], Any]
    statuses: tuple[str, ...]
    events: tuple[str, ...]
    has_end: bool = True


KINDS = [
    Kind(
        "tiw.snapshot",
        _snapshot,
        lambda stage, i: stage.classroom.call("DescribeSnapshotTask", TaskID=i),
        ("Running", "Finished"),
        ("SnapshotFinished",),
    ),
    Kind(
        "OnlineRecordTaskId",
        lambda stage: stage.classroom.start(),
        lambda stage, i: stage.classroom.recording(i),
        ("PREPARED", "RECORDING"),
        ("OnlineRecordStarted",),
        has_end=False,
    ),
    Kind(
        "tiw.video_generation",
        _generation,
        lambda stage, i: stage.classroom.call("DescribeVideoGenerationTask", TaskId=i),
        ("QUEUED", "PROCESSING", "PROCESSING", "FINISHED"),
        ("OfflineRecordProgressChanged", "OfflineRecordFinished"),
    ),
    Kind(
        "ice.snapshot",
        lambda stage: stage.customer.submit(),
        lambda stage, i: stage.customer.job(i),
        ("Init", "Success"),
        ("SnapshotComplete",),
    ),
    Kind(
        "live.screenshot", _screenshot, _list("DescribeScreenshotTask"), ("", ""), ("200",), False
    ),
    Kind("live.record", _record, _list("DescribeRecordTask"), ("", ""), (), False),
    Kind(
        "rtc.snapshot",
        _rtc,
        lambda stage, i: stage.room.shown(),
        ("2", "2"),
        ("SnapshotRealTimeData",),
        has_end=False,
    ),
]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def names(events: list[dict[str, Any]]) -> set[str]:
    return {str(e.get("EventType") or e.get("event_type")) for e in events}


def test_every_kind_of_task_that_callers_ask_for_is_in_the_table(stage: Stage) -> None:
    assert {kind.name for kind in KINDS} == set(stage.emulator.agenda.lives)


@each_kind
def test_an_immediate_task_is_as_far_as_it_gets_by_itself_when_its_id_is_known(
    stage: Stage, kind: Kind
) -> None:
    stage.pace(mode="immediate")

    task_id = kind.begin(stage)

    assert stage.task(task_id)["status"] == kind.statuses[-1]
    assert stage.emulator.transport.sent == []
    assert names(stage.told()) >= set(kind.events)


@each_kind
def test_a_timed_task_takes_the_configured_seconds_for_each_step(stage: Stage, kind: Kind) -> None:
    stage.pace(kind=kind.name, mode="timed", seconds=60)
    task_id = kind.begin(stage)

    seen = []
    for _ in kind.statuses:
        stage.emulator.advance(59)
        seen.append(stage.task(task_id)["status"])
        stage.emulator.advance(1)

    assert seen == list(kind.statuses)
    assert names(stage.told()) >= set(kind.events)


@each_kind
def test_a_polled_task_makes_a_step_before_each_third_query_is_answered(
    stage: Stage, kind: Kind
) -> None:
    stage.pace(kind=kind.name, mode="polls", polls=3)
    task_id = kind.begin(stage)
    stage.emulator.advance(3)

    seen = [stage.task(task_id)["status"]]
    for _ in kind.statuses[1:]:
        for _ in range(2):
            kind.query(stage, task_id)
        assert stage.task(task_id)["status"] == seen[-1]
        assert stage.task(task_id)["queries_left"] == 1
        kind.query(stage, task_id)
        seen.append(stage.task(task_id)["status"])

    assert seen == list(kind.statuses)
    assert names(stage.told()) >= set(kind.events)


def test_the_query_that_was_waited_for_sees_the_next_state(stage: Stage) -> None:
    stage.pace(mode="polls", polls=2)
    job_id = stage.customer.submit()

    assert [stage.customer.job(job_id)["Status"] for _ in range(3)] == [
        "Init",
        "Success",
        "Success",
    ]


def test_a_query_of_another_application_does_not_count(stage: Stage) -> None:
    stage.pace(mode="polls", polls=1)
    task_id = _snapshot(stage)

    stage.classroom.call("DescribeSnapshotTask", SdkAppId=1400000002, TaskID=task_id)

    assert stage.task(task_id)["status"] == "Running"


@each_kind
def test_a_held_task_makes_a_step_each_time_it_is_released(stage: Stage, kind: Kind) -> None:
    stage.pace(kind=kind.name, mode="held")
    task_id = kind.begin(stage)
    stage.emulator.advance(30)
    silent = stage.told()

    seen = [stage.task(task_id)["status"]]
    seen += [stage.do("release", task_id).content["status"] for _ in kind.statuses[1:]]

    assert silent == []
    assert seen == list(kind.statuses)
    assert names(stage.told()) >= set(kind.events)


@each_kind
def test_a_task_held_by_hand_does_nothing_until_it_is_released(stage: Stage, kind: Kind) -> None:
    task_id = kind.begin(stage)

    assert stage.do("hold", task_id).content["is_held"]
    stage.emulator.advance(30)
    held = stage.task(task_id)
    assert (held["status"], stage.told()) == (kind.statuses[0], [])
    stage.do("release", task_id)
    stage.emulator.advance(30)

    assert stage.task(task_id)["status"] == kind.statuses[-1]
    assert names(stage.told()) >= set(kind.events)


def test_a_hold_sets_aside_what_comes_again_and_again_too(stage: Stage) -> None:
    task_id = _rtc(stage)
    stage.emulator.advance(5)
    before = len(stage.told())

    stage.do("hold", task_id)
    stage.emulator.advance(60)

    assert len(stage.told()) == before
    assert stage.task(task_id)["set_aside"] == ["picture"]


@pytest.mark.parametrize("mode", ["timed", "held", "polls"])
@pytest.mark.parametrize("kind", [k for k in KINDS if k.has_end], ids=lambda kind: kind.name)
def test_a_task_can_be_finished_at_once_at_any_pace(stage: Stage, kind: Kind, mode: str) -> None:
    stage.pace(mode=mode)
    task_id = kind.begin(stage)

    after = stage.do("finish", task_id).content

    assert (after["status"], after["is_ended"]) == (kind.statuses[-1], True)
    assert (after["due"], after["set_aside"]) == ([], [])
    stage.emulator.advance(60)
    assert len(stage.told()) == len(kind.events)


def test_a_stopped_recording_can_be_finished_at_once_and_only_once(stage: Stage) -> None:
    task_id = stage.classroom.start()
    stage.emulator.advance(10)
    stage.classroom.call("StopOnlineRecord", TaskId=task_id)

    after = stage.do("finish", task_id).content
    stage.emulator.advance(60)

    assert after["status"] == "FINISHED"
    assert stage.classroom.told().count("OnlineRecordFinished") == 1


# How each kind shows that it failed, when asked and in its last event.
FAILURES: dict[str, Callable[[Stage, str], tuple[Any, Any]]] = {
    "tiw.snapshot": lambda stage, i: (
        stage.classroom.call("DescribeSnapshotTask", TaskID=i)["Result"],
        stage.told()[-1]["EventData"]["Result"],
    ),
    "OnlineRecordTaskId": lambda stage, i: (
        stage.classroom.recording(i)["Error"],
        stage.told()[-1]["EventData"]["Error"],
    ),
    "tiw.video_generation": lambda stage, i: (
        stage.classroom.call("DescribeVideoGenerationTask", TaskId=i)["Error"],
        stage.told()[-1]["EventData"]["Error"],
    ),
    "ice.snapshot": lambda stage, i: (
        {n: stage.customer.job(i)[n] for n in ("Status", "Code", "Message")},
        {
            n.removeprefix("Error"): stage.told()[-1]["MessageBody"][n]
            for n in ("Status", "ErrorCode", "ErrorMessage")
        },
    ),
    "live.screenshot": lambda stage, i: (None, stage.told()),
    "live.record": lambda stage, i: (None, stage.told()),
    "rtc.snapshot": lambda stage, i: (
        {n: stage.room.shown()[n] for n in ("Status", "StopReason")},
        stage.told(),
    ),
}
_BAD_RESULT = {
    "ErrorCode": "InternalErr",
    "ErrorMessage": "redis connect failed",
    "Total": 0,
    "Snapshots": [],
}
_BAD_JOB = {
    "Status": "Fail",
    "Code": "ResourceNotFound",
    "Message": 'The specified resource for "Pipeline" could not be found.',
}
_BAD_GENERATION = {"Code": "FailedOperation.Record", "Message": "录制对时信息获取失败"}
SHOWN: dict[str, tuple[Any, Any]] = {
    "tiw.snapshot": (_BAD_RESULT, _BAD_RESULT),
    "tiw.video_generation": (_BAD_GENERATION, _BAD_GENERATION),
    "ice.snapshot": (_BAD_JOB, _BAD_JOB),
    "live.screenshot": (None, []),
    "live.record": (None, []),
    "rtc.snapshot": ({"Status": 4, "StopReason": "StartTaskFailed"}, []),
}


def assert_failed(stage: Stage, kind: Kind, task_id: str) -> None:
    asked, told = FAILURES[kind.name](stage, task_id)
    if kind.name == "OnlineRecordTaskId":
        assert asked["Code"] == "FailedOperation.Record"
        assert asked["Message"].startswith("code: 40004, msg: 20")
        assert asked["Message"] == told["Message"]
    else:
        assert (asked, told) == SHOWN[kind.name]
    assert stage.task(task_id)["is_ended"]
    before = len(stage.told())
    stage.emulator.advance(700)
    assert len(stage.told()) == before


@each_kind
def test_a_task_failed_by_hand_fails_as_its_vendor_documents_and_does_no_more(
    stage: Stage, kind: Kind
) -> None:
    task_id = kind.begin(stage)

    answer = stage.do("fail", task_id)

    assert answer.status == 200, answer.text
    assert_failed(stage, kind, task_id)


@pytest.mark.parametrize("mode", ["immediate", "timed", "polls", "held"])
@each_kind
def test_a_failure_chosen_for_all_comes_when_the_task_would_have_finished_or_first_worked(
    stage: Stage, kind: Kind, mode: str
) -> None:
    stage.pace(mode=mode, failure={})
    task_id = kind.begin(stage)

    stage.emulator.advance(10)
    for _ in kind.statuses[1:]:
        if mode == "polls":
            kind.query(stage, task_id)
        if mode == "held":
            stage.do("release", task_id)

    assert_failed(stage, kind, task_id)


def test_a_failure_may_have_a_code_and_message_of_its_own(stage: Stage) -> None:
    failure = {"code": "InternalError", "message": "out of order"}
    stage.pace(kind="ice.snapshot", failure=failure)
    job_id = stage.customer.submit()

    stage.emulator.advance(10)

    job = stage.customer.job(job_id)
    assert (job["Status"], job["Code"], job["Message"]) == ("Fail", *failure.values())


def test_the_pace_of_a_task_wins_over_its_kinds_and_that_over_the_one_for_all(
    stage: Stage,
) -> None:
    stage.pace(mode="held")
    stage.pace(kind="tiw.video_generation", mode="timed")
    first, second = _generation(stage), _generation(stage)
    stage.pace(id=second, mode="held")

    stage.emulator.advance(10)

    assert [stage.task(i)["status"] for i in (first, second)] == ["FINISHED", "PROCESSING"]


def _ended(stage: Stage) -> str:
    task_id = _snapshot(stage)
    stage.emulator.advance(10)
    return task_id


REFUSALS: dict[str, tuple[str, Callable[[Stage], str], int, str]] = {
    "hold unknown": ("hold", lambda stage: "nothing", 404, "is no task"),
    "release unheld": ("release", _snapshot, 409, "is not held"),
    "finish RTC": ("finish", _rtc, 409, "goes on until StopSnapshot or its idle time"),
    "finish Live": ("finish", _screenshot, 409, "goes on until its end time"),
    "finish recording": (
        "finish",
        lambda stage: stage.classroom.start(),
        409,
        "goes on until StopOnlineRecord",
    ),
    **{f"{deed} ended": (deed, _ended, 409, "has ended") for deed in ("hold", "finish", "fail")},
}


@pytest.mark.parametrize(("deed", "begin", "status", "problem"), REFUSALS.values(), ids=REFUSALS)
def test_what_cannot_be_done_to_a_task_is_refused_with_the_reason(
    stage: Stage, deed: str, begin: Callable[[Stage], str], status: int, problem: str
) -> None:
    answer = stage.do(deed, begin(stage))

    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem in answer.content["detail"]


def test_a_generation_that_waits_for_its_recording_cannot_be_finished(stage: Stage) -> None:
    recording = stage.classroom.start()
    reply = stage.classroom.call("CreateVideoGenerationTask", OnlineRecordTaskId=recording)

    answer = stage.do("finish", reply["TaskId"])

    assert (answer.status, "cannot finish yet" in answer.content["detail"]) == (409, True)


def test_a_job_that_a_paused_pipeline_holds_cannot_be_finished_but_goes_on_later(
    stage: Stage,
) -> None:
    pipeline = {"PipelineId": stage.customer.call("ListPipelines")["PipelineList"][0]["PipelineId"]}
    stage.customer.call("UpdatePipeline", **pipeline, Name="p", Status="Paused", Priority=6)
    job_id = stage.customer.submit()

    answer = stage.do("finish", job_id)
    stage.customer.call("UpdatePipeline", **pipeline, Name="p", Status="Active", Priority=6)
    stage.emulator.advance(10)

    assert (answer.status, stage.customer.job(job_id)["Status"]) == (409, "Success")


def test_the_list_of_tasks_can_be_of_one_kind(stage: Stage) -> None:
    _snapshot(stage)
    generation = _generation(stage)

    shown = stage.ask("GET", "/tasks?kind=tiw.video_generation").content["tasks"]
    refused = stage.ask("GET", "/tasks?kind=tiw")

    assert [(task["vendor"], task["id"]) for task in shown] == [("tencent", generation)]
    assert (refused.status, "ice.snapshot" in refused.content["detail"]) == (400, True)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ({"mode": "slow"}, "mode: expected one of immediate, timed, polls, held"),
        ({"kind": "tiw"}, "'kind' must be one of *, tiw.snapshot"),
        ({"mode": "polls", "polls": 0}, "polls: expected 'int' >= 1"),
        ({"mode": "held", "polls": 2}, "with the mode 'polls'"),
        ({"seconds": -1}, "seconds: expected 'float' >= 0"),
        ({"mode": "held", "seconds": 1}, "with the mode 'timed'"),
        ({"seconds": "1"}, "seconds: expected 'float | null'"),
        ({"failure": {"code": "X"}}, "'code' needs a 'kind'"),
        ({"kind": "rtc.snapshot", "failure": {"code": "X"}}, "one of StartTaskFailed"),
        ({"kind": "live.record", "failure": {"code": "X"}}, "fails without one"),
        ({"failure": {"number": 1}}, "body: failure: unknown key 'number'"),
        ({"failure": "X"}, "body: failure: expected 'object | null'"),
    ],
)
def test_a_pace_that_cannot_be_meant_is_refused_with_the_key(
    stage: Stage, content: object, complaint: str
) -> None:
    answer = stage.ask("PUT", "/pace", content)

    assert answer.status == 400
    assert complaint in answer.content["detail"]


def test_the_world_file_sets_paces(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text(
        '[[pace]]\nmode = "immediate"\n[[pace]]\nkind = "ice.snapshot"\n'
        'failure = { code = "InternalError" }\n'
    )
    emulator = InProcess(world=world)

    paces = emulator.agenda.namespace.state.paces.rows

    assert paces["*"].mode == "immediate"
    assert paces["ice.snapshot"].failure == Failure("InternalError")


def test_a_mistake_in_the_world_files_pace_stops_the_start(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text('[[pace]]\nmode = "slow"\n')

    with pytest.raises(DocumentError, match=r"world.toml:2: pace\.0: 'mode' must be one of"):
        create_app(Settings(world=world))
