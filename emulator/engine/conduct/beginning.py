"""Conduct of whoever begins what goes on: that it is not begun twice, nor for nobody."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from emulator.engine.conduct.norm import BEGUN_SECONDS, Finding, found
from emulator.engine.conduct.observation import Made, Observed, Twins


def findings(observed: Observed) -> Iterator[Finding]:
    for twins in observed.twins:
        yield _twice(twins)
    alike: dict[tuple[str, ...], list[Made]] = defaultdict(list)
    for call in observed.calls:
        if call.creates and call.remedy is None:
            alike[call.alike].append(call)
    for calls in alike.values():
        if again := [call for pair in pairwise(calls) if _is_for_nobody(*pair) for call in pair]:
            yield _for_nobody(tuple(dict.fromkeys(again)))


def _twice(twins: Twins) -> Finding:
    sentence = f"{twins.vendor} {twins.action} began {len(twins.tasks)} equal tasks that go on"
    return found("started-twice", f"{sentence} at once", tuple(task.id for task in twins.tasks))


def _is_for_nobody(before: Made, call: Made) -> bool:
    """Return whether a task was begun where nobody was, as one was some time before."""
    apart = (call.at - before.at).total_seconds()
    return before.is_for_nobody and call.is_for_nobody and apart >= BEGUN_SECONDS


def _for_nobody(calls: Sequence[Made]) -> Finding:
    sentence = f"{calls[0].subject} was called {len(calls)} times in a row where nobody was"
    return found("started-for-nobody", sentence, tuple(call.id for call in calls))
