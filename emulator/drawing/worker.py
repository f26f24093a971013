"""The worker that draws: one picture at a time in a thread of its own, each namespace in turn."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from emulator.drawing.size import require_drawable
from emulator.model.result import Format, Picture

Pieces = Callable[[Picture, Format], Iterator[bytes]]


class _Key(NamedTuple):
    """A picture for a namespace, so that nobody waits in another's queue."""

    namespace: str
    picture: Picture
    kind: Format


class _Drawing:
    """A picture that several may wait for; the thread stops where nobody is `waiting` any more."""

    def __init__(self, key: _Key) -> None:
        self.key = key
        self.waiting = 0
        self.done: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()


class Worker:
    """Draws off the event loop, and keeps the files that were asked for last.

    One thread draws one picture at a time. Namespaces take turns, so that hundreds of pictures of
    one delay another's by one picture. What everybody has stopped waiting for is not drawn to its
    end. The first picture starts the thread, and `stop` ends it.
    """

    def __init__(
        self, pieces: Pieces | None = None, max_kept_bytes: int = 64 * 1024 * 1024
    ) -> None:
        self._pieces = pieces
        self._max_kept_bytes = max_kept_bytes
        self._kept: OrderedDict[tuple[Picture, Format], bytes] = OrderedDict()
        self._kept_bytes = 0
        self._waiting: OrderedDict[str, OrderedDict[_Key, _Drawing]] = OrderedDict()
        self._drawn: _Drawing | None = None
        self._thread: ThreadPoolExecutor | None = None
        self._is_stopped = False

    async def draw(self, namespace: str, picture: Picture, kind: Format) -> bytes:
        """Return the file of a picture, the same bytes each time; raises TooLargeError."""
        if (kept := self._kept.get((picture, kind))) is not None:
            self._kept.move_to_end((picture, kind))
            return kept
        require_drawable(picture)
        drawing = self._asked(_Key(namespace, picture, kind))
        drawing.waiting += 1
        self._begin()
        try:
            # Shielded: who stops waiting does not end it for the others.
            return await asyncio.shield(drawing.done)
        finally:
            drawing.waiting -= 1
            if not drawing.waiting:
                self._withdraw(drawing)

    def stop(self) -> None:
        """Draw nothing any more, and end the thread after the strip that it is drawing."""
        self._is_stopped = True
        waiting = [each for queue in self._waiting.values() for each in queue.values()]
        for drawing in (*waiting, *((self._drawn,) if self._drawn else ())):
            drawing.done.cancel()
        self._waiting.clear()
        if self._thread:
            self._thread.shutdown(wait=True, cancel_futures=True)

    def _asked(self, key: _Key) -> _Drawing:
        """Return the drawing that others wait for already, or a new one at the queue's end."""
        if self._drawn and self._drawn.key == key and self._drawn.waiting:
            return self._drawn
        queue = self._waiting.setdefault(key.namespace, OrderedDict())
        if key not in queue:
            queue[key] = _Drawing(key)
        return queue[key]

    def _withdraw(self, drawing: _Drawing) -> None:
        queue = self._waiting.get(drawing.key.namespace)
        if queue and queue.get(drawing.key) is drawing:
            del queue[drawing.key]
            if not queue:
                del self._waiting[drawing.key.namespace]

    def _begin(self) -> None:
        """Have the thread draw the first picture of the namespace whose turn it is, if it is free.

        What was drawn meanwhile, for another namespace, is answered at once.
        """
        while self._waiting and not self._drawn and not self._is_stopped:
            namespace, queue = self._waiting.popitem(last=False)
            key, drawing = queue.popitem(last=False)
            if queue:
                self._waiting[namespace] = queue
            if (kept := self._kept.get((key.picture, key.kind))) is not None:
                drawing.done.set_result(kept)
                continue
            self._drawn = drawing
            self._thread = self._thread or ThreadPoolExecutor(1, "drawing")
            loop = asyncio.get_running_loop()
            drawn = loop.run_in_executor(self._thread, self._file, drawing)
            drawn.add_done_callback(self._end)

    def _file(self, drawing: _Drawing) -> bytes | None:
        """Draw in the thread; return None where nobody waits for it any more."""
        if self._pieces is None:
            # Imported with the first picture: it takes as long as much of the server's start.
            from emulator.drawing.imagefile import pieces

            self._pieces = pieces
        drawn = []
        for piece in self._pieces(drawing.key.picture, drawing.key.kind):
            if not drawing.waiting or self._is_stopped:
                return None
            drawn.append(piece)
        return b"".join(drawn)

    def _end(self, drawn: "asyncio.Future[bytes | None]") -> None:
        drawing, self._drawn = self._drawn, None
        assert drawing
        error = None if drawn.cancelled() else drawn.exception()
        file = None if drawn.cancelled() or error else drawn.result()
        if file is not None:
            self._keep(drawing.key, file)
        if not drawing.done.done():
            if file is not None:
                drawing.done.set_result(file)
            elif error and drawing.waiting:
                drawing.done.set_exception(error)
            else:
                drawing.done.cancel()
        self._begin()

    def _keep(self, key: _Key, file: bytes) -> None:
        self._kept[key.picture, key.kind] = file
        self._kept_bytes += len(file)
        while self._kept_bytes > self._max_kept_bytes:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= len(oldest)
