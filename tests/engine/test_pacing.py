"""What is set aside, how much of it is kept, and that a real clock makes no difference."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from contract_tests.signers import Signer, Wire
from emulator.engine.pacing import Pacing
from emulator.model.pace import Mode, Pace
from emulator.model.task import Appointment
from emulator.model.taskkey import TaskKey
from tests.server import START, Answer, Running, running


def appointment(number: int, why: str = "finish", is_paced: bool = True) -> Appointment:
    return Appointment(START, TaskKey("kind", "me", str(number)), why, is_paced)


def test_only_paced_appointments_are_set_aside() -> None:
    pacing = Pacing({"*": Pace(Mode.HELD)})

    timed, at_once = pacing.arrange([appointment(1), appointment(1, "look", False)], START)

    assert ([a.why for a in timed], list(at_once)) == (["look"], [])
    assert [a.why for a in pacing.aside(appointment(1).task)] == ["finish"]


def test_seconds_replace_the_vendors_own() -> None:
    pacing = Pacing({"kind": Pace(seconds=60)})

    timed, _ = pacing.arrange([appointment(1)], START)

    assert timed[0].due_at == START + timedelta(seconds=60)


def test_an_appointment_set_aside_twice_is_let_go_once() -> None:
    pacing = Pacing({"*": Pace(Mode.HELD)})
    pacing.arrange([appointment(1), appointment(1)], START)

    assert pacing.let_go(appointment(1).task) == (appointment(1),)
    assert pacing.let_go(appointment(1).task) == ()


@pytest.mark.parametrize("mode", [Mode.HELD, Mode.POLLS])
def test_of_many_tasks_with_a_pace_the_newest_are_kept_and_nothing_set_aside_is_lost(
    mode: Mode,
) -> None:
    pacing = Pacing({"*": Pace(mode)}, max_tasks=10)
    keys = [appointment(number).task for number in range(100)]

    for number in range(100):
        pacing.arrange([appointment(number)], START)
        pacing.hold(keys[number])
        pacing.set_own(keys[number], Pace(mode))

    assert [key for key in keys if pacing.aside(key)] == keys
    assert [key for key in keys if pacing.is_held(key)] == keys
    assert list(pacing.own) == keys[-10:]


def test_queries_do_not_move_a_task_that_is_held_by_hand() -> None:
    pacing = Pacing({"*": Pace(Mode.POLLS)})
    pacing.arrange([appointment(1)], START)
    pacing.hold(appointment(1).task)

    assert pacing.asked(appointment(1).task) == ()
    assert pacing.let_go(appointment(1).task) == (appointment(1),)


@pytest.mark.parametrize(
    ("pace", "statuses"),
    [
        ({"mode": "immediate"}, ["Finished", "Finished", "Finished"]),
        ({"mode": "polls", "polls": 2}, ["Running", "Finished", "Finished"]),
        ({"mode": "held"}, ["Running", "Running", "Running"]),
        ({"seconds": 3600}, ["Running", "Running", "Running"]),
    ],
)
def test_tasks_keep_their_pace_in_real_time(pace: dict[str, object], statuses: list[str]) -> None:
    with running() as server:
        administer(server, "PUT", "/pace", pace)
        made = call(server, "CreateSnapshotTask", RoomId=1, Whiteboard={"Width": 1280})
        task_id = made["TaskID"]

        seen = [call(server, "DescribeSnapshotTask", TaskID=task_id) for _ in statuses]
        tasks = administer(server, "GET", "/tasks").content["tasks"]

    assert [each["Status"] for each in seen] == statuses
    assert [task["status"] for task in tasks] == [statuses[-1]]


def administer(server: Running, method: str, path: str, content: object = None) -> Answer:
    body = b"" if content is None else json.dumps(content).encode()
    answer = server.send(Wire(method, f"/_emulator{path}", {"host": server.endpoint}, body))
    assert answer.status == 200, answer.text
    return answer


def call(server: Running, action: str, **arguments: object) -> dict[str, str]:
    signer = Signer(host=server.endpoint, now=datetime.now(UTC))
    wire = signer.tencent_v3(action, "2019-09-19", {"SdkAppId": 1400000001, **arguments})
    response: dict[str, str] = server.send(wire).content["Response"]
    return response
