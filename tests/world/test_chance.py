import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.world.chance import SeededChance, fresh_seed


def ids(seed: int) -> list[str]:
    chance = SeededChance(seed)
    return [chance.uuid(), chance.hex(32), chance.text(string.ascii_letters, 20)]


@given(st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_ids(seed: int) -> None:
    assert ids(seed) == ids(seed)
    assert ids(seed) != ids(seed + 1)


@given(st.integers(0, 2**32))
def test_uuids_are_of_version_four(seed: int) -> None:
    form = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"

    assert re.fullmatch(form, SeededChance(seed).uuid())


def test_fresh_seeds_differ() -> None:
    assert len({fresh_seed() for _ in range(20)}) > 1


@given(st.integers(0, 2**32), st.integers(0, 1000))
def test_chance_goes_on_from_its_state(seed: int, asked: int) -> None:
    one, other = SeededChance(seed), SeededChance(0)
    one.hex(asked)

    other.restore(one.state())

    assert [other.uuid(), other.between(1, 9)] == [one.uuid(), one.between(1, 9)]


@pytest.mark.parametrize("state", ["", "?", "AAAA", "/" * 3332 + "w==", "\u00e9"])
def test_what_is_no_state_changes_nothing(state: str) -> None:
    chance = SeededChance(1)

    with pytest.raises(ValueError, match=r"."):
        chance.restore(state)

    assert chance.uuid() == SeededChance(1).uuid()
