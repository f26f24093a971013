"""Clients that cope with what rules do to their callbacks, and such that do not."""

import asyncio

import pytest

from emulator.engine.conduct import observe, report
from emulator.model.fault import (
    BadSignature,
    Doubled,
    ExpiredSignature,
    Fault,
    Late,
    Lost,
    OldKey,
    Silent,
)
from tests.flows.faults import Incident
from tests.flows.test_callback_faults import VENDORS

PATIENCE_SECONDS = 120


class Case(Incident):
    """An incident whose server answers with a status, whatever comes."""

    def __init__(self, *faults: Fault, status: int = 200) -> None:
        super().__init__()
        self.status = status
        self.load(*faults)

    def rules(self) -> list[str]:
        found = report(asyncio.run(observe(self.emulator.agenda)))
        return list(dict.fromkeys(finding.rule for finding in found))


@pytest.mark.parametrize("vendor", ["tiw", "live", "ice", "rtc"])
@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        (BadSignature(), "bad-signature-accepted"),
        (ExpiredSignature(), "expired-signature-accepted"),
    ],
    ids=["bad", "expired"],
)
def test_who_verifies_is_told_from_who_does_not(vendor: str, fault: Fault, rule: str) -> None:
    careless, careful = Case(fault), Case(fault, status=403)

    for case in (careless, careful):
        VENDORS[vendor][0](case)
        case.advance(3)

    assert careless.rules() == [rule]
    assert careful.rules() == []


@pytest.mark.parametrize("fault", [OldKey(), Late(5), Doubled()], ids=["old key", "late", "twice"])
def test_what_a_good_receiver_takes_is_not_held_against_it(fault: Fault) -> None:
    case = Case(fault)
    VENDORS["tiw"][0](case)

    case.advance(PATIENCE_SECONDS)

    assert case.rules() == []


@pytest.mark.parametrize("fault", [Lost(), Silent()], ids=["lost", "silent"])
def test_who_asks_where_nothing_comes_is_told_from_who_waits_for_ever(fault: Fault) -> None:
    waiting, asking = Case(fault), Case(fault)

    waiting.snapshot()
    task_id = asking.snapshot()
    asking.advance(30)
    asking.shown(task_id)
    for case in (waiting, asking):
        case.advance(PATIENCE_SECONDS)

    assert waiting.rules() == ["never-asked"]
    assert asking.rules() == []
