"""How many distinct cases were generated and sent, by action and kind."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "allowed": ("minimal", "full", "one more", "one less", "ordinary"),
    "edge": ("boundary", "rule"),
    "ignored": ("unknown name", "null"),
    "random": ("random",),
    "absent": ("required",),
    "type": ("type",),
    "value": ("enum", "pattern", "minimum", "maximum", "contentMediaType"),
    "size": ("minLength", "maxLength", "maxBytes", "minItems", "maxItems", "uniqueBy"),
    "name": ("additionalProperties",),
    "rules": ("anyOf", "matches", "contains", "after", "within", "recent", "fits"),
    "once more": ("random violation",),
    "by rule": ("documented error",),
}


_AGREED = {True: "accepted by both", False: "refused by both"}


class Tally:
    """Counts each case once; `sent` counts every request that was made of one."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self.counts: dict[str, int] = {}

    def add(self, action: str, kind: str, key: str, sent: int = 1) -> None:
        if key not in self._seen:
            self._seen.add(key)
            self._count(f"{action}\t{kind}", 1)
        self._count(f"{action}\tsent", sent)

    def agree(self, action: str, is_allowed: bool) -> None:
        """Count a case of which jsonschema and the target said the same."""
        self._count(f"{action}\t{_AGREED[is_allowed]}", 1)

    def _count(self, label: str, number: int) -> None:
        self.counts[label] = self.counts.get(label, 0) + number


def table(properties: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Yield the lines of the report on all tests' tallies."""
    counts: Counter[tuple[str, str]] = Counter()
    for name, value in properties:
        if name == "cases":
            for label, number in value.items():
                action, _, kind = label.partition("\t")
                counts[action, kind] += number
    actions = sorted({action for action, _ in counts})
    if not actions:
        return
    yield f"{'':36}" + "".join(f"{name:>10}" for name in (*COLUMNS, "cases", "requests"))
    whole = [0] * (len(COLUMNS) + 2)
    for action in actions:
        row = [sum(counts[action, kind] for kind in kinds) for kinds in COLUMNS.values()]
        row += [sum(row), counts[action, "sent"]]
        whole = [total + number for total, number in zip(whole, row, strict=True)]
        yield _row(action, row)
    yield _row(f"{len(actions)} actions", whole)
    accepted, refused = (
        sum(counts[action, _AGREED[is_allowed]] for action in actions)
        for is_allowed in (True, False)
    )
    yield (
        f"jsonschema, fed the same specs, says of {accepted + refused} cases what was answered: "
        f"{accepted} accepted, {refused} refused"
    )


def _row(title: str, numbers: Iterable[int]) -> str:
    return f"{title:36}" + "".join(f"{number or '':>10}" for number in numbers)
