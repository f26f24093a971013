"""Conduct of whoever waits for a task: that it asks where no callback told, and not too often.

Both are judged by the namespace's clock, on which tasks proceed. Where that stands, queries have
the same moment, and nothing is said of how often they come.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from emulator.engine.delivery import SUCCESS
from emulator.model.callback import Delivery, DeliveryState
from emulator.model.taskkey import TaskKey

# What is never sent, or is about a task that nobody made.
_UNSENT = frozenset(("callback-lost", "callback-stray", "task-silent"))
_LATE = "callback-late"


Told = Mapping[tuple[str, str], Sequence[Delivery]]
"""The callbacks of each task, by its vendor and id."""


def told(deliveries: Iterable[Delivery], before: dict[tuple[str, str], list[Delivery]]) -> None:
    """Add callbacks to those of their tasks."""
    for delivery in deliveries:
        key = (delivery.callback.vendor, delivery.callback.task_id)
        before.setdefault(key, []).append(delivery)


def unasked(every: Iterable[Ended], told: Told, observed: Observed) -> Iterator[Finding]:
    """Yield what is to be said of tasks that ended and that nobody asked for."""
    reads = [call for call in observed.calls if call.reads and call.remedy is None]
    for ended in every:
        own = told.get((ended.vendor, ended.task.id), ())
        yield from _unasked(ended, own, observed.now, reads)


def _unasked(
    ended: Ended, deliveries: Sequence[Delivery], now: datetime, reads: Sequence[Made]
) -> Iterator[Finding]:
    """Yield what is to be said of a task that no callback told of, or none for a while."""
    if not deliveries or not all(map(_tells_nothing, deliveries)):
        return
    task, since = ended.task, max(each.callback.created_at for each in deliveries)
    until = min(filter(None, map(_came_late_at, deliveries)), default=now)
    waited = (until - since).total_seconds()
    if waited < UNASKED_SECONDS or _was_asked(ended, since, until, reads):
        return
    sentence = (
        f"{ended.vendor} task {task.id} ended, no callback told of it, and nobody has asked for "
        f"it in {waited:.0f} s"
    )
    yield found("never-asked", sentence, tuple(each.callback.id for each in deliveries))


def _tells_nothing(delivery: Delivery) -> bool:
    """Return whether it told nothing of its task, or nothing that was not known by then."""
    struck = words(delivery.fault)
    return delivery.state is DeliveryState.GIVEN_UP or bool((_UNSENT | {_LATE}) & struck)


def _came_late_at(delivery: Delivery) -> datetime | None:
    """Return when a callback that is late was taken at last."""
    if _LATE not in words(delivery.fault):
        return None
    return next((each.at for each in delivery.attempts if each.status == SUCCESS), None)


def _was_asked(ended: Ended, since: datetime, until: datetime, reads: Sequence[Made]) -> bool:
    """Return whether a query asked for it meanwhile, or the answer to any other had it."""
    key, mark = ended.task.key, ended.task.id.encode()
    return any(
        since <= call.at <= until and (key in call.asks or mark in call.answer)
        for call in reads
        if call.vendor == ended.vendor
    )


def too_often(calls: Sequence[Made]) -> Iterator[Finding]:
    """Yield what is to be said of queries of one task that came too soon one after another."""
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
