"""What is signed cannot change unnoticed: not by one byte, under no scheme.

Each test begins with a request that our signer has signed and the emulator would accept. What a
change means is judged here, from the vendors' documentation, and never asked of the emulator.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from string import ascii_letters, digits
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contract_tests.signers import FORM, Signer, Wire
from tests.server import HOST, START, Answer, InProcess, Running

WORLD = """
[[accounts]]
vendor = "alibaba"
keys = [{ id = "test", secret = "test" }, { id = "other", secret = "test" }]

[calls_per_second]
CreateSnapshotTask = 1_000_000
SubmitSnapshotJob = 1_000_000
StartSnapshot = 1_000_000
"""
thorough = settings(deadline=None, derandomize=True, database=None, max_examples=50)
_serial = count()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tampering") / "world.toml"
    path.write_text(WORLD, "utf-8")
    return path


@pytest.fixture(scope="module")
def emulator(world: Path) -> InProcess:
    """An emulator that throttles nobody and whose clock stands still, for all tests here."""
    return InProcess(world)


@pytest.fixture
def passing(world: Path) -> InProcess:
    """The same, for one test that lets time pass."""
    return InProcess(world)


def signer(seconds: float = 0, **changes: Any) -> Signer:
    """Return a signer whose clock is that many seconds ahead, with a nonce nobody had."""
    nonce = hashlib.md5(str(next(_serial)).encode()).hexdigest()
    now = START + timedelta(seconds=seconds)
    return Signer(**{"host": HOST, "now": now, "nonce": nonce, **changes})


def code(answer: Answer) -> str:
    """Return the error code of any vendor's answer, "" for a success."""
    if answer.body.startswith(b"<"):
        found = re.search("<Code>(.*?)</Code>", answer.text)
        return found[1] if found else ""
    content = answer.content
    if "Response" in content:
        content = content["Response"].get("Error", {})
    elif "ResponseMetadata" in content:
        content = content["ResponseMetadata"].get("Error", {})
    return str(content.get("Code", content.get("title", "")))


# What a request means, from the documentation: what it states of its signature, and every
# canonical request that the documentation would make of it, the usual one first.


@dataclass(frozen=True)
class Meaning:
    stated: object
    canonical: Sequence[object]


def tc3_meaning(wire: Wire) -> Meaning:
    """Tencent protocol 2.1 and 2.4: the query as sent, header values folded or as they are."""
    headers = _trimmed(wire)
    stated = _authorization(headers)
    is_get = wire.method == "GET"
    query, body = (_query(wire), b"") if is_get else ("", wire.body)
    names = [name for name in stated.names if name != "host"]
    return Meaning(
        (stated, headers.get("x-tc-timestamp")),
        [
            (wire.method, query, host, [fold(headers.get(name, "")) for name in names], body)
            for host in _tencent_hosts(headers)
            for fold in (str.lower, str)
        ],
    )


def v1_meaning(wire: Wire) -> Meaning:
    """Tencent protocol 3.1: decoded, sorted by name and joined, `_` in names as it is or `.`."""
    pairs = _pairs(wire.body.decode("latin-1") if wire.method == "POST" else _query(wire))
    dotted = [(name.replace("_", "."), value) for name, value in pairs]
    return Meaning(
        {value for name, value in pairs if name == "Signature"},
        [
            f"{wire.method}{host}{_path(wire)}?"
            + "&".join(f"{name}={value}" for name, value in sorted(fields) if name != "Signature")
            for fields in (pairs, dotted)
            for host in _tencent_hosts(_trimmed(wire))
        ],
    )


def acs3_meaning(wire: Wire) -> Meaning:
    """Alibaba protocol 2.2: the query decoded and sorted, header values trimmed, the raw body."""
    headers = _trimmed(wire)
    stated = _authorization(headers)
    values = [headers.get(name, "") for name in stated.names]
    return Meaning(
        stated, [(wire.method, _path(wire), sorted(_pairs(_query(wire))), values, wire.body)]
    )


def rpc_meaning(wire: Wire) -> Meaning:
    """Alibaba protocol 3.2: query and form merged, decoded and sorted, without `Signature`."""
    pairs = _pairs(_query(wire))
    if wire.headers.get("content-type", "").startswith(FORM):
        pairs += _pairs(wire.body.decode("latin-1"))
    signed = sorted(pair for pair in pairs if pair[0] != "Signature")
    return Meaning(
        {value for name, value in pairs if name == "Signature"},
        [(wire.method, _path(wire), signed)],
    )


def volcengine_meaning(wire: Wire) -> Meaning:
    """Volcengine protocol 3: the query decoded and sorted by name, listed headers, raw body.

    A port 80 or 443 is not signed; inner blanks are kept, or run together as Node does.
    """
    headers = _trimmed(wire)
    headers["host"] = re.sub(":(80|443)$", "", headers.get("host", ""))
    stated = _authorization(headers)
    values = [headers.get(name, "") for name in stated.names]
    query = sorted(_pairs(_query(wire)), key=_name)
    return Meaning(
        (stated, headers.get("x-date")),
        [
            (wire.method, _path(wire), query, values, wire.body),
            (
                wire.method,
                _path(wire),
                query,
                [re.sub("[ \t]+", " ", v) for v in values],
                wire.body,
            ),
        ],
    )


def presigned_meaning(wire: Wire) -> Meaning:
    """Volcengine protocol 4: all of the query but `X-Signature`, and nothing of the body."""
    pairs = _pairs(_query(wire))
    signed = sorted((pair for pair in pairs if pair[0] != "X-Signature"), key=_name)
    return Meaning(
        {value for name, value in pairs if name == "X-Signature"},
        [(wire.method, _path(wire), signed)],
    )


@dataclass(frozen=True)
class Authorization:
    """The parts of the header; one that is given twice, alike, is given once."""

    scheme: str
    credential: frozenset[str]
    signed_headers: frozenset[str]
    signature: frozenset[str]

    @property
    def names(self) -> list[str]:
        return min(self.signed_headers, default="").split(";")


def _authorization(headers: Mapping[str, str]) -> Authorization:
    """Split at the first space, at the commas, at the first `=` (Volcengine protocol 3.2)."""
    scheme, _, rest = headers.get("authorization", "").partition(" ")
    parts = [part.strip(" \t").partition("=") for part in rest.split(",")]
    return Authorization(
        scheme,
        *(
            frozenset(value for name, _, value in parts if name == label)
            for label in ("Credential", "SignedHeaders", "Signature")
        ),
    )


def _tencent_hosts(headers: Mapping[str, str]) -> list[str]:
    """As sent, without the port, and both in lower case."""
    host = headers.get("host", "")
    hosts = [host, re.sub(r"^([^:]*):[0-9]*$", r"\1", host)]
    return [*hosts, *(host.lower() for host in hosts)]


def _trimmed(wire: Wire) -> dict[str, str]:
    return {name: value.strip(" \t") for name, value in wire.headers.items()}


def _pairs(text: str) -> list[tuple[str, str]]:
    """Decode by the rules of forms, which skip empty pairs; a character stands for a byte."""
    return parse_qsl(text, keep_blank_values=True, encoding="latin-1")


def _name(pair: tuple[str, str]) -> str:
    return pair[0]


def _path(wire: Wire) -> str:
    return wire.target.partition("?")[0]


def _query(wire: Wire) -> str:
    return wire.target.partition("?")[2]


# Where a request can be changed, and how.


VISIBLE = "".join(map(chr, range(0x21, 0x7F)))
BYTES = "".join(map(chr, range(0x100)))
IN_TARGETS = VISIBLE.replace("#", "")
IN_HEADERS = f"{VISIBLE} \t\xe9\xff"
# None that would end a value: the change stays within the field that is looked at.
IN_VALUES = f"{ascii_letters}{digits}-_.~"


@dataclass(frozen=True)
class Place:
    """A text within a request, where it stands, and the codes that may answer a change of it."""

    name: str
    read: Callable[[Wire], str]
    write: Callable[[Wire, str], Wire]
    alphabet: str
    separator: str
    codes: frozenset[str]

    def within(
        self, name: str, pattern: str, *codes: str, separator: str = "", alphabet: str = ""
    ) -> "Place":
        """Return the place of the pattern's group inside this one."""

        def find(wire: Wire) -> re.Match[str]:
            found = re.search(pattern, self.read(wire))
            assert found, f"{pattern} matches nothing in {self.read(wire)}"
            return found

        def write(wire: Wire, new: str) -> Wire:
            found = find(wire)
            text = found.string
            return self.write(wire, text[: found.start(1)] + new + text[found.end(1) :])

        # A comma would end any part of an Authorization header; the whole header is a place too.
        letters = alphabet or self.alphabet.replace(",", "")
        return Place(name, lambda wire: find(wire)[1], write, letters, separator, frozenset(codes))

    def value_of(self, field: str, *codes: str) -> "Place":
        """Return the place of one field's value in this query or form."""
        return self.within(field, f"(?:^|&){field}=([^&]*)", *codes, alphabet=IN_VALUES)


def body(*codes: str, separator: str = "&") -> Place:
    return Place(
        "body",
        lambda wire: wire.body.decode("latin-1"),
        lambda wire, new: wire.but(body=new.encode("latin-1")),
        BYTES,
        separator,
        frozenset(codes),
    )


def query(*codes: str) -> Place:
    return Place(
        "query",
        _query,
        lambda wire, new: wire.but(target=f"{_path(wire)}?{new}"),
        IN_TARGETS,
        "&",
        frozenset(codes),
    )


def path(*codes: str) -> Place:
    return Place(
        "path",
        lambda wire: _path(wire)[1:],
        lambda wire, new: wire.but(target=f"/{new}{wire.target[1:]}"),
        IN_VALUES,
        "",
        frozenset(codes),
    )


def header(name: str, *codes: str, without: str = "") -> Place:
    """Return the place of a header's value; blanks around it are a case of their own, below."""
    return Place(
        name,
        lambda wire: wire.headers[name],
        lambda wire, new: wire.but(headers={**wire.headers, name: new.strip(" \t")}),
        "".join(letter for letter in IN_HEADERS if letter not in without),
        "",
        frozenset(codes),
    )


@dataclass(frozen=True)
class Change:
    """One thing to do to a text, at a position that counts round and round."""

    kind: str
    at: int
    letter: str

    def of(self, text: str, separator: str) -> str:
        units = text.split(separator) if "part" in self.kind else list(text)
        i = self.at % max(len(units), 1)
        before, unit, after = units[:i], units[i : i + 1], units[i + 1 :]
        match self.kind.split():
            case ["replace"]:
                unit = [self.letter]
            case ["insert"]:
                before = [*before, self.letter]
            case ["drop", *_]:
                unit = []
            case ["double", *_]:
                unit = unit * 2
            case ["move", *_]:
                before, after = [], before + after
        return (separator if "part" in self.kind else "").join(before + unit + after)


def changes(place: Place) -> st.SearchStrategy[Change]:
    kinds = ["replace", "insert", "drop", "double"]
    if place.separator:
        kinds += ["drop part", "double part", "move part"]
    return st.builds(
        Change, st.sampled_from(kinds), st.integers(0, 2**16), st.sampled_from(place.alphabet)
    )


# The request forms, each with the places where it is signed.


@dataclass(frozen=True)
class Family:
    """A scheme in one request form.

    `swapped` answers POST for GET or the reverse, `other` any other method; `accepted` is what a
    request gets that is in order: a code where the action itself does not take the method.
    """

    name: str
    sign: Callable[[Signer], Wire]
    meaning: Callable[[Wire], Meaning]
    places: Sequence[Place]
    swapped: str
    other: str
    accepted: str = ""

    def __str__(self) -> str:
        return self.name

    def means_the_same(self, before: Wire, after: Wire) -> bool:
        """Say whether the documentation lets both requests bear the one signature."""
        first, second = self.meaning(before), self.meaning(after)
        return first.stated == second.stated and first.canonical[0] in second.canonical


WRONG = "AuthFailure.SignatureFailure"
EXPIRED = "AuthFailure.SignatureExpire"
MALFORMED = "AuthFailure.InvalidAuthorization"
NO_SUCH_ID = "AuthFailure.SecretIdNotFound"
UNLIKE = "SignatureDoesNotMatch"
LATE = "InvalidTimeStamp.Expired"
NO_TIME = "InvalidTimeStamp.Format"
NO_ACTION = "InvalidAction.NotFound"
NO_KEY = "InvalidAccessKeyId.NotFound"
STALE = "InvalidTimestamp"
BAD_HEADER = "InvalidAuthorization"
BAD_CREDENTIAL = "InvalidCredential"
BAD_KEY = "InvalidAccessKey"

BOUNDARY = "0123456789abcdef0123456789abcdef"
TIW: Mapping[str, object] = {
    "Whiteboard": {"Width": 1280, "Height": 960},
    "SdkAppId": 1400000001,
    "RoomId": 1001,
    "CallbackURL": "http://example.com/课 件~*'?a=1&b=2%",
}
ICE: Mapping[str, object] = {
    "Input": {"Type": "OSS", "Media": "oss://bucket/in put+课~*'.mp4"},
    "Output": {"Type": "OSS", "Media": "oss://bucket/out-{Count}.jpg"},
    "TemplateConfig": {"TemplateId": "template"},
}
RTC: Mapping[str, object] = {
    "AppId": "app",
    "RoomId": "room",
    "TaskId": "task",
    "StorageConfig": {"Type": 0, "TosConfig": {"AccountId": "1", "Bucket": "课 件"}},
}


def tc3(signer: Signer, **form: Any) -> Wire:
    return signer.tencent_v3("CreateSnapshotTask", "2019-09-19", TIW, **form)


def tc3_multipart(signer: Signer) -> Wire:
    """Write the parts as Python's SDK does."""
    body = b""
    for name, value in TIW.items():
        is_json = isinstance(value, dict)
        kind = "Content-Type: application/json\r\n" if is_json else ""
        content = json.dumps(value) if is_json else str(value)
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n{kind}\r\n'
        body += f"{head}{content}\r\n".encode()
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return tc3(signer, content_type=kind, body=body + f"--{BOUNDARY}--\r\n".encode())


def v1(signer: Signer, **form: Any) -> Wire:
    return signer.tencent_v1("CreateSnapshotTask", "2019-09-19", TIW, **form)


def acs3(signer: Signer, **form: Any) -> Wire:
    return signer.alibaba_v3("SubmitSnapshotJob", "2020-11-09", ICE, **form)


def rpc(signer: Signer, **form: Any) -> Wire:
    return signer.alibaba_rpc("SubmitSnapshotJob", "2020-11-09", ICE, **form)


def volcengine(signer: Signer, **form: Any) -> Wire:
    return signer.volcengine("StartSnapshot", "2023-11-01", RTC, **form)


def presigned(signer: Signer, **form: Any) -> Wire:
    """Sign a query for a POST, as no action that is a GET is played yet; `Note` is no parameter."""
    note, content = {"Note": "课 件+~*'"}, json.dumps(RTC).encode()
    return signer.volcengine_query(
        "StartSnapshot", "2023-11-01", note, method="POST", body=content, **form
    )


def _tc3_family(name: str, sign: Callable[[Signer], Wire], payload: Place) -> Family:
    whole = header("authorization", WRONG, MALFORMED, NO_SUCH_ID)
    names = r"SignedHeaders=([^,]*)"
    places = (
        payload,
        # A further colon in the host is a case of its own, below.
        header("host", WRONG, without=":"),
        header("content-type", WRONG),
        header("x-tc-timestamp", WRONG, EXPIRED, "InvalidParameter"),
        whole,
        whole.within("scheme", "^([^ ]*)", MALFORMED),
        whole.within("key id", "Credential=([^/]*)", NO_SUCH_ID, MALFORMED),
        whole.within("scope date", "Credential=[^/]*/([^/]*)", WRONG, MALFORMED),
        whole.within("scope service", "/([^/]*)/tc3", WRONG, MALFORMED),
        whole.within("scope end", "/(tc3_request)", MALFORMED),
        whole.within("signed headers", names, WRONG, MALFORMED, separator=";"),
        whole.within("signature", "Signature=([^,]*)", WRONG),
    )
    return Family(name, sign, tc3_meaning, places, WRONG, "UnsupportedProtocol")


def _v1_family(name: str, sign: Callable[[Signer], Wire], where: Callable[..., Place]) -> Family:
    fields = where(WRONG, EXPIRED, NO_SUCH_ID, "MissingParameter", "InvalidParameter")
    places = (
        fields,
        fields.value_of("Action", WRONG),
        fields.value_of("Version", WRONG),
        fields.value_of("Timestamp", WRONG, EXPIRED, "InvalidParameter"),
        fields.value_of("Nonce", WRONG, "InvalidParameter"),
        fields.value_of("SecretId", NO_SUCH_ID),
        fields.value_of("SignatureMethod", WRONG),
        fields.value_of("Signature", WRONG),
        fields.value_of("CallbackURL", WRONG),
        header("host", WRONG, without=":"),
        path(WRONG),
    )
    return Family(name, sign, v1_meaning, places, "MissingParameter", "UnsupportedProtocol")


def _acs3_family(name: str, sign: Callable[[Signer], Wire], *payload: Place) -> Family:
    no_key_id, no_method = "MissingAccessKeyId", "InvalidSignatureMethod"
    no_signature, no_names = "MissingSignature", "IncompleteSignature"
    whole = header("authorization", UNLIKE, NO_KEY, no_method, no_key_id, no_signature, no_names)
    names = "SignedHeaders=([^,]*)"
    places = (
        *payload,
        header("host", UNLIKE),
        header("x-acs-action", NO_ACTION),
        header("x-acs-version", NO_ACTION),
        header("x-acs-date", UNLIKE, NO_TIME, LATE),
        header("x-acs-signature-nonce", UNLIKE),
        header("x-acs-content-sha256", UNLIKE),
        path(NO_ACTION),
        whole,
        whole.within("scheme", "^([^ ]*)", no_method, no_key_id),
        whole.within("key id", "Credential=([^,]*)", NO_KEY),
        whole.within("signed headers", names, UNLIKE, no_names, separator=";"),
        whole.within("signature", "Signature=([^,]*)", UNLIKE),
    )
    return Family(name, sign, acs3_meaning, places, UNLIKE, "UnsupportedHTTPMethod")


def _rpc_family(name: str, sign: Callable[[Signer], Wire], where: Callable[..., Place]) -> Family:
    required = (
        "Action Version Timestamp AccessKeyId Signature SignatureNonce SignatureMethod "
        "SignatureVersion"
    )
    method, version = "InvalidSignatureMethod", "InvalidSignatureVersion"
    format_ = "InvalidParameter.Format"
    missing = [f"Missing{name}" for name in required.split()]
    fields = where(UNLIKE, LATE, NO_TIME, NO_ACTION, NO_KEY, method, version, format_, *missing)
    places = (
        fields,
        fields.value_of("Action", NO_ACTION),
        fields.value_of("Version", NO_ACTION),
        fields.value_of("AccessKeyId", NO_KEY),
        fields.value_of("SignatureMethod", method),
        fields.value_of("SignatureVersion", version),
        fields.value_of("SignatureNonce", UNLIKE),
        fields.value_of("Timestamp", UNLIKE, NO_TIME, LATE),
        fields.value_of("Format", UNLIKE, format_),
        fields.value_of("Input", UNLIKE),
        fields.value_of("Signature", UNLIKE),
        path(NO_ACTION),
    )
    return Family(name, sign, rpc_meaning, places, UNLIKE, "UnsupportedHTTPMethod")


def _volcengine_family(name: str, sign: Callable[[Signer], Wire], accepted: str = "") -> Family:
    whole = header("authorization", UNLIKE, BAD_HEADER, BAD_KEY)
    places = (
        body(UNLIKE),
        query(UNLIKE, "MissingParameter"),
        header("host", UNLIKE),
        header("content-type", UNLIKE),
        header("x-content-sha256", UNLIKE),
        header("x-date", UNLIKE, STALE),
        path(UNLIKE),
        whole,
        whole.within("scheme", "^([^ ]*)", BAD_HEADER),
        whole.within("key id", "Credential=([^/]*)", BAD_KEY, BAD_HEADER),
        whole.within("scope date", "/([0-9]*)/", UNLIKE, BAD_HEADER),
        whole.within("scope region", "/([^/]*)/rtc", UNLIKE, BAD_HEADER),
        whole.within("scope service", "/(rtc)/", UNLIKE, BAD_HEADER),
        whole.within("scope end", "/(request)", BAD_HEADER),
        whole.within("signed headers", "SignedHeaders=([^,]*)", UNLIKE, separator=";"),
        whole.within("signature", "Signature=([^,]*)", UNLIKE),
    )
    return Family(name, sign, volcengine_meaning, places, UNLIKE, UNLIKE, accepted)


def _presigned_family() -> Family:
    whole = query(UNLIKE, STALE, BAD_CREDENTIAL, BAD_KEY, "MissingParameter", "MissingRequestInfo")
    places = (
        whole,
        whole.value_of("Action", UNLIKE),
        whole.value_of("Version", UNLIKE),
        whole.value_of("Note", UNLIKE),
        whole.value_of("X-Algorithm", BAD_CREDENTIAL),
        whole.value_of("X-Credential", UNLIKE, BAD_CREDENTIAL, BAD_KEY),
        whole.value_of("X-Date", UNLIKE, STALE),
        whole.value_of("X-NotSignBody", UNLIKE),
        whole.value_of("X-SignedHeaders", UNLIKE),
        whole.value_of("X-SignedQueries", UNLIKE),
        whole.value_of("X-Signature", UNLIKE),
        path(UNLIKE),
    )
    return Family("volcengine query", presigned, presigned_meaning, places, UNLIKE, UNLIKE)


FAMILIES = (
    _tc3_family("tc3 json", tc3, body(WRONG, separator=",")),
    _tc3_family("tc3 get", lambda s: tc3(s, method="GET"), query(WRONG, "InvalidParameter")),
    _tc3_family("tc3 multipart", tc3_multipart, body(WRONG, separator="\r\n")),
    _v1_family("v1 form", v1, body),
    _v1_family("v1 get", lambda s: v1(s, method="GET"), query),
    _acs3_family("acs3 query", acs3, query(UNLIKE), body(UNLIKE)),
    _acs3_family(
        "acs3 form",
        lambda s: acs3(s, in_body=True),
        body(UNLIKE),
        header("content-type", UNLIKE),
    ),
    _rpc_family("rpc get", lambda s: rpc(s, method="GET"), query),
    _rpc_family("rpc query", rpc, query),
    _rpc_family("rpc form", lambda s: rpc(s, in_body=True), body),
    _volcengine_family("volcengine header", volcengine),
    _volcengine_family(
        "volcengine get", lambda s: volcengine(s, method="GET"), accepted="MethodNotAllowed"
    ),
    _presigned_family(),
)
NAMED = {family.name: family for family in FAMILIES}

each_family = pytest.mark.parametrize("family", FAMILIES, ids=str)


@each_family
def test_a_signed_request_is_accepted(emulator: InProcess, family: Family) -> None:
    wire = family.sign(signer())

    answer = emulator.send(wire)

    assert code(answer) == family.accepted


@pytest.mark.parametrize(
    ("family", "place"),
    [(family, place) for family in FAMILIES for place in family.places],
    ids=[f"{family}-{place.name}" for family in FAMILIES for place in family.places],
)
@given(data=st.data())
@thorough
def test_no_change_of_what_is_signed_is_accepted(
    emulator: InProcess, family: Family, place: Place, data: st.DataObject
) -> None:
    before = family.sign(signer())
    change = data.draw(changes(place))
    after = place.write(before, change.of(place.read(before), place.separator))
    assume(not family.means_the_same(before, after))

    answer = emulator.send(after)

    assert code(answer) in place.codes


@each_family
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "post"])
def test_another_method_is_refused(emulator: InProcess, family: Family, method: str) -> None:
    wire = family.sign(signer())

    answer = emulator.send(wire.but(method=method))

    if method == wire.method:
        assert code(answer) == family.accepted
    else:
        assert code(answer) == (family.swapped if method in ("GET", "POST") else family.other)


@pytest.mark.parametrize(
    ("name", "dropped", "refusal"),
    [
        ("tc3 json", "authorization", MALFORMED),
        ("tc3 json", "host", WRONG),
        ("tc3 json", "content-type", WRONG),
        ("tc3 json", "x-tc-timestamp", "MissingParameter"),
        ("tc3 get", "content-type", WRONG),
        ("tc3 multipart", "content-type", WRONG),
        ("v1 form", "host", WRONG),
        ("v1 get", "host", WRONG),
        # What is left reads as a classic request, whose timestamp is asked for first.
        ("acs3 query", "authorization", "MissingTimestamp"),
        ("acs3 query", "host", UNLIKE),
        ("acs3 query", "x-acs-action", "MissingAction"),
        ("acs3 query", "x-acs-version", "MissingVersion"),
        ("acs3 query", "x-acs-date", "MissingTimestamp"),
        ("acs3 query", "x-acs-signature-nonce", "MissingSignatureNonce"),
        ("acs3 query", "x-acs-content-sha256", UNLIKE),
        ("acs3 form", "content-type", UNLIKE),
        ("volcengine header", "authorization", BAD_CREDENTIAL),
        ("volcengine header", "host", UNLIKE),
        ("volcengine header", "content-type", UNLIKE),
        ("volcengine header", "x-content-sha256", UNLIKE),
        ("volcengine header", "x-date", "MissingRequestInfo"),
    ],
)
def test_a_dropped_header_is_refused(
    emulator: InProcess, name: str, dropped: str, refusal: str
) -> None:
    wire = NAMED[name].sign(signer())
    left = {header: value for header, value in wire.headers.items() if header != dropped}

    answer = emulator.send(wire.but(headers=left))

    assert code(answer) == refusal


@pytest.mark.parametrize(
    ("name", "doubled", "refusal"),
    [
        pytest.param("tc3 json", "content-type", WRONG),
        pytest.param("tc3 json", "host", WRONG),
        ("acs3 query", "host", UNLIKE),
        ("volcengine header", "host", UNLIKE),
        ("acs3 form", "content-type", UNLIKE),
        ("acs3 query", "x-acs-action", UNLIKE),
        ("acs3 query", "x-acs-content-sha256", UNLIKE),
        ("acs3 query", "x-acs-date", UNLIKE),
        ("acs3 query", "x-acs-signature-nonce", UNLIKE),
        ("volcengine header", "content-type", UNLIKE),
        ("volcengine header", "x-content-sha256", UNLIKE),
        ("volcengine header", "x-date", UNLIKE),
    ],
)
@pytest.mark.parametrize("second", ["the same", "another"])
def test_a_second_header_of_a_signed_name_is_refused(
    emulator: InProcess, name: str, doubled: str, refusal: str, second: str
) -> None:
    wire = NAMED[name].sign(signer())
    value = wire.headers[doubled] if second == "the same" else "x"

    answer = emulator.send(wire.but(headers={**wire.headers, doubled.title(): value}))

    assert code(answer) == refusal


def _fields(family: Family) -> Place | None:
    """Return the place of the family's signed fields, where it has some that are decoded."""
    where = "body" if family.name in ("v1 form", "rpc form") else "query"
    return next((place for place in family.places if place.name == where), None)


def _doubled() -> list[tuple[Family, Place, str]]:
    found = [(family, _fields(family)) for family in FAMILIES]
    return [
        (family, place, name)
        for family, place in found
        if place
        for name, _ in _pairs(place.read(family.sign(signer())))
    ]


@pytest.mark.parametrize(
    ("family", "place", "name"),
    _doubled(),
    ids=[f"{family}-{name}" for family, _, name in _doubled()],
)
def test_a_second_field_of_a_signed_name_is_refused(
    emulator: InProcess, family: Family, place: Place, name: str
) -> None:
    before = family.sign(signer())

    answer = emulator.send(place.write(before, f"{place.read(before)}&{name}={signer().nonce}"))

    assert code(answer) in place.codes


# What changes nothing.


@dataclass(frozen=True)
class Spelling:
    """One of the ways to write the same fields."""

    space: str
    in_upper_case: bool
    encodes_all: bool
    first: int
    gap: str

    def of(self, text: str) -> str:
        pairs = _pairs(text)
        turn = self.first % len(pairs)
        encoded = [f"{self._encode(n)}={self._encode(v)}" for n, v in pairs[turn:] + pairs[:turn]]
        return self.gap.join(encoded)

    def _encode(self, text: str) -> str:
        return "".join(map(self._character, text))

    def _character(self, letter: str) -> str:
        if letter == " ":
            return self.space
        if letter in IN_VALUES and not self.encodes_all:
            return letter
        return f"%{ord(letter):02X}" if self.in_upper_case else f"%{ord(letter):02x}"


spellings = st.builds(
    Spelling,
    st.sampled_from(["+", "%20"]),
    st.booleans(),
    st.booleans(),
    st.integers(0, 100),
    st.sampled_from(["&", "&&"]),
)


@pytest.mark.parametrize(
    "family", [f for f in FAMILIES if _fields(f) and f.name != "tc3 get"], ids=str
)
@given(spelling=spellings)
@thorough
def test_another_spelling_of_decoded_fields_is_accepted(
    emulator: InProcess, family: Family, spelling: Spelling
) -> None:
    before, place = family.sign(signer()), _fields(family)
    assert place
    after = place.write(before, spelling.of(place.read(before)))

    answer = emulator.send(after)

    assert family.means_the_same(before, after)
    assert code(answer) == family.accepted


@pytest.mark.parametrize(
    ("name", "where", "refusal"), [("tc3 get", "query", WRONG), ("acs3 form", "body", UNLIKE)]
)
@given(spelling=spellings)
@thorough
def test_another_spelling_of_what_is_signed_as_sent_is_refused(
    emulator: InProcess, name: str, where: str, refusal: str, spelling: Spelling
) -> None:
    family = NAMED[name]
    before = family.sign(signer())
    place = next(place for place in family.places if place.name == where)
    after = place.write(before, spelling.of(place.read(before)))
    assume(place.read(after) != place.read(before))

    answer = emulator.send(after)

    assert code(answer) == refusal


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("tc3 json", "content-type"),
        ("acs3 form", "content-type"),
        ("volcengine header", "content-type"),
        pytest.param("tc3 json", "x-tc-timestamp"),
        ("tc3 json", "authorization"),
        pytest.param("acs3 form", "x-acs-date"),
        pytest.param("acs3 form", "x-acs-action"),
        pytest.param("volcengine header", "x-date"),
    ],
)
def test_blanks_around_a_header_value_are_not_signed(
    server: Running, name: str, place: str
) -> None:
    # By a socket, as it is the server that takes them away; and therefore in real time.
    wire = NAMED[name].sign(Signer(server.endpoint, datetime.now(UTC), nonce=uuid4().hex))

    answer = server.send(wire.but(headers={**wire.headers, place: f" \t{wire.headers[place]} \t"}))

    assert code(answer) == ""


@pytest.mark.parametrize(
    ("signed", "sent"),
    [
        ("application/json; charset=utf-8", "Application/JSON; charset=UTF-8"),
        # SDKs do not fold what they sign.
        ("application/json; charset=UTF-8", "application/json; charset=UTF-8"),
    ],
)
def test_tc3_signs_header_values_in_lower_case_or_as_they_are(
    emulator: InProcess, signed: str, sent: str
) -> None:
    wire = tc3(signer(extra={"content-type": sent}), content_type=signed)

    answer = emulator.send(wire)

    assert code(answer) == ""


def test_tc3_does_not_sign_the_action_unless_it_is_listed(emulator: InProcess) -> None:
    wire = tc3(signer())

    answer = emulator.send(wire.with_headers(x_tc_action="CreateVideoGenerationTask"))

    # The action is another one now, which misses or does not know these parameters.
    assert code(answer) in ("MissingParameter", "UnknownParameter")


@pytest.mark.parametrize(
    ("action", "refusal"),
    [
        ("CreateSnapshotTask", ""),
        ("CreateVideoGenerationTask", WRONG),
        # Folded before it is signed, so the signature is right; but there is no such action.
        ("createsnapshottask", "InvalidAction"),
    ],
)
def test_tc3_signs_the_action_where_it_is_listed(
    emulator: InProcess, action: str, refusal: str
) -> None:
    wire = tc3_again(tc3(signer()), names="content-type;host;x-tc-action")

    answer = emulator.send(wire.with_headers(x_tc_action=action))

    assert code(answer) == refusal


VENDOR_DOMAINS = (
    "tiw.intl.tencentcloudapi.com",
    "tiw.tencentcloudapi.com",
    "tiw.ap-singapore.tencentcloudapi.com",
    "tiw.tencentcloudapi.cn",
    "tiw.tencentcloudapi.com.cn",
)
HOSTS = [
    ("127.0.0.1:4588", "127.0.0.1:4588"),
    ("127.0.0.1", "127.0.0.1:4588"),
    ("http://127.0.0.1:4588", "http://127.0.0.1:4588"),
    ("localhost:4588", "LocalHost:4588"),
    *((domain, HOST) for domain in VENDOR_DOMAINS),
]


@pytest.mark.parametrize(
    ("signed", "sent"),
    [*HOSTS, pytest.param("localhost", "LocalHost:4588")],
)
def test_tc3_may_sign_the_host_in_these_ways(emulator: InProcess, signed: str, sent: str) -> None:
    wire = tc3(signer(host=signed))

    answer = emulator.send(wire.with_headers(host=sent))

    assert code(answer) == ""


@pytest.mark.parametrize(
    ("signed", "sent"),
    [*HOSTS, pytest.param("localhost", "LocalHost:4588")],
)
def test_v1_may_sign_the_host_in_the_same_ways(emulator: InProcess, signed: str, sent: str) -> None:
    wire = v1(signer(host=signed))

    answer = emulator.send(wire.with_headers(host=sent))

    assert code(answer) == ""


@pytest.mark.parametrize(
    ("name", "signed"),
    [
        *(
            (name, host)
            for name in ("tc3 json", "v1 form")
            for host in ("example.com", "", "127.0.0.1:4589", "tiw.intl.tencentcloudapi.com:4588")
        ),
        ("tc3 json", "live.intl.tencentcloudapi.com"),
        pytest.param(
            "v1 form",
            "live.intl.tencentcloudapi.com",
        ),
    ],
)
def test_a_tencent_signature_for_another_host_is_refused(
    emulator: InProcess, name: str, signed: str
) -> None:
    wire = NAMED[name].sign(signer(host=signed))

    answer = emulator.send(wire.with_headers(host=HOST))

    assert code(answer) == WRONG


@pytest.mark.parametrize("family", ["tc3 json", "v1 form"])
@pytest.mark.parametrize("sent", [f"{HOST}:", f"{HOST}:1", f"{HOST}:x"])
def test_what_is_no_port_is_not_left_out_of_tencents_host(
    emulator: InProcess, family: str, sent: str
) -> None:
    wire = NAMED[family].sign(signer())

    answer = emulator.send(wire.with_headers(host=sent))

    assert code(answer) == WRONG


@pytest.mark.parametrize(("sent", "refusal"), [("h:80", ""), ("h:443", ""), ("h:8080", UNLIKE)])
def test_volcengine_does_not_sign_a_usual_port(
    emulator: InProcess, sent: str, refusal: str
) -> None:
    wire = volcengine(signer(host="h"))

    answer = emulator.send(wire.with_headers(host=sent))

    assert code(answer) == refusal


@pytest.mark.parametrize(
    "names",
    [
        "host;x-date;x-content-sha256;content-type",
        "content-type;host;x-content-sha256;x-date",
        "host;x-date",
        "x-content-sha256;x-date",
        "x-date",
    ],
)
def test_volcengine_takes_the_signed_headers_in_the_order_listed(
    emulator: InProcess, names: str
) -> None:
    wire = volcengine_again(volcengine(signer()), names=names)

    answer = emulator.send(wire)

    assert code(answer) == ""


@pytest.mark.parametrize(
    "signed",
    [
        "attempt=1; max=4",
        pytest.param(
            "attempt=1;  max=4",
        ),
    ],
)
def test_volcengine_signs_a_header_value_as_it_is(emulator: InProcess, signed: str) -> None:
    wire = volcengine(signer(extra={"x-sdk-request": signed}))

    answer = emulator.send(wire)

    assert code(answer) == ""


def test_volcengine_signs_a_header_value_as_node_does_with_its_blanks_run_together(
    emulator: InProcess,
) -> None:
    wire = volcengine(signer(extra={"x-sdk-request": "attempt=1; max=4"}))

    answer = emulator.send(wire.with_headers(x_sdk_request="attempt=1;   max=4"))

    assert code(answer) == ""


@pytest.mark.parametrize("letter", ["\x85", "\xa0"])
@pytest.mark.parametrize(
    ("name", "place", "refusal"),
    [
        ("tc3 json", "content-type", WRONG),
        ("acs3 form", "content-type", UNLIKE),
        ("acs3 form", "host", UNLIKE),
        ("volcengine header", "content-type", UNLIKE),
    ],
)
def test_a_byte_that_is_no_blank_is_not_trimmed(
    emulator: InProcess, name: str, place: str, refusal: str, letter: str
) -> None:
    wire = NAMED[name].sign(signer())

    answer = emulator.send(wire.but(headers={**wire.headers, place: wire.headers[place] + letter}))

    assert code(answer) == refusal


# The body's hash, and bodies that are not signed.


WRONG_HASH = hashlib.sha256(b"another body").hexdigest()


@pytest.mark.parametrize(
    "wire",
    [
        acs3(signer(extra={"x-acs-content-sha256": WRONG_HASH})),
        acs3(signer(extra={"x-acs-content-sha256": WRONG_HASH}), in_body=True),
        volcengine(signer(extra={"x-content-sha256": WRONG_HASH})),
        volcengine(signer(extra={"x-content-sha256": WRONG_HASH}), method="GET"),
    ],
    ids=["acs3 query", "acs3 form", "volcengine header", "volcengine get"],
)
def test_a_hash_that_is_not_the_bodys_is_refused_though_it_is_signed(
    emulator: InProcess, wire: Wire
) -> None:
    answer = emulator.send(wire)

    assert code(answer) == UNLIKE


@pytest.mark.parametrize(
    ("wire", "refusal"),
    [
        (acs3(signer(extra={"x-acs-content-sha256": WRONG_HASH})), "MissingSignature"),
        (volcengine(signer(extra={"x-content-sha256": WRONG_HASH})), BAD_HEADER),
        (tc3(signer()), MALFORMED),
    ],
    ids=["acs3", "volcengine", "tc3"],
)
def test_no_signature_is_never_the_right_one(emulator: InProcess, wire: Wire, refusal: str) -> None:
    unsigned = re.sub("Signature=.*", "Signature=", wire.headers["authorization"])

    answer = emulator.send(wire.with_headers(authorization=unsigned))

    assert code(answer) == refusal


def test_volcengine_checks_a_hash_that_is_sent_even_where_it_is_not_signed(
    emulator: InProcess,
) -> None:
    wire = volcengine_again(volcengine(signer()), names="host;x-date")

    answer = emulator.send(wire.with_headers(x_content_sha256=WRONG_HASH))

    assert code(answer) == UNLIKE


def test_an_unsigned_payload_is_accepted_when_that_is_signed(emulator: InProcess) -> None:
    answer = emulator.send(_unsigned_payload())

    assert code(answer) == ""


@pytest.mark.parametrize("kind", ["application/json", f"multipart/form-data; boundary={BOUNDARY}"])
@given(body=st.binary(max_size=300), change=changes(body(separator="\r\n")), cuts=st.booleans())
@thorough
def test_a_payload_that_is_not_signed_may_be_any(
    emulator: InProcess, kind: str, body: bytes, change: Change, cuts: bool
) -> None:
    parts = tc3_multipart(signer()).body.decode("latin-1")
    content = body if cuts else change.of(parts, "\r\n").encode("latin-1")

    answer = emulator.send(_unsigned_payload(content_type=kind).but(body=content))

    assert code(answer) in (
        *("", "InvalidParameter", "InvalidRequest", "MissingParameter", "UnknownParameter"),
    )


@pytest.mark.parametrize("value", ["UNSIGNED-PAYLOAD", "unsigned-payload", WRONG_HASH])
def test_a_signed_payload_cannot_be_declared_unsigned_afterwards(
    emulator: InProcess, value: str
) -> None:
    wire = tc3(signer()).but(body=b"{}")

    answer = emulator.send(wire.with_headers(x_tc_content_sha256=value))

    assert code(answer) == WRONG


@pytest.mark.parametrize("value", [None, "", "UNSIGNED", "unsigned-payload"])
def test_an_unsigned_payload_cannot_be_declared_signed_afterwards(
    emulator: InProcess, value: str | None
) -> None:
    answer = emulator.send(_unsigned_payload().with_headers(x_tc_content_sha256=value))

    assert code(answer) == WRONG


def test_the_body_of_a_presigned_query_is_not_signed(emulator: InProcess) -> None:
    other = json.dumps({**RTC, "TaskId": "another"}).encode()

    answer = emulator.send(presigned(signer()).but(body=other))

    assert code(answer) == ""


# What is not signed and would have to be.


def test_an_acs3_header_with_a_meaning_must_be_signed(emulator: InProcess) -> None:
    wire = acs3(signer())

    answer = emulator.send(wire.with_headers(x_acs_security_token="token"))

    assert code(answer) in ("IncompleteSignature", "InvalidSecurityToken.MismatchWithAccessKey")


@pytest.mark.parametrize("value", ["", "1"])
def test_any_further_acs3_header_must_be_signed(emulator: InProcess, value: str) -> None:
    wire = acs3(signer())

    answer = emulator.send(wire.with_headers(x_acs_anything=value))

    assert code(answer) == "IncompleteSignature"


def test_a_classic_request_signs_no_headers(emulator: InProcess) -> None:
    # The new SDKs send these beside the classic signature (Alibaba protocol 3.3).
    wire = rpc(signer(extra={"x-acs-action": "Another", "x-acs-credentials-provider": "sts"}))

    answer = emulator.send(wire)

    assert code(answer) == ""


@pytest.mark.parametrize(
    ("kind", "refusal"), [(FORM, UNLIKE), (f"{FORM}; charset=utf-8", UNLIKE), ("text/plain", "")]
)
def test_a_form_beside_a_classic_query_is_signed_with_it(
    emulator: InProcess, kind: str, refusal: str
) -> None:
    wire = rpc(signer(extra={"content-type": kind})).but(body=b"Name=unsigned")

    answer = emulator.send(wire)

    assert code(answer) == refusal


@pytest.mark.parametrize("unsigned", ["Foo=1", "X-Expires=90000", "X-Date=", "=", "Foo"])
def test_a_key_beside_a_presigned_query_is_refused(emulator: InProcess, unsigned: str) -> None:
    wire = presigned(signer())

    answer = emulator.send(wire.but(target=f"{wire.target}&{unsigned}"))

    assert code(answer) in (UNLIKE, "MissingRequestInfo")


def test_a_presigned_query_without_its_list_of_keys_is_refused(emulator: InProcess) -> None:
    wire = presigned(signer())

    answer = emulator.send(wire.but(target=re.sub("&X-SignedQueries=[^&]*", "", wire.target)))

    assert code(answer) == UNLIKE


@pytest.mark.parametrize("name", ["%E8%AF%BE", "%FF", "host%3B%E8%AF%BE"])
def test_presigned_header_names_may_be_any_text(emulator: InProcess, name: str) -> None:
    wire = presigned(signer())

    answer = emulator.send(
        wire.but(target=wire.target.replace("X-SignedHeaders=", f"X-SignedHeaders={name}"))
    )

    assert code(answer) == UNLIKE


# Time.


@pytest.mark.parametrize("ahead", [False, True], ids=["behind", "ahead"])
@pytest.mark.parametrize(
    ("name", "window_seconds", "refusal"),
    [
        ("tc3 json", 300, EXPIRED),
        ("tc3 get", 300, EXPIRED),
        ("tc3 multipart", 300, EXPIRED),
        ("v1 form", 300, EXPIRED),
        ("v1 get", 300, EXPIRED),
        ("acs3 query", 900, LATE),
        ("acs3 form", 900, LATE),
        ("rpc get", 900, LATE),
        ("rpc query", 900, LATE),
        ("rpc form", 900, LATE),
        ("volcengine header", 900, STALE),
        ("volcengine query", 900, STALE),
    ],
)
class TestTheWindow:
    """A signature is dated within the vendor's window around now, either way."""

    def test_its_last_second_is_inside(
        self, emulator: InProcess, name: str, window_seconds: int, refusal: str, ahead: bool
    ) -> None:
        seconds = window_seconds if ahead else -window_seconds

        answer = emulator.send(NAMED[name].sign(signer(seconds)))

        assert code(answer) == ""

    def test_one_second_more_is_outside(
        self, emulator: InProcess, name: str, window_seconds: int, refusal: str, ahead: bool
    ) -> None:
        seconds = window_seconds + 1 if ahead else -window_seconds - 1

        answer = emulator.send(NAMED[name].sign(signer(seconds)))

        assert code(answer) == refusal


@pytest.mark.parametrize(
    ("expires_seconds", "signer_ahead_seconds", "refusal"),
    [
        (60, -60, ""),
        (60, -61, STALE),
        (901, -901, ""),
        (3600, -3600, ""),
        (3600, -3601, STALE),
        # The life of a signature says nothing of clocks that are ahead.
        (3600, 900, ""),
        (3600, 901, STALE),
        (60, 900, ""),
    ],
)
def test_a_presigned_query_lives_as_long_as_it_says(
    emulator: InProcess, expires_seconds: int, signer_ahead_seconds: int, refusal: str
) -> None:
    wire = presigned(signer(signer_ahead_seconds), expires_seconds=expires_seconds)

    answer = emulator.send(wire)

    assert code(answer) == refusal


# Nonces.


with_nonce = pytest.mark.parametrize(
    "family", [family for family in FAMILIES if family.name.startswith(("acs3", "rpc"))], ids=str
)
USED = "SignatureNonceUsed"


@with_nonce
def test_a_replayed_request_is_refused(emulator: InProcess, family: Family) -> None:
    wire = family.sign(signer())
    emulator.send(wire)

    answer = emulator.send(wire)

    assert code(answer) == USED


@with_nonce
def test_a_nonce_used_with_one_scheme_is_used_with_the_other(
    emulator: InProcess, family: Family
) -> None:
    other = acs3 if family.name.startswith("rpc") else rpc
    emulator.send(other(signer(nonce=f"shared by {family}")))

    answer = emulator.send(family.sign(signer(nonce=f"shared by {family}")))

    assert code(answer) == USED


@with_nonce
def test_another_key_may_use_the_same_nonce(emulator: InProcess, family: Family) -> None:
    emulator.send(family.sign(signer(nonce=f"each had {family}")))

    answer = emulator.send(family.sign(signer(nonce=f"each had {family}", key_id="other")))

    assert code(answer) == ""


@with_nonce
def test_a_refused_request_uses_its_nonce_up(emulator: InProcess, family: Family) -> None:
    emulator.send(family.sign(signer(nonce=f"spoilt by {family}", secret="wrong")))

    answer = emulator.send(family.sign(signer(nonce=f"spoilt by {family}")))

    assert code(answer) == USED


@with_nonce
def test_a_request_too_old_does_not_use_its_nonce_up(emulator: InProcess, family: Family) -> None:
    emulator.send(family.sign(signer(-901, nonce=f"too early for {family}")))

    answer = emulator.send(family.sign(signer(nonce=f"too early for {family}")))

    assert code(answer) == ""


@with_nonce
@pytest.mark.parametrize(("seconds", "refusal"), [(900, USED), (1801, "")])
def test_a_nonce_is_free_again_when_no_signature_with_it_can_be_fresh(
    passing: InProcess, family: Family, seconds: int, refusal: str
) -> None:
    passing.send(family.sign(signer(nonce="the same")))
    passing.advance(seconds)

    answer = passing.send(family.sign(signer(seconds, nonce="the same")))

    assert code(answer) == refusal


def test_a_request_dated_ahead_cannot_be_replayed_as_long_as_it_is_fresh(
    passing: InProcess,
) -> None:
    wire = acs3(signer(900))
    passing.send(wire)
    passing.advance(1800)

    answer = passing.send(wire)

    assert code(answer) == USED


@pytest.mark.parametrize("name", ["tc3 json", "v1 form", "volcengine header", "volcengine query"])
def test_other_vendors_let_a_request_be_repeated(emulator: InProcess, name: str) -> None:
    wire = NAMED[name].sign(signer())
    emulator.send(wire)

    answer = emulator.send(wire)

    assert code(answer) == ""


# Scopes, signed for.


def test_signing_again_changes_nothing() -> None:
    tencent, volc = tc3(signer()), volcengine(signer())

    assert tc3_again(tencent) == tencent
    assert volcengine_again(volc) == volc


@pytest.mark.parametrize("date", ["2026-01-01", "2026-01-03", "2025-01-02", "20260102", "2026-1-2"])
def test_a_tc3_scope_of_another_day_is_refused(emulator: InProcess, date: str) -> None:
    wire = tc3_again(tc3(signer()), scope=f"{date}/tiw/tc3_request")

    answer = emulator.send(wire)

    assert code(answer) == WRONG


def test_a_tc3_scope_has_the_day_in_utc(emulator: InProcess) -> None:
    # In Shanghai the day was another one from 16:00 on.
    before_midnight = timedelta(hours=-3, minutes=-4, seconds=-6)
    emulator_then = InProcess(start=START + before_midnight)
    wire = tc3(signer(before_midnight.total_seconds()))

    answer = emulator_then.send(wire)

    assert "/2026-01-01/tiw/" in wire.headers["authorization"]
    assert code(answer) == ""


@pytest.mark.parametrize(
    "date",
    [
        "20260101",
        "20260103",
        "2026-01-02",
        *(
            pytest.param(
                date,
            )
            for date in ("2026", "2026010", "2")
        ),
    ],
)
def test_a_volcengine_scope_of_another_day_is_refused(emulator: InProcess, date: str) -> None:
    wire = volcengine_again(volcengine(signer()), scope=f"{date}/cn-north-1/rtc/request")

    answer = emulator.send(wire)

    assert code(answer) == UNLIKE


@pytest.mark.parametrize(
    ("host", "service", "refusal"),
    [
        ("tiw.intl.tencentcloudapi.com", "tiw", ""),
        ("tiw.intl.tencentcloudapi.com", "live", MALFORMED),
        ("tiw.tencentcloudapi.com", "127", MALFORMED),
        ("tiw.ap-singapore.tencentcloudapi.com", "cvm", MALFORMED),
        # Elsewhere the service says nothing: some SDKs take it from the host.
        (HOST, "127", ""),
        ("localhost:4588", "localhost:4588", ""),
    ],
)
def test_a_tc3_scope_of_another_service_is_refused_on_the_vendors_hosts(
    emulator: InProcess, host: str, service: str, refusal: str
) -> None:
    region = "ap-guangzhou" if host == "tiw.tencentcloudapi.com" else "ap-singapore"
    wire = tc3(signer(host=host), service=service, region=region)

    answer = emulator.send(wire)

    assert code(answer) == refusal


@pytest.mark.parametrize("host", ["rtc.volcengineapi.com", HOST])
def test_a_volcengine_scope_of_another_service_finds_no_service(
    emulator: InProcess, host: str
) -> None:
    wire = volcengine(signer(host=host), service="iam")

    answer = emulator.send(wire)

    assert code(answer) == "ServiceNotFound"


@pytest.mark.parametrize("sign", [volcengine, presigned])
@pytest.mark.parametrize("region", ["ap-singapore-1", "mars"])
def test_volcengine_signs_whatever_region_the_scope_has(
    emulator: InProcess, sign: Callable[..., Wire], region: str
) -> None:
    wire = sign(signer(), region=region)

    answer = emulator.send(wire)

    assert code(answer) == ""
    assert answer.content["ResponseMetadata"]["Region"] == region


# Signing again what the signer has no words for.


def tc3_again(wire: Wire, *, names: str = "", scope: str = "") -> Wire:
    """Sign a TC3 POST of ours again: other headers, another scope (Tencent protocol 2.1)."""
    old = re.search(
        r"Credential=test/(?P<scope>.*), SignedHeaders=(?P<names>.*), ",
        wire.headers["authorization"],
    )
    assert old
    names, scope = names or old["names"], scope or old["scope"]
    lines = "".join(f"{name}:{wire.headers[name].lower()}\n" for name in names.split(";"))
    payload = hashlib.sha256(wire.body).hexdigest()
    digest = hashlib.sha256(f"POST\n/\n\n{lines}\n{names}\n{payload}".encode()).hexdigest()
    text = f"TC3-HMAC-SHA256\n{wire.headers['x-tc-timestamp']}\n{scope}\n{digest}"
    return wire.with_headers(
        authorization=f"TC3-HMAC-SHA256 Credential=test/{scope}, SignedHeaders={names}, "
        f"Signature={_chained(b'TC3test', *scope.split('/'), text)}"
    )


def volcengine_again(wire: Wire, *, names: str = "", scope: str = "") -> Wire:
    """Sign a Volcengine POST of ours again: other headers, another scope (its protocol, 3)."""
    old = re.search(
        r"Credential=test/(?P<scope>.*), SignedHeaders=(?P<names>.*), ",
        wire.headers["authorization"],
    )
    assert old
    names, scope = names or old["names"], scope or old["scope"]
    lines = "".join(f"{name}:{wire.headers[name]}\n" for name in names.split(";"))
    payload, query = hashlib.sha256(wire.body).hexdigest(), _query(wire)
    digest = hashlib.sha256(f"POST\n/\n{query}\n{lines}\n{names}\n{payload}".encode()).hexdigest()
    text = f"HMAC-SHA256\n{wire.headers['x-date']}\n{scope}\n{digest}"
    return wire.with_headers(
        authorization=f"HMAC-SHA256 Credential=test/{scope}, SignedHeaders={names}, "
        f"Signature={_chained(b'test', *scope.split('/'), text)}"
    )


def _chained(key: bytes, *texts: str) -> str:
    for text in texts:
        key = hmac.new(key, text.encode(), hashlib.sha256).digest()
    return key.hex()


def _unsigned_payload(**form: Any) -> Wire:
    """Sign the sixteen letters in the body's stead (Tencent protocol 2.3)."""
    wire = tc3(signer(), body=b"UNSIGNED-PAYLOAD", **form)
    return wire.with_headers(x_tc_content_sha256="UNSIGNED-PAYLOAD").but(
        body=json.dumps(TIW).encode()
    )
