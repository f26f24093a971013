"""Tasks that go wrong, as the one sees it who asked for them."""

from collections.abc import Callable
from typing import Any

import pytest

from emulator.model.fault import Fails, Fault, Partial, Silent, Slow, Stuck
from emulator.model.rule import When
from tests.flows import live
from tests.flows.faults import Incident
from tests.flows.test_rtc import KEY

MARKS = tuple((page, -1, "2.9.0") for page in "abcd")


@pytest.fixture
def incident() -> Incident:
    return Incident()


# Each kind of task: how it is made, with its id, and how it is when all is well.


def _snapshot(incident: Incident) -> str:
    incident.classroom.marks(*MARKS)
    return incident.snapshot()


def _recording(incident: Incident) -> str:
    incident.classroom.publishes(("ann", 0, None), ("ben", 0, None))
    return incident.classroom.start()


def _generation(incident: Incident) -> str:
    reply = incident.classroom.call("CreateVideoGenerationTask", OnlineRecordTaskId="anything")
    return str(reply["TaskId"])


def _screenshot(incident: Incident) -> str:
    incident.live.publishes((0, None))
    return incident.live.task(seconds=600)


def _record(incident: Incident) -> str:
    incident.live.publishes((0, 100), (110, 200), (210, 300), (310, None))
    until = incident.live.now() + 600
    return str(incident.live.call("CreateRecordTask", **live.NAMES, EndTime=until)["TaskId"])


def _job(incident: Incident) -> str:
    return incident.customer.submit(overrides={"Count": 4})


def _room(incident: Incident) -> str:
    incident.room.publishes(("ann", 0, None))
    incident.room.start(ImageConfig={"Interval": 5})
    return "/".join(KEY[name] for name in ("AppId", "RoomId", "TaskId"))


KINDS: dict[str, Callable[[Incident], str]] = {
    "tiw.snapshot": _snapshot,
    "tiw.recording": _recording,
    "tiw.generation": _generation,
    "live.screenshot": _screenshot,
    "live.record": _record,
    "ice.snapshot": _job,
    "rtc.snapshot": _room,
}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_a_stuck_task_does_nothing_until_it_is_released_by_hand(
    incident: Incident, make: Callable[[Incident], str]
) -> None:
    incident.load(Stuck(), when=When(numbers=(1,)))
    task_id = make(incident)
    incident.advance(590)
    before = len(incident.arrivals)

    incident.do("release", task_id)
    incident.advance(20)

    assert before == 0
    assert incident.arrivals
    assert incident.hits == [1]


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_a_silent_task_goes_its_way_and_nobody_is_told(
    incident: Incident, make: Callable[[Incident], str]
) -> None:
    incident.load(Silent())

    task_id = make(incident)
    incident.advance(700)

    assert incident.arrivals == []
    assert incident.fates
    assert set(incident.fates) == {("lost", "task-silent", 0)}
    assert incident.task(task_id)
    assert incident.hits == [1]


def test_a_slow_task_takes_its_seconds_for_each_step(incident: Incident) -> None:
    incident.load(Slow(100))

    _generation(incident)
    incident.advance(400)

    assert incident.moments == [200, 300]


def test_only_the_task_that_is_struck_is_slow(incident: Incident) -> None:
    incident.load(Slow(100), when=When(every=2))

    for _ in range(4):
        incident.snapshot()
    incident.advance(200)

    assert incident.moments == [2, 2, 100, 100]
    assert incident.hits == [2]


def _failed_snapshot(incident: Incident, task_id: str) -> Any:
    result = incident.shown(task_id)["Result"]
    return result["ErrorCode"], result["ErrorMessage"]


def _failed_job(incident: Incident, task_id: str) -> Any:
    job = incident.customer.job(task_id)
    return job["Status"], job["Code"], job["Message"]


def _failed_recording(incident: Incident, task_id: str) -> Any:
    error = incident.classroom.recording(task_id)["Error"]
    return error["Code"]


def _failed_room(incident: Incident, task_id: str) -> Any:
    shown = incident.room.shown()
    return shown["Status"], shown["StopReason"]


@pytest.mark.parametrize(
    ("make", "fault", "read", "expected"),
    [
        (_snapshot, Fails(), _failed_snapshot, ("InternalErr", "redis connect failed")),
        (_snapshot, Fails("Other", "no"), _failed_snapshot, ("Other", "no")),
        (_job, Fails("InvalidFile", "no"), _failed_job, ("Fail", "InvalidFile", "no")),
        (_recording, Fails(), _failed_recording, "FailedOperation.Record"),
        (_room, Fails("UserDisconnect"), _failed_room, (4, "UserDisconnect")),
    ],
)
def test_a_task_is_accepted_and_then_fails_as_the_vendor_says_it(
    incident: Incident,
    make: Callable[[Incident], str],
    fault: Fault,
    read: Callable[[Incident, str], Any],
    expected: object,
) -> None:
    incident.load(fault)

    task_id = make(incident)
    incident.advance(10)

    assert read(incident, task_id) == expected
    assert incident.hits == [1]


def test_a_task_is_slow_and_fails(incident: Incident) -> None:
    incident.load(Slow(50), Fails("Other"))

    task_id = incident.snapshot()
    incident.advance(60)

    assert incident.moments == [50]
    assert incident.shown(task_id)["Result"]["ErrorCode"] == "Other"


# A share of the results.


def _pictures(incident: Incident, task_id: str) -> Any:
    result = incident.shown(task_id)["Result"]
    statuses = {incident.classroom.fetch(url).status for url in result["Snapshots"]}
    return result["ErrorCode"], result["Total"], len(result["Snapshots"]), statuses


def _videos(incident: Incident, task_id: str) -> int:
    incident.classroom.call("StopOnlineRecord", TaskId=task_id)
    incident.advance(10)
    return len(incident.classroom.recording(task_id)["VideoInfos"])


def _generated(incident: Incident, task_id: str) -> int:
    shown = incident.classroom.call("DescribeVideoGenerationTask", TaskId=task_id)
    return len(shown["VideoInfoList"])


def _of_job(incident: Incident, task_id: str) -> Any:
    urls = incident.customer.urls(task_id)
    statuses = {incident.customer.fetch(url).status for url in urls}
    (event,) = [arrival.content for arrival in incident.arrivals]
    told = event["MessageBody"]["SnapshotInfos"][0]["SnapshotCount"]
    job = incident.customer.job(task_id)
    return job["Status"], job["Count"], told, len(urls), statuses


def _moments(incident: Incident, task_id: str) -> list[float]:
    return [moment for moment in incident.moments if moment <= 30]


PARTS: dict[str, tuple[Callable[[Incident], str], Callable[[Incident, str], Any], Any, Any]] = {
    "tiw.snapshot": (_snapshot, _pictures, ("OK", 4, 4, {200}), ("OK", 2, 2, {200})),
    "tiw.recording": (_recording, _videos, 3, 2),
    "tiw.generation": (_generation, _generated, 3, 2),
    "ice.snapshot": (_job, _of_job, ("Success", 4, 4, 4, {200}), ("Success", 2, 2, 2, {200})),
    "live.screenshot": (_screenshot, _moments, [0, 10, 20, 30], [0, 20]),
    "rtc.snapshot": (_room, _moments, [0, 5, 10, 15, 20, 25, 30], [0, 10, 20, 30]),
}


@pytest.mark.parametrize(("make", "read", "whole", "half"), PARTS.values(), ids=PARTS)
def test_of_a_partial_result_half_is_there_and_the_task_is_done_all_the_same(
    make: Callable[[Incident], str],
    read: Callable[[Incident, str], Any],
    whole: object,
    half: object,
) -> None:
    found = []
    for faults in ((), (Partial(0.5),)):
        incident = Incident()
        incident.load(*faults)
        task_id = make(incident)
        incident.advance(60)
        found.append(read(incident, task_id))

    assert found == [whole, half]


def test_of_a_partial_recording_every_second_file_is_told_of(incident: Incident) -> None:
    incident.load(Partial(0.5))

    _record(incident)
    incident.advance(700)

    begins = [arrival.content["start_time"] for arrival in incident.arrivals]
    assert len(begins) == 2
    assert begins[1] - begins[0] == 210


@pytest.mark.parametrize(("share", "count"), [(0, 0), (0.01, 1), (0.75, 3), (0.99, 4), (1, 4)])
def test_a_share_is_rounded_up(incident: Incident, share: float, count: int) -> None:
    incident.load(Partial(share))

    task_id = _snapshot(incident)
    incident.advance(2)

    assert incident.shown(task_id)["Result"]["Total"] == count


# Which tasks.


def test_a_rule_strikes_the_tasks_of_the_calls_it_names(incident: Incident) -> None:
    incident.load(Stuck(), when=When(action="CreateSnapshotTask", parameters={"RoomId": 7}))

    stuck = incident.snapshot(room_id=7)
    incident.snapshot(room_id=8)
    incident.customer.submit()
    incident.advance(60)

    assert len(incident.arrivals) == 2
    assert incident.shown(stuck)["Status"] == "Running"
    assert incident.hits == [1]


def test_a_call_that_changes_a_task_is_not_struck(incident: Incident) -> None:
    task_id = incident.classroom.start()
    incident.advance(2)
    incident.load(Silent())

    incident.classroom.call("PauseOnlineRecord", TaskId=task_id)
    incident.classroom.call("StopOnlineRecord", TaskId=task_id)
    incident.advance(10)

    assert incident.hits == [0]
    assert incident.classroom.told()[-1] == "OnlineRecordFinished"


def test_what_became_of_a_task_is_in_a_snapshot(incident: Incident) -> None:
    incident.load(Partial(0.5), Silent(), Slow(10))
    task_id = _snapshot(incident)
    document = incident.ask("GET", "/namespaces/default/snapshot").content

    (task,) = [each for each in document["tasks"] if each["id"] == task_id]

    assert (task["share"], task["is_silent"]) == (0.5, True)
    assert document["task_paces"][0]["own"]["seconds"] == 10
    assert [each["hits"] for each in document["standings"].values()] == [1, 1, 1]


def test_every_kind_of_task_says_whose_it_is_and_which_action_makes_it(
    incident: Incident,
) -> None:
    for vendor in incident.emulator.agenda.vendors:
        assert vendor.kinds.keys() == vendor.courses.keys()
        for name, kind in vendor.kinds.items():
            assert kind.product in vendor.handlers
            assert kind.action in vendor.handlers[kind.product] or name not in vendor.lives
