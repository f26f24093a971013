"""Callbacks have the documented shape and verify, and tell what queries tell."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from contract_tests import callbacks
from contract_tests.arguments import Fresh, Moment
from contract_tests.callbacks import ORDER, Event
from contract_tests.signers import Wire
from contract_tests.target import Target
from contract_tests.things import JOB, STORAGE, live_template, recording

FIXTURES = Path(__file__).parent.parent / "fixtures"
KEY = "Contract1"


def _vectors(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((FIXTURES / name).read_text("utf-8"))["vector"]
    return found


@pytest.mark.parametrize("name", ["tencent/callback/tiw.toml", "tencent/callback/live.toml"])
def test_tencents_signature_is_computed_as_published(name: str) -> None:
    for vector in _vectors(name):
        found = callbacks.tencent_sign(vector["key"], vector["expires_at"])

        assert found == vector["signature"]


def test_alibabas_signature_is_computed_as_described() -> None:
    for vector in _vectors("alibaba/callback/ice.toml"):
        found = callbacks.alibaba_sign(vector["url"], vector["timestamp"], vector["key"])

        assert found == vector["signature"]


def test_volcengines_signature_is_computed_as_described() -> None:
    for vector in _vectors("volcengine/callback/rtc.toml"):
        found = callbacks.volcengine_sign(vector["envelope"], vector["secret"])

        assert found == vector["signature"]


def _place(target: Target) -> str:
    return f"contract-{target.number()}"


def _told(target: Target, place: str, key: str = KEY) -> list[Event]:
    return [callbacks.tiw(got, key) for got in target.received(place)]


def _set(target: Target, family: str, app: int, place: str) -> None:
    target.ask(f"Set{family}Callback", {"SdkAppId": app, "Callback": target.sink(place)})
    target.ask(f"Set{family}CallbackKey", {"SdkAppId": app, "CallbackKey": KEY})


def _shared(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """Return the names that both have with different values."""
    return [name for name in first if name in second and first[name] != second[name]]


def test_a_recording_tells_of_its_beginning_its_stop_and_its_end(target: Target) -> None:
    app, place = target.number(), _place(target)
    _set(target, "OnlineRecord", app, place)
    named = recording(target, {"SdkAppId": app})
    target.advance(10)
    target.ask("StopOnlineRecord", named)
    target.advance(10)

    told = _told(target, place)
    shown = target.ask("DescribeOnlineRecord", named)

    assert [event.name for event in told] == list(ORDER["recording"])
    assert _shared(told[-1].data, shown) == []
    assert shown["VideoInfos"]
    assert shown["Status"] == "FINISHED"


def test_a_recording_that_fails_tells_the_error_that_the_query_answers(target: Target) -> None:
    app, place = target.number(), _place(target)
    _set(target, "OnlineRecord", app, place)
    started = {"RoomId": 7, "RecordUserId": "nobody", "RecordUserSig": "signature"}
    task_id = target.ask("StartOnlineRecord", {"SdkAppId": app, **started})["TaskId"]
    target.advance(10)

    (told,) = _told(target, place)
    code = target.refused("DescribeOnlineRecord", {"SdkAppId": app, "TaskId": task_id})

    assert told.name == "OnlineRecordFinished"
    assert told.data["FinishReason"] == "EXCEPTION"
    assert told.data["Error"]["Code"] == code


def test_a_long_pause_is_warned_of_and_then_ended(target: Target) -> None:
    app, place = target.number(), _place(target)
    _set(target, "OnlineRecord", app, place)
    named = recording(target, {"SdkAppId": app})
    target.advance(10)
    target.ask("PauseOnlineRecord", named)
    target.advance(5410)

    told = _told(target, place)

    assert [event.name for event in told] == [
        "OnlineRecordStarted",
        "OnlineRecordLongPauseWarning",
        "OnlineRecordLongPauseForceStopped",
        "OnlineRecordStopped",
        "OnlineRecordFinished",
    ]
    assert told[-1].data["FinishReason"] == "FORCE_STOP"


def test_a_video_generation_tells_of_its_progress_and_its_videos(target: Target) -> None:
    app, place = target.number(), _place(target)
    _set(target, "VideoGenerationTask", app, place)
    asked = {"SdkAppId": app, "OnlineRecordTaskId": f"recording{app}"}
    task_id = target.ask("CreateVideoGenerationTask", asked)["TaskId"]
    target.advance(10)

    told = _told(target, place)
    shown = target.ask("DescribeVideoGenerationTask", {"SdkAppId": app, "TaskId": task_id})

    assert [event.name for event in told] == list(ORDER["generation"])
    assert _shared(told[-1].data, {**shown, "VideoInfos": shown["VideoInfoList"]}) == []
    assert shown["Status"] == "FINISHED"


def test_a_snapshot_task_tells_what_the_query_tells_and_its_pictures_open(target: Target) -> None:
    app, place = target.number(), _place(target)
    asked = {"RoomId": 7, "Whiteboard": {"Width": 64}, "CallbackURL": target.sink(place)}
    task_id = target.ask("CreateSnapshotTask", {"SdkAppId": app, **asked})["TaskID"]
    target.advance(10)

    (told,) = _told(target, place, key="")
    shown = target.ask("DescribeSnapshotTask", {"SdkAppId": app, "TaskID": task_id})

    assert _shared(told.data, shown) == []
    assert [_opened(target, url) for url in shown["Result"]["Snapshots"]] != []


def test_a_job_tells_its_end_and_its_pictures_open(target: Target) -> None:
    place = _place(target)
    url = target.sink(place)
    setting = {"CallbackType": "HTTP", "CallbackURL": url, "EventTypeList": "SnapshotComplete"}
    target.ask("SetEventCallback", {**setting, "AuthSwitch": "on", "AuthKey": KEY})
    named = {"JobId": target.ask("SubmitSnapshotJob", {**JOB, "UserData": '{"a":1}'})["JobId"]}
    target.advance(10)

    (event,) = [callbacks.ice(got, url, KEY) for got in target.received(place)]
    shown = target.ask("GetSnapshotJob", named)["SnapshotJob"]
    pictures = target.ask("GetSnapshotUrls", named)

    assert event.name == "SnapshotComplete"
    assert _shared(event.data, shown) == []
    assert event.data["SnapshotInfos"][0]["SnapshotCount"] == shown["Count"] == pictures["Total"]
    assert [_opened(target, each) for each in pictures["SnapshotUrls"]] != []


def test_a_job_made_to_fail_tells_the_code_that_the_query_shows(target: Target) -> None:
    place = _place(target)
    url = target.sink(place)
    setting = {"CallbackType": "HTTP", "CallbackURL": url, "EventTypeList": "SnapshotComplete"}
    target.ask("SetEventCallback", {**setting, "AuthSwitch": "on", "AuthKey": KEY})
    named = {"JobId": target.ask("SubmitSnapshotJob", JOB)["JobId"]}
    target.admin("POST", "/tasks/fail", {"id": named["JobId"]})
    target.advance(10)

    (event,) = [callbacks.ice(got, url, KEY) for got in target.received(place)]
    shown = target.ask("GetSnapshotJob", named)["SnapshotJob"]

    assert (event.data["Status"], shown["Status"]) == ("Fail", "Fail")
    told = (event.data["ErrorCode"], event.data["ErrorMessage"])
    assert told == (shown["Code"], shown["Message"])


def _bound(target: Target, place: str) -> dict[str, Any]:
    """Bind a callback template for all events to a domain; return a stream of it, on for ever."""
    domain = f"d{target.number()}.example.com"
    urls = {
        f"{kind}NotifyUrl": target.sink(place)
        for kind in ("StreamBegin", "StreamEnd", "Record", "Snapshot")
    }
    template = {"TemplateName": "contract", "CallbackKey": KEY, **urls}
    made = target.ask("CreateLiveCallbackTemplate", template)
    target.ask("CreateLiveCallbackRule", {"DomainName": domain, "AppName": "live", **made})
    return {"DomainName": domain, "AppName": "live", "StreamName": f"s{target.number()}"}


def _unbound(target: Target, names: Mapping[str, Any]) -> None:
    rules = target.ask("DescribeLiveCallbackRules")["Rules"]
    (rule,) = [each for each in rules if each["DomainName"] == names["DomainName"]]
    named = {name: names[name] for name in ("DomainName", "AppName")}
    target.ask("DeleteLiveCallbackRule", named)
    target.ask("DeleteLiveCallbackTemplate", {"TemplateId": rule["TemplateId"]})


def test_screenshots_are_told_of_one_by_one_and_open(target: Target) -> None:
    place = _place(target)
    names = _bound(target, place)
    template = live_template(target, "Snapshot")
    period = {"EndTime": Moment(25), **template}
    task_id = target.ask("CreateScreenshotTask", {**names, **period})["TaskId"]
    target.advance(60)
    _unbound(target, names)
    target.ask("DeleteLiveSnapshotTemplate", template)

    told = [callbacks.live(got, KEY) for got in target.received(place)]

    assert {event.name for event in told} == {"200"}
    assert {event.data["task_id"] for event in told} == {task_id}
    assert {event.data["stream_id"] for event in told} == {names["StreamName"]}
    assert [event.data["create_time"] for event in told] == sorted(
        {event.data["create_time"] for event in told}
    )
    sizes = [_opened(target, event.data["pic_full_url"]) for event in told]
    assert sizes == [event.data["file_size"] for event in told]


def test_a_recorded_push_is_told_of_when_its_task_ends(target: Target) -> None:
    place = _place(target)
    names = _bound(target, place)
    period = {"EndTime": Moment(20)}
    task_id = target.ask("CreateRecordTask", {**names, **period})["TaskId"]
    target.advance(60)
    _unbound(target, names)

    (event,) = [callbacks.live(got, KEY) for got in target.received(place)]

    assert event.data["task_id"] == task_id
    # The moments are cut to seconds, the length is cut once.
    length = event.data["end_time"] - event.data["start_time"]
    assert event.data["duration"] in (length - 1, length)


def test_a_push_is_told_of_when_it_begins_and_when_it_ends(target: Target) -> None:
    place = _place(target)
    names = _bound(target, place)
    stage = "/".join(("live", *names.values()))
    target.admin("PUT", "/scene", {"streams": [{"place": stage, "user": "ann"}], "marks": []})
    target.advance(10)
    state = target.ask("DescribeLiveStreamState", names)["StreamState"]
    target.ask("DropLiveStream", names)
    target.advance(10)
    _unbound(target, names)

    begun, ended = (callbacks.live(got, KEY) for got in target.received(place))

    assert (begun.name, ended.name, state) == ("1", "0", "active")
    assert begun.data["sequence"] == ended.data["sequence"]
    assert ended.data["errcode"] == 21
    assert ended.data["push_duration"] == "10000"


def test_a_room_task_tells_of_each_picture_and_the_picture_opens(target: Target) -> None:
    place = _place(target)
    app = f"app{target.number()}"
    setting = {"AppID": app, "URL": target.sink(place), "SecretKey": KEY}
    target.ask("CreateCallback", {**setting, "EventList": ["SnapshotRealTimeData"]})
    named = target.settle({"AppId": app, "RoomId": "r", "TaskId": Fresh("task{}")})
    target.ask("StartSnapshot", {**named, "StorageConfig": STORAGE})
    target.advance(5)
    target.ask("StopSnapshot", named)
    stopped = len(target.received(place))
    target.advance(10)

    told = [callbacks.rtc(got, KEY) for got in target.received(place)]
    shown = target.ask("GetSnapshotTask", named)["SnapshotTask"]

    assert len(told) == stopped > 0
    assert {event.data["TaskId"] for event in told} == {named["TaskId"]}
    assert (shown["Status"], shown["StopReason"]) == (3, "StopByAPI")
    assert [_opened(target, event.data["Url"]) for event in told] != []


_NOBODY = "http://127.0.0.1:9/nobody"


def _snapshot_told_to_nobody(target: Target) -> str:
    asked = {"SdkAppId": target.number(), "RoomId": 7, "Whiteboard": {}, "CallbackURL": _NOBODY}
    task_id: str = target.ask("CreateSnapshotTask", asked)["TaskID"]
    return task_id


def _job_told_to_nobody(target: Target) -> str:
    setting = {"CallbackType": "HTTP", "CallbackURL": _NOBODY, "EventTypeList": "SnapshotComplete"}
    target.ask("SetEventCallback", setting)
    job_id: str = target.ask("SubmitSnapshotJob", JOB)["JobId"]
    return job_id


def _stream_told_to_nobody(kind: str) -> Callable[[Target], str]:
    def make(target: Target) -> str:
        domain = f"d{target.number()}.example.com"
        template = {"TemplateName": "t", "RecordNotifyUrl": _NOBODY, "SnapshotNotifyUrl": _NOBODY}
        made = target.ask("CreateLiveCallbackTemplate", template)
        target.ask("CreateLiveCallbackRule", {"DomainName": domain, "AppName": "live", **made})
        names = {"DomainName": domain, "AppName": "live", "StreamName": f"s{target.number()}"}
        snapshot = live_template(target, "Snapshot")
        period = {"EndTime": Moment(8), **snapshot}
        task_id: str = target.ask(f"Create{kind}Task", {**names, **period})["TaskId"]
        target.advance(60)
        _unbound(target, names)
        target.ask("DeleteLiveSnapshotTemplate", snapshot)
        return task_id

    return make


# How often, and how many seconds apart: https://www.tencentcloud.com/document/product/1176/55569,
# https://www.tencentcloud.com/document/product/267/38080 and
# https://help.aliyun.com/document_detail/610204.html, read 2026-11-21.
RETRIES: Mapping[str, tuple[Callable[[Target], str], int, int]] = {
    "TIW": (_snapshot_told_to_nobody, 6, 5),
    "Live, screenshots": (_stream_told_to_nobody("Screenshot"), 6, 120),
    "Live, recordings": (_stream_told_to_nobody("Record"), 13, 60),
    "ICE": (_job_told_to_nobody, 3, 1),
}


@pytest.mark.parametrize("of", RETRIES)
def test_a_callback_that_nobody_takes_is_tried_as_often_as_documented(
    target: Target, of: str
) -> None:
    make, times, seconds = RETRIES[of]
    task_id = make(target)
    target.advance(10 + (times + 1) * seconds)

    every = target.admin("GET", "/callbacks")["callbacks"]
    attempts = next(each["attempts"] for each in every if each["task"] == task_id)
    moments = [datetime.fromisoformat(each["at"]) for each in attempts]

    apart = {(after - before).total_seconds() for before, after in pairwise(moments)}
    assert (len(attempts), apart) == (times, {seconds}), f"contract_tests/callbacks.py: {of}"


def _opened(target: Target, url: str) -> int:
    """Fetch a result by its address, which has to open; return its size in bytes."""
    address = urlsplit(url)
    query = f"?{address.query}" if address.query else ""
    answer = target.send(Wire("GET", f"{address.path}{query}", {"host": target.address}))
    assert answer.status == 200, f"{url}: {answer.status}"
    assert answer.body
    return len(answer.body)
