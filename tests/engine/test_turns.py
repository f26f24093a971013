"""Turns of calls: from the first check to the journal, nothing else has its turn."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from contract_tests.signers import Signer, Wire
from emulator.model.fault import Early
from emulator.model.rule import Rule
from emulator.world.transport import Received, RecordingTransport
from tests.flows import ice
from tests.flows.test_rtc import KEY, TOS
from tests.server import Answer, InProcess, exchange

RECEIVER = "http://127.0.0.1:9/cb"
PIPELINE = {"Name": "mine", "Speed": "Standard"}
ROOM = {**KEY, "StorageConfig": TOS}
SNAPSHOT = {"SdkAppId": 1400000001, "RoomId": 1, "Whiteboard": {"Width": 64}}


def snapshot(signer: Signer) -> Wire:
    return signer.tencent_v3("CreateSnapshotTask", "2019-09-19", SNAPSHOT)


CALLS: Mapping[str, Callable[[Signer], Wire]] = {
    "tiw": snapshot,
    "live": lambda signer: signer.tencent_v3(
        "AddLiveDomain", "2018-08-01", {"DomainName": "a.example.com", "DomainType": 0}
    ),
    "ice": lambda signer: signer.alibaba_v3("CreatePipeline", ice.VERSION, PIPELINE),
    "rtc": lambda signer: signer.volcengine("StartSnapshot", "2023-11-01", ROOM),
    "refused": lambda signer: signer.tencent_v3("CreateSnapshotTask", "2019-09-19", {}),
}


@pytest.mark.parametrize("wire", CALLS.values(), ids=CALLS)
def test_a_call_is_answered_without_giving_way(wire: Callable[[Signer], Wire]) -> None:
    emulator = InProcess()

    with pytest.raises(StopIteration) as answered:
        exchange(emulator.app, wire(emulator.signer())).send(None)

    assert answered.value.value.status == 200
    assert emulator.agenda.namespace.state.requests.written == 1


class CallingTransport(RecordingTransport):
    """A receiver that calls the emulator before it answers a callback."""

    emulator: InProcess

    def __init__(self) -> None:
        super().__init__()
        self.answered: list[Answer] = []

    async def send(self, *sent: Any, **more: Any) -> Received:
        asked = self.emulator.signer().tencent_v3(
            "DescribeSnapshotTask",
            "2019-09-19",
            {"SdkAppId": 1400000001, "TaskID": self.task_id()},
        )
        self.answered.append(await exchange(self.emulator.app, asked))
        return await super().send(*sent, **more)

    def task_id(self) -> str:
        (task,) = self.emulator.agenda.namespace.state.tasks.values()
        return task.id


def test_a_receiver_that_calls_from_inside_an_early_callback_is_answered() -> None:
    transport = CallingTransport()
    emulator = transport.emulator = InProcess(transport=transport, callback_url=RECEIVER)
    with emulator.agenda.turn:
        emulator.agenda.load_rules([Rule("early", Early())])

    answer = emulator.send(snapshot(emulator.signer()))

    (shown,) = transport.answered
    assert shown.content["Response"]["TaskID"] == answer.content["Response"]["TaskID"]
    assert shown.content["Response"]["Status"] == "Finished"
    actions = [
        entry.call.action.name for entry in emulator.agenda.namespace.state.requests.after(0)
    ]
    assert actions == ["CreateSnapshotTask", "DescribeSnapshotTask"]


class HangingTransport(RecordingTransport):
    """A receiver that takes its time until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.is_let_go = asyncio.Event(), asyncio.Event()

    async def send(self, *sent: Any, **more: Any) -> Received:
        self.asked.set()
        await self.is_let_go.wait()
        return await super().send(*sent, **more)


def test_an_early_callback_is_sent_although_the_caller_hangs_up() -> None:
    transport = HangingTransport()
    emulator = InProcess(transport=transport, callback_url=RECEIVER)
    with emulator.agenda.turn:
        emulator.agenda.load_rules([Rule("early", Early())])

    async def hanging_up() -> None:
        calling = asyncio.create_task(exchange(emulator.app, snapshot(emulator.signer())))
        await transport.asked.wait()
        calling.cancel()
        await asyncio.wait((calling,))
        transport.is_let_go.set()
        while emulator.agenda.dispatch.undelivered():
            await asyncio.sleep(0)

    asyncio.run(hanging_up())

    assert [sent.url for sent in transport.sent] == [RECEIVER]
