"""Tasks that cannot go on, because an imported document lacks what they need."""

import json
from dataclasses import replace
from typing import Any

import pytest

from contract_tests.signers import Wire
from tests.calls import JOB, ROOM, SCREENSHOT, SNAPSHOT, Draft, drop
from tests.server import HOST, Answer, InProcess

HOUR = 3600
LESSON = {"SdkAppId": 1, "RoomId": 7, "RecordUserId": "tic_record_user_7_1", "RecordUserSig": "s"}
DRAFTS = {
    "tiw.snapshot": SNAPSHOT,
    "OnlineRecordTaskId": replace(SNAPSHOT, action="StartOnlineRecord", arguments=LESSON),
    "live.screenshot": SCREENSHOT,
    "live.record": drop("TemplateId")(replace(SCREENSHOT, action="CreateRecordTask")),
    "ice.snapshot": JOB,
    "rtc.snapshot": ROOM,
}


def ask(emulator: InProcess, method: str, path: str, content: object = None) -> Answer:
    body = b"" if content is None else json.dumps(content).encode()
    return emulator.send(Wire(method, f"/_emulator{path}", {"host": HOST}, body))


def begun(draft: Draft) -> dict[str, Any]:
    """Return the document of a namespace with a task that has begun."""
    emulator = InProcess(clock="manual")
    answer = emulator.send(draft.sign(emulator.signer()))
    assert "Error" not in answer.text, answer.text
    path = "/namespaces/default/snapshot?secrets=true"
    document: dict[str, Any] = ask(emulator, "GET", path).content
    assert document["tasks"]
    return document


@pytest.mark.parametrize("member", ["facts", "arguments", "both"])
@pytest.mark.parametrize("kind", DRAFTS)
def test_a_task_that_cannot_go_on_does_not_go_on_for_ever(kind: str, member: str) -> None:
    document = begun(DRAFTS[kind])
    for task in document["tasks"]:
        lacking = ("facts", "arguments") if member == "both" else (member,)
        task.update({key: {} for key in lacking})
    emulator = InProcess(clock="manual")
    answer = ask(emulator, "PUT", "/namespaces/default/snapshot", document)
    assert answer.status == 200, answer.text

    ask(emulator, "POST", "/clock/advance", {"seconds": 48 * HOUR})

    left = ask(emulator, "GET", "/tasks").content["tasks"]
    assert [task for task in left if not task["is_ended"] and not task["due"]] == []


def test_other_tasks_go_on_beside_one_that_cannot() -> None:
    document = begun(SNAPSHOT)
    (good,) = document["tasks"]
    bad = {**good, "id": "bad", "arguments": {}, "facts": {}}
    document["tasks"].append(bad)
    (event,) = document["timeline"]
    other = json.loads(json.dumps(event).replace(good["id"], "bad")) | {"number": 0}
    document["timeline"].insert(0, other)
    emulator = InProcess(clock="manual")
    ask(emulator, "PUT", "/namespaces/default/snapshot", document)

    ask(emulator, "POST", "/clock/advance", {"seconds": HOUR})

    ended = ask(emulator, "GET", "/tasks").content["tasks"]
    assert {"id": good["id"], "is_ended": True}.items() <= ended[0].items()
    assert all(task["is_ended"] for task in ended)
