"""Ten thousand tasks that end in the same second: each is told of as its vendor tells it."""

import json
from collections import Counter
from pathlib import Path

import pytest

from emulator.world.transport import Received, Sent
from tests.server import InProcess

TASKS = 10_000
LIMITS = "[calls_per_second]\nCreateSnapshotTask = 1000000\nSubmitSnapshotJob = 1000000\n"
JOB = {
    "Input": {"Type": "Media", "Media": "oss://bucket/object.mp4"},
    "Output": {"Type": "OSS", "Media": "oss://bucket/output-{Count}.jpg"},
    "TemplateConfig": {"TemplateId": "96e8864746a0b6f3"},
}


@pytest.fixture
def emulator(tmp_path: Path) -> InProcess:
    world = tmp_path / "world.toml"
    world.write_text(LIMITS)
    return InProcess(world, callback_url="http://127.0.0.1:9/cb")


def submit(emulator: InProcess, number: int) -> str:
    """Submit a task to one vendor or the other, and return its id."""
    if number % 2:
        arguments = {"SdkAppId": 1400000001, "RoomId": number, "Whiteboard": {}}
        wire = emulator.signer().tencent_v3("CreateSnapshotTask", "2019-09-19", arguments)
        return str(emulator.send(wire).content["Response"]["TaskID"])
    signer = emulator.signer(nonce=f"nonce-{number}")
    return str(
        emulator.send(signer.alibaba_v3("SubmitSnapshotJob", "2020-11-09", JOB)).content["JobId"]
    )


def task_of(sent: Sent) -> str:
    body = json.loads(sent.body)
    return str(body["EventData"]["TaskID"] if "EventData" in body else body["MessageBody"]["JobId"])


def test_each_of_many_tasks_that_end_at_once_is_delivered_once(emulator: InProcess) -> None:
    ids = [submit(emulator, number) for number in range(TASKS)]

    emulator.advance(3600)

    assert Counter(map(task_of, emulator.transport.sent)) == Counter(ids)
    assert len(set(ids)) == TASKS


def test_many_deliveries_that_fail_once_are_each_tried_again_once(emulator: InProcess) -> None:
    failed: set[str] = set()

    def answer(sent: Sent) -> Received:
        is_first = task_of(sent) not in failed
        failed.add(task_of(sent))
        return Received(503 if is_first else 200)

    emulator.transport.answer = answer
    ids = [submit(emulator, number) for number in range(TASKS // 10)]

    emulator.advance(3600)

    assert Counter(map(task_of, emulator.transport.sent)) == Counter(ids + ids)
