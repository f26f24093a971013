import re
import string
from collections import Counter
from collections.abc import Callable
from math import log
from statistics import fmean, median, stdev
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.world.chance import SeededChance, fresh_seed

SEEDS = st.integers(0, 2**32) | st.text()
ASKED: dict[str, Callable[[SeededChance], Any]] = {
    "uuid": SeededChance.uuid,
    "hex": lambda chance: chance.hex(300),
    "text": lambda chance: chance.text(string.ascii_letters, 200),
    "between": lambda chance: chance.between(1, 10**9),
    "evenly": lambda chance: chance.evenly(0, 1),
    "lognormally": lambda chance: chance.lognormally(1, 1),
}
MANY = 10_000


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_the_same_seed_gives_the_same_answers_and_another_gives_others(
    ask: Callable[[SeededChance], Any],
) -> None:
    answers = {seed: ask(SeededChance(seed)) for seed in (1, 2, 11, "1/1", "1/2", "2/1", "")}

    assert {seed: ask(SeededChance(seed)) for seed in answers} == answers
    assert len(set(answers.values())) == len(answers)


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_the_next_answer_is_another(ask: Callable[[SeededChance], Any]) -> None:
    chance = SeededChance(1)

    assert len({ask(chance) for _ in range(100)}) == 100


def test_a_thousand_turns_of_a_hundred_seeds_give_different_ids() -> None:
    ids = {SeededChance(f"{seed}/{turn}").uuid() for seed in range(100) for turn in range(1000)}

    assert len(ids) == 100_000


@given(SEEDS, st.integers(0, 2000), st.sampled_from(sorted(ASKED)))
def test_chance_goes_on_from_its_seed_and_the_number_of_blocks(
    seed: int | str, digits: int, name: str
) -> None:
    one = SeededChance(seed)
    one.hex(digits)

    other = SeededChance(seed, one.blocks_taken)

    assert [ASKED[name](other), other.uuid()] == [ASKED[name](one), one.uuid()]


@given(SEEDS)
def test_uuids_are_of_version_four(seed: int | str) -> None:
    form = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

    assert re.fullmatch(form, SeededChance(seed).uuid())


@given(SEEDS, st.integers(0, 1000))
def test_hex_and_text_have_the_length_and_the_letters_asked_for(
    seed: int | str, length: int
) -> None:
    chance = SeededChance(seed)

    assert re.fullmatch(f"[0-9a-f]{{{length}}}", chance.hex(length))
    assert re.fullmatch(f"[xyz]{{{length}}}", chance.text("xyz", length))


@given(SEEDS, st.integers(), st.integers(0, 2**600))
def test_numbers_are_within_their_ends(seed: int | str, lowest: int, width: int) -> None:
    chance = SeededChance(seed)

    assert lowest <= chance.between(lowest, lowest + width) <= lowest + width
    assert chance.between(lowest, lowest) == lowest
    assert 2.5 <= chance.evenly(2.5, 4) < 4
    assert chance.lognormally(3, 0.5) > 0
    assert chance.lognormally(0, 0.5) == 0


def is_even(counts: Counter[Any], kinds: int) -> bool:
    """Return whether each is as frequent as one expects, give or take five standard deviations."""
    expected = counts.total() / kinds
    return len(counts) == kinds and all(
        abs(count - expected) < 5 * expected**0.5 for count in counts.values()
    )


def test_numbers_letters_and_digits_are_spread_evenly() -> None:
    chance = SeededChance(1)

    assert is_even(Counter(chance.between(1, 6) for _ in range(MANY)), 6)
    assert is_even(Counter(chance.text(string.digits, MANY)), 10)
    assert is_even(Counter(chance.hex(MANY)), 16)
    assert is_even(Counter(int(chance.evenly(0, 20)) for _ in range(MANY)), 20)


def test_logarithms_are_spread_normally_around_the_median() -> None:
    chance = SeededChance(1)

    drawn = [chance.lognormally(2, 0.5) for _ in range(MANY)]

    assert median(drawn) == pytest.approx(2, rel=0.03)
    logarithms = [log(each) for each in drawn]
    assert fmean(logarithms) == pytest.approx(log(2), abs=0.02)
    assert stdev(logarithms) == pytest.approx(0.5, rel=0.03)
    within = sum(abs(each - log(2)) < 0.5 for each in logarithms)
    assert within == pytest.approx(0.6827 * MANY, rel=0.03)


@pytest.mark.parametrize("probability", [0, 0.01, 0.3, 0.9, 1])
def test_things_happen_as_often_as_their_probability_says(probability: float) -> None:
    happened = sum(SeededChance(f"1/r/{n}").happens(probability) for n in range(MANY))

    spread = (MANY * probability * (1 - probability)) ** 0.5
    assert abs(happened - MANY * probability) <= 5 * spread


def test_fresh_seeds_differ() -> None:
    assert len({fresh_seed() for _ in range(20)}) > 1
