"""No secret of any call appears in what the administration or the log shows, however spelled."""

import base64
import html
import json
import logging
import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any
from urllib.parse import unquote, unquote_plus

import pytest

from contract_tests.arguments import settled
from contract_tests.cases import minimal
from contract_tests.documents import Action, actions
from contract_tests.signers import Signer, Wire
from contract_tests.transport import Form, forms
from emulator.spec.action import Parameter
from emulator.vendors import VENDORS
from tests.calls import JOB, NOW, ROOM, SNAPSHOT, Draft, by, put, tampered
from tests.server import HOST, InProcess

SECRET = "Sec/ret+Key=99 &<\"\\'é"
PAGES = (
    ("GET", "/unverified", b""),
    ("POST", "/unverified/search", b'{"parameters": {"Other": 1}}'),
    ("GET", "/explanations/latest", b""),
    ("GET", "/requests", b""),
    ("POST", "/requests/search", b'{"parameters": {"Other": 1}}'),
    ("GET", "/snapshot", b""),
    ("GET", "/conduct", b""),
    ("GET", "/callbacks", b""),
)


def inside(members: Mapping[str, Parameter], path: str = "") -> Iterator[tuple[str, Parameter]]:
    for name, member in members.items():
        yield f"{path}{name}", member
        yield from inside(member.properties, f"{path}{name}.")


FILES = {(action.product, action.version, action.name): action for action in actions()}
SECRETS = [
    (FILES[spec.product, spec.version, spec.name], path)
    for vendor in VENDORS
    for spec in vendor.catalog.every()
    for path, member in inside(spec.parameters)
    if member.secret
]
CASES = [
    pytest.param(action, path, form, id=f"{action.name} {path} {form}")
    for action, path in SECRETS
    for form in forms(action)
]
# Where the secret is not under its own name, nobody knows that it is one.
NAMES = ("{}", "lower {}", "my {}", "{}.x")


def planted(action: Action, path: str, how: str, secret: str) -> Mapping[str, Any]:
    """Return a call with the secret at the path, or under another name near it."""
    *above, last = path.split(".")
    name = {"{}": last, "lower {}": last.lower(), "my {}": f"My{last}"}.get(how, last)
    arguments: Any = settled(dict(minimal(action)), NOW, lambda: 1)
    holder = arguments
    for each in above:
        if not isinstance(holder.get(each), dict):
            holder[each] = {}
        holder = holder[each]
    holder[name] = {"x": secret} if how == "{}.x" else secret
    return dict(arguments)


def told(emulator: InProcess) -> Iterator[str]:
    for method, path, body in PAGES:
        headers = {"host": HOST, "content-type": "application/json"}
        yield emulator.send(Wire(method, f"/_emulator{path}", headers, body)).text


def reveals(text: str, secret: str) -> bool:
    """Return whether the secret can be read from the text, decoded in whatever way."""
    found, seen = {text}, set[str]()
    for _ in range(4):
        fresh = {decode(each) for each in found for decode in DECODINGS} - seen - found
        seen |= found
        found = fresh
    encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
    wanted = (secret.lower(), encoded.lower(), encoded.replace("+", "-").replace("/", "_").lower())
    return any(want in each.lower() for each in seen | found for want in wanted)


def _plain(text: str) -> str:
    """Undo what JSON and Python's `%r` do to a text."""
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    text = re.sub(r"\\x([0-9a-fA-F]{2})", lambda match: chr(int(match[1], 16)), text)
    return re.sub(r"\\(.)", r"\1", text)


def _from_latin(text: str) -> str:
    try:
        return text.encode("latin-1").decode()
    except ValueError:
        return text


DECODINGS = (unquote, unquote_plus, html.unescape, _plain, _from_latin)


@pytest.mark.parametrize(("action", "path", "form"), CASES)
def test_no_secret_parameter_is_shown_in_any_transport(
    action: Action, path: str, form: Form, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    emulator = InProcess()
    revealing = []

    for how, secret in product(NAMES, ("test", "wrong")):
        signer = emulator.signer(secret=secret, nonce=f"{how} {secret}")
        emulator.send(form.sign(signer, action, planted(action, path, how, SECRET)))
        latest = emulator.send(Wire("GET", "/_emulator/explanations/latest", {"host": HOST})).text
        revealing += [(how, secret)] if reveals(latest, SECRET) else []

    assert revealing == []
    assert [text for text in (*told(emulator), caplog.text) if reveals(text, SECRET)] == []


TOKEN = "STS2Tok+/=é"


@pytest.mark.parametrize("secret", ["test", "wrong"])
@pytest.mark.parametrize(
    ("draft", "scheme"),
    [
        (SNAPSHOT, "tencent_v3"),
        (SNAPSHOT, "tencent_v1"),
        (JOB, "alibaba_v3"),
        (JOB, "alibaba_rpc"),
        (ROOM, "volcengine"),
    ],
)
def test_no_session_token_is_shown(
    draft: Draft, scheme: str, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    emulator = InProcess()
    token = TOKEN if scheme in ("tencent_v1", "alibaba_rpc") else TOKEN[:-1]

    emulator.send(by(scheme)(draft).sign(emulator.signer(secret=secret, token=token)))

    assert [text for text in (*told(emulator), caplog.text) if reveals(text, token)] == []


@pytest.mark.parametrize("in_body", [True, False])
@pytest.mark.parametrize("scheme", ["alibaba_v3", "alibaba_rpc"])
@pytest.mark.parametrize("name", ["AuthKey", "authkey"])
def test_no_secret_of_a_large_call_is_shown(
    name: str, scheme: str, in_body: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    emulator = InProcess()
    arguments = {name: SECRET, "CallbackURL": "x" * 70_000}
    draft = Draft("SetEventCallback", "2020-11-09", scheme, arguments, {"in_body": in_body})

    emulator.send(draft.sign(emulator.signer(secret="wrong")))

    assert [text for text in (*told(emulator), caplog.text) if reveals(text, SECRET)] == []


STRAYS = ("SecurityToken", "X-Security-Token", "Token", "BearerToken", "X-TC-Token", "Password")


@pytest.mark.parametrize("name", STRAYS)
@pytest.mark.parametrize(
    ("draft", "scheme", "options"),
    [
        (SNAPSHOT, "tencent_v3", {"method": "GET"}),
        (SNAPSHOT, "tencent_v3", {}),
        (SNAPSHOT, "tencent_v1", {"method": "GET"}),
        (JOB, "alibaba_v3", {}),
        (JOB, "alibaba_rpc", {}),
        (ROOM, "volcengine", {}),
        (ROOM, "volcengine_query", {}),
    ],
)
def test_no_token_in_the_wrong_place_is_shown(
    draft: Draft,
    scheme: str,
    options: Mapping[str, Any],
    name: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    emulator = InProcess()

    def stray(wire: Wire) -> Wire:
        mark = "&" if "?" in wire.target else "?"
        return wire.but(target=f"{wire.target}{mark}{name}=Sec%2Fret%2BKey")

    emulator.send(tampered(stray)(by(scheme, **options)(draft)).sign(emulator.signer()))

    assert [text for text in (*told(emulator), caplog.text) if reveals(text, "Sec/ret+Key")] == []


HEADERS = ("x-acs-bearer-token", "x-acs-zero-trust-idtoken", "x-api-key", "cookie", "x-tc-token")


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("secret", ["test", "wrong"])
@pytest.mark.parametrize("sign", ["alibaba_v3", "volcengine"])
def test_no_header_that_was_signed_and_may_be_a_secret_is_shown(
    sign: str, secret: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    emulator = InProcess()
    signer: Signer = emulator.signer(secret=secret, extra={name: "Sec/ret+Key=99"})
    draft = JOB if sign == "alibaba_v3" else ROOM

    emulator.send(by(sign)(draft).sign(signer))

    texts = (*told(emulator), caplog.text)
    assert [text for text in texts if reveals(text, "Sec/ret+Key=99")] == []


def test_a_long_value_that_is_blamed_is_shown_as_it_was_answered() -> None:
    emulator = InProcess()

    answer = emulator.send(put("SnapshotMode", "x" * 3000)(SNAPSHOT).sign(emulator.signer()))

    page = emulator.send(Wire("GET", "/_emulator/requests", {"host": HOST}))
    (request,) = page.content["requests"]
    assert request["message"] == answer.content["Response"]["Error"]["Message"]
    assert len(request["message"]) > 3000


def test_what_is_no_secret_is_still_shown() -> None:
    emulator = InProcess()
    draft = by("alibaba_rpc")(JOB)

    emulator.send(draft.sign(emulator.signer(secret="wrong")))

    (request,) = json.loads(next(told(emulator)))["requests"]
    assert request["parameters"] == dict(JOB.arguments)
    assert "oss%253A%252F%252Fbucket%252Fobject.mp4" in request["message"]
    assert request["answer"]["Message"] == request["message"]
