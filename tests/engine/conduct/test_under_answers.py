"""Clients that call again at once, whatever rules made of the answer, and such that wait."""

import asyncio
from contextlib import suppress

import pytest

from emulator.engine.conduct import observe, report
from emulator.model import fault as faults
from emulator.model.fault import Fault
from emulator.model.rule import Rule, When
from tests.engine.conduct.test_observation import call
from tests.server import InProcess

LOST = {"creation-repeated", "retry-too-soon"}
CASES: dict[str, tuple[Fault, set[str]]] = {
    "reset after": (faults.Reset(faults.ResetPoint.AFTER), LOST),
    "reset before": (faults.Reset(), LOST),
    "empty": (faults.EmptyReply(), LOST),
    "none": (faults.NoReply(), LOST),
    "malformed": (faults.MalformedJson(), LOST),
    "truncated": (faults.TruncatedBody(), LOST),
    "gateway": (faults.BadGateway(503), {"retry-too-soon"}),
    "page": (faults.ProxyPage(), {"retry-too-soon"}),
    "failure": (faults.Refuse("InternalError"), {"retry-too-soon"}),
    "throttle": (faults.Throttle(), {"throttle-ignored"}),
    "arrears": (faults.Denied("arrears"), {"retry-hopeless"}),
    "key": (faults.KeyDisabled(), {"retry-hopeless"}),
    "token": (faults.TokenExpired(), {"retry-hopeless"}),
    "parameter": (faults.Refuse("InvalidParameter"), {"retry-hopeless"}),
}


def rules(fault: Fault, *waits: float) -> set[str]:
    """Return what is said of who calls, and calls again after each wait."""
    emulator = InProcess()
    when = When(action="CreateSnapshotTask", times=1)
    with emulator.agenda.turn:
        emulator.agenda.faults.load([Rule("an incident", fault, when)], emulator.clock.now())
    for wait in (0, *waits):
        emulator.advance(wait)
        with suppress(ValueError):  # the answer is no JSON
            call(emulator)
    return {finding.rule for finding in report(asyncio.run(observe(emulator.agenda)))}


@pytest.mark.parametrize("name", CASES)
def test_who_calls_again_at_once_is_told_what_was_wrong_with_it(name: str) -> None:
    fault, expected = CASES[name]

    assert rules(fault, 0) == expected


@pytest.mark.parametrize("name", CASES)
def test_who_leaves_it_at_that_behaves(name: str) -> None:
    fault, _ = CASES[name]

    assert rules(fault) == set()


@pytest.mark.parametrize("name", ["gateway", "page", "failure", "throttle"])
def test_who_waits_before_the_retry_behaves(name: str) -> None:
    fault, _ = CASES[name]

    assert rules(fault, 2) == set()
