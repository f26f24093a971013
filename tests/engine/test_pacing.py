"""What is set aside, how much of it is kept, and that a real clock makes no difference."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from contract_tests.signers import Signer, Wire
from emulator.engine.pacing import Pacing
from emulator.model.pace import Mode, Pace
from emulator.model.task import Appointment
from emulator.model.taskkey import TaskKey
from emulator.state.state import State
from tests.server import START, Answer, Running, running


def appointment(number: int, why: str = "finish", is_paced: bool = True) -> Appointment:
    return Appointment(START, TaskKey("kind", "me", str(number)), why, is_paced)


def paced(**paces: Pace) -> Pacing:
    """Return a pacing in a turn that is under way; `all` are all types of task."""
    state = State()
    state.begin()
    pacing = Pacing(state)
    for kind, pace in paces.items():
        pacing.set("*" if kind == "all" else kind, pace)
    return pacing


def test_only_paced_appointments_are_set_aside() -> None:
    pacing = paced(all=Pace(Mode.HELD))

    timed, at_once = pacing.arrange([appointment(1), appointment(1, "look", False)], START)

    assert ([a.why for a in timed], list(at_once)) == (["look"], [])
    assert [a.why for a in pacing.aside(appointment(1).task)] == ["finish"]


def test_seconds_replace_the_vendors_own() -> None:
    pacing = paced(kind=Pace(seconds=60))

    timed, _ = pacing.arrange([appointment(1)], START)

    assert timed[0].due_at == START + timedelta(seconds=60)


def test_an_appointment_set_aside_twice_is_let_go_once() -> None:
    pacing = paced(all=Pace(Mode.HELD))
    pacing.arrange([appointment(1), appointment(1)], START)

    assert pacing.let_go(appointment(1).task) == (appointment(1),)
    assert pacing.let_go(appointment(1).task) == ()


def test_nothing_is_kept_of_a_task_for_which_nothing_is_set_any_more() -> None:
    pacing, key = paced(all=Pace(Mode.POLLS)), appointment(1).task
    pacing.arrange([appointment(1)], START)
    pacing.hold(key)
    pacing.set_own(key, Pace(Mode.HELD))

    pacing.set_own(key, None)
    pacing.let_go(key)

    assert not pacing.is_of_tasks


def test_queries_do_not_move_a_task_that_is_held_by_hand() -> None:
    pacing = paced(all=Pace(Mode.POLLS))
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
