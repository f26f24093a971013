"""The journal: the newest calls of a namespace, with their answers."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

from emulator.model.call import Call, Claim
from emulator.model.entry import Entry
from emulator.model.error import ApiError
from emulator.model.http import Response
from emulator.world.alarm import Bell


class Journal:
    """Keeps the newest entries, bounded by their number and by the bytes of their bodies.

    Of a call that is large, what it sent is not kept, and of a large answer its beginning only.
    Writing costs the same however many there are. The bell rings at each entry.
    """

    def __init__(
        self, bell: Bell, max_entries: int = 1000, max_bytes: int = 4 * 1024 * 1024
    ) -> None:
        self.bell = bell
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._entries: deque[Entry] = deque()
        self._sizes: deque[int] = deque()
        self._bytes = 0
        self.written = 0

    def __len__(self) -> int:
        return len(self._entries)

    def write(
        self,
        at: datetime,
        began: float,
        ended: float,
        vendor: str,
        call: Call,
        response: Response,
        request_id: str,
        error: ApiError | None = None,
        code: str = "",
        message: str = "",
    ) -> None:
        self.written += 1
        size = len(call.request.body) + len(call.request.query)
        if size > _LARGE:
            call, size = _cut(call), 0
            error = error and _cut_error(error)
        if len(response.body) > _LARGE:
            response = response._replace(body=response.body[:_LARGE])
        size += len(response.body)
        self._entries.append(
            Entry(
                self.written,
                at,
                ended - began,
                ended,
                vendor,
                call,
                response,
                request_id,
                error,
                code,
                message,
            )
        )
        self._sizes.append(size)
        self._bytes += size
        while len(self._entries) > self._max_entries or self._bytes > self._max_bytes:
            self._entries.popleft()
            self._bytes -= self._sizes.popleft()
        self.bell.ring()

    def after(self, number: int) -> Sequence[Entry]:
        """Return the entries with greater numbers, the oldest first; costs as much as they are."""
        newest_first = takewhile(lambda entry: entry.number > number, reversed(self._entries))
        return tuple(newest_first)[::-1]


_LARGE = 64 * 1024
_MAX_TEXT = 1024


def _cut(call: Call) -> Call:
    """Return the call without what it sent, whose parsed values take many times its bytes."""
    request = call.request._replace(query="", body=b"", query_fields=(), form_fields=())
    claimed = (
        value[:_MAX_TEXT] if isinstance(value, str) else value
        for value in call.claim._replace(signed_names=(), fields=())
    )
    return Call(request, Claim._make(claimed), call.action, call.key, call.is_verified)


def _cut_error(error: ApiError) -> ApiError:
    facts = {
        name: value if isinstance(value, int) else str(value)[:_MAX_TEXT]
        for name, value in error.facts.items()
    }
    return ApiError(error.code, error.variant, error.reason, **facts)
