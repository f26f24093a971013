"""While one namespace's long work is done, another's calls are answered."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from contract_tests.signers import Wire
from emulator.engine.snapshot import export
from emulator.model.callback import Callback, Delivery, DeliveryState
from emulator.model.result import Format, Picture, Result
from emulator.model.task import Appointment, Task
from emulator.spec.untyped import Vault
from emulator.vendors.tencent.callback import TIW_RULES
from tests.server import HOST, START, Answer, InProcess, exchange

MANY = 3000
KIND = "tiw.snapshot"
CALL = (
    "CreateSnapshotTask",
    "2019-09-19",
    {"SdkAppId": 1, "RoomId": 1, "Whiteboard": {"Width": 9}},
)


def full(emulator: InProcess) -> None:
    """Fill the default namespace with tasks, and all that tasks leave behind and have to come."""
    agenda, state = emulator.agenda, emulator.agenda.namespace.state
    account = next(account for vendor, account in state.accounts.rows if vendor == "tencent")
    with agenda.turn:
        for number in range(MANY):
            made_at = START + timedelta(seconds=number)
            task = Task(KIND, str(number), account, made_at, {"RoomId": 1}, status="Running")
            state.tasks.put(task.key, task)
            picture = Picture(10, 10, (str(number),))
            result = Result(f"b/{number}", Format.PNG, picture, START)
            state.results.put(result.path, result)
            state.callbacks.put(f"c{number}", delivery(number))
            due_at = START + timedelta(days=1, seconds=MANY - number)
            state.timeline.add(due_at, Appointment(due_at, task.key, "finish"))
        state.counters.count("callbacks", MANY)


def delivery(number: int) -> Delivery:
    callback = Callback(
        id=f"c{number}",
        vendor="tencent",
        event="Something",
        task_id=str(number),
        url="http://127.0.0.1:9/",
        headers=(),
        body=b'{"n": %d}' % number,
        rules=TIW_RULES,
        created_at=START,
    )
    return Delivery(callback, number=number + 1, state=DeliveryState.DELIVERED)


def ask(method: str, path: str, content: object = None) -> Wire:
    body = b"" if content is None else json.dumps(content).encode()
    return Wire(method, f"/_emulator{path}", {"host": HOST}, body)


def beside(emulator: InProcess, wire: Wire) -> tuple[Answer, int]:
    """Return what is answered to a request, and how many of another namespace's calls meanwhile."""
    wanted = {"name": "other", "calls_per_second": {CALL[0]: 1_000_000}}
    made = emulator.send(ask("POST", "/namespaces", wanted)).content
    secret = next(key["secret"] for key in made["keys"] if key["vendor"] == "tencent")
    call = emulator.signer(key_id="other", secret=secret).tencent_v3(*CALL)

    async def scene() -> tuple[Answer, int]:
        asking = asyncio.create_task(exchange(emulator.app, wire))
        answered = 0
        while not asking.done():
            answer = await exchange(emulator.app, call)
            assert "Error" not in answer.content["Response"], answer.text
            await asyncio.sleep(0)
            answered += 1
        return asking.result(), answered

    return asyncio.run(scene())


EXPORT = ask("GET", "/namespaces/default/snapshot?secrets=true")
OPERATIONS = {
    "tasks": ask("GET", "/tasks"),
    "one task": ask("GET", "/tasks/7"),
    "timeline": ask("GET", "/timeline"),
    "results": ask("GET", "/results"),
    "callbacks": ask("GET", "/callbacks?task=nobody"),
    "conduct": ask("GET", "/conduct"),
    "a search among callbacks": ask("POST", "/callbacks/search", {"content": {"n": -1}}),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_others_are_answered_while_much_is_shown(emulator: InProcess, name: str) -> None:
    full(emulator)

    answer, answered = beside(emulator, OPERATIONS[name])

    assert answer.status == 200
    assert answered > 2


def test_others_are_answered_while_a_namespace_is_exported_and_imported(
    emulator: InProcess,
) -> None:
    full(emulator)

    exported, beside_export = beside(
        emulator, ask("GET", "/namespaces/default/snapshot?secrets=true")
    )
    emulator.send(ask("DELETE", "/namespaces/other"))
    put = replace(ask("PUT", "/namespaces/default/snapshot"), body=exported.body)
    imported, beside_import = beside(emulator, put)
    emulator.send(ask("DELETE", "/namespaces/other"))
    again = emulator.send(EXPORT)

    assert (exported.status, imported.status) == (200, 200), imported.text
    assert beside_export > 20
    assert beside_import > 20
    assert again.body == exported.body


def test_an_export_is_the_state_of_one_moment_whatever_is_done_meanwhile(
    emulator: InProcess,
) -> None:
    full(emulator)
    agenda = emulator.agenda
    before = asyncio.run(export(agenda, Vault(frozenset())))

    async def scene() -> dict[str, Any]:
        exporting = asyncio.create_task(export(agenda, Vault(frozenset())))
        state = agenda.namespace.state
        for number in range(20):
            await asyncio.sleep(0)
            task = Task(KIND, f"new {number}", "me", START, {})
            with agenda.turn:
                state.tasks.put(task.key, task)
                state.callbacks.put(f"c{number}", delivery(MANY + number))
                state.timeline.take(START + timedelta(days=2))
        return await exporting

    assert asyncio.run(scene()) == before
