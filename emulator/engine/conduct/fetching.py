"""Conduct of whoever fetches results: that a refusal is not the end of it, nor asked for twice."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from emulator.engine.conduct.norm import FETCHED_SECONDS, Finding, found
from emulator.engine.conduct.observation import Made, Observed
from emulator.model.fetch import Fetch

_EXPIRED = "result-expired"


def findings(observed: Observed) -> Iterator[Finding]:
    """Yield what is to be said of each file; only what a rule struck counts."""
    files: dict[str, list[Fetch]] = defaultdict(list)
    for fetch in observed.fetches:
        files[fetch.path].append(fetch)
    reads = [call for call in observed.calls if call.reads and call.remedy is None]
    for path, fetches in files.items():
        since = (observed.now - fetches[-1].at).total_seconds()
        if _is_given_up(fetches) and since >= FETCHED_SECONDS:
            sentence = f"{path} was refused ({fetches[-1].fault}), and not fetched in {since:.0f} s"
            yield found("result-given-up", sentence, (path,))
        if any(_is_in_vain(*pair, reads) for pair in pairwise(fetches)):
            sentence = f"{path} was fetched once more at an address that was over"
            yield found("expired-address-retried", sentence, (path,))


def _is_given_up(fetches: Sequence[Fetch]) -> bool:
    """Return whether the last was refused, and was not itself a second try."""
    *before, last = fetches
    return bool(last.fault) and not (before and before[-1].fault)


def _is_in_vain(before: Fetch, again: Fetch, reads: Sequence[Made]) -> bool:
    """Return whether nothing was asked since the address was over, so that it was the same."""
    has_asked = any(before.moment < call.ended <= again.moment for call in reads)
    return before.fault == _EXPIRED and not has_asked
