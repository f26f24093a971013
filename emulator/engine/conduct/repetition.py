"""Conduct of whoever calls: what was called again, how soon, and after which answer.

A wait is counted on the clock that says longer. In real time both say the same; where a test moves
the namespace's clock, a client that waits by moving it has waited too.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from operator import attrgetter

from emulator.engine.conduct.norm import (
    GROWTH,
    PATIENT_SECONDS,
    RETRIES,
    RETRY_SECONDS,
    SOON_SECONDS,
    THROTTLED_SECONDS,
    Finding,
    found,
)
from emulator.engine.conduct.observation import Made
from emulator.model.error import Remedy


def findings(calls: Sequence[Made]) -> Iterator[Finding]:
    """Yield what is to be said of each run of one call and its retries."""
    reads = [call for call in calls if call.reads and call.remedy is None]
    for run in _runs(calls, attrgetter("same")):
        yield from _about(run, reads)
    for run in _runs([call for call in calls if call.names_its_task], attrgetter("alike")):
        if renamed := [each for each in pairwise(run) if _may_have_doubled(*each, reads)]:
            how = "under another name, without asking whether it had taken effect"
            yield _again("creation-repeated", renamed, how)


def _runs(
    calls: Sequence[Made], key: Callable[[Made], tuple[str, ...]]
) -> Iterator[Sequence[Made]]:
    """Yield each call that was repeated with its retries, those that followed a failure soon.

    The `key` says which are the same. What is repeated before it was answered follows a failure
    too, where a fault was slow.
    """
    open_runs: dict[tuple[str, ...], list[Made]] = {}
    for call in sorted(calls, key=lambda call: call.began):
        run = open_runs.setdefault(key(call), [])
        if run and not _is_retry(run[-1], call):
            yield tuple(run)
            run.clear()
        run.append(call)
    yield from map(tuple, open_runs.values())


def _is_retry(before: Made, call: Made) -> bool:
    failed = before.remedy is not None or _was_given_up(before, call)
    return failed and wait(before, call) <= RETRY_SECONDS


def _was_given_up(before: Made, call: Made) -> bool:
    return before.is_slow and call.began < before.ended


def wait(before: Made, call: Made) -> float:
    """Return the seconds from an answer to the next call, on the clock that says longer."""
    moved = (call.at - before.at).total_seconds() - before.seconds
    return max(call.began - before.ended, moved, 0)


def _about(run: Sequence[Made], reads: Sequence[Made]) -> Iterator[Finding]:
    pairs = list(pairwise(run))
    hopeless = [each for each in pairs if _is_hopeless(*each)]
    ignored = [each for each in pairs if _too_soon(each, Remedy.FEWER, THROTTLED_SECONDS)]
    hasty = [each for each in pairs if _too_soon(each, Remedy.AGAIN, SOON_SECONDS)]
    doubled = [each for each in pairs if _may_have_doubled(*each, reads)]
    if hopeless:
        yield _again("retry-hopeless", hopeless, "which no retry mends")
    if ignored:
        yield _again("throttle-ignored", ignored, f"at once ({_shortest(ignored)})")
    if hasty:
        yield _again("retry-too-soon", hasty, f"at once ({_shortest(hasty)})")
    if doubled:
        yield _again("creation-repeated", doubled, "without asking whether it had taken effect")
    if not ignored and not hasty and not hopeless and _has_no_backoff(pairs):
        waits = ", ".join(f"{wait(*pair):.3g}" for pair in pairs[:_SHOWN])
        yield _again("retry-without-backoff", pairs, f"after waits that do not grow ({waits} s)")


Pair = tuple[Made, Made]
_SHOWN = 6
_PASSING = (Remedy.AGAIN, Remedy.FEWER)


def _is_hopeless(before: Made, call: Made) -> bool:
    """Return whether a retry was in vain. One that was dated anew shows by its answer how."""
    is_misdated = before.remedy is Remedy.DATE is call.remedy
    return before.remedy is Remedy.CHANGE or is_misdated


def _too_soon(pair: Pair, remedy: Remedy, seconds: float) -> bool:
    return pair[0].remedy is remedy and wait(*pair) < seconds


def _may_have_doubled(before: Made, call: Made, reads: Sequence[Made]) -> bool:
    is_the_one = call.names_its_task and call.same == before.same
    if not call.creates or is_the_one or not (before.is_lost or _was_given_up(before, call)):
        return False
    account = call.same[:2]
    return not any(
        each.same[:2] == account and before.began < each.ended <= call.began for each in reads
    )


def _has_no_backoff(pairs: Sequence[Pair]) -> bool:
    waits = [wait(*pair) for pair in pairs]
    is_known = all(before.remedy in _PASSING for before, _ in pairs)
    if not is_known or len(waits) < RETRIES or max(waits) >= PATIENT_SECONDS:
        return False
    return max(waits[1:]) < GROWTH * waits[0]


def _shortest(pairs: Sequence[Pair]) -> str:
    return f"{min(wait(*pair) for pair in pairs) * 1000:.3g} ms"


def _again(rule: str, pairs: Sequence[Pair], how: str) -> Finding:
    (first, _), times = pairs[0], len(pairs)
    often = "once more" if times == 1 else f"{times} times more"
    codes = ", ".join(dict.fromkeys(before.code or "a slow answer" for before, _ in pairs))
    sentence = f"{first.subject} was called {often} after {codes}, {how}"
    return found(rule, sentence, tuple(dict.fromkeys(c.id for pair in pairs for c in pair)))
