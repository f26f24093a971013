"""What is seen of a client in a namespace: its calls as the journal has them."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from contract_tests.signers import Signer
from emulator.engine.conduct import Finding, observe, report
from emulator.engine.conduct.observation import Made, made
from emulator.model.callback import Delivery, DeliveryState
from emulator.model.error import Reason, Remedy
from emulator.model.fault import (
    FAULTS,
    Fault,
    Late,
    Latency,
    Reset,
    ResetPoint,
    SlowBody,
    Spread,
    WrongLength,
)
from emulator.model.rule import Rule, When
from emulator.model.vendor import Vendor
from emulator.vendors import VENDORS
from emulator.vendors.tencent import TENCENT
from emulator.world.transport import Received
from tests.server import InProcess

SNAPSHOT = {"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 640}}
ARREARS = '[[accounts]]\nvendor = "tencent"\nstate = "arrears"\n'
# Whatever is sent after these is dated anew, or has another nonce.
ANEW = (Reason.STALE, Reason.NONCE_USED)


def call(
    emulator: InProcess,
    content: Mapping[str, object] = SNAPSHOT,
    action: str = "CreateSnapshotTask",
    **changes: str,
) -> str:
    """Call TIW, and return the id of the task, "" where it was refused."""
    signer: Signer = emulator.signer(**changes)
    answer = emulator.send(signer.tencent_v3(action, "2019-09-19", content))
    return str(answer.content["Response"].get("TaskID", ""))


def findings(emulator: InProcess) -> tuple[Finding, ...]:
    unverified = emulator.app.emulation.journal.after(0)
    return report(asyncio.run(observe(emulator.agenda, unverified)))


def rules(emulator: InProcess) -> list[str]:
    return [finding.rule for finding in findings(emulator)]


def struck(emulator: InProcess, fault: str) -> Made:
    """Return the newest call as it would be had a rule struck its answer."""
    entry = emulator.agenda.namespace.state.requests.after(0)[-1]
    words = fault.split(", ") if fault else []
    faults = tuple(_SET.get(word) or FAULTS[word]() for word in words)
    return made(TENCENT, entry.but(struck=faults))


_SET: Mapping[str, Fault] = {
    "latency": Latency(1),
    "callback-late": Late(1),
    "wrong-length": WrongLength(1),
}


def test_a_client_that_is_always_answered_behaves(emulator: InProcess) -> None:
    for _ in range(3):
        call(emulator)

    assert findings(emulator) == ()


def test_a_wrong_parameter_sent_twice_is_hopeless(emulator: InProcess) -> None:
    for _ in range(2):
        call(emulator, {**SNAPSHOT, "Whiteboard": {"Width": 2561}})

    (finding,) = findings(emulator)
    entries = emulator.agenda.namespace.state.requests.after(0)
    assert finding.rule == "retry-hopeless"
    assert "tencent CreateSnapshotTask was called once more after Invalid" in finding.sentence
    assert finding.evidence == tuple(entry.request_id for entry in entries)


def test_a_wrong_parameter_set_right_is_not(emulator: InProcess) -> None:
    call(emulator, {**SNAPSHOT, "Whiteboard": {"Width": 2561}})
    call(emulator)

    assert rules(emulator) == []


def test_arrears_are_not_mended_by_a_retry(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text(ARREARS)
    emulator = InProcess(world)

    for _ in range(2):
        call(emulator)

    assert rules(emulator) == ["retry-hopeless"]


def test_a_wrong_signature_is_not_mended_by_a_retry(emulator: InProcess) -> None:
    for _ in range(2):
        call(emulator, secret="wrong")

    (finding,) = findings(emulator)
    assert finding.rule == "retry-hopeless"
    assert "AuthFailure.SignatureFailure" in finding.sentence


def test_a_throttled_call_that_is_repeated_at_once_ignores_it(emulator: InProcess) -> None:
    for _ in range(22):
        call(emulator)

    (finding,) = findings(emulator)
    assert finding.rule == "throttle-ignored"
    assert "RequestLimitExceeded" in finding.sentence


def test_a_throttled_call_that_comes_in_the_next_second_does_not(emulator: InProcess) -> None:
    for _ in range(21):
        call(emulator)
    emulator.advance(1)
    call(emulator)

    assert rules(emulator) == []


def test_a_large_call_is_like_no_other(emulator: InProcess) -> None:
    for _ in range(2):
        call(emulator, {**SNAPSHOT, "Whiteboard": {"Width": 640, "InitParams": "x" * 100_000}})

    one, other = asyncio.run(observe(emulator.agenda)).calls
    assert one.same != other.same


@pytest.mark.parametrize(
    "fault", ["reset", "empty-reply", "no-reply", "truncated-body", "latency, malformed-json"]
)
def test_what_breaks_an_answer_leaves_the_client_in_the_dark(
    emulator: InProcess, fault: str
) -> None:
    call(emulator)

    seen = struck(emulator, fault)

    assert (seen.is_lost, seen.remedy, seen.creates) == (True, Remedy.AGAIN, True)


@pytest.mark.parametrize("fault", ["", "latency", "task-stuck", "callback-late"])
def test_what_comes_whole_was_answered(emulator: InProcess, fault: str) -> None:
    call(emulator)

    seen = struck(emulator, fault)

    assert (seen.is_lost, seen.remedy, seen.is_slow) == (False, None, fault == "latency")


@pytest.mark.parametrize("fault", ["bad-gateway", "proxy-page"])
def test_what_did_not_arrive_may_be_sent_again(emulator: InProcess, fault: str) -> None:
    call(emulator)

    seen = struck(emulator, fault)

    assert (seen.is_lost, seen.remedy, seen.code) == (False, Remedy.AGAIN, fault)


def test_what_struck_is_known_when_its_rule_is_gone(emulator: InProcess) -> None:
    with emulator.agenda.turn:
        emulator.agenda.load_rules([Rule("cable cut", Reset(ResetPoint.AFTER), When(times=1))])
    call(emulator)
    with emulator.agenda.turn:
        emulator.agenda.remove_rule("cable cut")
    call(emulator)

    calls = asyncio.run(observe(emulator.agenda)).calls

    assert [(each.is_lost, each.code) for each in calls] == [(True, "reset"), (False, "")]


def test_a_rule_is_not_taken_for_the_fault_that_it_is_named_after(emulator: InProcess) -> None:
    with emulator.agenda.turn:
        emulator.agenda.load_rules([Rule("reset", Latency(0))])
    call(emulator)

    (only,) = asyncio.run(observe(emulator.agenda)).calls

    assert (only.is_lost, only.code) == (False, "")


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (Latency(60), 60),
        (Latency(60, Spread.UNIFORM, spread_seconds=20), 40),
        (Latency(60, Spread.LOGNORMAL), 0),
        (SlowBody(1), 100),
    ],
    ids=["fixed", "uniform", "lognormal", "slow"],
)
def test_an_answer_that_a_rule_slowed_down_ends_when_it_came(
    emulator: InProcess, fault: Fault, seconds: float
) -> None:
    journal = emulator.agenda.namespace.state.requests
    call(emulator)
    entry = journal.after(0)[-1]
    response = entry.response.but(body=b"x" * 100)
    with emulator.agenda.turn:
        journal.add(entry.but(number=2, struck=(fault,), response=response))

    swift, slow = asyncio.run(observe(emulator.agenda)).calls

    assert slow.ended - swift.ended == pytest.approx(seconds)
    assert slow.began == pytest.approx(swift.began)


def test_who_does_not_wait_for_a_slow_answer_may_create_twice(emulator: InProcess) -> None:
    journal = emulator.agenda.namespace.state.requests
    call(emulator)
    with emulator.agenda.turn:
        journal.add(journal.after(0)[-1].but(number=2, struck=(Latency(60),)))

    call(emulator)

    assert rules(emulator) == ["creation-repeated"]


def test_a_task_that_nobody_heard_of_nor_asked_for_is_told(tmp_path: Path) -> None:
    emulator = InProcess(callback_url="http://127.0.0.1:9/cb")
    emulator.transport.answer = lambda sent: Received(500)
    asked, unasked = call(emulator), call(emulator, {**SNAPSHOT, "RoomId": 2})
    emulator.advance(60)

    call(emulator, {"SdkAppId": 1400000001, "TaskID": asked}, "DescribeSnapshotTask")
    emulator.advance(60)

    (finding,) = findings(emulator)
    assert finding.rule == "never-asked"
    assert unasked in finding.sentence


def test_a_silent_task_is_to_be_asked_for(tmp_path: Path) -> None:
    emulator = InProcess(callback_url="http://127.0.0.1:9/cb")
    call(emulator)
    emulator.advance(120)
    (delivery,) = emulator.agenda.namespace.state.callbacks.values()
    unsent: Delivery = replace(
        delivery, attempts=(), state=DeliveryState.PENDING, fault="task-silent"
    )

    with emulator.agenda.turn:
        emulator.agenda.namespace.state.callbacks.put(unsent.callback.id, unsent)

    assert rules(emulator) == ["never-asked"]


def test_queries_know_which_task_they_ask_for(emulator: InProcess) -> None:
    task_id = call(emulator)
    for _ in range(5):
        call(emulator, {"SdkAppId": 1400000001, "TaskID": task_id}, "DescribeSnapshotTask")
        emulator.advance(0.1)

    (finding,) = findings(emulator)
    assert finding.rule == "asked-too-often"
    assert finding.sentence == f"tencent task {task_id} was asked for 5 times in 0.4 s"


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_of_every_refusal_of_the_engine_it_is_known_what_mends_it(vendor: Vendor) -> None:
    unknown = [
        reason.name
        for reason, code in vendor.codes.items()
        if reason not in ANEW
        and code not in vendor.remedies
        and code.partition(".")[0] not in vendor.remedies
    ]

    assert unknown == []


def test_a_quota_that_is_reached_is_no_better_at_once(emulator: InProcess) -> None:
    room = {"SdkAppId": 1400000001, "RoomId": 1203, "RecordUserSig": "sig"}
    for number in range(3):
        user = {"RecordUserId": f"tic_record_user_1203_{min(number, 1)}"}
        call(emulator, {**room, **user}, "StartOnlineRecord")

    (finding,) = findings(emulator)
    assert finding.rule == "throttle-ignored"
    assert "once more after LimitExceeded.TaskConcurrency, at once" in finding.sentence


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_remedies_are_of_codes_that_the_specs_have(vendor: Vendor) -> None:
    codes = {*vendor.catalog.gateway.errors}
    for action in vendor.catalog.every():
        codes |= action.errors.keys()
    known = codes | {code.partition(".")[0] for code in codes}

    assert vendor.remedies.keys() - known == set()
