"""Both sides of every limit: the last value that is accepted, and the first that is not."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

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
    both,
    by,
    dated,
    drop,
    presigned,
    put,
    refusal,
    signing,
)
from tests.server import InProcess
from tests.test_one_wrong_thing import period

SPECS = Path(__file__).parent.parent / "emulator" / "vendors"

MIN_INT64, MAX_INT64, MAX_UINT64 = -(2**63), 2**63 - 1, 2**64 - 1
INT64 = ([MIN_INT64, 0, MAX_INT64], [MIN_INT64 - 1, MAX_INT64 + 1])
UINT64 = ([0, MAX_UINT64], [-1, MAX_UINT64 + 1])
# An optional text that is empty counts as not given, so it is among those that are accepted.
JSON_TEXT = (["{}", "[]", '"text"', "1", "null", ""], ["{", "a=b", "{'a': 1}"])
COLOR = (["#000000", "#ffFF09", ""], ["#00000", "#0000000", "000000", "#00000g", "black"])
ID = (
    ["a", "Z", "0", "_", "@", "-", ".", "i" * 128],
    ["", "i" * 129, "a b", "a/b", "a\n", "é", "*"],
)
FILLED = (["x"], [""])
URL_PART = (["a", "a_b-1.c", "课"], ["", "a b", "a/b", "a?b", "a\n", "\x7f"])

Sides = tuple[Sequence[object], Sequence[object]]
"""Values that are accepted, and values that are not."""


class Limits(NamedTuple):
    """The limits of some members of a call; `change` makes room for the accepted ones."""

    draft: Draft
    members: Mapping[str, Sides]
    change: Change = lambda draft: draft


def at_least(lowest: int) -> Sides:
    return [lowest, lowest + 1, MAX_INT64], [lowest - 1, MIN_INT64, MAX_INT64 + 1]


def between(lowest: int, highest: int) -> Sides:
    return (
        [lowest, lowest + 1, highest - 1, highest],
        [lowest - 1, highest + 1, MIN_INT64, MAX_INT64],
    )


def streams(count: int) -> list[dict[str, object]]:
    return [{"Index": index, "UserId": f"user{index}"} for index in range(count)]


CANVAS = "MixStream.Custom.Canvas"
STREAM = "MixStream.Custom.InputStreamList.0"
OVERRIDES = "TemplateConfig.OverwriteParams"
TILES = f"{OVERRIDES}.SpriteSnapshotConfig"
FIRST_STREAM = "TargetStreams.StreamList.0"
TOS = "StorageConfig.TosConfig"
CUSTOM = "StorageConfig.CustomConfig"
IMAGE_X = "StorageConfig.VeImageXConfig"
SMALL_STREAM = put(
    "MixStream.Custom.InputStreamList", [{"LayoutParams": {"Width": 2, "Height": 2}}]
)
LARGE_CANVAS = both(SMALL_STREAM, put(f"{CANVAS}.LayoutParams", {"Width": 3000, "Height": 3000}))
# A media asset as the output has no name in which placeholders could be missing.
TO_ASSETS = both(put("Input.Type", "Media"), put("Output.Type", "Media"))

TABLE: tuple[Limits, ...] = (
    Limits(
        SNAPSHOT,
        {
            "SdkAppId": UINT64,
            "RoomId": UINT64,
            "COS.Uin": UINT64,
            "Whiteboard.Width": between(0, 2560),
            "Whiteboard.Height": between(0, 2560),
            "Whiteboard.InitParams": JSON_TEXT,
            "SnapshotMode": (["AllMarks", "LatestMarksOnly", ""], ["allMarks", "AllMarks "]),
        },
    ),
    Limits(
        VIDEO,
        {
            "SdkAppId": INT64,
            "Whiteboard.Width": at_least(2),
            "Whiteboard.Height": at_least(2),
            "Whiteboard.InitParam": JSON_TEXT,
            "MixStream.ModelId": ([1, 2], [0, 3]),
        },
    ),
    Limits(
        VIDEO,
        {
            f"{CANVAS}.LayoutParams.Width": between(2, 3000),
            f"{CANVAS}.LayoutParams.Height": between(2, 3000),
            f"{CANVAS}.LayoutParams.X": between(0, 3000),
            f"{CANVAS}.LayoutParams.Y": between(0, 3000),
            f"{CANVAS}.LayoutParams.ZOrder": INT64,
            f"{CANVAS}.BackgroundColor": COLOR,
        },
        SMALL_STREAM,
    ),
    Limits(
        VIDEO,
        {
            f"{STREAM}.LayoutParams.Width": between(2, 3000),
            f"{STREAM}.LayoutParams.Height": between(2, 3000),
            f"{STREAM}.LayoutParams.X": ([0, 1, 2998], [-1, 3001]),
            f"{STREAM}.LayoutParams.Y": ([0, 1, 2998], [-1, 3001]),
            f"{STREAM}.LayoutParams.ZOrder": INT64,
            f"{STREAM}.BackgroundColor": COLOR,
            f"{STREAM}.FillMode": ([0, 1], [-1, 2]),
        },
        LARGE_CANVAS,
    ),
    Limits(
        SCREENSHOT,
        {
            "TemplateId": UINT64,
            "StreamType": ([0, 1], [-1, 2]),
            "StreamName": URL_PART,
            "AppName": URL_PART,
            "DomainName": (["a", "a.cn", "a.b-c.example"], ["a b", "-a.cn", "a.cn.", "a/b"]),
        },
    ),
    Limits(
        JOB,
        {
            "Input.Type": (["OSS", "Media"], ["", "oss", "URL"]),
            "Output.Type": (["OSS", "Media"], ["", "media", "S3"]),
            "TemplateConfig.TemplateId": FILLED,
            "UserData": JSON_TEXT,
        },
    ),
    Limits(
        JOB,
        {
            "Input.Media": FILLED,
            "Output.Media": FILLED,
            f"{OVERRIDES}.Type": (["Normal", "Sprite", "WebVtt", ""], ["normal", "Gif"]),
            f"{OVERRIDES}.FrameType": (["normal", "intra", ""], ["Intra", "key"]),
            f"{OVERRIDES}.Count": at_least(1),
            f"{OVERRIDES}.Interval": at_least(0),
            f"{OVERRIDES}.Time": at_least(0),
            f"{OVERRIDES}.Width": between(8, 4096),
            f"{OVERRIDES}.Height": between(8, 4096),
            f"{OVERRIDES}.BlackLevel": between(0, 100),
            f"{OVERRIDES}.PixelBlackThreshold": between(0, 255),
        },
        TO_ASSETS,
    ),
    Limits(
        JOB,
        {
            f"{TILES}.CellWidth": at_least(1),
            f"{TILES}.CellHeight": at_least(1),
            f"{TILES}.Padding": at_least(0),
            f"{TILES}.Margin": at_least(0),
            f"{TILES}.Columns": at_least(1),
            f"{TILES}.Lines": at_least(1),
            f"{TILES}.Color": COLOR,
        },
        both(TO_ASSETS, put(OVERRIDES, {"SpriteSnapshotConfig": {}})),
    ),
    Limits(
        ROOM,
        {
            "AppId": ([*ID[0], "661e****543cf"], ID[1]),
            "RoomId": ID,
            "TaskId": ID,
            # The page's own example has a masked AppId and BusinessId.
            "BusinessId": ([*ID[0], "B****23", ""], ID[1][1:]),
            "TargetStreams.StreamList": (
                [[], streams(1), streams(16), streams(17), [{"UserId": "a"}, {"UserId": "a"}]],
                [streams(18), streams(1) * 2],
            ),
            f"{FIRST_STREAM}.Index": INT64,
            f"{FIRST_STREAM}.UserId": ID,
            f"{FIRST_STREAM}.StreamType": ([0, 1], [-1, 2]),
            "MaxIdleTime": between(1, 86400),
            "ImageConfig.Format": ([0, 1], [-1, 2]),
            "ImageConfig.Width": between(0, 1920),
            "ImageConfig.Height": between(0, 1920),
            "ImageConfig.Interval": between(1, 600),
            "StorageConfig.Type": ([0], [-1, 1, 4]),
            f"{TOS}.AccountId": FILLED,
            f"{TOS}.Region": at_least(0),
            f"{TOS}.Bucket": FILLED,
        },
    ),
    Limits(
        ROOM,
        {
            "StorageConfig.Type": ([2], []),
            f"{CUSTOM}.Vendor": ([0, 1, 2, 3, 4], [-1, 5]),
            f"{CUSTOM}.Region": at_least(0),
            f"{CUSTOM}.Bucket": FILLED,
            f"{CUSTOM}.AccessKey": FILLED,
            f"{CUSTOM}.SecretKey": FILLED,
        },
        put(
            "StorageConfig",
            {
                "Type": 2,
                "CustomConfig": {"Bucket": "b", "AccessKey": "key", "SecretKey": "secret"},
            },
        ),
    ),
    Limits(
        ROOM,
        {
            "StorageConfig.Type": ([3], []),
            f"{IMAGE_X}.AccountId": FILLED,
            f"{IMAGE_X}.Region": at_least(0),
            f"{IMAGE_X}.ServiceId": FILLED,
        },
        put(
            "StorageConfig",
            {"Type": 3, "VeImageXConfig": {"AccountId": "200000000", "ServiceId": "oomo"}},
        ),
    ),
)

# Limits that no call can reach, each with what stands before it.
OUT_OF_REACH: Mapping[str, str] = {
    f"CreateVideoGenerationTask {STREAM}.LayoutParams.X maximum": "no canvas is as wide",
    f"CreateVideoGenerationTask {STREAM}.LayoutParams.Y maximum": "no canvas is as high",
    "CreateScreenshotTask StartTime format": "the time rules are narrower",
    "CreateScreenshotTask EndTime format": "the time rules are narrower",
}


def _cases(side: int) -> Iterator[Any]:
    for limits in TABLE:
        for path, sides in limits.members.items():
            for value in sides[side]:
                draft = both(limits.change, put(path, value))(limits.draft)
                yield pytest.param(draft, path, id=f"{draft.action} {path} {_shown(value)}")


def _shown(value: object) -> str:
    if isinstance(value, str | list) and len(value) > 10:
        return f"{len(value)} long"
    return repr(value)


@pytest.mark.parametrize(("draft", "path"), list(_cases(0)))
def test_a_value_on_the_limit_is_accepted(emulator: InProcess, draft: Draft, path: str) -> None:
    answer = emulator.send(draft.sign(emulator.signer()))

    assert refusal(answer) is None


@pytest.mark.parametrize(("draft", "path"), list(_cases(1)))
def test_a_value_beyond_the_limit_is_refused_by_its_name(
    emulator: InProcess, draft: Draft, path: str
) -> None:
    answer = emulator.send(draft.sign(emulator.signer()))

    refused = refusal(answer)
    assert refused is not None
    assert path in str(refused.message) or refused.code.endswith("TypeUnmatched")


def test_every_limit_of_the_five_actions_has_values_on_both_sides() -> None:
    table: dict[tuple[str, str], tuple[list[Any], list[Any]]] = {}
    for limits in TABLE:
        for path, (accepted, refused) in limits.members.items():
            sides = table.setdefault((limits.draft.action, path), ([], []))
            sides[0].extend(accepted)
            sides[1].extend(refused)

    gaps = [
        f"{action} {path} {keyword}"
        for action, path, keyword, limit in _documented_limits()
        if action in {draft.action for draft in DRAFTS}
        if not _is_covered(keyword, limit, *table.get((action, path), ([], [])))
    ]

    assert gaps == sorted(OUT_OF_REACH)


def _documented_limits() -> Iterator[tuple[str, str, str, Any]]:
    """Yield action, path, constraint word and limit, from all spec files, sorted."""
    found = []
    for path in SPECS.glob("*/specs/*/*/*.toml"):
        if path.name != "types.toml":
            types = path.with_name("types.toml")
            shared = tomllib.loads(types.read_text(encoding="utf-8")) if types.exists() else {}
            spec = tomllib.loads(path.read_text(encoding="utf-8"))
            for name, entry in spec.get("parameters", {}).items():
                found += [(path.stem, *rest) for rest in _limits_of(name, entry, shared)]
    return iter(sorted(found, key=lambda limit: limit[:3]))


def _limits_of(
    path: str, entry: Mapping[str, Any], shared: Mapping[str, Any]
) -> Iterator[tuple[str, str, Any]]:
    shape = shared[entry["use"]] if "use" in entry else entry
    for word in WORDS:
        if word in shape:
            yield path, word, shape[word]
    if shape["type"] == "integer" and not {"minimum", "maximum", "enum"} & set(shape):
        yield path, "format", shape.get("format", "int64")
    for name, member in shape.get("properties", {}).items():
        yield from _limits_of(f"{path}.{name}", member, shared)
    if "items" in shape:
        yield from _limits_of(f"{path}.0", shape["items"], shared)


WORDS = (
    "minimum maximum enum minLength maxLength maxItems pattern uniqueBy contentMediaType".split()
)


def _is_covered(word: str, limit: Any, accepted: list[Any], refused: list[Any]) -> bool:
    match word:
        case "minimum":
            return limit in accepted and limit - 1 in refused
        case "maximum":
            return limit in accepted and limit + 1 in refused
        case "enum" if all(type(value) is int for value in limit):
            return set(limit) <= set(accepted) and {min(limit) - 1, max(limit) + 1} <= set(refused)
        case "enum":
            return set(limit) <= set(accepted) and bool(refused)
        case "minLength":
            return _has_length(accepted, limit) and _has_length(refused, limit - 1)
        case "maxLength" | "maxItems":
            return _has_length(accepted, limit) and _has_length(refused, limit + 1)
        case "pattern" if limit.endswith("{1,128}"):
            return all(_has_length(accepted, length) for length in (1, 128)) and all(
                _has_length(refused, length) for length in (0, 129)
            )
        case "format":
            lowest, highest = (0, MAX_UINT64) if limit == "uint64" else (MIN_INT64, MAX_INT64)
            return {lowest, highest} <= set(accepted) and {lowest - 1, highest + 1} <= set(refused)
    return bool(accepted and refused)


def _has_length(values: Iterable[Any], length: int) -> bool:
    return any(len(value) == length for value in values)


def test_a_masked_business_id_is_no_longer_than_any_other(emulator: InProcess) -> None:
    draft = put("BusinessId", "b" * 125 + "****")(ROOM)

    answer = emulator.send(draft.sign(emulator.signer()))

    assert refusal(answer) == Refusal("InvalidParameter", "Parameter BusinessId is invalid", 400)


@pytest.mark.parametrize(
    ("x", "blamed"),
    [(2998, None), (2999, "LayoutParams"), (3000, "LayoutParams"), (3001, "LayoutParams.X")],
)
def test_a_stream_right_of_the_widest_canvas_does_not_fit_before_its_x_is_too_large(
    emulator: InProcess, x: int, blamed: str | None
) -> None:
    draft = both(LARGE_CANVAS, put(f"{STREAM}.LayoutParams.X", x))(VIDEO)

    answer = emulator.send(draft.sign(emulator.signer()))

    refused = refusal(answer)
    assert (f"`{STREAM}.{blamed}`" in str(refused)) if blamed else refused is None


BLOCKS: Mapping[int, tuple[str, dict[str, object]]] = {
    0: ("TosConfig", {"AccountId": "200000000", "Bucket": "b"}),
    1: ("VodConfig", {"AccountId": "200000000", "Space": "space"}),
    2: ("CustomConfig", {"Bucket": "b", "AccessKey": "key", "SecretKey": "secret"}),
    3: ("VeImageXConfig", {"AccountId": "200000000", "ServiceId": "oomo"}),
}


@pytest.mark.parametrize("kind", [0, 2, 3])
def test_a_storage_block_of_another_type_is_nobodys_business(
    emulator: InProcess, kind: int
) -> None:
    own, block = BLOCKS[kind]
    nonsense = {name: {"Region": "nowhere"} for name, _ in BLOCKS.values() if name != own}
    draft = put("StorageConfig", {"Type": kind, own: block, **nonsense})(ROOM)

    answer = emulator.send(draft.sign(emulator.signer()))

    assert refusal(answer) is None


@pytest.mark.parametrize(
    ("start", "last_end", "first_refused_end"),
    [
        pytest.param(None, NOW + 1, NOW, id="after now"),
        pytest.param(NOW - 50, NOW + 1, NOW, id="after now, though begun"),
        pytest.param(NOW + 50, NOW + 51, NOW + 50, id="after the start"),
        pytest.param(NOW + 50, NOW + 86450, NOW + 86451, id="a day after the start"),
        pytest.param(NOW - 50, NOW + 86350, NOW + 86351, id="a day after a start in the past"),
        pytest.param(None, NOW + 86400, NOW + 86401, id="a day after now"),
        pytest.param(NOW + 518400, NOW + 604800, NOW + 604801, id="a day after the last start"),
    ],
)
def test_the_end_of_screenshots_is_judged_to_the_second(
    emulator: InProcess, start: int | None, last_end: int, first_refused_end: int
) -> None:
    codes = [
        _code(emulator, period(start, end)(SCREENSHOT)) for end in (last_end, first_refused_end)
    ]

    assert codes == ["", "InvalidParameter"]


def test_screenshots_start_at_most_six_days_from_now(emulator: InProcess) -> None:
    codes = [
        _code(emulator, period(start, start + 60)(SCREENSHOT))
        for start in (NOW + 518400, NOW + 518401)
    ]

    assert codes == ["", "InvalidParameter"]


def test_screenshots_may_have_started_when_they_end_within_a_day_of_it(
    emulator: InProcess,
) -> None:
    codes = [
        _code(emulator, period(start, NOW + 1)(SCREENSHOT)) for start in (NOW - 86399, NOW - 86400)
    ]

    assert codes == ["", "InvalidParameter"]


def test_the_time_rules_move_with_the_clock(emulator: InProcess) -> None:
    draft = period(None, NOW + 1)(SCREENSHOT)

    emulator.advance(1)

    assert _code(emulator, draft) == "InvalidParameter"


def _code(emulator: InProcess, draft: Draft) -> str:
    refused = refusal(emulator.send(draft.sign(emulator.signer())))
    return refused.code if refused else ""


@pytest.mark.parametrize(
    ("draft", "window"),
    [
        pytest.param(SNAPSHOT, 300, id="tencent v3"),
        pytest.param(by("tencent_v1")(SNAPSHOT), 300, id="tencent v1"),
        pytest.param(JOB, 900, id="alibaba ACS3"),
        pytest.param(by("alibaba_rpc")(JOB), 900, id="alibaba RPC"),
        pytest.param(ROOM, 900, id="volcengine"),
    ],
)
@pytest.mark.parametrize("direction", [-1, 1], ids=["old", "ahead"])
def test_a_signature_may_be_as_old_as_the_window_is_long(
    draft: Draft, window: int, direction: int
) -> None:
    first, second = InProcess(), InProcess()

    is_refused = [
        bool(_code(emulator, dated(direction * seconds)(draft)))
        for emulator, seconds in ((first, window), (second, window + 1))
    ]

    assert is_refused == [False, True]


def test_a_presigned_call_lives_as_long_as_it_says(emulator: InProcess) -> None:
    draft = both(presigned, signing(expires_seconds=60))(ROOM)

    codes = [_code(emulator, dated(-seconds)(draft)) for seconds in (60, 61)]

    assert codes == ["", "InvalidTimestamp"]


# What a text must be to stand for a number or a truth value in a query or a form.
WHOLE = ["0", "5", "007", "9223372036854775807"]
NOT_WHOLE = ["", " 5", "5 ", "+5", "5.0", "5.", "1e2", "0x5", "5_0", "1,000", "五", "٥", "9" * 40]
TRUTH = ["true", "false", "True", "False", "TRUE", "FALSE", "tRuE"]
NO_TRUTH = ["", "1", "0", "yes", "t", " true", "none"]

V3_GET = by("tencent_v3", method="GET")
V1 = by("tencent_v1")
V1_GET = by("tencent_v1", method="GET")
ACS3_FLAT = by("alibaba_v3", flat=True)
RPC_FLAT = by("alibaba_rpc", flat=True, in_body=True)


def _texts(texts: Iterable[str], members: Mapping[str, tuple[Draft, str]]) -> Iterator[Any]:
    for form, (draft, path) in members.items():
        for text in texts:
            yield pytest.param(put(path, text)(draft), path, id=f"{form} {path} {_shown(text)}")


INTEGERS = {
    "v3 query": (V3_GET(SNAPSHOT), "RoomId"),
    "v1 form": (V1(SNAPSHOT), "COS.Uin"),
    "v1 query": (V1_GET(VIDEO), f"{STREAM}.LayoutParams.ZOrder"),
    "ACS3 query": (both(ACS3_FLAT, TO_ASSETS)(JOB), f"{OVERRIDES}.Time"),
    "RPC form": (both(RPC_FLAT, TO_ASSETS)(JOB), f"{OVERRIDES}.Interval"),
}
TRUTHS = {
    "v3 query": (V3_GET(VIDEO), "Concat.Enabled"),
    "v1 form": (V1(VIDEO), "RecordControl.StreamControls.0.DisableAudio"),
    "v1 query": (V1_GET(VIDEO), "RecordControl.Enabled"),
    "ACS3 query": (ACS3_FLAT(JOB), f"{OVERRIDES}.IsSptFrag"),
    "RPC form": (RPC_FLAT(JOB), f"{OVERRIDES}.IsSptFrag"),
}


@pytest.mark.parametrize(("draft", "path"), [*_texts(WHOLE, INTEGERS), *_texts(TRUTH, TRUTHS)])
def test_a_text_in_a_query_or_form_stands_for_the_number_or_truth_it_spells(
    emulator: InProcess, draft: Draft, path: str
) -> None:
    answer = emulator.send(draft.sign(emulator.signer()))

    assert refusal(answer) is None


@pytest.mark.parametrize(
    ("draft", "path"), [*_texts(NOT_WHOLE, INTEGERS), *_texts(NO_TRUTH, TRUTHS)]
)
def test_a_text_in_a_query_or_form_that_spells_no_value_of_the_type_is_refused(
    emulator: InProcess, draft: Draft, path: str
) -> None:
    answer = emulator.send(draft.sign(emulator.signer()))

    refused = refusal(answer)
    assert refused is not None
    assert refused.code == "InvalidParameter"
    assert path in str(refused.message)


@pytest.mark.parametrize(("text", "code"), [("-5", ""), ("-0", ""), ("-", "InvalidParameter")])
def test_a_text_may_spell_a_negative_number_where_the_type_has_any(
    emulator: InProcess, text: str, code: str
) -> None:
    draft = both(V3_GET, put(f"{STREAM}.LayoutParams.ZOrder", text))(VIDEO)

    assert _code(emulator, draft) == code


def test_a_text_that_spells_a_negative_number_is_of_another_type_where_there_are_none(
    emulator: InProcess,
) -> None:
    answer = emulator.send(both(V3_GET, put("RoomId", "-5"))(SNAPSHOT).sign(emulator.signer()))

    refused = refusal(answer)
    assert refused is not None
    assert refused.message == "The value type of parameter `RoomId` is not valid."


class Doubled(dict[str, object]):
    """Arguments of which some come twice, in the given order."""

    def __init__(self, *pairs: tuple[str, object]) -> None:
        super().__init__(pairs)
        self._pairs = pairs

    def items(self) -> Any:
        return self._pairs


@pytest.mark.parametrize(
    ("draft", "name", "good", "bad"),
    [
        pytest.param(V3_GET(SNAPSHOT), "SnapshotMode", "AllMarks", "Marks", id="v3 query"),
        pytest.param(JOB, "UserData", "{}", "a=b", id="ACS3 query"),
        pytest.param(by("alibaba_rpc", in_body=True)(JOB), "UserData", "{}", "a=b", id="RPC form"),
    ],
)
def test_the_last_of_two_fields_of_one_name_counts(
    emulator: InProcess, draft: Draft, name: str, good: str, bad: str
) -> None:
    others = drop(name)(draft).arguments.items()
    codes = [
        _code(emulator, _with(draft, Doubled((name, first), (name, second), *others), nonce))
        for first, second, nonce in ((bad, good, "1"), (good, bad, "2"))
    ]

    assert codes == ["", "InvalidParameter"]


def _with(draft: Draft, arguments: Mapping[str, Any], nonce: str) -> Draft:
    return Draft(
        draft.action, draft.version, draft.scheme, arguments, draft.options, {"nonce": nonce}
    )


@pytest.mark.parametrize(("modes", "code"), [("MA", ""), ("AM", "InvalidParameter")])
def test_the_last_of_two_json_members_of_one_name_counts(
    emulator: InProcess, modes: str, code: str
) -> None:
    texts = {"A": "AllMarks", "M": "Marks"}
    members = ",".join(f'"SnapshotMode":"{texts[mode]}"' for mode in modes)
    body = f'{{{members},"Whiteboard":{{}},"SdkAppId":1,"RoomId":1}}'

    assert _code(emulator, signing(body=body.encode())(SNAPSHOT)) == code


@pytest.mark.parametrize("indices", ["0 1", "1 2", "0 7", "7 0", "10 9", "007 8"])
@pytest.mark.parametrize("form", [V3_GET, V1_GET, V1])
def test_the_indices_of_a_flattened_list_may_begin_anywhere_and_have_gaps(
    emulator: InProcess, form: Change, indices: str
) -> None:
    controls = {index: {"StreamId": f"user{index}"} for index in indices.split()}
    draft = both(form, put("RecordControl.StreamControls", controls))(VIDEO)

    assert _code(emulator, draft) == ""


def test_the_items_of_a_flattened_list_are_counted_from_zero_in_the_order_of_their_indices(
    emulator: InProcess,
) -> None:
    controls = {"9": {"DisableAudio": True}, "2": {"StreamId": "user"}}
    draft = both(V3_GET, put("RecordControl.StreamControls", controls))(VIDEO)

    answer = emulator.send(draft.sign(emulator.signer()))

    assert refusal(answer) == Refusal(
        "MissingParameter",
        "The request is missing a required parameter `RecordControl.StreamControls.1.StreamId`.",
        200,
    )


@pytest.mark.parametrize("index", ["x", "", "-1", "²"])
def test_a_flattened_list_has_numbers_for_indices(emulator: InProcess, index: str) -> None:
    controls = {index: {"StreamId": "user"}}
    draft = both(V3_GET, put("RecordControl.StreamControls", controls))(VIDEO)

    assert _code(emulator, draft) == "InvalidParameter"


def _sized(emulator: InProcess, draft: Draft, size: int) -> Wire:
    """Return the call with a CallbackURL that makes its query or body exactly as long."""
    rest = _size(put("CallbackURL", "")(draft).sign(emulator.signer()))
    filled = put("CallbackURL", "x" * (size - rest))(draft)
    # A v1 signature is part of the form, and longer or shorter by its own percent signs.
    for room_id in range(10000, 10100):
        wire = put("RoomId", room_id)(filled).sign(emulator.signer())
        if _size(wire) == size:
            return wire
    raise AssertionError("no call is so long")


def _size(wire: Wire) -> int:
    return len(wire.body or wire.target.removeprefix("/?"))


@pytest.mark.parametrize(
    ("draft", "limit", "code"),
    [
        pytest.param(V3_GET(SNAPSHOT), 32768, "RequestSizeLimitExceeded", id="v3 query"),
        pytest.param(V1_GET(SNAPSHOT), 32768, "RequestSizeLimitExceeded", id="v1 query"),
        pytest.param(V1(SNAPSHOT), 1048576, "AuthFailure.SignatureFailure", id="v1 form"),
        pytest.param(SNAPSHOT, 10485760, "RequestSizeLimitExceeded", id="v3 body"),
    ],
)
def test_a_request_may_be_as_long_as_the_gateway_takes(
    emulator: InProcess, draft: Draft, limit: int, code: str
) -> None:
    answers = [emulator.send(_sized(emulator, draft, size)) for size in (limit, limit + 1)]

    refusals = [refusal(answer) for answer in answers]
    assert [refused and refused.code for refused in refusals] == [None, code]


def test_every_draft_has_limits_in_the_table() -> None:
    assert {limits.draft.action for limits in TABLE} == {draft.action for draft in DRAFTS}
