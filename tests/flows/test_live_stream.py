"""Streams and domains of Live: seen, cut off, banned, added."""

from pathlib import Path
from typing import Any

import pytest

from tests.flows.live import NAMES, SINK, Live
from tests.server import InProcess

ACCOUNT = '[[accounts]]\nvendor = "tencent"\n'


@pytest.fixture
def live() -> Live:
    return Live(InProcess(callback_url=SINK))


def state(live: Live) -> str:
    return str(live.call("DescribeLiveStreamState", **NAMES)["StreamState"])


def test_a_stream_is_active_while_it_is_pushed(live: Live) -> None:
    live.publishes((10, 20))
    seen = []
    for _ in range(3):
        seen.append(state(live))
        live.emulator.advance(10)

    assert seen == ["inactive", "active", "inactive"]


def test_a_dropped_stream_is_inactive_until_it_is_pushed_again(live: Live) -> None:
    live.publishes((0, 30), (20, 40))
    live.emulator.advance(5)
    seen = [state(live), live.code("DropLiveStream", **NAMES), state(live)]
    live.emulator.advance(15)

    assert [*seen, state(live)] == ["active", "", "inactive", "active"]


def test_an_inactive_stream_can_be_dropped_too_and_so_can_an_imagined_one(live: Live) -> None:
    imagined = state(live)

    codes = [live.code("DropLiveStream", **NAMES) for _ in range(2)]

    assert (imagined, codes, state(live)) == ("active", ["", ""], "inactive")


def test_a_banned_stream_is_forbidden_for_seven_days_and_not_pictured(live: Live) -> None:
    live.publishes((0, None))
    live.task(live.template(), seconds=3600)
    live.emulator.advance(3)
    live.call("ForbidLiveStream", **NAMES, Reason="a test")
    live.emulator.advance(7 * 86_400 - 4)
    before = state(live)
    live.emulator.advance(4)

    assert (before, state(live)) == ("forbid", "active")
    assert [event["event_type"] for event in live.events()] == [200, 200, 0, 1]


def test_a_ban_ends_when_it_says_or_is_lifted(live: Live) -> None:
    live.publishes((0, None))
    live.call("ForbidLiveStream", **NAMES, ResumeTime="2026-01-02T03:05:05Z")
    live.emulator.advance(59)
    before = state(live)
    live.emulator.advance(1)
    after = state(live)
    live.call("ForbidLiveStream", **NAMES)
    again = state(live)
    live.call("ResumeLiveStream", **NAMES)

    assert (before, after, again, state(live)) == ("forbid", "active", "forbid", "active")


def test_a_ban_counts_for_the_name_whatever_the_path(live: Live) -> None:
    live.call("ForbidLiveStream", **{**NAMES, "AppName": "other"})

    assert state(live) == "forbid"


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2026-04-02T03:04:05Z", ""),
        ("2026-04-02T03:04:06Z", "InvalidParameterValue"),
        ("2026-01-02T03:04:05Z", "InvalidParameterValue"),
        ("2026-01-03 00:00:00", "InvalidParameterValue"),
        ("soon", "InvalidParameterValue"),
    ],
)
def test_a_ban_lasts_at_most_ninety_days(live: Live, moment: str, code: str) -> None:
    assert live.code("ForbidLiveStream", **NAMES, ResumeTime=moment) == code


def test_a_reason_has_at_most_2048_bytes(live: Live) -> None:
    codes = [live.code("ForbidLiveStream", **NAMES, Reason="é" * n) for n in (1024, 1025)]

    assert codes == ["", "InvalidParameterValue"]


def test_the_online_list_has_the_active_streams_page_by_page(live: Live) -> None:
    for number in range(12):
        place = f"live/push.example.com/live/s{number:02}"
        live.emulator.publish(place, ("host", 0, None if number else 1))
    live.emulator.advance(2)

    first = live.call("DescribeLiveStreamOnlineList", DomainName="push.example.com")
    second = live.call("DescribeLiveStreamOnlineList", PageNum=2)
    exact = live.call("DescribeLiveStreamOnlineList", StreamName="s03")

    assert (first["TotalNum"], first["TotalPage"], first["PageNum"], first["PageSize"]) == (
        11,
        2,
        1,
        10,
    )
    assert [len(reply["OnlineInfo"]) for reply in (first, second, exact)] == [10, 1, 1]
    assert exact["OnlineInfo"][0] == {
        "DomainName": "push.example.com",
        "AppName": "live",
        "StreamName": "s03",
        "PublishTimeList": [{"PublishTime": "2026-01-02T03:04:05Z"}],
    }


def test_a_banned_stream_is_not_online(live: Live) -> None:
    live.publishes((0, None))
    live.call("ForbidLiveStream", **NAMES)

    assert live.call("DescribeLiveStreamOnlineList")["TotalNum"] == 0


def test_an_account_that_never_enabled_live_has_a_code_of_its_own(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text(ACCOUNT + 'state = "not_registered"\n')

    code = Live(InProcess(world)).code("DropLiveStream", **NAMES)

    assert code == "ResourceNotFound.UserNotExist"


# Domains.

PUSH: dict[str, Any] = {"DomainName": "push.example.com", "DomainType": 0}
PLAY: dict[str, Any] = {"DomainName": "play.example.com", "DomainType": 1}


def test_an_added_domain_is_shown(live: Live) -> None:
    live.call("AddLiveDomain", **PUSH)

    assert live.call("DescribeLiveDomain", DomainName="push.example.com")["DomainInfo"] == {
        "Name": "push.example.com",
        "Type": 0,
        "Status": 1,
        "CreateTime": "2026-01-02 11:04:05",
        "BCName": 1,
        "TargetDomain": "push.example.com.tlivepush.com",
        "PlayType": 1,
        "IsDelayLive": 0,
        "CurrentCName": "push.example.com.tlivepush.com",
        "RentTag": 0,
        "RentExpireTime": "0000-00-00 00:00:00",
        "IsMiniProgramLive": 0,
    }


def test_the_hundred_and_first_domain_is_refused(live: Live) -> None:
    for number in range(100):
        assert live.code("AddLiveDomain", DomainName=f"d{number}.example.com", DomainType=0) == ""
        live.emulator.advance(0.1)

    assert live.code("AddLiveDomain", **PUSH) == "FailedOperation.HostOutLimit"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"DomainName": "nodots"}, "InvalidParameter.DomainFormatError"),
        ({"DomainName": "课.example.com"}, "InvalidParameter.DomainFormatError"),
        ({"DomainName": "a" * 34 + ".example.com"}, "InvalidParameter.DomainTooLong"),
        ({"DomainType": 2}, "InvalidParameter"),
        ({"PlayType": 4}, "InvalidParameter"),
        ({"IsDelayLive": 2}, "InvalidParameter"),
        ({"VerifyOwnerType": "mailCheck"}, "InvalidParameter"),
        ({"DomainType": None}, "MissingParameter"),
    ],
)
def test_what_may_not_be_added_is_refused(live: Live, change: dict[str, object], code: str) -> None:
    assert live.code("AddLiveDomain", **{**PUSH, **change}) == code


def test_an_unknown_domain_and_no_domain_are_refused(live: Live) -> None:
    unknown = live.code("DescribeLiveDomain", DomainName="push.example.com")

    assert (unknown, live.code("DescribeLiveDomain")) == (
        "ResourceNotFound.DomainNotExist",
        "MissingParameter",
    )


def test_domains_are_listed_by_type_prefix_and_page(live: Live) -> None:
    live.call("AddLiveDomain", **PUSH)
    live.call("AddLiveDomain", **PLAY, PlayType=2)
    live.call("AddLiveDomain", DomainName="slow.example.com", DomainType=1, IsDelayLive=1)

    every = live.call("DescribeLiveDomains")

    def names(**wanted: Any) -> list[str]:
        reply = live.call("DescribeLiveDomains", **wanted)
        return [domain["Name"] for domain in reply["DomainList"]]

    assert (every["AllCount"], every["CreateLimitCount"]) == (2, 97)
    assert every["PlayTypeCount"] == [0, 1, 0]
    assert names(DomainType=0) == ["push.example.com"]
    assert names(DomainPrefix="pl") == ["play.example.com"]
    assert names(DomainType=1, PlayType=1) == []
    assert names(PlayType=1) == ["push.example.com", "play.example.com"]
    assert names(IsDelayLive=1) == ["slow.example.com"]
    assert names(DomainStatus=0) == []
    assert names(PageNum=2) == []


def test_a_declared_domain_is_shown_and_an_added_one_exists(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text(
        'unknown_resources = "refuse"\n'
        + ACCOUNT
        + '[accounts.resources]\nDomainName = ["old.example.com"]\n'
    )
    live = Live(InProcess(world))
    period = {"EndTime": live.now() + 60, "TemplateId": 1}
    before = live.code("CreateScreenshotTask", **NAMES, **period)
    live.call("AddLiveDomain", **PUSH)
    after = live.code("CreateScreenshotTask", **NAMES, **period)

    shown = live.call("DescribeLiveDomain", DomainName="old.example.com")

    assert (before, after) == ("InvalidParameter", "")
    assert shown["DomainInfo"]["Type"] == 0
