"""Limits and parameters that the mainland's pages have and the international ones have not."""

from pathlib import Path
from typing import Any

import pytest

from contract_tests.signers import Wire
from tests.flows.live import INTL, MAINLAND, NAMES, Live
from tests.server import InProcess

DAY = 86_400
BOTH = [pytest.param(MAINLAND, id="mainland"), pytest.param(INTL, id="intl")]
CALLBACK = {"TemplateName": "events", "StreamEndNotifyUrl": "http://127.0.0.1:9/"}
COS = {"CosAppId": 1250000001, "CosBucket": "shots", "CosRegion": "ap-guangzhou"}


@pytest.fixture
def live() -> Live:
    return Live(InProcess())


def code(live: Live, action: str, host: str, **arguments: Any) -> str:
    """Return the code of a refusal, "" for a success."""
    error = live.call(action, host=host, **arguments).get("Error")
    return error["Code"] if error else ""


@pytest.mark.parametrize("name", ["TemplateName", "Description"])
@pytest.mark.parametrize("family", ["LiveSnapshotTemplate", "LiveCallbackTemplate"])
def test_names_may_be_chinese_on_the_mainland_only(live: Live, family: str, name: str) -> None:
    arguments = {"TemplateName": "t", **(COS if "Snapshot" in family else CALLBACK), name: "课堂_1"}

    codes = [code(live, f"Create{family}", host, **arguments) for host in (MAINLAND, INTL)]
    made = live.call(f"Describe{family}s")["Templates"][0]
    changed = {**arguments, "TemplateId": made["TemplateId"]}
    codes += [code(live, f"Modify{family}", host, **changed) for host in (MAINLAND, INTL)]

    assert codes[0] == codes[2] == ""
    assert codes[1].startswith("InvalidParameter")
    assert codes[3].startswith("InvalidParameter")
    assert made[name] == "课堂_1"


@pytest.mark.parametrize("name", ["TemplateName", "Description"])
@pytest.mark.parametrize("host", BOTH)
def test_a_name_has_no_more_bytes_on_either_site(live: Live, host: str, name: str) -> None:
    limit = {"TemplateName": 255, "Description": 1024}[name]

    codes = [
        code(live, "CreateLiveCallbackTemplate", host, **{**CALLBACK, name: "a" * length})
        for length in (limit, limit + 1)
    ]

    assert codes[0] == ""
    assert codes[1].startswith("InvalidParameter")


@pytest.mark.parametrize("action", ["CreateScreenshotTask", "CreateRecordTask"])
@pytest.mark.parametrize(
    ("host", "start", "accepted"),
    [
        (INTL, 6 * DAY, True),
        (INTL, 6 * DAY + 1, False),
        (MAINLAND, 6 * DAY + 1, True),
        (MAINLAND, 7 * DAY - 61, True),
        (MAINLAND, 7 * DAY - 60, False),
    ],
)
def test_how_far_ahead_a_task_may_lie_depends_on_the_site(
    live: Live, action: str, host: str, start: int, accepted: bool
) -> None:
    begin = live.now() + start
    period = {"StartTime": begin, "EndTime": begin + 60, "TemplateId": 0}

    found = code(live, action, host, **NAMES, **period)

    assert found == ("" if accepted else "InvalidParameter")


@pytest.mark.parametrize(
    ("host", "size", "accepted"),
    [(INTL, 100, True), (INTL, 101, False), (MAINLAND, 300_000, True), (MAINLAND, 300_001, False)],
)
def test_how_long_a_page_of_streams_may_be_depends_on_the_site(
    live: Live, host: str, size: int, accepted: bool
) -> None:
    found = code(live, "DescribeLiveStreamOnlineList", host, PageSize=size)

    assert found == ("" if accepted else "InvalidParameterValue")


OF_THE_MAINLAND: dict[str, Any] = {
    "RecordStatusNotifyUrl": "http://127.0.0.1:9/status",
    "AudioAuditNotifyUrl": "http://127.0.0.1:9/audio",
    "RecordExceptionNotifyUrl": "http://127.0.0.1:9/exception",
    "RecordExceptionLevels": ["error"],
}


@pytest.mark.parametrize("name", OF_THE_MAINLAND)
def test_urls_of_the_mainland_are_unknown_elsewhere(live: Live, name: str) -> None:
    arguments = {**CALLBACK, name: OF_THE_MAINLAND[name]}

    codes = [
        code(live, "CreateLiveCallbackTemplate", host, **arguments) for host in (MAINLAND, INTL)
    ]

    assert codes == ["", "UnknownParameter"]


@pytest.mark.parametrize(
    ("given", "accepted"),
    [({}, False), *(({n: v}, "Url" in n) for n, v in OF_THE_MAINLAND.items())],
)
def test_one_url_of_the_mainland_is_enough_there(
    live: Live, given: dict[str, Any], accepted: bool
) -> None:
    found = code(live, "CreateLiveCallbackTemplate", MAINLAND, TemplateName="t", **given)

    assert found == ("" if accepted else "InvalidParameter")


def test_the_mainland_shows_its_own_members_of_a_callback_template(live: Live) -> None:
    made = live.call("CreateLiveCallbackTemplate", **CALLBACK, **OF_THE_MAINLAND)

    named = {"TemplateId": made["TemplateId"]}
    here, there = (
        live.call("DescribeLiveCallbackTemplate", host=host, **named)["Template"]
        for host in (MAINLAND, INTL)
    )

    own = {"RecordExceptionNotifyUrl", "RecordExceptionLevels"}
    assert here.keys() - there.keys() == own
    assert here["RecordExceptionLevels"] == ["error"]


@pytest.mark.parametrize(("site", "accepted"), [("mainland", True), ("intl", False)])
def test_at_an_address_that_names_no_site_the_account_decides(
    tmp_path: Path, site: str, accepted: bool
) -> None:
    world = tmp_path / "world.toml"
    world.write_text(f'[[accounts]]\nvendor = "tencent"\nsite = "{site}"\n')
    emulator = InProcess(world=world)
    arguments = {**CALLBACK, "TemplateName": "课"}
    wire: Wire = emulator.signer().tencent_v3("CreateLiveCallbackTemplate", "2018-08-01", arguments)

    error = emulator.send(wire).content["Response"].get("Error")

    assert (error is None) is accepted


@pytest.mark.parametrize(("site", "accepted"), [("mainland", True), ("intl", False)])
def test_a_recording_of_another_trtc_room_is_for_the_mainland(
    tmp_path: Path, site: str, accepted: bool
) -> None:
    world = tmp_path / "world.toml"
    world.write_text(f'[[accounts]]\nvendor = "tencent"\nsite = "{site}"\n')
    emulator = InProcess(world=world)
    emulator.publish("tiw/1400000001/7", ("ann", 0, None))
    emulator.publish("tiw/1400000001/1203")

    def call(action: str, **arguments: Any) -> Any:
        sent = {"SdkAppId": 1400000001, **arguments}
        wire = emulator.signer().tencent_v3(
            action, "2019-09-19", sent, region="ap-guangzhou" if accepted else "ap-singapore"
        )
        return emulator.send(wire).content["Response"]

    begun = call(
        "StartOnlineRecord",
        RoomId=1203,
        TRTCRoomId=7,
        RecordUserId="tic_record_user_1203_1",
        RecordUserSig="sig",
    )
    if not accepted:
        assert begun["Error"]["Code"] == "UnknownParameter"
        return
    emulator.advance(10)
    call("StopOnlineRecord", TaskId=begun["TaskId"])
    emulator.advance(10)
    videos = call("DescribeOnlineRecord", TaskId=begun["TaskId"])["VideoInfos"]

    assert "ann" in {video["UserId"] for video in videos}


def test_a_setting_that_a_mainland_account_declares_may_be_chinese(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text(
        '[[accounts]]\nvendor = "tencent"\nsite = "mainland"\n[[accounts.callbacks]]\nof = "live"\n'
        'DomainName = "push.example.com"\nTemplateName = "课"\n'
        'StreamEndNotifyUrl = "http://127.0.0.1:9/"\n'
    )

    templates = Live(InProcess(world=world)).call("DescribeLiveCallbackTemplates")["Templates"]

    assert [each["TemplateName"] for each in templates] == ["课"]
