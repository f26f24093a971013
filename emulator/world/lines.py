"""Lines: how many connections each of many sharers may have open at once."""

import asyncio
import sys
from collections import deque


class Lines:
    """So many lines in all. A sharer may take another one while it has fewer than are still free.

    One sharer alone gets half of them, two get a third each, and there is always one left for a
    newcomer, however long the others keep theirs.
    """

    def __init__(self, total: int) -> None:
        self.free = total
        self._waiting: dict[Share, None] = {}

    def share(self) -> "Share":
        return Share(self)

    def take(self) -> None:
        self.free -= 1

    def wait(self, share: "Share") -> None:
        """Note that somebody waits for a line of the share."""
        self._waiting[share] = None

    def give_back(self) -> None:
        """Have a line free again; whoever waits and has the fewest gets it."""
        self.free += 1
        while self._waiting:
            share = min(self._waiting, key=lambda each: each.taken)
            if share.taken >= self.free:
                return
            if not share.serve():
                del self._waiting[share]


class Share:
    """The lines of one sharer, an asynchronous context; the first to come is the first to get one.

    Each use of the context is one line.
    """

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._queue: deque[asyncio.Future[None]] = deque()
        self.taken = 0

    async def __aenter__(self) -> None:
        if not self._queue and self.taken < self._lines.free:
            self._take()
            return
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        self._lines.wait(self)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self._give_back()
            raise

    async def __aexit__(self, *error: object) -> None:
        self._give_back()

    def serve(self) -> bool:
        """Give a line to the first in the queue who still waits; return whether there was one."""
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                self._take()
                turn.set_result(None)
                return True
        return False

    def _take(self) -> None:
        self._lines.take()
        self.taken += 1

    def _give_back(self) -> None:
        self.taken -= 1
        self._lines.give_back()


def connections() -> Lines:
    """Return the lines to receivers; half of the files that may be open are left for callers."""
    if sys.platform == "win32":
        return Lines(_MAX_CONNECTIONS)
    import resource  # noqa: PLC0415  # Windows has none

    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    is_unlimited = files == resource.RLIM_INFINITY
    return Lines(_MAX_CONNECTIONS if is_unlimited else min(_MAX_CONNECTIONS, files // 2))


_MAX_CONNECTIONS = 512
