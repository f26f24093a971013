"""Two runs with the same seed and calls: the same answers, callbacks and pictures, to the byte."""

import json
import re
from urllib.parse import urlsplit

from contract_tests.signers import Signer, Wire
from tests.server import HOST, Answer, InProcess

URL = "http://127.0.0.1:9/cb"
ROOM = {"AppId": "661e0000000000000000543c", "RoomId": "Room1", "TaskId": "Task1"}
STREAM = {"DomainName": "push.example.com", "AppName": "live", "StreamName": "lesson"}
RESULT = re.compile(rb'http://127\.0\.0\.1:4588/_emulator/results/[^"\\]+')


def calls(signer: Signer) -> list[Wire]:
    """Return a call that starts something at each vendor, and one that is refused."""
    end = int(signer.now.timestamp()) + 20
    tos = {"TosConfig": {"AccountId": "2100", "Bucket": "bucket"}}
    job = {
        "Input": {"Type": "OSS", "Media": "oss://b/o.mp4"},
        "Output": {"Type": "OSS", "Media": "oss://b/o-{Count}.jpg"},
        "TemplateConfig": {
            "TemplateId": "96e8864746a0b6f30000000000000001",
            "OverwriteParams": {"Count": 2},
        },
    }
    tiw = {"SdkAppId": 1400000001}
    return [
        signer.tencent_v3(
            "CreateSnapshotTask", "2019-09-19", {**tiw, "RoomId": 1, "Whiteboard": {"Width": 640}}
        ),
        signer.tencent_v3(
            "CreateVideoGenerationTask", "2019-09-19", {**tiw, "OnlineRecordTaskId": "r00001"}
        ),
        signer.tencent_v3(
            "StartOnlineRecord",
            "2019-09-19",
            {**tiw, "RoomId": 2, "RecordUserId": "tic_record_user_2_1", "RecordUserSig": "sig"},
        ),
        signer.tencent_v3("CreateSnapshotTask", "2019-09-19", {**tiw, "RoomId": 1}),
        signer.tencent_v3(
            "CreateScreenshotTask", "2018-08-01", {**STREAM, "EndTime": end, "TemplateId": 0}
        ),
        signer.alibaba_v3(
            "SetEventCallback",
            "2020-11-09",
            {
                "CallbackType": "HTTP",
                "CallbackURL": URL,
                "EventTypeList": "SnapshotComplete",
                "AuthSwitch": "on",
                "AuthKey": "Test123",
            },
        ),
        Signer(host=HOST, now=signer.now, nonce="another").alibaba_v3(
            "SubmitSnapshotJob", "2020-11-09", job
        ),
        signer.volcengine("StartSnapshot", "2023-11-01", {**ROOM, "StorageConfig": tos}),
        signer.volcengine("StopSnapshot", "2023-11-01", {**ROOM, "TaskId": "unknown"}),
    ]


def run() -> tuple[list[Answer], list[tuple[str, str, object, bytes]], list[Answer]]:
    """Return the answers, the callbacks and the pictures of one run."""
    emulator = InProcess(callback_url=URL)
    answers = [emulator.send(wire) for wire in calls(emulator.signer())]
    emulator.advance(30)
    sent = emulator.transport.sent
    urls = [
        url.decode() for each in sent for url in RESULT.findall(each.body.replace(b"\\/", b"/"))
    ]
    pictures = [emulator.send(Wire("GET", urlsplit(url).path, {"host": HOST})) for url in urls]
    return answers, [(s.method, s.url, tuple(s.headers), s.body) for s in sent], pictures


def test_two_runs_with_the_same_seed_and_calls_are_the_same_to_the_byte() -> None:
    answers, callbacks, pictures = run()

    assert run() == (answers, callbacks, pictures)
    assert [a.status for a in answers].count(200) >= 7
    assert any(a.headers["content-type"].startswith("image/") for a in pictures)


def test_every_family_is_among_the_callbacks() -> None:
    _, callbacks, _ = run()

    bodies = [json.loads(body) for _, _, _, body in callbacks]
    kinds = {body.get("EventType", body.get("event_type")) for body in bodies}
    assert kinds >= {
        "SnapshotFinished",
        "OfflineRecordFinished",
        "OnlineRecordStarted",
        200,
        "SnapshotComplete",
        "SnapshotRealTimeData",
    }
