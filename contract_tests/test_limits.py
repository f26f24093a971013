"""Limits hold at N and break at N + 1."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from contract_tests.arguments import Fresh, Moment
from contract_tests.documents import Action, actions
from contract_tests.profile import QUICK, Profile
from contract_tests.refusals import Refusal
from contract_tests.target import Target, refusal
from contract_tests.transport import forms, host
from contract_tests.verdict import named

_THROTTLED: Mapping[str, str] = {
    "tencent": "RequestLimitExceeded",
    "alibaba": "Throttling.User",
    "volcengine": "FlowLimitExceeded",
}
_SOON_DONE = 60


@pytest.mark.parametrize("action", actions(), ids=named)
def test_a_second_has_room_for_as_many_calls_as_documented_and_no_more(
    target: Target, profile: Profile, action: Action
) -> None:
    limit = action.calls_per_second
    if profile is QUICK and limit > _SOON_DONE:
        pytest.skip("takes hundreds of calls")
    expected = _throttled(action, limit + 1)
    target.advance(1)

    # Whatever is wrong with them, they count.
    answers = [_call(target, action) for _ in range(limit + 1)]
    target.advance(1)
    afterwards = _call(target, action)

    early = [
        number
        for number, got in enumerate(answers[:-1], 1)
        if got == expected._replace(message=got.message)
    ]
    where = f"{action.file}: calls_per_second {limit}"
    assert not early, f"{where}: call {early[0]} of a second was refused already"
    assert answers[-1] == expected, f"{where}: call {limit + 1} of a second got {answers[-1]}"
    assert afterwards.code != expected.code, f"{where}: the next second has no room"


def _call(target: Target, action: Action) -> Refusal:
    form = forms(action)[0]
    answer = target.send(form.sign(target.signer(host(action)), action, {}))
    return refusal(answer) or Refusal("", "", answer.status)


def _throttled(action: Action, count: int) -> Refusal:
    error = action.errors[_THROTTLED[action.vendor]]
    message = error.message.format_map({"count": count, "limit": action.calls_per_second})
    return Refusal(error.code, message, error.status, error.number)


class Quota(NamedTuple):
    """So many may be at a time: `source` says where that is from."""

    title: str
    source: str
    most: int
    code: str
    make: Callable[[Target, Mapping[str, Any]], str]
    clear: Callable[[Target], None]

    def __repr__(self) -> str:
        return self.title


def _making(
    action: str, arguments: Mapping[str, Any]
) -> Callable[[Target, Mapping[str, Any]], str]:
    return lambda target, shared: target.refused(action, {**arguments, **shared})


def _start_recording(target: Target, shared: Mapping[str, Any]) -> str:
    """Start one of a user that suits its room, so that it goes on."""
    room = shared.get("RoomId") or target.number()
    user = {"RecordUserId": f"tic_record_user_{room}_{target.number()}"}
    return target.refused("StartOnlineRecord", {**_RECORDING, "RoomId": room, **user, **shared})


def _no_template(kind: str) -> Callable[[Target], None]:
    def clear(target: Target) -> None:
        for each in target.ask(f"DescribeLive{kind}Templates")["Templates"]:
            target.ask(f"DeleteLive{kind}Template", {"TemplateId": each["TemplateId"]})

    return clear


def _nothing(target: Target) -> None:
    pass


_STREAM_TASK = {
    "StreamName": Fresh("stream{}"),
    "DomainName": "push.example.com",
    "AppName": "live",
    "StartTime": Moment(600),
    "EndTime": Moment(1200),
    "TemplateId": 1,
}
_RECORDING = {
    "SdkAppId": Fresh(),
    "RoomId": Fresh(),
    "RecordUserId": Fresh("tic_record_user_1_{}"),
    "RecordUserSig": "signature",
}
_SNAPSHOT = {"TemplateName": "t", "CosAppId": 1, "CosBucket": "b", "CosRegion": "ap-guangzhou"}
QUOTAS: Sequence[tuple[Quota, Sequence[str]]] = (
    (
        Quota(
            "snapshot templates",
            "CreateLiveSnapshotTemplate: at most 50 templates",
            50,
            "InternalError.ConfOutLimit",
            _making("CreateLiveSnapshotTemplate", _SNAPSHOT),
            _no_template("Snapshot"),
        ),
        (),
    ),
    (
        Quota(
            "callback templates",
            "CreateLiveCallbackTemplate: at most 50 templates",
            50,
            "InternalError.ConfOutLimit",
            _making(
                "CreateLiveCallbackTemplate",
                {"TemplateName": "t", "RecordNotifyUrl": "http://127.0.0.1:9/"},
            ),
            _no_template("Callback"),
        ),
        (),
    ),
    (
        Quota(
            "screenshot tasks on a stream",
            "CreateScreenshotTask: at most three on the same stream at a time",
            3,
            "LimitExceeded.MaximumRunningTask",
            _making("CreateScreenshotTask", _STREAM_TASK),
            _nothing,
        ),
        ("StreamName",),
    ),
    (
        Quota(
            "recordings of an application",
            "tencentcloud.com/document/product/1176/55105: 100 an application",
            100,
            "LimitExceeded.TaskConcurrency",
            _start_recording,
            _nothing,
        ),
        ("SdkAppId",),
    ),
    (
        Quota(
            "recordings of a room",
            "tencentcloud.com/document/product/1176/55105: one a room",
            1,
            "LimitExceeded.TaskConcurrency",
            _start_recording,
            _nothing,
        ),
        ("SdkAppId", "RoomId"),
    ),
    (
        Quota(
            "recordings of a user",
            "StartOnlineRecord: ResourceInUse.RecordUserId",
            1,
            "ResourceInUse.RecordUserId",
            _start_recording,
            _nothing,
        ),
        ("SdkAppId", "RecordUserId"),
    ),
)


@pytest.mark.parametrize(("quota", "shared"), QUOTAS, ids=lambda each: repr(each)[:40])
def test_as_many_as_documented_are_made_and_no_more(
    target: Target, quota: Quota, shared: Sequence[str]
) -> None:
    settled = target.settle({**_RECORDING, **_STREAM_TASK})
    together = {name: settled[name] for name in shared}
    quota.clear(target)

    codes = [quota.make(target, together) for _ in range(quota.most + 1)]
    quota.clear(target)

    assert codes == [""] * quota.most + [quota.code], f"{quota.title} ({quota.source}): {codes}"
