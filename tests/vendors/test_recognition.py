"""Which vendor a request is for: by the host that was called, else by the marks it bears."""

from collections.abc import Mapping

import pytest

from contract_tests.signers import FORM, Signer, Wire
from tests.server import HOST, START, Answer, InProcess

EMULATORS_OWN = "nobody"


def vendor(answer: Answer) -> str:
    """Return whose envelope the answer has; each vendor's is unlike the others'."""
    if answer.body.startswith(b"<"):
        return "alibaba"
    content = answer.content
    if "Response" in content:
        return "tencent"
    if "ResponseMetadata" in content:
        return "volcengine"
    if "HostId" in content or "JobId" in content:
        return "alibaba"
    assert answer.headers["content-type"] == "application/problem+json"
    return EMULATORS_OWN


# By the host.


@pytest.mark.parametrize(
    ("host", "whose"),
    [
        ("tiw.intl.tencentcloudapi.com", "tencent"),
        ("live.intl.tencentcloudapi.com", "tencent"),
        ("tiw.tencentcloudapi.com", "tencent"),
        ("live.tencentcloudapi.com", "tencent"),
        ("tiw.ap-guangzhou.tencentcloudapi.com", "tencent"),
        ("live.ap-singapore.tencentcloudapi.com", "tencent"),
        ("live.tencentcloudapi.cn", "tencent"),
        ("live.tencentcloudapi.com.cn", "tencent"),
        ("cvm.tencentcloudapi.com", "tencent"),
        ("ice.aliyuncs.com", "alibaba"),
        ("ice.cn-shanghai.aliyuncs.com", "alibaba"),
        ("ice.ap-southeast-1.aliyuncs.com", "alibaba"),
        ("ice-vpc.cn-shanghai.aliyuncs.com", "alibaba"),
        ("ecs.cn-hangzhou.aliyuncs.com", "alibaba"),
        ("rtc.volcengineapi.com", "volcengine"),
        ("open.volcengineapi.com", "volcengine"),
        ("open-ap-singapore-1.volcengineapi.com", "volcengine"),
        ("rtc.cn-north-1.volcengineapi.com", "volcengine"),
    ],
)
class TestAVendorsHost:
    """A request without any mark, sent to a vendor's own name."""

    def test_is_enough(self, emulator: InProcess, host: str, whose: str) -> None:
        answer = emulator.send(Wire("GET", "/", {"host": host}))

        assert vendor(answer) == whose

    @pytest.mark.parametrize("port", ["80", "443", "4588", ""])
    def test_may_have_a_port(self, emulator: InProcess, host: str, whose: str, port: str) -> None:
        answer = emulator.send(Wire("GET", "/", {"host": f"{host}:{port}"}))

        assert vendor(answer) == whose

    def test_may_be_in_upper_case(self, emulator: InProcess, host: str, whose: str) -> None:
        answer = emulator.send(Wire("POST", "/", {"host": host.upper()}))

        assert vendor(answer) == whose

    @pytest.mark.parametrize("scheme", ["http://", "https://", "HTTP://"])
    def test_may_have_a_scheme(
        self, emulator: InProcess, host: str, whose: str, scheme: str
    ) -> None:
        answer = emulator.send(Wire("POST", "/", {"host": f"{scheme}{host}:4588"}))

        assert vendor(answer) == whose


@pytest.mark.parametrize(
    "host",
    [
        HOST,
        "127.0.0.1",
        f"http://{HOST}",
        "localhost:4588",
        "[::1]:4588",
        "[::1]",
        "",
        "example.com",
        "tencentcloudapi.com.example.com",
        "tiw.tencentcloudapi.com.example.com",
        "faketencentcloudapi.com",
        "tiw.faketencentcloudapi.com",
        "ice.cn-shanghai.aliyuncs.com.example.com",
        "icealiyuncs.com",
        "rtc.volcengineapi.community",
        "rtc.volcengineapi.com.example.com",
        "rtcvolcengineapi.com",
    ],
)
def test_any_other_host_says_nothing(emulator: InProcess, host: str) -> None:
    answer = emulator.send(Wire("GET", "/", {"host": host}))

    assert vendor(answer) == EMULATORS_OWN


@pytest.mark.parametrize(
    ("host", "whose"),
    [
        ("tiw.intl.tencentcloudapi.com", "tencent"),
        ("ice.cn-shanghai.aliyuncs.com", "alibaba"),
        ("rtc.volcengineapi.com", "volcengine"),
    ],
)
@pytest.mark.parametrize("name", ["tc3 json", "v1 form", "acs3 query", "rpc form", "header post"])
def test_the_host_decides_before_any_mark(
    emulator: InProcess, host: str, whose: str, name: str
) -> None:
    answer = emulator.send(SIGNED[name].with_headers(host=host))

    assert vendor(answer) == whose


# By the marks: what the official clients send when they are pointed at this emulator.


def _sign() -> dict[str, Wire]:
    signer, nothing = Signer(HOST, START), dict[str, object]()
    tencent = ("CreateSnapshotTask", "2019-09-19", nothing)
    alibaba = ("SubmitSnapshotJob", "2020-11-09", nothing)
    volcengine = ("StartSnapshot", "2023-11-01", nothing)
    return {
        "tc3 json": signer.tencent_v3(*tencent),
        "tc3 get": signer.tencent_v3(*tencent, method="GET"),
        "v1 form": signer.tencent_v1(*tencent),
        "v1 get": signer.tencent_v1(*tencent, method="GET"),
        "acs3 query": signer.alibaba_v3(*alibaba),
        "acs3 get": signer.alibaba_v3(*alibaba, method="GET"),
        "acs3 form": signer.alibaba_v3(*alibaba, in_body=True),
        "rpc get": signer.alibaba_rpc(*alibaba, method="GET"),
        "rpc query": signer.alibaba_rpc(*alibaba),
        "rpc form": signer.alibaba_rpc(*alibaba, in_body=True),
        "header post": signer.volcengine(*volcengine),
        "header get": signer.volcengine(*volcengine, method="GET"),
        "query get": signer.volcengine_query(*volcengine),
        "query post": signer.volcengine_query(*volcengine, method="POST"),
    }


SIGNED = _sign()


def _by(name: str, **headers: str | None) -> Wire:
    """Return the signed request with the headers that a client adds or leaves out."""
    return SIGNED[name].with_headers(**headers)


def _only(name: str, *kept: str) -> Wire:
    wire = SIGNED[name]
    return wire.but(headers={n: v for n, v in wire.headers.items() if n in ("host", *kept)})


JSON_UTF8 = "application/json; charset=utf-8"
MULTIPART = "multipart/form-data; charset=utf-8; boundary=00000000-0000-4000-8000-000000000000"
TENCENT: Mapping[str, Wire] = {
    "Python": _by("tc3 json", x_tc_requestclient="SDK_PYTHON_3.1.193"),
    "Python by GET": _by("tc3 get", x_tc_requestclient="SDK_PYTHON_3.1.193"),
    "Python, endpoint with a scheme": _by("tc3 json", host=f"http://{HOST}"),
    "Python, v1 POST": _by("v1 form", x_tc_requestclient="SDK_PYTHON_3.1.193"),
    "Python, v1 GET": _by("v1 get"),
    "Python, multipart": _by("tc3 json", content_type=MULTIPART),
    "Python, octet-stream": _by("tc3 json", content_type="application/octet-stream"),
    "Python, without a signature": _by("tc3 json", authorization="SKIP"),
    "Node": _by("tc3 json", x_tc_region="null"),
    "Node, v1 POST": _by("v1 form"),
    "Go": _by("tc3 json", x_tc_timestamp=None, **{"X-Tc-Timestamp": "1767323045"}),
    "Go, v1 GET": _only("v1 get"),
    "Java": _by("tc3 json", content_type=JSON_UTF8),
    "Java, v1 POST": _by("v1 form", content_type=f"{FORM}; charset=utf-8"),
    "Java, v1 GET": _only("v1 get"),
    "the CLI": _by("tc3 json", host=f"http://{HOST}", x_tc_traceid="trace"),
    "only the signature": _only("tc3 json", "authorization"),
    "only the common headers": _by("tc3 json", authorization=None),
    "v1 without a SecretId": Wire("GET", "/?Action=A&Nonce=1&Timestamp=1", {"host": HOST}),
}
ALIBABA: Mapping[str, Wire] = {
    "Python": _by("acs3 query", accept="application/json", x_acs_credentials_provider="static_ak"),
    "Python by GET": _by("acs3 get", accept="application/json"),
    "Python with a form": _by("acs3 form"),
    "Python, endpoint with a scheme": _by("acs3 query", host=f"http://{HOST}"),
    "Python, classic": _by("rpc query", x_acs_action="SubmitSnapshotJob", x_acs_version="v"),
    "Python, classic by GET": _by("rpc get", x_acs_action="SubmitSnapshotJob"),
    "Python, without a key": Wire(
        "POST", "/?Format=json", {"host": HOST, "x-acs-action": "GetPublicMediaInfo"}
    ),
    "Python, bearer token": Wire(
        "POST", "/?SignatureType=BEARERTOKEN", {"host": HOST, "x-acs-bearer-token": "t"}
    ),
    "Python, legacy": _by("rpc query", x_sdk_client="Python/2.0.0", x_acs_version="2020-11-09"),
    "Node": _by("acs3 query"),
    "Node with a form": _by("acs3 form"),
    "Node, pop-core GET": _by("rpc get"),
    "Node, pop-core POST": _by("rpc form"),
    "Go, legacy, and the CLI": _by("rpc query", content_type=FORM),
    "another V3 algorithm": _by("acs3 query", authorization="ACS3-RSA-SHA256 Credential=k"),
    "only the signature": _only("acs3 query", "authorization"),
    "only the common headers": _by("acs3 query", authorization=None),
    "a form with a charset": _by("rpc form", content_type=f"{FORM}; charset=utf-8"),
}
VOLCENGINE: Mapping[str, Wire] = {
    "Python": _by("header post"),
    "Python by GET": _by("header get", content_type=None),
    "Python, pre-signed": _by("query get"),
    "Python, new": _by("header post", x_sdk_request="attempt=1; max=4"),
    "Node": _by("header post", content_type=JSON_UTF8),
    "Node by GET": _only("header get", "authorization", "x-date"),
    "Node, pre-signed POST": _by("query post", content_type="application/json"),
    "Node, Signer with the vendor's host": _by("header post", host="rtc.volcengineapi.com"),
    "Go by GET": _by("header get", content_type=f"{FORM}; charset=utf-8"),
    "Java": _by("header post"),
    "PHP": _only("header post", "authorization", "x-date"),
    "only the signature": _only("header post", "authorization"),
    "without a signature": _only("header post", "content-type"),
    "without a signature, dated": _only("header post", "x-date"),
}
CLIENTS = [
    pytest.param(wire, whose, id=f"{whose}-{client}")
    for whose, clients in (("tencent", TENCENT), ("alibaba", ALIBABA), ("volcengine", VOLCENGINE))
    for client, wire in clients.items()
]


@pytest.mark.parametrize(("wire", "whose"), CLIENTS)
def test_a_clients_request_is_recognised_by_its_marks(
    emulator: InProcess, wire: Wire, whose: str
) -> None:
    answer = emulator.send(wire)

    assert vendor(answer) == whose


@pytest.mark.parametrize(("wire", "whose"), CLIENTS)
@pytest.mark.parametrize("host", ["localhost:8080", "[::1]:4588", "emulator", ""])
def test_marks_count_under_any_other_host(
    emulator: InProcess, wire: Wire, whose: str, host: str
) -> None:
    answer = emulator.send(wire.with_headers(host=host))

    assert vendor(answer) == whose


@pytest.mark.parametrize("version", ["2020-12-01", "2022-06-01", "2023-08-01", "2023-11-01"])
def test_a_version_that_only_volcengine_has_is_a_mark(emulator: InProcess, version: str) -> None:
    wire = Wire("GET", f"/?Action=StartSnapshot&Version={version}", {"host": HOST})

    answer = emulator.send(wire)

    assert vendor(answer) == "volcengine"


@pytest.mark.parametrize(
    ("name", "whose"),
    [("acs3 query", "alibaba"), ("header get", "volcengine"), ("query get", "volcengine")],
)
@pytest.mark.parametrize("parameter", ["Nonce", "Timestamp", "Token", "Region"])
def test_a_parameter_of_another_vendors_name_changes_nothing(
    emulator: InProcess, name: str, whose: str, parameter: str
) -> None:
    wire = SIGNED[name]
    joint = "&" if "?" in wire.target else "?"

    answer = emulator.send(wire.but(target=f"{wire.target}{joint}{parameter}=1"))

    assert vendor(answer) == whose


@pytest.mark.parametrize(
    ("name", "whose", "parameter"),
    [
        ("acs3 query", "alibaba", "SecretId"),
        ("header get", "volcengine", "SecretId"),
        ("header get", "volcengine", "AccessKeyId"),
    ],
)
def test_the_scheme_of_the_signature_says_more_than_a_parameter(
    emulator: InProcess, name: str, whose: str, parameter: str
) -> None:
    wire = SIGNED[name]
    joint = "&" if "?" in wire.target else "?"

    answer = emulator.send(wire.but(target=f"{wire.target}{joint}{parameter}=1"))

    assert vendor(answer) == whose


# By nothing.


@pytest.mark.parametrize(
    "wire",
    [
        Wire("GET", "/", {"host": HOST}),
        Wire("GET", "/", {}),
        Wire("GET", "/favicon.ico", {"host": HOST}),
        Wire("POST", "/", {"host": HOST, "content-type": "application/json"}, b"{}"),
        Wire("POST", "/", {"host": HOST, "content-type": FORM}, b"Action=A&Version=1"),
        Wire("GET", "/?Action=A&Version=2019-09-19", {"host": HOST}),
        Wire("GET", "/", {"host": HOST, "authorization": "Basic dGVzdDp0ZXN0"}),
        Wire("GET", "/", {"host": HOST, "authorization": "AWS4-HMAC-SHA256 Credential=a"}),
        Wire("POST", "/", {"host": HOST, "content-type": "text/plain"}, b"SecretId=1"),
    ],
    ids=lambda wire: f"{wire.method} {wire.target}",
)
def test_a_request_without_marks_gets_the_emulators_own_answer(
    emulator: InProcess, wire: Wire
) -> None:
    answer = emulator.send(wire)

    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.content["status"] == 404
    assert answer.content["title"] == "No vendor recognised"
    assert wire.method in answer.content["detail"]
    assert "/_emulator/health" in answer.content["detail"]
