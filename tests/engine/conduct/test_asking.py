"""Whether a client asks for its tasks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from emulator.engine.conduct import Finding, Observed, report
from emulator.engine.conduct.observation import Ended
from emulator.model.callback import Attempt, Delivery, DeliveryRules, DeliveryState
from emulator.model.task import Task
from tests.engine.conduct.calls import FAILED, Client
from tests.engine.test_agenda import callback
from tests.server import START

TASK = Task("tiw.snapshot", "task", "me", START, {})
CALLBACK = replace(callback(DeliveryRules(10, ())), vendor="tencent")
GIVEN_UP = Delivery(CALLBACK, state=DeliveryState.GIVEN_UP)
LOST = Delivery(CALLBACK, fault="callback-lost")
DELIVERED = Delivery(CALLBACK, state=DeliveryState.DELIVERED)
PENDING = Delivery(CALLBACK)
LATE = Delivery(CALLBACK, fault="callback-late")
STRAY = Delivery(CALLBACK, state=DeliveryState.DELIVERED, fault="callback-stray")
UNHEARD = {"given up": GIVEN_UP, "lost": LOST, "late": LATE, "about another task": STRAY}
each_unheard = pytest.mark.parametrize("delivery", UNHEARD.values(), ids=UNHEARD)


@pytest.fixture
def client() -> Client:
    return Client()


def findings(client: Client, *deliveries: Delivery) -> tuple[Finding, ...]:
    ended = [Ended("tencent", TASK)]
    return report(Observed(client.now, client.made, deliveries, ended))


@each_unheard
def test_who_never_hears_of_a_task_and_never_asks_is_told(
    client: Client, delivery: Delivery
) -> None:
    client.advance(61)

    (finding,) = findings(client, delivery)

    assert (finding.rule, finding.severity) == ("never-asked", "error")
    assert "tencent task task ended" in finding.sentence
    assert finding.evidence == ("1",)


@each_unheard
def test_who_asks_for_it_behaves(client: Client, delivery: Delivery) -> None:
    client.advance(30)
    client.call(action="DescribeSnapshotTask", asks=(TASK.key,))
    client.advance(31)

    assert findings(client, delivery) == ()


def test_a_list_that_has_the_task_is_an_answer_too(client: Client) -> None:
    client.advance(30)
    client.call(action="ListSnapshotJobs", answer=b'{"Jobs":[{"JobId":"task"}]}')
    client.advance(31)

    assert findings(client, GIVEN_UP) == ()


def test_to_have_asked_before_the_end_is_not_enough(client: Client) -> None:
    client.now = START - timedelta(seconds=5)
    client.call(action="DescribeSnapshotTask", asks=(TASK.key,))
    client.advance(70)

    assert [each.rule for each in findings(client, GIVEN_UP)] == ["never-asked"]


def test_a_question_that_failed_is_no_answer(client: Client) -> None:
    client.advance(30)
    client.call(FAILED, action="DescribeSnapshotTask")
    client.advance(31)

    assert [each.rule for each in findings(client, GIVEN_UP)] == ["never-asked"]


def test_there_is_a_while_in_which_to_ask(client: Client) -> None:
    client.advance(59)

    assert findings(client, GIVEN_UP) == ()


@pytest.mark.parametrize(
    "deliveries",
    [(), (DELIVERED,), (GIVEN_UP, DELIVERED), (PENDING,)],
    ids=["nobody is called", "delivered", "one delivered", "still tried"],
)
def test_who_was_told_or_expects_it_need_not_ask(
    client: Client, deliveries: tuple[Delivery, ...]
) -> None:
    client.advance(600)

    assert findings(client, *deliveries) == ()


def came_at_last(seconds: float) -> Delivery:
    taken = Attempt(1, START + timedelta(seconds=seconds), 200)
    return replace(LATE, attempts=(taken,), state=DeliveryState.DELIVERED)


def test_who_was_told_late_and_asked_only_then_had_waited_too_long(client: Client) -> None:
    client.advance(90)
    client.call(action="DescribeSnapshotTask", asks=(TASK.key,))
    client.advance(600)

    (finding,) = findings(client, came_at_last(80))

    assert finding.rule == "never-asked"
    assert finding.sentence.endswith("nobody has asked for it in 80 s")


def test_what_comes_a_little_late_need_not_be_asked_for(client: Client) -> None:
    client.advance(600)

    assert findings(client, came_at_last(59)) == ()


def ask(client: Client, times: int, apart: float) -> None:
    for _ in range(times):
        client.call(action="DescribeSnapshotTask", asks=(TASK.key,))
        client.advance(apart)


def test_who_asks_ten_times_a_second_asks_too_often(client: Client) -> None:
    ask(client, 20, 0.1)

    (finding,) = findings(client, DELIVERED)

    assert (finding.rule, finding.severity) == ("asked-too-often", "warning")
    assert finding.sentence == "tencent task task was asked for 20 times in 1.9 s"
    assert finding.evidence == tuple(f"r{n}" for n in range(1, 21))


@pytest.mark.parametrize(("times", "apart"), [(20, 1), (20, 5), (3, 0.1)])
def test_who_asks_now_and_then_behaves(client: Client, times: int, apart: float) -> None:
    ask(client, times, apart)

    assert findings(client, DELIVERED) == ()


def test_a_clock_that_stands_says_nothing_of_how_often(client: Client) -> None:
    ask(client, 20, 0)

    assert findings(client, DELIVERED) == ()
