"""Conduct of whoever waits for a task: that it asks where no callback told, and not too often.

Both are judged by the namespace's clock, on which tasks proceed. Where that stands, queries have
the same moment, and nothing is said of how often they come.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from emulator.engine.conduct.norm import (
    ASKING_SECONDS,
    ASKINGS,
    UNASKED_SECONDS,
    Finding,
    found,
)
from emulator.engine.conduct.observation import Ended, Made, Observed, words
from emulator.model.callback import Delivery, DeliveryState
from emulator.model.taskkey import TaskKey

_UNSENT = frozenset(("callback-lost", "task-silent"))


def findings(observed: Observed) -> Iterator[Finding]:
    told: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
    for delivery in observed.deliveries:
        told[delivery.callback.vendor, delivery.callback.task_id].append(delivery)
    for ended in observed.ended:
        yield from _unasked(ended, told[ended.vendor, ended.task.id], observed)
    yield from _often(observed.calls)


def _unasked(ended: Ended, deliveries: Sequence[Delivery], observed: Observed) -> Iterator[Finding]:
    """Yield what is to be said of a task whose callbacks came to nothing."""
    if not deliveries or not all(map(_came_to_nothing, deliveries)):
        return
    task, since = ended.task, max(each.callback.created_at for each in deliveries)
    waited = (observed.now - since).total_seconds()
    if waited < UNASKED_SECONDS or _was_asked(ended, since, observed.calls):
        return
    sentence = (
        f"{ended.vendor} task {task.id} ended, its callbacks came to nothing, and nobody has asked "
        f"for it in {waited:.0f} s"
    )
    yield found("never-asked", sentence, tuple(each.callback.id for each in deliveries))


def _came_to_nothing(delivery: Delivery) -> bool:
    return delivery.state is DeliveryState.GIVEN_UP or bool(_UNSENT & words(delivery.fault))


def _was_asked(ended: Ended, since: datetime, calls: Sequence[Made]) -> bool:
    """Return whether a query asked for it, or the answer to any other had it."""
    key, mark = ended.task.key, ended.task.id.encode()
    return any(
        call.at >= since and call.remedy is None and (key in call.asks or mark in call.answer)
        for call in calls
        if call.vendor == ended.vendor and call.reads
    )


def _often(calls: Sequence[Made]) -> Iterator[Finding]:
    queries: dict[TaskKey, list[Made]] = defaultdict(list)
    for call in calls:
        for key in call.asks:
            queries[key].append(call)
    for key, asked in queries.items():
        if hasty := _hasty(asked):
            seconds = (hasty[-1].at - hasty[0].at).total_seconds()
            sentence = f"task {key.id} was asked for {len(hasty)} times in {seconds:.3g} s"
            evidence = tuple(call.id for call in hasty)
            yield found("asked-too-often", f"{hasty[0].vendor} {sentence}", evidence)


def _hasty(asked: Sequence[Made]) -> Sequence[Made]:
    """Return the longest row of queries that came too soon one after another, () if it is short."""
    longest: list[Made] = []
    row = list(asked[:1])
    for before, call in pairwise(asked):
        apart = (call.at - before.at).total_seconds()
        row = [*row, call] if 0 < apart < ASKING_SECONDS else [call]
        longest = max(longest, row, key=len)
    return longest if len(longest) >= ASKINGS else ()
