"""The journal: the newest calls of a namespace, with their answers."""

from collections import deque
from collections.abc import Sequence
from itertools import islice, takewhile

from emulator.model.call import Call
from emulator.model.entry import Entry
from emulator.model.error import Refused
from emulator.model.http import Headers
from emulator.state.log import Log
from emulator.state.part import Turns


class Journal(Log[Entry]):
    """Keeps the newest entries, bounded by their number and by the bytes of what came and went.

    Of a call that is large, what it sent is not kept, and of a large answer its beginning only.
    Writing costs the same however many there are. `written` is the number of the newest entry.
    """

    def __init__(
        self, turns: Turns, name: str, max_entries: int = 1000, max_bytes: int = 4 * 1024 * 1024
    ) -> None:
        super().__init__(turns, name)
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._entries: deque[Entry] = deque()
        self._sizes: deque[int] = deque()
        self._bytes = 0
        self.written = 0

    def __len__(self) -> int:
        return len(self._entries)

    def record(self, entry: Entry) -> None:
        """Keep an entry outside any turn: of a call that belongs to no namespace."""
        self._take(entry)

    def changed(self) -> Sequence[Entry] | None:
        """Return the entries that the turn has added, as they are kept."""
        return tuple(self._entries)[-len(self._added) :] if self._added else None

    def items(self) -> Sequence[Entry]:
        return tuple(self._entries)

    def _clear(self) -> None:
        self._entries.clear()
        self._sizes.clear()
        self._bytes = 0
        self.written = 0

    def after(self, number: int) -> Sequence[Entry]:
        """Return the entries with greater numbers, the oldest first; costs as much as they are."""
        newest_first = takewhile(lambda entry: entry.number > number, reversed(self._entries))
        return tuple(newest_first)[::-1]

    def _take(self, item: Entry) -> None:
        size = _size(item)
        if size > _LARGE:
            item = _cut(item)
            size = _size(item)
        self.written = item.number
        entries, sizes = self._entries, self._sizes
        entries.append(item)
        sizes.append(size)
        self._bytes += size
        while self._bytes > self._max_bytes or len(entries) > self._max_entries:
            entries.popleft()
            self._bytes -= sizes.popleft()


_LARGE = 64 * 1024
_MAX_TEXT = 1024
_MAX_HEADERS = 64
_SENT = {"string_to_sign", "canonical_request", "value"}


def _size(entry: Entry) -> int:
    request = entry.call.request
    sent = len(request.path) + len(request.query) + request.headers.size + len(request.body)
    return sent + len(entry.response.body)


def _cut(entry: Entry) -> Entry:
    """Return the entry without what the call sent, which takes many times its bytes once parsed.

    Of the answer, only the beginning is kept, and of the path and the headers.
    """
    call, error, answer = entry.call, entry.error, entry.response
    request = call.request.but(
        path=call.request.path[:_MAX_TEXT],
        query="",
        headers=_cut_headers(call.request.headers),
        body=b"",
        query_fields=(),
        form_fields=(),
    )
    members = call.claim.members().items()
    texts = {name: value[:_MAX_TEXT] for name, value in members if isinstance(value, str)}
    claim = call.claim.but(**texts, signed_names=(), fields=())
    cut = Call(
        request=request,
        claim=claim,
        action=call.action,
        key=call.key,
        is_verified=call.is_verified,
    )
    answer = answer.but(body=answer.body[:_LARGE])
    return entry.but(call=cut, error=error and _cut_error(error), response=answer, is_cut=True)


def _cut_headers(headers: Headers) -> Headers:
    """Return the first value of some headers, the host's among them."""
    names = islice(dict.fromkeys(("host", *headers)), _MAX_HEADERS)
    texts = ((name[:_MAX_TEXT], headers.get(name, "")[:_MAX_TEXT]) for name in names)
    return Headers([(n.encode("latin-1"), v.encode("latin-1")) for n, v in texts])


def _cut_error(error: Refused) -> Refused:
    facts: dict[str, str | int] = {
        name: value if isinstance(value, int) else value[:_MAX_TEXT]
        for name, value in error.facts.items()
    }
    # What is secret in these cannot be told without what was sent.
    facts |= dict.fromkeys(_SENT & facts.keys(), "(a large call)")
    return error.but(facts=facts, violations=())
