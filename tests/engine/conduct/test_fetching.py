"""What a client makes of results that it cannot fetch."""

import pytest

from emulator.engine.conduct import Finding, Observed, report
from emulator.model.fetch import Fetch
from tests.engine.conduct.calls import FAILED, Client

FAULTS = ("result-missing", "result-expired")


class Fetching(Client):
    """Fetches one file, and asks for it."""

    def __init__(self) -> None:
        super().__init__()
        self.fetches: list[Fetch] = []

    def fetch(self, fault: str = "") -> None:
        self.fetches.append(Fetch("bucket/1.png", self.now, self.real, fault))
        self.live(1)

    def findings(self) -> tuple[Finding, ...]:
        return report(Observed(self.now, self.made, fetches=self.fetches))


@pytest.fixture
def client() -> Fetching:
    return Fetching()


@pytest.mark.parametrize("fault", FAULTS)
def test_who_leaves_it_at_one_refusal_has_given_up(client: Fetching, fault: str) -> None:
    client.fetch(fault)
    client.live(60)

    (finding,) = client.findings()

    assert (finding.rule, finding.severity) == ("result-given-up", "error")
    assert finding.sentence == f"bucket/1.png was refused ({fault}), and not fetched in 61 s"
    assert finding.evidence == ("bucket/1.png",)


@pytest.mark.parametrize("fault", FAULTS)
def test_there_is_a_while_in_which_to_try_again(client: Fetching, fault: str) -> None:
    client.fetch(fault)
    client.live(58)

    assert client.findings() == ()


def test_who_tries_again_may_give_up(client: Fetching) -> None:
    client.fetch("result-missing")
    client.fetch("result-missing")
    client.live(60)

    assert client.findings() == ()


def test_who_gets_it_in_the_end_behaves(client: Fetching) -> None:
    client.fetch("result-missing")
    client.fetch()
    client.live(60)

    assert client.findings() == ()


def test_who_loses_it_later_has_to_try_again_then_too(client: Fetching) -> None:
    client.fetch("result-missing")
    client.fetch()
    client.fetch("result-missing")
    client.live(60)

    assert client.rules() == ["result-given-up"]


def test_who_fetches_again_at_an_address_that_is_over_is_warned(client: Fetching) -> None:
    client.call(action="GetSnapshotUrls")
    client.fetch("result-expired")
    client.fetch()

    (finding,) = client.findings()

    assert (finding.rule, finding.severity) == ("expired-address-retried", "warning")
    assert finding.sentence == "bucket/1.png was fetched once more at an address that was over"


def test_who_asks_for_a_new_address_behaves(client: Fetching) -> None:
    client.fetch("result-expired")
    client.call(action="GetSnapshotUrls")
    client.fetch()

    assert client.findings() == ()


def test_who_asks_in_vain_has_no_new_address(client: Fetching) -> None:
    client.fetch("result-expired")
    client.call(FAILED, action="GetSnapshotUrls")
    client.fetch()

    assert client.rules() == ["expired-address-retried"]
