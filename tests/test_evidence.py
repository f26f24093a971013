"""What the witness sees of a call, and what becomes of it in the ledger."""

import json
from pathlib import Path

import pytest

from emulator.coverage.evidence import Evidence, Trial, read_evidence
from tests.calls import Draft
from tests.evidence import BY_RULE, COMPARED, REPLAYED, Ledger
from tests.server import InProcess
from tests.sighting import CLIENTS, Sighting, Witness

KEY = "tencent/tiw/2019-09-19/CreateSnapshotTask"
SNAPSHOT = {"SdkAppId": 1, "RoomId": 1, "Whiteboard": {"Width": 8}}
ACCEPTED = Sighting("tencent", "2019-09-19", "CreateSnapshotTask", "tccli-intl-en", "")
REFUSED = ACCEPTED._replace(client="", code="RequestLimitExceeded")


@pytest.fixture
def witness() -> Witness:
    witness = Witness()
    witness.is_watching = True
    return witness


def seen(witness: Witness, draft: Draft, **headers: str) -> Sighting:
    """Send a call past the witness, and return what it saw."""
    emulator = InProcess()
    emulator.app = witness.watch(emulator.app)
    emulator.send(draft.sign(emulator.signer()).with_headers(**headers))
    return witness.seen[-1]


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (
            Draft("CreateSnapshotTask", "2019-09-19", "tencent_v3", SNAPSHOT),
            ("tencent", "2019-09-19", "CreateSnapshotTask", "", ""),
        ),
        (
            Draft("CreateSnapshotTask", "2019-09-19", "tencent_v1", {}),
            ("tencent", "2019-09-19", "CreateSnapshotTask", "", "MissingParameter"),
        ),
        (
            Draft("ListPipelines", "2020-11-09", "alibaba_v3", {}),
            ("alibaba", "2020-11-09", "ListPipelines", "", ""),
        ),
        (
            Draft("GetPipeline", "2020-11-09", "alibaba_rpc", {}, {"in_body": True}),
            ("alibaba", "2020-11-09", "GetPipeline", "", "MissingPipelineId"),
        ),
        (
            Draft("StopSnapshot", "2023-11-01", "volcengine", {}),
            ("volcengine", "2023-11-01", "StopSnapshot", "", "InvalidParameter.IllegalAppId"),
        ),
    ],
    ids=lambda value: value.scheme if isinstance(value, Draft) else "",
)
def test_the_witness_sees_vendor_action_and_code_in_every_form(
    witness: Witness, draft: Draft, expected: tuple[str, ...]
) -> None:
    assert seen(witness, draft) == expected


def test_the_witness_knows_a_client_by_what_only_it_sends(witness: Witness) -> None:
    draft = Draft("CreateSnapshotTask", "2019-09-19", "tencent_v3", SNAPSHOT)

    clients = [
        seen(witness, draft, x_tc_requestclient=sent).client
        for sent in ("SDK_PYTHON_3.1.193; _CLI_3.1.193.1", "SDK_PYTHON_3.1.193", "SDK_GO_1")
    ]

    assert clients == ["tccli-intl-en", "tencentcloud-sdk-python-intl-en", ""]


def test_a_witness_that_does_not_watch_stands_in_nobodys_way() -> None:
    app = InProcess().app

    assert Witness().watch(app) is app


def report(
    *sightings: Sighting,
    nodeid: str = "tests/sdk/test_tccli.py::test_it",
    outcome: str = "passed",
    **said: str,
) -> pytest.TestReport:
    """Return the report of a test that did all this."""
    return pytest.TestReport(
        nodeid,
        ("test", 1, "test"),
        {},
        outcome,  # type: ignore[arg-type]  # is one of its words
        None,
        "call",
        user_properties=[("sightings", json.dumps(sightings)), *said.items()],
    )


def evidence(tmp_path: Path, *reports: pytest.TestReport) -> Evidence:
    """Return what is read from the file that a session with these reports writes."""
    ledger = Ledger(is_to_write=True)
    for each in reports:
        ledger.pytest_runtest_logreport(each)
    path = tmp_path / "evidence.toml"
    path.write_text(ledger.text())
    return read_evidence(path)


@pytest.mark.parametrize(
    ("reports", "trial"),
    [
        ([report(ACCEPTED)], Trial(accepted=True, clients=("tccli-intl-en",))),
        ([report(ACCEPTED, nodeid="tests/test_it.py::test_it")], Trial(accepted=True)),
        (
            [report(REFUSED), report(REFUSED, nodeid="tests/a/test_b.py::test_it")],
            Trial(refused=True, by_cause={"RequestLimitExceeded": "tests/a/test_b.py"}),
        ),
        (
            [report(REFUSED, **{BY_RULE: "yes"})],
            Trial(refused=True, by_rule=("RequestLimitExceeded",)),
        ),
        ([report(REFUSED._replace(code="MissingParameter"))], Trial(refused=True)),
        ([report(**{COMPARED: f"{KEY} a-package 1.0"})], Trial(models=("a-package",))),
        ([report(**{REPLAYED: f"{KEY} nothing found"})], Trial(recorded=("nothing found",))),
        ([report(ACCEPTED, outcome="failed")], Trial()),
        ([report(ACCEPTED._replace(action="CreateNothing"))], Trial()),
    ],
    ids=[
        "a call by an SDK",
        "a request that only looks like an SDK's",
        "a refusal by cause",
        "a refusal by rule",
        "a refusal that the gateway has for all",
        "a comparison",
        "a replay",
        "a test that failed",
        "an unknown action",
    ],
)
def test_what_passed_tests_did_is_written_down(
    tmp_path: Path, reports: list[pytest.TestReport], trial: Trial
) -> None:
    assert evidence(tmp_path, *reports).of(KEY) == trial


def test_gateways_codes_and_packages_are_written_down_too(tmp_path: Path) -> None:
    missing = Sighting("alibaba", "2020-11-09", "GetPipeline", "", "MissingPipelineId")
    ruled = missing._replace(code="MissingSecurityToken")

    written = evidence(
        tmp_path,
        report(REFUSED, missing),
        report(ruled, **{BY_RULE: "yes"}),
        report(**{COMPARED: f"{KEY} a-package 1.0"}),
    )

    file = "tests/sdk/test_tccli.py"
    assert written.gateways == {
        "alibaba": Trial(by_cause={"Missing{name}": file}, by_rule=("MissingSecurityToken",)),
        "tencent": Trial(by_cause={"RequestLimitExceeded": file}),  # the action's own, too
    }
    assert written.packages == {"a-package": "1.0"}


def test_a_claim_that_no_test_backs_any_more_is_missing(tmp_path: Path) -> None:
    written = evidence(tmp_path, report(ACCEPTED), report(REFUSED))
    ledger = Ledger(is_to_write=False)
    ledger.pytest_runtest_logreport(report(ACCEPTED))

    missing = [(claim.axis, claim.key, claim.value) for claim in ledger.missing(written)]

    assert missing == [
        ("by_cause", "tencent", "RequestLimitExceeded"),
        ("by_cause", KEY, "RequestLimitExceeded"),
        ("refused", KEY, ""),
    ]


def test_a_code_is_missing_when_the_tests_named_no_longer_see_it(tmp_path: Path) -> None:
    written = evidence(tmp_path, report(REFUSED, nodeid="tests/test_a.py::test_it"))
    ledger = Ledger(is_to_write=False)
    ledger.pytest_runtest_logreport(report(REFUSED, nodeid="tests/test_b.py::test_it"))

    missing = {claim.file for claim in ledger.missing(written)}

    assert missing == {"tests/test_a.py"}


def test_every_client_of_the_evidence_has_marks_of_its_own() -> None:
    clients = {client for trial in read_evidence().trials.values() for client in trial.clients}

    assert clients == set(CLIENTS)
