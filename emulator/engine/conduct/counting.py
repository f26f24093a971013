"""Conduct of whoever gets results: that a part of them is not taken for the whole."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from emulator.engine.conduct.norm import COUNTED_SECONDS, Finding, found
from emulator.engine.conduct.observation import Ended, Observed


def findings(every: Iterable[Ended], observed: Observed) -> Iterator[Finding]:
    for ended in every:
        if left_out := ended.task.facts.get("left_out"):
            yield from _uncounted(ended, left_out, observed)


def _uncounted(ended: Ended, left_out: int, observed: Observed) -> Iterator[Finding]:
    task, since = ended.task, ended.task.facts["finished_at"]
    waited = (observed.now - since).total_seconds()
    if waited < COUNTED_SECONDS or _was_made_again(ended, since, observed):
        return
    sentence = (
        f"{ended.vendor} task {task.id} ended without {left_out} of its results, and "
        f"{ended.action} was not called again in {waited:.0f} s"
    )
    yield found("partial-accepted", sentence, (task.id,))


def _was_made_again(ended: Ended, since: datetime, observed: Observed) -> bool:
    """Return whether its action was called since; with which arguments is the client's to say."""
    return any(
        (call.vendor, call.action) == (ended.vendor, ended.action)
        and call.remedy is None
        and call.at > since
        for call in observed.calls
    )
