"""Texts that are sent empty, at every vendor and in every form of a request."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.calls import JOB, ROOM, SNAPSHOT, VIDEO, Change, Draft, both, by, put, refusal
from tests.server import InProcess

STREAM = "MixStream.Custom.InputStreamList.0"
OVERRIDES = "TemplateConfig.OverwriteParams"
CALLBACK = Draft(
    "CreateCallback", "2020-12-01", "volcengine", {"AppID": "app1", "URL": "http://127.0.0.1:9/"}
)
LISTING = Draft("ListSnapshotJobs", "2020-11-09", "alibaba_v3", {})


@pytest.mark.parametrize(
    "change", [by("tencent_v3"), by("tencent_v1"), by("tencent_v3", method="GET")]
)
@pytest.mark.parametrize(
    ("draft", "paths"),
    [
        (SNAPSHOT, ["SnapshotMode", "Whiteboard.InitParams", "CallbackURL", "COS.TargetDir"]),
        (
            VIDEO,
            [
                "MixStream.Custom.Canvas.BackgroundColor",
                f"{STREAM}.BackgroundColor",
                f"{STREAM}.InputStreamId",
                "MixStream.TeacherId",
                "Concat.Image",
            ],
        ),
    ],
)
def test_tencents_optional_texts_may_be_empty(
    emulator: InProcess, change: Change, draft: Draft, paths: list[str]
) -> None:
    draft = both(change, *(put(path, "") for path in paths))(draft)

    assert refusal(emulator.send(draft.sign(emulator.signer()))) is None


@pytest.mark.parametrize("scheme", ["alibaba_v3", "alibaba_rpc"])
@pytest.mark.parametrize(
    ("draft", "paths"),
    [
        (JOB, ["Name", "UserData", f"{OVERRIDES}.Type", f"{OVERRIDES}.FrameType"]),
        (JOB, ["ScheduleConfig.PipelineId"]),
        (LISTING, ["OrderBy", "Status", "StartOfCreateTime", "EndOfCreateTime", "JobId"]),
        (LISTING, ["NextPageToken"]),
    ],
)
def test_alibabas_optional_texts_may_be_empty(
    emulator: InProcess, scheme: str, draft: Draft, paths: list[str]
) -> None:
    draft = both(by(scheme), *(put(path, "") for path in paths))(draft)

    assert refusal(emulator.send(draft.sign(emulator.signer()))) is None


@pytest.mark.parametrize(
    ("draft", "name"), [(ROOM, "BusinessId"), (CALLBACK, "BusinessId"), (CALLBACK, "SecretKey")]
)
def test_volcengines_optional_texts_may_be_empty(
    emulator: InProcess, draft: Draft, name: str
) -> None:
    answer = emulator.send(put(name, "")(draft).sign(emulator.signer()))

    assert refusal(answer) is None


@pytest.mark.parametrize(
    ("draft", "path", "code"),
    [
        (JOB, "Output.Media", "MissingParameter"),
        (Draft("GetSnapshotJob", "2020-11-09", "alibaba_v3", {}), "JobId", "MissingJobId"),
        (Draft("GetSnapshotJob", "2020-11-09", "alibaba_rpc", {}), "JobId", "MissingJobId"),
        (ROOM, "TaskId", "InvalidParameter"),
        (
            Draft("DeleteLiveSnapshotRule", "2018-08-01", "tencent_v3", {}),
            "DomainName",
            "MissingParameter",
        ),
    ],
)
def test_an_empty_text_that_is_required_is_as_good_as_missing(
    emulator: InProcess, draft: Draft, path: str, code: str
) -> None:
    empty, missing = put(path, "")(draft), _without(draft, path)

    refused = [
        refusal(emulator.send(each.sign(emulator.signer(nonce=f"{number:016}"))))
        for number, each in enumerate((empty, missing))
    ]
    assert refused[0] == refused[1]
    assert refused[0] is not None
    assert refused[0].code == code


def _without(draft: Draft, path: str) -> Draft:
    return put(path, None)(draft) if draft in (JOB, ROOM) else draft


def test_a_text_that_may_be_empty_stays_what_it_is(emulator: InProcess) -> None:
    """An empty description takes the former one away; an empty name changes nothing."""
    url = {"StreamEndNotifyUrl": "http://127.0.0.1:9/"}
    said = {"TemplateName": "one", "Description": "a", **url}
    made = _send(emulator, "CreateLiveCallbackTemplate", said)
    named = {"TemplateId": made["TemplateId"], "TemplateName": "", "Description": "", **url}
    _send(emulator, "ModifyLiveCallbackTemplate", named)

    shown = _send(emulator, "DescribeLiveCallbackTemplate", {"TemplateId": made["TemplateId"]})

    template = shown["Template"]
    assert (template["TemplateName"], template["Description"]) == ("one", "")


def _send(emulator: InProcess, action: str, arguments: Mapping[str, Any]) -> Any:
    draft = Draft(action, "2018-08-01", "tencent_v3", arguments)
    return emulator.send(draft.sign(emulator.signer())).content["Response"]
