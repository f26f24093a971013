"""The examples that the vendors' pages print are accepted, and answered as printed."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest

from contract_tests.signers import Signer, Wire


class Answer(Protocol):
    @property
    def status(self) -> int: ...

    @property
    def content(self) -> Any: ...


Send = Callable[[Wire], Answer]
Sign = Callable[[Signer, str, str, Mapping[str, Any]], Wire]


class Example(NamedTuple):
    """One printed example, with the action it is of and the moment it was written for."""

    vendor: str
    version: str
    action: str
    method: str
    request: Mapping[str, Any]
    response: Mapping[str, Any]

    @property
    def moved_to_now(self) -> Mapping[str, Any]:
        """The request with its Unix times moved, so that `StartTime` is now."""
        if "StartTime" not in self.request:
            return self.request
        shift = int(datetime.now(UTC).timestamp()) - self.request["StartTime"]
        times = {name: self.request[name] + shift for name in ("StartTime", "EndTime")}
        return {**self.request, **times}


def _examples() -> Iterator[Example]:
    specs = Path(__file__).parent.parent / "emulator" / "vendors"
    for path in sorted(specs.glob("*/specs/*/*/*.toml")):
        # The other actions ask about what calls have made, so their examples cannot stand alone.
        if path.stem not in HOSTS:
            continue
        for example in tomllib.loads(path.read_text(encoding="utf-8")).get("examples", ()):
            yield Example(
                vendor=path.relative_to(specs).parts[0],
                version=path.parent.name,
                action=path.stem,
                method=example["method"],
                request=json.loads(example["request"]),
                response=json.loads(example["response"]),
            )


# Every signature scheme that the vendor's SDKs use for the printed method.
SCHEMES: Mapping[tuple[str, str], Mapping[str, Sign]] = {
    ("tencent", "POST"): {
        "v3": lambda signer, *call: signer.tencent_v3(*call),
        "v1 HmacSHA1": lambda signer, *call: signer.tencent_v1(*call, signature_method="HmacSHA1"),
        "v1 HmacSHA256": lambda signer, *call: signer.tencent_v1(*call),
    },
    ("tencent", "GET"): {
        "v3": lambda signer, *call: signer.tencent_v3(*call, method="GET"),
        "v1 HmacSHA1": lambda signer, *call: signer.tencent_v1(
            *call, method="GET", signature_method="HmacSHA1"
        ),
        "v1 HmacSHA256": lambda signer, *call: signer.tencent_v1(*call, method="GET"),
    },
    ("alibaba", "POST"): {
        "ACS3": lambda signer, *call: signer.alibaba_v3(*call),
        "ACS3, in a form": lambda signer, *call: signer.alibaba_v3(*call, in_body=True),
        "ACS3, flattened": lambda signer, *call: signer.alibaba_v3(*call, flat=True),
        "RPC": lambda signer, *call: signer.alibaba_rpc(*call),
        "RPC, in a form": lambda signer, *call: signer.alibaba_rpc(*call, in_body=True),
        "RPC, flattened": lambda signer, *call: signer.alibaba_rpc(*call, flat=True),
    },
    ("volcengine", "POST"): {
        "header": lambda signer, *call: signer.volcengine(*call),
        "query": lambda signer, action, version, arguments: signer.volcengine_query(
            action, version, {}, method="POST", body=json.dumps(arguments).encode()
        ),
    },
}

# The host names of the pages, and the plain address that an SDK is pointed at.
HOSTS: Mapping[str, tuple[str, ...]] = {
    "CreateSnapshotTask": ("tiw.intl.tencentcloudapi.com", "127.0.0.1:4588"),
    "CreateVideoGenerationTask": ("tiw.intl.tencentcloudapi.com", "127.0.0.1:4588"),
    "CreateScreenshotTask": ("live.intl.tencentcloudapi.com", "127.0.0.1:4588"),
    "SubmitSnapshotJob": ("ice.cn-shanghai.aliyuncs.com", "127.0.0.1:4588"),
    "StartSnapshot": ("rtc.volcengineapi.com", "127.0.0.1:4588"),
}

UUID_4 = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
# The dossiers' forms of what a call makes, by vendor and then by action; other texts are as
# printed. Some pages mask their ids with asterisks.
FORMS: Mapping[str, Mapping[str, str]] = {
    "tencent": {"RequestId": UUID_4},
    "alibaba": {"RequestId": "[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}"},
    "volcengine": {"RequestId": "[0-9]{14}[0-9A-F]{20}"},
    "CreateSnapshotTask": {"TaskID": UUID_4},
    "CreateVideoGenerationTask": {"TaskId": "[0-9a-v]{20}"},
    "CreateScreenshotTask": {"TaskId": "U[0-9A-Za-z]{55,61}b"},
    "SubmitSnapshotJob": {"JobId": "[0-9a-f]{32}"},
    "StartSnapshot": {},
}

EXAMPLES = list(_examples())
CALLS = [
    pytest.param(example, sign, host, id=f"{example.action} {scheme} {host}")
    for example in EXAMPLES
    for scheme, sign in SCHEMES[example.vendor, example.method].items()
    for host in HOSTS[example.action]
]


@pytest.mark.parametrize(("example", "sign", "host"), CALLS)
def test_the_printed_example_is_accepted_and_answered_in_the_printed_shape(
    send: Send, example: Example, sign: Sign, host: str
) -> None:
    signer = Signer(host=host, now=datetime.now(UTC))

    answer = send(sign(signer, example.action, example.version, example.moved_to_now))

    assert answer.status == 200
    assert _shape(answer.content) == _shape(example.response)
    assert _misshapen(answer.content, example) == {}


def test_there_is_an_example_of_every_action() -> None:
    assert {example.action for example in EXAMPLES} == set(HOSTS)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.action)
def test_the_printed_ids_have_the_forms_that_answers_are_held_to(example: Example) -> None:
    printed = dict(_texts(example.response))

    wrong = _misshapen(example.response, example)

    assert {name for name in wrong if "**" not in printed[name]} == set()


def test_a_screenshot_task_of_the_printed_times_is_refused_because_they_are_past(
    send: Send,
) -> None:
    example = next(e for e in EXAMPLES if e.action == "CreateScreenshotTask")
    signer = Signer(host="127.0.0.1:4588", now=datetime.now(UTC))

    answer = send(signer.tencent_v3(example.action, example.version, example.request, method="GET"))

    assert answer.content["Response"]["Error"] == {
        "Code": "InvalidParameter",
        "Message": "The value `1589904000` specified in the parameter `EndTime` is not valid.",
    }


def _shape(value: object) -> object:
    """Return the value with its JSON types in the place of its scalars."""
    if isinstance(value, dict):
        return {name: _shape(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_shape(item) for item in value]
    return type(value).__name__


def _misshapen(response: object, example: Example) -> dict[str, str]:
    """Return the texts of a response that are not as the example or the dossier has them."""
    forms = {**FORMS[example.vendor], **FORMS[example.action]}
    printed = {name: re.escape(text) for name, text in _texts(example.response)}
    expected = {**printed, **forms}
    return {name: text for name, text in _texts(response) if not re.fullmatch(expected[name], text)}


def _texts(value: object) -> Iterator[tuple[str, str]]:
    """Yield the name and text of every text member, however deep."""
    if isinstance(value, dict):
        for name, member in value.items():
            if isinstance(member, str):
                yield name, member
            else:
                yield from _texts(member)
