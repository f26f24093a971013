"""Callback settings that a world file declares: used, shown, changed, and checked."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from emulator.app import vocabulary
from emulator.spec.document import DocumentError, read
from emulator.vendors.alibaba.callback import sign as ice_sign
from emulator.vendors.volcengine.callback import sign as rtc_sign
from emulator.world.worldfile import decode_world
from tests.flows.ice import Customer
from tests.flows.live import NAMES, Live, signature
from tests.flows.tiw import APPLICATION, Classroom
from tests.server import InProcess

APP = "661e0000000000000000543c"
OWN, DEFAULT = "http://127.0.0.1:9/declared", "http://127.0.0.1:9/default"


def entry(vendor: str, of: str, text: str) -> str:
    return f'[[accounts]]\nvendor = "{vendor}"\n[[accounts.callbacks]]\nof = "{of}"\n{text}'


TIW = entry(
    "tencent",
    "tiw.recording",
    f'SdkAppId = {APPLICATION}\nCallback = "{OWN}"\nCallbackKey = "secret"',
)
LIVE = entry(
    "tencent",
    "live",
    f'DomainName = "{NAMES["DomainName"]}"\nSnapshotNotifyUrl = "{OWN}"\nCallbackKey = "secret"',
)
ICE = entry(
    "alibaba",
    "ice",
    f'CallbackURL = "{OWN}"\nEventTypeList = "SnapshotComplete"\n'
    'AuthSwitch = "on"\nAuthKey = "Test123"',
)
RTC = entry("volcengine", "rtc", f'AppID = "{APP}"\nURL = "{OWN}"\nSecretKey = "secret"')


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "world.toml"


def test_a_recording_tells_the_declared_url_and_the_setting_may_be_changed(file: Path) -> None:
    file.write_text(TIW)
    room = Classroom(world=file, callback_url=DEFAULT)
    room.call("StopOnlineRecord", TaskId=room.start())
    room.advance(600)
    shown = room.call("DescribeOnlineRecordCallback")
    room.call("SetOnlineRecordCallback", Callback="")

    event, urls = room.events()[0], {sent.url for sent in room.emulator.transport.sent}

    assert urls == {OWN}
    assert event["Sign"] == hashlib.md5(f"secret{event['ExpireTime']}".encode()).hexdigest()
    assert (shown["Callback"], shown["CallbackKey"]) == (OWN, "secret")
    assert room.call("DescribeOnlineRecordCallback")["Callback"] == ""


def test_a_live_picture_is_told_to_the_declared_url(file: Path) -> None:
    file.write_text(LIVE)
    live = Live(InProcess(world=file, callback_url=DEFAULT))
    live.publishes((0, None))
    live.task(live.template(), seconds=10)
    live.emulator.advance(10)

    sent = live.emulator.transport.sent[0]

    event = json.loads(sent.body)
    assert (sent.url, event["sign"]) == (OWN, signature("secret", event["t"]))


def test_a_declared_live_template_is_shown_with_its_rule_and_may_be_deleted(file: Path) -> None:
    file.write_text(LIVE)
    live = Live(InProcess(world=file))
    rule = live.call("DescribeLiveCallbackRules")["Rules"][0]
    templates = live.call("DescribeLiveCallbackTemplates")["Templates"]

    names = {"DomainName": rule["DomainName"], "AppName": rule["AppName"]}
    codes = [
        live.code("DeleteLiveCallbackTemplate", TemplateId=1000),
        live.code("DeleteLiveCallbackRule", **names),
        live.code("DeleteLiveCallbackTemplate", TemplateId=1000),
    ]

    assert names == {"DomainName": NAMES["DomainName"], "AppName": ""}
    assert [(t["TemplateId"], t["SnapshotNotifyUrl"]) for t in templates] == [(1000, OWN)]
    assert codes == ["FailedOperation.ConfInUsed", "", ""]


def test_an_ice_job_tells_the_declared_url(file: Path) -> None:
    file.write_text(ICE)
    customer = Customer(InProcess(world=file, callback_url=DEFAULT))
    customer.submit()
    customer.emulator.advance(2)

    sent = customer.sent()[0]

    headers = {name.lower(): value for name, value in sent.headers}
    assert sent.url == OWN
    assert headers["x-ice-signature"] == ice_sign(OWN, headers["x-ice-timestamp"], "Test123")
    assert customer.call("GetEventCallback")["CallbackURL"] == OWN


def test_an_rtc_picture_is_told_to_the_declared_url_which_is_not_probed(file: Path) -> None:
    file.write_text(RTC)
    emulator = InProcess(world=file, callback_url=DEFAULT)
    storage = {"TosConfig": {"AccountId": "2100", "Bucket": "bucket"}}
    start = {"AppId": APP, "RoomId": "r", "TaskId": "t", "StorageConfig": storage}
    emulator.send(emulator.signer().volcengine("StartSnapshot", "2023-11-01", start))
    emulator.advance(1)
    get = emulator.signer().volcengine("GetCallback", "2020-12-01", {"AppId": APP}, method="GET")

    shown = emulator.send(get).content["Result"]

    sent = emulator.transport.sent[0]
    event = json.loads(sent.body)
    assert (sent.url, event["Signature"]) == (OWN, rtc_sign(event, "secret"))
    assert (shown["URL"], shown["SecretKey"]) == (OWN, "secret")


MISTAKES: Mapping[str, str] = {
    TIW.replace("tiw.recording", "tiw"): "'of' must be one of tiw.recording",
    TIW.replace("SdkAppId", "SdkAppID"): "unknown key 'SdkAppID', did you mean 'SdkAppId'?",
    TIW.replace(str(APPLICATION), '"x"'): "'SdkAppId' is not what SetOnlineRecordCallback takes",
    TIW.replace(OWN, "ftp://x"): "'Callback' is not what SetOnlineRecordCallback takes: pattern",
    TIW.replace('"secret"', f'"{"secret" * 11}"'): "SetOnlineRecordCallbackKey takes: maxLength 64",
    LIVE.replace("SnapshotNotifyUrl", "SnapshotUrl"): "did you mean 'SnapshotNotifyUrl'?",
    LIVE.replace(f'SnapshotNotifyUrl = "{OWN}"\n', ""): "CreateLiveCallbackTemplate takes: anyOf",
    LIVE.replace(OWN, "x"): "'SnapshotNotifyUrl' must be an address that begins with http://",
    LIVE.replace("DomainName", "AppName"): "missing key 'DomainName'",
    ICE.replace("Test123", "secret"): "'AuthKey' is not what SetEventCallback takes: pattern",
    ICE + '\nRegion = "x y"': "'Region' must be a region, as in cn-shanghai",
    RTC.replace("URL", "Url"): "unknown key 'Url'; known: of, AppID",
    RTC + RTC.partition("\n")[2].partition("\n")[2].join(("\n", "")): "declared twice",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_setting_that_cannot_be_meant_is_refused_without_its_secret(
    file: Path, text: str
) -> None:
    file.write_text(text)

    with pytest.raises(DocumentError) as caught:
        decode_world(read(file), vocabulary())

    told = str(caught.value)
    assert MISTAKES[text] in told
    assert f"{file}: accounts.0.callbacks." in told
    assert "secret" not in told
