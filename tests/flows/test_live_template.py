"""Live's templates and rules: made, changed, shown, deleted, and every documented refusal."""

from typing import Any

import pytest

from tests.flows.live import SNAPSHOT_TEMPLATE, Live
from tests.server import InProcess

SNAPSHOT, CALLBACK = "LiveSnapshotTemplate", "LiveCallbackTemplate"
MADE: dict[str, dict[str, Any]] = {
    SNAPSHOT: SNAPSHOT_TEMPLATE,
    CALLBACK: {"TemplateName": "events", "SnapshotNotifyUrl": "http://127.0.0.1:9/own"},
}
# What a Modify needs besides the id.
KEPT = {name: SNAPSHOT_TEMPLATE[name] for name in ("CosAppId", "CosBucket", "CosRegion")}
BOTH = pytest.mark.parametrize("family", [SNAPSHOT, CALLBACK])
URLS = (
    "StreamBeginNotifyUrl",
    "StreamEndNotifyUrl",
    "RecordNotifyUrl",
    "SnapshotNotifyUrl",
    "PornCensorshipNotifyUrl",
    "PushExceptionNotifyUrl",
)
RULE_NAMES = {"LiveSnapshotRule": SNAPSHOT, "LiveCallbackRule": CALLBACK}
NAMES = {"DomainName": "push.example.com", "AppName": "live"}


@pytest.fixture
def live() -> Live:
    return Live(InProcess())


def made(live: Live, family: str, **arguments: Any) -> int:
    return int(live.call(f"Create{family}", **{**MADE[family], **arguments})["TemplateId"])


def shown(live: Live, family: str, template_id: int) -> dict[str, Any]:
    template: dict[str, Any] = live.call(f"Describe{family}", TemplateId=template_id)["Template"]
    return template


def test_a_snapshot_template_is_shown_with_the_documented_defaults(live: Live) -> None:
    said: dict[str, Any] = {k: v for k, v in SNAPSHOT_TEMPLATE.items() if k != "SnapshotInterval"}
    template_id = int(live.call("CreateLiveSnapshotTemplate", **said)["TemplateId"])

    assert shown(live, SNAPSHOT, template_id) == {
        "TemplateId": template_id,
        "TemplateName": "every-two",
        "SnapshotInterval": 10,
        "Width": 0,
        "Height": 0,
        "PornFlag": 0,
        "CosAppId": 1250000001,
        "CosBucket": "shots",
        "CosRegion": "ap-guangzhou",
        "Description": "",
        "CosPrefix": "/{Year}-{Month}-{Day}",
        "CosFileName": "{StreamID}-screenshot-{Hour}-{Minute}-{Second}-{Width}x{Height}{Ext}",
    }


def test_a_callback_template_is_shown_with_empty_texts_for_what_was_not_set(live: Live) -> None:
    template_id = made(live, CALLBACK, CallbackKey="adasda131312")

    assert shown(live, CALLBACK, template_id) == {
        "TemplateId": template_id,
        "TemplateName": "events",
        "Description": "",
        **dict.fromkeys((*URLS, "StreamMixNotifyUrl", "AudioAuditNotifyUrl"), ""),
        "RecordExceptionNotifyUrl": "",
        "RecordExceptionLevels": [],
        "SnapshotNotifyUrl": "http://127.0.0.1:9/own",
        "CallbackKey": "adasda131312",
    }


@BOTH
def test_a_change_changes_what_it_names(live: Live, family: str) -> None:
    template_id = made(live, family)
    before = shown(live, family, template_id)

    kept = KEPT if family == SNAPSHOT else {}
    code = live.code(f"Modify{family}", TemplateId=template_id, Description="new", **kept)

    assert code == ""
    assert shown(live, family, template_id) == {**before, "Description": "new"}


@BOTH
def test_the_list_has_every_template_that_was_not_deleted(live: Live, family: str) -> None:
    first, second = made(live, family), made(live, family)
    live.call(f"Delete{family}", TemplateId=first)

    listed = live.call(f"Describe{family}s")["Templates"]

    assert listed == [shown(live, family, second)]


@pytest.mark.parametrize(
    ("action", "code"),
    [
        ("DescribeLiveSnapshotTemplate", "FailedOperation.NotFound"),
        ("ModifyLiveSnapshotTemplate", "FailedOperation.NotFound"),
        ("DeleteLiveSnapshotTemplate", "InternalError.ConfNotFound"),
        ("DescribeLiveCallbackTemplate", "FailedOperation.NotFound"),
        ("ModifyLiveCallbackTemplate", "FailedOperation.NotFound"),
        ("DeleteLiveCallbackTemplate", "FailedOperation.NotFound"),
    ],
)
def test_an_unknown_template_is_refused(live: Live, action: str, code: str) -> None:
    kept = KEPT if action == "ModifyLiveSnapshotTemplate" else {}

    assert live.code(action, TemplateId=17, **kept) == code


@BOTH
def test_the_fifty_first_template_is_refused(live: Live, family: str) -> None:
    ids = {made(live, family) for _ in range(50)}

    assert len(ids) == 50
    assert live.code(f"Create{family}", **MADE[family]) == "InternalError.ConfOutLimit"


@pytest.mark.parametrize(
    ("name", "bad", "code"),
    [
        ("SnapshotInterval", 1, "InvalidParameterValue"),
        ("SnapshotInterval", 301, "InvalidParameterValue"),
        ("Width", -1, "InvalidParameterValue"),
        ("Width", 3001, "InvalidParameterValue"),
        ("Height", 2001, "InvalidParameterValue"),
        ("PornFlag", 2, "InvalidParameterValue"),
        ("TemplateName", "a b", "InvalidParameterValue"),
        ("TemplateName", "a" * 256, "InvalidParameterValue"),
        ("Description", "a b", "InvalidParameterValue"),
        ("Description", "a" * 1025, "InvalidParameterValue"),
        ("CosPrefix", "/{Week}", "InvalidParameter.COSCustomFileNameError"),
        ("CosFileName", "a b{Ext}", "InvalidParameter.COSCustomFileNameError"),
        ("CosFileName", "{", "InvalidParameter.COSCustomFileNameError"),
        ("CosAppId", "x", "InvalidParameter"),
        ("CosBucket", None, "MissingParameter"),
        ("Colour", 1, "UnknownParameter"),
    ],
)
@pytest.mark.parametrize("verb", ["Create", "Modify"])
def test_a_snapshot_template_that_may_not_be_is_refused(
    live: Live, verb: str, name: str, bad: object, code: str
) -> None:
    extra = {"TemplateId": made(live, SNAPSHOT)} if verb == "Modify" else {}
    arguments = {**SNAPSHOT_TEMPLATE, **extra, name: bad}

    assert live.code(f"{verb}{SNAPSHOT}", **arguments) == code


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("SnapshotInterval", 2),
        ("SnapshotInterval", 300),
        ("Width", 3000),
        ("Height", 2000),
        ("PornFlag", 1),
        ("TemplateName", "a" * 255),
        ("Description", "a" * 1024),
        ("CosPrefix", ""),
        ("CosPrefix", "{AppName}/{PushDomain}/a-!_.*"),
        ("CosFileName", "{StreamID}{Hour}{Minute}{Second}{Ext}"),
    ],
)
def test_the_last_values_that_a_snapshot_template_may_have(
    live: Live, name: str, good: object
) -> None:
    assert live.code(f"Create{SNAPSHOT}", **{**SNAPSHOT_TEMPLATE, name: good}) == ""


def test_a_callback_template_needs_a_url(live: Live) -> None:
    error = live.call(f"Create{CALLBACK}", TemplateName="events")["Error"]

    assert error["Code"] == "InvalidParameter"
    assert [live.code(f"Create{CALLBACK}", TemplateName="t", **{u: "http://x/"}) for u in URLS] == [
        ""
    ] * len(URLS)


@pytest.mark.parametrize("bad", ["a b", "a" * 256, "课" * 86, "é"])
def test_a_callback_template_has_its_own_code_for_a_bad_name(live: Live, bad: str) -> None:
    arguments = {**MADE[CALLBACK], "TemplateName": bad}

    assert live.code(f"Create{CALLBACK}", **arguments) == "InvalidParameter.ArgsNotMatch"


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_a_rule_is_listed_with_beijing_times(live: Live, rule: str) -> None:
    template_id = made(live, RULE_NAMES[rule])
    live.call(f"Create{rule}", **NAMES, TemplateId=template_id)

    listed = live.call(f"Describe{rule}s")["Rules"]

    stream = {"StreamName": ""} if rule == "LiveSnapshotRule" else {}
    times = dict.fromkeys(("CreateTime", "UpdateTime"), "2026-01-02 11:04:05")
    assert listed == [{**times, **NAMES, **stream, "TemplateId": template_id}]


@pytest.mark.parametrize("rule", RULE_NAMES)
@pytest.mark.parametrize("bad", ["no domain", "-x", "http://push.example.com"])
def test_a_rule_for_what_is_no_domain_is_refused(live: Live, rule: str, bad: str) -> None:
    template_id = made(live, RULE_NAMES[rule])
    arguments = {**NAMES, "DomainName": bad, "TemplateId": template_id}

    assert live.code(f"Create{rule}", **arguments) == "InvalidParameter.DomainFormatError"


def test_a_second_snapshot_rule_on_the_same_is_refused_and_on_another_stream_is_not(
    live: Live,
) -> None:
    rule = {**NAMES, "TemplateId": made(live, SNAPSHOT)}
    first = live.code("CreateLiveSnapshotRule", **rule)
    again = live.code("CreateLiveSnapshotRule", **rule)

    other = live.code("CreateLiveSnapshotRule", **rule, StreamName="lesson")

    assert (first, again, other) == ("", "FailedOperation.RuleAlreadyExist", "")


def test_a_second_callback_rule_replaces_the_first(live: Live) -> None:
    first, second = made(live, CALLBACK), made(live, CALLBACK)
    live.call("CreateLiveCallbackRule", **NAMES, TemplateId=first)
    live.emulator.advance(60)
    live.call("CreateLiveCallbackRule", **NAMES, TemplateId=second)

    (rule,) = live.call("DescribeLiveCallbackRules")["Rules"]

    assert (rule["TemplateId"], rule["CreateTime"], rule["UpdateTime"]) == (
        second,
        "2026-01-02 11:04:05",
        "2026-01-02 11:05:05",
    )


def test_a_domain_has_one_snapshot_template_only(live: Live) -> None:
    live.call("CreateLiveSnapshotRule", **NAMES, TemplateId=made(live, SNAPSHOT))
    other = {"AppName": "other", "TemplateId": made(live, SNAPSHOT)}

    same_domain = live.code("CreateLiveSnapshotRule", **{**NAMES, **other})
    other_domain = live.code("CreateLiveSnapshotRule", DomainName="b.example.com", **other)

    assert (same_domain, other_domain) == ("FailedOperation.RuleAlreadyExist", "")
