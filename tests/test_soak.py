"""The checks of the soak test on hand-made histories: they find each defect and nothing else."""

from collections.abc import Sequence
from math import inf
from random import Random
from typing import Any

import pytest

from tests.soak.__main__ import report
from tests.soak.disturbers.roundtrips import differences
from tests.soak.history import History
from tests.soak.linearizability import Checker
from tests.soak.listings import arrivals, doubles, gap
from tests.soak.model import PRESENCE, RESET, TASK, Model, Operation, value
from tests.soak.process import Process
from tests.soak.rule_times import RuleTimes
from tests.soak.run import MOVES, Outcome, third_and_end
from tests.soak.violation import Violations

Shown = dict[str, Any]


def problems(model: Model, *operations: Operation) -> list[str]:
    checker = Checker("a thing", model)
    for operation in operations:
        checker.feed(operation)
    return checker.settle()


def did(
    action: str, began: float, ended: float, value: Any = None, is_certain: bool = True
) -> Operation:
    return Operation("somebody", action, began, ended, value, is_certain)


# Histories.


def test_one_of_two_who_make_a_name_at_once_succeeds() -> None:
    refused = did("make: refused, it exists", 1, 4)

    assert problems(PRESENCE, did("make", 2, 3), refused) == []


def test_two_who_make_a_name_and_both_succeed_are_a_problem() -> None:
    (problem,) = problems(PRESENCE, did("make", 1, 4), did("make", 2, 3))

    assert problem.startswith("a thing: no legal order: got somebody make (1.000-4.000)")
    assert "expected the name not to exist; possible states: True" in problem


def test_a_name_may_be_made_twice_with_a_removal_between_that_overlaps_both() -> None:
    history = did("make", 1, 4), did("remove", 2, 8), did("make", 3, 9)

    assert problems(PRESENCE, *history) == []


def test_who_sees_nothing_after_somebody_was_told_that_it_is_there_is_a_problem() -> None:
    assert problems(PRESENCE, did("make", 1, 2), did("miss", 3, 4))


def test_who_sees_nothing_while_it_is_made_is_right() -> None:
    assert problems(PRESENCE, did("make", 1, 4), did("miss", 2, 3)) == []


def test_a_value_that_is_read_after_another_was_written_is_a_lost_update() -> None:
    history = did("write", 1, 2, "old"), did("write", 3, 4, "new"), did("read", 5, 6, "old")

    (problem,) = problems(value(""), *history)

    assert "got somebody read old (5.000-6.000), expected to read 'new'" in problem


def test_a_value_that_was_read_does_not_come_back() -> None:
    writes = did("write", 1, 2, "old"), did("write", 3, 9, "new")

    assert problems(value(""), *writes, did("read", 4, 5, "new"), did("read", 6, 7, "new")) == []
    assert problems(value(""), *writes, did("read", 4, 5, "new"), did("read", 6, 7, "old"))


def test_a_call_without_an_answer_may_have_taken_effect_or_not() -> None:
    lost = did("make", 1, 2, is_certain=False)

    assert problems(PRESENCE, lost, did("see", 3, 4)) == []
    assert problems(PRESENCE, lost, did("miss", 3, 4)) == []
    assert problems(PRESENCE, lost, did("see", 3, 4), did("miss", 5, 6))


def test_a_call_without_an_answer_takes_no_effect_after_it_has_ended() -> None:
    lost = did("make", 1, 2, is_certain=False)

    assert problems(PRESENCE, lost, did("miss", 3, 4), did("see", 5, 6))


def test_after_a_reset_all_is_as_at_first() -> None:
    before = did("make", 1, 2), did(RESET, 3, 4)

    assert problems(PRESENCE, *before, did("make", 5, 6)) == []
    assert problems(PRESENCE, *before, did("see", 5, 6))


def test_what_goes_on_during_a_reset_is_before_or_after_it() -> None:
    made = did("make", 1, 2)

    assert problems(PRESENCE, made, did(RESET, 3, 6), did("see", 4, 5)) == []
    assert problems(PRESENCE, made, did(RESET, 3, 6), did("miss", 4, 5)) == []


def test_a_reset_ends_what_came_of_a_problem() -> None:
    history = did("make", 1, 2), did("make", 3, 4), did("make", 5, 6), did(RESET, 7, 8)

    assert len(problems(PRESENCE, *history, did("make", 9, 10))) == 1
    assert len(problems(PRESENCE, *history, did("make", 9, 10), did("make", 11, 12))) == 2


def test_a_task_goes_on_and_never_back() -> None:
    made = did("make", 1, 2)

    assert problems(TASK, made, did("see", 3, 4, "Running"), did("see", 5, 6, "Finished")) == []
    assert problems(TASK, made, did("see", 3, 4, "Finished"), did("see", 5, 6, "Running"))


def test_a_task_that_succeeded_does_not_fail_later() -> None:
    assert problems(TASK, did("make", 1, 2), did("see", 3, 4, "Success"), did("see", 5, 6, "Fail"))


def test_an_id_that_comes_twice_is_a_problem() -> None:
    assert problems(TASK, did("make", 1, 2), did("make", 3, 4))


@pytest.mark.parametrize("seed", range(50))
def test_every_history_that_did_happen_is_legal(seed: int) -> None:
    """Each operation takes effect at a moment of its own, somewhere within it."""
    chance = Random(seed)
    moments = sorted(chance.uniform(0, 10) for _ in range(40))
    state, history = False, []
    for moment in moments:
        actions = ["make" if not state else "make: refused, it exists"]
        actions += ["remove" if state else "remove: refused, it does not exist"]
        actions += ["see" if state else "miss"]
        action = chance.choice(actions)
        span = moment - chance.random(), moment + chance.random()
        history.append(did(action, *span, is_certain=chance.random() < 0.8))
        state = {"make": True, "remove": False}.get(action, state)
    chance.shuffle(history)

    assert problems(PRESENCE, *history) == []


# The history of all things.


def test_a_call_under_way_puts_judging_off() -> None:
    violations = Violations(lambda text: None)
    history = History(violations)

    with history.span("slow") as slow:
        for _ in range(2):
            with history.span("quick") as quick:
                quick.note(("name", "a"), PRESENCE, "make")
        history.settle()
        before = violations.total
        slow.note(("name", "a"), PRESENCE, "remove")
    history.settle(is_over=True)

    assert (before, violations.total) == (0, 0)


def test_a_reset_is_part_of_every_history_but_of_those_that_begin_later() -> None:
    violations = Violations(lambda text: None)
    history = History(violations)

    for _ in range(3):
        with history.span("client") as span:
            span.note(("name", "a"), PRESENCE, "make")
        with history.reset("resets"):
            assert history.epoch is None
        history.settle()
    with history.span("client") as span:
        span.note(("name", "b"), PRESENCE, "miss")
    history.settle(is_over=True)

    assert violations.total == 0
    assert history.epoch == 6


def test_a_double_success_is_told_once_with_its_thing() -> None:
    told: list[str] = []
    history = History(Violations(told.append))

    for _ in range(2):
        with history.span("client") as span:
            span.note(("name", "a"), PRESENCE, "make")
    history.settle(is_over=True)

    (text,) = told
    assert text.startswith("violation: history of name: a: no legal order: got client make")


def test_what_a_call_may_have_done_long_ago_explains_what_is_seen_now() -> None:
    violations = Violations(lambda text: None)
    history = History(violations)

    with history.span("client") as lost:
        pass
    with history.span("callback") as span:
        span.note(("task", "a"), TASK, "make", is_certain=False, began=lost.began)
        span.note(("task", "a"), TASK, "see", "Finished")
    history.settle(is_over=True)

    assert violations.total == 0


def test_an_id_that_comes_again_after_a_reset_is_new() -> None:
    violations = Violations(lambda text: None)
    history = History(violations)

    for _ in range(2):
        with history.span("client") as lost:
            pass
        with history.span("callback") as span:
            span.note(("task", "a"), TASK, "make", is_certain=False, began=lost.began)
            span.note(("task", "a"), TASK, "see", "Running")
        with history.reset("resets"):
            pass
        history.settle()

    assert violations.total == 0


# Numbers, callbacks, documents.


@pytest.mark.parametrize(
    ("numbers", "after", "said"),
    [
        ([], 0, ""),
        ([1, 2, 3], 0, ""),
        ([7, 8], None, ""),
        ([1, 3], 0, "expected 2 after 1, got 3"),
        ([1, 1], 0, "expected 2 after 1, got 1"),
        ([5, 6], 3, "expected 4 after 3, got 5"),
    ],
)
def test_a_gap_is_found(numbers: Sequence[int], after: int | None, said: str) -> None:
    assert gap(numbers, after) == said


def test_what_comes_twice_is_named() -> None:
    assert doubles(["a", "b", "a"]) == ["a"]


def callback(path: str, *statuses: int) -> Shown:
    return {"url": f"http://receiver{path}", "attempts": [{"status": each} for each in statuses]}


@pytest.mark.parametrize(
    ("statuses", "came", "is_right"),
    [
        ((200,), 1, True),
        ((500, 200), 2, True),
        ((0, 200), 1, True),
        ((0, 200), 2, True),
        ((200,), 2, False),
        ((500, 200), 1, False),
    ],
)
def test_as_many_callbacks_come_as_were_sent(
    statuses: tuple[int, ...], came: int, is_right: bool
) -> None:
    sent = [callback("/snapshot-1", *statuses), callback("/elsewhere", 200)]

    wrong = arrivals(sent, {"/snapshot-1": came, "/elsewhere": 0}, "http://receiver")

    assert (wrong == []) is is_right


def document(**sections: Any) -> Shown:
    return {"timeline": [], "callbacks": [], "counters": {"events": 1}, **sections}


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (document(tasks=[{"id": "a"}]), []),
        (document(tasks=[{"id": "b"}]), ['tasks[0].id: expected "a", got "b"']),
        (document(tasks=[]), ['tasks: expected [{"id": "a"}], got []']),
        (
            document(tasks=[{"id": "a"}], more=1),
            ["more: expected null, got 1"],
        ),
    ],
)
def test_a_document_that_comes_back_changed_is_told_with_the_path(
    other: Shown, said: Sequence[str]
) -> None:
    assert differences(document(tasks=[{"id": "a"}]), other) == said


def test_a_callback_that_was_being_sent_is_planned_again_and_none_else() -> None:
    sending = [{"callback": {"id": "c"}, "state": "pending"}]
    planned = [{"number": 2, "attempt": {"callback_id": "c"}}]
    before = document(callbacks=sending)
    counters = {"events": 2}

    after = document(callbacks=sending, timeline=planned, counters=counters)
    assert differences(before, after) == []
    assert differences(document(), document(timeline=planned, counters=counters))


# The rest.


def test_rules_may_strike_what_overlaps_their_time() -> None:
    rule_times = RuleTimes()
    rule_times.begin()
    rule_times.end()
    ((since, until),) = rule_times._times

    assert rule_times.may_strike(since - 1, until + 1)
    assert not rule_times.may_strike(until, until + 1)
    assert not rule_times.may_strike(since - 1, since)
    rule_times.begin()
    assert rule_times.may_strike(until + 1, inf)


def test_a_mistake_in_the_log_is_shown_once_with_its_cause(tmp_path: Any) -> None:
    log = tmp_path / "log"
    log.write_text(
        "t WARNING emulator: forgets the oldest\n"
        "t ERROR emulator: failed here; this is our mistake\n"
        "    Traceback (most recent call last):\n"
        "      File …\n"
        "    KeyError: 'a'\n"
        "half a li"
    )
    process = Process(None, "", log)  # type: ignore[arg-type]  # only its log is read

    found = process.mistakes()

    assert found == ["t ERROR emulator: failed here; this is our mistake | KeyError: 'a'"]
    assert process.mistakes() == []


def test_memory_is_compared_from_the_first_third_on() -> None:
    assert third_and_end([(0, 10), (1, 20), (2, 30), (3, 40)]) == (20, 40)
    assert third_and_end([]) == (0, 0)


def test_violations_beyond_the_first_ones_are_counted_only() -> None:
    told: list[str] = []
    violations = Violations(told.append)

    for number in range(100):
        violations.add("limit", str(number))

    assert violations.total == 100
    assert told[0] == "violation: limit: 0"
    assert told[-1] == "violation: limit: further ones are only counted"
    assert len(told) == 11


def test_the_report_ends_with_the_violations_and_the_seed() -> None:
    violations = Violations(lambda text: None)
    violations.add("limit", "too many")

    *_, last = report(Outcome(seed=7), violations)

    assert last == "violations  1: 1 limit; seed 7"


def test_callers_use_every_vendor() -> None:
    modules = {move.__module__.rpartition(".")[2] for move in MOVES}

    assert modules == {"live", "tiw", "ice", "rtc"}
