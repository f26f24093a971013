"""Two runs with the same seed and calls: the same answers, callbacks and pictures, to the byte."""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest

from contract_tests.signers import Signer, Wire
from emulator.engine.agenda import Agenda
from emulator.engine.conduct import Finding, observe, report
from emulator.model.manner import Manner
from emulator.world import library
from tests.server import HOST, Answer, InProcess

URL = "http://127.0.0.1:9/cb"
ROOM = {"AppId": "661e0000000000000000543c", "RoomId": "Room1", "TaskId": "Task1"}
STREAM = {"DomainName": "push.example.com", "AppName": "live", "StreamName": "lesson"}
RESULT = re.compile(rb'http://127\.0\.0\.1:4588/_emulator/results/[^"\\]+')


@pytest.fixture(autouse=True)
def _by_rule(record_property: Callable[[str, object], None]) -> None:
    record_property("by_rule", "yes")


def calls(signer: Signer) -> list[Wire]:
    """Return a call that starts something at each vendor, and one that is refused."""
    end = int(signer.now.timestamp()) + 20
    tos = {"TosConfig": {"AccountId": "2100", "Bucket": "bucket"}}
    job = {
        "Input": {"Type": "OSS", "Media": "oss://b/o.mp4"},
        "Output": {"Type": "OSS", "Media": "oss://b/o-{Count}.jpg"},
        "TemplateConfig": {
            "TemplateId": "96e8864746a0b6f30000000000000001",
            "OverwriteParams": {"Count": 2},
        },
    }
    tiw = {"SdkAppId": 1400000001}
    return [
        signer.tencent_v3(
            "CreateSnapshotTask", "2019-09-19", {**tiw, "RoomId": 1, "Whiteboard": {"Width": 640}}
        ),
        signer.tencent_v3(
            "CreateVideoGenerationTask", "2019-09-19", {**tiw, "OnlineRecordTaskId": "r00001"}
        ),
        signer.tencent_v3(
            "StartOnlineRecord",
            "2019-09-19",
            {**tiw, "RoomId": 2, "RecordUserId": "tic_record_user_2_1", "RecordUserSig": "sig"},
        ),
        signer.tencent_v3("CreateSnapshotTask", "2019-09-19", {**tiw, "RoomId": 1}),
        signer.tencent_v3(
            "CreateScreenshotTask", "2018-08-01", {**STREAM, "EndTime": end, "TemplateId": 0}
        ),
        signer.alibaba_v3(
            "SetEventCallback",
            "2020-11-09",
            {
                "CallbackType": "HTTP",
                "CallbackURL": URL,
                "EventTypeList": "SnapshotComplete",
                "AuthSwitch": "on",
                "AuthKey": "Test123",
            },
        ),
        Signer(host=HOST, now=signer.now, nonce="another").alibaba_v3(
            "SubmitSnapshotJob", "2020-11-09", job
        ),
        signer.volcengine("StartSnapshot", "2023-11-01", {**ROOM, "StorageConfig": tos}),
        signer.volcengine("StopSnapshot", "2023-11-01", {**ROOM, "TaskId": "unknown"}),
    ]


def run() -> tuple[list[Answer], list[tuple[str, str, object, bytes]], list[Answer]]:
    """Return the answers, the callbacks and the pictures of one run."""
    emulator = InProcess(callback_url=URL)
    answers = [emulator.send(wire) for wire in calls(emulator.signer())]
    emulator.advance(30)
    sent = emulator.transport.sent
    urls = [
        url.decode() for each in sent for url in RESULT.findall(each.body.replace(b"\\/", b"/"))
    ]
    pictures = [emulator.send(Wire("GET", urlsplit(url).path, {"host": HOST})) for url in urls]
    return answers, [(s.method, s.url, tuple(s.headers), s.body) for s in sent], pictures


def test_two_runs_with_the_same_seed_and_calls_are_the_same_to_the_byte() -> None:
    answers, callbacks, pictures = run()

    assert run() == (answers, callbacks, pictures)
    assert [a.status for a in answers].count(200) >= 7
    assert any(a.headers["content-type"].startswith("image/") for a in pictures)


def test_every_family_is_among_the_callbacks() -> None:
    _, callbacks, _ = run()

    bodies = [json.loads(body) for _, _, _, body in callbacks]
    kinds = {body.get("EventType", body.get("event_type")) for body in bodies}
    assert kinds >= {
        "SnapshotFinished",
        "OfflineRecordFinished",
        "OnlineRecordStarted",
        200,
        "SnapshotComplete",
        "SnapshotRealTimeData",
    }


# With rules.


class Told(NamedTuple):
    """All that a run with rules has to say."""

    answers: list[Answer]
    callbacks: list[tuple[str, bytes]]
    struck: list[tuple[str, str, Manner | None]]
    counted: list[tuple[str, int, int]]
    findings: tuple[Finding, ...]


MANY = """
title = "Of everything a little"
seed = 11

[[rules]]
fault = "latency"
seconds = 2
spread = "uniform"
spread_seconds = 1

[[rules]]
fault = "latency"
seconds = 1
spread = "lognormal"
probability = 0.5

[[rules]]
fault = "throttle"
probability = 0.3

[[rules]]
fault = "refuse"
code = "InternalError"
product = "tiw"
every = 5

[[rules]]
fault = "reset"
when = "after"
numbers = [2, 7]

[[rules]]
fault = "task-partial"
probability = 0.5

[[rules]]
fault = "callback-doubled"
probability = 0.4

[[rules]]
fault = "callback-bad-signature"
every = 3

[[rules]]
fault = "callback-reordered"
from_seconds = 20

[[rules]]
fault = "outage"
vendor = "volcengine"
from_seconds = 35
until_seconds = 70
"""


def told(scenario: str, seed: int = 7) -> Told:
    """Make the same calls four times, half a minute apart."""
    emulator = InProcess(callback_url=URL, scenario=scenario, seed=seed)
    answers = []
    for turn in range(4):
        for number, wire in enumerate(calls(emulator.signer(nonce=f"of-turn-{turn}"))):
            # This one brings a nonce of its own, which can be used once.
            if turn == 0 or number != _WITH_ITS_OWN_NONCE:
                answers.append(emulator.send(wire))
        emulator.advance(30)
    agenda = emulator.agenda
    return Told(
        answers=answers,
        callbacks=[(each.url, each.body) for each in emulator.transport.sent],
        struck=[
            (e.code, e.fault, e.response.manner) for e in agenda.namespace.state.requests.after(0)
        ],
        counted=[(each.rule.name, each.fitted, each.hits) for each in agenda.faults.every()],
        findings=findings(agenda),
    )


_WITH_ITS_OWN_NONCE = 6


def findings(agenda: Agenda) -> tuple[Finding, ...]:
    """Return the report on conduct as if each call had been made a second after the last."""
    observed = asyncio.run(observe(agenda))
    paced = [
        call._replace(ended=float(second), seconds=0) for second, call in enumerate(observed.calls)
    ]
    return report(observed._replace(calls=paced))


@pytest.mark.parametrize("name", library.files())
def test_a_scenario_goes_the_same_way_with_the_same_calls_to_the_byte(name: str) -> None:
    first = told(name)

    assert told(name) == first
    assert len(first.answers) >= 30


def test_dice_fall_the_same_way_in_every_run(tmp_path: Path) -> None:
    path = tmp_path / "many.toml"
    path.write_text(MANY)

    first = told(str(path))

    assert told(str(path)) == first
    assert first.findings
    delays = {manner.delay_seconds for _, _, manner in first.struck if manner}
    assert len(delays) > 20
    hits = {name: (fitted, hits) for name, fitted, hits in first.counted}
    assert all(number for _, number in hits.values()), hits
    for name in ("latency-2", "throttle-1", "task-partial-1", "callback-doubled-1"):
        fitted, struck = hits[name]
        assert 0 < struck < fitted


def test_another_seed_has_the_dice_fall_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "many.toml"
    path.write_text(MANY)

    first, second = told(str(path)), told(str(path), seed=12)

    assert [each[1:] for each in first.struck] != [each[1:] for each in second.struck]
