"""Rules that strike none of the calls that are measured."""

from collections.abc import Sequence

OF_OTHERS, OF_THIS_ONE = 100, 10
# What keeps a rule from striking, for the number of the rule.
_QUIET: Sequence[str] = (
    "parameters = {{ RoomId = {number} }}",
    "parameters = {{ SdkAppId = 1400123480, RoomId = {number} }}",
    "numbers = [{number}000000]",
    "every = 1000000",
    "probability = 0",
    "probability = 0.000000001",
    "from_seconds = {number}00000",
    'region = "ap-guangzhou"',
)
_FAULTS: Sequence[str] = ("throttle", "malformed-json", "latency", "task-stuck", "task-silent")


def of_others() -> str:
    """Return a scenario whose rules aim at an action that is not called."""
    return _scenario("DescribeSnapshotTask", ("",), OF_OTHERS)


def of_this_one() -> str:
    """Return a scenario whose rules aim at the action that is called, each for its own reason."""
    return _scenario("CreateSnapshotTask", _QUIET, OF_THIS_ONE)


def _scenario(action: str, reasons: Sequence[str], count: int) -> str:
    rules = [
        _rule(action, reasons[number % len(reasons)].format(number=number), number)
        for number in range(1, count + 1)
    ]
    return "\n".join(['title = "Rules that do not strike"', *rules])


def _rule(action: str, reason: str, number: int) -> str:
    fault = "throttle" if not reason else _FAULTS[number % len(_FAULTS)]
    seconds = "seconds = 1" if fault == "latency" else ""
    return "\n".join(["[[rules]]", f'fault = "{fault}"', f'action = "{action}"', reason, seconds])
