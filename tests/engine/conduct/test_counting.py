"""Whether a client notices that results are missing."""

import asyncio
from collections.abc import Callable

import pytest

from emulator.engine.conduct import Finding, observe, report
from emulator.model.fault import Partial
from tests.flows.faults import Incident

PICTURES = 3


class Partly(Incident):
    """An incident in which one of two films or whiteboards is pictured in part."""

    def __init__(self, share: float = 0.5) -> None:
        super().__init__()
        self.load(Partial(share))

    def film(self) -> str:
        return self.customer.submit(overrides={"Count": PICTURES})

    def findings(self) -> tuple[Finding, ...]:
        return report(asyncio.run(observe(self.emulator.agenda)))


@pytest.fixture
def incident() -> Partly:
    return Partly()


@pytest.mark.parametrize(
    ("make", "subject", "action"),
    [
        (Partly.snapshot, "tencent", "CreateSnapshotTask"),
        (Partly.film, "alibaba", "SubmitSnapshotJob"),
    ],
    ids=["whiteboard", "film"],
)
def test_who_takes_a_part_for_the_whole_is_warned(
    incident: Partly, make: Callable[[Partly], str], subject: str, action: str
) -> None:
    task_id = make(incident)
    incident.advance(62)

    (finding,) = incident.findings()

    assert (finding.rule, finding.severity) == ("partial-accepted", "warning")
    assert finding.sentence == (
        f"{subject} task {task_id} ended without 1 of its results, and {action} was not called "
        "again in 60 s"
    )
    assert finding.evidence == (task_id,)


def test_who_asks_again_for_what_is_missing_behaves(incident: Partly) -> None:
    incident.snapshot()
    incident.advance(30)
    with incident.emulator.agenda.turn:
        incident.emulator.agenda.remove_rule("1")
    incident.snapshot()
    incident.advance(60)

    assert incident.findings() == ()


def test_what_was_asked_for_before_the_end_was_not_asked_again(incident: Partly) -> None:
    incident.snapshot()
    incident.snapshot()
    incident.advance(62)

    assert [each.rule for each in incident.findings()] == ["partial-accepted"] * 2


def test_there_is_a_while_in_which_to_count(incident: Partly) -> None:
    incident.snapshot()
    incident.advance(61)

    assert incident.findings() == ()


def test_where_nothing_is_missing_nothing_is_said() -> None:
    incident = Partly(share=0.9)
    incident.film()
    incident.advance(600)

    assert incident.findings() == ()
