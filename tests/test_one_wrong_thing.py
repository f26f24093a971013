"""One wrong thing in an otherwise good call, and exactly what the vendor says to it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytest

from contract_tests.signers import Wire
from tests.calls import (
    DRAFTS,
    JOB,
    NOW,
    ROOM,
    SCREENSHOT,
    SNAPSHOT,
    VIDEO,
    Change,
    Draft,
    Refusal,
    Row,
    Values,
    authorization,
    both,
    by,
    calling,
    common,
    dated,
    drop,
    header,
    presigned,
    put,
    refusal,
    signed_by,
    signing,
    tampered,
    twice,
)
from tests.refusals import (
    BAD_ACS3_SIGNATURE,
    BAD_APP_ID,
    BAD_AUTHORIZATION,
    BAD_METHOD,
    BAD_ROOM_ID,
    BAD_ROOM_SIGNATURE,
    BAD_ROOM_TOKEN,
    BAD_RPC_SIGNATURE,
    BAD_SIGNATURE,
    BAD_SIGNATURE_METHOD,
    BAD_SIGNATURE_ZH,
    BAD_TIME,
    BAD_TOKEN,
    EXPIRED,
    NO_ACCESS_KEY,
    NO_API,
    NO_BODY,
    NO_CREDENTIAL,
    NO_EQUALS_SIGN,
    NO_INIT_PARAM,
    NO_OBJECT,
    NO_OBJECT_ZH,
    NO_QUERY_ACTION,
    NO_QUERY_VERSION,
    NO_REGION,
    NO_REGION_V1,
    NO_REGION_ZH,
    NO_ROOM_KEY,
    NO_SECRET_ID,
    NO_SECRET_ID_ZH,
    NO_SERVICE,
    NO_X_DATE,
    NOT_A_POST,
    OLD_TIME,
    OLD_X_DATE,
    OTHER_REGION,
    OTHER_TOKEN,
    OVERSIZE,
    TOO_LARGE,
    UNSIGNED_HEADER,
    USED_NONCE,
    bad,
    bad_record,
    job_bad,
    job_lacks,
    mandatory,
    missing,
    mistyped,
    no_account_id,
    no_action,
    no_operation,
    no_version,
    room_bad,
    room_lacks,
    room_mistyped,
    unauthorised,
    unknown,
)
from tests.server import InProcess

MAINLAND_ACCOUNT: Mapping[str, Any] = {
    "vendor": "tencent",
    "id": "200000000009",
    "site": "mainland",
    "keys": [{"id": "mainland", "secret": "test"}],
}


@pytest.fixture
def emulator() -> InProcess:
    """A default emulator that has an account of Tencent's mainland site besides."""
    emulator = InProcess()
    emulator.declare(**MAINLAND_ACCOUNT)
    return emulator


# Rows by the dozen.


def lacking(refused: Callable[[str], Refusal], *paths: str, null: object = None) -> Iterator[Row]:
    """A required member is not there, or is null, which is the same."""
    for path in paths:
        yield f"{path} is missing", drop(path), refused(path)
        yield f"{path} is null", put(path, null), refused(path)


def holding(
    refused: Callable[[str, Any], Refusal], *tables: Values, but: Change = lambda draft: draft
) -> Iterator[Row]:
    """A member has a value that it may not have."""
    for table in tables:
        for path, value in table.items():
            yield f"{path} is {value!r}"[:80], both(but, put(path, value)), refused(path, value)


def nameless(*paths: str) -> Iterator[Row]:
    """There is a member of a name that the object does not know."""
    for path in paths:
        yield f"{path} is no parameter", put(path, "x"), unknown(path)


V1 = by("tencent_v1")
V1_GET = by("tencent_v1", method="GET", signature_method="HmacSHA1")
V3_GET = by("tencent_v3", method="GET")
INTL = signed_by(host="tiw.intl.tencentcloudapi.com")
MAINLAND = signed_by(host="tiw.tencentcloudapi.com", key_id="mainland")
LIVE_MAINLAND = signed_by(host="live.tencentcloudapi.com", key_id="mainland")
IN_CHINESE = header(x_tc_language="zh-CN")
STRAY_PAIR = tampered(lambda wire: wire.but(target=f"{wire.target}&oops"))
BARE = tampered(lambda wire: Wire("GET", "/", {"host": "tiw.intl.tencentcloudapi.com"}))
MULTIPART = signing(content_type="multipart/form-data; boundary=b", body=b"nonsense")


def sent_as(method: str) -> Change:
    return tampered(lambda wire: wire.but(method=method))


TENCENT_GATEWAY: Iterable[Row] = (
    ("the method is PUT", sent_as("PUT"), BAD_METHOD),
    ("the method is DELETE", sent_as("DELETE"), BAD_METHOD),
    ("a GET is over 32 KB", both(V3_GET, put("CallbackURL", "x" * 32768)), TOO_LARGE),
    ("a v3 POST is over 10 MB", put("CallbackURL", "x" * 10485760), TOO_LARGE),
    ("a v1 POST is over 1 MB", both(V1, put("CallbackURL", "x" * 1048576)), OVERSIZE),
    ("a v3 query field has no =", both(V3_GET, STRAY_PAIR), NO_EQUALS_SIGN),
    ("a v1 query field has no =", both(V1_GET, STRAY_PAIR), NO_EQUALS_SIGN),
    (
        "a v1 form field has no =",
        both(V1, tampered(lambda wire: wire.but(body=wire.body + b"&oops"))),
        NO_EQUALS_SIGN,
    ),
    ("the call is bare", BARE, missing("Timestamp")),
    ("v3 has no timestamp", header(x_tc_timestamp=None), missing("Timestamp")),
    ("v3 has no action", header(x_tc_action=None), missing("Action")),
    ("v3 has no version", header(x_tc_version=None), missing("Version")),
    ("v1 has no timestamp", both(V1, common("Timestamp", None)), missing("Timestamp")),
    ("v1 has no action", both(V1, common("Action", None)), missing("Action")),
    ("v1 has no version", both(V1_GET, common("Version", None)), missing("Version")),
    ("v1 has no nonce", both(V1, common("Nonce", None)), missing("Nonce")),
    ("v1 has no key", both(V1_GET, common("SecretId", None)), missing("SecretId")),
    ("v1 has no signature", both(V1, common("Signature", None)), missing("Signature")),
    (
        "v1 has a nonce in words",
        both(V1, common("Nonce", "abc")),
        Refusal("InvalidParameter", "Parameter `Nonce` type error.", 200),
    ),
    (
        "v1 has a timestamp in words",
        both(V1_GET, common("Timestamp", "yesterday")),
        Refusal("InvalidParameter", "Parameter `Timestamp` type error.", 200),
    ),
    (
        "v3 has a timestamp in words",
        header(x_tc_timestamp="yesterday"),
        Refusal("InvalidParameter", "Parameter `Timestamp` type error.", 200),
    ),
    ("v3 has no authorization", header(authorization=None), unauthorised("Credential")),
    ("v3 asks to skip signing", header(authorization="SKIP"), unauthorised("Credential")),
    (
        "v3 has another algorithm",
        authorization("TC3-HMAC-SHA256", "TC3-HMAC-MD5"),
        unauthorised("Credential"),
    ),
    ("v3 has a short scope", authorization("/tc3_request", ""), unauthorised("Credential")),
    (
        "v3 has another terminator",
        authorization("tc3_request", "aws4_request"),
        unauthorised("Credential"),
    ),
    (
        "v3 does not sign the content type",
        authorization("content-type;host", "host"),
        unauthorised("SignedHeaders"),
    ),
    (
        "v3 does not sign the host",
        authorization("content-type;host", "content-type"),
        unauthorised("SignedHeaders"),
    ),
    ("v3 has no signature", authorization("Signature=", "Other="), unauthorised("Signature")),
    (
        "v3 names another service than the host",
        both(INTL, signing(service="live")),
        unauthorised("Service"),
    ),
    ("v3 is 301 seconds old", dated(-301), EXPIRED),
    ("v3 is 301 seconds ahead", dated(301), EXPIRED),
    ("v1 is 301 seconds old", both(V1, dated(-301)), EXPIRED),
    ("v1 is 301 seconds ahead", both(V1_GET, dated(301)), EXPIRED),
    ("nobody has the v3 key", signed_by(key_id="nobody"), NO_SECRET_ID),
    ("nobody has the v1 key", both(V1, signed_by(key_id="nobody")), NO_SECRET_ID),
    (
        "nobody has the v3 key, in Chinese",
        both(signed_by(key_id="nobody"), IN_CHINESE),
        NO_SECRET_ID_ZH,
    ),
    (
        "nobody has the v1 key, in Chinese",
        both(V1, signed_by(key_id="nobody"), put("Language", "zh-CN")),
        NO_SECRET_ID_ZH,
    ),
    (
        "nobody has the v3 key, in English",
        both(signed_by(key_id="nobody"), header(x_tc_language="en-US")),
        NO_SECRET_ID,
    ),
    ("the v3 secret is wrong", signed_by(secret="wrong"), BAD_SIGNATURE),
    ("the v3 GET secret is wrong", both(V3_GET, signed_by(secret="wrong")), BAD_SIGNATURE),
    ("the v1 SHA256 secret is wrong", both(V1, signed_by(secret="wrong")), BAD_SIGNATURE),
    ("the v1 SHA1 secret is wrong", both(V1_GET, signed_by(secret="wrong")), BAD_SIGNATURE),
    (
        "the v3 secret is wrong, in Chinese",
        both(signed_by(secret="wrong"), IN_CHINESE),
        BAD_SIGNATURE_ZH,
    ),
    (
        "the v1 secret is wrong, in Chinese",
        both(V1_GET, signed_by(secret="wrong"), put("Language", "zh-CN")),
        BAD_SIGNATURE_ZH,
    ),
    (
        "the v3 scope is of another day",
        authorization("/2026-01-02/", "/2026-01-03/"),
        BAD_SIGNATURE,
    ),
    ("a permanent v3 key has a token", signed_by(token="token"), BAD_TOKEN),
    ("a permanent v1 key has a token", both(V1, signed_by(token="token")), BAD_TOKEN),
    ("the version is unknown", calling(version="2019-09-18"), no_version("2019-09-18", "tiw")),
    (
        "the version is of the other product",
        both(INTL, calling(version="2018-08-01"), signing(service="tiw")),
        no_version("2018-08-01", "tiw"),
    ),
    (
        "the v1 version is of the other product",
        both(V1, INTL, calling(version="2018-08-01")),
        no_version("2018-08-01", "tiw"),
    ),
    (
        "the action is unknown",
        calling(action="DropSnapshotTask"),
        no_action("DropSnapshotTask", "tiw", "2019-09-19"),
    ),
    (
        "the action is in lower case",
        calling(action="createsnapshottask"),
        no_action("createsnapshottask", "tiw", "2019-09-19"),
    ),
    (
        "the action is of the other product",
        both(V1, calling(action="CreateScreenshotTask")),
        no_action("CreateScreenshotTask", "tiw", "2019-09-19"),
    ),
    (
        "the plain host has a region of the mainland",
        both(signed_by(host="tiw.tencentcloudapi.com"), signing(region="ap-guangzhou")),
        OTHER_REGION,
    ),
    (
        "the host is of a product that is not played",
        both(V1, signed_by(host="cvm.tencentcloudapi.com"), signing(region="ap-guangzhou")),
        Refusal("NoSuchProduct", "The product does not exist.", 200),
    ),
    ("v3 has no region", signing(region=""), missing("Region")),
    ("v1 has no region", both(V1, signing(region="")), missing("Region")),
    ("the region text is null", signing(region="null"), missing("Region")),
    ("the region is unknown", signing(region="mars-1"), NO_REGION),
    ("the intl site has another region", both(INTL, signing(region="ap-guangzhou")), OTHER_REGION),
    ("the plain host has another region", signing(region="ap-guangzhou"), OTHER_REGION),
    (
        "the mainland has another region",
        both(MAINLAND, signing(region="ap-singapore")),
        OTHER_REGION,
    ),
    ("the mainland has no region", both(MAINLAND, signing(region="")), missing("Region")),
    ("the mainland region is unknown", both(MAINLAND, signing(region="mars-1")), NO_REGION),
    (
        "the region is unknown, in Chinese",
        both(signing(region="mars-1"), IN_CHINESE),
        NO_REGION_ZH,
    ),
    ("v1 has an unknown region", both(V1, signing(region="mars-1")), NO_REGION_V1),
    ("the body is empty", signing(body=b""), NO_OBJECT),
    ("the body is blank", signing(body=b" \n"), NO_OBJECT),
    ("the body is empty, in Chinese", both(signing(body=b""), IN_CHINESE), NO_OBJECT_ZH),
    ("the body is a list, in Chinese", both(signing(body=b"[]"), IN_CHINESE), NO_OBJECT_ZH),
    (
        "the body is empty, with a charset",
        signing(body=b"", content_type="application/json; charset=utf-8"),
        NO_OBJECT,
    ),
    (
        "the body is empty and no JSON",
        signing(body=b"", content_type="text/plain"),
        missing("Whiteboard"),
    ),
    ("the body is null", signing(body=b"null"), missing("Whiteboard")),
    ("the body is an empty object", signing(body=b"{}"), missing("Whiteboard")),
    ("the body is a list", signing(body=b"[]"), NO_OBJECT),
    ("the body is a number", signing(body=b"5"), NO_OBJECT),
    ("the body is cut off", signing(body=b'{"SdkAppId": 1'), NO_OBJECT),
    (
        "the body is no multipart",
        MULTIPART,
        Refusal("InvalidRequest", "The multipart/form-data body format is incorrect.", 200),
    ),
    (
        "an object in a query is no JSON",
        both(V3_GET, put("Whiteboard", "abc")),
        mistyped("Whiteboard"),
    ),
)

SNAPSHOT_ROWS: Iterable[Row] = (
    *lacking(missing, "Whiteboard", "SdkAppId", "RoomId"),
    *lacking(missing, "COS.Uin", "COS.Region", "COS.Bucket"),
    *nameless("Extras", "sdkAppId", "Whiteboard.InitParam", "COS.Prefix"),
    (
        "a parameter is unknown, in Chinese",
        both(put("Extras", []), IN_CHINESE),
        Refusal("UnknownParameter", "未定义参数 `Extras` 。", 200),
    ),
    ("a text known in English only", both(drop("RoomId"), IN_CHINESE), missing("RoomId")),
    *(
        (
            f"{path} is of another type, in Chinese",
            both(put(path, value), IN_CHINESE),
            Refusal("InvalidParameter", f"参数 `{path}` 取值类型错误。参数类型应为 `{kind}`", 200),
        )
        for path, value, kind in (
            ("RoomId", "12345", "uint64"),
            ("Whiteboard.Width", "1280", "uint64"),
            ("CallbackURL", 5, "string"),
            ("COS.Bucket", 5, "string"),
            ("Whiteboard", 5, "object"),
        )
    ),
    *holding(
        mistyped,
        {
            "Whiteboard": [],
            "Whiteboard.Width": "1280",
            "Whiteboard.Height": 720.5,
            "Whiteboard.InitParams": {"ratio": "16:9"},
            "SdkAppId": "1400123480",
            "RoomId": True,
            "CallbackURL": 5,
            "COS": "test-123070000",
            "COS.Uin": "130001358",
            "COS.Region": 1,
            "COS.Bucket": ["test-123070000"],
            "COS.TargetDir": 1,
            "COS.Domain": False,
            "SnapshotMode": 0,
        },
        # Below nothing is no value, but another type.
        {"SdkAppId": -1, "RoomId": -1, "COS.Uin": -1},
        {"Whiteboard.Width": -1, "Whiteboard.Height": -1},
        {"SdkAppId": 18446744073709551616, "RoomId": 1.0},
    ),
    *holding(
        bad,
        {"Whiteboard.Width": 2561, "Whiteboard.Height": 2561},
        {"Whiteboard.InitParams": "ratio=16:9", "SnapshotMode": "LatestMarks"},
        {"SnapshotMode": "allmarks"},
    ),
)

CANVAS = "MixStream.Custom.Canvas"
STREAM = "MixStream.Custom.InputStreamList.0"
CONTROL = "RecordControl.StreamControls.0"

VIDEO_ROWS: Iterable[Row] = (
    *lacking(missing, "OnlineRecordTaskId", "SdkAppId", "Concat.Enabled", "MixStream.Enabled"),
    *lacking(missing, CANVAS, f"{CANVAS}.LayoutParams", "MixStream.Custom.InputStreamList"),
    *lacking(missing, f"{CANVAS}.LayoutParams.Width", f"{CANVAS}.LayoutParams.Height"),
    *lacking(missing, f"{STREAM}.LayoutParams"),
    *lacking(missing, f"{STREAM}.LayoutParams.Width", f"{STREAM}.LayoutParams.Height"),
    *lacking(missing, "RecordControl.Enabled", f"{CONTROL}.StreamId"),
    *nameless("Extras", "Whiteboard.InitParams", "Concat.Images", "MixStream.Extras"),
    *nameless("MixStream.Custom.Layout", f"{CANVAS}.LayoutParams.Z", f"{STREAM}.UserId"),
    *nameless("RecordControl.Streams", f"{CONTROL}.StreamID"),
    *holding(
        mistyped,
        {
            "OnlineRecordTaskId": 5,
            "SdkAppId": "1400000001",
            "Whiteboard": 5,
            "Whiteboard.Width": "1024",
            "Whiteboard.Height": 768.5,
            "Whiteboard.InitParam": {},
            "Concat": True,
            "Concat.Enabled": "true",
            "Concat.Image": 5,
            "MixStream": [],
            "MixStream.Enabled": 1,
            "MixStream.DisableAudio": "no",
            "MixStream.ModelId": "1",
            "MixStream.TeacherId": 5,
            "MixStream.Custom": "grid",
            CANVAS: [],
            f"{CANVAS}.LayoutParams": [1280, 720],
            f"{CANVAS}.LayoutParams.Width": "1280",
            f"{CANVAS}.LayoutParams.ZOrder": 1.5,
            f"{CANVAS}.BackgroundColor": 0,
            "MixStream.Custom.InputStreamList": {},
            STREAM: "tic_record_user",
            f"{STREAM}.LayoutParams": 5,
            f"{STREAM}.LayoutParams.X": "0",
            f"{STREAM}.InputStreamId": 1,
            f"{STREAM}.BackgroundColor": 16777215,
            f"{STREAM}.FillMode": False,
            "RecordControl": "all",
            "RecordControl.Enabled": "True",
            "RecordControl.DisableRecord": 0,
            "RecordControl.DisableAudio": "x",
            "RecordControl.PullSmallVideo": 1,
            "RecordControl.StreamControls": {"StreamId": "x"},
            CONTROL: None,
            f"{CONTROL}.StreamId": 1,
            f"{CONTROL}.DisableRecord": 1,
            f"{CONTROL}.DisableAudio": 1,
            f"{CONTROL}.PullSmallVideo": "x",
            "ExtraData": {},
        },
        {"SdkAppId": 9223372036854775808},
    ),
    *holding(
        bad_record,
        {
            "Whiteboard.Width": 1,
            "Whiteboard.Height": 1,
            "MixStream.ModelId": 0,
            f"{CANVAS}.LayoutParams.Width": 3001,
            f"{CANVAS}.LayoutParams.Height": 3001,
            f"{CANVAS}.LayoutParams.X": 3001,
            f"{CANVAS}.LayoutParams.Y": -1,
            f"{CANVAS}.BackgroundColor": "black",
            f"{STREAM}.LayoutParams.Width": 1,
            f"{STREAM}.LayoutParams.Height": 1,
            f"{STREAM}.LayoutParams.X": -1,
            f"{STREAM}.LayoutParams.Y": 3001,
            f"{STREAM}.BackgroundColor": "#00000G",
            f"{STREAM}.FillMode": 2,
        },
        {"MixStream.ModelId": 3, f"{STREAM}.FillMode": -1, f"{CANVAS}.LayoutParams.Width": 1},
    ),
    ("Whiteboard.InitParam is no JSON", put("Whiteboard.InitParam", "a=b"), NO_INIT_PARAM),
    (
        "streams are mixed by neither a model nor a layout of one's own",
        put("MixStream", {"Enabled": True}),
        bad_record("MixStream.ModelId", "null"),
    ),
    (
        "a stream begins left of the canvas's right edge and ends beyond",
        put(f"{STREAM}.LayoutParams.X", 641),
        bad_record(f"{STREAM}.LayoutParams", "1281x360"),
    ),
    (
        "a stream ends below the canvas",
        put(f"{STREAM}.LayoutParams.Y", 361),
        bad_record(f"{STREAM}.LayoutParams", "640x721"),
    ),
    (
        "a second stream is larger than the canvas",
        put(
            "MixStream.Custom.InputStreamList",
            [
                {"LayoutParams": {"Width": 640, "Height": 360}},
                {"LayoutParams": {"Width": 1281, "Height": 720}},
            ],
        ),
        bad_record("MixStream.Custom.InputStreamList.1.LayoutParams", "1281x720"),
    ),
    ("there is no region", signing(region=""), missing("Region")),
    ("the region is one of the mainland's", signing(region="ap-guangzhou"), OTHER_REGION),
    ("the region is unknown", signing(region="mars-1"), NO_REGION),
    (
        "a boolean in a query is a number",
        both(V3_GET, put("Concat.Enabled", 1)),
        mistyped("Concat.Enabled"),
    ),
    ("an integer in a form is a fraction", both(V1, put("SdkAppId", "1.0")), mistyped("SdkAppId")),
)


def period(start: int | None, end: int) -> Change:
    begin = drop("StartTime") if start is None else put("StartTime", start)
    return both(begin, put("EndTime", end))


SCREENSHOT_ROWS: Iterable[Row] = (
    *lacking(missing, "StreamName", "DomainName", "AppName", "EndTime", "TemplateId"),
    *nameless("TaskId", "streamName"),
    *holding(
        mistyped,
        {
            "StreamName": 1,
            "DomainName": ["5000.live.push.com"],
            "AppName": True,
            "EndTime": "2026-01-02T07:04:05Z",
            "TemplateId": "0",
            "StartTime": 1767323045.5,
            "StreamType": "0",
            "Extension": {},
        },
        {"EndTime": -1, "TemplateId": -1, "StartTime": -1, "StreamType": -1},
        {"TemplateId": 18446744073709551616},
    ),
    *holding(bad, {"StreamType": 2}),
    ("it ends now", period(None, NOW), bad("EndTime", NOW)),
    ("it ended a second ago", period(NOW - 100, NOW - 1), bad("EndTime", NOW - 1)),
    ("it ends as it starts", period(NOW + 100, NOW + 100), bad("EndTime", NOW + 100)),
    ("it ends before it starts", period(NOW + 200, NOW + 100), bad("EndTime", NOW + 100)),
    ("it is longer than a day", period(NOW, NOW + 86401), bad("EndTime", NOW + 86401)),
    ("it is longer than a day from now", period(None, NOW + 86401), bad("EndTime", NOW + 86401)),
    (
        "it starts later than in six days",
        period(NOW + 518401, NOW + 518402),
        bad("StartTime", NOW + 518401),
    ),
    ("the mainland has no region", both(LIVE_MAINLAND, signing(region="")), missing("Region")),
    (
        "the mainland has another region",
        both(LIVE_MAINLAND, signing(region="ap-tokyo")),
        OTHER_REGION,
    ),
    ("the mainland region is unknown", both(LIVE_MAINLAND, signing(region="mars-1")), NO_REGION),
    (
        "the version is unknown",
        both(calling(version="2018-08-02"), signing(service="live")),
        no_version("2018-08-02", "live"),
    ),
    (
        "the action is of the legacy family",
        calling(action="CreateLiveInstantSnapshot"),
        no_action("CreateLiveInstantSnapshot", "live", "2018-08-01"),
    ),
    (
        "the action is of the mainland only",
        calling(action="StopScreenshotTask"),
        no_action("StopScreenshotTask", "live", "2018-08-01"),
    ),
    (
        "an integer in a query is in words",
        both(V3_GET, put("EndTime", "soon")),
        mistyped("EndTime"),
    ),
)

OVERRIDES = "TemplateConfig.OverwriteParams"
TILES = f"{OVERRIDES}.SpriteSnapshotConfig"
RPC = by("alibaba_rpc")
RPC_IN_FORM = by("alibaba_rpc", in_body=True)


def overridden(**settings: object) -> Change:
    return put(OVERRIDES, settings)


def output(media: str) -> Change:
    return put("Output.Media", media)


JOB_ROWS: Iterable[Row] = (
    *holding(job_lacks, {"Input.Media": "", "Output.Media": "", "TemplateConfig.TemplateId": ""}),
    *lacking(mandatory, "Input", "Output", "TemplateConfig", null="null"),
    *lacking(job_lacks, "Input.Type", "Input.Media", "Output.Type", "Output.Media"),
    *lacking(job_lacks, "TemplateConfig.TemplateId"),
    ("Input is empty", put("Input", {}), job_lacks("Input.Type")),
    *holding(
        job_bad,
        {
            "Input": "{",
            "Output": "OSS",
            "TemplateConfig": "[]",
            "ScheduleConfig": "5",
            "UserData": "a=b",
            "Input.Type": "URL",
            "Output.Type": "oss",
            "ScheduleConfig.PipelineId": 5,
            OVERRIDES: [],
        },
        {
            "Input.Type": 5,
            "Input.Media": {},
            "Output.Type": False,
            "Output.Media": 5,
            "TemplateConfig.TemplateId": 5,
        },
        {"Input.Media": "bucket/object.mp4"},
        {"Input.Media": "oss://bucket", "Output.Media": "oss://bucket/"},
        {"Input.Media": "http://example.com/object.mp4"},
        {"Input.Media": "https://bucket.s3.amazonaws.com/object.mp4"},
        {"Output.Media": "https://bucket.oss-cn-shanghai.aliyuncs.com/"},
        {"Output.Media": "ftp://bucket/output.jpg"},
        {"Output.Media": "OSS://bucket/output.jpg"},
    ),
    *holding(
        job_bad,
        {
            f"{OVERRIDES}.Type": "Gif",
            f"{OVERRIDES}.FrameType": "key",
            f"{OVERRIDES}.Count": 0,
            f"{OVERRIDES}.Interval": -1,
            f"{OVERRIDES}.Time": -1,
            f"{OVERRIDES}.Width": 7,
            f"{OVERRIDES}.Height": 4097,
            f"{OVERRIDES}.BlackLevel": 101,
            f"{OVERRIDES}.PixelBlackThreshold": 256,
            f"{OVERRIDES}.IsSptFrag": "true",
            TILES: [],
        },
        {
            f"{OVERRIDES}.Type": 1,
            f"{OVERRIDES}.FrameType": 1,
            f"{OVERRIDES}.Count": "5",
            f"{OVERRIDES}.Interval": 1.5,
            f"{OVERRIDES}.Time": "1000",
            f"{OVERRIDES}.Width": 720.5,
            f"{OVERRIDES}.Height": "480",
            f"{OVERRIDES}.BlackLevel": True,
            f"{OVERRIDES}.PixelBlackThreshold": "70",
        },
    ),
    *holding(
        job_bad,
        {
            f"{TILES}.CellWidth": 0,
            f"{TILES}.CellHeight": 0,
            f"{TILES}.Padding": -1,
            f"{TILES}.Margin": -1,
            f"{TILES}.Columns": 0,
            f"{TILES}.Lines": 0,
            f"{TILES}.Color": "black",
        },
        {f"{TILES}.CellWidth": "720", f"{TILES}.Padding": 0.5, f"{TILES}.Color": 0},
        but=overridden(SpriteSnapshotConfig={}),
    ),
    ("several pictures have one name", overridden(Count=2), job_bad("Output.Media")),
    ("an interval's pictures have one name", overridden(Interval=10), job_bad("Output.Media")),
    (
        "several pictures are numbered in lower case",
        both(overridden(Count=2), output("oss://bucket/{count}.jpg")),
        job_bad("Output.Media"),
    ),
    (
        "several pictures are numbered as tiles",
        both(overridden(Count=2), output("oss://bucket/{TileCount}.jpg")),
        job_bad("Output.Media"),
    ),
    ("sprites have one name", overridden(Type="Sprite"), job_bad("Output.Media")),
    (
        "sprites are numbered as pictures",
        both(overridden(Type="Sprite"), output("oss://bucket/{Count}.jpg")),
        job_bad("Output.Media"),
    ),
    ("a WebVTT file is named .jpg", overridden(Type="WebVtt"), job_bad("Output.Media")),
    (
        "a WebVTT file has .vtt in the middle",
        both(overridden(Type="WebVtt"), output("oss://bucket/a.vtt.txt")),
        job_bad("Output.Media"),
    ),
    (
        "several flattened pictures have one name",
        both(by("alibaba_rpc", flat=True), overridden(Count=2)),
        job_bad("Output.Media"),
    ),
    (
        "a flattened integer is in words",
        both(by("alibaba_v3", flat=True), overridden(Count="two")),
        job_bad(f"{OVERRIDES}.Count"),
    ),
)

ALIBABA_GATEWAY: Iterable[Row] = (
    (
        "the host is of another product",
        signed_by(host="ecs.aliyuncs.com"),
        Refusal(
            "InvalidProduct.NotFound",
            "Cannot find product according to your specified domain.",
            404,
        ),
    ),
    (
        "the path is not the root",
        tampered(lambda wire: wire.but(target=f"/api{wire.target[1:]}")),
        NO_API,
    ),
    (
        "the method is PUT",
        sent_as("PUT"),
        Refusal("UnsupportedHTTPMethod", "This http method not supported.", 400),
    ),
    ("the ACS3 action is missing", header(x_acs_action=None), mandatory("Action")),
    ("the ACS3 version is missing", header(x_acs_version=None), mandatory("Version")),
    ("the RPC action is missing", both(RPC, common("Action", None)), mandatory("Action")),
    ("the RPC version is missing", both(RPC, common("Version", None)), mandatory("Version")),
    ("the action is unknown", calling(action="SubmitSnapshot"), NO_API),
    ("the action is in lower case", calling(action="submitsnapshotjob"), NO_API),
    ("the version is unknown", both(RPC, calling(version="2020-11-10")), NO_API),
    ("the ACS3 date is missing", header(x_acs_date=None), mandatory("Timestamp")),
    (
        "the ACS3 nonce is missing",
        header(x_acs_signature_nonce=None),
        mandatory("SignatureNonce"),
    ),
    ("the ACS3 key is missing", authorization("Credential=", "Other="), mandatory("AccessKeyId")),
    ("the ACS3 signature is missing", authorization(",Signature=", ","), mandatory("Signature")),
    *(
        (f"the RPC {name} is missing", both(RPC, common(name, None)), mandatory(name))
        for name in ("Timestamp", "AccessKeyId", "Signature", "SignatureNonce")
    ),
    *(
        (f"the RPC {name} is missing", both(RPC_IN_FORM, common(name, None)), mandatory(name))
        for name in ("SignatureMethod", "SignatureVersion")
    ),
    (
        "the RPC signature method is unknown",
        both(RPC, common("SignatureMethod", "HMAC-MD5")),
        BAD_SIGNATURE_METHOD,
    ),
    (
        "the ACS3 signature method is unknown",
        authorization("ACS3-HMAC-SHA256", "ACS3-HMAC-MD5"),
        BAD_SIGNATURE_METHOD,
    ),
    (
        "the RPC signature version is unknown",
        both(RPC, common("SignatureVersion", "2.0")),
        Refusal(
            "InvalidSignatureVersion", "Specified parameter SignatureVersion is not valid.", 400
        ),
    ),
    (
        "the RPC format is unknown",
        both(RPC, common("Format", "YAML")),
        Refusal("InvalidParameter.Format", "Specified parameter format is not valid.", 400),
    ),
    ("the ACS3 date is in words", header(x_acs_date="today"), BAD_TIME),
    ("the ACS3 date has no Z", header(x_acs_date="2026-01-02T03:04:05"), BAD_TIME),
    ("the RPC timestamp is a number", both(RPC, common("Timestamp", "1767323045")), BAD_TIME),
    (
        "the RPC timestamp is no day",
        both(RPC, common("Timestamp", "2026-02-30T03:04:05Z")),
        BAD_TIME,
    ),
    ("ACS3 is 901 seconds old", dated(-901), OLD_TIME),
    ("ACS3 is 901 seconds ahead", dated(901), OLD_TIME),
    ("RPC is 901 seconds old", both(RPC, dated(-901)), OLD_TIME),
    ("RPC is 901 seconds ahead", both(RPC_IN_FORM, dated(901)), OLD_TIME),
    ("ACS3 is repeated", twice, USED_NONCE),
    ("RPC is repeated", both(RPC, twice), USED_NONCE),
    ("nobody has the ACS3 key", signed_by(key_id="nobody"), NO_ACCESS_KEY),
    ("nobody has the RPC key", both(RPC, signed_by(key_id="nobody")), NO_ACCESS_KEY),
    ("a permanent ACS3 key has a token", signed_by(token="token"), OTHER_TOKEN),
    ("a permanent RPC key has a token", both(RPC, signed_by(token="token")), OTHER_TOKEN),
    ("an ACS3 header is not signed", header(x_acs_more="x"), UNSIGNED_HEADER),
    ("the ACS3 host is not signed", authorization("=host;", "="), UNSIGNED_HEADER),
    ("the ACS3 secret is wrong", signed_by(secret="wrong"), BAD_ACS3_SIGNATURE),
    ("the RPC secret is wrong", both(RPC, signed_by(secret="wrong")), BAD_RPC_SIGNATURE),
    (
        "the ACS3 body is not the one that was hashed",
        tampered(lambda wire: wire.but(body=b"Name=Other")),
        BAD_ACS3_SIGNATURE,
    ),
)

TOS = "StorageConfig.TosConfig"
CUSTOM = "StorageConfig.CustomConfig"
IMAGE_X = "StorageConfig.VeImageXConfig"
FIRST_STREAM = "TargetStreams.StreamList.0"
IN_CUSTOM = put(
    "StorageConfig",
    {
        "Type": 2,
        "CustomConfig": {
            "Vendor": 0,
            "Region": 0,
            "Bucket": "pictures",
            "AccessKey": "AKLT",
            "SecretKey": "secret",
        },
    },
)
IN_IMAGE_X = put(
    "StorageConfig",
    {"Type": 3, "VeImageXConfig": {"AccountId": "200000000", "Region": 0, "ServiceId": "oomo"}},
)
VOD = {"AccountId": "200000000", "Region": 0, "Space": "space", "StorageClass": 1}


def within(change: Change, rows: Iterable[Row]) -> Iterator[Row]:
    """The same rows, on a call that was changed first."""
    return ((name, both(change, wrong), refused) for name, wrong, refused in rows)


def streams(*indices: int) -> Change:
    listed = [{"Index": index, "UserId": f"user{index}"} for index in indices]
    return put("TargetStreams.StreamList", listed)


ROOM_ROWS: Iterable[Row] = (
    *lacking(lambda path: BAD_APP_ID, "AppId"),
    *lacking(lambda path: BAD_ROOM_ID, "RoomId"),
    *lacking(room_lacks, "TaskId", "StorageConfig", f"{FIRST_STREAM}.UserId"),
    *lacking(room_lacks, TOS, f"{TOS}.Bucket"),
    *lacking(no_account_id, f"{TOS}.AccountId"),
    *within(
        IN_CUSTOM,
        lacking(
            room_lacks, CUSTOM, f"{CUSTOM}.Bucket", f"{CUSTOM}.AccessKey", f"{CUSTOM}.SecretKey"
        ),
    ),
    *within(IN_IMAGE_X, lacking(room_lacks, IMAGE_X, f"{IMAGE_X}.ServiceId")),
    *within(IN_IMAGE_X, lacking(no_account_id, f"{IMAGE_X}.AccountId")),
    ("the storage is nothing at all", put("StorageConfig", {}), room_lacks(TOS)),
    (
        "the block is one of another type",
        put("StorageConfig", {"Type": 3, "TosConfig": {"AccountId": "1", "Bucket": "b"}}),
        room_lacks(IMAGE_X),
    ),
    (
        "the storage is VOD",
        put("StorageConfig", {"Type": 1, "VodConfig": VOD}),
        room_bad("StorageConfig.Type"),
    ),
    ("AppId is empty", put("AppId", ""), BAD_APP_ID),
    ("RoomId is empty", put("RoomId", ""), BAD_ROOM_ID),
    ("RoomId has a blank", put("RoomId", "Room 1"), BAD_ROOM_ID),
    ("RoomId ends its line", put("RoomId", "Room1\n"), BAD_ROOM_ID),
    ("RoomId has 129 characters", put("RoomId", "r" * 129), BAD_ROOM_ID),
    *holding(
        room_bad,
        {
            "BusinessId": "B/123",
            "TaskId": "Task#1",
            f"{FIRST_STREAM}.UserId": "用户1",
            f"{FIRST_STREAM}.StreamType": 2,
            "MaxIdleTime": 0,
            "ImageConfig.Format": 2,
            "ImageConfig.Width": 1921,
            "ImageConfig.Height": -1,
            "ImageConfig.Interval": 601,
            "StorageConfig.Type": 4,
            f"{TOS}.Region": -1,
        },
        {"StorageConfig.Type": -1},
        {"BusinessId": "b" * 129, "TaskId": "t" * 129, f"{FIRST_STREAM}.UserId": "u" * 129},
        {"MaxIdleTime": 86401, "ImageConfig.Format": -1, "ImageConfig.Width": -1},
        {"ImageConfig.Height": 1921, "ImageConfig.Interval": 0, f"{FIRST_STREAM}.StreamType": -1},
    ),
    *holding(
        room_bad,
        {f"{CUSTOM}.Vendor": 5, f"{CUSTOM}.Region": -1},
        {f"{CUSTOM}.Vendor": -1},
        but=IN_CUSTOM,
    ),
    *holding(room_bad, {f"{IMAGE_X}.Region": -1}, but=IN_IMAGE_X),
    *holding(room_lacks, {"TaskId": "", f"{FIRST_STREAM}.UserId": "", f"{TOS}.Bucket": ""}),
    *holding(
        room_lacks,
        {f"{CUSTOM}.Bucket": "", f"{CUSTOM}.AccessKey": "", f"{CUSTOM}.SecretKey": ""},
        but=IN_CUSTOM,
    ),
    *holding(room_lacks, {f"{IMAGE_X}.ServiceId": ""}, but=IN_IMAGE_X),
    *holding(no_account_id, {f"{TOS}.AccountId": ""}),
    *holding(no_account_id, {f"{IMAGE_X}.AccountId": ""}, but=IN_IMAGE_X),
    ("two streams share an index", streams(3, 7, 3), room_bad("TargetStreams.StreamList")),
    ("there are eighteen streams", streams(*range(18)), room_bad("TargetStreams.StreamList")),
    *holding(
        room_mistyped,
        {
            "AppId": 661,
            "BusinessId": 5,
            "RoomId": 1,
            "TaskId": ["Task1"],
            "TargetStreams": [],
            "TargetStreams.StreamList": {"UserId": "user1"},
            FIRST_STREAM: "user1",
            f"{FIRST_STREAM}.Index": "0",
            f"{FIRST_STREAM}.UserId": 1,
            f"{FIRST_STREAM}.StreamType": False,
            "MaxIdleTime": "180",
            "ImageConfig": "small",
            "ImageConfig.Format": "PNG",
            "ImageConfig.Width": 800.5,
            "ImageConfig.Height": 800.0,
            "ImageConfig.Interval": True,
            "StorageConfig": "TOS",
            "StorageConfig.Type": "0",
            TOS: [],
            f"{TOS}.AccountId": 200000000,
            f"{TOS}.Region": "cn-beijing",
            f"{TOS}.Bucket": 5,
        },
        {"MaxIdleTime": 9223372036854775808},
    ),
    *holding(
        room_mistyped,
        {CUSTOM: "S3", f"{CUSTOM}.Vendor": "0", f"{CUSTOM}.Region": "us-east-1"},
        {f"{CUSTOM}.Bucket": 1, f"{CUSTOM}.AccessKey": 1, f"{CUSTOM}.SecretKey": 1},
        but=IN_CUSTOM,
    ),
    *holding(
        room_mistyped,
        {IMAGE_X: 3, f"{IMAGE_X}.AccountId": 1, f"{IMAGE_X}.Region": "0"},
        {f"{IMAGE_X}.ServiceId": 1},
        but=IN_IMAGE_X,
    ),
    ("the body is empty", signing(body=b""), NO_BODY),
    ("the body is blank", signing(body=b" \n"), NO_BODY),
    ("the body is cut off", signing(body=b'{"AppId": "1"'), room_mistyped("body")),
    ("the body is a list", signing(body=b"[]"), room_mistyped("body")),
    ("the body is null", signing(body=b"null"), room_mistyped("body")),
)

VOLCENGINE_GATEWAY: Iterable[Row] = (
    ("the action is missing", common("Action", None), NO_QUERY_ACTION),
    ("the version is missing", common("Version", None), NO_QUERY_VERSION),
    ("nothing is signed", header(authorization=None), NO_CREDENTIAL),
    ("the query has no signature", both(presigned, common("X-Signature", None)), NO_CREDENTIAL),
    (
        "the query's credential is cut off",
        both(presigned, common("X-Credential", "test/20260102/cn-north-1")),
        NO_CREDENTIAL,
    ),
    ("the algorithm is unknown", authorization("HMAC-SHA256", "HMAC-MD5"), BAD_AUTHORIZATION),
    ("the key is blank", authorization("Credential=test", "Credential="), BAD_AUTHORIZATION),
    ("the scope has no region", authorization("/cn-north-1/", "//"), BAD_AUTHORIZATION),
    ("the scope is cut off", authorization("/request", ""), BAD_AUTHORIZATION),
    ("the header has no signature", authorization("Signature=", "Other="), BAD_AUTHORIZATION),
    ("the date is missing", header(x_date=None), NO_X_DATE),
    ("the query's date is missing", both(presigned, common("X-Date", None)), NO_X_DATE),
    ("the date is not in the basic format", header(x_date="2026-01-02T03:04:05Z"), OLD_X_DATE),
    ("it is 901 seconds old", dated(-901), OLD_X_DATE),
    ("it is 901 seconds ahead", dated(901), OLD_X_DATE),
    ("the query is 901 seconds old", both(presigned, dated(-901)), OLD_X_DATE),
    (
        "the query has outlived its own seconds",
        both(presigned, signing(expires_seconds=60), dated(-61)),
        OLD_X_DATE,
    ),
    ("a permanent key has a token", signed_by(token="token"), BAD_ROOM_TOKEN),
    ("the query has a token", both(presigned, signed_by(token="token")), BAD_ROOM_TOKEN),
    ("nobody has the key", signed_by(key_id="nobody"), NO_ROOM_KEY),
    ("nobody has the query's key", both(presigned, signed_by(key_id="nobody")), NO_ROOM_KEY),
    ("the secret is wrong", signed_by(secret="wrong"), BAD_ROOM_SIGNATURE),
    ("the query's secret is wrong", both(presigned, signed_by(secret="wrong")), BAD_ROOM_SIGNATURE),
    (
        "the body is not the one that was hashed",
        tampered(lambda wire: wire.but(body=wire.body + b" ")),
        BAD_ROOM_SIGNATURE,
    ),
    (
        "the scope is of another day",
        authorization("/20260102/", "/20260103/"),
        BAD_ROOM_SIGNATURE,
    ),
    ("the service is another", signing(service="iam"), NO_SERVICE),
    (
        "the action is unknown",
        calling(action="BeginSnapshot"),
        no_operation("BeginSnapshot", "2023-11-01"),
    ),
    (
        "the action is in lower case",
        calling(action="startsnapshot"),
        no_operation("startsnapshot", "2023-11-01"),
    ),
    (
        "the version has no snapshots",
        calling(version="2024-12-01"),
        no_operation("StartSnapshot", "2024-12-01"),
    ),
    ("the method is GET", signing(method="GET"), NOT_A_POST),
    ("the method is PUT", signing(method="PUT"), NOT_A_POST),
)

# What looks wrong and is not.
GOOD: Mapping[str, tuple[Draft, Change]] = {
    "an empty whiteboard": (SNAPSHOT, put("Whiteboard", {})),
    "optional parameters that are null": (
        SNAPSHOT,
        both(put("COS", None), put("CallbackURL", None), put("SnapshotMode", None)),
    ),
    "an optional member that is null": (SNAPSHOT, put("Whiteboard.Width", None)),
    "the mainland's region at the mainland's host": (
        SNAPSHOT,
        both(MAINLAND, signing(region="ap-guangzhou")),
    ),
    "the language of nobody": (SNAPSHOT, header(x_tc_language="fr-FR")),
    "a scope of another service at a plain host": (SNAPSHOT, signing(service="127")),
    "no streams in one's own layout": (VIDEO, put("MixStream.Custom.InputStreamList", [])),
    "no stream controls": (VIDEO, put("RecordControl.StreamControls", [])),
    "a model without a layout of one's own": (
        VIDEO,
        put("MixStream", {"Enabled": True, "ModelId": 2}),
    ),
    "a layout of one's own without a model": (VIDEO, drop("MixStream.ModelId")),
    "no layout at all where nothing is mixed": (VIDEO, put("MixStream", {"Enabled": False})),
    "a stream in the lower right corner": (
        VIDEO,
        put(f"{STREAM}.LayoutParams", {"Width": 640, "Height": 360, "X": 640, "Y": 360}),
    ),
    "no region for screenshots": (SCREENSHOT, signing(region="")),
    "a region for screenshots that there is not": (SCREENSHOT, signing(region="mars-1")),
    "the mainland's region for screenshots": (
        SCREENSHOT,
        both(LIVE_MAINLAND, signing(region="ap-guangzhou")),
    ),
    "a template that nobody made": (SCREENSHOT, put("TemplateId", 404)),
    "a null start": (SCREENSHOT, put("StartTime", None)),
    "names that the job does not know": (JOB, both(put("Foo", "x"), put("Input.Foo", "x"))),
    "a null member of an object": (JOB, put("TemplateConfig.OverwriteParams", None)),
    "an asset as input": (JOB, put("Input", {"Type": "Media", "Media": "asset"})),
    "an input by its https address": (
        JOB,
        put("Input.Media", "https://bucket.oss-cn-shanghai.aliyuncs.com/folder/object.mp4"),
    ),
    "an output by its http address": (JOB, output("http://b.oss-ap-southeast-1.aliyuncs.com/o")),
    "one picture without a number": (JOB, overridden(Count=1)),
    "one picture though there is an interval": (JOB, overridden(Count=1, Interval=10)),
    "pictures spread evenly": (JOB, overridden(Interval=0)),
    "several numbered pictures": (
        JOB,
        both(overridden(Count=5, Interval=10), output("oss://b/{Count}.jpg")),
    ),
    "several numbered sprites": (
        JOB,
        both(overridden(Type="Sprite"), output("oss://b/{TileCount}.jpg")),
    ),
    "a WebVTT file": (JOB, both(overridden(Type="WebVtt"), output("oss://b/o.vtt"))),
    "several pictures into an asset": (
        JOB,
        both(overridden(Count=5), put("Output", {"Type": "Media", "Media": "asset"})),
    ),
    "a format in lower case": (JOB, by("alibaba_rpc", answer="json")),
    "names that the room does not know": (
        ROOM,
        both(put("Foo", 1), put("StorageConfig.Foo", 1), put(f"{FIRST_STREAM}.Foo", 1)),
    ),
    "all streams of the room": (ROOM, put("TargetStreams", {})),
    "an empty list of streams": (ROOM, put("TargetStreams.StreamList", [])),
    "streams without an index": (
        ROOM,
        put("TargetStreams.StreamList", [{"UserId": "a"}, {"UserId": "b"}]),
    ),
    "TOS where no type is said": (ROOM, drop("StorageConfig.Type")),
    "TOS where the type is null": (ROOM, put("StorageConfig.Type", None)),
    "a third party's storage": (ROOM, IN_CUSTOM),
    "veImageX": (ROOM, IN_IMAGE_X),
    "a call signed in its query": (ROOM, presigned),
}

TABLE: tuple[tuple[str, Draft, Iterable[Row]], ...] = (
    ("tencent", SNAPSHOT, TENCENT_GATEWAY),
    (SNAPSHOT.action, SNAPSHOT, SNAPSHOT_ROWS),
    (VIDEO.action, VIDEO, VIDEO_ROWS),
    (SCREENSHOT.action, SCREENSHOT, SCREENSHOT_ROWS),
    ("alibaba", JOB, ALIBABA_GATEWAY),
    (JOB.action, JOB, JOB_ROWS),
    ("volcengine", ROOM, VOLCENGINE_GATEWAY),
    (ROOM.action, ROOM, ROOM_ROWS),
)


def _rows() -> Iterator[Any]:
    for subject, draft, rows in TABLE:
        for name, change, refused in rows:
            row = f"{subject}: {name}"
            yield pytest.param(change(draft), refused, id=row)


ROWS = list(_rows())


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda draft: draft.action)
def test_without_the_wrong_thing_the_call_is_accepted(emulator: InProcess, draft: Draft) -> None:
    answer = emulator.send(draft.sign(emulator.signer()))

    assert (answer.status, refusal(answer)) == (200, None)


@pytest.mark.parametrize(("draft", "change"), GOOD.values(), ids=list(GOOD))
def test_what_looks_wrong_and_is_not_is_accepted(
    emulator: InProcess, draft: Draft, change: Change
) -> None:
    answer = emulator.send(change(draft).sign(emulator.signer()))

    assert (answer.status, refusal(answer)) == (200, None)


@pytest.mark.parametrize(("draft", "refused"), ROWS)
def test_one_wrong_thing_gets_its_own_answer(
    emulator: InProcess, draft: Draft, refused: Refusal
) -> None:
    wire = draft.sign(emulator.signer())
    if draft.is_sent_twice:
        emulator.send(wire)

    answer = emulator.send(wire)

    text = refused.message
    assert refusal(answer) == refused._replace(message=text(wire) if callable(text) else text)


@pytest.mark.parametrize(
    ("draft", "envelope"),
    [
        pytest.param(
            drop("RoomId")(SNAPSHOT),
            {"Response": {"Error": {"Code": "", "Message": ""}, "RequestId": ""}},
            id="tencent",
        ),
        pytest.param(
            drop("Input")(JOB),
            {"RequestId": "", "HostId": "", "Code": "", "Message": "", "Recommend": ""},
            id="alibaba",
        ),
        pytest.param(
            drop("RoomId")(ROOM),
            {
                "ResponseMetadata": {
                    "RequestId": "",
                    "Action": "",
                    "Version": "",
                    "Service": "",
                    "Region": "",
                    "Error": {"Code": "", "Message": ""},
                }
            },
            id="volcengine",
        ),
        pytest.param(
            signed_by(secret="wrong")(ROOM),
            {
                "ResponseMetadata": {
                    "RequestId": "",
                    "Action": "",
                    "Version": "",
                    "Service": "",
                    "Region": "",
                    "Error": {"CodeN": 0, "Code": "", "Message": ""},
                }
            },
            id="volcengine's gateway",
        ),
        pytest.param(
            common("Action", None)(ROOM),
            {
                "ResponseMetadata": {
                    "RequestId": "",
                    "Error": {"CodeN": 0, "Code": "", "Message": ""},
                }
            },
            id="volcengine, of no action",
        ),
    ],
)
def test_a_refusal_has_the_vendors_envelope_and_nothing_else(
    emulator: InProcess, draft: Draft, envelope: object
) -> None:
    answer = emulator.send(draft.sign(emulator.signer()))

    assert _blank(answer.content) == envelope


def _blank(value: object) -> object:
    """Return the value with nothing in its texts and numbers."""
    if isinstance(value, dict):
        return {name: _blank(member) for name, member in value.items()}
    return type(value)()


def test_the_table_is_no_shorter_than_it_was() -> None:
    assert len(ROWS) >= 500
