"""What came to the sink of a namespace, the newest of it."""

from collections import deque
from collections.abc import Sequence

from emulator.model.receipt import Receipt
from emulator.state.log import Log
from emulator.state.part import Turns


class Receipts(Log[Receipt]):
    """Keeps the newest so many, of so many characters in all; the newest in any case."""

    def __init__(
        self, turns: Turns, name: str, max_count: int = 10_000, max_size: int = 16 * 1024 * 1024
    ) -> None:
        super().__init__(turns, name)
        self._max_count = max_count
        self._max_size = max_size
        self._kept: deque[Receipt] = deque()
        self._size = 0

    def items(self) -> Sequence[Receipt]:
        return tuple(self._kept)

    def _clear(self) -> None:
        self._kept.clear()
        self._size = 0

    def under(self, path: str) -> Sequence[Receipt]:
        """Return what came to a path, or to any below it, the oldest first; to any, for ""."""
        return [
            each
            for each in self._kept
            if not path or each.path == path or each.path.startswith(f"{path}/")
        ]

    def _take(self, item: Receipt) -> None:
        self._kept.append(item)
        self._size += _size(item)
        while len(self._kept) > 1 and (
            len(self._kept) > self._max_count or self._size > self._max_size
        ):
            self._size -= _size(self._kept.popleft())


def _size(receipt: Receipt) -> int:
    headers = sum(len(name) + len(value) for name, value in receipt.headers.items())
    return len(receipt.path) + headers + len(receipt.body)
