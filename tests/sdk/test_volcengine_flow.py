"""The actions around StartSnapshot, driven by volcenginesdkcore's UniversalApi."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import volcenginesdkcore
from volcenginesdkcore.rest import ApiException
from volcenginesdkcore.universal import UniversalApi, UniversalInfo

from tests.server import Running

SNAPSHOTS, CALLBACKS = "2023-11-01", "2020-12-01"
Do = Callable[..., Any]


@pytest.fixture
def do(server: Running) -> Do:
    """Return a function that calls an action, as `do(action, version, **arguments)`."""
    configuration = volcenginesdkcore.Configuration()
    configuration.ak, configuration.sk, configuration.region = "test", "test", "cn-north-1"
    configuration.host, configuration.scheme = server.endpoint, "http"
    configuration.auto_retry = False
    api = UniversalApi(volcenginesdkcore.ApiClient(configuration))

    def call(action: str, version: str, method: str = "POST", **arguments: Any) -> Any:
        kind = "application/json" if method == "POST" else "text/plain"
        return api.do_call(UniversalInfo(method, "rtc", version, action, kind), arguments)

    return call


@pytest.fixture
def task() -> dict[str, str]:
    return {"AppId": "661e0000000000000000543c", "RoomId": "Room1", "TaskId": uuid4().hex}


def code(do: Do, *called: str, **arguments: Any) -> str:
    """Return the code of the typed error of a call that has to be refused."""
    with pytest.raises(ApiException) as caught:
        do(*called, **arguments)
    return str(json.loads(caught.value.body)["ResponseMetadata"]["Error"]["Code"])


def test_a_task_is_started_changed_shown_and_stopped(do: Do, task: dict[str, str]) -> None:
    storage = {"Type": 0, "TosConfig": {"AccountId": "2100", "Bucket": "bucket"}}
    images = {"Interval": 10}

    answers = [
        do("StartSnapshot", SNAPSHOTS, **task, StorageConfig=storage, ImageConfig=images),
        do("UpdateSnapshot", SNAPSHOTS, **task, ImageConfig={"Interval": 20}),
    ]
    running = do("GetSnapshotTask", SNAPSHOTS, "GET", **task)["SnapshotTask"]
    answers.append(do("StopSnapshot", SNAPSHOTS, **task))
    ended = do("GetSnapshotTask", SNAPSHOTS, "GET", **task)["SnapshotTask"]

    assert answers == ["ok", "ok", "ok"]
    assert (running["Status"], running["ImageConfig"]) == (2, {"Interval": 20})
    assert (ended["Status"], ended["StopReason"]) == (3, "StopByAPI")


@pytest.mark.parametrize("action", ["UpdateSnapshot", "StopSnapshot"])
def test_a_task_that_is_not_running_is_not_found(do: Do, task: dict[str, str], action: str) -> None:
    expected = "InvalidParameter.ErrorActiveTaskNotFound"

    assert code(do, action, SNAPSHOTS, **task) == expected


def test_where_events_go_is_set_changed_and_shown(do: Do, server: Running) -> None:
    application = uuid4().hex[:24]
    sink = f"http://{server.endpoint}/_emulator/sink/rtc"
    events = ["SnapshotRealTimeData"]

    do("CreateCallback", CALLBACKS, AppID=application, URL=sink, EventList=events, SecretKey="k")
    do("UpdateCallback", CALLBACKS, AppID=application, URL=f"{sink}/other")
    shown = do("GetCallback", CALLBACKS, "GET", AppId=application)

    assert (shown["AppId"], shown["URL"], shown["EventList"]) == (
        application,
        f"{sink}/other",
        events,
    )


def test_a_url_that_does_not_answer_is_refused(do: Do, server: Running) -> None:
    nowhere = f"http://{server.endpoint}/_emulator/nowhere"

    refused = code(
        do,
        "CreateCallback",
        CALLBACKS,
        AppID=uuid4().hex[:24],
        URL=nowhere,
        EventList=["RoomCreate"],
    )

    assert refused == "InvalidParameter"
