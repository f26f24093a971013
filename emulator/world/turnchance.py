"""Random values of turns: those of a turn follow from the seed and the number of the turn."""

from emulator.state.state import State
from emulator.world.chance import SeededChance


class TurnChance:
    """The random values of the turn that is under way.

    Turns are numbered as they first ask for one, so that a turn that asks for none, such as the
    outcome of a delivery, changes no value of the others.
    """

    def __init__(self, state: State, seed: int) -> None:
        self._state = state
        self._seed = seed
        self._turn = -1
        self._chance = SeededChance(seed)

    def uuid(self) -> str:
        return self._of_turn().uuid()

    def hex(self, digits: int) -> str:
        return self._of_turn().hex(digits)

    def text(self, alphabet: str, length: int) -> str:
        return self._of_turn().text(alphabet, length)

    def between(self, lowest: int, highest: int) -> int:
        return self._of_turn().between(lowest, highest)

    def _of_turn(self) -> SeededChance:
        turns = self._state.turns
        if self._turn != turns.begun:
            self._turn = turns.begun
            number = self._state.counters.count(_NUMBER)
            self._chance = SeededChance(f"{self._seed}/{number}")
        return self._chance


_NUMBER = "random turns"
