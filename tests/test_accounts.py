"""What a world file declares: accounts in a bad state, their resources, their keys."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from emulator.app import vocabulary
from emulator.spec.document import DocumentError, read
from emulator.world.worldfile import decode_world
from tests.calls import (
    DRAFTS,
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
    presigned,
    put,
    refusal,
    signed_by,
    signing,
)
from tests.refusals import (
    BAD_ROOM_TOKEN,
    BAD_TOKEN,
    NO_ACCESS_KEY,
    NO_ROOM_KEY,
    NO_SECRET_ID,
    OTHER_REGION,
    OTHER_TOKEN,
    bad,
    job_bad,
    mandatory,
    room_bad,
)
from tests.server import InProcess
from tests.test_one_wrong_thing import overridden, streams


def world(folder: Path, text: str) -> InProcess:
    path = folder / "world.toml"
    path.write_text(text, encoding="utf-8")
    return InProcess(path)


def answer(emulator: InProcess, draft: Draft) -> Refusal | None:
    return refusal(emulator.send(draft.sign(emulator.signer())))


EXPIRED_TIW = Refusal(
    "ResourceUnavailable.ServiceExpired",
    "The account is in arrears or the TIW service has expired.",
    200,
)
NO_TIW = Refusal("ResourceUnavailable.NotRegistered", "TIW is not enabled.", 200)
UNAVAILABLE = Refusal("ResourceUnavailable", "The resource is unavailable.", 200)
FORBIDDEN = Refusal("ResourceNotFound.ForbidService", "You are blocked.", 200)
FROZEN = Refusal("ResourceNotFound.FreezeService", "Service suspended.", 200)
STOPPED = Refusal(
    "ResourceNotFound.StopService",
    "The service has been suspended due to account arrears. Please top up it to a positive "
    "balance to activate the service first.",
    200,
)
DISABLED = Refusal("ResourceNotFound.UserDisableService", "You disabled the service.", 200)
NO_IMS = Refusal("OperationDenied", "Your account does not open IMS service yet.", 403)
SUSPENDED = Refusal("OperationDenied.Suspended", "Your IMS service is suspended.", 403)
NOT_ENABLED = Refusal("AccessDenied.ServiceNotEnabled", "The service is not enabled", 403)

# Vendor, product, action, and what each state gets.
STATES: tuple[tuple[str, str, Draft, Mapping[str, Refusal]], ...] = (
    (
        "tencent",
        "tiw",
        SNAPSHOT,
        {
            "not_registered": NO_TIW,
            "arrears": EXPIRED_TIW,
            "blocked": UNAVAILABLE,
            "frozen": UNAVAILABLE,
            "switched_off": UNAVAILABLE,
        },
    ),
    (
        "tencent",
        "tiw",
        VIDEO,
        {
            "not_registered": EXPIRED_TIW,
            "arrears": EXPIRED_TIW,
            "blocked": EXPIRED_TIW,
            "frozen": EXPIRED_TIW,
            "switched_off": EXPIRED_TIW,
        },
    ),
    (
        "tencent",
        "live",
        SCREENSHOT,
        {
            "not_registered": DISABLED,
            "arrears": STOPPED,
            "blocked": FORBIDDEN,
            "frozen": FROZEN,
            "switched_off": DISABLED,
        },
    ),
    (
        "alibaba",
        "ice",
        JOB,
        {
            "not_registered": NO_IMS,
            "arrears": SUSPENDED,
            "blocked": SUSPENDED,
            "frozen": SUSPENDED,
            "switched_off": SUSPENDED,
        },
    ),
    (
        "volcengine",
        "rtc",
        ROOM,
        {
            "not_registered": NOT_ENABLED,
            "arrears": NOT_ENABLED,
            "blocked": NOT_ENABLED,
            "frozen": NOT_ENABLED,
            "switched_off": NOT_ENABLED,
        },
    ),
)
STATE_ROWS = [
    pytest.param(vendor, product, draft, state, refused, id=f"{draft.action} {state}")
    for vendor, product, draft, states in STATES
    for state, refused in states.items()
]


@pytest.mark.parametrize(("vendor", "product", "draft", "state", "refused"), STATE_ROWS)
def test_an_account_in_a_bad_state_is_told_which(
    tmp_path: Path, vendor: str, product: str, draft: Draft, state: str, refused: Refusal
) -> None:
    emulator = world(tmp_path, f'[[accounts]]\nvendor = "{vendor}"\nstate = "{state}"')

    assert answer(emulator, draft) == refused


@pytest.mark.parametrize(("vendor", "product", "draft", "state", "refused"), STATE_ROWS)
def test_a_product_may_be_in_a_bad_state_of_its_own(
    tmp_path: Path, vendor: str, product: str, draft: Draft, state: str, refused: Refusal
) -> None:
    states = f'states = {{ {product} = "{state}" }}'
    emulator = world(tmp_path, f'[[accounts]]\nvendor = "{vendor}"\n{states}')

    assert answer(emulator, draft) == refused


@pytest.mark.parametrize(("vendor", "product", "draft", "state", "refused"), STATE_ROWS)
def test_a_product_may_be_served_although_the_account_is_in_a_bad_state(
    tmp_path: Path, vendor: str, product: str, draft: Draft, state: str, refused: Refusal
) -> None:
    states = f'state = "{state}"\nstates = {{ {product} = "active" }}'
    emulator = world(tmp_path, f'[[accounts]]\nvendor = "{vendor}"\n{states}')

    assert answer(emulator, draft) is None


def test_the_state_of_one_product_is_not_the_others(tmp_path: Path) -> None:
    emulator = world(
        tmp_path, '[[accounts]]\nvendor = "tencent"\nstates = { tiw = "arrears", live = "frozen" }'
    )

    answers = [answer(emulator, draft) for draft in (SNAPSHOT, VIDEO, SCREENSHOT)]

    assert answers == [EXPIRED_TIW, EXPIRED_TIW, FROZEN]


def test_the_state_of_an_account_at_one_vendor_is_not_the_others(tmp_path: Path) -> None:
    emulator = world(tmp_path, '[[accounts]]\nvendor = "tencent"\nstate = "arrears"')

    assert [answer(emulator, draft) for draft in (JOB, ROOM)] == [None, None]


def test_a_mainland_account_has_the_mainlands_regions_at_a_plain_host(tmp_path: Path) -> None:
    emulator = world(tmp_path, '[[accounts]]\nvendor = "tencent"\nsite = "mainland"')

    answers = [
        answer(emulator, signing(region=region)(SNAPSHOT))
        for region in ("ap-guangzhou", "ap-singapore")
    ]

    assert answers == [None, OTHER_REGION]


RESOURCES = """
unknown_resources = "{mode}"

[[accounts]]
vendor = "{vendor}"
[accounts.resources]
{mine}

[[accounts]]
vendor = "{vendor}"
id = "other"
[accounts.resources]
{others}
[[accounts.keys]]
id = "other"
secret = "other"
"""


def owning(vendor: str, mode: str) -> str:
    """Return a world file of two accounts that own something each."""
    mine, others = OWNED[vendor], OWNED_BY_OTHER[vendor]
    return RESOURCES.format(vendor=vendor, mode=mode, mine=mine, others=others)


OWNED = {
    "tencent": """
SdkAppId = [1400123480, 1400000001]
OnlineRecordTaskId = ["g7khk7f809vterp942mb"]
DomainName = ["5000.live.push.com"]
CosBucket = ["shots"]
""",
    "alibaba": 'Bucket = ["bucket", "test-bucket"]',
    "volcengine": """
AppId = ["661e0000000000000000543c"]
AccountId = ["200000000"]
""",
}
OWNED_BY_OTHER = {
    "tencent": """
SdkAppId = [1400000009]
OnlineRecordTaskId = ["other"]
DomainName = ["other.live.push.com"]
CosBucket = ["others"]
""",
    "alibaba": 'Bucket = ["others"]',
    "volcengine": """
AppId = ["other"]
AccountId = ["200000009"]
""",
}
NOT_MINE = Refusal(
    "UnauthorizedOperation.SdkAppId",
    "The SdkAppId does not exist or does not match the current Tencent Cloud account.",
    200,
)
NOWHERE = Refusal(
    "InvalidParameter.SdkAppIdNotFound", "The SdkAppId does not exist or is invalid.", 200
)
NO_RECORDING = Refusal("FailedOperation", "Operation failed.", 200)
NO_APP = Refusal("InvalidParameter.NotExistAppId", "AppId does not exist", 400)
NOT_MINE_TOO = Refusal("InvalidParameter.AccountIdMismatch", "Check owner failed", 400)
TOS_ACCOUNT = "StorageConfig.TosConfig.AccountId"
NO_BUCKET = Refusal("FailedOperation.CosBucketNotExist", "COS bucket unknown.", 200)
NOT_MY_BUCKET = Refusal(
    "FailedOperation.CosBucketNotPermission", "No write right on the COS bucket.", 200
)
TEMPLATE = Draft(
    "CreateLiveSnapshotTemplate",
    "2018-08-01",
    "tencent_v3",
    {
        "TemplateName": "every-ten",
        "CosAppId": 1250000001,
        "CosBucket": "shots",
        "CosRegion": "ap-guangzhou",
    },
)
NOT_MY_APP = Refusal(
    "AccessDenied.NoPermissionForApp", "The account may not operate this application", 403
)


@pytest.mark.parametrize(
    ("vendor", "draft", "name", "value", "refused"),
    [
        pytest.param("tencent", SNAPSHOT, "SdkAppId", 1, NOT_MINE, id="snapshot, unknown app"),
        pytest.param(
            "tencent", SNAPSHOT, "SdkAppId", 1400000009, NOT_MINE, id="snapshot, foreign app"
        ),
        pytest.param("tencent", VIDEO, "SdkAppId", 1, NOWHERE, id="video, unknown app"),
        pytest.param("tencent", VIDEO, "SdkAppId", 1400000009, NOT_MINE, id="video, foreign app"),
        pytest.param(
            "tencent", VIDEO, "OnlineRecordTaskId", "x", NO_RECORDING, id="unknown recording"
        ),
        pytest.param(
            "tencent",
            VIDEO,
            "OnlineRecordTaskId",
            "other",
            NO_RECORDING,
            id="foreign recording",
        ),
        pytest.param(
            "tencent",
            SCREENSHOT,
            "DomainName",
            "no.live.push.com",
            bad("DomainName", "no.live.push.com"),
            id="unknown domain",
        ),
        pytest.param(
            "tencent",
            SCREENSHOT,
            "DomainName",
            "other.live.push.com",
            bad("DomainName", "other.live.push.com"),
            id="foreign domain",
        ),
        pytest.param("volcengine", ROOM, "AppId", "x", NO_APP, id="unknown RTC app"),
        pytest.param("volcengine", ROOM, "AppId", "other", NOT_MY_APP, id="foreign RTC app"),
        pytest.param("volcengine", ROOM, TOS_ACCOUNT, "1", NOT_MINE_TOO, id="unknown owner"),
        pytest.param("volcengine", ROOM, TOS_ACCOUNT, "200000009", NOT_MINE_TOO, id="other owner"),
        pytest.param(
            "volcengine",
            ROOM,
            "StorageConfig",
            {"Type": 3, "VeImageXConfig": {"AccountId": "1", "ServiceId": "s"}},
            NOT_MINE_TOO,
            id="unknown owner of veImageX",
        ),
        pytest.param(
            "alibaba",
            JOB,
            "Output.Media",
            "oss://nowhere/out.jpg",
            job_bad("Output.Media"),
            id="unknown bucket",
        ),
        pytest.param(
            "alibaba",
            JOB,
            "Input.Media",
            "http://others.oss-cn-shanghai.aliyuncs.com/object.mp4",
            job_bad("Input.Media"),
            id="foreign bucket",
        ),
        pytest.param("tencent", TEMPLATE, "CosBucket", "nowhere", NO_BUCKET, id="unknown bucket"),
        pytest.param("tencent", TEMPLATE, "CosBucket", "others", NOT_MY_BUCKET, id="their bucket"),
    ],
)
def test_a_resource_that_the_account_does_not_own_is_refused_where_that_is_asked_for(
    tmp_path: Path, vendor: str, draft: Draft, name: str, value: object, refused: Refusal
) -> None:
    emulator = world(tmp_path, owning(vendor, "refuse"))
    lenient = world(tmp_path, owning(vendor, "assume"))
    changed = both(put(name, value), signed_by(nonce="another"))(draft)

    answers = (answer(emulator, draft), answer(emulator, changed), answer(lenient, changed))

    assert answers == (None, refused, None)


@pytest.mark.parametrize(
    "storage",
    [
        {"TosConfig": {"AccountId": "volcengine-test", "Bucket": "b"}},
        {
            "Type": 2,
            "CustomConfig": {"Bucket": "b", "AccessKey": "key", "SecretKey": "secret"},
            "TosConfig": {"AccountId": "of-nobody", "Bucket": "b"},
        },
    ],
    ids=["the account itself", "a block that does not count"],
)
def test_storage_of_the_account_itself_or_of_a_third_party_is_accepted(
    tmp_path: Path, storage: dict[str, object]
) -> None:
    emulator = world(tmp_path, owning("volcengine", "refuse"))

    assert answer(emulator, put("StorageConfig", storage)(ROOM)) is None


def test_a_media_asset_is_in_no_bucket_of_the_accounts(tmp_path: Path) -> None:
    emulator = world(tmp_path, owning("alibaba", "refuse"))
    asset = both(put("Input.Type", "Media"), put("Input.Media", "a1b2"))(JOB)

    assert answer(emulator, asset) is None


def test_a_resource_belongs_to_the_account_that_declares_it(tmp_path: Path) -> None:
    emulator = world(tmp_path, owning("volcengine", "refuse"))
    other = signed_by(key_id="other", secret="other")

    own = both(put("AppId", "other"), put(TOS_ACCOUNT, "200000009"))(ROOM)
    answers = [answer(emulator, other(draft)) for draft in (own, ROOM)]

    assert answers == [None, NOT_MY_APP]


KEYS = """
[[accounts]]
vendor = "{vendor}"

[[accounts.keys]]
id = "permanent"
secret = "secret"

[[accounts.keys]]
id = "disabled"
secret = "secret"
enabled = false

[[accounts.keys]]
id = "temporary"
secret = "secret"
session_token = "token"

[[accounts.keys]]
id = "short"
secret = "secret"
session_token = "short token"
# A minute after the emulator's clock starts.
expires_at = 2026-01-02T11:05:05+08:00
"""
INACTIVE = Refusal("InvalidAccessKeyId.Inactive", "Specified access key is disabled.", 400)
STALE_TOKEN = Refusal("InvalidSecurityToken.Expired", "Specified SecurityToken is expired.", 400)
DISABLED_ROOM_KEY = Refusal(
    "InvalidAccessKey",
    "The security token[disabled] included in the request is invalid.",
    401,
    100009,
)
TENCENT_KEYS: Mapping[str, Refusal] = {
    "unknown": NO_SECRET_ID,
    "disabled": NO_SECRET_ID,
    "no token": BAD_TOKEN,
    "wrong token": BAD_TOKEN,
    "needless token": BAD_TOKEN,
    "expired token": BAD_TOKEN,
}
ALIBABA_KEYS: Mapping[str, Refusal] = {
    "unknown": NO_ACCESS_KEY,
    "disabled": INACTIVE,
    "no token": mandatory("SecurityToken"),
    "wrong token": OTHER_TOKEN,
    "needless token": OTHER_TOKEN,
    "expired token": STALE_TOKEN,
}
VOLCENGINE_KEYS: Mapping[str, Refusal] = {
    "unknown": NO_ROOM_KEY,
    "disabled": DISABLED_ROOM_KEY,
    "no token": BAD_ROOM_TOKEN,
    "wrong token": BAD_ROOM_TOKEN,
    "needless token": BAD_ROOM_TOKEN,
    "expired token": BAD_ROOM_TOKEN,
}
KEYS_OF = {
    "unknown": signed_by(key_id="nobody"),
    "disabled": signed_by(key_id="disabled"),
    "no token": signed_by(key_id="temporary"),
    "wrong token": signed_by(key_id="temporary", token="short token"),
    "needless token": signed_by(key_id="permanent", token="token"),
    "expired token": signed_by(key_id="short", token="short token"),
}
SCHEMES: tuple[tuple[str, str, Draft, Mapping[str, Refusal]], ...] = (
    ("v3", "tencent", SNAPSHOT, TENCENT_KEYS),
    ("v3 GET", "tencent", by("tencent_v3", method="GET")(SCREENSHOT), TENCENT_KEYS),
    ("v1", "tencent", by("tencent_v1")(SNAPSHOT), TENCENT_KEYS),
    ("v1 GET", "tencent", by("tencent_v1", method="GET")(SCREENSHOT), TENCENT_KEYS),
    ("ACS3", "alibaba", JOB, ALIBABA_KEYS),
    ("RPC", "alibaba", by("alibaba_rpc")(JOB), ALIBABA_KEYS),
    ("header", "volcengine", ROOM, VOLCENGINE_KEYS),
    ("query", "volcengine", presigned(ROOM), VOLCENGINE_KEYS),
)


def _keys() -> Iterator[Any]:
    for scheme, vendor, draft, refusals in SCHEMES:
        for key, refused in refusals.items():
            yield pytest.param(vendor, KEYS_OF[key](draft), refused, id=f"{scheme}, {key}")


@pytest.mark.parametrize(("vendor", "draft", "refused"), list(_keys()))
def test_a_key_that_may_not_sign_is_refused(
    tmp_path: Path, vendor: str, draft: Draft, refused: Refusal
) -> None:
    emulator = world(tmp_path, KEYS.format(vendor=vendor))
    emulator.advance(60)

    assert answer(emulator, signed_by(secret="secret")(draft)) == refused


@pytest.mark.parametrize(
    ("vendor", "draft"),
    [pytest.param(vendor, draft, id=scheme) for scheme, vendor, draft, _ in SCHEMES],
)
@pytest.mark.parametrize(
    "key",
    [
        pytest.param(signed_by(key_id="permanent"), id="permanent"),
        pytest.param(signed_by(key_id="temporary", token="token"), id="temporary"),
        pytest.param(signed_by(key_id="short", token="short token"), id="not yet expired"),
    ],
)
def test_a_key_that_may_sign_is_accepted(
    tmp_path: Path, vendor: str, draft: Draft, key: Change
) -> None:
    emulator = world(tmp_path, KEYS.format(vendor=vendor))
    emulator.advance(59)

    assert answer(emulator, both(key, signed_by(secret="secret"))(draft)) is None


@pytest.mark.parametrize(
    "draft",
    [
        put("Whiteboard.InitParams", "ratio=16:9")(SNAPSHOT),
        put("SnapshotMode", "Latest")(SNAPSHOT),
        put("Whiteboard.InitParam", "a=b")(VIDEO),
        overridden(Width=7, Height=4097, Time=-1)(JOB),
        overridden(BlackLevel=101, PixelBlackThreshold=256)(JOB),
        overridden(SpriteSnapshotConfig={"Columns": 0, "Color": "black"})(JOB),
        put("MaxIdleTime", 86401)(ROOM),
        put("ImageConfig", {"Format": 2, "Width": 1921, "Height": -1, "Interval": 601})(ROOM),
        put("StorageConfig.TosConfig.Region", -1)(ROOM),
        put("AppId", "a b")(ROOM),
        overridden(Interval=10)(JOB),
    ],
)
def test_what_the_specs_only_assume_may_be_ignored(tmp_path: Path, draft: Draft) -> None:
    emulator = world(tmp_path, 'assumed_limits = "ignore"')

    assert answer(emulator, draft) is None


@pytest.mark.parametrize(
    ("draft", "refused"),
    [
        (put("Whiteboard.Width", 2561)(SNAPSHOT), bad("Whiteboard.Width", 2561)),
        (put("StreamType", 2)(SCREENSHOT), bad("StreamType", 2)),
        (overridden(Count=2)(JOB), job_bad("Output.Media")),
        (put("TaskId", "Task 1")(ROOM), room_bad("TaskId")),
        (streams(*range(18))(ROOM), room_bad("TargetStreams.StreamList")),
        (put("StorageConfig.Type", 1)(ROOM), room_bad("StorageConfig.Type")),
    ],
)
def test_what_the_pages_say_is_enforced_although_assumptions_are_ignored(
    tmp_path: Path, draft: Draft, refused: Refusal
) -> None:
    emulator = world(tmp_path, 'assumed_limits = "ignore"')

    assert answer(emulator, draft) == refused


def test_accounts_that_a_world_file_does_not_name_are_the_usual_ones(tmp_path: Path) -> None:
    emulator = world(tmp_path, "")

    assert [answer(emulator, draft) for draft in DRAFTS] == [None] * len(DRAFTS)


ACCOUNT = '[[accounts]]\nvendor = "tencent"\n'
KEY = f'{ACCOUNT}[[accounts.keys]]\nid = "k"\nsecret = "s"\n'
STATE_NAMES = "active, not_registered, arrears, blocked, frozen, switched_off"
POSITIVE = "calls_per_second: 'StartSnapshot' must be a number of calls per second, 1 or more"

# A document, and what is said about it after the name of the file, or after that and a colon.
MISTAKES: Mapping[str, str] = {
    "seed = ": "1: is not TOML: Invalid value (at end of document)",
    "seed = 1\nseed = 2": "2: is not TOML: Cannot overwrite a value (at end of document)",
    "acounts = []": "unknown key 'acounts', did you mean 'accounts'?",
    '"a\\nb" = 1': (
        r"unknown key 'a\nb'; known: accounts, seed, unknown_resources, assumed_limits, "
        "calls_per_second, pace, streams, marks, buckets"
    ),
    'seed = "1"': "'seed' must be int, not str",
    "seed = true": "'seed' must be int, not bool",
    'unknown_resources = "deny"': ("'unknown_resources' must be one of assume, refuse, not 'deny'"),
    "unknown_resources = true": "'unknown_resources' must be str, not bool",
    'assumed_limits = "off"': "'assumed_limits' must be one of enforce, ignore, not 'off'",
    '[accounts]\nvendor = "tencent"': "'accounts' must be list, not dict",
    "accounts = [1]": "'accounts' must be an array of tables",
    '[[accounts]]\nid = "x"': "accounts.0: missing key 'vendor'",
    '[[accounts]]\nvendor = "aws"': (
        "accounts.0: 'vendor' must be one of tencent, alibaba, volcengine, not 'aws'"
    ),
    f"{ACCOUNT}id = 5": "accounts.0: 'id' must be str, not int",
    f'{ACCOUNT}stat = "arrears"': "accounts.0: unknown key 'stat', did you mean 'state'?",
    f'{ACCOUNT}state = "poor"': f"accounts.0: 'state' must be one of {STATE_NAMES}, not 'poor'",
    f'{ACCOUNT}states = "poor"': "accounts.0: 'states' must be dict, not str",
    f'{ACCOUNT}states = {{ tiw = "poor" }}': (
        f"accounts.0.states: 'tiw' must be one of {STATE_NAMES}, not 'poor'"
    ),
    f'{ACCOUNT}states = {{ cvm = "arrears" }}': (
        "accounts.0.states: unknown key 'cvm'; known: live, tiw"
    ),
    f'{ACCOUNT}site = "eu"': "accounts.0: 'site' must be one of intl, mainland, not 'eu'",
    f"{ACCOUNT}resources = [1]": "accounts.0: 'resources' must be dict, not list",
    f"{ACCOUNT}resources = {{ SdkAppId = 1 }}": (
        "accounts.0.resources: 'SdkAppId' must be a list of identifiers"
    ),
    f"{ACCOUNT}keys = ['k']": "accounts.0: 'keys' must be an array of tables",
    f'{ACCOUNT}[[accounts.keys]]\nsecret = "s"': "accounts.0.keys.0: missing key 'id'",
    f'{ACCOUNT}[[accounts.keys]]\nid = "k"': "accounts.0.keys.0: missing key 'secret'",
    f'{KEY}enabled = "no"': "accounts.0.keys.0: 'enabled' must be bool, not str",
    f"{KEY}session_token = 1": "accounts.0.keys.0: 'session_token' must be str, not int",
    f'{KEY}token = "t"': (
        "accounts.0.keys.0: unknown key 'token'; known: id, secret, enabled, session_token, "
        "expires_at"
    ),
    f'{KEY}expires_at = "tomorrow"': "accounts.0.keys.0: 'expires_at' must be like "
    "2030-01-01T00:00:00Z",
    f"{KEY}expires_at = 2030-01-01T00:00:00": (
        "accounts.0.keys.0: 'expires_at' must be like 2030-01-01T00:00:00Z"
    ),
    ACCOUNT * 2: "account 'tencent-test' of tencent is declared twice",
    f'{ACCOUNT}{ACCOUNT}id = "two"': "access key 'test' of tencent is declared twice",
    "calls_per_second = 5": "'calls_per_second' must be dict, not int",
    "[calls_per_second]\nCreateSnapshot = 5": (
        "calls_per_second: unknown key 'CreateSnapshot', did you mean 'CreateSnapshotTask'?"
    ),
    "[calls_per_second]\nStartSnapshot = 0": POSITIVE,
    '[calls_per_second]\nStartSnapshot = "5"': POSITIVE,
    "[calls_per_second]\nStartSnapshot = 1.5": POSITIVE,
    "[calls_per_second]\nStartSnapshot = true": POSITIVE,
}


def complaint(path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        decode_world(read(path), vocabulary())
    return str(caught.value)


@pytest.mark.parametrize(("text", "problem"), MISTAKES.items())
def test_a_mistake_in_a_world_file_is_one_line_with_file_key_and_what_was_expected(
    tmp_path: Path, text: str, problem: str
) -> None:
    path = tmp_path / "world.toml"
    path.write_text(text, encoding="utf-8")

    said = complaint(path)

    assert said in (f"{path}: {problem}", f"{path}:{problem}")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param(
            f"{ACCOUNT}resources = {{ SdkAppID = [1] }}",
            "SdkAppID",
            id="a kind that no action names",
        ),
        pytest.param(
            f"{ACCOUNT}resources = {{ SdkAppId = [[1]] }}",
            "SdkAppId",
            id="a list for an identifier",
        ),
        pytest.param(
            f"{ACCOUNT}resources = {{ SdkAppId = [true] }}",
            "SdkAppId",
            id="a truth for an identifier",
        ),
        pytest.param(
            f"{KEY}expires_at = 2026-01-01T00:00:00Z",
            "expires_at",
            id="an end without a session token",
        ),
        pytest.param(
            f"{KEY}expires_at = 0001-01-01T00:00:00+14:00",
            "expires_at",
            id="a moment before the first year",
        ),
        pytest.param(
            f"seed = {'[' * 10000}",
            "world.toml",
            id="nesting",
        ),
    ],
)
def test_a_mistake_in_a_world_file_that_is_easily_overlooked_is_told_too(
    tmp_path: Path, text: str, key: str
) -> None:
    path = tmp_path / "world.toml"
    path.write_text(text, encoding="utf-8")

    assert key in complaint(path)


def test_a_world_file_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "nothing.toml"

    assert complaint(path) == f"{path}: cannot be read: No such file or directory"


def test_a_folder_is_no_world_file(tmp_path: Path) -> None:
    assert complaint(tmp_path) == f"{tmp_path}: cannot be read: Is a directory"


def test_a_world_file_is_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "world.toml"
    path.write_bytes(b'unknown_resources = "\xff"')

    assert complaint(path) == f"{path}: is not UTF-8 text"


def test_a_mistake_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "world.toml"
    path.write_text("sead = 1", encoding="utf-8")

    with pytest.raises(DocumentError, match="did you mean 'seed'"):
        InProcess(path)
