"""Namespaces: made at the same cost however many there are, and looked after while open."""

import asyncio
import gc
import logging
import weakref
from collections.abc import Iterator

import pytest

from contract_tests.signers import Wire
from emulator.app import build
from emulator.engine.blueprint import Blueprint
from emulator.engine.namespaces import Namespaces
from emulator.model.account import AccessKey
from emulator.model.result import Format, Picture, Result
from emulator.model.task import Appointment, Task
from emulator.settings import Settings
from emulator.world.clock import ManualClock
from emulator.world.transport import RecordingTransport
from emulator.world.worldfile import Usual
from tests.server import HOST, START, InProcess

KIND = "tiw.snapshot"


def made() -> Namespaces:
    _, namespaces = build(Settings(seed=1), ManualClock(START), RecordingTransport())
    return namespaces


def blueprint(name: str) -> Blueprint:
    return Blueprint(Usual(name, name, "secret"), seed=1)


class Counted(dict[tuple[str, str], AccessKey]):
    """Counts how many keys are looked through."""

    looked_through = 0

    def values(self) -> "Iterator[AccessKey]":  # type: ignore[override]  # as much as is needed
        for value in super().values():
            self.looked_through += 1
            yield value


def test_to_make_show_and_remove_a_namespace_looks_through_no_others_keys() -> None:
    namespaces = made()
    keys = Counted(namespaces._keys)
    namespaces._keys = namespaces.keys = keys

    for number in range(50):
        asyncio.run(namespaces.create(blueprint(f"n{number}")))
        assert len(namespaces.keys_of(f"n{number}")) == 3
    asyncio.run(namespaces.remove("n7"))

    assert ("tencent", "n7") not in keys
    assert ("tencent", "n8") in keys
    assert keys.looked_through == 0


def test_keys_declared_later_are_the_namespaces_until_their_account_is_replaced() -> None:
    namespaces = made()
    asyncio.run(namespaces.create(blueprint("mine")))
    account = namespaces.agendas["mine"].namespace.accounts["tencent", "tencent-mine"]
    second = AccessKey("second", "s", "tencent", account.id, "mine")

    with namespaces.agendas["mine"].turn:
        namespaces.declare("mine", [account], [second])

    assert {key.id for key in namespaces.keys_of("mine") if key.vendor == "tencent"} == {"second"}
    assert ("tencent", "mine") not in namespaces.keys


def test_open_namespaces_notice_that_the_systems_clock_jumped() -> None:
    async def scene() -> list[str]:
        clock = ManualClock(START)
        transport = RecordingTransport()
        _, namespaces = build(Settings(seed=1), clock, transport)
        caught = list[str]()
        namespaces._look_every_seconds = 0
        agenda = namespaces.agendas["default"]
        await namespaces.open()
        agenda.catch_up = lambda: caught.append("default")  # type: ignore[method-assign]
        while not caught:
            await asyncio.sleep(0)
        await namespaces.close()
        return caught

    assert asyncio.run(scene())[0] == "default"


def test_a_namespace_says_that_it_forgot_its_oldest_results_and_the_log_says_it_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    emulator = InProcess()
    results, picture = emulator.agenda.namespace.state.results, Picture(1, 1, ())

    with caplog.at_level(logging.WARNING, "emulator"):
        for number in range(100_002):
            with emulator.agenda.turn:
                results.put(str(number), Result(str(number), Format.PNG, picture, START))

    (listed,) = emulator.send(ask("/namespaces")).content["namespaces"]
    assert listed["forgotten"] == {"results": 2}
    assert emulator.send(ask("/namespaces/default")).content["forgotten"] == {"results": 2}
    assert [record.getMessage() for record in caplog.records] == [
        "namespace default keeps 100000 results: from now on the oldest that are over are forgotten"
    ]


def ask(path: str) -> Wire:
    return Wire("GET", f"/_emulator{path}", {"host": HOST})


class Marked(dict[str, int]):
    """Arguments of a task, of which one can ask whether they are still in memory."""


@pytest.mark.parametrize("is_reset", [True, False])
def test_what_a_namespace_kept_is_freed_when_it_ends_without_a_search_of_all_memory(
    is_reset: bool,
) -> None:
    async def scene() -> list[bool]:
        namespaces = made()
        agenda = await namespaces.create(blueprint("mine"))
        marks: list[weakref.ref[Marked]] = []
        for number in range(120):
            arguments = Marked()
            marks.append(weakref.ref(arguments))
            task = Task(KIND, str(number), "me", START, arguments, group="room")
            with agenda.turn:
                agenda.namespace.state.tasks.put(task.key, task)
                agenda.namespace.state.timeline.add(START, Appointment(START, task.key, "finish"))
        del agenda, task, arguments
        await (namespaces.reset("mine") if is_reset else namespaces.remove("mine"))
        return [mark() is None for mark in marks]

    gc.disable()
    try:
        assert all(asyncio.run(scene()))
    finally:
        gc.enable()


def test_others_have_turns_while_what_a_namespace_kept_is_freed() -> None:
    async def scene() -> int:
        namespaces = made()
        agenda = await namespaces.create(blueprint("mine"))
        for number in range(1000):
            task = Task(KIND, str(number), "me", START, {})
            with agenda.turn:
                agenda.namespace.state.tasks.put(task.key, task)
        removing = asyncio.create_task(namespaces.remove("mine"))
        turns = 0
        while not removing.done():
            turns += 1
            await asyncio.sleep(0)
        return turns

    assert asyncio.run(scene()) >= 20


def test_closing_stops_all_though_a_namespace_is_removed_meanwhile() -> None:
    async def scene() -> None:
        namespaces = made()
        await namespaces.create(blueprint("first"))
        await namespaces.create(blueprint("second"))
        await namespaces.open()
        closing = asyncio.create_task(namespaces.close())
        await asyncio.sleep(0)
        await namespaces.remove("first")
        await closing

        assert all(not agenda._under_way for agenda in namespaces.agendas.values())

    asyncio.run(scene())
