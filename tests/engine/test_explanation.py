"""A refusal is explained in full, from what was known when it happened, and without secrets."""

import hashlib
import logging
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from emulator.engine.explanation import Explanation
from emulator.spec.action import Evidence
from tests.calls import (
    JOB,
    NOW,
    ROOM,
    SCREENSHOT,
    SNAPSHOT,
    Change,
    Draft,
    authorization,
    both,
    by,
    calling,
    dated,
    drop,
    header,
    presigned,
    put,
    signed_by,
    signing,
    twice,
)
from tests.refused import keeping
from tests.server import InProcess
from tests.test_one_wrong_thing import MAINLAND_ACCOUNT, ROWS

SECRET = "s3cret&of=mine~"
FORMS = (SECRET, quote(SECRET, safe="-_.~"), quote(quote(SECRET, safe="-_.~"), safe="-_.~"))
KEYS = """
[[accounts]]
vendor = "{vendor}"
state = "{state}"
[[accounts.keys]]
id = "test"
secret = "test"
[[accounts.keys]]
id = "temporary"
secret = "passing"
session_token = "Token+/="
[[accounts.keys]]
id = "closed"
secret = "test"
enabled = false
"""


class Explaining(InProcess):
    """An emulator that tells why it refused the last call."""

    def __init__(self, world: Path | None = None, **flags: Any) -> None:
        super().__init__(world, **flags)
        self.app, self.pipeline = keeping(self.app)

    def explain(self, draft: Draft, change: Change = lambda draft: draft) -> Explanation:
        draft = change(draft)
        wire = draft.sign(self.signer())
        for _ in range(2 if draft.is_sent_twice else 1):
            self.send(wire)
        return self.pipeline.explained()


@pytest.fixture
def emulator(tmp_path: Path) -> Explaining:
    return Explaining(world(tmp_path))


def world(folder: Path, state: str = "active", more: str = "") -> Path:
    path = folder / "world.toml"
    vendors = ("tencent", "alibaba", "volcengine")
    path.write_text(more + "".join(KEYS.format(vendor=v, state=state) for v in vendors))
    return path


WRONG_SECRET = signed_by(secret="wrong")
WRONG_TOKEN = signed_by(key_id="temporary", secret="passing", token="another")
ELSEWHERE = signing(region="ap-guangzhou")


@pytest.mark.parametrize(
    ("draft", "change", "check", "mistake", "sentence"),
    [
        (SNAPSHOT, WRONG_SECRET, "signature", "wrong-secret", "another secret was used"),
        (SNAPSHOT, dated(-301), "time", "expired", "dated 301 seconds ago; 300 are allowed"),
        (ROOM, dated(901), "time", "future", "901 seconds in the future; 900 are allowed"),
        (JOB, twice, "nonce", "nonce-reused", "make a new one for each call"),
        (ROOM, signed_by(key_id="nobody"), "key", "", "no access key 'nobody' is declared"),
        (JOB, signed_by(key_id="closed"), "key", "", "'closed' is declared as disabled"),
        (SNAPSHOT, WRONG_TOKEN, "token", "", "not that of the access key 'temporary'"),
        (
            SNAPSHOT,
            ELSEWHERE,
            "region",
            "wrong-region",
            "not offered in 'ap-guangzhou', but in ap-singapore",
        ),
        (SNAPSHOT, signing(region="mars"), "region", "wrong-region", "there is no region 'mars'"),
        (SNAPSHOT, signing(region=""), "region", "", "no region was sent"),
        (
            SNAPSHOT,
            calling("CreateSnapshotTasks"),
            "action",
            "",
            "did you mean CreateSnapshotTask?",
        ),
        (JOB, calling("SubmitSnapshotjob"), "action", "", "did you mean SubmitSnapshotJob?"),
        (ROOM, calling(version="2020-12-01"), "action", "", "not an action of rtc 2020-12-01"),
        (SNAPSHOT, header(x_tc_timestamp=None), "request", "", "`Timestamp`"),
        (ROOM, header(x_date=None), "request", "", "timestamp"),
        (
            SNAPSHOT,
            put("Whiteboard.Width", 2561),
            "parameter",
            "",
            "Whiteboard.Width: 2561 is over the maximum 2560",
        ),
        (SNAPSHOT, drop("SdkAppId"), "parameter", "", "SdkAppId: is missing"),
        (
            SNAPSHOT,
            put("SdkAppID", 1),
            "parameter",
            "",
            "SdkAppID: no such parameter; did you mean SdkAppId?",
        ),
        (
            SNAPSHOT,
            put("SnapshotMode", "All"),
            "parameter",
            "",
            "SnapshotMode: All is none of AllMarks, LatestMarksOnly",
        ),
        (
            SCREENSHOT,
            put("EndTime", NOW - 1),
            "parameter",
            "",
            f"EndTime: {NOW - 1} is not after {NOW}",
        ),
        (
            ROOM,
            put("TargetStreams.StreamList.1.Index", 0),
            "parameter",
            "",
            "TargetStreams.StreamList: two items have the same Index",
        ),
        (
            ROOM,
            both(put("MaxIdleTime", "60"), drop("RoomId")),
            "parameter",
            "",
            'MaxIdleTime: "60" is not of type integer (and 1 more)',
        ),
        (
            SNAPSHOT,
            put("SdkAppId", 2**64),
            "parameter",
            "",
            "SdkAppId: 18446744073709551616 is not of type uint64",
        ),
        (ROOM, put("RoomId", "a\nb"), "parameter", "", "RoomId: a\\nb does not match"),
        (SNAPSHOT, signing(body=b"[]"), "request", "", "A parameter error occurred."),
        (ROOM, signing(method="GET"), "request", "", "Method not allowed."),
        (SNAPSHOT, header(x_tc_version=None), "request", "", "`Version`"),
    ],
)
def test_what_refused_is_named_and_said_in_one_line(
    emulator: Explaining, draft: Draft, change: Change, check: str, mistake: str, sentence: str
) -> None:
    explanation = emulator.explain(draft, change)

    assert (explanation.check, explanation.mistake) == (check, mistake)
    assert sentence in explanation.sentence
    assert "\n" not in explanation.sentence
    assert explanation.source.startswith("https://")


def test_an_account_is_told_its_state(tmp_path: Path) -> None:
    explanation = Explaining(world(tmp_path, "arrears")).explain(SNAPSHOT)

    assert (explanation.check, explanation.sentence) == (
        "account",
        "the account is in the state 'arrears'",
    )


def test_what_does_not_exist_is_a_resource(tmp_path: Path) -> None:
    strict = world(tmp_path, more='unknown_resources = "refuse"\n')

    explanation = Explaining(strict).explain(SNAPSHOT)

    assert explanation.check == "resource"
    assert "SdkAppId" in explanation.sentence


def test_a_throttled_call_is_told_the_limit(tmp_path: Path) -> None:
    slow = world(tmp_path, more="[calls_per_second]\nCreateSnapshotTask = 1\n")

    explanation = Explaining(slow).explain(SNAPSHOT, twice)

    assert (explanation.check, explanation.sentence) == (
        "throttle",
        "this is call 2 of CreateSnapshotTask in one second; 1 are allowed",
    )


def test_what_a_handler_refuses_is_said_in_the_vendors_words(emulator: Explaining) -> None:
    pause = replace(SNAPSHOT, action="PauseOnlineRecord", arguments=RECORDING)

    explanation = emulator.explain(pause)

    assert explanation.check == "state"
    assert explanation.sentence
    assert explanation.source.endswith("/tiw/v20190919/client.go")


RECORDING = {"SdkAppId": 1400000001, "TaskId": "nowhere"}


@pytest.mark.parametrize("scheme", ["tencent_v3", "tencent_v1"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_servers_calculation_is_shown_as_it_was_made(
    emulator: Explaining, scheme: str, method: str
) -> None:
    explanation = emulator.explain(SNAPSHOT, both(by(scheme, method=method), WRONG_SECRET))

    digest = hashlib.sha256(explanation.canonical_request.encode()).hexdigest()
    assert explanation.canonical_request.startswith(method)
    assert explanation.string_to_sign.endswith(
        digest if scheme == "tencent_v3" else explanation.canonical_request
    )
    assert len(explanation.signature_sent) in (28, 44, 64)


def test_nothing_is_shown_as_signed_where_the_call_did_not_get_that_far(
    emulator: Explaining,
) -> None:
    explanation = emulator.explain(SNAPSHOT, signed_by(key_id="nobody"))

    assert (explanation.canonical_request, explanation.string_to_sign) == ("", "")


def test_each_violation_has_its_rule_its_limit_and_its_page(emulator: Explaining) -> None:
    wrong = both(put("Whiteboard.Width", 2561), put("SnapshotMode", "All"))

    width, mode = emulator.explain(SNAPSHOT, wrong).violations

    assert (width.path, width.rule, width.limit, width.value) == (
        "Whiteboard.Width",
        "maximum",
        2560,
        "2561",
    )
    assert (width.source, width.evidence) == (PAGE, Evidence.DOCUMENTED)
    assert (mode.path, mode.source, mode.evidence) == ("SnapshotMode", PAGE, Evidence.ASSUMED)


PAGE = "https://www.tencentcloud.com/document/product/1176/55153"


def test_the_violation_that_was_answered_comes_first(emulator: Explaining) -> None:
    wrong = both(put("Whiteboard.Width", 2561), drop("RoomId"))

    explanation = emulator.explain(SNAPSHOT, wrong)

    assert explanation.sentence == "RoomId: is missing (and 1 more)"
    assert [broken.rule for broken in explanation.violations] == ["required", "maximum"]


def test_a_refusal_is_explained_as_of_its_moment(emulator: Explaining) -> None:
    at_once = emulator.explain(SNAPSHOT, dated(-301))
    emulator.clock.advance(3600)

    assert emulator.pipeline.explained() == at_once


def test_a_signature_of_a_large_request_is_not_searched_for_mistakes(emulator: Explaining) -> None:
    large = both(put("CallbackURL", "x" * 20_000), WRONG_SECRET)

    explanation = emulator.explain(SNAPSHOT, large)

    assert (explanation.check, explanation.mistake) == ("signature", "")
    assert "too large to search" in explanation.sentence


def test_the_explanation_is_bounded(emulator: Explaining) -> None:
    long = both(by("alibaba_v3", in_body=False), put("UserData", "x" * 100_000), WRONG_SECRET)

    explanation = emulator.explain(JOB, long)

    assert 65_536 < len(explanation.canonical_request) < 65_600


SETTING_KEY = Draft(
    "SetOnlineRecordCallbackKey",
    "2019-09-19",
    "tencent_v3",
    {"SdkAppId": 1400000001, "CallbackKey": SECRET},
)
SETTING_CALLBACK = Draft(
    "SetEventCallback",
    "2020-11-09",
    "alibaba_v3",
    {"CallbackType": "HTTP", "CallbackURL": "http://a", "AuthSwitch": "on", "AuthKey": SECRET},
)


def stored(config: object) -> Change:
    return put("StorageConfig", {"Type": 2, "CustomConfig": config})


CREATING_CALLBACK = Draft("CreateCallback", "2020-12-01", "volcengine", {"SecretKey": SECRET})
NAMED_WRONGLY = both(put("Callbackkey", SECRET), drop("CallbackKey"))
GET, POST = ({"method": method} for method in ("GET", "POST"))
HOLDING = [
    (SETTING_KEY, by("tencent_v3", **GET)),
    (SETTING_KEY, by("tencent_v1", **GET)),
    (SETTING_KEY, by("tencent_v1", **POST)),
    (SETTING_KEY, both(by("tencent_v3", **GET), NAMED_WRONGLY)),
    (SETTING_KEY, both(by("tencent_v1"), calling("SetNothing"))),
    (SETTING_CALLBACK, by("alibaba_v3")),
    (SETTING_CALLBACK, by("alibaba_rpc")),
    (SETTING_CALLBACK, by("alibaba_rpc", in_body=True)),
    (CREATING_CALLBACK, by("volcengine", **GET)),
    (CREATING_CALLBACK, by("volcengine_query")),
]


@pytest.mark.parametrize(("draft", "change"), HOLDING)
def test_secrets_in_what_was_signed_are_neither_explained_nor_logged(
    emulator: Explaining, draft: Draft, change: Change, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    explanation = emulator.explain(draft, both(change, signed_by(secret="wrong")))

    assert explanation.check == "signature"
    assert "hidden" in explanation.canonical_request
    assert_tells_nothing(f"{astuple(explanation)} {caplog.text}")


@pytest.mark.parametrize("scheme", ["tencent_v1", "tencent_v3"])
def test_of_too_many_parameters_none_is_shown(
    emulator: Explaining, scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    many = {f"k{number}": "1" for number in range(1001)} | {"CallbackKey": SECRET}
    draft = replace(SETTING_KEY, scheme=scheme, arguments=many, options=GET)
    caplog.set_level(logging.INFO)

    explanation = emulator.explain(draft, signed_by(secret="wrong"))

    assert explanation.check == "signature"
    assert explanation.canonical_request == "(too many parameters to show)"
    assert_tells_nothing(f"{astuple(explanation)} {caplog.text}")


def assert_tells_nothing(text: str) -> None:
    assert [form for form in FORMS if form in text] == []


@pytest.mark.parametrize(
    ("draft", "change"),
    [
        (SETTING_KEY, NAMED_WRONGLY),
        (SETTING_KEY, put("CallbackKey", [SECRET])),
        (ROOM, stored({"SecretKey": SECRET})),
        (ROOM, stored({"SecretKey": [SECRET]})),
        (ROOM, stored({"AccessKey": {"SecretKey": SECRET}})),
        (ROOM, stored(f"SecretKey={SECRET}")),
        (ROOM, stored([{"SecretKey": SECRET}])),
        (ROOM, put("StorageConfig", SECRET)),
        (SETTING_CALLBACK, both(put("CallbackType", "x"), put("AuthSwitch", "x"))),
    ],
)
def test_secrets_in_arguments_are_neither_explained_nor_logged(
    emulator: Explaining, draft: Draft, change: Change, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    explanation = emulator.explain(draft, change)

    assert explanation.violations
    assert_tells_nothing(f"{astuple(explanation)} {caplog.text}")


TEMPORARY = signed_by(key_id="temporary", secret="wrong", token="Token+/=")
TOKENS = ("Token+/=", "token+/=", "Token%2B%2F%3D", "Token%252B%252F%253D")


@pytest.mark.parametrize(
    ("draft", "change"),
    [
        (SNAPSHOT, by("tencent_v3")),
        (SNAPSHOT, by("tencent_v1")),
        (JOB, by("alibaba_v3")),
        (JOB, by("alibaba_rpc")),
        (ROOM, by("volcengine")),
        (ROOM, presigned),
    ],
)
def test_session_tokens_are_neither_explained_nor_logged(
    emulator: Explaining, draft: Draft, change: Change, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    explanation = emulator.explain(draft, both(change, TEMPORARY))

    text = f"{astuple(explanation)} {caplog.text}"
    assert explanation.check == "signature"
    assert [token for token in (*TOKENS, "passing") if token in text] == []


def test_a_token_that_is_signed_in_lower_case_is_not_shown_either(emulator: Explaining) -> None:
    listed = "SignedHeaders=content-type;host;x-tc-token"
    tamper = authorization("SignedHeaders=content-type;host", listed)

    explanation = emulator.explain(SNAPSHOT, both(TEMPORARY, tamper))

    assert "x-tc-token:***" in explanation.canonical_request


def test_a_refusal_that_nobody_logs_is_not_searched_for_mistakes(
    emulator: Explaining, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    emulator.explain(SNAPSHOT, WRONG_SECRET)

    assert [record.name for record in caplog.records] == ["emulator.checks"]


@pytest.mark.parametrize("draft", [row.values[0] for row in ROWS], ids=[row.id for row in ROWS])
def test_whatever_is_wrong_is_explained(draft: Draft) -> None:
    emulator = Explaining()
    emulator.declare(**MAINLAND_ACCOUNT)

    explanation = emulator.explain(draft)

    assert explanation.check in CHECKS
    assert explanation.sentence
    assert "  " not in explanation.sentence
    assert explanation.source.startswith(("https://", "tc"))


CHECKS = frozenset(
    "signature time nonce key token action region throttle parameter account resource request "
    "state".split()
)
