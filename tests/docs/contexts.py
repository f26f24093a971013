"""What surrounds a block where it does not stand alone, and why some blocks are not run."""

from collections.abc import Mapping
from typing import NamedTuple


class Context(NamedTuple):
    """Code before and after a block, files beside it, and whether it fails as the document says.

    `files` are blocks of the same document by the name of their file, told by their first lines.
    """

    before: str = ""
    after: str = ""
    files: Mapping[str, str] = {}
    is_failing: bool = False


# By document and first line of the block.
CONTEXTS: Mapping[tuple[str, str], Context] = {
    (
        "README.md",
        "def test_a_question_saves_the_day("
        "tiw_client, emulator, emulator_clock, emulator_receiver):",
    ): Context(files={"lost.toml": 'title = "A callback is lost"'}),
    ("docs/testing.md", 'key = emulator.key("tencent")'): Context(
        # What it runs is asked for, so that no program of npm is needed here.
        before="""
import os
import types

asked = []
subprocess = types.SimpleNamespace(run=lambda *words, **named: asked.append((words, named)))

def test_it(emulator):
""",
        after="""
    ((command,), named), = asked
    assert command == ["npm", "test"]
    assert named["env"]["EMULATOR_ENDPOINT"] == settings["endpoint"]
    assert settings["secret_id"] and settings["secret_key"]
""",
    ),
    (
        "docs/testing.md",
        '@pytest.mark.emulator(seed=7, unknown_resources="refuse", world="classroom.toml")',
    ): Context(
        before="""
import pathlib

import pytest

pathlib.Path(__file__).with_name("classroom.toml").write_text('''
[[accounts]]
vendor = "tencent"
''')

""",
        after="""
def test_it(emulator):
    assert emulator.tasks() == []
""",
    ),
    (
        "docs/testing.md",
        "emulator_receiver.answer(status=500, times=2)  # the next two, so that there are retries",
    ): Context(
        before="""
def application(received):
    return 200

def test_it(emulator, emulator_receiver, emulator_clock, tiw_client):
    for room in (1, 2):
        tiw_client.call_json("CreateSnapshotTask", {"SdkAppId": 1400000001, "RoomId": room, \
"Whiteboard": {"Width": 640}})
    emulator_clock.advance(60)
""",
    ),
    (
        "docs/testing.md",
        'emulator.request(action="CreateSnapshotTask", '
        'parameters={"Whiteboard.Width": 1280})  # the one',
    ): Context(
        before="""
import threading
from datetime import UTC, datetime

from volcenginesdkcore.universal import UniversalInfo

def stop(rtc_client):
    info = UniversalInfo("POST", "rtc", "2023-11-01", "StopSnapshot", "application/json")
    body = {"AppId": "661e0000000000000000543c", "RoomId": "Room1", "TaskId": "Task1"}
    try:
        rtc_client.do_call(info, body)
    except Exception:
        pass  # no such task, which is a request all the same

class AtWork:
    # A namespace beside which a program stops a snapshot once the test waits for that.

    def __init__(self, namespace, work):
        self._namespace, self._work = namespace, work

    def __getattr__(self, name):
        if name == "wait_for_request":
            threading.Thread(target=self._work).start()
        return getattr(self._namespace, name)

def test_it(emulator, emulator_receiver, emulator_clock, tiw_client, rtc_client, ice_client):
    from alibabacloud_ice20201109 import models as ice

    snapshot = {"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 1280}}
    task_id = tiw_client.call_json("CreateSnapshotTask", snapshot)["Response"]["TaskID"]
    ice_client.set_event_callback(
        ice.SetEventCallbackRequest(
            callback_type="HTTP",
            callback_url=emulator_receiver.url,
            event_type_list="SnapshotComplete",
        )
    )
    for _ in range(2):
        ice_client.submit_snapshot_job(
            ice.SubmitSnapshotJobRequest(
                input=ice.SubmitSnapshotJobRequestInput(type="OSS", media="oss://bucket/a.mp4"),
                output=ice.SubmitSnapshotJobRequestOutput(
                    type="OSS", media="oss://bucket/{Count}.jpg"
                ),
                template_config=ice.SubmitSnapshotJobRequestTemplateConfig(
                    template_id="96e8864746a0b6f3"
                ),
            )
        )
    emulator_clock.advance(60)
    callback = emulator.callbacks()[0]
    kept = next(each.path for each in emulator.results() if each.expires_at is None)
    url = f"{emulator.url}/_emulator/namespaces/{emulator.name}/results/{kept}"
    narrow = {**snapshot, "Whiteboard": {"Width": 640}}
    unended_id = tiw_client.call_json("CreateSnapshotTask", narrow)["Response"]["TaskID"]
    emulator = AtWork(emulator, lambda: stop(rtc_client))
""",
    ),
    ("docs/conduct.md", "def test_we_wait_when_throttled(emulator):"): Context(
        before="""
import pytest

class Service:
    def __init__(self, client):
        self.client = client

    def snapshot_every_room(self):
        from tencentcloud.common.exception import TencentCloudSDKException

        for _ in range(24):
            try:
                self.client.call_json("CreateSnapshotTask", {"SdkAppId": 1400000001, "RoomId": 1, \
"Whiteboard": {"Width": 640}})
            except TencentCloudSDKException:
                pass

def our_service(namespace):
    from emulator.client import sdk

    return Service(sdk.tiw(namespace))

pytestmark = pytest.mark.emulator(calls_per_second={"CreateSnapshotTask": 20})

""",
        is_failing=True,
    ),
}

# Tests whose output is printed apart from them, by document and first line of what is printed.
_SNAPSHOT = '{"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": %d}}'
PRODUCED: Mapping[tuple[str, str], str] = {
    (
        "docs/testing.md",
        'NoMatch: no request fits: action=CreateSnapshotTask, parameters={"Whiteboard.Width":1280}',
    ): f"""
def test_one(emulator, tiw_client):
    tiw_client.call_json("CreateSnapshotTask", {_SNAPSHOT % 640})
    emulator.request(action="CreateSnapshotTask", parameters={{"Whiteboard.Width": 1280}})

def test_two(emulator, tiw_client):
    tiw_client.call_json("CreateSnapshotTask", {_SNAPSHOT % 640})
    emulator.wait_for_callback(event="SnapshotFinished")
""",
    (
        "docs/testing.md",
        "------------------- emulator: requests of test_a_snapshot-3f9c1d -------------------",
    ): f"""
def test_a_snapshot(emulator_clock, tiw_client):
    tiw_client.call_json("CreateSnapshotTask", {_SNAPSHOT % 640})
    emulator_clock.advance(1)
    tiw_client.call_json("CreateSnapshotTask", {_SNAPSHOT % 2561})
""",
}

# Blocks that are parsed only, by document and first line, and why.
ONLY_PARSED: Mapping[tuple[str, str], str] = {
    (
        "README.md",
        "$ pip install .               # into the environment of your tests: command and pytest "
        "plugin",
    ): "installs from a package index; `make lowest` installs the wheel and tries it",
    (
        "fixtures/README.md",
        "$ TENCENTCLOUD_SECRET_ID=… TENCENTCLOUD_SECRET_KEY=… \\",
    ): "needs the keys of a real account",
    (
        "docs/admin.md",
        "$ export EMULATOR_ADMIN_TOKEN=$(openssl rand -hex 16)",
    ): "needs Docker and an image",
    (
        "clients/node/README.md",
        "$ npm install --save-dev ./mediacloud-emulator/clients/node "
        "tencentcloud-sdk-nodejs-intl-en",
    ): "installs packages into a project of the reader's",
}
