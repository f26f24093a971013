"""So many calls a second and no more, judged by the clock, for each account and action."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.calls import (
    JOB,
    ROOM,
    SCREENSHOT,
    SNAPSHOT,
    VIDEO,
    Change,
    Draft,
    Refusal,
    both,
    by,
    drop,
    put,
    refusal,
    signed_by,
    signing,
)
from tests.server import InProcess


def busy(count: int, limit: int = 20) -> Refusal:
    text = (
        f"Your current request times equals to `{count}` in a second, which exceeds the "
        f"frequency limit `{limit}` for a second. Please reduce the frequency of calls."
    )
    return Refusal("RequestLimitExceeded", text, 200)


def busy_zh(count: int, limit: int = 20) -> Refusal:
    text = f"您当前每秒请求 `{count}` 次，超过了每秒频率上限 `{limit}`，请稍后重试。"
    return Refusal("RequestLimitExceeded", text, 200)


def job_busy(count: int) -> Refusal:
    return Refusal("Throttling.User", "Request was denied due to user flow control.", 400)


def room_busy(count: int) -> Refusal:
    text = (
        "Request was rejected because the request speed of this openAPI is beyond the current "
        "flow control limit."
    )
    return Refusal("FlowLimitExceeded", text, 429, 100018)


LIMITS: tuple[tuple[Draft, int, Callable[[int], Refusal]], ...] = (
    (SNAPSHOT, 20, busy),
    (VIDEO, 20, busy),
    (SCREENSHOT, 20, busy),
    (JOB, 50, job_busy),
    (ROOM, 150, room_busy),
)
IDS = [draft.action for draft, _, _ in LIMITS]
REFUSALS = {draft.action: refused for draft, _, refused in LIMITS}


class Caller:
    """Makes calls that differ in what may not be repeated: nonces, streams, tasks."""

    def __init__(self, emulator: InProcess) -> None:
        self._emulator = emulator
        self._calls = 0

    def call(self, draft: Draft, times: int = 1) -> list[Refusal | None]:
        """Return what each call is answered, None for a success."""
        return [self._call(draft) for _ in range(times)]

    def _call(self, draft: Draft) -> Refusal | None:
        self._calls += 1
        change = signed_by(nonce=f"nonce{self._calls}")
        if "StreamName" in draft.arguments:
            change = both(change, put("StreamName", f"stream{self._calls}"))
        wire = change(draft).sign(self._emulator.signer())
        return refusal(self._emulator.send(wire))


@pytest.fixture
def caller(emulator: InProcess) -> Caller:
    return Caller(emulator)


@pytest.mark.parametrize(("draft", "limit", "refused"), LIMITS, ids=IDS)
def test_as_many_calls_as_the_limit_says_pass_in_a_second_and_all_others_are_refused(
    caller: Caller, draft: Draft, limit: int, refused: Callable[[int], Refusal]
) -> None:
    answers = caller.call(draft, limit + 2)

    assert answers == [None] * limit + [refused(limit + 1), refused(limit + 2)]


@pytest.mark.parametrize(("draft", "limit", "refused"), LIMITS, ids=IDS)
def test_the_first_call_of_the_next_second_passes(
    emulator: InProcess, draft: Draft, limit: int, refused: Callable[[int], Refusal]
) -> None:
    caller = Caller(emulator)
    caller.call(draft, limit)

    emulator.advance(0.999)
    in_the_same_second = caller.call(draft)
    emulator.advance(0.001)
    in_the_next_second = caller.call(draft, limit + 1)

    assert in_the_same_second == [refused(limit + 1)]
    assert in_the_next_second == [None] * limit + [refused(limit + 1)]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(signing(), id="v3"),
        pytest.param(by("tencent_v3", method="GET"), id="v3 GET"),
        pytest.param(by("tencent_v1"), id="v1"),
    ],
)
def test_every_request_form_counts_in_one_window(caller: Caller, change: Change) -> None:
    caller.call(SNAPSHOT, 20)

    answers = caller.call(change(SNAPSHOT), 2)

    assert answers == [busy(21), busy(22)]


@pytest.mark.parametrize(
    "in_chinese",
    [
        pytest.param(signed_by(extra={"x-tc-language": "zh-CN"}), id="v3"),
        pytest.param(both(by("tencent_v1"), put("Language", "zh-CN")), id="v1"),
    ],
)
def test_tencent_says_it_in_chinese_where_it_is_asked_to(
    caller: Caller, in_chinese: Change
) -> None:
    caller.call(SNAPSHOT, 20)

    answers = caller.call(in_chinese(SNAPSHOT), 2)

    assert answers == [busy_zh(21), busy_zh(22)]


def test_the_two_actions_of_a_product_have_a_window_each(caller: Caller) -> None:
    caller.call(SNAPSHOT, 20)

    answers = caller.call(VIDEO, 21)

    assert answers == [None] * 20 + [busy(21)]


def test_calls_refused_for_their_arguments_count(caller: Caller) -> None:
    caller.call(drop("RoomId")(SNAPSHOT), 20)

    assert caller.call(SNAPSHOT) == [busy(21)]


def test_calls_refused_for_their_signature_do_not_count(caller: Caller) -> None:
    caller.call(signed_by(secret="wrong")(SNAPSHOT), 30)

    assert caller.call(SNAPSHOT) == [None]


def test_calls_refused_for_their_region_do_not_count(caller: Caller) -> None:
    caller.call(signing(region="ap-guangzhou")(SNAPSHOT), 30)

    assert caller.call(SNAPSHOT) == [None]


def test_tencent_counts_each_region_that_is_reached_by_a_host_of_its_own(caller: Caller) -> None:
    caller.call(signed_by(host="tiw.intl.tencentcloudapi.com")(SNAPSHOT), 20)

    other = caller.call(signed_by(host="tiw.ap-singapore.tencentcloudapi.com")(SNAPSHOT), 21)

    assert other == [None] * 20 + [busy(21)]


def test_tencent_does_not_count_by_the_region_that_is_named(caller: Caller) -> None:
    regions = [signing(region=region)(SCREENSHOT) for region in ("ap-tokyo", "ap-seoul")]

    answers = caller.call(regions[0], 20) + caller.call(regions[1])

    assert answers == [None] * 20 + [busy(21)]


ACCOUNTS = """
[[accounts]]
vendor = "{vendor}"
id = "one"
[[accounts.keys]]
id = "test"
secret = "test"
[[accounts.keys]]
id = "second"
secret = "second"

[[accounts]]
vendor = "{vendor}"
id = "two"
[[accounts.keys]]
id = "other"
secret = "other"
"""
VENDORS = {"tencent": SNAPSHOT, "alibaba": JOB, "volcengine": ROOM}


def world(folder: Path, text: str) -> Caller:
    path = folder / "world.toml"
    path.write_text(text, encoding="utf-8")
    return Caller(InProcess(path))


@pytest.mark.parametrize(("vendor", "draft"), VENDORS.items(), ids=list(VENDORS))
def test_another_account_has_windows_of_its_own(tmp_path: Path, vendor: str, draft: Draft) -> None:
    caller = world(tmp_path, ACCOUNTS.format(vendor=vendor))
    caller.call(draft, 150)

    others = caller.call(signed_by(key_id="other", secret="other")(draft))

    assert others == [None]


@pytest.mark.parametrize(("vendor", "draft"), VENDORS.items(), ids=list(VENDORS))
def test_two_keys_of_one_account_share_its_windows(
    tmp_path: Path, vendor: str, draft: Draft
) -> None:
    caller = world(tmp_path, ACCOUNTS.format(vendor=vendor))
    limit = next(limit for limited, limit, _ in LIMITS if limited is draft)
    caller.call(draft, limit)

    others = caller.call(signed_by(key_id="second", secret="second")(draft))

    assert others == [REFUSALS[draft.action](limit + 1)]


@pytest.mark.parametrize("draft", [draft for draft, _, _ in LIMITS], ids=IDS)
@pytest.mark.parametrize("limit", [1, 200])
def test_a_world_file_may_set_another_limit(tmp_path: Path, draft: Draft, limit: int) -> None:
    caller = world(tmp_path, f"[calls_per_second]\n{draft.action} = {limit}\n")

    answers = caller.call(draft, limit + 1)

    refused = REFUSALS[draft.action]
    expected = busy(limit + 1, limit) if refused is busy else refused(limit + 1)
    assert answers == [None] * limit + [expected]


def test_a_limit_set_for_one_action_leaves_the_others_as_they_are(tmp_path: Path) -> None:
    caller = world(tmp_path, "[calls_per_second]\nCreateSnapshotTask = 1\n")

    answers = caller.call(VIDEO, 21)

    assert answers == [None] * 20 + [busy(21)]
