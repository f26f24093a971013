"""Whether a client begins what goes on already, or what nobody is there for."""

import asyncio
import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.engine.conduct import Finding, _at_once, observe, report
from emulator.model.pace import Life
from emulator.model.task import Change, Task
from tests.flows import live
from tests.flows.faults import Incident
from tests.server import START

HOUR = 3600
STORAGE = {"TosConfig": {"AccountId": "2100", "Bucket": "bucket"}}
AFTER_IDLE = 181  # seconds: RTC ends a task that has been idle for 180


class Begun(Incident):
    """An incident in which recordings and snapshots are begun."""

    def record(self, until: int = HOUR, stream: str = "lesson") -> str:
        names = {**live.NAMES, "StreamName": stream}
        end = int(self.emulator.agenda.namespace.clock.now().timestamp()) + until
        return str(self.live.call("CreateRecordTask", **names, EndTime=end)["TaskId"])

    def findings(self) -> tuple[Finding, ...]:
        return report(asyncio.run(observe(self.emulator.agenda)))

    def rules(self) -> list[str]:
        return [finding.rule for finding in self.findings()]


@pytest.fixture
def incident() -> Begun:
    return Begun()


def test_who_begins_what_goes_on_already_is_warned(incident: Begun) -> None:
    first = incident.record()
    incident.advance(10)
    second = incident.record(HOUR - 10)
    incident.advance(2 * HOUR)

    (finding,) = incident.findings()

    assert (finding.rule, finding.severity) == ("started-twice", "warning")
    assert finding.sentence == "tencent CreateRecordTask began 2 equal tasks that go on at once"
    assert finding.evidence == (first, second)


def test_to_stop_them_all_in_the_end_does_not_undo_it(incident: Begun) -> None:
    tasks = [incident.record(), incident.record()]
    incident.advance(5)
    for task_id in tasks:
        incident.live.call("StopRecordTask", TaskId=task_id)
    incident.record(HOUR - 5)

    (finding,) = incident.findings()

    assert finding.evidence == tuple(tasks)


def test_who_stops_the_first_before_behaves(incident: Begun) -> None:
    incident.live.call("StopRecordTask", TaskId=incident.record())
    incident.record()

    assert incident.rules() == []


@pytest.mark.parametrize(
    ("until", "stream"), [(60, "lesson"), (HOUR, "other")], ids=["another end", "another stream"]
)
def test_who_begins_another_one_behaves(incident: Begun, until: int, stream: str) -> None:
    incident.record()
    incident.record(until, stream)

    assert incident.rules() == []


def test_what_ends_by_itself_may_be_asked_for_any_number_of_times(incident: Begun) -> None:
    for _ in range(3):
        incident.snapshot()

    assert incident.rules() == []


def start(incident: Begun, task: str = "Task1") -> None:
    incident.room.call("StartSnapshot", TaskId=task, StorageConfig=STORAGE)
    incident.advance(AFTER_IDLE)


@pytest.mark.parametrize("task", ["Task1", "Task2"], ids=["the same name", "another name"])
def test_who_begins_again_and_again_where_nobody_is_is_warned(incident: Begun, task: str) -> None:
    incident.room.publishes(("ann", 0, 10))
    start(incident)
    start(incident, task)
    start(incident)

    (finding,) = incident.findings()

    assert (finding.rule, finding.severity) == ("started-for-nobody", "warning")
    assert finding.sentence == (
        "volcengine StartSnapshot was called 2 times in a row where nobody was"
    )
    assert len(finding.evidence) == 2


def test_who_begins_before_anybody_is_there_behaves(incident: Begun) -> None:
    incident.room.publishes(("ann", 1, 10))
    start(incident)

    assert incident.rules() == []


def test_who_begins_again_once_somebody_is_there_behaves(incident: Begun) -> None:
    incident.room.publishes(("ann", AFTER_IDLE, None))
    start(incident)
    start(incident)

    assert incident.rules() == []


def test_who_begins_twice_within_a_minute_only_makes_sure(incident: Begun) -> None:
    incident.room.publishes(("ann", HOUR, None))
    for _ in range(3):
        incident.room.call("StartSnapshot", StorageConfig=STORAGE)
        incident.advance(1)

    assert incident.rules() == []


def test_recordings_of_a_whiteboard_have_a_place_too(incident: Begun) -> None:
    incident.classroom.publishes(("ann", 0, 1))
    for _ in range(3):
        task_id = incident.classroom.start()
        incident.advance(310)
        assert incident.classroom.status(task_id) == "FINISHED"

    assert incident.rules() == ["started-for-nobody"]


started = st.lists(st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(1, 30))))


@given(started)
def test_tasks_that_went_on_beside_another_are_found_as_by_comparing_all(
    spans: list[tuple[int, int | None]],
) -> None:
    tasks = [
        Task(
            kind="k",
            id=str(number),
            account_id="me",
            created_at=START + timedelta(seconds=begin),
            arguments={},
            ends_at=None if length is None else START + timedelta(seconds=begin + length),
        )
        for number, (begin, length) in enumerate(sorted(spans, key=lambda span: span[0]))
    ]
    life = Life(frozenset(), is_ended=lambda task, now: False, fail=_never)

    found = asyncio.run(_at_once(tasks, life))

    assert {task.id for task in found} == {
        each.id
        for one, other in itertools.combinations(tasks, 2)
        if one.ends_at is None or one.ends_at > other.created_at
        for each in (one, other)
    }


def _never(*args: object) -> Change:
    raise NotImplementedError
