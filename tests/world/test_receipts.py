"""What came to the sink is kept, and bounded."""

from emulator.model.receipt import Receipt
from emulator.world.receipts import Receipts


def receipt(path: str, body: str = "") -> Receipt:
    return Receipt(path, {"a": "b"}, body)


def paths(receipts: Receipts, under: str = "") -> list[str]:
    return [each.path for each in receipts.under(under)]


def test_receipts_are_found_by_their_path_and_below_it() -> None:
    receipts = Receipts()
    for path in ("a", "a/b", "ab"):
        receipts.add(receipt(path))

    assert paths(receipts, "a") == ["a", "a/b"]
    assert paths(receipts) == ["a", "a/b", "ab"]


def test_the_oldest_go_when_there_are_too_many() -> None:
    receipts = Receipts(max_count=2)
    for path in "abc":
        receipts.add(receipt(path))

    assert paths(receipts) == ["b", "c"]


def test_the_oldest_go_when_they_are_too_large_together_but_the_newest_stays() -> None:
    receipts = Receipts(max_size=10)
    receipts.add(receipt("a", "12345"))
    receipts.add(receipt("b", "123"))
    before = paths(receipts)

    receipts.add(receipt("c", "1" * 100))

    assert (before, paths(receipts)) == (["b"], ["c"])
