"""Namespaces that are created, and deleted while clients call them."""

import threading
import time
from itertools import count
from typing import Literal

from emulator.client import Namespace, Server
from tests.soak.clients import Answer, Clients
from tests.soak.disturbers.asking import Disturber
from tests.soak.rule_times import RuleTimes

_PAUSE_SECONDS = (0.3, 1.5)
_CALLS = 40
_NUMBERS = count(1)


def disturb(disturber: Disturber, server: Server, receiver: str, rule_times: RuleTimes) -> None:
    """Create a namespace, and delete it while another thread calls it."""
    chance = disturber.chance
    name = f"passing-{next(_NUMBERS)}"
    clock: Literal["real", "manual"] = chance.choice(("real", "manual"))
    url = f"{receiver}/{name}"
    created = disturber.ask(
        "namespace created", lambda: server.create(name, clock=clock, callback_url=url), ()
    )
    if created is None:
        return
    clients = Clients(created)
    calling = threading.Thread(target=_call, args=(disturber, clients, rule_times))
    calling.start()
    time.sleep(chance.uniform(0, 0.3))
    if chance.random() < 0.3:
        disturber.ask("namespace reset", created.reset, ())
    if clock == "manual":
        disturber.ask("namespace advanced", lambda: created.clock.step(5), ())
    disturber.ask("namespace deleted", created.delete, ())
    calling.join()
    _require_gone(disturber, server, created)
    time.sleep(chance.uniform(*_PAUSE_SECONDS))


def _call(disturber: Disturber, clients: Clients, rule_times: RuleTimes) -> None:
    """Send calls before and after the deletion; no answer may be broken or an internal error.

    Rules of the other namespace do not apply, but they close connections that SDKs share.
    """
    for number in range(1, _CALLS + 1):
        began = time.monotonic()
        answers = (
            clients.tiw("DescribeVideoGenerationTaskCallback", SdkAppId=number),
            clients.tiw("CreateSnapshotTask", SdkAppId=number, RoomId=1, Whiteboard={"Width": 320}),
            clients.ice("ListPipelines"),
            clients.rtc("GetSnapshotTask", AppId="created", RoomId="room", TaskId=f"t{number}"),
        )
        for answer in answers:
            is_cut = answer.problem and rule_times.may_strike(began, time.monotonic())
            if not is_cut and not _is_usual(answer):
                text = f"{answer.action} while its namespace is deleted: expected an answer of "
                got = answer.code or answer.problem
                disturber.violations.add("answers", f"{text}the vendor, got {got}")


def _is_usual(answer: Answer) -> bool:
    return not answer.problem and not answer.code.startswith("Internal")


def _require_gone(disturber: Disturber, server: Server, created: Namespace) -> None:
    names = server.namespaces()
    if created.name in names:
        text = f"expected {created.name} to be gone, got {', '.join(names)}"
        disturber.violations.add("administration", text)
