"""The journal's bounds."""

from datetime import UTC, datetime

import pytest

from emulator.model.call import Call, Claim
from emulator.model.entry import Entry
from emulator.model.error import ApiError, Refused
from emulator.model.http import Headers, Request, Response
from emulator.state.journal import Journal
from emulator.state.part import NoTurnError, Turns
from tests.state.turning import turning

KIB = 1024
NOW = datetime(2030, 1, 1, tzinfo=UTC)


def call(body: bytes = b"", nonce: str = "") -> Call:
    request = Request("POST", "/", "", Headers(()), body)
    return Call(request=request, claim=Claim(nonce=nonce))


class Written(Journal):
    """A journal whose every entry is a turn of its own."""

    def __init__(self, **bounds: int) -> None:
        self.turns = Turns()
        super().__init__(self.turns, "requests", **bounds)


def write(
    journal: Written, made: Call, answer: bytes = b"{}", error: Refused | None = None
) -> None:
    with turning(journal.turns):
        write_within(journal, made, answer, error)


def write_within(
    journal: Journal, made: Call, answer: bytes = b"{}", error: Refused | None = None
) -> None:
    entry = Entry(
        number=journal.written + 1,
        at=NOW,
        seconds=0.001,
        ended=1.0,
        vendor="tencent",
        call=made,
        response=Response(200, answer),
        request_id="id",
        error=error,
    )
    journal.add(entry)


def test_the_oldest_entries_go_when_there_are_too_many() -> None:
    journal = Written(max_entries=3)

    for _ in range(5):
        write(journal, call())

    assert [entry.number for entry in journal.after(0)] == [3, 4, 5]
    assert [entry.number for entry in journal.after(4)] == [5]
    assert journal.after(5) == ()


def test_the_oldest_entries_go_when_their_bytes_are_too_many() -> None:
    journal = Written(max_bytes=100 * KIB)

    for _ in range(5):
        write(journal, call(b"x" * 30 * KIB), b"y" * KIB)

    assert [entry.number for entry in journal.after(0)] == [3, 4, 5]


def test_of_a_large_call_what_it_sent_is_not_kept() -> None:
    journal = Written()
    error = ApiError("InvalidParameter", "value", value="z", path="z" * KIB * KIB).refused

    write(journal, call(b"x" * KIB * KIB, nonce="n" * KIB * KIB), b"y" * KIB * KIB, error)

    (entry,) = journal.after(0)
    assert entry.call.request.body == b""
    assert len(entry.call.claim.nonce) == KIB
    assert len(entry.response.body) == 64 * KIB
    assert entry.error
    assert entry.is_cut
    assert entry.error.facts == {"value": "(a large call)", "path": "z" * KIB}


def test_the_oldest_entries_go_when_their_heads_are_too_many() -> None:
    journal = Written(max_bytes=100 * KIB)

    for _ in range(5):
        request = Request("POST", "/" * 15 * KIB, "", Headers([(b"a", b"x" * 15 * KIB)]), b"")
        write(journal, Call(request=request, claim=Claim()))

    assert [entry.number for entry in journal.after(0)] == [3, 4, 5]


def test_of_a_large_head_only_the_beginnings_are_kept() -> None:
    journal = Written()
    headers = [(b"host", b"h" * KIB * KIB), *[(b"a", b"x")] * 100_000, (b"b", b"")]

    request = Request("POST", "/" * KIB * KIB, "", Headers(headers), b"")
    write(journal, Call(request=request, claim=Claim()))

    (entry,) = journal.after(0)
    kept = entry.call.request
    assert (kept.headers.get("host", ""), kept.path) == ("h" * KIB, "/" * KIB)
    assert kept.headers.all("a") == ("x",)


def test_many_large_calls_push_out_no_small_ones_by_their_bytes() -> None:
    journal = Written(max_bytes=KIB)
    write(journal, call(b"small"))

    for _ in range(100):
        write(journal, call(b"x" * KIB * KIB))

    assert len(journal) == 101


def test_an_entry_of_no_namespace_is_kept_outside_any_turn() -> None:
    journal = Written()
    write(journal, call())
    (entry,) = journal.items()

    journal.record(entry.but(number=2))
    with pytest.raises(NoTurnError):
        journal.add(entry.but(number=3))

    assert [each.number for each in journal.after(0)] == [1, 2]


def test_a_turn_that_is_undone_keeps_its_entries_and_tells_them_as_they_are_kept() -> None:
    journal = Written()

    with turning(journal.turns):
        write_within(journal, call(b"x" * KIB * KIB))
        journal.undo()
        changed = journal.changed()

    assert changed == journal.items()
    assert [each.is_cut for each in journal.items()] == [True]


def test_an_entry_that_pushes_out_one_of_its_own_turn_is_told_without_it() -> None:
    journal = Written(max_entries=2)
    other = Written(max_entries=2)
    write(journal, call())
    other.apply(journal.items())

    with turning(journal.turns):
        for _ in range(3):
            write_within(journal, call())
        changed = journal.changed()

    assert changed
    other.apply(changed)
    assert other.items() == journal.items()


def test_a_journal_that_was_dropped_begins_anew() -> None:
    journal = Written()
    write(journal, call())

    journal.drop()

    assert (journal.items(), journal.written) == ((), 0)
