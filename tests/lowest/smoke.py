"""What must work beside the oldest packages that are supported; `make lowest` runs it.

It sees the installed package, as a user's tests do, and none of this repository but the signer.
"""

import http.client
import json
import struct
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import fastapi

import emulator as package
from emulator.client import Clock, Namespace, Receiver

ROOM = {"SdkAppId": 1400000001, "RoomId": 12345}
SNAPSHOT = {**ROOM, "Whiteboard": {"Width": 640}}


def _signers() -> ModuleType:
    """Return the signer, without this repository on the path."""
    spec = spec_from_file_location(
        "signers", Path(__file__).parents[2] / "contract_tests/signers.py"
    )
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    sys.modules["signers"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


SIGNERS = _signers()


def call(emulator: Namespace, action: str, arguments: object) -> dict[str, Any]:
    key = emulator.key("tencent")
    signer = SIGNERS.Signer(emulator.endpoint, emulator.clock.now, key_id=key.id, secret=key.secret)
    wire = signer.tencent_v3(action, "2019-09-19", arguments)
    connection = http.client.HTTPConnection(emulator.endpoint)
    connection.request(wire.method, wire.target, wire.body, dict(wire.headers))
    with connection.getresponse() as response:
        answer: dict[str, Any] = json.loads(response.read())["Response"]
    connection.close()
    return answer


def test_the_package_is_the_one_that_is_installed() -> None:
    assert "site-packages" in str(package.__file__)
    assert fastapi.__version__.startswith("0.115.")


def test_a_signed_call_is_answered_and_a_wrong_one_refused(
    emulator: Namespace,
) -> None:
    made = call(emulator, "CreateSnapshotTask", SNAPSHOT)
    refused = call(emulator, "CreateSnapshotTask", {**ROOM, "Whiteboard": {"Width": 2561}})

    assert made["TaskID"]
    assert refused["Error"]["Code"] == "InvalidParameter"
    assert [each.verdict for each in emulator.requests()] == ["accepted", "refused"]


def test_a_callback_arrives_under_a_held_clock_and_its_picture_opens(
    emulator: Namespace, emulator_clock: Clock, emulator_receiver: Receiver
) -> None:
    task = call(emulator, "CreateSnapshotTask", SNAPSHOT)

    emulator_clock.advance(60)

    told = emulator_receiver.last.content["EventData"]
    asked = {"SdkAppId": ROOM["SdkAppId"], "TaskID": task["TaskID"]}
    pictures = call(emulator, "DescribeSnapshotTask", asked)["Result"]["Snapshots"]
    picture = emulator.fetch(pictures[0])
    assert told["TaskID"] == task["TaskID"]
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">I", picture[16:20]) == (640,)


def test_an_application_of_the_oldest_fastapi_receives_a_callback(
    emulator: Namespace, emulator_clock: Clock, emulator_receiver: Receiver
) -> None:
    application, told = fastapi.FastAPI(), []

    @application.post("/callbacks")
    async def hear(request: fastapi.Request) -> None:
        told.append(await request.json())

    emulator_receiver.forward(application)
    url = f"{emulator_receiver.url}/callbacks"
    call(emulator, "CreateSnapshotTask", {**SNAPSHOT, "CallbackURL": url})

    emulator_clock.advance(60)

    assert [event["EventType"] for event in told] == ["SnapshotFinished"]


def test_the_library_has_an_incident_that_a_rule_of_conduct_finds(
    emulator: Namespace, emulator_clock: Clock
) -> None:
    emulator.load_scenario("callback-lost")
    call(emulator, "CreateSnapshotTask", SNAPSHOT)

    emulator_clock.advance(3600)

    assert [found.rule for found in emulator.conduct()] == ["never-asked"]
