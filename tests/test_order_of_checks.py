"""Two mistakes in one call: the one whose check comes first is reported.

The orders are those of the protocol dossiers (tencent-protocol 8, alibaba-protocol 8,
volcengine-protocol 8) and, for what the products check, tencent-tiw 2.2 and alibaba-ice 2.5.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.calls import (
    JOB,
    ROOM,
    SNAPSHOT,
    VIDEO,
    Change,
    Draft,
    authorization,
    both,
    by,
    calling,
    common,
    dated,
    drop,
    header,
    put,
    refusal,
    signed_by,
    signing,
    tampered,
)
from tests.server import InProcess
from tests.test_one_wrong_thing import sent_as


def unchanged(draft: Draft) -> Draft:
    return draft


@dataclass(frozen=True)
class Mistake:
    """One mistake, the refusal's code, and a piece of its text where the code is not enough.

    Two mistakes about the same thing, as `about` has it in words, do not go together. A `state`
    is the account's; with `is_spent` the second's only call was made before, with `is_repeated` a
    good call with the same nonce was.
    """

    name: str
    code: str
    change: Change = unchanged
    about: str = ""
    text: str = ""
    state: str = "active"
    is_spent: bool = False
    is_repeated: bool = False


# Everything that the calls below name exists, and each action may be called once a second.
WORLD = """
unknown_resources = "refuse"

[calls_per_second]
CreateSnapshotTask = 1
CreateVideoGenerationTask = 1
SubmitSnapshotJob = 1
StartSnapshot = 1

[[accounts]]
vendor = "{vendor}"
state = "{state}"

[accounts.resources]
{resources}
"""
RESOURCES = {
    "tencent": """
SdkAppId = [1400123480, 1400000001]
OnlineRecordTaskId = ["g7khk7f809vterp942mb"]
""",
    "alibaba": 'Bucket = ["bucket", "test-bucket"]',
    "volcengine": 'AppId = ["661e0000000000000000543c"]\nAccountId = ["200000000"]',
}

TENCENT = signed_by(host="tiw.intl.tencentcloudapi.com")(VIDEO)
TENCENT_ORDER = (
    Mistake("PUT", "UnsupportedProtocol", sent_as("PUT")),
    Mistake(
        "no timestamp",
        "MissingParameter",
        header(x_tc_timestamp=None),
        about="timestamp",
        text="`Timestamp`",
    ),
    # Which of these two is named first is not known.
    Mistake(
        "no action",
        "MissingParameter",
        header(x_tc_action=None),
        about="action version",
        text="`Action`",
    ),
    Mistake(
        "no version",
        "MissingParameter",
        header(x_tc_version=None),
        about="action version",
        text="`Version`",
    ),
    Mistake(
        "timestamp in words",
        "InvalidParameter",
        header(x_tc_timestamp="yesterday"),
        about="timestamp",
        text="`Timestamp`",
    ),
    Mistake(
        "malformed authorization",
        "AuthFailure.InvalidAuthorization",
        authorization("tc3_request", "aws4_request"),
    ),
    Mistake("old", "AuthFailure.SignatureExpire", dated(-301), about="timestamp"),
    Mistake("unknown key", "AuthFailure.SecretIdNotFound", signed_by(key_id="nobody")),
    Mistake("wrong secret", "AuthFailure.SignatureFailure", signed_by(secret="wrong")),
    Mistake("wrong token", "AuthFailure.TokenFailure", signed_by(token="token")),
    Mistake("unknown version", "NoSuchVersion", calling(version="2019-09-18"), about="version"),
    Mistake("unknown action", "InvalidAction", calling(action="Create"), about="action"),
    Mistake("no region", "MissingParameter", signing(region=""), text="`Region`"),
    Mistake("one call too many", "RequestLimitExceeded", is_spent=True),
    Mistake("unknown parameter", "UnknownParameter", put("Extras", [])),
    Mistake(
        "missing parameter", "MissingParameter", drop("Concat.Enabled"), text="`Concat.Enabled`"
    ),
    Mistake("other type", "InvalidParameter", put("ExtraData", 5), text="`ExtraData`"),
    Mistake("arrears", "ResourceUnavailable.ServiceExpired", state="arrears"),
    Mistake("unknown SdkAppId", "InvalidParameter.SdkAppIdNotFound", put("SdkAppId", 1)),
    Mistake("unknown recording", "FailedOperation", put("OnlineRecordTaskId", "nothing")),
    Mistake("bad value", "InvalidParameter.RecordParameter", put("Whiteboard.Width", 1)),
)

TENCENT_V1 = both(by("tencent_v1"), signed_by(host="tiw.intl.tencentcloudapi.com"))(SNAPSHOT)
TENCENT_V1_ORDER = (
    Mistake("PUT", "UnsupportedProtocol", sent_as("PUT")),
    Mistake(
        "stray field",
        "InvalidParameter",
        tampered(lambda wire: wire.but(body=wire.body + b"&oops")),
        text="splited by `=`",
    ),
    Mistake(
        "no timestamp",
        "MissingParameter",
        common("Timestamp", None),
        about="timestamp",
        text="`Timestamp`",
    ),
    Mistake("no key", "MissingParameter", common("SecretId", None), about="key", text="`SecretId`"),
    Mistake("nonce in words", "InvalidParameter", common("Nonce", "abc"), text="`Nonce`"),
    Mistake("old", "AuthFailure.SignatureExpire", dated(-301), about="timestamp"),
    Mistake("unknown key", "AuthFailure.SecretIdNotFound", signed_by(key_id="no"), about="key"),
    Mistake("wrong secret", "AuthFailure.SignatureFailure", signed_by(secret="wrong")),
    Mistake("wrong token", "AuthFailure.TokenFailure", signed_by(token="token")),
    Mistake("unknown version", "NoSuchVersion", calling(version="2019-09-18")),
    Mistake("unknown action", "InvalidAction", calling(action="Create")),
    Mistake("unknown region", "InvalidParameterValue", signing(region="mars-1")),
    Mistake("one call too many", "RequestLimitExceeded", is_spent=True),
    Mistake("unknown parameter", "UnknownParameter", put("Extras", "x")),
    Mistake("missing parameter", "MissingParameter", drop("RoomId"), text="`RoomId`"),
    Mistake("other type", "InvalidParameter", put("COS.Uin", "x"), text="`COS.Uin`"),
    Mistake("arrears", "ResourceUnavailable.ServiceExpired", state="arrears"),
    Mistake("unknown SdkAppId", "UnauthorizedOperation.SdkAppId", put("SdkAppId", 1)),
)

ALIBABA = by("alibaba_rpc")(JOB)
ALIBABA_ORDER = (
    Mistake("other product", "InvalidProduct.NotFound", signed_by(host="ecs.aliyuncs.com")),
    Mistake("PUT", "UnsupportedHTTPMethod", sent_as("PUT")),
    Mistake("unknown action", "InvalidAction.NotFound", calling(action="SubmitSnapshot")),
    Mistake("no timestamp", "MissingTimestamp", common("Timestamp", None), about="timestamp"),
    Mistake("other format", "InvalidParameter.Format", common("Format", "YAML")),
    Mistake(
        "timestamp in words",
        "InvalidTimeStamp.Format",
        common("Timestamp", "today"),
        about="timestamp",
    ),
    Mistake("old", "InvalidTimeStamp.Expired", dated(-901), about="timestamp"),
    # Nobody knows what nonces a key that does not exist has used.
    Mistake("used nonce", "SignatureNonceUsed", about="key", is_repeated=True),
    Mistake("unknown key", "InvalidAccessKeyId.NotFound", signed_by(key_id="nobody"), about="key"),
    Mistake("wrong token", "InvalidSecurityToken.MismatchWithAccessKey", signed_by(token="token")),
    Mistake("wrong secret", "SignatureDoesNotMatch", signed_by(secret="wrong")),
    Mistake("one call too many", "Throttling.User", is_spent=True),
    Mistake("missing parameter", "MissingInput", drop("Input")),
    Mistake("not registered", "OperationDenied", state="not_registered"),
    Mistake("no JSON", "InvalidParameter", put("ScheduleConfig", "{"), text='"ScheduleConfig"'),
    Mistake("missing member", "MissingParameter", drop("Output.Type"), text='"Output.Type"'),
    Mistake(
        "bad value",
        "InvalidParameter",
        put("TemplateConfig.OverwriteParams", {"Count": 0}),
        text='"TemplateConfig.OverwriteParams.Count"',
    ),
    Mistake(
        "unknown bucket",
        "InvalidParameter",
        put("Input.Media", "oss://nowhere/object.mp4"),
        text='"Input.Media"',
    ),
)

ALIBABA_V3 = JOB
ALIBABA_V3_ORDER = (
    Mistake("other product", "InvalidProduct.NotFound", signed_by(host="ecs.aliyuncs.com")),
    Mistake("PUT", "UnsupportedHTTPMethod", sent_as("PUT")),
    Mistake("no action", "MissingAction", header(x_acs_action=None)),
    Mistake("no timestamp", "MissingTimestamp", header(x_acs_date=None), about="timestamp"),
    Mistake(
        "other algorithm", "InvalidSignatureMethod", authorization("ACS3-HMAC-SHA256", "ACS3-X")
    ),
    Mistake(
        "timestamp in words",
        "InvalidTimeStamp.Format",
        header(x_acs_date="today"),
        about="timestamp",
    ),
    Mistake("old", "InvalidTimeStamp.Expired", dated(-901), about="timestamp"),
    # Nobody knows what nonces a key that does not exist has used.
    Mistake("used nonce", "SignatureNonceUsed", about="key", is_repeated=True),
    Mistake("unknown key", "InvalidAccessKeyId.NotFound", signed_by(key_id="nobody"), about="key"),
    Mistake("wrong token", "InvalidSecurityToken.MismatchWithAccessKey", signed_by(token="token")),
    Mistake("wrong secret", "SignatureDoesNotMatch", signed_by(secret="wrong")),
    Mistake("one call too many", "Throttling.User", is_spent=True),
    Mistake("missing parameter", "MissingOutput", drop("Output")),
)

VOLCENGINE = signed_by(host="rtc.volcengineapi.com")(ROOM)
VOLCENGINE_ORDER = (
    Mistake("no action", "MissingParameter", common("Action", None), about="action", text="Action"),
    Mistake("no version", "MissingParameter", common("Version", None), text="Version"),
    Mistake(
        "no authorization", "InvalidCredential", header(authorization=None), about="authorization"
    ),
    Mistake(
        "malformed authorization",
        "InvalidAuthorization",
        authorization("/request", ""),
        about="authorization",
    ),
    Mistake("no date", "MissingRequestInfo", header(x_date=None), about="date"),
    Mistake("old", "InvalidTimestamp", dated(-901), about="date"),
    Mistake("wrong token", "InvalidSecretToken", signed_by(token="token")),
    Mistake("unknown key", "InvalidAccessKey", signed_by(key_id="nobody")),
    Mistake("wrong secret", "SignatureDoesNotMatch", signed_by(secret="wrong")),
    Mistake("unknown service", "ServiceNotFound", signing(service="iam")),
    Mistake("unknown action", "InvalidActionOrVersion", calling(action="Begin"), about="action"),
    Mistake("GET", "MethodNotAllowed", signing(method="GET")),
    Mistake("one call too many", "FlowLimitExceeded", is_spent=True),
    Mistake("other type", "InvalidParameter.Unmarshal", put("MaxIdleTime", "180"), about="type"),
    Mistake("bad value", "InvalidParameter", put("ImageConfig.Format", 2), about="value"),
    # Whether the product looks at the account before the arguments is not known.
    Mistake(
        "not registered",
        "AccessDenied.ServiceNotEnabled",
        state="not_registered",
        about="type value",
    ),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds")


def pairs(order: Sequence[Mistake]) -> list[Any]:
    return list(_pairs(order))


def _pairs(order: Sequence[Mistake]) -> Iterator[Any]:
    for first, second in combinations(order, 2):
        if set(first.about.split()).isdisjoint(second.about.split()):
            yield pytest.param(first, second, id=f"{first.name}, {second.name}")


@pytest.mark.parametrize(("first", "second"), pairs(TENCENT_ORDER))
def test_tencent_reports_the_earlier_of_two_mistakes(
    folder: Path, first: Mistake, second: Mistake
) -> None:
    assert report(folder, "tencent", TENCENT, first, second) == (first.code, first.text)


@pytest.mark.parametrize(("first", "second"), pairs(TENCENT_V1_ORDER))
def test_tencent_reports_the_earlier_of_two_mistakes_in_v1(
    folder: Path, first: Mistake, second: Mistake
) -> None:
    assert report(folder, "tencent", TENCENT_V1, first, second) == (first.code, first.text)


@pytest.mark.parametrize(("first", "second"), pairs(ALIBABA_ORDER))
def test_alibaba_reports_the_earlier_of_two_mistakes(
    folder: Path, first: Mistake, second: Mistake
) -> None:
    assert report(folder, "alibaba", ALIBABA, first, second) == (first.code, first.text)


@pytest.mark.parametrize(("first", "second"), pairs(ALIBABA_V3_ORDER))
def test_alibaba_reports_the_earlier_of_two_mistakes_in_acs3(
    folder: Path, first: Mistake, second: Mistake
) -> None:
    assert report(folder, "alibaba", ALIBABA_V3, first, second) == (first.code, first.text)


@pytest.mark.parametrize(("first", "second"), pairs(VOLCENGINE_ORDER))
def test_volcengine_reports_the_earlier_of_two_mistakes(
    folder: Path, first: Mistake, second: Mistake
) -> None:
    assert report(folder, "volcengine", VOLCENGINE, first, second) == (first.code, first.text)


def report(
    folder: Path, vendor: str, draft: Draft, first: Mistake, second: Mistake
) -> tuple[str, str]:
    """Make both mistakes; return the code that is answered, and the text if it is the first's."""
    world = folder / "world.toml"
    state = first.state if first.state != "active" else second.state
    world.write_text(
        WORLD.format(vendor=vendor, state=state, resources=RESOURCES[vendor]), encoding="utf-8"
    )
    emulator = InProcess(world)
    # What is taken away from a request is taken away last.
    wire = both(second.change, first.change)(draft).sign(emulator.signer())
    if first.is_spent or second.is_spent:
        emulator.send(signed_by(nonce="another")(draft).sign(emulator.signer()))
    if first.is_repeated or second.is_repeated:
        emulator.send(draft.sign(emulator.signer()))
    refused = refusal(emulator.send(wire))
    assert refused is not None
    return refused.code, first.text if first.text in str(refused.message) else ""


@pytest.mark.parametrize(
    ("vendor", "draft", "order"),
    [
        ("tencent", TENCENT, TENCENT_ORDER),
        ("tencent", TENCENT_V1, TENCENT_V1_ORDER),
        ("alibaba", ALIBABA, ALIBABA_ORDER),
        ("alibaba", ALIBABA_V3, ALIBABA_V3_ORDER),
        ("volcengine", VOLCENGINE, VOLCENGINE_ORDER),
    ],
    ids=["tencent", "tencent v1", "alibaba", "alibaba ACS3", "volcengine"],
)
def test_each_mistake_alone_is_reported_as_the_table_says(
    folder: Path, vendor: str, draft: Draft, order: Sequence[Mistake]
) -> None:
    nothing = Mistake("nothing", "")

    reports = [report(folder, vendor, draft, mistake, nothing) for mistake in order]

    assert reports == [(mistake.code, mistake.text) for mistake in order]
