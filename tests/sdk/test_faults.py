"""Each fault of an answer, as each official Python package shows it to its user."""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import pytest
from aliyunsdkcore.acs_exception.exceptions import ClientException, ServerException
from darabonba.exceptions import DaraException, UnretryableException
from tencentcloud.common.exception import TencentCloudSDKException
from volcenginesdkcore.rest import ApiException

from emulator.app import Application, create_app
from emulator.model.fault import (
    FAULTS,
    AnswerFault,
    BadGateway,
    Denied,
    EmptyReply,
    Fault,
    KeyDisabled,
    Latency,
    MalformedJson,
    NoReply,
    NotPermitted,
    Outage,
    ProxyPage,
    Refuse,
    Reset,
    ResetPoint,
    Skew,
    SlowBody,
    Throttle,
    TokenExpired,
    TruncatedBody,
    WrongLength,
)
from emulator.model.rule import Rule
from emulator.settings import Settings
from tests.sdk.faulty import CLIENTS, Caller
from tests.server import serving
from tests.sighting import WITNESS
from tests.web.bench import Bench, Space

# The SDKs ask for the time in UTC in a way that Python 3.12 deprecates.
pytestmark = [
    pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning:tencentcloud"),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning:alibabacloud"),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning:volcengine"),
]

PATIENCE_SECONDS, IMPATIENCE_SECONDS = 20, 0.5


class Row(NamedTuple):
    """A fault, what comes of the call, and what the user of each package sees.

    The call is `accepted`, `refused`, or `unverified` where it was not yet known whose it is.
    """

    fault: Fault
    verdict: str
    seen: Mapping[str, str]
    patience_seconds: float


def row(fault: Fault, verdict: str, *seen: str, patience: float = PATIENCE_SECONDS) -> Row:
    """Return a row; the two packages of Tencent see the same, or what is divided by a bar."""
    tencent, *others = seen
    tiw, live = tencent.split(" | ") if " | " in tencent else (tencent, tencent)
    return Row(fault, verdict, dict(zip(CLIENTS, (tiw, live, *others), strict=True)), patience)


NET = "TencentCloudSDKException ClientNetworkError"
BROKEN = "TencentCloudSDKException ChunkedEncodingError"
UNREADABLE = (
    "TencentCloudSDKException JSONDecodeError",
    "UnretryableException RuntimeError",
    "JSONDecodeError",
    "JSONDecodeError",
    "AttributeError",
)
TIMED_OUT = (
    NET,
    "UnretryableException RetryError",
    "ClientException SDK.HttpError",
    "ReadTimeout",
    "ReadTimeoutError",
)
CUT_OFF = (
    NET,
    "UnretryableException RetryError",
    "ClientException SDK.HttpError",
    "ConnectionError",
    "ProtocolError",
)
PAGE = (
    "TencentCloudSDKException ServerNetworkError",
    "UnretryableException RuntimeError",
    "ServerException SDK.UnknownServerError",
    "Exception <html>",
)
UNAVAILABLE = (
    PAGE[0],
    "ServerException ServiceUnavailable",
    "ServerException ServiceUnavailable",
    "Exception ServiceUnavailableTemp",
    "ApiException 503 ServiceUnavailableTemp",
)
FINE = ("a result",) * 5


def refused(tencent: str, alibaba: str, volcengine: str, status: int, kind: str = "Client") -> Any:
    """Return how each package shows a vendor's own error."""
    return (
        " | ".join(f"TencentCloudSDKException {code}" for code in tencent.split(" | ")),
        f"{kind}Exception {alibaba}",
        f"ServerException {alibaba}",
        f"Exception {volcengine}",
        f"ApiException {status} {volcengine}",
    )


ROWS: Mapping[str, Row] = {
    "a documented error": row(
        Refuse("InternalError"),
        "refused",
        *refused("InternalError", "InternalError", "InternalError", 500, "Server"),
    ),
    "any other error": row(
        Refuse("Made.Up", "{as} you like", force=True),
        "refused",
        *refused("Made.Up", "Made.Up", "Made.Up", 400),
    ),
    "throttled": row(
        Throttle(),
        "refused",
        *refused("RequestLimitExceeded", "Throttling.User", "FlowLimitExceeded", 429),
    ),
    "arrears": row(
        Denied("arrears"),
        "refused",
        *refused(
            "ResourceUnavailable.ServiceExpired | ResourceNotFound.StopService",
            "OperationDenied.Suspended",
            "AccessDenied.ServiceNotEnabled",
            403,
        ),
    ),
    "the key disabled": row(
        KeyDisabled(),
        "refused",
        *refused(
            "AuthFailure.SecretIdNotFound",
            "InvalidAccessKeyId.Inactive",
            "InvalidAccessKey",
            401,
        ),
    ),
    "the token expired": row(
        TokenExpired(),
        "refused",
        *refused(
            "AuthFailure.TokenFailure",
            "InvalidSecurityToken.Expired",
            "InvalidSecretToken",
            401,
        ),
    ),
    "no permission": row(
        NotPermitted(),
        "refused",
        *refused("AuthFailure.UnauthorizedOperation", "Forbidden", "AccessDenied", 403),
    ),
    "the vendor's clock an hour ahead": row(
        Skew(3600),
        "unverified",
        *refused(
            "AuthFailure.SignatureExpire", "InvalidTimeStamp.Expired", "InvalidTimestamp", 400
        ),
    ),
    "an answer that takes its time": row(Latency(0.1), "accepted", *FINE),
    "an answer too late": row(Latency(60), "accepted", *TIMED_OUT, patience=IMPATIENCE_SECONDS),
    "a slow body": row(SlowBody(1000), "accepted", *FINE),
    "a body that stops in the middle": row(
        TruncatedBody(0.5),
        "accepted",
        BROKEN,
        "UnretryableException RetryError",
        "JSONDecodeError",
        "ChunkedEncodingError",
        "ProtocolError",
    ),
    "more announced than comes": row(
        WrongLength(10),
        "accepted",
        BROKEN,
        "UnretryableException RetryError",
        "a result",
        "ChunkedEncodingError",
        "ProtocolError",
    ),
    "less announced than comes": row(WrongLength(-10), "accepted", *UNREADABLE),
    "a reset before the call was read": row(Reset(ResetPoint.UNREAD), "refused", *CUT_OFF),
    "a reset before the call took effect": row(Reset(ResetPoint.BEFORE), "refused", *CUT_OFF),
    "a reset after the call took effect": row(Reset(ResetPoint.AFTER), "accepted", *CUT_OFF),
    "an empty reply": row(EmptyReply(), "accepted", *CUT_OFF),
    "no reply": row(NoReply(), "accepted", *TIMED_OUT, patience=IMPATIENCE_SECONDS),
    "broken JSON": row(MalformedJson(), "accepted", *UNREADABLE),
    "a proxy's page": row(ProxyPage(403), "refused", *PAGE, "ApiException 403 <html>"),
    "502": row(
        BadGateway(502),
        "refused",
        *PAGE[:3],
        "Exception FailToConnect",
        "ApiException 502 FailToConnect",
    ),
    "503": row(BadGateway(503), "refused", *UNAVAILABLE),
    "an outage": row(Outage(), "refused", *UNAVAILABLE),
    "504": row(
        BadGateway(504),
        "refused",
        *PAGE[:3],
        "Exception InternalServiceTimeout",
        "ApiException 504 InternalServiceTimeout",
    ),
}


def shown(call: Callable[[Caller], object], caller: Caller) -> str:
    """Return what the user sees: the type of the error and what it carries."""
    try:
        assert call(caller)
    except Exception as error:  # the packages raise what they like
        return f"{type(error).__name__} {_carried(error)}".strip()
    return "a result"


def _carried(error: Exception) -> object:
    if isinstance(error, ApiException):
        return f"{error.status} {_code(error.body)}"
    if isinstance(error, UnretryableException):
        return type(error.inner_exception).__name__
    if isinstance(error, TencentCloudSDKException | DaraException):
        return error.code
    if isinstance(error, ClientException | ServerException):
        return error.error_code
    return _code(error.args[0].decode()) if type(error) is Exception else ""


def _code(body: str) -> object:
    """Return the code in Volcengine's envelope, or the beginning of what is none."""
    if body.startswith("<"):
        return body.split(maxsplit=1)[0]
    return json.loads(body)["ResponseMetadata"]["Error"]["Code"]


@pytest.fixture(scope="module")
def app() -> Application:
    return create_app(Settings(seed=1))


@pytest.fixture(scope="module")
def bench(app: Application) -> Iterator[Bench]:
    with serving(WITNESS.watch(app)) as server:
        yield Bench(server)


@pytest.mark.parametrize("name", ROWS)
def test_the_users_of_all_packages_see_the_fault(
    app: Application, bench: Bench, name: str, record_property: Callable[[str, object], None]
) -> None:
    record_property("by_rule", "yes")
    row = ROWS[name]
    spaces = {
        client: bench.create(f"{list(ROWS).index(name)}-{client}", clock="real")
        for client in CLIENTS
    }
    for space in spaces.values():
        agenda = app.emulation.agendas[space.name]
        with agenda.turn:
            agenda.faults.load([Rule(space.name, row.fault)], agenda.namespace.clock.now())

    def see(client: str) -> str:
        vendor, call = CLIENTS[client]
        key = spaces[client].keys[vendor]
        caller = Caller(bench.server.endpoint, key["id"], key["secret"], row.patience_seconds)
        return shown(call, caller)

    with ThreadPoolExecutor(len(CLIENTS)) as threads:
        seen = dict(zip(CLIENTS, threads.map(see, CLIENTS), strict=True))

    assert seen == row.seen
    for space in spaces.values():
        assert [each.hits for each in app.emulation.agendas[space.name].faults.every()] == [1]
        assert struck(bench, space) == [row.verdict]


def struck(bench: Bench, space: Space) -> list[str]:
    """Return what came of the calls that a rule of the name of their namespace struck."""
    verified = [(call, call["verdict"]) for call in space.get("/requests")["requests"]]
    others = [(call, "unverified") for call in bench.get("/unverified")["requests"]]
    return [verdict for call, verdict in (*verified, *others) if call["fault"] == space.name]


def test_the_table_has_every_fault_of_answers() -> None:
    answers = {fault for fault in FAULTS.values() if issubclass(fault, AnswerFault)}

    assert {*answers, Skew} == {type(row.fault) for row in ROWS.values()}


def test_a_fault_of_one_namespace_is_nobody_elses(app: Application, bench: Bench) -> None:
    struck, other = bench.create("struck", clock="real"), bench.create("other", clock="real")
    agenda = app.emulation.agendas["struck"]
    with agenda.turn:
        agenda.faults.load([Rule("r", Throttle())], app.emulation.clock.now())
    vendor, call = CLIENTS["tiw"]

    def see(space: Space) -> str:
        key = space.keys[vendor]
        return shown(call, Caller(bench.server.endpoint, key["id"], key["secret"], 20))

    with ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(see, [struck, other] * 10))

    assert seen == ["TencentCloudSDKException RequestLimitExceeded", "a result"] * 10
    assert [each.hits for each in agenda.faults.every()] == [10]
