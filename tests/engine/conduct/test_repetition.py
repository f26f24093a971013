"""What a client calls again."""

import pytest

from tests.engine.conduct.calls import (
    ACCEPTED,
    CUT_OFF,
    FAILED,
    LATE,
    MISDATED,
    THROTTLED,
    UNKNOWN,
    WRONG,
    Client,
    Said,
)

FAILURES = {"a failure": FAILED, "a throttle": THROTTLED}
each_failure = pytest.mark.parametrize("said", FAILURES.values(), ids=FAILURES)


@pytest.fixture
def client() -> Client:
    return Client()


@each_failure
@pytest.mark.parametrize("waits", [(0.3, 0.6, 1.2), (1, 2, 4), (0.5,), (15, 15, 15)])
def test_who_waits_longer_each_time_behaves(
    client: Client, waits: tuple[float, ...], said: Said
) -> None:
    client.calls(*waits, said=said)

    assert client.rules() == []


def test_who_retries_a_failure_at_once_is_too_soon(client: Client) -> None:
    client.calls(0.002, said=FAILED)

    (finding,) = client.findings()
    assert (finding.rule, finding.severity) == ("retry-too-soon", "warning")
    assert finding.sentence == (
        "tencent CreateSnapshotTask was called once more after InternalError, at once (2 ms)"
    )
    assert finding.evidence == ("r1", "r2")


def test_who_calls_at_once_after_a_throttle_ignores_it(client: Client) -> None:
    client.calls(0.002, 0.2, said=THROTTLED)

    (finding,) = client.findings()
    assert (finding.rule, finding.severity) == ("throttle-ignored", "error")
    assert "2 times more after RequestLimitExceeded, at once (2 ms)" in finding.sentence
    assert finding.evidence == ("r1", "r2", "r3")


@each_failure
def test_who_waits_the_same_each_time_has_no_backoff(client: Client, said: Said) -> None:
    client.calls(0.5, 0.5, 0.5, said=said)

    (finding,) = client.findings()
    assert finding.rule == "retry-without-backoff"
    assert "(0.5, 0.5, 0.5 s)" in finding.sentence


def test_two_retries_do_not_show_whether_waits_grow(client: Client) -> None:
    client.calls(0.5, 0.5, said=FAILED)

    assert client.rules() == []


def test_who_waits_by_moving_the_clock_has_waited(client: Client) -> None:
    for seconds in (1, 2, 4):
        client.call(THROTTLED)
        client.advance(seconds)
    client.call()

    assert client.rules() == []


def test_in_real_time_both_clocks_say_the_same(client: Client) -> None:
    for _ in range(2):
        client.call(THROTTLED)
        client.live(0.01)
    client.call()

    assert client.rules() == ["throttle-ignored"]


def test_who_repeats_what_no_retry_mends_is_hopeless(client: Client) -> None:
    client.calls(1, 2, said=WRONG, then=WRONG)

    (finding,) = client.findings()
    assert (finding.rule, finding.severity) == ("retry-hopeless", "error")
    assert finding.evidence == ("r1", "r2", "r3")


def test_who_dates_a_call_wrongly_twice_is_hopeless(client: Client) -> None:
    client.calls(1, said=MISDATED, then=MISDATED)

    (finding,) = client.findings()
    assert finding.rule == "retry-hopeless"
    assert "once more after AuthFailure.SignatureExpire, which no retry mends" in finding.sentence


@pytest.mark.parametrize("then", [ACCEPTED, FAILED, WRONG], ids=lambda said: said.code)
def test_who_dates_the_next_call_rightly_behaves(client: Client, then: Said) -> None:
    client.calls(1, said=MISDATED, then=then)

    assert client.rules() == []


def test_who_changes_a_refused_call_behaves(client: Client) -> None:
    client.call(WRONG)
    client.call(arguments='{"RoomId":2}')

    assert client.rules() == []


def test_a_minute_later_it_is_a_new_try(client: Client) -> None:
    client.call(WRONG)
    client.advance(61)
    client.call(WRONG)

    assert client.rules() == []


def test_of_a_refusal_nobody_knows_the_remedy_of_nothing_is_said(client: Client) -> None:
    client.calls(0, 0, 0, 0, said=UNKNOWN)

    assert client.rules() == []


def test_an_accepted_call_may_be_made_again_at_once(client: Client) -> None:
    client.calls(0, 0, 0, 0, said=ACCEPTED)

    assert client.rules() == []


def test_who_creates_again_after_a_lost_answer_may_have_two(client: Client) -> None:
    client.calls(1, said=CUT_OFF)

    (finding,) = client.findings()
    assert (finding.rule, finding.severity) == ("creation-repeated", "error")
    assert "once more after reset, without asking" in finding.sentence


def test_who_creates_again_while_the_first_is_still_answered_may_have_two(client: Client) -> None:
    client.call(LATE)
    client.sleep(10)
    client.call()

    (finding,) = client.findings()
    assert finding.rule == "creation-repeated"
    assert "after a slow answer" in finding.sentence


def test_who_waited_for_a_slow_answer_may_create_another(client: Client) -> None:
    client.call(LATE)
    client.sleep(31)
    client.call()

    assert client.rules() == []


def test_who_asks_before_creating_again_behaves(client: Client) -> None:
    client.call(CUT_OFF)
    client.sleep(1)
    client.call(action="DescribeSnapshotTask")
    client.call()

    assert client.rules() == []


def test_a_question_that_was_refused_makes_nothing_sure(client: Client) -> None:
    client.call(CUT_OFF)
    client.sleep(1)
    client.call(FAILED, action="DescribeSnapshotTask")
    client.call()

    assert client.rules() == ["creation-repeated"]


def start(client: Client, said: Said, task: str) -> None:
    client.call(said, action="StartSnapshot", task=task)
    client.sleep(1)


def test_who_names_the_task_may_create_it_again(client: Client) -> None:
    start(client, CUT_OFF, "lesson")
    start(client, ACCEPTED, "lesson")

    assert client.rules() == []


def test_who_names_it_otherwise_after_a_lost_answer_may_have_two(client: Client) -> None:
    start(client, CUT_OFF, "lesson")
    start(client, ACCEPTED, "lesson again")

    (finding,) = client.findings()
    assert (finding.rule, finding.severity) == ("creation-repeated", "error")
    assert "once more after reset, under another name" in finding.sentence
    assert finding.evidence == ("r1", "r2")


def test_who_asks_before_naming_it_otherwise_behaves(client: Client) -> None:
    start(client, CUT_OFF, "lesson")
    client.call(action="GetSnapshotTask")
    start(client, ACCEPTED, "lesson again")

    assert client.rules() == []


def test_who_was_answered_may_create_others(client: Client) -> None:
    for task in ("one", "two", "three"):
        start(client, ACCEPTED, task)

    assert client.rules() == []


def test_a_query_whose_answer_was_lost_may_be_made_again(client: Client) -> None:
    for said in (CUT_OFF, ACCEPTED):
        client.call(said, action="DescribeSnapshotTask")
        client.sleep(1)

    assert client.rules() == []


def test_errors_come_before_warnings(client: Client) -> None:
    client.calls(0, said=FAILED)
    client.calls(0, said=CUT_OFF)

    assert client.rules() == ["creation-repeated", "retry-too-soon", "retry-too-soon"]
