"""What came to the sink is kept, and bounded."""

from emulator.model.receipt import Receipt
from emulator.state.part import Turns
from emulator.state.receipts import Receipts
from tests.state.turning import turning


def receipts(*came: Receipt, **bounds: int) -> Receipts:
    """Return a log of receipts, each of which came in a turn of its own."""
    turns = Turns()
    log = Receipts(turns, "receipts", **bounds)
    for each in came:
        with turning(turns):
            log.add(each)
    return log


def receipt(path: str, body: str = "") -> Receipt:
    return Receipt(path, {"a": "b"}, body)


def paths(receipts: Receipts, under: str = "") -> list[str]:
    return [each.path for each in receipts.under(under)]


def test_receipts_are_found_by_their_path_and_below_it() -> None:
    log = receipts(*map(receipt, ("a", "a/b", "ab")))

    assert paths(log, "a") == ["a", "a/b"]
    assert paths(log) == ["a", "a/b", "ab"]


def test_the_oldest_go_when_there_are_too_many() -> None:
    log = receipts(*map(receipt, "abc"), max_count=2)

    assert paths(log) == ["b", "c"]


def test_the_oldest_go_when_they_are_too_large_together_but_the_newest_stays() -> None:
    came = [receipt("a", "12345"), receipt("b", "123")]
    before = receipts(*came, max_size=10)

    after = receipts(*came, receipt("c", "1" * 100), max_size=10)

    assert (paths(before), paths(after)) == (["b"], ["c"])
