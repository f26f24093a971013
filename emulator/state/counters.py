"""Numbers that only rise."""

from collections.abc import Mapping, Sequence

from emulator.state.part import Part, Turns


class Counters(Part):
    """Numbers by name, 0 until they are counted. A turn's changes are all of them: they are few."""

    def __init__(self, turns: Turns, name: str) -> None:
        super().__init__(turns, name)
        self._numbers: dict[str, int] = {}
        self._before: dict[str, int] | None = None

    def get(self, name: str) -> int:
        return self._numbers.get(name, 0)

    def count(self, name: str, by: int = 1) -> int:
        """Return the next number of a name. Raises NoTurnError."""
        numbers = self._numbers
        if self._before is None:
            self._turns.touch(self)
            self._before = dict(numbers)
        number = numbers[name] = numbers.get(name, 0) + by
        return number

    def items(self) -> Sequence[tuple[str, int]]:
        return tuple(self._numbers.items())

    def changed(self) -> Mapping[str, int] | None:
        return None if self._before is None else dict(self._numbers)

    def settle(self) -> None:
        self._before = None

    def undo(self) -> None:
        if self._before is not None:
            self._numbers, self._before = self._before, None

    def apply(self, changes: Mapping[str, int]) -> None:
        self._numbers.update(changes)

    def drop(self, at_most: int = 0) -> bool:
        self._numbers.clear()
        return False
