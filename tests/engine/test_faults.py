"""When a rule strikes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from emulator.engine.faults import Faults
from emulator.engine.occasion import Occasion
from emulator.model.fault import (
    AnswerFault,
    CallbackFault,
    Interrupted,
    Lost,
    Refuse,
    Throttle,
)
from emulator.model.rule import Rule, Standing, When
from emulator.state.state import State
from emulator.world.chance import SeededChance

NOW = datetime(2030, 1, 1, tzinfo=UTC)
CALL = Occasion(
    vendor="tencent",
    product="tiw",
    action="CreateSnapshotTask",
    region="ap-singapore",
    parameters={"RoomId": 7, "Whiteboard": {"Width": 1}},
)


def loaded(*rules: Rule, seed: int = 1) -> Faults:
    """Return rules in a turn that is under way."""
    state = State()
    state.begin()
    faults = Faults(state, seed)
    faults.load(rules, NOW)
    return faults


def hits(faults: Faults, calls: int, occasion: Occasion = CALL, seconds: float = 0) -> list[int]:
    """Return the numbers, from 1, of the calls that were struck."""
    now = NOW + timedelta(seconds=seconds)
    return [n for n in range(1, calls + 1) if list(faults.striking(AnswerFault, occasion, now))]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (When(), [1, 2, 3, 4, 5, 6]),
        (When(vendor="tencent", product="tiw", region="ap-singapore"), [1, 2, 3, 4, 5, 6]),
        (When(vendor="alibaba"), []),
        (When(region="ap-guangzhou"), []),
        (When(action="CreateSnapshotTask"), [1, 2, 3, 4, 5, 6]),
        (When(action="DescribeSnapshotTask"), []),
        (When(parameters={"RoomId": 7}), [1, 2, 3, 4, 5, 6]),
        (When(parameters={"RoomId": 8}), []),
        (When(parameters={"Whiteboard": {"Width": 1}}), [1, 2, 3, 4, 5, 6]),
        (When(parameters={"Whiteboard.Width": 2}), []),
        (When(numbers=(1, 4)), [1, 4]),
        (When(every=3), [3, 6]),
        (When(times=2), [1, 2]),
        (When(every=2, times=2), [2, 4]),
        (When(probability=0), []),
        (When(event="SnapshotFinished"), []),
    ],
)
def test_a_rule_strikes_when_all_it_says_holds(when: When, expected: list[int]) -> None:
    faults = loaded(Rule("r", Throttle(), when))

    assert hits(faults, 6) == expected
    (rule,) = faults.every()
    assert rule.hits == len(expected)


def test_a_rule_strikes_between_its_moments_only() -> None:
    faults = loaded(Rule("r", Throttle(), When(from_seconds=10, until_seconds=20)))

    struck = [bool(hits(faults, 1, seconds=seconds)) for seconds in (0, 9.9, 10, 19.9, 20)]

    assert struck == [False, False, True, True, False]


def test_dice_are_thrown_by_the_seed_and_the_rules_name() -> None:
    rules = [Rule(name, Throttle(), When(probability=0.5)) for name in "ab"]

    def struck(seed: int, *chosen: Rule) -> list[int]:
        return hits(loaded(*chosen, seed=seed), 200)

    first = struck(1, rules[0])
    assert struck(1, rules[0]) == first
    assert struck(2, rules[0]) != first
    assert struck(1, rules[1]) != first
    assert 70 < len(first) < 130


def test_the_dice_of_an_occasion_follow_from_its_number_alone() -> None:
    faults = loaded(Rule("r", Throttle(), When(probability=0.01)))

    struck = hits(faults, 1000)

    dice = {n: SeededChance(f"1/r/{n}") for n in range(1, 1001)}
    assert struck == [n for n, chance in dice.items() if chance.happens(0.01)]
    assert struck


def test_a_fault_that_asks_dice_goes_on_with_those_of_its_occasion() -> None:
    certain, likely = Rule("a", Throttle()), Rule("b", Throttle(), When(probability=0.9))
    faults = loaded(certain, likely)

    drawn = [each.chance.uuid() for each in faults.strikes(AnswerFault, CALL, NOW)]

    dice = SeededChance("1/b/1")
    assert dice.happens(0.9)
    assert drawn == [SeededChance("1/a/1").uuid(), dice.uuid()]


def test_rules_are_values_in_two_tables() -> None:
    state = State()
    state.begin()
    faults = Faults(state, 1)
    faults.load([Rule("r", Throttle(), When(every=2)), Rule("other", Lost())], NOW)

    hits(faults, 5)
    other = Faults(state, 1)

    assert state.standings.rows == {"r": Standing(fitted=5, hits=2), "other": Standing()}
    assert other.every() == faults.every()
    assert hits(other, 3) == [1, 3]


def test_a_rule_that_is_off_or_gone_strikes_nothing() -> None:
    faults = loaded(Rule("r", Throttle()))

    faults.switch("r", is_on=False)
    assert hits(faults, 3) == []
    faults.switch("r", is_on=True)
    assert hits(faults, 1) == [1]
    faults.remove("r")
    assert (hits(faults, 1), faults.are_there) == ([], False)


def test_only_faults_of_the_kind_asked_for_strike_and_are_counted() -> None:
    faults = loaded(Rule("answer", Refuse("X")), Rule("callback", Lost()))

    struck: list[Any] = list(faults.striking(CallbackFault, CALL, NOW))

    assert struck == [Lost()]
    assert [each.hits for each in faults.every()] == [0, 1]


def test_a_rule_takes_the_place_of_one_of_its_name() -> None:
    faults = loaded(Rule("r", Throttle()))
    hits(faults, 2)

    faults.load([Rule("r", Refuse("X"))], NOW)

    (rule,) = faults.every()
    assert (rule.rule.fault, rule.hits) == (Refuse("X"), 0)


def test_rules_strike_in_their_order_whatever_they_ask_for() -> None:
    names = ["open", "of-room", "also-open", "of-list", "of-width", "of-another-room"]
    wanted: list[dict[str, Any]] = [
        {},
        {"RoomId": 7},
        {},
        {"Users": ["a"]},
        {"Whiteboard": {"Width": 1}, "RoomId": 7},
        {"RoomId": 8},
    ]
    faults = loaded(
        *(
            Rule(name, Throttle(), When(parameters=each))
            for name, each in zip(names, wanted, strict=True)
        )
    )
    occasion = CALL.but(parameters={**(CALL.parameters or {}), "Users": ["a"]})

    struck = [strike.rule for strike in faults.strikes(AnswerFault, occasion, NOW)]

    assert struck == names[:-1]


def test_a_value_that_is_a_list_fits_no_rule_for_another() -> None:
    faults = loaded(Rule("r", Throttle(), When(parameters={"RoomId": 7})))

    assert hits(faults, 1, CALL.but(parameters={"RoomId": [7]})) == []


def test_a_rule_that_cannot_strike_is_not_counted() -> None:
    faults = loaded(Rule("r", Throttle(), When(numbers=(1,))))

    assert not list(faults.strikes(AnswerFault, CALL, NOW, lambda fault: False))
    assert [strike.rule for strike in faults.strikes(AnswerFault, CALL, NOW)] == ["r"]


def test_what_concerns_an_action_is_found_anew_after_each_change_of_the_rules() -> None:
    faults = loaded(Rule("r", Throttle(), When(action="CreateSnapshotTask")))

    def concerned(action: str) -> list[str]:
        found = faults.concerning(AnswerFault, "tencent", "tiw", action)
        return [each.name for each in found]

    assert (concerned("CreateSnapshotTask"), concerned("StopRecording")) == (["r"], [])
    faults.switch("r", is_on=False)
    assert concerned("CreateSnapshotTask") == []
    faults.load([Rule("all", Throttle()), Rule("callback", Lost())], NOW)
    assert concerned("StopRecording") == ["all"]
    faults.switch("r", is_on=True)
    assert concerned("CreateSnapshotTask") == ["r", "all"]
    faults.remove("all")
    assert (concerned("CreateSnapshotTask"), concerned("StopRecording")) == (["r"], [])


def test_rules_are_found_however_many_actions_callers_claim() -> None:
    faults = loaded(Rule("r", Throttle(), When(action="a1500")))

    struck = [hits(faults, 1, CALL.but(action=f"a{number}")) for number in range(1501)]

    assert struck == [[]] * 1500 + [[1]]


def test_a_rule_with_a_moment_of_its_own_is_counted_whatever_it_asks() -> None:
    when = When(vendor="tencent", numbers=(2, 3), until_seconds=5)
    faults = loaded(Rule("r", Interrupted("live/d/a/s"), when))

    struck = [faults.comes("r", NOW) for _ in range(4)]
    struck.append(faults.comes("r", NOW + timedelta(seconds=5)))
    faults.switch("r", is_on=False)

    assert struck == [False, True, True, False, False]
    assert not faults.comes("r", NOW)
    assert not faults.comes("another", NOW)
    assert [(each.fitted, each.hits) for each in faults.every()] == [(4, 2)]
