"""Volcengine RTC: snapshots of a room until they are stopped."""

import hashlib
import hmac
import json
from typing import Any
from uuid import uuid4

import volcenginesdkcore
from volcenginesdkcore.universal import UniversalApi, UniversalInfo

from examples.flows.receiver import Place, Row, require

APPLICATION = "661e0000000000000000543c"
SECRET = "rtc-secret"
STATUS = {2: "running", 3: "ended"}
SIGNED = ("EventType", "EventData", "EventTime", "EventId", "Version", "AppId", "Nonce")


def is_verified(event: dict[str, str], secret: str) -> bool:
    """Signature is the SHA-256 of seven members and the secret, sorted and joined, in hex."""
    texts = sorted([*(event[name] for name in SIGNED), secret])
    expected = hashlib.sha256("".join(texts).encode()).hexdigest()
    return hmac.compare_digest(expected, event["Signature"])


def snapshot(place: Place) -> Row:
    configuration = volcenginesdkcore.Configuration()
    configuration.host, configuration.scheme = place.endpoint, "http"
    configuration.region = "cn-north-1"
    configuration.ak = configuration.sk = "test"
    api = UniversalApi(volcenginesdkcore.ApiClient(configuration))

    def call(action: str, version: str = "2023-11-01", method: str = "POST", **body: Any) -> Any:
        return api.do_call(UniversalInfo(method, "rtc", version, action, "application/json"), body)

    # The URL must answer a GET with 200 already now.
    setting = {"AppID": APPLICATION, "URL": place.callback_url("rtc"), "SecretKey": SECRET}
    call("CreateCallback", "2020-12-01", **setting, EventList=["SnapshotRealTimeData"])
    task_id = uuid4().hex
    names = {"AppId": APPLICATION, "RoomId": "Room1", "TaskId": task_id}
    call(
        "StartSnapshot",
        **names,
        ImageConfig={"Width": 320, "Height": 180},
        StorageConfig={"Type": 0, "TosConfig": {"AccountId": "2100", "Bucket": "bucket"}},
    )

    def state() -> str:
        return STATUS[call("GetSnapshotTask", method="GET", **names)["SnapshotTask"]["Status"]]

    states = [state()]
    event = place.received("rtc", lambda body: task_id in body["EventData"]).body
    require(is_verified(event, SECRET), "signature of the callback is wrong")
    picture = place.picture(json.loads(event["EventData"])["Url"], "JPEG", (320, 180))
    call("StopSnapshot", **names)
    states.append(state())
    return Row("RTC StartSnapshot", " > ".join(states), "yes", picture)
