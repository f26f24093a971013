"""A signature covers what it says: whatever of it is changed, the call is refused."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any, NamedTuple

import pytest

from contract_tests.documents import action
from contract_tests.profile import QUICK, Profile
from contract_tests.signers import Signer, Wire
from contract_tests.target import Target, refusal
from contract_tests.transport import FORMS, Form, host

# A call of each vendor that makes nothing, by the method that carries it.
_CALLS: Mapping[tuple[str, str], tuple[str, Mapping[str, Any]]] = {
    ("tencent", "POST"): ("DescribeOnlineRecordCallback", {"SdkAppId": 1400000001}),
    ("tencent", "GET"): ("DescribeOnlineRecordCallback", {"SdkAppId": 1400000001}),
    ("alibaba", "POST"): ("ListPipelines", {"Speed": "Standard"}),
    ("alibaba", "GET"): ("ListPipelines", {"Speed": "Standard"}),
    ("volcengine", "POST"): ("StopSnapshot", {"AppId": "a", "RoomId": "r", "TaskId": "t"}),
    ("volcengine", "GET"): ("GetSnapshotTask", {"AppId": "a", "RoomId": "r", "TaskId": "t"}),
}


def call_of(target: Target, form: Form, **signer: Any) -> str:
    """Return the code with which a call of the form is refused, "" where it is not."""
    return _code(target, _signed(target, form, **signer))


class Codes(NamedTuple):
    """The gateway's codes for what is wrong with a signature, and how far from now it may be."""

    wrong: str
    key: str
    time: str
    token: str
    replay: str
    skew_seconds: int


CODES: Mapping[str, Codes] = {
    "tencent": Codes(
        wrong="AuthFailure.SignatureFailure",
        key="AuthFailure.SecretIdNotFound",
        time="AuthFailure.SignatureExpire",
        token="AuthFailure.TokenFailure",
        replay="",
        skew_seconds=300,
    ),
    "alibaba": Codes(
        wrong="SignatureDoesNotMatch",
        key="InvalidAccessKeyId.NotFound",
        time="InvalidTimeStamp.Expired",
        token="InvalidSecurityToken.MismatchWithAccessKey",
        replay="SignatureNonceUsed",
        skew_seconds=900,
    ),
    "volcengine": Codes(
        wrong="SignatureDoesNotMatch",
        key="InvalidAccessKey",
        time="InvalidTimestamp",
        token="InvalidSecretToken",
        replay="",
        skew_seconds=900,
    ),
}
_A_FEW_SECONDS = 20
_OTHERS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyz0123456789", "bcdefghijklmnopqrstuvwxyza1234567890"
)


def _signed(target: Target, form: Form, **changes: Any) -> Wire:
    name, arguments = _CALLS[form.vendor, form.method]
    named = action(name)
    signer = target.signer(host(named))
    if "later" in changes:
        changes["now"] = signer.now + timedelta(seconds=changes.pop("later"))
    target.count(named)
    return form.sign(Signer(**{**_fields(signer), **changes}), named, arguments)


def _gateway(form: Form) -> str:
    return f"{form.vendor}/specs/gateway.toml"


def _fields(signer: Signer) -> dict[str, Any]:
    return {"host": signer.host, "now": signer.now, "nonce": signer.nonce}


def _code(target: Target, wire: Wire) -> str:
    """Return the code of a refusal; where no vendor knows the request for its own, "none"."""
    answer = target.send(wire)
    if answer.headers["content-type"].startswith("text/xml"):
        return answer.body.decode().partition("<Code>")[2].partition("</Code>")[0]
    refused = refusal(answer)
    if refused is None and answer.status >= 400:
        return "none"
    return refused.code if refused else ""


MISTAKES: Mapping[str, tuple[dict[str, Any], Callable[[Codes], str]]] = {
    "another secret": ({"secret": "other"}, lambda codes: codes.wrong),
    "an unknown key": ({"key_id": "nobody"}, lambda codes: codes.key),
    "a token that belongs to no such key": ({"token": "stray"}, lambda codes: codes.token),
}


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("form", FORMS, ids=repr)
def test_who_signs_otherwise_is_refused_with_the_gateways_code(
    target: Target, form: Form, mistake: str
) -> None:
    changes, expected = MISTAKES[mistake]

    code = _code(target, _signed(target, form, **changes))

    where = f"{_gateway(form)}: {form}"
    assert code == expected(CODES[form.vendor]), f"{where}, {mistake}: {code}"


@pytest.mark.parametrize("side", [-1, 1], ids=["old", "early"])
@pytest.mark.parametrize("form", FORMS, ids=repr)
def test_a_signature_is_good_within_its_window_and_not_beyond(
    target: Target, form: Form, side: int
) -> None:
    codes = CODES[form.vendor]
    as_usual = _code(target, _signed(target, form))

    within = _code(
        target, _signed(target, form, later=side * (codes.skew_seconds - _A_FEW_SECONDS))
    )
    beyond = _code(
        target, _signed(target, form, later=side * (codes.skew_seconds + _A_FEW_SECONDS))
    )

    assert within == as_usual, (
        f"{_gateway(form)}: {form}: refused within {codes.skew_seconds} seconds: {within}"
    )
    assert beyond == codes.time, (
        f"{_gateway(form)}: {form}: beyond {codes.skew_seconds} seconds: {beyond}"
    )


@pytest.mark.parametrize("form", FORMS, ids=repr)
def test_the_same_request_again_is_refused_where_nonces_are_used_up(
    target: Target, form: Form
) -> None:
    wire = _signed(target, form)
    first = _code(target, wire)

    target.advance(1)
    again = _code(target, wire)

    assert again == (CODES[form.vendor].replay or first), (
        f"{_gateway(form)}: {form}: sent again: {again}"
    )


@pytest.mark.parametrize("form", FORMS, ids=repr)
def test_no_signed_byte_can_be_changed(target: Target, profile: Profile, form: Form) -> None:
    as_usual = _code(target, _signed(target, form))
    every = 23 if profile is QUICK else 1
    passed = []

    for index in range(0, len(list(_changed(_signed(target, form)))), every):
        # Signed anew each time: a nonce that is used up would hide what is looked for.
        found = next(islice(_changed(_signed(target, form)), index, None), None)
        if found and _code(target, found[1]) == as_usual:
            passed.append(found[0])

    where = f"{_gateway(form)}: {form}"
    assert not passed, f"{where}: not covered by the signature: {', '.join(passed[:10])}"


def _changed(wire: Wire) -> Iterator[tuple[str, Wire]]:
    """Yield the request with another letter or digit in each place that is signed."""
    path, mark, query = wire.target.partition("?")
    for index, text in _others(query):
        yield f"query, {_near(query, index)}", wire.but(target=f"{path}{mark}{text}")
    authorization = wire.headers.get("authorization", "")
    if authorization or not mark:
        for index, text in _others(wire.body.decode()):
            yield f"body, {_near(wire.body.decode(), index)}", wire.but(body=text.encode())
    names = authorization.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    for name in ("authorization", *names) if authorization else ():
        # Of the host many spellings are taken for the same.
        for index, text in _others(wire.headers[name]) if name != "host" else ():
            what = f"{name}, {_near(wire.headers[name], index)}"
            yield what, wire.but(headers={**wire.headers, name: text})


def _others(text: str) -> Iterator[tuple[int, str]]:
    for index, letter in enumerate(text):
        other = letter.lower().translate(_OTHERS)
        if other != letter.lower():
            yield index, f"{text[:index]}{other}{text[index + 1 :]}"


def _near(text: str, index: int) -> str:
    return f"{index}: {text[max(0, index - 12) : index + 1]!r}"
